"""The page on the board is right: its files, words and lines do what it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.nightly.test_siteboard import BOARD, Nights, with_an_edit
from tests.support import smallplan
from tests.support.running import ROOT
from wikiplan.nightly import answers, runfile
from wikiplan.plan import ANSWERS, plan

PAGE = (ROOT / "docs" / "operator" / "board.md").read_text(encoding="utf-8")
FIRST, MAY_ANSWER, SECOND = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
(LINE,) = re.findall(r"```\n(\* .*?) ~~~~\n```", PAGE)


def test_the_files_of_the_page_are_right(tmp_path: Path):
    for text, asks in ((FIRST, False), (SECOND, True)):
        (tmp_path / "run.yaml").write_text(text, encoding="utf-8")
        found = runfile.read(tmp_path / "run.yaml")
        assert (found.board, found.asks_approval) == ("User:ExamplePlanBot/plan", asks)
    smallplan.write(tmp_path, {"a": "Text."}, top=MAY_ANSWER)
    assert plan.load(tmp_path / "data").may_answer == ("Ada Lovelace", "Omar Ali")


def test_the_words_of_the_page_are_those_that_count():
    table = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(table) == sorted((*ANSWERS, answers.APPROVE))
    assert answers.said_in(LINE, frozenset()) == {("edits-1a2b3c4d", "reclaim"): 1}


def test_the_line_and_the_summary_of_the_page_are_as_written(tmp_path: Path):
    nights = with_an_edit(Nights(tmp_path))
    key = nights.key("edits")
    nights.answer(LINE.replace("edits-1a2b3c4d", key))
    nights()
    (told,) = re.findall(r"`(Answers read: .*?)`", PAGE)
    told = told.replace("edits-1a2b3c4d", key).replace("Ada Lovelace", "editor")
    assert nights.summaries[0].startswith(f"{told} [run ")
    assert nights.people.text("Plan").count("People's") == 0
    assert LINE.replace("edits-1a2b3c4d", key) in nights.people.text(BOARD)

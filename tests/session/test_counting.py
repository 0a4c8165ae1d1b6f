"""Pages are counted in the chosen languages, and what is wrong with one is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.support import smallplan
from wikiplan.report.report import Report, new_run_id
from wikiplan.report.terminal import Terminal
from wikiplan.session import loading
from wikiplan.session.counting import Count
from wikiplan.session.options import Options
from wikiplan.session.session import Session
from wikiplan.sync import Examination
from wikiplan.wiki.folder import Folder

NOW = datetime(2021, 7, 1, tzinfo=UTC)


def session(directory: Path, *languages: str) -> Session:
    wiki = Folder(directory / "wiki")
    options = Options(
        data=directory / "data",
        templates=directory / "templates",
        now=NOW,
        wiki=wiki.directory,
        language=languages,
    )
    known = (options, Terminal, Report(new_run_id(NOW), site=wiki.name, started=NOW), wiki)
    return Session(*known, loaded=loading.load(options).on("lab:lab"), site="lab:lab")


def written(directory: Path) -> Path:
    pages = {"Plan": "missing-page: create", "Garden": ""}
    smallplan.write(directory, {"a": "Grow.", "b": "Be kind."}, pages, "languages: [en, ar, de]\n")
    smallplan.translate(directory, "ar", {"a.body": "النمو."})
    smallplan.translate(directory, "de", {})
    return directory


def test_each_language_is_counted_and_a_chosen_one_alone(tmp_path: Path):
    found = Count.of(session(written(tmp_path))).progress()
    assert {code: found.tally(code).translated for code in found.languages} == {"ar": 1, "de": 0}
    chosen = Count.of(session(tmp_path, "de")).progress()
    assert chosen.languages == ("de",)
    assert chosen.tally() == found.tally("de")


def test_a_page_that_is_missing_is_told_and_counted_all_the_same(tmp_path: Path):
    told: list[Examination] = []
    found = Count.of(session(written(tmp_path)), told.append).progress()
    assert [(each.page.title, str(each.stage)) for each in told] == [("Garden", "refused")]
    assert [(each.title, each.stage, len(each.languages)) for each in found.pages] == [
        ("Plan", "", 2),
        ("Garden", "refused", 2),
    ]

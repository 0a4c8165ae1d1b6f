"""Nights with a board, on a folder wiki: what people answer there is done the next night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.cli import runwork
from wikiplan.report.report import RunOutcome
from wikiplan.wiki.folder import Folder

BOARD = "User:PlanBot/plan"


class Nights:
    """A plan with a board; each call is a night, and gives the board as it is then."""

    def __init__(self, directory: Path, run_file: str = "", may_answer: str = "[editor]") -> None:
        self.directory, self.number = directory, 0
        self.people, self.wiki = FolderPeople(directory / "wiki"), Folder(directory / "wiki")
        top = f"may-answer: {may_answer}\nstop-page: Stop\n"
        entries = {"Plan": "missing-page: create", "Other": "missing-page: create"}
        smallplan.write(directory, {"a": "Text."}, entries, top)
        (directory / "run.yaml").write_text(f"board: {BOARD}\n{run_file}")

    def __call__(self) -> str:
        self.number += 1
        own = OwnRun(self.directory)
        id = f"20210701T0000{self.number:02}Z-abc123"
        run = own.run(id, run=self.directory / "run.yaml")
        runwork.run(run)
        self.report, self.said = run.report, own.said
        return self.people.text(BOARD)

    def answer(self, line: str) -> None:
        self.people.edit(BOARD, f"{self.people.text(BOARD)}\n\n{line}")

    @property
    def summaries(self) -> list[str]:
        """The summaries of the bot's edits of the board, the newest first."""
        history = self.wiki.history(0, BOARD, 0)
        return [each.summary for each in history if each.user == "wikiplan"]

    @property
    def waiting(self) -> list[str]:
        return [each["kind"] for each in self.report.awaited]

    def key(self, kind: str) -> str:
        (key,) = {each["key"] for each in self.report.awaited if each["kind"] == kind}
        return str(key)


@pytest.fixture
def edited(tmp_path: Path) -> Nights:
    """A plan of which people edited a section, and a board that says so."""
    return with_an_edit(Nights(tmp_path))


def with_an_edit(nights: Nights) -> Nights:
    nights()
    nights.people.edit("Plan", nights.people.text("Plan").replace("Text.", "People's text."))
    nights()
    assert nights.waiting == ["edits"]
    return nights


def test_the_board_says_the_same_as_long_as_nothing_happens(edited: Nights):
    before = len(edited.summaries)
    assert edited() == edited()
    assert len(edited.summaries) == before == 2
    assert edited.summaries == [
        "Board brought up to date: one thing waits [run 20210701T000002Z-abc123-board]",
        "Board brought up to date: 0 things wait [run 20210701T000001Z-abc123-board]",
    ]


def test_people_have_the_plans_text_put_back(edited: Nights):
    edited.answer(f"== {edited.key('edits')}: reclaim ==")
    key = edited.key("edits")
    board = edited()
    assert "Text." in edited.people.text("Plan")
    assert "People's" not in edited.people.text("Plan")
    assert (edited.waiting, edited.report.result()) == ([], RunOutcome.DONE)
    assert edited.summaries[0] == (
        f"Answers read: {key}: reclaim (editor); 0 things wait [run 20210701T000003Z-abc123-board]"
    )
    assert f'<code dir="ltr">{key}: reclaim</code> was read, by ' in board
    assert board.endswith(f"== {key}: reclaim ==")
    count = len(edited.summaries)
    edited()
    assert len(edited.summaries) == count


def test_people_have_their_edit_taken_into_the_plan(edited: Nights):
    edited.answer(f"* {edited.key('edits')}: import")
    edited()
    assert (
        edited.directory / "data" / "a.yaml"
    ).read_text() == "body:\n  text: 'People''s text.'\n"
    assert "People's text." in edited.people.text("Plan")
    assert edited.waiting == []


def test_an_edit_that_is_to_stay_waits_no_more(edited: Nights):
    edited.answer(f"* {edited.key('edits')}: keep")
    edited()
    assert "People's text." in edited.people.text("Plan")
    assert (edited.waiting, edited.report.result()) == ([], RunOutcome.NOTHING)


def test_an_answer_is_about_the_edits_that_were_there(edited: Nights):
    edited.answer(f"* {edited.key('edits')}: reclaim")
    edited.people.edit("Plan", edited.people.text("Plan").replace("People's", "Other people's"))
    edited()
    assert "Other people's text." in edited.people.text("Plan")
    assert edited.waiting == ["edits"]


def test_an_answer_of_an_account_that_the_plan_does_not_name_changes_nothing(tmp_path: Path):
    edited = with_an_edit(Nights(tmp_path, may_answer="[Ada]"))
    edited.answer(f"* {edited.key('edits')}: reclaim")
    board = edited()
    assert "People's text." in edited.people.text("Plan")
    assert edited.waiting == ["edits"]
    assert "does not count: <bdi>[[User:editor|editor]]</bdi> is not named in the plan" in board


# Approval


@pytest.fixture
def asking(tmp_path: Path) -> Nights:
    nights = Nights(tmp_path, "approval: required\n")
    nights()
    assert nights.waiting == ["approval"]
    return nights


def pages(nights: Nights) -> list[str]:
    return sorted(path.stem for path in nights.people.directory.glob("*.wiki"))


def test_nothing_is_saved_before_somebody_approved_exactly_that(asking: Nights):
    board = asking.people.text(BOARD)
    key = asking.key("approval")
    assert re.fullmatch("approval-[0-9a-f]{32}", key)
    assert f"preloadtitle={key}%3A+approve" in board
    assert "<pre>" in board and "+Text." in board.replace("+ ", "+")
    assert pages(asking) == []
    asking()
    assert (pages(asking), asking.key("approval")) == ([], key)
    asking.answer(f"* {key}: approve")
    asking()
    assert pages(asking) == ["Other", "Plan"]
    assert (asking.waiting, asking.report.result()) == ([], RunOutcome.DONE)
    assert f"Answers read: {key}: approve (editor);" in asking.summaries[0]


@pytest.mark.parametrize("line", ["approval-{other}: approve", "{key}: keep", "{key}0: approve"])
def test_another_digest_or_another_word_approves_nothing(asking: Nights, line: str):
    asking.answer("* " + line.format(other="0" * 32, key=asking.key("approval")))
    asking()
    assert (pages(asking), asking.waiting) == ([], ["approval"])


def test_what_changed_since_it_was_approved_has_to_be_approved_again(asking: Nights):
    before = asking.key("approval")
    asking.answer(f"* {before}: approve")
    (asking.directory / "data" / "a.yaml").write_text("body:\n  text: 'Another text.'\n")
    asking()
    assert pages(asking) == []
    assert asking.key("approval") != before


def test_where_the_plan_names_nobody_nothing_is_saved_and_the_report_says_why(tmp_path: Path):
    nights = Nights(tmp_path, "approval: required\n", may_answer="[]")
    nights()
    nights.answer(f"* {nights.key('approval')}: approve")
    nights()
    assert pages(nights) == []
    assert {page["reason"] for page in nights.report.pages if page["reason"]} == {
        "not saved: run.yaml asks for approval, and pages.yaml names nobody in may-answer"
    }


# What goes wrong


def test_a_board_that_cannot_be_kept_is_told_and_the_night_goes_on(edited: Nights):
    edited.people.edit(BOARD, "No board, please.")
    edited()
    assert edited.waiting == ["failed", "edits"]
    (step,) = [each for each in edited.report.steps if each["step"] == "board"]
    assert step["error"].startswith(f"{BOARD}: somebody took the board away; put its markers back")


def test_a_push_waits_for_somebody_where_approval_is_asked_for(asking: Nights):
    skipped = [each for each in asking.report.steps if each["outcome"] == "skipped"]
    assert [each["step"] for each in skipped] == ["push"]

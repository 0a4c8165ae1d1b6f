"""What plan_undo does with an open wiki; whole runs of the script are in runs/test_undo.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from tests.support.smallplan import RUN
from wikiplan.changes.apply import Application
from wikiplan.cli import undowork, updatework
from wikiplan.errors import Stop, Unclear
from wikiplan.report import ExitStatus
from wikiplan.session import sites, undoing
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Head

UNDOING = "20210702T000000Z-def456"


@pytest.fixture
def own(tmp_path: Path) -> OwnRun:
    """A folder wiki in which a run made two pages."""
    pages = dict.fromkeys(("Plan", "Other"), "missing-page: create")
    smallplan.write(tmp_path, {"a": "Text."}, pages)
    folder = Folder(tmp_path / "wiki")
    Application(smallplan.compare(tmp_path, folder), folder).run()
    return OwnRun(tmp_path)


@pytest.mark.parametrize("options", [{}, {"delete": True}, {"always": True}], ids=str)
def test_pages_that_the_run_made_wait_unless_their_deletion_is_wanted_and_allowed(
    options: dict[str, bool], own: OwnRun
):
    run = own.run(UNDOING, **options)
    with sites.without_plan(run) as work:
        undowork.pages_made(work, undoing.changes(work, RUN))
    assert run.report.waiting
    people = FolderPeople(own.directory / "wiki")
    assert people.path("Plan").exists()
    assert people.path("Other").exists()


class LosesAnswers(Folder):
    """A folder whose answers to deletions are lost; ``arrives`` says whether they are done."""

    arrives = True
    silent = False

    def delete(self, page: Head, reason: str) -> None:
        if self.arrives:
            super().delete(page, reason)
        raise Unclear(f"{page.title}: no answer")

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        if self.silent:
            raise Stop("unreachable", "nobody there")
        return super().heads(titles)


@pytest.mark.parametrize(
    ("arrives", "silent", "action", "told"),
    [
        (True, False, "delete", ""),
        (False, False, "refused", "Plan: no answer; the page is still there; nothing was sent "
         "again; run once more"),
        (True, True, "refused", "Plan: no answer; the wiki cannot be asked either, so it is not "
         "known whether it was deleted"),
    ],
)  # fmt: skip
def test_a_deletion_whose_answer_is_lost_is_looked_up(
    own: OwnRun, arrives: bool, silent: bool, action: str, told: str
):
    wiki = LosesAnswers(own.directory / "wiki")
    wiki.arrives = arrives
    run = own.run(UNDOING, delete=True, always=True, page=("Plan",))
    with sites.without_plan(run) as work:
        changes = undoing.changes(work, RUN)
        wiki.silent = silent
        undowork.pages_made(replace(work, wiki=wiki), changes)
    (page,) = run.report.pages
    assert (page["action"], page["reason"]) == (action, told)
    assert page["code"] == ("unclear" if told else "")
    assert FolderPeople(wiki.directory).path("Plan").exists() is not arrives


def test_the_page_that_locks_other_hosts_out_is_taken_and_never_taken_back(tmp_path: Path):
    top = "lock-page: Lock\n"
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}, top)
    assert updatework.update(OwnRun(tmp_path).run(RUN, always=True)) is ExitStatus.DONE
    undone = OwnRun(tmp_path).run(UNDOING, words=(RUN,), always=True, delete=True)
    assert undowork.undo(undone) is ExitStatus.DONE
    wiki = Folder(tmp_path / "wiki")
    assert not wiki.read(["Plan"])["Plan"].exists
    assert [each.summary[-12:] for each in wiki.history(0, "Lock", 0)] == [
        "def456-lock]", "def456-lock]", "abc123-lock]", "abc123-lock]",
    ]  # fmt: skip

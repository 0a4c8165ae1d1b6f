"""What plan_undo does with an open wiki; whole runs of the script are in runs/test_undo.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from tests.support.smallplan import RUN
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.apply import Application
from wikiplan.changes.journal import Journal
from wikiplan.cli import undowork, updatework
from wikiplan.errors import Stop, Unclear, WikiplanError
from wikiplan.plan.shards import Shard
from wikiplan.report import ExitStatus
from wikiplan.session import sites
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


def test_a_run_is_taken_back_by_its_pages(own: OwnRun):
    with sites.without_plan(own.run(UNDOING)) as work:
        changes = undowork.changes(work, RUN)
    assert {page.title: page.told.code for page in changes.pages} == {
        "Plan": "created", "Other": "created",
    }  # fmt: skip


def test_the_journal_of_a_shard_knows_its_runs_too(own: OwnRun):
    """Of an edit that only the wiki knows, the language is not known."""
    account = Shard(1, 4).named("wikiplan")
    folder = files.state_folder(own.directory / "wiki")
    book = Journal(journal.path_of(folder, "folder:wiki", account))
    wiki = Folder(own.directory / "wiki")
    smallplan.write(own.directory, {"a": "Other text."}, {"Plan": ""})
    Application(smallplan.compare(own.directory, wiki, run=UNDOING), wiki, journal=book).run()
    book.close()
    with sites.without_plan(own.run(RUN)) as work:
        (known,) = undowork._entries(work, "wikiplan", UNDOING)
    assert (known.title, known.language) == ("Plan", "en")


def test_pages_can_be_chosen_and_take_their_language_versions_along(own: OwnRun):
    with sites.without_plan(own.run(UNDOING, page=("Plan",))) as work:
        assert [page.title for page in undowork.changes(work, RUN).pages] == ["Plan"]


def test_a_page_that_the_run_did_not_edit_is_told_with_those_that_it_did(own: OwnRun):
    with (
        sites.without_plan(own.run(UNDOING, page=("Pla",))) as work,
        pytest.raises(WikiplanError) as refused,
    ):
        undowork.changes(work, RUN)
    assert str(refused.value) == ("-page: the run did not edit such a page; it edited Other, Plan")


def test_a_run_that_nobody_made_here_is_told_with_what_to_look_at(own: OwnRun):
    with (
        sites.without_plan(own.run(UNDOING)) as work,
        pytest.raises(WikiplanError) as refused,
    ):
        undowork.changes(work, "20200101T000000Z-000000")
    name = work.wiki.account().name
    assert str(refused.value) == (
        f"20200101T000000Z-000000: {name} has made no edit with this id on {work.wiki.name}; look "
        "at the id, and whether it was this wiki and this account"
    )


def test_a_run_is_taken_back_also_when_the_plan_is_broken(own: OwnRun):
    (own.directory / "data" / "pages.yaml").write_text("pages: [")
    with sites.without_plan(own.run(UNDOING)) as work:
        assert len(undowork.changes(work, RUN).pages) == 2
    assert own.said == [
        "The plan cannot be read: its stop page is not looked at, and the limits for translations "
        "are the usual ones."
    ]


@pytest.mark.parametrize("options", [{}, {"delete": True}, {"always": True}], ids=str)
def test_pages_that_the_run_made_wait_unless_their_deletion_is_wanted_and_allowed(
    options: dict[str, bool], own: OwnRun
):
    run = own.run(UNDOING, **options)
    with sites.without_plan(run) as work:
        undowork.pages_made(work, undowork.changes(work, RUN))
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
        changes = undowork.changes(work, RUN)
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

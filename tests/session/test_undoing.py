"""Which edits of a run are taken back; whole runs of the script are in runs/test_undo.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from tests.support.smallplan import RUN
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.apply import Application
from wikiplan.changes.journal import Journal
from wikiplan.cli import updatework
from wikiplan.errors import WikiplanError
from wikiplan.plan.shards import Shard
from wikiplan.session import sites, undoing
from wikiplan.wiki.folder import Folder

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
        changes = undoing.changes(work, RUN)
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
        (known,) = undoing._entries(work, "wikiplan", UNDOING)
    assert (known.title, known.language) == ("Plan", "en")


def test_pages_can_be_chosen_and_take_their_language_versions_along(own: OwnRun):
    with sites.without_plan(own.run(UNDOING, page=("Plan",))) as work:
        assert [page.title for page in undoing.changes(work, RUN).pages] == ["Plan"]


def test_a_page_that_the_run_did_not_edit_is_told_with_those_that_it_did(own: OwnRun):
    with (
        sites.without_plan(own.run(UNDOING, page=("Pla",))) as work,
        pytest.raises(WikiplanError) as refused,
    ):
        undoing.changes(work, RUN)
    assert str(refused.value) == ("-page: the run did not edit such a page; it edited Other, Plan")


def test_a_run_that_nobody_made_here_is_told_with_what_to_look_at(own: OwnRun):
    with (
        sites.without_plan(own.run(UNDOING)) as work,
        pytest.raises(WikiplanError) as refused,
    ):
        undoing.changes(work, "20200101T000000Z-000000")
    name = work.wiki.account().name
    assert str(refused.value) == (
        f"20200101T000000Z-000000: {name} has made no edit with this id on {work.wiki.name}; look "
        "at the id, and whether it was this wiki and this account"
    )


def test_a_run_is_taken_back_also_when_the_plan_is_broken(own: OwnRun):
    (own.directory / "data" / "pages.yaml").write_text("pages: [")
    with sites.without_plan(own.run(UNDOING)) as work:
        assert len(undoing.changes(work, RUN).pages) == 2
    assert own.said == [
        "The plan cannot be read: its stop page is not looked at, and the limits for translations "
        "are the usual ones."
    ]


def test_past_runs_are_those_that_saved_something_the_newest_first(own: OwnRun):
    first, second = "20210703T000000Z-aaaaaa", "20210704T000000Z-bbbbbb"
    for run, text in ((first, "One."), (second, "Two."), ("20210705T000000Z-cccccc", "Two.")):
        smallplan.write(own.directory, {"a": text}, {"Plan": ""})
        updatework.update(own.run(run, always=True))
    with sites.without_plan(own.run(UNDOING)) as work:
        found = undoing.past_runs(work)
    assert [(each.run, [edit.title for edit in each.edits]) for each in found] == [
        (second, ["Plan"]), (first, ["Plan"]),
    ]  # fmt: skip
    assert f"{found[0].started:%Y-%m-%d}" == "2021-07-04"

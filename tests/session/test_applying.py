"""A change set that was kept is applied by who looks on, and may end it between two pages."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from tests.support.smallplan import NOW, RUN
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.changes.changefile import SavedSet
from wikiplan.errors import Refusal
from wikiplan.session import applying
from wikiplan.wiki.folder import Folder

TITLES = ("First", "Second", "Third")


@pytest.fixture
def saved(tmp_path: Path) -> SavedSet:
    """What makes three pages."""
    pages = dict.fromkeys(TITLES, "missing-page: create")
    smallplan.write(tmp_path, {"a": "Text."}, pages)
    changes = smallplan.compare(tmp_path, Folder(tmp_path / "wiki"))
    return SavedSet.of(changes, NOW, "0" * 64)


def test_it_is_applied_in_a_thread_and_told_page_by_page(tmp_path: Path, saved: SavedSet):
    own, seen = OwnRun(tmp_path), list[Application]()
    run = own.run("20210702T000000Z-def456", always=True)
    thread = Thread(target=applying.apply_saved, args=(run, saved, "a test", seen.append))
    thread.start()
    thread.join()
    (application,) = seen
    assert [each.change.title for each in application.outcomes] == [*TITLES]
    assert (run.report.run, run.report.result()) == (RUN, "done")
    assert all("[run 20210701T000000Z-abc123]" in page.summary for page in history(tmp_path))
    assert [line.partition(" (")[0] for line in own.said[-3:]] == [
        f"create   {title}" for title in TITLES
    ]


def history(directory: Path):
    wiki = Folder(directory / "wiki")
    return [entry for title in TITLES for entry in wiki.history(0, title, 0)]


def test_who_looks_on_may_end_it(tmp_path: Path, saved: SavedSet):
    def stop(application: Application) -> None:
        application.interrupt.reason = "a person said stop"

    run = OwnRun(tmp_path).run(always=True)
    applying.apply_saved(run, saved, "a test", stop)
    assert [(page["action"], page["reason"]) for page in run.report.pages] == [
        ("failed", "not tried: a person said stop")
    ] * 3
    assert (run.report.interrupted, history(tmp_path)) == (True, [])


def test_a_page_that_somebody_made_meanwhile_is_left_alone(tmp_path: Path, saved: SavedSet):
    FolderPeople(tmp_path / "wiki").edit("Second", "Mine.")
    run = OwnRun(tmp_path).run(always=True)
    applying.apply_saved(run, saved, "a test")
    actions = {page["title"]: page["action"] for page in run.report.pages}
    assert actions == {"First": "create", "Second": "conflict", "Third": "create"}


def test_more_pages_than_the_plan_allows_are_refused(tmp_path: Path, saved: SavedSet):
    run = OwnRun(tmp_path).run(always=True)
    with pytest.raises(Refusal, match="3 pages would change, more than the 2 that"):
        applying.apply_saved(run, saved.model_copy(update={"most_pages": 2}), "a test")
    assert history(tmp_path) == []


def test_what_nobody_allowed_waits(tmp_path: Path, saved: SavedSet):
    run = OwnRun(tmp_path).run()
    applying.apply_saved(run, saved, "a test")
    assert (run.report.result(), history(tmp_path)) == ("waiting", [])


def test_a_saved_set_is_picked_from_by_pages(tmp_path: Path, saved: SavedSet):
    run = OwnRun(tmp_path).run(always=True)
    applying.apply_saved(run, changefile.pick(saved, ["Third"]), "a test")
    assert [page["title"] for page in run.report.pages] == ["Third"]

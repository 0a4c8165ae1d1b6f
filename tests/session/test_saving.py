"""What the desk saves is what plan_update would, and it ends as that would."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.desk.conftest import session
from tests.support import smallplan
from tests.support.running import forked
from tests.support.scriptrun import OwnRun
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.changefile import SavedSet
from wikiplan.changes.journal import Journal
from wikiplan.cli import updatework
from wikiplan.errors import WikiplanError
from wikiplan.session import looks, saving
from wikiplan.session.saving import Saving, Savings
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit, Saved

TITLES = ("First", "Second", "Third")
RUN = "20210701T000000Z-abc123"


def plan(directory: Path) -> Path:
    pages = dict.fromkeys(TITLES, "missing-page: create")
    return smallplan.write(directory, {"a": "Text."}, pages)


def shown(directory: Path) -> Saving:
    """Return what saves the changes of a plan as they were shown."""
    changes = smallplan.compare(directory, Folder(directory / "wiki"))
    options = OwnRun(directory).run(report=directory / "report.json").options
    plan_sha256 = files.digest_of(options.data, options.templates)
    return Saving(options, SavedSet.of(changes, smallplan.NOW, plan_sha256))


def done(given: Saving) -> Saving:
    savings = Savings()
    savings.begin(given)
    given.join()
    return given


def history(directory: Path) -> list[str]:
    wiki = Folder(directory / "wiki")
    return [each.summary for title in TITLES for each in wiki.history(0, title, 0)]


def stored(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (directory / "wiki").glob("*.wiki")}


def entries(directory: Path, run: str) -> list[Any]:
    folder = files.state_folder(directory / "wiki")
    book = Journal(journal.path_of(folder, "folder:wiki", "wikiplan"))
    return [
        (each.title, each.language, each.sha1_before, each.sha1_after,
         each.summary.replace(run, RUN), each.sections, each.result)
        for each in book.entries(run)
    ]  # fmt: skip


def told(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report without what no two runs share."""
    pages = [{**page, "new_revid": bool(page["new_revid"])} for page in report["pages"]]
    return {**report, "pages": pages, "started": "", "finished": "", "run": RUN}


def test_it_saves_what_an_update_would_with_the_same_journal_and_report(tmp_path: Path):
    one, other = plan(tmp_path / "one"), plan(tmp_path / "other")
    look = looks.compared(session(one, Folder(one / "wiki")))
    options = OwnRun(one).run(report=one / "report.json").options
    saved = done(Saving(options, look.saved))
    path = other / "review"
    updatework.preview(OwnRun(other).run(out=path))
    run = OwnRun(other).run(changes=path / "changes.json", always=True)
    updatework.update(run)
    assert saved.report and saved.report.result() == "done"
    assert stored(one) == stored(other) and len(stored(one)) == len(TITLES)
    found = entries(one, look.run)
    assert found == entries(other, RUN) and len(found) == len(TITLES)
    written = json.loads((one / "report.json").read_text())
    assert told(written) == told(json.loads(run.report.as_json()))
    assert [each.action for each in saved.pages()] == ["create"] * len(TITLES)


class Slow:
    """Saves of a folder that wait, each until it is let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.passes = threading.Semaphore(0), threading.Semaphore(0)
        save = Folder.save

        def slowly(folder: Folder, edit: Edit) -> Saved:
            self.reached.release()
            self.passes.acquire()
            return save(folder, edit)

        monkeypatch.setattr(Folder, "save", slowly)


def test_it_is_seen_page_by_page_and_stops_behind_the_page_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    saved, slow, savings = shown(plan(tmp_path)), Slow(monkeypatch), Savings()
    savings.begin(saved)
    slow.reached.acquire()
    slow.passes.release()
    slow.reached.acquire()
    assert [each.action for each in saved.pages()] == ["create", "", ""]
    assert (saved.has_begun, saved.is_over, saved.stopping) == (True, False, "")
    saved.stop("a person said stop")
    slow.passes.release()
    saved.join()
    assert [(each.action, each.reason) for each in saved.pages()] == [
        ("create", ""), ("create", ""), ("failed", "not tried: a person said stop"),
    ]  # fmt: skip
    assert len(history(tmp_path)) == 2
    assert json.loads((tmp_path / "report.json").read_text())["outcome"] == "failed"


def test_who_presses_second_is_told_and_nothing_else_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first, slow, savings = shown(plan(tmp_path)), Slow(monkeypatch), Savings()
    second = shown(tmp_path)
    savings.begin(first)
    slow.reached.acquire()
    with pytest.raises(WikiplanError, match="somebody at this desk is saving already"):
        savings.begin(second)
    for _ in TITLES:
        slow.passes.release()
    first.join()
    assert savings.last is first and len(history(tmp_path)) == len(TITLES)
    for _ in TITLES:
        slow.passes.release()
    savings.begin(second)
    second.join()
    assert {each.action for each in second.pages()} == {"none"}
    assert "done already" in second.pages()[0].reason
    assert len(history(tmp_path)) == len(TITLES), "the same run writes nothing twice"


def test_what_ends_it_is_told_as_a_script_tells_it(tmp_path: Path, monkeypatch):
    directory = plan(tmp_path)
    refused = shown(directory)
    refused.saved = refused.saved.model_copy(update={"site": "folder:another"})
    assert "the change set is for folder:another, and this is" in done(refused).said[-1]

    def broken(*given: Any) -> None:
        raise RuntimeError("no idea")

    broke = shown(directory)
    monkeypatch.setattr(saving.applying, "apply_saved", broken)
    assert "RuntimeError: no idea" in "\n".join(done(broke).said)
    assert "mistake in wikiplan" in broke.said[-1]
    assert history(directory) == []


def test_at_the_end_of_the_desk_it_ends_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    saved, slow, savings = shown(plan(tmp_path)), Slow(monkeypatch), Savings()
    assert savings.end("the desk ended") is None
    savings.begin(saved)
    slow.reached.acquire()
    threading.Timer(0.2, slow.passes.release).start()
    assert savings.end("the desk ended") is saved
    assert [each.action for each in saved.pages()] == ["create", "failed", "failed"]
    assert savings.end("the desk ended") is None


# As a process of its own


class Serving:
    """``plan_serve`` in a process of its own, asked as a browser does."""

    def __init__(self, directory: Path, first: Callable[[], None]) -> None:
        self.directory = directory
        self.child = forked("plan_serve", "-wiki:wiki", directory=directory, first=first)
        out = directory / "out.txt"
        while not (found := re.search(r"http://\S+/", out.read_text() if out.exists() else "")):
            time.sleep(0.05)
        self.address = found[0]

    def save(self) -> None:
        run = requests.get(f"{self.address}review").url.partition("look=")[2]
        headers = {"Origin": self.address.rpartition("/")[0].rpartition("/")[0]}
        form = {"look": run, "only": "\n".join(TITLES)}
        requests.post(f"{self.address}change/save", data=form, headers=headers)

    def ended(self) -> int:
        return os.waitpid(self.child, 0)[1]


def at_the_second(do: Callable[[], None]) -> Callable[[], None]:
    """Return what lets something be done before the second page is saved."""

    def first() -> None:
        save, seen = Folder.save, list[str]()

        def counted(folder: Folder, edit: Edit) -> Saved:
            seen.append(edit.title)
            if len(seen) == 2:
                do()
            return save(folder, edit)

        Folder.save = counted  # type: ignore[method-assign]

    return first


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan, for a process that has a network of its own."""
    return plan(tmp_path)


@pytest.mark.browser
def test_a_kill_while_it_saves_is_settled_by_the_next_script(place: Path):
    serving = Serving(place, at_the_second(lambda: os.kill(os.getpid(), signal.SIGKILL)))
    with pytest.raises(OSError):
        serving.save()
        while True:
            serving.save()
    assert serving.ended() == signal.SIGKILL
    assert len(history(place)) == 1
    own = OwnRun(place)
    run = own.run(always=True)
    updatework.update(run)
    assert run.report.result() == "done"
    ((killed),) = json.loads(run.report.as_json())["killed_runs"]
    assert [page["title"] for page in killed["pages"]] == [*TITLES]
    assert len(history(place)) == len(TITLES)


@pytest.mark.browser
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_as_it_ends_a_script(number: signal.Signals, place: Path):
    serving = Serving(place, at_the_second(lambda: (os.kill(os.getpid(), number), time.sleep(1))))
    serving.save()
    assert os.waitstatus_to_exitcode(serving.ended()) == 1
    report = json.loads((place / "report.json").read_text())
    assert [(page["action"], page["reason"]) for page in report["pages"]] == [
        ("create", ""), ("create", ""), ("failed", f"not tried: interrupted by {number.name}"),
    ]  # fmt: skip
    out = (place / "out.txt").read_text()
    assert "What was being saved ended early:" in out and f"interrupted by {number.name}" in out
    assert len(history(place)) == 2
    run = OwnRun(place).run(always=True)
    updatework.update(run)
    assert (len(history(place)), "killed_runs" in run.report.as_json()) == (3, False)


@pytest.mark.browser
def test_a_desk_that_saved_nothing_ends_well(place: Path):
    serving = Serving(place, lambda: None)
    assert requests.get(serving.address).status_code == 200
    os.kill(serving.child, signal.SIGINT)
    assert os.waitstatus_to_exitcode(serving.ended()) == 0
    assert json.loads((place / "report.json").read_text())["outcome"] == "nothing"

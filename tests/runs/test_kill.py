"""A run that is killed at any moment: the next one converges, with exactly one edit a page."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.proxy import Proxy
from tests.support.running import forked, script
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.changes.apply import Application
from wikiplan.changes.journal import EditResult, Journal
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections

PAIR = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"
PAGES = 5


def wanted(text: str) -> bool:
    """Say whether a page has the plan's text, and nothing else of it changed."""
    (section,) = sections.find(text)
    assert text[: section.begin.start] == "Before\n"
    assert text[section.end.stop :] == "\nafter"
    return sections.body_of(text, section) == "New text."


# --- a real wiki, and a kill at every request ---


@pytest.mark.wiki
def test_a_kill_before_or_after_any_request_leaves_one_edit_a_page(
    mediawiki: MediaWiki, proxy: Proxy, site_of: Any, tmp_path: Path, title: str
):
    """Each moment has a plan and five pages of its own."""
    site_of()  # Pywikibot is loaded once, for all processes
    requests = steps(mediawiki, proxy, tmp_path, title)
    assert requests >= 6 + PAGES, "account, pages, refusals, a text, heads before and after; edits"
    moments = [(number, when) for number in range(requests) for when in ("before", "after")]
    names = {moment: f"{title} {moment[0]} {moment[1]}" for moment in moments}
    mediawiki.fill(dict.fromkeys((p for name in names.values() for p in pages(name)), PAIR))
    told: Counter[str] = Counter()
    for moment, name in names.items():
        directory = plan(tmp_path, name)
        proxy.kill(partial(updating, directory), *moment)
        proxy.watch = lambda number, when: False
        told.update(converged(mediawiki, directory, name))
    # Each kill at an edit leaves the end of all five unknown, until the next run asks the wiki.
    assert told == {"saved": PAGES**2, "not saved": PAGES**2}


def pages(title: str) -> list[str]:
    return [f"{title}/{number}" for number in range(PAGES)]


def plan(directory: Path, title: str) -> Path:
    texts = {"a": "New text."}
    return smallplan.write(directory / title, texts, dict.fromkeys(pages(title), ""))


def steps(mediawiki: MediaWiki, proxy: Proxy, directory: Path, title: str) -> int:
    """Return how many requests a whole run of five pages sends that need not log in."""
    whole = plan(directory, f"{title} whole")
    mediawiki.fill(dict.fromkeys(pages(f"{title} whole"), PAIR))
    script("plan_preview", directory=whole)
    before = len(proxy.seen)
    done = script("plan_update", "-always", directory=whole)
    assert done.report["outcome"] == "done", done.err
    return len(proxy.seen) - before


def updating(directory: Path) -> int:
    return forked("plan_update", "-always", directory=directory)


def converged(mediawiki: MediaWiki, directory: Path, title: str) -> list[str]:
    """Run again; returns what was found out about the edit at which the first run was killed."""
    status = os.waitpid(updating(directory), 0)[1]
    out = (directory / "out.txt").read_text()
    assert status == 0, out
    for page in pages(title):
        assert wanted(mediawiki.text(page))
        assert [each["user"] for each in mediawiki.history(page)] == ["PlanBot", "Trans"]
    report = json.loads((directory / "report.json").read_text())
    found = [page for run in report.get("killed_runs", []) for page in run["pages"]]
    assert all(page["title"] in out for page in found)
    return ["saved" if page["revid"] else "not saved" for page in found]


# --- a folder, and a kill between any two steps of the program ---


class Deadly:
    """Kills its process before or after the step of this number, over all that it wraps."""

    count = 0
    deadline = -1

    def __init__(self, inner: object, names: tuple[str, ...]) -> None:
        self.inner, self.names = inner, names

    def __getattr__(self, name: str):
        found = getattr(self.inner, name)
        if name not in self.names:
            return found

        def step(*arguments, **options):
            self._tick()
            result = found(*arguments, **options)
            self._tick()
            return result

        return step

    def _tick(self) -> None:
        if Deadly.count == Deadly.deadline:
            os.kill(os.getpid(), signal.SIGKILL)
        Deadly.count += 1


def run_once(directory: Path, wiki: Folder, deadline: int = -1) -> int:
    """Do what plan_update does; returns the number of steps."""
    Deadly.count, Deadly.deadline = 0, deadline
    book = Journal(journal.path_of(files.state_folder(wiki.directory), wiki.name, "wikiplan"))
    journal.settle(book, wiki)
    changes = smallplan.compare(directory, wiki)
    deadly = Deadly(wiki, ("read", "heads", "save", "_write_files"))
    recording = Deadly(book, ("intend", "saved", "not_saved", "end"))
    Application(changes, deadly, journal=recording).run()
    book.close()
    return Deadly.count


def killed_at(directory: Path, wiki: Folder, deadline: int) -> None:
    """Do it in a process of its own, which is killed on the way."""
    child = os.fork()
    if not child:
        run_once(directory, wiki, deadline)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.heavy
def test_a_kill_between_any_two_steps_leaves_one_edit_a_page(tmp_path):
    directory, titles = plan(tmp_path, "Plan"), pages("Plan")

    def fresh(name: str) -> Folder:
        people = FolderPeople(tmp_path / name)
        for page in titles:
            people.edit(page, PAIR)
        return Folder(tmp_path / name)

    steps = run_once(directory, fresh("whole"))
    assert steps >= 2 * (2 * PAGES + 4), "saves and their results; a read, heads, intents, the end"
    for deadline in range(steps):
        wiki = fresh(f"at-{deadline}")
        killed_at(directory, wiki, deadline)
        run_once(directory, wiki)
        check(wiki, titles)


def check(wiki: Folder, titles: list[str]) -> None:
    people = FolderPeople(wiki.directory)
    book = Journal(journal.path_of(files.state_folder(wiki.directory), wiki.name, "wikiplan"))
    assert book.unsettled() == ()
    known = {
        e.title: e.revision for e in book.entries(smallplan.RUN) if e.result is EditResult.SAVED
    }
    for page in titles:
        assert wanted(people.text(page))
        newest, first = wiki.history(0, page, 0)
        assert (newest.user, first.user) == ("wikiplan", "editor")
        assert known[page] == newest.number

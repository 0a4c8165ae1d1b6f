"""Runs on several hosts, which share nothing but the wiki: by ``lock-page`` one writes."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.running import forked
from tests.support.samples import WHOLE
from wikiplan.session import lockpage
from wikiplan.wiki.api import Site

PARTS, ROUNDS = (5, 20) if WHOLE else (1, 1)
PAGES = 3

pytestmark = pytest.mark.wiki


def pages(title: str) -> list[str]:
    return [f"{title}/{number}" for number in range(PAGES)]


def write(directory: Path, title: str, text: str) -> Path:
    entries = dict.fromkeys(pages(title), "missing-page: create")
    top = f"lock-page: {title}/lock\nstop-page: {title}/stop\n"
    return smallplan.write(directory, {"a": text}, entries, top)


def begun(plan: Path, host: str, first: Callable[[], None] = int) -> tuple[int, Path]:
    """Start an update on a host of its own: with a folder of state that no other has."""
    place = plan / host
    place.mkdir(exist_ok=True)
    (place / "report.json").unlink(missing_ok=True)

    def as_there() -> None:
        os.environ["XDG_STATE_HOME"] = str(place / "state")
        first()

    where = (f"-data:{plan}/data", f"-templates:{plan}/templates")
    return forked("plan_update", *where, "-always", directory=place, first=as_there), place


def ended(run: tuple[int, Path]) -> tuple[int, dict[str, Any], str]:
    """Wait for a run; returns its exit status, its report, and what it said."""
    process, place = run
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    report = place / "report.json"
    told = json.loads(report.read_text()) if report.exists() else {}
    return status, told, (place / "out.txt").read_text()


def revisions(wiki: MediaWiki, title: str) -> list[int]:
    return [len(wiki.history(page)) for page in pages(title)]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("count", [2, 5])
def test_of_runs_that_begin_at_once_on_several_hosts_one_writes(
    mediawiki: MediaWiki, site_of: Any, tmp_path: Path, title: str, count: int, part: int
):
    site_of()  # Pywikibot is loaded once, for all processes
    for number in range(1, ROUNDS + 1):
        plan = write(tmp_path, title, f"Text {number}.")
        runs = [ended(each) for each in [begun(plan, f"host {n}") for n in range(count)]]
        outcomes = sorted((status, report["outcome"]) for status, report, _ in runs)
        assert outcomes.count((0, "done")) == 1, runs
        assert {*outcomes} <= {(0, "done"), (0, "nothing"), (1, "failed")}
        for status, report, out in runs:
            if status:
                assert report["error"].startswith(f"{title}/lock: ")
                assert "nothing was written" in report["error"]
                assert "Traceback" not in out
        assert revisions(mediawiki, title) == [number] * PAGES
        assert len(mediawiki.history(f"{title}/lock")) == 2 * number


def test_the_lock_of_a_host_that_was_killed_is_taken_over_after_its_life_and_told(
    mediawiki: MediaWiki, site_of: Any, tmp_path: Path, title: str
):
    site_of()
    plan = write(tmp_path, title, "Text.")

    def deadly() -> None:
        save = Site.save

        def once(self: Site, edit: Any) -> Any:
            saved = save(self, edit)
            if edit.title == pages(title)[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return saved

        Site.save = once  # type: ignore[method-assign]

    def much_later() -> None:
        lockpage.LIFE = timedelta(0)

    status, report, _ = ended(begun(plan, "pod-1", deadly))
    assert (status, report, len(mediawiki.history(pages(title)[0]))) == (-signal.SIGKILL, {}, 1)

    status, report, _ = ended(begun(plan, "pod-2"))
    assert (status, report["outcome"], report["pages"]) == (1, "failed", [])
    assert " is writing; nothing was written: wait until it ends, or end it; " in report["error"]

    status, report, out = ended(begun(plan, "pod-3", much_later))
    assert (status, report["outcome"]) == (0, "done")
    assert f"{title}/lock: took over the lock of run " in out.replace("\n", " ")
    assert [page["action"] for page in report["pages"]] == ["none", "create", "create"]
    assert revisions(mediawiki, title) == [1] * PAGES

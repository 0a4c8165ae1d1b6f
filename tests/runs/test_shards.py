"""A plan that several runs share out: real processes at once, kills, and other runs beside them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.running import forked
from wikiplan import files
from wikiplan.plan.shards import WHOLE, Shard
from wikiplan.session import filelock
from wikiplan.wiki.folder import Folder

OF = 4
ENDED_BY_A_KILL = -signal.SIGKILL


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write(tmp_path, titles(60))


def write(directory: Path, pages: list[str], more: str = "", text: str = "Text.") -> Path:
    entries = dict.fromkeys(pages, "missing-page: create")
    return smallplan.write(directory, {"a": text}, entries, f"most-pages: 1000\n{more}")


def titles(count: int) -> list[str]:
    return [f"Plan {number}" for number in range(count)]


def begun(
    plan: Path, shard: Shard, *more: str, name: str = "update", first: Callable[[], None] = int
) -> tuple[int, Path]:
    """Start a run of a shard; returns its process and the folder of its report."""
    place = plan / f"{name} {shard}"
    place.mkdir(exist_ok=True)

    def as_in_a_pod() -> None:
        os.environ["JOB_COMPLETION_INDEX"] = str(shard.index)
        first()

    which = [] if shard == WHOLE else [f"-shard:{shard.of}"]
    where = (f"-data:{plan}/data", f"-templates:{plan}/templates", f"-wiki:{plan}/wiki")
    return forked(f"plan_{name}", *which, *where, *more, directory=place, first=as_in_a_pod), place


def ended(run: tuple[int, Path]) -> tuple[int, dict[str, Any]]:
    """Wait for a run; returns its exit status and its report, which a killed one does not have."""
    process, place = run
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    report = place / "report.json"
    return status, json.loads(report.read_text()) if report.exists() else {}


def updated(plan: Path, shard: Shard = WHOLE) -> tuple[int, dict[str, Any]]:
    return ended(begun(plan, shard, "-always"))


def all_at_once(plan: Path, of: int = OF) -> list[tuple[int, dict[str, Any]]]:
    return [ended(run) for run in [begun(plan, Shard(index, of), "-always") for index in range(of)]]


def revisions(plan: Path, title: str) -> list[str]:
    """Return who made a page's revisions, newest first."""
    return [each.user for each in Folder(plan / "wiki").history(0, title, 0)]


def pages(report: dict[str, Any], action: str) -> list[str]:
    return [page["title"] for page in report["pages"] if page["action"] == action]


@pytest.mark.heavy
def test_four_processes_at_once_write_each_of_hundreds_of_pages_once(tmp_path: Path):
    """They share one folder, and so the database of its history."""
    plan = write(tmp_path, whole := titles(240))
    runs = all_at_once(plan)
    assert [status for status, _ in runs] == [0] * OF
    parts = [pages(report, "create") for _, report in runs]
    assert sorted(title for part in parts for title in part) == sorted(whole)
    assert all(revisions(plan, title) == ["wikiplan"] for title in whole)
    assert [report["shard"] for _, report in runs] == [{"index": i, "of": OF} for i in range(OF)]
    again, report = updated(plan)
    assert (again, report["outcome"], len(report["pages"])) == (0, "nothing", len(whole))


@pytest.mark.heavy
def test_the_reports_of_all_shards_say_what_one_run_would(plan: Path):
    all_at_once(plan)
    files_of = [str(plan / f"update {Shard(i, OF)}" / "report.json") for i in range(OF)]
    place = plan / "together"
    place.mkdir()
    status, report = ended((forked("plan_report", *files_of, directory=place), place))
    assert (status, report["outcome"], report["run"]) == (0, "done", "")
    assert sorted(pages(report, "create")) == sorted(titles(60))
    by_run = {each["run"]: each["pages"] for each in report["shards"]}
    assert len(by_run) == OF
    for run, count in by_run.items():
        assert sum(page["run"] == run for page in report["pages"]) == count
    assert (
        (place / "out.txt")
        .read_text()
        .endswith("4 of 4 shards on folder:wiki: done. 60 created; 0 requests.\n")
    )


# Kills


def killed_after(saves: int) -> Callable[[], None]:
    """Return what lets a process be killed after it saved so many pages."""

    def prepare() -> None:
        save, count = Folder.save, iter(range(saves))

        def deadly(self: Folder, edit: Any) -> Any:
            saved = save(self, edit)
            if next(count, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return saved

        Folder.save = deadly  # type: ignore[method-assign]

    return prepare


@pytest.mark.heavy
@pytest.mark.parametrize("then", [OF, 3, 1])
def test_what_a_killed_shard_left_is_done_once_also_by_another_number_of_shards(
    plan: Path, then: int
):
    run = begun(plan, Shard(1, OF), "-always", first=killed_after(5))
    assert ended(run) == (ENDED_BY_A_KILL, {})
    done = [title for title in titles(60) if (plan / "wiki" / f"{title}.wiki").exists()]
    assert len(done) == 6
    reports = [report for _, report in all_at_once(plan, then)]
    found = [each["saved"] for report in reports for each in report.get("killed_runs", [])]
    assert found
    assert {report["outcome"] for report in reports} == {"done"}
    assert all(revisions(plan, title) == ["wikiplan"] for title in titles(60))
    assert sorted(t for report in reports for t in pages(report, "none")) == sorted(done)


# Other runs beside shards


def hold(plan: Path, shard: Shard):
    folder = files.state_folder(plan / "wiki")
    return filelock.held(folder, "folder:wiki", shard.named("wikiplan"), "run-1", print)


@pytest.mark.parametrize(
    ("held", "refused"), [(Shard(1, OF), WHOLE), (WHOLE, Shard(1, OF)), (Shard(1, 2), Shard(1, OF))]
)
def test_runs_that_may_touch_the_same_pages_keep_each_other_out(plan: Path, held, refused):
    with hold(plan, held):
        status, report = updated(plan, refused)
    assert (status, report["outcome"]) == (1, "failed")
    who = f"folder:wiki as {refused.named('wikiplan')}"
    assert report["error"].startswith(f"{who}: run run-1 by ")
    assert not list((plan / "wiki").glob("*.wiki"))


@pytest.mark.parametrize("held", [Shard(2, OF), Shard(0, 2)])
def test_runs_that_have_no_page_in_common_do_not_wait(plan: Path, held):
    with hold(plan, held):
        status, report = updated(plan, Shard(1, OF))
    assert (status, report["outcome"]) == (0, "done")


# What belongs to a shard besides


@pytest.mark.heavy
def test_a_page_that_left_the_plan_is_told_by_one_shard_and_not_made_anew_by_any(tmp_path: Path):
    plan = write(tmp_path, titles(8))
    assert updated(plan)[0] == 0
    write(plan, [*titles(7), "New"])
    runs = [updated(plan, Shard(index, OF))[1] for index in range(OF)]
    told = [each["title"] for report in runs for each in report.get("left", [])]
    assert told == ["Plan 7"]
    refused = [p for report in runs for p in report["pages"] if p["action"] == "refused"]
    assert [(page["title"], page["code"]) for page in refused] == [("New", "renamed-page")]
    assert not (plan / "wiki" / "New.wiki").exists()


def test_a_page_that_the_wiki_calls_otherwise_is_left_to_no_shard(tmp_path: Path):
    """By a redirect or by its spelling two entries may be one page, of two shards."""
    spelt, one = "Plan_0", Shard(0, 2)
    leads_there = next(t for t in titles(9) if t != "Plan 0" and one.has(t) != one.has(spelt))
    write(tmp_path, [spelt, leads_there])
    change(tmp_path, "missing-page: create", "redirect: follow")
    FolderPeople(tmp_path / "wiki").edit("Plan 0", "People's.")
    FolderPeople(tmp_path / "wiki").edit(leads_there, "#REDIRECT [[Plan 0]]")
    runs = [updated(tmp_path, Shard(index, 2))[1] for index in range(2)]
    told = {page["reason"] for report in runs for page in report["pages"]}
    assert told == {
        f"pages.yaml calls the page {title!r}, and the wiki 'Plan 0' (through a redirect or its "
        "spelling): shards need the wiki's title in pages.yaml"
        for title in (spelt, leads_there)
    }
    assert {page["code"] for report in runs for page in report["pages"]} == {"other-title"}


def change(plan: Path, before: str, after: str) -> None:
    pages_yaml = plan / "data" / "pages.yaml"
    pages_yaml.write_text(pages_yaml.read_text().replace(before, after))


def test_a_shard_may_write_its_share_of_the_most_pages(tmp_path: Path):
    change(write(tmp_path, titles(60)), "most-pages: 1000", "most-pages: 41")
    shard = Shard(1, OF)
    status, report = updated(tmp_path, shard)
    assert (status, report["outcome"]) == (1, "failed")
    assert report["error"] == (
        f"{sum(map(shard.has, titles(60)))} pages would change, more than the 11 that pages.yaml "
        "allows shard 1 of 4 as its share (most-pages); nothing is written: look at the data, "
        "choose with -page:, or raise it"
    )


@pytest.mark.heavy
def test_a_run_of_a_shard_is_taken_back_by_its_id(plan: Path):
    run = updated(plan, Shard(1, OF))[1]
    updated(plan, Shard(2, OF))
    place = plan / "undo"
    place.mkdir()
    where = (f"-data:{plan}/data", f"-wiki:{plan}/wiki", "-always", "-delete")
    _, report = ended((forked("plan_undo", run["run"], *where, directory=place), place))
    assert sorted(pages(report, "delete")) == sorted(pages(run, "create"))

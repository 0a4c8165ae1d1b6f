"""Nights on a folder wiki: what the wiki, the checkout, pings and messages are after each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.nightly.test_checkout import _own_settings, git  # noqa: F401
from tests.support import services, smallplan
from tests.support.people import FolderPeople
from tests.support.running import script
from tests.support.scriptrun import OwnRun
from tests.support.services import Hooks
from wikiplan.cli import runwork
from wikiplan.errors import WikiplanError
from wikiplan.nightly import memory
from wikiplan.report import ExitStatus

RUN_FILE = """\
tell:
  - webhook: {url: {env: HOOK}}
    when: [failed, decide, done]
  - talk: "User talk:Ana"
    when: [decide]
ping: {url: {env: PING}}
metrics: METRICS
"""


class Nights:
    """A plan in a folder, a wiki, and where it is told of; each call is a night."""

    def __init__(self, directory: Path, hooks: Hooks, monkeypatch: pytest.MonkeyPatch) -> None:
        smallplan.write(directory, {"a": "Text."}, {"Plan": "missing-page: create"})
        monkeypatch.setenv("HOOK", f"{hooks.address}/hook")
        monkeypatch.setenv("PING", f"{hooks.address}/ping")
        metrics = RUN_FILE.replace("METRICS", str(directory / "w.prom"))
        (directory / "run.yaml").write_text(metrics)
        self.directory, self.hooks, self.number = directory, hooks, 0
        self.people = FolderPeople(directory / "wiki")
        self.own = OwnRun(directory)

    def __call__(self, **options: Any) -> ExitStatus:
        self.hooks.requests.clear()
        self.number += 1
        self.own = OwnRun(self.directory)
        options = {"run": self.directory / "run.yaml", **options}
        run = self.own.run(f"20210701T0000{self.number:02}Z-abc123", **options)
        self.report = run.report
        return runwork.run(run)

    @property
    def pings(self) -> list[str]:
        return [path for path in self.hooks.paths if "/ping" in path]

    @property
    def told(self) -> list[str]:
        """The first lines that arrived at the webhook."""
        return [e.data["first_line"] for e in self.hooks.requests if e.path == "/hook"]

    @property
    def talk(self) -> str:
        page = self.people.path("User talk:Ana")
        return page.read_text() if page.exists() else ""

    def edit(self, before: str, after: str) -> None:
        self.people.edit("Plan", self.people.text("Plan").replace(before, after))

    def say(self, text: str) -> None:
        (self.directory / "data" / "a.yaml").write_text(f"body:\n  text: {text!r}\n")

    @property
    def known(self) -> memory.Memory:
        place = memory.path_of(self.directory / "wiki", self.directory / "data")
        return memory.read(place)


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nights]:
    with services.hooks() as hooks:
        yield Nights(tmp_path, hooks, monkeypatch)


GOOD = ["POST /ping/start", "POST /ping"]
BAD = ["POST /ping/start", "POST /ping/fail"]


def test_a_night_with_changes_and_one_without(nights: Nights):
    assert nights() is ExitStatus.DONE
    assert (nights.pings, nights.report.result()) == (GOOD, "done")
    run = nights.report.run
    assert nights.told == [f"Nothing is needed: run {run} on folder:wiki: done. 1 page written."]
    assert 'wikiplan_run_outcome{outcome="done"} 1' in (nights.directory / "w.prom").read_text()
    assert nights() is ExitStatus.DONE
    assert (nights.pings, nights.told, nights.report.result()) == (GOOD, [], "nothing")
    assert [(each.outcome, len(each.edits)) for each in nights.known.runs] == [
        ("nothing", 0),
        ("done", 1),
    ]


def test_an_edit_by_people_is_told_once_in_each_place_and_again_when_it_is_another(
    nights: Nights,
):
    nights()
    nights.edit("Text.", "People's text.")
    assert nights() is ExitStatus.WAITING
    line = "Plan owner: section a of Plan was edited on the wiki: keep, import or reclaim"
    assert (nights.pings, nights.told) == (GOOD, [line])
    assert nights.talk.count("== wikiplan: ") == 1
    (first,) = nights.report.awaited
    assert nights() is ExitStatus.WAITING
    assert (nights.pings, nights.told) == (GOOD, [])
    nights.edit("People's text.", "Other people's text.")
    assert nights() is ExitStatus.WAITING
    assert nights.told == [line]
    assert nights.talk.count("== wikiplan: ") == 2
    (second,) = nights.report.awaited
    assert first["key"] != second["key"]
    nights.edit("Other people's text.", "Text.")
    assert (nights(), nights.told, nights.known.waiting) == (ExitStatus.DONE, [], ())


def test_a_broken_plan_fails_once_and_is_told_to_its_owner_once(nights: Nights):
    nights()
    nights.say("Look at $nobody.")
    assert nights() is ExitStatus.FAILED
    assert nights.pings == BAD
    assert nights.told[0].startswith("Plan owner: the plan has mistakes: ")
    assert nights() is ExitStatus.FAILED
    assert (nights.pings, nights.told) == (BAD, [])
    nights.say("Better.")
    assert nights() is ExitStatus.DONE
    assert nights.people.text("Plan").count("Better.") == 1


def test_people_stop_the_bot_and_nothing_is_written_anywhere(nights: Nights):
    pages = {"Plan": "missing-page: create"}
    smallplan.write(nights.directory, {"a": "Text."}, pages, "stop-page: Stop\n")
    nights()
    nights.edit("Text.", "People's text.")
    nights.people.edit("Stop", "Please wait.")
    nights.say("New text.")
    nights()
    nights.edit("People's text.", "Text.")
    assert nights() is ExitStatus.FAILED
    assert nights.report.result() == "stopped"
    assert nights.told[0].startswith("Operator: people asked the bot to stop: 'Stop' has text")
    assert "New text." not in nights.people.text("Plan")
    assert nights.talk == ""


def test_a_channel_that_takes_nothing_is_a_failure_and_gets_it_the_next_night(nights: Nights):
    nights()
    nights.edit("Text.", "People's text.")
    nights.hooks.status = 500
    assert nights() is ExitStatus.FAILED
    assert nights.report.steps[-2]["error"] == (
        "webhook $HOOK: the answer is 500 Internal Server Error; it is tried again with the next "
        "run"
    )
    nights.hooks.status = 200
    assert nights() is ExitStatus.WAITING
    assert len(nights.told) == 1
    assert nights.talk.count("== wikiplan: ") == 1


def test_a_rehearsal_writes_nothing_and_tells_nobody(nights: Nights):
    assert nights(simulate=True) is ExitStatus.PENDING
    assert nights.hooks.requests == []
    assert not nights.people.path("Plan").exists()
    assert not nights.known.runs
    assert not (nights.directory / "w.prom").exists()
    nights()
    nights.edit("Text.", "People's text.")
    assert nights(simulate=True) is ExitStatus.WAITING
    assert [line for line in nights.own.said if line.startswith("Would tell")] == [
        "Would tell by webhook $HOOK: Plan owner: section a of Plan was edited on the wiki: keep, "
        "import or reclaim",
        "Would tell by talk User talk:Ana: Plan owner: section a of Plan was edited on the wiki: "
        "keep, import or reclaim",
    ]


def test_a_secret_that_is_missing_is_told_before_anything_is_done(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("HOOK")
    with pytest.raises(WikiplanError, match=r"\$HOOK: is not set"):
        nights()
    assert (nights.hooks.requests, nights.people.path("Plan").exists()) == ([], False)


def test_a_limit_of_edits_stops_the_run_and_the_next_one_goes_on(nights: Nights):
    pages = dict.fromkeys(("A", "B", "C"), "missing-page: create")
    smallplan.write(nights.directory, {"a": "Text."}, pages)
    text = (nights.directory / "run.yaml").read_text()
    (nights.directory / "run.yaml").write_text(f"edits: 2\n{text}")
    assert nights() is ExitStatus.FAILED
    assert nights.told[0].startswith("Operator: update broke off: the run has made the 2 edits")
    assert nights() is ExitStatus.DONE
    assert all(nights.people.path(title).exists() for title in "ABC")


# In a git checkout.


@pytest.fixture
def checked_out(nights: Nights, _own_settings: None) -> Nights:  # noqa: F811
    folder = nights.directory
    git(folder, "init", "-q")
    git(folder, "add", "data", "templates", "run.yaml")
    git(folder, "commit", "-q", "-m", "Begin")
    pages = {"Plan": "missing-page: create\ndrift: import"}
    smallplan.write(folder, {"a": "Text."}, pages)
    git(folder, "commit", "-q", "-a", "-m", "Import")
    return nights


def taken_over(nights: Nights) -> str:
    return (
        "Take over edits from the wiki\n\nen: 1 by editor\n\n"
        f"Run {nights.report.run} on folder:wiki.\n\nCo-authored-by: editor <User:editor>"
    )


def test_what_the_run_takes_over_is_committed(checked_out: Nights):
    nights = checked_out
    nights()
    nights.edit("Text.", "People's text.")
    assert nights() is ExitStatus.DONE
    assert "People''s text." in (nights.directory / "data" / "a.yaml").read_text()
    assert git(nights.directory, "log", "-1", "--format=%B") == taken_over(nights)
    assert git(nights.directory, "status", "--porcelain", "data") == ""
    assert nights.known.written == {}


def test_a_dirty_checkout_waits_for_a_person_and_changes_nothing(checked_out: Nights):
    nights = checked_out
    nights()
    nights.say("Half written")
    before = nights.people.text("Plan")
    assert nights() is ExitStatus.WAITING
    what = (
        f"Operator: the checkout {nights.directory.name} data/a.yaml changed there and not "
        "committed; commit it, or take it back"
    )
    assert (nights.told, nights.pings) == ([what], GOOD)
    assert {each["outcome"] for each in nights.report.steps[1:7]} == {"skipped"}
    assert (nights.people.text("Plan"), nights.number) == (before, 2)
    assert (nights(), nights.told) == (ExitStatus.WAITING, [])
    git(nights.directory, "commit", "-q", "-a", "-m", "Whole")
    assert nights() is ExitStatus.DONE
    assert "Half written" in nights.people.text("Plan")


def test_what_waited_still_waits_while_nobody_looks(checked_out: Nights):
    nights = checked_out
    smallplan.write(nights.directory, {"a": "Text."}, {"Plan": "missing-page: create"})
    git(nights.directory, "commit", "-q", "-a", "-m", "Keep")
    nights()
    nights.edit("Text.", "People's text.")
    nights()
    assert len(nights.told) == 1
    nights.say("Half written")
    nights()
    assert {each["kind"] for each in nights.report.awaited} == {"edits", "checkout"}
    git(nights.directory, "checkout", "-q", "--", "data")
    assert (nights(), nights.told) == (ExitStatus.WAITING, [])


def before_commits(nights: Nights, script: str) -> Path:
    """Let git run a script before each commit; returns where it is."""
    hook = nights.directory / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)
    return hook


def test_a_commit_that_fails_is_told_and_made_the_next_night(checked_out: Nights):
    nights = checked_out
    nights()
    hook = before_commits(nights, "echo not today >&2\nexit 1")
    nights.edit("Text.", "People's text.")
    assert nights() is ExitStatus.FAILED
    assert nights.told == ["Operator: commit broke off: git commit: not today"]
    hook.unlink()
    assert nights() is ExitStatus.DONE
    assert git(nights.directory, "log", "-1", "--format=%B") == taken_over(nights)
    assert (nights.known.written, nights.known.edits) == ({}, ())


def test_a_kill_before_the_commit_takes_no_credit_from_anybody(checked_out: Nights):
    nights = checked_out
    nights()
    hook = before_commits(nights, "kill -9 $(ps -o ppid= -p $PPID)\nexit 1")
    nights.edit("Text.", "People's text.")
    arguments = ["-wiki:wiki", "-now:2021-07-01T00:00Z"]
    assert script("plan_run", "-run:run.yaml", *arguments, directory=nights.directory).status == -9
    assert nights.known.edits == (("en", "editor"),)
    hook.unlink()
    assert nights() is ExitStatus.DONE
    assert git(nights.directory, "log", "-1", "--format=%B") == taken_over(nights)
    assert git(nights.directory, "status", "--porcelain", "data") == ""


def test_what_a_person_committed_by_hand_is_not_credited_with_the_next(checked_out: Nights):
    nights = checked_out
    pages = {"Plan": "missing-page: create\ndrift: import"}
    smallplan.write(nights.directory, {"a": "Text.", "b": "Words."}, pages)
    git(nights.directory, "add", "data", "templates")
    git(nights.directory, "commit", "-q", "-m", "Two")
    nights()
    hook = nights.directory / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    nights.edit("Text.", "People's text.")
    nights()
    hook.unlink()
    git(nights.directory, "commit", "-q", "-a", "-m", "By hand")
    nights.edit("Words.", "People's words.")
    assert nights() is ExitStatus.DONE, nights.report.awaited
    assert git(nights.directory, "log", "-1", "--format=%B") == taken_over(nights)


def test_the_report_is_whole(nights: Nights):
    nights()
    nights.edit("Text.", "People's text.")
    nights()
    data = json.loads(nights.report.as_json())
    assert [each["step"] for each in data["steps"]] == [
        "pull", "check", "update", "mark", "push", "status", "metrics"
    ]  # fmt: skip
    (one,) = data["waiting"]
    assert (one["whom"], one["site"], one["section"]) == ("plan owner", "folder:wiki", "a")


STEPS = "steps: [fetch, pull, check, update, mark, push, status]\n"


def test_a_night_fetches_data_first_and_goes_on_from_the_last_good_copy(checked_out: Nights):
    nights, data = checked_out, checked_out.directory / "data"
    (nights.directory / "run.yaml").write_text(STEPS + (nights.directory / "run.yaml").read_text())
    (data / "sources.yaml").write_text("a: {page: A.json}\n")
    git(nights.directory, "add", ".")
    git(nights.directory, "commit", "-qm", "Sources")
    nights.people.edit("A.json", '{"body": {"text": "From staff."}}')
    assert nights() is ExitStatus.DONE
    assert "From staff." in nights.people.text("Plan")
    assert git(nights.directory, "log", "-1", "--format=%s") == "Take over data from its sources"
    assert nights.report.sources[0]["step"] == "fetch"

    nights.people.edit("A.json", '{"body": {"text": "From $nobody."}}')
    assert nights() is ExitStatus.FAILED
    assert "From staff." in nights.people.text("Plan")
    (told,) = nights.told
    assert "a.yaml is not as its source says" in told
    assert nights() is ExitStatus.FAILED
    assert nights.told == []
    nights.people.edit("A.json", '{"other": {"text": "From staff."}}')
    assert nights() is ExitStatus.FAILED

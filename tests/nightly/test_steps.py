"""Steps on one site: what fails keeps none from being tried that does not need it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from wikiplan.errors import Stop, WikiplanError
from wikiplan.nightly.steps import SiteSteps
from wikiplan.nightly.timelimit import TimeLimit
from wikiplan.session import session
from wikiplan.session.loading import load
from wikiplan.session.session import Session

ALL = ("pull", "check", "update", "mark", "push", "status")
FINE = dict.fromkeys(ALL, "nothing")


class Steps:
    """The steps on a small plan; each does what a test says, or nothing."""

    def __init__(self, tmp_path: Path, **does: Callable[[Session], None]) -> None:
        own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}, {"Plan": "missing-page: create"}))
        self.tried: list[str] = []
        self.noted = 0
        run = own.run(always=True)
        with session.with_plan(run, load(run.options), "lab:lab") as work:
            works = {name: self._work(name, does.get(name)) for name in ALL if name != "check"}
            self.steps = SiteSteps(work, works, TimeLimit(1), self._note)
            self.steps.run(ALL)
        self.report, self.said = run.report, own.said

    def _note(self) -> None:
        self.noted += 1

    def _work(self, name: str, does: Callable[[Session], None] | None) -> Callable[[Any], None]:
        def work(session: Session) -> None:
            self.tried.append(name)
            assert session.journal, "all steps are under the lock"
            if does:
                does(session)

        return work

    @property
    def outcomes(self) -> dict[str, str]:
        return {each["step"]: str(each["outcome"]) for each in self.report.steps}

    @property
    def waiting(self) -> list[str]:
        return [each.what for each in self.steps.waiting]


def fails(error: BaseException) -> Callable[[Session], None]:
    def does(work: Session) -> None:
        raise error

    return does


def test_all_steps_are_done_in_order_and_nothing_waits(tmp_path: Path):
    done = Steps(tmp_path)
    assert done.tried == [name for name in ALL if name != "check"]
    assert (done.outcomes, done.waiting, done.steps.told_all) == (FINE, [], True)


def test_a_step_that_fails_keeps_none_from_being_tried(tmp_path: Path):
    done = Steps(tmp_path, pull=fails(WikiplanError("odd-answer", "odd answer; look at it")))
    assert done.outcomes == FINE | {"pull": "failed"}
    assert done.waiting == ["pull broke off: odd answer; look at it"]
    assert not done.steps.told_all


def test_what_ends_a_run_ends_all_steps(tmp_path: Path):
    done = Steps(tmp_path, update=fails(Stop("blocked", "PlanBot is blocked")))
    after = dict.fromkeys(("mark", "push", "status"), "skipped")
    assert done.outcomes == FINE | {"update": "failed"} | after
    assert done.tried == ["pull", "update"]
    assert "mark: not tried: update ended with: PlanBot is blocked" in done.said


def test_what_ended_a_run_may_stand_in_the_report_only(tmp_path: Path):
    def stopped(work: Session) -> None:
        work.report.end_early(Stop("stop-page", "'Stop' has text"))

    done = Steps(tmp_path, update=stopped)
    assert done.outcomes["update"] == "stopped"
    assert done.tried == ["pull", "update"]
    assert done.waiting == ["people asked the bot to stop: 'Stop' has text"]
    assert done.report.result() == "stopped"


def test_a_signal_ends_all_steps_and_is_told_as_what_it_was(tmp_path: Path):
    done = Steps(tmp_path, pull=fails(KeyboardInterrupt()))
    assert done.tried == ["pull"]
    assert done.waiting == ["pull broke off: interrupted"]
    assert done.report.interrupted


def test_a_mistake_of_the_program_is_told_by_its_kind(tmp_path: Path):
    done = Steps(tmp_path, push=fails(KeyError("lost")))
    assert done.tried[-1] == "status"
    assert done.waiting == ["push broke off: KeyError: 'lost'"]
    assert any("This is a mistake in wikiplan" in line for line in done.said)


def test_a_full_disk_is_told_as_what_it_is(tmp_path: Path):
    error = OSError(28, "No space left on device", "data/locale/ar.po")
    done = Steps(tmp_path, pull=fails(error))
    assert done.waiting == [
        "pull broke off: data/locale/ar.po: No space left on device; make room or give access, "
        "and run again"
    ]


def test_a_plan_that_a_step_broke_is_not_written_to_the_wiki(tmp_path: Path):
    def breaks(work: Session) -> None:
        (tmp_path / "data" / "a.yaml").write_text("body: {text: 'Look at $nobody.'}\n")
        work.report.imported.append({"key": "a.body", "lang": "en", "before": "", "after": ""})

    done = Steps(tmp_path, pull=breaks)
    assert done.tried == ["pull", "push", "status"]
    assert done.noted == 1
    skipped = {name for name, outcome in done.outcomes.items() if outcome == "skipped"}
    assert skipped == {"update", "mark"}
    assert "the plan has mistakes" in done.waiting[0]


def entry(work: Session, **more: Any) -> None:
    known = {"lang": "en", "base_revid": 7, "new_revid": 0, "reason": "", "code": ""}
    work.report.pages.append({"title": "Plan", "action": "none", "sections": [], **known, **more})


def test_what_a_later_step_did_does_not_wait_any_more(tmp_path: Path):
    def waits(work: Session) -> None:
        entry(work, stage="waiting for marking")

    def marked(work: Session) -> None:
        entry(work, stage="marked, the wiki is at work")

    assert Steps(tmp_path, update=waits).waiting == ["Plan waits to be marked for translation"]
    assert Steps(tmp_path, update=waits, mark=marked).waiting == []


def test_what_several_steps_tell_of_waits_once(tmp_path: Path):
    def edited(work: Session) -> None:
        entry(work, sections=[{"name": "a", "state": "unplanned"}])

    done = Steps(tmp_path, pull=edited, update=edited, status=edited)
    assert len(done.waiting) == 1

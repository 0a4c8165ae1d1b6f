import json
from datetime import UTC, datetime

import pytest

from tests.support.running import REPORT
from wikiplan.changes.apply import PageOutcome
from wikiplan.changes.changeset import (
    Action,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.inputs import versions
from wikiplan.errors import Stop
from wikiplan.plan.shards import Shard
from wikiplan.report.report import FORMAT_VERSION, STATUS, Report, RunOutcome, gravest, new_run_id
from wikiplan.sync import Stage
from wikiplan.value import replace

NOW = datetime(2021, 7, 1, 12, 30, tzinfo=UTC)
PAGE = PageChange(base=PageBase("Plan", "en", page_id=5, revision=17), action=Action.UPDATE)


def report_of(*actions, preview=False, states=()):
    sections = tuple(SectionChange(f"s{state}", state, "", "") for state in states)
    report = Report("RUN", "lab:lab", NOW, preview=preview)
    report.add_changes(replace(PAGE, action=action, sections=sections) for action in actions)
    return report


@pytest.mark.parametrize(
    ("report", "result", "status"),
    [
        (report_of(), "nothing", 0),
        (report_of(Action.NONE), "nothing", 0),
        (report_of(Action.NONE, Action.UPDATE), "done", 0),
        (report_of(Action.CREATE), "done", 0),
        (report_of(Action.NONE, Action.UPDATE, preview=True), "pending", 2),
        (report_of(Action.NONE, preview=True), "nothing", 0),
        (report_of(Action.UPDATE, Action.DRIFT, states=[SectionState.DRIFT]), "waiting", 3),
        (report_of(Action.UPDATE, states=[SectionState.DRIFT]), "waiting", 3),
        (report_of(Action.UPDATE, states=[SectionState.MERGED]), "waiting", 3),
        (report_of(Action.UPDATE, states=[SectionState.MERGED], preview=True), "waiting", 3),
        (report_of(Action.DRIFT, states=[SectionState.CONFLICT]), "waiting", 3),
        (report_of(Action.UPDATE, states=[SectionState.RECLAIMED]), "done", 0),
        (report_of(Action.UPDATE, Action.REFUSED), "failed", 1),
        (report_of(Action.UPDATE, Action.CONFLICT), "failed", 1),
        (report_of(Action.DRIFT, Action.FAILED, states=[SectionState.DRIFT]), "failed", 1),
    ],
)
def test_the_outcome_and_the_exit_status_agree_with_the_pages(report, result, status):
    assert (report.result(), STATUS[report.result()]) == (result, status)


@pytest.mark.parametrize(
    ("report", "cause"),
    [
        (report_of(Action.UPDATE), ""),
        (report_of(Action.UPDATE, preview=True), ""),
        (report_of(Action.REFUSED, Action.FAILED), "Plan failed"),
        (report_of(Action.REFUSED, Action.CONFLICT), "Plan is in conflict"),
        (
            report_of(Action.UPDATE, states=[SectionState.CHANGED, SectionState.DRIFT]),
            "section sdrift of Plan is in the state “drift”",
        ),
    ],
)
def test_one_reason_is_the_gravest(report, cause):
    assert report.cause() == cause


def test_a_run_that_people_stopped_is_neither_done_nor_failed():
    report = report_of(Action.UPDATE, Action.FAILED)
    report.end_early(Stop("stop-page", "'Stop' has text"))
    written = json.loads(report.as_json())
    assert (written["outcome"], written["error"]) == ("stopped", "'Stop' has text")
    assert (STATUS[report.result()], report.cause()) == (1, "'Stop' has text")


def test_any_other_end_is_a_failure():
    report = report_of(Action.UPDATE)
    report.end_early(Stop("blocked", "the account is blocked"))
    assert (report.result(), report.error) == ("failed", "the account is blocked")
    report.end_early(KeyboardInterrupt())
    assert (report.result(), report.error) == ("failed", "interrupted")


def test_an_error_that_ended_the_run_is_a_failure_whatever_was_done():
    report = report_of(Action.UPDATE)
    report.error = "the wiki is gone"
    assert (report.result(), json.loads(report.as_json())["error"]) == (
        "failed",
        "the wiki is gone",
    )


def test_the_report_has_the_fields_of_the_design(tmp_path):
    change = replace(
        PAGE,
        sections=(SectionChange("a", SectionState.CHANGED, "x", "y"),),
        told=Told(untranslated=("k.one", "k.two")),
    )
    report = Report("RUN", "lab:lab", NOW, requests=7)
    report.add_outcomes([PageOutcome(change, Action.UPDATE, 18, "as it should be")])
    report.write(tmp_path / "report.json")
    written = json.loads((tmp_path / "report.json").read_text())
    assert written.pop("finished") >= written["started"]
    assert written == {
        "version": 1,
        "run": "RUN",
        "site": "lab:lab",
        "started": "2021-07-01T12:30:00Z",
        "outcome": "done",
        "requests": 7,
        "versions": dict(versions()),
        "pages": [
            {
                "title": "Plan",
                "lang": "en",
                "action": "update",
                "base_revid": 17,
                "new_revid": 18,
                "reason": "as it should be",
                "code": "",
                "sections": [{"name": "a", "state": "changed"}],
                "untranslated": 2,
                "outdated": 0,
            }
        ],
    }


def test_only_the_report_of_a_shard_says_which_one_it_is():
    report = report_of()
    assert "shard" not in json.loads(report.as_json())
    report.shard = Shard(3, 20)
    assert json.loads(report.as_json())["shard"] == {"index": 3, "of": 20}


def test_pages_that_wait_for_a_person_make_the_run_wait():
    report = Report("RUN", "lab:lab", NOW)
    report.add_waiting([PAGE], "nobody asked")
    assert (report.result(), report.pages[0]["action"]) == ("waiting", "none")


def test_run_ids_sort_by_time_and_differ():
    first, second = new_run_id(NOW), new_run_id(NOW)
    assert first != second
    assert first.startswith("20210701T123000Z-")


def test_the_parts_of_several_sites_are_told_with_what_each_came_to():
    report = Report("RUN", "lab:lab, meta:meta", NOW)
    failed, done = report.part(), report.part()
    failed.end_early(Stop("unreachable", "no answer"))
    done.add_outcomes([PageOutcome(PAGE, Action.UPDATE, 18)])
    done.requests = 5
    report.add_site("lab:lab", failed)
    report.add_site("meta:meta", done)
    written = json.loads(report.as_json())
    assert written["sites"] == [
        {"site": "lab:lab", "outcome": "failed", "requests": 0, "error": "no answer"},
        {"site": "meta:meta", "outcome": "done", "requests": 5},
    ]
    assert [(page["site"], page["title"]) for page in written["pages"]] == [("meta:meta", "Plan")]
    assert (written["outcome"], written["requests"]) == ("failed", 5)
    assert report.cause() == "lab:lab: no answer"


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["nothing", "done"], "done"),
        (["done", "pending", "nothing"], "pending"),
        (["waiting", "pending"], "waiting"),
        (["failed", "stopped", "waiting"], "stopped"),
        ([], "nothing"),
    ],
)
def test_the_gravest_outcome_is_that_of_all(outcomes: list[str], expected: str):
    assert gravest(map(RunOutcome, outcomes)) == expected


def test_the_published_schema_knows_all_states_and_fields():
    known = REPORT.schema["properties"]
    page = known["pages"]["items"]["properties"]
    assert page["action"]["enum"] == [*Action]
    assert page["sections"]["items"]["properties"]["state"]["enum"] == [*SectionState]
    assert page["stage"]["enum"] == [*Stage]
    assert known["outcome"]["enum"] == [*RunOutcome]
    report = report_of(*Action, states=[*SectionState])
    report.end_early(Stop("locked", "another run is writing"))
    told = json.loads(report.as_json())
    REPORT.validate(told)
    assert (told["version"], told["code"]) == (FORMAT_VERSION, "locked")
    assert told.keys() <= known.keys()

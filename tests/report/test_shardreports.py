"""The reports of shards, put together, are the report that one run of all would have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.test_report import PAGE, report_of
from wikiplan import records
from wikiplan.changes.changeset import Action, SectionChange, SectionState
from wikiplan.errors import Stop, WikiplanError
from wikiplan.plan.shards import Shard
from wikiplan.report.report import Report, RunOutcome
from wikiplan.report.shardreports import ShardReport, gather, put_together
from wikiplan.value import replace

NOW = datetime(2021, 7, 1, 12, 30, tzinfo=UTC)


def part(index: int, of: int = 2, *actions: Action, **fields: Any) -> ShardReport:
    """Return the report of a shard as it is read from its file."""
    report = report_of(*actions)
    report.run, report.shard = f"RUN-{index}", Shard(index, of)
    for name, value in fields.items():
        setattr(report, name, value)
    return read(report)


def read(report: Report) -> ShardReport:
    return records.read(ShardReport, report.as_json().encode(), "report.json")


def together(found: Mapping[str, ShardReport], *wrong: str) -> Report:
    report = Report("MINE", "", NOW)
    put_together(gather(found, wrong), report)
    return report


def written(report: Report) -> dict[str, Any]:
    return dict(json.loads(report.as_json()))


def test_pages_stand_in_the_order_of_the_shards_and_name_their_run():
    two = part(1, 2, Action.CREATE, requests=5)
    one = part(0, 2, Action.NONE, Action.UPDATE, requests=7)
    report = written(together({"b.json": two, "a.json": one}))
    assert [(p["run"], p["action"]) for p in report["pages"]] == [
        ("RUN-0", "none"),
        ("RUN-0", "update"),
        ("RUN-1", "create"),
    ]
    assert (report["run"], report["site"], report["outcome"]) == ("", "lab:lab", "done")
    assert report["requests"] == 12
    assert report["shards"] == [
        {"index": 0, "run": "RUN-0", "outcome": "done", "pages": 2, "requests": 7},
        {"index": 1, "run": "RUN-1", "outcome": "done", "pages": 1, "requests": 5},
    ]
    assert "error" not in report
    assert report["pages"][1] == written(report_of(Action.UPDATE))["pages"][0] | {"run": "RUN-0"}


def test_it_began_with_the_first_and_ended_with_the_last():
    early = part(0, started=NOW, finished=NOW.replace(hour=13))
    late = part(1, started=NOW.replace(hour=11), finished=NOW.replace(hour=14))
    report = written(together({"a": early, "b": late}))
    assert report["started"] == "2021-07-01T11:30:00Z"
    assert report["finished"] == "2021-07-01T14:30:00Z"


ACTIONS = st.lists(st.sampled_from([a for a in Action if a is not Action.DELETE]), max_size=4)
STATES = st.sampled_from([SectionState.UNCHANGED, SectionState.DRIFT])


@given(st.lists(st.tuples(ACTIONS, STATES, st.booleans()), min_size=1, max_size=4), st.booleans())
def test_it_came_to_what_one_run_of_all_pages_would_have_come_to(shards, preview):
    whole, parts = Report("RUN", "lab:lab", NOW, preview=preview), {}
    for index, (actions, state, waiting) in enumerate(shards):
        sections = (SectionChange("a", state, "", ""),)
        pages = [replace(PAGE, action=action, sections=sections) for action in actions]
        report = Report("RUN", "lab:lab", NOW, preview=preview, waiting=waiting)
        report.shard = Shard(index, len(shards)) if len(shards) > 1 else Shard(0, 1)
        for each in (report, whole):
            each.add_changes(pages)
        whole.waiting = whole.waiting or waiting
        parts[f"{index}.json"] = read(report)
    if len(shards) == 1:
        return
    found = together(parts)
    assert found.result() == whole.result()
    assert found.cause() == whole.cause()


def test_a_stopped_shard_is_told_as_the_gravest():
    stopped = report_of()
    stopped.shard = Shard(1, 2)
    stopped.end_early(Stop("stop-page", "Stop has text"))
    report = together({"a": part(0, 2, Action.FAILED), "b": read(stopped)})
    assert report.result() is RunOutcome.STOPPED
    assert report.cause() == "shard 1: Stop has text"


def test_a_missing_report_is_a_failure_and_named():
    report = together({"a": part(1, 4, Action.UPDATE)})
    assert (report.result(), report.error) == (
        RunOutcome.FAILED,
        "no report of shards 0, 2, 3 of 4",
    )
    assert report.shards[0] == {
        "index": 0, "run": "", "outcome": "missing", "pages": 0, "requests": 0,
    }  # fmt: skip
    assert report.whose == "1 of 4 shards"
    assert together({"a": part(0)}).error == "no report of shard 1 of 2"


def test_what_does_not_belong_to_the_first_is_left_out_and_told():
    report = together(
        {
            "whole.json": read(report_of(Action.UPDATE)),
            "a.json": part(0, 2, Action.NONE),
            "b.json": part(1, 3, Action.UPDATE),
            "c.json": part(1, 2, Action.UPDATE, site="meta:meta"),
            "d.json": part(0, 2, Action.UPDATE),
            "e.json": part(1, 2, site="", error="pages.yaml: is missing"),
        },
        "f.json: is no JSON",
    )
    assert report.error.splitlines() == [
        "f.json: is no JSON",
        "whole.json: is the report of a run without shards",
        "b.json: is of shard 1 of 3, not of 2",
        "c.json: is of meta:meta, not of lab:lab",
        "d.json: is of shard 0, and so is that of run RUN-0",
        "shard 1: pages.yaml: is missing",
    ]
    assert [page["action"] for page in report.pages] == ["none"]
    assert report.result() is RunOutcome.FAILED


def test_without_any_report_of_a_shard_there_is_nothing_to_put_together():
    with pytest.raises(WikiplanError) as refused:
        gather({"a.json": read(report_of())}, ["b.json: is missing, …"])
    assert str(refused.value) == "b.json: is missing, …\nno file is the report of a shard"


def test_what_few_reports_have_is_kept():
    one = part(
        0,
        killed=[{"run": "R", "saved": 1, "pages": []}],
        left=[{"title": "Old", "sections": ["a"]}],
        only_versions=[{"cause": "Babel", "pages": ["A"]}],
        assumption="as 2024.01",
    )
    two = part(
        1,
        imported=[{"key": "a.b", "lang": "en", "before": "", "after": "x"}],
        only_versions=[{"cause": "Babel", "pages": ["B"]}, {"cause": "tzdata", "pages": ["C"]}],
    )
    report = written(together({"a": one, "b": two}))
    assert report["killed_runs"] == [{"run": "R", "saved": 1, "pages": []}]
    assert report["left"] == [{"title": "Old", "sections": ["a"]}]
    assert report["imported"] == [{"key": "a.b", "lang": "en", "before": "", "after": "x"}]
    assert report["assumption"] == "as 2024.01"
    assert report["only_versions"] == [
        {"cause": "Babel", "pages": ["A", "B"]},
        {"cause": "tzdata", "pages": ["C"]},
    ]


def test_shards_of_different_versions_show_in_the_versions():
    one = part(0, versions={"wikiplan": "1", "Babel": "2.18"})
    two = part(1, versions={"wikiplan": "1", "Babel": "2.19"})
    report = written(together({"a": one, "b": two}))
    assert report["versions"] == {"wikiplan": "1", "Babel": "2.18, 2.19"}


def test_what_the_shards_did_on_a_site_is_put_together():
    parts = {}
    for index, errors in enumerate((("", "no answer"), ("", ""), ("no answer", ""))):
        report = Report(f"RUN-{index}", "lab:lab, meta:meta", NOW, shard=Shard(index, 3))
        for site, error in zip(("lab:lab", "meta:meta"), errors, strict=True):
            found = report_of(Action.UPDATE)
            found.requests, found.error = index, error
            report.add_site(site, found)
        parts[str(index)] = read(report)
    assert together(parts).sites == [
        {"site": "lab:lab", "outcome": "failed", "requests": 3, "error": "no answer"},
        {"site": "meta:meta", "outcome": "failed", "requests": 3, "error": "no answer"},
    ]

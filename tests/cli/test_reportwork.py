"""``plan_report``: files of reports in, one report and one exit status out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from wikiplan_scripts import plan_report

from tests.report.test_report import report_of
from wikiplan.changes.changeset import Action
from wikiplan.plan.shards import Shard


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(index: int, *actions: Action) -> str:
    """Write the report of one of two shards; returns its file."""
    report = report_of(*actions)
    report.run, report.shard, report.requests = f"RUN-{index}", Shard(index, 2), 3
    for number, page in enumerate(report.pages):
        page["title"] = f"Page {index}.{number}"
    report.write(Path(f"shard-{index}.json"))
    return f"shard-{index}.json"


def test_the_report_of_all_has_the_pages_of_each(place, capsys):
    names = [written(0, Action.UPDATE), written(1, Action.NONE, Action.CREATE)]
    assert plan_report.main(*names, "-report:all.json") == 0
    report = json.loads((place / "all.json").read_text())
    assert [page["action"] for page in report["pages"]] == ["update", "none", "create"]
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == (
        "2 of 2 shards on lab:lab: done. 1 updated, 1 left as they are, 1 created; 6 requests."
    )
    assert [line.split() for line in said.splitlines() if "RUN-" in line] == [
        ["0", "RUN-0", "done", "1", "3"],
        ["1", "RUN-1", "done", "2", "3"],
    ]


def test_files_that_are_no_report_are_named_and_the_others_put_together(place, capsys):
    (place / "odd.json").write_text('{"run": 5}')
    names = [written(0, Action.UPDATE), "shard-1.json", "odd.json"]
    assert plan_report.main(*names, "-report:all.json") == 1
    report = json.loads((place / "all.json").read_text())
    assert report["error"].splitlines() == [
        "no report of shard 1 of 2",
        "shard-1.json: is missing; add it, or name another file",
        "odd.json: run: a text is expected here",
    ]
    assert [page["action"] for page in report["pages"]] == ["update"]
    assert report["error"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told", "id"),
    [
        ([], "which reports? name the files that runs with -shard: wrote", "which-reports"),
        (
            ["gone.json"],
            "gone.json: is missing; add it, or name another file\nno file is the report of a shard",
            "no-shard-reports",
        ),
        (["-data:x", "a.json"], "-data:x: no such option; see -help", "unknown-option"),
    ],
)
def test_where_there_is_nothing_to_put_together_that_is_told(arguments, told, id, place, capsys):
    assert plan_report.main(*arguments, "-report:all.json") == 1
    assert capsys.readouterr().err == f"{told} [{id}]\n"
    assert json.loads((place / "all.json").read_text())["error"] == told

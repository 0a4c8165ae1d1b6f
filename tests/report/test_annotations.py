"""What a check found, as GitHub and GitLab read it."""

from __future__ import annotations

import json
from pathlib import Path

from wikiplan.errors import Fault, Message
from wikiplan.report.annotations import Annotations, annotated

FAULTS = [
    Fault(
        "./data/pages.yaml",
        6,
        9,
        "pages[0].title",
        Message("unknown-link", "links.yaml has no “a,b: 100 %”\nat all; correct it"),
    ),
    Fault("data/locale/ar.po", 0, 0, "", Message("missing-catalog", "is missing; make it")),
    Fault("data/x.yaml", 3, 1, "a", Message("unused-link", "is never used; remove it"), True),
    Fault("data/x.yaml", 5, 1, "a", Message("unused-link", "is never used; remove it"), True),
]


def test_github_reads_a_command_a_line():
    assert annotated(FAULTS, Annotations.GITHUB).splitlines() == [
        "::error file=data/pages.yaml,line=6,col=9,title=unknown-link::pages[0].title: links.yaml "
        "has no “a,b: 100 %25”%0Aat all; correct it",
        "::error file=data/locale/ar.po,title=missing-catalog::is missing; make it",
        "::warning file=data/x.yaml,line=3,col=1,title=unused-link::a: is never used; remove it",
        "::warning file=data/x.yaml,line=5,col=1,title=unused-link::a: is never used; remove it",
    ]


def test_gitlab_reads_a_list_of_issues_each_with_its_own_fingerprint():
    issues = json.loads(annotated(FAULTS, Annotations.GITLAB))
    assert len({each.pop("fingerprint") for each in issues}) == len(FAULTS)
    assert issues[1:3] == [
        {
            "description": "is missing; make it",
            "check_name": "missing-catalog",
            "severity": "major",
            "location": {"path": "data/locale/ar.po", "lines": {"begin": 1}},
        },
        {
            "description": "a: is never used; remove it",
            "check_name": "unused-link",
            "severity": "minor",
            "location": {"path": "data/x.yaml", "lines": {"begin": 3}},
        },
    ]


def test_a_fingerprint_stays_when_lines_above_come_and_go():
    def prints(faults: list[Fault]) -> list[str]:
        return [e["fingerprint"] for e in json.loads(annotated(faults, Annotations.GITLAB))]

    moved = [Fault(e.file, e.line + 7, e.column, e.key, e.message, e.warning) for e in FAULTS]
    assert prints(moved) == prints(FAULTS)


def test_files_are_named_below_the_folder_of_the_run(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fault = Fault(
        str(tmp_path / "data" / "a.yaml"), 1, 1, "", Message("empty", "is empty; fill it")
    )
    assert annotated([fault], Annotations.GITHUB).startswith("::error file=data/a.yaml,line=1,")


def test_nothing_is_wrong():
    assert annotated([], Annotations.GITHUB) == ""
    assert annotated([], Annotations.GITLAB) == "[]\n"

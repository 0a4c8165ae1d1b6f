"""Faults of groups, included files and patterns; their messages are in cases/plan."""

from __future__ import annotations

from pathlib import Path

from wikiplan.plan.listfaults import list_faults
from wikiplan.plan.source import read_source

HEAD = "site: meta:meta\nsource-language: en\nlanguages: [en]\npages:\n"
SECTIONS = "sections: [{name: '{event}', template: a, data: office-hours}]"
EVENTS = "events:\n" + "".join(
    f"  - {{key: {number}-talk, start: 2021-01-01T10:00Z}}\n" for number in range(1000)
)


def told(directory: Path, entries: str, **files: str) -> list[str]:
    for name, text in {"pages": HEAD + entries, **files}.items():
        (directory / f"{name.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    return [str(fault).partition(": ")[2] for fault in list_faults(read_source(directory))]


def test_a_mistake_of_a_thousand_pages_is_told_once(tmp_path: Path):
    entries = f"  - title: Talks/{{event}}\n    {SECTIONS}\n"
    assert told(tmp_path, entries, office_hours=EVENTS) == [
        "pages.1.sections.1.name (event 0-talk, and 999 more): “0-talk” is not a name; "
        "use a-z, 0-9 and single hyphens, like office-hours"
    ]


def test_without_pages_nothing_is_told(tmp_path: Path):
    assert list(list_faults(read_source(tmp_path))) == []
    assert told(tmp_path, "  - 4\n  - words\n") == []

"""Pages that the plan had in its last run and has no more: told."""

from __future__ import annotations

from collections.abc import Mapping

from wikiplan.changes import WAY_OUT, KnownPage
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal


def sentences(gone: Mapping[str, KnownPage]) -> tuple[str, ...]:
    return tuple(
        f"{title}: the last run managed section {', '.join(last.sections)} of this page, and "
        f"pages.yaml has it no more: it stays as it is, with its markers; {WAY_OUT}"
        for title, last in sorted(gone.items())
    )


def tell(gone: Mapping[str, KnownPage], report: Report, terminal: Terminal) -> None:
    """Say and report which pages the plan has no more; one shard tells of each."""
    gone = {title: last for title, last in gone.items() if report.shard.has(title)}
    report.left = [
        {"title": title, "sections": list(last.sections)} for title, last in sorted(gone.items())
    ]
    for told in sentences(gone):
        terminal.say(told)

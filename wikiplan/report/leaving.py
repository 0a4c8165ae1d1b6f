"""Pages that the plan had in its last run and has no more: told, and not made a second time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wikiplan.changes import Action, ChangeSet, KnownPage, PageChange
from wikiplan.errors import Refusal
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal

WAY_OUT = "say under `retired` in pages.yaml what remains of it"


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


def without_doubles(changes: ChangeSet, gone: Mapping[str, KnownPage]) -> ChangeSet:
    """Return the change set without new pages that may be old ones under another title."""
    return replace(changes, pages=tuple(_refused(page, gone) for page in changes.pages))


def _refused(page: PageChange, gone: Mapping[str, KnownPage]) -> PageChange:
    names = {section.name for section in page.sections}
    old = [title for title, last in gone.items() if _is_like(page, title, last, names)]
    if page.action is not Action.CREATE or not old:
        return page
    refused = page.refused(
        Refusal(
            "renamed-page",
            f"the last run managed the same sections on {old[0]!r}, which pages.yaml has no more: "
            f"if the page has a new title, move it on the wiki; if this is another page, {WAY_OUT}",
        )
    )
    return replace(refused, after=page.before)


def _is_like(page: PageChange, title: str, last: KnownPage, names: set[str]) -> bool:
    """Tell whether a page of this title may have been the same page, in the same language."""
    language = f"/{page.language}"
    same_language = page.title.endswith(language) == title.endswith(language)
    return same_language and names == set(last.sections)

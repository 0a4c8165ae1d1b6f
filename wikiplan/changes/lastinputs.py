"""What the pages of a wiki were last made from, in a file beside the journal.

With it a run can say which pages change only because a library became newer, and that a file is
gone. Losing it is harmless: of a page that it does not know nothing is said.
"""

from __future__ import annotations

import glob
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from wikiplan import files, records
from wikiplan.changes.changeset import Action, ChangeSet, PageChange, SectionState
from wikiplan.changes.inputs import Inputs
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.records import Count, Record
from wikiplan.wikitext import sections

_AS_THE_PLAN_SAYS = (
    SectionState.UNCHANGED, SectionState.CHANGED, SectionState.NEW, SectionState.RECLAIMED,
)  # fmt: skip
_AS_WRITTEN = (SectionState.UNCHANGED, SectionState.CHANGED, SectionState.LEFT_OUT)


@dataclass(frozen=True, slots=True)
class LastInputs:
    """What a page was made from; ``sections`` are the digests in their markers, by name.

    ``data`` is the directory of the plan: several plans may write as one account.
    """

    inputs: Inputs
    content_language: str
    sections: Mapping[str, str]
    data: str = ""


class _SavedPage(Record):
    """``inputs`` is the place of the page's inputs among those of the file."""

    inputs: Count
    content_language: str
    sections: dict[str, str]
    data: str = ""


class _Saved(Record):
    inputs: tuple[Inputs, ...]
    pages: dict[str, _SavedPage]


def path_of(folder: Path, site: str, account: str) -> Path:
    return folder / f"{files.lock_name(site, account)}.inputs.json"


def read_all(folder: Path, site: str) -> dict[str, LastInputs]:
    """Return what is known of a site's pages, whichever account made them."""
    known: dict[str, LastInputs] = {}
    for path in sorted(folder.glob(f"{glob.escape(files.lock_name(site, ''))}*.inputs.json")):
        known |= read(path)
    return known


def read(path: Path) -> dict[str, LastInputs]:
    """Return what is known, by page title; nothing when the file is not there, or is damaged."""
    try:
        saved = records.read(_Saved, files.read(path), str(path))
        return {
            title: LastInputs(
                saved.inputs[page.inputs], page.content_language, page.sections, page.data
            )
            for title, page in saved.pages.items()
        }
    except (OSError, WikiplanError, IndexError):
        return {}


def missing(
    known: Mapping[str, LastInputs], titles: Collection[str], now: Collection[str]
) -> tuple[str, ...]:
    """Return the files that all of these pages were made from, and that are not there any more.

    One page that was made without is enough: then somebody meant it.
    """
    had = [set(known[title].inputs.files) for title in titles if title in known]
    common = set.intersection(*filter(None, had)) if any(had) else set()
    return tuple(sorted(common.difference(now)))


def remember(
    path: Path, changes: ChangeSet, saved: Collection[str], tags: frozenset[str], data: Path
) -> None:
    """Note what the pages were made from that are as the plan in ``data`` says.

    ``saved`` are the titles of the pages that were written, ``tags`` the wiki's extension tags.
    """
    if changes.inputs is None:
        return
    before = read(path)
    after = dict(before)
    for page in changes.pages:
        if page.title not in saved and page.action is not Action.NONE:
            continue
        if page.sections and all(s.state is SectionState.RETIRED for s in page.sections):
            after.pop(page.title, None)
        now = _as_the_plan_says(page, changes.inputs, tags)
        now = now and replace(now, data=str(data.resolve()))
        if now and not _differ_in_the_clock_only(now, before.get(page.title)):
            after[page.title] = now
    if after != before:
        with suppress(OSError):  # a run that has nothing to write needs no place to write
            files.replace_private(path, _as_bytes(after))


def left(
    known: Mapping[str, LastInputs], data: Path, titles: Collection[str]
) -> dict[str, LastInputs]:
    """Return what the plan in ``data`` had in its last run and has no more, by page title."""
    whose = str(data.resolve())
    return {t: last for t, last in known.items() if last.data == whose and t not in titles}


def of_page(
    known: Mapping[str, LastInputs], page: PageChange, tags: frozenset[str]
) -> LastInputs | None:
    """Return what a page to be changed was made from, if its sections are as made then."""
    states = {section.state for section in page.sections}
    if page.action is not Action.UPDATE or not states.issubset(_AS_WRITTEN):
        return None
    last = known.get(page.title)
    if last is None or last.content_language != page.base.content_language:
        return None
    return last if _digests(page, page.before, tags) == last.sections else None


def _as_the_plan_says(page: PageChange, inputs: Inputs, tags: frozenset[str]) -> LastInputs | None:
    """Return what to note of a page, nothing where a section is otherwise or has no text here."""
    if any(section.state not in _AS_THE_PLAN_SAYS for section in page.sections):
        return None
    found = _digests(page, page.after, tags)
    return LastInputs(inputs, page.base.content_language, found) if found else None


def _digests(page: PageChange, text: str, tags: frozenset[str]) -> dict[str, str]:
    """Return the digests in the markers of a page's sections, none of a page without its text."""
    names = {section.name for section in page.sections}
    try:
        found = sections.find(text, tags)
    except Refusal:
        return {}
    return {each.name: each.digest or "" for each in found if each.name in names}


def _differ_in_the_clock_only(now: LastInputs, last: LastInputs | None) -> bool:
    """Say whether a page was made anew of the same: then it is the same at either time."""
    if last is None:
        return False
    at_that_time = now.inputs.model_copy(update={"now": last.inputs.now})
    return replace(now, inputs=at_that_time) == last


def _as_bytes(pages: Mapping[str, LastInputs]) -> bytes:
    inputs: list[Inputs] = []
    for last in pages.values():
        if last.inputs not in inputs:
            inputs.append(last.inputs)
    saved = {
        title: _SavedPage(
            inputs=inputs.index(last.inputs),
            content_language=last.content_language,
            sections=dict(last.sections),
            data=last.data,
        )
        for title, last in pages.items()
    }
    return f"{_Saved(inputs=tuple(inputs), pages=saved).model_dump_json(indent=1)}\n".encode()

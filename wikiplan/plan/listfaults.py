"""Faults of the list of pages itself: of groups, included files and patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wikiplan.errors import Fault, Message, did_you_mean
from wikiplan.plan import patterns, values
from wikiplan.plan.kinds import MORE_PAGES, kind_of
from wikiplan.plan.model import PageEntry, problems
from wikiplan.plan.pagelist import PAGES, Origin, PageList
from wikiplan.plan.source import Source
from wikiplan.yaml import Document, KeyPath, value_in

NEEDED = ("title", "sections")
"""What a page must have, be it from its group."""
_OF_PATTERNS = ("except", "each", "remains")


def list_faults(source: Source) -> Iterator[Fault]:
    pages = source.pages
    if pages is None:
        return
    yield from pages.faults
    documents = [each for stem, each in source.documents.items() if kind_of(stem) == MORE_PAGES]
    for document in (pages.raw, *documents):
        yield from _include_faults(source, pages, document)
    for stem, document in source.documents.items():
        if kind_of(stem) == MORE_PAGES and stem not in pages.included:
            message = Message(
                "pages-not-included",
                f"no entry of pages.yaml includes this file; add “- include: {stem}” there",
            )
            yield document.fault((), message)
    yield from pages.few(_entry_faults(pages))


def _include_faults(source: Source, pages: PageList, document: Document) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place in _entries(document, (PAGES,)):
        at = (*place, "include")
        stem = value_in(document.data, at)
        if not isinstance(stem, str) or not values.STEM.matches(stem):
            continue
        line = document.value_at(at)[0]
        if document is not pages.raw:
            message = Message(
                "include-in-include",
                "only pages.yaml itself can include files; move the entry there",
            )
            yield document.fault((*place, "include"), message, key=True)
        elif kind_of(stem) != MORE_PAGES:
            message = Message(
                "include-of-no-pages",
                f"“{stem}” is no list of pages; make it a file below data/pages/",
            )
            yield document.fault(at, message)
        elif stem not in source.documents and stem not in source.damaged:
            known = [each for each in source.documents if kind_of(each) == MORE_PAGES]
            hint = did_you_mean(stem, known) or "add the file or name another"
            yield document.fault(
                at, Message("include-of-nothing", f"data/ has no file {stem}.yaml; {hint}")
            )
        elif first.setdefault(stem, line) != line:
            message = Message(
                "doubled-include",
                f"{stem} is included on line {first[stem]} already; take one of the two out",
            )
            yield document.fault(at, message)


def _entries(document: Document, place: KeyPath) -> Iterator[KeyPath]:
    """Yield the places of a list's entries, and of those in groups."""
    for entry in document.items(place):
        yield entry
        yield from _entries(document, (*entry, PAGES))


def _entry_faults(pages: PageList) -> Iterator[Fault]:
    for at, origin in enumerate(pages.origins):
        place, entry = (PAGES, at), pages.data[PAGES][at]
        if not isinstance(entry, dict):
            continue
        for key in NEEDED:
            if key not in entry:
                message = Message("page-without-key", f"the key is missing; add a line “{key}: …”")
                yield pages.fault((*place, key), message)
        yield from _field_faults(pages, place, entry, origin)
        if origin.subjects:
            yield from _filled_faults(pages, at, entry)
        else:
            yield from _needless_faults(pages, place, origin)


def _field_faults(
    pages: PageList, place: KeyPath, entry: dict[str, Any], origin: Origin
) -> Iterator[Fault]:
    """Yield fields that are left, because the title, which says what there is, has none such."""
    places = [
        ("sections", number, key)
        for number, _ in enumerate(patterns.listed(entry.get("sections")))
        for key in patterns.OF_SECTION
    ]
    known = patterns.fields_in(origin.pattern)
    for at in (*places, *(("missing-section", where) for where in values.PLACES)):
        for name in patterns.fields_in(value_in(entry, at)):
            hint = did_you_mean(name, known) or "put it in there too, or take it out here"
            message = Message("field-not-in-title", f"the title has no {{{name}}}; {hint}")
            yield pages.fault((*place, *at), message)


def _filled_faults(pages: PageList, at: int, entry: dict[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with what a pattern made, such as an impossible title."""
    for problem in problems(PageEntry, entry):
        if problem["type"] == "value_error" and isinstance(problem["input"], str):
            message = Message.of(problem["ctx"]["error"])
            said = "" if message.startswith("“") else f"“{problem['input']}” "
            named = [each for each in pages.origins[at].subjects if each.shown != each.key]
            if problem["loc"] == ("title",) and named:
                message = message.or_else(f"{{{named[0].name}.key}} instead of its name")
            yield pages.fault((PAGES, at, *problem["loc"]), message.about(said))


def _needless_faults(pages: PageList, place: KeyPath, origin: Origin) -> Iterator[Fault]:
    document, at = origin.written
    here = value_in(document.data, at)
    for key in _OF_PATTERNS:
        if key in here and not patterns.fields_in(here.get("title")):
            message = Message(
                "for-patterns-only",
                "is for patterns only; put a field like {year} into the title, or remove it",
            )
            yield pages.fault((*place, key), message, key=True)

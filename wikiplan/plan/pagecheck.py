"""Faults of ``pages.yaml`` that no shape can tell: languages, titles, sections and their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from wikiplan.errors import Fault
from wikiplan.l10n import languages
from wikiplan.near import did_you_mean
from wikiplan.plan import scalars
from wikiplan.plan.source import WITHOUT_UNITS, Source, kind_of
from wikiplan.plan.units import blocks_in, link_key, prefix
from wikiplan.plan.yamlfile import Document, Place, value_in
from wikiplan.wikitext import titles

_FISCAL_YEAR = re.compile(r"\d{4}-\d{4}")

FOR_TRANSLATABLE = ("ids", "priority-languages")
FOR_PLAIN = ("language-pages", "fallback")
"""Keys that mean nothing on the other kind of page."""


def page_faults(source: Source) -> Iterator[Fault]:
    yield from _fiscal_year_faults(source)
    pages = source.documents.get("pages")
    if pages is None or not isinstance(pages.data, dict):
        return
    yield from _language_faults(source, pages)
    yield from _glossary_faults(source)
    yield from _title_faults(pages)
    for place in _items(pages, ("pages",)):
        yield from _section_faults(source, pages, (*place, "sections"))
        yield from _kind_faults(pages, place)
        yield from _id_faults(source, pages, place)
        yield from _priority_faults(pages, (*place, "priority-languages", "languages"))
    yield from _unused_files(source, pages)


def _fiscal_year_faults(source: Source) -> Iterator[Fault]:
    """Yield where a file of priorities and its name speak of different years."""
    for stem, document in source.documents.items():
        year = value_in(document.data, ("fiscal-year",))
        name = PurePosixPath(stem).name
        if kind_of(stem) == "priorities" and _FISCAL_YEAR.fullmatch(str(year)) and year != name:
            message = f"the file is named {name}, not {year}; make them agree"
            yield document.fault(("fiscal-year",), message)


def _items(document: Document, place: Place) -> Iterator[Place]:
    """Yield the places of a list's items, none where there is no list."""
    items = value_in(document.data, place)
    for index in range(len(items) if isinstance(items, list) else 0):
        yield (*place, index)


def _language_faults(source: Source, pages: Document) -> Iterator[Fault]:
    whole = [place for place in _items(pages, ("languages",)) if _text(pages, place)]
    lists = [whole, *(list(_items(pages, (*page, "languages"))) for page in _pages(pages))]
    yield from _unknown_languages(pages, [("source-language",), *whole])
    known = [_text(pages, place) for place in whole]
    for places in lists:
        yield from _doubled(pages, places, "the language")
    for places in lists[1:]:
        for place in places:
            if _text(pages, place) and _text(pages, place) not in known:
                yield pages.fault(place, _foreign(_text(pages, place), known))
    yield from _key_faults(source, known)
    yield from _homeless_languages(pages)


def _homeless_languages(pages: Document) -> Iterator[Fault]:
    """Yield a page's own languages that, as it says, have no pages."""
    source = _text(pages, ("source-language",))
    for page in _pages(pages):
        if _text(pages, (*page, "language-pages")) == "none":
            for place in _items(pages, (*page, "languages")):
                if _text(pages, place) not in ("", source):
                    message = "has no page, says “language-pages: none”; remove one of the two"
                    yield pages.fault(place, f"“{_text(pages, place)}” {message}")


def _pages(pages: Document) -> Iterator[Place]:
    return _items(pages, ("pages",))


def _text(document: Document, place: Place) -> str:
    """Return the text at a place, an empty one where something else stands."""
    value = value_in(document.data, place)
    return value if isinstance(value, str) else ""


def _unknown_languages(document: Document, places: list[Place]) -> Iterator[Fault]:
    for place in places:
        code = _text(document, place)
        if scalars.LANGUAGE_CODE.matches(code) and not languages.is_known(code):
            yield document.fault(place, _unknown(code))


def _unknown(code: str) -> str:
    hint = did_you_mean(code, languages.known()) or "write a code of MediaWiki's, like pt-br"
    return f"the language “{code}” is not known; {hint}"


def _foreign(code: str, known: list[str]) -> str:
    hint = did_you_mean(code, known) or "add it there or remove it here"
    return f"“{code}” is not one of the plan's languages; {hint}"


def _key_faults(source: Source, known: list[str]) -> Iterator[Fault]:
    """Yield the codes that stand as keys, in languages.yaml and glossary.yaml, and are wrong."""
    for document, place in _code_places(source):
        code = str(place[-1])
        if scalars.LANGUAGE_CODE.matches(code) and not languages.is_known(code):
            yield document.fault(place, _unknown(code), key=True)
        elif scalars.LANGUAGE_CODE.matches(code) and known and code not in known:
            fault = document.fault(place, _foreign(code, known), key=True)
            yield replace(fault, warning=True)


def _code_places(source: Source) -> Iterator[tuple[Document, Place]]:
    for stem, document in source.documents.items():
        places: list[Place] = [()] if stem == "languages" else []
        if stem == "glossary":
            places = [(*term, "translations") for term in _items(document, ("terms",))]
        for place in places:
            codes = value_in(document.data, place)
            keys = codes if isinstance(codes, dict) else {}
            yield from ((document, (*place, code)) for code in keys)


def _glossary_faults(source: Source) -> Iterator[Fault]:
    document = source.documents.get("glossary")
    if document:
        terms = [(*term, "term") for term in _items(document, ("terms",))]
        yield from _doubled(document, terms, "the term")


def _doubled(document: Document, places: list[Place], what: str) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for place in places:
        text = _text(document, place)
        if text and first.setdefault(text, place) != place:
            line = document.value_at(first[text])[0]
            message = f"{what} “{text}” is doubled (first on line {line}); remove one"
            yield document.fault(place, message)


def _title_faults(pages: Document) -> Iterator[Fault]:
    """Yield pages that would be written twice, also as another page's language version."""
    first: dict[str, Place] = {}
    for page in _pages(pages):
        place = (*page, "title")
        for title in _titles(pages, page):
            line = pages.value_at(first.setdefault(title, place))[0]
            if first[title] != place:
                message = f"the page “{title}” is already one of line {line}; choose another title"
                yield pages.fault(place, message)
                break


def _titles(pages: Document, page: Place) -> list[str]:
    title = _normal(_text(pages, (*page, "title")))
    source = _text(pages, ("source-language",))
    own = _codes(pages, (*page, "languages"))
    every = own or _codes(pages, ("languages",))
    if not own and _text(pages, (*page, "language-pages")) == "none":
        every = [source]
    return [title if code == source else f"{title}/{code}" for code in every] if title else []


def _normal(title: str) -> str:
    """Return a title as the wiki writes it, empty when its shape has a fault of its own."""
    try:
        return titles.normal(title)
    except ValueError:
        return ""


def _codes(pages: Document, place: Place) -> list[str]:
    return list(dict.fromkeys(filter(None, (_text(pages, item) for item in _items(pages, place)))))


def _section_faults(source: Source, pages: Document, place: Place) -> Iterator[Fault]:
    sections = list(_items(pages, place))
    yield from _doubled(pages, [(*section, "name") for section in sections], "the section name")
    for section in sections:
        stem = _text(pages, (*section, "data"))
        files = {*source.documents, *source.damaged}
        if scalars.STEM.matches(stem) and stem not in files:
            hint = did_you_mean(stem, files) or "add the file or name another"
            yield pages.fault((*section, "data"), f"data/ has no file {stem}.yaml; {hint}")


def _unused_files(source: Source, pages: Document) -> Iterator[Fault]:
    used = {
        _text(pages, (*section, "data"))
        for page in _pages(pages)
        for section in _items(pages, (*page, "sections"))
    }
    for stem, document in source.documents.items():
        if kind_of(stem) in ("own", "text") and stem not in used:
            message = "no section of pages.yaml uses this file; name it there or delete it"
            yield replace(document.fault((), message), warning=True)


def _kind_faults(pages: Document, page: Place) -> Iterator[Fault]:
    """Yield keys that mean nothing on a page of this kind."""
    translatable = _text(pages, (*page, "kind")) == "translatable"
    entry = value_in(pages.data, page)
    for key in FOR_PLAIN if translatable else FOR_TRANSLATABLE:
        if isinstance(entry, dict) and key in entry:
            other = "plain" if translatable else "translatable"
            message = f"is for {other} pages only; remove it, or write “kind: {other}”"
            yield pages.fault((*page, key), message, key=True)


def _id_faults(source: Source, pages: Document, page: Place) -> Iterator[Fault]:
    place = (*page, "ids")
    ids = value_in(pages.data, place)
    if not isinstance(ids, dict):
        return
    names = [_text(pages, (*at, "name")) for at in _items(pages, (*page, "sections"))]
    known = _unit_keys(source)
    first: dict[str, str] = {}
    for key, id in ids.items():
        if first.setdefault(str(id), key) != key:
            message = f"the id {id} is already that of “{first[str(id)]}”; correct one of the two"
            yield pages.fault((*place, key), message)
        yield from _id_key_faults(pages, (*place, key), names, known)


def _unit_keys(source: Source) -> set[str]:
    """Return the keys of all units, those of the links' titles among them."""
    links = source.documents.get("links")
    names = links.data if links and isinstance(links.data, dict) else ()
    return {link_key(str(name)) for name in names} | {
        ".".join((prefix(stem), *block.segments))
        for stem, document in source.documents.items()
        if kind_of(stem) not in WITHOUT_UNITS
        for block in blocks_in(document.data)
        if block.segments is not None
    }


def _id_key_faults(
    pages: Document, place: Place, sections: list[str], known: set[str]
) -> Iterator[Fault]:
    """Yield what is wrong with a key of ``ids``; a unit that left the plan keeps its id."""
    section, colon, key = str(place[-1]).rpartition(":")
    if colon and section not in sections:
        hint = did_you_mean(section, sections) or f"write one of {', '.join(sections)}"
        yield pages.fault(place, f"the page has no section “{section}”; {hint}", key=True)
    if key not in known and not any(key.endswith(f".{label}") for label in known):
        hint = did_you_mean(key, known) or "keep the line if it had: its id must not be used again"
        fault = pages.fault(place, f"the plan has no unit “{key}”; {hint}", key=True)
        yield replace(fault, warning=True)


def _priority_faults(pages: Document, place: Place) -> Iterator[Fault]:
    places = list(_items(pages, place))
    yield from _unknown_languages(pages, places)
    yield from _doubled(pages, places, "the language")

"""Faults of ``pages.yaml`` that no shape can tell: languages, titles, sections and their files."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import cache
from pathlib import PurePosixPath

from wikiplan.errors import Fault, Message, did_you_mean
from wikiplan.l10n import Years, fiscalyears, languages, parse_fiscal_year
from wikiplan.plan import moves, values
from wikiplan.plan.kinds import (
    EVENTS,
    OF_ONE_EVENT,
    STATUSES,
    file_kind,
    kind_of,
    status_label,
)
from wikiplan.plan.knownfacts import event_keys
from wikiplan.plan.pagelist import PageList
from wikiplan.plan.source import Source
from wikiplan.plan.units import blocks_in, items_in, link_key, prefix
from wikiplan.plan.values import hyphen_message
from wikiplan.value import replace
from wikiplan.wikitext import syntax
from wikiplan.yaml import Document, KeyPath, places_in, value_in, values_in

MOST_PAGES_OF_PLAN = 100_000
"""What a language's versions of a page are counts as one."""

FOR_TRANSLATABLE = ("ids", "priority-languages")
FOR_PLAIN = ("language-pages", "fallback", "page-language")
"""Keys that mean nothing on the other kind of page."""
BUNDLED = ("labels", "statuses", "teams")
"""What stands for several texts in a message bundle."""
ADD_OR_REMOVE = "add it there or remove it here"


def page_faults(source: Source) -> Iterator[Fault]:
    yield from _file_name_faults(source)
    pages = source.pages
    if pages is None:
        return
    yield from pages.few(_page_faults(source, pages))
    yield from _number_faults(pages)
    yield from _year_faults(source, pages)
    yield from _status_faults(source, pages)
    yield from _glossary_faults(source)
    yield from _retired_faults(pages)
    yield from _moved_faults(source, pages)
    yield from _interwiki_faults(pages)
    yield from _unused_files(source, pages)


def _page_faults(source: Source, pages: PageList) -> Iterator[Fault]:
    yield from _language_faults(source, pages)
    yield from _title_faults(pages)
    yield from _hyphen_faults(pages)
    known = _unit_keys(source)
    yield from _bundle_faults(known, pages)
    items = cache(lambda stem: items_in(source.documents[stem].data))
    events = frozenset(_event_keys(source))
    for place in _pages(pages):
        yield from _section_faults(source, pages, (*place, "sections"), items)
        for section in pages.items((*place, "sections")):
            yield from _event_faults(source, pages, section, events)
        yield from _section_language_faults(pages, place)
        yield from _kind_faults(pages, place)
        yield from _origin_faults(pages, place)
        yield from _id_faults(known, pages, place)
        yield from _priority_faults(pages, (*place, "priority-languages", "languages"))


def _year_faults(source: Source, pages: Document) -> Iterator[Fault]:
    """Yield years of another sort than the plan's, and dates of items that are not in theirs."""
    named = value_in(pages.data, ("fiscal-year", "starts"))
    starts = (
        fiscalyears.MONTHS.index(named) + 1 if named in fiscalyears.MONTHS else fiscalyears.JULY
    )
    for stem, document in source.documents.items():
        if kind_of(stem) != "priorities":
            continue
        try:
            years = parse_fiscal_year(str(value_in(document.data, ("fiscal-year",))))
        except ValueError:
            continue
        if fault := _sort_fault(document, years, starts):
            yield fault
        else:
            yield from _target_faults(document, years, starts)


def _sort_fault(document: Document, years: Years, starts: int) -> Fault | None:
    if years.in_one == (starts == 1):
        return None
    month = fiscalyears.MONTHS[starts - 1].capitalize()
    wanted = f"{years.first}" if starts == 1 else f"{years.first}-{years.first + 1}"
    message = Message(
        "other-fiscal-years",
        f"{years} does not begin in {month}, as the plan's years do; write {wanted}, or set "
        "fiscal-year in pages.yaml",
    )
    return replace(document.fault(("fiscal-year",), message), warning=True)


def _target_faults(document: Document, years: Years, starts: int) -> Iterator[Fault]:
    """Yield dates that are before their year or long after it: some items take until the next."""
    for place in _facts_in(document, "target"):
        with suppress(ValueError):
            if message := _date_message(_text(document, place), years, starts):
                yield replace(document.fault(place, message), warning=True)


def _date_message(day: str, years: Years, starts: int) -> Message | None:
    part = fiscalyears.parse_part(day)
    if part and part.years.in_one != years.in_one:
        return Message(
            "part-of-other-year",
            f"{day} is a part of another sort of year than {years}; write it like "
            f"{part.sign}{part.number} {years}",
        )
    if fiscalyears.is_near(day, years, starts):
        return None
    first, last = years.months(starts)
    return Message(
        "target-of-other-year",
        f"{day} is not in the fiscal year {years} ({first} to {last}), nor in the next one; "
        "correct it, or move the item to its year",
    )


def _facts_in(document: Document, key: str) -> Iterator[KeyPath]:
    """Yield where items have a fact of this key; a variable may have the name."""
    for place in places_in(document.data):
        if place[-1:] == (key,) and "variables" not in place:
            yield place


def _status_faults(source: Source, pages: Document) -> Iterator[Fault]:
    """Yield statuses of items that the plan does not declare, and declared ones without a word."""
    declared = value_in(pages.data, ("statuses",))
    known = declared if isinstance(declared, dict) else STATUSES
    for stem, document in source.documents.items():
        for place in _facts_in(document, "status") if kind_of(stem) == "priorities" else ():
            status = _text(document, place)
            if status not in known and values.SECTION_NAME.matches(status):
                hint = did_you_mean(status, known) or f"there are {', '.join(known)}"
                message = Message(
                    "unknown-status", f"pages.yaml declares no status “{status}”; {hint}"
                )
                yield document.fault(place, message)
    labels = source.documents.get("labels")
    words = labels.data if labels and isinstance(labels.data, dict) else {}
    for status in known if known is declared and "labels" not in source.damaged else ():
        label = status_label(str(status))
        if label not in words and values.SECTION_NAME.matches(str(status)):
            message = Message(
                "status-without-word",
                f"no word is declared for it; add “{label}: {{text: …}}” to labels.yaml",
            )
            yield replace(pages.fault(("statuses", status), message, key=True), warning=True)


def _number_faults(pages: Document) -> Iterator[Fault]:
    """Yield that a plan has more pages than a run can go through."""
    count = len(list(_pages(pages)))
    if count > MOST_PAGES_OF_PLAN:
        advice = "make several plans of it, each in its folder, and choose with -data:DIR"
        yield pages.fault(
            ("pages",),
            Message(
                "too-many-pages-in-plan",
                f"the plan has {count} pages, more than {MOST_PAGES_OF_PLAN}; {advice}",
            ),
        )


def _file_name_faults(source: Source) -> Iterator[Fault]:
    """Yield where a file and its name say different things, such as fiscal years."""
    for stem, document in source.documents.items():
        kind, name = file_kind(stem), PurePosixPath(stem).name
        place = (kind.named_by,)
        said = value_in(document.data, place)
        said = str(said) if isinstance(said, str | int) else ""  # YAML reads 2022 as a number
        if kind.named_by and re.fullmatch(kind.names, said) and said != name:
            message = Message(
                "file-named-otherwise", f"the file is named {name}, not {said}; make them agree"
            )
            yield document.fault(place, message)


def _language_faults(source: Source, pages: Document) -> Iterator[Fault]:
    whole = [place for place in pages.items(("languages",)) if _text(pages, place)]
    lists = [whole, *(list(pages.items((*page, "languages"))) for page in _pages(pages))]
    yield from _unknown_languages(pages, [("source-language",), *whole])
    known = [_text(pages, place) for place in whole]
    for places in lists:
        yield from _doubled(pages, places, "the language")
    talk_pages = pages.items(("translators", "talk-pages"))
    for places in (*lists[1:], [(*place, "language") for place in talk_pages]):
        for place in places:
            if _text(pages, place) and _text(pages, place) not in known:
                yield pages.fault(place, _foreign(_text(pages, place), known))
    yield from _key_faults(source, known)
    yield from _event_language_faults(source, known)
    yield from _homeless_languages(pages)


def _event_language_faults(source: Source, known: list[str]) -> Iterator[Fault]:
    """Yield languages of interpretation that nobody knows, and of talk pages the plan has not."""
    events = source.documents.get(EVENTS)
    for place, code in values_in(events.data) if events else ():
        if not events or not isinstance(code, str) or not values.LANGUAGE_CODE.matches(code):
            continue
        if place[-3:-1] == ("interpretation", "languages") and not languages.is_known(code):
            yield events.fault(place, _unknown(code))
        if place[0] == "talk-pages" and place[-1] == "language" and code not in known:
            yield events.fault(place, _foreign(code, known))


def _homeless_languages(pages: Document) -> Iterator[Fault]:
    """Yield a page's own languages that, as it says, have no pages."""
    source = _text(pages, ("source-language",))
    for page in _pages(pages):
        if _text(pages, (*page, "language-pages")) == "none":
            for place in pages.items((*page, "languages")):
                if _text(pages, place) not in ("", source):
                    message = "has no page, says “language-pages: none”; remove one of the two"
                    yield pages.fault(
                        place,
                        Message("language-without-page", f"“{_text(pages, place)}” {message}"),
                    )


def _bundle_faults(known: set[str], pages: Document) -> Iterator[Fault]:
    """Yield texts of message bundles that the plan does not have, and titles that pages have."""
    titles = {_text(pages, (*page, "title")) for page in _pages(pages)}
    for bundle in pages.items(("bundles",)):
        place = (*bundle, "title")
        if (title := _text(pages, place)) and title in titles:
            told = f"a page of the plan has the title “{title}”; name another one for the bundle"
            yield pages.fault(place, Message("bundle-is-page", told))
        for each in pages.items((*bundle, "texts")):
            wanted = _text(pages, each)
            if wanted and wanted not in (*BUNDLED, *known):
                hint = did_you_mean(wanted, [*BUNDLED, *known])
                advice = hint or f"write the key of one, or {', '.join(BUNDLED)}"
                told = f"the plan has no text “{wanted}”; {advice}"
                yield pages.fault(each, Message("bundle-without-text", told))


def _section_language_faults(pages: Document, page: KeyPath) -> Iterator[Fault]:
    """Yield languages of sections that the page does not have, and versions without any section."""
    source, known = _text(pages, ("source-language",)), _languages_of(pages, page)
    lists = [(*section, "languages") for section in pages.items((*page, "sections"))]
    said = [place for place in lists if value_in(pages.data, place) is not None]
    if _text(pages, (*page, "kind")) == "translatable":
        told = "the wiki makes the language versions of a translatable page; take this out"
        message = Message("section-languages-of-translatable", told)
        yield from (pages.fault(place, message, key=True) for place in said)
        return
    for place in said:
        codes = _codes(pages, place)
        yield from _doubled(pages, list(pages.items(place)), "the language")
        if codes and source not in codes:
            told = f"the section is not in the source language; add “{source}”, or leave it out"
            yield pages.fault(place, Message("section-without-source", told), key=True)
        for each in pages.items(place):
            if (code := _text(pages, each)) and code not in known:
                hint = did_you_mean(code, known) or ADD_OR_REMOVE
                told = f"the page has no language “{code}”; {hint}"
                yield pages.fault(each, Message("language-not-of-page", told))
    shown = {code for place in said for code in _codes(pages, place)}
    for code in known if said and len(said) == len(lists) else ():
        if code not in shown:
            told = f"no section is in “{code}”; take it out of the languages of the page"
            message = Message("language-without-section", told)
            yield pages.fault((*page, "sections"), message, key=True)


def _languages_of(pages: Document, page: KeyPath) -> list[str]:
    """Return the languages of a page: its own, or all of the plan's."""
    if own := _codes(pages, (*page, "languages")):
        return own
    if _text(pages, (*page, "language-pages")) == "none":
        return [_text(pages, ("source-language",))]
    return _codes(pages, ("languages",))


def _retired_faults(pages: Document) -> Iterator[Fault]:
    """Yield what is retired and still there, and what can remain of a page but of no section."""
    standing = {_place_on_wiki(pages, page): page for page in _pages(pages)}
    for place in pages.items(("retired",)):
        page = standing.get(_place_on_wiki(pages, place))
        section, remains = (value_in(pages.data, (*place, key)) for key in ("section", "remains"))
        if isinstance(section, str):
            yield from _retired_section_faults(pages, place, page)
            if remains not in (values.NOTHING, values.TEXT):
                what = "of a section can remain nothing or text"
                yield pages.fault(
                    (*place, "remains"),
                    Message("remains-of-section", f"{what}; write one of the two"),
                )
        elif page and not value_in(pages.data, (*place, "languages")):
            message = Message(
                "retired-page-is-there",
                "the page stands under pages, too; take it out there, or name its languages",
            )
            yield pages.fault((*place, "title"), message)
        elif page:
            yield from _retired_language_faults(pages, place, page)


def _retired_section_faults(
    pages: Document, place: KeyPath, page: KeyPath | None
) -> Iterator[Fault]:
    section = (*place, "section")
    if page is None:
        yield pages.fault(
            (*place, "title"),
            Message("retired-on-no-page", "no page of the plan has this title; correct it"),
        )
    elif _text(pages, section) in [
        _text(pages, (*each, "name")) for each in pages.items((*page, "sections"))
    ]:
        yield pages.fault(
            section,
            Message(
                "retired-section-is-there",
                "the page has this section; take it out of one of the two",
            ),
        )
    if value_in(pages.data, (*place, "languages")):
        message = Message(
            "section-retired-by-language", "a section is retired in all languages; take this out"
        )
        yield pages.fault((*place, "languages"), message, key=True)


def _retired_language_faults(pages: Document, place: KeyPath, page: KeyPath) -> Iterator[Fault]:
    if _text(pages, (*page, "kind")) == "translatable":
        message = Message(
            "language-of-translatable",
            "the wiki makes the language versions of a translatable page; take this entry out",
        )
        yield pages.fault((*place, "languages"), message, key=True)
        return
    own = pages.items((*page, "languages"))
    known = [_text(pages, each) for each in own] or [
        _text(pages, each) for each in pages.items(("languages",))
    ]
    for each in pages.items((*place, "languages")):
        if _text(pages, each) in known:
            message = Message(
                "retired-language-is-there",
                f"the page has the language “{_text(pages, each)}”; take it out of one of both",
            )
            yield pages.fault(each, message)


_MOVED = {
    moves.UNIT: "text",
    moves.FILE: "file",
    moves.TEAM: "team",
    moves.PERSON: "person",
    moves.SECTION: "section",
    moves.PAGE: "page",
    moves.LANGUAGE: "language",
}
"""What can be moved, in words."""


def _moved_faults(source: Source, pages: Document) -> Iterator[Fault]:
    """Yield moves that lead nowhere, back to where they began, or from what is still there."""
    first: dict[tuple[str, str, str], KeyPath] = {}
    places = list(pages.items(("moved",)))
    entries = [moves.move_of(value_in(pages.data, place) or {}) for place in places]
    every = moves.Moves(tuple(filter(None, entries)))
    for place, move in zip(places, entries, strict=True):
        if move is None:
            continue
        for end, name in ((move.kind, move.before), (moves.TO, move.after)):
            before = first.setdefault((move.kind, end, name), place)
            if before != place:
                line = pages.value_at(before)[0]
                taken = "moved" if end == move.kind else "what something is moved to"
                message = Message(
                    "moved-twice",
                    f"“{name}” is {taken} on line {line} too; take one of the two entries out",
                )
                yield pages.fault((*place, end), message)
        yield from _end_faults(source, pages, place, move, every)


def _end_faults(
    source: Source, pages: Document, place: KeyPath, move: moves.Move, every: moves.Moves
) -> Iterator[Fault]:
    known, what = names_of(source, move.kind), _MOVED[move.kind]
    end = every.latest(move.kind, move.before)
    if end == move.before:
        message = Message(
            "moved-in-a-circle", f"the moves lead back to “{end}”; take these entries out"
        )
        yield pages.fault((*place, move.kind), message)
    elif not _is_known(move.kind, end, known):
        hint = did_you_mean(end, known) or "write what it is called now, or take the entry out"
        yield pages.fault(
            (*place, moves.TO),
            Message("moved-to-nothing", f"the plan has no {what} “{end}”; {hint}"),
        )
    elif _is_known(move.kind, move.before, known, below=(moves.UNIT,)):
        message = Message(
            "moved-and-still-there",
            f"the plan has a {what} “{move.before}”; take the entry out, or rename that one",
        )
        yield pages.fault((*place, move.kind), message)


def _is_known(
    kind: str, name: str, known: set[str], below: tuple[str, ...] = (moves.UNIT, moves.PAGE)
) -> bool:
    """Tell whether there is something of a name, or of these kinds at least something below it."""
    start = f"{name}{'.' if kind == moves.UNIT else '/'}"
    return name in known or (kind in below and any(each.startswith(start) for each in known))


def names_of(source: Source, kind: str) -> set[str]:
    """Return the names of everything of a kind that can be moved."""
    pages = source.pages
    assert pages
    match kind:
        case moves.UNIT:
            return _unit_keys(source)
        case moves.FILE:
            return {*source.documents, *source.damaged}
        case moves.TEAM:
            teams = source.documents.get("department")
            places = teams.items(("teams",)) if teams else ()
            return {_text(teams, (*each, "key")) for each in places if teams}
        case moves.PERSON:
            people = source.documents.get("people")
            return set(people.data) if people and isinstance(people.data, dict) else set()
        case moves.SECTION:
            sections = (pages.items((*page, "sections")) for page in _pages(pages))
            return {_text(pages, (*each, "name")) for found in sections for each in found}
        case moves.PAGE:
            titles = {_text(pages, (*page, "title")) for page in _pages(pages)}
            return titles | {origin.pattern for origin in pages.origins}
        case _:
            return set(_codes(pages, ("languages",)))


def _site(pages: Document, place: KeyPath) -> str:
    return _text(pages, (*place, "site")) or _text(pages, ("site",))


def _place_on_wiki(pages: Document, place: KeyPath) -> tuple[str, str]:
    return _site(pages, place), _text(pages, (*place, "title"))


def _interwiki_faults(pages: Document) -> Iterator[Fault]:
    """Yield prefixes of sites that have no page of the plan."""
    prefixes = value_in(pages.data, ("interwiki",))
    known = list(dict.fromkeys(_site(pages, page) for page in _pages(pages)))
    for site in prefixes if isinstance(prefixes, dict) else ():
        if site not in known:
            hint = did_you_mean(str(site), known) or f"there are {', '.join(known)}"
            yield pages.fault(
                ("interwiki", site),
                Message("interwiki-without-page", f"no page is on “{site}”; {hint}"),
                key=True,
            )


def _pages(pages: Document) -> Iterator[KeyPath]:
    return pages.items(("pages",))


def _text(document: Document, place: KeyPath) -> str:
    """Return the text at a place, an empty one where something else stands."""
    value = value_in(document.data, place)
    return value if isinstance(value, str) else ""


def _unknown_languages(document: Document, places: list[KeyPath]) -> Iterator[Fault]:
    for place in places:
        code = _text(document, place)
        if values.LANGUAGE_CODE.matches(code) and not languages.is_known(code):
            yield document.fault(place, _unknown(code))


def _unknown(code: str) -> Message:
    hint = did_you_mean(code, languages.known()) or "write a code of MediaWiki's, like pt-br"
    return Message("unknown-language", f"the language “{code}” is not known; {hint}")


def _foreign(code: str, known: list[str]) -> Message:
    hint = did_you_mean(code, known) or ADD_OR_REMOVE
    return Message("language-not-in-plan", f"“{code}” is not one of the plan's languages; {hint}")


def _key_faults(source: Source, known: list[str]) -> Iterator[Fault]:
    """Yield the codes that stand as keys, in languages.yaml and glossary.yaml, and are wrong."""
    for document, place in _code_places(source):
        code = str(place[-1])
        if values.LANGUAGE_CODE.matches(code) and not languages.is_known(code):
            yield document.fault(place, _unknown(code), key=True)
        elif values.LANGUAGE_CODE.matches(code) and known and code not in known:
            fault = document.fault(place, _foreign(code, known), key=True)
            yield replace(fault, warning=True)


def _code_places(source: Source) -> Iterator[tuple[Document, KeyPath]]:
    for stem, document in source.documents.items():
        places: list[KeyPath] = [()] if stem == "languages" else []
        if stem == "glossary":
            places = [(*term, "translations") for term in document.items(("terms",))]
        for place in places:
            codes = value_in(document.data, place)
            keys = codes if isinstance(codes, dict) else {}
            yield from ((document, (*place, code)) for code in keys)


def _glossary_faults(source: Source) -> Iterator[Fault]:
    document = source.documents.get("glossary")
    if document:
        terms = [(*term, "term") for term in document.items(("terms",))]
        yield from _doubled(document, terms, "the term")


def _doubled(document: Document, places: list[KeyPath], what: str) -> Iterator[Fault]:
    first: dict[str, KeyPath] = {}
    for place in places:
        text = _text(document, place)
        if text and first.setdefault(text, place) != place:
            line = document.value_at(first[text])[0]
            message = Message(
                "doubled", f"{what} “{text}” is doubled (first on line {line}); remove one"
            )
            yield document.fault(place, message)


def _title_faults(pages: PageList) -> Iterator[Fault]:
    """Yield pages that would be written twice, also as another page's language version."""
    first: dict[tuple[str, str], KeyPath] = {}
    for page in _pages(pages):
        place, site = (*page, "title"), _site(pages, page)
        for title in _titles(pages, page):
            before = first.setdefault((site, title), place)
            if before != place:
                line = pages.line(before, place)
                wrong = f"the page “{title}” is already one of {line}"
                message = Message("taken-title", wrong, "choose another title")
                yield pages.fault(place, message)
                break


def _hyphen_faults(pages: PageList) -> Iterator[Fault]:
    """Yield titles of pages that would be made beside those that have a dash.

    A key that a pattern puts there is meant as it is.
    """
    for page, origin in zip(_pages(pages), pages.origins, strict=True):
        made = _text(pages, (*page, "missing-page")) == "create"
        title = origin.pattern or _text(pages, (*page, "title"))
        message = hyphen_message(title) if made else None
        if message:
            yield replace(pages.fault((*page, "title"), message), warning=True)


def _titles(pages: Document, page: KeyPath) -> list[str]:
    title = _normal(_text(pages, (*page, "title")))
    source = _text(pages, ("source-language",))
    every = _languages_of(pages, page)
    return [title if code == source else f"{title}/{code}" for code in every] if title else []


def _normal(title: str) -> str:
    """Return a title as the wiki writes it, empty when its shape has a fault of its own."""
    try:
        return syntax.normal_title(title)
    except ValueError:
        return ""


def _codes(pages: Document, place: KeyPath) -> list[str]:
    return list(dict.fromkeys(filter(None, (_text(pages, item) for item in pages.items(place)))))


def _section_faults(
    source: Source, pages: Document, place: KeyPath, items: Callable[[str], Collection[str]]
) -> Iterator[Fault]:
    sections = list(pages.items(place))
    yield from _doubled(pages, [(*section, "name") for section in sections], "the section name")
    for section in sections:
        stem = _text(pages, (*section, "data"))
        files = {*source.documents, *source.damaged}
        if values.STEM.matches(stem) and stem not in files:
            hint = did_you_mean(stem, files) or "add the file or name another"
            yield pages.fault(
                (*section, "data"),
                Message("section-without-data", f"data/ has no file {stem}.yaml; {hint}"),
            )
        item = _text(pages, (*section, "item"))
        if stem == EVENTS or stem not in source.documents:
            continue
        if values.ITEM.matches(item) and item not in items(stem):
            hint = did_you_mean(item, items(stem)) or "name one by its key"
            yield pages.fault(
                (*section, "item"),
                Message("section-without-item", f"{stem}.yaml has no item “{item}”; {hint}"),
            )


def _event_keys(source: Source) -> Collection[str]:
    document = source.documents.get(EVENTS)
    return event_keys(document.data) if document else ()


def _event_faults(
    source: Source, pages: Document, section: KeyPath, known: Collection[str]
) -> Iterator[Fault]:
    """Yield events that there are not, and sections of one event that do not say which."""
    entry = value_in(pages.data, section)
    if _text(pages, (*section, "data")) != EVENTS:
        return
    key = _text(pages, (*section, "item"))
    if values.ITEM.matches(key) and key not in known and EVENTS not in source.damaged:
        hint = did_you_mean(key, known) or f"add it to {EVENTS}.yaml"
        yield pages.fault(
            (*section, "item"),
            Message("section-without-event", f"{EVENTS}.yaml has no event “{key}”; {hint}"),
        )
    elif isinstance(entry, dict) and entry.get("template") in OF_ONE_EVENT and "item" not in entry:
        message = Message(
            "section-lacks-item", "the section is about one event; add “item:” and the event's key"
        )
        yield pages.fault(section, message)


def _origin_faults(pages: PageList, page: KeyPath) -> Iterator[Fault]:
    """Yield sections that came from a page that the plan does not have, or from their own."""
    for section in pages.items((*page, "sections")):
        place = (*section, "came-from")
        title = _text(pages, place)
        if not title:
            continue
        here = _site(pages, page)
        known = [_text(pages, (*p, "title")) for p in _pages(pages) if _site(pages, p) == here]
        if title == _text(pages, (*page, "title")):
            message = Message("came-from-here", "the section is on this page; take this out")
            yield pages.fault(place, message)
        elif title not in known:
            hint = did_you_mean(title, known) or "write the title of one, or take this out"
            wrong = f"no page of the plan has the title “{title}”"
            yield pages.fault(place, Message("came-from-nowhere", wrong, hint))


def _unused_files(source: Source, pages: Document) -> Iterator[Fault]:
    used = {
        _text(pages, (*section, "data"))
        for page in _pages(pages)
        for section in pages.items((*page, "sections"))
    }
    for stem, document in source.documents.items():
        if file_kind(stem).for_section and stem not in used:
            message = Message(
                "unused-file", "no section of pages.yaml uses this file; name it there or delete it"
            )
            yield replace(document.fault((), message), warning=True)


def _kind_faults(pages: Document, page: KeyPath) -> Iterator[Fault]:
    """Yield keys that mean nothing on a page of this kind."""
    translatable = _text(pages, (*page, "kind")) == "translatable"
    entry = value_in(pages.data, page)
    for key in FOR_PLAIN if translatable else FOR_TRANSLATABLE:
        if isinstance(entry, dict) and key in entry:
            other = "plain" if translatable else "translatable"
            message = Message(
                "key-of-other-kind",
                f"is for {other} pages only; remove it, or write “kind: {other}”",
            )
            yield pages.fault((*page, key), message, key=True)


def _id_faults(known: set[str], pages: Document, page: KeyPath) -> Iterator[Fault]:
    place = (*page, "ids")
    ids = value_in(pages.data, place)
    if not isinstance(ids, dict):
        return
    names = [_text(pages, (*at, "name")) for at in pages.items((*page, "sections"))]
    first: dict[str, str] = {}
    for key, id in ids.items():
        if first.setdefault(str(id), key) != key:
            message = Message(
                "taken-id",
                f"the id {id} is already that of “{first[str(id)]}”; correct one of the two",
            )
            yield pages.fault((*place, key), message)
        yield from _id_key_faults(pages, (*place, key), names, known)


def _unit_keys(source: Source) -> set[str]:
    """Return the keys of all units, those of the links' titles among them."""
    links = source.documents.get("links")
    names = links.data if links and isinstance(links.data, dict) else ()
    return {link_key(str(name)) for name in names} | {
        ".".join((prefix(stem), *block.segments))
        for stem, document in source.documents.items()
        if file_kind(stem).has_units
        for block in blocks_in(document.data)
        if block.segments is not None
    }


def _id_key_faults(
    pages: Document, place: KeyPath, sections: list[str], known: set[str]
) -> Iterator[Fault]:
    """Yield what is wrong with a key of ``ids``; a unit that left the plan keeps its id."""
    section, colon, key = str(place[-1]).rpartition(":")
    if colon and section not in sections:
        hint = did_you_mean(section, sections) or f"write one of {', '.join(sections)}"
        yield pages.fault(
            place,
            Message("id-in-no-section", f"the page has no section “{section}”; {hint}"),
            key=True,
        )
    if key not in known and not any(key.endswith(f".{label}") for label in known):
        free = known - {str(label) for label in value_in(pages.data, place[:-1])}
        hint = did_you_mean(key, free) or "keep the line if it had: its id must not be used again"
        fault = pages.fault(
            place, Message("id-of-no-unit", f"the plan has no unit “{key}”; {hint}"), key=True
        )
        yield replace(fault, warning=True)


def _priority_faults(pages: Document, place: KeyPath) -> Iterator[Fault]:
    places = list(pages.items(place))
    yield from _unknown_languages(pages, places)
    yield from _doubled(pages, places, "the language")

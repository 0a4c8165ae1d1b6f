"""Edits of the plan: a unit's new text becomes a new text in its YAML file, and only that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from wikiplan import files
from wikiplan.errors import Faults, Message
from wikiplan.files import FileChange
from wikiplan.plan.facttypes import Link
from wikiplan.plan.kinds import EVENTS, LISTING, NAMING_PEOPLE, SOURCES, file_kind, kind_of
from wikiplan.plan.moves import (
    FILE,
    LANGUAGE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    TO,
    UNIT,
    Move,
    move_of,
    of_teams,
)
from wikiplan.plan.plan import Plan
from wikiplan.plan.source import MOST_BYTES_OF_PAGES, Source, read_source
from wikiplan.plan.units import TextBlock, blocks_in, compose, prefix
from wikiplan.plan.values import REDIRECT
from wikiplan.yaml import (
    Document,
    KeyPath,
    places_in,
    value_in,
    values_in,
    with_items,
    with_keys,
    with_value,
    yamlfile,
    yamltext,
)

_LABELLED = re.compile(r"'''(?P<label>[^'\n]+):''' (?P<text>\S.*)", re.DOTALL)
_HERE = "\x00"
"""Stands for a block's text where its label and its links are wanted; no text holds it."""


class UnwritableError(ValueError):
    """A text that the plan's files cannot be given; says why in words for people."""


def set_texts(plan: Plan, texts: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Return the files with the English ``texts`` of these units: they, or their labels, change.

    A text is the whole unit's, with the label and the see-also links of a list item. Raises
    :class:`UnwritableError`.
    """
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    for key, text in texts.items():
        stem, block = _block_of(plan, key)
        path = plan.directory / f"{stem}.yaml"
        before.setdefault(path, files.read(path))
        data = after.get(path, before[path])
        for name, value in _block_values(block, plan.links, text):
            data = _written(data, (*block.path, name), block.data[name], value)
        after[path] = data
    return tuple(FileChange(path, before[path], data) for path, data in after.items())


def _block_of(plan: Plan, key: str) -> tuple[str, TextBlock]:
    if key in plan.units and plan.units[key].is_shipped:
        raise UnwritableError("it is a word that comes with wikiplan; write yours into labels.yaml")
    for stem, data in plan.files.items():
        for block in blocks_in(data):
            if block.data.get("unit") == key:
                return stem, block
    raise UnwritableError("the plan has no such text")


def _written(data: bytes, place: KeyPath, before: str, text: str) -> bytes:
    try:
        return with_value(data, place, before, text)
    except ValueError as error:
        raise UnwritableError(str(error)) from error


def _block_values(
    block: TextBlock, links: Mapping[str, Link], text: str
) -> Iterator[tuple[str, str]]:
    """Yield what a unit's text makes of the block's ``label`` and ``text`` where it is another."""
    label, text = _taken_apart(block, links, text)
    if label != block.data.get("label", ""):
        yield "label", label
    if text != block.data["text"]:
        yield "text", text


def _taken_apart(block: TextBlock, links: Mapping[str, Link], text: str) -> tuple[str, str]:
    """Return the label and the text within a unit's text, whose links must be the present ones."""
    lead, _, trail = compose({**block.data, "text": _HERE}, links).partition(_HERE)
    if not text.endswith(trail):
        raise UnwritableError("it changes the links after the text, which the plan has as names")
    text = text.removesuffix(trail)
    if text.startswith(lead) and text != lead:
        return block.data.get("label", ""), text.removeprefix(lead)
    labelled = _LABELLED.fullmatch(text)
    if not labelled:
        raise UnwritableError("it changes the bold words before the text, or nothing else is left")
    return labelled["label"], labelled["text"]


# Edits of the files that list pages: new sections of a page and ids of their units; all else stays.


NAME = "pages.yaml"


def written_entry(source: Source, title: str) -> tuple[Path, Document, KeyPath]:
    """Return the file with the entry that a page comes of, and the place of that."""
    pages = source.pages
    assert pages
    titles = [page["title"] for page in pages.data["pages"]]
    document, place = pages.origins[titles.index(title)].written
    stem = next(stem for stem, each in source.documents.items() if each is document)
    return source.directory / f"{stem}.yaml", document, place


def add_sections(directory: Path, title: str, sections: Sequence[Mapping[str, str]]) -> None:
    """Write more sections of a page into its list, as :func:`with_sections` does.

    Raises :class:`Faults` where other pages have that list, too.
    """
    path, document, place = written_entry(read_source(directory), title)
    here = value_in(document.data, place)
    if "sections" not in here or here["title"] != title:
        entries = " ".join(map(yamltext.flowing, sections))
        wrong = f"other pages have the sections of “{title}”, too"
        advice = f"give it an entry of its own, or write this there yourself: {entries}"
        raise Faults([document.fault(place, Message("shared-sections", wrong, advice))])
    files.replace(path, with_sections(_text(path), place, sections).encode())


def _text(path: Path) -> str:
    return files.read(path, MOST_BYTES_OF_PAGES).decode()


Ids = Mapping[str, Mapping[str, str]]


def ids_changed(directory: Path, added: Ids, renamed: Ids) -> tuple[FileChange, ...]:
    """Return the files with more ids of pages, and with other names of those that they have.

    Both are by the pages' titles; pages of a pattern share theirs.
    """
    source = read_source(directory)
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    for title in dict.fromkeys([*renamed, *added]):
        path, _, place = written_entry(source, title)
        before.setdefault(path, files.read(path, MOST_BYTES_OF_PAGES))
        text = after.get(path, before[path]).decode()
        text = with_ids_renamed(text, place, renamed.get(title, {}))
        after[path] = with_ids(text, place, added.get(title, {})).encode()
    return tuple(
        FileChange(path, before[path], data) for path, data in after.items() if data != before[path]
    )


def with_sections(text: str, page: KeyPath, sections: Sequence[Mapping[str, str]]) -> str:
    """Return the file with more sections of a page, written before those that it has.

    Their order there means nothing: on the page they stand where their markers are.
    """
    place, what = (*page, "sections", 0), " ".join(map(yamltext.flowing, sections))
    return _edited(text, page, what, lambda data: with_items(data, place, sections))


def with_ids(text: str, page: KeyPath, ids: Mapping[str, str]) -> str:
    """Return the file with more ids of a page, before those that it has."""
    here = value_in(_read(text).data, page)
    there = here.get("ids")
    known = there or {}
    wanted = {key: _number(id) for key, id in ids.items() if str(known.get(key)) != id}
    if not wanted:
        return text
    what = yamltext.flowing(wanted, "ids")
    if there is None:
        place, keys, before = page, {"ids": wanted}, ["sections"] if "sections" in here else here
    else:
        place, keys, before = (*page, "ids"), wanted, known
    return _edited(text, page, what, lambda data: with_keys(data, place, keys, before, flow=False))


def with_ids_renamed(text: str, page: KeyPath, names: Mapping[str, str]) -> str:
    """Return the file with other names for ids that a page has."""
    there = value_in(_read(text).data, page).get("ids", {})
    keys: Names = {(*page, "ids", was): name for was, name in names.items() if was in there}
    return yamltext.with_names(text.encode(), {}, keys).decode() if keys else text


def with_page(text: str, page: KeyPath, entry: Mapping[str, Any]) -> str:
    """Return the file with one more page, behind the one at that place."""
    behind = (*page[:-1], int(page[-1]) + 1)
    what = yamltext.flowing(entry)
    return _edited(text, page, what, lambda data: with_items(data, behind, [entry]))


def _edited(text: str, place: KeyPath, what: str, edit: Callable[[bytes], bytes]) -> str:
    """Return the file after an edit. Raises :class:`Faults` where its lines do not allow it."""
    try:
        return edit(text.encode()).decode()
    except ValueError as error:
        wrong = "nothing can be written here without touching other lines"
        message = Message("no-place-in-yaml", wrong, f"write this yourself, and try again: {what}")
        raise Faults([_read(text).fault(place, message)]) from error


def _read(text: str) -> Document:
    document, faults = yamlfile.parsed(text, NAME, [])
    if document is None:
        raise Faults(faults)
    return document


def _number(id: str) -> Any:
    return int(id) if id.isascii() and id.isdigit() and id[0] != "0" else id


# Edits that give something another name wherever the plan's files name it.

Names = dict[KeyPath, str]
"""New names of values or of keys, by their places in a file."""


def with_move(source: Source, move: Move) -> tuple[FileChange, ...]:
    """Return the plan's files as they are after a move, which ``pages.yaml`` then tells of.

    ``source`` was read without a cache. Raises :class:`UnwritableError`.
    """
    _check_moved_page(source, move)
    changes = []
    for stem, document in source.documents.items():
        path = source.directory / f"{stem}.yaml"
        before = files.read(path, MOST_BYTES_OF_PAGES)
        after = _moved(stem, document, before, move)
        if stem == "pages":
            after = _with_entry(after, move)
        if move.kind == FILE and stem == move.before:
            changes.append(FileChange(path, before, b"", gone=True))
            changes.append(FileChange(source.directory / f"{move.after}.yaml", None, after))
        elif after != before:
            changes.append(FileChange(path, before, after))
    return tuple(changes)


def _check_moved_page(source: Source, move: Move) -> None:
    """Refuse to move one page of a pattern: its title would not follow."""
    pages = source.pages
    if move.kind != PAGE or pages is None:
        return
    for entry, origin in zip(pages.data["pages"], pages.origins, strict=True):
        if origin.pattern and entry["title"] == move.before:
            document, place = origin.written
            what = " and ".join(map(str, origin.subjects))
            wrong = f"“{move.before}” comes of this pattern, for the {what}"
            advice = "move the pattern, or the key of what it is for"
            message = Message("page-of-a-pattern", wrong, advice)
            raise Faults([document.fault((*place, "title"), message)])


def _moved(stem: str, document: Document, data: bytes, move: Move) -> bytes:
    named = {
        UNIT: _unit_names,
        TEAM: _team_names,
        PERSON: _person_names,
        FILE: _file_names,
        SECTION: _section_names,
        PAGE: _page_names,
        LANGUAGE: _language_names,
    }[move.kind](stem, document, move)
    values, keys = named
    if kind_of(stem) in LISTING:
        keys |= _id_names(document, move)
        values |= _item_names(document, move)
    try:
        renamed = yamltext.with_names(data, values, keys) if values or keys else data
        for place, before, after in _texts_in_wikitext(document, values):
            renamed = with_value(renamed, place, before, after)
        return renamed
    except ValueError as error:
        raise UnwritableError(f"{document.file}: {error}") from error


def _unit_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    """Return where the last part of a text's key, or of an item's, stands in its file."""
    name = move.after.rpartition(".")[2]
    if stem == "pages":
        return _event_names(document, move), {}
    for place, segments in _named_places(document.data, (), (prefix(stem),)):
        if file_kind(stem).has_units and ".".join(segments) == move.before:
            is_item = len(place) > 1 and isinstance(place[-2], int)
            return ({place: name}, {}) if is_item else ({}, {place: name})
    return {}, {}


def _event_names(document: Document, move: Move) -> Names:
    """Return where sections name an event that gets another key, or a date of it."""
    of, _, key = move.before.rpartition(".")
    if of != prefix(EVENTS):
        return {}
    found = {
        place: value
        for place, value in values_in(document.data)
        if "sections" in place and place[-1] == "item"
    }
    after = move.after.rpartition(".")[2]
    return {
        place: f"{after}{str(value).removeprefix(key)}"
        for place, value in found.items()
        if value == key or str(value).startswith(f"{key}-2")
    }


def _texts_in_wikitext(document: Document, names: Names) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the wikitext in which a text with another key stands: its place, before and after."""
    for place, name in names.items():
        if place[-3:-2] != ("texts",):
            continue
        old = re.compile(rf"\${value_in(document.data, place)}(?!-?[a-z0-9])")
        wikitext = (*place[:-3], "wikitext")
        for code, text in value_in(document.data, wikitext).items():
            yield (*wikitext, code), text, old.sub(f"${name}", text)


def _named_places(
    data: Any, place: KeyPath, segments: tuple[str, ...]
) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Yield the places of what names texts, with the key of these so far: keys, or items' keys."""
    if isinstance(data, dict):
        for key, value in data.items():
            inner = segments if isinstance(value, list) else (*segments, key)
            if isinstance(value, dict) and any(True for _ in blocks_in(value)):
                yield (*place, key), inner
            yield from _named_places(value, (*place, key), inner)
    elif isinstance(data, list):
        for at, item in enumerate(data):
            inner = (*segments, str(item.get("key"))) if isinstance(item, dict) else segments
            if inner != segments and any(True for _ in blocks_in(item)):
                yield (*place, at, "key"), inner
            yield from _named_places(item, (*place, at), inner)


def _team_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    teams = value_in(document.data, ("teams",)) if of_teams(stem) else ()
    events = value_in(document.data, ("events",)) if stem == EVENTS else ()
    keys = [(("teams", at, "key"), team["key"]) for at, team in enumerate(teams or ())]
    keys += [(("events", at, "team"), event.get("team")) for at, event in enumerate(events or ())]
    on_cards = _values(document, move, lambda p: kind_of(stem) == "cards" and p[-1:] == ("team",))
    return {place: move.after for place, key in keys if key == move.before} | on_cards, {}


def _person_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    """Return where a person is named: in people.yaml, as a lead, and as the host of an event."""
    keys: Names = {(move.before,): move.after} if stem == "people" else {}
    named = _values(document, move, _names_a_person)
    return named, {place: name for place, name in keys.items() if place[0] in document.data}


def _names_a_person(place: KeyPath) -> bool:
    return place[-1:] == ("person",) or any(step in NAMING_PEOPLE for step in place[-2:])


def _file_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    """Return where sections name a file, and where it names itself."""
    named = {"data", "include"} if kind_of(stem) in LISTING else set()
    names = _values(document, move, lambda place: place and place[-1] in named)
    said, name = (file_kind(move.before).named_by,), PurePosixPath(move.before).name
    if stem == move.before and str(document.data.get(said[0])) == name:
        names[said] = PurePosixPath(move.after).name
    fetched: Names = {(move.before,): move.after} if stem == SOURCES else {}
    return names, {place: name for place, name in fetched.items() if place[0] in document.data}


def _section_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    if kind_of(stem) not in LISTING:
        return {}, {}
    return _values(document, move, lambda place: "sections" in place and place[-1] == "name"), {}


def _page_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    """Return where a title stands, or that of a page below it, also as the target of a link."""
    of_lists = ("title", "came-from", REDIRECT, "stop-page", "lock-page")
    steps = of_lists if kind_of(stem) in LISTING else ("page",)
    return _values(document, move, lambda place: place[-1:] and place[-1] in steps), {}


def _language_names(stem: str, document: Document, move: Move) -> tuple[Names, Names]:
    def holds_codes(place: KeyPath) -> bool:
        return place[-1:] == ("source-language",) or "languages" in place[-2:-1]

    keys = {
        place: move.after
        for place in places_in(document.data)
        if place[-1:] == (move.before,) and _is_code(stem, place)
    }
    is_list = kind_of(stem) in LISTING
    return (_values(document, move, holds_codes) if is_list else {}), keys


def _is_code(stem: str, place: KeyPath) -> bool:
    """Tell whether a key is the code of a language."""
    if stem == "languages":
        return len(place) == 1
    above = {"glossary": ("translations",), "text": ("above", "wikitext")}
    return place[-2:-1] != () and place[-2] in above.get(kind_of(stem), ())


def _values(document: Document, move: Move, are_names: Callable[[KeyPath], Any]) -> Names:
    """Return the new names where values at such places are other ones after the move."""
    found = ((place, value_in(document.data, place)) for place in document.spans)
    return {
        place: move.renamed(move.kind, value)
        for place, value in found
        if isinstance(value, str) and are_names(place)
        if move.renamed(move.kind, value) != value and "moved" not in place
    }


def _id_names(document: Document, move: Move) -> Names:
    """Return the new keys of ``ids``: units, some in a section that is named."""
    names: Names = {}
    for place in document.keys:
        if place[-2:-1] == ("ids",):
            section, colon, key = str(place[-1]).rpartition(":")
            new = f"{move.renamed(SECTION, section)}{colon}{move.renamed(UNIT, key)}"
            names |= {place: new} if new != place[-1] else {}
    return names


def _item_names(document: Document, move: Move) -> Names:
    """Return the new keys of items that sections are about, of what patterns leave out, of lists.

    Keys that a pattern fills in follow by themselves.
    """
    names: Names = {}
    for place in document.spans:
        value = value_in(document.data, place)
        if not isinstance(value, str):
            continue
        new = value
        if place[-1:] == ("item",):
            start = f"{prefix(str(value_in(document.data, (*place[:-1], 'data'))))}."
            new = move.renamed(UNIT, f"{start}{value}").partition(".")[2]
        elif place[:1] == ("bundles",) and place[-2:-1] == ("texts",):
            new = move.renamed(UNIT, value)
        elif place[-2:-1] == ("except",) and value == _last_part(move.before):
            new = _last_part(move.after) if move.kind in (UNIT, FILE, TEAM) else value
        elif place[-2:-1] == ("each",) and move.kind == FILE:
            stem, dot, rest = value.partition(".")
            new = f"{move.renamed(FILE, stem)}{dot}{rest}"
        names |= {place: new} if new != value else {}
    return names


def _last_part(name: str) -> str:
    return re.split(r"[./]", name)[-1]


def _with_entry(data: bytes, move: Move) -> bytes:
    """Return ``pages.yaml`` with a move told in it, before those that it tells of."""
    known = _read(data.decode()).data.get("moved", ())
    for at, each in enumerate(map(move_of, known)):
        if each and (each.kind, each.before) == (move.kind, move.after):
            # Back to a name that it had: that entry would close a circle.
            place: KeyPath = ("moved", at)
            return yamltext.with_names(
                data, {(*place, move.kind): move.before, (*place, TO): move.after}
            )
    return with_items(data, ("moved", 0), [{move.kind: move.before, TO: move.after}])

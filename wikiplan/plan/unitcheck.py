"""Faults of units: their texts, their variables, and the keys by which everything knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wikiplan.errors import Fault
from wikiplan.near import did_you_mean
from wikiplan.plan.scalars import KEY, SECTION_NAME
from wikiplan.plan.source import WITHOUT_UNITS, Source, kind_of
from wikiplan.plan.textcheck import text_messages
from wikiplan.plan.units import MOST_KEY_BYTES, Block, blocks_in, prefix, variables_in
from wikiplan.plan.yamlfile import Document, Place, Position, places_in, value_in

IMPLIED = ("year", "target")
"""Variables that a file or an item defines by its facts: no link or variable may have the name."""

_ONE_LINE = re.compile(r"(?:.*-)?(?:heading|name|title)")
_LINK_START = re.compile(r"(\[+)\$([a-z][a-z0-9_]*)")


def unit_faults(source: Source) -> Iterator[Fault]:
    taken: dict[str, tuple[str, Position]] = {}
    links = _links(source)
    for stem, document in source.documents.items():
        if kind_of(stem) in WITHOUT_UNITS:
            continue
        doubled = dict(_doubled_keys(document))
        yield from doubled.values()
        if kind_of(stem) == "own":
            yield from _own_key_faults(document)
        for block in blocks_in(document.data):
            yield from _text_faults(stem, document, block)
            yield from _variable_faults(stem, document, block, links)
            if not any(block.path[: len(place)] == place for place in doubled):
                yield from _key_faults(stem, document, block, taken)


def _links(source: Source) -> Mapping[str, Any] | None:
    """Return the links' data, None when they cannot be known."""
    if "links" in source.damaged:
        return None
    document = source.documents.get("links")
    return document.data if document and isinstance(document.data, dict) else {}


def _text_faults(stem: str, document: Document, block: Block) -> Iterator[Fault]:
    place = (*block.path, "text")
    text = block.data["text"]
    if isinstance(text, str):
        for message in text_messages(text, one_line=_is_one_line(stem, block)):
            yield document.fault(place, message)


def _is_one_line(stem: str, block: Block) -> bool:
    """Say whether a text stands in a line of wikitext: a list item, a heading, a label, a name."""
    path = block.path
    if kind_of(stem) == "text":
        return "level" in block.data or "bullets" in block.data
    if stem == "labels" or any(isinstance(step, int) for step in path):
        return True
    return bool(path) and bool(_ONE_LINE.fullmatch(str(path[-1])))


def _variable_faults(
    stem: str, document: Document, block: Block, links: Mapping[str, Any] | None
) -> Iterator[Fault]:
    text, raw = block.data["text"], block.data.get("variables")
    if not isinstance(text, str):
        return
    own = raw if isinstance(raw, dict) else {}
    used = variables_in(text)
    yield from _own_variable_faults(document, block.path, own, used, links or {})
    if links is None:
        return
    scope = {**links, **own, **dict.fromkeys(_implied(stem, block.data))}
    for name in used:
        if name not in scope:
            hint = did_you_mean(name, scope) or "define it under “variables:” or in links.yaml"
            message = f"the variable ${name} is not defined; {hint} ($$ is a dollar sign)"
            yield document.fault((*block.path, "text"), message)
    for message in _bracket_messages(text, {**links, **own}):
        yield document.fault((*block.path, "text"), message)


def _implied(stem: str, block: Mapping[str, Any]) -> list[str]:
    if kind_of(stem) != "priorities":
        return []
    return ["year", *(["target"] if "target" in block else [])]


def _own_variable_faults(
    document: Document,
    path: Place,
    own: Mapping[str, Any],
    used: tuple[str, ...],
    links: Mapping[str, Any],
) -> Iterator[Fault]:
    for name in own:
        place = (*path, "variables", name)
        if name in links:
            message = f"the variable ${name} is also a link of links.yaml; give it another name"
            yield document.fault(place, message, key=True)
        elif name in IMPLIED:
            message = f"the name ${name} is reserved; give the variable another name"
            yield document.fault(place, message, key=True)
        if name not in used:
            hint = f"remove it or write ${name} in the text"
            yield document.fault(place, f"the variable ${name} is never used; {hint}", key=True)


def _bracket_messages(text: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with brackets around variables: pages take two, URLs one."""
    for brackets, name in dict.fromkeys(_LINK_START.findall(text)):
        target = values.get(name)
        if not isinstance(target, dict):
            continue
        if "link" in target and isinstance(target["link"], str):
            target = values.get(target["link"])
        kinds = target if isinstance(target, dict) else {}
        if len(brackets) == 2 and "url" in kinds:
            yield f"${name} is a URL, but stands in “[[”; write [${name} words]"
        elif len(brackets) == 1 and "page" in kinds:
            yield f"${name} is a page, but stands in “[”; write [[${name}|words]]"


def _key_faults(
    stem: str, document: Document, block: Block, taken: dict[str, tuple[str, Position]]
) -> Iterator[Fault]:
    if block.segments is None:
        return
    key = ".".join((prefix(stem), *block.segments))
    place = _key_place(document, block.path)
    at = document.value_at(place) if place[-1:] == ("key",) else document.key_at(place)
    if len(key) > MOST_KEY_BYTES:
        wrong = f"the unit's key “{key}” is {len(key)} bytes long"
        yield _at(document, at, place, f"{wrong}; shorten it to {MOST_KEY_BYTES}")
    elif key in taken:
        file, (line, _) = taken[key]
        wrong = f"the unit's key “{key}” is taken ({file}, line {line})"
        yield _at(document, at, place, f"{wrong}; choose another key")
    else:
        taken[key] = document.file, at


def _key_place(document: Document, path: Place) -> Place:
    """Return the place that gives a text block its name."""
    is_item = bool(path) and isinstance(path[-1], int)
    return (*path, "key") if is_item else path


def _at(document: Document, at: Position, place: Place, message: str) -> Fault:
    wrong, _, advice = message.rpartition("; ")
    return Fault(document.file, *at, document.name(place), wrong, advice)


def _doubled_keys(document: Document) -> Iterator[tuple[Place, Fault]]:
    """Yield the items whose ``key`` an earlier item of the same list has."""
    for place in places_in(document.data):
        items = value_in(document.data, place)
        first: dict[str, int] = {}
        for index, item in enumerate(items) if isinstance(items, list) else ():
            key = item.get("key") if isinstance(item, dict) else None
            if isinstance(key, str) and first.setdefault(key, index) != index:
                here = (*place, index, "key")
                line = document.value_at((*place, first[key], "key"))[0]
                message = f"the key “{key}” is doubled (first on line {line}); choose another"
                yield here[:-1], document.fault(here, message)


def _own_key_faults(document: Document) -> Iterator[Fault]:
    """Yield the faults of keys in a file of an own section kind, which no model describes."""
    for place in places_in(document.data):
        step = place[-1] if place else None
        if isinstance(step, int):
            yield from _own_item_faults(document, place)
        elif step == "unit":
            yield document.fault(place, "the key is reserved; choose another", key=True)
        elif step is not None and "variables" not in place and not SECTION_NAME.matches(step):
            advice = "use a-z, 0-9 and single hyphens, beginning with a letter"
            yield document.fault(place, f"the key is not possible; {advice}", key=True)


def _own_item_faults(document: Document, place: Place) -> Iterator[Fault]:
    """Yield what is wrong with the ``key`` of a list item that holds texts."""
    item = value_in(document.data, place)
    if not any(True for _ in blocks_in(item)):
        return
    key = item.get("key") if isinstance(item, dict) else None
    if not isinstance(key, str):
        advice = "add a line “key: …” that never changes"
        yield document.fault((*place, "key"), f"the key is missing; {advice}")
    elif not KEY.matches(key):
        yield document.fault((*place, "key"), f"“{key}” is not {KEY.what}; {KEY.advice}")

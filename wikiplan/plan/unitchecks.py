"""Faults of units: their texts, their variables, and the keys by which everything knows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from wikiplan.errors import Fault, Message, did_you_mean
from wikiplan.plan.kinds import IMPLIED, OF_THE_PLAN, OWN, file_kind, kind_of
from wikiplan.plan.knownfacts import facts_of_plan, lacking, names_beside
from wikiplan.plan.source import Source
from wikiplan.plan.units import (
    MOST_KEY_BYTES,
    TextBlock,
    blocks_in,
    kept_variables,
    links_of,
    prefix,
    variables_in,
)
from wikiplan.plan.values import KEY, SECTION_NAME, slip_messages, text_messages
from wikiplan.value import replace
from wikiplan.yaml import Document, KeyPath, Position, places_in, value_in, values_in

_LINK_START = re.compile(r"(\[+)\$([a-z][a-z0-9_]*)")
_TYPED_LINK = re.compile(
    r"\[\[[ ]*(?!(?:File|Image|Media):)([^\[\]|$#{}<>\n]+?)[ ]*(?=\||\]\])", re.I
)


def unit_faults(source: Source, sound: Collection[str] = ()) -> Iterator[Fault]:
    """Yield what is wrong with units; in files that are ``sound`` each of them is, by itself."""
    taken: dict[str, tuple[str, Position]] = {}
    links = _links(source)
    everywhere = facts_of_plan(source.data, links_of(_whole(links or {})))
    for stem, document in source.documents.items():
        if not file_kind(stem).has_units:
            continue
        doubled = {} if stem in sound else dict(_doubled_keys(document))
        yield from doubled.values()
        if kind_of(stem) == OWN and stem not in sound:
            yield from _own_key_faults(document)
        for block in blocks_in(document.data):
            of_text = [] if stem in sound else list(_text_faults(stem, document, block))
            yield from of_text
            if all(fault.warning for fault in of_text):
                yield from _typed_link_faults(document, block, links or {})
            known = {*everywhere, *names_beside(stem, document.data, block)}
            reserved = {*known, *OF_THE_PLAN, *(each.name for each in file_kind(stem).implied)}
            yield from _variable_faults(document, block, links, known)
            yield from _clashes(document, block, links or {}, reserved)
            if not any(block.path[: len(place)] == place for place in doubled):
                yield from _unit_key_faults(stem, document, block, taken)


def _links(source: Source) -> Mapping[str, Any] | None:
    """Return the links' data, None when they cannot be known."""
    if "links" in source.damaged:
        return None
    document = source.documents.get("links")
    return document.data if document and isinstance(document.data, dict) else {}


def _whole(links: Mapping[str, Any]) -> dict[str, Any]:
    """Return the links that have what they need."""
    return {
        name: link
        for name, link in links.items()
        if isinstance(link, dict) and isinstance(link.get("title"), str)
    }


def _text_faults(stem: str, document: Document, block: TextBlock) -> Iterator[Fault]:
    place = (*block.path, "text")
    text = block.data["text"]
    if isinstance(text, str):
        own_layout = block.data.get("own-layout") is True
        one_line = file_kind(stem).in_a_line(block)
        for message in text_messages(text, one_line=one_line, own_layout=own_layout):
            yield document.fault(place, message)
        for message in slip_messages(text, own_layout=own_layout):
            yield replace(document.fault(place, message), warning=True)
        if place in document.folded and not one_line:
            wrong = "has a blank line, of which YAML makes a line break: pages show one paragraph"
            yield document.fault(
                place, Message("two-texts-in-one", f"{wrong}; write two texts, each with its key")
            )


def _typed_link_faults(
    document: Document, block: TextBlock, links: Mapping[str, Any]
) -> Iterator[Fault]:
    """Yield links whose target stands among a text's words, and is no fact of the plan's yet."""
    text = block.data["text"]
    if not isinstance(text, str) or block.data.get("own-layout") is True or "<nowiki>" in text:
        return
    pages = [link.get("page") for link in links.values() if isinstance(link, dict)]
    for target in dict.fromkeys(_TYPED_LINK.findall(text)):
        if target not in pages:
            told = f"links to “{target}”, so that another target would cost every translation"
            message = Message("typed-link", f"{told}; add it to links.yaml, and write [[$name|…]]")
            yield replace(document.fault((*block.path, "text"), message), warning=True)


def _variable_faults(
    document: Document,
    block: TextBlock,
    links: Mapping[str, Any] | None,
    facts: Collection[str],
) -> Iterator[Fault]:
    """Yield what is wrong with the variables of a text; ``facts`` are names that it has anyway."""
    text, raw = block.data["text"], block.data.get("variables")
    if not isinstance(text, str):
        return
    own = raw if isinstance(raw, dict) else {}
    used = variables_in(text)
    for name in own:
        if name not in (*used, *kept_variables(block)):
            hint = f"remove it or write ${name} in the text"
            place = (*block.path, "variables", name)
            yield document.fault(
                place,
                Message("unused-variable", f"the variable ${name} is never used; {hint}"),
                key=True,
            )
    if links is None:
        return
    scope = (*links, *own, *sorted(facts))
    for name in used:
        if name not in scope:
            known = lacking(name) if name in IMPLIED else did_you_mean(name, scope)
            hint = known or lacking(name) or "define it under “variables:” or in links.yaml"
            message = Message(
                "unknown-variable",
                f"the variable ${name} is not defined; {hint} ($$ is a dollar sign)",
            )
            yield document.fault((*block.path, "text"), message)
    for message in _bracket_messages(text, {**links, **own}):
        yield document.fault((*block.path, "text"), message)
    yield from _kept_faults(document, block, used, scope)


def _kept_faults(
    document: Document, block: TextBlock, used: Collection[str], scope: Collection[str]
) -> Iterator[Fault]:
    """Yield variables that are kept for translations and cannot be, or need not."""
    for at, name in enumerate(kept_variables(block)):
        place = (*block.path, "keep-variables", at)
        if name in used:
            wrong = f"the text has ${name} itself; remove it here"
            yield document.fault(place, Message("kept-in-the-text", wrong))
        elif name not in scope:
            wrong = f"${name} is not defined any more; say under “variables:” what it stood for"
            yield document.fault(place, Message("kept-undefined", wrong))


def _clashes(
    document: Document, block: TextBlock, links: Mapping[str, Any], facts: Collection[str]
) -> Iterator[Fault]:
    """Yield variables of a text that have the name of a link or of a fact."""
    own = block.data.get("variables")
    for name in own if isinstance(own, dict) else ():
        place = (*block.path, "variables", name)
        if name in links:
            message = Message(
                "variable-is-a-link",
                f"the variable ${name} is also a link of links.yaml; give it another name",
            )
            yield document.fault(place, message, key=True)
        elif name in facts and name not in kept_variables(block):
            message = Message(
                "reserved-variable", f"the name ${name} is reserved; give the variable another name"
            )
            yield document.fault(place, message, key=True)


def _bracket_messages(text: str, values: Mapping[str, Any]) -> Iterator[Message]:
    """Yield what is wrong with brackets around variables: pages take two, URLs one."""
    for brackets, name in dict.fromkeys(_LINK_START.findall(text)):
        target = values.get(name)
        if not isinstance(target, dict):
            continue
        if "link" in target and isinstance(target["link"], str):
            target = values.get(target["link"])
        kinds = target if isinstance(target, dict) else {}
        if len(brackets) == 2 and "url" in kinds:
            wrong = f"${name} is a URL, but stands in “[[”"
            yield Message("url-in-two-brackets", wrong, f"write [${name} words]")
        elif len(brackets) == 1 and "page" in kinds:
            wrong = f"${name} is a page, but stands in “[”"
            yield Message("page-in-one-bracket", wrong, f"write [[${name}|words]]")


def _unit_key_faults(
    stem: str, document: Document, block: TextBlock, taken: dict[str, tuple[str, Position]]
) -> Iterator[Fault]:
    if block.segments is None:
        return
    key = ".".join((prefix(stem), *block.segments))
    place = _key_place(document, block.path)
    at = document.value_at(place) if place[-1:] == ("key",) else document.key_at(place)
    if len(key) > MOST_KEY_BYTES:
        wrong = f"the unit's key “{key}” is {len(key)} bytes long"
        message = Message("long-unit-key", wrong, f"shorten it to {MOST_KEY_BYTES}")
        yield _at(document, at, place, message)
    elif key in taken:
        file, (line, _) = taken[key]
        wrong = f"the unit's key “{key}” is taken ({file}, line {line})"
        message = Message("taken-unit-key", wrong, "choose another key")
        yield _at(document, at, place, message)
    else:
        taken[key] = document.file, at


def _key_place(document: Document, path: KeyPath) -> KeyPath:
    """Return the place that gives a text block its name."""
    is_item = bool(path) and isinstance(path[-1], int)
    return (*path, "key") if is_item else path


def _at(document: Document, at: Position, place: KeyPath, message: Message) -> Fault:
    return Fault(document.file, *at, document.name(place), message)


def _doubled_keys(document: Document) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield the items whose ``key`` an earlier item of the same list has."""
    for place, items in values_in(document.data):
        first: dict[str, int] = {}
        for index, item in enumerate(items) if isinstance(items, list) else ():
            key = item.get("key") if isinstance(item, dict) else None
            if isinstance(key, str) and first.setdefault(key, index) != index:
                here = (*place, index, "key")
                line = document.value_at((*place, first[key], "key"))[0]
                message = Message(
                    "doubled-key",
                    f"the key “{key}” is doubled (first on line {line}); choose another",
                )
                yield here[:-1], document.fault(here, message)


def _own_key_faults(document: Document) -> Iterator[Fault]:
    """Yield the faults of keys in a file of an own section kind, which no model describes."""
    for place in places_in(document.data):
        step = place[-1] if place else None
        if isinstance(step, int):
            yield from _own_item_faults(document, place)
        elif step == "unit":
            yield document.fault(
                place, Message("reserved-key", "the key is reserved; choose another"), key=True
            )
        elif step is not None and "variables" not in place and not SECTION_NAME.matches(step):
            advice = "use a-z, 0-9 and single hyphens, beginning with a letter"
            yield document.fault(
                place, Message("impossible-key", f"the key is not possible; {advice}"), key=True
            )


def _own_item_faults(document: Document, place: KeyPath) -> Iterator[Fault]:
    """Yield what is wrong with the ``key`` of a list item that holds texts."""
    item = value_in(document.data, place)
    if not any(True for _ in blocks_in(item)):
        return
    key = item.get("key") if isinstance(item, dict) else None
    if not isinstance(key, str):
        advice = "add a line “key: …” that never changes"
        yield document.fault(
            (*place, "key"), Message("item-without-key", f"the key is missing; {advice}")
        )
    elif not KEY.matches(key):
        yield document.fault(
            (*place, "key"),
            Message("impossible-key-of-item", f"“{key}” is not {KEY.what}; {KEY.advice}"),
        )

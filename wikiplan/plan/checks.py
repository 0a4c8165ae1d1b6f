"""Everything that can be wrong in the plan's files, found in one go.

The checks read the data as they are, also when they are wrong: each one looks only at what has
the type it needs, and leaves the rest to the check whose business it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from wikiplan.cache import NOTHING, Cache
from wikiplan.errors import Fault, Message, did_you_mean
from wikiplan.plan.filechecks import page_faults
from wikiplan.plan.kinds import (
    EVENTS,
    IMPLIED,
    LISTING,
    NAMING_PEOPLE,
    OWN,
    SOURCES,
    file_kind,
    kind_of,
)
from wikiplan.plan.knownfacts import facts_of_plan
from wikiplan.plan.listfaults import list_faults
from wikiplan.plan.model import problems
from wikiplan.plan.patterns import OF_SECTION
from wikiplan.plan.schema import known_keys
from wikiplan.plan.shapes import SHAPES
from wikiplan.plan.source import Source
from wikiplan.plan.unitchecks import unit_faults
from wikiplan.plan.units import blocks_in, kept_variables, variables_in
from wikiplan.value import replace
from wikiplan.yaml import FORBIDDEN, Document, KeyPath, value_in, values_in

# Faults of names that must exist elsewhere in the plan: links, teams and people.


WRONG_VALUE = "wrong-value"
"""The value cannot stand here."""

WRONG_TYPE = "wrong-type"
"""Another sort of value belongs here: words, a number, a list, or lines of keys."""

_WITH_PEOPLE = ("cards", "department", "office-hours", "okrs")
_PERSON = (("lead", "person"), ("cards", "person"))
BY_LANGUAGE = ("notes", "answers", "recording")
"""Keys of events with the name of a link, or one by language."""


def reference_faults(source: Source) -> Iterator[Fault]:
    for stem, document in source.documents.items():
        if "links" not in source.damaged:
            yield from _link_faults(stem, document, _keys(source, "links"))
        if "department" in source.documents:
            yield from _team_faults(stem, document, source.documents["department"])
        if "people" not in source.damaged:
            yield from _person_faults(stem, document, _keys(source, "people"))
    if "links" in source.documents:
        yield from _links_file_faults(source)


def _keys(source: Source, stem: str) -> Collection[str]:
    document = source.documents.get(stem)
    return document.data if document and isinstance(document.data, dict) else {}


def _link_faults(stem: str, document: Document, links: Collection[str]) -> Iterator[Fault]:
    for place, name in _link_names(file_kind(stem).links, document):
        if name not in links:
            hint = did_you_mean(name, links) or "add it to links.yaml"
            yield document.fault(
                place, Message("unknown-link", f"links.yaml has no “{name}”; {hint}")
            )


def _link_names(keys: Collection[str], document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Yield every name of a link that stands as a fact, with its place."""
    for place, name in values_in(document.data):
        if isinstance(name, str) and _names_a_link(keys, place):
            yield place, name


def _names_a_link(keys: Collection[str], place: KeyPath) -> bool:
    steps = [step for step in place if isinstance(step, str)]
    if "variables" in steps:
        return len(place) > 2 and place[-3] == "variables" and place[-1] == "link"
    by_language = len(place) > 1 and place[-2] in BY_LANGUAGE and place[-2] in keys
    return bool(steps) and (steps[-1] in ("see-also", *keys) or by_language)


def _team_faults(stem: str, document: Document, department: Document) -> Iterator[Fault]:
    known = [key for _, key in _keys_at(department, "teams", "key")]
    named = list(_keys_at(document, "teams", "key")) if file_kind(stem).of_teams else []
    named += _keys_at(document, "events", "team") if stem == EVENTS else []
    named += _keys_at(document, "cards", "team") if kind_of(stem) == "cards" else []
    for place, key in named:
        if key not in known:
            hint = did_you_mean(key, known) or "add it to department.yaml"
            yield document.fault(
                place, Message("unknown-team", f"department.yaml has no team “{key}”; {hint}")
            )


def _keys_at(document: Document, items: str, key: str) -> Iterator[tuple[KeyPath, str]]:
    """Yield the keys of teams that the items of a list have, with their places."""
    found = value_in(document.data, (items,))
    for index in range(len(found) if isinstance(found, list) else 0):
        place = (items, index, key)
        value = value_in(document.data, place)
        if isinstance(value, str):
            yield place, value


def _person_faults(stem: str, document: Document, people: Collection[str]) -> Iterator[Fault]:
    """Yield keys of people that people.yaml has not; a host may be named by a name, too."""
    for place, key in values_in(document.data) if kind_of(stem) in _WITH_PEOPLE else ():
        if not isinstance(key, str) or key in people:
            continue
        if tuple(step for step in place if isinstance(step, str))[-2:] in _PERSON:
            hint = did_you_mean(key, people) or "add the person there"
            yield document.fault(
                place, Message("unknown-person", f"people.yaml has no “{key}”; {hint}")
            )
        elif place[-2:-1] and place[-2] in NAMING_PEOPLE and (hint := did_you_mean(key, people)):
            told = document.fault(
                place,
                Message("person-or-name", f"people.yaml has no “{key}”, so it is a name; {hint}"),
            )
            yield replace(told, warning=True)


def _links_file_faults(source: Source) -> Iterator[Fault]:
    """Yield what is wrong with the links' names: reserved ones, and those that nobody uses."""
    document = source.documents["links"]
    used = {name for each in _used(source) for name in each}
    facts = facts_of_plan(source.data, {})
    for name in _keys(source, "links"):
        if name in facts or name in IMPLIED:
            yield document.fault(
                (name,),
                Message("reserved-link", f"the name ${name} is reserved; choose another"),
                key=True,
            )
        elif name not in used and not source.damaged and "department" in source.documents:
            message = Message(
                "unused-link",
                f"the link ${name} is never used; remove it unless a template needs it",
            )
            yield replace(document.fault((name,), message, key=True), warning=True)


def _used(source: Source) -> Iterator[tuple[str, ...]]:
    for stem, document in source.documents.items():
        yield tuple(name for _, name in _link_names(file_kind(stem).links, document))
        for block in blocks_in(document.data):
            if isinstance(block.data["text"], str):
                yield variables_in(block.data["text"])
                yield kept_variables(block)


# Faults of shape: pydantic's findings, each at its place in the file and in words for people.


_WANTED = {
    "string_type": "words",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
_HOW = {
    "string_type": "put quotes around it",
    "int_type": "write digits without quotes",
    "bool_type": "write true or false",
    "list_type": "begin each entry with “- ”",
    "dict_type": "write lines of “key: value”",
    "model_type": "write lines of “key: value”",
}


def shape_faults(document: Document, shape: Any, place: KeyPath = ()) -> list[Fault]:
    """Return the faults of the data at a place that should have this shape."""
    found = []
    for problem in problems(shape, value_in(document.data, place)):
        where = (*place, *(step for step in problem["loc"] if step != "[key]"))
        if problem["input"] is not None or problem["type"] == "missing":
            found.append(_fault(document, shape, place, where, dict(problem)))
    return found


def empty_faults(document: Document) -> list[Fault]:
    """Return a fault for every key and list entry without a value."""
    places = (place for place, value in values_in(document.data) if value is None)
    return [document.fault(place, _empty_message(document, place), key=True) for place in places]


def _empty_message(document: Document, place: KeyPath) -> Message:
    around = value_in(document.data, place[:-1])
    if place[-2:-1] and place[-2] in ("title", *OF_SECTION) and around == {place[-1]: None}:
        text = f"{{{place[-1]}}}"
        wrong = f"YAML reads {text} as a mapping"
        return Message("mapping-for-field", wrong, f'put quotes around the text: "{text}"')
    return Message("empty-value", "is empty; write a value or remove it")


def _fault(
    document: Document, shape: Any, root: KeyPath, place: KeyPath, problem: dict[str, Any]
) -> Fault:
    match problem["type"]:
        case "missing":
            advice = f"add a line “{place[-1]}: …”"
            return document.fault(place, Message("missing-key", f"the key is missing; {advice}"))
        case "extra_forbidden":
            known = known_keys(shape, place[len(root) : -1])
            return document.fault(place, _unknown(str(place[-1]), known), key=True)
        case _:
            is_key = problem["loc"][-1:] == ("[key]",)
            return document.fault(place, _message(problem), key=is_key)


def _unknown(key: str, known: tuple[str, ...]) -> Message:
    hint = did_you_mean(key, known) or f"known keys are {', '.join(known)}"
    return Message("unknown-key", "the key is not known", hint)


def _message(problem: dict[str, Any]) -> Message:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _WANTED:
        wrong = f"is {_shown(problem['input'])}, not {_WANTED[kind]}"
        return Message(WRONG_TYPE, wrong, _how(problem))
    match kind:
        case "value_error":
            return Message.of(context["error"])
        case "literal_error":
            wrong = f"“{problem['input']}” is not possible"
            return Message("impossible-value", wrong, f"write {_choice(problem)}")
        case "too_short":
            least = context["min_length"]
            wrong = f"has too few entries ({context['actual_length']})"
            return Message("too-few", wrong, f"write at least {least}")
        case "too_long":
            most = context["max_length"]
            wrong = f"has too many entries ({context['actual_length']})"
            return Message("too-many", wrong, f"write at most {most}")
        case "greater_than_equal":
            advice = f"write at least {context['ge']}"
            return Message("too-small", f"{problem['input']} is too small", advice)
        case "less_than_equal":
            advice = f"write at most {context['le']}"
            return Message("too-big", f"{problem['input']} is too large", advice)
        case _:
            return Message(WRONG_VALUE, problem["msg"], "correct it")


def _choice(problem: dict[str, Any]) -> str:
    return str(problem["ctx"]["expected"]).replace("'", "")


def _how(problem: dict[str, Any]) -> str:
    """Return how to write what was wanted; quotes do not help where a list or mapping stands."""
    if problem["type"] == "string_type" and isinstance(problem["input"], list | dict):
        return "write the words after the colon"
    return _HOW[problem["type"]]


def _shown(value: object) -> str:
    match value:
        case bool():
            return f"the value {str(value).lower()}"
        case int():
            return f"the number {value}"
        case str():
            return "words"
        case list():
            return "a list"
        case _:
            return "a mapping"


# Faults of sources.yaml: what it says must fit the files that it is about.


def source_list_faults(source: Source) -> Iterator[Fault]:
    """Yield sources of files that cannot have one, and fields that these files do not know."""
    document = source.documents.get(SOURCES)
    if document is None:
        return
    for stem in _keys(source, SOURCES):
        if kind_of(stem) in (*LISTING, SOURCES):
            message = Message("source-of-settings", "is a file of settings; keep it in the plan")
            yield document.fault((stem,), message, key=True)
            continue
        yield from _field_faults(document, stem)
        if stem not in source.documents and stem not in source.damaged:
            message = Message("not-fetched", "is not there yet; run plan_fetch")
            yield replace(document.fault((stem,), message, key=True), warning=True)


def _field_faults(document: Document, stem: str) -> Iterator[Fault]:
    rows, columns = (value_in(document.data, (stem, key)) for key in ("rows", "columns"))
    kind, lists = kind_of(stem), rows.split(".") if isinstance(rows, str) else []
    place: KeyPath = ()
    above: dict[str, KeyPath] = {}
    for name in lists:
        if message := _no_field(kind, place, name):
            yield document.fault((stem, "rows"), message)
            return
        place = (*place, name, 0)
        above[f"{name}."] = place
    for field in columns if isinstance(columns, dict) else ():
        start = next((each for each in [*above][:-1] if field.startswith(each)), "")
        if lists or field != "key":
            here = above.get(start, place or ("x",))
            if message := _no_fields(kind, here, field.removeprefix(start).split(".")):
                yield document.fault((stem, "columns", field), message, key=True)


def _no_fields(kind: str, place: KeyPath, steps: Sequence[str]) -> Message | None:
    wrong = (_no_field(kind, (*place, *steps[:at]), name) for at, name in enumerate(steps))
    return next(filter(None, wrong), None)


def _no_field(kind: str, place: KeyPath, name: str) -> Message | None:
    known = known_keys(SHAPES[kind], place) if kind != OWN else ()
    return _unknown(name, known) if known and name not in known else None


# Everything that can be wrong in the plan's files, found in one go.


REQUIRED = ("department", "pages")
"""The files without which there is no plan."""


def source_faults(source: Source, cache: Cache = NOTHING) -> list[Fault]:
    """Return every error and warning, each once, in the order of files and lines.

    A file in which nothing was found before is looked at again beside the others only.
    """
    if not source.documents and not source.damaged:
        return [*source.faults, _empty(source.directory)]
    found = [*source.faults, *_missing(source)]
    sound = {stem for stem, each in source.documents.items() if cache.get(*_sound(stem, each))}
    for stem, document in source.documents.items():
        found += _document_faults(stem, document) if stem not in sound else ()
    found += unit_faults(source, sound)
    found += reference_faults(source)
    found += list_faults(source)
    found += page_faults(source)
    found += source_list_faults(source)
    told = {(fault.file, fault.line, fault.column) for fault in found}
    for stem, document in source.documents.items():
        hidden = _character_faults(document) if stem not in sound else ()
        found += [each for each in hidden if (each.file, each.line, each.column) not in told]
    faulty = {each.file for each in found}
    for stem, document in source.documents.items():
        if document.digest and document.file not in faulty:
            cache.put(True, *_sound(stem, document))
    return sorted(set(found))


def _sound(stem: str, document: Document) -> tuple[str, str, str]:
    """Return what a cache calls a file in which nothing is wrong."""
    return "file is sound", stem, document.digest


def _empty(directory: Path) -> Fault:
    file = str(directory)
    if not directory.is_dir():
        advice = "name one that has the plan's files (-data:DIR), or begin one: wikiplan init DIR"
        return Fault(file, 0, 0, "", Message("no-folder", "the folder does not exist", advice))
    advice = "add department.yaml and pages.yaml"
    return Fault(file, 0, 0, "", Message("empty-plan", "the plan is empty", advice))


def _missing(source: Source) -> Iterator[Fault]:
    for stem in REQUIRED:
        if stem not in source.documents and stem not in source.damaged:
            file = str(source.directory / f"{stem}.yaml")
            yield Fault(file, 0, 0, "", Message("missing-file", "the file is missing; add it"))


def _character_faults(document: Document) -> Iterator[Fault]:
    r"""Yield texts of any kind with what no page and no file can store, written as ``"\0"``."""
    for place, value in values_in(document.data):
        codes = FORBIDDEN.findall(value) if isinstance(value, str) else ()
        if codes:
            named = ", ".join(f"U+{ord(code):04X}" for code in dict.fromkeys(codes))
            yield document.fault(
                place,
                Message(
                    "hidden-control-character", f"holds the control character {named}; delete it"
                ),
            )


def _document_faults(stem: str, document: Document) -> Iterator[Fault]:
    yield from empty_faults(document)
    if kind_of(stem) != OWN:
        yield from shape_faults(document, SHAPES[kind_of(stem)])
    elif not isinstance(document.data, dict):
        yield document.fault(
            (), Message("no-mapping", "the file is not a mapping; write lines of “key: value”")
        )
    else:
        for block in blocks_in(document.data):
            yield from shape_faults(document, SHAPES[OWN], block.path)

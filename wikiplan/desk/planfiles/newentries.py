"""A new entry of a list: the fields that its form has, and what becomes of what is typed there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wikiplan.desk.planfiles.entries import Model
from wikiplan.desk.planfiles.fields import INTEGER, MOST_IN_A_SELECT, Choices, Names, types_of
from wikiplan.value import Value, replace

LEFT_TO_FILES = ("change", "keep-variables", "variables")
"""Keys of texts that nobody needs for a new one, or that the check asks for."""
NEEDED = {"page": ("title", "sections")}
"""Keys that a new entry needs though the data model lets others be without them."""
WORDS_IN_A_KEY = 3
NAME = "="
"""Where a mapping's new key is typed."""
ITEM = "."
"""Where the item of a list is typed that is no mapping."""

_TIME = "T([01]"
_DAY = r"^\d{4}-((0[13578]"
_WORD = re.compile(r"[a-z0-9]+")
_MONTH = re.compile(r"\d{4}-\d{2}")
_SEPARATOR = re.compile(r"\s*[,\n]\s*")


class Field(Value):
    """A value that is typed, at its ``path`` within the entry: keys and numbers with dots between.

    ``input`` is a type of HTML, ``select`` or ``textarea``; ``group`` are the labels of the fields
    of which exactly one is needed. ``many`` values make a list, ``pairs`` a mapping, of lists where
    they are many: a line of each key, with a colon.
    """

    path: str
    label: str
    input: str
    help: str = ""
    choices: Choices = ()
    examples: tuple[str, ...] = ()
    required: bool = False
    main: bool = False
    group: str = ""
    numeric: bool = False
    many: bool = False
    pairs: bool = False


def fields_of(model: Model, names: Names, one: str, like: Iterable[Any] = ()) -> tuple[Field, ...]:
    """Return the fields of a new entry, which is called ``one``.

    ``like`` are its neighbours, which give the fields their order; what all of them say is asked
    first, with what it needs.
    """
    inner = model.inner
    assert inner
    found = [_named(model)] if model.is_mapping else []
    if not inner.properties:
        return (*found, _field(ITEM, one, inner, names, needed=True, main=True, group=""))
    found += _fields(inner, names, "", needed=True, more=NEEDED.get(one, ()))
    fullest = sorted((each for each in like if isinstance(each, dict)), key=len, reverse=True)
    order = dict.fromkeys(key for each in fullest for key in each)
    usual = {key for key in order if key != "key" and all(key in each for each in fullest)}
    found = [
        replace(each, main=each.main or each.path.partition(".")[0] in usual) for each in found
    ]
    known = {key: at for at, key in enumerate(dict.fromkeys([NAME, "key", *order]))}
    found.sort(key=lambda each: known.get(each.path.partition(".")[0], len(known)))
    return tuple(found)


def _named(model: Model) -> Field:
    pattern = next(iter(model.said.get("patternProperties", ())), "")
    told = "What texts and files call it." if pattern else ""
    return Field(NAME, "key", "text", told, required=True, main=True)


def _fields(
    model: Model, names: Names, prefix: str, *, needed: bool, more: Sequence[str] = ()
) -> Iterator[Field]:
    """Yield the fields of a mapping; of one within it those without which it is nothing.

    ``more`` are keys that it needs besides those that it must have.
    """
    others = ", ".join(name.replace("-", " ") for name in model.one_of)
    for name, inner in model.properties.items():
        path, own = f"{prefix}{name}", name in model.required or name in more
        if name in LEFT_TO_FILES:
            continue
        group = others if name in model.one_of else ""
        main = needed and (own or bool(group) or (not prefix and _is_usual(name, model)))
        if "text" in inner.properties and (not prefix or own):
            text = inner.properties["text"]
            yield _field(f"{path}.text", path, text, names, needed and own, main=main, group=group)
        elif inner.properties:
            yield from _fields(inner, names, f"{path}.", needed=True) if own else ()
        elif inner.items is not None and inner.items.properties:
            yield from _fields(inner.items, names, f"{path}.0.", needed=True) if own else ()
        elif own if inner.is_mapping else not prefix or own or group:
            yield _field(path, path, inner, names, needed and own, main=main, group=group)


def _is_usual(name: str, model: Model) -> bool:
    """Tell whether a key is mostly needed though it may be absent."""
    return name == "zone" and "start" in model.required


def _field(
    path: str, label: str, model: Model, names: Names, needed: bool, *, main: bool, group: str
) -> Field:
    each = (model.inner or model) if model.is_mapping else model
    of = each.items or each
    choices = () if model.is_mapping else names.choices(of.said)
    said = model.said
    return Field(
        path=path,
        label=label.replace(".0.", " › ").replace(".", " › ").replace("-", " "),
        input=_input(path, model, choices),
        help=" ".join(said.get("description", "").split()),
        choices=choices,
        examples=tuple(map(str, of.said.get("examples", ()))),
        required=needed and (path != "key" or bool(choices)),
        main=(main or needed) and (path != "key" or bool(choices)),
        group=group,
        numeric=bool({"integer", "number"} & {*types_of(of.said)}),
        many=each.items is not None,
        pairs=model.is_mapping,
    )


def _input(path: str, model: Model, choices: Choices) -> str:
    if model.is_mapping:
        return "textarea"
    of = model.items or model
    pattern = str(of.said.get("pattern", ""))
    if of.said.get("type") == "boolean":
        return "checkbox"
    if choices and len(choices) <= MOST_IN_A_SELECT:
        return "select"
    if of.said.get("type") == "integer":
        return "number"
    if model.items is None and _TIME in pattern:
        return "datetime-local"
    if model.items is None and pattern.startswith(_DAY) and "|" not in pattern[-30:]:
        return "date"
    last = path.rpartition(".")[2]
    return "textarea" if last in ("text", "note") and "name." not in path else "text"


def made(fields: Sequence[Field], typed: Sequence[tuple[str, str]]) -> Any:
    """Return the entry that was typed, without what was left empty; of a list's word the word."""
    entry: dict[str, Any] = {}
    for field in fields:
        texts = [text.replace("\r\n", "\n").strip() for name, text in typed if name == field.path]
        texts = [text for text in texts if text]
        if texts and field.path != NAME:
            _put(
                entry, field.path.split(".") if field.path != ITEM else [ITEM], _value(field, texts)
            )
    return entry.get(ITEM, _in_lists(entry))


def _value(field: Field, texts: Sequence[str]) -> Any:
    if field.pairs:
        lines = (line.partition(":") for line in texts[-1].split("\n") if line.strip())
        own = replace(field, pairs=False)
        return {key.strip(): _value(own, [text.strip()]) for key, _, text in lines}
    if field.many:
        every = texts if len(texts) > 1 else _SEPARATOR.split(texts[0])
        return [each for each in every if each]
    text = texts[-1]
    if field.input == "checkbox":
        return True
    return int(text) if field.numeric and INTEGER.fullmatch(text) else text


def _put(entry: dict[str, Any], steps: Sequence[str], value: Any) -> None:
    for step in steps[:-1]:
        entry = entry.setdefault(step, {})
    entry[steps[-1]] = value


def _in_lists(value: Any) -> Any:
    """Return data with a list in place of a mapping of its numbers."""
    if not isinstance(value, dict):
        return value
    inner = {key: _in_lists(each) for key, each in value.items()}
    return [*inner.values()] if inner and all(key.isdecimal() for key in inner) else inner


def with_key(entry: Any, fields: Sequence[Field], taken: Iterable[str]) -> Any:
    """Return an entry with a key proposed where none was typed, which is not ``taken``."""
    free = next((each for each in fields if each.path == "key" and not each.choices), None)
    if free is None or not isinstance(entry, dict) or "key" in entry:
        return entry
    return {"key": proposed_key(entry, taken), **entry}


def proposed_key(entry: Mapping[str, Any], taken: Iterable[str]) -> str:
    """Return a key made of an entry's first words, or of its month, that no neighbour has."""
    known = set(taken)
    months = [key for key in known if _MONTH.fullmatch(key)]
    start = str(entry.get("start", ""))
    word = start[:7] if months and _MONTH.match(start) else _slug(_words(entry)) or start[:10]
    key, number = word or "new", 2
    while key in known:
        key, number = f"{word or 'new'}-{number}", number + 1
    return key


def _words(entry: Mapping[str, Any]) -> str:
    for name in ("label", "name", "title", "topic", "person", "text"):
        value = entry.get(name)
        text = value.get("text", "") if isinstance(value, dict) else value
        if text:
            return str(text)
    return ""


def _slug(text: str) -> str:
    from unicodedata import normalize

    plain = normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words = _WORD.findall(plain)
    while words and words[0][0].isdecimal():
        words.pop(0)
    return "-".join(words[:WORDS_IN_A_KEY])

"""YAML written anew, as a person would write the plan's files: long texts folded, few quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from wikiplan.spans import Replacement, splice
from wikiplan.yaml.document import Document, KeyPath, Position, ScalarSpan, value_in
from wikiplan.yaml.yamlfile import shared

MOST_COLUMNS = 100
NAME = "key"
"""A list's entries with this key stand in lines of their own."""

_PLAIN = re.compile(r"[^\W\d_][^\n]*", re.UNICODE)
_PLAIN_KEY = re.compile(r"[\w.-]+")
_NOT_PLAIN = re.compile(
    r"[:#](?:\s|$)|\s#|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\s$|^\s"
)
_WORDS_WITH_MEANING = frozenset("null true false yes no on off y n".split())
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{2}[0-9A-Za-z:+-]*|[0-9]{4}-[0-9]{4}")
_FOLDABLE = re.compile(r"\S+(?: \S+)*")
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff]")
_FLOW_UNSAFE = re.compile(r"[\[\]{},]")


def dumped(data: Mapping[str, Any], head: str = "") -> str:
    """Return a file's text: mappings, lists, texts, whole numbers, truth values; no empty lists'
    place is lost. ``head`` are comment lines.
    """
    lines = [*(f"# {line}" for line in head.splitlines()), *([""] if head else [])]
    several = False
    for number, (key, value) in enumerate(data.items()):
        entry = list(_entry(key, value, 0))
        if number and (several or len(entry) > 1):
            lines.append("")
        lines += entry
        several = len(entry) > 1
    return "\n".join(lines) + "\n"


def entry(value: Any, key: str | None, indent: int, *, flow: bool | None) -> Iterator[str]:
    """Yield the lines of a mapping's entry, or without a key of a list's.

    ``flow`` says whether a list or a mapping stands in brackets, None where that is open.
    """
    lead = f"{' ' * indent}{'-' if key is None else f'{_key(key)}:'}"
    line = flowing(value)
    if flow and (len(f"{lead} {line}") <= MOST_COLUMNS or not _has_spaces(value)):
        yield f"{lead} {line}"
    elif flow is False and value and isinstance(value, Mapping | list):
        lines = list(_inside(value, indent + 2))
        yield from [lead, *lines] if key is not None else [f"{lead}{lines[0][len(lead) :]}"]
        yield from lines[1:] if key is None else ()
    elif key is None:
        yield from _item(value, indent)
    else:
        yield from _entry(key, value, indent)


def _has_spaces(value: Any) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value
    return any(" " in str(each) for each in inner)


def flowing(value: Any, key: str | None = None) -> str:
    """Return a value, or an entry with its key, as it stands inside of brackets or braces."""
    if key is not None:
        return f"{_key(key)}: {flowing(value)}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(flowing(each, name) for name, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flowing, value))}]"
    return _quoted(value) if isinstance(value, str) and "\n" in value else _in_flow(_scalar(value))


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a mapping's entry."""
    lead = f"{' ' * indent}{_key(key)}:"
    short = _short(value)
    if short is not None and _fits(value, f"{lead} {short}"):
        yield f"{lead} {short}"
    elif isinstance(value, Mapping | list | tuple):
        yield lead
        yield from _inside(value, indent + 2)
    else:
        yield from _long(lead, str(value), indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a list's entry."""
    dash = " " * indent + "- "
    short = _short(value)
    keyed = isinstance(value, Mapping) and NAME in value
    if short is not None and not keyed and _fits(value, dash + short):
        yield dash + short
    elif isinstance(value, Mapping | list | tuple):
        lines = list(_inside(value, indent + 2))
        yield dash + lines[0][indent + 2 :]
        yield from lines[1:]
    else:
        yield from _long(dash.rstrip(" "), str(value), indent + 2)


def _inside(value: Mapping[str, Any] | Sequence[Any], indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _entry(key, each, indent)
    else:
        for each in value:
            yield from _item(each, indent)


def _fits(value: Any, line: str) -> bool:
    """Tell whether a line is short enough, or has nothing at which it could be broken."""
    unbreakable = isinstance(value, int) or (isinstance(value, str) and " " not in value)
    return unbreakable or not value or len(line) <= MOST_COLUMNS


def _long(lead: str, text: str, indent: int) -> Iterator[str]:
    """Yield a text over several lines, or in quotes where that would change it."""
    blanks = " " * indent
    if _FOLDABLE.fullmatch(text) and not _has_controls(text):
        yield f"{lead} >-"
        yield from (blanks + line for line in _wrapped(text, MOST_COLUMNS - indent))
    elif "\n" in text and not _has_controls(text) and not re.search(r"^\s|\s$|[ \t]\n", text):
        yield f"{lead} |-"
        yield from (blanks + line if line else "" for line in text.split("\n"))
    else:
        yield f"{lead} {_quoted(text)}"


def _short(value: Any) -> str | None:
    """Return a value in one line, None for what must have several."""
    if isinstance(value, Mapping):
        parts = [(key, _short(each)) for key, each in value.items()]
        if not parts:
            return "{}"
        if len(parts) > 5 or any(each is None or "\n" in each for _, each in parts):
            return None
        inner = ", ".join(f"{_key(key)}: {_in_flow(each)}" for key, each in parts)
        return f"{{{inner}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        entries = [_short(each) for each in value]
        if None in entries or any(isinstance(each, Mapping) and each for each in value):
            return None
        return "[" + ", ".join(map(_in_flow, entries)) + "]"
    return None if isinstance(value, str) and "\n" in value else _scalar(value)


def _in_flow(text: str | None) -> str:
    """Return a value as it may stand inside of brackets or braces."""
    assert text is not None
    plain = text[:1] not in '"[{'
    return _quoted(text) if plain and _FLOW_UNSAFE.search(text) else text


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _DATE_LIKE.fullmatch(text):
        return text
    plain = _PLAIN.fullmatch(text) and not _NOT_PLAIN.search(text)
    return text if plain and text.lower() not in _WORDS_WITH_MEANING else _quoted(text)


def _key(key: str) -> str:
    return _scalar(key) if _PLAIN_KEY.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _has_controls(text: str) -> bool:
    return bool(re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text))


# One value of a YAML file written anew in its own style; every other byte of the file stays.


LEAST_COLUMNS, MOST_TEXT_COLUMNS = 60, 100
"""Of a folded text's longest line: new ones get as long; if it is shorter, as long as most."""

Scalar = str | int | bool
"""A value that is no list and no mapping."""

_BOM = "\ufeff"
WRITTEN_KEY = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^\s:,{}\[\]]+(?::[^\s:,{}\[\]]+)*""")
_SPACE = re.compile(r"(?<=\S) (?=\S)")


def with_value(data: bytes, place: KeyPath, before: Scalar, value: Scalar) -> bytes:
    """Return a YAML file's bytes with another value at the place where ``before`` stands.

    A text keeps the style of the one before where it can. Raises :class:`ValueError` where that
    cannot be done, or would change something else.
    """
    source, document = opened(data)
    if place not in document.spans:
        raise ValueError("the file has no value there")
    standing = value_in(document.data, place)
    if (type(standing), standing) != (type(before), before):
        raise ValueError("the file has another value there by now")
    if (type(value), value) == (type(before), before):
        return data
    written = _written(source, document, place, value)
    wanted = _with_names(document.data, (), {place: value}, {})
    return saying(wanted, written, data, "the value cannot be written there")


def line_end(source: str) -> str:
    return "\r\n" if "\r\n" in source else "\n"


def opened(data: bytes) -> tuple[str, Document]:
    """Return a file's text without its byte order mark, and what it says."""
    source = data.decode().removeprefix(_BOM)
    document, faults = shared(source)
    if document is None or faults:
        raise ValueError(str(faults[0].message))
    return source, document


def saying(wanted: Any, ways: Iterable[str], before: bytes, wrong: str) -> bytes:
    """Return the file in the first of several ways to write it that says what it should.

    Raises :class:`ValueError`, with what is ``wrong``, where none does.
    """
    for written in ways:
        document, faults = shared(written)
        if document is not None and not faults and document.data == wanted:
            return (_BOM * before.decode().startswith(_BOM) + written).encode()
    raise ValueError(wrong)


def _written(source: str, document: Document, place: KeyPath, value: Scalar) -> Iterator[str]:
    """Yield the file's text with the value in ways that may do: in its own style first."""
    span, before = document.spans[place], value_in(document.data, place)
    old = source[span.start : span.stop].rstrip("\r\n " if span.style in "|>" else "")
    rest = source[span.start + len(old) :]
    plain = old.replace("\r\n", "\n")
    if isinstance(value, str):
        indent = document.key_at(place)[1] - 1
        column = span.start - source.rfind("\n", 0, span.start) - 1
        ways = _texts_written(plain, span.style, str(before), value, column, indent)
    else:
        ways = iter([_scalar(value)])
    for new in ways:
        yield source[: span.start] + new.replace("\n", line_end(source)) + rest


def _texts_written(
    old: str, style: str, before: str, text: str, column: int, indent: int
) -> Iterator[str]:
    """Yield a text in the style of the old one, as lines of its own, and in quotes.

    ``column`` is where it begins, ``indent`` how far its key, or its entry of a list, stands in.
    """
    yield _in_style(old, style, before, text, column)
    if "\n" in text and style not in ("|", ">") and not _has_controls(text):
        sign = "|" if text.endswith("\n") else "|-"
        lines = text.removesuffix("\n").split("\n")
        yield "\n".join([sign, *(" " * (indent + 2) + line if line else "" for line in lines)])
    yield _quoted(text)


def _in_style(old: str, style: str, before: str, text: str, column: int) -> str:
    if style in ("|", ">"):
        return _block(old, style, before, text)
    if style == '"':
        return f'"{_flowing(old[1:-1], _quoted(text)[1:-1], column + 1)}"'
    if style == "'":
        return f"'{_flowing(old[1:-1], text.replace(chr(39), chr(39) * 2), column + 1)}'"
    return _flowing(old, text, column)


# --- over several lines ---


def _block(old: str, style: str, before: str, text: str) -> str:
    """Return a folded or literal text with its sign; a line break at its end is the sign's."""
    sign, *lines = old.split("\n")
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=2)
    if before.endswith("\n"):
        text = text.removesuffix("\n")
    old_lines = [line[indent:] for line in lines]
    new_lines = text.split("\n") if style == "|" else _folded_text(old_lines, text, indent)
    return "\n".join([sign, *(" " * indent + line if line else "" for line in new_lines)])


def _flowing(old: str, text: str, column: int) -> str:
    """Return a plain or quoted text, over several lines if the old one stands so."""
    first, *rest = old.split("\n")
    if not rest or "\n" in text:
        return text
    indent = next((len(line) - len(line.lstrip(" ")) for line in rest if line.strip()), 0)
    old_lines = [first.rstrip(" "), *(line.strip(" ") for line in rest)]
    return ("\n" + " " * indent).join(_folded_text(old_lines, text, max(indent, column)))


def _folded_text(old: Sequence[str], text: str, indent: int) -> list[str]:
    """Return the lines of a text in which a line break stands for a space, two for one."""
    longest = max(map(len, old), default=0)
    columns = longest if longest >= LEAST_COLUMNS else MOST_TEXT_COLUMNS - indent
    paragraphs = text.split("\n")
    if len(paragraphs) == 1:
        return _refolded(old, text, columns)
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [*_wrapped(paragraph, columns), ""]
    return lines[:-1]


def _refolded(old: Sequence[str], text: str, columns: int) -> list[str]:
    """Return the lines of a text, as many of the old ones as begin and end it."""
    first, start = 0, 0
    while first < len(old) and text.startswith(f"{old[first]} ", start):
        start += len(old[first]) + 1
        first += 1
    last, stop = len(old), len(text)
    while last > first and text.endswith(f" {old[last - 1]}", start, stop):
        last -= 1
        stop -= len(old[last]) + 1
    middle = text[start:stop]
    if first and _takes_more(old, first, middle, columns):
        first -= 1
        middle = f"{old[first]} {middle}"
    lines = _wrapped(middle, columns)
    while (
        last < len(old) and len(lines) > last - first and _has_room(lines[-1], old[last], columns)
    ):
        lines = [*lines[:-1], *_wrapped(f"{lines[-1]} {old[last]}", columns)]
        last += 1
    return [*old[:first], *lines, *old[last:]]


def _has_room(line: str, following: str, columns: int) -> bool:
    return len(line) + 1 + len(_SPACE.split(following)[0]) <= columns


def _takes_more(old: Sequence[str], first: int, new: str, columns: int) -> bool:
    """Tell whether new words go to the end of the line before, which stays if they begin a line."""
    begins = first < len(old) and _SPACE.split(old[first])[0] == _SPACE.split(new)[0]
    return not begins and _has_room(old[first - 1], new, columns)


def _wrapped(text: str, columns: int) -> list[str]:
    """Return the lines of a text, broken at single spaces."""
    lines = [""]
    for word in _SPACE.split(text):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > columns:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


# Names in a YAML file: many at once, values and keys, each in the quotes that it has.


_QUOTES = ("'", '"')


def with_names(
    data: bytes, values: Mapping[KeyPath, str], keys: Mapping[KeyPath, str] = MappingProxyType({})
) -> bytes:
    """Return a YAML file's bytes with other names: values at their places, and keys at theirs.

    A year that stood there as a number is one yet.

    Raises :class:`ValueError` where that would change something else.
    """
    source, document = opened(data)
    named = {place: _like(value_in(document.data, place), name) for place, name in values.items()}
    edits = [_value_edit(source, document.spans[place], name) for place, name in named.items()]
    edits += [_key_edit(source, document.keys[place], name) for place, name in keys.items()]
    wanted = _with_names(document.data, (), named, keys)
    written = [splice(source, sorted(edits))]
    return saying(wanted, written, data, "the names cannot be written there")


def _like(before: Any, name: str) -> str | int:
    return int(name) if isinstance(before, int) and name.isdecimal() else name


def _value_edit(source: str, span: ScalarSpan, name: str | int) -> Replacement:
    stop = span.start + len(source[span.start : span.stop].rstrip())
    return Replacement(span.start, stop, _named(source[span.start], _in_flow(_scalar(name))))


def _key_edit(source: str, position: Position, name: str) -> Replacement:
    start = _offset(source, position)
    found = WRITTEN_KEY.match(source, start)
    assert found
    return Replacement(start, found.end(), _named(source[start], _key(name)))


def _named(first: str, name: str) -> str:
    """Return a name as it is written, in quotes where the one before stood in quotes."""
    if name[0] in _QUOTES or first not in _QUOTES:
        return name
    return f"{first}{name}{first}"


def _with_names(
    data: Any, place: KeyPath, values: Mapping[KeyPath, Scalar], keys: Mapping[KeyPath, str]
) -> Any:
    if isinstance(data, dict):
        return {
            keys.get((*place, key), key): _with_names(value, (*place, key), values, keys)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_with_names(each, (*place, at), values, keys) for at, each in enumerate(data)]
    return values.get(place, data)


def _offset(source: str, position: Position) -> int:
    line, column = position
    return sum(map(len, source.splitlines(keepends=True)[: line - 1])) + column - 1

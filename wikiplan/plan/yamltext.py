"""YAML written anew, as a person would write the plan's files: long texts folded, few quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of a mapping's entry."""
    lead = f"{' ' * indent}{_key(key)}:"
    short = _short(value)
    if short is not None and _fits(value, f"{lead} {short}"):
        yield f"{lead} {short}"
    elif isinstance(value, Mapping):
        yield lead
        for inner, each in value.items():
            yield from _entry(inner, each, indent + 2)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield lead
        for each in value:
            yield from _item(each, indent + 2)
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
    return isinstance(value, int) or not value or len(line) <= MOST_COLUMNS


def _long(lead: str, text: str, indent: int) -> Iterator[str]:
    """Yield a text over several lines, or in quotes where that would change it."""
    blanks = " " * indent
    if _FOLDABLE.fullmatch(text) and not _has_controls(text):
        yield f"{lead} >-"
        yield from (blanks + line for line in _folded(text, MOST_COLUMNS - indent))
    elif "\n" in text and not _has_controls(text) and not re.search(r"^\s|\s$|[ \t]\n", text):
        yield f"{lead} |-"
        yield from (blanks + line if line else "" for line in text.split("\n"))
    else:
        yield f"{lead} {_quoted(text)}"


def _folded(text: str, columns: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > columns:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


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
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", quoted)


def _has_controls(text: str) -> bool:
    return bool(re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text))

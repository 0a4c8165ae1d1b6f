"""One text of a YAML file written anew in its own style; every other byte of the file stays."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from wikiplan.plan.yamlfile import Place, Span, parsed, value_in

LEAST_COLUMNS, MOST_COLUMNS = 60, 100
"""Of a folded text's longest line: new ones get as long; if it is shorter, as long as most."""

_BOM = "\ufeff"
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff]")


def with_text(data: bytes, place: Place, before: str, text: str) -> bytes:
    """Return a YAML file's bytes with another text at the place where ``before`` stands.

    Raises :class:`ValueError` where that cannot be done, or would change something else.
    """
    source = data.decode().removeprefix(_BOM)
    document, _ = parsed(source, "", [])
    if document is None or place not in document.spans:
        raise ValueError("the file has no text there")
    if value_in(document.data, place) != before:
        raise ValueError("the file has another text there by now")
    if before == text:
        return data
    wanted = _with_value(document.data, place, text)
    for written in _written(source, document.spans[place], before, text):
        if _says(written, wanted):
            return (_BOM * data.decode().startswith(_BOM) + written).encode()
    raise ValueError("the text cannot be written there")


def _says(source: str, wanted: Any) -> bool:
    document, faults = parsed(source, "", [])
    return document is not None and not faults and document.data == wanted


def _with_value(data: Any, place: Place, text: str) -> Any:
    wanted = copy.deepcopy(data)
    value_in(wanted, place[:-1])[place[-1]] = text
    return wanted


def _written(source: str, span: Span, before: str, text: str) -> Iterator[str]:
    """Yield the file's text with the scalar in ways that may do: its own style, then quotes."""
    old = source[span.start : span.stop].rstrip("\r\n " if span.style in "|>" else "")
    line_end = "\r\n" if "\r\n" in source else "\n"
    column = span.start - source.rfind("\n", 0, span.start) - 1
    for new in (
        _in_style(old.replace("\r\n", "\n"), span.style, before, text, column),
        _quoted(text),
    ):
        rest = source[span.start + len(old) :]
        yield source[: span.start] + new.replace("\n", line_end) + rest


def _in_style(old: str, style: str, before: str, text: str, column: int) -> str:
    if style in ("|", ">"):
        return _block(old, style, before, text)
    if style == '"':
        return f'"{_flowing(old[1:-1], _quoted(text)[1:-1], column + 1)}"'
    if style == "'":
        return f"'{_flowing(old[1:-1], text.replace(chr(39), chr(39) * 2), column + 1)}'"
    return _flowing(old, text, column)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


# --- over several lines ---


def _block(old: str, style: str, before: str, text: str) -> str:
    """Return a folded or literal text with its sign; a line break at its end is the sign's."""
    sign, *lines = old.split("\n")
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=2)
    if before.endswith("\n"):
        text = text.removesuffix("\n")
    old_lines = [line[indent:] for line in lines]
    new_lines = text.split("\n") if style == "|" else _folded(old_lines, text, indent)
    return "\n".join([sign, *(" " * indent + line if line else "" for line in new_lines)])


def _flowing(old: str, text: str, column: int) -> str:
    """Return a plain or quoted text, over several lines if the old one stands so."""
    first, *rest = old.split("\n")
    if not rest or "\n" in text:
        return text
    indent = next((len(line) - len(line.lstrip(" ")) for line in rest if line.strip()), 0)
    old_lines = [first.rstrip(" "), *(line.strip(" ") for line in rest)]
    return ("\n" + " " * indent).join(_folded(old_lines, text, max(indent, column)))


def _folded(old: Sequence[str], text: str, indent: int) -> list[str]:
    """Return the lines of a text in which a line break stands for a space, two for one."""
    longest = max(map(len, old), default=0)
    columns = longest if longest >= LEAST_COLUMNS else MOST_COLUMNS - indent
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

"""Where translate tags, units and markers stand in a text; no search goes over a text twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

OPENING_TAGS = ("<translate>", "<translate nowrap>")
CLOSING_TAG = "</translate>"
MARKER, MARKER_END = "<!--T:", "-->"
WHITE_SPACE = " \t\n\r\f\v"

_NOWIKI, _NOWIKI_END = "<nowiki>", "</nowiki>"
# The last branch are look-alikes: no tags, but a page with one counts as having markup.
_TAGS = re.compile(r"<nowiki>|<translate(?: nowrap)?>|</translate>|</?translate[ >]")
_NOT_WHITE_SPACE = re.compile(r"[^ \t\n\r\f\v]")


class MarkerForm(StrEnum):
    """Where a unit's marker was found: before the text, with a newline or a space behind it,
    or at the end of one of the unit's lines.
    """

    NONE = "none"
    LINE = "line"
    SPACE = "space"
    END = "end"


def tags(text: str) -> Iterator[re.Match[str]]:
    """Yield translate tags and look-alikes outside of ``<nowiki>…</nowiki>`` (lower case only)."""
    at, last_end = 0, text.rfind(_NOWIKI_END)
    while tag := _TAGS.search(text, at):
        at = tag.end()
        if tag[0] != _NOWIKI:
            yield tag
        elif at <= last_end:
            at = text.index(_NOWIKI_END, at) + len(_NOWIKI_END)


def units(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets of a block's units: white space with two newlines in a row parts them."""
    while found := _NOT_WHITE_SPACE.search(text, start, stop):
        first = found.start()
        cut = text.find("\n\n", first, stop)
        start = first + len(text[first : stop if cut < 0 else cut].rstrip(WHITE_SPACE))
        yield first, start


def markers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each ``<!--T:…-->`` that ends on the line where it begins."""
    start, line_end = text.find(MARKER), -1
    while start >= 0:
        if line_end < start:
            line_end = _line_end(text, start)
        close = text.find(MARKER_END, start + len(MARKER), line_end)
        at = line_end if close < 0 else close + len(MARKER_END)
        if close >= 0:
            yield start, at
        start = text.find(MARKER, at)


def without_marker(source: str, first: int, last: int) -> tuple[MarkerForm, str]:
    """Return where the marker ``[first, last)`` stands, ``NONE`` for a wrong place, and the rest.

    At the start it takes one space or newline with it, at a line's end the white space before it.
    """
    behind = source[last : last + 1]
    if first == 0 and behind == "\n":
        return MarkerForm.LINE, source[last + 1 :]
    if first == 0 and behind == " ":
        return MarkerForm.SPACE, source[last + 1 :]
    if behind in ("", "\n"):
        return MarkerForm.END, source[:first].rstrip(WHITE_SPACE) + source[last:]
    return MarkerForm.NONE, source


def newlines(text: str) -> list[int]:
    return [found.start() for found in re.finditer("\n", text)]


def _line_end(text: str, at: int) -> int:
    newline = text.find("\n", at)
    return len(text) if newline < 0 else newline

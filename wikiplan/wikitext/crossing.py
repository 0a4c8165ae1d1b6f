"""What begins inside of a stretch of text but ends outside, or the other way round.

The preprocessor knows nothing of tables and of most tags. A section that holds half of one would
leave the other half behind when it is written anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from wikiplan.wikitext.scanner import Kind
from wikiplan.wikitext.structure import Structure

# Tags of which one half would change the rest of the page; a lone </small> changes a line.
_TAG = re.compile(
    r"<(/?)(translate|noinclude|onlyinclude|div|table|center|blockquote)(?=[\s/>])([^<>]*)>",
    re.IGNORECASE,
)
_TABLE = re.compile(r"^[: \t]*\{\||^[ \t]*\|\}", re.MULTILINE)
_CELL = re.compile(r"\n[ \t]*[|!]")
_SOLID = "\x7f"  # stands for a template or an extension tag: visible, but nothing to look into


class _Hole(NamedTuple):
    start: int
    stop: int
    instead: str


class Crossings:
    """Answers for the stretches of one text."""

    def __init__(self, text: str, structure: Structure) -> None:
        self.text = text
        self.holes = sorted([*_elements(structure), *_regions(text, structure)])

    def between(self, start: int, stop: int) -> str:
        """Return what crosses the borders of ``text[start:stop]``; empty if nothing does."""
        plain = "".join(self._plain(start, stop))
        return _crossing_tag(plain) or _crossing_table(_TAG.sub("", plain))

    def cells(self, start: int, stop: int) -> bool:
        """Tell whether a table cell or row begins on a line inside of ``text[start:stop]``."""
        return bool(_CELL.search("".join(self._plain(start, stop))))

    def _plain(self, start: int, stop: int) -> Iterator[str]:
        """Yield the text without comments, with one sign for each template and extension tag."""
        position = start
        for index in range(bisect_left(self.holes, (start,)), len(self.holes)):
            hole = self.holes[index]
            if hole.start >= stop:
                break
            if hole.start < position:
                continue
            yield self.text[position : hole.start]
            yield hole.instead
            position = hole.stop
        yield self.text[position : max(stop, position)]


def _elements(structure: Structure) -> Iterator[_Hole]:
    return (_Hole(start, stop, _SOLID) for start, stop in structure.elements)


def _regions(text: str, structure: Structure) -> Iterator[_Hole]:
    for region in structure.regions:
        if region.kind is Kind.COMMENT:
            yield _Hole(region.start, region.resume, "")
        elif region.kind is Kind.IGNORED:
            tag = _TAG.match(text, region.start, region.stop)
            yield _Hole(region.start, region.stop, tag[0] if tag else "")
        else:
            yield _Hole(region.start, region.stop, _SOLID)


def _crossing_tag(plain: str) -> str:
    depth: Counter[str] = Counter()
    for slash, name, attributes in _TAG.findall(plain):
        if attributes.endswith("/"):
            continue
        depth[name.lower()] += -1 if slash else 1
        if depth[name.lower()] < 0:
            return f"</{name}>"
    return next((f"<{name}>" for name, count in depth.items() if count), "")


def _crossing_table(plain: str) -> str:
    depth = 0
    for table in _TABLE.finditer(plain):
        depth += 1 if table[0].endswith("{|") else -1
        if depth < 0:
            return "the end |} of a table"
    return "the start {| of a table" if depth else ""

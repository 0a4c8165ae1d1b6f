"""Putting markers around parts of a page that stands: nothing but whole lines is added.

On a translatable page the markers stand outside of ``<translate>…</translate>``: a block that goes
on behind a marker is closed before it and opened again, between two units, so that no unit and no
byte of the page changes (fact 1.2). The digest is that of the text as it stands, so it counts as
last written: what people change afterwards is drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wikiplan.translate import markupscan, translatable
from wikiplan.translate.markupscan import CLOSING_TAG, MARKER, MARKER_END, OPENING_TAGS
from wikiplan.translate.translatable import Block, Unit
from wikiplan.wikitext import markers, sections
from wikiplan.wikitext.markers import SectionError, line_error, line_of
from wikiplan.wikitext.outline import Part
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS

_UNIT_MARKER = re.compile(rf"\s*(?:{MARKER}[^\n]*?{MARKER_END}\s*)?")
_CLOSE, _END, _BEGIN, _OPEN = range(4)  # the order of what goes in at one place

_Insertion = tuple[int, int, str]
"""Offset, order, text. What two neighbours both need is there once."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A section to be: its name, and the part of the page that it holds."""

    name: str
    part: Part


@dataclass(frozen=True, slots=True)
class _Block:
    """A translate block: ``start`` and ``stop`` with its tags, and what is between them."""

    tag: str
    start: int
    stop: int
    units: tuple[Unit, ...]

    def holds(self, offset: int) -> bool:
        inner = self.start + len(self.tag), self.stop - len(CLOSING_TAG)
        return inner[0] <= offset < inner[1]


def mark(
    text: str,
    wanted: Sequence[Wanted],
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
) -> str:
    """Return ``text`` with a pair of markers around each part, with its digest.

    Raises :class:`SectionError` where that cannot be without changing the page (``unfit-place``),
    and as ``wikitext.sections.find`` does; ``translate.translatable.ParseError`` for a
    page with broken translate tags.
    """
    place = _Places(text, extension_tags)
    first = place.marked(wanted, {})
    bodies = {s.name: sections.body_of(first, s) for s in sections.find(first, extension_tags)}
    marked = place.marked(wanted, bodies)
    _verify(text, marked, wanted, extension_tags)
    return marked


def shown(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> str:
    """Return what is rendered of a page: without markers, and without translate tags.

    A line with nothing but a comment goes as a whole, and a tag takes the newline inside of it.
    """
    pieces, at = [], 0
    for section in sections.find(text, extension_tags):
        for start, stop in (section.begin, section.end):
            pieces.append(text[at:start])
            at = stop + text.startswith("\n", stop)
    return _without_tags("".join([*pieces, text[at:]])).strip("\n")


class _Places:
    """Where markers go in one text."""

    def __init__(self, text: str, extension_tags: frozenset[str]) -> None:
        self.text = text
        self.sections = sections.find(text, extension_tags)
        self.blocks = tuple(_blocks(text))

    def marked(self, wanted: Iterable[Wanted], bodies: Mapping[str, str]) -> str:
        insertions: set[_Insertion] = set()
        for each in wanted:
            begin = markers.begin(each.name, bodies.get(each.name, ""), adopted=True)
            insertions.update(self.begin(each, f"{begin}\n"))
            insertions.update(self.end(each, f"\n{markers.end(each.name)}"))
        pieces: list[str] = []
        at = 0
        for offset, _, text in sorted(insertions):
            pieces += self.text[at:offset], text
            at = offset
        return "".join([*pieces, self.text[at:]])

    def begin(self, wanted: Wanted, line: str) -> Iterator[_Insertion]:
        start = wanted.part.start
        block = self.block(start)
        if block is None:
            yield self.at_line_start(wanted.name, start), _BEGIN, line
            return
        index = self.unit(wanted.name, block, start)
        if index == 0:
            yield self.at_line_start(wanted.name, block.start), _BEGIN, line
            return
        closed, opened = self.gap(block, index)
        yield closed, _CLOSE, f"\n{CLOSING_TAG}"
        yield opened, _BEGIN, line
        yield opened, _OPEN, f"{block.tag}\n"

    def end(self, wanted: Wanted, line: str) -> Iterator[_Insertion]:
        limit = self.before_section(wanted.part)
        block = self.block(limit)
        if block:
            index = self.unit(wanted.name, block, limit)
            if index:
                closed, opened = self.gap(block, index)
                yield closed, _CLOSE, f"\n{CLOSING_TAG}"
                yield closed, _END, line
                yield opened, _OPEN, f"{block.tag}\n"
                return
            limit = block.start
        yield self.at_line_end(wanted.name, limit), _END, line

    def before_section(self, part: Part) -> int:
        """Return where a part ends: before the markers that enclose what follows."""
        for section in self.sections:
            if part.start < section.begin.start < part.limit <= section.end.start:
                return section.begin.start
        return part.limit

    def block(self, offset: int) -> _Block | None:
        return next((block for block in self.blocks if block.holds(offset)), None)

    def unit(self, name: str, block: _Block, offset: int) -> int:
        """Return which unit of the block begins at ``offset``, its marker aside."""
        for index, unit in enumerate(block.units):
            if offset < unit.stop:
                if _UNIT_MARKER.fullmatch(self.text, unit.start, max(offset, unit.start)):
                    return index
                break
        advice = "part it from the text above it with a blank line, and have the page marked"
        message = f"the heading is in the middle of a text for translation; {advice}"
        raise self.unfit(name, offset, message)

    def gap(self, block: _Block, index: int) -> tuple[int, int]:
        """Return the end of the unit before, and the beginning of the line of the unit itself."""
        above, below = block.units[index - 1].stop, block.units[index].start
        return above, self.text.rindex("\n", above, below) + 1

    def at_line_start(self, name: str, offset: int) -> int:
        if offset and self.text[offset - 1] != "\n":
            message = "it would begin in the middle of a line; put a line break before it"
            raise self.unfit(name, offset, message)
        return offset

    def at_line_end(self, name: str, limit: int) -> int:
        """Return the end of the last line before ``limit`` that holds anything."""
        last = len(self.text[:limit].rstrip(" \t\n"))
        newline = self.text.find("\n", last)
        end = len(self.text) if newline < 0 else newline
        if self.text[last:end].strip(" \t"):
            message = "it would end in the middle of a line; put a line break behind it"
            raise self.unfit(name, last, message)
        return end

    def unfit(self, name: str, offset: int, message: str) -> SectionError:
        return line_error("unfit-place", name, line_of(self.text, offset), message)


def _blocks(text: str) -> Iterator[_Block]:
    at = 0
    for piece in translatable.parse(text).pieces:
        start = at
        if isinstance(piece, Block):
            units = tuple(part for part in piece.parts if isinstance(part, Unit))
            length = sum(len(p.source if isinstance(p, Unit) else p) for p in piece.parts)
            at += len(piece.tag) + length + len(CLOSING_TAG)
            yield _Block(piece.tag, start, at, units)
        else:
            at += len(piece)


def _without_tags(text: str) -> str:
    pieces, at = [], 0
    for tag in markupscan.tags(text):
        start, stop = tag.span()
        if tag[0] in OPENING_TAGS:
            stop += text.startswith("\n", stop)
        elif tag[0] == CLOSING_TAG:
            start -= start > at and text[start - 1] == "\n"
        pieces.append(text[at:start])
        at = stop
    return "".join([*pieces, text[at:]])


def _verify(
    text: str, marked: str, wanted: Sequence[Wanted], extension_tags: frozenset[str]
) -> None:
    """Read the result again: anything but new sections is refused, or is our own bug."""
    before, after = sections.find(text, extension_tags), sections.find(marked, extension_tags)
    names = {section.name for section in before} | {each.name for each in wanted}
    if {section.name for section in after} != names:
        message = "its markers would not count there: that place is inside of a tag or a comment"
        raise SectionError("unfit-place", f"section {wanted[0].name}: {message}")
    for section in after:
        if section.name not in {old.name for old in before} and section.inline:
            raise AssertionError("a marker shares its line")
    if _units(text) != _units(marked):
        raise AssertionError("putting markers in changed a unit")
    if shown(text, extension_tags) != shown(marked, extension_tags):
        raise AssertionError("putting markers in changed what is rendered")


def _units(text: str) -> list[tuple[str | None, str]]:
    return [(unit.id, unit.source) for unit in translatable.parse(text).units]

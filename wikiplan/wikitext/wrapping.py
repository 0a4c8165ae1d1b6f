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

from wikiplan.errors import Refusal
from wikiplan.translate import (
    CLOSING_TAG,
    MARKER,
    MARKER_END,
    OPENING_TAGS,
    WHITE_SPACE,
    Block,
    Unit,
    markup,
)
from wikiplan.wikitext import markers, sections
from wikiplan.wikitext.markers import SectionError, Span, line_error, line_of
from wikiplan.wikitext.outline import Part
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS
from wikiplan.wikitext.sections import Section

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


def wrap(
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


def shown_part(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> str:
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
    for piece in markup.parse(text).pieces:
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
    for tag in markup.tags_in(text):
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
    if shown_part(text, extension_tags) != shown_part(marked, extension_tags):
        raise AssertionError("putting markers in changed what is rendered")


def _units(text: str) -> list[tuple[str | None, str]]:
    return [(unit.id, unit.source) for unit in markup.parse(text).units]


# Seams: where a run put markers around text that stood on a page, and how to open them again.
#
# Only what the run put in goes: the lines with its markers, and on a translatable page the tags
# with which it closed a block before a marker and opened it again behind (``wikitext.adoption``).
# What is between, and around it, may have changed meanwhile, and stays.


_CLOSED = f"\n{CLOSING_TAG}"


@dataclass(frozen=True, slots=True)
class Seams:
    """A section whose markers may go; ``head`` and ``tail`` say that tags came with them there."""

    section: Section
    head: bool = False
    tail: bool = False

    @property
    def tagged(self) -> tuple[Span, ...]:
        """The markers that came with tags."""
        found = (self.section.begin, self.head), (self.section.end, self.tail)
        return tuple(marker for marker, tags in found if tags)


@dataclass(frozen=True, slots=True)
class Texts:
    """A section as it is in a change: without its seams, and with them."""

    before: str
    after: str


def read(before: str, after: str, found: Sequence[Section]) -> Mapping[str, Texts]:
    """Return the seams of sections that a run put around text; empty if it did more than that.

    ``found`` are those sections, as they stand in ``after``.
    """
    markers = [span for section in found for span in (section.begin, section.end)]
    gone = [span for section in found for span in _lines(after, section)]
    pairs = {marker: _tags(after, marker, markers) for marker in markers}
    tagged = set()
    for marker, pair in pairs.items():
        if pair and not _stood(before, pair[0], gone):
            tagged.add(marker)
            gone += [span for span in pair if span not in gone]
    if without(after, gone) != before:
        return {}
    return {section.name: _texts(after, section, gone, tagged, pairs) for section in found}


def of(section: Section, after: str) -> Seams:
    """Return what may go of a section, by what :func:`read` said of it."""
    return Seams(section, after.startswith(_CLOSED), after.endswith(_OPENINGS))


def changed(text: str, section: Section, after: str) -> str:
    """Say why a section's markers are not those that the run put in, empty if they are."""
    begin, end = (text[start:stop] for start, stop in (section.begin, section.end))
    if f"{begin}\n" not in after or f"\n{end}" not in after:
        return "another run wrote it since, or its marker was changed; take that run back first"
    around = section.begin.start - 1, section.begin.stop, section.end.start - 1, section.end.stop
    if any(text[at : at + 1] not in ("", "\n") for at in around if at >= 0):
        return "text stands on the line of its marker now"
    return ""


def spans(text: str, going: Iterable[Seams]) -> list[Span]:
    """Return what goes of a text: lines with markers, and tags with nothing left between them."""
    going = list(going)
    markers = [span for each in going for span in (each.section.begin, each.section.end)]
    gone = [span for each in going for span in _lines(text, each.section)]
    for each in going:
        for marker in each.tagged:
            gone += [span for span in _tags(text, marker, markers) or () if span not in gone]
    return gone


def check(before: str, after: str, extension_tags: frozenset[str]) -> None:
    """Raise :class:`Refusal` where the page would read, or be translated, in another way."""
    units = [[(unit.id, unit.source) for unit in markup.parse(t).units] for t in (before, after)]
    shown = [shown_part(text, extension_tags) for text in (before, after)]
    if units[0] != units[1] or shown[0] != shown[1]:
        raise Refusal(
            "unfit-text",
            "without the markers the page would read in another way, as it is now; take them out "
            "by hand",
        )


def without(text: str, gone: Iterable[Span]) -> str:
    for start, stop in sorted(gone, reverse=True):
        text = text[:start] + text[stop:]
    return text


_OPENINGS = tuple(f"{tag}\n" for tag in OPENING_TAGS)


def _lines(text: str, section: Section) -> Iterator[Span]:
    """Yield a section's marker lines; between two lines there is one newline for both."""
    begin, end = section.begin, section.end
    yield Span(begin.start, begin.stop + 1)
    if begin.stop + 1 == end.start:
        yield Span(end.start, end.stop + text.startswith("\n", end.stop))
    else:
        yield Span(end.start - 1, end.stop)


def _tags(text: str, marker: Span, markers: Sequence[Span]) -> tuple[Span, Span] | None:
    """Return the closing tag before a marker and the opening one behind it.

    Only white space and the other ``markers`` may stand between them.
    """
    starts, stops = {each.stop: each.start for each in markers}, dict(markers)
    start, stop = marker
    while (at := starts.get(len(text[:start].rstrip(WHITE_SPACE)))) is not None:
        start = at
    while (after := stops.get(_next(text, stop))) is not None:
        stop = after
    closing, opening = len(text[:start].rstrip(WHITE_SPACE)), _next(text, stop)
    tag = next((each for each in _OPENINGS if text.startswith(each, opening)), "")
    if not (tag and text.endswith(_CLOSED, 0, closing) and text[opening - 1] == "\n"):
        return None
    return Span(closing - len(_CLOSED), closing), Span(opening, opening + len(tag))


def _next(text: str, start: int) -> int:
    """Return where the next character is that is no white space."""
    return len(text) - len(text[start:].lstrip(WHITE_SPACE))


def _stood(before: str, closing: Span, gone: Iterable[Span]) -> bool:
    """Tell whether a closing tag stood there before; ``gone`` is all else that goes above it."""
    size = sum(stop - start for start, stop in gone if start < closing.start)
    return before.startswith(_CLOSED, closing.start - size)


def _texts(
    text: str,
    section: Section,
    gone: Sequence[Span],
    tagged: Iterable[Span],
    pairs: Mapping[Span, tuple[Span, Span] | None],
) -> Texts:
    """Return a section with and without its seams; other sections' markers are in neither."""
    begin, end = section.begin, section.end
    head = pairs[begin] if begin in tagged else None
    tail = pairs[end] if end in tagged else None
    start, stop = head[0].start if head else begin.start, tail[1].stop if tail else end.stop
    own = {*_lines(text, section), *(head or ()), *(tail or ())}
    others = [span for span in gone if span not in own]
    return Texts(_stretch(text, start, stop, gone), _stretch(text, start, stop, others))


def _stretch(text: str, start: int, stop: int, gone: Iterable[Span]) -> str:
    inside = [span for span in gone if start <= span.start and span.stop <= stop]
    return without(text[:stop], inside)[start:]

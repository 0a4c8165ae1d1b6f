"""Putting markers around parts of a page that stands: nothing but whole lines is added.

On a translatable page the markers stand outside of ``<translate>…</translate>``: a block that goes
on behind a marker is closed before it and opened again, between two units, so that no unit and no
byte of the page changes (fact 1.2). The digest is that of the text as it stands, so it counts as
last written: what people change afterwards is drift.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from wikiplan.errors import UNFIT_PLACE, UNFIT_TEXT, Refusal
from wikiplan.spans import Replacement, Span, splice
from wikiplan.translate import (
    CLOSING_TAG,
    MARKER,
    MARKER_END,
    OPENING_TAGS,
    WHITE_SPACE,
    Block,
    markup,
)
from wikiplan.value import Value
from wikiplan.wikitext import markers, sections
from wikiplan.wikitext.markers import SectionError, line_error, line_of
from wikiplan.wikitext.outline import Part
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS
from wikiplan.wikitext.sections import Section

_UNIT_MARKER = re.compile(rf"\s*(?:{MARKER}[^\n]*?{MARKER_END}\s*)?")
_CLOSE, _END, _BEGIN, _OPEN = range(4)  # the order of what goes in at one place

_Insertion = tuple[int, int, str]
"""Offset, order, text. What two neighbours both need is there once."""


class Wanted(Value):
    """A section to be: its name, and the part of the page that it holds."""

    name: str
    part: Part


def wrap(
    text: str,
    wanted: Sequence[Wanted],
    extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
    plan: str = "",
) -> str:
    """Return ``text`` with a pair of markers around each part, with its digest and the plan's name.

    Raises :class:`SectionError` where that cannot be without changing the page (``unfit-place``),
    and as ``wikitext.sections.find`` does; ``translate.ParseError`` for a page with
    broken translate tags.
    """
    place = _Places(text, extension_tags, plan)
    first = place.wrapped(wanted, {})
    bodies = {s.name: sections.body_of(first, s) for s in sections.find(first, extension_tags)}
    after = place.wrapped(wanted, bodies)
    _verify(text, after, wanted, extension_tags)
    return after


def shown_part(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> str:
    """Return what is rendered of a page: without markers, and without translate tags.

    A line with nothing but a comment goes as a whole, and a tag takes the newline inside of it.
    """
    lines = (
        Replacement(start, stop + text.startswith("\n", stop))
        for section in sections.find(text, extension_tags)
        for start, stop in (section.begin, section.end)
    )
    return _without_tags(splice(text, lines)).strip("\n")


class _Places:
    """Where markers go in one text."""

    def __init__(self, text: str, extension_tags: frozenset[str], plan: str) -> None:
        self.text, self.plan = text, plan
        self.sections = sections.find(text, extension_tags)
        self.blocks = markup.parse(text).blocks

    def wrapped(self, wanted: Iterable[Wanted], bodies: Mapping[str, str]) -> str:
        insertions: set[_Insertion] = set()
        for each in wanted:
            body = bodies.get(each.name, "")
            begin = markers.begin(each.name, body, adopted=True, plan=self.plan)
            insertions.update(self.begin(each, f"{begin}\n"))
            insertions.update(self.end(each, f"\n{markers.end(each.name)}"))
        return splice(self.text, (Replacement(at, at, line) for at, _, line in sorted(insertions)))

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

    def block(self, offset: int) -> Block | None:
        return next((block for block in self.blocks if _is_inside(offset, block)), None)

    def unit(self, name: str, block: Block, offset: int) -> int:
        """Return which unit of the block begins at ``offset``, its marker aside."""
        for index, unit in enumerate(block.units):
            if offset < unit.stop:
                if _UNIT_MARKER.fullmatch(self.text, unit.start, max(offset, unit.start)):
                    return index
                break
        advice = "part it from the text above it with a blank line, and have the page marked"
        message = f"the heading is in the middle of a text for translation; {advice}"
        raise self.unfit(name, offset, message)

    def gap(self, block: Block, index: int) -> tuple[int, int]:
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
        return line_error(UNFIT_PLACE, name, line_of(self.text, offset), message)


def _is_inside(offset: int, block: Block) -> bool:
    return block.start + len(block.tag) <= offset < block.stop - len(CLOSING_TAG)


def _without_tags(text: str) -> str:
    gone = []
    for tag in markup.tags_in(text):
        start, stop = tag.span()
        if tag[0] in OPENING_TAGS:
            stop += text.startswith("\n", stop)
        elif tag[0] == CLOSING_TAG:
            start -= text.endswith("\n", 0, start)
        gone.append(Replacement(start, stop))
    return splice(text, gone)


def _verify(
    before: str, after: str, wanted: Sequence[Wanted], extension_tags: frozenset[str]
) -> None:
    """Read the result again: anything but new sections is refused, or is our own bug."""
    old, new = sections.find(before, extension_tags), sections.find(after, extension_tags)
    names = {section.name for section in old} | {each.name for each in wanted}
    if {section.name for section in new} != names:
        message = "its markers would not count there: that place is inside of a tag or a comment"
        raise SectionError(UNFIT_PLACE, f"section {wanted[0].name}: {message}")
    for section in new:
        if section.name not in {each.name for each in old} and section.inline:
            raise AssertionError("a marker shares its line")
    if _units(before) != _units(after):
        raise AssertionError("putting markers in changed a unit")
    if shown_part(before, extension_tags) != shown_part(after, extension_tags):
        raise AssertionError("putting markers in changed what is rendered")


def _units(text: str) -> list[tuple[str | None, str]]:
    return [(unit.id, unit.source) for unit in markup.parse(text).units]


# Taking such markers out again.
#
# Only what the run put in goes: the lines with its markers, and on a translatable page the tags
# with which it closed a block before a marker and opened it again behind. What is between, and
# around it, may have changed meanwhile, and stays.


_CLOSED = f"\n{CLOSING_TAG}"
_OPENED = tuple(f"{tag}\n" for tag in OPENING_TAGS)


class Wrapped(Value):
    """A section whose markers may go; tags came with its begin or its end marker, or did not."""

    section: Section
    begin_tagged: bool
    end_tagged: bool

    @property
    def tagged(self) -> tuple[Span, ...]:
        """The markers that came with tags."""
        found = (self.section.begin, self.begin_tagged), (self.section.end, self.end_tagged)
        return tuple(marker for marker, tagged in found if tagged)


class Texts(Value):
    """A section as it is in an edit: without what wraps it, and with that."""

    before: str
    after: str


def wrapped_texts(before: str, after: str, found: Sequence[Section]) -> Mapping[str, Texts]:
    """Return the sections that a run wrapped; empty if its edit did more than that.

    ``found`` are those sections, as they stand in ``after``.
    """
    around = _Around(after, found)
    tags: dict[Span, _Pair] = {}
    ours: dict[_Pair, _Pair] = {(): ()}
    gone: list[Replacement] = []
    size = 0  # of all that goes above the marker
    for marker, line in around.lines():
        pair = around.tags(marker)
        if pair not in ours:
            stood = before.startswith(_CLOSED, pair[0].start - size)
            ours[pair] = () if stood else pair
            gone += ours[pair]
            size += sum(stop - start for start, stop, _ in ours[pair])
        tags[marker] = ours[pair]
        gone.append(line)
        size += line.stop - line.start
    if splice(after, gone) != before:
        return {}
    gone.sort()
    return {section.name: _texts(after, section, gone, tags) for section in found}


def wrapped(section: Section, after: str) -> Wrapped:
    """Return what may go of a section, by what :func:`wrapped_texts` said of it."""
    return Wrapped(section, after.startswith(_CLOSED), after.endswith(_OPENED))


def why_kept(text: str, section: Section, after: str) -> str:
    """Say why a section's markers are not those that the run put in, empty if they are."""
    begin, end = (text[start:stop] for start, stop in (section.begin, section.end))
    if f"{begin}\n" not in after or f"\n{end}" not in after:
        return "another run wrote it since, or its marker was changed; take that run back first"
    around = section.begin.start - 1, section.begin.stop, section.end.start - 1, section.end.stop
    if any(text[at : at + 1] not in ("", "\n") for at in around if at >= 0):
        return "text stands on the line of its marker now"
    return ""


def unwrapping(text: str, going: Sequence[Wrapped]) -> list[Replacement]:
    """Return what goes of a text: lines with markers, and tags with nothing left between them."""
    around = _Around(text, [each.section for each in going])
    lines = [line for _, line in around.lines()]
    tags = [tag for each in going for marker in each.tagged for tag in around.tags(marker)]
    return [*lines, *dict.fromkeys(tags)]


def check_unwrapped(before: str, after: str, extension_tags: frozenset[str]) -> None:
    """Raise :class:`Refusal` where the page would read, or be translated, in another way."""
    shown = [shown_part(text, extension_tags) for text in (before, after)]
    if _units(before) != _units(after) or shown[0] != shown[1]:
        raise Refusal(
            UNFIT_TEXT,
            "without the markers the page would read in another way, as it is now; take them out "
            "by hand",
        )


_Pair = tuple[Replacement, ...]
"""A closing tag before markers and the opening one behind them; or neither."""


class _Around:
    """What stands around the markers of some sections of a text: their lines, and tags."""

    def __init__(self, text: str, found: Sequence[Section]) -> None:
        self.text = text
        self.found = found
        markers = [marker for section in found for marker in (section.begin, section.end)]
        self.starts = {stop: start for start, stop in markers}
        self.stops = dict(markers)

    def lines(self) -> Iterator[tuple[Span, Replacement]]:
        """Yield the markers with their lines; between two lines is one newline for both."""
        for section in self.found:
            yield from zip((section.begin, section.end), _lines(self.text, section), strict=True)

    def tags(self, marker: Span) -> _Pair:
        """Return the tags between which and a marker only white space, and markers, stand."""
        start, stop = marker
        while (above := self.starts.get(_end_above(self.text, start))) is not None:
            start = above
        while (below := self.stops.get(_start_below(self.text, stop))) is not None:
            stop = below
        closing, opening = _end_above(self.text, start), _start_below(self.text, stop)
        tag = next((each for each in _OPENED if self.text.startswith(each, opening)), "")
        closed = self.text.endswith(_CLOSED, 0, closing)
        if not (tag and closed and self.text[opening - 1] == "\n"):
            return ()
        stop = opening + len(tag)
        return Replacement(closing - len(_CLOSED), closing), Replacement(opening, stop)


def _lines(text: str, section: Section) -> Iterator[Replacement]:
    begin, end = section.begin, section.end
    yield Replacement(begin.start, begin.stop + 1)
    if begin.stop + 1 == end.start:
        yield Replacement(end.start, end.stop + text.startswith("\n", end.stop))
    else:
        yield Replacement(end.start - 1, end.stop)


def _end_above(text: str, at: int) -> int:
    """Return where the text ends that stands before the white space at ``at``."""
    while at and text[at - 1] in WHITE_SPACE:
        at -= 1
    return at


def _start_below(text: str, at: int) -> int:
    """Return where the text begins that stands behind the white space at ``at``."""
    while text[at : at + 1] and text[at] in WHITE_SPACE:
        at += 1
    return at


def _texts(
    text: str,
    section: Section,
    gone: Sequence[Replacement],
    tags: Mapping[Span, _Pair],
) -> Texts:
    """Return a section without and with what wraps it; nothing of other sections is in either."""
    head, tail = tags[section.begin], tags[section.end]
    start = head[0].start if head else section.begin.start
    stop = tail[1].stop if tail else section.end.stop
    found = gone[bisect_left(gone, (start,)) : bisect_left(gone, (stop,))]
    inside = [each for each in found if each.stop <= stop]
    own = {*_lines(text, section), *head, *tail}
    others = [each for each in inside if each not in own]
    whole = Span(start, stop)
    return Texts(_stretch(text, whole, inside), _stretch(text, whole, others))


def _stretch(text: str, stretch: Span, gone: Iterable[Replacement]) -> str:
    by = stretch.start
    return splice(text[slice(*stretch)], (Replacement(a - by, b - by) for a, b, _ in gone))

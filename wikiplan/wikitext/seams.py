"""Seams: where a run put markers around text that stood on a page, and how to open them again.

Only what the run put in goes: the lines with its markers, and on a translatable page the tags with
which it closed a block before a marker and opened it again behind (``wikitext.adoption``). What
is between, and around it, may have changed meanwhile, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wikiplan.errors import Refusal
from wikiplan.translate import translatable
from wikiplan.translate.markupscan import CLOSING_TAG, OPENING_TAGS, WHITE_SPACE
from wikiplan.wikitext import adoption
from wikiplan.wikitext.markers import Span
from wikiplan.wikitext.sections import Section

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
    units = [
        [(unit.id, unit.source) for unit in translatable.parse(t).units] for t in (before, after)
    ]
    shown = [adoption.shown(text, extension_tags) for text in (before, after)]
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

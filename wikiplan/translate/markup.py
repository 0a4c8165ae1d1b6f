"""Pages with ``<translate>`` tags: what is template text, what is a unit, where its marker stands.

Pure text, cut as the Translate extension cuts it (facts 1.1–1.6). A page that is read and written
back is the same to the byte. :func:`marked` writes what marking would write: marking a page that
is in that form already makes no revision.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import count, islice
from re import Match

from wikiplan.translate import rules, tvars
from wikiplan.translate.rules import DEFAULT_VERSION, VERSIONS, ParseError, is_valid_id, next_number
from wikiplan.translate.tvars import Variable
from wikiplan.value import Value

# Where translate tags, units and markers stand in a text; no search goes over a text twice.


OPENING_TAGS = ("<translate>", "<translate nowrap>")
CLOSING_TAG = "</translate>"
MARKER, MARKER_END = "<!--T:", "-->"
WHITE_SPACE = " \t\n\r\f\v"
_KEPT = 16
"""Pages that are kept as they were read: merging reads the same few again and again."""

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


def tags_in(text: str) -> Iterator[re.Match[str]]:
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


def markers_in(text: str) -> Iterator[tuple[int, int]]:
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


# Pages with ``<translate>`` tags: what is template text, what is a unit, where its marker stands.


__all__ = [
    "Block", "MarkerForm", "Page", "PageUnit", "ParseError", "Variable", "canonical", "definition",
    "is_valid_id", "mark_errors", "marked", "next_number", "parse", "text_of", "variables",
]  # fmt: skip


class PageUnit(Value):
    """A unit as it stands on a page: ``text`` is without its marker, ``source`` with it.

    ``start`` is the offset of ``source`` in the page, ``line`` its line, counted from 1.
    """

    id: str | None
    text: str
    source: str
    form: MarkerForm
    start: int
    line: int

    @property
    def stop(self) -> int:
        return self.start + len(self.source)

    @property
    def new(self) -> bool:
        """Whether marking gives the unit a number."""
        return self.id in (None, rules.NEW_ID)


class Block(Value):
    """What stands between two tags: ``parts`` are units and the white space around them.

    ``inline`` says that there is no newline at all between the tags. ``start`` and ``stop`` are
    the block's offsets in the page, with its tags.
    """

    tag: str
    parts: tuple[str | PageUnit, ...]
    inline: bool
    start: int
    stop: int

    @property
    def nowrap(self) -> bool:
        return self.tag == OPENING_TAGS[1]

    @property
    def units(self) -> tuple[PageUnit, ...]:
        return tuple(part for part in self.parts if isinstance(part, PageUnit))


class Page(Value):
    """A page's pieces in order: template text outside of the tags, and blocks."""

    pieces: tuple[str | Block, ...]
    has_markup: bool

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Block))

    @property
    def units(self) -> tuple[PageUnit, ...]:
        return tuple(unit for block in self.blocks for unit in block.units)


@lru_cache(maxsize=_KEPT)
def parse(text: str, version: str = DEFAULT_VERSION) -> Page:
    """Return the parts of a page's text as the wiki stores it.

    Raises :class:`ParseError` with the stage ``save`` for what the wiki would not save.
    """
    return _Reader(text, version).page()


def is_translatable(text: str) -> bool:
    """Say whether a text may have something to translate; whether it is marked the wiki knows."""
    return "<translate" in text


def text_of(page: Page) -> str:
    """Return the page's text, to the byte what was parsed."""
    return "".join(part.source if isinstance(part, PageUnit) else part for part, _ in _parts(page))


def definition(unit: PageUnit) -> str:
    """Return the unit's text as translators see it, with ``$name`` for each variable."""
    return tvars.definition(unit.text)


def variables(unit: PageUnit) -> tuple[Variable, ...]:
    """Return the unit's variables in order; their offsets are those in ``unit.text``."""
    return tvars.variables(unit.text)


def canonical(text: str, id: str, inline: bool = False, version: str = DEFAULT_VERSION) -> str:
    """Return a unit's raw text with its marker where marking puts it (fact 1.3)."""
    marker = f"{MARKER}{id}{MARKER_END}"
    lines = text.split("\n")
    if len(lines) == 1 or VERSIONS[version].marks_behind_any_heading_line:
        for number, line in enumerate(lines):
            if _is_heading(line):
                lines[number] = f"{line.rstrip(WHITE_SPACE)} {marker}"
                return "\n".join(lines)
    return f"{marker} {text}" if inline else f"{marker}\n{text}"


def marked(page: Page, number: int = 0, title: str = "", version: str = DEFAULT_VERSION) -> str:
    """Return the page's text after marking.

    ``number`` is the least number that is free as far as the wiki knows (see
    :func:`next_number`); new units get it, or a higher one if the page's own ids ask for that.
    Raises the first of :func:`mark_errors`.
    """
    for error in mark_errors(page, title, version):
        raise error
    return _marked(page, number, version)


def mark_errors(
    page: Page, title: str = "", version: str = DEFAULT_VERSION
) -> tuple[ParseError, ...]:
    """Return why the page named ``title`` would not be marked, with the stage ``mark``."""
    if not page.has_markup:
        return (ParseError("tpt-notsuitable", "mark", 0),)
    return tuple(_id_errors(page, title, version)) or tuple(_unstable(page, version))


def _parts(page: Page) -> Iterator[tuple[str | PageUnit, bool]]:
    """Yield all text in order, each part with whether it stands in an inline block."""
    for piece in page.pieces:
        if isinstance(piece, str):
            yield piece, False
            continue
        yield piece.tag, False
        for part in piece.parts:
            yield part, piece.inline
        yield CLOSING_TAG, False


def _is_heading(line: str) -> bool:
    line = line.rstrip(WHITE_SPACE)
    return len(line) > 2 and line[0] == line[-1] == "="


def _marked(page: Page, number: int, version: str) -> str:
    ids = [unit.id for unit in page.units if unit.id is not None]
    numbers = count(max(number, next_number(ids)))
    text = []
    for part, inline in _parts(page):
        if isinstance(part, PageUnit):
            id = str(next(numbers)) if part.id is None or part.new else part.id
            part = canonical(part.text, id, inline, version)
        text.append(part)
    return "".join(text)


def _id_errors(page: Page, title: str, version: str) -> Iterator[ParseError]:
    seen: set[str] = set()
    for unit in page.units:
        if unit.id is None or unit.new:
            continue
        code = rules.mark_refusal(unit.id, title, version)
        if not code and unit.id in seen:
            code = "tpt-duplicate"
        if code:
            yield ParseError(code, "mark", unit.line, unit.id, unit.id)
        seen.add(unit.id)


def _unstable(page: Page, version: str) -> Iterator[ParseError]:
    """Yield the first unit that marking would write so that it cannot be saved, or reads anew."""
    units = page.units
    try:
        after = parse(_marked(page, 0, version), version).units
    except ParseError as error:
        broken = next((unit for unit in units if _begins_with_newline(unit.text)), None)
        line, id = (broken.line, broken.id or "") if broken else (error.line, error.unit)
        yield ParseError("tpt-edit-failed", "mark", line, id)
        return
    for unit, again in zip(units, after, strict=True):
        if unit.text != again.text or (not unit.new and unit.id != again.id):
            yield ParseError("unstable-marker", "mark", unit.line, unit.id or "")
            return


def _begins_with_newline(text: str) -> bool:
    return "\n" in text[: len(text) - len(text.lstrip(WHITE_SPACE))]


class _Reader:
    """Reads one page; in time that grows with its length only, whatever it holds."""

    def __init__(self, text: str, version: str) -> None:
        self.text = text
        self.version = version
        self.newlines = newlines(text)

    def page(self) -> Page:
        tags = tuple(tags_in(self.text))
        pieces: list[str | Block] = []
        at = 0
        for opening, closing in self.block_tags(tags):
            pieces += self.text[at : opening.start()], self.block(opening, closing)
            at = closing.end()
        pieces.append(self.text[at:])
        return Page(tuple(filter(None, pieces)), bool(tags))

    def block_tags(self, tags: tuple[Match[str], ...]) -> Iterator[tuple[Match[str], Match[str]]]:
        """Yield each block's tags; what is wrong outside of the blocks is told after them."""
        opening: Match[str] | None = None
        nested: list[Match[str]] = []
        stray: list[Match[str]] = []
        for tag in tags:
            if tag[0] in OPENING_TAGS:
                if opening is None:
                    opening = tag
                else:
                    nested.append(tag)
            elif tag[0] != CLOSING_TAG:
                continue
            elif opening is None:
                stray.append(tag)
            elif nested:
                raise self.error("pt-parse-nested", nested[0], str(self.line(opening.start())))
            else:
                yield opening, tag
                opening = None
        if opening:
            raise self.error("pt-parse-open", opening, opening[0])
        if stray:
            raise self.error("pt-parse-close", stray[0])

    def block(self, opening: Match[str], closing: Match[str]) -> Block:
        start, stop = opening.end(), closing.start()
        parts: list[str | PageUnit] = []
        at = start
        for first, last in units(self.text, start, stop):
            parts += self.text[at:first], self.unit(first, last)
            at = last
        parts.append(self.text[at:stop])
        inline = "\n" not in self.text[start:stop]
        whole = opening.start(), closing.end()
        return Block(opening[0], tuple(filter(None, parts)), inline, *whole)

    def unit(self, start: int, stop: int) -> PageUnit:
        source, line = self.text[start:stop], self.line(start)
        markers = tuple(islice(markers_in(source), 2))
        if not markers:
            return PageUnit(None, source, source, MarkerForm.NONE, start, line)
        ids = [source[first + len(MARKER) : last - len(MARKER_END)] for first, last in markers]
        form, text = without_marker(source, *markers[0])
        second = source[slice(*markers[-1])] if len(markers) > 1 else ""
        if code := self.unit_error(ids[0], form, text, second):
            raise ParseError(code, "save", line, ids[0], second or ids[0])
        return PageUnit(ids[0], text, source, form, start, line)

    def unit_error(self, id: str, form: MarkerForm, text: str, second: str) -> str:
        if second:
            return "pt-shake-multiple"
        if code := rules.save_refusal(id, self.version):
            return code
        if form is MarkerForm.NONE:
            return "pt-shake-position"
        return "" if text.strip(WHITE_SPACE) else "pt-shake-empty"

    def line(self, offset: int) -> int:
        return bisect_left(self.newlines, offset) + 1

    def error(self, code: str, tag: Match[str], detail: str = "") -> ParseError:
        return ParseError(code, "save", self.line(tag.start()), detail=detail)

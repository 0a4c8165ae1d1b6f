"""Where texts stand in wikitext that others wrote: in an argument, a cell, a link, an attribute.

Each text is one character of it, :data:`HOLE`: what is in it says nothing of where it stands. What
in a text would do something there, ``wikitext.arriving`` tells.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from wikiplan.spans import Span
from wikiplan.value import Value, replace
from wikiplan.wikitext import structure
from wikiplan.wikitext.scanner import Region, RegionKind, regions

HOLE = "\ufdd7"
"""Stands for a text. No page can hold it."""
FRAME = "\ufdd3"
"""May stand at a line's start, and says nothing (``render.source.FRAMED``)."""

MASK = "\x7f"
"""Stands for each character of what is of no interest."""


class Link(StrEnum):
    """Which part of a link a text is."""

    PAGE = "the words of a link"
    URL = "the words of a web link"
    FILE = "the caption of a file"
    ALT = "the words that stand for a picture"
    TARGET = "the target of a link"


class Line(StrEnum):
    """What ends with the line in which a text stands."""

    HEADING = "a heading"
    ITEM = "a list item"
    TERM = "a term"
    CELL = "a table cell"
    CAPTION = "a line of a gallery"
    LINK = "a web link"


class TextPlace(Value):
    """Where the text at an offset stands; a plain paragraph has none of all this.

    ``call`` is the name of the template or parser function of which it stands in an argument, with
    no link in between. ``quote`` is what an attribute's value ends at, a blank where it has no
    quotes. ``header`` cells end at ``!!`` too; in a ``bare`` one no bar ended the attributes yet.
    ``behind_mark`` says that nothing parts the text from the sign that begins a cell's line,
    ``begins_line`` that it begins a line within a table, ``in_words`` that other words or signs
    stand in its line.
    """

    call: str = ""
    link: Link | None = None
    quote: str = ""
    line: Line | None = None
    cell: bool = False
    header: bool = False
    bare: bool = False
    behind_mark: bool = False
    begins_line: bool = False
    quotes_before: bool = False
    quotes_after: bool = False
    in_words: bool = False

    @property
    def is_attribute(self) -> bool:
        """Whether no element can stand there."""
        return bool(self.quote) or self.link is Link.ALT

    @property
    def is_plain(self) -> bool:
        return replace(self, in_words=False) in _PLAIN


_PLAIN = frozenset(TextPlace(line=line) for line in (None, Line.HEADING, Line.ITEM))


class Argument(Value):
    """An argument ``text[start:stop]`` of a template, the ``number``th of those without a name.

    ``holes`` are the numbers of the texts that stand in it, with no link or call in between.
    ``named`` says that it has a name after all, by an ``=`` of which no name ends.
    """

    call: str
    number: int
    start: int
    stop: int
    holes: tuple[int, ...]
    named: bool


class TextPlaces(Value):
    """The places of all texts, in their order, and the arguments without a name that have some."""

    places: tuple[TextPlace, ...]
    arguments: tuple[Argument, ...]


_SPECIAL = re.compile(
    rf"\{{\{{|\[\[|\[\S*//|\[mailto:|^{FRAME}?[ \t]*[|!]|^{FRAME}?[*#:;]*;"
    rf"|<[a-z][^<>]*{HOLE}|<gallery",
    re.MULTILINE | re.IGNORECASE,
)


def may_matter(text: str) -> bool:
    """Tell whether texts may stand elsewhere than in paragraphs, headings and list items."""
    return bool(_SPECIAL.search(text))


def find(text: str) -> TextPlaces:
    """Return where the texts of a wikitext stand.

    Raises :class:`Refusal` (``too-complex``) for what no wiki would render.
    """
    finder = _Finder(text)
    holes = [found.start() for found in re.finditer(HOLE, text)]
    return TextPlaces(tuple(map(finder.place, holes)), tuple(finder.arguments(holes)))


LITERAL = frozenset({"nowiki", "pre", "syntaxhighlight", "source", "math", "score", "templatedata"})
"""Extension tags in which wikitext is not read."""

_TAG = re.compile(r"<[a-z][^<>]*>", re.IGNORECASE)
_LINK_SIGNS = re.compile(r"\[\[|\]\]")
_VALUE = re.compile(r"=\s*([\"']?)[^\"']*\Z")
_CELL_VALUE = re.compile(r"[\w-]+\s*=\s*([\"'])[^\"'|<>]*\Z")
_WEB_LINK = re.compile(r"(?<!\[)\[(?:(?:[a-z][a-z0-9+.-]*:)?//|mailto:)\S*\s[^\[\]\n]*\Z", re.I)
_CLOSED = re.compile(r"\[\[[^\[\]]*\]\]|\{\{[^{}]*\}\}|<[^<>]*>")
_TABLE = re.compile(rf"^{FRAME}?[ \t:]*(\{{\||\|\}})", re.MULTILINE)
_LIST = re.compile(r"[*#:;]+")
_ALT = re.compile(r"\s*alt\s*=", re.IGNORECASE)
_FILE = re.compile(r"\s*(?:file|image|media)\s*:", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\s*(?:#|(?:plural|gender|grammar|formatnum|int|lc|uc|lcfirst|ucfirst|padleft|padright|"
    r"anchorencode|urlencode|localurl|fullurl|ns|tag|formatdate)\s*:)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(rf"[<>\[\]{{}}|{HOLE}{MASK}]|//")


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.regions: list[Region] = [
            each
            for each in regions(text)
            if each.kind in (RegionKind.COMMENT, RegionKind.EXTENSION)
        ]
        parsed = structure.parse(text, regions(text))
        self.calls = sorted(Span(*element) for element in parsed.elements)
        hidden = [Span(each.start, each.stop) for each in self.regions]
        self.plain = _masked(text, hidden, Span(0, len(text)))
        self.links = sorted(_pairs(self.plain))
        self._owns: dict[Span, str] = {}

    def place(self, at: int) -> TextPlace:
        for region in self.regions:
            if region.start < at < region.stop:
                return self._in_region(region, at)
        around = [call for call in self.calls if call.start < at < call.stop]
        found = TextPlace(
            quotes_before=self.text.endswith("'", 0, at),
            quotes_after=self.text.startswith("'", at + 1),
        )
        begin = 0
        for call, position in zip([None, *around], [*(c.start for c in around), at], strict=True):
            if call:
                begin = next(p.start for p in self._parts(call) if p.start <= position <= p.stop)
            found = self._in_line(self._in_link(found, begin, position), begin, position)
        found = replace(found, in_words=self._is_in_words(begin, at))
        quote = next((self._quote(tag, at) for tag in self._tags if tag.start < at < tag.stop), "")
        return replace(found, call=self._call(around, at), quote=quote or found.quote)

    def _is_in_words(self, begin: int, at: int) -> bool:
        before = self.text[max(begin, self.text.rfind("\n", 0, at) + 1) : at]
        after = self.text[at + 1 :].partition("\n")[0].strip()
        return bool(
            before.replace(FRAME, "").strip()
            or (after and not (begin and after.startswith(("|", "}}"))))
        )

    def arguments(self, holes: Sequence[int]) -> Iterator[Argument]:
        """Yield the arguments without a name in which texts stand."""
        for call in self.calls:
            if not any(call.start < at < call.stop for at in holes) or not self._is_template(call):
                continue
            own, number = self._own(call), 0
            for part in self._parts(call)[1:]:
                words = own[part.start - call.start : part.stop - call.start]
                name, equals, _ = words.partition("=")
                if equals and not _NO_NAME.search(name):
                    continue
                number += 1
                inside = range(bisect_left(holes, part.start), bisect_left(holes, part.stop))
                direct = tuple(each for each in inside if words[holes[each] - part.start] == HOLE)
                if direct or (equals and inside):
                    yield Argument(self._name(call), number, *part, direct, bool(equals))

    def _in_region(self, region: Region, at: int) -> TextPlace:
        begin = self.text.find(">", region.start) + 1
        tag = re.match(r"<(\w+)", self.text[region.start :])
        name = tag[1].lower() if tag else ""
        if at < begin:
            return TextPlace(quote=self._quote(Span(region.start, begin), at))
        if name in LITERAL or not name:
            return TextPlace()
        if name == "gallery":
            return TextPlace(link=Link.FILE, line=Line.CAPTION)
        return _Finder(self.text[begin : region.stop]).place(at - begin)

    # Calls: templates and parser functions

    def _call(self, around: Sequence[Span], at: int) -> str:
        """Return the name of the innermost call, if no link stands in between."""
        if not around or any(around[-1].start < link.start < at < link.stop for link in self.links):
            return ""
        return self._name(around[-1])

    def _name(self, call: Span) -> str:
        first = self._parts(call)[0]
        name = self.text[first.start : first.stop].strip().replace(FRAME, "")
        return name.partition(":")[0] if _FUNCTION.match(name) else name

    def _is_template(self, call: Span) -> bool:
        name = self.text[call.start + 2 : self._parts(call)[0].stop]
        return not (name.startswith("{") or _FUNCTION.match(name))

    def _parts(self, call: Span) -> list[Span]:
        """Return the stretches between a call's bars, the name's first."""
        bars = [call.start + sign.start() for sign in re.finditer(r"\|", self._own(call))]
        begins = [call.start + 2, *(at + 1 for at in bars)]
        return [Span(*each) for each in zip(begins, [*bars, call.stop - 2], strict=True)]

    def _own(self, outer: Span) -> str:
        """Return the text of a call or link, with all masked that stands in others within it."""
        if outer not in self._owns:
            inner = sorted([*_within(self.calls, outer), *_within(self.links, outer)])
            self._owns[outer] = _masked(self.plain, inner, outer)
        return self._owns[outer]

    # Links

    def _in_link(self, found: TextPlace, begin: int, at: int) -> TextPlace:
        before = self.plain[max(begin, self.plain.rfind("\n", 0, at) + 1) : at]
        if _WEB_LINK.search(before):
            return replace(found, link=Link.URL, line=Line.LINK)
        inside = [link for link in self.links if begin <= link.start < at < link.stop]
        if not inside:
            return found
        link = inside[-1]
        own = self._own(link)
        if "|" not in own[: at - link.start]:
            return replace(found, link=Link.TARGET)
        is_file = _FILE.match(own, 2) or own.count("|") > 1
        if not is_file:
            return replace(found, link=Link.PAGE)
        option = own[: at - link.start].rpartition("|")[2]
        return replace(found, link=Link.ALT if _ALT.match(option) else Link.FILE)

    # Attributes

    @cached_property
    def _tags(self) -> list[Span]:
        return [Span(*tag.span()) for tag in _TAG.finditer(self.plain) if HOLE in tag[0]]

    def _quote(self, tag: Span, at: int) -> str:
        value = _VALUE.search(self.text[tag.start : at])
        return (value[1] or " ") if value else ""

    # Lines: headings, lists and tables

    @cached_property
    def _tables(self) -> list[tuple[int, int]]:
        """Where tables begin (1) and end (-1)."""
        return [(t.start(), 1 if t[1] == "{|" else -1) for t in _TABLE.finditer(self.plain)]

    def _in_line(self, found: TextPlace, begin: int, at: int) -> TextPlace:
        start = max(begin, self.plain.rfind("\n", 0, at) + 1)
        before = self.plain[start:at].replace(FRAME, "")
        after = self.plain[at:].partition("\n")[0].rstrip()
        own = _CLOSED.sub(MASK, before)
        if begin and start == begin:  # what stands before the line's first word is not known
            return found
        signs = _LIST.match(own)
        if self._is_table(begin, start):
            if own.lstrip()[:1] in ("|", "!"):
                return _in_cell(found, own.lstrip(), "[[" in before)
            found = replace(found, begins_line=not own.strip())
        elif own.lstrip().startswith("{|"):
            return _in_cell(found, own.lstrip(), in_link=True)
        if own.startswith("=") and after.endswith("="):
            return replace(found, line=Line.HEADING)
        if signs:
            term = signs[0].endswith(";") and ":" not in own[signs.end() :]
            return replace(found, line=Line.TERM if term else Line.ITEM)
        return found

    def _is_table(self, begin: int, at: int) -> bool:
        low, high = (bisect_left(self._tables, (edge, -2)) for edge in (begin, at))
        return sum(sign for _, sign in self._tables[low:high]) > 0


def _in_cell(found: TextPlace, before: str, in_link: bool) -> TextPlace:
    """Return a place in a line that begins with ``|`` or ``!``, or in a table's first."""
    header = before[0] == "!"
    if value := _CELL_VALUE.search(before):
        return replace(found, quote=value[1])
    if before.startswith(("|-", "{|", "|}")):
        return found
    first = before[2:] if before.startswith("|+") else before[1:]
    cells = re.split(r"\|\||!!" if header else r"\|\|", first)
    bare = "|" not in cells[-1] and not in_link
    behind = len(cells) == 1 and not cells[-1]
    return replace(found, line=Line.CELL, cell=True, header=header, bare=bare, behind_mark=behind)


def _pairs(text: str) -> Iterator[Span]:
    """Yield the links ``[[…]]``."""
    opened: list[int] = []
    for sign in _LINK_SIGNS.finditer(text):
        if sign[0] == "[[":
            opened.append(sign.start())
        elif opened:
            yield Span(opened.pop(), sign.end())


def _within(spans: Sequence[Span], outer: Span) -> Sequence[Span]:
    low = bisect_left(spans, (outer.start + 1,))
    high = bisect_left(spans, (outer.stop,))
    return spans[low:high]


def _masked(text: str, spans: Sequence[Span], within: Span) -> str:
    """Return a stretch of the text with some masked, in their order; all else keeps its place."""
    pieces: list[str] = []
    at = within.start
    for start, stop in spans:
        pieces += text[at:start], MASK * (stop - max(at, start))
        at = max(at, stop)
    return "".join([*pieces, text[at : within.stop]])

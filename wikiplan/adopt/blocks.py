"""The blocks of a section's wikitext: its headings, paragraphs and list items, and all the rest."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from wikiplan.adopt.links import links_in, without_language
from wikiplan.plan import text_messages
from wikiplan.value import Value, replace
from wikiplan.wikitext import positions


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    LAYOUT = "layout"
    """A text with lists, tables or headings in it: one unit of a translatable page."""
    OTHER = "other"
    """A table, a template call, what no unit could hold: it stays as it is."""


class SectionBlock(Value):
    """``text[start:stop]`` without its ``marks``, which are a heading's ``==`` or an item's ``**``.

    ``apart`` says that a blank line stands before it. ``above`` are the lines that belong to a
    heading and stand directly above it.
    """

    kind: BlockKind
    marks: str
    text: str
    start: int
    stop: int
    apart: bool = True
    above: str = ""


_HEADING = re.compile(r"(={1,6})[ \t]*([^=\n](?:.*?[^=\s])?)[ \t]*\1[ \t]*")
_ITEM = re.compile(r"([*#:]+)[ \t]*(\S.*?)[ \t]*")
_LAYOUT = re.compile(
    r"[ ;|!]|\{\||\{\{|----|__[A-Z]+__|\[\[(?:category|file|image):"
    r"|<(?:!--|/?(?:div|table|blockquote|center|ul|ol|li|dl|hr|gallery|pre|syntaxhighlight"
    r"|references|languages|noinclude|includeonly|onlyinclude|templatestyles)\b)",
    re.IGNORECASE,
)
_OPENINGS = tuple(
    (re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))
    for opening, closing in (
        (r"\{\{", r"\}\}"),
        (r"^\{\|", r"^\|\}"),
        (r"<!--", r"-->"),
        *(
            (rf"<{tag}(?=[\s>])[^<>]*(?<!/)>", rf"</{tag}\s*>")
            for tag in (
                "div", "table", "blockquote", "center", "ul", "ol", "dl", "gallery", "pre",
                "nowiki", "syntaxhighlight", "ref", "span", "small",
            )
        ),
    )
)  # fmt: skip


_Line = tuple[int, int]


def blocks_of(text: str) -> tuple[SectionBlock, ...]:
    """Return the blocks of a section in their order; between them are line ends only."""
    lines = list(_lines(text))
    return tuple(_blocks(text, lines, dict(_tops(text, lines))))


def _tops(text: str, lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """Yield where the lines above each heading begin, and the number of its own line."""
    for number, (start, stop) in enumerate(lines):
        if _HEADING.fullmatch(text, start, stop):
            top = positions.top_of_heading(text, start)
            if top < start:
                yield top, number


def _lines(text: str) -> Iterator[_Line]:
    """Yield start and stop of each line, or of several where something goes on over line ends."""
    start = 0
    for group in _grouped(text.split("\n")):
        length = sum(map(len, group)) + len(group) - 1
        yield start, start + length
        start += length + 1


def _grouped(lines: Sequence[str]) -> Iterator[list[str]]:
    at = 0
    while at < len(lines):
        length = _length(lines[at:])
        yield list(lines[at : at + length])
        at += length


def _length(lines: Sequence[str]) -> int:
    """Return how many lines belong together; one that leaves something open for ever is alone."""
    open_ = [0] * len(_OPENINGS)
    for number, line in enumerate(lines, 1):
        for kind, (opening, closing) in enumerate(_OPENINGS):
            open_[kind] += len(opening.findall(line)) - len(closing.findall(line))
        if not any(depth > 0 for depth in open_):
            return number
    return 1


def _blocks(text: str, lines: Sequence[_Line], tops: Mapping[int, int]) -> Iterator[SectionBlock]:
    apart, at = True, 0
    while at < len(lines):
        top = lines[at][0]
        at = tops.get(top, at)
        start, stop = lines[at]
        at += 1
        if not text[start:stop].strip(" \t"):
            apart = True
            continue
        block = _line_block(text, start, stop, apart)
        while block.kind is BlockKind.PARAGRAPH and _goes_on(text, lines, at, tops):
            stop = lines[at][1]
            block = _line_block(text, start, stop, apart)
            at += 1
        yield _checked(replace(block, above=text[top : max(top, start - 1)]), text)
        apart = False


def _goes_on(text: str, lines: Sequence[_Line], at: int, tops: Mapping[int, int]) -> bool:
    """Tell whether the next line belongs to the same paragraph."""
    if at == len(lines) or lines[at][0] in tops:
        return False
    start, stop = lines[at]
    return bool(text[start:stop].strip(" \t")) and (
        _line_block(text, start, stop, False).kind is BlockKind.PARAGRAPH
    )


def _line_block(text: str, start: int, stop: int, apart: bool) -> SectionBlock:
    line = text[start:stop]
    if found := _HEADING.fullmatch(line):
        return SectionBlock(BlockKind.HEADING, found[1], found[2], start, stop, apart)
    if "\n" not in line and (found := _ITEM.fullmatch(line)):
        return SectionBlock(BlockKind.ITEM, found[1], found[2], start, stop, apart)
    if _LAYOUT.match(line) or _ITEM.match(line):
        return SectionBlock(BlockKind.OTHER, "", line, start, stop, apart)
    return SectionBlock(BlockKind.PARAGRAPH, "", line.strip(" \t"), start, stop, apart)


def _checked(block: SectionBlock, text: str) -> SectionBlock:
    """Return the block, or as one that stays as it is when no unit could hold its text."""
    one_line = block.kind is not BlockKind.PARAGRAPH
    if block.kind is BlockKind.OTHER or not any(text_messages(block.text, one_line=one_line)):
        return block
    return as_it_is(block, text)


def as_it_is(block: SectionBlock, text: str) -> SectionBlock:
    """Return a block, with what stands above it, as one that stays as it is."""
    start = block.start - len(block.above) - bool(block.above)
    return _raw(text, start, block.stop, block.apart)


def with_units(
    text: str, blocks: Sequence[SectionBlock], units: Iterable[tuple[int, int]]
) -> tuple[SectionBlock, ...]:
    """Return the blocks so that each of the stretches is one, where that is possible.

    ``units`` are stretches that translators know as one text. Some hold several blocks, or signs
    that would stand outside of a block's text; other lines may stand below them directly.
    """
    found = list(blocks)
    for start, stop in units:
        at = [n for n, each in enumerate(found) if each.start < stop and start < each.stop]
        if not at:
            continue
        first, last = found[at[0]], found[at[-1]]
        above = start <= first.start or (_has_lines(first) and text[start - 1] == "\n")
        if above and (stop >= last.stop or (_has_lines(last) and text[stop] == "\n")):
            found[at[0] : at[-1] + 1] = _divided(text, first, last, start, stop)
        elif first is not last:
            found[at[0] : at[-1] + 1] = [_raw(text, first.start, last.stop, first.apart)]
    return tuple(found)


def _has_lines(block: SectionBlock) -> bool:
    """Tell whether a line of the block may be a block of its own."""
    return block.kind is BlockKind.PARAGRAPH


def _divided(
    text: str, first: SectionBlock, last: SectionBlock, start: int, stop: int
) -> Iterator[SectionBlock]:
    """Yield a unit's block, and the lines above and below it that belonged to its blocks."""
    known = first.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    if known and first is last and (start, stop) == (first.start, first.stop):
        yield first
        return
    if first.start < start:
        yield _raw(text, first.start, start - 1, first.apart)
    apart = first.apart if start <= first.start else False
    yield _unit_block(text, start, stop, apart)
    if stop < last.stop:
        yield _raw(text, stop + 1, last.stop, False)


def _raw(text: str, start: int, stop: int, apart: bool) -> SectionBlock:
    return SectionBlock(BlockKind.OTHER, "", text[start:stop], start, stop, apart)


def _unit_block(text: str, start: int, stop: int, apart: bool) -> SectionBlock:
    unit = text[start:stop]
    return SectionBlock(kind_of(unit), "", unit, start, stop, apart)


def kind_of(unit: str) -> BlockKind:
    """Return what a unit's whole text is: a paragraph, a text with layout, or impossible."""
    if not any(text_messages(unit, one_line=False)):
        return BlockKind.PARAGRAPH
    possible = not any(text_messages(unit, one_line=False, own_layout=True))
    return BlockKind.LAYOUT if possible else BlockKind.OTHER


# Which block of a language version says what which block of the source says.
#
# Headings, nesting, order and links tell, never the words. What they leave open is doubtful, and
# no translation is guessed.


class Alignment(Value):
    """``pairs`` are source block by number → the other's; ``doubtful`` are stretches of both."""

    pairs: dict[int, int]
    doubtful: tuple[tuple[range, range], ...]


_Anchor = tuple[int, int]


def align(source: Sequence[SectionBlock], other: Sequence[SectionBlock]) -> Alignment:
    """Return which blocks belong together; their links must lead to pages, not to ``$names``."""
    return _Aligning(source, other).whole()


class _Aligning:
    """Aligns stretches of the two sides, from what is certain to what lies between."""

    def __init__(self, source: Sequence[SectionBlock], other: Sequence[SectionBlock]) -> None:
        self.source = source
        self.other = other
        self.pairs: dict[int, int] = {}
        self.doubtful: list[tuple[range, range]] = []

    def whole(self) -> Alignment:
        found = list(_anchors(self.source, self.other))
        anchors = _rising(found)
        moved = set(found) - set(anchors)
        for ours, theirs in self.between(anchors, range(len(self.source)), range(len(self.other))):
            if any(at in ours or there in theirs for at, there in moved):
                self.doubtful.append((ours, theirs))
            else:
                self.stretch(ours, theirs)
        return Alignment(self.pairs, tuple(self.doubtful))

    def between(
        self, anchors: Sequence[_Anchor], ours: range, theirs: range
    ) -> Iterator[tuple[range, range]]:
        """Pair the anchors, and yield the stretches between them that are not empty."""
        self.pairs |= dict(anchors)
        edges = [(ours.start - 1, theirs.start - 1), *anchors, (ours.stop, theirs.stop)]
        for (a, b), (c, d) in pairwise(edges):
            if c - a > 1 or d - b > 1:
                yield range(a + 1, c), range(b + 1, d)

    def stretch(self, ours: range, theirs: range) -> None:
        one, two = (
            [blocks[at] for at in part]
            for blocks, part in ((self.source, ours), (self.other, theirs))
        )
        if _fit(one, two):
            self.pairs |= dict(zip(ours, theirs, strict=True))
        elif outer := _outer_items(one, two):
            anchors = [(ours[at], theirs[there]) for at, there in outer]
            for inner in self.between(anchors, ours, theirs):
                self.stretch(*inner)
        else:
            self.doubtful.append((ours, theirs))


def targets_of(block: SectionBlock) -> frozenset[str]:
    """Return the pages and URLs that a block links to."""
    return frozenset(without_language(link.identity) for link in links_in(block.text))


def shape(block: SectionBlock) -> tuple[str, str]:
    return block.kind, block.marks


def _anchors(
    source: Sequence[SectionBlock],
    other: Sequence[SectionBlock],
) -> Iterator[_Anchor]:
    """Yield the pairs that are certain, in the source's order."""
    ours, theirs = (_signatures(blocks) for blocks in (source, other))
    alone = {s for s, n in Counter(ours).items() if n == 1 and s is not None}
    there = {s: at for at, s in enumerate(theirs) if theirs.count(s) == 1}
    headings = [
        [at for at, b in enumerate(bs) if b.kind is BlockKind.HEADING] for bs in (source, other)
    ]
    same = [shape(source[at]) for at in headings[0]] == [shape(other[at]) for at in headings[1]]
    paired = dict(zip(*headings, strict=True)) if same else {}
    for at, signature in enumerate(ours):
        if at in paired:
            yield at, paired[at]
        elif signature in alone and signature in there:
            yield at, there[signature]


_Signature = tuple[tuple[str, str], frozenset[str]] | None


def _signatures(blocks: Sequence[SectionBlock]) -> list[_Signature]:
    found = [(shape(block), targets_of(block)) for block in blocks]
    return [each if each[1] else None for each in found]


def _rising(anchors: Iterable[_Anchor]) -> list[_Anchor]:
    """Return the longest row of anchors that both sides have in the same order."""
    ends: list[int] = []
    chains: list[list[_Anchor]] = []
    for anchor in anchors:
        at = bisect_left(ends, anchor[1])
        chain = [*(chains[at - 1] if at else []), anchor]
        ends[at : at + 1] = [anchor[1]]
        chains[at : at + 1] = [chain]
    return chains[-1] if chains else []


def _outer_items(ours: Sequence[SectionBlock], theirs: Sequence[SectionBlock]) -> list[_Anchor]:
    """Return the items of two lists that have others below them, if there are as many on each side.

    None where the lists' items of that depth could be other ones.
    """
    blocks = [*ours, *theirs]
    if not ours or not theirs or any(block.kind is not BlockKind.ITEM for block in blocks):
        return []
    least = min(len(block.marks) for block in blocks)
    one, two = (
        [at for at, block in enumerate(part) if len(block.marks) == least]
        for part in (ours, theirs)
    )
    nested = len(one) < len(ours) or len(two) < len(theirs)
    first = one[:1] == two[:1] == [0]
    if not (nested and first and _fit([ours[n] for n in one], [theirs[n] for n in two])):
        return []
    return list(zip(one, two, strict=True))


def _fit(ours: Sequence[SectionBlock], theirs: Sequence[SectionBlock]) -> bool:
    """Tell whether stretches have the same blocks in the same order, as far as it shows."""
    if list(map(shape, ours)) != list(map(shape, theirs)):
        return False
    for one, two in zip(ours, theirs, strict=True):
        here, there = targets_of(one), targets_of(two)
        if here and there and not here & there:
            return False
    return True

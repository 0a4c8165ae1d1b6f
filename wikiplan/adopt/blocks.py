"""The blocks of a section's wikitext: its headings, paragraphs and list items, and all the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wikiplan.plan.textcheck import text_messages


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    OTHER = "other"
    """A table, a template call, what no unit could hold: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:stop]`` without its ``marks``, which are a heading's ``==`` or an item's ``**``.

    ``apart`` says that a blank line stands before it.
    """

    kind: Kind
    marks: str
    text: str
    start: int
    stop: int
    apart: bool = True


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


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a section in their order; between them are line ends only."""
    return tuple(_blocks(text, list(_lines(text))))


_Line = tuple[int, int]


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


def _blocks(text: str, lines: Sequence[_Line]) -> Iterator[Block]:
    apart, at = True, 0
    while at < len(lines):
        start, stop = lines[at]
        at += 1
        if not text[start:stop].strip(" \t"):
            apart = True
            continue
        block = _line_block(text, start, stop, apart)
        while block.kind is Kind.PARAGRAPH and at < len(lines) and _goes_on(text, lines[at]):
            stop = lines[at][1]
            block = _line_block(text, start, stop, apart)
            at += 1
        yield _checked(block, text)
        apart = False


def _goes_on(text: str, line: _Line) -> bool:
    """Tell whether the next line belongs to the same paragraph."""
    start, stop = line
    return bool(text[start:stop].strip(" \t")) and (
        _line_block(text, start, stop, False).kind is Kind.PARAGRAPH
    )


def _line_block(text: str, start: int, stop: int, apart: bool) -> Block:
    line = text[start:stop]
    if found := _HEADING.fullmatch(line):
        return Block(Kind.HEADING, found[1], found[2], start, stop, apart)
    if "\n" not in line and (found := _ITEM.fullmatch(line)):
        return Block(Kind.ITEM, found[1], found[2], start, stop, apart)
    if _LAYOUT.match(line) or _ITEM.match(line):
        return Block(Kind.OTHER, "", line, start, stop, apart)
    return Block(Kind.PARAGRAPH, "", line.strip(" \t"), start, stop, apart)


def _checked(block: Block, text: str) -> Block:
    """Return the block, or as one that stays as it is when no unit could hold its text."""
    one_line = block.kind is not Kind.PARAGRAPH
    if block.kind is Kind.OTHER or not any(text_messages(block.text, one_line=one_line)):
        return block
    whole = text[block.start : block.stop]
    return Block(Kind.OTHER, "", whole, block.start, block.stop, block.apart)

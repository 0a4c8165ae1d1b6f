"""What in a text would do something in the place where it stands, and not be read as words there.

A bar in an argument begins the next one, ``!!`` ends a header cell, a link cannot stand in another
one. Most such signs can be written otherwise; readers see the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from wikiplan.wikitext.scanner import RegionKind, regions
from wikiplan.wikitext.textplaces import MASK, Line, Link, TextPlace


class Act(NamedTuple):
    """What ``text[start:stop]`` does, for people: a clause, and what to do about it.

    ``instead`` shows the same and does nothing; it is None where there is no such thing.
    """

    start: int
    stop: int
    does: str
    instead: str | None = None
    advice: str = "reword the text"


BAR, BANG, EQUALS = "&#124;", "&#33;", "{{=}}"
_LAYOUT = "*#:;|!{= "
_OWN = re.compile(r"\[\[[^\[\]]*\]\]|\{\{[^{}]*\}\}")
_CALL = re.compile(r"\{\{[^{}]*\}\}")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_URL = re.compile(r"(?:\w+:)?//[^\s\[\]<>\"]*[^\s\[\]<>\".,:;!?]")
_BARS = re.compile(r"\|+")
_MAGIC_BAR = re.compile(r"\{\{\s*!\s*\}\}")
_LINKED = re.compile(r"\[\[|\[(?=(?:https?:)?//|mailto:|\$)")
_MARKUP = re.compile(
    rf"{_LINKED.pattern}|''|{_TAG.pattern}|\{{\{{(?!\s*(?:[!=]\s*\}}\}}|PLURAL\s*:))", re.IGNORECASE
)
_ISOLATION = re.compile(r"</?bdi\b[^<>]*>", re.IGNORECASE)
_TABLE = re.compile(r"^\{\|", re.MULTILINE)
_VOID = re.compile(r"<(br|hr|wbr)>", re.IGNORECASE)
_OPTION = re.compile(
    r"(?:thumb|thumbnail|frame|framed|frameless|border|left|right|center|centre|none|upright|"
    r"baseline|sub|super|sup|top|text-top|middle|bottom|text-bottom|\d*x?\d+px)\Z"
    r"|(?:alt|link|lang|class|page|thumb|thumbnail|upright|manualthumb)\s*="
)
_CHOOSING = frozenset({"#switch", "#tag", "#invoke", "#iferror", "int"})
"""Parser functions to which an equals sign says something."""


def acts(text: str, place: TextPlace) -> list[Act]:
    """Return what would do something there, in the order of the text; none overlaps another."""
    found: list[Act] = []
    if place.quote:
        found = [*_in_attribute(text, place.quote)]
    for judge in () if place.quote else _JUDGES:
        found += judge(text, place)
    if place.quote and place.call:
        found += _bars(text, place)
    if place.link is Link.ALT:
        found += _in_alternative(text)
    return list(_apart(sorted(found)))


def around(text: str, place: TextPlace) -> tuple[str, str]:
    """Return what has to stand before and behind a text, so that its signs do not join others."""
    before = after = ""
    if place.behind_mark and text[:1] in "-+}|!":
        before = " "
    elif place.quotes_before and not place.quote and text[:1] == "'":
        before = "<nowiki/>"
    if place.quotes_after and not place.quote and text[-1:] == "'":
        after = "<nowiki/>"
    return before, after


def has_equals(text: str) -> bool:
    """Tell whether a text in an argument would give that a name."""
    return "=" in text and "=" in _outside(text)


def _apart(found: Iterable[Act]) -> Iterator[Act]:
    stop = 0
    for act in found:
        if act.start >= stop:
            yield act
            stop = act.stop


@lru_cache(maxsize=1000)
def _outside(text: str) -> str:
    """Return the text with its own links, calls, comments and extension tags masked."""
    if "<" in text:
        for region in regions(text):
            if region.kind is not RegionKind.IGNORED:
                text = _hidden(text, region.start, region.stop)
    while (masked := _OWN.sub(lambda found: MASK * len(found[0]), text)) != text:
        text = masked
    return text


def _hidden(text: str, start: int, stop: int) -> str:
    return f"{text[:start]}{MASK * (stop - start)}{text[stop:]}"


def _without_tags(text: str) -> str:
    """Return the text with tags and web addresses masked besides."""
    for pattern in (_TAG, _URL):
        text = pattern.sub(lambda found: MASK * len(found[0]), text)
    return text


# One function for each kind of sign.


def _bars(text: str, place: TextPlace) -> Iterator[Act]:
    if table := (place.call or place.link) and _TABLE.search(text):
        yield Act(*table.span(), "begins a table, whose bars would part it", None)
    does = _bar_does(place)
    every = bool(does)
    if "|" not in text and "!" not in text:
        return
    if not every and not place.cell:
        return
    seen = _outside(text)
    whole = _CALL.sub(lambda found: MASK * len(found[0]), text) if place.cell else seen
    for bars in _BARS.finditer(whole):
        if (every and seen[bars.start()] == "|") or (place.cell and len(bars[0]) > 1):
            told = does or "begins the next cell"
            yield Act(*bars.span(), told, BAR * len(bars[0]), f"write {BAR} for each bar")
    if (place.cell and place.bare) or place.link in (Link.FILE, Link.ALT):
        for bar in _MAGIC_BAR.finditer(text):
            told = does or "ends the cell's attributes"
            yield Act(*bar.span(), told, BAR, f"write {BAR} instead")


def _bar_does(place: TextPlace) -> str:
    if place.call:
        return "begins the next argument"
    if place.link in (Link.FILE, Link.ALT):
        return "begins another caption"
    return "makes attributes of what stands before it" if place.cell and place.bare else ""


def _equals(text: str, place: TextPlace) -> Iterator[Act]:
    if place.call in _CHOOSING:
        for at in _places_of("=", _outside(text)):
            yield Act(
                at, at + 1, "makes a name of what stands before it", EQUALS, f"write {EQUALS}"
            )


def _bangs(text: str, place: TextPlace) -> Iterator[Act]:
    if place.header:
        for at in _places_of("!!", _without_tags(_outside(text))):
            yield Act(at, at + 1, "begins the next cell", BANG, f"write {BANG} for the first")


def _starts(text: str, place: TextPlace) -> Iterator[Act]:
    if place.begins_line and text[:1] in ("|", "!"):
        instead = f"&#{ord(text[0])};"
        yield Act(0, 1, "begins a cell", instead, f"write {instead} instead")


def _options(text: str, place: TextPlace) -> Iterator[Act]:
    if place.link is Link.FILE and _OPTION.match(text.strip()):
        instead = f"&#{ord(text[0])};"
        yield Act(
            0, 1, "begins an option of files", instead, f"write {instead} for its first letter"
        )
    if place.link is Link.FILE and "-{" not in text:
        for at in _places_of("}-", text):
            yield Act(at, at + 1, "ends a choice of variants", "&#125;", "write &#125;- instead")


def _brackets(text: str, place: TextPlace) -> Iterator[Act]:
    if place.link in (Link.PAGE, Link.URL):
        for link in _LINKED.finditer(text):
            told = "begins a link, and none can stand in another"
            yield Act(*link.span(), told, None, "write its words without the link")
    if place.link is Link.URL:
        for at in _places_of("]", text):
            yield Act(at, at + 1, "ends the link", "&#93;", "write &#93; instead")
    elif place.link and text.endswith("]") and not text.endswith("]]"):
        yield Act(len(text) - 1, len(text), "ends the link", "&#93;", "write &#93; instead")
    if place.link is Link.TARGET:
        for sign in re.finditer(r"[\[\]{}<>#|\n]", text):
            yield Act(*sign.span(), "can stand in no title", None)


def _colons(text: str, place: TextPlace) -> Iterator[Act]:
    if place.line is Line.TERM:
        for at in _places_of(":", _without_tags(_outside(text))):
            yield Act(at, at + 1, "begins the definition", "&#58;", "write &#58; instead")
        for tag in _VOID.finditer(text):
            instead = f"<{tag[1]} />"
            told = "hides the colon before the definition"
            yield Act(*tag.span(), told, instead, f"write {instead}")


def _breaks(text: str, place: TextPlace) -> Iterator[Act]:
    """Yield the line breaks that end more than a line; elsewhere a wiki reads them as blanks."""
    if place.line:
        for at in _places_of("\n", text):
            stays = text[at + 1 : at + 2] not in _LAYOUT
            yield Act(at, at + 1, f"ends {place.line}", " " if stays else None, "write one line")


def _in_attribute(text: str, quote: str) -> Iterator[Act]:
    for tag in _ISOLATION.finditer(text):
        yield Act(*tag.span(), "cannot stand in an attribute", "")
    plain = _ISOLATION.sub(lambda found: MASK * len(found[0]), text)
    for found in _MARKUP.finditer(plain):
        yield Act(*found.span(), "is no markup in an attribute", None, "write words alone there")
    plain = _MARKUP.sub(lambda found: MASK * len(found[0]), plain)
    signs = {'"': '"<>', "'": "'<>"}.get(quote, "\"'<>=` \n")
    for at, sign in enumerate(plain):
        if sign in signs:
            instead = f"&#{ord(sign)};"
            yield Act(at, at + 1, "ends the attribute", instead, f"write {instead} instead")


def _in_alternative(text: str) -> Iterator[Act]:
    """Yield what a picture's words cannot have: they are an attribute in the end."""
    for found in _MARKUP.finditer(_ISOLATION.sub(lambda tag: MASK * len(tag[0]), text)):
        yield Act(*found.span(), "is no markup in the words for a picture", None, "write words")
    for at in _places_of("\n", text):
        yield Act(at, at + 1, "makes a caption of the words for a picture", " ", "write one line")


def _places_of(sign: str, text: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


_JUDGES: tuple[Callable[[str, TextPlace], Iterator[Act]], ...] = (
    _bars, _equals, _bangs, _starts, _options, _brackets, _colons, _breaks,
)  # fmt: skip

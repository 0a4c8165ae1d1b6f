"""Whether all that opens in a text closes: brackets, braces, tags and quotes.

For texts that stand inside of others, such as units: what stays open there would go on in the
page around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS, Kind, regions


class Imbalance(NamedTuple):
    """What is wrong at ``text[start]``, for people: ``“[[” is never closed``."""

    start: int
    message: str

    def __str__(self) -> str:
        return f"character {self.start + 1}: {self.message}"


# The HTML tags that MediaWiki accepts and that need a closing tag.
# fmt: off
_PAIRED_TAGS = frozenset({
    "abbr", "b", "bdi", "bdo", "big", "blockquote", "caption", "center", "cite", "code", "data",
    "dd", "del", "dfn", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "i",
    "ins", "kbd", "li", "mark", "ol", "p", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "table", "td", "th", "time", "tr", "tt",
    "u", "ul", "var", "translate", "tvar", "includeonly", "noinclude", "onlyinclude",
})
# fmt: on

_TOKEN = re.compile(
    r"(?P<braces>\{\{+|\}\}+)|(?P<brackets>\[\[|\]\])|(?P<link>\[(?=https?:|//|mailto:|\$))"
    r"|(?P<bracket>\])|<(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)(?=[\s/>|])(?P<rest>[^<>]*)>",
    re.IGNORECASE,
)
_QUOTES = re.compile("''+")
_HIDDEN = "\x7f"


def imbalances(
    text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS
) -> tuple[Imbalance, ...]:
    """Return what does not close, or closes nothing, in the order of the text."""
    found = list(_open_regions(text, extension_tags))
    plain = _plain(text, extension_tags)
    walk = _Walk(_PAIRED_TAGS | extension_tags)
    for token in _TOKEN.finditer(plain):
        walk.token(token)
    return tuple(sorted([*found, *walk.end(), *_open_quotes(plain)]))


def _open_regions(text: str, extension_tags: frozenset[str]) -> Iterator[Imbalance]:
    for region in regions(text, extension_tags):
        shown = text[region.start : region.start + 60].split(">")[0]
        if region.kind is Kind.TEXT:
            yield Imbalance(region.start, f"“{shown}>” is never closed")
        elif region.kind is Kind.COMMENT and text.find("-->", region.start + 4, region.stop) < 0:
            yield Imbalance(region.start, "“<!--” is never closed")


def _plain(text: str, extension_tags: frozenset[str]) -> str:
    """Return ``text`` of the same length, with comments and extension tags blotted out."""
    pieces, position = [], 0
    for region in regions(text, extension_tags):
        if region.kind is not Kind.IGNORED:
            pieces += [text[position : region.start], _HIDDEN * (region.stop - region.start)]
            position = region.stop
    return "".join([*pieces, text[position:]])


class _Open(NamedTuple):
    start: int
    sign: str  # "{", "[[", "[" or a tag's name
    braces: int = 0


class _Walk:
    def __init__(self, paired_tags: frozenset[str]) -> None:
        self.paired_tags = paired_tags
        self.stack: list[_Open] = []
        self.found: list[Imbalance] = []

    def token(self, token: re.Match[str]) -> None:
        if token["tag"]:
            self._tag(token)
        elif token["braces"]:
            self._braces(token.start(), token[0])
        elif token[0] in ("[[", "["):
            self.stack.append(_Open(token.start(), token[0]))
        elif token["brackets"]:
            self._close(token.start(), "[[", "]]")
        elif self._top == "[":
            self.stack.pop()

    def end(self) -> list[Imbalance]:
        for opened in self.stack:
            self._never_closed(opened)
        return self.found

    @property
    def _top(self) -> str:
        return self.stack[-1].sign if self.stack else ""

    def _never_closed(self, opened: _Open) -> None:
        shown = {"{": "{" * opened.braces, "[[": "[[", "[": "["}.get(
            opened.sign, f"<{opened.sign}>"
        )
        self.found.append(Imbalance(opened.start, f"“{shown}” is never closed"))

    def _close(self, start: int, sign: str, shown: str) -> None:
        """Close the last opening of this sign; what opened since then stays open for ever."""
        if all(opened.sign != sign for opened in self.stack):
            self.found.append(Imbalance(start, f"“{shown}” closes nothing"))
            return
        while self._top != sign:
            self._never_closed(self.stack.pop())
        self.stack.pop()

    def _braces(self, start: int, run: str) -> None:
        """Pair braces as the preprocessor does: three where both sides have three, else two."""
        if run[0] == "{":
            self.stack.append(_Open(start, "{", len(run)))
            return
        left = len(run)
        while left >= 2 and self._top == "{":
            opened = self.stack.pop()
            pairs = min(3, left, opened.braces)
            left -= pairs
            if opened.braces - pairs >= 2:
                self.stack.append(opened._replace(braces=opened.braces - pairs))
        if left >= 2:
            self._close(start + len(run) - left, "{", "}" * left)

    def _tag(self, token: re.Match[str]) -> None:
        name = token["tag"].lower()
        if name not in self.paired_tags or token["rest"].endswith("/"):
            return
        if token["slash"]:
            self._close(token.start(), name, f"</{name}>")
        else:
            self.stack.append(_Open(token.start(), name))


def _open_quotes(plain: str) -> Iterator[Imbalance]:
    """Yield the lines on which bold or italics stay open."""
    start = 0
    for line in plain.split("\n"):
        runs = list(_QUOTES.finditer(line))
        italic = [run.start() for run in runs if len(run[0]) == 2 or len(run[0]) >= 5]
        bold = [run.start() for run in runs if len(run[0]) >= 3]
        # With both odd MediaWiki takes one ''' for an apostrophe and ''.
        if len(italic) % 2 != len(bold) % 2:
            last, shown = (italic[-1], "''") if len(italic) % 2 else (bold[-1], "'''")
            yield Imbalance(start + last, f"“{shown}” is never closed on its line")
        start += len(line) + 1

"""Where a comment really is a comment: the comments and extension tags of a wikitext, in order.

MediaWiki's preprocessor walks a text once, and whatever opens first wins: a comment inside
``<nowiki>`` is text, a ``<nowiki>`` inside a comment is too (facts 18 and 19). This scanner keeps
that order and the preprocessor's small rules, and its time grows with the length of the text only:
where it had to look for a ``>`` or a closing tag in vain it never looks for that one again.

``<translate>`` and ``<tvar>`` are none of the preprocessor's tags: Translate takes them out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from wikiplan.errors import TOO_COMPLEX, Refusal
from wikiplan.spans import Replacement, splice

# MediaWiki's own tags and those of the extensions on Wikimedia's wikis. A wiki tells its real list
# (siteinfo ``extensiontags``); this one is for texts without a wiki.
# fmt: off
DEFAULT_EXTENSION_TAGS = frozenset({
    "categorytree", "ce", "charinsert", "chem", "dynamicpagelist", "gallery", "graph", "hiero",
    "imagemap", "indicator", "inputbox", "langconvert", "languages", "mapframe", "maplink", "math",
    "nowiki", "phonos", "poem", "pre", "ref", "references", "score", "section", "source",
    "syntaxhighlight", "templatedata", "templatestyles", "timeline",
})
# fmt: on
NEVER_OPAQUE = frozenset({"translate", "tvar"})

# How a page view (not a transclusion) treats the tags that steer transclusion.
IGNORED_TAGS = ("noinclude", "/noinclude", "onlyinclude", "/onlyinclude")
IGNORED_ELEMENT = "includeonly"
BLANKS = " \t"

# Real pages have up to some thousands; many more only cost seconds and memory.
MOST_REGIONS = 50_000


class RegionKind(StrEnum):
    COMMENT = "comment"
    EXTENSION = "extension"  # an extension tag with what is inside: opaque
    IGNORED = "ignored"  # a lone <noinclude>, </onlyinclude>, …, or a whole <includeonly> element
    TEXT = "text"  # an extension's opening tag that nothing closes: text, with all in its <…>


class Region(NamedTuple):
    """One stretch ``text[start:stop]`` that is no plain wikitext.

    ``resume`` is where plain text goes on: behind ``stop``, or, where a comment has its line to
    itself (``whole_line``), behind that line's end, because the preprocessor drops such a line.
    """

    kind: RegionKind
    start: int
    stop: int
    resume: int
    whole_line: bool = False


def regions(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> Iterator[Region]:
    """Yield the comments, extension tags and ignored tags of ``text`` in their order.

    Raises :class:`Refusal` (``too-complex``) above ``MOST_REGIONS``.
    """
    for count, region in enumerate(_Scanner(text, extension_tags).run(), 1):
        if count > MOST_REGIONS:
            raise too_complex(f"more than {MOST_REGIONS} comments and tags")
        yield region


def too_complex(what: str) -> Refusal:
    return Refusal(TOO_COMPLEX, f"the page has {what}; simplify it, or leave it out of pages.yaml")


@lru_cache(maxsize=16)
def _opening(extension_tags: frozenset[str]) -> re.Pattern[str]:
    names = {name.lower() for name in extension_tags} - NEVER_OPAQUE
    listed = "|".join(map(re.escape, sorted(names | {*IGNORED_TAGS, IGNORED_ELEMENT})))
    return re.compile(rf"<(?:!--|({listed})(?=\s|/>|>))", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=256)
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE | re.ASCII)


class _Scanner:
    """One walk over one text. ``unclosed`` holds the tag names that no closing tag follows."""

    def __init__(self, text: str, extension_tags: frozenset[str]) -> None:
        self.text = text
        self.opening = _opening(extension_tags)
        self.unclosed: set[str] = set()

    def run(self) -> Iterator[Region]:
        position, opening = 0, self.opening
        while match := opening.search(self.text, position):
            if match.lastindex is None:
                found = self._comments(match.start())
            else:
                tag_end = self.text.find(">", match.end())
                if tag_end < 0:  # only comments can follow
                    opening = _COMMENT
                    position = match.start() + 1
                    continue
                found = self._tag(match.start(), match[1], tag_end)
            yield from found
            position = found[-1].stop

    def _comments(self, start: int) -> list[Region]:
        """Return the comment at ``start``, and those after it where they fill lines together."""
        end = self.text.find("-->", start + 4)
        if end < 0:
            return [Region(RegionKind.COMMENT, start, len(self.text), len(self.text))]
        first = Region(RegionKind.COMMENT, start, end + 3, end + 3)
        return self._filled_line(first) if self._at_line_start(start) else [first]

    def _at_line_start(self, position: int) -> bool:
        """Tell whether only blanks stand before ``position`` on its line.

        The first line of a page does not count: the preprocessor keeps it.
        """
        while position and self.text[position - 1] in BLANKS:
            position -= 1
        return position > 0 and self.text[position - 1] == "\n"

    def _filled_line(self, first: Region) -> list[Region]:
        """Return the comments from ``first`` to the line's end; only it if text follows."""
        run = [first]
        after = self._behind_blanks(first.stop)
        while self.text.startswith("<!--", after):
            # One character earlier than for a first comment: here ``<!--->`` is a whole one.
            end = self.text.find("-->", after + 3)
            if end < 0:
                return [first]
            run.append(Region(RegionKind.COMMENT, after, end + 3, end + 3))
            after = self._behind_blanks(end + 3)
            if len(run) > MOST_REGIONS:
                break
        if not self.text.startswith("\n", after):
            return [first]
        run[-1] = run[-1]._replace(resume=after + 1, whole_line=True)
        return run

    def _behind_blanks(self, position: int) -> int:
        match = _BLANKS.match(self.text, position)
        return match.end() if match else position

    def _tag(self, start: int, written: str, tag_end: int) -> list[Region]:
        name = written.lower()
        stop = tag_end + 1
        if name in IGNORED_TAGS:
            return [Region(RegionKind.IGNORED, start, stop, stop)]
        kind = RegionKind.IGNORED if name == IGNORED_ELEMENT else RegionKind.EXTENSION
        if self.text[tag_end - 1] != "/":
            close = self._close(name, stop)
            if close is not None:
                stop = close
            elif written == IGNORED_ELEMENT:  # in lower case only, it may run to the end
                stop = len(self.text)
            else:
                kind = RegionKind.TEXT
        return [Region(kind, start, stop, stop)]

    def _close(self, name: str, position: int) -> int | None:
        """Return the end of the next closing tag."""
        if name in self.unclosed:
            return None
        match = _closing(name).search(self.text, position)
        if match is None:
            self.unclosed.add(name)
            return None
        return match.end()


_BLANKS = re.compile(f"[{BLANKS}]*")
_COMMENT = re.compile("<!--")


# Whether all that opens in a text closes: brackets, braces, tags and quotes.
#
# For texts that stand inside of others, such as units: what stays open there would go on in the
# page around them.


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
    r"|(?P<bracket>\])|(?P<variant>-\{(?!\{)|\}-)|<(?P<slash>/?)(?P<tag>[a-z][a-z0-9]*)(?=[\s/>|])(?P<rest>[^<>]*)>",
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
        if region.kind is RegionKind.TEXT:
            yield Imbalance(region.start, f"“{shown}>” is never closed")
        elif (
            region.kind is RegionKind.COMMENT
            and text.find("-->", region.start + 4, region.stop) < 0
        ):
            yield Imbalance(region.start, "“<!--” is never closed")


def _plain(text: str, extension_tags: frozenset[str]) -> str:
    """Return ``text`` of the same length, with comments and extension tags blotted out."""
    hidden = (each for each in regions(text, extension_tags) if each.kind is not RegionKind.IGNORED)
    return splice(
        text,
        (Replacement(start, stop, _HIDDEN * (stop - start)) for _, start, stop, *_ in hidden),
    )


class _Open(NamedTuple):
    start: int
    sign: str  # "{", "-{", "[[", "[" or a tag's name
    braces: int = 0


class _Walk:
    def __init__(self, paired_tags: frozenset[str]) -> None:
        self.paired_tags = paired_tags
        self.stack: list[_Open] = []
        self.found: list[Imbalance] = []

    def token(self, token: re.Match[str]) -> None:
        if token["tag"]:
            self._tag(token)
        elif token["variant"]:
            self._variant(token.start(), token[0])
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
        shown = {"{": "{" * opened.braces, "[[": "[[", "[": "[", "-{": "-{"}.get(
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

    def _variant(self, start: int, sign: str) -> None:
        """Pair ``-{`` with ``}-``, which closes nothing where none is open: ``{x}-y``."""
        if sign == "-{":
            self.stack.append(_Open(start, sign))
        elif any(opened.sign == "-{" for opened in self.stack):
            self._close(start, "-{", sign)

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

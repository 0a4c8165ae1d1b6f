"""What encloses a place of a page: its templates and arguments, and where its headings are.

The rules are those of MediaWiki's preprocessor: which braces pair, where a ``|`` separates
arguments, and which line is a heading depends on everything before it, so one walk over the text
with a stack decides all of them. Links (``[[``) and variants (``-{``) enclose nothing, but braces
cannot close across them, and their pipes are their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeVar

from wikiplan.value import Value
from wikiplan.wikitext.scanner import BLANKS, Region, RegionKind, too_complex

# MediaWiki itself expands templates 100 deep ($wgMaxPPExpandDepth).
MOST_NESTED = 100
# Openings waiting for their closing at once, and braces, pipes and headings altogether: beyond
# these a page is not worth the memory and the seconds. Real pages stay far below.
MOST_OPEN = 20_000
MOST_TOKENS = 200_000

TRANSLATE_TAG = re.compile(r"</?translate(?: nowrap)?>")


class HeadingLine(NamedTuple):
    """A heading line ``text[start:stop]``; its wikitext between the signs is ``text[inside]``."""

    level: int
    start: int
    stop: int
    inside: slice


class Enclosure(NamedTuple):
    """One enclosing template or parameter: where it starts, and which of its parts it is.

    ``named`` tells that an ``=`` stands before the place in that part.
    """

    start: int
    part: int
    named: bool


Place = tuple[Enclosure, ...]
"""From the outermost to the innermost; empty outside of all templates."""


class Structure(Value):
    """``elements`` are the templates and parameters (start, stop), the inner ones first."""

    headings: tuple[HeadingLine, ...]
    elements: tuple[tuple[int, int], ...]
    regions: tuple[Region, ...]
    places: dict[int, Place]


def parse(
    text: str,
    regions: Iterable[Region],
    comments: Collection[int] = (),
) -> Structure:
    """Return the structure of ``text``. ``comments`` are offsets of those whose place is wanted.

    ``regions`` are the scanner's of the same text.

    Raises :class:`Refusal` (``too-complex``) above the limits of this module.
    """
    return Walk(text, comments).run(tuple(regions))


T = TypeVar("T")


@dataclass(slots=True)
class Part:
    """One part of a piece; ``comments`` and ``headings`` are those that no closed element holds."""

    equals: int = -1
    comments: list[int] = field(default_factory=list)
    headings: list[HeadingLine] = field(default_factory=list)

    def take(self, other: Part) -> None:
        self.comments = _joined(self.comments, other.comments)
        self.headings = _joined(self.headings, other.headings)


def _joined(some: list[T], more: list[T]) -> list[T]:
    """Append the shorter to the longer: the order is lost, quadratic copying is spared."""
    if len(some) < len(more):
        some, more = more, some
    some.extend(more)
    return some


@dataclass(slots=True)
class Piece:
    """An opening that waits for its closing: ``{``, ``[``, ``-{``, or a heading line (``=``).

    ``dash`` tells that a ``-`` stands before the braces: ``-{{{`` may still turn into ``-{``.
    Of a heading line, its last comment ends at ``comment_end``, and what stands before the
    comments ends at ``visible_end``.
    """

    opening: str
    start: int
    count: int
    dash: bool = False
    parts: list[Part] = field(default_factory=lambda: [Part()])
    comment_end: int = -1
    visible_end: int = -1

    @property
    def state(self) -> tuple[str, bool, bool]:
        """What matters next: the opening, whether a ``|`` does, and whether a ``=`` does."""
        pipes = self.opening in ("{", "-{")
        return self.opening, pipes, pipes and len(self.parts) > 1 and self.parts[-1].equals < 0


LINE_START = rf"(?:{TRANSLATE_TAG.pattern})*"
_CLOSING = {"": "", "{": r"|\}{1,3}", "[": r"|\]{1,2}", "-{": r"|\}-", "=": r"|\n"}
_NO_PIECE = ("", False, False)


# Links and templates that hold nothing of interest are taken whole: most of them, and faster.
LINK_START = r"\[\["
PLAIN_LINK = LINK_START + r"[^\[\]{<\n]*\]\](?!\])"
TEMPLATE_START = r"\{\{"
PLAIN_TEMPLATE = TEMPLATE_START + r"[^{}\[<\n]*\}\}(?!\})"


@lru_cache(maxsize=32)
def _tokens(state: tuple[str, bool, bool]) -> re.Pattern[str]:
    opening, pipes, equals = state
    return re.compile(
        rf"{PLAIN_LINK}|{PLAIN_TEMPLATE}"
        r"|\{\{+|\[\[+|-\{+"
        + _CLOSING[opening]
        + ("" if opening == "=" else rf"|\n(?={LINE_START}=)")
        + (r"|\|" if pipes else "")
        + ("|=" if equals else "")
    )


class Walk:
    """One walk over one text."""

    def __init__(self, text: str, comments: Collection[int]) -> None:
        self.text = text
        self.paths: dict[int, list[Enclosure]] = {comment: [] for comment in comments}
        self.position = 0
        self.tokens = 0
        self.stack: list[Piece] = []
        self.root = Part()
        self.elements: list[tuple[int, int]] = []

    def run(self, regions: Sequence[Region]) -> Structure:
        self._line_start()
        self._walk(regions)
        if self.stack and self.stack[-1].opening == "=":
            self._end_heading()
        for piece in self.stack:
            for part in piece.parts:
                self.root.take(part)
        return Structure(
            tuple(sorted(self.root.headings, key=lambda heading: heading.start)),
            tuple(self.elements),
            tuple(regions),
            {comment: tuple(reversed(path)) for comment, path in self.paths.items()},
        )

    def _walk(self, regions: Iterable[Region]) -> None:
        for region in regions:
            self._plain(region.start)
            self._region(region)
        self._plain(len(self.text))

    @property
    def part(self) -> Part:
        return self.stack[-1].parts[-1] if self.stack else self.root

    def _plain(self, stop: int) -> None:
        """Walk over plain wikitext up to ``stop``."""
        while True:
            state = self.stack[-1].state if self.stack else _NO_PIECE
            token = _tokens(state).search(self.text, self.position, stop)
            if token is None:
                self.position = stop
                return
            self.tokens += 1
            if self.tokens > MOST_TOKENS:
                raise too_complex(f"more than {MOST_TOKENS} braces, pipes and headings")
            self.position = token.start()
            self._token(token[0])

    def _token(self, token: str) -> None:
        sign = token[0]
        if sign == "[" and token[-1] == "]":
            self.position += len(token)
        elif sign == "{" and token[-1] == "}":
            self.elements.append((self.position, self.position + len(token)))
            self.position += len(token)
        elif sign in "{[-":
            self._open(token)
        elif sign in "}]":
            self._close(len(token))
        elif sign == "\n":
            self._newline()
        else:
            self._separate(sign)

    def _open(self, token: str) -> None:
        count = len(token)
        if token[0] != "-":
            piece = Piece(token[0], self.position, count)
        elif count == 2:
            piece = Piece("-{", self.position, 2)
        else:  # the rightmost braces win
            piece = Piece("{", self.position + 1, count - 1, dash=True)
        self._push(piece)
        self.position += count

    def _push(self, piece: Piece) -> None:
        if len(self.stack) >= MOST_OPEN:
            raise too_complex(f"more than {MOST_OPEN} open braces at once")
        self.stack.append(piece)

    def _close(self, run: int) -> None:
        piece = self.stack[-1]
        usable = min(run, piece.count)
        if usable < 2:
            self.position += usable
            return
        matching = min(usable, 3) if piece.opening == "{" else 2
        self.stack.pop()
        remaining = piece.count - matching
        held = self._held(piece, piece.start + remaining, self.position + matching)
        if remaining:
            self._reopen(piece, remaining)
        self.part.take(held)
        self.position += matching

    def _held(self, piece: Piece, start: int, stop: int) -> Part:
        """Return what goes on to the enclosing part when ``piece`` closes."""
        held = Part()
        for index, part in enumerate(piece.parts):
            if piece.opening == "{":
                part.headings = []
                for comment in part.comments:
                    self._enclose(comment, Enclosure(start, index, 0 <= part.equals < comment))
            held.take(part)
        if piece.opening == "{":
            self.elements.append((start, stop))
        return held

    def _enclose(self, comment: int, enclosure: Enclosure) -> None:
        path = self.paths[comment]
        if len(path) >= MOST_NESTED:
            raise too_complex(f"a marker inside of more than {MOST_NESTED} templates")
        path.append(enclosure)

    def _reopen(self, piece: Piece, remaining: int) -> None:
        """Put the openings that are left back on the stack, if they can still pair."""
        if remaining >= 2:
            self._push(Piece(piece.opening, piece.start, remaining, piece.dash))
        elif piece.opening == "{" and piece.dash:
            self._push(Piece("-{", piece.start - 1, 2))

    def _separate(self, sign: str) -> None:
        if sign == "|":
            self.stack[-1].parts.append(Part())
        else:
            self.part.equals = self.position
        self.position += 1

    def _newline(self) -> None:
        if self.stack and self.stack[-1].opening == "=":
            self._end_heading()  # the newline stays: it may start the next heading
        else:
            self.position += 1
            self._line_start()

    def _line_start(self) -> None:
        """Open a heading if the line at the position begins like one."""
        match = HEADING_START.match(self.text, self.position)
        if match is None:
            return
        count = len(match[1])
        if count == 1 and self.stack and self.stack[-1].state[2]:
            return  # more likely the name and value of an argument
        self._push(Piece("=", match.start(1), count))
        self.position = match.end()

    def _end_heading(self) -> None:
        piece = self.stack.pop()
        heading = self._heading(piece)
        self.part.take(piece.parts[0])
        if heading:
            self.part.headings.append(heading)

    def _heading(self, piece: Piece) -> HeadingLine | None:
        end = self._before_blanks(self.position)
        if end == piece.comment_end:
            end = self._before_blanks(piece.visible_end)
        signs = end
        while signs and self.text[signs - 1] == "=":
            signs -= 1
        level = min(end - signs, piece.count)
        if signs <= piece.start:  # nothing but equals signs
            level = min(6, (end - signs - 1) // 2)
        if level < 1:
            return None
        inside = slice(piece.start + level, end - level)
        return HeadingLine(level, piece.start, self.position, inside)

    def _region(self, region: Region) -> None:
        self.position = region.resume
        if region.kind is not RegionKind.COMMENT:
            return
        if region.start in self.paths:
            self.part.comments.append(region.start)
        if self.stack and self.stack[-1].opening == "=":
            self._comment_in_heading(self.stack[-1], region)
        if region.whole_line:
            self._line_start()

    def _comment_in_heading(self, piece: Piece, comment: Region) -> None:
        if self.text.find("-->", comment.start + 4) < 0:
            return  # never closed: the preprocessor does not count it as the line's end
        before = self._before_blanks(comment.start)
        if before != piece.comment_end:
            piece.visible_end = before
        piece.comment_end = comment.stop

    def _before_blanks(self, position: int) -> int:
        """Return where the blanks (and translate tags) that end at ``position`` begin."""
        while position:
            if self.text[position - 1] in BLANKS:
                position -= 1
            elif tag := self._translate_tag_before(position):
                position -= len(tag)
            else:
                break
        return position

    def _translate_tag_before(self, position: int) -> str:
        tags = ("<translate>", "</translate>", "<translate nowrap>")
        if self.text[position - 1] != ">":
            return ""
        return next((tag for tag in tags if self.text.endswith(tag, 0, position)), "")


HEADING_START = re.compile(rf"{LINE_START}(={{1,6}})")

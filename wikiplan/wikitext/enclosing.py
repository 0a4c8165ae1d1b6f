"""Which templates enclose the markers of a page, without looking at all that the page holds.

The walk of ``wikitext.structure`` in a hurry. Outside of templates nothing but braces matters: a
link or heading hinders only braces that are open already. And the arguments of templates matter
only to what stands in one. Where a marker does, that walk is taken after all, so that both say the
same of every text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from wikiplan.wikitext import structure
from wikiplan.wikitext.scanner import Region
from wikiplan.wikitext.splits import MOST_LOOKED_AT
from wikiplan.wikitext.structure import (
    HEADING_START,
    LINE_START,
    LINK_START,
    MOST_OPEN,
    MOST_TOKENS,
    PLAIN_LINK,
    PLAIN_TEMPLATE,
    TEMPLATE_START,
    Part,
    Piece,
    Structure,
    Walk,
)


def parse(text: str, regions: Sequence[Region], comments: Collection[int]) -> Structure:
    """Return the structure of ``text`` as ``structure.parse`` does, without its headings.

    Of the elements those far behind the last of the comments may be missing too.
    """
    if _most_open(text) < MOST_OPEN and _most_tokens(text) <= MOST_TOKENS:
        try:
            return _HurriedWalk(_masked(text, regions), comments).run(regions)
        except _MattersError:
            pass
    return structure.parse(text, regions, comments)


class _MattersError(Exception):
    """What was to be passed over matters in this text."""


def _most_open(text: str) -> int:
    """Return how many openings may wait at once: each with the heading in whose line it stands."""
    if len(text) < MOST_OPEN:
        return len(text)
    quickly = text.count("[") + 2 * text.count("{") + 1
    if quickly < MOST_OPEN:
        return quickly
    return 2 * sum(len(sign.findall(text)) for sign in _OPENINGS) + 1


def _most_tokens(text: str) -> int:
    """Return how many tokens the text may have; a line's end may be two of them."""
    if 2 * len(text) <= MOST_TOKENS:
        return 2 * len(text)
    return sum(map(text.count, ("[[", "{{", "-{", "]", "}", "|", "=", "\n", "\n")))


_OPENINGS = (
    re.compile(rf"\[\[(?!{PLAIN_LINK.removeprefix(LINK_START)})"),
    re.compile(rf"\{{\{{(?!{PLAIN_TEMPLATE.removeprefix(TEMPLATE_START)})"),
    re.compile(r"-\{"),
)

_MASK = "<"
"""Stands for each character of a comment or tag: nothing is plain with it, and it opens nothing."""


def _masked(text: str, regions: Iterable[Region]) -> str:
    """Return a text of the same length in which comments and tags say nothing.

    A comment that has its line to itself leaves the line's end, behind which a heading may begin.
    """
    pieces: list[str] = []
    position = 0
    for _, start, stop, *_ in regions:
        pieces += text[position:start], _MASK * (stop - start)
        position = stop
    return "".join([*pieces, text[position:]])


_WORDS = r"[^{}\[\n]*+"
_BRACES = re.compile(
    rf"\{{\{{(?:{_WORDS}(?:(?:{PLAIN_LINK}|\[(?!\[)|\n(?![=<])){_WORDS})*\}}\}}(?!\}}))?"
)
"""Braces, and behind them all of a template in which nothing opens, closes or begins a heading."""
_RUN = re.compile(r"\{+")
_TOKENS = {
    opening: re.compile(rf"{PLAIN_LINK}|{PLAIN_TEMPLATE}|\{{\{{+|\[\[+|-\{{+|{signs}")
    for opening, signs in {
        "{": rf"\}}\}}\}}?|\n(?={LINE_START}=)",
        "[": rf"\]\]|\n(?={LINE_START}=)",
        "-{": rf"\}}-|\n(?={LINE_START}=)",
        "=": r"\n",
    }.items()
}
"""What matters inside of an opening."""


class _HurriedWalk(Walk):
    """A walk over a masked text, for the comments that are asked for and nothing else."""

    def _walk(self, regions: Iterable[Region]) -> None:
        for region in regions:
            if region.start in self.paths:
                self._plain(region.start)
                self.part.comments.append(region.start)
                self.position = region.stop
        # Further on nothing more is to be learnt, unless something is open there.
        end = self.text.find("\n", self.position + MOST_LOOKED_AT)
        self._plain(end if end >= 0 else len(self.text))
        if self.stack:
            self._plain(len(self.text))

    def _plain(self, stop: int) -> None:
        while self._at_token(stop) if self.stack else self._at_braces(stop):
            pass
        self.position = stop

    def _at_braces(self, stop: int) -> bool:
        """Go on to the next braces that open something before ``stop``, and open them."""
        for found in _BRACES.finditer(self.text, self.position, stop):
            if found.end() - found.start() > len("{{"):
                self.elements.append(found.span())
                continue
            self.position = found.start()
            run = _RUN.match(self.text, self.position)
            assert run
            self._open(run[0])
            return True
        return False

    def _at_token(self, stop: int) -> bool:
        """Go on to the next token before ``stop``, and do what it does."""
        for found in _TOKENS[self.stack[-1].opening].finditer(self.text, self.position, stop):
            token = found[0]
            if token[0] == "{" and token[-1] == "}":
                self.elements.append(found.span())
            elif token[0] != "[" or token[-1] != "]":
                self.position = found.start()
                self._token(token)
                return True
        return False

    def _line_start(self) -> None:
        if not self.stack:
            return
        found = HEADING_START.match(self.text, self.position)
        if found and len(found[1]) == 1 and self.stack[-1].opening in ("{", "-{"):
            raise _MattersError  # the name and value of an argument look the same
        super()._line_start()

    def _held(self, piece: Piece, start: int, stop: int) -> Part:
        (held,) = piece.parts
        if piece.opening == "{":
            if held.comments:
                raise _MattersError
            self.elements.append((start, stop))
        return held

    def _end_heading(self) -> None:
        piece = self.stack.pop()
        self.part.take(piece.parts[0])

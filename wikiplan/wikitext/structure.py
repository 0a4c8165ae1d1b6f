"""What encloses a place of a page: its templates and arguments, and where its headings are.

The rules are those of MediaWiki's preprocessor: which braces pair, where a ``|`` separates
arguments, and which line is a heading depends on everything before it, so one walk over the text
with a stack decides all of them. Links (``[[``) and variants (``-{``) enclose nothing, but braces
cannot close across them, and their pipes are their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeVar

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


@dataclass(frozen=True, slots=True)
class Structure:
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
    return _Walk(text, comments).run(regions)


T = TypeVar("T")


@dataclass(slots=True)
class _Part:
    """One part of a piece; ``comments`` and ``headings`` are those that no closed element holds."""

    equals: int = -1
    comments: list[int] = field(default_factory=list)
    headings: list[HeadingLine] = field(default_factory=list)

    def take(self, other: _Part) -> None:
        self.comments = _joined(self.comments, other.comments)
        self.headings = _joined(self.headings, other.headings)


def _joined(some: list[T], more: list[T]) -> list[T]:
    """Append the shorter to the longer: the order is lost, quadratic copying is spared."""
    if len(some) < len(more):
        some, more = more, some
    some.extend(more)
    return some


@dataclass(slots=True)
class _Piece:
    """An opening that waits for its closing: ``{``, ``[``, ``-{``, or a heading line (``=``).

    ``dash`` tells that a ``-`` stands before the braces: ``-{{{`` may still turn into ``-{``.
    Of a heading line, its last comment ends at ``comment_end``, and what stands before the
    comments ends at ``visible_end``.
    """

    opening: str
    start: int
    count: int
    dash: bool = False
    parts: list[_Part] = field(default_factory=lambda: [_Part()])
    comment_end: int = -1
    visible_end: int = -1

    @property
    def state(self) -> tuple[str, bool, bool]:
        """What matters next: the opening, whether a ``|`` does, and whether a ``=`` does."""
        pipes = self.opening in ("{", "-{")
        return self.opening, pipes, pipes and len(self.parts) > 1 and self.parts[-1].equals < 0


_LINE_START = rf"(?:{TRANSLATE_TAG.pattern})*"
_CLOSING = {"": "", "{": r"|\}{1,3}", "[": r"|\]{1,2}", "-{": r"|\}-", "=": r"|\n"}
_NO_PIECE = ("", False, False)


# Links and templates that hold nothing of interest are taken whole: most of them, and faster.
_PLAIN_LINK = r"\[\[[^\[\]{<\n]*\]\](?!\])"
_PLAIN_TEMPLATE = r"\{\{[^{}\[<\n]*\}\}(?!\})"


@lru_cache(maxsize=32)
def _tokens(state: tuple[str, bool, bool]) -> re.Pattern[str]:
    opening, pipes, equals = state
    return re.compile(
        rf"{_PLAIN_LINK}|{_PLAIN_TEMPLATE}"
        r"|\{\{+|\[\[+|-\{+"
        + _CLOSING[opening]
        + ("" if opening == "=" else rf"|\n(?={_LINE_START}=)")
        + (r"|\|" if pipes else "")
        + ("|=" if equals else "")
    )


class _Walk:
    """One walk over one text."""

    def __init__(self, text: str, comments: Collection[int]) -> None:
        self.text = text
        self.paths: dict[int, list[Enclosure]] = {comment: [] for comment in comments}
        self.position = 0
        self.tokens = 0
        self.stack: list[_Piece] = []
        self.root = _Part()
        self.elements: list[tuple[int, int]] = []

    def run(self, regions: Iterable[Region]) -> Structure:
        passed = []
        self._line_start()
        for region in regions:
            self._plain(region.start)
            self._region(region)
            passed.append(region)
        self._plain(len(self.text))
        if self.stack and self.stack[-1].opening == "=":
            self._end_heading()
        for piece in self.stack:
            for part in piece.parts:
                self.root.take(part)
        return Structure(
            tuple(sorted(self.root.headings, key=lambda heading: heading.start)),
            tuple(self.elements),
            tuple(passed),
            {comment: tuple(reversed(path)) for comment, path in self.paths.items()},
        )

    @property
    def part(self) -> _Part:
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
            piece = _Piece(token[0], self.position, count)
        elif count == 2:
            piece = _Piece("-{", self.position, 2)
        else:  # the rightmost braces win
            piece = _Piece("{", self.position + 1, count - 1, dash=True)
        self._push(piece)
        self.position += count

    def _push(self, piece: _Piece) -> None:
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

    def _held(self, piece: _Piece, start: int, stop: int) -> _Part:
        """Return what goes on to the enclosing part when ``piece`` closes."""
        held = _Part()
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

    def _reopen(self, piece: _Piece, remaining: int) -> None:
        """Put the openings that are left back on the stack, if they can still pair."""
        if remaining >= 2:
            self._push(_Piece(piece.opening, piece.start, remaining, piece.dash))
        elif piece.opening == "{" and piece.dash:
            self._push(_Piece("-{", piece.start - 1, 2))

    def _separate(self, sign: str) -> None:
        if sign == "|":
            self.stack[-1].parts.append(_Part())
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
        match = _HEADING_START.match(self.text, self.position)
        if match is None:
            return
        count = len(match[1])
        if count == 1 and self.stack and self.stack[-1].state[2]:
            return  # more likely the name and value of an argument
        self._push(_Piece("=", match.start(1), count))
        self.position = match.end()

    def _end_heading(self) -> None:
        piece = self.stack.pop()
        heading = self._heading(piece)
        self.part.take(piece.parts[0])
        if heading:
            self.part.headings.append(heading)

    def _heading(self, piece: _Piece) -> HeadingLine | None:
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

    def _comment_in_heading(self, piece: _Piece, comment: Region) -> None:
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


_HEADING_START = re.compile(rf"{_LINE_START}(={{1,6}})")


# What begins inside of a stretch of text but ends outside, or the other way round.
#
# The preprocessor knows nothing of tables and of most tags. A section that holds half of one
# would leave the other half behind when it is written anew.


# Tags of which one half would change the rest of the page; a lone </small> changes a line.
_TAG = re.compile(
    r"<(/?)(translate|noinclude|onlyinclude|div|table|center|blockquote)(?=[\s/>])([^<>]*)>",
    re.IGNORECASE,
)
_TABLE = re.compile(r"^[: \t]*\{\||^[ \t]*\|\}", re.MULTILINE)
_CELL = re.compile(r"\n[ \t]*[|!]")
_SOLID = "\x7f"  # stands for a template or an extension tag: visible, but nothing to look into


class _Hole(NamedTuple):
    start: int
    stop: int
    instead: str


class Splits:
    """What a stretch of one text would split: half of it would be inside."""

    def __init__(self, text: str, structure: Structure) -> None:
        self.text = text
        self.holes = sorted([*_elements(structure), *_regions(text, structure)])

    def split_element(self, start: int, stop: int) -> str:
        """Return the tag or table of which ``text[start:stop]`` holds one half only, or ``""``."""
        plain = "".join(self._plain(start, stop))
        return _half_tag(plain) or _half_table(_TAG.sub("", plain))

    def has_cells(self, start: int, stop: int) -> bool:
        """Tell whether a table cell or row begins on a line inside of ``text[start:stop]``."""
        return bool(_CELL.search("".join(self._plain(start, stop))))

    def _plain(self, start: int, stop: int) -> Iterator[str]:
        """Yield the text without comments, with one sign for each template and extension tag."""
        position = start
        for index in range(bisect_left(self.holes, (start,)), len(self.holes)):
            hole = self.holes[index]
            if hole.start >= stop:
                break
            if hole.start < position:
                continue
            yield self.text[position : hole.start]
            yield hole.instead
            position = hole.stop
        yield self.text[position : max(stop, position)]

    def around(self, place: Place, start: int, stop: int) -> str:
        """Return what encloses ``text[start:stop]`` where no section can be, or ``""``.

        ``place`` are the templates around it.
        """
        far = max(0, start - MOST_LOOKED_AT)
        first = max(self.text.rfind("\n\n", far, start), far)
        before = "".join(self._plain_around(first, start, stop))
        after = "".join(self._plain_around(stop, self._paragraph_end(stop), stop))
        return (
            next(filter(None, (self._of_call(each, start) for each in place)), "")
            or _tag_around(before)
            or _link_around(before, after)
            or self._table_around(place, start, before, after)
        )

    def _paragraph_end(self, stop: int) -> int:
        end = self.text.find("\n\n", stop, stop + MOST_LOOKED_AT)
        return end if end >= 0 else min(len(self.text), stop + MOST_LOOKED_AT)

    def _plain_around(self, start: int, stop: int, inside: int) -> Iterator[str]:
        """Yield the text as :meth:`_plain` does, but for what encloses the place ``inside``."""
        position = start
        for index in range(bisect_left(self.holes, (start,)), len(self.holes)):
            hole = self.holes[index]
            if hole.start >= stop:
                break
            if hole.start >= position and not hole.start < inside < hole.stop:
                yield self.text[position : hole.start]
                yield hole.instead
                position = hole.stop
        yield self.text[position : max(stop, position)]

    def _of_call(self, call: Enclosure, start: int) -> str:
        head = _ANY_COMMENT.sub("", self.text[call.start : start])
        if tag := _TAG_CALL.match(head):
            return "" if tag[1].lower() in WIKITEXT_TAGS else f"{{{{#tag:{tag[1]}}}}}"
        is_name = call.part == 0 and not _FUNCTION.match(head)
        return "the name of a template or parameter" if is_name else ""

    def _table_around(self, place: Place, start: int, before: str, after: str) -> str:
        """Return what of a table a place is in, where that is no cell."""
        first = place[0].start if place else 0
        opened = self.text.rfind("{|", first, start)
        if opened < 0 or self.text.rfind("\n|}", opened, start) >= 0:
            return ""
        line = before.rpartition("\n")[2].lstrip(" \t")
        if line.lstrip(":").startswith("{|") or line.startswith("|-"):
            return "the attributes of a table or a row"
        cell = _BETWEEN_CELLS.split(line[1:])[-1]
        rest = _BETWEEN_CELLS.split(_LINK.sub("", after.partition("\n")[0]))[0]
        attributes = line[:1] in ("|", "!") and "|" in rest and "|" not in _LINK.sub("", cell)
        return "the attributes of a table cell" if attributes else ""


MOST_LOOKED_AT = 5_000
"""Characters on either side of a marker that are asked what encloses it."""
WIKITEXT_TAGS = ("ref", "poem", "indicator", "section")
"""Tags whose ``{{#tag:…}}`` holds wikitext."""

_ANY_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG_CALL = re.compile(r"\{\{\s*#tag\s*:\s*([a-z]+)", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\{\{\s*(?:(?:safe)?subst\s*:\s*)?(?:#[^:|{}]*|[lu]c(?:first)?|formatnum|plural|gender|grammar"
    r"|pad(?:left|right)|int|urlencode|anchorencode)\s*:",
    re.IGNORECASE,
)
_TVAR = re.compile(r"<tvar(?=[\s|])|</tvar\s*>|</>", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(?:\s[^<>]*)?\Z", re.IGNORECASE)
_LINK = re.compile(r"\[\[[^\[\]]*\]\]")
_CAPTION = re.compile(r"\[\[\s*(?:file|image)\s*:[^\[\]|]*\|[^\[\]]*\Z", re.IGNORECASE)
_URL_LINK = re.compile(r"(?<!\[)\[(?:(?:https?:)?//|mailto:)[^\[\]\n]*\Z", re.IGNORECASE)
_BETWEEN_CELLS = re.compile(r"\|\||!!")


def _tag_around(before: str) -> str:
    tvars = _TVAR.findall(before)
    if tvars and not tvars[-1].startswith("</"):
        return "a variable (<tvar>)"
    found = _OPEN_TAG.search(before)
    return f"a tag (“<{found[1]}”)" if found else ""


def _link_around(before: str, after: str) -> str:
    left, right = _LINK.sub("", before), _LINK.sub("", after)
    opened = left.rfind("[[")
    if opened >= 0 and "]]" not in left[opened:] and right.partition("[[")[0].count("]]"):
        return "" if _CAPTION.search(left) else "a link"
    return "a link" if _URL_LINK.search(left) and "]" in right.partition("\n")[0] else ""


def _elements(structure: Structure) -> Iterator[_Hole]:
    return (_Hole(start, stop, _SOLID) for start, stop in structure.elements)


def _regions(text: str, structure: Structure) -> Iterator[_Hole]:
    for region in structure.regions:
        if region.kind is RegionKind.COMMENT:
            yield _Hole(region.start, region.resume, "")
        elif region.kind is RegionKind.IGNORED:
            tag = _TAG.match(text, region.start, region.stop)
            yield _Hole(region.start, region.stop, tag[0] if tag else "")
        else:
            yield _Hole(region.start, region.stop, _SOLID)


def _half_tag(plain: str) -> str:
    depth: Counter[str] = Counter()
    for slash, name, attributes in _TAG.findall(plain):
        if attributes.endswith("/"):
            continue
        depth[name.lower()] += -1 if slash else 1
        if depth[name.lower()] < 0:
            return f"</{name}>"
    return next((f"<{name}>" for name, count in depth.items() if count), "")


def _half_table(plain: str) -> str:
    depth = 0
    for table in _TABLE.finditer(plain):
        depth += 1 if table[0].endswith("{|") else -1
        if depth < 0:
            return "the end |} of a table"
    return "the start {| of a table" if depth else ""

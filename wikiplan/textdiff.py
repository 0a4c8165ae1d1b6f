"""Differences between texts, by lines and by words within lines.

What a word is, and which line became which, is decided here for diffs that people read, for hunks
in offsets, and for merges.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, groupby, product, starmap, zip_longest
from operator import itemgetter
from typing import Literal

from wikiplan.value import Value, replace

CONTEXT_LINES = 2
"""Unchanged lines shown around a change."""

SIMILAR = 0.4
"""From this share of common words on (difflib's ratio, 0 to 1) two lines are one, changed."""

MOST_LINE_PAIRS = 400
"""Lines before times lines after of a block in which each is compared with each."""

MOST_WORD_PAIRS = 2_000_000
"""Words before times words after of two lines that are compared word by word."""

# Letters that are written without spaces between words: Thai to Khmer, kana, Han.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"<[^<>\n]{{1,200}}>|(?:(?![{UNSPACED}])[^\W\d_])+|\d+|[^\S\n]+|.|\n")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

# --- words, and which line became which ---


@lru_cache(maxsize=2 * MOST_LINE_PAIRS)
def words(text: str) -> tuple[str, ...]:
    """Return a text's words, numbers, tags, white space and signs, one after the other.

    Of a script without spaces between words each letter is one. No line break is within any.
    """
    return tuple(_WORD.findall(text))


def offsets(pieces: Iterable[str], start: int = 0) -> list[int]:
    """Return where each piece of a text begins, and where the last one ends."""
    return list(accumulate(map(len, pieces), initial=start))


def partners(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which lines of a replaced block became which, in order.

    They have the most words in common together that they can have.
    """
    if len(old) == len(new) == 1:
        return [(0, 0)]
    if len(old) * len(new) > MOST_LINE_PAIRS:
        both = range(len(old)) if len(old) == len(new) else ()
        return [(at, at) for at in both if _likeness(old[at], new[at])]
    worth = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        best[i][j] = max(worth[i][j] + best[i + 1][j + 1], best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _likeness(one: str, other: str) -> float:
    """Return the share of words that two lines have in common, 0 below :data:`SIMILAR`.

    Tags, signs and spaces do not count.
    """
    ones, others = ([word for word in words(line) if word.isalnum()] for line in (one, other))
    if not ones or not others or len(ones) * len(others) > MOST_WORD_PAIRS:
        return 0.0
    matcher = SequenceMatcher(None, ones, others, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= SIMILAR else 0.0


_Opcode = tuple[str, int, int, int, int]


def changed_words(old: Sequence[Hashable], new: Sequence[Hashable]) -> Sequence[_Opcode]:
    """Return difflib's opcodes for the words of a line; of endless lines all is replaced."""
    if len(old) * len(new) > MOST_WORD_PAIRS:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


# --- for people ---


Kind = Literal["same", "removed", "added", "skipped"]
SIGNS: dict[Kind, str] = {"same": " ", "removed": "-", "added": "+", "skipped": "…"}


class Line(Value):
    """One line of a diff as runs of ``(text, changed)``; ``skipped`` stands for unchanged lines."""

    kind: Kind
    runs: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


class Row(Value):
    """A diff's line as two columns have it; ``None`` on the side that has no such line.

    Of a line that is the same, or skipped, both sides are equal.
    """

    before: Line | None
    after: Line | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The row as one column: what is gone stands above what came."""
        if self.before == self.after:
            return (self.before,) if self.before else ()
        return tuple(line for line in (self.before, self.after) if line)


def rows(before: str, after: str) -> tuple[Row, ...]:
    """Return the diff of two texts in two columns, with what changed within lines."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    shown: list[Row] = []
    end = 0
    for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
        start = group[0][1]
        if start > end:
            shown.append(_skipped(start - end))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                shown += [_both("same", line) for line in old[i1:i2]]
            else:
                shown += _block(old[i1:i2], new[j1:j2])
        end = group[-1][2]
    if shown and end < len(old):
        shown.append(_skipped(len(old) - end))
    return tuple(shown)


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Return the diff of two texts, with what changed within lines."""
    return tuple(line for row in rows(before, after) for line in row.lines)


def plain(before: str, after: str) -> list[str]:
    """Return the diff as lines that begin with their sign."""
    return [SIGNS[line.kind] + line.text for line in lines(before, after)]


def changed_lines(before: str, after: str) -> int:
    """Return how many lines of ``after`` are new or different, or how many are gone if none is."""
    found = lines(before, after)
    added = sum(line.kind == "added" for line in found)
    return added or sum(line.kind == "removed" for line in found)


def first_difference(one: str, other: str) -> tuple[str, str]:
    """Return the first line that differs, as both texts have it; both empty if none does."""
    pairs = zip((*one.split("\n"), ""), (*other.split("\n"), ""), strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))


def _skipped(count: int) -> Row:
    return _both("skipped", f"{count} unchanged {'line' if count == 1 else 'lines'}")


def _both(kind: Kind, text: str) -> Row:
    line = _whole(kind, text)
    return Row(line, line)


def _whole(kind: Kind, text: str) -> Line:
    return Line(kind, ((text, False),))


def _block(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Put the lines of a replaced block side by side; similar ones show their words."""
    done_old = done_new = 0
    for i, j in (*partners(old, new), (len(old), len(new))):
        yield from starmap(_row, zip_longest(old[done_old:i], new[done_new:j]))
        if i < len(old):
            yield _row(old[i], new[j])
        done_old, done_new = i + 1, j + 1


def _row(removed: str | None, added: str | None) -> Row:
    if removed is None or added is None or not _likeness(removed, added):
        return Row(
            None if removed is None else _whole("removed", removed),
            None if added is None else _whole("added", added),
        )
    old, new = words(removed), words(added)
    codes = changed_words(old, new)
    changed = [tag != "equal" for tag, *_ in codes]
    for index, (_, i1, i2, _, _) in enumerate(codes[1:-1], 1):  # a gap between two changes
        changed[index] = changed[index] or not "".join(old[i1:i2]).strip()
    return Row(
        Line("removed", _runs(("".join(old[i1:i2]) for _, i1, i2, _, _ in codes), changed)),
        Line("added", _runs(("".join(new[j1:j2]) for _, _, _, j1, j2 in codes), changed)),
    )


def _runs(texts: Iterable[str], changed: Iterable[bool]) -> tuple[tuple[str, bool], ...]:
    """Return texts as runs; neighbours of one kind become one run."""
    groups = groupby(zip(texts, changed, strict=True), key=itemgetter(1))
    runs = (("".join(text for text, _ in group), kind) for kind, group in groups)
    return tuple((text, kind) for text, kind in runs if text)


# --- hunks: what changed, in offsets ---


class Hunk(Value):
    """``before[start:stop]`` became ``after[new_start:new_stop]``; one of both may be empty.

    ``lines`` says that whole lines are gone or new, each with the line break at its end.
    """

    start: int
    stop: int
    new_start: int
    new_stop: int
    lines: bool = False

    def moved(self, by: int) -> Hunk:
        """Return the hunk that many characters further on in both texts."""
        return replace(
            self,
            start=self.start + by,
            stop=self.stop + by,
            new_start=self.new_start + by,
            new_stop=self.new_stop + by,
        )


def blocks(before: str, after: str) -> list[Hunk]:
    """Return the whole lines that changed, in order; both texts end with a line break."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    at, new_at = offsets(old), offsets(new)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Hunk(at[i1], at[i2], new_at[j1], new_at[j2], lines=True)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def hunks(before: str, after: str) -> list[Hunk]:
    """Return what changed, in order; both texts end with a line break."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    at, new_at = offsets(old), offsets(new)
    found: list[Hunk] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        done, new_done = i1, j1
        for i, j in [*partners(old[i1:i2], new[j1:j2]), (i2 - i1, j2 - j1)]:
            i, j = i1 + i, j1 + j
            if done < i:
                found.append(Hunk(at[done], at[i], new_at[new_done], new_at[new_done], lines=True))
            if new_done < j:
                found.append(Hunk(at[i], at[i], new_at[new_done], new_at[j], lines=True))
            if i < i2:
                line = Hunk(at[i], at[i + 1], new_at[j], new_at[j + 1])
                found += _within(line, before, after)
            done, new_done = i + 1, j + 1
    return found


def _within(line: Hunk, before: str, after: str) -> Iterator[Hunk]:
    """Yield what changed within a line, as short as it can be said."""
    old = words(before[line.start : line.stop])
    new = words(after[line.new_start : line.new_stop])
    at, new_at = offsets(old, line.start), offsets(new, line.new_start)
    for tag, i1, i2, j1, j2 in changed_words(old, new):
        if tag != "equal":
            yield _shortest(Hunk(at[i1], at[i2], new_at[j1], new_at[j2]), before, after)


def _shortest(hunk: Hunk, before: str, after: str) -> Hunk:
    """Return the hunk without what both its texts begin and end with."""
    (a, b), (c, d) = (hunk.start, hunk.stop), (hunk.new_start, hunk.new_stop)
    while a < b and c < d and before[a] == after[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and before[b - 1] == after[d - 1]:
        b, d = b - 1, d - 1
    return Hunk(a, b, c, d)


def slid(hunk: Hunk, before: str, after: str, low: int, high: int) -> Iterator[Hunk]:
    """Yield the hunk, then those that say the same at other places of the line.

    Of ``a b`` that became ``a c b`` one may say that ``c␣`` came in, or ``␣c`` one place before.
    None begins before ``low`` or ends behind ``high`` (of ``before``), where other hunks are.
    """
    yield hunk
    if (hunk.start < hunk.stop) == (hunk.new_start < hunk.new_stop):
        return
    text, start, stop = after, hunk.new_start, hunk.new_stop
    if start == stop:
        text, start, stop = before, hunk.start, hunk.stop
    by = 0
    while hunk.start + by > low and text[start + by - 1] == text[stop + by - 1] != "\n":
        by -= 1
        yield hunk.moved(by)
    by = 0
    while hunk.stop + by < high and text[start + by] == text[stop + by] != "\n":
        by += 1
        yield hunk.moved(by)

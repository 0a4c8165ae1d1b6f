"""Differences between texts, by lines and by words within lines."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

CONTEXT_LINES = 2
"""Unchanged lines shown around a change."""

SIMILAR = 0.5
"""From this ratio on (difflib's, 0 to 1) a removed and an added line are one changed line."""

MOST_COMPARED = 400
"""Pairs of lines of one replaced block that are compared to find partners; beyond, in order."""

Kind = Literal["same", "removed", "added", "skipped"]
SIGNS: dict[Kind, str] = {"same": " ", "removed": "-", "added": "+", "skipped": "…"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff as runs of ``(text, changed)``; ``skipped`` stands for unchanged lines."""

    kind: Kind
    runs: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class Row:
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
    """Return the diff of two texts in two columns, with words marked within changed lines."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(
        CONTEXT_LINES
    )
    shown: list[Row] = []
    end = 0
    for group in groups:
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
    """Return the diff of two texts, with words marked within changed lines."""
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
    for i, j in (*_partners(old, new), (len(old), len(new))):
        yield from _in_order(old[done_old:i], new[done_new:j])
        if i < len(old):
            yield _pair(old[i], new[j])
        done_old, done_new = i + 1, j + 1


def _in_order(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    pairs = min(len(old), len(new))
    for removed, added in zip(old, new, strict=False):
        yield _pair(removed, added)
    yield from (Row(_whole("removed", line), None) for line in old[pairs:])
    yield from (Row(None, _whole("added", line)) for line in new[pairs:])


def _partners(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return which lines belong together, in order, so that they are as similar as can be."""
    if len(old) == len(new) == 1 or len(old) * len(new) > MOST_COMPARED:
        return []
    worth = [[_similarity(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            with_pair = worth[i][j] + best[i + 1][j + 1] if worth[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], with_pair)
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if worth[i][j] and best[i][j] == worth[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _similarity(one: str, other: str) -> float:
    """Return difflib's ratio of two lines' words, 0 below :data:`SIMILAR`."""
    words = difflib.SequenceMatcher(None, _words(one), _words(other), autojunk=False)
    if words.real_quick_ratio() < SIMILAR or words.quick_ratio() < SIMILAR:
        return 0.0
    ratio = words.ratio()
    return ratio if ratio >= SIMILAR else 0.0


def _pair(removed: str, added: str) -> Row:
    old, new = _words(removed), _words(added)
    words = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if words.ratio() < SIMILAR:
        return Row(_whole("removed", removed), _whole("added", added))
    codes = words.get_opcodes()
    changed = [tag != "equal" for tag, *_ in codes]
    for index, (_, i1, i2, _, _) in enumerate(codes[1:-1], 1):  # a gap between two changes
        changed[index] = changed[index] or not "".join(old[i1:i2]).strip()
    return Row(
        Line("removed", _runs((old[i1:i2] for _, i1, i2, _, _ in codes), changed)),
        Line("added", _runs((new[j1:j2] for _, _, _, j1, j2 in codes), changed)),
    )


def _words(line: str) -> list[str]:
    """Split a line into words, white space, tags and comments, and single other characters."""
    return re.findall(r"<[^<>]{1,200}>|\w+|\s+|[^\w\s]", line)


def _runs(stretches: Iterable[list[str]], changed: Iterable[bool]) -> tuple[tuple[str, bool], ...]:
    """Return stretches of words as runs of text; neighbours of one kind become one run."""
    groups = itertools.groupby(zip(stretches, changed, strict=True), key=lambda each: each[1])
    runs = ((_joined(words for words, _ in group), kind) for kind, group in groups)
    return tuple((text, kind) for text, kind in runs if text)


def _joined(stretches: Iterable[list[str]]) -> str:
    return "".join(itertools.chain.from_iterable(stretches))


# Hunks: what changed between two texts, by lines and within lines by words, in offsets.


SIMILAR_LINES = 0.4
"""From this share of common words on (difflib's ratio, 0 to 1) two lines may be one, changed."""

MOST_PAIRS = 400
"""Lines before times lines after of a block in which each is compared with each."""

MOST_LINES_COMPARED = 2_000_000
"""Words before times words after of two lines that are compared word by word."""

# Letters that are written without spaces between words: Thai to Khmer, kana, Han.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(rf"(?:(?![{UNSPACED}])[^\W\d_])+|\d+|.|\n")


@dataclass(frozen=True, slots=True)
class Hunk:
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


def hunks_between(before: str, after: str) -> list[Hunk]:
    """Return what changed, in order; both texts end with a line break."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    starts, new_starts = _starts(old), _starts(new)
    found: list[Hunk] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for (a1, a2), (b1, b2) in _pieces(old[i1:i2], new[j1:j2]):
            start, new_start = starts[i1 + a1], new_starts[j1 + b1]
            if a2 > a1 and b2 > b1:
                found += _within(old[i1 + a1], new[j1 + b1], start, new_start)
            else:
                stop, new_stop = starts[i1 + a2], new_starts[j1 + b2]
                found.append(Hunk(start, stop, new_start, new_stop, lines=True))
    return found


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


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


Stretch = tuple[int, int]


def _pieces(old: list[str], new: list[str]) -> Iterator[tuple[Stretch, Stretch]]:
    """Yield stretches of lines: a line and what it became, or lines that are gone or new."""
    i = j = 0
    for a, b in [*_pairs(old, new), (len(old), len(new))]:
        if i < a:
            yield (i, a), (j, j)
        if j < b:
            yield (a, a), (j, b)
        if a < len(old):
            yield (a, a + 1), (b, b + 1)
        i, j = a + 1, b + 1


def _pairs(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return which of the old lines became which of the new ones, in order."""
    if len(old) == len(new) == 1:
        return [(0, 0)]
    if len(old) * len(new) > MOST_PAIRS:
        same = len(old) == len(new)
        return [
            (i, i) for i in range(len(old)) if same and _likeness(old[i], new[i]) >= SIMILAR_LINES
        ]
    return _best_pairs(tuple(old), tuple(new))


def _best_pairs(old: tuple[str, ...], new: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the pairs that have the most in common together, without crossing each other."""
    best: list[list[float]] = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = _gain(old[i], new[j]) + best[i + 1][j + 1]
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _gain(one: str, other: str) -> float:
    likeness = _likeness(one, other)
    return likeness if likeness >= SIMILAR_LINES else 0.0


@lru_cache(maxsize=2 * MOST_PAIRS)
def words(line: str) -> tuple[str, ...]:
    """Return a text's words, numbers, signs and spaces, one after the other."""
    return tuple(_WORD.findall(line))


def _likeness(one: str, other: str) -> float:
    """Return how many words two lines share; signs and spaces do not count."""
    ones = [word for word in words(one) if word.isalnum()]
    others = [word for word in words(other) if word.isalnum()]
    if not ones or not others or len(ones) * len(others) > MOST_LINES_COMPARED:
        return 0.0
    return SequenceMatcher(None, ones, others, autojunk=False).ratio()


def _within(old: str, new: str, start: int, new_start: int) -> Iterator[Hunk]:
    """Yield what changed within a line, as short as it can be said."""
    old_words, new_words = words(old), words(new)
    at, new_at = _starts(old_words), _starts(new_words)
    for tag, i1, i2, j1, j2 in _codes(old_words, new_words):
        if tag != "equal":
            hunk = Hunk(at[i1], at[i2], new_at[j1], new_at[j2])
            hunk = _trimmed(hunk, old, new)
            if hunk.start < hunk.stop or hunk.new_start < hunk.new_stop:
                yield Hunk(
                    start + hunk.start,
                    start + hunk.stop,
                    new_start + hunk.new_start,
                    new_start + hunk.new_stop,
                )


def _codes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > MOST_LINES_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _trimmed(hunk: Hunk, old: str, new: str) -> Hunk:
    """Return the hunk without what both its texts begin and end with."""
    a, b, c, d = hunk.start, hunk.stop, hunk.new_start, hunk.new_stop
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return Hunk(a, b, c, d)

"""Hunks: what changed between two texts, by lines and within lines by words, in offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache

SIMILAR = 0.4
"""From this share of common words on (difflib's ratio, 0 to 1) two lines may be one, changed."""

MOST_PAIRS = 400
"""Lines before times lines after of a block in which each is compared with each."""

MOST_COMPARED = 2_000_000
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


def between(before: str, after: str) -> list[Hunk]:
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
        return [(i, i) for i in range(len(old)) if same and _likeness(old[i], new[i]) >= SIMILAR]
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
    return likeness if likeness >= SIMILAR else 0.0


@lru_cache(maxsize=2 * MOST_PAIRS)
def words(line: str) -> tuple[str, ...]:
    """Return a text's words, numbers, signs and spaces, one after the other."""
    return tuple(_WORD.findall(line))


def _likeness(one: str, other: str) -> float:
    """Return how many words two lines share; signs and spaces do not count."""
    ones = [word for word in words(one) if word.isalnum()]
    others = [word for word in words(other) if word.isalnum()]
    if not ones or not others or len(ones) * len(others) > MOST_COMPARED:
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
    if len(old) * len(new) > MOST_COMPARED:
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

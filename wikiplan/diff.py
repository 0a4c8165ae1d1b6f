"""Differences between texts, by lines and by words within lines."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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

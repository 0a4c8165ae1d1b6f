"""Differences between texts, by lines and by words within lines."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CONTEXT_LINES = 2
"""Unchanged lines shown around a change."""

SIMILAR = 0.5
"""From this ratio on (difflib's, 0 to 1) a removed and an added line are one changed line."""

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


def lines(before: str, after: str) -> tuple[Line, ...]:
    """Return the diff of two texts, with words marked within changed lines."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(
        CONTEXT_LINES
    )
    shown: list[Line] = []
    end = 0
    for group in groups:
        start = group[0][1]
        if start > end:
            shown.append(_skipped(start - end))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                shown += [_whole("same", line) for line in old[i1:i2]]
            else:
                shown += _block(old[i1:i2], new[j1:j2])
        end = group[-1][2]
    if shown and end < len(old):
        shown.append(_skipped(len(old) - end))
    return tuple(shown)


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


def _skipped(count: int) -> Line:
    return _whole("skipped", f"{count} unchanged {'line' if count == 1 else 'lines'}")


def _whole(kind: Kind, text: str) -> Line:
    return Line(kind, ((text, False),))


def _block(old: list[str], new: list[str]) -> Iterator[Line]:
    """Pair the lines of a replaced block in order; similar pairs show their words."""
    pairs = min(len(old), len(new))
    for removed, added in zip(old, new, strict=False):
        yield from _pair(removed, added)
    yield from (_whole("removed", line) for line in old[pairs:])
    yield from (_whole("added", line) for line in new[pairs:])


def _pair(removed: str, added: str) -> Iterator[Line]:
    old, new = _words(removed), _words(added)
    words = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if words.ratio() < SIMILAR:
        yield _whole("removed", removed)
        yield _whole("added", added)
        return
    codes = words.get_opcodes()
    yield Line("removed", tuple(_runs(old, [(t, i1, i2) for t, i1, i2, _, _ in codes])))
    yield Line("added", tuple(_runs(new, [(t, j1, j2) for t, _, _, j1, j2 in codes])))


def _words(line: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", line)


def _runs(words: list[str], codes: list[tuple[str, int, int]]) -> Iterator[tuple[str, bool]]:
    for tag, start, end in codes:
        if end > start:
            yield "".join(words[start:end]), tag != "equal"

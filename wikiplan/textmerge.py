"""Three-way merges of texts: what two sides made of one text. The door to merge3.

The base is cut at its line ends, and each side is laid beside it, so that changes of neighbouring
lines do not meet. Where units are known, one that goes over several lines is not cut, and a line
with several of them is cut between them. What both sides changed is a conflict, unless one of them
has made the other's change too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import merge3

from wikiplan.spans import Span
from wikiplan.textdiff import offsets, partners, words
from wikiplan.value import Value


class _Edge(Value):
    """A place in a line where a unit begins, or where one ends."""

    offset: int
    ends: bool


class _Cell(Value):
    """A stretch of the base's lines, and what each side has in its place.

    ``edges`` are those of the units in our line, if it is one; ``one_unit`` says that the lines
    are not to be merged one by one.
    """

    base: list[str]
    ours: list[str]
    theirs: list[str]
    edges: Sequence[_Edge] = ()
    one_unit: bool = False


def merge(base: str, ours: str, theirs: str, units: Sequence[Span] = ()) -> str | None:
    """Return ``base`` with the changes of both sides, None where they meet.

    ``units`` are where units stand in our text, as far as that is known.
    """
    if base == theirs or ours == theirs:
        return ours
    if base == ours:
        return theirs
    if not theirs.strip() or not ours.strip():
        return None
    lines: list[str] = []
    cells = tuple(_cells(base, ours, theirs, units))
    for at, cell in enumerate(cells):
        merged = None if _lost_its_place(cells, at) else _merged(cell)
        if merged is None:
            return None
        lines += merged
    return "\n".join(lines)


def _merged(cell: _Cell) -> list[str] | None:
    single = len(cell.base) == len(cell.ours) == len(cell.theirs) == 1
    merge_lines = _the_changed_one if cell.one_unit else _merge3
    merged = merge_lines(cell.base, cell.ours, cell.theirs)
    if merged is None and single:
        merged = _merged_by_units(cell)
    return _the_further_one(cell) if merged is None else merged


def _merged_by_units(cell: _Cell) -> list[str] | None:
    """Merge a line unit by unit."""
    (base,), (ours,), (theirs,) = cell.base, cell.ours, cell.theirs
    in_base = _moved(cell.edges, ours, base)
    in_theirs = _moved(in_base.values(), base, theirs)
    kept = [edge for edge in cell.edges if in_base.get(edge) in in_theirs]
    rows = (
        _cut(base, [in_base[edge].offset for edge in kept]),
        _cut(ours, [edge.offset for edge in kept]),
        _cut(theirs, [in_theirs[in_base[edge]].offset for edge in kept]),
    )
    merged: list[str] = []
    for pieces in zip(*rows, strict=True):
        piece = _the_changed_one(*([each] for each in pieces))
        if piece is None:
            return None
        merged += piece
    return ["".join(merged)]


def _moved(edges: Iterable[_Edge], old: str, new: str) -> dict[_Edge, _Edge]:
    """Return where the edges in the old line are in the new one, without those in doubt.

    What was put in at the edge of a unit counts as a part of it.
    """
    before, after = words(old), words(new)
    at, new_at = offsets(before), offsets(after)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    found: dict[_Edge, _Edge] = {}
    for edge in edges:
        places = [
            new_at[j] + edge.offset - at[i]
            for i, j, size in blocks
            if at[i] <= edge.offset <= at[i + size]
        ]
        if places:
            found[edge] = _Edge(max(places) if edge.ends else min(places), edge.ends)
    return found


def _cut(line: str, places: Sequence[int]) -> list[str]:
    ends = [*places, len(line)]
    return [line[start:stop] for start, stop in zip([0, *places], ends, strict=True)]


def _the_further_one(cell: _Cell) -> list[str] | None:
    """Return the side that has the other's change and more, word by word."""
    base, ours, theirs = (
        list(words("\n".join(lines))) for lines in (cell.base, cell.ours, cell.theirs)
    )
    merged = _merge3(base, ours, theirs)
    if merged == ours:
        return cell.ours
    return cell.theirs if merged == theirs else None


def _the_changed_one(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    if base == ours or ours == theirs:
        return theirs
    return ours if base == theirs else None


def _merge3(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    merged: list[str] = []
    for group in merge3.Merge3(base, ours, theirs).merge_groups():
        if group[0] == "conflict":
            return None
        merged += group[1]
    return merged


def _lost_its_place(cells: Sequence[_Cell], at: int) -> bool:
    """Say whether one side put lines in where the other took both neighbours out."""
    cell = cells[at]
    if cell.base or bool(cell.ours) == bool(cell.theirs):
        return False
    beside = [cells[i] for i in (at - 1, at + 1) if 0 <= i < len(cells)]
    other = [each.theirs if cell.ours else each.ours for each in beside]
    gone = [bool(each.base) and not lines for each, lines in zip(beside, other, strict=True)]
    return bool(gone) and all(gone)


def _cells(base: str, ours: str, theirs: str, units: Sequence[Span]) -> Iterator[_Cell]:
    """Yield the stretches between the places that both sides still have.

    Before and behind each stretch stands one without base lines: what was put in there.
    """
    old, one, two = (text.split("\n") for text in (base, ours, theirs))
    in_ours, in_theirs = _places(old, one), _places(old, two)
    inside, edges = _inside(ours, units), _edges(ours, units)
    at = end_ours = end_theirs = 0
    for place in sorted(in_ours.keys() & in_theirs.keys()):
        (ours_from, ours_to), (theirs_from, theirs_to) = in_ours[place], in_theirs[place]
        if place < len(old) and inside.intersection((ours_from, ours_to)):
            continue
        if place > at:
            stretches = old[at:place], one[end_ours:ours_from], two[end_theirs:theirs_from]
            one_unit = bool(inside.intersection(range(end_ours, ours_from)))
            yield _Cell(*stretches, edges.get(end_ours, ()), one_unit)
        put_in = _Cell([], one[ours_from:ours_to], two[theirs_from:theirs_to])
        if put_in.ours or put_in.theirs:
            yield put_in
        at, end_ours, end_theirs = place, ours_to, theirs_to


def _inside(text: str, units: Sequence[Span]) -> set[int]:
    """Return the numbers of the lines that begin within a unit."""
    return {
        text.count("\n", 0, start) + line
        for start, stop in units
        for line in range(1, text.count("\n", start, stop) + 1)
    }


def _edges(text: str, units: Sequence[Span]) -> dict[int, tuple[_Edge, ...]]:
    """Return where units begin and end in their lines, by the lines' numbers.

    Where one ends and the next begins only the end counts.
    """
    found: dict[int, dict[int, _Edge]] = {}
    places = [(start, False) for start, _ in units] + [(stop, True) for _, stop in units]
    for place, ends in sorted(places):
        offset = place - (text.rfind("\n", 0, place) + 1)
        line = found.setdefault(text.count("\n", 0, place), {})
        line[offset] = _Edge(offset, ends)
    return {number: tuple(edges.values()) for number, edges in found.items()}


def _places(old: list[str], new: list[str]) -> dict[int, Span]:
    """Return, for line ends of the old text, where they are in the new one.

    From the first to the second number go the lines that were put in there. In a block whose lines
    were replaced by another number of lines only those that are alike have places.
    """
    found: dict[int, list[int]] = {0: [0], len(old): [len(new)]}
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        pairs = [(i1, j1), (i2, j2)]
        if tag == "equal" or i2 - i1 == j2 - j1:
            pairs = [(i1 + step, j1 + step) for step in range(i2 - i1 + 1)]
        elif tag == "delete":
            pairs = [(i, j1) for i in range(i1, i2 + 1)]
        elif tag == "replace":
            alike = partners(old[i1:i2], new[j1:j2])
            pairs += [(i1 + i + end, j1 + j + end) for i, j in alike for end in (0, 1)]
        for i, j in pairs:
            found.setdefault(i, []).append(j)
    return {i: Span(min(ends), max(ends)) for i, ends in found.items()}

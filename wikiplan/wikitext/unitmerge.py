"""The plan's new text of a section of a translatable page, merged with what stands there.

Units are the same when their ids are. What means the same as on the page stays as it stands there,
to the byte: a unit's text, its marker, the text between two units. What people added stays
(:class:`Addition`). Which units these are, ``wikitext.ownership`` finds out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import groupby

from wikiplan.spans import Replacement, Span, moved, splice
from wikiplan.translate import (
    CLOSING_TAG,
    MARKER,
    MARKER_END,
    OPENING_TAGS,
    Block,
    MarkerForm,
    PageUnit,
    markup,
    tvars,
)
from wikiplan.value import Value, replace

# What people added to a section of a translatable page: lifted out of it, and put back.
#
# An addition is a unit of theirs in one of three places: as a part of a block that has units of
# the plan too; on lines that hold nothing else, but for the signs of a list; or within a line.
# The text without the additions is the plan's own. Nobody's addition is lost: where the text
# around one has changed, it goes behind the unit that it followed.


Owned = Callable[[PageUnit], bool]
"""Tells the plan's units of a text from people's."""

_LINE_BREAKS = re.compile(r"\n+")
_LIST_SIGNS = re.compile(r"[*#:;\s]*")
_SIGNS = re.compile(r"[*#:;]+")


class Sort(Enum):
    """Where an addition stands: in a block of the plan's, on lines of its own, within a line."""

    PART = auto()
    LINES = auto()
    INLINE = auto()


class Addition(Value):
    """Text that somebody added: ``core`` is it, ``text`` with the white space that it needs there.

    ``followed`` are the plan's units before it, the nearest first, and ``gap`` is the plan's text
    between the nearest (or the beginning) and the addition. ``parents`` are the plan's units that
    it is said of: those of its line, or of the list item that it stands under.
    """

    sort: Sort
    text: str
    core: str
    followed: tuple[str, ...]
    gap: str
    parents: tuple[str, ...] = ()


class Anchor(Value):
    """Where a unit stands: the offsets ``[start, stop)``, and where its block ends."""

    start: int
    stop: int
    block_stop: int
    inline: bool


class _Found(Value):
    """A part ``[start, stop)`` of a text, and ``whole`` with the white space that goes with it."""

    sort: Sort
    start: int
    stop: int
    whole: Span


def lift(text: str, owned: Owned) -> tuple[str, tuple[Addition, ...]]:
    """Return the plan's own part of a section's text, and what people added to it.

    Raises :class:`ParseError` for a text that no wiki would save.
    """
    found = _found(text, owned)
    gone = [Replacement(*each.whole) for each in found]
    own = splice(text, gone)
    anchors = anchors_of(own)
    return own, tuple(
        _addition(text, own, anchors, each, moved(each.whole.start, gone)) for each in found
    )


def own_text(text: str, owned: Owned) -> str:
    """Return the plan's own part of a section's text."""
    return splice(text, [Replacement(*each.whole) for each in _found(text, owned)])


def put_back(own: str, additions: Sequence[Addition]) -> str:
    """Return a text of the plan's units with the additions in their places."""
    blocks, anchors = markup.parse(own).blocks, anchors_of(own)
    placed = (_place(own, blocks, anchors, addition) for addition in additions)
    return splice(own, (Replacement(place, place, text) for place, text in placed))


def anchors_of(text: str) -> dict[str, Anchor]:
    """Return where the units of a text stand, by id, in its order."""
    return {
        unit.id: Anchor(unit.start, unit.stop, block.stop, block.inline)
        for block in markup.parse(text).blocks
        for unit in block.units
        if unit.id is not None
    }


# --- finding ---


def _found(text: str, owned: Owned) -> list[_Found]:
    blocks = markup.parse(text).blocks
    found = [*_in_blocks(blocks, owned), *_outside(text, blocks, owned)]
    return sorted(found, key=lambda each: each.start)


def _in_blocks(blocks: Sequence[Block], owned: Owned) -> Iterator[_Found]:
    """Yield people's units in blocks that have units of the plan."""
    for block in blocks:
        units = block.units
        if not any(owned(unit) for unit in units):
            continue
        runs = [(ours, list(run)) for ours, run in groupby(units, owned)]
        for at, (ours, run) in enumerate(runs):
            if not ours:
                before = runs[at - 1][1][-1].stop if at else None
                after = runs[at + 1][1][0].start if at + 1 < len(runs) else None
                start, stop = run[0].start, run[-1].stop
                yield _Found(Sort.PART, start, stop, _without(start, stop, before, after))


def _without(start: int, stop: int, before: int | None, after: int | None) -> Span:
    """Return what to cut so that of the white space around a run of units the shorter stays."""
    if after is not None and (before is None or after - stop > start - before):
        return Span(start, after)
    return Span(before if before is not None else start, stop)


def _outside(text: str, blocks: Sequence[Block], owned: Owned) -> Iterator[_Found]:
    """Yield blocks that have no unit of the plan, with the lines that they alone are on."""
    theirs = [b for b in blocks if b.units and not any(owned(unit) for unit in b.units)]
    lines: list[tuple[int, int]] = []
    for placed in theirs:
        start, stop = _line(text, blocks, placed.start, placed.stop)
        inside = [b for b in blocks if start < b.stop and b.start < stop]
        if any(b not in theirs for b in inside) or not _is_layout(text, start, stop, inside):
            before = text[: placed.start]
            spaces = len(before) - len(before.rstrip(" \t"))
            whole = Span(placed.start - spaces, placed.stop)
            yield _Found(Sort.INLINE, placed.start, placed.stop, whole)
        elif lines and not text[lines[-1][1] : start].strip():
            lines[-1] = lines[-1][0], stop
        else:
            lines.append((start, stop))
    for start, stop in lines:
        yield _Found(Sort.LINES, start, stop, _whole_lines(text, start, stop))


def _line(text: str, blocks: Sequence[Block], start: int, stop: int) -> tuple[int, int]:
    """Return the line that ``[start, stop)`` is on; line breaks inside of a block end none."""
    for placed in reversed(blocks):
        if placed.stop <= start and text.find("\n", placed.stop, start) < 0:
            start = placed.start
    for placed in blocks:
        if placed.start >= stop and text.find("\n", stop, placed.start) < 0:
            stop = placed.stop
    end = text.find("\n", stop)
    return text.rfind("\n", 0, start) + 1, len(text) if end < 0 else end


def _is_layout(text: str, start: int, stop: int, blocks: Sequence[Block]) -> bool:
    """Return whether nothing but list signs and blanks stands beside the blocks."""
    for placed in blocks:
        if not _LIST_SIGNS.fullmatch(text, start, placed.start):
            return False
        start = placed.stop
    return bool(_LIST_SIGNS.fullmatch(text, start, stop))


def _whole_lines(text: str, start: int, stop: int) -> Span:
    """Return what to cut so that of the line breaks around the lines the larger number stays."""
    before = start - len(text[:start].rstrip("\n"))
    after = len(text) - stop - len(text[stop:].lstrip("\n"))
    if start == before or stop + after == len(text):
        return Span(start - before, stop + after)
    return Span(start, stop + after) if before > after else Span(start - before, stop)


def _addition(
    text: str, own: str, anchors: Mapping[str, Anchor], found: _Found, place: int
) -> Addition:
    before = [(anchor.stop, id) for id, anchor in anchors.items() if anchor.stop <= place]
    nearest = before[-1][0] if before else 0
    return Addition(
        found.sort,
        text[slice(*found.whole)],
        text[found.start : found.stop],
        tuple(id for _, id in reversed(before)),
        own[nearest:place],
        tuple(_parents(text[found.start : found.stop], own, anchors, found.sort, place)),
    )


def _parents(
    core: str, own: str, anchors: Mapping[str, Anchor], sort: Sort, place: int
) -> Iterator[str]:
    """Yield the units of the line that an addition at ``place`` is said of."""
    if sort is Sort.INLINE:
        line = _line_at(own, place)
    else:
        found = _above(own, place, _depth(core))
        line = found or Span(0, 0)
    yield from (id for id, anchor in anchors.items() if line.start <= anchor.start < line.stop)


def _above(own: str, place: int, depth: int) -> Span | None:
    """Return the line of the list item that an item of this depth at ``place`` stands under."""
    line = _line_at(own, max(place - 1, 0))
    while depth > 1 and (least := _depth(own[slice(*line)])):
        if least < depth:
            return line
        if not line.start:
            break
        line = _line_at(own, line.start - 1)
    return None


def _line_at(text: str, place: int) -> Span:
    end = text.find("\n", place)
    return Span(text.rfind("\n", 0, place) + 1, len(text) if end < 0 else end)


def _depth(text: str) -> int:
    found = _SIGNS.match(text)
    return len(found[0]) if found else 0


# --- putting back ---


def _place(
    own: str, blocks: Sequence[Block], anchors: Mapping[str, Anchor], addition: Addition
) -> tuple[int, str]:
    """Return the offset at which an addition goes, and its text there."""
    nearest = anchors.get(addition.followed[0]) if addition.followed else None
    if nearest or not addition.followed:
        start = nearest.stop if nearest else 0
        place = start + len(addition.gap)
        if own.startswith(addition.gap, start) and _fits(own, place, addition, nearest):
            return place, addition.text
    for id in addition.followed:
        if id in anchors:
            return _behind(own, blocks, anchors[id], addition)
    return 0, f"{_as_block(addition)}\n\n" if own else _as_block(addition)


def _fits(own: str, place: int, addition: Addition, anchor: Anchor | None) -> bool:
    """Return whether an addition finds at a place what was around it before."""
    if addition.sort is Sort.PART:
        behind_unit = not addition.gap and anchor is not None and not anchor.inline
        return behind_unit or addition.gap.endswith("\n")
    if addition.sort is Sort.LINES and addition.text.startswith("\n"):
        return own[place : place + 1] in ("", "\n")
    if addition.sort is Sort.LINES:
        return place == 0 or own[place - 1] == "\n"
    return True


def _behind(
    own: str, blocks: Sequence[Block], anchor: Anchor, addition: Addition
) -> tuple[int, str]:
    """Return the place behind a unit where an addition of this sort can stand."""
    if addition.sort is Sort.PART and not anchor.inline:
        return anchor.stop, f"\n\n{addition.core}"
    if addition.sort is Sort.INLINE and anchor.inline:
        return anchor.block_stop, f" {addition.core}"
    _, place = _line(own, blocks, anchor.block_stop, anchor.block_stop)
    if addition.sort is Sort.LINES and not addition.core.startswith(OPENING_TAGS):
        return place, f"\n{addition.core}"
    breaks = _LINE_BREAKS.match(own, place)
    return place, (breaks[0] if breaks else "\n\n") + _as_block(addition)


def _as_block(addition: Addition) -> str:
    if addition.sort is Sort.PART:
        return f"{OPENING_TAGS[0]}\n{addition.core}\n{CLOSING_TAG}"
    return addition.core


# The plan's new text of a section of a translatable page, merged with what stands there.


_BLANKS = re.compile(r"[ \t]+")
_LIST_ITEM = re.compile(r"^([*#:;]+) ?(?=\S)", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6}) ?(.+?) ?\1$", re.MULTILINE)
# A line break that is as good as a blank: neither line is empty, or begins with layout.
_SOFT_BREAK = re.compile(r"(?<=[^\n=])\n(?![\n*#:;=|!{<-])")
_BLANK_LINES = re.compile(r"\n{2,}")


class Merged(Value):
    """A section's text on the page, brought up to date: ``body``.

    ``now`` is the plan's part of the text that stood there, ``own`` that of ``body``, and ``added``
    is what people added to both. ``stranded`` of these were said of what leaves.
    """

    body: str
    now: str
    own: str
    added: tuple[Addition, ...] = ()
    stranded: tuple[Addition, ...] = ()


def merge(before: str, new: str, owned: Owned) -> Merged:
    """Return the plan's new text of a section with what people added to the one on the page.

    ``owned`` are the plan's units of ``before``. Raises :class:`ParseError` for a text that no
    wiki would save.
    """
    now, added = lift(before, owned)
    text = _brought_up_to_date(now, new)
    successors = _successors(now, new)
    added = tuple(
        replace(each, followed=tuple(successors.get(id, id) for id in each.followed))
        for each in added
    )
    body = put_back(text, added)
    ids = [unit.id for unit in markup.parse(new).units]
    _verify(ids, body, [each.source for each in markup.parse(before).units if not owned(each)])
    own = own_text(body, lambda unit: unit.id in ids)
    stay = {*ids, *successors}
    stranded = (each for each in added if each.parents and stay.isdisjoint(each.parents))
    return Merged(body, now, own, added, tuple(stranded))


def _verify(ids: Sequence[str | None], body: str, theirs: Iterable[str]) -> None:
    """Read the result again: a unit that is lost, or out of place, is our own bug."""
    units = markup.parse(body).units
    kept = [unit.id for unit in units if unit.id in ids] == ids
    still = sorted(unit.source for unit in units if unit.id not in ids)
    if not kept or sorted(theirs) != still:
        raise AssertionError("merging a section lost a unit")


def _successors(now: str, new: str) -> Mapping[str, str]:
    """Return which new unit stands for one that leaves, where a file of the plan was renamed.

    The last parts of their ids are the same, or their texts, and no third unit has them.
    """
    old, units = units_of(now), units_of(new)
    gone = {id: text for id, text in old.items() if id not in units}
    come = {id: text for id, text in units.items() if id not in old}
    by_text = _only_pairs({id: folded(text) for id, text in gone.items()},
                          {id: folded(text) for id, text in come.items()})  # fmt: skip
    by_key = _only_pairs({id: id.partition(".")[2] or id for id in gone},
                         {id: id.partition(".")[2] or id for id in come})  # fmt: skip
    return {**by_text, **by_key}


def _only_pairs(old: Mapping[str, str], new: Mapping[str, str]) -> Mapping[str, str]:
    """Return the keys of each value that exactly one key has on either side."""
    counts = Counter(old.values()), Counter(new.values())
    found = {value: id for id, value in new.items()}
    return {
        id: found[value] for id, value in old.items() if counts[0][value] == counts[1][value] == 1
    }


def units_of(text: str) -> Mapping[str, str]:
    """Return the texts of a section's units by id."""
    return {unit.id: unit.text for unit in markup.parse(text).units if unit.id is not None}


def means_the_same(one: str, other: str) -> bool:
    """Return whether two raw unit texts differ in white space and ways of writing only."""
    return folded(one) == folded(other)


def tidied(text: str) -> str:
    """Return a section's text as wikiplan writes it, where people only wrote it in another way."""
    parts: list[str] = []
    for each in _units_and_gaps(text):
        parts.append(_folded_layout(each.gap))
        if each.unit:
            text, id = folded(each.unit.text), each.unit.id
            parts.append(text if id is None else markup.canonical(text, id, each.inline))
    return "".join(parts)


class _UnitAndGap(Value):
    """A unit with the text before it since the unit before, or the rest of the text."""

    gap: str
    unit: PageUnit | None
    inline: bool
    neighbours: tuple[str | None, str | None]


def _units_and_gaps(text: str) -> Iterator[_UnitAndGap]:
    at, last = 0, None
    for block in markup.parse(text).blocks:
        for unit in block.units:
            yield _UnitAndGap(text[at : unit.start], unit, block.inline, (last, unit.id))
            at, last = unit.stop, unit.id
    yield _UnitAndGap(text[at:], None, False, (last, None))


def _brought_up_to_date(own: str, new: str) -> str:
    """Return the new text, with the bytes of the page's own text where they mean the same."""
    if not own.strip():
        return new
    old = tuple(_units_and_gaps(own))
    gaps = {each.neighbours: each.gap for each in old}
    units = {each.unit.id: each for each in old if each.unit}
    parts: list[str] = []
    for each in _units_and_gaps(new):
        parts.append(_kept_gap(gaps.get(each.neighbours), each.gap))
        if each.unit:
            parts.append(_source(units.get(each.unit.id), each.unit, each.inline))
    return "".join(parts)


def _kept_gap(old: str | None, new: str) -> str:
    """Return the text between two units as the page has it, if that means the same."""
    if old is None:
        return new
    usual, unwrapped = OPENING_TAGS
    return old if _folded_layout(old.replace(unwrapped, usual)) == _folded_layout(new) else new


def _source(old: _UnitAndGap | None, new: PageUnit, inline: bool) -> str:
    """Return a unit with its marker, in the page's form of it where it can be that."""
    assert new.id is not None
    if old is None or old.unit is None:
        return new.source
    same = means_the_same(old.unit.text, new.text)
    if old.inline != inline:
        keep = same and "\n" not in old.unit.text
        return markup.canonical(old.unit.text, new.id, inline) if keep else new.source
    if same:
        return old.unit.source
    usual = markup.canonical(old.unit.text, new.id, inline) == old.unit.source
    return new.source if usual else _with_marker(new.text, new.id, old.unit.form)


def _with_marker(text: str, id: str, form: MarkerForm) -> str:
    marker = f"{MARKER}{id}{MARKER_END}"
    match form:
        case MarkerForm.END:
            return f"{text} {marker}"
        case MarkerForm.SPACE:
            return f"{marker} {text}"
        case _:
            return f"{marker}\n{text}"


def folded(text: str) -> str:
    """Return a raw unit text with the usual white space, quoting and list style."""
    variables = (
        Replacement(each.start, each.stop, f'<tvar name="{each.name}">{each.value}</tvar>')
        for each in tvars.variables(text)
    )
    lines = _folded_layout(splice(text, variables).strip())
    return _SOFT_BREAK.sub(" ", _HEADING.sub(r"\1 \2 \1", lines))


def _folded_layout(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).rstrip(" ") for line in text.split("\n"))
    return _LIST_ITEM.sub(r"\1 ", _BLANK_LINES.sub("\n\n", "\n".join(lines)))

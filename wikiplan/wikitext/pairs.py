"""Which begin marker belongs to which end marker; everything else is refused."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from wikiplan.near import did_you_mean
from wikiplan.wikitext.markers import BEGIN, END, Marker, SectionError, error_at, line_of


def pairs(text: str, found: Sequence[Marker]) -> list[tuple[Marker, Marker]]:
    """Return begin and end of each section, in the order of the begins."""
    begins = _by_name(text, found, BEGIN)
    ends = _by_name(text, found, END)
    for marker in found:
        if marker.name not in (ends if marker.sort == BEGIN else begins):
            raise _lone(text, marker, found)
    found_pairs = sorted(
        ((begins[name], ends[name]) for name in begins), key=lambda pair: pair[0].span.start
    )
    for pair in found_pairs:
        _refuse_backward(text, *pair)
    for pair, following in pairwise(found_pairs):
        _refuse_overlap(text, pair, following)
    return found_pairs


def _by_name(text: str, found: Sequence[Marker], sort: str) -> dict[str, Marker]:
    by_name: dict[str, Marker] = {}
    for marker in found:
        if marker.sort != sort:
            continue
        first = by_name.setdefault(marker.name, marker)
        if first is not marker:
            line = line_of(text, first.span.start)
            message = f"has a {sort} marker on line {line} too; keep one pair of this name"
            raise error_at("doubled-section", text, marker, message)
    return by_name


def _lone(text: str, marker: Marker, found: Sequence[Marker]) -> SectionError:
    missing = END if marker.sort == BEGIN else BEGIN
    hint = _similar(marker, found, missing)
    message = (
        f"has this {marker.sort} marker but no {missing} marker{hint}; put "
        f"<!-- wikiplan:{missing} {marker.name} --> back where it belongs, or take both out"
    )
    return error_at(f"missing-{missing}", text, marker, message)


def _similar(marker: Marker, found: Sequence[Marker], missing: str) -> str:
    """Return a hint at a lone marker of the missing sort with a similar name."""
    names = {sort: {m.name for m in found if m.sort == sort} for sort in (BEGIN, END)}
    lone = names[missing] - names[marker.sort]
    hint = did_you_mean(marker.name, lone)
    return f" ({hint})" if hint else ""


def _refuse_backward(text: str, begin: Marker, end: Marker) -> None:
    if end.span.start < begin.span.start:
        line = line_of(text, end.span.start)
        message = f"ends on line {line}, before it begins; put its markers in order"
        raise error_at("crossed-section", text, begin, message)


def _refuse_overlap(
    text: str, pair: tuple[Marker, Marker], following: tuple[Marker, Marker]
) -> None:
    begin, end = following
    if begin.span.start > pair[1].span.start:
        return
    nested = end.span.start < pair[1].span.start
    outer = f"section {pair[0].name} (from line {line_of(text, pair[0].span.start)})"
    how = f"is inside of {outer}" if nested else f"begins inside of {outer} and ends behind it"
    code = "nested-section" if nested else "crossed-section"
    raise error_at(code, text, begin, f"{how}; put the one behind the other")

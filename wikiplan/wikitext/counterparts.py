"""Which part of a language version is the counterpart of which part of the page.

Headings are in other words there. What stays the same is where links lead, the numbers in a
heading, and the order of the levels where nothing was added or left out. A counterpart that this
does not show is not guessed: an older generation of a page may have other parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wikiplan.wikitext.headings import folded
from wikiplan.wikitext.outline import LEAD, Part, Shape

LEAST_COMMON_LINKS = 0.5
"""The share of all link targets of two parts that both must have, to be known by their links."""
FEW_COMMON_LINKS = 0.2
"""Below this share two parts with links are not the same, though their places in the page are."""
MOST_PAIRS = 250_000
"""Parts of the one version times parts of the other; no page has so many that reads well."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """``index`` is that of the part in the other version; ``evidence`` says how it is known."""

    index: int
    evidence: str


def counterparts(page: Sequence[Part], other: Sequence[Part]) -> Mapping[int, Counterpart]:
    """Return the counterpart of each part of ``page``, by its index, as far as one is certain."""
    if len(page) * len(other) > MOST_PAIRS:
        return {}
    found = _by_evidence(page, other)
    if [part.level for part in page] != [part.level for part in other]:
        return found
    in_order = all(index == each.index for index, each in found.items())
    if not in_order or any(map(_contradict, page, other)):
        return found
    return {index: Counterpart(index, "the same outline") for index in range(len(page))} | found


def common_links(one: Shape, other: Shape) -> float:
    """Return which share of both parts' link targets they have in common; 0 without links."""
    every = one.links | other.links
    return len(one.links & other.links) / len(every) if every else 0.0


def _by_evidence(page: Sequence[Part], other: Sequence[Part]) -> dict[int, Counterpart]:
    """Return the pairs of which each is the other's best, wherever they stand."""
    likeness = [[_likeness(one, another) for another in other] for one in page]
    columns = [list(column) for column in zip(*likeness, strict=True)]
    found = {}
    for index, row in enumerate(likeness):
        there = _best(row)
        if there is not None and _best(columns[there]) == index:
            found[index] = Counterpart(there, _evidence(page[index], other[there]))
    return found


def _best(likeness: Sequence[float]) -> int | None:
    """Return the index of what is most alike, None where that is nothing or not one alone."""
    most = max(likeness, default=0.0)
    return likeness.index(most) if most > 0 and likeness.count(most) == 1 else None


def _likeness(one: Part, other: Part) -> float:
    if one.level != other.level or _contradict(one, other) or not _evidence(one, other):
        return 0.0
    same = folded(one.title) == folded(other.title)
    numbers = bool(one.shape.numbers) and one.shape.numbers == other.shape.numbers
    return 1.0 + 2.0 * same + numbers + common_links(one.shape, other.shape)


def _evidence(one: Part, other: Part) -> str:
    """Return by what two parts are known to be the same, wherever they stand."""
    if one.level == other.level == LEAD:
        return "both are the lead"
    if folded(one.title) == folded(other.title):
        return "the same heading"
    if common_links(one.shape, other.shape) >= LEAST_COMMON_LINKS:
        return "the same links"
    if one.shape.numbers and one.shape.numbers == other.shape.numbers:
        return "the same numbers in the heading"
    return ""


def _contradict(one: Part, other: Part) -> bool:
    """Tell whether two parts cannot be the same: another year, or links to elsewhere."""
    if one.level == LEAD:
        return False
    if one.shape.numbers and other.shape.numbers and one.shape.numbers != other.shape.numbers:
        return True
    both_link = len(one.shape.links) > 1 and len(other.shape.links) > 1
    return both_link and common_links(one.shape, other.shape) < FEW_COMMON_LINKS

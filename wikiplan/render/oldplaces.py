"""Places in an older text of a section: the units in it whose text is the same today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from wikiplan.hunks import Hunk
from wikiplan.render.unitplaces import Place, PlacedSection


def located(placed: PlacedSection, since: Sequence[Hunk], base: str) -> Iterator[Place]:
    """Yield the places whose text stands unchanged in an older text, by their offsets there."""
    doubtful = _doubtful(placed, base) if since else set()
    for place in placed.places:
        shown = placed.text[place.start : place.stop]
        if shown in doubtful or any(_changes(hunk, place) for hunk in since):
            continue
        before = [hunk for hunk in since if hunk.stop <= place.start]
        yield _shifted(place, before[-1].new_stop - before[-1].stop if before else 0)


def _doubtful(placed: PlacedSection, base: str) -> set[str]:
    """Return texts that several units share, and that stand more or less often in the base."""
    keys: dict[str, set[str]] = {}
    for place in placed.places:
        keys.setdefault(placed.text[place.start : place.stop], set()).add(place.key)
    return {
        text
        for text, sharing in keys.items()
        if len(sharing) > 1 and placed.text.count(text) != base.count(text)
    }


def _changes(hunk: Hunk, place: Place) -> bool:
    """Tell whether a hunk may change a place; words at its edge may be its own, lines are not."""
    if not hunk.lines:
        return hunk.start <= place.stop and place.start <= hunk.stop
    if hunk.start == hunk.stop:
        return place.start < hunk.start < place.stop
    return hunk.start < place.stop and place.start < hunk.stop


def _shifted(place: Place, by: int) -> Place:
    filled = tuple(
        replace(each, start=each.start + by, stop=each.stop + by) for each in place.filled
    )
    return replace(place, start=place.start + by, stop=place.stop + by, filled=filled)

"""Translations on the page: people write one where a text stands that waits for translation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wikiplan.catalogs.catalog import State
from wikiplan.hunks import Hunk
from wikiplan.render import unittext
from wikiplan.render.unitplaces import Place
from wikiplan.render.unittext import UnassignableError

# The mark of another language that stands around a text (wording.wrapped), and its end.
_OPEN = re.compile(r'<(span|div) lang="[^"<>]*" dir="(?:ltr|rtl)"(?: class="[^"<>]*")?>\n?\Z')


def translated(
    place: Place, base: str, theirs: str, hunks: Sequence[Hunk]
) -> tuple[str, list[Hunk]] | None:
    """Return the translation that stands now for a text and its mark, as a catalog writes it.

    With it come the hunks that it consists of. None where there is none, or where it is in doubt:
    something else in its lines changed as well, or a value of the text is missing.
    """
    marked = extent(place, base)
    if place.state is State.TRANSLATED or not marked:
        return None
    start = base.rfind("\n", 0, marked[0]) + 1
    stop = base.find("\n", marked[1]) + 1
    own = [hunk for hunk in hunks if _is_in(hunk, start, stop)]
    around = base[start : marked[0]], base[marked[1] : stop]
    new = _between(*around, own, theirs, (start, stop))
    if not new:
        return None
    try:
        return unittext.source_anew(place, base[place.start : place.stop], new), own
    except UnassignableError:
        return None


def extent(place: Place, base: str) -> tuple[int, int] | None:
    """Return where a text begins and ends together with its mark, None if it has none."""
    mark = _OPEN.search(base, 0, place.start)
    if not mark:
        return None
    close = f"\n</{mark[1]}>" if mark[0].endswith("\n") else f"</{mark[1]}>"
    whole = base.startswith(close, place.stop)
    return (mark.start(), place.stop + len(close)) if whole else None


def _is_in(hunk: Hunk, start: int, stop: int) -> bool:
    if hunk.start == hunk.stop:
        return start <= hunk.start <= stop
    return hunk.start < stop and start < hunk.stop


def _between(
    lead: str, trail: str, own: Sequence[Hunk], theirs: str, lines: tuple[int, int]
) -> str:
    """Return what stands in the lines now, between what stood there around the text."""
    if not own or own[0].start < lines[0] or own[-1].stop > lines[1]:
        return ""
    start = own[0].new_start - (own[0].start - lines[0])
    stop = own[-1].new_stop + (lines[1] - own[-1].stop)
    now = theirs[start:stop]
    if not now.startswith(lead) or not now.endswith(trail) or len(now) < len(lead + trail):
        return ""
    new = now.removeprefix(lead).removesuffix(trail)
    return "" if "\n" in new or _has_mark(new) else new


def _has_mark(text: str) -> bool:
    return text.startswith(("<span", "<div", "{{"))

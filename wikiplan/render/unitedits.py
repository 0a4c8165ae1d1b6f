"""Edits of units: which of the changes that people made to a section's text change a unit's.

The law: when everything is assigned, a rendering with the units' new texts is what people wrote
(but for the note at a section's end that some texts wait for translation, if now none does).
Where that is in doubt, the change is left with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from wikiplan import textdiff
from wikiplan.catalogs import State
from wikiplan.render import unittext
from wikiplan.render.places import PlacedSection, UnitPlace, located
from wikiplan.render.unittext import UnassignableError, touches_value
from wikiplan.textdiff import Hunk
from wikiplan.value import Value, replace

# Translations on the page: people write one where a text stands that waits for translation.


# The mark of another language that stands around a text (wording.wrapped), and its end.
_OPEN = re.compile(r'<(span|div) lang="[^"<>]*" dir="(?:ltr|rtl)"(?: class="[^"<>]*")?>\n?\Z')


def translated(
    place: UnitPlace, base: str, theirs: str, hunks: Sequence[Hunk]
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


def extent(place: UnitPlace, base: str) -> tuple[int, int] | None:
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


# Edits of units: which of the changes that people made to a section's text change a unit's.


BEYOND = "it reaches beyond the text of one unit"
BLANKED = "the whole section was deleted"
BREAKS = "only line breaks were changed, and those are the template's"
ELSEWHERE = (
    "the same text stands elsewhere in the section and was not changed there in the same way"
)
GONE = "a line was deleted that the plan has"
MOVED = "lines were put in another order than the plan's"
NEW_LINE = "the plan has no such line"
OUTSIDE = "it is not in the text of a unit: the template or a fact of the plan wrote it"
SINCE = "the plan changed this place as well since wikiplan wrote it"
UNKNOWN = "where the units stand in this section is not known"


class UnitEdit(Value):
    """A unit's text, as the plan or the catalog of ``language`` writes it, and as it should be.

    ``before`` is empty where people translated a text on the page that was not shown translated.
    """

    key: str
    language: str
    before: str
    after: str


class Unassigned(Value):
    """A change that stays on the page only: its texts there, ``line`` from 1 in the new one.

    Either text may be empty. ``reason`` is for people, a clause without a full stop. ``key`` is
    that of the unit in whose text it lies, if it lies in one.
    """

    before: str
    after: str
    line: int
    reason: str
    key: str = ""


class Edits(Value):
    """What people's changes mean: ``assigned`` once for each unit and language, in page order."""

    assigned: tuple[UnitEdit, ...] = ()
    left: tuple[Unassigned, ...] = ()


@dataclass(slots=True, eq=False)
class _Edited:
    """A place, by its offsets in the base, with the hunks that lie in it."""

    place: UnitPlace
    hunks: list[Hunk] = field(default_factory=list)


def edits(placed: PlacedSection, base: str, theirs: str) -> Edits:
    """Return what the changes from ``base`` to ``theirs`` are to the units of the section.

    ``base`` is what wikiplan last wrote between the marker lines, which may be older than
    ``placed.text``; ``theirs`` is what stands there now. Both are as the wiki stores them.
    """
    if base == theirs:
        return Edits()
    if not theirs.strip():
        return Edits(left=(Unassigned(base, theirs, 1, BLANKED),))
    return _EditedSection(placed, base + "\n", theirs + "\n").edits()


class _EditedSection:
    """The changes of one section; its texts end with a line break."""

    def __init__(self, placed: PlacedSection, base: str, theirs: str) -> None:
        self.base, self.theirs = base, theirs
        self.language = placed.language
        self.every = Counter((place.key, place.language) for place in placed.places)
        self.since = textdiff.hunks(placed.text + "\n", base)
        self.edited = [_Edited(place) for place in located(placed, self.since, base)]
        self.hunks = textdiff.hunks(base, theirs)
        self.left: list[Unassigned] = []
        self.outside: dict[tuple[int, int], list[Hunk]] = {}
        self._leave_line_breaks()

    def edits(self) -> Edits:
        translations = list(self._translations())
        self._share_out()
        groups: dict[tuple[str, str], list[_Edited]] = {}
        for each in self.edited:
            if each.hunks:
                groups.setdefault((each.place.key, each.place.language), []).append(each)
        found = [self._edit_of(group) for group in groups.values()]
        left = sorted([*self.left, *self._left_outside()], key=lambda each: each.line)
        return Edits((*translations, *(edit for edit in found if edit)), tuple(left))

    def _leave_line_breaks(self) -> None:
        """Leave lines that were broken or joined: half of a text would be taken for all of it."""
        for block in textdiff.blocks(self.base, self.theirs):
            before, after = self._texts(block)
            broken = before.split() == after.split() and before.count("\n") != after.count("\n")
            if broken and not any(self._has_lines(each.place, block) for each in self.edited):
                told = before.strip("\n"), after.strip("\n")
                self.left.append(Unassigned(*told, self._line(block), BREAKS))
                inside = range(block.start, block.stop + 1)
                self.hunks = [h for h in self.hunks if h.start not in inside or h.stop > block.stop]

    def _has_lines(self, place: UnitPlace, block: Hunk) -> bool:
        """Tell whether a block is of a text that has several lines."""
        inside = place.start <= block.start and block.stop <= place.stop + 1
        return inside and "\n" in self.base[place.start : place.stop]

    def _translations(self) -> Iterator[UnitEdit]:
        """Yield the texts that people translated on the page, and take their hunks away."""
        for place in [each.place for each in self.edited]:
            if place.language == self.language or self.every[place.key, place.language] > 1:
                continue
            if found := translated(place, self.base, self.theirs, self.hunks):
                text, hunks = found
                self.hunks = [hunk for hunk in self.hunks if hunk not in hunks]
                yield UnitEdit(place.key, self.language, "", text)

    def _share_out(self) -> None:
        """Give each hunk to the place that it lies in, or leave it."""
        low = 0
        for hunk, following in zip_longest(self.hunks, self.hunks[1:]):
            high = following.start if following else len(self.base)
            taken = self._taken(hunk, low, high)
            if taken is None:
                self._leave(hunk)
            low = (taken or hunk).stop

    def _taken(self, hunk: Hunk, low: int, high: int) -> Hunk | None:
        """Give a hunk to a place, where it can so that it touches no value; return it as given."""
        choices = [
            (edited, same)
            for same in textdiff.slid(hunk, self.base, self.theirs, low, high)
            if (edited := self._around(same))
        ]
        choices.sort(key=lambda choice: touches_value(choice[0].place, choice[1]))
        for edited, same in choices[:1]:
            edited.hunks.append(same)
            return same
        return None

    def _around(self, hunk: Hunk) -> _Edited | None:
        """Return the innermost place that a hunk lies in; a new line does not lie at its edge."""
        breaks = "\n" in self.theirs[hunk.new_start : hunk.new_stop]
        inside: _Edited | None = None
        for each in self.edited:
            start, stop = each.place.start, each.place.stop
            at_edge = breaks and hunk.start in (start, stop)
            if not (start <= hunk.start and hunk.stop <= stop) or at_edge:
                continue
            if inside and inside.place.stop < stop:
                return None  # between two texts that touch each other
            inside = each
        return inside

    # --- what a place's hunks mean ---

    def _edit_of(self, group: Sequence[_Edited]) -> UnitEdit | None:
        """Return the edit of a unit, of whose places in one language these were changed."""
        texts = [self._source_after(each) for each in group]
        place = group[0].place
        complete = len(group) == self.every[place.key, place.language] and len(set(texts)) == 1
        if complete and texts[0] is not None:
            return UnitEdit(place.key, place.language, place.source, texts[0])
        for each, text in zip(group, texts, strict=True):
            if text is not None:
                self._leave_place(each, ELSEWHERE)
        return None

    def _source_after(self, edited: _Edited) -> str | None:
        if self._lost_mark(edited.place):
            self._leave_place(edited, BEYOND)
            return None
        try:
            return unittext.source_after(edited.place, self.base, self.theirs, edited.hunks)
        except UnassignableError as error:
            self._leave_place(edited, str(error))
            return None

    def _lost_mark(self, place: UnitPlace) -> bool:
        """Tell whether the mark of the text's language was changed: then it may be another's."""
        around = extent(place, self.base) if place.language != self.language else None
        others = [hunk for told in self.outside.values() for hunk in told]
        return any(h.start < around[1] and around[0] < h.stop for h in others if around)

    # --- what is left ---

    def _leave_place(self, edited: _Edited, reason: str) -> None:
        place = edited.place
        after = unittext.shown_after(place, self.base, self.theirs, edited.hunks)
        line = self._line(edited.hunks[0])
        before = self.base[place.start : place.stop]
        self.left.append(Unassigned(before, after, line, reason, place.key))

    def _leave(self, hunk: Hunk) -> None:
        """Put a hunk to those of its line, which are told together."""
        line = self.base.count("\n", 0, hunk.start), self._line(hunk)
        self.outside.setdefault(line, []).append(hunk)

    def _left_outside(self) -> Iterator[Unassigned]:
        for (_, line), told in self.outside.items():
            first, last = told[0], told[-1]
            whole = replace(first, stop=last.stop, new_stop=last.new_stop)
            before, after = (text.strip("\n") for text in self._texts(whole))
            yield Unassigned(before, after, line, self._reason(whole))

    def _texts(self, hunk: Hunk) -> tuple[str, str]:
        return self.base[hunk.start : hunk.stop], self.theirs[hunk.new_start : hunk.new_stop]

    def _line(self, hunk: Hunk) -> int:
        return self.theirs.count("\n", 0, hunk.new_start) + 1

    def _reason(self, hunk: Hunk) -> str:
        if not self.every:
            return UNKNOWN
        if hunk.lines and self._is_moved(hunk):
            return MOVED
        if self._meets_new_plan(hunk):
            return SINCE
        if hunk.lines:
            return GONE if hunk.start < hunk.stop else NEW_LINE
        places = [each.place for each in self.edited]
        beyond = any(hunk.start < p.stop and p.start < hunk.stop for p in places)
        return BEYOND if beyond else OUTSIDE

    def _is_moved(self, hunk: Hunk) -> bool:
        """Tell whether lines that went here came back elsewhere, or the other way round."""
        before, after = (set(text.split("\n")) - {""} for text in self._texts(hunk))
        others = [self._texts(each) for each in self.hunks if each.lines]
        gone = {line for text, _ in others for line in text.split("\n")}
        new = {line for _, text in others for line in text.split("\n")}
        return bool(before & new or after & gone)

    def _meets_new_plan(self, hunk: Hunk) -> bool:
        """Tell whether the plan changed the lines of a hunk as well, or those at their edges."""
        start = self.base.rfind("\n", 0, hunk.start)
        stop = self.base.find("\n", hunk.stop) + 1
        return any(each.new_start <= stop and start <= each.new_stop for each in self.since)

"""Drift: what becomes of a section that people edited since wikiplan last wrote it.

Nothing of theirs is overwritten unless the answer is ``reclaim``. Only here a comparison reads a
page's history, so that pages without drift cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from wikiplan import textmerge
from wikiplan.changes.changeset import (
    WAITING,
    Drift,
    Overwritten,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.changes.sectionhistory import BaseText, PageHistory
from wikiplan.plan import IMPORT, RECLAIM
from wikiplan.render import Edits, Unassigned, sourceedits, unitedits
from wikiplan.spans import Span
from wikiplan.translate import ParseError, markup
from wikiplan.wiki import Departure
from wikiplan.wikitext import (
    LostMarker,
    Merged,
    Section,
    Written,
    ownership,
    sections,
    unitmerge,
)

Places = Callable[[str], Sequence[Span]]
"""Returns where units stand in the plan's text of a section."""

Reading = Callable[[str, str], Edits]
"""Returns what people's edits mean for the units of a section (text before, text after)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A section's text on the page and as it should be; see :class:`Merged`.

    ``intact`` says that the plan's part stands as it was written, ``lost`` which of its units have
    no marker any more.
    """

    texts: Merged
    intact: bool
    lost: tuple[LostMarker, ...] = ()


@dataclass(frozen=True)
class PlanPart:
    """What of a section's texts is the plan's; on a translatable page people may add units.

    ``new`` is the plan's text of today, ``written`` is None on a page that is not translatable.
    """

    new: str = ""
    digest: str | None = None
    written: Written | None = None

    def compared(self, before: str, base: str | None = None) -> Compared:
        """Compare with what stands on the page; ``base`` is what was written, where it is known."""
        if self.written is None:
            same = sections.digest(before) == self.digest
            intact = same if self.digest else not before.strip()
            return Compared(Merged(self.new, before, self.new), intact)
        known = None if base is None else unitmerge.units_of(base)
        merged, owner = ownership.merge(before, self.new, replace(self.written, base=known))
        return Compared(merged, owner.intact, owner.lost)

    def own(self, after: str) -> str:
        """Return the plan's part of a text that is to be written."""
        if self.written is None:
            return after
        new = self.written.new
        return unitmerge.own_text(after, lambda unit: unit.id in new)

    def own_if(self, body: str, digest: str) -> str | None:
        """Return the plan's part of a text if it has this digest."""
        if self.written is None:
            return body if sections.digest(body) == digest else None
        try:
            owner = ownership.of(body, replace(self.written, digest=digest))
            return unitmerge.own_text(body, owner) if owner.intact else None
        except ParseError:
            return None

    def is_in(self, body: str, digest: str | None, own: str) -> bool:
        """Say whether ``own`` is what was written in a text; ``digest`` is that of its marker."""
        if self.written is None:
            return body == own
        try:
            owner = ownership.of(body, replace(self.written, digest=digest))
            found = unitmerge.own_text(body, owner)
        except ParseError:
            return False
        return unitmerge.tidied(found) == unitmerge.tidied(own)


@dataclass(frozen=True)
class DriftDecision:
    """Decides about the drifted sections of one page."""

    history: PageHistory
    plan_part: PlanPart
    places: Places
    reading: Reading

    def decide(self, found: Section, before: str, answer: str) -> SectionChange:
        """Return what becomes of a section whose text is ``before``."""
        base = self._base(found, self.plan_part.compared(before)) if found.digest else None
        compared = self.plan_part.compared(before, base.text if base else None)
        texts = compared.texts
        asked = bool(texts.stranded) and answer != RECLAIM
        if (compared.intact and not asked) or texts.body == before:
            return untouched(found.name, before, texts)
        drift = self._drift(found, compared, base, answer)
        change = SectionChange(found.name, SectionState.DRIFT, before, before, drift=drift)
        if answer == RECLAIM:
            return self._reclaimed(change, texts.body)
        if asked:
            return replace(change, state=SectionState.CONFLICT)
        if drift.base is None or drift.base == drift.ours:
            return change
        merged = textmerge.merge(drift.base, drift.ours, drift.now, self.places(drift.ours))
        if merged is None:
            return replace(change, state=SectionState.CONFLICT)
        if merged == drift.now:
            return change
        if merged == drift.ours:
            return untouched(found.name, before, texts)
        whole = unitmerge.put_back(merged, texts.added) if texts.added else merged
        return replace(change, state=SectionState.MERGED, after=whole, own=drift.ours)

    def respecting(self, change: SectionChange, answer: str) -> SectionChange:
        """Return a change, or what waits instead of it where people took just that text back."""
        if change.state not in (SectionState.CHANGED, SectionState.NEW, SectionState.MERGED):
            return change
        after, before = change.after, change.before
        ours, now = self.plan_part.own(after), self.plan_part.compared(before).texts.now
        # Where people edited on after they had taken it back, a merge would write it once more.
        wanted = dict.fromkeys((ours, change.own or ours))
        wrote = self.history.taken_back(
            change.name,
            lambda body, digest: any(self.plan_part.is_in(body, digest, own) for own in wanted),
        )
        if not wrote:
            return change
        edits = self.history.edits(change.name, wrote)
        drift = Drift(ours, now, ours, edits, answer)
        if change.state is SectionState.NEW:
            removed = replace(change, state=SectionState.REMOVED, after=before, drift=drift)
            return change if answer == RECLAIM else removed
        if answer == IMPORT:
            drift = replace(drift, units=self.reading(ours, now))
        change = replace(change, drift=drift, own=None)
        if answer == RECLAIM:
            return self._reclaimed(change, after)
        return replace(change, state=SectionState.REVERTED, after=before)

    def _base(self, found: Section, compared: Compared) -> BaseText | None:
        """Return what was written; the plan's own text only where it has the same units.

        A file of the plan that was renamed has other units with the same texts.
        """
        name, digest, own_if = found.name, found.digest or "", self.plan_part.own_if
        base = self.history.base(name, digest, compared.texts.own, own_if)
        there = {*unitmerge.units_of(compared.texts.now), *(lost.id for lost in compared.lost)}
        if base is None or unitmerge.units_of(base.text).keys() <= there:
            return base
        return self.history.base(name, digest, "", own_if) or base

    def _drift(
        self, found: Section, compared: Compared, base: BaseText | None, answer: str
    ) -> Drift:
        ours, now = compared.texts.own, compared.texts.now
        edits = self.history.edits(found.name, base.number if base else 0)
        text = base.text if base else None
        stranded = tuple(each.core for each in compared.texts.stranded)
        drift = Drift(text, now, ours, edits, answer, lost=compared.lost, stranded=stranded)
        if base is None or answer != IMPORT:
            return drift
        units = self.reading(base.text, ownership.mended(now, compared.lost))
        left = (each for each in units.left if not _is_in_plan(each, drift))
        return replace(drift, units=replace(units, left=tuple(left)))

    def _reclaimed(self, change: SectionChange, after: str) -> SectionChange:
        assert change.drift
        page = self.history.page
        edits = change.drift.edits
        newest = edits[-1].revision if edits else page
        over = Overwritten(newest.number, newest.user)
        return replace(change, state=SectionState.RECLAIMED, after=after, overwritten=over)


def untouched(name: str, before: str, texts: Merged) -> SectionChange:
    """Return what is to be done with a section of which nobody edited the plan's part."""
    state = SectionState.UNCHANGED if texts.body == before else SectionState.CHANGED
    return SectionChange(name, state, before, texts.body)


def _is_in_plan(left: Unassigned, drift: Drift) -> bool:
    """Say whether a change was taken into the plan before, and only the marker does not know."""
    since = left.reason in (unitedits.SINCE, sourceedits.SINCE)
    line = drift.now.split("\n")[left.line - 1 : left.line]
    return since and set(line) <= set(drift.ours.split("\n"))


def reason(change: PageChange, departure: Departure | None = None) -> str:
    """Say why a page's sections that people edited are not simply written.

    ``departure`` tells how a page left its title that the plan would create.
    """
    if departure and change.drifted:
        way = _MOVED.format(departure.to) if departure.to else _DELETED
        return f"the page was {departure}, left alone; {way}"
    told: dict[str, list[str]] = {}
    for section in sorted(change.sections, key=_urgency):
        if section.state in WAITING:
            told.setdefault(_words(section), []).append(section.name)
    return "; ".join(f"section {', '.join(names)}: {words}" for words, names in told.items())


def _urgency(section: SectionChange) -> int:
    return WAITING.index(section.state) if section.state in WAITING else len(WAITING)


def _words(section: SectionChange) -> str:
    """Say what is with a section; an import is proposed where it can be made and was not yet."""
    if section.drift and section.drift.stranded:
        return _stranded(section.drift)
    if section.state is SectionState.UNPLANNED and section.drift:
        return _EDITED_AND_RETIRED
    if section.drift and section.drift.lost:
        return _lost(section.state, section.drift)
    if section.drift and section.drift.answer == IMPORT and section.state in _AFTER_IMPORT:
        return _AFTER_IMPORT[section.state]
    if section.drift and section.drift.base is None and section.state is SectionState.DRIFT:
        return _UNKNOWN
    return _WORDS[section.state]


def _lost(state: SectionState, drift: Drift) -> str:
    """Say which markers are gone, and first what else people did."""
    only = state is SectionState.DRIFT and drift.base == ownership.mended(drift.now, drift.lost)
    return "; ".join([*([] if only else [_WORDS[state]]), *map(_lost_marker, drift.lost)])


def _stranded(drift: Drift) -> str:
    """Say which texts of people stand under, or beside, what the plan drops."""
    units = (unit for text in drift.stranded for unit in markup.parse(text).units)
    words = ", ".join(f"“{shorten(unit.text, _SHOWN, placeholder='…')}”" for unit in units)
    return (
        f"people added {words} to what the plan drops, left alone; move it on the wiki to where "
        "it belongs, or take it out there, or let -drift:reclaim put it behind what stands before"
    )


def _lost_marker(lost: LostMarker) -> str:
    start = shorten(lost.text, _SHOWN, placeholder="…")
    marker, instead = f"<!--T:{lost.id}-->", f"<!--T:{lost.number}-->"
    if not lost.number:
        return (
            f"somebody took the marker {marker} out and left its text (“{start}”); once the page "
            "is marked, the unit's translations are gone from it: put the marker back in front of "
            "the text, or let -drift:reclaim do it"
        )
    return (
        f"somebody took the marker {marker} out, and its text (“{start}”) has {instead} now, "
        f"without the unit's translations: put {marker} in the place of {instead}, or let "
        f"-drift:reclaim do it; translations that were made since under {lost.number} then leave "
        "the page"
    )


_SHOWN = 60
_BY_HAND = "put into the plan by hand what is right, then take the section back with -drift:reclaim"
_UNKNOWN = (
    "edited on the wiki, left alone; what wikiplan wrote before is not known, so -drift:import "
    f"cannot take it into the plan; {_BY_HAND}"
)
_AFTER_IMPORT = {
    SectionState.DRIFT: "edited on the wiki since wikiplan last wrote it, left alone as far as "
    f"-drift:import cannot take it into the plan; {_BY_HAND}",
    SectionState.REVERTED: "taken back on the wiki since wikiplan wrote it, left alone as far as "
    f"-drift:import cannot take the older text into the plan; {_BY_HAND}",
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and what -drift:import cannot take into the plan yet still waits: run it "
    "once more, then put the rest into the plan by hand, or -drift:reclaim",
}
_MOVED = "put {!r} into pages.yaml as its title, or create a second page with -drift:reclaim"
_DELETED = "restore it on the wiki, or take it out of pages.yaml"
_EDITED_AND_RETIRED = (
    "edited on the wiki since wikiplan last wrote it, so it is not taken out; say `remains: text` "
    "in pages.yaml to leave its text there without the markers, or take it out with -drift:reclaim"
)
_WORDS = {
    SectionState.DRIFT: "edited on the wiki since wikiplan last wrote it, left alone; take "
    "the edit into the plan with -drift:import, or the section back with -drift:reclaim",
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and the edit still waits: -drift:import or -drift:reclaim",
    SectionState.CONFLICT: "people and the plan changed the same text, left alone; put into the "
    "plan what is right, then take the section back with -drift:reclaim",
    SectionState.REVERTED: "taken back on the wiki since wikiplan wrote it, left alone until the "
    "plan has another text; take the older text into the plan with -drift:import, or write the "
    "plan's with -drift:reclaim",
    SectionState.REMOVED: "taken out of the page since wikiplan wrote it, left out until the plan "
    "has another text; take it out of pages.yaml, or put it back with -drift:reclaim",
    SectionState.UNPLANNED: "the plan does not have it, left as it is; say under `retired` in "
    "pages.yaml what remains of it, nothing or its text, or add it to the page there",
    SectionState.ADOPTED: "taken over as people wrote it, and most of its texts are not translated "
    "in the plan, so it is left alone; import them with plan_adopt -import -add, or write the "
    "plan's text with -drift:reclaim",
}

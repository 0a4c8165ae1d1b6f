"""Drift: what becomes of a section that people edited since wikiplan last wrote it.

Nothing of theirs is overwritten unless the answer is ``reclaim``. Only here a comparison reads a
page's history, so that pages without drift cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wikiplan import textmerge
from wikiplan.changes.changeset import (
    WAITING,
    Drift,
    Overwritten,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.changes.sectionhistory import PageHistory
from wikiplan.plan import IMPORT, RECLAIM
from wikiplan.render import Edits, Unassigned, sourceedits, unitedits
from wikiplan.spans import Span
from wikiplan.translate import ParseError
from wikiplan.wiki import Departure
from wikiplan.wikitext import Owned, Section, sections, unitmerge

Places = Callable[[str], Sequence[Span]]
"""Returns where units stand in the plan's text of a section."""

Reading = Callable[[str, str], Edits]
"""Returns what people's edits mean for the units of a section (text before, text after)."""


@dataclass(frozen=True)
class PlanPart:
    """What of a section's text is the plan's; on a translatable page people may add units."""

    owned: Owned | None = None

    def own(self, body: str) -> str:
        return body if self.owned is None else unitmerge.own_text(body, self.owned)

    def own_if(self, body: str, digest: str) -> str | None:
        """Return the plan's part of a text if it has this digest."""
        try:
            own = self.own(body)
        except ParseError:
            return None
        if self.owned is None:
            return own if sections.digest(own) == digest else None
        return own if unitmerge.is_ours(body, own, digest) else None

    def whole(self, own: str, body: str) -> str:
        """Return a new plan's part with what people added to the old text."""
        if self.owned is None:
            return own
        return unitmerge.put_back(own, unitmerge.lift(body, self.owned)[1])


@dataclass(frozen=True)
class DriftDecision:
    """Decides about the drifted sections of one page."""

    history: PageHistory
    plan_part: PlanPart
    places: Places
    reading: Reading

    def decide(self, found: Section, before: str, after: str, answer: str) -> SectionChange:
        """Return what becomes of a section whose text is ``before`` and would be ``after``."""
        drift = self._drift(found, before, after, answer)
        change = SectionChange(found.name, SectionState.DRIFT, before, before, drift=drift)
        if answer == RECLAIM:
            return self._reclaimed(change, after)
        if drift.base is None or drift.base == drift.ours:
            return change
        merged = textmerge.merge(drift.base, drift.ours, drift.now, self.places(drift.ours))
        if merged is None:
            return replace(change, state=SectionState.CONFLICT)
        if merged == drift.now:
            return change
        if merged == drift.ours:
            return replace(change, state=SectionState.CHANGED, after=after, drift=None)
        whole = self.plan_part.whole(merged, before)
        return replace(change, state=SectionState.MERGED, after=whole, own=drift.ours)

    def respecting(self, change: SectionChange, answer: str) -> SectionChange:
        """Return a change, or what waits instead of it where people took just that text back."""
        if change.state not in (SectionState.CHANGED, SectionState.NEW, SectionState.MERGED):
            return change
        after, before = change.after, change.before
        ours, now = self.plan_part.own(after), self.plan_part.own(before)
        # Where people edited on after they had taken it back, a merge would write it once more.
        wanted = {sections.digest(ours), sections.digest(change.own or ours)}
        wrote = self.history.taken_back(
            change.name,
            lambda body: any(self.plan_part.own_if(body, digest) is not None for digest in wanted),
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

    def _drift(self, found: Section, before: str, after: str, answer: str) -> Drift:
        ours, now = self.plan_part.own(after), self.plan_part.own(before)
        base = None
        if found.digest:
            base = self.history.base(found.name, found.digest, after, self.plan_part.own_if)
        edits = self.history.edits(found.name, base.number if base else 0)
        drift = Drift(base.text if base else None, now, ours, edits, answer)
        if base is None or answer != IMPORT:
            return drift
        units = self.reading(base.text, now)
        left = (each for each in units.left if not _is_in_plan(each, drift))
        return replace(drift, units=replace(units, left=tuple(left)))

    def _reclaimed(self, change: SectionChange, after: str) -> SectionChange:
        assert change.drift
        page = self.history.page
        edits = change.drift.edits
        newest = edits[-1].revision if edits else page
        over = Overwritten(newest.number, newest.user)
        return replace(change, state=SectionState.RECLAIMED, after=after, overwritten=over)


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
    if section.drift and section.drift.answer == IMPORT and section.state in _AFTER_IMPORT:
        return _AFTER_IMPORT[section.state]
    if section.drift and section.drift.base is None and section.state is SectionState.DRIFT:
        return _UNKNOWN
    return _WORDS[section.state]


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
    SectionState.ADOPTED: "taken over as people wrote it, and most of its texts are not translated "
    "in the plan, so it is left alone; import them with plan_adopt -import -add, or write the "
    "plan's text with -drift:reclaim",
}

"""Drift: what becomes of a section that people edited since wikiplan last wrote it.

Nothing of theirs is overwritten unless the answer is ``reclaim``. Only here a comparison reads a
page's history, so that pages without drift cost nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wikiplan import textmerge
from wikiplan.changes.changeset import (
    Drift,
    Overwritten,
    SectionChange,
    SectionState,
)
from wikiplan.changes.sectionhistory import BaseText, PageHistory
from wikiplan.plan import IMPORT, RECLAIM
from wikiplan.render import Edits, Unassigned, sourceedits, unitedits
from wikiplan.spans import Span
from wikiplan.translate import ParseError
from wikiplan.value import Value, replace
from wikiplan.wikitext import (
    LostMarker,
    Merged,
    Section,
    Written,
    ownership,
    sections,
    unitmerge,
)

MAY_BE_TAKEN_BACK = (SectionState.CHANGED, SectionState.NEW, SectionState.MERGED)
"""What would be written anew, and may be just what people took back."""

Places = Callable[[str], Sequence[Span]]
"""Returns where units stand in the plan's text of a section."""

Reading = Callable[[str, str], Edits]
"""Returns what people's edits mean for the units of a section (text before, text after)."""


class Compared(Value):
    """A section's text on the page and as it should be; see :class:`Merged`.

    ``intact`` says that the plan's part stands as it was written, ``lost`` which of its units have
    no marker any more.
    """

    texts: Merged
    intact: bool
    lost: tuple[LostMarker, ...] = ()


class PlanPart(Value):
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


class DriftDecision(Value):
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
        if change.state not in MAY_BE_TAKEN_BACK:
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
        drift = Drift(base=ours, now=now, ours=ours, edits=edits, answer=answer)
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
        drift = Drift(
            base=text,
            now=now,
            ours=ours,
            edits=edits,
            answer=answer,
            lost=compared.lost,
            stranded=stranded,
        )
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

"""Drift: what becomes of a section that people edited since wikiplan last wrote it.

Nothing of theirs is overwritten unless the answer is ``reclaim``. Only here a comparison reads a
page's history, so that pages without drift cost nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from wikiplan import textmerge
from wikiplan.changes.changeset import (
    WAITING,
    Drift,
    LaterRevision,
    Overwritten,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.errors import Refusal, Stop
from wikiplan.plan import IMPORT, RECLAIM
from wikiplan.render import Edits, Unassigned, sourceedits, unitedits
from wikiplan.spans import Span
from wikiplan.translate import ParseError
from wikiplan.wiki import HistoryEntry, Revision, Wiki
from wikiplan.wikitext import Owned, Section, sections, unitmerge

# The text of a section that wikiplan last wrote, found by the digest in its begin marker.
#
# It stands in the page's history. After a merge with people's edits it stands nowhere: it is put
# together again, backwards, from what was merged, and the digest says whether that is right.


MOST_TEXTS = 20
"""So many of a page's newest revisions are read, one request each: a section that was edited more
often since it was written is hardly the plan's any more. As many older ones are tried that the
account made."""

_RUN = re.compile(r"\[run \S+\]")

OwnText = Callable[[str, str], str | None]
"""Returns the plan's part of a section's text if that has the digest (text, digest)."""


@dataclass(frozen=True, slots=True)
class BaseText:
    """The text that was written, and the revision that people's edits came after.

    ``number`` is 0 where that revision was not found.
    """

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class _SectionBody:
    """A section in one revision; ``digest`` is its begin marker's, None without section or digest.

    ``damage`` says why the revision cannot be read.
    """

    text: str = ""
    digest: str | None = None
    damage: str = ""


@dataclass
class PageHistory:
    """A page's history, read as far as it is wanted and each text once. ``account`` is ours."""

    wiki: Wiki
    page: Revision
    account: str
    _bodies: dict[int, Mapping[str, _SectionBody] | str] = field(default_factory=dict)

    @cached_property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """All revisions, newest first; none where the wiki refuses to tell."""
        try:
            return tuple(self.wiki.history(self.page.page_id, self.page.title, 0))
        except Refusal as refusal:
            if isinstance(refusal, Stop):
                raise
            return ()

    def base(self, name: str, digest: str, present: str, own_text: OwnText) -> BaseText | None:
        """Return the base of a section; ``present`` is what the plan says now.

        None where nothing that can be read has the digest.
        """
        written = self._written(name, digest, own_text, 0)
        own = own_text(present, digest)
        return written if own is None else BaseText(own, written.number if written else 0)

    def edits(self, name: str, since: int) -> tuple[LaterRevision, ...]:
        """Return people's revisions after ``since`` that touched the section, oldest first.

        With ``since`` 0 only the newest of them: nobody knows how far they go back.
        """
        found = [edit for entry in self._after(since) if (edit := self._edit(name, entry))]
        return tuple(found[::-1] if since else found[:1])

    def _after(self, since: int) -> Iterator[HistoryEntry]:
        for entry in self.entries[:MOST_TEXTS]:
            if entry.number == since:
                return
            if not (entry.user == self.account and _RUN.search(entry.summary)):
                yield entry

    def _edit(self, name: str, entry: HistoryEntry) -> LaterRevision | None:
        after, before = self._body(entry.number, name), self._body(entry.parent, name)
        damage = after.damage or before.damage
        if after.text == before.text and not damage:
            return None
        texts = {} if damage else {name: (before.text, after.text)}
        return LaterRevision(entry, texts, damage=damage)

    def _written(self, name: str, digest: str, own_text: OwnText, start: int) -> BaseText | None:
        """Look for the text among the revisions from the ``start``-th newest on."""
        wrote = None
        for at in self._candidates(start):
            number = self.entries[at].number
            body = self._body(number, name)
            if body.digest not in (digest, None):
                break
            if body.digest:
                wrote = at
                own = own_text(body.text, digest)
                if own is not None:
                    return BaseText(own, number)
        return None if wrote is None else self._merged(name, digest, own_text, wrote)

    def _candidates(self, start: int) -> Iterator[int]:
        yield from range(start, min(len(self.entries), MOST_TEXTS))
        older = range(max(start, MOST_TEXTS), len(self.entries))
        yield from [at for at in older if self.entries[at].user == self.account][:MOST_TEXTS]

    def _merged(self, name: str, digest: str, own_text: OwnText, wrote: int) -> BaseText | None:
        """Take people's edits out of what the ``wrote``-th newest revision merged."""
        if wrote >= MOST_TEXTS:
            return None
        entry = self.entries[wrote]
        merged, before = self._body(entry.number, name), self._body(entry.parent, name)
        if before.digest in (digest, None):
            return None
        base = self._written(name, before.digest, own_text, wrote + 1)
        if base is None:
            return None
        text = textmerge.merge(before.text, base.text, merged.text)
        own = None if text is None else own_text(text, digest)
        return None if own is None else BaseText(own, base.number)

    def _body(self, number: int, name: str) -> _SectionBody:
        if not number:
            return _SectionBody()
        if number not in self._bodies:
            self._bodies[number] = self._read(number)
        bodies = self._bodies[number]
        return (
            _SectionBody(damage=bodies)
            if isinstance(bodies, str)
            else bodies.get(name, _SectionBody())
        )

    def _read(self, number: int) -> Mapping[str, _SectionBody] | str:
        try:
            text = self.page.text if number == self.page.number else self.wiki.text_of(number)
            found = sections.find(text, self.wiki.extension_tags)
        except Stop:
            raise
        except Refusal as refusal:
            return str(refusal)
        return {
            each.name: _SectionBody(sections.body_of(text, each), each.digest) for each in found
        }


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


def reason(change: PageChange) -> str:
    """Say why a page's sections that people edited are not simply written."""
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
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and what -drift:import cannot take into the plan yet still waits: run it "
    "once more, then put the rest into the plan by hand, or -drift:reclaim",
}
_WORDS = {
    SectionState.DRIFT: "edited on the wiki since wikiplan last wrote it, left alone; take "
    "the edit into the plan with -drift:import, or the section back with -drift:reclaim",
    SectionState.MERGED: "edited on the wiki since wikiplan last wrote it; the plan's change is "
    "merged with that, and the edit still waits: -drift:import or -drift:reclaim",
    SectionState.CONFLICT: "people and the plan changed the same text, left alone; put into the "
    "plan what is right, then take the section back with -drift:reclaim",
    SectionState.ADOPTED: "taken over as people wrote it, and most of its texts are not translated "
    "in the plan, so it is left alone; import them with plan_adopt -import -add, or write the "
    "plan's text with -drift:reclaim",
}

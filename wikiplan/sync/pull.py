"""Bringing what translators did on the wiki into the catalogs: one page, one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wikiplan import utc
from wikiplan.catalogs import checks
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Finding
from wikiplan.plan import Credit, Term
from wikiplan.sync.credit import translator_of
from wikiplan.sync.lastseen import LastSeen, LastSeenFile
from wikiplan.sync.reconciling import SideState, SyncStep, decide
from wikiplan.sync.units import SyncOutcome, SyncResult, SyncUnit, refused
from wikiplan.translate import lost_marks
from wikiplan.value import Value, replace
from wikiplan.wiki import NO_TRANSLATION, UnitState

KEPT = "the catalog keeps its own, and in a comment this one"
STATES_DIFFER = (
    "the wiki and the catalog have the same text, and one says that it is outdated; "
    "choose with -take:wiki or -take:catalog"
)
DELETED = (
    "the catalog keeps it; restore it on the wiki, or say pull -take:wiki to leave it deleted there"
)


class ComparedUnit(Value):
    """A unit on both sides, and what it needs."""

    unit: SyncUnit
    state: UnitState
    wiki: SideState
    catalog: SideState
    step: SyncStep


@dataclass
class LanguagePull:
    """One language's pull into a catalog that is in step with the plan.

    ``made_for`` asks the wiki which English an outdated translation was made for.
    """

    language: str
    catalog: Catalog
    base: LastSeenFile
    glossary: Sequence[Term]
    take: str
    made_for: Callable[[SyncUnit, str], str | None]
    credit: Credit = field(default_factory=Credit)
    taken: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    """Key, account and time of each text that was taken."""

    def run(self, units: Sequence[SyncUnit], states: Mapping[str, UnitState]) -> list[SyncResult]:
        """Take over what is newer on the wiki; return what became of each unit."""
        found = [self._compared(unit, states.get(unit.id, NO_TRANSLATION)) for unit in units]
        return [self._settled(each) for each in self._without_rivals(found)]

    def _compared(self, unit: SyncUnit, state: UnitState) -> ComparedUnit:
        wiki = unit.wiki_side(state.text, outdated=not state.current)
        catalog = unit.catalog_side(self.catalog)
        beside = self.catalog.get(unit.unit).conflicts
        seen = self.base.get(unit.place)
        step = decide(wiki, catalog, unit.english, seen, beside)
        if step is SyncStep.CONFLICT and self.take == "wiki":
            step = SyncStep.TAKE
        return ComparedUnit(unit, state, wiki, catalog, step)

    def _without_rivals(self, found: Sequence[ComparedUnit]) -> Iterator[ComparedUnit]:
        """A key with several places has one text: the newest; the others are in conflict."""
        newest: dict[str, ComparedUnit] = {}
        for each in found:
            rival = newest.get(each.unit.unit.key)
            if each.step is SyncStep.TAKE and (
                rival is None or each.state.revision > rival.state.revision
            ):
                newest[each.unit.unit.key] = each
        for each in found:
            best = newest.get(each.unit.unit.key, each)
            lost = each.step is SyncStep.TAKE and each.wiki.text != best.wiki.text
            yield replace(each, step=SyncStep.CONFLICT) if lost else each

    def _settled(self, each: ComparedUnit) -> SyncResult:
        if each.step is SyncStep.TAKE:
            return self._taken(each)
        if each.step is SyncStep.CONFLICT:
            return self._conflict(each)
        if each.step is SyncStep.DELETED:
            return self._deleted(each)
        if each.step is SyncStep.GIVE:
            return self._result(each, _waiting(each.unit, each.catalog.text))
        if each.step is SyncStep.IN_STEP and each.wiki.text:
            self._remember(each)
        return self._result(each, SyncOutcome.UNCHANGED)

    def _taken(self, each: ComparedUnit) -> SyncResult:
        findings = self._findings(each)
        if any(not finding.warning for finding in findings):
            return refused(each.unit, self.language, each.wiki.text, findings)
        unit, same = each.unit.unit, each.wiki.text == each.catalog.text
        if same and not each.wiki.current:
            self.catalog.outdate(unit, self._made_for(each))
        else:
            self.catalog.set(unit, each.wiki.text, self._made_for(each))
            if not each.wiki.current:
                self.catalog.outdate(unit, self._made_for(each))
        self._remember(each)
        if not same:
            self.taken.append((unit.key, each.state.translator, each.state.written))
        changed = SyncOutcome.CONFIRMED if each.wiki.current else SyncOutcome.DOUBTED
        return self._result(each, changed if same else SyncOutcome.TAKEN, findings)

    def _findings(self, each: ComparedUnit) -> tuple[Finding, ...]:
        unit, text = each.unit.unit, each.wiki.text
        outdated = not each.wiki.current
        lost = lost_marks(each.state.text, each.unit.marks)
        found = checks.findings(unit, text, self.language, self.glossary, outdated=outdated)
        return (*lost, *found)

    def _made_for(self, each: ComparedUnit) -> str:
        """Return the English that the wiki's text was made for, empty when nobody knows."""
        if each.wiki.current:
            return each.unit.unit.text
        if each.state.current:
            return self._english(each.unit, each.unit.marked)
        asked = self.made_for(each.unit, self.language)
        return self._english(each.unit, asked) if asked else ""

    def _english(self, unit: SyncUnit, definition: str) -> str:
        """Return a definition as the catalog had or has it, so that it is known again."""
        known = (unit.unit.text, self.catalog.get(unit.unit).previous_english)
        same = (each for each in known if unit.on_wiki(each, outdated=False) == definition)
        return next(same, unit.in_catalog(definition))

    def _conflict(self, each: ComparedUnit) -> SyncResult:
        if self.take:
            # The wiki's counts as seen, and the catalog's as newer: the push goes on from there.
            self._remember(each)
            return self._result(each, _waiting(each.unit, each.catalog.text))
        if each.wiki.text == each.catalog.text:
            return self._result(each, SyncOutcome.CONFLICT, why=STATES_DIFFER)
        state = each.state
        origin = f"the wiki (revision {state.revision} by {self._named(state) or 'somebody'})"
        self.catalog.keep_beside(each.unit.unit, each.wiki.text, origin)
        seen = self.base.get(each.unit.place) or LastSeen()
        self.base.set(each.unit.place, replace(seen, kept=each.wiki.digest))
        return self._result(each, SyncOutcome.CONFLICT, why=f"{KEPT}: {each.wiki.text}")

    def _deleted(self, each: ComparedUnit) -> SyncResult:
        if self.take != "wiki":
            return self._result(each, SyncOutcome.DELETED, why=DELETED)
        self.base.set(each.unit.place, LastSeen("", each.catalog.digest, each.unit.english))
        return self._result(each, SyncOutcome.UNCHANGED)

    def _remember(self, each: ComparedUnit) -> None:
        """Note the wiki's text as the one that was last seen on both sides."""
        state = each.state
        written = utc.stamp(state.written) if state.written else ""
        who = self._named(state)
        each.unit.remember(self.base, self.catalog, each.wiki, state.revision, who, written)

    def _named(self, state: UnitState) -> str:
        """Return the account that made a text, empty of one that is not to be named."""
        found = translator_of(state.translator, self.credit)
        return found.account if found else ""

    def _result(
        self,
        each: ComparedUnit,
        outcome: SyncOutcome,
        findings: tuple[Finding, ...] = (),
        why: str = "",
    ) -> SyncResult:
        return SyncResult(each.unit, self.language, outcome, each.wiki.text, why, findings)


def _waiting(unit: SyncUnit, text: str) -> SyncOutcome:
    """Return why a catalog's text is not on the wiki yet."""
    if unit.on_wiki(text, outdated=False) == unit.planned:
        return SyncOutcome.SAME_AS_ENGLISH
    return SyncOutcome.WAITS if unit.waits else SyncOutcome.TO_PUSH

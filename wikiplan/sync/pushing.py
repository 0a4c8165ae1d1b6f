"""What a catalog has to say to a translatable page: which of its texts are the newer ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wikiplan.catalogs import translationcheck
from wikiplan.catalogs.catalog import Catalog
from wikiplan.findings import Finding
from wikiplan.plan.glossary import Term
from wikiplan.sync.reconciling import Side, Step, decide
from wikiplan.sync.syncbase import SyncBase
from wikiplan.sync.syncoutcome import Outcome, Synced, refused
from wikiplan.sync.syncunits import SyncUnit
from wikiplan.translate.translationtext import clean, is_outdated, lost_marks
from wikiplan.wiki.translatewiki import UnitState
from wikiplan.wiki.wiki import Revision, Saved

CHOOSE = "pull keeps both in the catalog; choose there, or with -take:wiki or -take:catalog"
DELETED = "it stays in the catalog; restore it on the wiki, or say pull -take:wiki"
BY_RIGHT = "only an account with the right “unfuzzy” can mark it as current"


@dataclass(frozen=True, slots=True)
class Push:
    """One edit to make: ``raw`` is the new text of the unit's page as ``page`` has it now."""

    unit: SyncUnit
    language: str
    page: Revision
    raw: str
    text: str
    current: bool
    findings: tuple[Finding, ...] = ()


@dataclass
class Pushing:
    """What one language's catalog has to say to a page. ``unfuzzy`` is the account's right."""

    language: str
    catalog: Catalog
    base: SyncBase
    glossary: Sequence[Term]
    take: str
    unfuzzy: bool = True

    def candidates(self, units: Sequence[SyncUnit]) -> list[SyncUnit]:
        """Return the units that would be pushed if the wiki were as it was last seen."""
        return [unit for unit in units if self._wants(unit)]

    def _wants(self, unit: SyncUnit) -> bool:
        catalog = unit.catalog_side(self.catalog)
        seen = self.base.get(unit.place)
        if not catalog.text or _is_english(unit, catalog.text):
            return False
        if seen is None or not seen.known:
            return True
        if not catalog.is_at(seen.catalog):
            return True
        if not seen.wiki or seen.wiki != seen.catalog:
            return False
        current = seen.current and seen.english == unit.english and not unit.waits
        return catalog.current != current

    def asks_for_state(self, unit: SyncUnit, page: Revision) -> bool:
        """Return whether a page's text is not enough: only the wiki's tables say “outdated”.

        Where the catalog's text is another one it does not matter what the wiki's is worth.
        """
        same = unit.in_catalog(page.text) == unit.catalog_side(self.catalog).text
        return page.exists and (same or not self.unfuzzy)

    def plan(self, unit: SyncUnit, page: Revision, state: UnitState | None = None) -> Push | Synced:
        """Say what becomes of a candidate, now that its page was read."""
        outdated = is_outdated(page.text) or (state is not None and state.outdated)
        wiki = unit.wiki_side(page.text, outdated=outdated) if page.exists else Side()
        catalog = unit.catalog_side(self.catalog)
        seen = self.base.get(unit.place)
        beside = self.catalog.get(unit.unit).conflicts
        step = decide(wiki, catalog, unit.english, seen, beside)
        if step is Step.CONFLICT and self.take == "catalog":
            step = Step.GIVE
        if step is Step.GIVE:
            return self._push(unit, page, catalog, outdated)
        if step is Step.CONFLICT:
            return self._result(unit, Outcome.CONFLICT, wiki.text, CHOOSE)
        if step is Step.DELETED:
            return self._result(unit, Outcome.DELETED, catalog.text, DELETED)
        if step is Step.IN_STEP:  # such as what a run pushed that was killed then
            unit.remember(self.base, self.catalog, wiki, page.number, page.user)
        return self._result(unit, Outcome.UNCHANGED, wiki.text)

    def _push(self, unit: SyncUnit, page: Revision, catalog: Side, outdated: bool) -> Push | Synced:
        text = self.catalog.get(unit.unit).text
        if unit.waits:
            return self._result(unit, Outcome.WAITS, text)
        findings = self._findings(unit, text, catalog)
        if any(not finding.warning for finding in findings):
            return refused(unit, self.language, text, findings)
        if page.refusals:
            why = "; ".join(words for _, words in page.refusals)
            return self._result(unit, Outcome.REFUSED, text, f"the wiki says “{why}”")
        stays = outdated and not self.unfuzzy
        current = catalog.current and not stays
        raw = unit.on_wiki(text, outdated=not current)
        # A save of the same text would mark an outdated one as current: only if that is meant.
        if clean(raw) == clean(page.text) and current != outdated:
            if stays:
                return self._result(unit, Outcome.NEEDS_RIGHT, text, BY_RIGHT)
            return self._result(unit, Outcome.UNCHANGED, text)
        return Push(unit, self.language, page, raw, text, current, findings)

    def _findings(self, unit: SyncUnit, text: str, catalog: Side) -> tuple[Finding, ...]:
        raw = unit.on_wiki(text, outdated=False)
        found = translationcheck.findings(
            unit.unit, text, self.language, self.glossary, outdated=not catalog.current
        )
        return (*lost_marks(raw, unit.marks), *found)

    def _result(self, unit: SyncUnit, outcome: Outcome, text: str, why: str = "") -> Synced:
        return Synced(unit, self.language, outcome, text, why)

    def remember(self, push: Push, saved: Saved, account: str) -> None:
        """Note an edit that was made; one to which the wiki merged another stays unseen."""
        if saved.parent != push.page.number:
            return
        unit, base = push.unit, self.base
        self.catalog.drop_beside(unit.unit, unit.in_catalog(push.page.text))
        side = Side(unit.in_catalog(push.raw), push.current)
        unit.remember(base, self.catalog, side, saved.number or push.page.number, account)


def _is_english(unit: SyncUnit, text: str) -> bool:
    return unit.on_wiki(text, outdated=False) in (unit.planned, unit.marked)

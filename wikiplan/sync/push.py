"""What a catalog has to say to a translatable page: which of its texts are the newer ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from wikiplan.catalogs import checks
from wikiplan.catalogs.catalog import Catalog
from wikiplan.changes import (
    INTERRUPTED,
    MOST_FILTER_HITS,
    Interrupt,
    Saving,
    look_at_stop_page,
)
from wikiplan.errors import (
    ABUSE_FILTER,
    STOPPED_BY_SIGNAL,
    Conflict,
    Finding,
    Refusal,
    Stop,
    Unclear,
    WikiplanError,
)
from wikiplan.plan import Term
from wikiplan.sync.credit import KnownTranslators, Translator
from wikiplan.sync.lastseen import LastSeenFile
from wikiplan.sync.reconciling import SideState, SyncStep, decide
from wikiplan.sync.units import SyncOutcome, SyncResult, SyncUnit, refused
from wikiplan.translate import FUZZY, clean, has_outdated_mark, lost_marks
from wikiplan.value import Value, replace
from wikiplan.wiki import Edit, Head, Revision, Saved, TranslateWiki, UnitState, Wiki

CHOOSE = "pull keeps both in the catalog; choose there, or with -take:wiki or -take:catalog"
DELETED = "it stays in the catalog; restore it on the wiki, or say pull -take:wiki"
NOT_OUTDATED = "saved, and the English was marked anew meanwhile: mark it as outdated by hand"
BY_RIGHT = "only an account with the right “unfuzzy” can mark it as current"


class PushEdit(Value):
    """One edit to make: ``raw`` is the new text of the unit's page as ``page`` has it now."""

    unit: SyncUnit
    language: str
    page: Revision
    raw: str
    text: str
    current: bool
    findings: tuple[Finding, ...] = ()
    source: str = ""
    """Where the wiki has the same text for the same English already, if this is a new page."""
    translator: Translator | None = None
    """Who made the text, as far as the last syncs know."""


@dataclass
class LanguagePush:
    """What one language's catalog has to say to a page. ``unfuzzy`` is the account's right,
    and ``not_taken`` says why the page takes no new translations into the language, if so.

    ``titles`` are those of the site's translatable pages, among which the source of a text is.
    """

    language: str
    catalog: Catalog
    base: LastSeenFile
    glossary: Sequence[Term]
    take: str
    unfuzzy: bool = True
    not_taken: str = ""
    titles: Collection[str] = ()
    translators: KnownTranslators | None = None

    def candidates(self, units: Sequence[SyncUnit]) -> list[SyncUnit]:
        """Return the units that would be pushed if the wiki were as it was last seen."""
        return [unit for unit in units if self._wants(unit)]

    def stood_there(self, units: Sequence[SyncUnit]) -> list[SyncUnit]:
        """Return the units of which the wiki had a text when it was last seen, as the catalog has.

        Of those that would not be pushed nobody would notice that it was deleted.
        """
        return [unit for unit in units if self._stood_there(unit) and not self._wants(unit)]

    def _stood_there(self, unit: SyncUnit) -> bool:
        seen = self.base.get(unit.place)
        return bool(seen and seen.wiki and unit.catalog_side(self.catalog).text)

    def deleted(self, unit: SyncUnit) -> SyncResult:
        """Return what becomes of a text that people deleted on the wiki."""
        text = unit.catalog_side(self.catalog).text
        return self._result(unit, SyncOutcome.DELETED, text, DELETED)

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

    def plan(
        self, unit: SyncUnit, page: Revision, state: UnitState | None = None
    ) -> PushEdit | SyncResult:
        """Say what becomes of a candidate, now that its page was read."""
        outdated = has_outdated_mark(page.text) or (state is not None and state.outdated)
        wiki = unit.wiki_side(page.text, outdated=outdated) if page.exists else SideState()
        catalog = unit.catalog_side(self.catalog)
        seen = self.base.get(unit.place)
        beside = self.catalog.get(unit.unit).conflicts
        step = decide(wiki, catalog, unit.english, seen, beside)
        if step is SyncStep.CONFLICT and self.take == "catalog":
            step = SyncStep.GIVE
        if step is SyncStep.GIVE:
            return self._push(unit, page, catalog, outdated)
        if step is SyncStep.CONFLICT:
            return self._result(unit, SyncOutcome.CONFLICT, wiki.text, CHOOSE)
        if step is SyncStep.DELETED:
            return self._result(unit, SyncOutcome.DELETED, catalog.text, DELETED)
        if step is SyncStep.IN_STEP:  # such as what a run pushed that was killed then
            unit.remember(self.base, self.catalog, wiki, page.number, page.user)
        return self._result(unit, SyncOutcome.UNCHANGED, wiki.text)

    def _push(
        self, unit: SyncUnit, page: Revision, catalog: SideState, outdated: bool
    ) -> PushEdit | SyncResult:
        text = self.catalog.get(unit.unit).text
        if unit.waits:
            return self._result(unit, SyncOutcome.WAITS, text)
        findings = self._findings(unit, text, catalog)
        if any(not finding.warning for finding in findings):
            return refused(unit, self.language, text, findings)
        if self.not_taken and not page.exists:
            return self._result(unit, SyncOutcome.NOT_TAKEN, text, self.not_taken)
        if page.refusals:
            why = "; ".join(words for _, words in page.refusals)
            return self._result(unit, SyncOutcome.REFUSED, text, f"the wiki says “{why}”")
        stays = outdated and not self.unfuzzy
        current = catalog.current and not stays
        raw = unit.on_wiki(text, outdated=not current)
        # A save of the same text would mark an outdated one as current: only if that is meant.
        if clean(raw) == clean(page.text) and current != outdated:
            if stays:
                return self._result(unit, SyncOutcome.NEEDS_RIGHT, text, BY_RIGHT)
            return self._result(unit, SyncOutcome.UNCHANGED, text)
        source = "" if page.exists or not current else self._source(unit, catalog)
        who = self.translators.of(catalog.digest) if self.translators else None
        return PushEdit(unit, self.language, page, raw, text, current, findings, source, who)

    def _source(self, unit: SyncUnit, text: SideState) -> str:
        """Return the page of a translation that a text is a copy of, empty where it is none."""
        place = self._copied.get((text.digest, unit.english), "")
        site = f"{unit.elsewhere} ".lstrip()
        title, _, id = place.removeprefix(site).rpartition("/")
        there = place.startswith(site) and title in self.titles
        return f"Translations:{title}/{id}/{self.language}" if there else ""

    @cached_property
    def _copied(self) -> Mapping[tuple[str, str], str]:
        """The places of the wiki's current texts, by the digests of text and English."""
        seen = self.base.places.items()
        return {(each.wiki, each.english): place for place, each in seen if each.current}

    def _findings(self, unit: SyncUnit, text: str, catalog: SideState) -> tuple[Finding, ...]:
        raw = unit.on_wiki(text, outdated=False)
        found = checks.findings(
            unit.unit, text, self.language, self.glossary, outdated=not catalog.current
        )
        bare = checks.bare_on_wiki(unit.unit, text) if catalog.current else ()
        return (*lost_marks(raw, unit.marks), *bare, *found)

    def _result(self, unit: SyncUnit, outcome: SyncOutcome, text: str, why: str = "") -> SyncResult:
        return SyncResult(unit, self.language, outcome, text, why)

    def remember(self, push: PushEdit, saved: Saved, account: str) -> None:
        """Note an edit that was made; one to which the wiki merged another stays unseen."""
        if saved.parent != push.page.number:
            return
        unit, base = push.unit, self.base
        self.catalog.drop_beside(unit.unit, unit.in_catalog(push.page.text))
        side = SideState(unit.in_catalog(push.raw), push.current)
        unit.remember(base, self.catalog, side, saved.number or push.page.number, account)


def _is_english(unit: SyncUnit, text: str) -> bool:
    return unit.on_wiki(text, outdated=False) in (unit.planned, unit.marked)


# Writing translations to a wiki: every edit once, against the revision that was read.


SECONDS_BETWEEN_CHECKS = 60
"""How long a run goes on, at most, after somebody asked it to stop."""


@dataclass
class StopPage:
    """What ends a run: a signal, or text on the stop page, read at the start and each minute."""

    wiki: Wiki
    title: str
    interrupt: Interrupt
    clock: Callable[[], float] = time.monotonic
    _checked: float = float("-inf")

    def check(self) -> None:
        """Raise :class:`Stop` when the run has to end."""
        if self.interrupt.reason:
            raise Stop(STOPPED_BY_SIGNAL, self.interrupt.reason)
        now = self.clock()
        if self.title and now - self._checked >= SECONDS_BETWEEN_CHECKS:
            self._checked = now
            look_at_stop_page(self.wiki, self.title)


@dataclass
class PushRun:
    """The edits of one push. ``before`` is called before each edit, and raises to end the run;
    ``summary`` makes its edit summary.

    ``ended`` is what ended it before its end. Each edit has its result in ``results`` as soon as
    that is known, whatever becomes of the run.
    """

    wiki: TranslateWiki
    saving: Saving
    summary: Callable[[PushEdit], str]
    before: Callable[[], None] = lambda: None
    results: list[tuple[PushEdit, Saved | SyncResult]] = field(default_factory=list)
    ended: WikiplanError | None = None
    _filter_hits: int = 0

    def run(self, pushes: Sequence[PushEdit]) -> None:
        """Make each edit; nothing after a stop is tried."""
        try:
            for push in pushes:
                self.before()
                self._push(push)
            self._check()
        except Stop as stop:
            self.ended = stop
        finally:
            why = str(self.ended or "interrupted")
            for push in pushes[len(self.results) :]:
                self._add(push, SyncOutcome.NOT_TRIED, why)

    @property
    def done(self) -> list[tuple[PushEdit, Saved]]:
        return [(push, found) for push, found in self.results if isinstance(found, Saved)]

    def _push(self, push: PushEdit) -> None:
        """Make one edit. Raises :class:`Stop` when that ends the run."""
        try:
            self.results.append((push, self._saved(push, push.page, push.raw)))
        except Conflict as conflict:
            self._add(push, SyncOutcome.MOVED, str(conflict))
        except Stop:
            raise
        except Refusal as refusal:
            self._refused(push, refusal)
        except Unclear as lost:
            self._add(push, SyncOutcome.NOT_KNOWN, str(lost))
            if lost.stop:
                raise lost.stop from lost
        except BaseException:
            self._add(push, SyncOutcome.NOT_KNOWN, INTERRUPTED)
            raise

    def _refused(self, push: PushEdit, refusal: Refusal) -> None:
        if refusal.code == "pagedeleted":
            self._add(push, SyncOutcome.DELETED, DELETED)
            return
        self._add(push, SyncOutcome.REFUSED, str(refusal))
        self._filter_hits += refusal.code.startswith("abusefilter")
        if self._filter_hits >= MOST_FILTER_HITS:
            message = f"an edit filter of the wiki was hit {MOST_FILTER_HITS} times"
            raise Stop(ABUSE_FILTER, message)

    def _check(self) -> None:
        """Look at all that was saved, in one request, and put revisions right that are other ones.

        What was saved is known; where the wiki cannot be asked it stays as it is.
        """
        titles = [push.page.title for push, _ in self.done]
        with suppress(WikiplanError):
            heads = self.saving.wiki.heads(titles) if titles else {}
            for place, (push, found) in enumerate(self.results):
                if isinstance(found, Saved) and found.number:
                    self.results[place] = (push, self._checked(push, found, heads))

    def _checked(self, push: PushEdit, saved: Saved, heads: Mapping[str, Head]) -> Saved:
        if heads[push.page.title].number in (saved.number, saved.parent):
            return saved
        own = self.saving.entry(self._edit(push, push.page, push.raw))
        return Saved(own.number, own.parent, saved.title) if own else saved

    def _edit(self, push: PushEdit, page: Revision, raw: str) -> Edit:
        return Edit(page.title, page.page_id, page.number, raw, self.summary(push))

    def _saved(self, push: PushEdit, page: Revision, raw: str) -> Saved:

        def save(edit: Edit) -> Saved:
            return self.wiki.translate(page, edit.text, edit.summary)

        return self.saving.once(self._edit(push, page, raw), save)[0]

    def _add(self, push: PushEdit, outcome: SyncOutcome, why: str) -> None:
        self.results.append((push, _result(push, outcome, why)))

    def outdate(self, changed: Collection[str]) -> list[tuple[PushEdit, Saved | SyncResult]]:
        """Mark as outdated what was pushed for English that is another one now; return that.

        Where somebody, or the wiki itself, was here since, theirs stands.
        """
        late = [each for each in self.done if each[0].unit.id in changed and each[0].current]
        mended: list[tuple[PushEdit, Saved | SyncResult]] = []
        for push, saved in late:
            page = replace(push.page, number=saved.number)
            try:
                mended.append((push, self._saved(push, page, f"{FUZZY}{push.raw}")))
            except Conflict:
                continue
            except WikiplanError as error:
                mended.append(
                    (push, _result(push, SyncOutcome.REFUSED, f"{NOT_OUTDATED}: {error}"))
                )
        return mended


def _result(push: PushEdit, outcome: SyncOutcome, why: str) -> SyncResult:
    return SyncResult(push.unit, push.language, outcome, push.text, why, push.findings)

"""The units of a translatable page that catalogs translate, with how they stand on the wiki."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from wikiplan.catalogs import State
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import digest
from wikiplan.errors import Finding
from wikiplan.l10n import isolated
from wikiplan.plan import PageSpec, Plan, Unit
from wikiplan.render import PageSection, Renderer, SourceUnit
from wikiplan.sync.lastseen import LastSeen, LastSeenFile, unit_place
from wikiplan.sync.reconciling import SideState
from wikiplan.translate import (
    clean,
    english,
    has_outdated_mark,
    heading_marks,
    in_catalog,
    on_wiki,
    text_in_plan,
    text_on_page,
)
from wikiplan.value import Value, replace
from wikiplan.wiki import Marked, Status, UnitState
from wikiplan.wikitext import DEFAULT_EXTENSION_TAGS, ownership


class SyncUnit(Value):
    """A unit of the plan at its place on a page.

    ``planned`` and ``marked`` are its English as translators see it: of the plan, and of the
    page's last marked version. They differ while a change of the plan waits for marking.
    """

    title: str
    id: str
    unit: Unit
    planned: str
    marked: str
    elsewhere: str = ""
    """The page's site, if it is not the plan's usual one."""

    @property
    def place(self) -> str:
        return unit_place(self.title, self.id, self.elsewhere)

    @property
    def waits(self) -> bool:
        return self.planned != self.marked

    @property
    def english(self) -> str:
        return digest(self.unit.text)

    @property
    def marks(self) -> str:
        return heading_marks(self.marked)

    def in_catalog(self, raw: str) -> str:
        return text_in_plan(in_catalog(raw, self.marks), self.unit.variables)

    def on_wiki(self, text: str, *, outdated: bool) -> str:
        return on_wiki(text_on_page(text), self.marks, outdated=outdated)

    def wiki_side(self, raw: str, *, outdated: bool = False) -> SideState:
        """Return what the wiki has; a translation of other English than the plan's is outdated."""
        current = not (outdated or has_outdated_mark(raw) or self.waits)
        text = self.in_catalog(raw)
        return SideState(text, current) if text else SideState()

    def catalog_side(self, catalog: Catalog) -> SideState:
        """Return what the catalog has; a suggestion is nobody's translation."""
        found = catalog.get(self.unit)
        if found.state is State.UNTRANSLATED or found.suggested:
            return SideState()
        # The wiki trims and normalises: a text that it would not keep so is the same there.
        text = self.in_catalog(self.on_wiki(found.text, outdated=False))
        return SideState(text, found.state is State.TRANSLATED)

    def believed(self, base: LastSeenFile, state: UnitState) -> UnitState:
        """Return a state of a message bundle's text as what was last seen of it says.

        MediaWiki 1.43 outdates the translations of the texts that stayed when others of the bundle
        change. Of what nobody edited since it was seen it is known which English it was made for.
        """
        seen = base.get(self.place)
        if seen is None or not seen.wiki or not state.revision or seen.revision != state.revision:
            return state
        current = seen.current and seen.english == self.english
        return replace(state, status=Status.TRANSLATED if current else Status.OUTDATED)

    def remember(
        self,
        base: LastSeenFile,
        catalog: Catalog,
        side: SideState,
        revision: int,
        translator: str,
        time: str = "",
    ) -> None:
        """Note that both have this text; a conflict with it is none any more.

        Who wrote it stays noted: a later revision of the same text is nobody's translation.
        """
        catalog.drop_beside(self.unit, side.text)
        before = base.get(self.place)
        if before and before.wiki == side.digest and before.revision:
            revision, translator, time = before.revision, before.translator, before.time
        digest, current = side.digest, side.current
        seen = LastSeen(digest, digest, self.english, current, revision, translator, time=time)
        base.set(self.place, seen)


class SyncPage(Value):
    """A translatable page at its last marked revision, with the units in its order."""

    title: str
    marked: Marked
    source_language: str
    units: tuple[SyncUnit, ...]


def page_of(
    plan: Plan,
    renderer: Renderer,
    spec: PageSpec,
    title: str,
    marked: Marked,
    tags: frozenset[str] = DEFAULT_EXTENSION_TAGS,
) -> SyncPage:
    """Return what a page and the catalogs share. ``title`` is in the wiki's own form.

    An id of another plan's section has the meaning that it has there.
    """
    planned = _planned(plan, renderer, spec)
    theirs = ownership.ids_of_others(marked.text, tags, plan.name)
    ours = {id: raw for id, raw in marked.units.items() if id not in theirs}
    keys = {id: name.rpartition(":")[2] for name, id in spec.ids.items()}
    found = _units(plan, title, ours, planned, keys)
    units = tuple(replace(each, elsewhere=plan.elsewhere) for each in found)
    return SyncPage(title, marked, plan.source_language, units)


def _planned(plan: Plan, renderer: Renderer, spec: PageSpec) -> Mapping[str, SourceUnit]:
    language = plan.source_language
    wanted = (PageSection(spec, each, language, language) for each in spec.sections)
    return {unit.id: unit for each in wanted for unit in renderer.section(each).units}


def _units(
    plan: Plan,
    title: str,
    marked: Mapping[str, str],
    planned: Mapping[str, SourceUnit],
    keys: Mapping[str, str],
) -> Iterator[SyncUnit]:
    """Yield the marked units that the plan knows; ``keys`` are those that ``ids`` has, by id.

    One that the page does not show any more, such as a past event's, is known by its key: an id
    never changes its meaning.
    """
    for id, raw in marked.items():
        now = english(raw).strip()
        known = planned.get(id)
        unit = plan.units.get(known.key if known else keys.get(id, id))
        if unit is not None:
            text = text_on_page(unit.text)
            own = english(known.text) if known else on_wiki(text, heading_marks(now))
            yield SyncUnit(title, id, unit, clean(own), clean(now))


# What became of one translation in a pull or a push, for people and for the report.


class SyncOutcome(StrEnum):
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    CONFIRMED = "confirmed"
    """The same text; the wiki says that it fits the English."""
    DOUBTED = "marked as outdated"
    """The same text; the wiki says that it does not."""
    TO_PUSH = "to push"
    PUSHED = "pushed"
    WAITS = "waiting for marking"
    SAME_AS_ENGLISH = "same as the English"
    NOT_TAKEN = "not taken"
    """The page takes no new translations into this language."""
    NEEDS_RIGHT = "still outdated"
    CONFLICT = "in conflict"
    DELETED = "deleted on the wiki"
    MOVED = "changed meanwhile"
    NOT_TRIED = "not tried"
    NOT_KNOWN = "not known"
    """The answer to the edit was lost, and the wiki does not show it."""
    REFUSED = "refused"


UNFINISHED = (
    SyncOutcome.CONFLICT,
    SyncOutcome.DELETED,
    SyncOutcome.MOVED,
    SyncOutcome.NEEDS_RIGHT,
    SyncOutcome.WAITS,
)
"""A person, or the next run, has to do something."""
FAILURES = (SyncOutcome.REFUSED, SyncOutcome.NOT_TRIED, SyncOutcome.NOT_KNOWN)
TOLD = (*UNFINISHED, *FAILURES, SyncOutcome.SAME_AS_ENGLISH, SyncOutcome.NOT_TAKEN)


class SyncResult(Value):
    """What became of a unit's text. ``text`` is the one that it is about, ``why`` for people.

    ``revision`` is the one that a push made.
    """

    unit: SyncUnit
    language: str
    outcome: SyncOutcome
    text: str = ""
    why: str = ""
    findings: tuple[Finding, ...] = ()
    revision: int = 0

    @property
    def title(self) -> str:
        return f"Translations:{self.unit.title}/{self.unit.id}/{self.language}"


def refused(unit: SyncUnit, language: str, text: str, findings: Sequence[Finding]) -> SyncResult:
    return SyncResult(unit, language, SyncOutcome.REFUSED, text, findings=tuple(findings))


def outcome_lines(results: Sequence[SyncResult]) -> Iterator[str]:
    """Yield what a person should know: the same reason for many texts once."""
    reasons = Counter((each.outcome, each.why) for each in results if each.why)
    for each in results:
        count = reasons.get((each.outcome, each.why), 0)
        if each.outcome in TOLD and count == 1:
            yield f"{isolated(each.title)}: {each.outcome}: {each.why}"
        yield from (f"{isolated(each.title)}: {finding}" for finding in each.findings)
    for (outcome, why), count in reasons.items():
        if outcome in TOLD and count > 1:
            yield f"{count} texts {outcome}: {why}"


def outcome_counts(results: Sequence[SyncResult]) -> dict[str, int]:
    """Count the outcomes, in the order of :class:`SyncOutcome`."""
    found = Counter(each.outcome for each in results)
    return {str(outcome): found[outcome] for outcome in SyncOutcome if found[outcome]}


def report_entry(
    language: str, results: Sequence[SyncResult], files: Sequence[str]
) -> dict[str, Any]:
    """Return a language's part of the report."""
    pushed = [each for each in results if each.revision]
    return {
        "lang": language,
        "file": files[0] if files else "",
        "written": bool(files or pushed),
        "counts": outcome_counts(results),
        "conflicts": _places(results, SyncOutcome.CONFLICT, SyncOutcome.DELETED),
        "refused": _places(results, *FAILURES),
        "unknown": [],
        "edits": [{"title": each.title, "revid": each.revision} for each in pushed],
    }


def _places(results: Sequence[SyncResult], *outcomes: SyncOutcome) -> list[str]:
    return [each.unit.place for each in results if each.outcome in outcomes]

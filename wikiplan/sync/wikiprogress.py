"""Progress of translatable pages: what the wiki says of the units of the last marked version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wikiplan.catalogs.catalog import Catalog, State
from wikiplan.errors import Refusal
from wikiplan.plan.plan import Plan
from wikiplan.sync.plainprogress import made_for, place
from wikiplan.sync.progress import OTHER_TEXTS, LanguageProgress, PageProgress, UnitProgress
from wikiplan.sync.translations import Examination
from wikiplan.translate import translatable
from wikiplan.translate.marking import Kind
from wikiplan.wiki.markings import Markings
from wikiplan.wiki.onceread import OnceSite, title_english
from wikiplan.wiki.translatewiki import Marked, Status, UnitState
from wikiplan.wikitext import sections

STATES = {
    Status.UNTRANSLATED: State.UNTRANSLATED,
    Status.TRANSLATED: State.TRANSLATED,
    Status.PROOFREAD: State.TRANSLATED,
    Status.OUTDATED: State.OUTDATED,
}
NOTHING = UnitState(Status.UNTRANSLATED)


@dataclass(frozen=True)
class WikiProgress:
    """Counts translatable pages; ``languages`` and ``sections`` are those chosen, empty for all."""

    plan: Plan
    wiki: OnceSite
    catalogs: Mapping[str, Catalog]
    extension_tags: frozenset[str]
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def page(self, found: Examination) -> PageProgress:
        """Return a page's progress; raises :class:`Refusal` while the wiki cannot count yet."""
        title, effect = found.change.title, found.change.effect
        waiting = 0
        if effect is not None:
            waiting = effect.count(Kind.NEW) + effect.count(Kind.CHANGED)
        names = tuple(section.name for section in found.page.sections)
        page = PageProgress(title, names, (), translatable=True, waiting=waiting)
        marked = self.wiki.marked(title)
        return page if marked is None else self._marked(page, found, marked)

    def _marked(self, page: PageProgress, found: Examination, marked: Marked) -> PageProgress:
        places = self._places(marked)
        states = self._states(found, marked)
        old = [state for each in states.values() for state in each.values() if state.outdated]
        outdated = [state.written for state in old if state.written]
        markings = self.wiki.markings(page.title, min(outdated)) if outdated else Markings(())
        reader = _Reader(self, page.title, marked, markings, places, _keys(found))
        languages = tuple(reader.language(code, each) for code, each in sorted(states.items()))
        used = {unit.section for each in languages for unit in each.units}
        every = (*page.sections, *sorted(used - {*page.sections, OTHER_TEXTS}), OTHER_TEXTS)
        names = tuple(name for name in every if name in used)
        return replace(page, sections=names, languages=languages)

    def _states(self, found: Examination, marked: Marked) -> dict[str, Mapping[str, UnitState]]:
        """Return the units of each language; only those that have anything cost a request."""
        title = found.change.title
        group = self.wiki.group(title)
        having = group.languages if group else {}
        asked = [code for code in found.page.languages if group is None or group.takes(code)]
        codes = sorted({*asked, *having} - {self.plan.source_language})
        chosen = [code for code in codes if not self.languages or code in self.languages]
        read = {code: self.wiki.states(title, code) for code in chosen if code in having}
        ids = next(iter(read.values()), None) or dict.fromkeys(marked.units)
        return {code: read.get(code) or dict.fromkeys(ids, NOTHING) for code in chosen}

    def _places(self, marked: Marked) -> Mapping[str, str]:
        """Return the section of each unit by id, as far as the markers on the page can be read."""
        try:
            found = sections.find(marked.text, self.extension_tags)
        except Refusal:
            return {}
        units = translatable.parse(marked.text, self.wiki.version).units
        return {
            unit.id: section.name
            for unit in units
            for section in found
            if unit.id and section.begin.start < unit.start < section.end.start
        }


@dataclass(frozen=True)
class _Reader:
    """Puts together what is known of one page's units."""

    progress: WikiProgress
    title: str
    marked: Marked
    markings: Markings
    places: Mapping[str, str]
    keys: Mapping[str, str]

    def language(self, code: str, states: Mapping[str, UnitState]) -> LanguageProgress:
        chosen = self.progress.sections
        units = (self._unit(code, id, state) for id, state in states.items())
        return LanguageProgress(
            code, tuple(unit for unit in units if not chosen or unit.section in chosen)
        )

    def _unit(self, code: str, id: str, state: UnitState) -> UnitProgress:
        found = UnitProgress(
            key=id,
            section=self.places.get(id, OTHER_TEXTS),
            english=title_english(self.title, id, self.marked.units),
            state=STATES[state.status],
            text=state.text,
            translator=state.translator,
            address=self.progress.wiki.unit_address(self.title, id, code),
        )
        return self._with_past(self._with_catalog(found, code), state)

    def _with_past(self, unit: UnitProgress, state: UnitState) -> UnitProgress:
        if unit.state is not State.OUTDATED or not state.written:
            return unit
        then = self.markings.then(unit.key, state.written, unit.english)
        if not then.english:
            return unit
        return replace(unit, made_for=then.english, since=then.ended)

    def _with_catalog(self, unit: UnitProgress, code: str) -> UnitProgress:
        """Add what only the catalog knows: texts in conflict, and what an old text was made for."""
        planned = self.progress.plan.units.get(self.keys.get(unit.key, ""))
        catalog = self.progress.catalogs.get(code)
        if planned is None or catalog is None:
            return unit
        found = catalog.get(planned)
        same = found.text == unit.text and unit.state is found.state is State.OUTDATED
        before = made_for(planned, found) if same else ""
        return replace(
            unit, conflicts=found.conflicts, made_for=before, place=place(catalog, planned.key)
        )


def _keys(found: Examination) -> Mapping[str, str]:
    """Return the plan's keys by unit id; of people's own units there are none."""
    return {unit.id: unit.key for unit in found.change.units}

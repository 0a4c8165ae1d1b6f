"""Progress of plain pages: what the catalogs have of the units that a page shows; asks no wiki."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from wikiplan.catalogs import CatalogView, State, Translation
from wikiplan.plan import PageSpec, Plan, SectionSpec, Unit, title_in
from wikiplan.render import PageSection, Renderer, UnitRecorder
from wikiplan.sync.marking import Examination
from wikiplan.sync.progress import OTHER_TEXTS, LanguageProgress, PageProgress, UnitProgress
from wikiplan.translate import ChangeKind, bare_variables, in_plan, on_page
from wikiplan.value import Value, replace
from wikiplan.wiki import (
    NO_TRANSLATION,
    Group,
    Marked,
    Markings,
    RememberingSite,
    Status,
    UnitState,
    Wiki,
    title_english,
)
from wikiplan.wikitext import ownership, syntax


@dataclass
class PlainProgress:
    """Counts plain pages; their sections are rendered to see which units they show.

    ``texts`` renders a section as readers see it, ``names`` are the sections that count, all when
    empty.
    """

    plan: Plan
    texts: Renderer
    catalogs: Mapping[str, CatalogView]
    wiki: Wiki
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._recorder = UnitRecorder()
        self._units = self.texts.with_catalogs(dict.fromkeys(self.catalogs, self._recorder))

    def page(self, page: PageSpec, languages: tuple[str, ...]) -> PageProgress:
        """Return a page's progress in some of its languages."""
        sections = tuple(s for s in page.sections if not self.names or s.name in self.names)
        return PageProgress(
            page.title,
            tuple(section.name for section in sections),
            tuple(self._language(page, sections, language) for language in languages),
        )

    def _language(
        self, page: PageSpec, sections: tuple[SectionSpec, ...], language: str
    ) -> LanguageProgress:
        units: list[UnitProgress] = []
        for section in (each for each in sections if each in page.in_language(language).sections):
            wanted = PageSection(page, section, language, language)
            self._recorder.units = {}
            self._units.section(wanted)
            address = self._address(wanted)
            units += (
                self._unit(unit, section.name, language, address)
                for unit in self._recorder.units.values()
            )
        return LanguageProgress(language, tuple(units))

    def _unit(self, unit: Unit, section: str, language: str, address: str) -> UnitProgress:
        catalog = self.catalogs[language]
        found = catalog.get(unit)
        outdated = found.state is State.OUTDATED
        return UnitProgress(
            key=unit.key,
            section=section,
            english=unit.text,
            state=found.state,
            text=found.text,
            made_for=made_for(unit, found) if outdated else "",
            conflicts=found.conflicts,
            address=address,
            place=entry_place(catalog, unit.key),
        )

    def _address(self, wanted: PageSection) -> str:
        """Return where a section stands on the wiki: at its first heading, as it reads there."""
        title = title_in(wanted.page, wanted.language, self.plan.source_language)
        address = self.wiki.address(title)
        if not address:
            return ""
        text = self.texts.section(wanted).text
        heading = next(iter(syntax.headings(text)), None)
        return f"{address}#{quote(heading.text.replace(' ', '_'))}" if heading else address


def made_for(unit: Unit, found: Translation) -> str:
    """Return the English that a catalog's outdated text was made for, empty when unknown."""
    stale = found.english if found.english != unit.text else ""
    return found.previous_english or stale


def entry_place(catalog: CatalogView, key: str) -> str:
    """Return where a person finds an entry: file and line, empty when there is none."""
    line = catalog.line_of(key)
    return f"{Path(catalog.path).name}:{line}" if line else ""


# Progress of translatable pages: what the wiki says of the units of the last marked version.


_NAME = re.compile(r"\$([\w-]+)")
STATES = {
    Status.UNTRANSLATED: State.UNTRANSLATED,
    Status.TRANSLATED: State.TRANSLATED,
    Status.PROOFREAD: State.TRANSLATED,
    Status.OUTDATED: State.OUTDATED,
}


class WikiProgress(Value):
    """Counts translatable pages; ``languages`` and ``sections`` are those chosen, empty for all."""

    plan: Plan
    wiki: RememberingSite
    catalogs: Mapping[str, CatalogView]
    extension_tags: frozenset[str]
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def page(self, found: Examination) -> PageProgress:
        """Return a page's progress; raises :class:`Refusal` while the wiki cannot count yet."""
        title, effect = found.change.title, found.change.effect
        waiting = 0
        if effect is not None:
            waiting = effect.count(ChangeKind.NEW) + effect.count(ChangeKind.CHANGED)
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
        reader = _PageReader(self, page.title, marked, markings, places, _keys(found))
        group = self.wiki.group(page.title)
        priority = group.priority if group else None
        languages = tuple(
            replace(
                reader.language(code, each),
                review=self._review_state(group, page.title, code),
                asked=not priority or code in priority.languages,
            )
            for code, each in sorted(states.items())
        )
        used = {unit.section for each in languages for unit in each.units}
        every = (*page.sections, *sorted(used - {*page.sections, OTHER_TEXTS}), OTHER_TEXTS)
        names = tuple(name for name in every if name in used)
        groups = self.wiki.groups_with(page.title)
        return replace(page, sections=names, languages=languages, priority=priority, groups=groups)

    def _review_state(self, group: Group | None, title: str, language: str) -> str:
        """Return the wiki's state of a language, without a request for one that has nothing."""
        known = group is not None and language in group.languages
        return self.wiki.review_state(title, language) if known else ""

    def _states(self, found: Examination, marked: Marked) -> dict[str, Mapping[str, UnitState]]:
        """Return the units of each language; only those that have anything cost a request."""
        title = found.change.title
        group = self.wiki.group(title)
        having = group.languages if group else {}
        asked = [code for code in found.page.languages if group is None or group.takes(code)]
        codes = sorted({*asked, *having} - {self.plan.source_language})
        chosen = [code for code in codes if not self.languages or code in self.languages]
        theirs = ownership.ids_of_others(marked.text, self.extension_tags, self.plan.name)
        read = {
            code: {id: s for id, s in self.wiki.states(title, code).items() if id not in theirs}
            for code in chosen
            if code in having
        }
        ids = next(iter(read.values()), None) or dict.fromkeys(marked.units.keys() - theirs)
        return {code: read.get(code) or dict.fromkeys(ids, NO_TRANSLATION) for code in chosen}

    def _places(self, marked: Marked) -> Mapping[str, str]:
        """Return the section of each unit by id, as far as the markers on the page can be read."""
        found = ownership.sections_of_units(marked.text, self.extension_tags)
        return {id: section.name for id, section in found.items()}


class _PageReader(Value):
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
            reviewed=state.status is Status.PROOFREAD,
            text=state.text,
            translator=state.translator,
            address=self.progress.wiki.unit_address(self.title, id, code),
        )
        return self._with_bare(self._with_past(self._with_catalog(found, code), state))

    def _with_past(self, unit: UnitProgress, state: UnitState) -> UnitProgress:
        if unit.state is not State.OUTDATED or not state.written:
            return unit
        then = self.markings.then(unit.key, state.written, unit.english)
        if not then.english:
            return unit
        return replace(unit, made_for=then.english, since=then.ended)

    def _with_bare(self, unit: UnitProgress) -> UnitProgress:
        """Add the variables that an outdated text uses and its English does not have any more.

        A dollar sign of money is none: the plan, or the English of then, has a variable's name.
        """
        if unit.state is not State.OUTDATED or "$" not in unit.text:
            return unit
        planned = self._planned(unit)
        names = {*map(on_page, planned.variables if planned else ())}
        names.update(_NAME.findall(unit.made_for))
        bare = bare_variables(unit.text, self.marked.units.get(unit.key, ""), names)
        return replace(unit, bare=tuple(map(in_plan, bare)))

    def _planned(self, unit: UnitProgress) -> Unit | None:
        return self.progress.plan.units.get(self.keys.get(unit.key, ""))

    def _with_catalog(self, unit: UnitProgress, code: str) -> UnitProgress:
        """Add what only the catalog knows: texts in conflict, and what an old text was made for."""
        planned = self._planned(unit)
        catalog = self.progress.catalogs.get(code)
        if planned is None or catalog is None:
            return unit
        found = catalog.get(planned)
        same = found.text == unit.text and unit.state is found.state is State.OUTDATED
        before = made_for(planned, found) if same else ""
        return replace(
            unit,
            conflicts=found.conflicts,
            made_for=before,
            place=entry_place(catalog, planned.key),
        )


def _keys(found: Examination) -> Mapping[str, str]:
    """Return the plan's keys by unit id; of people's own units there are none."""
    return {unit.id: unit.key for unit in found.change.units}

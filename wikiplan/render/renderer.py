"""The plan's data becomes the wikitext of managed sections, by templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from wikiplan.catalogs import CatalogView
from wikiplan.errors import Fault, Faults
from wikiplan.files import shown
from wikiplan.l10n import languages
from wikiplan.plan import (
    NamedUnit,
    PageSpec,
    Plan,
    SectionSpec,
    Unit,
    template_position,
    title_in,
)
from wikiplan.render import arrival, escaping, source, unshown
from wikiplan.render.arrival import Origin, Placed, Unfit
from wikiplan.render.budget import Overspent
from wikiplan.render.context import CLOCK, Items, SectionWords, Tools
from wikiplan.render.escaping import Wikitext
from wikiplan.render.facts import LocalFacts
from wikiplan.render.names import NameForms, PageVersion, ShownUnits, UnitRecorder
from wikiplan.render.places import FactPlacingWording, PlacedSection, PlacingWording
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.source import SourceWording
from wikiplan.render.sources import Sources, SourcesRecord
from wikiplan.render.templatefiles import SUFFIX, TemplatePart
from wikiplan.render.wording import StandIn, Translations, Wording, facts_by_language, wrapped
from wikiplan.value import Value, replace

if TYPE_CHECKING:
    from wikiplan.render.environment import Environment

PAGES = "pages.yaml"
NOTES = f"_notes{SUFFIX}"
"""Renders what a section says at its end about missing and outdated translations."""

_OF_NOTES = ("labels.untranslated", "labels.outdated")

_W = TypeVar("_W", bound=Wording)

_CHECK_CLOCK = datetime(2021, 7, 1, tzinfo=UTC)


class PageSection(Value):
    """One section of the plan as it is wanted: in ``language``, for a page of ``page_language``.

    ``inline`` is for markers within a line: the language is marked there, and no note stands at the
    section's end.
    """

    page: PageSpec
    section: SectionSpec
    language: str
    page_language: str
    inline: bool = False


class SourceUnit(NamedTuple):
    """A unit on a translatable page. ``key`` is its key in the plan, for a link's title
    ``plan.units.link_key``; several units of a page may have the same (a label's).
    ``text`` is the raw wikitext with ``<tvar>``, without marker.
    """

    id: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedSection:
    """A section's text without its markers: NFC, LF, no blanks at line ends, no newline around it.

    ``untranslated`` and ``outdated`` are the keys of the units in it that read in another language
    or as an old translation, in the order of the text; ``stand_ins`` are the texts of the first.
    ``units`` are those of a translatable page, in its order. ``sources`` tell what all of it was
    made from. ``places`` are those of units that stand where not every sign may stand.
    """

    name: str
    text: str
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    units: tuple[SourceUnit, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    sources: Sources = field(default=Sources(), compare=False)
    places: tuple[Placed, ...] = field(default=(), compare=False)


class _Rendering(NamedTuple):
    """The names that a section's templates see, what is rendered, and the templates asked for."""

    names: dict[str, Any]
    where: str
    templates: set[str]


_Place = tuple[str, str, str, str, str, bool]


def _place_of(wanted: PageSection) -> _Place:
    """Return what a section's text is known by among those of one plan, clock and language."""
    where = (wanted.page.site, wanted.page.title, wanted.section.name)
    return (*where, wanted.language, wanted.page_language, wanted.inline)


class Renderer:
    """Renders the sections of a plan. ``now`` is the only clock that templates know."""

    def __init__(
        self,
        plan: Plan,
        catalogs: Mapping[str, Translations],
        templates: Path,
        now: datetime,
    ) -> None:
        self._plan = plan
        self._catalogs = catalogs
        self._now = now
        self._templates = templates
        self._environment: Callable[[], Environment] = cache(partial(_environment, templates))
        self._links = SiteLinks(plan)
        self._items = Items(plan)
        self._learn_names()
        self._checked: dict[_Place, RenderedSection] = {}
        self._counting: UnitRecorder | None = None
        self._shown: dict[tuple[str, ...], ShownUnits] = {}
        self._pages = {page.place: page for page in plan.pages}

    def _learn_names(self) -> None:
        plan = self._plan
        self._names = NameForms(plan.units, self._catalogs, plan.source_language)
        self._facts = facts_by_language(plan.language_overrides, self._names.form, plan.year_form)

    @property
    def plan(self) -> Plan:
        """The plan with its pages on all sites."""
        return self._plan

    def facts_in(self, language: str) -> LocalFacts:
        """Return how a language writes facts, as the plan's overrides and catalogs have it."""
        return self._facts(language)

    @property
    def catalogs(self) -> Mapping[str, Translations]:
        return self._catalogs

    def own_form(self, name: NamedUnit, language: str) -> str:
        """Return how a language writes a name, as plain text."""
        return self._names.form(name, language)

    def template_text(self, name: str) -> str | None:
        """Return the text of a template, ``None`` where there is none of this name."""
        return self._environment().text_of(name)

    def at(self, now: datetime) -> Renderer:
        """Return a renderer of the same plan by another clock."""
        other = copy(self)
        other._now, other._checked, other._shown = now, {}, {}
        return other

    def with_catalogs(self, catalogs: Mapping[str, Translations]) -> Renderer:
        """Return a renderer of the same plan and clock with other translations."""
        other = copy(self)
        other._catalogs, other._checked, other._shown = catalogs, {}, {}
        other._learn_names()
        return other

    def section(self, wanted: PageSection) -> RenderedSection:
        """Return a section's text. A translatable page has one text for all languages.

        Raises ``errors.Faults`` that name the template and its line.
        """
        return self._checked.pop(_place_of(wanted), None) or self._section(wanted)

    def check(self, pages: Iterable[PageSpec]) -> tuple[Fault, ...]:
        """Return the faults of all templates, and of some pages by rendering their sections.

        Texts are the source language's: a fault of a translation is the catalogs' to report. What
        is rendered here is kept until it is wanted.
        """
        environment = self._environment()
        names = environment.section_names()
        faults = {fault: None for name in names for fault in environment.check(name)}
        broken = {fault.file for fault in faults}
        for page in pages:
            found = self._page_faults(page)
            faults |= {fault: None for fault in found if fault.file not in broken}
        return tuple(sorted(faults))

    def checked(self, page: PageSpec) -> tuple[RenderedSection, ...]:
        """Return what :meth:`check` rendered of a page, and nobody wanted since."""
        language = self._plan.source_language
        places = (_place_of(PageSection(page, each, language, language)) for each in page.sections)
        return tuple(self._checked[place] for place in places if place in self._checked)

    def unshown(self) -> tuple[Fault, ...]:
        """Return warnings of what no section shows; :meth:`check` has rendered all of them."""
        checked = [each for page in self._plan.pages for each in self.checked(page)]
        names = {NOTES, *(name for each in checked for name in each.sources.templates)}
        texts = {name: self.template_text(name) or "" for name in sorted(names)}
        return tuple(unshown.faults(self._plan, [each.sources for each in checked], texts))

    def check_translations(self, pages: Iterable[PageSpec]) -> tuple[Fault, ...]:
        """Return the faults of translations for the places in which :meth:`check` found units."""
        faults: list[Fault] = []
        for page in pages:
            by_name = {each.name: each for each in self.checked(page)}
            for section in page.sections:
                if section.name in by_name and by_name[section.name].places:
                    language = self._plan.source_language
                    wanted = PageSection(page, section, language, language)
                    unfit = list(self._unfit_translations(page, by_name[section.name]))
                    faults += self._unfit_faults(wanted, unfit) if unfit else ()
        return tuple(sorted(faults))

    def _unfit_translations(
        self, page: PageSpec, rendered: RenderedSection
    ) -> Iterator[tuple[Unfit, Origin]]:
        for language in page.languages:
            catalog = self._catalogs.get(language)
            here = {section.name for section in page.in_language(language).sections}
            if not catalog or language == self._plan.source_language or rendered.name not in here:
                continue
            for placed in rendered.places:
                if unit := self._plan.units.get(placed.key):
                    plain, translation = not page.translatable, catalog.get(unit)
                    found = arrival.of_translation(translation, placed, plain=plain)
                    yield from ((each, self._origin(unit, language)) for each in found)

    def _page_faults(self, page: PageSpec) -> Iterator[Fault]:
        ids: dict[str, list[str]] = {}
        language = self._plan.source_language
        for section in page.sections:
            if wrong := self._environment().absent(section.template + SUFFIX):
                at = template_position(self._plan.directory, page, section.name)
                yield Fault(*at, f"section {section.name}", wrong)
                continue
            wanted = PageSection(page, section, language, language)
            try:
                rendered = self._section(wanted)
            except Faults as error:
                yield from error.faults
            else:
                yield from self._link_faults(rendered, page.site)
                ids[section.name] = [unit.id for unit in rendered.units]
                self._checked[_place_of(wanted)] = rendered
        for message in source.doubled(ids):
            file = shown(self._plan.directory / PAGES)
            yield Fault(file, 0, 0, page.title, message)

    def _link_faults(self, rendered: RenderedSection, site: str) -> Iterator[Fault]:
        for key in rendered.sources.asked:
            yield from self._links.faults(self._plan.units[key], site)

    def _section(self, wanted: PageSection) -> RenderedSection:
        if wanted.page.translatable:
            return self._source_section(wanted)
        wording = self._wording(wanted, Wording)
        text = self._plain_text(wanted, wording)
        return RenderedSection(
            wanted.section.name,
            text,
            tuple(key for key in wording.stand_ins if key in wording.sources.asked),
            tuple(wording.outdated) if wording.shows_outdated else (),
            stand_ins=tuple(wording.stand_ins.values()),
            sources=self._sources(wording.sources),
            places=tuple(wording.places),
        )

    def placed(self, wanted: PageSection, *, facts: bool = False) -> PlacedSection:
        """Return a section's text as :meth:`section` does, with where each unit stands in it.

        With ``facts`` also where facts stand, such as an event's date, where that can be told.
        Costs a second rendering. There are no places on a translatable page, whose units
        :attr:`RenderedSection.units` has, nor where the template makes something of a unit's text
        that nobody can follow.
        """
        text = self.section(wanted).text
        unplaced = PlacedSection(wanted.section.name, text, (), wanted.language)
        if wanted.page.translatable:
            return unplaced
        wording = self._wording(wanted, FactPlacingWording if facts else PlacingWording)
        try:
            signed = self._plain_text(wanted, wording)
        except Faults:  # of the signs alone: without them it was rendered
            return self.placed(wanted) if facts else unplaced
        found = wording.placed(wanted.section.name, signed, text)
        return self.placed(wanted) if facts and not found.places else found

    def _plain_text(self, wanted: PageSection, wording: Wording) -> str:
        language = wanted.language
        rendering = self._rendering(wanted, wording)
        body = self._arrived(wanted, wording, wanted.section.template + SUFFIX, rendering)
        rendering.names["untranslated"] = wording.shows_other_languages
        rendering.names["outdated"] = wording.shows_outdated
        notes = "" if wording.inline else self._arrived(wanted, wording, NOTES, rendering)
        text = escaping.normalised(f"{body}\n\n{notes}")
        if text and language != wanted.page_language:
            text = str(wrapped(Wikitext(text), wording.language, block=not wording.inline))
        return text

    def _arrived(
        self, wanted: PageSection, wording: Wording, name: str, rendering: _Rendering
    ) -> str:
        """Return what a template makes, with its texts protected where they stand.

        Raises ``errors.Faults`` for what cannot be protected.
        """
        found = wording.arrived(self._rendered(name, rendering))
        if found is None:
            wording.signs = False
            return self._rendered(name, rendering)
        wording.places += [
            Placed(n, wording.uses[n].unit.key, place) for n, place in found.places.items()
        ]
        if found.unfit:
            units = [(each, wording.uses[each.number]) for each in found.unfit]
            told = [(each, self._origin(use.unit, use.language)) for each, use in units]
            raise Faults(self._unfit_faults(wanted, told))
        return found.text

    def _origin(self, unit: Unit, language: str) -> Origin:
        """Return where a unit's text in a language is written."""
        catalog = self._catalogs.get(language)
        if language == self._plan.source_language or not isinstance(catalog, CatalogView):
            return Origin(unit.file, unit.line, unit.column, unit.key)
        return Origin(str(catalog.path), catalog.line_of(unit.key, "msgstr"), 1, unit.key)

    def _unfit_faults(
        self, wanted: PageSection, unfit: Iterable[tuple[Unfit, Origin]]
    ) -> Iterator[Fault]:
        """Yield what to tell of texts; rendering once more shows which lines put them out."""
        from wikiplan.render.environment import Tracing

        tracer, traced = copy(self), Tracing(self._templates)
        tracer._environment = lambda: traced
        wording: Wording | SourceWording = (
            self._source_wording(wanted.page)
            if wanted.page.translatable
            else self._wording(wanted, Wording)
        )
        rendering = tracer._rendering(wanted, wording)
        rendering.names.update(untranslated=True, outdated=True)
        for name in (wanted.section.template + SUFFIX, NOTES):
            tracer._rendered(name, rendering)
        for each, origin in unfit:
            yield arrival.fault(each, origin, traced.lines.get(each.number, ""), rendering.where)

    def _source_section(self, wanted: PageSection) -> RenderedSection:
        page, section = wanted.page, wanted.section
        wording = self._source_wording(page)
        name = section.template + SUFFIX
        rendering = self._rendering(wanted, wording)
        found = source.arrived(self._rendered(name, rendering))
        if found.unfit:
            told = [
                (each, self._origin(wording.uses[each.number].unit, wanted.language))
                for each in found.unfit
            ]
            raise Faults(self._unfit_faults(wanted, told))
        text = escaping.normalised(found.text)
        try:
            numbers = source.numbers(text)
            uses = [wording.uses[number] for number in numbers]
            ids = source.ids_of(page, section, [use.key for use in uses])
            text = source.laid_out(text, dict(zip(numbers, ids, strict=True)))
            texts = source.texts_of(text, ids, page.title)
        except ValueError as error:
            raise Faults([self._environment().fault(name, error, rendering.where)]) from error
        units = map(SourceUnit, ids, (use.unit.key for use in uses), texts)
        sources = self._sources(wording.sources)
        places = (Placed(n, wording.uses[n].unit.key, at) for n, at in found.places.items())
        return RenderedSection(
            section.name, text, units=tuple(units), sources=sources, places=tuple(places)
        )

    def _source_wording(self, page: PageSpec) -> SourceWording:
        return SourceWording(
            self._plan.source_language,
            self._now,
            lambda name: self._names.forms(name, page.languages),
            self._plan.year_form,
            lambda value, style: self._parts_of_year(page, value, style),
            lambda unit: self._forms_of(page, unit),
        )

    def _forms_of(self, page: PageSpec, unit: Unit) -> Mapping[str, str]:
        """Return the translations of a unit that a page in all its languages shows."""
        found = {
            code: self._catalogs[code].get(unit).text
            for code in page.languages
            if code in self._catalogs
        }
        return {code: text for code, text in found.items() if text}

    def _parts_of_year(self, page: PageSpec, value: str, style: str) -> Mapping[str, Wikitext]:
        """Return a quarter or a half of a year in a page's languages, the plan's own first."""
        codes = dict.fromkeys((self._plan.source_language, *page.languages))
        return {code: self._facts(code).date(value, style) for code in codes}

    def _wording(self, wanted: PageSection, kind: type[_W]) -> _W:
        return kind(
            wanted.language,
            self._plan.source_language,
            wanted.page.fallback,
            self._catalogs,
            self._facts,
            self._now,
            inline=wanted.inline,
        )

    def _rendering(self, wanted: PageSection, words: SectionWords) -> _Rendering:
        site = wanted.page.site
        tools = Tools(self._plan, words, self._now, self._links, site, self._items)
        where = f"section “{wanted.section.name}” of “{wanted.page.title}”"
        if not wanted.page.translatable:
            where += f" in {wanted.language}"
        names = {
            "data": tools.view(wanted.section.data),
            "department": tools.view("department"),
            "labels": tools.view("labels"),
            "links": tools.view("links"),
            "language": words.language,
            "moved_away": tools.moved_away(wanted.page),
            CLOCK: self._now,
            "page": wanted.page,
            "sections_with": tools.sections_with,
            "page_versions": partial(self._versions, wanted, words.sources),
            "tools": tools,
        }
        if item := tools.item(wanted.section):
            names["item"] = item
        return _Rendering(names, where, words.sources.templates)

    def _versions(self, wanted: PageSection, record: SourcesRecord) -> list[PageVersion]:
        """Return the versions of a plain page, none where it has one alone."""
        page, english = wanted.page, self._plan.source_language
        if page.translatable or page.language_pages == "none" or len(page.languages) == 1:
            return []
        whole = self._pages[page.place]
        shown = {code: self._shown_units(whole.in_language(code)) for code in page.languages}
        record.counts(self._shown_units(whole).sources)
        return [
            PageVersion(
                languages.get(code),
                title_in(page, code, english),
                100 if code == english else shown[code].complete(self._catalogs.get(code)),
                code == wanted.language,
            )
            for code in page.languages
        ]

    def _shown_units(self, page: PageSpec) -> ShownUnits:
        """Return the texts of a page; a section that asks for them has none while they are counted.

        Rendered apart from what is being rendered, whose environment knows one section at a time.
        """
        if self._counting:
            return ShownUnits()
        key = page.place, *(section.name for section in page.sections)
        if key not in self._shown:
            recorder = UnitRecorder()
            counter = self.with_catalogs(dict.fromkeys(self._plan.languages, recorder))
            counter._counting = recorder
            counter._environment = cache(partial(_environment, self._templates))
            language = next(each for each in page.languages if each != self._plan.source_language)
            found = [
                counter._section(PageSection(page, section, language, language))
                for section in page.sections
            ]
            sources = tuple(each.sources for each in found)
            units = (unit for key, unit in recorder.units.items() if key not in _OF_NOTES)
            self._shown[key] = ShownUnits(tuple(units), sources)
        return self._shown[key]

    def _sources(self, record: SourcesRecord) -> Sources:
        if self._environment().reading_clock.isdisjoint(record.templates):
            return record.sources()
        return replace(record.sources(), until=self._now)

    def _rendered(self, name: str, rendering: _Rendering) -> str:
        environment = self._environment()
        environment.start(rendering.names["tools"], rendering.templates)
        environment.asked.add(name)
        try:
            if name in environment.overspent:  # it would take as long again
                raise Faults([environment.overspent[name]])
            text = environment.get_template(name).render(rendering.names)
            escaping.check(text)
        except environment.mistakes as error:
            fault = environment.fault(name, error, rendering.where)
            if isinstance(error, Overspent):
                environment.overspent[name] = fault
            raise Faults([fault]) from error
        return text


def _environment(templates: Path) -> Environment:
    """Load Jinja2 where something is rendered: a run whose pages are in step does without."""
    from wikiplan.render.environment import Environment

    return Environment(templates)


def parts_of(templates: Path, section: str) -> tuple[TemplatePart, ...]:
    """Return what the template of a section is made of. Raises :class:`UnfollowedError`."""
    from wikiplan.render.environment import parts_of as parts

    return parts(_environment(templates), section)


def check_templates(
    plan: Plan, templates: Path, catalogs: Mapping[str, Translations]
) -> tuple[Fault, ...]:
    """Return the faults of the templates that the plan names, found by rendering every section,
    those of translations that cannot stand where a template puts them, and warnings of what of the
    plan is shown nowhere.
    """
    renderer = Renderer(plan, catalogs, templates, _CHECK_CLOCK)
    found = renderer.check(plan.pages)
    warnings = () if found else renderer.unshown()
    return (*found, *renderer.check_translations(plan.pages), *warnings)

"""Progress of plain pages: what the catalogs have of the units that a page shows; asks no wiki."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from wikiplan.catalogs.catalog import Catalog, State, Translation
from wikiplan.plan.plan import PageSpec, Plan, SectionSpec
from wikiplan.plan.targets import title_in
from wikiplan.plan.units import Unit
from wikiplan.render.render import Renderer
from wikiplan.sync.progress import LanguageProgress, PageProgress, UnitProgress
from wikiplan.wiki.wiki import Wiki
from wikiplan.wikitext import wikitext


class Witness:
    """An empty catalog that remembers which units were asked for.

    With nothing translated a section shows all that it may ever show, the note about texts in
    other languages too: so all languages have the same number of texts.
    """

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}

    def get(self, unit: Unit) -> Translation:
        self.units[unit.key] = unit
        return Translation(unit.key, "", State.UNTRANSLATED)


@dataclass
class PlainProgress:
    """Counts plain pages; their sections are rendered to see which units they show.

    ``texts`` renders a section as readers see it, ``names`` are the sections that count, all when
    empty.
    """

    plan: Plan
    texts: Renderer
    catalogs: Mapping[str, Catalog]
    wiki: Wiki
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._witness = Witness()
        self._units = self.texts.with_catalogs(dict.fromkeys(self.catalogs, self._witness))

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
        for section in sections:
            self._witness.units = {}
            self._units.section(page, section, language, language)
            address = self._address(page, section, language)
            units += (
                self._unit(unit, section.name, language, address)
                for unit in self._witness.units.values()
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
            place=place(catalog, unit.key),
        )

    def _address(self, page: PageSpec, section: SectionSpec, language: str) -> str:
        """Return where a section stands on the wiki: at its first heading, as it reads there."""
        address = self.wiki.address(title_in(page, language, self.plan.source_language))
        if not address:
            return ""
        text = self.texts.section(page, section, language, language).text
        heading = next(iter(wikitext.headings(text)), None)
        return f"{address}#{quote(heading.text.replace(' ', '_'))}" if heading else address


def made_for(unit: Unit, found: Translation) -> str:
    """Return the English that a catalog's outdated text was made for, empty when unknown."""
    stale = found.english if found.english != unit.text else ""
    return found.previous_english or stale


def place(catalog: Catalog, key: str) -> str:
    """Return where a person finds an entry: file and line, empty when there is none."""
    line = catalog.line_of(key)
    return f"{Path(catalog.path).name}:{line}" if line else ""

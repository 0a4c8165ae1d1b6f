"""The units of a translatable page that catalogs translate, with how they stand on the wiki."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wikiplan.catalogs.catalog import Catalog, State
from wikiplan.catalogs.exchange import digest
from wikiplan.plan.plan import PageSpec, Plan
from wikiplan.plan.units import Unit
from wikiplan.render.render import Renderer, SourceUnit
from wikiplan.sync import syncbase
from wikiplan.sync.reconciling import Side
from wikiplan.sync.syncbase import Seen, SyncBase
from wikiplan.translate.translationtext import (
    clean,
    heading_marks,
    in_catalog,
    is_outdated,
    on_wiki,
)
from wikiplan.translate.tvarnames import text_in_plan, text_on_page
from wikiplan.translate.tvars import definition
from wikiplan.wiki.translatewiki import Marked


@dataclass(frozen=True, slots=True)
class SyncUnit:
    """A unit of the plan at its place on a page.

    ``planned`` and ``marked`` are its English as translators see it: of the plan, and of the
    page's last marked version. They differ while a change of the plan waits for marking.
    """

    title: str
    id: str
    unit: Unit
    planned: str
    marked: str

    @property
    def place(self) -> str:
        return syncbase.place(self.title, self.id)

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

    def wiki_side(self, raw: str, *, outdated: bool = False) -> Side:
        """Return what the wiki has; a translation of other English than the plan's is outdated."""
        current = not (outdated or is_outdated(raw) or self.waits)
        text = self.in_catalog(raw)
        return Side(text, current) if text else Side()

    def catalog_side(self, catalog: Catalog) -> Side:
        """Return what the catalog has; a suggestion is nobody's translation."""
        found = catalog.get(self.unit)
        if found.state is State.UNTRANSLATED or found.suggested:
            return Side()
        # The wiki trims and normalises: a text that it would not keep so is the same there.
        text = self.in_catalog(self.on_wiki(found.text, outdated=False))
        return Side(text, found.state is State.TRANSLATED)

    def remember(
        self, base: SyncBase, catalog: Catalog, side: Side, revision: int, translator: str
    ) -> None:
        """Note that both have this text; a conflict with it is none any more.

        Who wrote it stays noted: a later revision of the same text is nobody's translation.
        """
        catalog.drop_beside(self.unit, side.text)
        before = base.get(self.place)
        if before and before.wiki == side.digest and before.revision:
            revision, translator = before.revision, before.translator
        digest = side.digest
        seen = Seen(digest, digest, self.english, side.current, revision, translator)
        base.set(self.place, seen)


@dataclass(frozen=True, slots=True)
class SyncPage:
    """A translatable page at its last marked revision, with the units in its order."""

    title: str
    marked: Marked
    source_language: str
    units: tuple[SyncUnit, ...]


def page_of(plan: Plan, renderer: Renderer, spec: PageSpec, title: str, marked: Marked) -> SyncPage:
    """Return what a page and the catalogs share. ``title`` is in the wiki's own form."""
    planned = _planned(plan, renderer, spec)
    units = tuple(_units(plan, title, marked.units, planned))
    return SyncPage(title, marked, plan.source_language, units)


def _planned(plan: Plan, renderer: Renderer, spec: PageSpec) -> Mapping[str, SourceUnit]:
    language = plan.source_language
    sections = (renderer.section(spec, each, language, language) for each in spec.sections)
    return {unit.id: unit for section in sections for unit in section.units}


def _units(
    plan: Plan, title: str, marked: Mapping[str, str], planned: Mapping[str, SourceUnit]
) -> Iterator[SyncUnit]:
    """Yield the marked units that the plan knows.

    One that the page does not show any more, such as a past event's, is known by its key: an id
    never changes its meaning.
    """
    for id, raw in marked.items():
        english = definition(raw).strip()
        known = planned.get(id)
        unit = plan.units.get(known.key if known else id)
        if unit is not None:
            text = text_on_page(unit.text)
            own = definition(known.text) if known else on_wiki(text, heading_marks(english))
            yield SyncUnit(title, id, unit, clean(own), clean(english))

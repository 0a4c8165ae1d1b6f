"""What an import notes of translations that it took: who made them, and that both sides have them.

A pull or a push after it finds everything in step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wikiplan.adopt.adopted import PageTexts
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan.plan import Plan
from wikiplan.render.render import Renderer
from wikiplan.sync.syncbase import SyncBase
from wikiplan.sync.syncunits import SyncUnit
from wikiplan.translate.translationtext import clean
from wikiplan.translate.tvars import definition


def seen(pages: Sequence[PageTexts], plan: Plan, renderer: Renderer, catalog: Catalog) -> SyncBase:
    """Return what was seen of one language's translations: those that its catalog has as well."""
    base = SyncBase.load(catalog.path.parent, catalog.language)
    for page in pages:
        translations = page.translations.get(catalog.language, {})
        for unit in _units(page, plan, renderer) if translations else ():
            found = translations.get(unit.id)
            if found is None:
                continue
            side = unit.wiki_side(found.text, outdated=found.outdated)
            if side.text and side == unit.catalog_side(catalog):
                unit.remember(base, catalog, side, found.revision, found.translator)
    return base


def _units(page: PageTexts, plan: Plan, renderer: Renderer) -> Iterator[SyncUnit]:
    """Yield the units of a page as the plan writes it, which is how it stands on the wiki."""
    source = plan.source_language
    for spec in (each for each in plan.pages if each.title == page.title):
        for section in spec.sections:
            for unit in renderer.section(spec, section, source, source).units:
                text = clean(definition(unit.text))
                yield SyncUnit(page.title, unit.id, plan.units[unit.key], text, text)

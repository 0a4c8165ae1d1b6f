"""Suggestions: for a new unit, the translation of one whose English is similar.

It is what pot2po does. With ``catalog`` a door to translate-toolkit, whose matcher needs RapidFuzz
to be quick.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from translate.search import match
from translate.storage import base

from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan.units import Unit

LEAST_SIMILARITY_PERCENT = 75
"""pot2po's own."""
MOST_CHARACTERS = 1000


def suggest(catalog: Catalog, units: Iterable[Unit]) -> int:
    """Give untranslated units the most similar text of the catalog; return how many got one."""
    matcher = _matcher(catalog.memory())
    found = [(unit, matcher.matches(unit.text)) for unit in units]
    matched = [(unit, matches[0]) for unit, matches in found if matches]
    for unit, best in matched:
        catalog.suggest(unit, str(best.target), str(best.source))
    return len(matched)


def _matcher(memory: Iterable[tuple[str, str]]) -> Any:
    store: Any = base.TranslationStore()
    for english, text in memory:
        unit = base.TranslationUnit(english)
        unit.target = text
        store.addunit(unit)
    matcher = match.matcher(
        store,
        max_candidates=1,
        min_similarity=LEAST_SIMILARITY_PERCENT,
        max_length=MOST_CHARACTERS,
    )
    matcher.addpercentage = False
    return matcher

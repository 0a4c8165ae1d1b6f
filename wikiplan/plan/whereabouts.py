"""Where readers see a unit: the pages and sections that show the file it is in, and its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wikiplan.plan.plan import Plan
from wikiplan.plan.units import prefix


def whereabouts(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Return lines about every unit by its key, such as ``Page, section “x”: text 3 of 17``."""
    groups: dict[str, list[str]] = {}
    for key in plan.units:
        groups.setdefault(key.partition(".")[0], []).append(key)
    sections = _sections(plan)
    return {
        key: tuple(
            f"{where}: text {number} of {len(keys)}"
            for where in sections.get(name, (f"{name}, on several pages",))
        )
        for name, keys in groups.items()
        for number, key in enumerate(keys, 1)
    }


def _sections(plan: Plan) -> Mapping[str, list[str]]:
    """Return the sections that show a file, by the prefix of its units' keys."""
    found: dict[str, list[str]] = {}
    for name, where in _shown(plan):
        found.setdefault(name, []).append(where)
    return found


def _shown(plan: Plan) -> Iterator[tuple[str, str]]:
    for page in plan.pages:
        for section in page.sections:
            yield prefix(section.data), f"{page.title}, section “{section.name}”"

"""The data of a plan as values by place, without what two plans may have otherwise: keys, names.

A place is where a value stands in the files: lists count, keys do not. A link is its target. A text
is what it says in each language, variables spelled out; an outdated translation begins with ``?``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.plan.facttypes import Link
from wikiplan.plan.plan import Plan
from wikiplan.plan.units import Unit, link_key, prefix, variables_in

LINK_KEYS = frozenset({"link", "parent", "see-also", "ways", "questions", "notes", "recording"})
NO_DATA = frozenset({"pages", "glossary"})
TOLD_ELSEWHERE = frozenset({"key", "text", "note", "variables", "label", "unit"})
"""What a text block has besides; the plan itself adds its unit."""

Place = str
Step = tuple[str, Any, tuple[str, ...]]


@dataclass(frozen=True)
class Values:
    """Reads one plan."""

    plan: Plan
    catalogs: Mapping[str, Catalog]

    def all(self) -> dict[Place, Any]:
        found: dict[Place, Any] = dict(self.pages())
        for stem, data in self.plan.files.items():
            if stem == "links":
                found |= dict(self.links())
            elif stem not in NO_DATA:
                found |= dict(self.of(data, stem, (prefix(stem),)))
        return found

    def pages(self) -> Iterator[tuple[Place, Any]]:
        for page in self.plan.pages:
            yield f"pages {page.title}", page.translatable
            for number, each in enumerate(page.sections):
                yield f"pages {page.title}[{number}]", (each.name, each.template, each.data)

    def links(self) -> Iterator[tuple[Place, Any]]:
        for link in self.plan.links.values():
            yield f"links {link.target}", link.target
            yield f"links {link.target} title", link.title

    def of(self, data: Any, place: Place, key: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
        """Yield what stands in a value of a file; ``key`` is its unit's."""
        if isinstance(data, dict):
            if "text" in data and not isinstance(data["text"], dict):
                yield from self.texts(place, self.plan.units[".".join(key)])
            for name, value in data.items():
                if name not in TOLD_ELSEWHERE or (isinstance(value, dict) and name != "variables"):
                    inner = key if isinstance(value, list) else (*key, name)
                    yield from self.of(value, f"{place}.{self.label(name)}", inner)
        elif isinstance(data, list):
            for number, value in enumerate(data):
                own = (value["key"],) if isinstance(value, dict) and "key" in value else ()
                yield from self.of(value, f"{place}[{number}]", (*key, *own))
        else:
            name = place.rpartition(".")[2].partition("[")[0]
            yield place, self.target(data) if name in LINK_KEYS else data

    def texts(self, place: Place, unit: Unit) -> Iterator[tuple[Place, str]]:
        yield f"{place} en", told(unit, unit.text)
        for code, catalog in self.catalogs.items():
            found = catalog.get(unit)
            if found.text:
                sign = "?" if found.state is State.OUTDATED else ""
                yield f"{place} {code}", f"{sign}{told(unit, found.text)}"

    def label(self, name: str) -> str:
        """Return a name in a file; that of a link's title has the link's target."""
        titles = {link_key(link).replace("links.", "link-"): link for link in self.plan.links}
        link = titles.get(name)
        return f"link-title {self.target(link)}" if link else name

    def target(self, name: str) -> str:
        return self.plan.links[name].target if name in self.plan.links else name


def told(unit: Unit, text: str) -> str:
    """Return a text with what its variables stand for: names may differ."""
    for name in sorted(variables_in(unit.text), key=len, reverse=True):
        value = unit.variables[name]
        text = text.replace(f"${name}", value.target if isinstance(value, Link) else f"<{value}>")
    return text

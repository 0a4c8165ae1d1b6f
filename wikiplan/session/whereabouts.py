"""Where readers see each text, told to whoever translates it in a file: found by rendering.

A text that no section shows is left out, unless another day or other data may show it: labels, the
titles of links, and what tells of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from wikiplan.plan import (
    EVENTS,
    Date,
    Fact,
    FiscalYear,
    Number,
    PageSpec,
    Plan,
    Time,
    Unit,
    is_label,
    kind_of,
    prefix,
    title_in,
    variables_in,
)
from wikiplan.render import LocalFacts, PageSection, Renderer, shown
from wikiplan.value import Value
from wikiplan.wiki import address_of, address_of_unit
from wikiplan.wikitext import prose

MOST_PLACES = 3
"""So many sections are named; of a label there may be a hundred."""
MOST_OF_NEIGHBOUR = 60
"""Characters of a neighbouring text."""
MOST_KEPT = 10_000
NOT_NOW = "No page shows it at the moment; it may come with other data or another day."
_WRITTEN = (Date, FiscalYear, Number, Time)
"""Facts that languages write in their own ways."""


class Sight(Value):
    """A text where readers see it: ``number`` of the ``count`` texts of a section, in its order.

    ``id`` is its unit's on a translatable page.
    """

    page: PageSpec
    section: str
    number: int
    count: int
    before: str
    after: str
    id: str = ""


Sights = Mapping[str, Sequence[Sight]]
"""By key, in the order of pages and sections."""


def sights(renderer: Renderer) -> Sights:
    """Return where readers see each text of the plan, in the order of its pages."""
    found: dict[str, list[Sight]] = {}
    for page in renderer.plan.pages:
        for section in page.sections:
            language = renderer.plan.source_language
            rendered = renderer.section(PageSection(page, section, language, language))
            ids = {unit.key: unit.id for unit in rendered.units}
            keys = [key for key in rendered.sources.asked if key in renderer.plan.units]
            for at, key in enumerate(keys):
                before, after = keys[at - 1] if at else "", "".join(keys[at + 1 : at + 2])
                sight = Sight(
                    page, section.name, at + 1, len(keys), before, after, ids.get(key, "")
                )
                found.setdefault(key, []).append(sight)
    return found


def left_out(plan: Plan, seen: Sights) -> frozenset[str]:
    """Return the keys of texts that nobody sees, and that nothing but an edit will show."""
    events = {prefix(stem) for stem in plan.files if kind_of(stem) == EVENTS}
    return frozenset(
        key
        for key in plan.units
        if key not in seen
        and not key.startswith(("labels.", "links."))
        and not is_label(key)
        and key.partition(".")[0] not in events
    )


def told(
    plan: Plan, seen: Sights, facts: LocalFacts, language: str, scripts: Mapping[str, str]
) -> Mapping[str, Sequence[str]]:
    """Return lines about every text, by key, for translators into a language.

    ``scripts`` has the address of ``index.php`` by site: without, pages are named in wikitext.
    """
    links = _Links(plan, language, scripts)
    return {
        key: tuple(_lines(unit, seen.get(key, ()), facts, links))
        for key, unit in plan.units.items()
    }


def _lines(unit: Unit, found: Sequence[Sight], facts: LocalFacts, links: _Links) -> Iterator[str]:
    for each in found[:MOST_PLACES]:
        where = f"{each.page.title}, section “{each.section}”: text {each.number} of {each.count}"
        yield f"{where}, on {links.page(each.page)}"
    if len(found) > MOST_PLACES:
        yield f"and in {len(found) - MOST_PLACES} more sections"
    if not found:
        yield NOT_NOW
    for each in found[:1]:
        yield from links.unit(each, unit.key)
        yield from _neighbours(links.plan, each)
    for name in variables_in(unit.text):
        fact = unit.variables.get(name)
        if isinstance(fact, _WRITTEN):
            yield f"${name} reads here: {_written(fact, facts)}"


class _Links(Value):
    """Where translators into a language find texts on the wiki, as addresses or in wikitext."""

    plan: Plan
    language: str
    scripts: Mapping[str, str]

    def page(self, page: PageSpec) -> str:
        """Return the page that readers of the language see."""
        translated = page.translatable and self.language != self.plan.source_language
        if translated:
            return self._link(page, f"{page.title}/{self.language}")
        if self.language in page.languages:
            return self._link(page, title_in(page, self.language, self.plan.source_language))
        return f"{self._link(page, page.title)}, in English only"

    def unit(self, sight: Sight, key: str) -> Iterator[str]:
        """Yield where a text of a translatable page is translated."""
        page, id = sight.page, sight.id or key
        if not page.translatable or self.language == self.plan.source_language:
            return
        script = self.scripts.get(page.site, "")
        named = f"[[Translations:{page.title}/{id}/{self.language}]]"
        address = script and address_of_unit(script, page.title, id, self.language)
        yield f"translated at {address or named}"

    def _link(self, page: PageSpec, title: str) -> str:
        script = self.scripts.get(page.site, "")
        return _address(script, title) if script else f"[[{title}]]"


_address = lru_cache(MOST_KEPT)(address_of)


def _neighbours(plan: Plan, sight: Sight) -> Iterator[str]:
    for word, key in (("before it", sight.before), ("after it", sight.after)):
        if words := _beginning(plan.units[key].text) if key else "":
            yield f"{word}: “{words}”"


@lru_cache(MOST_KEPT)
def _beginning(text: str) -> str:
    """Return the first words of an English text; every language is told the same ones."""
    words = " ".join(prose.words_of(text).split())
    return words if len(words) <= MOST_OF_NEIGHBOUR else f"{words[:MOST_OF_NEIGHBOUR]}…"


def _written(fact: Fact, facts: LocalFacts) -> str:
    return prose.words_of(str(shown(fact, facts)))

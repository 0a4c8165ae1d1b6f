"""Names in each language: forms of a person's, a team's, and the languages' own for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wikiplan.catalogs import State, Translation
from wikiplan.l10n import Language, languages
from wikiplan.plan import NamedUnit, Unit
from wikiplan.render.sources import Sources
from wikiplan.render.wording import Translations
from wikiplan.value import Value


class NameForms:
    """What the catalogs have of names.

    A form that was made for another name is that one's, and never shown: where a language and
    those that stand in for it have none, the plan's own stands.
    """

    def __init__(
        self,
        units: Mapping[str, Unit],
        catalogs: Mapping[str, Translations],
        source_language: str,
    ) -> None:
        self._units = units
        self._catalogs = catalogs
        self._source = source_language

    def form(self, name: NamedUnit, language: str) -> str:
        unit = self._units[name.unit]
        for code in (language, *languages.fallback_chain(language)):
            if code == self._source:
                break
            found = self._catalogs[code].get(unit) if code in self._catalogs else None
            if found and found.state is State.TRANSLATED:
                return found.text.strip()
        return name.text

    def forms(self, name: NamedUnit, codes: Iterable[str]) -> dict[str, str]:
        """Return the forms by language where they are others than the plan's own."""
        found = ((code, self.form(name, code)) for code in codes)
        return {code: form for code, form in found if form != name.text}


# The language versions of a plain page, and how complete each is, for a bar that leads to all.


STEP_PERCENT = 10
"""How complete a version is, is said in such steps: or each translation would change all pages."""


class PageVersion(Value):
    """A page in one language; ``complete`` is in percent, 100 only where every text is current."""

    language: Language
    title: str
    complete: int
    is_current: bool


class UnitRecorder:
    """An empty catalog that remembers which units were asked for.

    With nothing translated a section shows all that it may ever show, the note about texts in
    other languages too: so all languages have the same number of texts.
    """

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}

    def get(self, unit: Unit) -> Translation:
        if not unit.is_name:  # nobody has to write it otherwise
            self.units[unit.key] = unit
        return Translation(unit.key, "", State.UNTRANSLATED)


class ShownUnits(Value):
    """The texts that a page's sections show, and what these were rendered from."""

    units: tuple[Unit, ...] = ()
    sources: tuple[Sources, ...] = ()

    def complete(self, catalog: Translations | None) -> int:
        """Return how much a catalog has of the texts, in percent."""
        states = [catalog.get(unit).state for unit in self.units] if catalog else []
        return percent(states.count(State.TRANSLATED), len(self.units))


def percent(done: int, of: int) -> int:
    """Return a share in whole steps, rounded down."""
    return 100 if done >= of else done * 100 // of // STEP_PERCENT * STEP_PERCENT

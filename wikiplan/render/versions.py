"""The language versions of a plain page, and how complete each is, for a bar that leads to all."""

from __future__ import annotations

from wikiplan.catalogs import State, Translation
from wikiplan.l10n import Language
from wikiplan.plan import Unit
from wikiplan.render.sources import Sources
from wikiplan.render.wording import Translations
from wikiplan.value import Value

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

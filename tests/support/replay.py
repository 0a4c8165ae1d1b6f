"""A wiki in memory that goes through the steps of tests/cases/translatable/scenarios.jsonl.

It knows what marking is told by the library, and of translating only what the steps need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wikiplan.translate import marking, markup
from wikiplan.translate.marking import Effect

FUZZY = "!!FUZZY!!"
BRACKETS = {"{": "}", "[": "]", "(": ")"}


@dataclass
class Translation:
    text: str
    outdated: bool
    made_for: str | None


@dataclass
class Replay:
    """``effects`` holds what each marking did; texts and ``units`` are those of the page."""

    version: str
    text: str = ""
    units: dict[str, str] = field(default_factory=dict)
    used: dict[str, str | None] = field(default_factory=dict)
    translations: dict[str, dict[str, Translation]] = field(default_factory=dict)
    effects: list[tuple[Effect, ...]] = field(default_factory=list)

    def save(self, text: str) -> str:
        markup.parse(text, self.version)
        self.text = text
        return "ok"

    def mark(self, spared: set[str]) -> None:
        page = markup.parse(self.text, self.version)
        free = markup.next_number(self.used)
        self.text = markup.marked(page, free, "Plan", self.version)
        units = {unit.id: unit.text for unit in markup.parse(self.text, self.version).units}
        effects = marking.classify(self.units, units, self.used, spared, self.version)
        for effect in effects:
            self._apply(effect)
        self.effects.append(effects)
        self.units = units
        self.used |= units

    def _apply(self, effect: Effect) -> None:
        for translation in self.translations.get(effect.id, {}).values():
            translation.outdated = marking.is_outdated(
                effect, translation.outdated, translation.made_for, self.version
            )

    def translate(self, id: str, language: str, text: str) -> str:
        """Save a translation; that alone makes it current again, even when nothing changed."""
        held_back = FUZZY in text or bool(unbalanced(text) - unbalanced(self.units[id]))
        there = self.translations.setdefault(id, {})
        answer = "nochange" if language in there and there[language].text == text else "ok"
        made_for = None if held_back else self.units[id]
        there[language] = Translation(text, held_back, made_for)
        return answer

    def states(self, language: str) -> dict[str, list]:
        return {id: self._state(self.translations.get(id, {}).get(language)) for id in self.units}

    def _state(self, translation: Translation | None) -> list:
        if translation is None:
            return ["untranslated", None, []]
        shown = translation.text.replace(FUZZY, "")
        return ["fuzzy", shown, ["fuzzy"]] if translation.outdated else ["translated", shown, []]

    def orphans(self) -> list[str]:
        """Return the translations of units that the page does not have any more."""
        return sorted(
            f"{id}/{language}"
            for id, languages in self.translations.items()
            for language in languages
            if id not in self.units
        )


def unbalanced(text: str) -> set[str]:
    """Return the opening brackets that a text does not close as often as it opens them."""
    return {left for left, right in BRACKETS.items() if text.count(left) != text.count(right)}


def told(effects: tuple[Effect, ...]) -> str:
    """Write what a marking did in one line, as tests/cases/marking/effects.txt has it."""
    return ", ".join(
        f"{effect.id} {effect.kind}"
        + " and outdated" * effect.outdates
        + " and dangerous" * effect.dangerous
        + (f" ({effect.cause})" if effect.cause.name in ("VALUES", "SPARED", "BACK") else "")
        for effect in effects
    )


def spared_units(params: dict[str, str]) -> set[str]:
    return set(filter(None, re.split(r"[,|]", params.get("nofuzzyunits", ""))))

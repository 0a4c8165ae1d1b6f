"""Orphans: translations whose unit left the page, and which of them its text can have again.

A unit that comes back under its old id finds its translations again, and the wiki shows them as
current, whatever the unit's text is then (fact 1.7). So only a marker before the same text is a
rescue; a text that changed has to be marked once as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from wikiplan.translate import translatable
from wikiplan.translate.translatable import Unit

LEAST_LIKENESS = 0.75
"""From this ratio on (difflib's) a text is an orphan's text that was changed."""


class Chance(StrEnum):
    """What can become of an orphan's translations."""

    SAME_TEXT = "same text"
    OTHER_ID = "other id"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A unit that left: its id, its last text as translators saw it, who translated it.

    ``line`` is where its text stands now, 0 where it does not, ``now`` the id that it has there.
    """

    id: str
    text: str
    languages: tuple[str, ...]
    chance: Chance
    line: int = 0
    now: str = ""

    def __str__(self) -> str:
        told = f"unit {self.id} left the page, with translations into {', '.join(self.languages)}"
        return f"{told}: {_ADVICE[self.chance].format(orphan=self)}"


_ADVICE = {
    Chance.SAME_TEXT: "its text stands on line {orphan.line} without a marker; put "
    "<!--T:{orphan.id}--> back there, and they count again",
    Chance.OTHER_ID: "its text stands on line {orphan.line} as unit {orphan.now}; give it "
    "<!--T:{orphan.id}--> again unless unit {orphan.now} has translations of its own",
    Chance.CHANGED: "line {orphan.line} reads like its text changed; mark it once as it was, with "
    "<!--T:{orphan.id}-->, and change it then: they turn outdated instead of lost",
    Chance.GONE: "its text does not stand on the page any more; they stay as pages of their own",
}


def orphans(
    units: Sequence[Unit],
    used: Mapping[str, str | None],
    translated: Mapping[str, Collection[str]],
) -> tuple[Orphan, ...]:
    """Return the translated units that left, by id.

    ``used`` has the last text of every id that the page ever had, as translators saw it,
    ``translated`` by language the ids with a current translation.
    """
    found = []
    for id, text in sorted(used.items(), key=lambda each: _by_number(each[0])):
        languages = tuple(code for code, ids in sorted(translated.items()) if id in ids)
        if languages and text is not None:
            found.append(_orphan(id, text, languages, units))
    return tuple(found)


def _by_number(id: str) -> tuple[int, str]:
    return (int(id), "") if id.isdecimal() else (-1, id)


def _orphan(id: str, text: str, languages: tuple[str, ...], units: Iterable[Unit]) -> Orphan:
    likest, most = None, 0.0
    for unit in units:
        now = translatable.definition(unit).strip()
        if now == text.strip():
            chance = Chance.SAME_TEXT if unit.new else Chance.OTHER_ID
            return Orphan(id, text, languages, chance, unit.line, "" if unit.new else unit.id or "")
        likeness = _likeness(now, text) if unit.new else 0.0
        if likeness > most:
            likest, most = unit, likeness
    if likest and most >= LEAST_LIKENESS:
        return Orphan(id, text, languages, Chance.CHANGED, likest.line)
    return Orphan(id, text, languages, Chance.GONE)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else 0.0

"""What a catalog says of a unit: its text, and whether that was made for the unit's English."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from wikiplan.catalogs import poentry
from wikiplan.catalogs.typos import is_typo
from wikiplan.plan import Unit
from wikiplan.value import Value


class State(StrEnum):
    TRANSLATED = "translated"
    OUTDATED = "outdated"
    """Made for another English, or marked as fuzzy."""
    UNTRANSLATED = "untranslated"


class Translation(Value):
    """What a catalog says of a unit.

    ``english`` is the entry's msgid, ``previous_english`` what an outdated text was made for (both
    empty when unknown), ``note`` the translator's comment.
    """

    key: str
    text: str
    state: State
    english: str = ""
    previous_english: str = ""
    note: str = ""

    @property
    def suggested(self) -> bool:
        """Whether the text was found for a similar English, and nobody took it over yet."""
        return self.state is State.OUTDATED and poentry.is_suggestion(self.note)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Other translations of the unit that wait for a person to choose."""
        return poentry.conflicts_in(self.note)


class Entry(NamedTuple):
    """What stands in a catalog's file for one key; ``fuzzy`` is the flag of that name.

    ``line`` and ``text_line`` are those of its msgctxt and its msgstr, 0 where the file that was
    read has no such entry.
    """

    english: str
    text: str
    fuzzy: bool
    line: int
    text_line: int
    previous_english: str = ""
    note: str = ""

    def translation_of(self, unit: Unit) -> Translation:
        return Translation(
            key=unit.key,
            text=self.text,
            state=self._state(unit),
            english=self.english,
            previous_english=self.previous_english,
            note=self.note,
        )

    def _state(self, unit: Unit) -> State:
        if not self.text.strip():
            return State.UNTRANSLATED
        current = not self.fuzzy and (self.english == unit.text or is_typo(unit, self.english))
        return State.TRANSLATED if current else State.OUTDATED


def untranslated(unit: Unit) -> Translation:
    """Return what a catalog says of a unit for which it has no entry."""
    return Translation(unit.key, "", State.UNTRANSLATED)

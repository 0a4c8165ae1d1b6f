"""A page's markings: which English a translation was made for, and since when it is another.

No question of the Translate extension's API says that for many units at once; the log of markings
and the texts of the revisions that were marked do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from wikiplan.translate import TITLE_UNIT, english
from wikiplan.value import Value


class MarkedText(Value):
    """A page's units as translators saw them from a marking on: definitions by id."""

    time: datetime
    definitions: Mapping[str, str]


class Then(Value):
    """The English that a text was made for (empty when unknown), and when another one came."""

    english: str
    ended: datetime | None


class Markings(Value):
    """Markings of one page, oldest first."""

    texts: Sequence[MarkedText]

    def then(self, id: str, written: datetime, english: str) -> Then:
        """Return what an outdated text of ``written`` was made for; ``english`` is today's.

        A text that is outdated although the English is still the same was marked so by a person,
        or was sent as outdated: then nothing is known.
        """
        before = ""
        for marking in self._of(id):
            definition = marking.definitions[id]
            if marking.time <= written:
                before = definition
            elif before and definition != before:
                return Then(before, marking.time)
        return Then("", None) if before == english else Then(before, None)

    def _of(self, id: str) -> Iterator[MarkedText]:
        return (marking for marking in self.texts if id in marking.definitions)


def title_english(title: str, id: str, units: Mapping[str, str]) -> str:
    """Return a unit's English as translators see it; that of the title is the title."""
    return title if id == TITLE_UNIT else english(units.get(id, ""))

"""What goes out to translators in a file, one a language, and what comes back.

A text goes out with a *seal*: digests of its key and English, and of the translation as it went
out. When it comes back the seal tells whether it was changed, and whether the catalog changed
since; and no text is taken for another unit's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.poentry import notes_on
from wikiplan.catalogs.textchecks import has_lost_letters
from wikiplan.catalogs.translation import State
from wikiplan.errors import Fault, Message
from wikiplan.plan import Unit
from wikiplan.value import Value, field

DIGEST_LENGTH = 12
"""Hexadecimal digits: 48 bits, for accidents."""

_SEAL = re.compile(r"([0-9a-f]{12})-([0-9a-f]{12})-(translated|outdated|untranslated)")
LOST_LETTERS = Message(
    "lost-letters",
    "letters of the translation are gone, or were read in another character set",
    "look with which program the file was saved, and have it save UTF-8",
)
NOT_OURS = "take the file from the export, or export again"


class Seal(Value):
    """What a text was when it went out. ``unit`` and ``text`` are digests."""

    unit: str
    text: str
    state: State

    @classmethod
    def parse(cls, text: str) -> Self | None:
        match = _SEAL.fullmatch(text.strip())
        return cls(match[1], match[2], State(match[3])) if match else None

    def __str__(self) -> str:
        return f"{self.unit}-{self.text}-{self.state}"


class Outgoing(Value):
    """A unit in a file for translators: ``places`` say where readers see it.

    ``may_be_same`` says that the English may be right in the language, too.
    """

    key: str
    english: str
    text: str
    state: State
    previous_english: str
    places: tuple[str, ...]
    notes: tuple[str, ...]
    may_be_same: bool = False

    @property
    def seal(self) -> Seal:
        return Seal(unit_digest(self.key, self.english), digest(self.text), self.state)


class Incoming(Value):
    """A unit as it came back. ``ready`` is what its translator says, ``line`` is in the file.

    ``says_state`` tells whether the file says it of each text, or leaves it out where all is well.
    """

    key: str
    english: str
    text: str
    ready: bool
    seal: Seal | None
    line: int
    says_state: bool = True

    @property
    def is_untranslated(self) -> bool:
        """Whether there is no text; some programs begin each with a copy of the English."""
        return not self.text.strip() or (not self.ready and self.text == self.english)


class Parcel(Value):
    """A file that came back. ``header`` is what a PO file says of its translators."""

    file: str
    language: str
    texts: tuple[Incoming, ...]
    header: Mapping[str, str] = field(default_factory=dict)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def unit_digest(key: str, english: str) -> str:
    return digest(f"{key}\0{english}")


def outgoing(
    catalog: Catalog, units: Mapping[str, Unit], places: Mapping[str, Sequence[str]]
) -> Iterator[Outgoing]:
    """Yield every unit with its translation, in the order of the plan."""
    for unit in units.values():
        found = catalog.get(unit)
        untranslated = found.state is State.UNTRANSLATED
        chosen = found.state is State.TRANSLATED and found.text == unit.text
        yield Outgoing(
            key=unit.key,
            english=unit.text,
            text="" if untranslated else found.text,
            state=found.state,
            previous_english=found.previous_english if found.state is State.OUTDATED else "",
            places=tuple(places.get(unit.key, ())),
            notes=(*notes_on(unit), *found.note.splitlines()),
            may_be_same=unit.is_name or chosen,
        )


def faults_in(parcel: Parcel, stated: int | None) -> Iterator[Fault]:
    """Yield what shows that a file is not what went out: its seals, doubles, its count."""
    first: dict[str, int] = {}
    for text in parcel.texts:
        if text.key in first:
            wrong = f"the text stands twice, first in line {first[text.key]}"
            message = Message("doubled-text", wrong, "delete the one that is wrong")
            yield fault(parcel.file, message, text.line, text.key)
        elif text.seal and text.seal.unit != unit_digest(text.key, text.english):
            wrong = "its key or its English is not what was exported"
            message = Message("other-sealed-text", wrong, f"restore them, or {NOT_OURS}")
            yield fault(parcel.file, message, text.line, text.key)
        elif has_lost_letters(text.english, text.text):
            yield fault(parcel.file, LOST_LETTERS, text.line, text.key)
        first.setdefault(text.key, text.line)
    if stated is not None and len(parcel.texts) < stated:
        wrong = f"the file states {stated} texts, and has {len(parcel.texts)}"
        advice = f"{NOT_OURS}; leave the rows in that you did not translate"
        yield fault(parcel.file, Message("fewer-texts", wrong, advice))


def fault(file: str, message: Message, line: int = 0, key: str = "") -> Fault:
    return Fault(file, line, 1 if line else 0, key, message)

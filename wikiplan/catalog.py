"""Catalogs: the translations of the units in one language, ``locale/<code>.po``.

The key stands in ``msgctxt``, the English in ``msgid``. The translate-toolkit reads and writes the
entries (this is its door); :mod:`wikiplan.entries` keeps the file's own text, so that an entry
that did not change is saved as it was read, byte for byte.

An entry never leaves a catalog. When its unit leaves the plan it becomes obsolete (``#~``), in its
place, and comes back with its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from translate.storage import pypo

from wikiplan import atomic, entries, poheader
from wikiplan.entries import BOM, Entry
from wikiplan.errors import Fault, Faults
from wikiplan.notes import notes_on
from wikiplan.units import Unit

_READ_OTHERWISE = ("the PO library reads this entry otherwise", "write it as gettext does")


class State(StrEnum):
    TRANSLATED = "translated"
    OUTDATED = "outdated"
    """Made for another English, or marked as fuzzy."""
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True)
class Translation:
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


@dataclass(slots=True)
class UpdateCounts:
    """What became of the entries in an update; each is counted once.

    ``outdated``: the English changed under a translation. ``reworded``: it changed where nothing
    was translated. ``revived``: the key came back, or the English for which the text was made.
    ``obsolete``: the unit left the plan.
    """

    added: int = 0
    outdated: int = 0
    reworded: int = 0
    revived: int = 0
    obsolete: int = 0
    unchanged: int = 0


@dataclass(slots=True, eq=False)
class _Slot:
    """An entry's text in the file beside the toolkit's view of it."""

    entry: Entry
    unit: Any  # pypo.pounit

    @property
    def key(self) -> str:
        return str(self.unit.getpreviouscontext())

    @property
    def text(self) -> str:
        return str(self.unit.target)

    def rewrite(self, line_end: str) -> None:
        """Take over the toolkit's text; it writes LF and ends the last line."""
        self.entry.body = str(self.unit).replace("\n", line_end)


class Catalog:
    """One language's entries, in the order of the file."""

    def __init__(self, path: Path, data: bytes, *, exists: bool) -> None:
        """Read ``data``, the file's bytes; raises Faults with all damage."""
        self.path = path
        self.language = path.stem
        reading = entries.read(str(path), data)
        self._slots = _paired(str(path), self.language, reading.entries)
        self._tail = reading.tail
        self._line_end = "\r\n" if reading.entries[0].body.endswith("\r\n") else "\n"
        self._by_key = {slot.key: slot for slot in self._slots[1:]}
        self._stored = data if exists else None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the catalog of a file; raises Faults with all damage, each with its line."""
        return cls(path, _bytes_of(path), exists=True)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Return an empty catalog for a file that does not exist yet."""
        return cls(path, poheader.new(path.stem).encode(), exists=False)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the entries that are not obsolete."""
        return tuple(key for key, slot in self._by_key.items() if not slot.unit.isobsolete())

    @property
    def obsolete_keys(self) -> tuple[str, ...]:
        return tuple(key for key, slot in self._by_key.items() if slot.unit.isobsolete())

    def line_of(self, key: str, keyword: str = "msgctxt") -> int:
        """Return the line of an entry's keyword in the file as it was read, 0 if it was not."""
        slot = self._by_key.get(key)
        return slot.entry.lines.get(keyword, 0) if slot else 0

    def get(self, unit: Unit) -> Translation:
        slot = self._by_key.get(unit.key)
        if slot is None or slot.unit.isobsolete():
            return Translation(unit.key, "", State.UNTRANSLATED)
        return Translation(
            key=unit.key,
            text=slot.text,
            state=_state(slot, unit),
            english=str(slot.unit.source),
            previous_english=str(slot.unit.prev_source),
            note=str(slot.unit.getnotes("translator")),
        )

    def set(self, unit: Unit, text: str) -> None:
        """Make ``text`` the translation of the unit's present English.

        Raises KeyError when the unit has no entry: an update makes it.
        """
        slot = self._by_key[unit.key]
        if slot.unit.isobsolete():
            raise KeyError(unit.key)
        before = str(slot.unit)
        if slot.unit.source != unit.text:
            slot.unit.source = unit.text
        slot.unit.target = text
        _mark_current(slot.unit)
        self._rewrite_if_changed(slot, before)

    def update(self, units: Iterable[Unit]) -> UpdateCounts:
        """Bring the entries in line with the plan's units, which are all that it has."""
        counts = UpdateCounts()
        wanted = {unit.key: unit for unit in units}
        for key, slot in self._by_key.items():
            before = str(slot.unit)
            outcome = _bring_up(slot.unit, wanted[key]) if key in wanted else _retire(slot.unit)
            setattr(counts, outcome, getattr(counts, outcome) + 1)
            self._rewrite_if_changed(slot, before)
        counts.added = self._add(wanted)
        self._state_count()
        return counts

    def text(self) -> str:
        """Return the whole file as it would be saved."""
        return "".join(slot.entry.lead + slot.entry.body for slot in self._slots) + self._tail

    def save(self) -> bool:
        """Write the file if its text changed, whole or not at all; tell whether it was written.

        Raises Faults when the file is not the one that was read (an edit made meanwhile, or a
        damaged file, is never overwritten), or when the new text could not be read back.
        """
        data = self.text().encode()
        if data == self._stored:
            return False
        type(self)(self.path, data, exists=False)
        if (self.path.read_bytes() if self.path.exists() else None) != self._stored:
            wrong = "the file changed since it was read"
            raise Faults([Fault(str(self.path), 0, 0, "", wrong, "run this again")])
        atomic.replace(self.path, data)
        self._stored = data
        return True

    def _rewrite_if_changed(self, slot: _Slot, before: str) -> None:
        if str(slot.unit) != before:
            slot.rewrite(self._line_end)

    def _add(self, wanted: Mapping[str, Unit]) -> int:
        """Put new entries where the plan has them: after the unit before."""
        followers: dict[str, list[_Slot]] = {}
        place = ""
        for key, unit in wanted.items():
            if key in self._by_key:
                place = key
            else:
                followers.setdefault(place, []).append(self._new_slot(unit))
        self._slots = [
            each for slot in self._slots for each in (slot, *followers.get(slot.key, ()))
        ]
        self._by_key = {slot.key: slot for slot in self._slots[1:]}
        self._end_every_line()
        return sum(map(len, followers.values()))

    def _new_slot(self, unit: Unit) -> _Slot:
        made = pypo.pounit(unit.text, wrapper=pypo.PoWrapper())
        made.setcontext(unit.key)
        made.automaticcomments = _comments_for(unit)
        slot = _Slot(Entry(lead=self._line_end), made)
        slot.rewrite(self._line_end)
        return slot

    def _end_every_line(self) -> None:
        """End the entry that was the file's last without a line end, if another follows it."""
        for slot in self._slots[:-1]:
            if not slot.entry.body.endswith("\n"):
                slot.entry.body += self._line_end

    def _state_count(self) -> None:
        """Write the number of entries into the header, if it is not the one there."""
        header = self._slots[0]
        text = poheader.with_count(header.text, len(self._by_key))
        if text != header.text:
            header.unit.target = text
            header.rewrite(self._line_end)


def load_all(directory: Path, languages: Iterable[str]) -> dict[str, Catalog]:
    """Return the catalogs of the languages, an empty one where there is no file.

    Raises Faults with the damage of all of them.
    """
    catalogs: dict[str, Catalog] = {}
    faults: list[Fault] = []
    for language in languages:
        path = directory / f"{language}.po"
        try:
            catalogs[language] = (Catalog.load if path.exists() else Catalog.create)(path)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return catalogs


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
        raise Faults([Fault(str(path), 0, 0, "", wrong, "make it readable")]) from error


def _paired(file: str, language: str, read: list[Entry]) -> list[_Slot]:
    """Return the entries with the toolkit's units, after comparing what both found."""
    faults = [*poheader.faults(file, read, language), *entries.key_faults(file, read[1:])]
    if faults:
        raise Faults(faults)
    text = "".join(entry.lead + entry.body for entry in read)
    store = pypo.pofile(BytesIO(text.removeprefix(BOM).replace("\r\n", "\n").encode()))
    units = {unit._line_number: unit for unit in store.units}
    strange = [entry for entry in read if not _same(entry, units.pop(entry.line, None))]
    if strange or units:
        lines = [(entry.line, entry.key) for entry in strange] or [(line, "") for line in units]
        raise Faults(Fault(file, line, 1, key, *_READ_OTHERWISE) for line, key in lines)
    return [_Slot(entry, unit) for entry, unit in zip(read, store.units, strict=True)]


def _same(entry: Entry, unit: Any | None) -> bool:
    """Compare an entry with the toolkit's view of it, and mend the one view that is known wrong.

    The toolkit takes a line of the English that begins with ``_:`` for a comment (KDE's old way).
    """
    if unit is None:
        return False
    if unit.msgidcomments:
        unit.msgid, unit.msgidcomments = entry.strings["msgid"], []
    return bool(
        unit.getpreviouscontext() == entry.key
        and unit.source == entry.value("msgid")
        and unit.target == entry.value("msgstr")
        and unit.isobsolete() == entry.obsolete
    )


def _state(slot: _Slot, unit: Unit) -> State:
    if not slot.text.strip():
        return State.UNTRANSLATED
    current = slot.unit.source == unit.text and not slot.unit.isfuzzy()
    return State.TRANSLATED if current else State.OUTDATED


def _bring_up(entry: Any, unit: Unit) -> str:
    """Bring the toolkit's view of an entry up to its unit; return which count it belongs to."""
    outcome = _revive(entry, unit) if entry.isobsolete() else _reword(entry, unit.text)
    comments = _comments_for(unit)
    if entry.automaticcomments != comments:
        entry.automaticcomments = comments
    return outcome


def _comments_for(unit: Unit) -> list[str]:
    """Return the ``#.`` lines of a unit's entry.

    No ``#:`` references: line numbers would change every catalog with every edit of the plan, and
    the key names the file and the place.
    """
    return [f"#. {note}\n" for note in notes_on(unit)]


def _revive(entry: Any, unit: Unit) -> str:
    fuzzy = entry.isfuzzy()
    entry.resurrect()  # drops the flag
    entry.markfuzzy(fuzzy)
    _reword(entry, unit.text)
    return "revived"


def _reword(entry: Any, english: str) -> str:
    """Give an entry its new English and keep the one for which its text was made."""
    before = str(entry.source)
    if before == english:
        return "unchanged"
    made_for = str(entry.prev_source) or before
    entry.source = english
    if not entry.target.strip():
        return "reworded"
    if made_for == english:
        _mark_current(entry)
        return "revived"
    entry.prev_source = made_for
    entry.markfuzzy()
    return "outdated"


def _mark_current(entry: Any) -> None:
    entry.markfuzzy(False)
    entry.prev_source = None
    entry.prev_msgctxt = []


def _retire(entry: Any) -> str:
    if entry.isobsolete():
        return "unchanged"
    entry.makeobsolete()
    return "obsolete"

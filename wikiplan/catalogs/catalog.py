"""Catalogs: the translations of the units in one language, ``locale/<code>.po``.

The key stands in ``msgctxt``, the English in ``msgid``. The translate-toolkit reads and writes the
entries (this is its door); ``catalogs.potext`` keeps the file's own text, so that an entry
that did not change is saved as it was read, byte for byte.

An entry never leaves a catalog. When its unit leaves the plan it becomes obsolete (``#~``), in its
place, and comes back with its key.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from translate.storage import pypo

from wikiplan import files
from wikiplan.catalogs import poentry, potext
from wikiplan.catalogs.plainpo import shipped_words
from wikiplan.catalogs.poentry import REVISED, TRANSLATOR, Change
from wikiplan.catalogs.potext import BOM, PoEntry
from wikiplan.catalogs.translation import Entry, Translation, untranslated
from wikiplan.errors import Fault, Faults, Message
from wikiplan.files import FileChange
from wikiplan.plan import Unit

_LANGUAGE = re.compile(r"Language\s*:", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:#(?![,:|~]).*\n)*")
_READ_OTHERWISE = Message(
    "read-otherwise", "the PO library reads this entry otherwise; write it as gettext does"
)


@dataclass(slots=True, eq=False)
class _Slot:
    """An entry's text in the file beside the toolkit's view of it."""

    entry: PoEntry
    unit: Any  # pypo.pounit
    changed: bool = False

    @property
    def key(self) -> str:
        return str(self.unit.getpreviouscontext())

    @property
    def text(self) -> str:
        return str(self.unit.target)

    @property
    def read(self) -> Entry:
        """What the toolkit says of the entry."""
        return Entry(
            english=str(self.unit.source),
            text=self.text,
            fuzzy=self.unit.isfuzzy(),
            line=self.entry.lines.get("msgctxt", 0),
            text_line=self.entry.lines.get("msgstr", 0),
            previous_english=str(self.unit.prev_source),
            note=str(self.unit.getnotes("translator")),
        )

    def rewrite(self, line_end: str) -> None:
        """Take over the toolkit's text; it writes LF and ends the last line."""
        self.entry.body = str(self.unit).replace("\n", line_end)
        self.changed = True


class Catalog:
    """One language's entries, in the order of the file."""

    def __init__(self, path: Path, data: bytes, *, exists: bool) -> None:
        """Read ``data``, the file's bytes; raises Faults with all damage."""
        self.path = path
        self.language = path.stem
        reading = potext.read(str(path), data)
        self._slots = _paired(str(path), self.language, reading.entries)
        self._tail = reading.tail
        self._line_end = "\r\n" if reading.entries[0].body.endswith("\r\n") else "\n"
        self._by_key = {slot.key: slot for slot in self._slots[1:]}
        self._stored = data if exists else None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the catalog of a file; raises Faults with all damage, each with its line."""
        return cls(path, potext.bytes_of(path), exists=True)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Return an empty catalog for a file that does not exist yet."""
        return cls(path, poentry.new_header(path.stem).encode(), exists=False)

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """Return the catalog of a file, an empty one where nothing stands."""
        return cls.load(path) if os.path.lexists(path) else cls.create(path)

    def again(self) -> Catalog:
        """Return another catalog with the text that this one has now, for the same file."""
        other = Catalog(self.path, self.text().encode(), exists=True)
        other._stored = self._stored
        return other

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
            return untranslated(unit)
        return slot.read.translation_of(unit)

    def entries(self) -> dict[str, Entry]:
        """Return what stands for each key now, obsolete entries left out."""
        slots = self._by_key.items()
        return {key: slot.read for key, slot in slots if not slot.unit.isobsolete()}

    def has_translation(self, key: str) -> bool:
        """Tell whether an entry in use has a text that is more than a suggestion."""
        slot = self._by_key.get(key)
        if slot is None or slot.unit.isobsolete():
            return False
        return bool(slot.text.strip()) and not poentry.is_suggestion(slot.read.note)

    def set(self, unit: Unit, text: str, made_for: str | None = None) -> None:
        """Make ``text`` the translation of the unit's English.

        It is outdated when it was ``made_for`` another English than the unit's present one. Raises
        KeyError when the unit has no entry: an update makes it.
        """
        english = unit.text if made_for is None else made_for
        with self._changing(unit) as entry:
            poentry.translate(entry, unit.text, text, english)

    def outdate(self, unit: Unit, made_for: str) -> None:
        """Mark the unit's text as one that needs work; it was ``made_for`` this English."""
        with self._changing(unit) as entry:
            poentry.outdate(entry, made_for)

    def suggest(self, unit: Unit, text: str, made_for: str, why: str = poentry.SIMILAR) -> None:
        """Give an untranslated unit the translation of another one, to start from."""
        with self._changing(unit) as entry:
            poentry.suggest(entry, text, made_for, why)

    def keep_beside(self, unit: Unit, text: str, origin: str) -> bool:
        """Keep a text that is in conflict in a comment; tell whether it was not there already."""
        with self._changing(unit) as entry:
            return poentry.keep_beside(entry, text, origin)

    def drop_beside(self, unit: Unit, text: str) -> None:
        """Forget a conflict: the text is no other one any more, or somebody chose."""
        with self._changing(unit) as entry:
            poentry.drop_beside(entry, text)

    def texts(self) -> dict[str, Entry]:
        """Return what stands for each key that has a text, obsolete entries too."""
        return {key: slot.read for key, slot in self._by_key.items() if slot.text.strip()}

    def update(self, units: Iterable[Unit]) -> Counter[str]:
        """Bring the entries in line with the plan's units, which are all that it has.

        Returns how many entries there are of each :class:`Change`; each is counted once.
        """
        counts: Counter[str] = Counter(dict.fromkeys(Change, 0))
        wanted = {unit.key: unit for unit in units}
        for key, slot in self._by_key.items():
            counts[self._bring_up(slot, wanted.get(key))] += 1
        counts[Change.ADDED] = self._add(wanted)
        self._state_count()
        return counts

    def update_one(self, unit: Unit, units: Mapping[str, Unit]) -> None:
        """Bring the entry of one unit in line, or add it where the plan has it; the others stay.

        ``units`` are all that the plan has.
        """
        if slot := self._by_key.get(unit.key):
            self._bring_up(slot, unit)
        else:
            there = {*self._by_key, unit.key}
            self._add({key: each for key, each in units.items() if key in there})
        self._state_count()

    def _bring_up(self, slot: _Slot, unit: Unit | None) -> Change:
        if unit and poentry.is_in_step(slot.unit, unit):
            return Change.UNCHANGED
        before = str(slot.unit)
        change = poentry.bring_up(slot.unit, unit) if unit else poentry.retire(slot.unit)
        self._rewrite_if_changed(slot, before)
        return change

    def move(self, keys: Mapping[str, str]) -> None:
        """Give entries other keys; one that has such a key gets the other's old one."""
        for old, new in keys.items():
            moving, standing = self._by_key.pop(old), self._by_key.pop(new, None)
            self._name(moving, new)
            if standing:
                self._name(standing, old)
        self._by_key = {slot.key: slot for slot in self._slots[1:]}

    def _name(self, slot: _Slot, key: str) -> None:
        slot.unit.setcontext(key)
        slot.rewrite(self._line_end)

    def copy(self, units: Mapping[str, Unit]) -> None:
        """Give entries of units the texts under other keys, as current as these, and their notes.

        The English is the same.
        """
        for key, unit in units.items():
            if (slot := self._by_key.get(key)) and slot.text.strip():
                with self._changing(unit) as entry:
                    poentry.copy(slot.unit, entry)

    def renamed(self, path: Path) -> Catalog:
        """Return the catalog for another file, with that one's language in its header."""
        header = self._slots[0]
        lines = header.text.split("\n")
        named = [f"Language: {path.stem}" if _LANGUAGE.match(line) else line for line in lines]
        header.unit.target = "\n".join(named)
        header.rewrite(self._line_end)
        return Catalog(path, self.text().encode(), exists=False)

    @property
    def header(self) -> Mapping[str, str]:
        """The header's fields by their names in lower case."""
        return poentry.fields_in(self._slots[0].text)

    def complete_header(self) -> None:
        """Give the header the usual fields that it lacks."""
        self._rewrite_header(poentry.with_usual_fields(self._slots[0].text, self.language))

    def blank_language(self) -> None:
        """Take the language out of the header: for a template of catalogs."""
        blank = dict.fromkeys(("Language", poentry.TEAM, "Plural-Forms"), "")
        self._rewrite_header(poentry.with_fields(self._slots[0].text, blank))

    @property
    def last_translator(self) -> tuple[str, datetime | None]:
        """Whom the header names, empty for nobody, and when that was, as far as it says so."""
        name, date = (self.header.get(each.lower(), "") for each in (TRANSLATOR, REVISED))
        return name, poentry.read_date(date)

    def credit(self, translator: str, time: datetime) -> None:
        """Name in the header who translated last, unless it names somebody since."""
        self.take_header({TRANSLATOR: translator, REVISED: poentry.written_date(time)})

    def take_header(self, fields: Mapping[str, str]) -> None:
        """Take over what another header says of translators, unless it names nobody or is older."""
        before, after = self.last_translator[1], poentry.read_date(fields.get(REVISED, ""))
        newer = before is None or (after is not None and after >= before)
        if fields.get(TRANSLATOR) and newer:
            self._rewrite_header(poentry.with_fields(self._slots[0].text, fields))
            self.complete_header()

    def exported(
        self, comments: Mapping[str, Sequence[str]], left_out: Collection[str] = ()
    ) -> str:
        """Return the file with more comment lines in the entries of these keys, whole ones.

        Entries that are ``left_out`` are missing, and not counted in the header.
        """
        head, *slots = self._slots
        slots = [slot for slot in slots if slot.key not in left_out]
        parts = [head.entry.lead, poentry.with_count_in(head.entry.body, len(slots))]
        for slot in slots:
            lines = comments.get(slot.key, ())
            added = "".join(f"{line}{self._line_end}" for line in lines)
            parts += (slot.entry.lead, _with_comments(slot.entry.body, added))
        return "".join(parts) + self._tail

    def text(self) -> str:
        """Return the whole file as it would be saved."""
        return "".join(slot.entry.lead + slot.entry.body for slot in self._slots) + self._tail

    def save(self) -> bool:
        """Write the file if its text changed, whole or not at all; tell whether it was written.

        Raises Faults when the file is not the one that was read (an edit made meanwhile, or a
        damaged file, is never overwritten), or when the new text could not be read back.
        """
        change = self.prepared()
        if change is None:
            return False
        write([change])
        self._stored = change.after
        return True

    def prepared(self) -> FileChange | None:
        """Return the file's new bytes, None if they are the old ones.

        Raises Faults when they could not be read back.
        """
        data = self.text().encode()
        if data == self._stored:
            return None
        self._check_readable(data)
        return FileChange(self.path, self._stored, data)

    def _check_readable(self, data: bytes) -> None:
        """Read the new text as :meth:`load` does, the toolkit only the entries that changed."""
        file, read = str(self.path), potext.read(str(self.path), data).entries
        faults = _faults(file, self.language, read)
        if not faults and len(read) == len(self._slots):
            pairs = [pair for pair in zip(self._slots, read, strict=True) if pair[0].changed]
            bodies = "\n".join(slot.entry.body for slot, _ in pairs).replace("\r\n", "\n")
            units = pypo.pofile(BytesIO(bodies.removeprefix(BOM).encode())).units if bodies else []
            same = len(units) == len(pairs) and all(
                _same(entry, slot.unit) and _same(entry, unit)
                for (slot, entry), unit in zip(pairs, units, strict=True)
            )
            if same:
                return
        raise Faults(faults or [Fault(file, 0, 0, "", _READ_OTHERWISE)])

    @contextmanager
    def _changing(self, unit: Unit) -> Iterator[Any]:
        """Yield the toolkit's view of a unit's entry, and take over what became of it."""
        slot = self._by_key[unit.key]
        if slot.unit.isobsolete():
            raise KeyError(unit.key)
        before = str(slot.unit)
        yield slot.unit
        self._rewrite_if_changed(slot, before)

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
        made.automaticcomments = poentry.comments_for(unit)
        if unit.is_shipped and (word := shipped_words(self.language).get(unit.key)):
            made.target = word.text
        slot = _Slot(PoEntry(lead=self._line_end), made)
        slot.rewrite(self._line_end)
        return slot

    def _end_every_line(self) -> None:
        """End the entry that was the file's last without a line end, if another follows it."""
        for slot in self._slots[:-1]:
            if not slot.entry.body.endswith("\n"):
                slot.entry.body += self._line_end

    def _state_count(self) -> None:
        """Write the number of entries into the header, if it is not the one there."""
        self._rewrite_header(poentry.with_count(self._slots[0].text, len(self._by_key)))

    def _rewrite_header(self, text: str) -> None:
        header = self._slots[0]
        if text != header.text:
            header.unit.target = text
            header.rewrite(self._line_end)


def write(changes: Sequence[FileChange]) -> None:
    """Write files whole, all or none. Raises Faults when one is not the one that was read."""
    try:
        files.replace_all(changes, unless_changed=True)
    except files.ChangedError as error:
        faults = (Fault(str(path), 0, 0, "", potext.CHANGED) for path in error.paths)
        raise Faults(faults) from None


def load_all(directory: Path, languages: Iterable[str]) -> dict[str, Catalog]:
    """Return the catalogs of the languages, an empty one where there is no file.

    Raises Faults with the damage of all of them.
    """
    catalogs: dict[str, Catalog] = {}
    faults: list[Fault] = []
    for language in languages:
        path = directory / f"{language}.po"
        try:
            catalogs[language] = Catalog.load_or_create(path)
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(faults)
    return catalogs


def _paired(file: str, language: str, read: list[PoEntry]) -> list[_Slot]:
    """Return the entries with the toolkit's units, after comparing what both found."""
    if faults := _faults(file, language, read):
        raise Faults(faults)
    text = "".join(entry.lead + entry.body for entry in read)
    store = pypo.pofile(BytesIO(text.removeprefix(BOM).replace("\r\n", "\n").encode()))
    units = {unit._line_number: unit for unit in store.units}
    strange = [entry for entry in read if not _same(entry, units.pop(entry.line, None))]
    if strange or units:
        lines = [(entry.line, entry.key) for entry in strange] or [(line, "") for line in units]
        raise Faults(Fault(file, line, 1, key, _READ_OTHERWISE) for line, key in lines)
    return [_Slot(entry, unit) for entry, unit in zip(read, store.units, strict=True)]


def _faults(file: str, language: str, read: list[PoEntry]) -> list[Fault]:
    header, others = (read[0] if read else None), read[1:]
    return [
        *poentry.header_faults(file, header, len(others), language),
        *potext.key_faults(file, others),
    ]


def _same(entry: PoEntry, unit: Any | None) -> bool:
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


def _with_comments(body: str, added: str) -> str:
    """Put lines after an entry's comments, before its flags and keywords."""
    match = _COMMENTS.match(body)
    place = match.end() if match else 0
    return body[:place] + added + body[place:]

"""The journal: what a run is about to do to each page, and what came of it.

It is written ahead: an entry is on the disk before the edit is sent. The wiki knows better than
the journal, so losing it is harmless: what cannot be read is put aside, what cannot be written is
told once, and the run goes on.
"""

from __future__ import annotations

import glob
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from wikiplan import utc
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.files import lock_name
from wikiplan.wiki import Contribution, HistoryEntry, Wiki, made_by, sha1
from wikiplan.wikitext import SectionEdit, section_edits

KEPT_FOR = timedelta(days=90)
"""Runs are forgotten after this time; then ``changes.undo`` asks the wiki for the texts."""

LOCK_SECONDS = 30
SCHEMA_VERSION = 1
SCHEMA = f"""
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS run (
    run TEXT PRIMARY KEY, started TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run ON DELETE CASCADE,
    title TEXT NOT NULL, language TEXT NOT NULL, page_id INTEGER NOT NULL, base INTEGER NOT NULL,
    sha1_before TEXT NOT NULL, sha1_after TEXT NOT NULL, summary TEXT NOT NULL,
    result TEXT NOT NULL, revision INTEGER NOT NULL, parent INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS entry_run ON entry (run);
CREATE TABLE IF NOT EXISTS section (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE, name TEXT NOT NULL,
    before TEXT NOT NULL, after TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS section_entry ON section (entry);
"""


class EditResult(StrEnum):
    """What came of an edit. ``OPEN``: the run ended, or was killed, before it knew."""

    OPEN = "open"
    SAVED = "saved"
    NOT_SAVED = "not saved"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One edit of a run. The digests are SHA-1 in hex of the page's whole text, as wikis have them.

    ``revision`` and ``parent`` are those of the saved edit, 0 before. ``id`` is the journal's own.
    """

    run: str
    title: str
    language: str
    page_id: int
    base: int
    sha1_before: str
    sha1_after: str
    summary: str
    sections: tuple[SectionEdit, ...] = ()
    result: EditResult = EditResult.OPEN
    revision: int = 0
    parent: int = 0
    id: int = 0


COLUMNS = tuple(each.name for each in fields(JournalEntry) if each.name not in ("id", "sections"))


class Journal:
    """The journal in one file; without a path it is kept in memory only.

    Reading makes no file. ``say`` is told of damage and of what cannot be written.
    """

    def __init__(self, path: Path | None = None, say: Callable[[str], None] = print) -> None:
        self._path = path
        self._say = say
        self._database: sqlite3.Connection | None = None
        self._failed = False

    def close(self) -> None:
        if self._database:
            self._database.close()
            self._database = None

    # Writing

    def intend(self, entry: JournalEntry) -> int:
        """Record what is about to be sent; returns the entry's id, 0 if that did not work."""
        number = 0
        with self._writing() as database:
            self._add_run(database, entry.run)
            pending = replace(entry, result=EditResult.OPEN, revision=0, parent=0)
            values = [getattr(pending, name) for name in COLUMNS]
            marks = ", ".join("?" * len(COLUMNS))
            into = f"entry ({', '.join(COLUMNS)})"
            done = database.execute(f"INSERT INTO {into} VALUES ({marks})", values)
            number = done.lastrowid or 0
            rows = [(number, each.name, each.before, each.after) for each in entry.sections]
            database.executemany("INSERT INTO section VALUES (?, ?, ?, ?)", rows)
        return 0 if self._failed else number

    def saved(self, number: int, revision: int, parent: int) -> None:
        self._set(number, EditResult.SAVED, revision, parent)

    def not_saved(self, number: int) -> None:
        self._set(number, EditResult.NOT_SAVED, 0, 0)

    def _set(self, number: int, result: EditResult, revision: int, parent: int) -> None:
        if number:
            with self._writing() as database:
                database.execute(
                    "UPDATE entry SET result = ?, revision = ?, parent = ? WHERE id = ?",
                    (result, revision, parent, number),
                )

    def end(self, run: str) -> None:
        """Note that a run came to its end, whatever became of its pages."""
        if self._database or (self._path and self._path.exists()):
            with self._writing() as database:
                database.execute("UPDATE run SET ended = 1 WHERE run = ?", (run,))

    def _add_run(self, database: sqlite3.Connection, run: str) -> None:
        now = datetime.now(UTC)
        old = utc.stamp(now - KEPT_FOR)
        database.execute("DELETE FROM run WHERE started < ? AND run != ?", (old, run))
        database.execute(
            "INSERT INTO run VALUES (?, ?, 0) ON CONFLICT (run) DO UPDATE SET ended = 0",
            (run, utc.stamp(now)),
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the database inside a transaction; after a failure one in memory, unseen."""
        if self._database is None:
            self._database = self._opened()
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            self._fail(str(error))

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self._path, make=True)
        except (sqlite3.Error, OSError) as error:
            # What is locked, read-only or full is an OperationalError: nothing to put aside.
            if type(error) is sqlite3.DatabaseError and _put_aside(self._path, self._say):
                return self._opened()
            self._fail(str(error))
            return _connect(None, make=True)

    def _fail(self, why: str) -> None:
        if not self._failed:
            self._say(
                f"{self._path}: the journal cannot be written ({why}); the run goes on without it, "
                "and plan_undo would work from the wiki's own history."
            )
        self._failed = True
        self.close()
        self._database = _connect(None, make=True)

    # Reading

    def unsettled(self) -> tuple[str, ...]:
        """Return the runs that did not come to their end, or with edits nobody knows the end of."""
        unknown = "SELECT run FROM entry WHERE result = ?"
        query = f"SELECT run FROM run WHERE NOT ended OR run IN ({unknown}) ORDER BY started"
        return tuple(str(row[0]) for row in self._read(query, EditResult.OPEN))

    def entries(self, run: str) -> tuple[JournalEntry, ...]:
        """Return a run's edits in the order in which they were sent."""
        query = f"SELECT id, {', '.join(COLUMNS)} FROM entry WHERE run = ? ORDER BY id"
        rows = self._read(query, run)
        return tuple(self._entry(row) for row in rows)

    def _entry(self, row: Sequence[Any]) -> JournalEntry:
        values = dict(zip(("id", *COLUMNS), row, strict=True))
        query = "SELECT name, before, after FROM section WHERE entry = ? ORDER BY rowid"
        values["sections"] = tuple(SectionEdit(*each) for each in self._read(query, values["id"]))
        return JournalEntry(**values | {"result": EditResult(values["result"])})

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows; a journal that is not there, or damaged, has none."""
        if self._path is None or not self._path.exists():
            return []
        try:
            with closing(_connect(self._path)) as database:
                return list(database.execute(query, values))
        except (sqlite3.Error, OSError):
            return []


def path_of(folder: Path, site: str, account: str) -> Path:
    return folder / f"{lock_name(site, account)}.journal"


def paths(folder: Path, site: str) -> list[Path]:
    """Return the journals of all accounts on a site."""
    return sorted(folder.glob(f"{glob.escape(lock_name(site, ''))}*.journal"))


def _connect(path: Path | None, *, make: bool = False) -> sqlite3.Connection:
    """Open a journal. Raises :class:`sqlite3.DatabaseError` for a file that is none, or damaged."""
    if path and make:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path or ":memory:", timeout=LOCK_SECONDS, isolation_level=None)
    try:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise sqlite3.DatabaseError(f"a journal of version {version}")
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA synchronous = EXTRA")  # an entry is on the disk when it returns
        if make:
            _make(database)
    except BaseException:
        database.close()
        raise
    return database


def _make(database: sqlite3.Connection) -> None:
    damage = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)
    database.executescript(SCHEMA)


def _put_aside(path: Path | None, say: Callable[[str], None]) -> bool:
    """Move a damaged journal out of the way; says whether it was possible."""
    if path is None or not path.is_file():
        return False
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError:
        return False
    say(f"{path}: the journal is damaged; it is kept as {aside.name}, and a new one is begun.")
    return True


# Finding out from the wiki what became of edits whose run was killed before it knew.


@dataclass(frozen=True, slots=True)
class Settled:
    """One edit of a killed run. ``revision`` is the one that it made, 0 for none."""

    run: str
    title: str
    revision: int
    told: str


@dataclass(frozen=True, slots=True)
class KilledRun:
    """A run that ended before it knew what it did.

    ``saved`` counts the edits that it knew of, ``settled`` are those found out now.
    """

    run: str
    saved: int
    settled: tuple[Settled, ...]

    @property
    def told(self) -> str:
        edits = "1 edit" if self.saved == 1 else f"{self.saved} edits"
        found = "".join(f"; {each.title}: {each.told}" for each in self.settled)
        return f"Run {self.run} ended early, with {edits} known to be saved{found}."


def settle(journal: Journal, wiki: Wiki) -> tuple[KilledRun, ...]:
    """Complete the journal; only whoever holds the lock may ask. One request per open edit."""
    return tuple(_run(journal, wiki, run) for run in journal.unsettled())


def _run(journal: Journal, wiki: Wiki, run: str) -> KilledRun:
    entries = journal.entries(run)
    saved = sum(entry.result is EditResult.SAVED for entry in entries)
    settled = tuple(_entry(journal, wiki, e) for e in entries if e.result is EditResult.OPEN)
    journal.end(run)
    return KilledRun(run, saved, settled)


def _entry(journal: Journal, wiki: Wiki, entry: JournalEntry) -> Settled:
    try:
        found = edit_of(entry.run, wiki.history(entry.page_id, entry.title, entry.base))
    except Stop:
        raise
    except Refusal as refusal:
        journal.not_saved(entry.id)
        told = f"its history cannot be read ({refusal})"
        return Settled(entry.run, entry.title, 0, told)
    if found is None:
        journal.not_saved(entry.id)
        return Settled(entry.run, entry.title, 0, "not saved, as its history shows")
    journal.saved(entry.id, found.number, found.parent)
    told = f"saved as revision {found.number}, as its history shows"
    return Settled(entry.run, entry.title, found.number, told)


def edit_of(run: str, history: Iterable[HistoryEntry]) -> HistoryEntry | None:
    """Return a run's own edit in a page's history, the newest one."""
    return next((each for each in history if made_by(run, each.summary)), None)


# What a run did, edit by edit: from the wiki, with the texts that the journal knows.


RUN_ID = re.compile(r"(\d{8}T\d{6})Z-[0-9a-f]{6}")

CLOCKS = timedelta(days=1)
"""A wiki's clock and ours differ by less: edits of a run are looked for since so long before it."""


@dataclass(frozen=True, slots=True)
class RunEdit:
    """One edit of a run. ``created`` says that it made the page.

    ``sha1_before`` is of the page's text before it in hex, empty where that is not known;
    ``language`` is empty where only the wiki knows of the edit. ``damage`` says why its texts
    cannot be read.
    """

    title: str
    page_id: int
    number: int
    sections: tuple[SectionEdit, ...] = ()
    created: bool = False
    language: str = ""
    sha1_before: str = ""
    damage: str = ""


def started(run: str) -> datetime:
    """Return when a run began, as its id says. Raises when it is none."""
    found = RUN_ID.fullmatch(run)
    if not found:
        raise WikiplanError(
            f"{run}: no id of a run; it looks like 20261122T143543Z-b1b696, and stands in each "
            "edit's summary and in the report"
        )
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def run_edits(run: str, wiki: Wiki, entries: Sequence[JournalEntry]) -> tuple[RunEdit, ...]:
    """Return a run's edits, the newest first; ``entries`` are the journal's of this run.

    The wiki says which edits there are. One request for these, and two for each edit whose texts
    the journal does not know.
    """
    known = {each.revision: each for each in entries if each.result is EditResult.SAVED}
    since = started(run) - CLOCKS
    found = [_edit(wiki, each, known) for each in wiki.contributions(run, since)]
    listed = {edit.number for edit in found}
    # A deleted page is in no list of edits.
    gone = [_known(each) for number, each in known.items() if number not in listed]
    return (*found, *reversed(gone))


def _edit(wiki: Wiki, made: Contribution, known: Mapping[int, JournalEntry]) -> RunEdit:
    if entry := known.get(made.number):
        return replace(_known(entry), title=made.title, page_id=made.page_id)
    if not made.parent:
        return RunEdit(made.title, made.page_id, made.number, created=True)
    try:
        before, after = wiki.text_of(made.parent), wiki.text_of(made.number)
        edited = section_edits(before, after, wiki.extension_tags)
    except Stop:
        raise
    except Refusal as refusal:
        return RunEdit(made.title, made.page_id, made.number, damage=str(refusal))
    return RunEdit(made.title, made.page_id, made.number, edited, sha1_before=sha1(before))


def _known(entry: JournalEntry) -> RunEdit:
    merged = entry.parent != entry.base
    return RunEdit(
        entry.title,
        entry.page_id,
        entry.revision,
        entry.sections,
        created=not entry.base,
        language=entry.language,
        sha1_before="" if merged else entry.sha1_before,
    )

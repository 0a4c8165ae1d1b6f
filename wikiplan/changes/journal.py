"""The journal: what a run is about to do to each page, and what came of it.

It is written ahead: an entry is on the disk before the edit is sent. The wiki knows better than
the journal, so losing it is harmless: what cannot be read is put aside, what cannot be written is
told once, and the run goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from wikiplan import database, files, utc
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.value import Value, field_names, replace
from wikiplan.wiki import (
    Contribution,
    HistoryEntry,
    LanguageEntry,
    PageLanguage,
    Wiki,
    language_log,
    languages_given,
    made_by,
    sha1,
)
from wikiplan.wikitext import SectionEdit, section_edits

KEPT_FOR = timedelta(days=90)
"""Runs are forgotten after this time; then ``changes.undo`` asks the wiki for the texts."""

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
CREATE TABLE IF NOT EXISTS page_language (
    entry INTEGER PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
    before TEXT NOT NULL, after TEXT NOT NULL);
"""


class EditResult(StrEnum):
    """What came of an edit. ``OPEN``: the run ended, or was killed, before it knew."""

    OPEN = "open"
    SAVED = "saved"
    NOT_SAVED = "not saved"


class JournalEntry(Value):
    """One edit of a run. The digests are SHA-1 in hex of the page's whole text, as wikis have them.

    ``revision`` and ``parent`` are those of the saved edit, 0 before, and where the page gets a
    ``page_language`` alone. ``id`` is the journal's own.
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
    page_language: PageLanguage | None = None
    result: EditResult = EditResult.OPEN
    revision: int = 0
    parent: int = 0
    id: int = 0

    @property
    def has_text(self) -> bool:
        """Whether the page gets another text, and not only another language."""
        return not self.base or self.sha1_before != self.sha1_after


APART = ("id", "sections", "page_language")
COLUMNS = tuple(each for each in field_names(JournalEntry) if each not in APART)
NUMBERS = frozenset({"id", "page_id", "base", "revision", "parent"})
"""Columns that hold whole numbers; the others hold text."""


class SavedEdit(Value):
    """An edit that a run is known to have saved, without its texts."""

    run: str
    title: str
    language: str
    revision: int


Found = TypeVar("Found")


class Journal:
    """The journal in one file; without a path it is kept in memory only.

    Reading makes no file. ``say`` is told once of what cannot be read or written.
    """

    def __init__(self, path: Path | None = None, say: Callable[[str], None] = print) -> None:
        self._path = path
        self._say = say
        self._database: database.Connection | None = None
        self._failed = False
        self._unreadable = False
        self._results: list[tuple[EditResult, int, int, int]] = []
        """Result, revision, parent and id of entries, which are written with the next ones: after a
        kill the wiki is asked what became of the last edits."""

    def close(self) -> None:
        self.flush()
        if self._database:
            self._database.close()
            self._database = None

    def mend(self) -> None:
        """Put a damaged journal aside; only whoever holds the lock may ask."""
        if self._database is None and self._path and self._path.exists():
            self._database = self._opened()

    # Writing

    def intend(self, entries: Sequence[JournalEntry]) -> tuple[int, ...]:
        """Record what is about to be sent; returns the entries' ids, zeros if that did not work.

        That waits for the disk, so pages that are sent one after the other are recorded at once.
        """
        numbers: list[int] = []
        with self._writing() as written:
            for run in {each.run for each in entries}:
                self._add_run(written, run)
            numbers += [_add(written, each) for each in entries]
        return (0,) * len(entries) if self._failed else tuple(numbers)

    def saved(self, number: int, revision: int, parent: int) -> None:
        self._set(number, EditResult.SAVED, revision, parent)

    def not_saved(self, number: int) -> None:
        self._set(number, EditResult.NOT_SAVED, 0, 0)

    def _set(self, number: int, result: EditResult, revision: int, parent: int) -> None:
        if number:
            self._results.append((result, revision, parent, number))

    def flush(self) -> None:
        """Write the results that are known, without waiting for the next entry."""
        if self._results:
            with self._writing():
                pass

    def end(self, run: str) -> None:
        """Note that a run came to its end, whatever became of its pages."""
        if self._database or (self._path and self._path.exists()):
            with self._writing() as written:
                written.execute("UPDATE run SET ended = 1 WHERE run = ?", (run,))

    def _add_run(self, written: database.Connection, run: str) -> None:
        now = datetime.now(UTC)
        old = utc.stamp(now - KEPT_FOR)
        written.execute("DELETE FROM run WHERE started < ? AND run != ?", (old, run))
        written.execute(
            "INSERT INTO run VALUES (?, ?, 0) ON CONFLICT (run) DO UPDATE SET ended = 0",
            (run, utc.stamp(now)),
        )

    @contextmanager
    def _writing(self) -> Iterator[database.Connection]:
        """Yield the database inside a transaction; after a failure one in memory, unseen."""
        if self._database is None:
            self._database = self._opened()
        try:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "UPDATE entry SET result = ?, revision = ?, parent = ? WHERE id = ?", self._results
            )
            yield self._database
            self._database.execute("COMMIT")
            self._results.clear()
        except database.Error as error:
            self._fail(error)

    def _opened(self) -> database.Connection:
        try:
            return _connect(self._path, make=True)
        except database.UNREADABLE as error:
            if database.is_damage(error) and _put_aside(self._path, self._say):
                self._unreadable = False
                return self._opened()
            self._fail(error)
            return _connect(None, make=True)

    def _fail(self, error: Exception) -> None:
        if not self._failed:
            why = database.told(error)
            self._say(
                f"{self._path}: the journal cannot be written ({why}); the run goes on without it, "
                "and plan_undo would work from the wiki's own history."
            )
        self._failed = True
        self._results.clear()
        self.close()
        self._database = _connect(None, make=True)

    # Reading

    def unsettled(self) -> tuple[str, ...]:
        """Return the runs that did not come to their end, or with edits nobody knows the end of."""
        unknown = "SELECT run FROM entry WHERE result = ?"
        query = f"SELECT run FROM run WHERE NOT ended OR run IN ({unknown}) ORDER BY started"
        return self._read(
            lambda read: tuple(str(row[0]) for row in read.execute(query, (EditResult.OPEN,)))
        )

    def entries(self, run: str) -> tuple[JournalEntry, ...]:
        """Return a run's edits in the order in which they were sent."""
        return self._read(lambda read: tuple(_entries(read, run)))

    def saved_edits(self) -> tuple[SavedEdit, ...]:
        """Return the edits that runs are known to have saved, the newest first."""
        query = "SELECT run, title, language, revision FROM entry WHERE result = ? ORDER BY id DESC"
        return self._read(
            lambda read: tuple(SavedEdit(*row) for row in read.execute(query, (EditResult.SAVED,)))
        )

    def _read(self, find: Callable[[database.Connection], tuple[Found, ...]]) -> tuple[Found, ...]:
        """Return what is found; a journal that is not there, or cannot be read, has nothing."""
        self.flush()
        if self._unreadable or self._path is None or not self._path.exists():
            return ()
        try:
            with closing(_connect(self._path)) as read:
                return find(read) if read.execute("PRAGMA user_version").fetchone()[0] else ()
        except database.UNREADABLE as error:
            self._tell_unreadable(error)
            return ()

    def _tell_unreadable(self, error: Exception) -> None:
        self._unreadable = True
        if self._failed:
            return
        then = "; the next run that writes puts it aside" if database.is_damage(error) else ""
        self._say(
            f"{self._path}: the journal cannot be read ({database.told(error)}), so nothing is "
            f"known from it of runs that were killed{then}."
        )


def _add(written: database.Connection, entry: JournalEntry) -> int:
    """Add an edit that is about to be sent; returns its id."""
    pending = replace(entry, result=EditResult.OPEN, revision=0, parent=0)
    values = [getattr(pending, name) for name in COLUMNS]
    marks = ", ".join("?" * len(COLUMNS))
    into = f"entry ({', '.join(COLUMNS)})"
    number = written.execute(f"INSERT INTO {into} VALUES ({marks})", values).lastrowid or 0
    rows = [(number, each.name, each.before, each.after) for each in entry.sections]
    written.executemany("INSERT INTO section VALUES (?, ?, ?, ?)", rows)
    if language := entry.page_language:
        row = (number, language.before, language.after)
        written.execute("INSERT INTO page_language VALUES (?, ?, ?)", row)
    return number


ENDING = ".journal"


def path_of(folder: Path, site: str, account: str) -> Path:
    return files.state_path(folder, site, account, ENDING)


def paths(folder: Path, site: str) -> list[Path]:
    """Return the journals of all accounts on a site."""
    return files.state_paths(folder, site, ENDING)


def _connect(path: Path | None, *, make: bool = False) -> database.Connection:
    """Open a journal. Raises one of ``database.UNREADABLE`` for one that is none, or damaged."""
    opened = database.connect(path, make=make)
    try:
        version = opened.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise ValueError(f"a journal of version {version}")
        opened.execute("PRAGMA foreign_keys = ON")
        opened.execute("PRAGMA synchronous = EXTRA")  # an entry is on the disk when it returns
        if make:
            _make(opened)
    except BaseException:
        opened.close()
        raise
    return opened


def _make(made: database.Connection) -> None:
    database.check(made)
    made.executescript(SCHEMA)
    for _ in _entries(made):  # also what reads as text may be none of ours
        pass
    made.execute("SELECT run, started, ended FROM run").fetchone()


def _entries(read: database.Connection, run: str | None = None) -> Iterator[JournalEntry]:
    """Yield a run's edits, or those of all runs. Raises when a value is none of ours."""
    where, values = ("WHERE run = ?", (run,)) if run else ("", ())
    languages = _languages(read)
    query = f"SELECT id, {', '.join(COLUMNS)} FROM entry {where} ORDER BY id"
    for row in read.execute(query, values):
        found = dict(zip(("id", *COLUMNS), row, strict=True))
        texts = "SELECT name, before, after FROM section WHERE entry = ? ORDER BY rowid"
        edits = read.execute(texts, (found["id"],)).fetchall()
        kinds = [type(value) for name, value in found.items() if name not in NUMBERS]
        kinds += [type(text) for each in edits for text in each]
        language = languages.get(found["id"])
        kinds += map(type, language or ())
        if {*kinds} != {str} or any(type(found[name]) is not int for name in NUMBERS):
            raise TypeError("an entry holds a value of another type")
        sections = tuple(SectionEdit(*each) for each in edits)
        apart = {"sections": sections, "page_language": language and PageLanguage(*language)}
        yield JournalEntry(**found | apart | {"result": EditResult(found["result"])})


def _languages(read: database.Connection) -> Mapping[int, tuple[str, str]]:
    """Return the languages that pages had and got, by entry; older journals have no such table."""
    known = "SELECT 1 FROM sqlite_master WHERE name = 'page_language'"
    if not read.execute(known).fetchone():
        return {}
    rows = read.execute("SELECT entry, before, after FROM page_language").fetchall()
    return {entry: (before, after) for entry, before, after in rows}


def _put_aside(path: Path | None, say: Callable[[str], None]) -> bool:
    """Move a damaged journal out of the way; says whether it was possible."""
    aside = database.put_aside(path) if path and path.is_file() else ""
    if aside:
        say(f"{path}: the journal is damaged; it is kept as {aside}, and a new one is begun.")
    return bool(aside)


# Finding out from the wiki what became of edits whose run was killed before it knew.


class Settled(Value):
    """One edit of a killed run. ``revision`` is the one that it made, 0 for none."""

    run: str
    title: str
    revision: int
    told: str


class KilledRun(Value):
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
    language = entry.page_language
    if language is None:
        return _edit_settled(journal, wiki, entry)
    was_set = any(made_by(entry.run, each.summary) for each in language_log(wiki, entry.title))
    told = (
        f"its language {'set to' if was_set else 'not set to'} {language.after}, as its log shows"
    )
    if entry.has_text:
        settled = _edit_settled(journal, wiki, entry)
        return replace(settled, told=f"{settled.told}; {told}")
    if was_set:
        journal.saved(entry.id, 0, entry.base)
    else:
        journal.not_saved(entry.id)
    return Settled(entry.run, entry.title, 0, told)


def _edit_settled(journal: Journal, wiki: Wiki, entry: JournalEntry) -> Settled:
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


class RunEdit(Value):
    """One edit of a run. ``created`` says that it made the page.

    ``sha1_before`` is of the page's text before it in hex, empty where that is not known;
    ``language`` is empty where only the wiki knows of the edit, ``listed`` says that it does.
    ``damage`` says why its texts cannot be read. It is none of a text, and has no number, where it
    gave the page a ``page_language``.
    """

    title: str
    page_id: int
    number: int
    sections: tuple[SectionEdit, ...] = ()
    created: bool = False
    language: str = ""
    sha1_before: str = ""
    damage: str = ""
    listed: bool = False
    page_language: LanguageEntry | None = None


def started(run: str) -> datetime:
    """Return when a run began, as its id says. Raises when it is none."""
    found = RUN_ID.fullmatch(run)
    if not found:
        raise WikiplanError(
            "no-run-id",
            f"{run}: no id of a run; it looks like 20261122T143543Z-b1b696, and stands in each "
            "edit's summary and in the report",
        )
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def run_edits(run: str, wiki: Wiki, entries: Sequence[JournalEntry]) -> tuple[RunEdit, ...]:
    """Return a run's edits, the newest first; ``entries`` are the journal's of this run.

    The wiki says which edits there are. One request for these, and two for each edit whose texts
    the journal does not know. One more for the languages that it gave to pages, if it may do that.
    """
    saved = (each for each in entries if each.result is EditResult.SAVED)
    known = {each.revision: each for each in saved if each.revision}
    since = started(run) - CLOCKS
    made = wiki.contributions(run, since)
    found = [replace(_edit(wiki, each, known), listed=True) for each in made]
    listed = {edit.number for edit in found}
    # A deleted page is in no list of edits.
    gone = [_known(each) for number, each in known.items() if number not in listed]
    without = {each.title for each in gone}
    given = [e for e in languages_given(wiki, run, since) if e.title not in without]
    languages = (RunEdit(each.title, each.page_id, 0, page_language=each) for each in given)
    return (*found, *reversed(gone), *languages)


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

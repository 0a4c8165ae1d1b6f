"""The history of a folder's pages in SQLite: revisions, deleted pages, and saves under way."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath

from wikiplan import database
from wikiplan.errors import WikiplanError
from wikiplan.value import Value

LOCK_SECONDS = 4
"""Who saves holds the lock for a moment; several may save at once."""
NUMBER_BITS = 40

SCHEMA = """
CREATE TABLE IF NOT EXISTS page (
    page_id INTEGER PRIMARY KEY, title TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS page_title ON page (title) WHERE NOT deleted;
CREATE TABLE IF NOT EXISTS revision (
    place INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER UNIQUE NOT NULL,
    page_id INTEGER NOT NULL REFERENCES page, parent INTEGER NOT NULL, user TEXT NOT NULL,
    timestamp TEXT NOT NULL, summary TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS revision_page ON revision (page_id, place);
-- Revisions whose file may not have been replaced yet.
CREATE TABLE IF NOT EXISTS pending (number INTEGER PRIMARY KEY);
"""
FIELDS = "revision.page_id, number, parent, user, timestamp, summary, text"


class Stored(Value):
    """One revision, in the history or about to be."""

    page_id: int
    number: int
    parent: int
    user: str
    timestamp: datetime
    summary: str
    text: str


def digest_number(*parts: object) -> int:
    """Return the number that these parts always have, before a revision is recorded and after."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest) >> (256 - NUMBER_BITS) or 1


class History:
    """An open history."""

    def __init__(self, opened: database.Connection) -> None:
        self._database = opened

    def check(self) -> None:
        """Raise one of ``database.UNREADABLE`` when anything in it is not what was written."""
        database.check(self._database)
        for _ in self._revisions(""):
            pass
        for _ in (self.pending(), self.titles_like("")):
            pass

    def newest(self, title: str) -> Stored | None:
        """Return the newest recorded revision of the page that has this title now."""
        where = "JOIN page USING (page_id) WHERE title = ? AND NOT deleted ORDER BY place DESC"
        return next(self._revisions(where, title), None)

    def revisions(self, page_id: int) -> list[Stored]:
        """Return a page's recorded revisions, newest first."""
        return list(self._revisions("WHERE page_id = ? ORDER BY place DESC", page_id))

    def of_user(self, user: str, since: datetime) -> list[tuple[str, Stored]]:
        """Return a user's revisions of pages that are not deleted, with titles, newest first."""
        where = "JOIN page USING (page_id) WHERE NOT deleted AND user = ? ORDER BY place DESC"
        return [
            (self.title_of(revision.page_id), revision)
            for revision in self._revisions(where, user)
            if revision.timestamp >= since
        ]

    def by_number(self, number: int) -> Stored | None:
        return next(self._revisions("WHERE number = ?", number), None)

    def _revisions(self, where: str, *values: str | int) -> Iterator[Stored]:
        for row in self._database.execute(f"SELECT {FIELDS} FROM revision {where}", values):
            page_id, number, parent, user, timestamp, summary, text = row
            when = datetime.fromisoformat(timestamp)
            yield Stored(page_id, number, parent, user, when, summary, text)

    def title_of(self, page_id: int) -> str:
        """Return a page's title, empty when the history does not hold it or it was deleted."""
        where = "WHERE page_id = ? AND NOT deleted"
        row = self._database.execute(f"SELECT title FROM page {where}", (page_id,)).fetchone()
        return str(row[0]) if row else ""

    def next_page_id(self, title: str) -> int:
        """Return the id that the next new page of this title has."""
        query = "SELECT count(*) FROM page WHERE title = ?"
        return digest_number("page", title, self._database.execute(query, (title,)).fetchone()[0])

    def titles_like(self, title: str) -> list[str]:
        """Return other titles that differ from this one in case only."""
        rows = self._database.execute("SELECT title FROM page WHERE NOT deleted")
        return [row[0] for row in rows if row[0] != title and row[0].casefold() == title.casefold()]

    def add(self, title: str, revision: Stored) -> None:
        """Record a revision, with its page when that is new."""
        page = (revision.page_id, title)
        self._database.execute("INSERT OR IGNORE INTO page (page_id, title) VALUES (?, ?)", page)
        self._database.execute(
            "INSERT INTO revision (page_id, number, parent, user, timestamp, summary, text)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                revision.page_id,
                revision.number,
                revision.parent,
                revision.user,
                revision.timestamp.isoformat(),
                revision.summary,
                revision.text,
            ),
        )

    def delete(self, title: str) -> None:
        self._database.execute("UPDATE page SET deleted = 1 WHERE title = ?", (title,))

    def was_deleted(self, title: str) -> bool:
        query = "SELECT 1 FROM page WHERE title = ? AND deleted"
        return self._database.execute(query, (title,)).fetchone() is not None

    def is_pending(self, number: int) -> bool:
        query = "SELECT 1 FROM pending WHERE number = ?"
        return self._database.execute(query, (number,)).fetchone() is not None

    def pending(self) -> list[Stored]:
        """Return the revisions whose files may not have been replaced yet, oldest first."""
        where = "WHERE number IN (SELECT number FROM pending) ORDER BY place"
        return list(self._revisions(where))

    def set_pending(self, number: int) -> None:
        self._database.execute("INSERT INTO pending VALUES (?)", (number,))

    def clear_pending(self, number: int) -> None:
        self._database.execute("DELETE FROM pending WHERE number = ?", (number,))


@dataclass
class HistoryFile:
    """Where a history lies. Reading makes no file, and a damaged one is put aside by writing.

    ``say`` is told of damage. The pages do not depend on the history: without it a text that a run
    wrote counts as a person's.
    """

    path: Path
    say: Callable[[str], None] = print
    _damage: str | None = None
    """Why the file cannot be read; empty when it can, None before anybody looked."""

    @contextmanager
    def reading(self) -> Iterator[History]:
        """Open what is there; it is empty where there is no file, or a damaged one."""
        with self._told():
            unfit = self._damaged("the next run that writes puts it aside")
            there = self.path.exists() and not unfit
            with closing(_connect(self.path if there else None)) as opened:
                yield History(opened)

    @contextmanager
    def writing(self) -> Iterator[History]:
        """Hold the only write lock; commits at the end, or nothing when an exception passes."""
        with self._told():
            if self._damaged("it is put aside, and a new one is begun"):
                database.put_aside(self.path)
                self._damage = ""
            with closing(_connect(self.path, make=True)) as opened, _transaction(opened):
                yield History(opened)

    def _damaged(self, then: str) -> bool:
        """Look at the file once; say what is wrong with it, and what comes of that."""
        if self._damage is None:
            self._damage = self._look()
            if self._damage:
                self.say(f"{self.path}: the history is damaged ({self._damage}); {then}.")
        return bool(self._damage)

    def _look(self) -> str:
        if not self.path.exists():
            return ""
        try:
            with closing(_connect(self.path)) as opened:
                # Without tables it was made a moment ago, and is not written yet.
                if opened.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    History(opened).check()
        except database.UNREADABLE as error:
            if not database.is_damage(error):
                raise
            return database.told(error)
        return ""

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except database.Error as error:
            way_out = "end the program that holds it, or give yourself access"
            if database.is_damage(error):
                way_out = "run again: a damaged one is put aside then"
            raise WikiplanError(
                "unusable-history",
                f"{self.path}: the history cannot be used ({database.told(error)}); {way_out}",
            ) from error


def _connect(path: Path | None, *, make: bool = False) -> database.Connection:
    if path and not make and not path.stat().st_size:
        path = None
    opened = database.connect(path, make=make, patience=LOCK_SECONDS)
    if make or path is None:
        opened.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
    return opened


@contextmanager
def _transaction(opened: database.Connection) -> Iterator[None]:
    opened.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        opened.execute("ROLLBACK")
        raise
    opened.execute("COMMIT")


# Where a page's text lies in a folder wiki.
#
# Subpages are directories: ``Plan/ar`` lies in ``Plan/ar.wiki`` beside ``Plan.wiki``. Characters
# that some file system refuses are percent-encoded, and names too long for one are shortened.


SUFFIX = ".wiki"
MOST_NAME_BYTES = 220
"""File systems end at 255 bytes; the suffix and the name of a half-written file come on top."""

_UNSAFE = re.compile(r'[%"*:<>?\\|\x00-\x1f\x7f]|^\.|[. ]$')


def page_path(title: str) -> PurePath:
    """Return the file of a normal title, below the folder; no two titles share one."""
    *parents, last = title.split("/")
    names = (*map(_directory, parents), _shortened(_encoded(last)) + SUFFIX)
    # The bytes on the disk are UTF-8, also where the locale (POSIX) has no such letters.
    return PurePath(*(os.fsdecode(name.encode()) for name in names))


def _directory(part: str) -> str:
    name = _encoded(part)
    if name.endswith(SUFFIX):
        name = f"{name.removesuffix(SUFFIX)}%2E{SUFFIX[1:]}"
    return _shortened(name)


def _encoded(part: str) -> str:
    """Encode one part of a title; an empty one is “%”, which no other part becomes."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", part) or "%"


def _shortened(name: str) -> str:
    data = name.encode()
    if len(data) <= MOST_NAME_BYTES:
        return name
    digest = hashlib.sha256(data).hexdigest()[:16]
    return f"{data[: MOST_NAME_BYTES - 17].decode(errors='ignore')}~{digest}"

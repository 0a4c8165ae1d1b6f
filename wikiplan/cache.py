"""What was made of files before, in a file that may be lost: it costs time then, and nothing else.

Everything has a name made of digests of all that decides it, so that what is found is never old;
and a digest of its own, so that what is found is what was written. Only JSON is kept. What nobody
used for a while goes, and what is too much.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from wikiplan import database
from wikiplan.files import MEGABYTE

DAYS_KEPT = 30
"""Since it was last used."""
MOST_BYTES = 128 * MEGABYTE

_VERSION = 1
_SECONDS_OF_DAY = 24 * 60 * 60
_SCHEMA = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE IF NOT EXISTS kept (
    name TEXT PRIMARY KEY, value BLOB NOT NULL, digest BLOB NOT NULL, day INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS kept_day ON kept (day);
"""


class Cache:
    """What is kept in one file, read where it is asked for; without a path nothing is.

    Names are of values made by these ``versions`` of program and libraries only.
    """

    def __init__(self, path: Path | None = None, versions: str = "") -> None:
        self._path = path
        self._versions = versions
        self._database: database.Connection | None = None
        self._lost = path is None
        self._used: dict[str, int] = {}
        self._new: dict[str, bytes] = {}

    def get(self, *name: str) -> Any:
        """Return a value, None where there is none that can be trusted. Writes nothing."""
        key = self._key(name)
        if key in self._new:
            return json.loads(self._new[key])
        try:
            value, day = self._found(key)
            self._used[key] = day
            return json.loads(value)
        except database.Error:
            self._lost = True  # a lock is waited for once, not for each name
        except database.UNREADABLE:
            pass
        return None

    def put(self, value: Any, *name: str) -> None:
        """Keep a value, for others once :meth:`store` is called; what is no JSON is not kept."""
        if self._path is None:
            return
        try:
            self._new[self._key(name)] = json.dumps(value, ensure_ascii=False).encode()
        except ValueError:  # a text that no file can hold
            return

    def forget(self, most: int) -> None:
        """Let go of what is new, where that is more than so many bytes."""
        if sum(map(len, self._new.values())) > most:
            self._new.clear()

    def store(self) -> None:
        """Write what is new, note what was used, and let go of what was not.

        The folder must be there: a run that writes makes it.
        """
        today = int(time.time()) // _SECONDS_OF_DAY
        used = [key for key, day in self._used.items() if day != today]
        if self._path is None or not (used or self._new) or not self._path.parent.is_dir():
            return
        self.close()
        with suppress(*database.UNREADABLE):
            try:
                self._write(self._path, used, today)
            except database.UNREADABLE as error:
                if not database.is_damage(error):
                    raise
                self._path.unlink()
                self._write(self._path, (), today)

    def _write(self, path: Path, used: Iterable[str], today: int) -> None:
        with closing(database.connect(path, make=True)) as opened:
            opened.execute("BEGIN IMMEDIATE")
            _prepare(opened)
            rows = ((key, value, _digest(key, value), today) for key, value in self._new.items())
            opened.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)
            opened.executemany(
                "UPDATE kept SET day = ? WHERE name = ?", ((today, key) for key in used)
            )
            opened.execute("DELETE FROM kept WHERE day < ?", (today - DAYS_KEPT,))
            _let_go(opened)
            opened.execute("COMMIT")
        self._new.clear()
        self._lost = False

    def _found(self, key: str) -> tuple[bytes, int]:
        """Return a value and the day it was last used. Raises one of ``database.UNREADABLE``."""
        if self._lost or self._path is None:
            raise ValueError("there is no cache")
        if self._database is None:
            self._lost = True  # until it is open: it is tried once
            self._database = database.connect(self._path, read_only=True)
            self._lost = False
        query = "SELECT value, digest, day FROM kept WHERE name = ?"
        row = self._database.execute(query, (key,)).fetchone()
        if row is None or _digest(key, row[0]) != row[1]:
            raise ValueError("nothing was kept under this name, or another value")
        return bytes(row[0]), int(row[2])

    def _key(self, name: tuple[str, ...]) -> str:
        return hashlib.sha256("\0".join((self._versions, *name)).encode()).hexdigest()

    def close(self) -> None:
        if self._database:
            self._database.close()
            self._database = None


def _prepare(opened: database.Connection) -> None:
    """Make the table; one of another version is no use."""
    if opened.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
        opened.execute("DROP TABLE IF EXISTS kept")
    for statement in _SCHEMA.split(";"):
        opened.execute(statement)


def _let_go(opened: database.Connection) -> None:
    """Delete what is over the most, what was not used for the longest time first."""
    room = MOST_BYTES
    sizes = opened.execute("SELECT name, length(value) FROM kept ORDER BY day DESC").fetchall()
    for name, size in sizes:
        room -= size
        if room < 0:
            opened.execute("DELETE FROM kept WHERE name = ?", (name,))


def _digest(key: str, value: bytes) -> bytes:
    return hashlib.sha256(key.encode() + value).digest()


def path_in(state: Path) -> Path:
    """Return where the cache is, in the folder with the state of runs."""
    return state / "loaded.cache"


NOTHING = Cache()
"""A cache that keeps nothing."""

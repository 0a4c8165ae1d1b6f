"""SQLite files of our own: a journal, a history, a cache (the door of SQLite).

What such a file holds is convenient and never needed, so bytes in it that nobody can read must not
end a run: the file is put aside, and a new one begun. That it is locked, or its disk full, is no
damage.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from wikiplan import files

Connection = sqlite3.Connection
Error = sqlite3.Error

LOCK_SECONDS = 1
"""Runs hold the lock of their site; whoever else has the file open is not waited for long."""

UNREADABLE = (sqlite3.Error, OSError, OverflowError, TypeError, ValueError)
"""What reading a file may raise whose bytes are not those that were written."""

_NO_DAMAGE = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
})  # fmt: skip


def connect(
    path: Path | None,
    *,
    make: bool = False,
    read_only: bool = False,
    patience: float = LOCK_SECONDS,
) -> Connection:
    """Open a file, or a database in memory; a file that is not there is made only if wanted.

    With ``read_only`` nothing is written beside it either; it must be there then.
    """
    if path and make:
        files.make_private(path)
    if path and read_only:
        address = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, timeout=patience, isolation_level=None, uri=True)
    return sqlite3.connect(path or ":memory:", timeout=patience, isolation_level=None)


def check(database: Connection) -> None:
    """Raise one of :data:`UNREADABLE` when something in the file cannot be read."""
    damage = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise sqlite3.DatabaseError(damage)
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        for _ in database.execute(f'SELECT * FROM "{table}"'):
            pass


def is_damage(error: Exception) -> bool:
    """Say whether a file must be put aside, and not only left alone for now."""
    if isinstance(error, OSError):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF not in _NO_DAMAGE


def told(error: Exception) -> str:
    """Return what is wrong with a file, in words."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program has it open and locked"
    return " ".join(str(error).split())


def put_aside(path: Path) -> str:
    """Move a damaged file out of the way; returns its name there, empty if it cannot be moved."""
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.replace(aside)
    except OSError:
        return ""
    return aside.name

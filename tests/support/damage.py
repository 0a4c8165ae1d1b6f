"""What disks, editors and other programs do to an SQLite file: bytes that nobody wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Damage:
    """A file's bytes changed, or its tables by SQL with a table of texts and one of its columns."""

    name: str
    change: Callable[[bytes], bytes] | None = None
    sql: str = ""

    def __str__(self) -> str:
        return self.name

    def do(self, path: Path) -> None:
        if self.change:
            data = path.read_bytes()
            assert self.change(data) != data
            path.write_bytes(self.change(data))
            return
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute(self.sql.format(*_texts_of(database)))


def _texts_of(database: sqlite3.Connection) -> tuple[str, str]:
    """Return the table that holds texts, and its column of texts."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
    return ("section", "after") if "section" in tables else ("revision", "text")


DAMAGES = (
    Damage("no database", lambda data: b"no database at all" * (len(data) // 18)),
    Damage("its end cut off", lambda data: data[: len(data) // 2]),
    Damage("a table that is no UTF-8", lambda data: data.replace(b"TABLE s", b"TABLE \xff")
           .replace(b"TABLE r", b"TABLE \xff")),
    Damage("a column that is no UTF-8", lambda data: data.replace(b"title TEXT", b"titl\xff TEXT")),
    Damage("a text that is no UTF-8", sql="UPDATE {0} SET {1} = CAST(x'ff' AS TEXT)"),
)  # fmt: skip

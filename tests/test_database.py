"""SQLite files: damage is told from what is only locked, full or not allowed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from wikiplan import database


def failure(path: Path, sql: str) -> Exception:
    try:
        with closing(database.connect(path, patience=0.01)) as opened:
            opened.execute(sql)
    except database.UNREADABLE as error:
        return error
    raise AssertionError(f"{sql} did not fail")


def test_what_is_locked_read_only_or_out_of_reach_is_not_damaged(tmp_path: Path):
    path = tmp_path / "file"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("BEGIN EXCLUSIVE")
        locked = failure(path, "SELECT * FROM t")
    assert not database.is_damage(locked)
    assert database.told(locked) == "another program has it open and locked"
    assert not database.is_damage(failure(tmp_path, "SELECT 1 FROM t"))
    assert not database.is_damage(PermissionError(13, "Permission denied"))


def test_what_cannot_be_read_as_it_was_written_is_damaged(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"no database at all" * 100)
    error = failure(path, "SELECT * FROM t")
    assert database.is_damage(error)
    assert database.told(error) == "file is not a database"
    assert database.is_damage(UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"))


def test_a_file_that_cannot_be_moved_stays(tmp_path: Path):
    (tmp_path / "file.damaged" / "x").mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"damaged")
    assert database.put_aside(tmp_path / "file") == ""
    assert (tmp_path / "file").read_bytes() == b"damaged"

"""What was made before: found as it was written, or not at all, and never more than is useful."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from wikiplan import cache
from wikiplan.cache import NOTHING, Cache

VALUE = {"texts": ["é", "\u2067", None, 12], "nested": {"a": True}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "loaded.cache"


def stored(path: Path, value: object = VALUE, name: str = "a") -> None:
    with closing(Cache(path, "1.0")) as kept:
        kept.put(value, "yaml", name)
        kept.store()


def found(path: Path, name: str = "a", versions: str = "1.0") -> object:
    with closing(Cache(path, versions)) as kept:
        return kept.get("yaml", name)


def rows(path: Path, query: str = "SELECT count(*) FROM kept") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute(query).fetchall()


def test_what_was_stored_is_found_by_its_name_and_the_same_versions_alone(path):
    stored(path)
    assert found(path) == VALUE
    assert found(path, "b") is None
    assert found(path, versions="1.1") is None
    with closing(Cache(path, "1.0")) as kept:
        assert kept.get("yaml a") is None
        assert kept.get("a", "yaml") is None


def test_reading_writes_nothing_anywhere(path):
    assert found(path) is None
    assert list(path.parent.iterdir()) == []
    stored(path)
    before = path.read_bytes(), path.stat().st_mtime_ns
    path.parent.chmod(0o500)
    assert found(path) == VALUE
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert list(path.parent.iterdir()) == [path]
    path.parent.chmod(0o700)


def test_what_is_only_put_is_not_written(path):
    with closing(Cache(path)) as kept:
        kept.put(VALUE, "a")
    assert not path.exists()


def test_what_is_put_is_found_until_it_is_too_much(path):
    with closing(Cache(path)) as kept:
        kept.put(VALUE, "a")
        assert kept.get("a") == VALUE
        kept.forget(most=1000)
        assert kept.get("a") == VALUE
        kept.forget(most=10)
        assert kept.get("a") is None


def test_no_folder_is_made_for_it(tmp_path):
    stored(tmp_path / "none" / "loaded.cache")
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_reads_it(path):
    stored(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_file_nothing_is_kept():
    NOTHING.put(VALUE, "a")
    NOTHING.store()
    assert NOTHING.get("a") is None


def test_a_text_that_no_file_can_hold_is_not_kept(path):
    stored(path, "\ud83d\ude00")
    assert found(path) is None


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 500)


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"nested"', b'"netsed"'))


def another_table(path: Path) -> None:
    rows(path, "DROP TABLE kept")


def executed(sql: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as opened:
            opened.execute(sql)

    return change


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    "garbage": garbage,
    "empty": nothing,
    "cut off": half,
    "another value": other_bytes,
    "no table": executed("DROP TABLE kept"),
    "another shape": executed("ALTER TABLE kept RENAME COLUMN value TO v"),
    "a text in its place": executed("UPDATE kept SET value = 'x'"),
    "a number in its place": executed("UPDATE kept SET value = 12"),
    "a text that is no UTF-8": executed("UPDATE kept SET value = CAST(x'ff' AS TEXT)"),
    "no digest": executed("UPDATE kept SET digest = x''"),
    "a day that is none": executed("UPDATE kept SET day = 'x'"),
    "another version": executed("PRAGMA user_version = 99"),
    "a folder": a_folder,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_cache_has_the_value_or_nothing_and_stops_nobody(path, damage):
    stored(path)
    damage(path)
    assert found(path) in (None, VALUE)
    stored(path, "other", "b")
    assert found(path, "b") in (None, "other")
    assert found(path) in (None, VALUE)


@pytest.mark.parametrize("damage", [garbage, half], ids=["garbage", "cut off"])
def test_a_damaged_cache_is_begun_anew(path, damage):
    stored(path)
    damage(path)
    stored(path)
    assert found(path) == VALUE
    assert list(path.parent.iterdir()) == [path]


def test_each_byte_that_is_another_costs_the_value_or_nothing(path):
    stored(path, "a text of some length " * 20)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :])
        assert found(path) in (None, "a text of some length " * 20)


def test_a_cache_that_another_run_has_locked_is_done_without(path, monkeypatch):
    stored(path)
    monkeypatch.setattr("wikiplan.database.LOCK_SECONDS", 0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with closing(Cache(path, "1.0")) as kept:
            assert kept.get("yaml", "a") is None
            other.execute("COMMIT")
            assert kept.get("yaml", "a") is None  # it is asked once
            other.execute("BEGIN EXCLUSIVE")
            kept.put("new", "b")
            kept.store()
    assert found(path) == VALUE


def test_what_nobody_used_for_a_month_goes_and_what_is_used_stays(path, monkeypatch):
    day = 24 * 60 * 60
    now = 20_000 * day
    monkeypatch.setattr("time.time", lambda: now)
    stored(path, "a", "a")
    stored(path, "b", "b")
    now += 20 * day
    with closing(Cache(path, "1.0")) as kept:
        assert kept.get("yaml", "a") == "a"
        kept.store()
    now += 20 * day
    stored(path, "c", "c")
    assert [found(path, name) for name in "abc"] == ["a", None, "c"]


def test_what_is_used_twice_a_day_is_noted_once(path):
    stored(path)
    before = path.stat().st_mtime_ns
    with closing(Cache(path, "1.0")) as kept:
        kept.get("yaml", "a")
        kept.store()
    assert path.stat().st_mtime_ns == before


def test_more_than_the_most_goes_the_oldest_first(path, monkeypatch):
    now = 20_000 * 24 * 60 * 60
    monkeypatch.setattr("time.time", lambda: now)
    monkeypatch.setattr(cache, "MOST_BYTES", 300)
    for name in "abcd":
        now += 24 * 60 * 60
        stored(path, name * 98, name)
    assert [found(path, name) is None for name in "abcd"] == [True, False, False, False]
    assert rows(path) == [(3,)]

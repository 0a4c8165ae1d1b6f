"""The file of what is remembered: what was written is read, or nothing of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan import database
from wikiplan.changes import memoryfile
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.changes.memory import KnownPage, Memory, Step
from wikiplan.render.sources import Sources
from wikiplan.value import replace
from wikiplan.wiki.interface import Cursor

NOW, LATER = datetime(2021, 7, 1, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC)
NOTHING = Memory()
INPUTS = Inputs(plan_sha256="0" * 64, now=NOW, versions={"Babel": "1"}, files=("data/links.yaml",))
SOURCES = Sources(("a", "links"), ("line.wiki",), True, ("a.body",))
MADE_OF = MadeOf("digest", LATER, (SOURCES,))
STEP = Step(1, 4, 5, "f" * 40, ("a.body",), ("b.body",), 5)
PLAN = KnownPage("Plan", INPUTS, "en", {"a": "0123456789abcdef"}, "/data", MADE_OF, STEP)
OTHER = replace(PLAN, title="Plan/ar", content_language="ar", step=None)
MEMORY = Memory({"plan": PLAN, "Plan/ar": OTHER}, Cursor(NOW, NOW), frozenset({"ref"}), LATER)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return memoryfile.path_of(tmp_path / "state", "lab:lab", "Plan Bot")


def written(path: Path, memory: Memory, before: Memory = NOTHING) -> Memory:
    memoryfile.write(path, before, memory)
    return memoryfile.read(path)


def test_what_was_written_is_read(path):
    assert written(path, MEMORY) == MEMORY
    assert path.name == "lab%3Alab_Plan_Bot.memory"
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_what_differs_is_written(path):
    written(path, MEMORY)
    after = replace(MEMORY, pages={"plan": replace(PLAN, step=replace(STEP, revision=6))})
    assert written(path, after, MEMORY) == after
    assert written(path, Memory(), after) == Memory()


def test_what_many_pages_share_is_kept_once_and_not_for_ever(path):
    pages = {f"Plan {n}": replace(PLAN, title=f"Plan {n}") for n in range(50)}
    before = Memory(pages)
    written(path, before)
    assert shared(path) == 3, "inputs, sources, and what is told"
    newer = replace(INPUTS, plan_sha256="1" * 64)
    after = Memory({asked: replace(page, inputs=newer) for asked, page in pages.items()})
    assert written(path, after, before) == after
    assert shared(path) == 3


def shared(path: Path) -> int:
    with database.connect(path) as opened:
        return int(opened.execute("SELECT count(*) FROM shared").fetchone()[0])


def test_all_accounts_of_a_site_are_read_together(tmp_path):
    path = tmp_path
    for account, title in (("Plan Bot", "A"), ("Other Bot", "B")):
        path = memoryfile.path_of(tmp_path, "lab:lab", account)
        memoryfile.write(path, Memory(), Memory({title: replace(PLAN, title=title)}))
    memoryfile.write(memoryfile.path_of(tmp_path, "lab:other", "Plan Bot"), Memory(), MEMORY)
    assert memoryfile.read_all(tmp_path, "lab:lab").keys() == {"A", "B"}
    assert memoryfile.read_all(tmp_path, "lab:lab", without=path).keys() == {"A"}


def test_each_plan_with_a_name_has_a_file_of_its_own(tmp_path):
    named = memoryfile.path_of(tmp_path, "lab:lab", "Plan Bot #0 of 4", "gardens")
    assert named.name == "lab%3Alab_Plan_Bot_#0_of_4_#plan_gardens.memory"
    for plan, title in (("", "A"), ("gardens", "B"), ("parks", "C")):
        path = memoryfile.path_of(tmp_path, "lab:lab", "Plan Bot", plan)
        pages = {title: replace(PLAN, title=title)}
        memoryfile.write(path, Memory(), Memory(pages))
    assert memoryfile.read_all(tmp_path, "lab:lab").keys() == {"A"}
    assert memoryfile.read_all(tmp_path, "lab:lab", "parks").keys() == {"C"}
    # What is known from before the plan had a name is its own by its directory.
    assert memoryfile.read_all(tmp_path, "lab:lab", "gardens", "/data").keys() == {"A", "B"}
    assert memoryfile.read_all(tmp_path, "lab:lab", "gardens", "/other").keys() == {"B"}


def test_a_place_that_cannot_be_written_is_no_reason_to_fail(path):
    path.parent.write_text("a file")
    assert written(path, MEMORY) == Memory()


def test_a_file_that_somebody_else_has_open_is_no_reason_to_fail(path):
    written(path, MEMORY)
    with database.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert memoryfile.read(path) == Memory()
        memoryfile.write(path, MEMORY, Memory())
        other.execute("ROLLBACK")
    assert memoryfile.read(path) == MEMORY


@pytest.mark.parametrize("data", [b"", b"\xff" * 4096, b"SQLite format 3\0", b"{}"])
def test_a_file_of_something_else_says_nothing_and_is_begun_anew(path, data):
    path.parent.mkdir()
    path.write_bytes(data)
    assert memoryfile.read(path) == Memory()
    assert written(path, MEMORY) == MEMORY


def test_a_file_of_another_version_says_nothing_and_is_begun_anew(path):
    written(path, MEMORY)
    with database.connect(path) as opened:
        opened.execute("PRAGMA user_version = 99")
    assert memoryfile.read(path) == Memory()
    assert written(path, MEMORY) == MEMORY


CHANGES = {
    "a revision": "UPDATE page SET value = replace(value, ' 5, ', ' 6, ')",
    "a time": "UPDATE page SET value = replace(value, '2022', '2032')",
    "a title": "UPDATE page SET asked = asked || ' '",
    "a digest": "UPDATE page SET digest = '0'",
    "a blob": "UPDATE page SET value = x'ff00'",
    "no value": "UPDATE shared SET value = ''",
    "what is shared": "UPDATE shared SET value = replace(value, 'links', 'linkz')",
    "a missing part": "DELETE FROM shared",
    "no table": "DROP TABLE shared",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_value_that_is_not_the_one_that_was_written_counts_as_lost(path, what):
    written(path, MEMORY)
    with database.connect(path) as opened:
        opened.execute(CHANGES[what])
    assert subset(memoryfile.read(path).pages, MEMORY.pages)
    assert "plan" not in memoryfile.read(path).pages


COLUMNS = (
    *(("shared", name) for name in ("digest", "value")),
    *((table, name) for table in ("page", "state") for name in ("digest", "value")),
    ("page", "asked"),
)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@pytest.mark.parametrize("value", ["x'ff00'", "x''", "5", "1.5", "NULL"])
def test_a_value_of_another_type_counts_as_lost(path, table, column, value):
    written(path, MEMORY)
    with database.connect(path) as opened, suppress(database.Error):  # some may not be NULL
        opened.execute(f"UPDATE {table} SET {column} = {value}")
    found = memoryfile.read(path)
    assert subset(found.pages, MEMORY.pages)
    assert found.cursor in (None, MEMORY.cursor)


def subset(some: Mapping[str, KnownPage], every: Mapping[str, KnownPage]) -> bool:
    return some.items() <= every.items()


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_a_file_with_any_damage_says_nothing_that_was_not_written(tmp_path_factory, data):
    whole = tmp_path_factory.getbasetemp() / "whole.memory"
    if not whole.exists():
        memoryfile.write(whole, Memory(), MEMORY)
    damaged = whole.with_name("damaged.memory")
    shutil.copy(whole, damaged)
    content = bytearray(damaged.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)))] or b"\0")
    found = memoryfile.read(damaged)
    assert subset(found.pages, MEMORY.pages)
    assert found.cursor in (None, MEMORY.cursor)
    memoryfile.write(damaged, found, MEMORY)
    assert memoryfile.read(damaged).pages.items() <= MEMORY.pages.items()


def test_reading_after_a_kill_within_a_write_says_nothing_and_changes_nothing(path):
    written(path, MEMORY)
    killed = (
        "import os, sqlite3, sys; opened = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "opened.execute('PRAGMA cache_size = 1'); opened.execute('BEGIN IMMEDIATE');"
        "opened.execute('UPDATE page SET value = hex(randomblob(9000))'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    before = {each: each.read_bytes() for each in path.parent.iterdir()}
    assert len(before) == 2, "the file and what takes the write back"
    assert memoryfile.read(path) == NOTHING
    assert {each: each.read_bytes() for each in path.parent.iterdir()} == before
    assert written(path, MEMORY) == MEMORY

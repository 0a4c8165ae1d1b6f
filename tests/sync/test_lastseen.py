"""The files that say what was last seen of both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan import files
from wikiplan.sync.lastseen import LastSeen, LastSeenFile, unit_place

ONE = LastSeen("0f", "0f", "e1", True, 12, "Trans")
FILE = """\
{
"Plan/a": {"catalog": "0f", "current": true, "english": "e1", "revision": 12, \
"translator": "Trans", "wiki": "0f"},
"Plan/b": {"kept": "0a"}
}
"""


def test_a_place_is_a_line_in_the_order_of_places(tmp_path: Path):
    base = LastSeenFile.load(tmp_path, "ar")
    base.set("Plan/b", LastSeen(kept="0a"))
    base.set("Plan/a", ONE)
    assert base.text() == FILE


def test_the_file_is_read_as_it_was_written_and_not_written_again(tmp_path: Path):
    base = LastSeenFile.load(tmp_path, "ar")
    base.set("Plan/a", ONE)
    written = base.prepared()
    assert written
    files.replace_all([written])
    assert written.path == tmp_path / "synced" / "ar.json"
    again = LastSeenFile.load(tmp_path, "ar")
    assert (again.get("Plan/a"), again.get("Plan/b"), again.prepared()) == (ONE, None, None)


def test_nothing_seen_makes_no_file(tmp_path: Path):
    assert LastSeenFile.load(tmp_path, "ar").prepared() is None


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"Plan/a": 5}', b'{"Plan/a": {"color": "red"}}', b"\xff",
     b'{"Plan/a": {"revision": "12"}}', b'<<<<<<< HEAD\n{}\n'],
)  # fmt: skip
def test_a_damaged_file_counts_as_empty_and_says_so(data: bytes):
    base = LastSeenFile(Path("ar.json"), data)
    assert (base.damaged, base.get("Plan/a")) == (True, None)


def test_values_of_another_kind_are_damage():
    assert LastSeenFile(Path("ar.json"), b'{"a": {"current": 1}}').damaged


def test_a_page_on_another_site_than_the_usual_one_has_a_place_of_its_own():
    assert unit_place("Plan", "a") == "Plan/a"
    assert unit_place("Plan", "a", "meta:meta") == "meta:meta Plan/a"

"""What was fetched last, and whether the plan still has that."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan import files
from wikiplan.errors import WikiplanError
from wikiplan.sources.fetched import Fetched
from wikiplan.sources.sourcelist import listed

SAID = {"page": "P", "columns": {"key": "ID"}}


def test_a_version_counts_as_long_as_source_and_copy_are_as_they_were(tmp_path: Path):
    (source,) = listed({"sources": {"grants": SAID}})
    (other,) = listed({"sources": {"grants": SAID | {"page": "Q"}}})
    assert Fetched.read(tmp_path).version(source, "aa") == ""
    files.replace_all([Fetched.read(tmp_path).with_given(source, "7", "aa").change])
    known = Fetched.read(tmp_path)
    assert known.version(source, "aa") == "7"
    assert (known.version(source, "bb"), known.version(other, "aa")) == ("", "")
    changed = [known.was_changed(source, rows) for rows in ("aa", "bb")]
    assert (changed, known.was_changed(other, "bb")) == ([False, True], False)


def test_a_file_that_holds_something_else_is_named(tmp_path: Path):
    (tmp_path / "sources.json").write_text('{"grants": {"version": 7}}')
    with pytest.raises(WikiplanError, match=r"sources\.json: grants: version: a text is expected"):
        Fetched.read(tmp_path)

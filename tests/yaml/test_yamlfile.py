"""Reading files, and keeping what was read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from wikiplan.cache import Cache
from wikiplan.yaml import places_in, yamlfile

SAMPLE = Path(__file__).parents[2] / "data"


def _read(tmp_path: Path, text: str | bytes) -> tuple[Any, list[str]]:
    """Return the data that a text gives, None for none, and its faults as people see them."""
    path = tmp_path / "x.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    document, faults = yamlfile.read(path, "x.yaml")
    return document and document.data, [str(fault) for fault in faults]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    text = "a: " + "x" * yamlfile.MOST_BYTES
    assert _read(tmp_path, text) == (
        None,
        ["x.yaml:0:0: is larger than 256 KiB; split it into several files"],
    )


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: |-\r\n  c\r\n  d\r\n") == (
        {"a": 1, "b": "c\nd"},
        [],
    )


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    document, faults = yamlfile.read(tmp_path / "none.yaml", "none.yaml")
    assert document is None
    assert [str(fault) for fault in faults] == [
        "none.yaml:0:0: is missing; add it, or name another file"
    ]


# Documents that are kept


def again(path: Path, kept: Cache) -> yamlfile.Document:
    document, faults = yamlfile.read(path, "x.yaml", kept)
    assert document
    assert faults == []
    return document


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("*.yaml")), ids=lambda path: path.stem)
def test_a_document_that_was_kept_is_the_one_that_was_read(tmp_path, path):
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        read = again(path, kept)
        kept.store()
        found = again(path, kept)
    assert (found.data, found.digest, found.folded) == (read.data, read.digest, read.folded)
    for place in places_in(read.data):
        assert found.value_at(place) == read.value_at(place)
        assert found.key_at(place) == read.key_at(place)
        assert found.fault(place, "a; b", key=True) == read.fault(place, "a; b", key=True)


def test_a_kept_document_is_not_parsed_again_until_its_file_changes(tmp_path, monkeypatch):
    path, parsed = tmp_path / "x.yaml", []
    before = yamlfile.parsed
    monkeypatch.setattr(yamlfile, "parsed", lambda *of: parsed.append(1) or before(*of))
    path.write_text("a: [x]\n")
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        again(path, kept)
        kept.store()
        assert [again(path, kept).data, len(parsed)] == [{"a": ["x"]}, 1]
        path.write_text("a: [y]\n")
        assert [again(path, kept).data, len(parsed)] == [{"a": ["y"]}, 2]


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: &b 1\n", "", "a: [\n"])
def test_what_has_faults_is_told_each_time(tmp_path, text):
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        first = yamlfile.read(path, "x.yaml", kept)[1]
        kept.store()
        assert yamlfile.read(path, "x.yaml", kept)[1] == first != []


def test_a_text_of_halves_of_characters_is_not_kept_as_one(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text('a: "\\ud83d\\ude00"\n')
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        first = again(path, kept).data
        kept.store()
        assert again(path, kept).data == first

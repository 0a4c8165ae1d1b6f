from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from wikiplan.cache import Cache
from wikiplan.plan import yamlfile

SAMPLE = Path(__file__).parents[2] / "data"


def _read(tmp_path: Path, text: str | bytes) -> tuple[Any, list[str]]:
    """Return the data that a text gives, None for none, and its faults as people see them."""
    path = tmp_path / "x.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    document, faults = yamlfile.read(path, "x.yaml")
    return document and document.data, [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("16:00", "16:00"),
        ("190:20:30", "190:20:30"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("off", "off"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2022-01", "2022-01"),
        ("2022-01-15", "2022-01-15"),
        ("2021-07-15T16:00", "2021-07-15T16:00"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("+4", "+4"),
        ("=", "="),
        ("<<", "<<"),
        ("'4'", "4"),
        ("4", 4),
        ("-4", -4),
        ("0", 0),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ('"\\u00e9"', "é"),
    ],
)
def test_only_integers_booleans_and_null_are_not_words(
    tmp_path: Path, written: str, read: object
) -> None:
    assert _read(tmp_path, f"key: {written}\n") == ({"key": read}, [])


def test_keys_are_always_words(tmp_path: Path) -> None:
    data, faults = _read(tmp_path, "no: a\n4: b\nnull: c\n2022-01-15: d\n")
    assert data == {"no": "a", "4": "b", "null": "c", "2022-01-15": "d"}
    assert faults == []


def test_every_key_and_value_has_its_position(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a:\n  - b: 1\n    c: >-\n      d\n  - {e: [f, g]}\n")
    document, _ = yamlfile.read(path, "x.yaml")
    assert document is not None
    assert document.values == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 0, "b"): (2, 8),
        ("a", 0, "c"): (3, 8),
        ("a", 1): (5, 5),
        ("a", 1, "e"): (5, 9),
        ("a", 1, "e", 0): (5, 10),
        ("a", 1, "e", 1): (5, 13),
    }
    assert document.keys == {
        ("a",): (1, 1),
        ("a", 0, "b"): (2, 5),
        ("a", 0, "c"): (3, 5),
        ("a", 1, "e"): (5, 6),
    }


def test_places_are_named_by_the_keys_of_list_items(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("teams:\n  - key: roses\n    items: [{a: 1}]\n")
    document, _ = yamlfile.read(path, "x.yaml")
    assert document is not None
    assert document.name(("teams", 0, "items", 0, "a")) == "teams.roses.items.1.a"


def test_of_a_doubled_key_the_first_value_stays(tmp_path: Path) -> None:
    data, faults = _read(tmp_path, "a: {b: 1}\na: {c: 2}\n")
    assert data == {"a": {"b": 1}}
    assert faults == ["x.yaml:2:1: a: the key is doubled (first on line 1); remove one"]


def test_a_key_that_is_no_word_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, "[a, b]: c\nd: {e: *f}\n") == (
        None,
        ["x.yaml:1:1: a key is not a plain word; write a word before the colon"],
    )


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert _read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: |-\r\n  c\r\n  d\r\n") == (
        {"a": 1, "b": "c\nd"},
        [],
    )


def test_a_billion_laughs_are_refused_at_the_first(tmp_path: Path) -> None:
    laughs = "a: &a [x, x]\nb: [*a, *a]\n"
    assert _read(tmp_path, laughs) == (
        None,
        [
            "x.yaml:1:4: a: the anchor &a is not allowed; remove it",
            "x.yaml:2:5: b.1: the alias *a is not allowed; repeat the value itself",
            "x.yaml:2:9: b.2: the alias *a is not allowed; repeat the value itself",
        ],
    )


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    text = "a: " + "x" * yamlfile.MOST_BYTES
    assert _read(tmp_path, text) == (
        None,
        ["x.yaml:0:0: is larger than 256 KiB; split it into several files"],
    )


HOSTILE = {
    "lists": "[" * 100_000,
    "mappings": "{" * 100_000,
    "entries": "- " * 100_000,
    "complex keys": "? " * 100_000,
    "keys in a line": "a: " * 80_000,
    "nested keys": "\n".join(" " * indent + "a:" for indent in range(600)),
    "tags": "!" * 200_000,
    "escapes": '"' + "\\" * 200_000,
    "directives": "%" * 200_000,
    "comment": "#" * 200_000,
    "quotes": "'" * 200_001,
    "closings": "[" + "a," * 1_000 + "]" * 5,
    "anchors": "&a " * 80_000,
}


@pytest.mark.heavy
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_in_time(tmp_path: Path, hostile: str) -> None:
    started = time.process_time()
    _, faults = _read(tmp_path, hostile)
    assert faults
    assert time.process_time() - started < 2


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
    for place in yamlfile.places_in(read.data):
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

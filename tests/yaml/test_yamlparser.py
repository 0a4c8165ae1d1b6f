"""What is read of a file, and what is refused."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from wikiplan.yaml import yamlfile

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


def test_of_a_doubled_key_the_first_value_stays(tmp_path: Path) -> None:
    data, faults = _read(tmp_path, "a: {b: 1}\na: {c: 2}\n")
    assert data == {"a": {"b": 1}}
    assert faults == ["x.yaml:2:1: a: the key is doubled (first on line 1); remove one"]


def test_a_key_that_is_no_word_is_refused(tmp_path: Path) -> None:
    assert _read(tmp_path, "[a, b]: c\nd: {e: *f}\n") == (
        None,
        ["x.yaml:1:1: a key is not a plain word; write a word before the colon"],
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

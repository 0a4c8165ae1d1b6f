"""One text of a YAML file is written anew: the cases are in cases/scalartext.

A case begins with what it is about; then the place (its parts between dots, list items from 0),
the new text as JSON, the file before and after.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikiplan.yaml.document import KeyPath, value_in
from wikiplan.yaml.yamlfile import parsed
from wikiplan.yaml.yamltext import with_text

CASES = Path(__file__).parents[1] / "cases" / "scalartext"
ROOT = Path(__file__).parents[2]


def place_of(words: str) -> KeyPath:
    return tuple(int(word) if word.isdigit() else word for word in words.split("."))


def read(path: Path) -> tuple[KeyPath, str, str, str]:
    head, before, after = (
        path.read_bytes().decode().replace("--- after", "--- before").split("--- before\n")
    )
    _, place, text, _ = head.split("\n")
    return place_of(place.removeprefix("place: ")), json.loads(text[6:]), before, after


def changed(before: str, place: KeyPath, text: str) -> str:
    document, _ = parsed(before.removeprefix("\ufeff"), "", [])
    assert document
    return with_text(before.encode(), place, value_in(document.data, place), text).decode()


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_case(path):
    place, text, before, after = read(path)
    assert changed(before, place, text) == after


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_line_ends_and_the_byte_order_mark_stay(path):
    place, text, before, after = read(path)
    windows = "\ufeff" + before.replace("\n", "\r\n")
    assert changed(windows, place, text) == "\ufeff" + after.replace("\n", "\r\n")


def test_the_text_that_is_there_leaves_every_byte():
    data = b"a:   'x'   # y\n\n\n"
    assert with_text(data, ("a",), "x", "x") is data


@pytest.mark.parametrize(
    ("place", "before", "reason"),
    [
        (("a",), "y", "the file has another text there by now"),
        (("b",), "y", "the file has no text there"),
        ((), "y", "the file has no text there"),
    ],
)
def test_another_place_is_refused(place, before, reason):
    with pytest.raises(ValueError, match=reason):
        with_text(b"a: x\n", place, before, "new")


SAMPLES = sorted(
    path for path in (ROOT / "data").rglob("*.yaml") if "schema" not in path.relative_to(ROOT).parts
)
TEXTS = st.text(st.sampled_from(list("ab  ,:#'\"\\|>-[]{}&*!%@`\n\t$=é١")), max_size=60)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_text_only_its_value_changes(data):
    raw = data.draw(st.sampled_from(SAMPLES)).read_bytes()
    document, _ = parsed(raw.decode(), "", [])
    assert document
    texts = [p for p in document.spans if isinstance(value_in(document.data, p), str)]
    place = data.draw(st.sampled_from(texts))
    before, text = value_in(document.data, place), data.draw(TEXTS)
    after = with_text(raw, place, before, text)
    again, faults = parsed(after.decode(), "", [])
    assert again
    assert not faults
    assert value_in(again.data, place) == text
    back = with_text(after, place, text, before)
    assert parsed(back.decode(), "", [])[0].data == document.data  # type: ignore[union-attr]

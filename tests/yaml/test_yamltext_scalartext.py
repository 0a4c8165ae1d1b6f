"""One text of a YAML file is written anew: the cases are in cases/scalartext.

A case begins with what it is about; then the place (its parts between dots, list items from 0),
the new text as JSON, the file before and after.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.yaml import yamltext
from wikiplan.yaml.document import Document, KeyPath, value_in
from wikiplan.yaml.yamlfile import parsed
from wikiplan.yaml.yamlitems import with_key
from wikiplan.yaml.yamltext import with_value

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
    return with_value(before.encode(), place, value_in(document.data, place), text).decode()


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
    assert with_value(data, ("a",), "x", "x") is data


@pytest.mark.parametrize(
    ("place", "before", "reason"),
    [
        (("a",), "y", "the file has another value there by now"),
        (("b",), "y", "the file has no value there"),
        ((), "y", "the file has no value there"),
    ],
)
def test_another_place_is_refused(place, before, reason):
    with pytest.raises(ValueError, match=reason):
        with_value(b"a: x\n", place, before, "new")


SAMPLES = sorted(
    path for path in (ROOT / "data").rglob("*.yaml") if "schema" not in path.relative_to(ROOT).parts
)
TEXTS = st.text(st.sampled_from(list("ab  ,:#'\"\\|>-[]{}&*!%@`\n\t$=é١")), max_size=60)


VALUES = st.one_of(TEXTS, st.integers(-9999, 9999), st.booleans())
WRITTEN = st.recursive(
    st.one_of(TEXTS.filter(str.strip), st.integers(-99, 99), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4),
        st.dictionaries(st.sampled_from(["key", "text", "a b", "no"]), inner, min_size=1),
    ),
    max_leaves=12,
)
FILES = st.one_of(
    st.sampled_from(SAMPLES).map(Path.read_bytes),
    st.dictionaries(st.sampled_from(["a", "key"]), WRITTEN, min_size=1).map(
        lambda data: yamltext.dumped(data, "A comment.").encode()
    ),
)


def lines_around(raw: bytes, document: Document, place: KeyPath) -> tuple[str, str]:
    """Return what stands before the lines of a value, with its key, and behind them."""
    text, span = raw.decode(), document.spans[place]
    written = text[: span.stop].rstrip("\n ")
    return text[: span.start], text[len(written) :].partition("\n")[2].lstrip("\n")


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_whatever_the_value_it_alone_changes(data: st.DataObject):
    raw = data.draw(FILES)
    document, _ = parsed(raw.decode(), "", [])
    assert document
    place = data.draw(st.sampled_from([*document.spans]))
    before, value = value_in(document.data, place), data.draw(VALUES)
    after = with_value(raw, place, before, value)
    again, faults = parsed(after.decode(), "", [])
    assert again and not faults
    assert (type(found := value_in(again.data, place)), found) == (type(value), value)
    assert lines_around(after, again, place) == lines_around(raw, document, place)
    back, _ = parsed(with_value(after, place, value, before).decode(), "", [])
    assert back and back.data == document.data


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_a_value_on_one_line_comes_back_to_the_byte(data: st.DataObject):
    raw = data.draw(st.sampled_from(SAMPLES)).read_bytes()
    document, _ = parsed(raw.decode(), "", [])
    assert document
    on_a_line = [place for place, span in document.spans.items() if span.style not in ("|", ">")]
    place = data.draw(st.sampled_from(on_a_line))
    before = value_in(document.data, place)
    value = data.draw(st.from_regex(r"[a-z]{3}( [a-zé1$'’]+)*", fullmatch=True))  # in any style
    kind = {str: value, int: 7, bool: not before}[type(before)]
    after = with_value(raw, place, before, kind)
    assert with_value(after, place, kind, before) == raw


# A key beside a text.


BESIDE = """\
# A plan.
teams:
  - key: roses   # the first
    text: >-
      Long words
      go on.

  - {key: "x", text: 'It''s',
     note: n}
  - text: a
name: {text: b}
last:
  text: |-
    c
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("teams.0.key", "  - key: roses   # the first\n+    change: typo"),
        ("teams.0.text", "      go on.\n+    change: typo"),
        ("teams.1.text", "text: 'It''s',\n+     change: typo,\n     note: n}"),
        ("teams.2.text", "  - text: a\n+    change: typo"),
        ("name.text", "-name: {text: b}\n+name: {text: b, change: typo}"),
        ("last.text", "    c\n+  change: typo"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_key_is_added_beside_a_text_and_taken_out_again(place: str, line: str, end: str):
    before = BESIDE.replace("\n", end).encode()
    after = with_key(before, place_of(place), "change", "typo")
    assert line in "\n".join(marked(BESIDE, after.decode().replace("\r\n", "\n")))
    assert with_key(after, place_of(place), "change", "typo") == after
    assert with_key(after, place_of(place), "change", "meaning") == after.replace(
        b"change: typo", b"change: meaning"
    )
    assert with_key(after, place_of(place), "change", None) == before
    assert with_key(before, place_of(place), "change", None) == before


def marked(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [f"{each[0].strip()}{each[2:]}" for each in lines if each[0] != "?"]


def test_a_key_comes_behind_a_line_without_an_end():
    assert with_key(b"a: x", ("a",), "b", 1) == b"a: x\nb: 1"


def test_the_first_key_in_braces_can_be_taken_out():
    assert with_key(b"a: {x: 1, y: 2} # c\n", ("a", "y"), "x", None) == b"a: {y: 2} # c\n"


@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_a_key_beside_any_value_changes_nothing_else(data: st.DataObject):
    raw = data.draw(FILES)
    document, _ = parsed(raw.decode(), "", [])
    assert document
    places = [place for place in document.spans if isinstance(place[-1], str)]
    assume(places)
    place, value = data.draw(st.sampled_from(places)), data.draw(VALUES)
    after = with_key(raw, place, "new", value)
    again, faults = parsed(after.decode(), "", [])
    assert again and not faults
    assert value_in(again.data, (*place[:-1], "new")) == value
    assert with_key(after, place, "new", None) in (raw, raw + b"\n")

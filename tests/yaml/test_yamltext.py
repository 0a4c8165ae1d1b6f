"""YAML written anew reads as what was written, whatever the texts hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikiplan.yaml import yamlfile, yamltext

TEXTS = st.one_of(
    st.text("ab :#-[]{}'\"|>&*!%@`,?=~\n\t\\é0م", max_size=120),
    st.sampled_from(["yes", "null", "1.5", "16:00", "2022-01", "2020-2021", "-", "~", "0x1", " a"]),
)
KEYS = st.sampled_from(["key", "text", "see-also", "no", "1", "a.b", "section:key.unit"])
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(-9999, 9999), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def read(text: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.yaml"
        path.write_text(text, encoding="utf-8")
        document, faults = yamlfile.read(path, "file.yaml")
    assert faults == []
    assert document
    return document.data


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
def test_what_is_written_is_what_is_read(data):
    assert read(yamltext.dumped(data, "A comment.")) == data


def test_a_file_reads_like_a_person_s():
    data = {
        "fiscal-year": "2021-2022",
        "heading": {"text": "Priorities: $year"},
        "intro": {"text": "In $year every team has a plan with dates. " * 3 + "That is all."},
        "teams": [
            {
                "key": "roses",
                "items": [
                    {"key": "beds", "text": "[[$beds|Beds]]", "variables": {"beds": 12}},
                    {"key": "paths", "text": "Rake them.", "see-also": ["paths", "map"]},
                ],
            }
        ],
        "sections": [{"name": "a", "template": "text"}],
        "table": {"en": "{|\n| One\n|}"},
    }
    assert (
        yamltext.dumped(data, "Priorities.")
        == """\
# Priorities.

fiscal-year: 2021-2022
heading: {text: "Priorities: $year"}

intro:
  text: >-
    In $year every team has a plan with dates. In $year every team has a plan with dates. In $year
    every team has a plan with dates. That is all.

teams:
  - key: roses
    items:
      - key: beds
        text: "[[$beds|Beds]]"
        variables: {beds: 12}
      - key: paths
        text: Rake them.
        see-also: [paths, map]

sections:
  - {name: a, template: text}

table:
  en: |-
    {|
    | One
    |}
"""
    )


@pytest.mark.parametrize("text", ["no", "null", "12", "1.5", "16:00", "~", "- a", "a: b", "a #b"])
def test_a_text_that_yaml_would_take_for_something_else_is_quoted(text):
    assert yamltext.dumped({"text": text}) == f'text: "{text}"\n'


# Names, many at once.

NAMED = b"""\
# A plan.
pages: {x: 1, "b:c": 2, 'd': e}  # c
list: [ar, 'de', "es"]
items:
  - key: foo   # the first
    text: >-
      bar
      baz
"""


def test_names_are_written_anew_and_nothing_else():
    values = {("list", 0): "arz", ("list", 1): "nl", ("list", 2): "pt", ("items", 0, "key"): "g-h"}
    keys = {("pages", "b:c"): "q:r", ("pages", "x"): "z", ("pages", "d"): "dd", ("list",): "codes"}
    assert (
        yamltext.with_names(NAMED, values, keys).decode()
        == """\
# A plan.
pages: {z: 1, "q:r": 2, 'dd': e}  # c
codes: [arz, 'nl', "pt"]
items:
  - key: g-h   # the first
    text: >-
      bar
      baz
"""
    )


def test_a_name_that_yaml_reads_otherwise_gets_quotes():
    assert yamltext.with_names(b"a: b\n", {("a",): "yes: no"}) == b'a: "yes: no"\n'


def test_a_year_that_is_a_number_is_one_yet():
    years = {("a",): "2022", ("b",): "2022", ("c",): "2022-2023"}
    before, after = b"a: 2021\nb: '2021'\nc: 2021\n", b'a: 2022\nb: "2022"\nc: 2022-2023\n'
    assert yamltext.with_names(before, years) == after


def test_a_name_that_is_there_already_is_refused():
    with pytest.raises(ValueError, match="cannot be written there"):
        yamltext.with_names(b"a: 1\nb: 2\n", {}, {("a",): "b"})


# Entries taken out.


def _items(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = {"key": st.sampled_from(["a", "b"]), "text": TEXTS}
    return st.fixed_dictionaries(keys, optional={"items": st.lists(inner, min_size=1, max_size=3)})


ITEM = _items(_items(_items(st.just({"key": "c"}))))


@settings(max_examples=100, deadline=None)
@given(st.lists(ITEM, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_what_is_taken_out_is_all_that_is_gone(items, rng):
    data = {"first": 1, "items": items, "last": 2}
    gone = frozenset(("items", at) for at in range(len(items)) if rng.random() < 0.5)
    kept = [each for at, each in enumerate(items) if ("items", at) not in gone]
    if kept:
        text = yamltext.without(yamltext.dumped(data, "A comment.").encode(), gone).decode()
        assert read(text) == {**data, "items": kept}


@pytest.mark.parametrize(
    ("text", "gone", "after"),
    [
        ("a:\n  - x\n  # of y\n  - y\n", [("a", 1)], "a:\n  - x\n"),
        ("a:\n  - x\n\n  - y\n\n  - z\n", [("a", 1)], "a:\n  - x\n\n  - z\n"),
        ("a:\n  - x\n\n  - y\n", [("a", 0)], "a:\n  - y\n"),
        ("a:\n- x\n- y\nb: 1\n", [("a",)], "b: 1\n"),
        ("a: |\n  x\n\n  # y\nb: 1\r\n", [("a",)], "b: 1\r\n"),
        ("\ufeffa: 1\nb: 2\n", [("b",)], "\ufeffa: 1\n"),
        ("a: 1\n# of the end\n", [], "a: 1\n# of the end\n"),
    ],
)
def test_comments_and_blank_lines_go_with_what_they_belong_to(text: str, gone, after: str):
    assert yamltext.without(text.encode(), gone).decode() == after


ENTRIES = """\
# Above.
a: {x: 1}  # goes

# Of b.
b:
  - key: one
    # inside
    text: >-
      Long words.

  - {key: two}

# Of c.
c: [1]"""


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        ("a", {"x": 2}, ENTRIES.replace("{x: 1}  # goes", "{x: 2}")),
        ("b", [{"key": "one"}], ENTRIES.replace(
            ENTRIES.partition("b:\n")[2].partition("\n# Of c")[0], "  - key: one\n")),
        ("c", ["x", "z"], ENTRIES.replace("[1]", "[x, z]\n")),
        ("d", 4, f"{ENTRIES}\nd: 4\n"),
    ],
)  # fmt: skip
def test_an_entry_is_written_anew_and_nothing_else(key: str, value, after: str):
    assert yamltext.with_entry(ENTRIES.encode(), key, value).decode() == after


def test_an_entry_on_a_line_with_others_is_refused():
    with pytest.raises(ValueError, match="the entry a cannot be written"):
        yamltext.with_entry(b"{a: 1, b: 2}\n", "a", 2)


@pytest.mark.parametrize("text", ["a: [x, y]\n", "a:\n  - - x\n    - y\n", "a:\n -\n  x\n - y\n"])
def test_what_has_no_line_of_its_own_is_refused(text: str):
    gone = [("a", 0, 0)] if "- - x" in text else [("a", 0)]
    with pytest.raises(ValueError, match=r"the entry on line|the entries cannot"):
        yamltext.without(text.encode(), gone)

"""YAML written anew reads as what was written, whatever the texts hold."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
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


@settings(max_examples=examples(150), deadline=None)
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

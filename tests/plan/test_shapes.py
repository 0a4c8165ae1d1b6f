"""Shapes of the data files: one for each kind, and each takes any data or says what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan.kinds import FILE_KINDS
from wikiplan.plan.model import problems
from wikiplan.plan.shapes import SHAPES


def test_every_kind_of_file_has_a_shape():
    assert {*SHAPES} == {*FILE_KINDS}


VALUES = st.recursive(
    st.sampled_from([None, True, 0, 4, "", "a", "2022-01", "Europe/Berlin", 1.5]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "key", "title", "page", "items", "teams", "zone", "time"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("kind", SHAPES)
def test_nothing_and_words_are_no_file_of_any_kind(kind: str):
    for data in (None, "words", 4, []):
        assert problems(SHAPES[kind], data), data


@given(st.sampled_from([*SHAPES.values()]), VALUES)
def test_any_data_are_taken_or_told_with_a_place_that_they_have(shape: Any, data: Any):
    for problem in problems(shape, data):
        inner = data
        for step in problem["loc"]:
            if step == "[key]" or (isinstance(inner, dict) and step not in inner):
                break
            inner = inner[step]
        assert problem["msg"]

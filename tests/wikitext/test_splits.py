"""What crosses the borders of a stretch of text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from tests.wikitext.test_structure import WIKITEXT, parsed
from wikiplan.wikitext.splits import Splits


def splits(text: str) -> Splits:
    return Splits(text, parsed(text))


@wikicases.each("structure/splits.cases")
def test_what_crosses_the_borders_of_a_stretch(case: Case):
    before, stretch, after = case.blocks["text"].replace("⟫", "⟪").split("⟪")
    text = before + stretch + after
    start, stop = len(before), len(before) + len(stretch)
    assert splits(text).split_element(start, stop) == case.blocks["crosses"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("\n| a", True),
        ("\n  ! a", True),
        ("\n|-", True),
        ("| a", False),
        ("{{x\n| a}}", False),
        ("<!--\n| a-->b", False),
        ("<nowiki>\n|</nowiki>", False),
        ("a || b", False),
    ],
)
def test_a_line_that_begins_a_table_cell(text: str, cells: bool):
    assert splits(text).has_cells(0, len(text)) == cells


@settings(max_examples=examples(100), deadline=None)
@given(WIKITEXT, st.data())
def test_what_has_no_borders_crosses_none(text, data):
    position = data.draw(st.integers(0, len(text)))
    assert splits(text).split_element(position, position) == ""

"""Variables that are numbers on a page have names in the plan, and their numbers on the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.translate import tvars

KNOWN = ("tvar_1", "tvar_12", "roses")
PIECES = st.sampled_from(["$tvar_1", "$tvar_12", "$roses", "$$", " ", "a", "5", "[["])


@pytest.mark.parametrize(
    ("on_page", "in_plan"), [("1", "tvar_1"), ("12", "tvar_12"), ("roses", "roses"), ("٣", "٣")]
)
def test_a_number_has_a_name_in_the_plan(on_page: str, in_plan: str):
    assert tvars.in_plan(on_page) == in_plan
    assert tvars.on_page(in_plan) == on_page


def test_a_name_that_only_begins_like_one_stays():
    assert tvars.on_page("tvar_one") == "tvar_one"
    assert tvars.text_on_page("$tvar_1a $$tvar_1") == "$tvar_1a $$tvar_1"


def test_money_stays_money():
    assert tvars.text_in_plan("$1 costs $100, $$1", KNOWN) == "$tvar_1 costs $100, $$1"


@given(st.lists(PIECES).map(" ".join))
def test_a_catalogs_text_comes_back_from_the_page(text: str):
    assert tvars.text_in_plan(tvars.text_on_page(text), KNOWN) == text

"""Variables whose names no plan can have, such as numbers, have others in the plan alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan import IMPLIED
from wikiplan.translate import tvars

KNOWN = ("tvar_1", "tvar_12", "roses")
PIECES = st.sampled_from(["$tvar_1", "$tvar_12", "$roses", "$$", " ", "a", "5", "[["])


@pytest.mark.parametrize(
    ("on_page", "in_plan"),
    [
        ("1", "tvar_1"),
        ("12", "tvar_12"),
        ("roses", "roses"),
        ("roses_1", "roses_1"),
        ("٣", "tvar__663_"),
        ("Roses-1", "tvar__52_oses_2d_1"),
        ("My_page", "tvar__4d_y_5f_page"),
        ("year", "tvar_year"),
        ("Grants:Ideas", "Grants:Ideas"),
    ],
)
def test_a_name_that_no_plan_can_have_has_another_there(on_page: str, in_plan: str):
    assert tvars.in_plan(on_page) == in_plan
    assert tvars.on_page(in_plan) == on_page


def test_a_name_that_only_begins_like_one_stays():
    assert tvars.on_page("tvar_one") == "tvar_one"
    assert tvars.text_on_page("$tvar_one $$tvar_1") == "$tvar_one $$tvar_1"


@given(st.text())
def test_every_name_comes_back_from_the_plan(name: str):
    assert tvars.on_page(tvars.in_plan(name)) == name or name.startswith(tvars.PREFIX)


def test_the_plans_own_facts_have_the_names_that_no_page_can_have():
    assert set(IMPLIED) == tvars.RESERVED


def test_the_longest_name_is_meant():
    known = [tvars.in_plan(name) for name in ("Roses", "Roses-1")]
    text = "See $Roses-1, $Roses and $Roses-12."
    assert tvars.text_on_page(tvars.text_in_plan(text, known)) == text
    assert tvars.text_in_plan("$Roses-1", known) == "$tvar__52_oses_2d_1"


def test_money_stays_money():
    assert tvars.text_in_plan("$1 costs $100, $$1", KNOWN) == "$tvar_1 costs $100, $$1"


@given(st.lists(PIECES).map(" ".join))
def test_a_catalogs_text_comes_back_from_the_page(text: str):
    assert tvars.text_in_plan(tvars.text_on_page(text), KNOWN) == text

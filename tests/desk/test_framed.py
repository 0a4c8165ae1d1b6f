"""A page of a wiki in a frame, and what the desk says on top of it."""

from __future__ import annotations

import re

import pytest

from wikiplan.desk import framed
from wikiplan.desk.views import Rendering
from wikiplan.value import replace

PAGE = Rendering("<p>A page.</p>", (), approximate=False, code="de")

TOLD = [
    (PAGE, ""),
    (
        replace(PAGE, told="<b>people</b>"),
        "An update would not save all of it: &lt;b&gt;people&lt;/b&gt;",
    ),
    (
        replace(PAGE, untranslated=2, outdated=0),
        "2 × not translated, 0 × outdated, older than the source text.",
    ),
    (replace(PAGE, changes=0), "Nothing changes here."),
    (
        replace(PAGE, changes=1),
        "1 change: to the first, from each to the next by ↓. Removed inserted",
    ),
]


@pytest.mark.parametrize(("shown", "told"), TOLD)
def test_what_is_to_be_known_of_a_page_stands_on_top(shown: Rendering, told: str):
    body = framed.document(shown).partition("<body")[2].partition(">")[2]
    top = body.partition('<div class="vector-body">')[0]
    assert re.sub(r"<[^<>]*>", "", top) == told


def test_a_page_has_its_language_and_side():
    assert framed.document(replace(PAGE, code="ar")).startswith(
        '<!DOCTYPE html><html lang="ar" dir="rtl">'
    )


def test_a_page_that_does_not_exist_says_so():
    assert "The page does not exist there yet." in framed.document(None)

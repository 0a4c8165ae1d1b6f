"""Translations as unit pages and as catalogs have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.translate.tvars import (
    has_outdated_mark,
    heading_marks,
    in_catalog,
    lost_marks,
    on_wiki,
)

TEXTS = st.text(alphabet="$ab= é5.!\n[]|", max_size=12) | st.text(max_size=8)


@pytest.mark.parametrize(
    ("definition", "marks"),
    [
        ("== Goals ==", "=="),
        ("===Goals===", "==="),
        ("Goals", ""),
        ("== a ==\nb", ""),
        ("a = b", ""),
    ],
)
def test_a_unit_is_a_heading_when_it_is_one_heading_line(definition: str, marks: str):
    assert heading_marks(definition) == marks


@pytest.mark.parametrize(
    ("text", "marks", "raw"),
    [
        ("Ziele", "==", "== Ziele =="),
        ("[[$page|Seite]]", "", "[[$page|Seite]]"),
        ("$$5", "", "$5"),
        ("$$5 und $$$$", "", "$5 und $$"),
        ("$$heute", "", "&#36;heute"),
        ("$$$page", "", "$$page"),
    ],
)
def test_a_catalogs_text_stands_on_the_wiki_as_translators_write_it(text, marks, raw):
    assert on_wiki(text, marks) == raw


@pytest.mark.parametrize(
    ("raw", "marks", "text"),
    [
        ("== Ziele ==", "==", "Ziele"),
        ("==Ziele==", "==", "Ziele"),
        ("!!FUZZY!!== Ziele ==", "==", "Ziele"),
        ("  Ziele\n", "", "Ziele"),
        ("$5", "", "$5"),
        ("$$page", "", "$$$page"),
        ("e\u0301", "", "é"),
    ],
)
def test_what_translators_wrote_stands_in_the_catalog_without_what_is_the_wikis(raw, marks, text):
    assert in_catalog(raw, marks) == text


def test_an_outdated_text_says_so_on_the_wiki():
    assert on_wiki("Ziele", "==", outdated=True) == "!!FUZZY!!== Ziele =="
    assert has_outdated_mark("!!FUZZY!!== Ziele ==")


def test_a_heading_that_lost_its_marks_is_an_error():
    (finding,) = lost_marks("Ziele", "==")
    assert str(finding) == (
        "the translation has lost the heading's marks == ==; put them around it, on the wiki"
    )
    assert lost_marks("!!FUZZY!!== Ziele ==", "==") == ()
    assert lost_marks("Ziele", "") == ()


@given(TEXTS, st.sampled_from(["", "==", "==="]))
def test_a_text_that_came_from_the_wiki_says_the_same_there_again(raw: str, marks: str):
    text = in_catalog(raw, marks)
    assert lost_marks(raw, marks) or not text or in_catalog(on_wiki(text, marks), marks) == text

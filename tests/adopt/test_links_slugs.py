"""Keys and names come out of the words that say something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.adopt import links
from wikiplan.plan import values


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Offer online programs and publish learning resources", "offer-online-programs-publish"),
        ("The Foundation's protocol", "foundations-protocol"),
        ("Überprüfen, über alles", "uberprufen-uber-alles"),
        ("of the", "of-the"),
        ("2022: more", "2022-more"),
        ("Łódź", "lodz"),
        ("Привет, мир", "privet-mir"),
        ("مرونة", "mrwn"),
        ("日本語", "ri-ben-yu"),
        ("—", "item"),
        ("", "item"),
        ("a" * 90, "a" * 32),
    ],
)
def test_keys(words, key):
    assert links.key_of(words) == key
    assert values.KEY.matches(key)


def test_a_key_that_is_taken_gets_a_number():
    assert links.key_of("Roses", {"roses", "roses-2"}) == "roses-3"


def test_a_name_is_whole():
    assert links.whole_key_of("Trust and Safety") == "trust-and-safety"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2021 Board elections", "board_elections"),
        ("روابط", "rwbt"),
        ("—", "link"),
        ("2022", "link"),
        ("the 2nd 3 x", "x"),
    ],
)
def test_names_of_variables_begin_with_a_letter(words, name):
    assert links.name_of(words) == name
    assert values.VARIABLE_NAME.matches(name)


@given(st.text(), st.sets(st.sampled_from(["a", "item", "link", "item-2", "link_2"])))
def test_whatever_the_words_are_keys_and_names_keep_their_grammar_and_are_free(words, taken):
    for key in (links.key_of(words, taken), links.whole_key_of(words, taken)):
        assert values.KEY.matches(key) and key not in taken
    name = links.name_of(words, taken)
    assert values.VARIABLE_NAME.matches(name) and name not in taken

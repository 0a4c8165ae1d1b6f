"""The same link is one, however it is spelt; what the plan could not write stays as it is."""

from __future__ import annotations

import pytest

from wikiplan.adopt.links import LinkNames


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("[[Special:MyLanguage/Roses|red roses]]", "[[$red_roses|red roses]]"),
        ("[[Roses]]s", "[[$roses]]s"),
        ("[[User:Ada Green|Ada]]", "[[$ada|Ada]]"),
        ("[[:Category:Roses|all]]", "[[$all|all]]"),
        ("[[2021 elections|the 2021 elections]]", "[[$elections|the 2021 elections]]"),
        ("[https://example.org/a?b=c the map]", "[$map the map]"),
        ("[[File:Rose.jpg|thumb|A rose]]", "[[File:Rose.jpg|thumb|A rose]]"),
        ("[[Category:Roses]]", "[[Category:Roses]]"),
        ("[https://example.org/|b the map]", "[https://example.org/|b the map]"),
        ("https://example.org/", "https://example.org/"),
        ("[[ Roses|x]]", "[[ Roses|x]]"),
        ("[[Roses|]]", "[[$roses|]]"),
        ("It costs $5 or $price.", "It costs $5 or $$price."),
        ("[[A]] and [[a]] and [[A|again]]", "[[$a]] and [[$a]] and [[$a|again]]"),
        ("[[Next|next]]", "[[$next_2|next]]"),
    ],
)
def test_links_become_names(text, worded):
    assert LinkNames().worded(text) == worded


def test_another_language_has_the_names_of_the_source():
    names = LinkNames()
    source = names.worded("[[Special:MyLanguage/Roses|roses]], [[Paths|paths]]")
    german = "[[special:MyLanguage/roses|Rosen]], [[Paths/de|Wege]], [[Beds|Beete]]"
    assert names.worded_like(german, source) == "[[$roses|Rosen]], [[$paths|Wege]], [[Beds|Beete]]"


def test_a_link_of_all_languages_is_another_one_than_the_page():
    names = LinkNames()
    assert names.worded("[[Special:MyLanguage/Roses|a]] [[Roses|a]]") == "[[$a|a]] [[$a_2|a]]"
    assert names.entries == {
        "a": {"page": "Roses", "title": "a", "translatable": True},
        "a_2": {"page": "Roses", "title": "a"},
    }


def test_a_translatable_page_s_names_stay_if_the_plan_can_have_them():
    names = LinkNames()
    assert names.seed("cd", "Special:MyLanguage/Roses", "roses")
    assert names.seed("cd", "Special:MyLanguage/Roses", "other roses")
    assert not names.seed("cd", "Paths", "paths")
    assert not names.seed("1", "Paths", "paths")
    assert not names.seed("year", "Paths", "paths")
    assert names.values() == {"cd": "Special:MyLanguage/Roses"}


def test_a_title_that_readers_see_is_given_once():
    names = LinkNames()
    names.worded("[[Roses|our '''roses''']]")
    assert names.entries["roses"]["title"] == "our roses"
    assert names.title("roses", "All roses")
    assert names.title("roses", "All roses")
    assert not names.title("roses", "Some roses")

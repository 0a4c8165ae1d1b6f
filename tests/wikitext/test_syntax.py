"""Headings, links, templates, redirects and exclusion, as MediaWiki and people mean them."""

from __future__ import annotations

import pytest

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.wikitext import syntax


@wikicases.each("wikitext/headings.cases")
def test_headings(case: Case):
    text = case.blocks["text"]
    found = syntax.headings(text)
    assert [f"{h.level} {h.text}" for h in found] == case.blocks["headings"].splitlines()
    assert all(text[h.start] == "=" and text[h.stop :][:1] in ("", "\n") for h in found)


@wikicases.each("wikitext/exclusion.cases")
def test_bots_are_kept_out_as_the_page_says(case: Case):
    ((expected, text),) = case.blocks.items()
    assert syntax.excludes_bot(text, "PlanBot") == (expected == "out")


@wikicases.each("wikitext/messages.cases")
def test_who_wants_no_messages_gets_none(case: Case):
    ((expected, text),) = case.blocks.items()
    assert syntax.declines_messages(text) == (expected == "none")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("#REDIRECT [[A b]]", "A b"),
        ("\n #redirect: [[:Category:A%20b#c|x]]\nmore", "Category:A b#c"),
        ("#REDIRECT [[]]", ""),
        ("x #REDIRECT [[A]]", ""),
        ("#REDIRECT A", ""),
    ],
)
def test_redirects(text, target):
    assert syntax.redirect_target(text) == target


def test_links_in_translate_tags_are_links():
    text = (
        '<translate>[[<tvar name="a">Special:MyLanguage/A</tvar>|a]] [[<tvar|b>B</>|b]]</translate>'
        "[[C#d|''c'']] <!-- [[E]] --> <nowiki>[[F]]</nowiki> [[ G & h ]]"
    )
    found = syntax.links(text)
    assert found == ("Special:MyLanguage/A", "B", "C#d", "G &amp; h")


def test_templates_with_their_arguments():
    found = syntax.templates("{{ A | b | c = {{D|e}} }} <!-- {{F}} -->")
    assert found == (
        syntax.Template("A", (("1", "b"), ("c", "{{D|e}}"))),
        syntax.Template("D", (("1", "e"),)),
    )


@pytest.mark.parametrize("text", ["{{a|" * 51, "<b>" * 51, "x" * 20_001])
def test_what_would_take_the_parser_minutes_is_refused(text):
    with pytest.raises(Refusal, match=r"is too complex .* divide it"):
        syntax.links(text)

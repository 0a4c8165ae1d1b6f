"""Values are inert wherever a template puts them."""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.render.escaping import UNSTORABLE, Wikitext, escape, formatted, joined, title, url

CASES = Path(__file__).parents[1] / "cases"
_ENTITY = re.compile(r"&#\d+;")
_STORABLE = st.text(st.characters(exclude_categories=("Cs",))).filter(
    lambda text: not UNSTORABLE.search(text.replace("\r", ""))
)


def hostile() -> list[str]:
    """Return the hostile strings; ``\\n`` and ``\\u202e`` stand for the characters themselves."""
    lines = (CASES / "escape" / "hostile.txt").read_text(encoding="utf-8").splitlines()
    return [re.sub(r"\\u([0-9a-f]{4})|\\([nr])", _character, line) for line in lines]


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else {"n": "\n", "r": "\r"}[found[2]]


def many() -> list[str]:
    """Return every hostile string in the company of others: more than 2,400."""
    sets = (
        "{}",
        "{0}{0}",
        "\n{}",
        "a{}b",
        " {}",
        "{}\n",
        "word {}",
        "{}]]",
        "|{}",
        "{{{{{}",
        "1{}1",
    )
    around = (*sets, "'{}'", "<{}>", "[{}]", "*{}", "ISBN {}")
    return [pattern.format(text) for pattern, text in product(around, hostile())]


def assert_inert(escaped: str) -> None:
    """Nothing but letters, marks, digits, single spaces within, and numeric entities."""
    plain = _ENTITY.sub("x", escaped)
    strange = {c for c in plain if c != " " and unicodedata.category(c)[0] not in "LMN"}
    assert not strange
    assert not re.search(r"\b(?:ISBN|RFC|PMID)\b", escaped)
    assert not escaped[:1].isspace()
    assert not escaped[-1:].isspace()
    assert not escaped or unicodedata.category(escaped[0])[0] != "M"


def test_there_are_as_many_hostile_strings_as_were_tried_on_a_wiki():
    assert len(set(many())) >= 2_400


def test_no_hostile_string_keeps_a_syntax_character():
    for text in many():
        assert_inert(escape(text))


def test_readers_see_a_hostile_string_as_it_is():
    for text in many():
        lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
        assert html.unescape(escape(text)) == lines


@settings(max_examples=examples(300))
@given(_STORABLE)
def test_any_text_becomes_inert_and_stays_readable(text: str):
    escaped = escape(text)
    assert_inert(escaped)
    for sign in "'>=<|":  # what it stands next to does not combine with it
        assert unicodedata.normalize("NFC", sign + str(escaped))[0] == sign


def test_letters_and_marks_of_every_script_stay_readable():
    text = "Zürich 東京 الرباط עברית हिन्दी ไทย 12 ٣٤"
    assert escape(text) == text


def test_what_is_wikitext_already_is_left_alone():
    assert escape(Wikitext("'''x'''")) == "'''x'''"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ufffe", "\ud800"])
def test_a_character_that_no_page_can_store_is_refused_by_number(character: str):
    with pytest.raises(ValueError, match=f"holds U\\+{ord(character):04X}"):
        escape(f"a{character}b")


def test_plain_text_that_meets_wikitext_is_escaped():
    markup = Wikitext("'''x'''")
    assert markup + "[" == "'''x'''&#91;"
    assert "[" + markup == "&#91;'''x'''"
    assert markup.join(["[", markup]) == "&#91;'''x''''''x'''"
    assert Wikitext("* %s %s") % ("[", markup) == "* &#91; '''x'''"
    assert Wikitext("* {}").format("[") == "* &#91;"
    assert joined(["[", markup, 5]) == "&#91;'''x'''5"
    assert isinstance(joined(["[", "]"]), str)
    assert not isinstance(joined(["[", "]"]), Wikitext)


def test_formatted_facts_stay_readable_in_the_source():
    for text in (
        "2020–2021",
        "January 15, 2022",
        "18:00 UTC+5:30",
        "يناير/كانون الثاني 2022",
        "1 234,5",
    ):
        assert formatted(text) == text


@pytest.mark.parametrize(
    "text", ["http://x", "[[x]]", "----", "* x", "a ''b''", "{{x}}", "a//b", ": x"]
)
def test_formatted_facts_are_inert_even_when_an_override_is_hostile(text: str):
    assert not re.search(r"//|\[\[|\{\{|''|^[*:#;=-]|:/", formatted(text))


LINK_TARGETS = [
    ("Special:MyLanguage/Boats (team)", "Special:MyLanguage/Boats (team)"),
    ("User:O'Hara", "User:O&#39;Hara"),
    ("Page#Part 1", "Page#Part 1"),
    ("100% pure", "100&#37; pure"),
    ("a]]b|c}}d\ne", "a&#93;&#93;b&#124;c&#125;&#125;d&#10;e"),
    ("a~~~~ __TOC__", "a&#126;&#126;&#126;&#126; &#95;_TOC&#95;_"),
    ("Category:Boats", ":Category:Boats"),
    ("file:Boat.png", ":file:Boat.png"),
    ("de:Boot", ":de:Boot"),
    ("Meta:Babylon", "Meta:Babylon"),
]


@pytest.mark.parametrize(("target", "wikitext"), LINK_TARGETS)
def test_a_title_cannot_leave_its_link(target: str, wikitext: str):
    assert title(target) == wikitext


URLS = [
    ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
    ("https://ar.wikipedia.org/wiki/ميناء", "https://ar.wikipedia.org/wiki/ميناء"),
    ("https://example.org/%41%zz", "https://example.org/%41%25zz"),
    ("https://example.org/a b]c|d}}e'f\ng", "https://example.org/a%20b%5Dc%7Cd%7D%7De%27f%0Ag"),
    ("https://example.org/?a=1&lt;=2", "https://example.org/?a=1&amp;lt;=2"),
    ("https://example.org/__TOC__\u202e–", "https://example.org/%5F_TOC%5F_%E2%80%AE%E2%80%93"),
]


@pytest.mark.parametrize(("target", "wikitext"), URLS)
def test_a_url_cannot_leave_its_link(target: str, wikitext: str):
    assert url(target) == wikitext


def test_no_hostile_string_leaves_a_link():
    for text in many():
        assert not re.search(r"[\[\]|{}<>~\n]|''|__", title(text))
        assert not re.search(r"[\[\]|{}<>~'\s]|__", url(text))

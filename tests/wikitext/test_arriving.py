"""What signs of a text do in its place; ``tests/runs/test_arriving.py`` asks a real wiki."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.spans import Replacement, splice
from wikiplan.wikitext import arriving
from wikiplan.wikitext.textplaces import Line, Link, TextPlace

ARGUMENT = TextPlace(call="Box")
CELL = TextPlace(line=Line.CELL, cell=True, bare=True)
HEADER = TextPlace(line=Line.CELL, cell=True, header=True, bare=True)
ATTRIBUTE = TextPlace(quote='"')

WRITTEN = [
    ("one | two", TextPlace(), "one | two"),
    ("one | two", ARGUMENT, "one &#124; two"),
    ("[[one|two]] {{a|b}}", ARGUMENT, "[[one|two]] {{a|b}}"),
    ("<nowiki>|</nowiki> |", ARGUMENT, "<nowiki>|</nowiki> &#124;"),
    ("one || [[a|b]]", CELL, "one &#124;&#124; [[a|b]]"),
    ("one {{!}} two", CELL, "one &#124; two"),
    ("one !! two", HEADER, "one &#33;! two"),
    ("one !! two", CELL, "one !! two"),
    ("left", TextPlace(link=Link.FILE), "&#108;eft"),
    ("at 16:00, http://a.org", TextPlace(line=Line.TERM), "at 16&#58;00, http://a.org"),
    ("one\ntwo", TextPlace(line=Line.ITEM), "one two"),
    ('say "one" <bdi dir="rtl">two</bdi>', ATTRIBUTE, "say &#34;one&#34; two"),
    ("a = b", TextPlace(call="#switch"), "a {{=}} b"),
    ("a = b", TextPlace(call="#if"), "a = b"),
    ("one ] two", TextPlace(link=Link.URL), "one &#93; two"),
    ("|one", TextPlace(begins_line=True), "&#124;one"),
]


@pytest.mark.parametrize(("text", "place", "written"), WRITTEN)
def test_signs_that_would_act_are_written_otherwise(text: str, place: TextPlace, written: str):
    assert protected(text, place) == written


def protected(text: str, place: TextPlace) -> str:
    found = [act for act in arriving.acts(text, place) if act.instead is not None]
    return splice(text, [Replacement(act.start, act.stop, act.instead or "") for act in found])


NAMED = [
    ("[[one]]", TextPlace(link=Link.PAGE), "begins a link, and none can stand in another"),
    ("'''one'''", ATTRIBUTE, "is no markup in an attribute"),
    ("one\n* two", TextPlace(line=Line.HEADING), "ends a heading"),
    ("{|\n|}", ARGUMENT, "begins a table, whose bars would part it"),
    ("one#two", TextPlace(link=Link.TARGET), "can stand in no title"),
]


@pytest.mark.parametrize(("text", "place", "does"), NAMED)
def test_what_cannot_be_written_otherwise_is_told(text: str, place: TextPlace, does: str):
    assert arriving.acts(text, place)[0].does == does
    assert arriving.acts(text, place)[0].instead is None


def test_what_touches_its_neighbours_is_kept_apart():
    assert arriving.around("-5", TextPlace(behind_mark=True)) == (" ", "")
    assert arriving.around("'''a'''", TextPlace(quotes_before=True)) == ("<nowiki/>", "")
    assert arriving.around("'''a'''", TextPlace(quotes_after=True)) == ("", "<nowiki/>")
    assert arriving.around("a", TextPlace(quotes_before=True, behind_mark=True)) == ("", "")


def test_an_equals_sign_of_a_link_or_call_names_no_argument():
    assert arriving.has_equals("a = b")
    assert arriving.has_equals("[https://example.org/?a=b c]")
    assert not arriving.has_equals("[[a|b = c]] {{d|e=f}} <nowiki>=</nowiki>")


PLACES = st.sampled_from([ARGUMENT, CELL, HEADER, ATTRIBUTE, *(TextPlace(link=k) for k in Link)])
TEXTS = st.lists(st.sampled_from("a | || = ! !! [[ ]] {{ }} [ ] ' \" < > : \n <b> </b>".split(" ")))


@settings(max_examples=examples(2000), deadline=None)
@given(TEXTS.map("".join), PLACES)
def test_what_was_written_otherwise_does_nothing_more(text: str, place: TextPlace):
    again = arriving.acts(protected(text, place), place)
    before = {act.does for act in arriving.acts(text, place) if act.instead is None}
    assert {act.does for act in again} <= before

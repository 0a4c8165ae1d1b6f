"""What changed between two renderings is marked, and each of both can be read out of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from wikiplan.report import htmldiff, webpage

INS, DEL = '<ins class="wikiplan-inserted">', '<del class="wikiplan-removed">'


def without_links(text: str) -> str:
    return re.sub(r'<a class="wikiplan-change" [^>]*></a>', "", text)


CASES = [
    ("<p>One two.</p>", "<p>One two.</p>", 0, "<p>One two.</p>"),
    (
        "<p>Due in <b>May</b>.</p>",
        "<p>Due in <b>June</b>.</p>",
        1,
        f"<p>Due in {DEL}<b>May</b></del>{INS}<b>June</b></ins>.</p>",
    ),
    (
        "<ul><li>One</li><li>Two</li></ul>",
        "<ul><li>Two</li><li>Three</li></ul>",
        2,
        f'<ul><li class="wikiplan-removed">{DEL}One</del></li><li>Two</li>'
        f'<li class="wikiplan-inserted">{INS}Three</ins></li></ul>',
    ),
    (
        '<table><tbody><tr><td class="a">1</td><td>2</td></tr></tbody></table>',
        "<table><tbody><tr><td>2</td></tr></tbody></table>",
        1,
        f'<table><tbody><tr><td class="a wikiplan-removed">{DEL}1</del></td><td>2</td></tr>'
        "</tbody></table>",
    ),
    (
        '<h2 id="a">One</h2><p>Text</p>',
        '<h2 id="b">One</h2><div><p>Text</p></div>',
        1,
        f'<h2 id="b">One</h2><p class="wikiplan-removed">{DEL}Text</del></p>'
        f'<div class="wikiplan-inserted"><p>{INS}Text</ins></p></div>',
    ),
    (
        '<p><a title="A">here</a></p>',
        '<p><a title="B">here</a></p>',
        1,
        f'<p>{DEL}<a title="A">here</a></del>{INS}<a title="B">here</a></ins></p>',
    ),
    ("<p>a &amp; b</p>", "<p>a &lt; b</p>", 1, f"<p>a {DEL}&amp;</del>{INS}&lt;</ins> b</p>"),
    (
        "<p>one two three</p>",
        "<p>a b three</p>",
        1,
        f"<p>{DEL}one two</del>{INS}a b</ins> three</p>",
    ),
    ("<p>a  b</p>", "<p>a b</p>", 0, "<p>a b</p>"),
    ("", "<p>New</p>", 1, f'<p class="wikiplan-inserted">{INS}New</ins></p>'),
    ("<p>Old</p>", "", 1, f'<p class="wikiplan-removed">{DEL}Old</del></p>'),
    (
        "<p>x<math><mi>a</mi></math></p>",
        "<p>x<math><mi>b</mi></math></p>",
        1,
        f"<p>x{DEL}<math><mi>a</mi></math></del>{INS}<math><mi>b</mi></math></ins></p>",
    ),
    ("<p>日本語</p>", "<p>日本人</p>", 1, f"<p>日本{DEL}語</del>{INS}人</ins></p>"),
]


@pytest.mark.parametrize(("before", "after", "count", "shown"), CASES)
def test_what_changed_is_marked(before: str, after: str, count: int, shown: str):
    found = htmldiff.marked(before, after)
    assert (without_links(found.html), found.count) == (shown, count)


def test_each_change_leads_to_the_next_and_the_last_one_to_the_top():
    found = htmldiff.marked("<p>a b c d e</p>", "<p>A b C d E</p>")
    links = re.findall(r'<a class="wikiplan-change" id="([^"]*)" href="#([^"]*)"', found.html)
    assert links == [
        ("wikiplan-change-1", "wikiplan-change-2"),
        ("wikiplan-change-2", "wikiplan-change-3"),
        ("wikiplan-change-3", "wikiplan-changes"),
    ]


def test_an_id_stands_once():
    before = '<p id="a">one <b id="b">two three</b></p><p id="c">gone with the wind</p>'
    found = htmldiff.marked(before, '<p id="a">one <b id="b">two more three</b></p>')
    ids = re.findall(r' id="([^"]*)"', found.html)
    assert sorted(ids) == ["a", "b", "wikiplan-change-1", "wikiplan-change-2"]


WORDS = st.lists(
    st.sampled_from(["one", "two", "&amp;", "&lt;b&gt;", "語", "שלום", "$"]), max_size=5
)
LINES = st.recursive(
    WORDS.map(" ".join),
    lambda inner: st.one_of(
        st.builds("<b>{}</b>".format, inner),
        st.builds('<a href="{}">{}</a>'.format, st.sampled_from("xy"), inner),
        st.builds('<span id="s" lang="en">{}</span>{}'.format, inner, inner),
        st.builds("{}<br>{}".format, inner, inner),
        st.just('<img alt="A &amp; B" src="x">'),
        st.just("<math><mi>x</mi></math>"),
    ),
    max_leaves=4,
)
PAGES = st.recursive(
    LINES.map("<p>{}</p>".format),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(st.one_of(inner, LINES), min_size=1, max_size=4).map(
            lambda each: "<ul>" + "".join(map("<li>{}</li>".format, each)) + "</ul>"
        ),
        st.lists(st.one_of(inner, LINES), min_size=1, max_size=3).map(
            lambda each: "<table><tr>" + "".join(map("<td>{}</td>".format, each)) + "</tr></table>"
        ),
        st.builds('<div class="a" id="d">{}</div>'.format, inner),
        st.builds("<span>{}</span>".format, inner),
        st.builds("{}text<hr>".format, inner),
    ),
    max_leaves=6,
)


def words(text: str, without: str = "") -> str:
    """Return the words that readers see, when what has a class is dropped."""
    whole = html.fragment_fromstring(text, create_parent="div")
    for each in whole.xpath(f'//*[self::ins or self::del][@class="{without}"]'):
        each.drop_tree()
    return re.sub(r"\s", "", whole.text_content())


def is_well_nested(text: str) -> bool:
    opened: list[str] = []
    for end, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", text):
        if end:
            if not opened or opened.pop() != name:
                return False
        elif name not in webpage.VOID:
            opened.append(name)
    return not opened


@given(PAGES, PAGES)
def test_both_pages_can_be_read_out_of_what_is_marked(one: str, other: str):
    before, after = webpage.harmless_html(one).html, webpage.harmless_html(other).html
    found = htmldiff.marked(before, after)
    assert words(found.html, without=htmldiff.REMOVED) == words(after)
    assert words(found.html, without=htmldiff.INSERTED) == words(before)
    assert is_well_nested(found.html)
    assert found.html.count('class="wikiplan-change"') == found.count


@given(PAGES)
def test_of_two_pages_that_are_the_same_nothing_is_marked(page: str):
    clean = webpage.harmless_html(page).html
    found = htmldiff.marked(clean, clean)
    assert found.count == 0 and words(found.html) == words(clean)


@pytest.mark.parametrize("element", ["div", "b", "li"])
def test_what_stands_in_one_another_too_deep_is_one_word(element: str):
    def nested(word: str) -> str:
        return f"<{element}>" * 400 + word + f"</{element}>" * 400

    found = htmldiff.marked(nested("one"), nested("two"))
    assert found.count == 1 and is_well_nested(found.html)
    both = re.sub(r"<(?!/?(ins|del)\b)[^<>]*>", "", found.html)
    assert both == f"{DEL}one</del>{INS}two</ins>"


def test_words_that_repeat_without_end_are_compared_as_a_whole():
    before, after = "<p>" + "a b " * 1500 + "</p>", "<p>" + "b b a " * 1500 + "</p>"
    assert htmldiff.marked(before, after).count == 1

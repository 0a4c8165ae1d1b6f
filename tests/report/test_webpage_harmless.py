"""HTML of a wiki made harmless: nothing in it runs, loads or leads away, and it still reads."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.browser import Browser
from wikiplan.report import webpage

SHEETS = sorted((Path(__file__).parents[1] / "cases" / "hostilecss").glob("*.css"))
PIECES = (
    "<script>", "</script>", "<style>", "</style>", "<img src=//evil.example/x alt=", "onerror=x()",
    "<a href='javascript:x()'", ">", "<div style='background:url(//evil.example)'>", "</div>", '"',
    "<svg onload=x()>", "<iframe src=//evil.example>", "text", "&lt;script&gt;", "<!--", "-->", "'",
    "<b onclick=x()>", "url(", "@import '//evil.example';", "<link rel=stylesheet href=//e>", "</",
)  # fmt: skip
PAGE = "<!doctype html><title>x</title><style>{}</style><a href='#x'>A</a> <b>B</b>"
SETTLED = 100
"""Milliseconds in which a browser asks for what a page needs."""
CASES = {
    "a link shows its target as its title": (
        '<a href="/wiki/Plan" class="new">plan</a> <a href="//example.org" title="t">x</a>',
        '<a class="new" title="/wiki/Plan">plan</a> <a title="t">x</a>',
    ),
    "a picture is a box with its words": (
        '<img src="/x.png" alt="A &amp; B" width="120" height="80" srcset="/y.png 2x">',
        '<span class="wikiplan-picture" role="img" aria-label="A &amp; B"'
        ' style="width:120px;height:80px">A &amp; B</span>',
    ),
    "the words of a picture stand as they are": (
        "<img alt='\"A\" &lt; B'>",
        '<span class="wikiplan-picture" role="img" aria-label="&quot;A&quot; &lt; B">'
        '"A" &lt; B</span>',
    ),
    "a script goes with its text": ("a<script>alert(1)</script>b", "ab"),
    "what the wiki would not make goes, its content stays": (
        "<form action=/x><button onclick=x()>Go</button></form>",
        "Go",
    ),
    "languages and directions stay": (
        '<div lang="ar" dir="rtl" class="mw-content-rtl">א</div>',
        '<div lang="ar" dir="rtl" class="mw-content-rtl">א</div>',
    ),
    "an empty line at the beginning of a preformatted text stays": (
        "<pre>\n\nx</pre>",
        "<pre>\n\nx</pre>",
    ),
    "formulas stay": (
        "<math><mrow><mi>x</mi><mo>&lt;</mo><msup><mi>a</mi><mn>2</mn></msup></mrow></math>",
        "<math><mrow><mi>x</mi><mo>&lt;</mo><msup><mi>a</mi><mn>2</mn></msup></mrow></math>",
    ),
    "an attribute that reads like a tag is none": (
        '<b title="<img alt=x>">b</b>',
        '<b title="&lt;img alt=x&gt;">b</b>',
    ),
    "a style loads nothing": (
        '<p style="color:red;background:url(http://e.example/x) no-repeat">x</p>',
        '<p style="color:red;background:none no-repeat">x</p>',
    ),
}


@pytest.mark.parametrize(("given", "wanted"), CASES.values(), ids=CASES)
def test_html_becomes_harmless(given: str, wanted: str):
    assert webpage.harmless_html(given) == webpage.Harmless(wanted, ())


def test_styles_of_templates_are_taken_out_of_the_html():
    found = webpage.harmless_html(
        '<div><style data-mw="x">.a { color: red; }</style><p class="a">x</p></div>'
    )
    assert found == webpage.Harmless('<div><p class="a">x</p></div>', (".a { color: red; }",))


def test_css_loads_nothing_and_cannot_end_its_element():
    text = (
        "@import url(//e.example/a.css);@font-face { src: url(x) } li { list-style-image: "
        "url( \"data:image/svg+xml,<svg>)</svg>\" ) } a::after { content: '</style>' } /* c */"
    )
    assert (
        webpage.harmless_css(text)
        == 'li { list-style-image: none } a::after { content: "<\\/style>" }'
    )


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_what_loads_in_a_hostile_stylesheet_goes_and_the_rest_stays(sheet: Path):
    harmless = webpage.harmless_css(sheet.read_text())
    assert harmless + "\n" == sheet.with_suffix(".harmless").read_text()
    assert webpage.harmless_css(harmless) == harmless


@pytest.mark.browser
@pytest.mark.sampled(4)
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_a_hostile_stylesheet_loads_in_a_browser_until_it_is_cleaned(
    sheet: Path, browser: Browser, tmp_path: Path
):
    css = sheet.read_text()
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(css))
    with pytest.raises(AssertionError, match=r"https://e\.example/"), browser.page(page) as opened:
        opened.wait_for_timeout(SETTLED)
    page.write_text(PAGE.format(webpage.harmless_css(css)))
    with browser.page(page) as opened:
        opened.wait_for_timeout(SETTLED)


def test_a_stylesheet_of_brackets_in_brackets_is_left_out():
    assert webpage.harmless_css("a { color: " + "(" * 10_000) == ""


def deep(inner: str, tags: str = "<div>", depth: int = 100_000) -> str:
    return f"{tags * depth}{inner}{tags.replace('<', '</') * depth}"


@pytest.mark.parametrize(
    "tags", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<SPAN>", "<math>"]
)
def test_elements_deeper_than_anybody_writes_leave_their_words_within_a_second(tags: str):
    hostile = "a &amp; <script>alert(1)</script><style>b{}</style><i title='<'>c</i> &lt;d>"
    began = time.process_time()
    clean = webpage.harmless_html(deep(hostile, tags))
    assert time.process_time() - began < 1
    assert " ".join(clean.html.split()) == "<p> a &amp; alert(1) b{} c &lt;d&gt; </p>"
    assert clean.styles == ()


def test_elements_as_deep_as_a_page_may_have_them_stay():
    text = deep("x", depth=webpage.MOST_DEPTH)
    assert webpage.harmless_html(text).html == text
    assert webpage.harmless_html("<br>" * 999).html == "<br>" * 999


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_nothing_that_runs_or_loads_is_left(text: str):
    found = webpage.harmless_html(text)
    tags = " ".join(re.findall(r"<[^>]*>", found.html))
    tags = re.sub(r'"[^"]*"', '""', tags)
    assert not re.search(r"<(script|style|img|svg|iframe|link)|\b(on\w+|href|src)=", tags)
    assert not any("url(" in css or "</" in css for css in found.styles)
    assert webpage.harmless_html(found.html).html == found.html

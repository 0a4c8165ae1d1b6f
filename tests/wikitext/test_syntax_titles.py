from __future__ import annotations

import pytest

from wikiplan.wikitext.syntax import check_target, check_title, check_url, normal_title, urls_in


@pytest.mark.parametrize(
    "title",
    [
        "Roses",
        "User:Ada Example (garden)",
        "Priorities 2021–2022",
        "Gardens and Paths/ar",
        "ورود",
        "100% roses",
        "Roses & paths",
        "...and paths",
        "a" * 255,
    ],
)
def test_a_title_that_mediawiki_takes(title: str) -> None:
    check_title(title)


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("", "is empty; write the page's title"),
        ("_", "is empty; write the page's title"),
        ("a|b", "holds “|”, which no title can; write the page's title"),
        ("a<b", "holds “<”, which no title can; write the page's title"),
        ("a{b", "holds “{”, which no title can; write the page's title"),
        ("a\tb", "holds U+0009, which no title can; write the page's title"),
        ("a\ufffdb", "holds “\ufffd”, which no title can; write the page's title"),
        ("a%20b", "holds “%20”, which no title can; write the page's title"),
        ("a&nbsp;b", "holds “&nbsp;”, which no title can; write the page's title"),
        ("AT&T;", "holds “&T;”, which no title can; write the page's title"),
        ("a~~~b", "holds “~~~”, which no title can; write the page's title"),
        ("a\u200eb", "holds the invisible U+200E; type the title by hand"),
        ("a  b", "has a space too many; remove it"),
        ("a ", "has a space too many; remove it"),
        ("..", "has a part that is only dots; write the whole title"),
        ("a/./b", "has a part that is only dots; write the whole title"),
        ("a/..", "has a part that is only dots; write the whole title"),
        ("e\u0301", "is not in Unicode's normal form NFC; type it anew"),
        ("é" * 128, "is 256 bytes long; titles end at 255: shorten it"),
        ("a#b", "holds “#”, which names a part of a page; write the page's title alone"),
        (":a", "begins with “:”; write the page's title without it"),
    ],
)
def test_a_title_that_mediawiki_refuses_or_changes(title: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_title(title)
    assert str(caught.value) == message


@pytest.mark.parametrize("target", ["Roses#Red", ":Category:Roses", "Special:MyLanguage/Roses"])
def test_a_link_may_name_more_than_a_page(target: str) -> None:
    check_target(target)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c&d=%20#e", "ircs://irc.example.org/roses", "mailto:ada@example.org"],
)
def test_a_url_that_wikitext_links(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "//example.org", "https://", "javascript:alert(1)", "https://a b", "http://[x"],
)  # fmt: skip
def test_a_url_that_wikitext_does_not_link(url: str) -> None:
    with pytest.raises(ValueError, match="; write"):
        check_url(url)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("gardens_and paths", "Gardens and paths"),
        ("user:ada", "User:Ada"),
        ("élan", "Élan"),
        ("Goal: growth", "Goal: growth"),
    ],
)
def test_titles_are_compared_as_mediawiki_stores_them(typed: str, stored: str) -> None:
    assert normal_title(typed) == stored


def test_the_web_addresses_in_a_text_are_found_wherever_they_stand() -> None:
    text = """[https://a.example/?x=1&amp;y=2 words] HTTP://b.example/c//d
    {{Link|url=https://c.example|//d.example}} [//e.example] <tvar name="f">https://f.example</tvar>
    a // b, mailto:g@example.org, [[h//i]] <ref>https://j.example/ü</ref>"""
    assert urls_in(text) == {
        "https://a.example/?x=1&y=2",
        "HTTP://b.example/c//d",
        "https://c.example",
        "//d.example",
        "//e.example",
        "https://f.example",
        "//i",
        "https://j.example/ü",
    }


def test_web_addresses_are_found_in_a_time_that_grows_with_the_text_only() -> None:
    assert urls_in("http:/" * 300_000 + "https:" * 300_000 + "//" * 300_000) != frozenset()

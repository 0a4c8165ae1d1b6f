"""Texts that readers cannot tell apart have the same lines."""

from __future__ import annotations

import pytest

from wikiplan.adopt.newplan import visible_lines

SAME = [
    ("a\nb", "a b"),
    ("*a", "* a"),
    ("==a==", "== a =="),
    ("a <bdi>b</bdi>", "a b"),
    ('<div lang="en">\na\n</div>', "a"),
    ("a&nbsp;b", "a\u00a0b"),
    ("[[Roses_a|b]]", "[[Roses a|b]]"),
    ('<translate>\n<!--T:1-->\n[[<tvar name="x">A</tvar>|b]]\n</translate>', "[[A|b]]"),
    ("5 &#8364;", "5 €"),
    ("'''a''' {{b}}", "a {{b}}"),
    ("&amp; {{b}}", "& {{b}}"),
]
OTHER = [
    ("a\n\nb", "a b"),
    ("* a", "** a"),
    ("[[A|b]]", "[[B|b]]"),
    ("[[Special:MyLanguage/A|b]]", "[[A|b]]"),
    ("== a ==", "=== a ==="),
    ("2020–2021", "2020-2021"),
    ("a {{b|c}} d", "a &#123;&#123;b&#124;c&#125;&#125; d"),
    ("a {{b|{{c}}}}", "a {{b|&#123;&#123;c&#125;&#125;}}"),
    ("{{a}} {{b}}", "{{a}} &#123;&#123;b}}"),
    ("a {{b}} c", "{{b}} a c"),
    ("see https://example.org/", "see"),
    ("see https://example.org/", "see https&#58;//example.org/"),
    ("a <code>b</code>", "a &lt;code&gt;b&lt;/code&gt;"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_the_same(one, two):
    assert visible_lines(one) == visible_lines(two)


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_another(one, two):
    assert visible_lines(one) != visible_lines(two)

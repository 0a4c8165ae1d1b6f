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
]
OTHER = [
    ("a\n\nb", "a b"),
    ("* a", "** a"),
    ("[[A|b]]", "[[B|b]]"),
    ("[[Special:MyLanguage/A|b]]", "[[A|b]]"),
    ("== a ==", "=== a ==="),
    ("2020–2021", "2020-2021"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_the_same(one, two):
    assert visible_lines(one) == visible_lines(two)


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_another(one, two):
    assert visible_lines(one) != visible_lines(two)

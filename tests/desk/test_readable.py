"""What pandoc is given of a wikitext: what it would refuse or drop is spelled otherwise."""

from __future__ import annotations

from contextlib import suppress

import pytest

from wikiplan.desk.approximation import MOST_CHARACTERS
from wikiplan.desk.readable import readable
from wikiplan.errors import Refusal

NOTE = "<sup>[[#|<nowiki>[{}]</nowiki>]]</sup>"
READ = [
    ("a {{Box|{{Other}}|[[b]]}} c", 'a <span class="wikiplan-call">Box</span> c'),
    ("a<!-- {{Box}} --> b <templatestyles src=x /> __NOTOC__[[Category:X]]", "a b  "),
    ("<nowiki>{{Box}} __TOC__</nowiki>", "<nowiki>{{Box}} __TOC__</nowiki>"),
    ("<maplink zoom=1>{}</maplink>", '<span class="wikiplan-call">&lt;maplink&gt;</span>'),
    ("[[Plan]]ların [[:Category:X]]", "[[Plan]]lar<nowiki/>ın [[Category:X]]"),
    ("[https://a.example/] [//b.example ] [//c c]", "[https://a.example/ &#91;1&#93;] "
     "[//b.example &#91;2&#93;] [//c c]"),
    ("a</ref> b", "a&lt;/ref> b"),
    ("a<includeonly>b</includeonly><noinclude>c</noinclude>", "ac"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given"), READ)
def test_it_says_the_same(text: str, given: str):
    assert readable(text) == f"{given}\n"


def test_notes_are_numbered_by_group_and_listed_where_the_page_says_so():
    text = (
        "a<ref>One</ref><ref name=x />b<ref group=n>Other {{Cite}}</ref>\n<references />\n"
        "<ref name='x'>Two</ref><references group=n><ref group=n>Three</ref></references>"
    )
    cite = '<span class="wikiplan-call">Cite</span>'
    assert readable(text) == (
        f"a{NOTE.format(1)}{NOTE.format(2)}b{NOTE.format('n 1')}\n"
        "<ol><li>One</li><li></li></ol>\n"
        f"{NOTE.format(2)}<ol><li>Other {cite}</li><li>Three</li></ol>\n<ol><li>Two</li></ol>"
    )


PIECES = [
    "[[",
    "[[File:a|",
    "{|\n",
    "| ",
    "a=",
    "<ref>",
    "<ref name=",
    "__A",
    "[//",
    "]]",
    "'",
    ": ",
]


@pytest.mark.heavy
@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_of_one_piece_is_read_or_refused_before_long(piece: str):
    with suppress(Refusal):
        assert readable((piece * MOST_CHARACTERS)[:MOST_CHARACTERS])
        assert readable(f"{piece * 4_000}{']]' * 4_000}")

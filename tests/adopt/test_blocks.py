"""A section's wikitext is cut into blocks, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.adopt.blocks import blocks_of


def cut(text: str) -> list[str]:
    """Return the blocks in short: their kind's first letter, their marks and their text."""
    return [f"{block.kind[0]}{block.marks} {block.text}" for block in blocks_of(text)]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("== A ==\nb\nc\n\nd", ["h== A", "p b\nc", "p d"]),
        ("* a\n** b\n#c\n:: d", ["i* a", "i** b", "i# c", "i:: d"]),
        ("a\n* b\nc", ["p a", "i* b", "p c"]),
        ("{|\n| a\n\n| b\n|}\nc", ["o {|\n| a\n\n| b\n|}", "p c"]),
        ("{{box|\n1=a\n}}\nb", ["o {{box|\n1=a\n}}", "p b"]),
        ("* a {{b|\nc}}\n* d", ["o * a {{b|\nc}}", "i* d"]),
        ("<div>\n\na\n</div>\nb", ["o <div>\n\na\n</div>", "p b"]),
        ("<div>\na", ["o <div>", "p a"]),
        ("a <!-- b -->", ["o a <!-- b -->"]),
        ("[[Category:A]]\n[[File:B.jpg]]", ["o [[Category:A]]", "o [[File:B.jpg]]"]),
        ("; a : b\n pre\n----", ["o ; a : b", "o  pre", "o ----"]),
        ("== A == <!-- b -->", ["o == A == <!-- b -->"]),
        ("a ~~~~", ["o a ~~~~"]),
        ("'''a''' b\n''c'' d", ["p '''a''' b\n''c'' d"]),
    ],
)  # fmt: skip
def test_a_section_is_cut_where_wikitext_begins_something(text, blocks):
    assert cut(text) == blocks


def test_a_block_knows_whether_a_blank_line_stands_before_it():
    found = [block.apart for block in blocks_of("== A ==\nb\n* c\n\n* d\n* e")]
    assert found == [True, False, False, True, False]


@settings(max_examples=examples(150))
@given(st.text("ab *#=:{}|[]<div>'\n", max_size=60))
def test_all_that_is_no_blank_line_is_in_a_block(text):
    blocks = blocks_of(text)
    rest = list(text)
    for block in blocks:
        rest[block.start : block.stop] = ["\n"] * (block.stop - block.start)
        assert block.text in text[block.start : block.stop]
    assert not "".join(rest).strip()
    assert [b.start for b in blocks] == sorted(b.start for b in blocks)

"""Blocks of two languages find each other by their shape and their links, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.adopt.blocks import Alignment, align, blocks_of, shape


def aligned(source: str, other: str) -> tuple[Alignment, list[str], list[str]]:
    ours, theirs = blocks_of(source), blocks_of(other)
    words = [[block.text.split()[0] for block in blocks] for blocks in (ours, theirs)]
    return align(ours, theirs), *words


def pairs_of(source: str, other: str) -> list[tuple[str, str]]:
    found, ours, theirs = aligned(source, other)
    return [(ours[at], theirs[there]) for at, there in sorted(found.pairs.items())]


def doubts_of(source: str, other: str) -> list[tuple[list[str], list[str]]]:
    found, ours, theirs = aligned(source, other)
    return [([ours[n] for n in a], [theirs[n] for n in b]) for a, b in found.doubtful]


def test_the_same_shape_is_paired_in_order():
    assert pairs_of("A\n\n* b\n* c", "X\n\n* y\n* z") == [("A", "X"), ("b", "y"), ("c", "z")]


def test_a_link_pairs_what_changed_places_and_only_that():
    source, other = "* one [[A]]\n* two", "* deux\n* un [[A]]"
    assert pairs_of(source, other) == [("one", "un")]
    assert doubts_of(source, other) == [([], ["deux"]), (["two"], [])]


def test_an_item_that_is_missing_leaves_its_neighbours_in_doubt():
    source = "== A ==\n\n* b\n* c\n\n== D ==\n\ne"
    other = "== X ==\n\n* y\n\n== Z ==\n\nw"
    assert pairs_of(source, other) == [("A", "X"), ("D", "Z"), ("e", "w")]
    assert doubts_of(source, other) == [(["b", "c"], ["y"])]


def test_lists_below_an_item_have_their_doubts_for_themselves():
    source, other = "* a\n** b\n** c\n* d\n** e", "* x\n** y\n* z\n** w"
    assert pairs_of(source, other) == [("a", "x"), ("d", "z"), ("e", "w")]
    assert doubts_of(source, other) == [(["b", "c"], ["y"])]


def test_other_headings_pair_nothing():
    source, other = "== A ==\n\nb", "== X ==\n\n== Y ==\n\nz"
    assert pairs_of(source, other) == []
    assert doubts_of(source, other) == [(["A", "b"], ["X", "Y", "z"])]


def test_a_subpage_of_a_language_is_the_same_link():
    source, other = "* a [[Special:MyLanguage/Roses]]\n* b", "* x [[Roses/de]]\n* y\n* z"
    assert pairs_of(source, other) == [("a", "x")]
    assert doubts_of(source, other) == [(["b"], ["y", "z"])]


def test_links_that_contradict_are_not_paired():
    source, other = "* a [[A]]\n* b [[B]]", "* x [[X]]\n* y [[B]]"
    assert pairs_of(source, other) == [("b", "y")]
    assert doubts_of(source, other) == [(["a"], ["x"])]


LINES = st.lists(
    st.sampled_from(["* a", "** b", "** [[C]]", "* [[D]] d", "e", "== f ==", "[[G]]"]), max_size=8
)


@settings(max_examples=examples(60))
@given(LINES, LINES)
def test_pairs_have_the_same_shape_and_nothing_is_forgotten(ours, theirs):
    source, other = blocks_of("\n\n".join(ours)), blocks_of("\n\n".join(theirs))
    found = align(source, other)
    assert all(shape(source[at]) == shape(other[there]) for at, there in found.pairs.items())
    doubtful = [set().union(*(set(part[side]) for part in found.doubtful)) for side in (0, 1)]
    assert doubtful[0] | found.pairs.keys() == set(range(len(source)))
    assert doubtful[1] | set(found.pairs.values()) == set(range(len(other)))


@pytest.mark.parametrize("text", ["a\n\n* b [[C]]\n** d\n\n== e ==", "== a ==\n\nb\n\n# c"])
def test_a_text_is_paired_with_itself_to_the_end(text):
    blocks = blocks_of(text)
    assert align(blocks, blocks) == Alignment({n: n for n in range(len(blocks))}, ())

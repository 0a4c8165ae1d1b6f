"""Replacing stretches of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wikiplan.spans import Replacement, moved, splice


@st.composite
def spliced(draw: st.DrawFn) -> tuple[str, list[Replacement]]:
    """Return a text and replacements that do not overlap, in any order."""
    text = draw(st.text("ab\n", max_size=20))
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    new = st.text("XY", max_size=3)
    found = [Replacement(*pair, draw(new)) for pair in zip(ends[::2], ends[1::2], strict=False)]
    return text, draw(st.permutations(found))


@given(spliced())
def test_what_was_spliced_in_can_be_taken_out_again_to_the_byte(pair):
    text, replacements = pair
    after = splice(text, replacements)
    back, by = [], 0
    for start, stop, new in sorted(replacements, key=lambda each: each[:2]):
        back.append(Replacement(start + by, start + by + len(new), text[start:stop]))
        by += len(new) - (stop - start)
    assert splice(after, back) == text


@given(spliced())
def test_a_place_that_nothing_reaches_over_keeps_the_text_behind_it(pair):
    text, replacements = pair
    after = splice(text, replacements)
    place = max((each.stop for each in replacements), default=0)
    assert after[moved(place, replacements) :] == text[place:]


def test_replacements_of_one_place_stand_in_the_order_given():
    assert splice("ab", [Replacement(1, 1, "X"), Replacement(1, 1, "Y")]) == "aXYb"


def test_where_replacements_overlap_all_that_either_takes_goes():
    assert splice("abcde", [Replacement(0, 3, "X"), Replacement(2, 4, "Y")]) == "XYe"

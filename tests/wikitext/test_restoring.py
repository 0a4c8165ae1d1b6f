"""Whole sections: what an edit did to them, and taking exactly that back."""

import itertools
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from wikiplan.changes.assembling import assemble
from wikiplan.changes.changeset import SectionChange, SectionState
from wikiplan.errors import Refusal
from wikiplan.spans import Span
from wikiplan.wikitext import outline, restoring, sections, wrapping
from wikiplan.wikitext.restoring import SectionEdit
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS as TAGS
from wikiplan.wikitext.wrapping import Wanted


@wikicases.each("wholes/take-back.cases")
def test_taking_back(case):
    before, after = case.blocks["before"], case.blocks["after"]
    taken = restoring.take_back(
        case.blocks.get("now", after), restoring.section_edits(before, after, TAGS), TAGS
    )
    assert taken.text == case.blocks.get("then", before)
    left = [f"{name}: {why}" for name, why in taken.left.items()]
    assert "\n".join(left) == case.blocks.get("left", "")


LINES = st.sampled_from(["Text.", "== Heading ==", "", "* item", "[[Category:X]]", "[[de:X]]"])
BODIES = st.lists(st.sampled_from(["One.", "Two.", "", "* item"]), max_size=3).map(
    lambda lines: "\n".join(lines).strip("\n")
)
PLACES = st.sampled_from(["top", "bottom"])


@st.composite
def edits(draw):
    """Return a page before and after an edit of its sections, changed ones and new ones."""
    parts = [draw(st.lists(LINES, max_size=3).map("\n".join))]
    for name in draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3)):
        ending = draw(st.sampled_from(["", " -->\n<!-- remark"]))
        parts.append(f"<!-- wikiplan:begin {name}{ending} -->\n{draw(BODIES)}\n")
        parts.append(f"<!-- wikiplan:end {name} -->\n" + draw(LINES))
    before = "\n".join(parts).replace("\n<!-- wikiplan:end", "<!-- wikiplan:end").rstrip()
    before = before.replace("<!-- wikiplan:end", "\n<!-- wikiplan:end")
    changes = []
    for name in draw(st.lists(st.sampled_from("abcde"), unique=True, min_size=1)):
        known = f"wikiplan:begin {name}" in before
        state = SectionState.CHANGED if known else SectionState.NEW
        was = name if known and draw(st.booleans()) else ""
        changes.append(SectionChange(name + was, state, "", draw(BODIES) or "New.", was=was))
    return before, assemble(before, changes, draw(PLACES), TAGS)


@settings(max_examples=examples(300), deadline=None)
@given(edits())
def test_every_edit_of_sections_can_be_taken_back_to_the_byte(pair):
    before, after = pair
    taken = restoring.take_back(after, restoring.section_edits(before, after, TAGS), TAGS)
    assert (taken.text, taken.left) == (before, {})


@settings(max_examples=examples(100), deadline=None)
@given(edits(), st.text("xyz \n", max_size=5), st.text("xyz \n", max_size=5))
def test_text_outside_comes_back_as_it_is_now(pair, above, below):
    """As long as no line of a new section's neighbourhood changed."""
    before, after = pair
    now = f"{above}.\n\n{after}\n\n.{below}"
    taken = restoring.take_back(now, restoring.section_edits(before, after, TAGS), TAGS)
    if not taken.left:
        assert taken.text == f"{above}.\n\n{before}\n\n.{below}"


def test_a_server_that_merged_another_edit_in_leaves_the_new_section_alone():
    """Then nobody knows which empty lines came with it."""
    pair = "<!-- wikiplan:begin a -->\nNew.\n<!-- wikiplan:end a -->"
    (whole,) = restoring.section_edits("Text.\n\nMore.", f"Text!\n\n{pair}\n\nMore.", TAGS)
    assert whole == SectionEdit("a", "", pair)


def test_a_page_on_which_putting_back_would_do_damage_is_refused():
    table = "{|\n| x\n|}"
    before = f"<!-- wikiplan:begin a -->\n{table}\n<!-- wikiplan:end a -->"
    after = "<!-- wikiplan:begin a -->\nNew.\n<!-- wikiplan:end a -->"
    found = restoring.section_edits(before, after, TAGS)
    assert restoring.put_back(after, found, TAGS) == before
    with pytest.raises(Refusal):
        restoring.put_back(after.replace("New", "Newer"), found, TAGS)
    damaging = [SectionEdit("a", before.replace("|}", ""), after)]
    with pytest.raises(Refusal):
        restoring.put_back(f"{{|\n| y\n{after}\n|}}", damaging, TAGS)


def test_sections_are_found_again_in_what_came_out():
    text = "<!-- wikiplan:begin a -->\nNew.\n<!-- wikiplan:end a -->"
    (section,) = sections.find(text)
    assert restoring.whole_text(text, section) == text
    assert restoring.are_back(
        text, [section], [SectionEdit("a", text, "x"), SectionEdit("b", "", "y")]
    )


# --- the newlines that came with new sections ---


def tried(before: str, after: str, spans: list[Span], floor: int = 0) -> list[Span] | None:
    """Return what all ways of leaving out newlines lead to: slow, and sure."""
    if not spans:
        return [] if after == before else None
    (start, stop), *rest = spans
    for lead, trail in itertools.product(range(restoring.MOST_NEWLINES + 1), repeat=2):
        first, last = start - lead, stop + trail
        new = after[max(first, 0) : start] + after[stop:last]
        if first < floor or new != "\n" * (lead + trail) or not before.startswith(after[:first]):
            continue
        size = last - first
        later = [Span(span.start - size, span.stop - size) for span in rest]
        found = tried(before, after[:first] + after[last:], later, first)
        if found is not None:
            return [Span(first, last), *(Span(a + size, b + size) for a, b in found)]
    return None


PAIR = "<>"
GAPS = st.sampled_from(
    ["", "\n", "\n\n", "\n\n\n", "\n\n\n\n\n", "a", "a\n", "\na\n\n", "\n\na\nb\n"]
)


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(GAPS, min_size=1, max_size=5), st.data())
def test_new_sections_have_the_newlines_that_a_trial_of_all_finds(gaps, data):
    after = PAIR.join(gaps)
    spans = [Span(*found.span()) for found in re.finditer(PAIR, after)]
    kept = [data.draw(st.sampled_from([gap, gap[1:], gap.strip("\n")])) for gap in gaps]
    before = "".join(kept)
    assert restoring._with_newlines(before, after, spans) == (tried(before, after, spans) or [])


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python a piece of work runs."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    outer = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(outer)
    return count


def page_of(number: int) -> str:
    return "\n".join(f"== Heading {each} ==\nText {each}.\n" for each in range(number))


def wrapped(text: str) -> str:
    parts = enumerate(outline.outline(text))
    return wrapping.wrap(text, [Wanted(f"s{number}", part) for number, part in parts])


def with_new(text: str) -> str:
    pairs = (f"<!-- wikiplan:begin s{n} -->\nNew.\n<!-- wikiplan:end s{n} -->" for n in range(400))
    return re.sub("(?m)^Text.*", lambda found: f"{found[0]}\n\n{next(pairs)}\n", text)


@pytest.mark.parametrize("edited", [wrapped, with_new])
def test_reading_what_an_edit_did_to_many_sections_is_linear(edited):
    """A page of 200 sections took ages (each one three times as long as the one before)."""

    def work(number: int) -> int:
        before = page_of(number)
        after = edited(before)
        found = restoring.section_edits(before, after, TAGS)
        assert len(found) == number
        assert restoring.put_back(after, found, TAGS) == before
        return steps(lambda: restoring.section_edits(before, after, TAGS))

    assert work(200) < 2.5 * work(100)

"""A unit's text as people changed it: what can be written in the plan, and why the rest cannot.

The cases stand in tests/cases/unittext/changes.txt: add lines there. Whole sections are in
test_unitedits.py.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from tests.support.wikicases import CASES
from wikiplan.render import unittext
from wikiplan.render.places import Filled, UnitPlace
from wikiplan.render.unittext import UnassignableError
from wikiplan.textdiff import hunks

BEFORE, AFTER = "* ", "\nOther."


def place_of(marked: str) -> tuple[UnitPlace, str]:
    """Return a place by a text with ``⟨$name=value⟩``, and what is shown of it in a section."""
    base, source, filled = BEFORE, "", []
    for at, part in enumerate(re.split(r"⟨(.+?)⟩", marked)):
        if at % 2:
            written, _, value = part.partition("=")
            name = "$" if written == "$$" else re.findall(r"\$(\w+)", written)[0]
            filled.append(Filled(name, len(base), len(base) + len(value), written))
            base, source = base + value, source + written
        else:
            base, source = base + part, source + part
    return UnitPlace("a", len(BEFORE), len(base), "en", source, tuple(filled)), base + AFTER


def source_after(marked: str, new: str) -> str:
    place, base = place_of(marked)
    theirs = f"{BEFORE}{new}{AFTER}"
    try:
        return unittext.source_after(place, base, theirs, list(hunks(base, theirs)))
    except UnassignableError as error:
        return f"! {error}"


def cases() -> list[list[str]]:
    lines = (CASES / "unittext" / "changes.txt").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line and not line.startswith("# ")]
    return [line.split(" | ") for line in told]


@pytest.mark.parametrize(("text", "new", "expected"), cases())
def test_a_change_is_written_as_the_plan_writes_it_or_refused(text: str, new: str, expected: str):
    assert source_after(text, new) == expected


WORDS = st.lists(st.sampled_from(["plant", "trees", "we", "now", "all"]), min_size=2, max_size=6)


@settings(max_examples=examples(50))
@given(WORDS, WORDS, st.integers(0, 6))
def test_words_around_a_value_may_change_and_the_value_stays(old, new, at):
    text = [*old[:at], "⟨$n=60⟩", *old[at:]]
    changed = [*new[:at], "60", *new[at:]]
    found = source_after(" ".join(text), " ".join(changed))
    assert found.startswith("! ") or found == " ".join([*new[:at], "$n", *new[at:]])


def test_what_is_unchanged_is_the_source():
    for text in ("We have ⟨$n=60⟩ trees for ⟨$$=$⟩5.", "⟨{{PLURAL:$n|a tree|$n trees}}=60 trees⟩"):
        place, base = place_of(text)
        assert unittext.source_after(place, base, base, []) == place.source
        assert unittext.shown_after(place, base, base, []) == base[place.start : place.stop]


def test_another_text_gets_the_values_of_the_one_in_whose_stead_it_stands():
    place, base = place_of("We planted ⟨$n=60⟩ trees")
    shown = base[place.start : place.stop]
    assert unittext.source_anew(place, shown, "Wir haben 60 gepflanzt") == "Wir haben $n gepflanzt"
    for new, why in (
        ("Wir haben gepflanzt", "a value of the text is missing in it"),
        ("We planted 60 young trees", "it is the same text"),
        ("Wir haben\n60", "a line break would cut the text in two"),
    ):
        with pytest.raises(UnassignableError) as refused:
            unittext.source_anew(place, shown, new)
        assert str(refused.value) == why


def test_a_hunk_touches_a_value_where_it_changes_what_stands_for_it():
    place, base = place_of("We have ⟨$n=60⟩ trees")

    def touched(new: str) -> bool:
        theirs = f"{BEFORE}{new}{AFTER}"
        return any(unittext.touches_value(place, each) for each in hunks(base, theirs))

    assert touched("We have 61 trees")
    assert not touched("We had 60 trees")

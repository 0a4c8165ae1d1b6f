"""People's edits become edits of units: the cases in cases/unitedits, the plan in cases/render.

A case begins with what it is about. Then: lines of the section (``-``) and what stands there
instead (``+``), then what comes of it: ``edit LANGUAGE KEY: TEXT``, ``left LINE [KEY]: REASON``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.test_renderer import PLAN, TEMPLATES, catalogs_of
from tests.support.samples import examples
from wikiplan.catalogs.translation import State, Translation
from wikiplan.plan import plan
from wikiplan.plan.plan import PageSpec, Plan, SectionSpec
from wikiplan.plan.units import Unit
from wikiplan.render.escaping import normalised
from wikiplan.render.places import PlacedSection, UnitPlace
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.render.unitedits import Edits, UnitEdit, edits
from wikiplan.render.wording import Translations
from wikiplan.value import replace

CASES = Path(__file__).parents[1] / "cases" / "unitedits"
NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    section: str
    language: str
    changes: Sequence[tuple[str, str]]
    expected: Sequence[str]


def read(path: Path) -> Case:
    lines = path.read_text(encoding="utf-8").split("\n")
    head = dict(line.split(": ") for line in lines[1:3])
    changes: list[tuple[list[str], list[str]]] = []
    for before, line in pairwise(lines[2:]):
        if line[:2] in ("- ", "+ "):
            if not before.startswith(("- ", "+ ")):
                changes.append(([], []))
            changes[-1][line[0] == "+"].append(line[2:])
    expected = [line for line in lines if line.startswith(("edit ", "left "))]
    joined = [("\n".join(old), "\n".join(new)) for old, new in changes]
    return Case(head["section"], head["language"], joined, expected)


@cache
def loaded() -> tuple[Plan, Mapping[str, Translations]]:
    read = plan.load(PLAN)
    return read, catalogs_of(PLAN, read)


def spec_of(name: str) -> tuple[PageSpec, SectionSpec]:
    pages = loaded()[0].pages
    if name == "next":
        return pages[1], pages[1].sections[1]
    return pages[0], next(section for section in pages[0].sections if section.name == name)


@cache
def placed(name: str, language: str) -> PlacedSection:
    read, catalogs = loaded()
    return Renderer(read, catalogs, TEMPLATES, NOW).placed(
        PageSection(*spec_of(name), language, "en")
    )


@dataclass(frozen=True)
class Edited:
    """A catalog with some other texts."""

    catalog: Translations
    texts: Mapping[str, str]
    new: Sequence[str]

    def get(self, unit: Unit) -> Translation:
        found = self.catalog.get(unit)
        if unit.key not in self.texts:
            return found
        state = State.TRANSLATED if unit.key in self.new else found.state
        return replace(found, text=self.texts[unit.key], state=state)


def with_edits(name: str, language: str, assigned: Sequence[UnitEdit]) -> str:
    """Return the section as it is rendered when the units have their new texts.

    The catalogs are asked for the English they were made for: whether an update makes them
    outdated is not what is shown here.
    """
    read, catalogs = loaded()
    texts = {
        code: {e.key: e.after for e in assigned if e.language == code} for code in read.languages
    }
    units = {
        key: replace(unit, text=texts["en"].get(key, unit.text)) for key, unit in read.units.items()
    }
    new = [e.key for e in assigned if not e.before]
    edited = {
        code: Edited(Before(catalog, read.units), texts[code], new)
        for code, catalog in catalogs.items()
    }
    renderer = Renderer(replace(read, units=units), edited, TEMPLATES, NOW)
    return renderer.section(PageSection(*spec_of(name), language, "en")).text


@dataclass(frozen=True)
class Before:
    """A catalog that judges units by the English they had."""

    catalog: Translations
    units: Mapping[str, Unit]

    def get(self, unit: Unit) -> Translation:
        return self.catalog.get(self.units[unit.key])


def changed(base: str, changes: Sequence[tuple[str, str]]) -> str:
    text = f"\n{base}\n"
    for old, new in changes:
        assert text.count(f"\n{old}\n") == 1, old
        text = text.replace(f"\n{old}\n", f"\n{new}\n" if new else "\n")
    return text.removeprefix("\n").removesuffix("\n")


def told(found: Edits) -> list[str]:
    made = [f"edit {e.language} {e.key}: {e.after}" for e in found.assigned]
    left = [f"left {e.line}{f' {e.key}' if e.key else ''}: {e.reason}" for e in found.left]
    return made + left


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_case(path):
    case = read(path)
    section = placed(case.section, case.language)
    theirs = changed(section.text, case.changes)
    found = edits(section, section.text, theirs)
    assert told(found) == list(case.expected)
    if not found.left:
        rendered = with_edits(case.section, case.language, found.assigned)
        assert rendered in (theirs, without_note(theirs))


def without_note(text: str) -> str:
    """Return a section without the note that some texts wait for their translation."""
    return re.sub(r"\n\n''(?:أجزاء|Teile|חלקים)[^\n]*''", "", text)


# --- an older base ---


def test_units_that_stand_unchanged_in_an_older_base_are_found_there():
    section = placed("mission", "en")
    base = "== What the harbour does ==\n\nWe keep all ships safe, by night and day."
    theirs = base.replace("does", "does for you").replace("all ships", "boats")
    assert told(edits(section, base, theirs)) == [
        "edit en department.mission-heading: What the harbour does for you",
        "left 3: the plan changed this place as well since wikiplan wrote it",
    ]


def test_a_new_item_of_the_plan_moves_the_places_behind_it():
    section = placed("priorities", "en")
    base = section.text.replace("*** Buy red paint. <small>(dropped)</small>\n", "")
    theirs = base.replace("Mend the ropes", "Mend all ropes").replace("new lamp", "new red lamp")
    assert told(edits(section, base, theirs)) == [
        "edit en priorities-2020-2021.boats.ropes: Mend all ropes."
        " (See also: [[$lights|Lights]], [$map Map of the harbour].)",
        "edit en priorities-2020-2021.lights.lamp: A new red lamp for $$5.",
    ]


def test_of_units_with_the_same_words_none_is_taken_for_another():
    text = "* Same.\n* Same."
    places = (UnitPlace("a", 2, 7, "en", "Same."), UnitPlace("b", 10, 15, "en", "Same."))
    found = edits(PlacedSection("s", text, places), "* Same.", "* Same again.")
    assert [each.reason for each in found.left] == [
        "the plan changed this place as well since wikiplan wrote it"
    ]


def test_without_places_everything_is_left():
    section = replace(placed("mission", "en"), places=())
    found = edits(section, section.text, section.text + " More.")
    assert told(found) == ["left 3: where the units stand in this section is not known"]


def test_no_change_is_no_edit():
    section = placed("mission", "en")
    assert edits(section, section.text, section.text) == Edits()


# --- texts of several lines ---


def lines_of(theirs: str) -> list[str]:
    text = "One line.\nAnother line."
    section = PlacedSection("s", f"== H ==\n\n{text}", (UnitPlace("a", 9, 32, "en", text),))
    assert section.text[9:32] == text
    return told(edits(section, section.text, f"== H ==\n\n{theirs}"))


def test_a_line_may_be_added_within_a_text_that_has_several():
    assert lines_of("One line.\nA new one.\nAnother line.") == [
        "edit en a: One line.\nA new one.\nAnother line."
    ]


def test_a_blank_line_would_cut_a_text_in_two():
    assert lines_of("One line.\n\nAnother line.") == [
        "left 4 a: a line break would cut the text in two"
    ]


# --- the law ---


def literals_of(section: PlacedSection) -> list[tuple[int, int]]:
    """Return the stretches between what is filled into units that stand at one place only."""
    keys = [place.key for place in section.places]
    found = []
    for place in section.places:
        if keys.count(place.key) == 1:
            ends = [place.start, *(n for f in place.filled for n in (f.start, f.stop)), place.stop]
            found += list(zip(ends[::2], ends[1::2], strict=True))
    return [(start, stop) for start, stop in found if stop - start > 8]


def spaces_in(text: str, start: int, stop: int) -> list[int]:
    return [at for at in range(start + 1, stop - 1) if text[at] == " " and text[at + 1].isalpha()]


SECTIONS = [("priorities", "en"), ("priorities", "ar"), ("next", "ar"), ("overview", "ar")]
WAITING = [("teams", "he"), ("mission", "he"), ("office-hours", "de")]
WORDS = st.text("abcwxyz", min_size=1, max_size=8)


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_words_put_into_texts_come_back_as_edits_of_these_units_alone(data):
    name, language = data.draw(st.sampled_from(SECTIONS))
    section = placed(name, language)
    theirs, by = section.text, 0
    for start, stop in literals_of(section):
        places = spaces_in(section.text, start, stop)
        if places and data.draw(st.booleans()):
            at = data.draw(st.sampled_from(places)) + by
            word = " " + data.draw(WORDS)
            theirs, by = theirs[:at] + word + theirs[at:], by + len(word)
    found = edits(section, section.text, theirs)
    assert found.left == ()
    assert with_edits(name, language, found.assigned) == theirs


PIECES = [
    "a",
    "wort",
    " ",
    "$",
    "$year",
    "$$",
    "[[",
    "]]",
    "[",
    "|",
    "{{",
    "}}",
    "'''",
    "\n",
    "\n\n",
]
PIECES += [
    "2",
    "2020–2021",
    "{{PLURAL:$n|a|b}}",
    "<bdi>",
    "* ",
    "=",
    "س",
    "é",
    "\u0301",
    "~~~~",
    "",
]


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_whatever_is_typed_what_is_assigned_completely_renders_as_typed(data):
    name, language = data.draw(st.sampled_from(SECTIONS + WAITING))
    section = placed(name, language)
    theirs = section.text
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(theirs)))
        stop = min(len(theirs), start + data.draw(st.integers(0, 12)))
        typed = "".join(data.draw(st.lists(st.sampled_from(PIECES), max_size=3)))
        theirs = theirs[:start] + typed + theirs[stop:]
    theirs = normalised(theirs)
    found = edits(section, section.text, theirs)
    if not found.left:
        rendered = with_edits(name, language, found.assigned)
        assert rendered in (theirs, without_note(theirs))

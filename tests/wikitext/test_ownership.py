"""Which units of a section are the plan's: what was written says so, not what the plan has now."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from wikiplan.translate import markup
from wikiplan.wikitext import ownership, unitmerge
from wikiplan.wikitext.markers import digest
from wikiplan.wikitext.ownership import LostMarker, Written

A = "* <translate><!--T:plan.a--> One.</translate>"
B = "* <translate><!--T:plan.b--> Two.</translate>"
FIRST, SECOND = (f"* <translate><!--T:{n}--> Old {n}.</translate>" for n in (1, 2))
THEIRS = "* <translate><!--T:7--> Theirs.</translate>"
UNMARKED = "* <translate>Unmarked.</translate>"


def page(*lines: str) -> str:
    return "\n".join(lines)


def written(
    text: str, new: str, listed: str | None = None, declared: str = "", base: str | None = None
) -> Written:
    """Return what is known of a section that was written as ``text``, and is ``new`` today."""
    units = None if listed is None else frozenset(listed)
    known = None if base is None else unitmerge.units_of(base)
    return Written(digest(text), units, frozenset(declared), unitmerge.units_of(new), known)


def ours(text: str, known: Written) -> tuple[list[str | None], bool]:
    """Return the ids of the plan's units, and whether the plan's part is as it was written."""
    found = ownership.of(text, known)
    return [unit.id for unit in markup.parse(text).units if found(unit)], found.proven


def test_where_nobody_edited_every_unit_is_the_plans_whatever_it_says_today():
    text = page(A, FIRST, B)
    assert ours(text, written(text, "")) == (["plan.a", "1", "plan.b"], True)


def test_what_people_added_is_what_is_left_when_the_digest_is_right():
    text = page(A, THEIRS, B, UNMARKED)
    assert ours(text, written(page(A, B), A)) == (["plan.a", "plan.b"], True)


LISTS: Mapping[str, tuple[str | None, str]] = {
    "the marker lists them": ("12", ""),
    "pages.yaml declares them": (None, "12"),
    "pages.yaml declared them and does no more": (None, ""),
    "pages.yaml declares one of them no more": (None, "1"),
}


@pytest.mark.parametrize(("listed", "declared"), LISTS.values(), ids=LISTS)
def test_the_numbers_that_were_written_are_told_from_those_of_people(listed, declared):
    text = page(A, FIRST, THEIRS, SECOND, UNMARKED)
    known = written(page(A, FIRST, SECOND), A, listed, declared)
    assert ours(text, known) == (["plan.a", "1", "2"], True)


def test_a_unit_of_people_that_the_plan_took_over_since_is_no_edit():
    text = page(A, THEIRS, B)
    known = written(page(A, B), page(A, THEIRS, B), declared="7")
    assert ours(text, known) == (["plan.a", "7", "plan.b"], True)


def test_a_unit_of_people_under_an_id_of_the_plan_with_another_text_is_an_edit():
    theirs = "* <translate><!--T:plan.c--> Theirs.</translate>"
    text, new = page(A, theirs), page(A, "* <translate><!--T:plan.c--> Ours.</translate>")
    assert ours(text, written(A, new)) == (["plan.a", "plan.c"], False)


def test_a_copy_with_a_marker_of_another_page_is_people_s():
    copy = "* <translate><!--T:other.a--> Other.</translate>"
    assert ours(page(A, copy, B), written(page(A, B), page(A, B))) == (["plan.a", "plan.b"], True)


def test_a_section_that_people_edited_has_the_ids_that_look_like_the_plans():
    text = page(A.replace("One", "Eins"), THEIRS, B)
    assert ours(text, written(page(A, B), A)) == (["plan.a", "plan.b"], False)


def test_what_was_written_tells_the_units_of_a_section_that_people_edited():
    text = page(A.replace("One", "Eins"), FIRST, THEIRS)
    known = written(page(A, FIRST), A, base=page(A, FIRST))
    assert ours(text, known) == (["plan.a", "1"], False)


def test_a_section_without_a_digest_is_as_written_only_while_it_is_empty():
    known = Written(None, None, frozenset(), unitmerge.units_of(A))
    assert ours(UNMARKED, known) == ([], True)
    assert ours(page(A, UNMARKED), known) == (["plan.a"], False)


MARKERLESS = "* <translate>Two.</translate>"
NUMBERED = "* <translate><!--T:9--> Two.</translate>"


@pytest.mark.parametrize(("instead", "number"), [(MARKERLESS, ""), (NUMBERED, "9")])
@pytest.mark.parametrize("added", [(), (THEIRS, UNMARKED)], ids=["alone", "beside additions"])
def test_a_text_whose_marker_is_gone_is_the_plans(added, instead, number):
    text = page(A, instead, *added)
    merged, found = ownership.merge(text, page(A, B), written(page(A, B), page(A, B)))
    lost = LostMarker("plan.b", "Two.", number)
    assert (found.proven, found.lost) == (True, (lost,))
    assert (merged.now, merged.own) == (page(A, instead), page(A, B))
    assert merged.body == ownership.mended(text, found.lost) == page(A, B, *added)


@pytest.mark.parametrize("number", ["", "<!--T:9--> "])
def test_a_text_that_lost_its_marker_and_was_edited_is_known_by_its_place_and_words(number):
    first, second, third = (
        f"* <translate><!--T:plan.{id}--> Plant {id} trees in the north.</translate>"
        for id in "abc"
    )
    edited = f"* <translate>{number}Plant b oaks in the north.</translate>"
    text, plan = page(first, edited, third, UNMARKED), page(first, second, third)
    merged, found = ownership.merge(text, plan, written(plan, plan, base=plan))
    assert [lost.id for lost in found.lost] == ["plan.b"]
    assert not found.proven
    assert merged.now == page(first, edited, third)
    assert merged.body == page(first, second, third, UNMARKED)


def test_another_text_in_the_place_of_one_that_is_gone_is_an_addition():
    text, plan = page(A, UNMARKED, FIRST), page(A, B, FIRST)
    found = ownership.of(text, written(plan, plan, base=plan))
    assert found.lost == ()


def test_a_text_that_people_had_before_the_plan_is_still_theirs():
    theirs = "* <translate><!--T:9--> Two.</translate>"
    found = ownership.of(page(A, theirs), written(A, page(A, B)))
    assert (found.proven, found.lost) == (True, ())

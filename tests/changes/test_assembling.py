"""Putting sections into a page's text."""

from __future__ import annotations

import pytest

from wikiplan.changes.assembling import assemble
from wikiplan.changes.changeset import SectionChange, SectionState
from wikiplan.errors import Refusal
from wikiplan.wikitext import sections
from wikiplan.wikitext.markers import wrapped

TAGS = frozenset[str]()
PAGE = f"Above.\n\n{wrapped('a', 'Old.')}\n\nBelow."
CHANGED = SectionChange("a", SectionState.CHANGED, "Old.", "New.")
B, C = (SectionChange(name, SectionState.NEW, "", f"Text of {name}.") for name in "bc")


def test_only_what_is_to_be_written_is_replaced():
    left = SectionChange("a", SectionState.DRIFT, "Old.", "Old.")
    assert assemble(PAGE, [left], "bottom", TAGS) == PAGE
    assert assemble(PAGE, [CHANGED], "refuse", TAGS) == PAGE.replace(
        wrapped("a", "Old."), wrapped("a", "New.")
    )


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_new_sections_stand_in_the_order_of_the_plan(place: str):
    text = assemble(PAGE, [CHANGED, B, C], place, TAGS)
    both = f"{wrapped('b', 'Text of b.')}\n\n{wrapped('c', 'Text of c.')}"
    rest = PAGE.replace(wrapped("a", "Old."), wrapped("a", "New."))
    assert text == (f"{both}\n\n{rest}" if place == "top" else f"{rest}\n\n{both}")


def test_a_page_that_does_not_exist_has_nothing_but_its_sections():
    new = {"b": "Text of b.", "c": "Text of c."}
    assert assemble(None, [B, C], "refuse", TAGS) == sections.new_page(new)


def test_a_section_without_a_place_is_refused():
    with pytest.raises(Refusal, match="section b: the page has no such pair of markers") as refused:
        assemble(PAGE, [B], "refuse", TAGS)
    assert refused.value.code == "missing-section"


def test_a_section_whose_markers_are_text_is_told_where_they_are():
    with pytest.raises(Refusal) as refused:
        assemble(f"{PAGE}\n<nowiki>\n{wrapped('b', 'Old.')}\n</nowiki>", [B], "refuse", TAGS)
    assert str(refused.value).startswith(
        "section b: the page has no such pair of markers (the one on line "
        f"{PAGE.count(chr(10)) + 3} is text: close the comment or tag that it is inside of); put"
    )


def test_a_page_whose_sections_stay_is_not_read_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(sections, "find")
    stays = SectionChange("a", SectionState.UNCHANGED, "Old.", "Old.")
    assert assemble(PAGE, [stays], "refuse", TAGS) == PAGE

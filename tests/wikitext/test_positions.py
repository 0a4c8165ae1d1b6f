"""Where a new section goes: headings by their words, a page's top and bottom, and what is unfit.

Sections that are put in there are in test_sections.py.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.wikitext import positions, syntax
from wikiplan.wikitext.markers import SectionError, line_of
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS

WORDS = st.text(alphabet="aB1٢ -–\u200e\u00a0ß", min_size=1, max_size=8)
PIECES = [
    "a", "\n", "\n\n", "== H ==\n", "=== I ===\n", "[[Category:A]]", "<!-- c -->", "<languages/>",
    "<translate>", "</translate>", "{{DEFAULTSORT:a}}", "{{", "}}", " ", "<div>", "<nowiki>",
]  # fmt: skip
PAGES = st.lists(st.sampled_from(PIECES), max_size=15).map("".join)


# Headings by their words


@wikicases.each("positions/match.cases")
def test_a_heading_by_its_words(case: Case):
    page = case.blocks["page"]
    try:
        match = positions.match_heading(
            page, "a", case.blocks["wanted"], syntax.headings(page, DEFAULT_EXTENSION_TAGS)
        )
    except SectionError as error:
        assert {error.code: str(error)} == case.named("refused")
        return
    differences = f", other {', '.join(match.differences)}" if match.differences else ""
    assert f"line {line_of(page, match.heading.start)}{differences}" == case.blocks["found"]


@pytest.mark.parametrize(
    ("some", "other", "differences"),
    [
        ("Notes", "Notes", ("spelling",)),
        ("Notes", "Nodes", ()),
        ("a-b", "a – b", ()),
        ("a-b", "a−b", ("dashes",)),
        ("7", "７", ("digits",)),
        ("a b", "a\u00a0b", ("white space",)),
        ("ab", "a\u200db", ("invisible characters",)),
        ("Straße", "STRASSE", ("case",)),
        ("a-1 b", "A–١  b", ("dashes", "digits", "white space", "case")),
    ],
)
def test_what_differs_between_two_texts_that_read_alike(some, other, differences):
    assert positions.heading_differences(some, other) == differences


@given(WORDS, WORDS)
def test_two_texts_read_alike_one_way_and_the_other(some, other):
    assert positions.heading_differences(some, other) == positions.heading_differences(other, some)
    alike = positions.folded(some) == positions.folded(other)
    assert bool(positions.heading_differences(some, other)) == alike


# Top, bottom, and the end of a section


@wikicases.each("positions/bottom.cases")
def test_the_bottom_of_a_page_is_before_what_closes_it(case: Case):
    marked = case.blocks["page"]
    before, _, after = marked.partition("⟪⟫")
    page = before.removesuffix("\n") + ("\n" if before and after else "") + after.removeprefix("\n")
    assert positions.bottom(page) == len(before.removesuffix("\n"))


@pytest.mark.parametrize(
    ("page", "top"),
    [
        ("a", ""),
        ("", ""),
        ("<languages/>\na", "<languages/>\n"),
        ("\n <Languages />  \na", "\n <Languages />  \n"),
        ("<languages>a", "<languages>"),
        ("a <languages/>", ""),
    ],
)
def test_the_top_of_a_page_is_behind_its_language_bar(page: str, top: str):
    assert page[: positions.top(page)] == top


def test_a_section_ends_where_a_heading_as_high_begins():
    page = "== A ==\n=== B ===\nb\n==== C ====\n=== D ===\n== E ==\ne\n\n[[Category:X]]"
    headings = syntax.headings(page, DEFAULT_EXTENSION_TAGS)
    ends = {h.text: page[positions.section_end(page, h, headings) :][:9] for h in headings}
    assert ends == {
        "A": "== E ==\ne",
        "B": "=== D ===",
        "C": "=== D ===",
        "D": "== E ==\ne",
        "E": "\n\n[[Categ",
    }


@settings(max_examples=examples(100), deadline=None)
@given(PAGES)
def test_blank_lines_part_what_is_put_in_and_are_no_more_than_needed(page):
    for position in range(len(page) + 1):
        above, below = positions.blank_lines(page, position)
        before, after = page[:position] + above, below + page[position:]
        assert before.endswith("\n\n") or not before.strip()
        assert after.startswith("\n\n") or not after.strip()
        assert len(above) <= 2 and len(below) <= 2


# Where a section goes


def offset(page: str, where: positions.Where) -> int:
    return positions.offset(page, "new", where, DEFAULT_EXTENSION_TAGS)


@settings(max_examples=examples(150), deadline=None)
@given(PAGES, st.sampled_from(["top", "bottom", {"after": "H"}, {"before": "H"}]))
def test_a_place_is_on_the_page_and_in_no_text_for_translation_or_refused(page, where):
    try:
        found = offset(page, where)
    except Refusal as refusal:
        assert str(refusal).startswith(("section new: ", "the page has"))
        return
    assert 0 <= found <= len(page)
    tags = [tag for tag in ("<translate>", "</translate>") for _ in range(page[:found].count(tag))]
    assert (
        tags.count("<translate>") <= tags.count("</translate>")
        or "</translate>" not in page[found:]
    )


@pytest.mark.parametrize(
    ("page", "where", "behind"),
    [
        ("<translate>\n== H ==\na\n</translate>\n", {"before": "H"}, ""),
        ("<translate>\n== H ==\na\n</translate>\n", {"after": "H"}, "</translate>"),
        ("<translate>a</translate>\n<translate>\n</translate>", "bottom", "\n</translate>"),
    ],
)
def test_a_place_moves_out_of_translate_tags_over_blanks_only(page, where, behind):
    assert offset(page, where) == (page.rfind(behind) + len(behind) if behind else 0)


@pytest.mark.parametrize(
    ("page", "where", "message"),
    [
        (
            "<translate>\na\n\n== H ==\nb\n</translate>",
            {"before": "H"},
            "section new: it would go into the middle of the text for translation on line 4; "
            "end <translate> before it, or choose another place",
        ),
        (
            "<translate><translate>== H ==\n</translate>",
            {"before": "H"},
            "section new: it would go into the middle of the text for translation on line 1; "
            "end <translate> before it, or choose another place",
        ),
        (
            "a\n<!-- never closed",
            "bottom",
            "section new: it would stand inside of the comment that begins on line 2; "
            "close that, or choose another place",
        ),
    ],
)
def test_an_unfit_place_is_refused_with_its_line(page, where, message):
    with pytest.raises(SectionError) as refused:
        offset(page, where)
    assert (refused.value.code, str(refused.value)) == ("unfit-place", message)


def test_a_place_that_no_plan_can_name_is_our_own_mistake():
    with pytest.raises(ValueError, match=r"^no place for a section: 'middle'$"):
        offset("a", "middle")

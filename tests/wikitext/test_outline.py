"""The parts of a page, what each looks made for, and which part of a language version it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.value import replace
from wikiplan.wikitext import outline
from wikiplan.wikitext.outline import Counterpart, Part, Shape

# fmt: off
PIECES = [
    "text ", "[[A]] ", "[[B]] ", "\n", "\n\n", "\n== H ==\n", "\n=== I 2020 ===\n", "\n* i",
    "\n** j", "<div>\n", "</div>\n", "<languages/>\n", "<translate>", "</translate>", "<!--T:1-->",
    '<tvar name="a">$b</tvar>', "<!-- c -->", "[[Category:A]]\n", "{|\n", "|}\n", "{{a|", "}}",
]
# fmt: on
PAGES = st.lists(st.sampled_from(PIECES), max_size=15).map("".join)


def told(part: Part) -> str:
    year = outline.fiscal_year(part.title)
    after = f", {year}" if year else ""
    return f"{part.level} line {part.line} {part.shown}: {outline.kind_of(part)}{after}"


@wikicases.each("outline/parts.cases")
def test_the_parts_of_a_page(case: Case):
    parts = outline.outline(case.blocks["page"])
    assert "\n".join(map(told, parts)) == case.blocks["parts"]


@wikicases.each("outline/counterparts.cases")
def test_the_counterparts_in_a_language_version(case: Case):
    page, other = (outline.outline(case.blocks[name]) for name in ("page", "other"))
    found = outline.counterparts(page, other)
    assert case.blocks["counterparts"] == "\n".join(
        f"{page[index].shown} = {other[there.index].shown}: {there.evidence}"
        for index, there in sorted(found.items())
    )


def test_a_parts_shape_is_what_does_not_depend_on_its_language():
    page = (
        "== Goals 2020–2021 ==\n* [[Special:MyLanguage/A_b|a]] [[File:X.png]]\n** b\n** [[:C]]\n"
        "{|\n| d\n|}"
    )
    (part,) = outline.outline(page)
    assert part.shape == Shape(
        words=14,
        items=((1, 1), (2, 2)),
        links=frozenset({"A b", "C"}),
        numbers=("2020", "2021"),
        table=True,
    )


def test_a_text_without_what_translation_put_in():
    text = (
        "<translate>\n== Goals == <!--T:1-->\n\n<!--T:2-->\n"
        'See <tvar name="page">[[Goals]]</tvar>.<!-- soon\ngone -->\n</translate>'
    )
    assert outline.plain(text) == "\n== Goals == \n\n\nSee [[Goals]].\n"


@settings(max_examples=examples(100), deadline=None)
@given(PAGES)
def test_parts_are_stretches_of_the_page_that_hold_their_subsections(page):
    try:
        parts = outline.outline(page)
    except Refusal:
        return
    starts = [part.start for part in parts]
    assert starts == sorted(starts)
    for part in parts:
        assert 0 <= part.start <= part.limit <= len(page)
        assert part.line == page.count("\n", 0, part.start) + 1
        assert part.text == outline.plain(page[part.start : part.limit]).strip()
        assert (part.level == outline.LEAD) == (part.title == "")
        inner = [each for each in parts if part.start < each.start < part.limit]
        assert all(each.level > part.level and each.limit <= part.limit for each in inner)


@settings(max_examples=examples(100), deadline=None)
@given(PAGES)
def test_each_part_of_a_page_with_one_of_a_kind_is_its_own_counterpart(page):
    try:
        parts = outline.outline(page)
    except Refusal:
        return
    titles = [(part.level, part.title.casefold()) for part in parts]
    if len(titles) == len(set(titles)):
        found = outline.counterparts(parts, parts)
        assert {index: each.index for index, each in found.items()} == dict(
            enumerate(range(len(parts)))
        )


@settings(max_examples=examples(100), deadline=None)
@given(PAGES, PAGES)
def test_no_part_is_the_counterpart_of_two_and_both_say_the_same(page, other):
    try:
        here, there = outline.outline(page), outline.outline(other)
    except Refusal:
        return
    found = outline.counterparts(here, there)
    indices = [each.index for each in found.values()]
    assert len(indices) == len(set(indices))
    back = outline.counterparts(there, here)
    assert {each.index: Counterpart(index, each.evidence) for index, each in found.items()} == back


def test_more_parts_than_anybody_reads_are_not_compared():
    (part,) = outline.outline("== A ==")
    parts = [replace(part, title=str(number)) for number in range(501)]
    assert outline.counterparts(parts, parts) == {}
    assert outline.counterparts(parts, parts[:1]) == {0: Counterpart(0, "the same heading")}

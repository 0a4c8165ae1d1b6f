"""Which templates enclose a place.

That headings and templates are MediaWiki's is shown against MediaWiki itself in test_scanner.py.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.wikitext import structure
from wikiplan.wikitext.scanner import regions
from wikiplan.wikitext.structure import Structure

HERE = "<!-- here -->"
SHOWN = 7

PIECES = [
    "{{", "}}", "{{{", "}}}", "{", "}", "[[", "]]", "-{", "}-", "|", "=", "== x ==", "\n", "\n=",
    "a", " ", HERE, "<!-- c -->", "<nowiki>", "</nowiki>", "{|", "|}", "<div>", "</div>",
    "<translate>", "</translate>",
]  # fmt: skip
WIKITEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def parsed(text: str) -> Structure:
    found = list(regions(text))
    marks = [region.start for region in found if text.startswith(HERE, region.start)]
    return structure.parse(text, found, marks)


@wikicases.each("structure/places.cases")
def test_the_templates_around_a_place(case: Case):
    text = case.blocks["text"]
    places = "\n;\n".join(
        "\n".join(
            f"{text[step.start :][:SHOWN]} part {step.part}".replace("\n", "⏎")
            + " named" * step.named
            for step in place
        )
        for _, place in sorted(parsed(text).places.items())
    )
    assert places == case.blocks["places"]


# Laws


@settings(max_examples=examples(100), deadline=None)
@given(WIKITEXT)
def test_headings_are_whole_lines_in_order_with_their_signs_around_them(text):
    end = -1
    for heading in parsed(text).headings:
        assert end < heading.start < heading.stop <= len(text)
        assert 1 <= heading.level <= 6
        assert text[heading.stop :][:1] in ("", "\n")
        inside = heading.inside
        assert heading.start + heading.level == inside.start <= inside.stop
        assert text[heading.start : inside.start] == "=" * heading.level
        assert text[inside.stop :].startswith("=" * heading.level)
        end = heading.stop


@settings(max_examples=examples(100), deadline=None)
@given(WIKITEXT)
def test_templates_are_braces_that_close_the_inner_ones_first(text):
    seen: list[tuple[int, int]] = []
    for start, stop in parsed(text).elements:
        assert text[start : start + 2] == "{{" and text[stop - 2 : stop] == "}}"
        assert all(
            (start <= inner[0] and inner[1] <= stop) or inner[1] <= start or stop <= inner[0]
            for inner in seen
        )
        seen.append((start, stop))


@settings(max_examples=examples(100), deadline=None)
@given(WIKITEXT)
def test_a_place_is_inside_of_what_is_told_to_enclose_it(text):
    found = parsed(text)
    ends = dict(found.elements)
    for place, steps in found.places.items():
        assert [step.start for step in steps] == sorted(step.start for step in steps)
        assert all(step.start < place < ends[step.start] for step in steps)


# Limits


def nested(count: int) -> str:
    return "{{a|" * count + HERE + "}}" * count


def test_a_place_in_more_templates_than_the_wiki_expands_is_refused():
    assert len(next(iter(parsed(nested(structure.MOST_NESTED)).places.values()))) == 100
    with pytest.raises(Refusal) as refused:
        parsed(nested(structure.MOST_NESTED + 1))
    assert (refused.value.code, str(refused.value)) == (
        "too-complex",
        "the page has a marker inside of more than 100 templates; "
        "simplify it, or leave it out of pages.yaml",
    )


def test_a_comment_that_nobody_asks_for_may_be_as_deep_as_it_is():
    text = nested(structure.MOST_NESTED + 1)
    assert structure.parse(text, regions(text)).places == {}

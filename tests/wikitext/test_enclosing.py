"""What the walk in a hurry says of markers, held to the walk that leaves nothing out."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from tests.wikitext.test_structure import HERE, PIECES, nested
from wikiplan.errors import Refusal
from wikiplan.wikitext import enclosing, scanner, structure
from wikiplan.wikitext.splits import MOST_LOOKED_AT
from wikiplan.wikitext.structure import Structure

MORE = [
    "[[a]]",
    "{{b}}",
    "{{b|c=d}}",
    "\n== y ==\n",
    "\n= z =\n",
    "\n<!-- d -->\n",
    "<ref>",
    "</ref>",
]
WIKITEXT = st.lists(st.sampled_from([*PIECES, *MORE, HERE]), max_size=40).map("".join)


def both(text: str) -> tuple[Structure, Structure]:
    found = tuple(scanner.regions(text))
    marks = [region.start for region in found if text.startswith(HERE, region.start)]
    return enclosing.parse(text, found, marks), structure.parse(text, found, marks)


@settings(max_examples=examples(500), deadline=None)
@given(WIKITEXT)
def test_places_and_templates_are_those_of_the_whole_walk(text):
    hurried, whole = both(text)
    assert hurried.places == whole.places
    assert sorted(hurried.elements) == sorted(whole.elements)


@pytest.mark.parametrize(
    "text",
    [
        "{{x|\n== a " + HERE + " ==\n}}",
        "{{x|\n= a }}" + HERE + "\n}}",
        "{{x|[[a" + HERE + "}}]]}}",
        "[[a {{x|" + HERE + "}}",
        "-{{{x}}}-" + HERE + "}}",
        "-{ {{x|" + HERE + "\n}} }-",
        "{{x|\n<!-- c -->\n= " + HERE + "}}",
        "{{x<!-- }} -->|<nowiki>}}</nowiki>" + HERE + "}}",
        nested(3),
    ],
)
def test_a_marker_inside_of_what_opens_stands_where_it_stands(text: str):
    hurried, whole = both(text)
    assert hurried.places == whole.places


def test_a_page_whose_markers_stand_in_no_template_is_not_walked_as_a_whole():
    around = "== A ==\n{{x|\na=[[b]]\n|{{c}}}} [[d|e]] and [[File:f|g [[h]]]]\n\n"
    text = around * 50 + HERE + "\n\n" + around * 200
    found = tuple(scanner.regions(text))
    mark = text.index(HERE)
    with patch.object(structure, "parse", side_effect=AssertionError):
        hurried = enclosing.parse(text, found, [mark])
    whole = structure.parse(text, found, [mark])
    assert hurried.places == whole.places == {mark: ()}
    near = [each for each in whole.elements if each[0] < mark + MOST_LOOKED_AT]
    assert set(near) <= set(hurried.elements) < set(whole.elements)


@pytest.mark.parametrize(
    "text", ["{{a" * 30_000, "[[a" * 30_000, "{{a" + "|" * 300_000, "\n=" * 200_000, nested(101)]
)
def test_what_the_whole_walk_refuses_is_refused(text: str):
    text += HERE
    found = tuple(scanner.regions(text))
    marks = [region.start for region in found]
    with pytest.raises(Refusal) as refused:
        structure.parse(text, found, marks)
    with pytest.raises(Refusal) as hurried:
        enclosing.parse(text, found, marks)
    assert str(hurried.value) == str(refused.value)

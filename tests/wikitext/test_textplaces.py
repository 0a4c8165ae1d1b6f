"""Where texts stand in wikitext; ``○`` is a text in these cases."""

from __future__ import annotations

import pytest

from wikiplan.wikitext import textplaces
from wikiplan.wikitext.textplaces import HOLE, Line, Link, TextPlace


def place(wikitext: str) -> TextPlace:
    (found,) = textplaces.find(wikitext.replace("○", HOLE)).places
    return found


PLACES = [
    ("○", TextPlace()),
    ("* ○", TextPlace(line=Line.ITEM, in_words=True)),
    ("== ○ ==", TextPlace(line=Line.HEADING, in_words=True)),
    ("; ○ : what", TextPlace(line=Line.TERM, in_words=True)),
    ("; term : ○", TextPlace(line=Line.ITEM, in_words=True)),
    ("{{Box|○}}", TextPlace(call="Box")),
    ("{{Box|[[Roses|○]]}}", TextPlace(link=Link.PAGE, in_words=True)),
    ("{{#if:x|○}}", TextPlace(call="#if")),
    ("[[Roses|○]]", TextPlace(link=Link.PAGE, in_words=True)),
    ("[[File:A.png|thumb|○]]", TextPlace(link=Link.FILE, in_words=True)),
    ("[[○|words]]", TextPlace(link=Link.TARGET, in_words=True)),
    ("[//example.org ○]", TextPlace(link=Link.URL, line=Line.LINK, in_words=True)),
    ('<b title="○">x</b>', TextPlace(quote='"', in_words=True)),
    ("<b title=○>x</b>", TextPlace(quote=" ", in_words=True)),
    ("<ref>○</ref>", TextPlace(in_words=True)),
    ("<nowiki>○</nowiki>", TextPlace()),
    ("<gallery>\nA.png|○\n</gallery>", TextPlace(link=Link.FILE, line=Line.CAPTION)),
    ("'''○'''", TextPlace(quotes_before=True, quotes_after=True, in_words=True)),
    ("{|\n○\n|}", TextPlace(begins_line=True)),
    ("{|\n|}\n○", TextPlace()),
    ("| ○", TextPlace(in_words=True)),
    ("<!-- {{ -->○", TextPlace(in_words=True)),
]


@pytest.mark.parametrize(("wikitext", "expected"), PLACES)
def test_the_place_of_a_text_is_found_from_what_stands_around_it(
    wikitext: str, expected: TextPlace
):
    assert place(wikitext) == expected


CELLS = [
    ("{|\n| ○\n|}", True, False, False),
    ("{|\n|○\n|}", True, False, True),
    ("{|\n! ○\n|}", True, True, False),
    ('{|\n| class="x" | ○\n|}', False, False, False),
    ("{|\n| one || ○\n|}", True, False, False),
    ("{|\n| [[one]] ○\n|}", False, False, False),
]


@pytest.mark.parametrize(("wikitext", "bare", "header", "behind_mark"), CELLS)
def test_a_cell_knows_whether_a_bar_would_end_its_attributes(
    wikitext: str, bare: bool, header: bool, behind_mark: bool
):
    found = place(wikitext)
    assert found.cell
    assert (found.bare, found.header, found.behind_mark) == (bare, header, behind_mark)


ARGUMENTS = [
    ("{{Box|○}}", [("Box", 1, False)]),
    ("{{Box|class=x|one|○}}", [("Box", 2, False)]),
    ("{{Box|text=○}}", []),
    ('{{Box|<span class="x">○</span>}}', [("Box", 1, True)]),
    ("{{Box|{{Inner|○}}}}", [("Inner", 1, False)]),
    ("{{#if:x|○}}", []),
    ("{{Template:Box|○}}", [("Template:Box", 1, False)]),
]


@pytest.mark.parametrize(("wikitext", "expected"), ARGUMENTS)
def test_arguments_without_a_name_have_numbers(wikitext: str, expected: list[object]):
    found = textplaces.find(wikitext.replace("○", HOLE)).arguments
    assert [(each.call, each.number, each.named) for each in found] == expected


def test_lists_headings_and_paragraphs_need_no_closer_look():
    plain = "== ○ ==\n\n○ and ○\n* ○ <small>(○)</small>\n** ○".replace("○", HOLE)
    assert not textplaces.may_matter(plain)
    assert all(each.is_plain for each in textplaces.find(plain).places)
    for special in ("{{Box|○}}", "[[A|○]]", "|○", "; ○", '<b title="○">'):
        assert textplaces.may_matter(special.replace("○", HOLE))

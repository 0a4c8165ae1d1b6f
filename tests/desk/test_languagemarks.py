"""What is not translated, and what is outdated, says so in the page."""

from __future__ import annotations

import pytest

from wikiplan.catalogs import State
from wikiplan.desk import languagemarks
from wikiplan.desk.languagemarks import LanguageMarks
from wikiplan.render import PlacedSection
from wikiplan.render.places import UnitPlace

CASES = [
    ("<p>ein Text</p>", "<p>ein Text</p>", 0, 0),
    ('<p lang="de">a</p>', '<p lang="de">a</p>', 0, 0),
    ('<span lang="en">a</span>', '<span lang="en" class="wikiplan-untranslated">a</span>', 1, 0),
    (
        '<div lang="en" class="x">a</div>',
        '<div lang="en" class="x wikiplan-untranslated">a</div>',
        1,
        0,
    ),
    (
        '<span lang="en" class="wikiplan-outdated">a</span>',
        '<span lang="en" class="wikiplan-outdated">a</span>',
        0,
        1,
    ),
    (
        '<span class="mw-translate-fuzzy">a</span>',
        '<span class="mw-translate-fuzzy">a</span>',
        0,
        1,
    ),
    ('<div class="mw-parser-output" lang="en">a</div>',) * 2 + (0, 0),
    ('<p title=" lang=&quot;en&quot;">a</p>', '<p title=" lang=&quot;en&quot;">a</p>', 0, 0),
]


@pytest.mark.parametrize(("html", "shown", "untranslated", "outdated"), CASES)
def test_each_text_is_marked_and_counted(html: str, shown: str, untranslated: int, outdated: int):
    assert languagemarks.marked(html, "de") == LanguageMarks(shown, untranslated, outdated)


def test_only_what_stands_for_an_outdated_translation_is_told_in_the_wikitext():
    old, new = '<span lang="en" dir="ltr">', '<div lang="en" dir="ltr" class="mw-content-ltr">\n'
    text = f"{old}One</span> {old}Two</span>\n{new}* Three\n</div> Vier"
    states = {
        "One": State.OUTDATED,
        "Two": State.UNTRANSLATED,
        "* Three": State.OUTDATED,
        "Vier": State.OUTDATED,
    }
    places = tuple(
        UnitPlace(word, text.index(word), text.index(word) + len(word), "en", word, (), state)
        for word, state in states.items()
    )
    told = languagemarks.with_outdated(PlacedSection("a", text, places, "de"))
    assert told == (
        '<span lang="en" dir="ltr" class="wikiplan-outdated">One</span> '
        '<span lang="en" dir="ltr">Two</span>\n'
        '<div lang="en" dir="ltr" class="mw-content-ltr wikiplan-outdated">\n'
        "* Three\n</div> Vier"
    )

"""Counting what is translated."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wikiplan.catalogs.translation import State
from wikiplan.sync.progress import (
    LanguageProgress,
    Overview,
    PageProgress,
    Tally,
    UnitProgress,
    as_data,
    tally,
)
from wikiplan.value import replace
from wikiplan.wiki.translate import Priority
from wikiplan.wikitext.prose import words_in

JULY, AUGUST = datetime(2021, 7, 1, tzinfo=UTC), datetime(2021, 8, 1, tzinfo=UTC)
DONE = UnitProgress("a.one", "first", "Keep editors safe.", State.TRANSLATED, "Sicherheit.")
OLD = UnitProgress(
    "a.two", "first", "Grow by half.", State.OUTDATED, "Wachstum.", "Grow by a third.", AUGUST
)
OLDER = UnitProgress("a.three", "second", "Be kind.", State.OUTDATED, "Nett.", "", JULY)
MISSING = UnitProgress("a.four", "second", "Be bold.", State.UNTRANSLATED, conflicts=("Mut!",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Keep editors safe.", 3),
        ("'''Operations:''' Carry out [[$office_actions|office actions]].", 5),
        ("The Foundation's high-risk areas, in $target.", 5),
        ("{{PLURAL:$count|$count minute|$count minutes}}", 1),
        ("See [https://example.org the list].", 3),
    ],
)
def test_words_are_those_that_a_reader_sees(text, words):
    assert words_in(text) == words


def test_a_tally_counts_texts_and_words_and_the_oldest():
    assert tally([DONE, OLD, OLDER, MISSING]) == Tally(
        translated=1, outdated=2, untranslated=1, conflicting=1, words=10, words_to_do=7,
        oldest=JULY,
    )  # fmt: skip


def test_only_all_texts_are_a_hundred_percent():
    assert tally([DONE] * 999 + [OLD]).percent == 99
    assert (tally([DONE]).percent, tally([]).percent) == (100, 100)


def page(title: str, *units: UnitProgress, translatable: bool = False) -> PageProgress:
    return PageProgress(title, ("first",), (LanguageProgress("de", units),), translatable)


def test_a_text_of_several_plain_pages_is_one_and_of_translatable_pages_several():
    plain = Overview("x", JULY, (page("A", OLD, OLD), page("B", OLD, DONE)))
    assert (plain.tally().outdated, plain.tally("de").total, plain.tally("fr").total) == (1, 2, 0)
    marked = Overview("x", JULY, (page("A", OLD, translatable=True), page("B", OLD)))
    assert marked.tally().outdated == 2


def test_the_report_says_everything():
    counted = PageProgress("Plan", ("first",), (LanguageProgress("de", (DONE, OLD)),))
    counts = {
        "translated": 1, "outdated": 1, "untranslated": 0, "conflicting": 0, "reviewed": 0,
        "words": 6, "words_to_do": 3, "oldest_outdated": "2021-08-01T00:00:00Z",
    }  # fmt: skip
    unit = {
        "key": "a.two", "section": "first", "english": "Grow by half.",
        "made_for": "Grow by a third.", "diff": ["-Grow by a third.", "+Grow by half."],
        "text": "Wachstum.", "bare": [], "since": "2021-08-01T00:00:00Z", "translator": "",
            "url": "",
    }  # fmt: skip
    assert as_data(Overview("folder:x", JULY, (counted,))) == [
        {
            "title": "Plan", "kind": "plain", "stage": "", "waiting": 0,
            "languages": [
                {
                    "lang": "de", "asked": True, "state": "", **counts,
                    "sections": [{"name": "first", **counts}],
                    "outdated_units": [unit],
                    "conflicts": {},
                }
            ],
        }
    ]  # fmt: skip


def test_the_report_says_what_the_wiki_asks_translators_for():
    reviewed = replace(DONE, reviewed=True)
    german, french = LanguageProgress("de", (reviewed,), "ready"), LanguageProgress("fr", (OLD,))
    languages = german, replace(french, asked=False)
    asked = PageProgress("Plan", (), languages, translatable=True, groups=("Plans",))
    asked = replace(asked, priority=Priority(("de",), force=True))
    (told,) = as_data(Overview("x", JULY, (asked,)))
    assert told["priority"] == {"languages": ["de"], "forced": True}
    assert told["groups"] == ["Plans"]
    assert [(each["asked"], each["state"], each["reviewed"]) for each in told["languages"]] == [
        (True, "ready", 1),
        (False, "", 0),
    ]
    assert asked.of_those_asked_for.percent == 100

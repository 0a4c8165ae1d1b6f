"""Every word of every text is visible where its template puts it, or the check says why not.

Each text of tests/cases/arriving/ in each place there: the suite tries one in so many of them, and
``make arriving`` all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.support import arriving
from tests.support.arriving import (
    ENGLISH,
    ORIGINAL,
    TRANSLATED,
    WAITING,
    Case,
    Place,
    Trial,
    cases,
    texts,
)
from tests.support.mediawiki import MediaWiki
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.errors import Faults

EVERY = 1 if WHOLE else 37
EVERY_TRANSLATABLE = 4 if WHOLE else 61
TOGETHER = 40
"""Cases in a question to the wiki."""
WRITE = bool(os.environ.get("WIKIPLAN_CASES"))


def test_what_the_check_refuses_is_written_down(tmp_path: Path):
    """``WIKIPLAN_CASES=1`` writes it there, for review."""
    every = 1 if WRITE else EVERY
    found = arriving.told(arriving.trial(tmp_path, cases(every)))
    if WRITE:
        arriving.write_refusals(found)
    expected, tried = arriving.refusals(), named(cases(every))
    assert found.pop("everywhere") == expected.pop("everywhere")
    assert found == {
        name: said
        for name, every_said in expected.items()
        if (said := {text: each for text, each in every_said.items() if (name, text) in tried})
    }


def named(tried: Sequence[Case]) -> set[tuple[str, str]]:
    return {(place.name, arriving.as_case(texts()[number].written)) for place, number in tried}


def test_the_check_says_of_a_translation_what_rendering_refuses(tmp_path: Path):
    tried = arriving.translated_trial(tmp_path, cases(EVERY))
    refused = set()
    for case in tried.sound(cases(EVERY)) + list(tried.faults):
        try:
            tried.section(case, TRANSLATED)
        except Faults:
            refused.add(case)
    assert refused == tried.faults.keys()
    assert refused


# On a real wiki


@pytest.fixture(scope="module")
def wiki(mediawiki: MediaWiki) -> MediaWiki:
    for name, text in arriving.boxes():
        mediawiki.edit(f"Template:{name}", text, "Admin")
    return mediawiki


Shown = Callable[[int], str]


def the_text(number: int) -> str:
    return texts()[number].shown


@pytest.mark.wiki
@pytest.mark.parametrize("language", [ENGLISH, WAITING])
def test_english_texts_arrive_on_the_english_page_and_where_they_wait_for_translation(
    wiki: MediaWiki, tmp_path: Path, language: str
):
    tried = arriving.trial(tmp_path, cases(EVERY))
    assert_arrived(wiki, tried, cases(EVERY), language, the_text)


@pytest.mark.wiki
def test_translations_arrive(wiki: MediaWiki, tmp_path: Path):
    tried = arriving.translated_trial(tmp_path, cases(EVERY))
    shown = {n: ORIGINAL if n in tried.refused else the_text(n) for n in range(len(texts()))}
    assert_arrived(wiki, tried, cases(EVERY), TRANSLATED, shown.__getitem__)


def assert_arrived(
    wiki: MediaWiki, tried: Trial, wanted: Sequence[Case], language: str, shown: Shown
) -> None:
    sound = tried.sound(told_by(wiki, wanted))
    rendered = {case: tried.section(case, language) for case in sound}
    assert lost(rendered, shown, lambda wikitext: html_of(wiki, wikitext)) == {}
    print_numbers(language, tried, wanted)


def told_by(wiki: MediaWiki, wanted: Sequence[Case]) -> list[Case]:
    """Leave out the words for a picture where a wiki shows the name of one that is missing."""
    if not wiki.version.startswith("MediaWiki 1.39"):
        return list(wanted)
    return [case for case in wanted if case[0].name != "words for a picture"]


def print_numbers(language: str, tried: Trial, wanted: Sequence[Case]) -> None:
    named = len(wanted) - len(tried.sound(wanted))
    print(f"{language}: {len(wanted) - named} shown, {named} named by the check, 0 wrong")


def html_of(wiki: MediaWiki, wikitext: str) -> str:
    options = {"disableeditsection": 1, "disablelimitreport": 1, "contentmodel": "wikitext"}
    answer = wiki.api(action="parse", text=wikitext, title="Sandbox", prop="text", **options)
    return str(answer["parse"]["text"])


def lost(
    rendered: Mapping[Case, str], shown: Shown, parse: Callable[[str], str]
) -> dict[tuple[str, str], str]:
    """Return what stands on a wiki instead of a text, by the place's name and the text."""
    found = {}
    for case, instead in _missing(rendered, shown, parse, TOGETHER):
        for _ in _missing({case: rendered[case]}, shown, parse, 1):  # others may have broken it
            found[case[0].name, texts()[case[1]].written] = instead
    return found


def _missing(
    rendered: Mapping[Case, str], shown: Shown, parse: Callable[[str], str], together: int
) -> Iterator[tuple[Case, str]]:
    every = list(rendered)
    for start in range(0, len(every), together):
        group = every[start : start + together]
        page = parse("".join(arriving.case(at, rendered[c]) for at, c in enumerate(group)))
        for at, case in enumerate(group):
            if instead := arriving.arrived(page, at, case[0], shown(case[1])):
                yield case, instead


@pytest.mark.translate
@pytest.mark.wiki
def test_units_and_their_translations_arrive_on_translatable_pages(
    translate_wiki: TranslateWiki, tmp_path: Path
):
    for name, text in arriving.boxes():
        translate_wiki.edit(f"Template:{name}", text, "Admin")
    wanted = told_by(translate_wiki, cases(EVERY_TRANSLATABLE))
    english = arriving.trial(tmp_path / "en", wanted, "translatable")
    german = arriving.translated_trial(tmp_path / "de", wanted, "translatable")
    marked(translate_wiki, "English", english, wanted)
    marked(translate_wiki, "German", german, wanted)
    translated = {
        f"Translations:German {place.name}/{arriving.name_of(number)}.body/de": as_unit(
            place, number
        )
        for place, number in german.sound(wanted)
    }
    translate_wiki.fill(translated)
    translate_wiki.run_jobs()
    assert lost_on_pages(translate_wiki, "English", english, wanted, "") == {}
    assert lost_on_pages(translate_wiki, "German", german, wanted, "/de") == {}
    print_numbers("units", english, wanted)
    print_numbers("translations of units", german, wanted)


def as_unit(place: Place, number: int) -> str:
    """Return a translation as it stands on the wiki: a heading's unit has its signs."""
    text = texts()[number].written.replace("$$", "$")
    signs = "=" * int(place.element[1:]) if place.element[0] == "h" else ""
    return f"{signs} {text} {signs}".strip()


def marked(wiki: TranslateWiki, kind: str, tried: Trial, wanted: Sequence[Case]) -> None:
    """Save and mark a page for each place."""
    for place, numbers in by_place(tried.sound(wanted)).items():
        pieces = [arriving.case(number, tried.section((place, number))) for number in numbers]
        wiki.edit(f"{kind} {place.name}", "".join(pieces), "Admin")
        wiki.mark(f"{kind} {place.name}")
    wiki.run_jobs()


def by_place(sound: Sequence[Case]) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = {}
    for place, number in sound:
        found.setdefault(place, []).append(number)
    return found


def lost_on_pages(
    wiki: TranslateWiki, kind: str, tried: Trial, wanted: Sequence[Case], language: str
) -> dict[tuple[str, str], str]:
    found = {}
    for place, numbers in by_place(tried.sound(wanted)).items():
        options = {"disableeditsection": 1, "disablelimitreport": 1}
        page = f"{kind} {place.name}{language}"
        answer = wiki.api(action="parse", page=page, prop="text", **options)
        for number in numbers:
            shown = the_text(number).replace("Sandbox", page[:1].upper() + page[1:])
            if instead := arriving.arrived(answer["parse"]["text"], number, place, shown):
                found[place.name, texts()[number].written] = instead
    return found

"""The translations stand in tests/cases/translationcheck: add lines there."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.catalogs.catalog import load_all
from wikiplan.catalogs.checks import errors, findings
from wikiplan.catalogs.textchecks import failures
from wikiplan.catalogs.translation import State
from wikiplan.l10n import languages
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, Link, Number
from wikiplan.plan.plan import Term
from wikiplan.plan.units import Unit

CASES = Path(__file__).parents[1] / "cases" / "translationcheck"
DATA = Path(__file__).parents[2] / "data"
VALUES = {
    "ts": Link(page="Trust and Safety", title="Trust and Safety"),
    "charter": Link(page="Movement Charter", title="Movement Charter", translatable=True),
    "stream": Link(url="https://example.org/", title="The stream"),
    "date": Date("2022-01"),
    "count": Number(60),
}
GLOSSARY = (
    Term("Head of Trust and Safety", {"de": ("Leitung",)}),
    Term("Trust and Safety", {"de": ("Vertrauen und Sicherheit",), "ar": ("الثقة والسلامة",)}),
    Term("Human Rights", {"de": ("Menschenrechte", "Menschenrechten")}),
    Term("office hours", {"de": ("Sprechstunden",)}),
    Term("Phabricator", {"ar": ("Phabricator",)}),
)


def unit(english: str) -> Unit:
    return Unit("a.b", english, VALUES)


def cases(name: str) -> list[tuple[str, ...]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line and not line.startswith("# ")]
    return [tuple(map(typed, re.split(r" \|(?: |$)", line))) for line in told]


def typed(text: str) -> str:
    text = re.sub("⟦([0-9A-F]{4})⟧", lambda match: chr(int(match[1], 16)), text)
    return text.strip().replace("⏎", "\n").replace("␣", " ")


def told(english: str, text: str, language: str = "de", *, outdated: bool = False) -> list[str]:
    return list(map(str, findings(unit(english), text, language, GLOSSARY, outdated=outdated)))


@pytest.mark.parametrize(("language", "english", "text"), cases("accepted.txt"))
def test_a_sound_translation_is_accepted(language: str, english: str, text: str):
    assert findings(unit(english), text, language) == ()


@pytest.mark.parametrize(("language", "english", "text", "expected"), cases("refused.txt"))
def test_what_is_wrong_is_said_with_the_way_out(
    language: str, english: str, text: str, expected: str
):
    found = findings(unit(english), text, language)
    assert " ¦ ".join(map(str, found)) == expected


def test_a_last_line_break_is_told_in_words_of_the_translators_file():
    assert told("Red roses", "Rote Rosen\n")[0] == (
        "the translation ends with a line break; delete it (in a PO file, the “\\n” at the end)"
    )


def test_other_words_than_the_glossary_has_are_a_warning():
    assert told("[[$ts|Trust and Safety]]", "[[$ts|Trust & Safety]]") == [
        "warning: the translation has other words for “Trust and Safety” than the glossary; "
        "write “Vertrauen und Sicherheit”"
    ]
    assert told("The Human Rights team", "Das Team für Rechte") == [
        "warning: the translation has other words for “Human Rights” than the glossary; "
        "write “Menschenrechte” or “Menschenrechten”"
    ]


@pytest.mark.parametrize(
    ("english", "text"),
    [
        ("[[$ts|Trust and Safety]]", "[[$ts|Vertrauen und\N{NO-BREAK SPACE}Sicherheit]]"),
        ("The Human Rights team", "Das Team der MENSCHENRECHTE"),
        ("Their human rights are violated", "Ihre Rechte werden verletzt"),
        ("Head of Trust and Safety", "Leitung der Gruppe"),
        ("[[$ts|The team]]", "[[$ts|Das Team]]"),
    ],
)
def test_the_glossary_leaves_inflections_common_words_and_targets_alone(english, text):
    assert told(english, text) == []


def test_a_term_in_small_letters_is_found_with_capitals_too():
    assert len(told("Office hours", "Bürostunden")) == 1


def test_vowel_signs_make_no_other_word():
    assert told("Trust and Safety", "الثِّقة والسَّلامة", "ar") == []


def test_a_name_that_the_glossary_keeps_may_stand_in_other_letters():
    assert told("Phabricator", "Phabricator", "ar") == []


def test_an_outdated_translation_is_not_compared_with_the_new_english():
    text = "Bis dann: [[$old|Team]] und noch sehr viel mehr Wörter als im Englischen"
    assert told("[[$ts|Trust and Safety]].", text, outdated=True) == [
        "warning: the translation uses $old, which is not defined; take the names from the English"
    ]
    assert told("{{PLURAL:$count|x|y}}", "{{PLURAL:$count|x}} ~~~~", outdated=True) == [
        "the translation holds a signature (“~~~~”); remove the tildes",
        "warning: in the translation the plural of $count has 1 form, but de has 2; "
        "write the forms for 1, 0, in this order",
    ]


def test_an_empty_translation_is_told_as_nothing_else():
    assert told("Red roses", " ") == ["the translation is empty; write the text"]


def test_a_text_that_is_too_long_or_too_complex_to_judge_is_an_error():
    assert told("Red roses", "x" * 10_001) == [
        "the translation has 10001 characters and 0 templates, too many to judge; "
        "keep to 10000 and 100"
    ]
    deep = "[[a|" * 60 + "x" + "]]" * 60
    assert any("too complex" in message for message in told("Red roses", deep))


@pytest.mark.parametrize(
    "piece", ["x", "x-", "[[", "[[a|", "{", " ", "$ts", "a ", "PLURAL ", "'", "<", "\u202b", "薔x"]
)
def test_a_hostile_text_is_judged_in_a_second(piece: str):
    started = time.process_time()
    for language in ("ar", "de", "ja"):
        told("Red roses", piece * (10_000 // len(piece)), language)
    assert time.process_time() - started < 3


def test_the_sample_catalogs_have_no_findings():
    loaded = plan.load(DATA)
    catalogs = load_all(DATA / "locale", loaded.languages[1:])
    for language, catalog in catalogs.items():
        for each in loaded.units.values():
            entry = catalog.get(each)
            outdated = entry.state is State.OUTDATED
            if entry.state is not State.UNTRANSLATED:
                found = findings(each, entry.text, language, loaded.glossary, outdated=outdated)
                assert found == (), (language, each.key)


def test_translations_that_change_places_are_told():
    """A catalog shifted by one entry is damage that no syntax shows."""
    loaded = plan.load(DATA)
    catalog = load_all(DATA / "locale", ["de"])["de"]
    units = list(loaded.units.values())
    texts = [catalog.get(each).text for each in units]
    shifted = zip(units, texts[1:], strict=False)
    assert sum(bool(findings(each, text, "de", loaded.glossary)) for each, text in shifted) > 30


def test_every_language_of_mediawiki_can_be_checked():
    for code in languages.known():
        text = "{{PLURAL:$count|a|b|c|d|e|f|g}} x x"
        assert findings(unit("{{PLURAL:$count|a|b}} y"), text, code)
        list(failures("Red roses.", "x", code, ("endpunc", "unchanged", "doublewords", "urls")))


PIECES = ["[[", "]]", "{{", "}}", "|", "$ts", "$count", "$", "PLURAL:", "'''", "<b>", "</b>", " "]
PIECES += [
    "ورد",
    "roses",
    "Rose",
    "薔薇",
    "\u202b",
    "\u2069",
    "\u202c",
    "\u200f",
    ".",
    "~~~~",
    "\n",
]


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=9),
    st.lists(st.sampled_from(PIECES), max_size=9),
    st.sampled_from(["ar", "de", "ja", "th", "sr"]),
)
def test_any_text_is_judged_and_the_same_markup_is_no_change(english, text, language):
    found = findings(unit("".join(english)), "".join(text), language, GLOSSARY)
    assert list(found) == sorted(found, key=lambda each: each.warning)
    alone = errors(unit("".join(english)), "".join(text))
    assert alone == tuple(each for each in found if not each.warning)
    same = findings(unit("".join(text)), "".join(text), language)
    assert not any(
        "has lost" in each.message or "which the English" in each.message for each in same
    )

"""What a translation's markup, plurals and words are compared for, each check by itself.

Whole judgements stand in tests/cases/translationcheck (see test_checks_translationcheck.py); here
are the cases of tests/cases/textchecks: add lines there.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from tests.support.wikicases import CASES
from wikiplan.catalogs import textchecks
from wikiplan.catalogs.textchecks import failures, form_findings, lost_plurals, markup_findings
from wikiplan.l10n import plural_forms_of
from wikiplan.plan.facttypes import Link, Number
from wikiplan.plan.units import Unit

TEAM = Link(page="Team", title="The team")
VALUES = {"team": TEAM, "site": Link(url="https://example.org/", title="Site"), "n": Number(3)}


def cases(name: str) -> list[tuple[str, ...]]:
    """Return the lines of a file, each cut at `` | ``; a blank one or a comment is none."""
    lines = (CASES / "textchecks" / name).read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line and not line.startswith("# ")]
    return [tuple(part.strip() for part in re.split(r" \|(?: |$)", line)) for line in told]


@pytest.mark.parametrize(("english", "text", "expected"), cases("markup.txt"))
def test_markup_that_was_lost_changed_or_added_is_told(english: str, text: str, expected: str):
    found = markup_findings(Unit("a.b", english, VALUES), text)
    assert " ¦ ".join(map(str, found)) == expected


@pytest.mark.parametrize(("language", "text", "expected"), cases("plurals.txt"))
def test_a_plural_has_the_forms_of_its_language(language: str, text: str, expected: str):
    assert " ¦ ".join(map(str, form_findings(text, language))) == expected


def test_a_plural_that_is_gone_is_told_where_the_language_tells_numbers_apart():
    english = "{{PLURAL:$n|one|$n}} and {{PLURAL:$n|it|them}} and {{PLURAL:$m|x|y}}"
    assert [str(each) for each in lost_plurals(english, "{{PLURAL:$m|a|b}}", "de")] == [
        "warning: the translation has lost the plural of $n; "
        "write {{PLURAL:$n|…}} with the forms of de"
    ]
    for language in ("ja", "hu", "tr", "fa"):
        assert list(lost_plurals(english, "", language)) == []


@pytest.mark.parametrize(("language", "english", "text", "expected"), cases("words.txt"))
def test_how_the_words_look_beside_the_english_is_told(
    language: str, english: str, text: str, expected: str
):
    found = [
        *textchecks.own_word_findings(english, text, language),
        *textchecks.word_findings(english, text, language),
    ]
    assert " ¦ ".join(map(str, found)) == expected


def test_a_text_is_short_or_long_from_a_length_on_at_which_that_says_something():
    english = "x" * textchecks.LEAST_ENGLISH
    short = "the translation is much shorter than the English; look for what is missing"
    told = [str(each) for each in textchecks.word_findings(english, "y" * 6, "de")]
    assert told == [f"warning: {short}"]
    assert list(textchecks.word_findings(english, "y" * 7, "de")) == []
    assert list(textchecks.word_findings(english[1:], "y", "de")) == []
    assert list(textchecks.word_findings("x", "y" * (textchecks.LEAST_TRANSLATION - 1), "de")) == []
    assert len(list(textchecks.word_findings("x", "y" * 40, "de"))) == 1


def test_the_filters_of_the_toolkit_are_asked_by_name_and_keep_no_text():
    found = dict(failures("See x.", "Siehe x", "de", ("endpunc", "doublespacing")))
    assert list(found) == ["endpunc"]
    assert not textchecks._checker("de").results_cache  # it would keep every text


PIECES = ["[[", "]]", "{{x}}", "|", "$team", "'''", "<b>", "</b>", "a", " ", "{{PLURAL:$n|a|b}}"]


@settings(max_examples=examples(40))
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_text_has_lost_nothing_beside_itself(text: str):
    assert list(markup_findings(Unit("a.b", text, VALUES), text)) == []
    assert list(lost_plurals(text, text, "de")) == []


def test_a_plural_with_a_form_for_each_number_of_a_language_is_complete():
    for language in ("ar", "de", "ja", "pl", "he", "cy"):
        forms = "|".join("$n x" for _ in plural_forms_of(language))
        assert list(form_findings(f"{{{{PLURAL:$n|{forms}}}}}", language)) == []

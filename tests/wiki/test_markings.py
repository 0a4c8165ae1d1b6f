"""Which English a translation was made for, told from the log of markings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.wiki.markings import MarkedText, Markings, Then

START = datetime(2021, 7, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def markings(*texts: str | None) -> Markings:
    """Return markings ten days apart; ``None`` is one without the unit."""
    return Markings(
        [
            MarkedText(day(10 * number), {} if text is None else {"goal": text})
            for number, text in enumerate(texts)
        ]
    )


CASES = [
    pytest.param(("Old.", "New."), 5, Then("Old.", day(10)), id="the English changed once"),
    pytest.param(("Old.", "Mid.", "New."), 5, Then("Old.", day(10)), id="it changed twice"),
    pytest.param(("Old.", "Mid.", "New."), 15, Then("Mid.", day(20)), id="written in between"),
    pytest.param(("Old.", "Old.", "New."), 5, Then("Old.", day(20)), id="marked without change"),
    pytest.param(("Old.", "New.", "New."), 5, Then("Old.", day(10)), id="marked again after it"),
    pytest.param(("Old.", None, "New."), 5, Then("Old.", day(20)), id="gone for a while"),
    pytest.param(("New.",), 5, Then("", None), id="a person marked it as outdated"),
    pytest.param(("Old.", "New."), 15, Then("", None), id="sent as outdated later"),
    pytest.param((None, "New."), 5, Then("", None), id="written before anything that is known"),
    pytest.param(("Old.", "New."), 10, Then("", None), id="written at the moment of the marking"),
]


@pytest.mark.parametrize(("texts", "written", "expected"), CASES)
def test_what_an_outdated_translation_was_made_for(texts, written, expected):
    assert markings(*texts).then("goal", day(written), "New.") == expected


def test_another_unit_is_not_asked():
    assert markings("Old.", "New.").then("other", day(5), "New.") == Then("", None)


@settings(max_examples=examples(50))
@given(st.lists(st.sampled_from(["a", "b", None]), min_size=1), st.integers(0, 100))
def test_what_is_told_was_the_english_at_that_time_and_ended_after_it(texts, written):
    english = texts[-1] or "now"
    then = markings(*texts).then("goal", day(written), english)
    known = [text for number, text in enumerate(texts) if text and 10 * number <= written]
    assert then.english in ("", known[-1] if known else "")
    assert then.ended is None or (then.english and then.ended > day(written))

"""Units with their variables filled in, and the language they are read in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.smallplan import NOW
from wikiplan.catalogs.translation import State, Translation
from wikiplan.errors import Faults
from wikiplan.l10n.localise import Localiser
from wikiplan.plan.facttypes import (
    Date,
    Fact,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    NextEvent,
    Number,
    Time,
    Verbatim,
)
from wikiplan.plan.units import Unit
from wikiplan.render.facts import LocalFacts
from wikiplan.render.sources import SourcesRecord
from wikiplan.render.wording import Wording, by_clock, facts_by_language, fill

CASES = Path(__file__).parents[1] / "cases" / "wording"
VALUES = {
    "boats": Link(page="Boats", title="The boats", translatable=True),
    "map": Link(url="https://example.org/?a=1&b=2", title="The map"),
    "cat": Link(page="Category:Boats", title="All boats"),
    "n": Number(3),
    "one": Number(1),
    "year": FiscalYear(2020),
    "month": Date("2022-01"),
    "hour": Time(datetime(2022, 1, 1, 16, tzinfo=UTC)),
    "bad": Name("[[x]] {{y}}"),
    "nora": Name("Nora"),
    "avi": Name("אבי"),
    "call": Verbatim("{{x|[[y]]}}"),
}
UNIT = Unit("a.b", "The $n boats", {"n": Number(3)}, file="x.yaml", line=4, column=9)


def fill_cases() -> list[list[str]]:
    text = (CASES / "fill.txt").read_text(encoding="utf-8")
    return [block.splitlines() for block in text.split("\n\n")[1:]]


@pytest.mark.parametrize(("language", "text", "expected"), fill_cases())
def test_a_text_is_filled_in_as_written_down(language: str, text: str, expected: str):
    assert fill(text, VALUES, LocalFacts(Localiser(language))) == expected


class Texts:
    """A catalog with one text in one state."""

    def __init__(self, state: State, text: str = "") -> None:
        self._translation = Translation("a.b", text, state)

    def get(self, unit: Unit) -> Translation:
        return self._translation


def wording(language: str, fallback: str = "english", **catalogs: Texts) -> Wording:
    named = {code.replace("_", "-"): texts for code, texts in catalogs.items()}
    return Wording(language, "en", fallback, named, facts_by_language({}), NOW)


NEW = Texts(State.TRANSLATED, "Die $n Boote")
OLD = Texts(State.OUTDATED, "Die $n Schiffe")
NONE = Texts(State.UNTRANSLATED)
GERMAN = '<span lang="de" dir="ltr">Die 3 Boote</span>'
ENGLISH = '<span lang="en" dir="ltr">The 3 boats</span>'


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (wording("en", de=NEW), "The 3 boats"),
        (wording("de", de=NEW), "Die 3 Boote"),
        (wording("de", de=OLD), ENGLISH),
        (
            wording("de", "outdated", de=OLD),
            '<span class="mw-translate-fuzzy">Die 3 Schiffe</span>',
        ),
        (wording("de", de=NONE), ENGLISH),
        (wording("de"), ENGLISH),
        (wording("de-at", de=NEW), GERMAN),
        (wording("de-at", de_at=NONE, de=NEW), GERMAN),
        (wording("de-at", de_at=OLD, de=NEW), GERMAN),
        (wording("de-at", de=OLD), ENGLISH),
        (wording("als", gsw=NONE, de=NEW), GERMAN),
        (wording("fr", de=NEW), ENGLISH),
    ],
)
def test_the_nearest_current_text_is_read_and_its_language_marked(words: Wording, text: str):
    assert words.text(UNIT) == text


def test_a_paragraph_in_another_language_is_a_block_of_its_own():
    assert wording("ar").text(UNIT, block=True) == (
        '<div lang="en" dir="ltr" class="mw-content-ltr">\nThe 3 boats\n</div>'
    )


def test_what_does_not_read_as_a_current_translation_is_remembered():
    missing, old = wording("de", de=NONE), wording("de", de=OLD)
    missing.text(UNIT)
    old.text(UNIT)
    assert (list(missing.untranslated), list(missing.outdated)) == (["a.b"], [])
    assert (list(old.untranslated), list(old.outdated)) == ([], ["a.b"])
    assert old.shows_other_languages
    assert not old.shows_outdated


def test_a_translation_that_cannot_be_stored_is_told_with_its_unit_and_language():
    broken = Texts(State.TRANSLATED, "Die\x0b Boote")
    with pytest.raises(Faults) as caught:
        wording("de", de=broken).text(UNIT)
    assert str(caught.value) == (
        "x.yaml:4:9: a.b: the text in de holds U+000B, which no page can store; "
        "remove the character"
    )


HOUR = timedelta(hours=1)
EVENTS = NextEvent(((NOW, NOW + HOUR), (NOW + 24 * HOUR, NOW + 25 * HOUR)), Name("–"))


@pytest.mark.parametrize(
    ("now", "value", "until"),
    [
        (NOW - HOUR, Date("2021-07-01"), NOW + HOUR),
        (NOW + HOUR, Date("2021-07-02"), NOW + 25 * HOUR),
        (NOW + 25 * HOUR, Name("–"), None),
    ],
)
def test_the_next_event_is_told_until_it_has_ended(
    now: datetime, value: Fact, until: datetime | None
):
    sources = SourcesRecord()
    assert by_clock("On $next.", {"next": EVENTS, "x": Name("x")}, now, sources)["next"] == value
    assert sources.until == until


def test_the_clock_decides_nothing_where_no_event_is_named():
    sources, values = SourcesRecord(), {"next": EVENTS}
    assert by_clock("On $other.", values, NOW, sources) is values
    assert sources.until is None


def test_what_stands_for_no_event_is_a_name_like_others():
    sources, label = SourcesRecord(), NamedUnit("labels.no-next-event", "not fixed")
    values = by_clock("$next", {"next": NextEvent((), label)}, NOW, sources)
    assert (values["next"], [*sources.asked]) == (label, ["labels.no-next-event"])

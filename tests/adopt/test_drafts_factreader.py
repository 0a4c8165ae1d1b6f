"""Facts in texts are found where rendering would write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.adopt import drafts
from wikiplan.adopt.drafts import FactReader
from wikiplan.l10n.fiscalyears import Years
from wikiplan.l10n.localise import Localiser
from wikiplan.plan.facttypes import Date, FiscalYear
from wikiplan.render.facts import LocalFacts

LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "he", "hi", "ja", "ru")


def found(code: str, text: str) -> list[tuple[str, str]]:
    reader = drafts.best_reader(code, [text])
    return [(value(each.fact), text[each.start : each.stop]) for each in reader.facts_in(text)]


def value(fact: drafts.Fact) -> str:
    return fact.value if isinstance(fact, Date) else f"FY{fact.first}"


@pytest.mark.parametrize(
    ("code", "text", "facts"),
    [
        ("en", "It starts in January 2022.", [("2022-01", "January 2022")]),
        ("en", "On January 15, 2022, in 2021–2022", [
            ("2022-01-15", "January 15, 2022"), ("FY2021", "2021–2022"),
        ]),
        ("de", "am 15. Januar 2022", [("2022-01-15", "15. Januar 2022")]),
        ("ja", "2022年1月15日", [("2022-01-15", "2022年1月15日")]),
        ("ja", "2022年1月から", [("2022-01", "2022年1月")]),
        ("ar", "في يناير/كانون الثاني 2022", [("2022-01", "يناير/كانون الثاني 2022")]),
        ("ar", "في يناير 2022", [("2022-01", "يناير 2022")]),
        ("ar", '<bdi dir="ltr">2020–2021</bdi>', [("FY2020", '<bdi dir="ltr">2020–2021</bdi>')]),
    ],
)  # fmt: skip
def test_facts_are_found_as_their_language_writes_them(code, text, facts):
    assert found(code, text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "15 January 2022",  # not as rendering writes it: it would read otherwise
        "2020–2022",
        "the 2021 elections",
        "[[Plan 2020–2021|the plan]]",
        "[https://example.org/2020–2021 the plan]",
        "https://example.org/2020–2021",
        "12020–20213",
    ],
)
def test_what_is_no_fact_stays_words(text):
    assert found("en", text) == []


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(LANGUAGES), st.dates(), st.booleans())
def test_every_date_that_rendering_writes_is_found(code, day, whole):
    day = day.replace(year=2000 + day.year % 60)
    fact = Date(day.isoformat() if whole else f"{day:%Y-%m}")
    written = str(LocalFacts(Localiser(code)).date(fact.value))
    assert [each.fact for each in FactReader(code).facts_in(f"({written})")] == [fact]


@pytest.mark.parametrize(
    ("code", "text", "overrides", "facts"),
    [
        ("en", "FY22, after FY 21 and FY21", {"fiscal-year": "FY22"}, ["2021-2022", "2020-2021"]),
        ("ar", "2020-2021", {"fiscal-year": "2021-2022"}, ["2020-2021"]),
        ("ar", "٢٠٢٠-٢٠٢١", {"digits": "native", "fiscal-year": "2021-2022"}, ["2020-2021"]),
        ("fr", "2019/20", {"fiscal-year": "2021/22"}, ["2019-2020"]),
        ("de", "2019–20", {"fiscal-year": "2021–22"}, ["2019-2020"]),
        ("en", "2019–2020, not 2020-21", {}, ["2019-2020"]),
        ("en", "2011-12, 2011-12-05, [[2020-2021]], 2018-2020", {}, []),
    ],
)
def test_years_are_found_as_most_of_a_language_s_texts_write_them(code, text, overrides, facts):
    reader = drafts.best_reader(code, [text])
    assert reader.overrides == overrides
    assert [str(each.fact) for each in reader.facts_in(text)] == facts


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_fiscal_year_that_rendering_writes_is_found(code):
    written = str(LocalFacts(Localiser(code)).fiscal_year(Years(2021, 2022)))
    reader = FactReader(code)
    assert [each.fact for each in reader.facts_in(f"({written})")] == [FiscalYear(2021)]

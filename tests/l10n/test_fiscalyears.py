"""Fiscal years: what the plan writes, when they begin, and how readers see them."""

from __future__ import annotations

import pytest

from wikiplan.l10n import fiscalyears
from wikiplan.l10n.fiscalyears import (
    Years,
    check_date,
    is_in,
    is_near,
    parse_fiscal_year,
    parse_part,
    span,
)
from wikiplan.l10n.localise import Localiser

JANUARY, APRIL, JULY, OCTOBER = 1, 4, 7, 10
NO_DATE = "is not a date; write it like 2022-01-15, 2022-01 or Q2 2021-2022"
YEARS, CALENDAR_YEAR = Years(2019, 2020), Years(2005, 2005)


@pytest.mark.parametrize(("text", "years"), [("2019-2020", YEARS), ("2005", CALENDAR_YEAR)])
def test_a_fiscal_year_is_in_two_calendar_years_or_in_one(text: str, years: Years):
    assert parse_fiscal_year(text) == years
    assert str(years) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2020-21", "“2020-21” is not a fiscal year; write it like 2020-2021, or 2022"),
        ("FY22", "“FY22” is not a fiscal year; write it like 2020-2021, or 2022"),
        ("0000", "“0000” is not a fiscal year; write it like 2020-2021, or 2022"),
        (
            "2020-2022",
            "the fiscal year 2020-2022 does not end one year after its start; write 2020-2021",
        ),
    ],
)
def test_what_is_no_fiscal_year_is_told(text: str, told: str):
    with pytest.raises(ValueError, match="fiscal year") as refused:
        parse_fiscal_year(text)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("years", "starts", "inside", "outside"),
    [
        (YEARS, JULY, ["2019-07", "2019-07-01", "2021-06-30", "2020-01"], ["2019-06", "2021-07"]),
        (YEARS, OCTOBER, ["2019-10", "2021-09-30"], ["2019-09-30", "2021-10-01"]),
        (YEARS, APRIL, ["2019-04", "2021-03"], ["2019-03", "2021-04"]),
        (CALENDAR_YEAR, JANUARY, ["2005-01", "2006-12-31"], ["2004-12", "2007-01"]),
    ],
)
def test_a_date_is_near_a_year_until_the_next_one_ends(years, starts, inside, outside):
    assert {day: is_near(day, years, starts) for day in (*inside, *outside)} == {
        **dict.fromkeys(inside, True),
        **dict.fromkeys(outside, False),
    }


@pytest.mark.parametrize(
    ("text", "starts", "months"),
    [
        ("Q1 2019-2020", JULY, ("2019-07", "2019-09")),
        ("Q2 2019-2020", JULY, ("2019-10", "2019-12")),
        ("Q3 2019-2020", OCTOBER, ("2020-04", "2020-06")),
        ("Q4 2019-2020", APRIL, ("2020-01", "2020-03")),
        ("H1 2019-2020", JULY, ("2019-07", "2019-12")),
        ("H2 2019-2020", OCTOBER, ("2020-04", "2020-09")),
        ("Q4 2005", JANUARY, ("2005-10", "2005-12")),
        ("H2 2005", JULY, ("2005-07", "2005-12")),
        ("2019-07", JULY, ("2019-07", "2019-07")),
        ("2019-07-31", JULY, ("2019-07", "2019-07")),
    ],
)
def test_a_quarter_and_a_half_have_the_months_of_their_year(text, starts, months):
    check_date(text)
    assert span(text, starts) == months


def test_the_parts_of_a_year_follow_each_other_to_its_end():
    for starts in range(2, 13):
        parts = [parse_part(f"Q{number} 2019-2020") for number in range(1, 5)]
        months = [part.months(starts) for part in parts if part]
        assert (months[0][0], months[-1][1]) == YEARS.months(starts)
        assert all(is_in(f"H{half} 2019-2020", YEARS, starts) for half in (1, 2))
        ends = [_number(last) for _, last in months]
        assert [_number(first) for first, _ in months[1:]] == [end + 1 for end in ends[:-1]]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Q5 2019-2020", f"“Q5 2019-2020” {NO_DATE}"),
        ("H3 2022", f"“H3 2022” {NO_DATE}"),
        ("q2 2022", f"“q2 2022” {NO_DATE}"),
        ("Q2 2021-22", "“2021-22” is not a fiscal year; write it like 2020-2021, or 2022"),
        (
            "H1 2021-2023",
            "the fiscal year 2021-2023 does not end one year after its start; write 2021-2022",
        ),
    ],
)  # fmt: skip
def test_what_is_no_part_of_a_year_is_told(text: str, told: str):
    with pytest.raises(ValueError, match=r"write it like|does not end") as refused:
        check_date(text)
    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("day", "near", "inside"),
    [
        ("Q1 2019-2020", True, True),
        ("H2 2019-2020", True, True),
        ("Q4 2020-2021", True, False),
        ("Q4 2018-2019", False, False),
        ("Q3 2019", True, True),  # of the calendar: July to September
        ("H1 2019", False, False),
        ("2019-06", False, False),
        ("2019-07-01", True, True),
        ("2020-06-30", True, True),
        ("2020-07", True, False),
    ],
)
def test_a_date_is_in_its_year_near_it_or_out_of_it(day: str, near: bool, inside: bool):
    assert (is_near(day, YEARS, JULY), is_in(day, YEARS, JULY)) == (near, inside)


@pytest.mark.parametrize(
    ("form", "two", "one"),
    [
        ("", "2019–2020", "2005"),
        ("2021–2022", "2019–2020", "2005–2005"),
        ("2021-22", "2019-20", "2005-05"),
        ("21/22", "19/20", "05/05"),
        ("FY22", "FY20", "FY05"),
        ("FY 2022", "FY 2020", "FY 2005"),
        ("2022", "2020", "2005"),
        ("٢٠٢١-٢٠٢٢", "2019-2020", "2005-2005"),
    ],
)
def test_a_year_is_written_after_the_example_of_the_one_that_ends_in_2022(form, two, one):
    fiscalyears.check_form(form or "2022")
    assert ["".join(fiscalyears.parts(form, each)) for each in (YEARS, CALENDAR_YEAR)] == [two, one]


@pytest.mark.parametrize(
    "form", ["FY23", "2020–2021", "FY", "", "2022" + "." * 60, "2021–2022–2023"]
)
def test_what_is_no_example_of_a_year_is_told(form: str):
    with pytest.raises(ValueError, match="is no way to write a fiscal year") as refused:
        fiscalyears.check_form(form)
    assert str(refused.value) == (
        f"“{form}” is no way to write a fiscal year; write the one that ends in 2022, like "
        "2021–2022, 2021-22, FY22 or 2022"
    )


@pytest.mark.parametrize(
    ("code", "overrides", "written"),
    [
        ("ar", {"digits": "native", "fiscal-year": "2021-22"}, "٢٠١٩-٢٠"),
        ("fa", {"fiscal-year": "FY22"}, "FY۲۰"),
        ("hi", {"fiscal-year": "2021–22"}, "2019–20"),
        ("bn", {}, "২০১৯–২০২০"),
    ],
)
def test_a_language_writes_its_own_digits_in_its_own_form(code, overrides, written):
    assert Localiser(code, overrides).fiscal_year(YEARS) == written

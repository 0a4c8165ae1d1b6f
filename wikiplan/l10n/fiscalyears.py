"""Fiscal years, their quarters and halves: how the plan writes them, and how readers see them.

The plan writes ``2020-2021`` for a year in two calendar years, wherever it begins, and ``2022`` for
one that is a calendar year. How readers see it is told by an example: the year that ends in 2022.
``Q2 2020-2021`` is that year's second quarter, ``H1 2022`` the first half of a calendar year.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

from wikiplan.errors import Invalid
from wikiplan.l10n.dates import parse_date

Month = Literal[
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
]  # fmt: skip
MONTHS: tuple[str, ...] = get_args(Month)
JULY = 7
"""When a fiscal year begins where nobody says otherwise."""

IN_TWO_YEARS, IN_ONE_YEAR = "2021–2022", "2022"
"""How years are written where nobody says otherwise."""

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_PART = re.compile(r"(Q[1-4]|H[12]) (\S+)", re.ASCII)
_NUMBER = re.compile(r"([0-9]+)")
_MOST_CHARACTERS = 60

QUARTER, HALF = "Q", "H"
PARTS = ("Q1", "Q2", "Q3", "Q4", "H1", "H2")
_MONTHS_OF_PART = {QUARTER: 3, HALF: 6}


class Years(NamedTuple):
    """The calendar years in which a fiscal year begins and ends; one year may be both."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first:04}" if self.in_one else f"{self.first:04}-{self.last:04}"

    @property
    def in_one(self) -> bool:
        """Whether it is a calendar year."""
        return self.first == self.last

    def months(self, starts: int) -> tuple[str, str]:
        """Return the first and the last month of the year, like ``2021-07``, by its first month."""
        if self.in_one:
            return f"{self.first:04}-01", f"{self.last:04}-12"
        return f"{self.first:04}-{starts:02}", f"{self.last:04}-{starts - 1:02}"


class Part(NamedTuple):
    """A quarter or a half of a fiscal year, counted from 1."""

    sign: str
    number: int
    years: Years

    def months(self, starts: int) -> tuple[str, str]:
        """Return the part's first and last month, by the first month of its year."""
        first, _ = self.years.months(starts)
        length = _MONTHS_OF_PART[self.sign]
        year, month = int(first[:4]), int(first[5:])
        begins = year * 12 + month - 1 + (self.number - 1) * length
        return _month(begins), _month(begins + length - 1)


def _month(since_zero: int) -> str:
    """Return a month by its number since the year 0."""
    return f"{since_zero // 12:04}-{since_zero % 12 + 1:02}"


def parse_part(text: str) -> Part | None:
    """Return the quarter or half of ``Q2 2020-2021``; None for a text that is none."""
    match = _PART.fullmatch(text)
    return Part(text[0], int(text[1]), parse_fiscal_year(match[2])) if match else None


def check_date(text: str) -> None:
    """Refuse what is no day, month, quarter or half of a year."""
    if not parse_part(text):
        parse_date(text)


def span(day: str, starts: int) -> tuple[str, str]:
    """Return the first and the last month of a date, by the first month of fiscal years."""
    if part := parse_part(day):
        return part.months(starts)
    year, month, _ = parse_date(day)
    return f"{year:04}-{month:02}", f"{year:04}-{month:02}"


def parse_fiscal_year(text: str) -> Years:
    """Return the calendar years of ``2020-2021``, or of ``2022``."""
    match = _WRITTEN.fullmatch(text)
    if not match or int(match[1]) == 0:
        raise Invalid(
            "no-fiscal-year", f"“{text}” is not a fiscal year; write it like 2020-2021, or 2022"
        )
    first = int(match[1])
    if match[2] and int(match[2]) != first + 1:
        raise Invalid(
            "odd-fiscal-year",
            f"the fiscal year {text} does not end one year after its start; "
            f"write {first:04}-{first + 1:04}",
        )
    return Years(first, int(match[2] or first))


def is_near(day: str, years: Years, starts: int) -> bool:
    """Say whether a date like ``2022-01-15`` is in a fiscal year, or in the next one."""
    begins, ends = span(day, starts)
    first, _ = years.months(starts)
    _, last = Years(years.first + 1, years.last + 1).months(starts)
    return first <= begins and ends <= last


def is_in(day: str, years: Years, starts: int) -> bool:
    """Say whether a date like ``2022-01-15`` is in a fiscal year as a whole."""
    begins, ends = span(day, starts)
    first, last = years.months(starts)
    return first <= begins and ends <= last


# How readers see a year, told by the example of the one that ends in 2022.


def check_form(form: str) -> None:
    """Refuse what is no way of writing the year that ends in 2022."""
    numbers = _NUMBER.findall(in_ascii(form))
    if not numbers or {*numbers} - {"2021", "2022", "21", "22"} or len(form) > _MOST_CHARACTERS:
        raise Invalid(
            "no-way-to-write-years",
            f"“{form}” is no way to write a fiscal year; write the one that ends in 2022, like "
            "2021–2022, 2021-22, FY22 or 2022",
        )


def in_ascii(form: str) -> str:
    """Return a text with the digits 0–9 for those of any script."""
    return "".join(str(int(each)) if each.isdecimal() else each for each in form)


def parts(form: str, years: Years) -> list[str]:
    """Return a year as the form has it: words and numbers in turn, words first; some may be empty.

    Without a form it is written in the usual way.
    """
    form = form or (IN_ONE_YEAR if years.in_one else IN_TWO_YEARS)
    found = _NUMBER.split(in_ascii(form))
    for at in range(1, len(found), 2):
        year = years.first if found[at].endswith("1") else years.last
        found[at] = f"{year:04}"[-len(found[at]) :]
    return found

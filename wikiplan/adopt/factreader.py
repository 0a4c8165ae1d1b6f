"""Facts in texts: the dates, months and fiscal years that a language's texts write out.

A fact is recognised by writing it and looking for that: what is found here is what rendering
writes, in every language that Babel knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from wikiplan.l10n.dates import parse_date
from wikiplan.l10n.localise import Localiser
from wikiplan.plan.units import Date, FiscalYear
from wikiplan.render.escape import Wikitext
from wikiplan.render.facts import LocalFacts

Fact = Date | FiscalYear

YEARS = range(1990, 2101)

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TARGETS = re.compile(r"\[\[[^\[\]|\n]*|(?<!\[)\[\S*|https?:\S+")
_GOES_ON = re.compile(r"[a-z_]|\d")
"""Behind a variable this would be a part of its name."""

_DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th|\.)?(?: of)? $")

DIGITS: tuple[Mapping[str, Any], ...] = ({}, {"digits": "latn"}, {"digits": "native"})
MONTHS: Mapping[str, tuple[str, ...]] = {
    "ar": (
        "يناير/كانون الثاني", "فبراير/شباط", "مارس/آذار", "أبريل/نيسان", "مايو/أيار",
        "يونيو/حزيران", "يوليو/تموز", "أغسطس/آب", "سبتمبر/أيلول", "أكتوبر/تشرين الأول",
        "نوفمبر/تشرين الثاني", "ديسمبر/كانون الأول",
    ),
}  # fmt: skip
"""Names of months that wikis use where CLDR has others."""


@dataclass(frozen=True, slots=True)
class Found:
    fact: Fact
    start: int
    stop: int


class FactReader:
    """Reads the facts in texts of one language, with its entry of ``languages.yaml``."""

    def __init__(self, code: str, overrides: Mapping[str, Any] | None = None) -> None:
        self.overrides = dict(overrides or {})
        self._localiser = Localiser(code, self.overrides)
        self.facts = LocalFacts(self._localiser)
        self._forms: dict[int, tuple[tuple[str, Fact], ...]] = {}

    def facts_in(self, text: str) -> tuple[Found, ...]:
        """Return the facts of a text in its order, outside of link targets."""
        found: list[Found] = []
        years = sorted({int(match[0]) for match in _YEAR.finditer(text)} & set(YEARS))
        taken = [match.span() for match in _TARGETS.finditer(text)]
        forms = [form for year in years for form in self._forms_of(year) if form[0] in text]
        for form, fact in sorted(forms, key=lambda each: -len(each[0])):
            for start in _places(text, form, fact):
                if all(start >= stop or start + len(form) <= begin for begin, stop in taken):
                    taken.append((start, start + len(form)))
                    found.append(Found(fact, start, start + len(form)))
        return tuple(sorted(found, key=lambda each: each.start))

    def _forms_of(self, year: int) -> tuple[tuple[str, Fact], ...]:
        if year not in self._forms:
            self._forms[year] = tuple(self._written(year))
        return self._forms[year]

    def _written(self, year: int) -> Iterator[tuple[str, Fact]]:
        """Yield all that may be said of a year; a fiscal year with and without its isolation."""
        for value in _dates(year):
            yield str(self.facts.date(value)), Date(value)
        for first in (year - 1, year):
            whole: Wikitext = self.facts.fiscal_year(first)
            yield str(whole), FiscalYear(first)
            yield self._localiser.fiscal_year(first), FiscalYear(first)


def best_reader(code: str, texts: Iterable[str]) -> FactReader:
    """Return the reader that finds most: some wikis write other digits or months than CLDR."""
    texts = [text for text in texts if _YEAR.search(text)]
    readers = _readers(code)
    return max(readers, key=lambda each: sum(len(each.facts_in(text)) for text in texts))


@cache
def _readers(code: str) -> tuple[FactReader, ...]:
    """Return readers for all ways of writing a language; what each has written once, it keeps."""
    months = [{"months": list(MONTHS[code])}] if code in MONTHS else []
    variants = [*DIGITS, *({**digits, **own} for own in months for digits in DIGITS)]
    return tuple(FactReader(code, variant) for variant in variants)


def _dates(year: int) -> Iterator[str]:
    yield from (f"{year}-{month:02}" for month in range(1, 13))
    first = date(year, 1, 1)
    yield from (
        day.isoformat()
        for day in (first + timedelta(days) for days in range(366))
        if day.year == year
    )


def _places(text: str, form: str, fact: Fact) -> Iterator[int]:
    """Yield where a form stands, whole: a month is none where a day stands before it."""
    for match in re.finditer(re.escape(form), text):
        before, after = text[: match.start()], text[match.end() :]
        if before[-1:].isdigit() or _GOES_ON.match(after):
            continue
        month = isinstance(fact, Date) and parse_date(fact.value)[2] is None
        if not (month and _DAY_BEFORE.search(before)):
            yield match.start()

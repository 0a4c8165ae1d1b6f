"""Fact types: what a ``$variable`` can stand for. Each is declared here.

A type says what a template's value becomes, and what translators are told; how YAML writes it says
a key of ``shapes.VariableEntry``. ``render.facts`` says how readers see it; mypy asks for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from wikiplan.l10n import Years, parse_fiscal_year, parse_time
from wikiplan.value import Value


class _FactType(Value):
    """What every fact type has. ``str()`` of a fact is what YAML writes behind its key."""

    key: ClassVar[str]
    has_filter: ClassVar[bool] = False
    """Whether templates have a filter of the key's name, for data that are no variables."""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Fact:
        """Return the fact of a checked entry of ``variables:``."""
        return cls.given(raw[cls.key], raw.get("style", ""))

    @classmethod
    def given(cls, value: Any, style: str = "") -> Fact:
        """Return the fact that a template's value is."""
        return Name(str(value))

    def like(self, value: Any) -> Fact:
        """Return a template's value as a fact as this example is one."""
        return self.given(value, getattr(self, "style", ""))

    @property
    def raw(self) -> dict[str, str]:
        """Return the entry of ``variables:`` for the fact, in its usual style."""
        return {self.key: str(self)}

    @property
    def meaning(self) -> str:
        """Return what translators are told of the fact."""
        return f"{self.key.replace('-', ' ')} {self}"


class Link(_FactType):
    """A link target: a wiki page, or a URL (the other is empty). ``title`` is its plain English."""

    key = "link"

    page: str = ""
    url: str = ""
    title: str = ""
    translatable: bool = False

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Link:
        page, url = raw.get("page", ""), raw.get("url", "")
        return Link(page, url, page or url)

    @property
    def target(self) -> str:
        """Return what stands before the bar of a link, or the URL."""
        return f"Special:MyLanguage/{self.page}" if self.translatable else self.page or self.url

    @property
    def meaning(self) -> str:
        return f"link to {self.page or self.url}"


class Date(_FactType):
    """``2022-01``, ``2022-01-15`` or ``Q2 2021-2022``; the style is Babel's, or empty."""

    key = "date"
    has_filter = True

    value: str
    style: str = ""

    @classmethod
    def given(cls, value: Any, style: str = "") -> Date:
        """Return a date, of an instant its day."""
        return Date(value.date().isoformat() if isinstance(value, datetime) else str(value), style)

    @property
    def is_day(self) -> bool:
        return self.value.count("-") == len("--")

    def __str__(self) -> str:
        return self.value


class Time(_FactType):
    """An instant; its tzinfo is the zone or offset in which the plan wrote it."""

    key = "time"

    instant: datetime
    style: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Time:
        return Time(parse_time(raw["time"], raw.get("zone", "")), raw.get("style", ""))

    @classmethod
    def given(cls, value: Any, style: str = "") -> Time:
        return Time(value if isinstance(value, datetime) else parse_time(value), style)

    def __str__(self) -> str:
        return self.instant.isoformat(timespec="minutes")


class Number(_FactType):
    key = "number"
    has_filter = True

    value: int | Decimal

    @classmethod
    def given(cls, value: Any, style: str = "") -> Number:
        return Number(Decimal(value) if isinstance(value, str) else value)

    def __str__(self) -> str:
        return str(self.value)


class FiscalYear(_FactType):
    """The year that begins in ``first`` and ends in the next, or with ``calendar`` is that year."""

    key = "fiscal-year"
    has_filter = True

    first: int
    calendar: bool = False

    @classmethod
    def given(cls, value: Any, style: str = "") -> FiscalYear:
        """Return a year; YAML reads ``2022`` as a number."""
        first, last = parse_fiscal_year(str(value))
        return FiscalYear(first, first == last)

    def later(self, by: int) -> FiscalYear:
        """Return the year so many years after this one."""
        return FiscalYear(self.first + by, self.calendar)

    @property
    def years(self) -> Years:
        return Years(self.first, self.first + (not self.calendar))

    def __str__(self) -> str:
        return str(self.years)


class Name(_FactType):
    """Inert text that nobody translates."""

    key = "name"

    text: str

    @property
    def meaning(self) -> str:
        return f"“{self.text}”"


class NamedUnit(_FactType):
    """The name of a person, a team, an office: a unit, of which each language may have its form.

    ``text`` is what the plan's own language writes, and what stands where there is no form.
    """

    key = "name"

    unit: str
    text: str
    link: Link | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def meaning(self) -> str:
        return f"“{self.text}”"


class NameList(_FactType):
    """Names in a row, each with its link."""

    key = "name-list"

    items: tuple[NamedUnit, ...]

    @property
    def meaning(self) -> str:
        return f"list of {len(self.items)} names"


class NextEvent(_FactType):
    """The day of the next event by the clock. ``events`` are pairs of start and end, in order;
    ``without`` stands where none is to come.
    """

    key = "next-event"

    events: tuple[tuple[datetime, datetime], ...]
    without: NamedUnit | Name

    def coming(self, now: datetime) -> tuple[datetime, datetime] | None:
        """Return the first event that has not ended."""
        return next((event for event in self.events if event[1] > now), None)

    @property
    def meaning(self) -> str:
        return "date of the next event"


class Verbatim(_FactType):
    """Wikitext that goes to the page as it is: a template, a parser function, other markup."""

    key = "wikitext"

    text: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Verbatim:
        return Verbatim(raw["wikitext"])

    def __str__(self) -> str:
        return self.text

    @property
    def meaning(self) -> str:
        return f"“{self.text}”"


Fact = Link | Date | Time | Number | FiscalYear | Name | NamedUnit | NameList | NextEvent | Verbatim

FACT_TYPES: Mapping[str, type[Fact]] = {
    "date": Date,
    "time": Time,
    "number": Number,
    "page": Link,
    "url": Link,
    "link": Link,
    "fiscal-year": FiscalYear,
    "name": Name,
    "wikitext": Verbatim,
}
"""By the key that says what a variable is; ``link`` names an entry of ``links.yaml``."""

FILTERS: Mapping[str, type[Fact]] = {
    key.replace("-", "_"): each for key, each in FACT_TYPES.items() if each.has_filter
}
"""By name, the filters of templates that write a value as a fact."""


def fact_of(raw: Any, links: Mapping[str, Link]) -> Fact:
    """Return what a checked entry of a block's ``variables:`` stands for."""
    if isinstance(raw, str):
        return Name(raw)
    if isinstance(raw, int):
        return Number(raw)
    if "link" in raw:
        return links[raw["link"]]
    return next(FACT_TYPES[key].of(raw) for key in FACT_TYPES if key in raw)

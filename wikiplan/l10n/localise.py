"""Dates, times, numbers and lists as each language writes them (with ``plurals`` Babel's door).

Nothing here depends on the machine's locale, time zone or clock.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_cldr_version
from babel.dates import format_date, format_skeleton, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal

from wikiplan.errors import Invalid
from wikiplan.l10n import fiscalyears, languages
from wikiplan.l10n.dates import parse_date
from wikiplan.l10n.fiscalyears import Part, Years
from wikiplan.l10n.plurals import plural_index

STYLES = ("short", "medium", "long", "full")
USUAL_STYLE = "long"
YEAR_FORM = "fiscal-year"
"""The key of an override that says how fiscal years are written."""

# CLDR's patterns for a month with its year and no day.
_MONTH_SKELETONS = {"short": "yM", "medium": "yMMM", "long": "yMMMM", "full": "yMMMM"}

_IN_FIGURES = "y-MM-dd"
"""How a date is written where nobody knows the months' names: in figures, as ISO 8601 does."""

# The same for a quarter with its year. In words it is usual to write only the year's part.
_PART_SKELETONS = {"short": "yQQQ", "medium": "yQQQ", "long": "yQQQQ", "full": "yQQQQ"}
_IN_PART_PATTERN = re.compile(r"'(?P<words>[^']*)'|(?P<era>G+ ?)|(?P<part>Q+)|(?P<year>y+)")

_QUARTER_IN_CHINESE = "第Q季度"
"""A pattern's own words for a quarter, of which Chinese has a name as well."""

_HALVES = {
    "ar": ("النصف الأول", "النصف الثاني"), "de": ("1. Halbjahr", "2. Halbjahr"),
    "es": ("1.er semestre", "2.º semestre"), "fr": ("1er semestre", "2e semestre"),
    "he": ("מחצית ראשונה", "מחצית שנייה"), "it": ("1º semestre", "2º semestre"),
    "ja": ("上半期", "下半期"), "pt": ("1º semestre", "2º semestre"),
    "ru": ("1-е полугодие", "2-е полугодие"), "uk": ("1-ше півріччя", "2-ге півріччя"),
    "zh": ("上半年", "下半年"),
}  # fmt: skip
"""What languages call the halves of a year, of which CLDR knows nothing; elsewhere H1 and H2."""

_NO_NAME = re.compile(r"M\d+")
_MONTH_NAME = re.compile(r"'[^']*'|([ML])\1{2,3}(?!\1)")

_UNUSED = (
    "compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns",
    "currency_names", "currency_names_plural", "date_fields", "interval_formats", "languages",
    "scripts", "unit_display_names", "unit_patterns", "variants",
)  # fmt: skip
"""What Babel knows of a language and nothing here writes."""

# Numbering systems (CLDR) whose digits follow each other from a zero that Unicode names.
_ZEROS = {
    "adlm": "ADLAM", "arab": "ARABIC-INDIC", "arabext": "EXTENDED ARABIC-INDIC",
    "beng": "BENGALI", "cakm": "CHAKMA", "deva": "DEVANAGARI", "gujr": "GUJARATI",
    "guru": "GURMUKHI", "java": "JAVANESE", "khmr": "KHMER", "knda": "KANNADA", "laoo": "LAO",
    "mlym": "MALAYALAM", "mtei": "MEETEI MAYEK", "mymr": "MYANMAR", "nkoo": "NKO",
    "olck": "OL CHIKI", "orya": "ORIYA", "tamldec": "TAMIL", "telu": "TELUGU", "thai": "THAI",
    "tibt": "TIBETAN",
}  # fmt: skip


class Localiser:
    """One language's way of writing facts.

    ``overrides`` is the language's entry in ``languages.yaml``: ``digits``, which is ``native``,
    ``latn`` or another of CLDR's numbering systems, ``months``, twelve names, ``quarters`` and
    ``halves`` likewise, and ``fiscal-year``, which is how the one that ends in 2022 is written.
    """

    def __init__(self, code: str, overrides: Mapping[str, Any] | None = None) -> None:
        overrides = overrides or {}
        self.language = languages.get(code)
        self._months: Sequence[str] = overrides.get("months", ())
        self._parts: Mapping[str, Sequence[str]] = {
            fiscalyears.QUARTER: overrides.get("quarters", ()),
            fiscalyears.HALF: overrides.get("halves", ()),
        }
        self._wanted_digits: str = overrides.get("digits", "")
        self._year_form: str = overrides.get(YEAR_FORM, "")

    def date(self, value: str, style: str = "") -> str:
        """Return ``2022-01-15``, ``2022-01`` or ``Q2 2021-2022`` in words; ``style`` is one of
        :data:`STYLES`.
        """
        if part := fiscalyears.parse_part(value):
            return self.part(part, self.fiscal_year(part.years), style)
        year, month, day = parse_date(value)
        return self._date(dt.date(year, month, day or 1), style, whole=day is not None)

    def part(self, part: Part, year: str, style: str = "") -> str:
        """Return a quarter or a half of a year, which is given as text or as wikitext."""
        style = _known(style)
        pattern = str(self._locale.datetime_skeletons[_PART_SKELETONS[style]].pattern)
        written = {"era": "", "part": self._name_of_part(part, style), "year": year}
        return _IN_PART_PATTERN.sub(
            lambda found: written.get(str(found.lastgroup), found["words"]),
            pattern.replace(_QUARTER_IN_CHINESE, "QQQ"),
        )

    def _name_of_part(self, part: Part, style: str) -> str:
        own = self._parts[part.sign]
        if own:
            return own[part.number - 1]
        if part.sign == fiscalyears.QUARTER:
            width = "wide" if style == "full" else "abbreviated"
            return self._in_digits(self._locale.quarters["format"][width][part.number])
        known = (_HALVES[tag] for tag in languages.tags(self.language.code) if tag in _HALVES)
        return next(known, ("H1", "H2"))[part.number - 1]

    def clock_of(self, instant: dt.datetime) -> str:
        """Return the time of day on a 24-hour clock, with its zone: ``18:00 UTC+2``."""
        clock = format_skeleton("Hm", instant.time(), locale=self._locale)
        return self._in_digits(f"{clock} {self._zone(instant)}")

    def day_and_clock(self, day: str, clock: str, style: str = "") -> str:
        """Return a date and a time of day, as text or wikitext, in one."""
        return str(self._locale.datetime_formats[style or USUAL_STYLE]).format(clock, day)

    def number(self, value: int | Decimal) -> str:
        system = self._system if self._system in self._locale.number_symbols else "latn"
        text = format_decimal(value, locale=self._locale, numbering_system=system)
        return self._in_digits(text)

    def fiscal_year(self, years: Years) -> str:
        """Return ``2020–2021``, or the year in the language's own way."""
        written = fiscalyears.parts(self._year_form, years)
        written[1::2] = map(self._in_digits, written[1::2])
        return "".join(written)

    def join(self, items: Sequence[str]) -> str:
        """Return ``a, b, and c``."""
        return format_list(items, locale=self._locale)

    def plural(self, count: int | Decimal, forms: Sequence[str]) -> str:
        """Return the form that MediaWiki's ``{{PLURAL:count|…}}`` would choose.

        A form ``12=a dozen`` is for that number only. Where forms are missing the last one stands.
        """
        exact = dict(form.split("=", 1) for form in forms if re.match(r"\d+=", form))
        if str(count) in exact:
            return exact[str(count)].strip()
        general = [form for form in forms if not re.match(r"\d+=", form)] or [""]
        index = plural_index(self.language.code, count)
        return general[min(index, len(general) - 1)].strip()

    def _date(self, day: dt.date, style: str, *, whole: bool) -> str:
        style = _known(style)
        if style != "short" and not self._has_months:
            pattern = _IN_FIGURES if whole else _IN_FIGURES.removesuffix("-dd")
        elif whole:
            pattern = self._locale.date_formats[style].pattern
        else:
            pattern = _month_pattern(self._locale, _MONTH_SKELETONS[style])
        return self._in_digits(format_date(day, self._own_month(pattern, day), self._locale))

    @property
    def _has_months(self) -> bool:
        """Whether the language has words for months: CLDR says "M10" where it knows none."""
        return bool(self._months) or not _NO_NAME.fullmatch(
            self._locale.months["format"]["wide"][1]
        )

    def _own_month(self, pattern: str, day: dt.date) -> str:
        """Return the pattern with the month's name from ``languages.yaml`` for CLDR's."""
        if not self._months:
            return pattern
        name = "'" + self._months[day.month - 1].replace("'", "''") + "'"
        return _MONTH_NAME.sub(lambda match: name if match[1] else match[0], pattern)

    def _zone(self, instant: dt.datetime) -> str:
        """Return the zone's usual abbreviation in this language, else ``UTC+2``."""
        if instant.tzname() == "UTC":
            return "UTC"  # French and others abbreviate it in ways that few know
        name = get_timezone_name(instant, width="short", locale=self._locale)
        return offset_name(instant) if name[:1] in "+-" else name

    @cached_property
    def _locale(self) -> Locale:
        """Babel's locale, whose data are read when a fact is first written in the language."""
        locale = locale_of(self.language.code)
        _leave_out_unused(locale)
        return locale

    @cached_property
    def _system(self) -> str:
        return _numbering_system(self._locale, self._wanted_digits)

    @cached_property
    def _digits(self) -> dict[int, str]:
        return _digits(self._system)

    def _in_digits(self, text: str) -> str:
        return text.translate(self._digits)


def cldr_version() -> str:
    """Return the version of the data that all of this is written by, such as ``47``."""
    return get_cldr_version()


@cache
def locale_of(code: str) -> Locale:
    """Return Babel's locale for a MediaWiki code, or that of the nearest fallback CLDR knows."""
    for tag in languages.tags(code):
        if locale := _parsed(tag):
            return locale
    raise AssertionError("Babel knows the root locale")


def _leave_out_unused(locale: Locale) -> None:
    """Drop the words for units, currencies and languages: two thirds of 100 MB for 300 languages.

    Babel keeps one mapping of a locale's data for the whole process (``localedata.load``).
    """
    data = localedata.load(str(locale))
    for name in _UNUSED:
        data.pop(name, None)


def _parsed(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


def _known(style: str) -> str:
    style = style or USUAL_STYLE
    if style not in STYLES:
        raise Invalid("unknown-style", f"“{style}” is no style; write {', '.join(STYLES)}")
    return style


def _month_pattern(locale: Locale, skeleton: str) -> str:
    return str(locale.datetime_skeletons[skeleton].pattern)


def _numbering_system(locale: Locale, wanted: str) -> str:
    if wanted == "native":
        return str(locale.other_numbering_systems.get("native", "latn"))
    return wanted or str(locale.default_numbering_system)


def _digits(system: str) -> dict[int, str]:
    """Return a table for ``str.translate`` from ASCII digits; empty for Latin and unknown ones."""
    if system not in _ZEROS:
        return {}
    zero = ord(unicodedata.lookup(f"{_ZEROS[system]} DIGIT ZERO"))
    return {ord(str(digit)): chr(zero + digit) for digit in range(10)}


def offset_name(instant: dt.datetime) -> str:
    """Return ``UTC+5:30``, the same in every language."""
    offset = instant.utcoffset() or dt.timedelta()
    hours, minutes = divmod(abs(offset) // dt.timedelta(minutes=1), 60)
    sign = "−" if offset < dt.timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "") if offset else "UTC"

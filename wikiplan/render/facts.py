"""How facts are written: dates, times of day, numbers, fiscal years, names and lists.

On a plain page they are written in its language; on a translatable page, whose text serves all
languages, the wiki writes them (:class:`WikiFacts`).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from wikiplan.errors import Invalid
from wikiplan.l10n import (
    STYLES,
    USUAL_STYLE,
    Language,
    Localiser,
    Years,
    fiscalyears,
    offset_name,
    parse_date,
    parse_part,
)
from wikiplan.plan import Fact, Link, NamedUnit, facttypes
from wikiplan.render.escaping import Wikitext, escape, formatted, title, url

# The formats of {{#time:}} for a day and for a month without a day. "xg" is the month's name as
# it stands behind a day, "F" as it stands alone.
_DAY_FORMATS = {"short": "Y-m-d", "medium": "j M Y", "long": "j xg Y", "full": "l, j xg Y"}
_MONTH_FORMATS = {"short": "Y-m", "medium": "M Y", "long": "F Y", "full": "F Y"}

_PAGE_LANGUAGE = "{{PAGELANGUAGE}}"

MOST_KEPT = 10_000
"""Facts of a language that are remembered; a plan has some hundreds of different ones."""

# Nothing in it that text of the other direction could reorder.
_BARE_NUMBER = re.compile(r"[\d ]*")


class Facts(Protocol):
    """One way of writing facts as wikitext. ``style`` is one of Babel's, empty for the usual."""

    def date(self, value: str, style: str = "") -> Wikitext: ...

    def clock(self, instant: dt.datetime) -> Wikitext: ...

    def time(self, instant: dt.datetime, style: str = "") -> Wikitext: ...

    def number(self, value: int | Decimal) -> Wikitext: ...

    def fiscal_year(self, years: Years) -> Wikitext: ...

    def name(self, name: NamedUnit) -> Wikitext: ...

    def join(self, items: Sequence[Wikitext]) -> Wikitext: ...

    def isolated(self, value: Wikitext) -> Wikitext: ...


def own_form(name: NamedUnit) -> str:
    """Return a name as the plan's own language writes it."""
    return name.text


class LocalFacts:
    """Facts in one language, which Babel knows how to write; each is written once.

    ``form`` says how the language writes a name.
    """

    def __init__(self, localiser: Localiser, form: Callable[[NamedUnit], str] = own_form) -> None:
        self._localiser = localiser
        self.form = form
        self._written: dict[Hashable, Wikitext] = {}

    def date(self, value: str, style: str = "") -> Wikitext:
        return self._once(("date", value, str(style)), lambda by: self._date(by, value, style))

    def _date(self, by: Localiser, value: str, style: str) -> Wikitext:
        if part := parse_part(value):  # its year is isolated, as any fiscal year is
            return Wikitext(by.part(part, self.fiscal_year(part.years), style))
        return formatted(by.date(value, style))

    def clock(self, instant: dt.datetime) -> Wikitext:
        """Return an instant's time of day; it stays together with its zone's Latin letters."""
        zone = instant.tzinfo, instant.tzname()  # instants of two zones may count as the same
        wall = instant.replace(tzinfo=None), instant.fold
        return self._once(("clock", *wall, *zone), lambda by: self._bare(by.clock_of(instant)))

    def time(self, instant: dt.datetime, style: str = "") -> Wikitext:
        """Return an instant's day and time of day, in its own zone."""
        day, clock = self.date(instant.date().isoformat(), style), self.clock(instant)
        return Wikitext(self._localiser.day_and_clock(day, clock, style))

    def number(self, value: int | Decimal) -> Wikitext:
        return self._once(("number", str(value)), lambda by: self._bare(by.number(value)))

    def fiscal_year(self, years: Years) -> Wikitext:
        return self._once(("fiscal year", *years), lambda by: self._bare(by.fiscal_year(years)))

    def name(self, name: NamedUnit) -> Wikitext:
        return self._once(name, lambda by: self.isolated(formatted(self.form(name))))

    def join(self, items: Sequence[Wikitext]) -> Wikitext:
        return Wikitext(self._localiser.join(items))

    def isolated(self, value: Wikitext) -> Wikitext:
        return isolated(value, self._localiser.language)

    def plural(self, count: int | Decimal, forms: Sequence[str]) -> str:
        """Return the form that stands behind a number."""
        return self._localiser.plural(count, forms)

    def _bare(self, text: str) -> Wikitext:
        """Return what the localiser wrote, isolated."""
        return self.isolated(formatted(text))

    def _once(self, fact: Hashable, write: Callable[[Localiser], Wikitext]) -> Wikitext:
        """Return a fact as it was written before, else write it."""
        written = self._written.get(fact)
        if written is None:
            written = write(self._localiser)
            if len(self._written) < MOST_KEPT:
                self._written[fact] = written
        return written


def parts_in_english(value: str, style: str) -> Mapping[str, Wikitext]:
    return {"en": LocalFacts(Localiser("en")).date(value, style)}


class WikiFacts:
    """Facts that the wiki writes in the language of the page on which the text comes to stand.

    In a unit ``language`` is ``{{TRANSLATIONLANGUAGE}}``, which Translate replaces by the language
    of the unit's text: English where a unit is not translated yet. In template text it stays
    empty, because Translate of 1.39 leaves it standing there; the wiki then takes the page's own.
    ``forms`` are those of a name by language, where they are not as the plan writes it.
    ``year_form`` is how the plan writes fiscal years: a page in all languages has one way.
    ``parts`` are a quarter or a half of a year by language, for which the wiki has no words, the
    plan's own language first.
    """

    def __init__(
        self,
        language: str = "",
        forms: Callable[[NamedUnit], Mapping[str, str]] = lambda name: {},
        year_form: str = "",
        parts: Callable[[str, str], Mapping[str, Wikitext]] = parts_in_english,
    ) -> None:
        self._argument = f"|{language}" if language else ""
        self._language = language
        self._forms = forms
        self._year_form = year_form
        self._parts = parts

    def date(self, value: str, style: str = "") -> Wikitext:
        if parse_part(value):
            own, *others = self._parts(value, style).items()
            return switched(self._language, own[1], dict(others))
        whole = parse_date(value)[2] is not None
        return self._time(_format(_DAY_FORMATS if whole else _MONTH_FORMATS, style), value)

    def clock(self, instant: dt.datetime) -> Wikitext:
        """Return the wall clock, which the wiki takes for UTC and so leaves as it is."""
        clock = self._time("H:i", f"{instant.date().isoformat()} {instant:%H:%M}")
        return element("bdi", ' dir="ltr"', Wikitext(f"{clock} {offset_name(instant)}"))

    def time(self, instant: dt.datetime, style: str = "") -> Wikitext:
        day = self.date(instant.date().isoformat(), style)
        return Wikitext(f"{day}, {self.clock(instant)}")

    def number(self, value: int | Decimal) -> Wikitext:
        """Return a number that ``{{PLURAL:}}`` understands as well, unless it has a sign or point.

        ``{{PLURAL:{{formatnum:1250}}|…}}`` reads what its language's ``formatnum`` wrote.
        """
        number = Wikitext(f"{{{{formatnum:{value}}}}}")
        return number if _BARE_NUMBER.fullmatch(str(value)) else _ltr(number)

    def fiscal_year(self, years: Years) -> Wikitext:
        parts = fiscalyears.parts(self._year_form, years)
        words = "".join(parts[::2])
        written = [Wikitext(part) for part in parts]  # plain words, as the form was checked
        written[1::2] = (Wikitext(f"{{{{formatnum:{year}|NOSEP}}}}") for year in parts[1::2])
        year = Wikitext("".join(written))
        if not words:
            return year
        rtl = {"R", "AL"} & {unicodedata.bidirectional(character) for character in words}
        return element("bdi", "", year) if rtl else _ltr(year)

    def name(self, name: NamedUnit) -> Wikitext:
        """Return a name that is in every language as its catalog has it."""
        own, forms = formatted(name.text), self._forms(name)
        if not forms:
            return self.isolated(own)
        cases = {code: formatted(form) for code, form in forms.items()}
        return element("bdi", "", switched(self._language, own, cases))

    def join(self, items: Sequence[Wikitext]) -> Wikitext:
        """Return the items with a sign between them that no language has to translate."""
        return Wikitext(" · ".join(items))

    def isolated(self, value: Wikitext) -> Wikitext:
        """Return a value that neither direction's text can reorder, whatever language it meets."""
        text = value.unescape()
        if _BARE_NUMBER.fullmatch(text):
            return value
        strong = {unicodedata.bidirectional(character) for character in text} & {"L", "R", "AL"}
        return element("bdi", "", value) if strong else _ltr(value)

    def _time(self, format: str, value: str) -> Wikitext:
        return Wikitext(f"{{{{#time:{format}|{value}{self._argument}}}}}")


def switched(language: str, own: Wikitext, cases: Mapping[str, Wikitext]) -> Wikitext:
    """Return what the wiki chooses by the code of a language, empty for the page's own."""
    written = "|".join(f"{code}={text}" for code, text in cases.items() if text != own)
    chosen = f"{{{{#switch:{language or _PAGE_LANGUAGE}|{written}|#default={own}}}}}"
    return Wikitext(chosen) if written else own


def shown(value: Fact | Wikitext, facts: Facts) -> Wikitext:
    """Return a value as readers see it: inert, and isolated from text of the other direction."""
    match value:
        case Wikitext():
            return value
        case facttypes.Date():
            return facts.date(value.value, value.style)
        case facttypes.Time():
            return facts.time(value.instant, value.style)
        case facttypes.Number():
            return facts.number(value.value)
        case facttypes.FiscalYear():
            return facts.fiscal_year(value.years)
        case facttypes.Name():
            return facts.isolated(escape(value.text))
        case facttypes.NamedUnit() | facttypes.NameList() | facttypes.NextEvent():
            return _named(value, facts)
        case facttypes.Verbatim():
            return Wikitext(value.text)
        case facttypes.Link():
            return facts.isolated(escape(value.target))


def _named(
    value: facttypes.NamedUnit | facttypes.NameList | facttypes.NextEvent, facts: Facts
) -> Wikitext:
    match value:
        case facttypes.NamedUnit():
            return facts.name(value)
        case facttypes.NameList():
            return facts.join([linked(facts.name(each), each.link) for each in value.items])
        case facttypes.NextEvent():  # the clock was not asked: an example
            return shown(value.without, facts)


def linked(words: Wikitext, link: Link | None) -> Wikitext:
    """Return words as a link, if there is one."""
    if link is None:
        return words
    return Wikitext(
        f"[{url(link.url)} {words}]" if link.url else f"[[{title(link.target)}|{words}]]"
    )


def isolated(value: Wikitext, language: Language) -> Wikitext:
    """Return a value so that the text around it cannot reorder it, nor it that text.

    In right-to-left text ``2020–2021`` would read ``2021–2020``, and a Latin name would draw the
    digits next to it to its own side.
    """
    if value.isascii() and "&" not in value:  # what stands in Latin letters is asked for most
        return element("bdi", ' dir="ltr"', value) if language.rtl else value
    directions = {unicodedata.bidirectional(character) for character in value.unescape()}
    rtl, ltr = bool(directions & {"R", "AL"}), "L" in directions
    if language.rtl:
        needed, direction = ltr or not rtl, "ltr" if not rtl else "auto"
    else:
        needed, direction = rtl, "rtl" if not ltr else "auto"
    return element("bdi", f' dir="{direction}"', value) if needed else value


def element(name: str, attributes: str, content: Wikitext) -> Wikitext:
    inner = f"\n{content}\n" if name == "div" else content
    return Wikitext(f"<{name}{attributes}>{inner}</{name}>")


def _format(formats: Mapping[str, str], style: str) -> str:
    try:
        return formats[style or USUAL_STYLE]
    except KeyError:
        raise Invalid(
            "unknown-style-on-page", f"“{style}” is no style; write {', '.join(STYLES)}"
        ) from None


def _ltr(value: Wikitext) -> Wikitext:
    return element("bdi", ' dir="ltr"', value)

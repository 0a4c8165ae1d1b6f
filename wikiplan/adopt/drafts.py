"""Drafts: texts of a page on their way to become units, with facts as variables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from wikiplan.adopt.alignedblocks import AlignedBlock, AlignedSection
from wikiplan.adopt.links import LinkNames, free
from wikiplan.adopt.values import Doubt, PlanData
from wikiplan.l10n import YEAR_FORM, Localiser, fiscalyears
from wikiplan.plan import Date, FiscalYear
from wikiplan.render import LocalFacts, shown
from wikiplan.value import Value

# Facts in texts: the dates, months and fiscal years that a language's texts write out.
#
# A fact is recognised by writing it and looking for that: what is found here is what rendering
# writes, in every language that Babel knows.


DatedFact = Date | FiscalYear

YEARS = range(1990, 2101)

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\w)(FY ?)(\d\d)(?!\d)")
# No part of a date: 2011-12 is a month, and 2011-12-05 a day.
_TWO_YEARS = re.compile(
    r"(?<!\d)(?<!\d[/.-])((?:19|20)\d\d)([-‐‑‒–—−/])((?:19|20)\d\d|1[3-9]|[2-9]\d)(?![/.-]?\d)"
)
_ISOLATION = re.compile(r"</?bdi[^<>]*>")
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


class FoundFact(Value):
    fact: DatedFact
    start: int
    stop: int


class FactReader:
    """Reads the facts in texts of one language, with its entry of ``languages.yaml``."""

    def __init__(self, code: str, overrides: Mapping[str, Any] | None = None) -> None:
        self.overrides = dict(overrides or {})
        self.facts = LocalFacts(Localiser(code, self.overrides))
        self._forms: dict[int, tuple[tuple[str, DatedFact], ...]] = {}

    def facts_in(self, text: str) -> tuple[FoundFact, ...]:
        """Return the facts of a text in its order, outside of link targets."""
        found: list[FoundFact] = []
        said = {int(match[0]) for match in _YEAR.finditer(text)}
        said |= {2000 + int(match[2]) for match in _SHORT_YEAR.finditer(text)}
        years = sorted(said & set(YEARS))
        taken = [match.span() for match in _TARGETS.finditer(text)]
        forms = [form for year in years for form in self._forms_of(year) if form[0] in text]
        for form, fact in sorted(forms, key=lambda each: -len(each[0])):
            for start in _places(text, form, fact):
                if all(start >= stop or start + len(form) <= begin for begin, stop in taken):
                    taken.append((start, start + len(form)))
                    found.append(FoundFact(fact, start, start + len(form)))
        return tuple(sorted(found, key=lambda each: each.start))

    def _forms_of(self, year: int) -> tuple[tuple[str, DatedFact], ...]:
        if year not in self._forms:
            self._forms[year] = tuple(self._written(year))
        return self._forms[year]

    def _written(self, year: int) -> Iterator[tuple[str, DatedFact]]:
        """Yield all that may be said of a year, with and without its isolation."""
        for fact in _facts_of(year):
            form = str(shown(fact, self.facts))
            yield from ((each, fact) for each in dict.fromkeys((form, _ISOLATION.sub("", form))))


def best_reader(code: str, texts: Iterable[str], year_form: str | None = None) -> FactReader:
    """Return the reader that finds most: some wikis write other digits or months than CLDR, and
    fiscal years in another way than ``2021–2022``.

    A plan that there is already writes years as it does, in its ``year_form``: what a page writes
    in another way stays words.
    """
    texts = [text for text in texts if _YEAR.search(text) or _SHORT_YEAR.search(text)]
    readers = _readers(code, _year_form(texts) if year_form is None else year_form)
    return max(readers, key=lambda each: sum(len(each.facts_in(text)) for text in texts))


@cache
def _readers(code: str, year_form: str) -> tuple[FactReader, ...]:
    """Return readers for all ways of writing a language; what each has written once, it keeps."""
    months = [{"months": list(MONTHS[code])}] if code in MONTHS else []
    variants = [*DIGITS, *({**digits, **own} for own in months for digits in DIGITS)]
    years = {YEAR_FORM: year_form} if year_form else {}
    return tuple(FactReader(code, {**variant, **years}) for variant in variants)


def _year_form(texts: Iterable[str]) -> str:
    """Return how most fiscal years of some texts are written, empty for the usual way."""
    forms: Counter[str] = Counter()
    for text in texts:
        plain = fiscalyears.in_ascii(_TARGETS.sub(" ", _ISOLATION.sub("", text)))
        for found in _TWO_YEARS.finditer(plain):
            first, between, last = found.groups()
            if last in (str(int(first) + 1), f"{(int(first) + 1) % 100:02}"[-len(last) :]):
                forms[f"2021{between}{'2022'[-len(last) :]}"] += 1
        forms.update(f"{found[1]}22" for found in _SHORT_YEAR.finditer(plain))
    usual = forms.pop(fiscalyears.IN_TWO_YEARS, 0)
    form, count = max(forms.items(), key=lambda each: each[1], default=("", 0))
    return form if count > usual else ""


def _facts_of(year: int) -> Iterator[DatedFact]:
    """Yield the facts in whose words a year stands."""
    yield from (Date(f"{year}-{month:02}") for month in range(1, 13))
    days = (date(year, 1, 1) + timedelta(days) for days in range(366))
    yield from (Date(day.isoformat()) for day in days if day.year == year)
    for years in (FiscalYear(year - 1), FiscalYear(year)):
        yield years
        yield from (Date(f"{part} {years}") for part in fiscalyears.PARTS)


def _places(text: str, form: str, fact: DatedFact) -> Iterator[int]:
    """Yield where a form stands, whole: a month is none where a day stands before it."""
    for match in re.finditer(re.escape(form), text):
        before, after = text[: match.start()], text[match.end() :]
        if before[-1:].isdigit() or _GOES_ON.match(after):
            continue
        longer = isinstance(fact, Date) and not fact.is_day
        if not (longer and _DAY_BEFORE.search(before)):
            yield match.start()


# Drafts: texts of a page on their way to become units, with facts as variables.


TRANSLATIONS, IDS, BESIDE, PLACE = (
    f"\ufdd0{name}" for name in ("translations", "ids", "beside", "place")
)
"""Keys that stand in a text block until the plan is written: no YAML could hold them."""

OTHER_LANGUAGE = re.compile(r'<span lang="[^<>]*>(?:(?!</?span\b).)*</span>')
"""How a page of wikiplan's shows a text that its language does not have."""

_FUZZY = re.compile(r'<span class="mw-translate-fuzzy">((?:(?!</?span\b).)*)</span>')

SectionKey = tuple[str, str]
"""A page's title and the name of a section on it."""


@dataclass(slots=True)
class Draft:
    """One unit's texts by language, with ``$names`` for links.

    ``beside`` are texts of languages that may belong to it: nobody knows. ``variables`` are those
    of its own, as the plan writes them, ``kept`` the names of what only older translations use.
    """

    source: str
    texts: dict[str, str]
    id: str = ""
    outdated: dict[str, str] = field(default_factory=dict)
    facts: bool = True
    beside: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.texts[self.source]

    def with_texts(self, texts: Mapping[str, str]) -> Draft:
        return replace(self, texts=dict(texts))


def draft_of(block: AlignedBlock, section: AlignedSection) -> Draft:
    draft = Draft(
        section.source, dict(block.texts), block.id, block.outdated, section.facts, block.beside
    )
    return replace(draft, variables=block.variables, kept=block.kept)


class Drafting:
    """What making units out of drafts needs: the links, and a reader of facts for each language."""

    def __init__(
        self,
        source: str,
        names: LinkNames,
        every: Iterable[AlignedSection],
        now: datetime,
        year_forms: Mapping[str, str] | None = None,
        status_words: Mapping[str, str] | None = None,
    ) -> None:
        self.source = source
        self.status_words = status_words or {}
        self.now = now
        self.names = names
        self.labels: dict[str, Draft] = {}
        self.rendered_labels: set[str] = set()
        """Those whose words a template wrote, in every language."""
        self.doubts: list[Doubt] = []
        self.label_variables: dict[str, dict[str, Any]] = {}
        self.people: dict[str, PlanData] = {}
        """Names of people, each a text block, that a language writes in its own way."""
        texts: dict[str, list[str]] = {source: []}
        for section in every:
            for block in section.blocks:
                for language, text in block.texts.items():
                    texts.setdefault(language, []).append(text)
        forms = year_forms or dict.fromkeys(texts)
        self.readers = {code: best_reader(code, texts[code], forms.get(code)) for code in texts}

    def block(
        self,
        draft: Draft,
        place: SectionKey,
        implied: Mapping[str, DatedFact] | None = None,
        *,
        as_rendered: bool = False,
    ) -> dict[str, Any]:
        """Return a text block; ``implied`` are variables that the plan defines for it by itself.

        In a section ``as_rendered`` by a template what is like the source's is a translation, too.
        """
        implied = implied or {}
        names = self._fact_names(draft, implied)
        texts = {code: self._with_facts(code, text, names) for code, text in draft.texts.items()}
        source = texts.pop(draft.source)
        block: dict[str, Any] = {"text": source}
        variables: PlanData = dict(draft.variables)
        variables |= {name: fact.raw for fact, name in names.items() if name not in implied}
        if variables:
            block["variables"] = variables
        if draft.kept:
            block["keep-variables"] = list(draft.kept)
        block[TRANSLATIONS] = {
            code: found
            for code, text in texts.items()
            if (found := _translation(text, draft.outdated.get(code)))
            and (as_rendered or draft.texts[code] != draft.text)
        }
        block[BESIDE] = draft.beside
        block[PLACE] = place
        block[IDS] = {place: draft.id} if draft.id else {}
        return block

    def text(self, block: AlignedBlock, section: AlignedSection) -> PlanData:
        """Return what a block of a section is in the plan: a text block."""
        return self.block(draft_of(block, section), section.place)

    def say(self, name: str, words: Mapping[str, str]) -> None:
        """Keep the words of a label, of each language that has them."""
        label = self.labels.setdefault(name, Draft(self.source, {}, facts=False))
        for code, text in words.items():
            if code == self.source or not OTHER_LANGUAGE.fullmatch(text):
                label.texts.setdefault(code, text)

    def person(self, name: str, forms: Mapping[str, str], place: SectionKey) -> None:
        """Keep a person's name as languages write it, where they write it otherwise."""
        own = {code: (form, None) for code, form in forms.items() if form != name}
        if own:
            block = self.people.setdefault(
                name, {"text": name, TRANSLATIONS: {}, BESIDE: {}, PLACE: place, IDS: {}}
            )
            block[TRANSLATIONS] = own | block[TRANSLATIONS]

    def compare(self, place: SectionKey, before: Draft, after: Draft, what: str) -> Draft:
        """Return ``after``; what languages lost on the way to it becomes a doubt."""
        for code, text in before.texts.items():
            if code not in after.texts:
                reason = f"has no {what} as the source has: untranslated"
                self.doubts.append(Doubt(*place, code, reason, text))
                after.beside.setdefault(code, []).append(text)
        return after

    def facts_in(self, draft: Draft) -> tuple[FoundFact, ...]:
        """Return the facts of a draft's source text; none where they must stay words."""
        return self.readers[draft.source].facts_in(draft.text) if draft.facts else ()

    def reader(self, language: str) -> FactReader:
        if language not in self.readers:
            self.readers[language] = FactReader(language)
        return self.readers[language]

    def overrides(self) -> dict[str, dict[str, Any]]:
        """Return the entries of ``languages.yaml``."""
        return {code: r.overrides for code, r in self.readers.items() if r.overrides}

    def _fact_names(self, draft: Draft, implied: Mapping[str, DatedFact]) -> dict[DatedFact, str]:
        names: dict[DatedFact, str] = {}
        known = {fact: name for name, fact in implied.items()}
        year = next((f for f in implied.values() if isinstance(f, FiscalYear)), None)
        for found in self.facts_in(draft):
            if found.fact not in names:
                wanted = known.get(found.fact) or _name_of(found.fact, year)
                taken = {*names.values(), *self.names.entries}
                names[found.fact] = known.get(found.fact) or free(wanted, taken, "_")
        return names

    def _with_facts(self, language: str, text: str, names: Mapping[DatedFact, str]) -> str:
        if not names:
            return text
        parts: list[str] = []
        at = 0
        for found in self.reader(language).facts_in(text):
            if found.fact in names:
                parts += text[at : found.start], f"${names[found.fact]}"
                at = found.stop
        return "".join([*parts, text[at:]])


def _translation(text: str, made_for: str | None) -> tuple[str, str | None] | None:
    """Return a text as a catalog has it, None for one that is marked as another language's."""
    if found := _FUZZY.fullmatch(text):
        return found[1], made_for or ""
    return None if OTHER_LANGUAGE.fullmatch(text) else (text, made_for)


def _name_of(fact: DatedFact, year: FiscalYear | None) -> str:
    if not isinstance(fact, FiscalYear):
        return fact.key
    near = {1: "next", -1: "last"} if year else {}
    return near.get(fact.first - year.first if year else 0, f"year_{fact.first}")

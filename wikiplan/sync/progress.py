"""Progress: what is translated, outdated or missing, page by page and language by language.

Values and counting; ``sync.pageprogress`` finds them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from wikiplan import textdiff, utc
from wikiplan.catalogs import State
from wikiplan.value import Value
from wikiplan.wiki import Priority
from wikiplan.wikitext import words_in

_MOST_KEPT = 10_000  # answers about English texts, which are asked for once a language
OTHER_TEXTS = ""
"""The section of units that stand in none: a page's title, and what people added around."""


TextKey = tuple[str, str, str]
"""A text in a language: its code, the page's title if that is translatable, and the unit's key.

A text that stands on several plain pages is one; on translatable pages it is one on each.
"""


class UnitProgress(Value):
    """One unit in one language, as a page has it.

    ``made_for`` is the English that an outdated ``text`` was made for, empty when nobody knows;
    ``bare`` are variables that it uses and the English lost: readers see their names. ``since`` is
    when the English became another one, and ``translator`` who wrote the text, where
    a wiki tells. ``conflicts`` are other translations that wait for a person to choose. ``address``
    is where to translate: the unit in Special:Translate, or the plain page's section; ``place`` is
    its line in the catalog.
    """

    key: str
    section: str
    english: str
    state: State
    text: str = ""
    made_for: str = ""
    since: datetime | None = None
    translator: str = ""
    bare: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    address: str = ""
    place: str = ""
    reviewed: bool = False

    @property
    def words(self) -> int:
        return words_in(self.english)

    @property
    def difference(self) -> tuple[textdiff.Row, ...]:
        """What changed in the English since the text was made, if that is known."""
        return difference(self.made_for, self.english) if self.made_for else ()


class Tally(Value):
    """Counts of units, and of English words. Those in conflict are among the other three, too."""

    translated: int
    outdated: int
    untranslated: int
    conflicting: int
    words: int
    words_to_do: int
    oldest: datetime | None
    reviewed: int = 0

    @property
    def total(self) -> int:
        return self.translated + self.outdated + self.untranslated

    @property
    def percent(self) -> int:
        """The share that is translated, rounded down: 100 says that nothing is left to do."""
        return 100 * self.translated // self.total if self.total else 100


class LanguageProgress(Value):
    """A page in one language, its units in the page's order.

    ``review`` is the state that the wiki gives it, empty where there is none. ``asked`` says that
    translators are asked for it: all are, or its page's priority languages.
    """

    language: str
    units: tuple[UnitProgress, ...]
    review: str = ""
    asked: bool = True

    @property
    def tally(self) -> Tally:
        """Counts of the page's texts; one that stands in several sections counts once."""
        return tally({unit.key: unit for unit in self.units}.values())

    def of_section(self, name: str) -> tuple[UnitProgress, ...]:
        return tuple(unit for unit in self.units if unit.section == name)


class PageProgress(Value):
    """A page in all languages. ``waiting`` counts units that translators see once it is marked.

    ``stage`` says how far a translatable page is, ``told`` more about it. ``priority`` are the
    languages that translators are asked for, and ``groups`` the wiki's groups of pages it is in.
    """

    title: str
    sections: tuple[str, ...]
    languages: tuple[LanguageProgress, ...]
    translatable: bool = False
    stage: str = ""
    told: str = ""
    waiting: int = 0
    priority: Priority | None = None
    groups: tuple[str, ...] = ()

    @property
    def of_those_asked_for(self) -> Tally:
        """Counts of the texts in the languages that translators are asked for."""
        return tally(unit for each in self.languages if each.asked for unit in each.units)

    @property
    def bare(self) -> Mapping[tuple[str, tuple[str, ...]], Sequence[str]]:
        """The languages whose readers see names of variables, by the text's key and these."""
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for each in self.languages:
            for unit in each.units:
                if unit.bare:
                    found.setdefault((unit.key, unit.bare), []).append(each.language)
        return found


class Overview(Value):
    """All chosen pages of a plan. ``time`` is when it was found out."""

    site: str
    time: datetime
    pages: tuple[PageProgress, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of all pages, each once, by code."""
        return tuple(sorted({each.language for page in self.pages for each in page.languages}))

    def of_language(self, code: str) -> tuple[tuple[PageProgress, LanguageProgress], ...]:
        return tuple(
            (page, each) for page in self.pages for each in page.languages if each.language == code
        )

    def tally(self, code: str = "") -> Tally:
        """Counts of one language's texts, or of all languages'."""
        return tally(self.texts(code).values())

    def texts(self, code: str = "") -> Mapping[TextKey, UnitProgress]:
        """Return one language's texts, or all languages', each once."""
        return {
            (each.language, page.title if page.translatable else "", unit.key): unit
            for page in self.pages
            for each in page.languages
            for unit in each.units
            if not code or each.language == code
        }


def tally(units: Iterable[UnitProgress]) -> Tally:
    units = tuple(units)
    states = [unit.state for unit in units]
    since = [unit.since for unit in units if unit.state is State.OUTDATED and unit.since]
    return Tally(
        translated=states.count(State.TRANSLATED),
        outdated=states.count(State.OUTDATED),
        untranslated=states.count(State.UNTRANSLATED),
        conflicting=sum(bool(unit.conflicts) for unit in units),
        reviewed=sum(unit.reviewed for unit in units),
        words=sum(unit.words for unit in units),
        words_to_do=sum(unit.words for unit in units if unit.state is not State.TRANSLATED),
        oldest=min(since, default=None),
    )


@lru_cache(_MOST_KEPT)
def difference(before: str, after: str) -> tuple[textdiff.Row, ...]:
    """Return the diff of two English texts; most languages have the same ones."""
    return textdiff.rows(before, after)


def as_data(overview: Overview) -> list[dict[str, Any]]:
    """Return what the report says (docs/operator/report.md); times are UTC."""
    return [_page(page) for page in overview.pages]


def _page(page: PageProgress) -> dict[str, Any]:
    return {
        "title": page.title,
        "kind": "translatable" if page.translatable else "plain",
        "stage": page.stage,
        "waiting": page.waiting,
        **_of_the_wiki(page),
        "languages": [_language(page.sections, each) for each in page.languages],
    }


def _of_the_wiki(page: PageProgress) -> dict[str, Any]:
    if not page.translatable:
        return {}
    asked = page.priority
    priority = {"languages": list(asked.languages), "forced": asked.force} if asked else None
    return {"priority": priority, "groups": list(page.groups)}


def _language(sections: Sequence[str], each: LanguageProgress) -> dict[str, Any]:
    return {
        "lang": each.language,
        "asked": each.asked,
        "state": each.review,
        **_counts(each.tally),
        "sections": [{"name": name, **_counts(tally(each.of_section(name)))} for name in sections],
        "outdated_units": [_unit(unit) for unit in each.units if unit.state is State.OUTDATED],
        "conflicts": {unit.key: list(unit.conflicts) for unit in each.units if unit.conflicts},
    }


def _counts(found: Tally) -> dict[str, Any]:
    return {
        "translated": found.translated,
        "outdated": found.outdated,
        "untranslated": found.untranslated,
        "conflicting": found.conflicting,
        "reviewed": found.reviewed,
        "words": found.words,
        "words_to_do": found.words_to_do,
        "oldest_outdated": _utc(found.oldest),
    }


def _unit(unit: UnitProgress) -> dict[str, Any]:
    return {
        "key": unit.key,
        "section": unit.section,
        "english": unit.english,
        "made_for": unit.made_for,
        "diff": [textdiff.SIGNS[line.kind] + line.text for line in _lines(unit)],
        "text": unit.text,
        "bare": list(unit.bare),
        "since": _utc(unit.since),
        "translator": unit.translator,
        "url": unit.address,
    }


def _lines(unit: UnitProgress) -> Iterator[textdiff.Line]:
    return (line for row in unit.difference for line in row.lines)


def _utc(time: datetime | None) -> str:
    return utc.stamp(time) if time else ""

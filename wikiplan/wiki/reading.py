"""What a real wiki says of a page for reports: its markings, protection, moves, redirects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wikiplan.translate import TITLE_UNIT, definition
from wikiplan.wiki import answers
from wikiplan.wiki.answers import understood
from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Wiki

# A page's markings: which English a translation was made for, and since when it is another.
#
# No question of the Translate extension's API says that for many units at once; the log of
# markings and the texts of the revisions that were marked do.


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A page's units as translators saw them from a marking on: definitions by id."""

    time: datetime
    definitions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Then:
    """The English that a text was made for (empty when unknown), and when another one came."""

    english: str
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Markings:
    """Markings of one page, oldest first."""

    texts: Sequence[MarkedText]

    def then(self, id: str, written: datetime, english: str) -> Then:
        """Return what an outdated text of ``written`` was made for; ``english`` is today's.

        A text that is outdated although the English is still the same was marked so by a person,
        or was sent as outdated: then nothing is known.
        """
        before = ""
        for marking in self._of(id):
            definition = marking.definitions[id]
            if marking.time <= written:
                before = definition
            elif before and definition != before:
                return Then(before, marking.time)
        return Then("", None) if before == english else Then(before, None)

    def _of(self, id: str) -> Iterator[MarkedText]:
        return (marking for marking in self.texts if id in marking.definitions)


def title_english(title: str, id: str, units: Mapping[str, str]) -> str:
    """Return a unit's English as translators see it; that of the title is the title."""
    return title if id == TITLE_UNIT else definition(units.get(id, ""))


# What only a real wiki knows of a page beside its text: protection, moves, redirects to it.


MOVES = "10"  # the newest ones are enough to tell where a page went


@dataclass(frozen=True, slots=True)
class Protection:
    """Who may do what: ``action`` needs the right or group ``level``, until ``expires``."""

    action: str
    level: str
    expires: str


@dataclass(frozen=True, slots=True)
class Move:
    """A move away from the page's title. ``time`` is UTC."""

    target: str
    user: str
    time: datetime


@dataclass(frozen=True, slots=True)
class PageFacts:
    """``redirects`` are titles that lead to the page; moves come newest first."""

    protections: tuple[Protection, ...] = ()
    moves: tuple[Move, ...] = ()
    redirects: tuple[str, ...] = ()


@understood
def page_facts(wiki: Wiki, title: str) -> PageFacts:
    """Return what the wiki says of a page, with one request; a folder says nothing."""
    if not isinstance(wiki, Site):
        return PageFacts()
    answer = wiki.ask(
        action="query",
        titles=title,
        prop="info|redirects",
        inprop="protection",
        rdlimit="max",
        list="logevents",
        letype="move",
        letitle=title,
        lelimit=MOVES,
    )
    query = answer["query"]
    page = query["pages"][0]
    return PageFacts(
        protections=tuple(
            Protection(str(each["type"]), str(each["level"]), str(each.get("expiry", "")))
            for each in page.get("protection", ())
        ),
        moves=tuple(
            Move(
                str(each.get("params", {}).get("target_title", "")),
                str(each.get("user", "")),
                answers.instant(each["timestamp"]),
            )
            for each in query.get("logevents", ())
        ),
        redirects=tuple(str(each["title"]) for each in page.get("redirects", ())),
    )

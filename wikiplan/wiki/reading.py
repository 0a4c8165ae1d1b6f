"""The Translate extension of a real wiki, each question asked once: for reports, not for edits.

All of a page costs two requests, one for its jobs and one for what older translations were made
for, and one for each language that has anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from wikiplan.errors import Refusal
from wikiplan.translate import TITLE_UNIT, ParseError, definition, markup
from wikiplan.wiki import answers, translateanswers
from wikiplan.wiki.answers import Answer, understood
from wikiplan.wiki.api import Site, joined
from wikiplan.wiki.interface import Wiki
from wikiplan.wiki.translate import Group, Marked, UnitState
from wikiplan.wiki.translateanswers import UNMARKED
from wikiplan.wiki.translatesite import NO_SUCH_GROUP, TranslateSite, group_id, group_parameters

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


# The Translate extension of a real wiki, each question asked once: for reports, not for edits.


MOST_MARKINGS = 50
"""Revisions that one request gives with their texts, also to accounts without special rights."""


class OnceSite(TranslateSite):
    """Implements ``wiki.translate.TranslateWiki``; never knows of later changes."""

    def __init__(self, site: Site, generator: str, script: str) -> None:
        super().__init__(site, generator, script)
        self._logs: dict[str, Answer] = {}
        self._marked: dict[str, Marked | None] = {}
        self._states: dict[tuple[str, str], Mapping[str, UnitState]] = {}

    def group(self, title: str) -> Group | None:
        overview = self._log(title)
        if "messagegroupstats" not in overview["query"]:
            return super().group(title)
        return translateanswers.group([overview])

    def marked(self, title: str) -> Marked | None:
        if title not in self._marked:
            self._marked[title] = super().marked(title)
        return self._marked[title]

    def _mark_entry(self, title: str) -> Mapping[str, Any] | None:
        return translateanswers.mark_entry(self._log(title), title)

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        """Return each unit in a language, with :attr:`UnitState.written`; one request."""
        if (title, language) not in self._states:
            self._states[title, language] = self._asked_states(title, language)
        return self._states[title, language]

    @understood
    def jobs_done(self, title: str, changed: Mapping[str, str], language: str = "en") -> bool:
        """Compare digests, in one request; only where one differs, the texts."""
        pages = _pages(self._site.query(**_collection(title, language), rvprop="ids|slotsha1"))
        stored = {title: _digest(page) for title, page in pages.items()}
        wanted = {
            f"Translations:{title}/{id}/{language}": definition(text).rstrip()
            for id, text in changed.items()
        }
        if all(stored.get(page) == _sha1(text) for page, text in wanted.items()):
            return True
        return super().jobs_done(title, changed, language)

    @understood
    def markings(self, title: str, since: datetime) -> Markings:
        """Return the markings from the one that held at ``since`` on, with their texts."""
        entries = list(_entries(self._log(title), since))
        numbers = sorted({int(entry["params"]["revision"]) for entry in entries})[-MOST_MARKINGS:]
        texts = self._texts(numbers)
        marked = [
            MarkedText(answers.instant(str(entry["timestamp"])), self._definitions_in(text))
            for entry in entries
            if (text := texts.get(int(entry["params"]["revision"])))
        ]
        return Markings(sorted(marked, key=lambda each: each.time))

    def unit_address(self, title: str, id: str, language: str) -> str:
        """Return where a person translates one unit."""
        key = f"{title}/{id}".replace(" ", "_")
        page = {"title": "Special:Translate", "group": group_id(title), "language": language}
        return f"{self._script}?{urlencode({**page, 'action': 'translate', 'showMessage': key})}"

    def _log(self, title: str) -> Answer:
        """Return the log of markings and, unless the wiki is at work on the first, the group."""
        if title not in self._logs:
            try:
                stats = {"meta": "messagegroups|messagegroupstats", "mgsgroup": group_id(title)}
                self._logs[title] = self._overview(title, stats)
            except Refusal as refusal:
                if refusal.code not in ("no-progress", NO_SUCH_GROUP):
                    raise
                self._logs[title] = self._overview(title, {"meta": "messagegroups"})
        return self._logs[title]

    @understood
    def _overview(self, title: str, asked: Mapping[str, str]) -> Answer:
        found: dict[str, list[Any]] = {}
        for answer in self._site.query(
            list="logevents",
            letype="pagetranslation",
            letitle=title,
            lelimit="max",
            **asked,
            **group_parameters(title),
        ):
            for name, rows in answer["query"].items():
                found[name] = [*found.get(name, ()), *rows]
        return {"query": found}

    @understood
    def _asked_states(self, title: str, language: str) -> Mapping[str, UnitState]:
        """Ask for the units and their pages at once: the server fails if the two differ."""
        asked = list(
            self._site.query(
                list="messagecollection",
                mcgroup=group_id(title),
                mclanguage=language,
                mcprop="translation|tags|properties",
                mclimit="max",
                **_collection(title, language),
                rvprop="ids|timestamp",
            )
        )
        times = {page: _written(found) for page, found in _pages(asked).items()}
        return {
            id: replace(state, written=times.get(f"Translations:{title}/{id}/{language}"))
            for id, state in translateanswers.states(asked).items()
        }

    @understood
    def _texts(self, numbers: list[int]) -> dict[int, str]:
        """Return the texts of revisions as far as the wiki shows them."""
        if not numbers:
            return {}
        known = {each.revision: each.text for each in self._marked.values() if each}
        missing = [str(number) for number in numbers if number not in known]
        properties = {"rvprop": "ids|content", "rvslots": "main"}
        asked = self._site.query(prop="revisions", revids=joined(missing), **properties)
        for answer in asked if missing else ():
            for page in answer["query"].get("pages", ()):
                for revision in page.get("revisions", ()):
                    content = revision.get("slots", {}).get("main", {}).get("content")
                    known |= {int(revision["revid"]): str(content)} if content else {}
        return known

    def _definitions_in(self, text: str) -> Mapping[str, str]:
        """Return what translators saw of a revision; nothing of one that does not read any more."""
        try:
            units = markup.parse(text, self.version).units
        except ParseError:
            return {}
        return {unit.id: definition(unit.text) for unit in units if unit.id}


def title_english(title: str, id: str, units: Mapping[str, str]) -> str:
    """Return a unit's English as translators see it; that of the title is the title."""
    return title if id == TITLE_UNIT else definition(units.get(id, ""))


def _collection(title: str, language: str) -> dict[str, str]:
    """Return the parameters that give a page's unit pages in a language."""
    return {
        "generator": "messagecollection",
        "gmcgroup": group_id(title),
        "gmclanguage": language,
        "gmclimit": "max",
        "prop": "revisions",
        "rvslots": "main",
    }


def _entries(log: Answer, since: datetime) -> Iterable[Mapping[str, Any]]:
    """Yield the markings since the page is translatable, newest first, the first before too."""
    for entry in log["query"].get("logevents", ()):
        if entry.get("action") in UNMARKED:
            return
        if entry.get("action") == "mark" and entry.get("params", {}).get("revision"):
            yield entry
            if answers.instant(str(entry["timestamp"])) <= since:
                return


def _pages(asked: Iterable[Answer]) -> dict[str, Mapping[str, Any]]:
    pages = (page for answer in asked for page in answer["query"].get("pages", ()))
    return {str(page["title"]): page for page in pages if page.get("revisions")}


def _written(page: Mapping[str, Any]) -> datetime | None:
    timestamp = page["revisions"][0].get("timestamp")
    return answers.instant(str(timestamp)) if timestamp else None


def _digest(page: Mapping[str, Any]) -> str:
    return str(page["revisions"][0].get("slots", {}).get("main", {}).get("sha1", ""))


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


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

"""The Translate extension of a real wiki, each question asked once.

All of a page costs two requests, one for its jobs and one for what older translations were made
for, and one for each language that has anything; what ``wiki.translatememory`` knows costs none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from wikiplan.errors import Refusal
from wikiplan.translate import ParseError, definition, english, markup, rules
from wikiplan.value import asdict, replace
from wikiplan.wiki import answers, translateanswers
from wikiplan.wiki.answers import Answer, understood
from wikiplan.wiki.api import Site, joined
from wikiplan.wiki.interface import HistoryEntry, Revision, Saved
from wikiplan.wiki.markings import MarkedText, Markings
from wikiplan.wiki.translate import Group, Marked, Status, UnitState
from wikiplan.wiki.translateanswers import UNMARKED
from wikiplan.wiki.translatememory import (
    EVERY_LANGUAGE,
    PAGE,
    AskedPage,
    Question,
    TranslateMemory,
)
from wikiplan.wiki.translatesite import NO_SUCH_GROUP, TranslateSite, group_id, group_parameters

AGGREGATE_GROUPS = "agg-*"
MOST_MARKINGS = 50
"""Revisions that one request gives with their texts, also to accounts without special rights."""


class RememberingSite(TranslateSite):
    """Implements ``wiki.translate.TranslateWiki`` with what was told before.

    It never knows of other people's later changes, unless it writes to the page: then all of it is
    asked anew.
    """

    def __init__(self, site: Site, generator: str, script: str, memory: TranslateMemory) -> None:
        super().__init__(site, generator, script)
        self._memory = memory
        memory.recent(site)
        memory.begin(generator, tells_all=rules.VERSIONS[self.version].tells_of_unfuzzying)

    def group(self, title: str) -> Group | None:
        overview = self._overview(title)
        if not translateanswers.language(overview):
            return None
        if "messagegroupstats" not in overview["query"]:
            return super().group(title)
        return translateanswers.group([overview])

    def marked(self, title: str) -> Marked | None:
        with self._asked_anew_if_refused(title):
            return super().marked(title)

    def _text_of(self, title: str, revision: str) -> Answer:
        def ask() -> Answer:
            return TranslateSite._text_of(self, title, revision)

        return dict(self._memory.once(Question(title, PAGE, f"revision {revision}"), ask))

    def _mark_entry(self, title: str) -> Mapping[str, Any] | None:
        with self._asked_anew_if_refused(title):
            return translateanswers.mark_entry(self._overview(title), title)

    @contextmanager
    def _asked_anew_if_refused(self, title: str) -> Iterator[None]:
        """Keep nothing of a page of which no sense was made: the answer itself may be wrong."""
        try:
            yield
        except Refusal:
            self._memory.forget(title)
            raise

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        def ask() -> Sequence[tuple[str, str]]:
            return sorted(TranslateSite.unit_names(self, title))

        question = Question(title, EVERY_LANGUAGE, "names")
        return {(id, language) for id, language in self._memory.once(question, ask)}

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        """Return each unit in a language, with :attr:`UnitState.written`; one request.

        One more for the page's jobs: as long as there are any nothing is remembered.
        """
        rows = self._states_told(title, language)["units"]
        return {id: _state(row) for id, row in rows.items()}

    def review_state(self, title: str, language: str) -> str:
        """Return the state of a page in a language; empty where the wiki knows no such states."""
        return str(self._states_told(title, language)["state"])

    def _states_told(self, title: str, language: str) -> Mapping[str, Any]:
        def ask() -> Mapping[str, Any]:
            self._look_for_jobs(title)
            return self._asked_states(title, language)

        return dict(self._memory.once(Question(title, language, "units and state"), ask))

    def groups_with(self, title: str) -> tuple[str, ...]:
        """Return the names of the aggregate groups that a page is in; one request for all pages.

        The page's log says when it joins or leaves one.
        """

        def ask() -> Sequence[str]:
            return translateanswers.groups_with(self._aggregate_groups, group_id(title))

        return tuple(self._memory.once(Question(title, PAGE, "groups"), ask))

    @cached_property
    def _aggregate_groups(self) -> Answer:
        asked = {"mgformat": "tree", "mgprop": "id|label", "mgfilter": AGGREGATE_GROUPS}
        return self._site.ask("query", meta="messagegroups", **asked)

    def _look_for_jobs(self, title: str) -> None:
        if not self._memory.doubts(title) and (marked := self.marked(title)):
            self.jobs_done(title, marked.units, translateanswers.language(self._overview(title)))

    @understood
    def jobs_done(self, title: str, changed: Mapping[str, str], language: str = "en") -> bool:
        """Compare digests, in one request; only where one differs, the texts."""

        def ask() -> Mapping[str, str]:
            pages = _pages(self._site.query(**_collection(title, language), rvprop="ids|slotsha1"))
            return {page: _digest(found) for page, found in pages.items()}

        question = Question(title, language, "definitions")
        stored = self._memory.once(question, ask)
        wanted = {
            f"Translations:{title}/{id}/{language}": definition(text).rstrip()
            for id, text in changed.items()
        }
        if all(stored.get(page) == answers.sha1(text) for page, text in wanted.items()):
            return True
        self._memory.drop(question)
        done = super().jobs_done(title, changed, language)
        if not done:
            self._memory.doubt(title)
        return done

    @understood
    def markings(self, title: str, since: datetime) -> Markings:
        """Return the markings from the one that held at ``since`` on, with their texts."""
        entries = list(_entries(self._overview(title), since))
        numbers = sorted({int(entry["params"]["revision"]) for entry in entries})[-MOST_MARKINGS:]
        texts = self._texts(title, numbers)
        marked = [
            MarkedText(answers.instant(str(entry["timestamp"])), self._definitions_in(text))
            for entry in entries
            if (text := texts.get(str(entry["params"]["revision"])))
        ]
        return Markings(sorted(marked, key=lambda each: each.time))

    def unmarked_revisions(self, title: str, marked: int) -> Sequence[HistoryEntry]:
        def ask() -> Sequence[Any]:
            return [_line(each) for each in TranslateSite.unmarked_revisions(self, title, marked)]

        rows = self._memory.once(Question(title, PAGE, f"since {marked}"), ask)
        return [_entry(row) for row in rows]

    def unit_address(self, title: str, id: str, language: str) -> str:
        return address_of_unit(self._script, title, id, language)

    def page_address(self, title: str, language: str) -> str:
        """Return where a person translates what of a page is not translated."""
        return address_of_page(self._script, title, language)

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        self._memory.forget(page.title.partition(":")[2].rsplit("/", 2)[0])
        return super().translate(page, text, summary)

    def _overview(self, title: str) -> Answer:
        """Return the log of markings and, unless the wiki is at work on the first, the group."""

        def ask() -> Answer:
            try:
                stats = {"meta": "messagegroups|messagegroupstats", "mgsgroup": group_id(title)}
                return self._asked_overview(title, stats)
            except Refusal as refusal:
                if refusal.code not in ("no-progress", NO_SUCH_GROUP):
                    raise
                if refusal.code == "no-progress":
                    self._memory.doubt(title)
                return self._asked_overview(title, {"meta": "messagegroups"})

        return dict(self._memory.once(Question(title, EVERY_LANGUAGE, "overview"), ask))

    @understood
    def _asked_overview(self, title: str, asked: Mapping[str, str]) -> Answer:
        found: dict[str, list[Any]] = {}
        for answer in self._site.query(
            titles=title,
            prop="info",
            list="logevents",
            letype="pagetranslation",
            letitle=title,
            lelimit="max",
            **asked,
            **group_parameters(group_id(title)),
        ):
            for name, rows in answer["query"].items():
                found[name] = [*found.get(name, ()), *rows]
        overview = {"query": found}
        namespace = int(found["pages"][0]["ns"])
        self._memory.note(title, AskedPage(namespace, translateanswers.language(overview)))
        if not translateanswers.agrees(overview):
            self._memory.doubt(title)
        return overview

    @understood
    def _asked_states(self, title: str, language: str) -> Mapping[str, Any]:
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
        rows = {
            id: _row(replace(state, written=times.get(f"Translations:{title}/{id}/{language}")))
            for id, state in translateanswers.states(asked).items()
        }
        return {"units": rows, "state": translateanswers.review_state(asked)}

    def _texts(self, title: str, numbers: list[int]) -> Mapping[str, str]:
        """Return the texts of revisions, by number, as far as the wiki shows them."""
        asked = [str(number) for number in numbers]
        if not asked:
            return {}
        question = Question(title, PAGE, f"texts {'|'.join(asked)}")
        return dict(self._memory.once(question, lambda: self._asked_texts(asked)))

    @understood
    def _asked_texts(self, numbers: Sequence[str]) -> Mapping[str, str]:
        properties = {"rvprop": "ids|content", "rvslots": "main"}
        texts: dict[str, str] = {}
        for answer in self._site.query(prop="revisions", revids=joined(numbers), **properties):
            for page in answer["query"].get("pages", ()):
                for revision in page.get("revisions", ()):
                    content = revision.get("slots", {}).get("main", {}).get("content")
                    texts |= {str(revision["revid"]): str(content)} if content else {}
        return texts

    def _definitions_in(self, text: str) -> Mapping[str, str]:
        """Return what translators saw of a revision; nothing of one that does not read any more."""
        try:
            units = markup.parse(text, self.version).units
        except ParseError:
            return {}
        return {unit.id: english(unit.text) for unit in units if unit.id}


def _row(state: UnitState) -> Sequence[Any]:
    written = state.written.isoformat() if state.written else ""
    return [str(state.status), state.text, state.revision, state.translator, written]


def _state(row: Sequence[Any]) -> UnitState:
    status, text, revision, translator, written = row
    when = datetime.fromisoformat(written) if written else None
    return UnitState(Status(status), text, revision, translator, when)


def _line(entry: HistoryEntry) -> Mapping[str, Any]:
    return asdict(entry) | {"timestamp": entry.timestamp.isoformat()}


def _entry(line: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(**{**line, "timestamp": datetime.fromisoformat(line["timestamp"])})


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


def address_of_page(script: str, title: str, language: str) -> str:
    """Return where a person translates a page, on the wiki whose pages ``script`` shows."""
    page = {"title": "Special:Translate", "group": group_id(title), "language": language}
    return f"{script}?{urlencode({**page, 'action': 'translate'})}"


def address_of_unit(script: str, title: str, id: str, language: str) -> str:
    """Return where a person translates one unit of a page."""
    key = f"{title}/{id}".replace(" ", "_")
    return f"{address_of_page(script, title, language)}&{urlencode({'showMessage': key})}"

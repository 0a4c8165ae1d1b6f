"""A small wiki with translatable units in memory, and a desk that keeps a catalog in step with it.

The wiki behaves as measured (facts 3.2, 3.3, 1.7): a change of the marked English makes all
translations outdated, a save without the sign makes one current, a page that was deleted is not
created again, and nobody saves over a revision that he did not see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.changes.apply import Saving
from wikiplan.errors import Conflict, Refusal
from wikiplan.plan.plan import Credit
from wikiplan.plan.units import Unit
from wikiplan.sync.lastseen import LastSeenFile
from wikiplan.sync.pull import LanguagePull
from wikiplan.sync.push import LanguagePush, PushEdit, PushRun
from wikiplan.sync.units import SyncOutcome, SyncResult, SyncUnit
from wikiplan.translate.tvars import clean, has_outdated_mark
from wikiplan.wiki.interface import Head, HistoryEntry, Revision, Saved
from wikiplan.wiki.translate import NoTranslate, Status, UnitState

LANGUAGE, TITLE = "ar", "Plan"
RUN = "20210701T000000Z-abc123"
SUMMARY = f"Translations [run {RUN}]"
NOW = datetime(2021, 7, 1, tzinfo=UTC)


class MemoryWiki(NoTranslate):
    """One page's units in one language; ``texts`` are all that ever stood there."""

    def __init__(self, units: Mapping[str, str]) -> None:
        super().__init__("memory")
        self.units = dict(units)
        self.pages: dict[str, Revision] = {}
        self.deleted: set[str] = set()
        self.texts: list[tuple[str, str]] = []
        self.made_for_by: dict[str, str] = {}
        self.outdated: set[str] = set()
        self.summaries: dict[int, str] = {}
        self.written: datetime | None = None

    @property
    def edits(self) -> int:
        return len(self.texts)

    def text(self, id: str) -> str:
        return self.pages[id].text if id in self.pages else ""

    def write(self, id: str, text: str, user: str = "Trans") -> None:
        """Let somebody save a text; the same text is no new revision, but current after that."""
        if has_outdated_mark(text):
            self.made_for_by.setdefault(id, self.units[id])
            self.outdated.add(id)
        else:
            self.made_for_by[id] = self.units[id]
            self.outdated.discard(id)
        if text != self.text(id):
            self.texts.append((id, text))
            title = f"Translations:{TITLE}/{id}/{LANGUAGE}"
            self.pages[id] = Revision(title, 1, self.edits, text, user)
            self.deleted.discard(id)

    def delete(self, id: str) -> None:
        if self.pages.pop(id, None):
            self.deleted.add(id)
            self.outdated.discard(id)

    def mark(self, units: Mapping[str, str]) -> None:
        for id, english in units.items():
            if english != self.units[id] and self.text(id):
                self.outdated.add(id)  # a table's line: the text stays as it is
        self.units = dict(units)

    # what wikiplan asks

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        return {id: self._state(id, page) for id, page in self.pages.items()}

    def _state(self, id: str, page: Revision) -> UnitState:
        status = Status.OUTDATED if id in self.outdated else Status.TRANSLATED
        return UnitState(status, clean(page.text), page.number, page.user, self.written)

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        missing = Revision("Translations:missing")
        return {
            (id, code): self.pages.get(id, Revision(f"{missing.title}/{id}")) for id, code in units
        }

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        pages = {title: self.pages.get(title.split("/")[1], Revision(title)) for title in titles}
        return {title: Head(title, page.page_id, page.number) for title, page in pages.items()}

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        return {(id, LANGUAGE) for id in self.pages}

    def history(self, page_id: int, title: str, since: int) -> Sequence[HistoryEntry]:
        """Return a unit page's revisions; their numbers are those of all edits."""
        id = title.split("/")[1]
        numbers = [number for number, (of, _) in enumerate(self.texts, 1) if of == id]
        return [
            HistoryEntry(number, 0, "somebody", NOW, self.summaries.get(number, ""), "")
            for number in reversed(numbers)
            if number > since
        ]

    def made_for(self, title: str, id: str, language: str) -> str | None:
        return self.made_for_by.get(id)

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        id = page.title.split("/")[1]
        now = self.pages.get(id, Revision(page.title))
        if now.number != page.number:
            raise Conflict("editconflict", f"{page.title}: somebody changed it; run again")
        if id in self.deleted:
            raise Refusal("pagedeleted", f"{page.title}: people deleted this page; restore it")
        before = self.edits
        self.write(id, text, "PlanBot")
        if self.edits != before:
            self.summaries[self.edits] = summary
        return Saved(self.edits if self.edits != before else 0, page.number, page.title)


@dataclass
class Desk:
    """A plan with one catalog; several places may have the text of one key."""

    places: Mapping[str, str]
    take: str = ""
    catalog: Catalog = field(default_factory=lambda: Catalog.create(Path(f"{LANGUAGE}.po")))
    base: LastSeenFile = field(default_factory=lambda: LastSeenFile(Path("base.json"), None))
    versions: dict[str, int] = field(default_factory=dict)
    wiki: Any = None
    title: str = TITLE
    credit: Credit = field(default_factory=Credit)

    def __post_init__(self) -> None:
        self.wiki = self.wiki or MemoryWiki(self.english())
        self.catalog.update(self.units.values())

    @property
    def keys(self) -> list[str]:
        return list(dict.fromkeys(self.places.values()))

    @property
    def units(self) -> dict[str, Unit]:
        return {
            key: Unit(key, f"English {self.versions.get(key, 0)} of {key}", {}) for key in self.keys
        }

    def english(self) -> dict[str, str]:
        return {id: self.units[key].text for id, key in self.places.items()}

    def sync_units(self) -> list[SyncUnit]:
        return [
            SyncUnit(self.title, id, self.units[key], self.units[key].text, self.wiki.units[id])
            for id, key in self.places.items()
        ]

    # what people do

    def translate(self, key: str, text: str) -> None:
        self.catalog.set(self.units[key], text)

    def doubt(self, key: str) -> None:
        if self.text(key):
            self.catalog.outdate(self.units[key], self.units[key].text)

    def confirm(self, key: str) -> None:
        if self.text(key):
            self.catalog.set(self.units[key], self.text(key))

    def choose(self, key: str) -> None:
        """Delete the comments with other translations."""
        for text in self.conflicts(key):
            self.catalog.drop_beside(self.units[key], text)

    def reword(self, key: str) -> None:
        self.versions[key] = self.versions.get(key, 0) + 1
        self.catalog.update(self.units.values())

    def publish(self) -> None:
        """Bring the plan's English to the page, and have it marked."""
        self.wiki.mark(self.english())

    def text(self, key: str) -> str:
        return self.catalog.get(self.units[key]).text

    def current(self, key: str) -> bool:
        return self.catalog.get(self.units[key]).state is State.TRANSLATED

    def conflicts(self, key: str) -> tuple[str, ...]:
        return self.catalog.get(self.units[key]).conflicts

    # what wikiplan does

    def pull(self) -> list[SyncResult]:
        self._reopen()

        def made_for(unit: SyncUnit, language: str) -> str | None:
            return self.wiki.made_for(self.title, unit.id, language)

        pulling = LanguagePull(
            LANGUAGE, self.catalog, self.base, (), self.take, made_for, self.credit
        )
        return pulling.run(self.sync_units(), self.wiki.states(self.title, LANGUAGE))

    def push(self) -> list[SyncResult]:
        self._reopen()
        pushing = LanguagePush(LANGUAGE, self.catalog, self.base, (), self.take)
        units = pushing.candidates(self.sync_units())
        stored = self.wiki.unit_pages(self.title, [(unit.id, LANGUAGE) for unit in units])
        states = self.wiki.states(self.title, LANGUAGE)
        planned = []
        for unit in units:
            page = stored[unit.id, LANGUAGE]
            asks = pushing.asks_for_state(unit, page)
            planned.append(pushing.plan(unit, page, states.get(unit.id) if asks else None))
        done = [each for each in planned if isinstance(each, SyncResult)]
        there = self.wiki.unit_names(self.title)
        stood = pushing.stood_there(self.sync_units())
        done += [pushing.deleted(unit) for unit in stood if (unit.id, LANGUAGE) not in there]
        writing = PushRun(self.wiki, Saving(self.wiki, RUN), lambda push: SUMMARY)
        writing.run([each for each in planned if isinstance(each, PushEdit)])
        for push, saved in writing.results:
            if isinstance(saved, SyncResult):
                done.append(saved)
            else:
                pushing.remember(push, saved, "PlanBot")
                done.append(SyncResult(push.unit, LANGUAGE, SyncOutcome.PUSHED, push.text))
        return done

    def _reopen(self) -> None:
        """Go through the files, as two runs do."""
        text = self.catalog.text()
        self.catalog = Catalog(self.catalog.path, text.encode(), exists=True)
        self.base = LastSeenFile(self.base.path, self.base.text().encode())


def outcomes(results: Iterable[SyncResult]) -> dict[str, str]:
    return {each.unit.id: str(each.outcome) for each in results}

"""A translatable page in memory: what marking, translating and reading do to it (facts 1.4–1.7).

``tests/runs/test_evenings.py`` compares it with the real extension after each marking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from wikiplan.translate import (
    FUZZY,
    TITLE_UNIT,
    clean,
    definition,
    has_outdated_mark,
    markup,
    next_number,
)
from wikiplan.wiki.interface import Revision
from wikiplan.wiki.translate import NO_TRANSLATION, Counts, Group, Marked, Status, UnitState

NOW = datetime(2021, 7, 1, tzinfo=UTC)


@dataclass
class UnitPage:
    """A translation: its text, the definition that it was made for, and whether it is outdated."""

    text: str
    made_for: str
    outdated: bool
    time: int

    @property
    def status(self) -> Status:
        return Status.OUTDATED if self.outdated else Status.TRANSLATED


@dataclass
class TranslateModel:
    """One page of a wiki with Translate 1.43, as ``wiki.translate.TranslateWiki`` says.

    ``read`` and ``save`` are of the page's own text. ``pages`` are all translations that ever were,
    by id and language; ``ever`` is the last definition of each id.
    """

    title: str
    read: Callable[[], str]
    save: Callable[[str], Any]
    version: str = "1.43"
    assumption: str = ""
    texts: list[str] = field(default_factory=list)  # of marked revisions
    pages: dict[tuple[str, str], UnitPage] = field(default_factory=dict)
    ever: dict[str, str] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)  # when each definition changed
    time: int = 0

    # What people do

    def mark(self, spared: Collection[str] = (), meant: Collection[str] = ()) -> None:
        before, first = self.units, not self.texts
        self.note_marking(self.marked_text(self.read()), spared, meant)
        if self.texts[-1] != self.read():
            self.save(self.texts[-1])
        assert first or before.keys() & {TITLE_UNIT}

    def marked_text(self, text: str) -> str:
        """Return what marking makes of a text: new units get the next numbers."""
        return markup.marked(markup.parse(text), next_number(self.ever), self.title)

    def note_marking(
        self, text: str, spared: Collection[str] = (), meant: Collection[str] = ()
    ) -> None:
        """Note that the page was marked with this text."""
        before = self.units
        self.texts.append(text)
        self.time += 1
        for id, raw in self.units.items():
            old, new = before.get(id, raw), definition(raw)
            stays = id in spared or (definition(old) == new and id not in meant)
            if old != raw and not stays:
                for page in self._of(id):
                    held = has_outdated_mark(page.text) or id in meant
                    page.outdated = held or page.made_for != new
            if self.ever.get(id) != new:
                self.changed[id] = self.time
            self.ever[id] = new

    def translate(self, id: str, language: str, text: str) -> None:
        made_for = definition(self.units[id])
        self.pages[id, language] = UnitPage(text, made_for, has_outdated_mark(text), self.time)

    def _of(self, id: str) -> list[UnitPage]:
        return [page for (of, _), page in self.pages.items() if of == id]

    # What the wiki says

    @property
    def units(self) -> dict[str, str]:
        """The raw texts of the last marked version by id, the title's first; none before."""
        if not self.texts:
            return {}
        units = markup.parse(self.texts[-1]).units
        return {TITLE_UNIT: self.title, **{str(unit.id): unit.text for unit in units}}

    def marking_refusal(self) -> None:
        return None

    def marked_revision(self, title: str) -> int:
        return len(self.texts)

    def marked(self, title: str) -> Marked | None:
        if not self.texts:
            return None
        units = {id: raw for id, raw in self.units.items() if id != TITLE_UNIT}
        return Marked(len(self.texts), units, self.texts[-1], "Admin", NOW)

    def group(self, title: str) -> Group | None:
        if not self.texts:
            return None
        having = {code for id, code in self.pages if id in self.units}
        return Group("en", {code: Counts(0, 1, 0) for code in sorted(having)}, None)

    def used_ids(
        self, title: str, known: Mapping[str, str] = MappingProxyType({}), language: str = "en"
    ) -> Mapping[str, str | None]:
        return {**{id: text for id, text in self.ever.items() if id != TITLE_UNIT}, **known}

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        return {*self.pages, *((id, "en") for id in self.ever)}

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        found = ((id, self.pages.get((id, language))) for id in self.units)
        return {
            id: UnitState(page.status, clean(page.text), 1) if page else NO_TRANSLATION
            for id, page in found
        }

    def left_translations(
        self, title: str, ids: Sequence[str], languages: Sequence[str], own: str = "en"
    ) -> Mapping[str, Collection[str]]:
        return {code: {id for id in ids if self.is_left(id, code)} for code in languages}

    def is_left(self, id: str, language: str) -> bool:
        page = self.pages.get((id, language))
        return page is not None and FUZZY not in page.text and page.time >= self.changed[id]

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        found = ((unit, self.pages.get(unit)) for unit in units)
        return {
            unit: Revision("", 1, 1, page.text) if page else Revision("") for unit, page in found
        }

    def made_for(self, title: str, id: str, language: str) -> str | None:
        page = self.pages.get((id, language))
        return page.made_for if page else None

"""Finding out from the wiki what became of edits whose run was killed before it knew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wikiplan.changes.journal import Entry, Journal, Result
from wikiplan.errors import Refusal, Stop
from wikiplan.wiki.wiki import HistoryEntry, Wiki, made_by


@dataclass(frozen=True, slots=True)
class Settled:
    """One edit of a killed run. ``revision`` is the one that it made, 0 for none."""

    run: str
    title: str
    revision: int
    told: str


@dataclass(frozen=True, slots=True)
class KilledRun:
    """A run that ended before it knew what it did.

    ``saved`` counts the edits that it knew of, ``settled`` are those found out now.
    """

    run: str
    saved: int
    settled: tuple[Settled, ...]

    @property
    def told(self) -> str:
        edits = "1 edit" if self.saved == 1 else f"{self.saved} edits"
        found = "".join(f"; {each.title}: {each.told}" for each in self.settled)
        return f"Run {self.run} ended early, with {edits} known to be saved{found}."


def settle(journal: Journal, wiki: Wiki) -> tuple[KilledRun, ...]:
    """Complete the journal; only whoever holds the lock may ask. One request per open edit."""
    return tuple(_run(journal, wiki, run) for run in journal.unsettled())


def _run(journal: Journal, wiki: Wiki, run: str) -> KilledRun:
    entries = journal.entries(run)
    saved = sum(entry.result is Result.SAVED for entry in entries)
    settled = tuple(_entry(journal, wiki, e) for e in entries if e.result is Result.OPEN)
    journal.end(run)
    return KilledRun(run, saved, settled)


def _entry(journal: Journal, wiki: Wiki, entry: Entry) -> Settled:
    try:
        found = edit_of(entry.run, wiki.history(entry.page_id, entry.title, entry.base))
    except Stop:
        raise
    except Refusal as refusal:
        journal.not_saved(entry.id)
        told = f"its history cannot be read ({refusal})"
        return Settled(entry.run, entry.title, 0, told)
    if found is None:
        journal.not_saved(entry.id)
        return Settled(entry.run, entry.title, 0, "not saved, as its history shows")
    journal.saved(entry.id, found.number, found.parent)
    told = f"saved as revision {found.number}, as its history shows"
    return Settled(entry.run, entry.title, found.number, told)


def edit_of(run: str, history: Iterable[HistoryEntry]) -> HistoryEntry | None:
    """Return a run's own edit in a page's history, the newest one."""
    return next((each for each in history if made_by(run, each.summary)), None)

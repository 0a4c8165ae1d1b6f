"""What a run remembers for the next: what waited, who was told of it, and how runs ended.

It stands beside the lock and the journal. Where it is lost everybody is told once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from wikiplan import files, records
from wikiplan.errors import WikiplanError
from wikiplan.nightly.answers import Answer
from wikiplan.nightly.waiting import Kind, Waiting
from wikiplan.value import Value, field, replace, to_json

MOST_RUNS = 10
MOST_ANSWERS = 10
SEEN_BY_EVERY_RUN = (Kind.FAILED, Kind.FAULT, Kind.CHECKOUT)
LENGTH_OF_DIGEST = 12


class PastEdit(Value):
    """An edit that a run made."""

    title: str
    revision: int
    site: str = ""


class PastRun(Value):
    """How a run ended, for people who look at the last ones."""

    run: str
    started: datetime
    finished: datetime
    outcome: str
    edits: tuple[PastEdit, ...] = ()


class Memory(Value):
    """``told`` says, by channel and key, when somebody was told of what waits. ``written`` is what
    a run that has not committed it yet wrote into the checkout: digests by name; ``edits`` are the
    plan's own texts in there that people changed: language and account of each.
    """

    waiting: tuple[Waiting, ...] = ()
    told: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    runs: tuple[PastRun, ...] = ()
    last_success: datetime | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    """What people answered on boards and runs went by, the newest first."""

    def since(self, found: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """Return what waits, each since it was first found."""
        known = {each.key: each.since for each in self.waiting}
        return tuple(
            replace(each, since=min(each.since, known.get(each.key, each.since))) for each in found
        )

    def still(self, found: Collection[Waiting], unseen: Collection[str]) -> tuple[Waiting, ...]:
        """Return what waited before on sites that were not wholly looked at now.

        Of these nobody knows better: it waits until a run has looked. What broke a run off, and
        what is wrong in the plan, every run finds out.
        """
        keys = {each.key for each in found}
        return tuple(
            each
            for each in self.waiting
            if each.site in unseen and each.key not in keys and each.kind not in SEEN_BY_EVERY_RUN
        )

    def after(self, waiting: tuple[Waiting, ...], run: PastRun) -> Memory:
        """Return what is known once a run has ended; of what is done nobody needs to know more."""
        keys = {each.key for each in waiting}
        told = {
            channel: {key: time for key, time in times.items() if key in keys}
            for channel, times in self.told.items()
        }
        runs = (run, *self.runs)[:MOST_RUNS]
        return replace(self, waiting=waiting, told=told, runs=runs)


def path_of(wiki: Path | None, data: Path) -> Path:
    """Return where what is known of a plan is kept: one is told from another by its directory."""
    digest = sha256(str(data.resolve()).encode()).hexdigest()[:LENGTH_OF_DIGEST]
    return files.state_folder(wiki) / f"nights-{digest}.json"


def read(path: Path) -> Memory:
    """Return what is known; nothing where the file is missing or cannot be understood."""
    try:
        data = files.read_if_there(path)
        return records.read(Memory, data, str(path)) if data is not None else Memory()
    except WikiplanError:
        return Memory()


def write(path: Path, memory: Memory) -> None:
    files.make_private(path)
    files.replace(path, to_json(memory))

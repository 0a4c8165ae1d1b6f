"""The file of ``changes.memory``: SQLite, beside the journal, one for a site, account and plan.

Plans without a name share one.

Every value stands there with its digest: what does not have it any more is damaged, and counts as
lost. What many pages share is kept once, by its digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from wikiplan import database, files
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.changes.memory import KnownPage, Memory, Step
from wikiplan.render import Sources
from wikiplan.wiki import Cursor

ENDING = ".memory"
SCHEMA_VERSION = 1
SCHEMA = f"""
BEGIN;
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS shared (digest TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (
    asked TEXT PRIMARY KEY, value TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (
    name TEXT PRIMARY KEY, value TEXT NOT NULL, digest TEXT NOT NULL) WITHOUT ROWID;
COMMIT;
"""
_STATE = "state"  # the name of its only row
_UNREADABLE = (*database.UNREADABLE, LookupError)


_PLAN_IN_A_NAME = re.compile(r"[ _]#plan[ _]([a-z0-9-]+)$")


def path_of(folder: Path, site: str, account: str, plan: str = "") -> Path:
    """Return the file of a plan; no account's name may hold a #."""
    writer = f"{account} #plan {plan}" if plan else account
    return files.state_path(folder, site, writer, ENDING)


def read_all(
    folder: Path, site: str, plan: str = "", data: str = "", without: Path | None = None
) -> dict[str, KnownPage]:
    """Return what is known of a plan's pages on a site, whichever account made them.

    From before the plan had a name they are told by its directory, ``data``. A file that is read
    already may be left out.
    """
    known: dict[str, KnownPage] = {}
    for path in files.state_paths(folder, site, ENDING):
        named = _PLAN_IN_A_NAME.search(path.stem)
        name = named[1] if named else ""
        if path != without and name in ("", plan):
            pages = read(path).pages.items()
            known |= {asked: page for asked, page in pages if name == plan or page.data == data}
    return known


def read(path: Path) -> Memory:
    """Return what the file knows; nothing when it is not there, or is of another version."""
    if not path.exists():
        return Memory()
    try:
        with closing(database.connect(path, read_only=True)) as opened:
            return _Reading(opened).memory()
    except _UNREADABLE:
        return Memory()


def write(path: Path, before: Memory, after: Memory) -> None:
    """Bring the file from one state to another, all or nothing; a damaged one is begun anew.

    A run that cannot write it goes on: it is needed by none.
    """
    if after == before:
        return
    with suppress(*database.UNREADABLE):
        try:
            with _writing(path) as written:
                _Writing(written).change(before, after)
        except database.UNREADABLE as error:
            if not database.is_damage(error):
                raise
            path.unlink()
            with _writing(path) as written:
                _Writing(written).change(Memory(), after)


@contextmanager
def _writing(path: Path) -> Iterator[database.Connection]:
    with closing(database.connect(path, make=True)) as opened:
        if opened.execute("PRAGMA user_version").fetchone()[0] not in (0, SCHEMA_VERSION):
            raise database.Error("another version")
        opened.executescript(SCHEMA)
        opened.execute("BEGIN IMMEDIATE")
        yield opened
        opened.execute("COMMIT")


@dataclass
class _Writing:
    """Writes rows of a file, in one transaction; ``shared`` are digests that are surely there."""

    opened: database.Connection
    shared: set[str] = field(default_factory=set)

    def change(self, before: Memory, after: Memory) -> None:
        kept = any(page == before.pages.get(asked) for asked, page in after.pages.items())
        if not kept:  # then nothing is shared with what was there
            self.opened.execute("DELETE FROM shared")
        gone = [(asked,) for asked in before.pages.keys() - after.pages.keys()]
        self.opened.executemany("DELETE FROM page WHERE asked = ?", gone)
        rows = (
            self._row(asked, self._page(page))
            for asked, page in after.pages.items()
            if page != before.pages.get(asked)
        )
        self.opened.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", rows)
        cursor = after.cursor and [_stamp(after.cursor.instant), _stamp(after.cursor.listed)]
        row = self._row(_STATE, [cursor, sorted(after.tags), _stamp(after.complete_at)])
        self.opened.execute("INSERT OR REPLACE INTO state VALUES (?, ?, ?)", row)

    def _row(self, name: str, value: Any) -> tuple[str, str, str]:
        text = json.dumps(value)
        return name, text, _digest(name + text)

    def _page(self, page: KnownPage) -> list[Any]:
        inputs = self._inputs(page.inputs)
        made_of = page.made_of and self._made_of(page.made_of)
        step = page.step and self._step(page.step)
        sections, language = dict(page.sections), page.content_language
        known = [page.title, inputs, language, sections, page.data, made_of, step]
        return [*known, page.subjects] if page.subjects else known

    def _inputs(self, inputs: Inputs) -> str:
        versions, files = dict(inputs.versions), inputs.files
        return self._shared(json.dumps([inputs.plan_sha256, _stamp(inputs.now), versions, files]))

    def _made_of(self, made: MadeOf) -> list[str]:
        sources = self._shared(json.dumps([each.as_list() for each in made.sources]))
        return [made.digest, _stamp(made.until), sources]

    def _step(self, step: Step) -> list[Any]:
        told = self._shared(json.dumps([step.untranslated, step.outdated]))
        return [step.page_id, step.namespace, step.revision, step.sha1, told, step.marked]

    def _shared(self, value: str) -> str:
        digest = _digest(value)
        if digest not in self.shared:
            self.shared.add(digest)
            self.opened.execute("INSERT OR IGNORE INTO shared VALUES (?, ?)", (digest, value))
        return digest


class _Reading:
    """Reads a file; a page with a value that is damaged is not there."""

    def __init__(self, opened: database.Connection) -> None:
        if opened.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
            raise LookupError
        self._opened = opened
        rows = opened.execute("SELECT digest, value FROM shared")
        self._shared = {digest: value for digest, value in rows if _is_sound(digest, value)}
        self._inputs = cache(self._read_inputs)
        self._sources = cache(self._read_sources)
        self._told = cache(self._read_told)

    def memory(self) -> Memory:
        pages = dict(self._pages())
        for _, (cursor, tags, complete_at) in self._rows("state"):
            since = cursor and Cursor(*map(datetime.fromisoformat, cursor))
            return Memory(pages, since, frozenset(tags), _time(complete_at))
        return Memory(pages)

    def _pages(self) -> Iterator[tuple[str, KnownPage]]:
        for asked, value in self._rows("page"):
            with suppress(LookupError):
                yield asked, self._page(*value)

    def _rows(self, table: str) -> Iterator[tuple[str, Any]]:
        for name, value, digest in self._opened.execute(f"SELECT * FROM {table}"):
            if _is_sound(digest, name, value):
                yield name, json.loads(value)

    def _page(self, *values: Any) -> KnownPage:
        title, inputs, language, sections, data, made_of, step, *subjects = values
        return KnownPage(
            title,
            self._inputs(inputs),
            language,
            sections,
            data,
            made_of and self._made_of(*made_of),
            step and self._step(*step),
            tuple(*subjects),
        )

    def _made_of(self, digest: str, until: str, sources: str) -> MadeOf:
        return MadeOf(digest, _time(until), self._sources(sources))

    def _step(self, *values: Any) -> Step:
        page_id, namespace, revision, sha1, told, marked = values
        untranslated, outdated = self._told(told)
        return Step(page_id, namespace, revision, sha1, untranslated, outdated, marked)

    def _read_inputs(self, digest: str) -> Inputs:
        plan, now, versions, files = json.loads(self._shared[digest])
        return Inputs(plan, datetime.fromisoformat(now), versions, tuple(files))

    def _read_sources(self, digest: str) -> tuple[Sources, ...]:
        return tuple(map(Sources.of_list, json.loads(self._shared[digest])))

    def _read_told(self, digest: str) -> tuple[tuple[str, ...], ...]:
        return tuple(map(tuple, json.loads(self._shared[digest])))


def _is_sound(digest: Any, *values: Any) -> bool:
    """Say whether values are those that were written: damage may make numbers or bytes of texts."""
    return all(isinstance(value, str) for value in values) and digest == _digest("".join(values))


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _stamp(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def _time(stamp: str) -> datetime | None:
    return datetime.fromisoformat(stamp) if stamp else None

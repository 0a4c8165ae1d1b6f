"""The report of a run for the operator's programs, and the exit status that agrees with it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wikiplan import files, redaction, textdiff, utc
from wikiplan.changes import (
    STOP_PAGE,
    TO_WRITE,
    WAITING,
    Action,
    Imported,
    KilledRun,
    LaterRevision,
    PageChange,
    PageOutcome,
    SectionChange,
    versions,
)
from wikiplan.errors import STOPPED_BY_SIGNAL, Faults, Stop
from wikiplan.plan import Shard, shards

if TYPE_CHECKING:
    from wikiplan.sync import Credited, Examination


FORMAT_VERSION = 1
"""Of the report; it grows when a field means something else, or goes. New fields may come."""


class ExitStatus(IntEnum):
    """Exit statuses of the scripts."""

    DONE = 0
    FAILED = 1
    PENDING = 2
    WAITING = 3


class RunOutcome(StrEnum):
    """The report's ``outcome``, the gravest last."""

    NOTHING = "nothing"
    """There was nothing to do."""
    DONE = "done"
    """All was done."""
    PENDING = "pending"
    """A preview: an update would write."""
    WAITING = "waiting"
    """A person has to decide, or to mark a page for translation; the rest was done."""
    FAILED = "failed"
    """Something was refused, is in conflict or went wrong, or the run ended early."""
    STOPPED = "stopped"
    """The stop page has text, so that the run ended."""


STATUS = {
    RunOutcome.DONE: ExitStatus.DONE,
    RunOutcome.NOTHING: ExitStatus.DONE,
    RunOutcome.PENDING: ExitStatus.PENDING,
    RunOutcome.WAITING: ExitStatus.WAITING,
    RunOutcome.STOPPED: ExitStatus.FAILED,
    RunOutcome.FAILED: ExitStatus.FAILED,
}


def gravest(outcomes: Iterable[RunOutcome]) -> RunOutcome:
    """Return the outcome of what had several, nothing without any."""
    return max(outcomes, key=list(RunOutcome).index, default=RunOutcome.NOTHING)


_OF_A_PART = (
    "pages", "catalogs", "progress", "killed", "imported", "left", "only_versions", "steps",
    "sources", "translators",
)  # fmt: skip
"""The lists of a report whose entries name the step of a run, and the site where a plan has several
of these.
"""
FAULTS = "faults"
"""The code of what mistakes in the plan's files kept from being done."""
SKIPPED = "skipped"
"""The outcome of a step that was not tried."""

DONE = (*TO_WRITE, Action.DELETE)
FAILURES = {
    Action.FAILED: "failed",
    Action.CONFLICT: "is in conflict",
    Action.REFUSED: "was refused",
}
"""What makes a run a failure, the gravest first, in words."""


def new_run_id(now: datetime) -> str:
    """Return an id that is unique, sorts by time and can be found in an edit summary."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


@dataclass
class Report:
    """What a run did, page by page. ``error`` is what ended it early, if anything did, and
    ``error_code`` its short name; ``ended_by_stop`` says that the wiki should be left alone then.

    ``stopped`` says that this was the stop page, ``shard`` which part of the plan it was about.
    ``preview`` says that changes are shown and not made, ``assumption`` which rules a Translate
    extension is taken to have whose version was not measured.
    """

    run: str
    site: str
    started: datetime
    preview: bool = False
    shard: Shard = shards.WHOLE
    pages: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    error: str = ""
    error_code: str = ""
    ended_by_stop: bool = False
    stopped: bool = False
    assumption: str = ""
    waiting: bool = False
    catalogs: list[dict[str, Any]] = field(default_factory=list)
    progress: list[dict[str, Any]] = field(default_factory=list)
    killed: list[dict[str, Any]] = field(default_factory=list)
    imported: list[dict[str, str]] = field(default_factory=list)
    translators: list[dict[str, Any]] = field(default_factory=list)
    """Who brought which texts into the catalogs, of those who may be named."""
    credits: list[Credited] = field(default_factory=list)
    """The same, for commits."""
    looks: list[dict[str, Any]] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    """What became of each data file that is fetched."""
    findings: list[dict[str, str]] = field(default_factory=list)
    """What the doctor looked at: ``about``, ``state``, ``told``, ``code``."""
    left: list[dict[str, Any]] = field(default_factory=list)
    """The pages that the last run managed and the plan has no more: ``title``, ``sections``."""
    only_versions: list[dict[str, Any]] = field(default_factory=list)
    """The pages that change only because of versions: ``cause`` in words, ``pages`` by title."""
    misremembered: list[str] = field(default_factory=list)
    """The pages that a run with its memory would have left out, and that were not in step."""
    sites: list[dict[str, Any]] = field(default_factory=list)
    """What each site of the plan came to, where it has several; the other lists name it, too."""
    steps: list[dict[str, Any]] = field(default_factory=list)
    """What each step of a run of several came to; the other lists name it, too."""
    awaited: list[dict[str, Any]] = field(default_factory=list)
    """What waits for a person after such a run: what, for whom, since when."""
    interrupted: bool = False
    shards: list[dict[str, Any]] = field(default_factory=list)
    """What each shard came to, where this is the report of all; ``run`` is empty then."""
    finished: datetime | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    """Of what decides the bytes, where another run wrote them; else this program's."""

    @property
    def whose(self) -> str:
        """Whom it tells of: a run, or shards."""
        reported = sum(bool(each["run"]) for each in self.shards)
        return f"{reported} of {len(self.shards)} shards" if self.shards else f"Run {self.run}"

    def become(self, other: Report) -> None:
        """Say what another report says, as that of a run within this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(other, each.name))

    def add_changes(self, changes: Iterable[PageChange]) -> None:
        """Take in pages as compared."""
        changes = list(changes)
        self.waiting = self.waiting or any(
            page.waits_for_marking or page.language_waits for page in changes
        )
        self.pages += [
            _entry(page, page.action, 0, page.told.reason, page.told.code) for page in changes
        ]

    def add_outcomes(self, outcomes: Iterable[PageOutcome]) -> None:
        """Take in pages as written or not."""
        outcomes = list(outcomes)
        written = (o.change for o in outcomes if o.action in TO_WRITE)
        self.waiting = (
            self.waiting
            or any(change.waits_for_marking for change in written)
            or any(o.change.language_waits for o in outcomes)
        )
        self.pages += [_entry(o.change, o.action, o.revision, o.reason, o.code) for o in outcomes]

    def add_waiting(self, changes: Iterable[PageChange], reason: str) -> None:
        """Take in pages that were not written because a person has to say so."""
        self.waiting = True
        self.pages += [_entry(page, Action.NONE, 0, reason) for page in changes]

    def add_stage(self, found: Examination) -> None:
        """Take in how far a translatable page is, or that a plain one is refused."""
        from wikiplan.sync import Stage

        action = Action.REFUSED if found.stage is Stage.REFUSED else Action.NONE
        code = found.change.told.code if action is Action.REFUSED else ""
        entry = _entry(found.change, action, 0, found.told, code)
        self.waiting = self.waiting or found.stage in (Stage.WAITING, Stage.CHANGES)
        self.pages.append(entry | {"stage": found.stage})

    def add_imports(self, imported: Imported) -> None:
        """Take in what became of people's edits in the plan's files, which are written."""
        self.imported += [
            {"key": edit.key, "lang": edit.language, "before": edit.before, "after": edit.after}
            for edit in imported.taken
        ]

    def add_source(
        self,
        file: str,
        outcome: RunOutcome,
        reason: str = "",
        gone: Iterable[str] = (),
        code: str = "",
    ) -> None:
        """Take in what became of a data file that is fetched, and what vanishes from it."""
        self.waiting = self.waiting or outcome is RunOutcome.WAITING
        entry: dict[str, Any] = {"file": file, "outcome": outcome, "reason": reason}
        self.sources.append(entry | {"code": code, "gone": list(gone)})

    def add_credits(self, brought: Iterable[Credited]) -> None:
        """Take in who brought texts into the catalogs."""
        self.credits += brought
        self.translators = [each.as_dict() for each in self.credits]

    def add_killed(self, killed: KilledRun) -> None:
        """Take in what was found out about a run that did not come to its end."""
        pages = [
            {"title": each.title, "revid": each.revision, "reason": each.told}
            for each in killed.settled
        ]
        self.killed.append({"run": killed.run, "saved": killed.saved, "pages": pages})

    def add_deleted(self, page: PageChange) -> None:
        """Take in a page that a run had made, and that is deleted now."""
        self.pages.append(_entry(page, Action.DELETE, 0, ""))

    def arrange(self, changes: Iterable[PageChange]) -> None:
        """Put the pages into the order of the change set."""
        order = {page.title: index for index, page in enumerate(changes)}
        self.pages.sort(key=lambda page: order.get(page["title"], -1))

    def end_early(self, error: BaseException) -> None:
        """Note what ended the run before its end."""
        self.error = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
        self.error = self.error or type(error).__name__
        self.error_code = FAULTS if isinstance(error, Faults) else getattr(error, "code", "")
        self.ended_by_stop = isinstance(error, Stop)
        self.stopped = self.ended_by_stop and self.error_code == STOP_PAGE
        self.interrupted = self.ended_by_stop and self.error_code == STOPPED_BY_SIGNAL

    def part(self) -> Report:
        """Return an empty report of the same run, for one of several sites."""
        return Report(self.run, "", self.started, preview=self.preview, shard=self.shard)

    def add_site(self, site: str, part: Report) -> None:
        """Take in the report of one site."""
        self.sites.append(
            {"site": site, "outcome": part.result(), "requests": part.requests}
            | ({"error": part.error} if part.error else {})
        )
        self._take_in(part, {"site": site})
        self.requests += part.requests

    def add_step(self, name: str, part: Report, seconds: float) -> None:
        """Take in the report of one step; how many requests it made is added by the site's."""
        self.steps.append(
            {"step": name, "outcome": part.result(), "changed": part.has_written}
            | {"requests": part.requests, "seconds": round(seconds, 1)}
            | ({"error": part.error} if part.error else {})
        )
        self._take_in(part, {"step": name})

    def add_skipped(self, name: str, why: str) -> None:
        """Take in that a step was not tried."""
        none = {"changed": False, "requests": 0, "seconds": 0.0}
        self.steps.append({"step": name, "outcome": SKIPPED} | none | {"error": why})

    def _take_in(self, part: Report, of: Mapping[str, str]) -> None:
        for name in _OF_A_PART:
            found: list[dict[str, Any]] = getattr(part, name)
            getattr(self, name).extend({**of, **each} for each in found)
        self.misremembered += part.misremembered
        self.assumption = self.assumption or part.assumption

    @property
    def has_changed_files(self) -> bool:
        """Whether something went into the plan's files or catalogs."""
        fetched = RunOutcome.DONE in {each["outcome"] for each in self.sources}
        return fetched or bool(self.imported) or self._any_catalog("written")

    @property
    def has_written(self) -> bool:
        """Whether something was written, to the wiki or into the plan's files, or would be."""
        actions = {page["action"] for page in self.pages}
        written = bool(actions.intersection(DONE)) or self._any_catalog("written")
        written = written or self.has_changed_files
        return written or any(each["files"] for each in self.plans)

    def result(self) -> RunOutcome:
        """Return the outcome. Failure goes before waiting, waiting before pending."""
        if self.steps:
            return self._of_steps()
        if self.sites and not self.error:
            return gravest(each["outcome"] for each in self.sites)
        if self.stopped:
            return RunOutcome.STOPPED
        actions = {page["action"] for page in self.pages}
        states = {section["state"] for page in self.pages for section in page["sections"]}
        sources = {each["outcome"] for each in self.sources}
        failed = actions.intersection(FAILURES) or RunOutcome.FAILED in sources
        if self.error or failed or self._any_catalog("refused"):
            return RunOutcome.FAILED
        written = self.has_written
        drifted = bool(states.intersection(WAITING))
        if drifted or (self.waiting and not (self.preview and written)):
            return RunOutcome.WAITING
        if not written:
            return RunOutcome.NOTHING
        return RunOutcome.PENDING if self.preview else RunOutcome.DONE

    def _of_steps(self) -> RunOutcome:
        """Return the outcome of a run of steps: what one waits for, a later one may have done."""
        outcomes = {each["outcome"] for each in self.steps}
        if RunOutcome.STOPPED in outcomes or self.stopped:
            return RunOutcome.STOPPED
        if self.error or RunOutcome.FAILED in outcomes:
            return RunOutcome.FAILED
        if self.awaited:
            return RunOutcome.WAITING
        if not any(each["changed"] for each in self.steps):
            return RunOutcome.NOTHING
        return RunOutcome.PENDING if self.preview else RunOutcome.DONE

    @property
    def once_each(self) -> Iterable[dict[str, Any]]:
        """The pages, each once where several steps tell of it: what was done, before nothing."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for page in self.pages:
            place = page.get("site", ""), page["title"]
            if place not in found or page["action"] != Action.NONE:
                found[place] = page
        return found.values()

    def cause(self) -> str:
        """Return the one gravest reason why the run was not simply done, empty if it was."""
        result = self.result()
        if self.error:
            return self.error.splitlines()[0]
        if result in (RunOutcome.FAILED, RunOutcome.STOPPED):
            for each in self.steps:
                if each["outcome"] is result and (error := each.get("error")):
                    return f"{each['step']}: {error.splitlines()[0]}"
        if result is RunOutcome.WAITING and self.awaited:
            first, count = self.awaited[0], len(self.awaited) - 1
            more = f", and {count} more" if count else ""
            return f"{first['whom']}: {first['what']}{more}"
        for each in self.sites:
            if each["outcome"] is result and (error := each.get("error")):
                return f"{each['site']}: {error.splitlines()[0]}"
        if result is RunOutcome.FAILED:
            return next(self._failures(), "")
        return next(self._waits(), "") if result is RunOutcome.WAITING else ""

    def _failures(self) -> Iterator[str]:
        for action, words in FAILURES.items():
            yield from (f"{p['title']} {words}" for p in self.pages if p["action"] == action)
        yield from (f"{place} was refused" for c in self.catalogs for place in c["refused"])
        yield from self._reasons_of_sources(RunOutcome.FAILED)

    def _reasons_of_sources(self, outcome: RunOutcome) -> Iterator[str]:
        for each in self.sources:
            if each["outcome"] is outcome:
                yield f"{each['file']}: {each['reason'].splitlines()[0]}"

    def _waits(self) -> Iterator[str]:
        for page in self.pages:
            for section in page["sections"]:
                if section["state"] in WAITING:
                    state = section["state"]
                    yield f"section {section['name']} of {page['title']} is in the state “{state}”"
        yield from (f"{place} is in conflict" for c in self.catalogs for place in c["conflicts"])
        yield from (f"{p['title']}: {p['reason']}" for p in self.pages if p["reason"])
        yield from self._reasons_of_sources(RunOutcome.WAITING)
        yield "a person has to decide"

    def _any_catalog(self, what: str) -> bool:
        return any(catalog.get(what) for catalog in self.catalogs)

    def as_json(self) -> str:
        """Return the report as the design's JSON; times are UTC, ids are integers."""
        data: dict[str, Any] = {
            "version": FORMAT_VERSION,
            "run": self.run,
            "site": self.site,
            "started": utc.stamp(self.started),
            "finished": utc.stamp(self.finished or datetime.now(UTC)),
            "outcome": self.result(),
            "requests": self.requests,
            "versions": dict(self.versions or versions()),
            "pages": self.pages,
        }
        place = {"index": self.shard.index, "of": self.shard.of}
        only_where_there = {
            "shard": {} if self.shard.is_whole else place,
            "shards": self.shards,
            "steps": self.steps,
            "waiting": self.awaited,
            "sites": self.sites,
            "only_versions": self.only_versions,
            "misremembered": self.misremembered,
            "left": self.left,
            "sources": self.sources,
            "catalogs": self.catalogs,
            "imported": self.imported,
            "translators": self.translators,
            "killed_runs": self.killed,
            "progress": self.progress,
            "looks": self.looks,
            "plans": self.plans,
            "findings": self.findings,
            "assumption": self.assumption,
            "error": self.error,
            "code": self.error_code,
        }
        data |= {name: value for name, value in only_where_there.items() if value}
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    def write(self, path: Path) -> None:
        """Write the report whole or not at all."""
        files.replace(path, redaction.without_known(self.as_json()).encode())


def _entry(
    page: PageChange, action: Action, revision: int, reason: str, code: str = ""
) -> dict[str, Any]:
    return (
        {
            "title": page.title,
            "lang": page.language,
            "action": action,
            "base_revid": page.base.revision,
            "new_revid": revision,
            "reason": reason,
            "code": code,
            "sections": [_section(each) for each in page.sections],
            "untranslated": len(page.told.untranslated),
            "outdated": len(page.told.outdated),
        }
        | ({"lost": len(page.told.lost)} if page.told.lost else {})
        | ({"others": [_of_plan(*each) for each in page.others.items()]} if page.others else {})
        | _page_language(page)
        | _translations(page)
        | _reviews(page)
        | _between(page)
        | _drift(page)
    )


def _section(section: SectionChange) -> dict[str, Any]:
    return {"name": section.name, "state": section.state} | (
        {"plan": section.whose} if section.whose else {}
    )


def _of_plan(section: str, plan: str) -> dict[str, Any]:
    return {"name": section, "plan": plan}


def _page_language(page: PageChange) -> dict[str, Any]:
    """Return the language that the page gets, or why it keeps its own; nothing of most pages."""
    if not (language := page.page_language):
        return {}
    found = {"before": language.before, "after": language.after, "left": language.left}
    return {"page_language": found}


def _reviews(page: PageChange) -> dict[str, Any]:
    """Return what people said of the page's change before, nothing where nobody did."""
    if not page.reviews:
        return {}
    said = [
        {
            "user": each.by,
            "time": utc.stamp(each.time),
            "verdict": each.verdict,
            "comment": each.comment,
        }
        for each in page.reviews
    ]
    return {"reviews": said}


def _between(page: PageChange) -> dict[str, Any]:
    """Return the revisions that keep a saved change from being made, nothing for other pages."""
    if not page.told.since:
        return {}
    entries = [
        _revision(each)
        | {
            "own": each.own,
            "sections": [
                {"name": name, "diff": textdiff.plain(*texts)}
                for name, texts in each.sections.items()
            ],
            "damage": each.damage,
        }
        for each in page.told.since
    ]
    return {"between": entries}


def _drift(page: PageChange) -> dict[str, Any]:
    """Return what people did to the page's sections, nothing where they did nothing."""
    drifted = [
        {
            "section": section.name,
            "base_known": drift.base is not None,
            "edits": [_revision(each) for each in drift.edits],
            "diff": textdiff.plain(drift.ours if drift.base is None else drift.base, drift.now),
            "left": [
                {"line": each.line, "before": each.before, "after": each.after,
                 "reason": each.reason}
                for each in drift.units.left
            ],
        }
        for section in page.sections
        if (drift := section.drift)
    ]  # fmt: skip
    return {"drift": drifted} if drifted else {}


def _revision(each: LaterRevision) -> dict[str, Any]:
    return {
        "revid": each.revision.number,
        "user": each.revision.user,
        "time": utc.stamp(each.revision.timestamp),
        "summary": each.revision.summary,
    }


def _translations(page: PageChange) -> dict[str, Any]:
    """Return what the report says of a translatable page's translations, nothing of others."""
    if page.effect is None:
        return {}
    counts = [
        {
            "lang": each.language,
            "kept": each.kept,
            "outdated": each.outdated,
            "new": each.new,
            "orphaned": each.orphaned,
            "words": each.words,
            "again": each.again,
            "ready": each.ready,
            "broken": [{"id": b.id, "variables": list(b.variables)} for b in each.broken],
        }
        for each in page.effect.languages
    ]
    return {
        "marked_revid": page.effect.marked,
        "spared": list(page.effect.spared),
        "meant": list(page.effect.meant),
        "translations": counts,
    }

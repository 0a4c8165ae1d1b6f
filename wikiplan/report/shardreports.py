"""The reports of the shards of a plan, put together: what one run of all of it would report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wikiplan.changes import Action
from wikiplan.errors import WikiplanError
from wikiplan.records import Count, Record
from wikiplan.report.report import Report, RunOutcome, gravest
from wikiplan.value import Value

NO_SHARD_REPORTS = "no-shard-reports"
"""None of the files is a report of a run with -shard:."""

MISSING = "missing"
"""The outcome, in the list of the shards, of one without a report."""


class _Place(Record):
    index: Count
    of: Count


class _Page(Record, extra="allow"):
    title: str
    action: Action
    new_revid: Count
    reason: str
    sections: tuple[Mapping[str, Any], ...]


class _Site(Record):
    site: str
    outcome: RunOutcome
    requests: Count
    error: str = ""


class ShardReport(Record, extra="ignore"):
    """What is read of a report; only one of a shard has a ``shard``."""

    run: str
    site: str
    started: datetime
    finished: datetime
    outcome: RunOutcome
    requests: Count
    versions: Mapping[str, str]
    pages: tuple[_Page, ...]
    shard: _Place | None = None
    sites: tuple[_Site, ...] = ()
    only_versions: tuple[Mapping[str, Any], ...] = ()
    left: tuple[Mapping[str, Any], ...] = ()
    imported: tuple[Mapping[str, str], ...] = ()
    killed_runs: tuple[Mapping[str, Any], ...] = ()
    assumption: str = ""
    error: str = ""


class Gathered(Value):
    """The reports of ``of`` shards on a site by index, and why files are no such report."""

    site: str
    of: int
    reports: Mapping[int, ShardReport]
    wrong: Sequence[str] = ()

    @property
    def missing(self) -> list[int]:
        return [index for index in range(self.of) if index not in self.reports]


def gather(found: Mapping[str, ShardReport], wrong: Sequence[str] = ()) -> Gathered:
    """Return the reports that belong to the first of a shard; ``wrong`` tells of unreadable files.

    Raises :class:`WikiplanError` when there is none.
    """
    of = next((each.shard.of for each in found.values() if each.shard), 0)
    site = next((each.site for each in found.values() if each.shard and each.site), "")
    if not of:
        raise WikiplanError(
            NO_SHARD_REPORTS, "\n".join([*wrong, "no file is the report of a shard"])
        )
    reports: dict[int, ShardReport] = {}
    told = list(wrong)
    for file, each in found.items():
        if reason := _misfit(each, site, of, reports):
            told.append(f"{file}: {reason}")
        elif each.shard:
            reports[each.shard.index] = each
    return Gathered(site, of, dict(sorted(reports.items())), told)


def _misfit(each: ShardReport, site: str, of: int, reports: Mapping[int, ShardReport]) -> str:
    """Return why a report is none of the shards wanted, empty for one that is."""
    if each.shard is None:
        return "is the report of a run without shards"
    if each.shard.of != of:
        return f"is of shard {each.shard.index} of {each.shard.of}, not of {of}"
    if each.site not in (site, ""):  # a run may end before it knows its site
        return f"is of {each.site}, not of {site}"
    if each.shard.index in reports:
        other = reports[each.shard.index].run
        return f"is of shard {each.shard.index}, and so is that of run {other}"
    return ""


def put_together(gathered: Gathered, report: Report) -> None:
    """Fill a report with those of all shards, in their order."""
    parts = list(gathered.reports.values())
    outcomes = {part.outcome for part in parts}
    report.run, report.site = "", gathered.site
    report.started = min(part.started for part in parts)
    report.finished = max(part.finished for part in parts)
    report.versions = _versions(parts)
    report.requests = sum(part.requests for part in parts)
    report.preview = RunOutcome.PENDING in outcomes
    report.waiting = RunOutcome.WAITING in outcomes
    report.stopped = RunOutcome.STOPPED in outcomes
    report.error = "\n".join(_errors(gathered))
    report.shards = list(_shards(gathered))
    report.sites = list(_sites(parts))
    report.assumption = next((part.assumption for part in parts if part.assumption), "")
    report.only_versions = _by_cause(each for part in parts for each in part.only_versions)
    for part in parts:
        report.pages += [{**page.model_dump(mode="json"), "run": part.run} for page in part.pages]
        report.left += [dict(each) for each in part.left]
        report.imported += [dict(each) for each in part.imported]
        report.killed += [dict(each) for each in part.killed_runs]


def _versions(parts: Sequence[ShardReport]) -> Mapping[str, str]:
    """Return the versions that made the pages; where shards had different ones, all of them."""
    names = dict.fromkeys(name for part in parts for name in part.versions)
    return {
        name: ", ".join(dict.fromkeys(part.versions.get(name, "none") for part in parts))
        for name in names
    }


def _errors(gathered: Gathered) -> Iterator[str]:
    if missing := gathered.missing:
        several = "shards" if len(missing) > 1 else "shard"
        yield f"no report of {several} {', '.join(map(str, missing))} of {gathered.of}"
    yield from gathered.wrong
    for index, part in gathered.reports.items():
        if part.error:
            yield f"shard {index}: {part.error}"


def _shards(gathered: Gathered) -> Iterator[dict[str, Any]]:
    for index in range(gathered.of):
        part = gathered.reports.get(index)
        yield {
            "index": index,
            "run": part.run if part else "",
            "outcome": part.outcome if part else MISSING,
            "pages": len(part.pages) if part else 0,
            "requests": part.requests if part else 0,
        }


def _sites(parts: Sequence[ShardReport]) -> Iterator[dict[str, Any]]:
    found: dict[str, list[_Site]] = {}
    for each in (each for part in parts for each in part.sites):
        found.setdefault(each.site, []).append(each)
    for site, several in found.items():
        outcome, requests = gravest(s.outcome for s in several), sum(s.requests for s in several)
        errors = "\n".join(dict.fromkeys(each.error for each in several if each.error))
        known = {"site": site, "outcome": outcome, "requests": requests}
        yield known | ({"error": errors} if errors else {})


def _by_cause(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    causes: dict[str, list[str]] = {}
    for each in found:
        causes.setdefault(each["cause"], []).extend(each["pages"])
    return [{"cause": cause, "pages": titles} for cause, titles in causes.items()]

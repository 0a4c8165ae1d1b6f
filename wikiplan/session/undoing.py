"""Taking back a run: which of its edits are meant, and the change set that puts them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from wikiplan import files
from wikiplan.changes import (
    ChangeSet,
    Journal,
    JournalEntry,
    Limits,
    RunEdit,
    SavedEdit,
    Summary,
    Undoing,
    journal,
)
from wikiplan.changes import undo as undos
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan import Plan, Writer, chosen_targets, plan
from wikiplan.session.session import Work
from wikiplan.value import Value, replace
from wikiplan.wiki import open_translate

STAYS_BACK = (
    "What was taken back stays back until the plan changes that text; to write it after all, "
    "say plan_update -drift:reclaim."
)


class PastRun(Value):
    """A run of this account that saved something, as its journal has it; ``started`` is UTC."""

    run: str
    started: datetime
    edits: tuple[SavedEdit, ...]


def past_runs(work: Work) -> tuple[PastRun, ...]:
    """Return the runs that journals of the account on this machine know of, the newest first."""
    found: dict[str, list[SavedEdit]] = {}
    for book in _journals(work, work.wiki.user):
        for each in book.saved_edits():
            found.setdefault(each.run, []).append(each)
    return tuple(
        PastRun(run, journal.started(run), tuple(reversed(found[run])))
        for run in sorted(found, reverse=True)
    )


class NoEditsError(WikiplanError):
    """The account made no edit in the run, on one wiki; it may have made some on another."""


def changes(work: Work, run: str) -> ChangeSet:
    """Compute what takes the run back. Raises :class:`WikiplanError` for a run without edits."""
    account = work.wiki.account()
    edits = journal.run_edits(run, work.wiki, _entries(work, account.name, run))
    if not edits:
        raise NoEditsError(
            "no-edits",
            f"{run}: {account.name} has made no edit with this id on {work.wiki.name}; look at the "
            "id, and whether it was this wiki and this account",
        )
    chosen = _chosen(edits, work.options.page)
    known = _plan(work)
    languages = {t.title: t.language for t in chosen_targets(known)} if known else {}
    undoing = Undoing(
        run=run,
        wiki=work.wiki,
        account=account,
        summarise=Summary(work.report.run),
        translate=lambda: open_translate(work.wiki),
        limits=_limits(known, work),
        languages=languages,
        source_language=known.source_language if known else "en",
        only=work.options.section,
        plan=undos.plan_of(edits),
    )
    with work.terminal.progress("Comparing", len(chosen)) as step:
        stop_page = known.stop_page if known else ""
        found = undos.compute(undoing, chosen, work.report.run, stop_page, step)
    return replace(found, lock_page=work.lock_name.title)


def _entries(work: Work, account: str, run: str) -> tuple[JournalEntry, ...]:
    """Return what the journals know of a run: that of the account, or of one of its shards."""
    known = (book.entries(run) for book in _journals(work, account))
    return next(filter(None, known), ())


def _journals(work: Work, account: str) -> Iterator[Journal]:
    folder, site = files.state_folder(work.options.wiki), work.wiki.name
    paths = Writer(site, account).rivals(folder, journal.ENDING)
    return map(Journal, (journal.path_of(folder, site, account), *paths))


def _chosen(edits: tuple[RunEdit, ...], pages: Sequence[str]) -> tuple[RunEdit, ...]:
    """Return the edits of the wanted pages; ``-page:`` takes a page with its language versions."""
    if not pages:
        return edits
    found = tuple(
        edit
        for edit in edits
        if any(edit.title == title or edit.title.startswith(f"{title}/") for title in pages)
    )
    if not found:
        titles = ", ".join(sorted(edit.title for edit in edits))
        raise WikiplanError(
            "page-not-of-run", f"-page: the run did not edit such a page; it edited {titles}"
        )
    return found


def _plan(work: Work) -> Plan | None:
    """Return the plan, or nothing: a run must be taken back also when the plan is broken."""
    try:
        return plan.load(work.options.data)
    except Faults:
        work.terminal.say(
            "The plan cannot be read: its stop page is not looked at, and the limits for "
            "translations are the usual ones."
        )
        return None


def _limits(known: Plan | None, work: Work) -> Limits:
    if known is None:
        return Limits(allowed=work.options.allow)
    return Limits(known.most_orphaned, known.most_outdated, work.options.allow)

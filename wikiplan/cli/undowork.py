"""The work of ``plan_undo``: finding the run, the pages wanted and the limits; taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from wikiplan import files
from wikiplan.changes import (
    CREATED,
    EDITED,
    UNDO,
    Answer,
    ChangeSet,
    Journal,
    JournalEntry,
    Limits,
    PageChange,
    RunEdit,
    Summary,
    Undoing,
    journal,
    look_at_stop_page,
)
from wikiplan.changes import undo as undos
from wikiplan.errors import UNCLEAR, Faults, Refusal, Stop, Unclear, WikiplanError
from wikiplan.l10n import message
from wikiplan.plan import Plan, Writer, chosen_targets, plan
from wikiplan.report import ExitStatus
from wikiplan.report.terminal import Asker
from wikiplan.session import changesets, sites
from wikiplan.session.command import Consent, Run
from wikiplan.session.session import Work
from wikiplan.value import replace
from wikiplan.wiki import Account, Head, open_translate

STAYS_BACK = (
    "What was taken back stays back until the plan changes that text; to write it after all, "
    "say plan_update -drift:reclaim."
)


class NoEditsError(WikiplanError):
    """The account made no edit in the run, on one wiki; it may have made some on another."""


def undo(run: Run) -> ExitStatus:
    """Compute, show and apply what takes the run back."""
    undone, out = chosen(run), run.options.out
    run.report.preview = bool(out) or run.options.simulate
    if out:
        from wikiplan.changes.changefile import check_place

        check_place(out)
    nowhere: list[NoEditsError] = []

    def on_site(opened: Work) -> None:
        with nullcontext(opened) if run.report.preview else opened.holding_the_lock() as work:
            try:
                found = changes(work, undone)
            except NoEditsError as error:
                nowhere.append(error)
            else:
                take_back(work, found)

    sites.on_each_without_plan(run, on_site)
    if len(nowhere) == max(len(run.report.sites), 1):
        raise WikiplanError(nowhere[0].code, "\n".join(map(str, nowhere)))
    run.terminal.outcomes(run.report)
    if any(page["new_revid"] for page in run.report.pages):
        run.terminal.say(STAYS_BACK)
    return run.end("Nothing was written to the wiki.")


def chosen(run: Run) -> str:
    """Return the id of the run to take back."""
    if len(run.options.words) != 1:
        raise WikiplanError(
            "which-run",
            "which run? give one id, such as 20261122T143543Z-b1b696; it stands in the report and "
            "in the summaries of the run's edits",
        )
    return run.options.words[0]


def take_back(work: Work, changes: ChangeSet) -> None:
    """Show the change set; write it into a file, or apply it."""
    report, out = work.report, work.options.out
    report.add_changes(p for p in changes.pages if not p.to_write and p.told.code != CREATED)
    work.terminal.changes(changes, brief=work.options.brief)
    try:
        if out:
            changesets.foretell_stop(work, changes)
            report.add_changes(changes.to_write)
            changesets.keep(out, changes, work)
        else:
            changesets.apply(work, changes, "Take back")
        pages_made(work, changes)
    finally:
        report.arrange(changes.pages)


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


def pages_made(work: Work, changes: ChangeSet) -> None:
    """Delete the pages that the run made, if that is wanted, or tell that they wait."""
    made = [page for page in changes.pages if page.told.code == CREATED]
    if _may_delete(work, changes.account):
        with work.writing(changes.account.name):
            asker = Asker(work.terminal, "Delete", lambda page: None)
            for page in made:
                _delete(work, page, changes.stop_page, asker)
    else:
        work.report.add_changes(made)
        work.report.waiting = work.report.waiting or bool(made)
    edited = any(page.told.code == EDITED for page in changes.pages)
    work.report.waiting = work.report.waiting or edited


def _may_delete(work: Work, account: Account) -> bool:
    wanted = work.options.delete and not work.options.out and "delete" in account.rights
    return wanted and work.consent in (Consent.GIVEN, Consent.ASK)


def _delete(work: Work, page: PageChange, stop_page: str, asker: Asker) -> None:
    if work.consent is Consent.ASK and asker(page) is not Answer.YES:
        work.report.add_waiting([page], "not deleted: not wanted by the person who was asked")
        return
    values = {"undone": page.undoes, "sections": page.title, "run": work.report.run}
    try:
        look_at_stop_page(work.wiki, stop_page)
        reason = message(page.language, UNDO, values)
        work.wiki.delete(Head(page.title, page.base.page_id, page.base.revision), reason)
    except Stop:
        raise
    except Refusal as refusal:
        work.report.add_changes([page.refused(refusal)])
    except Unclear as lost:
        _look_whether_deleted(work, page, lost)
    else:
        work.report.add_deleted(page)


def _look_whether_deleted(work: Work, page: PageChange, lost: Unclear) -> None:
    """Find out from the wiki what a deletion came to whose answer was lost."""
    try:
        there = work.wiki.heads([page.title])[page.title].number
    except WikiplanError:
        told = "the wiki cannot be asked either, so it is not known whether it was deleted"
    else:
        if not there:
            work.report.add_deleted(page)
            return
        told = "the page is still there; nothing was sent again; run once more"
    work.report.add_changes([page.refused(Refusal(UNCLEAR, f"{lost}; {told}"))])


def _entries(work: Work, account: str, run: str) -> tuple[JournalEntry, ...]:
    """Return what the journals know of a run: that of the account, or of one of its shards."""
    folder, site = files.state_folder(work.options.wiki), work.wiki.name
    paths = Writer(site, account).rivals(folder, journal.ENDING)
    known = (Journal(p).entries(run) for p in (journal.path_of(folder, site, account), *paths))
    return next(filter(None, known), ())


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

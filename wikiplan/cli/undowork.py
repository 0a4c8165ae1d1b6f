"""The work of ``plan_undo``: finding the run, the pages wanted and the limits; taking it back."""

from __future__ import annotations

from contextlib import nullcontext

from wikiplan.changes import (
    CREATED,
    EDITED,
    UNDO,
    Answer,
    ChangeSet,
    PageChange,
    look_at_stop_page,
)
from wikiplan.errors import UNCLEAR, Refusal, Stop, Unclear, WikiplanError
from wikiplan.l10n import message
from wikiplan.report import ExitStatus
from wikiplan.report.terminal import Asker
from wikiplan.session import changesets, sites, undoing
from wikiplan.session.command import Consent, Run
from wikiplan.session.session import Work
from wikiplan.wiki import Account, Head


def undo(run: Run) -> ExitStatus:
    """Compute, show and apply what takes the run back."""
    undone, out = chosen(run), run.options.out
    run.report.preview = bool(out) or run.options.simulate
    if out:
        from wikiplan.changes.changefile import check_place

        check_place(out)
    nowhere: list[undoing.NoEditsError] = []

    def on_site(opened: Work) -> None:
        with nullcontext(opened) if run.report.preview else opened.holding_the_lock() as work:
            try:
                found = undoing.changes(work, undone)
            except undoing.NoEditsError as error:
                nowhere.append(error)
            else:
                take_back(work, found)

    sites.on_each_without_plan(run, on_site)
    if len(nowhere) == max(len(run.report.sites), 1):
        raise WikiplanError(nowhere[0].code, "\n".join(map(str, nowhere)))
    run.terminal.outcomes(run.report)
    if any(page["new_revid"] for page in run.report.pages):
        run.terminal.say(undoing.STAYS_BACK)
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

"""The work of ``plan_preview`` and ``plan_update``: the change set shown, kept, or applied."""

from __future__ import annotations

from pathlib import Path

from wikiplan import files
from wikiplan.report import ExitStatus, leaving
from wikiplan.session import applying, changesets, remembering, session, sites
from wikiplan.session.command import Run
from wikiplan.session.session import Session


def preview(run: Run) -> ExitStatus:
    """Compute and show the change set, and write it to a file if that is wanted."""
    run.report.preview, out = True, run.options.out
    if out:
        from wikiplan.changes.changefile import check_place

        check_place(out)
    sites.on_each(run, _preview)
    nowhere = "nothing was written to the wiki" if out else "nothing was written"
    return run.end(f"This was a preview: {nowhere}.")


def _preview(work: Session) -> None:
    changes, out = work.compare(), work.options.out
    work.report.add_changes(changes.pages)
    work.terminal.changes(changes, brief=work.options.brief)
    remembering.tell(work, changes)
    leaving.tell(work.left, work.report, work.terminal)
    changesets.tell_not_taken_over(work, changes)
    changesets.foretell_stop(work, changes)
    imported = changesets.proposed(work, changes).imported
    session.check_size(changes, work.options.shard)
    if out:
        changesets.keep(out, changes, work)
        if imported.files:
            work.terminal.say(changesets.NOT_IN_THE_FILE)


def update(run: Run) -> ExitStatus:
    """Load, read, render and compare; show; confirm, apply and verify; report."""
    if run.options.changes:
        _update_saved(run, run.options.changes)
    else:
        sites.on_each(run, update_site, keep=True)
    return run.end("Nothing was written.")


def update_site(loaded: Session) -> None:
    """Bring the pages of one site in step with the plan."""
    with loaded.holding_the_lock() as work:
        leaving.tell(work.left, work.report, work.terminal)
        changes = changesets.compared(work)
        changesets.tell_not_taken_over(work, changes)
        applying.apply(work, changes)
    work.terminal.outcomes(work.report)


def _update_saved(run: Run, path: Path) -> None:
    """Apply a change set's file, or what is picked out of it."""
    from wikiplan.changes import changefile

    saved = changefile.pick(changefile.read(path), run.options.only)
    data, templates = run.options.data, run.options.templates
    if data.is_dir() and files.digest_of(data, templates) != saved.plan_sha256:
        run.terminal.say("The plan has changed since the preview; what was previewed is applied.")
    applying.apply_saved(run, saved, str(path))

"""The work of ``plan_preview`` and ``plan_update``: the change set shown, kept, or applied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wikiplan import files
from wikiplan.changes import ChangeSet, Summary
from wikiplan.cli import changesets, leaving, remembering, session
from wikiplan.cli.command import Run
from wikiplan.cli.session import Work
from wikiplan.report import ExitStatus


def preview(run: Run) -> ExitStatus:
    """Compute and show the change set, and write it to a file if that is wanted."""
    run.report.preview, out = True, run.options.out
    if out:
        from wikiplan.changes.changefile import check_place

        check_place(out)
    with session.with_plan(run) as work:
        changes = work.compare()
        run.report.add_changes(changes.pages)
        run.terminal.changes(changes, brief=run.options.brief)
        remembering.tell(work, changes)
        leaving.tell(work, work.left)
        changesets.foretell_stop(work, changes)
        imported = changesets.proposed(work, changes).imported
        session.check_size(changes, run.options.shard)
        if out:
            changesets.keep(out, changes, work)
            if imported.files:
                run.terminal.say(changesets.NOT_IN_THE_FILE)
    nowhere = "nothing was written to the wiki" if out else "nothing was written"
    return run.end(f"This was a preview: {nowhere}.")


def update(run: Run) -> ExitStatus:
    """Load, read, render and compare; show; confirm, apply and verify; report."""
    with changes_of(run) as (work, changes):
        run.report.add_changes(page for page in changes.pages if not page.to_write)
        run.terminal.changes(changes, brief=run.options.brief)
        remembering.tell(work, changes)
        session.check_size(changes, run.options.shard)
        changesets.apply(work, changes, "Save")
    run.terminal.outcomes(run.report)
    return run.end("Nothing was written.")


@contextmanager
def changes_of(run: Run) -> Iterator[tuple[Work, ChangeSet]]:
    """Open the wiki; yields the change set of the plan, or the saved one as it stands now."""
    if run.options.changes:
        with _saved_changes(run, run.options.changes) as found:
            yield found
    else:
        with (
            session.with_plan(run, keep=True) as loaded,
            loaded.holding_the_lock() as planned,
        ):
            leaving.tell(planned, planned.left)
            yield planned, changesets.compared(planned)


@contextmanager
def _saved_changes(run: Run, path: Path) -> Iterator[tuple[Work, ChangeSet]]:
    """Open the wiki that a change set's file is for, and look at every page again."""
    from wikiplan.changes import changefile, recheck

    saved = changefile.pick(changefile.read(path), run.options.only)
    run.report.run = saved.run
    data, templates = run.options.data, run.options.templates
    if data.is_dir() and files.digest_of(data, templates) != saved.plan_sha256:
        run.terminal.say("The plan has changed since the preview; what was previewed is applied.")
    with session.with_file(run, saved.site, str(path)) as opened:
        recheck.check_site(saved, opened.wiki.name)
        with opened.holding_the_lock() as work:
            with work.terminal.progress("Looking again", len(saved.pages)) as step:
                changes = recheck.recheck_saved(saved, work.wiki, Summary(saved.run), step)
            yield work, changes

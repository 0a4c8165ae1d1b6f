"""The work of ``plan_preview``: showing the change set, and writing it into a file."""

from __future__ import annotations

from wikiplan.changes import changefile
from wikiplan.cli import changesets, leaving, newversions, session
from wikiplan.cli.command import Run
from wikiplan.report import ExitStatus


def preview(run: Run) -> ExitStatus:
    """Compute and show the change set, and write it to a file if that is wanted."""
    run.report.preview, out = True, run.options.out
    if out:
        changefile.check_place(out)
    with session.with_plan(run) as work:
        changes = work.compare()
        run.report.add_changes(changes.pages)
        run.terminal.changes(changes, brief=run.options.brief)
        newversions.tell(work, changes)
        leaving.tell(work, work.left)
        changesets.foretell_stop(work, changes)
        imported = changesets.proposed(work, changes).imported
        session.check_size(changes)
        if out:
            changesets.keep(out, changes, work)
            if imported.files:
                run.terminal.say(changesets.NOT_IN_THE_FILE)
    nowhere = "nothing was written to the wiki" if out else "nothing was written"
    return run.end(f"This was a preview: {nowhere}.")

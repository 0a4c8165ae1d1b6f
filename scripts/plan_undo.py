"""
Take back a run: put its sections back to the bytes before it.

RUN is the run's id, as it stands in the report and in each of its edits' summaries. Only sections
that are still as the run left them are put back, markers included; what people changed since
stays, and is listed with the reason. What is taken back stays back until the plan changes it.

    pwb plan_undo 20261122T143543Z-b1b696
    plan_undo 20261122T143543Z-b1b696 -simulate
    plan_undo -wiki:demo/wiki 20261122T143543Z-b1b696 -always

&params;
"""

from __future__ import annotations

import sys

from wikiplan.changes import CREATED, ChangeSet, changefile
from wikiplan.cli import Run, Work, changesets, command, session, undowork
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus

STAYS_BACK = (
    "What was taken back stays back until the plan changes that text; to write it after all, "
    "say plan_update -drift:reclaim."
)


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return command.run("undo", __doc__, arguments, undo)


def undo(run: Run) -> ExitStatus:
    """Compute, show and apply what takes the run back."""
    undone, out = chosen(run), run.options.out
    run.report.preview = bool(out) or run.options.simulate
    if out:
        changefile.check_place(out)
    with session.without_plan(run) as work:
        if not run.report.preview:
            work.settle()
        take_back(work, undowork.changes(work, undone))
    run.terminal.outcomes(run.report)
    if any(page["new_revid"] for page in run.report.pages):
        run.terminal.say(STAYS_BACK)
    return run.end("Nothing was written to the wiki.")


def chosen(run: Run) -> str:
    """Return the id of the run to take back."""
    if len(run.options.words) != 1:
        raise WikiplanError(
            "which run? give one id, such as 20261122T143543Z-b1b696; it stands in the report and "
            "in the summaries of the run's edits"
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
        undowork.pages_made(work, changes)
    finally:
        report.arrange(changes.pages)


if __name__ == "__main__":
    sys.exit(main())

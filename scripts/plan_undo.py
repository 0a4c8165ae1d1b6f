"""
Take back a run: put its sections back to the bytes before it.

RUN is the run's id, as it stands in the report and in each of its edits' summaries. Only sections
that are still as the run left them are put back, markers included; what people changed since
stays, and is listed with the reason. Correct the plan first: the next update writes it again.

    pwb plan_undo 20261122T143543Z-b1b696
    plan_undo 20261122T143543Z-b1b696 -simulate
    plan_undo -wiki:demo/wiki 20261122T143543Z-b1b696 -always

-out:DIR          write what would be done to DIR/changes.json, for plan_update -changes:, and a
                  page to review it, DIR/index.html; nothing is written to the wiki
-always           do not ask; without it and without a terminal nothing is written
-simulate         show everything, save nothing
-delete           delete pages that the run created, and nobody edited since; it takes the right,
                  and asks page by page, too
-brief            show the table of pages, not their diffs; -out: asks the wiki for no rendering
-allow:WHAT       go beyond a limit of pages.yaml: "orphaned" or "outdated" translations; may be
                  repeated

&params;
"""

from __future__ import annotations

import sys
from pathlib import Path

from wikiplan.changes import CREATED, RUN_ID, ChangeSet, changefile
from wikiplan.cli import Options, Work, changesets, command, session, undowork
from wikiplan.errors import WikiplanError
from wikiplan.report import STATUS, Terminal


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    given = arguments or tuple(sys.argv[1:])
    runs = [each for each in given if RUN_ID.fullmatch(each)]
    flags = ("always", "simulate", "brief", "delete")
    return command.run(__doc__, given, undo, flags, ("out", "allow"), words=runs)


def undo(options: Options, terminal: Terminal) -> int:
    """Compute, show and apply what takes the run back."""
    run = chosen(options)
    out = Path(options.values["out"]) if "out" in options.values else None
    if out:
        changefile.check_place(out)
    preview = out is not None or "simulate" in options.values
    with session.reporting(options, preview=preview) as report:
        with session.of_pages(options, terminal, report) as work:
            if not preview:
                work.settle()
            changes = undowork.changes(work, run)
            take_back(work, changes, out)
        result = report.result()
        terminal.outcomes(report)
        terminal.closing(report, result)
        if preview:
            terminal.say("Nothing was written to the wiki.")
    return STATUS[result]


def chosen(options: Options) -> str:
    """Return the run to take back."""
    if len(options.words) != 1:
        raise WikiplanError(
            "which run? give one id, such as 20261122T143543Z-b1b696; it stands in the report and "
            "in the summaries of the run's edits"
        )
    return options.words[0]


def take_back(work: Work, changes: ChangeSet, out: Path | None) -> None:
    """Show the change set; write it into a file, or apply it."""
    report, brief = work.report, "brief" in work.options.values
    report.add_changes(p for p in changes.pages if not p.to_write and p.told.code != CREATED)
    work.terminal.changes(changes, brief=brief)
    try:
        if out:
            report.add_changes(changes.to_write)
            changesets.keep(out, changes, work)
        else:
            changesets.apply(work, changes, "Take back")
        undowork.pages_made(work, changes)
    finally:
        report.arrange(changes.pages)


if __name__ == "__main__":
    sys.exit(main())

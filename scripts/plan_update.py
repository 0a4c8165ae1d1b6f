"""
Bring the wiki's pages in step with the plan.

Computes and shows the change set, asks page by page, and saves. A page is saved only if it is
still what was compared; every save is checked afterwards. Text outside of the managed sections
never changes.

    pwb plan_update
    pwb plan_update -always -report:report.json
    plan_update -wiki:demo/wiki -always

-always           do not ask; without it and without a terminal nothing is written
-simulate         show everything, save nothing
-brief            show the table of pages, not their diffs
-allow:WHAT       go beyond a limit of pages.yaml: "orphaned" or "outdated" translations; may be
                  repeated
-drift:ANSWER     what to do with sections that people edited: keep (default) or reclaim

&params;
"""

from __future__ import annotations

import sys

from wikiplan import command, session
from wikiplan.apply import Application
from wikiplan.changes import ChangeSet
from wikiplan.options import Options
from wikiplan.report import STATUS, Report
from wikiplan.session import Session
from wikiplan.terminal import Asker, Terminal

NOT_ASKED = "not written: there is no terminal to ask on; use -always to write without asking"


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags = ("always", "simulate", "brief")
    return command.run(__doc__, arguments, update, flags, values=("drift", "allow"))


def update(options: Options, terminal: Terminal) -> int:
    """Compute, show and apply the change set."""
    with session.reporting(options, preview="simulate" in options.values) as report:
        with session.session(options, terminal, report) as work:
            changes = work.compare()
            report.add_changes(page for page in changes.pages if not page.to_write)
            terminal.changes(changes, brief="brief" in options.values)
            session.check_size(changes, work.plan.most_pages)
            try:
                write(work, changes, report)
            finally:
                report.arrange(changes.pages)
        result = report.result()
        terminal.outcomes(report)
        terminal.closing(report, result)
    return STATUS[result]


def write(work: Session, changes: ChangeSet, report: Report) -> None:
    """Apply the change set, unless nobody said that it may be."""
    given = work.options.values
    if "simulate" in given:
        report.add_changes(changes.to_write)
    elif "always" not in given and not work.terminal.can_ask:
        report.add_waiting(changes.to_write, NOT_ASKED)
    elif changes.to_write:
        with command.interruptible() as interrupt:
            application = Application(changes, work.wiki, interrupt)
            try:
                if "always" in given:
                    application.run()
                else:
                    application.run(Asker(work.terminal, "Save", work.terminal.page), per_check=1)
            finally:
                report.add_outcomes(application.outcomes)


if __name__ == "__main__":
    sys.exit(main())

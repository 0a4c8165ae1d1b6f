"""
Show what an update would change on the wiki, and write nothing.

Computes the change set: what the plan says against what the wiki stores, in every language.
Shows a table of the pages and each different change once, with the pages it holds for. What is
shown is what plan_update saves, byte for byte; what cannot be saved is named with its reason.

    pwb plan_preview
    plan_preview -wiki:demo/wiki -language:ar

-brief            show the table of pages, not their diffs
-allow:WHAT       go beyond a limit of pages.yaml: "orphaned" or "outdated" translations; may be
                  repeated
-drift:ANSWER     what to do with sections that people edited: keep (default) or reclaim

&params;
"""

from __future__ import annotations

import sys

from wikiplan import command, session
from wikiplan.options import Options
from wikiplan.report import STATUS
from wikiplan.terminal import Terminal


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return command.run(__doc__, arguments, preview, flags=("brief",), values=("drift", "allow"))


def preview(options: Options, terminal: Terminal) -> int:
    """Compute and show the change set."""
    with session.reporting(options, preview=True) as report:
        with session.session(options, terminal, report) as work:
            changes = work.compare()
            report.add_changes(changes.pages)
            terminal.changes(changes, brief="brief" in options.values)
            session.check_size(changes, work.plan.most_pages)
        result = report.result()
        terminal.closing(report, result)
        terminal.say("This was a preview: nothing was written.")
    return STATUS[result]


if __name__ == "__main__":
    sys.exit(main())

"""
Show what an update would change on the wiki, and write nothing.

Computes the change set: what the plan says against what the wiki stores, in every language.
Shows a table of the pages and each different change once, with the pages it holds for. What is
shown is what plan_update saves, byte for byte; what cannot be saved is named with its reason.

    pwb plan_preview
    plan_preview -wiki:demo/wiki -language:ar

-out:DIR          write the change set to DIR/changes.json, for plan_update -changes:, and a page
                  to review it, DIR/index.html, with what readers will see
-brief            show the table of pages, not their diffs; -out: asks the wiki for no rendering
-allow:WHAT       go beyond a limit of pages.yaml: "orphaned" or "outdated" translations; may be
                  repeated
-drift:ANSWER     what to do with people's edits of sections: keep (default), import or reclaim;
                  -drift:SECTION=ANSWER is for one section; may be repeated

&params;
"""

from __future__ import annotations

import sys
from pathlib import Path

from wikiplan.changes import changefile
from wikiplan.cli import Options, changesets, command, session
from wikiplan.report import STATUS, Terminal


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    values = ("drift", "allow", "out")
    return command.run(__doc__, arguments, preview, flags=("brief",), values=values)


def preview(options: Options, terminal: Terminal) -> int:
    """Compute and show the change set, and write it to a file if that is wanted."""
    out = Path(options.values["out"]) if "out" in options.values else None
    if out:
        changefile.check_place(out)
    with session.reporting(options, preview=True) as report:
        with session.session(options, terminal, report) as work:
            changes = work.compare()
            report.add_changes(changes.pages)
            terminal.changes(changes, brief="brief" in options.values)
            imported = changesets.proposed(work, changes).imported
            session.check_size(changes, work.plan.most_pages)
            if out:
                changesets.keep(out, changes, work)
                if imported.files:
                    terminal.say(changesets.NOT_IN_THE_FILE)
        result = report.result()
        terminal.closing(report, result)
        nowhere = "nothing was written to the wiki" if out else "nothing was written"
        terminal.say(f"This was a preview: {nowhere}.")
    return STATUS[result]


if __name__ == "__main__":
    sys.exit(main())

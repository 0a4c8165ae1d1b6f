"""
Show what an update would change on the wiki, and write nothing.

Computes the change set: what the plan says against what the wiki stores, in every language.
Shows a table of the pages and each different change once, with the pages it holds for. What is
shown is what plan_update saves, byte for byte; what cannot be saved is named with its reason.

    pwb plan_preview
    plan_preview -wiki:demo/wiki -language:ar

&params;
"""

from __future__ import annotations

import sys

from wikiplan.changes import changefile
from wikiplan.cli import Run, changesets, command, leaving, newversions, session
from wikiplan.report import ExitStatus


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    return command.run("preview", __doc__, arguments, preview)


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


if __name__ == "__main__":
    sys.exit(main())

"""
Bring the wiki's pages in step with the plan.

Computes and shows the change set, asks page by page, and saves. A page is saved only if it is
still what was compared; every save is checked afterwards. Text outside of the managed sections
never changes.

    pwb plan_update
    pwb plan_update -always -report:report.json
    plan_update -wiki:demo/wiki -always
    plan_update -changes:review/changes.json "-only:Plan/ar#mission"

-changes:FILE     apply the change set that plan_preview -out:DIR wrote, and nothing else; a page
                  that moved since is left alone, with what came between
-only:PAGE        of -changes: only this page, or with PAGE#SECTION only this section of it; may be
                  repeated
-always           do not ask; without it and without a terminal nothing is written
-simulate         show everything, save nothing
-brief            show the table of pages, not their diffs
-allow:WHAT       go beyond a limit of pages.yaml: "orphaned" or "outdated" translations; may be
                  repeated
-drift:ANSWER     what to do with people's edits of sections: keep (default) leaves them, import
                  takes them into the plan's files, reclaim writes the plan's text over them;
                  -drift:SECTION=ANSWER is for one section; may be repeated

&params;
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wikiplan.changes import ChangeSet, SavedSet, Summary, changefile, recheck_saved
from wikiplan.cli import Options, Work, changesets, command, session
from wikiplan.errors import WikiplanError
from wikiplan.report import STATUS, Report, Terminal

NOT_WITH_CHANGES = ("page", "section", "language", "drift", "allow", "now")


def main(*arguments: str) -> int:
    """Run the script; returns its exit status."""
    flags = ("always", "simulate", "brief")
    values = ("drift", "allow", "changes", "only")
    return command.run(__doc__, arguments, update, flags, values)


def update(options: Options, terminal: Terminal) -> int:
    """Compute, show and apply the change set."""
    with session.reporting(options, preview="simulate" in options.values) as report:
        with changes_of(options, terminal, report) as (work, changes):
            report.add_changes(page for page in changes.pages if not page.to_write)
            terminal.changes(changes, brief="brief" in options.values)
            session.check_size(changes, changes.most_pages)
            try:
                changesets.apply(work, changes, "Save")
            finally:
                report.arrange(changes.pages)
        result = report.result()
        terminal.outcomes(report)
        terminal.closing(report, result)
        if report.preview:
            terminal.say("Nothing was written.")
    return STATUS[result]


@contextmanager
def changes_of(
    options: Options, terminal: Terminal, report: Report
) -> Iterator[tuple[Work, ChangeSet]]:
    """Open the wiki; yields the change set of the plan, or the saved one as it stands now."""
    if "changes" not in options.values:
        if options.only:
            raise WikiplanError("-only: picks out of a change set; say which with -changes:FILE")
        with session.session(options, terminal, report) as work:
            work.settle()
            yield work, changesets.compared(work)
        return
    saved = saved_set(options, terminal)
    report.run = saved.run
    source = options.values["changes"]
    with session.without_plan(options, terminal, report, saved.site, source) as opened:
        opened.settle()
        yield opened, again(saved, opened)


def saved_set(options: Options, terminal: Terminal) -> SavedSet:
    """Read the saved change set, or the part of it that is wanted."""
    for name in NOT_WITH_CHANGES:
        if name in options.values:
            raise WikiplanError(
                f"-{name}: a saved change set is applied as it is; pick from it with -only:"
            )
    saved = changefile.pick(changefile.read(Path(options.values["changes"])), options.only)
    plan = changefile.plan_digest(options.data, options.templates)
    if options.data.is_dir() and plan != saved.plan_sha256:
        terminal.say("The plan has changed since the preview; what was previewed is applied.")
    return saved


def again(saved: SavedSet, work: Work) -> ChangeSet:
    """Look at every page again: return what can be done now."""
    with work.terminal.progress("Looking again", len(saved.pages)) as step:
        return recheck_saved(saved, work.wiki, Summary(work.message, saved.run), step)


if __name__ == "__main__":
    sys.exit(main())

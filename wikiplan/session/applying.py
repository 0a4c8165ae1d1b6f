"""Applying a change set that was kept since it was compared: as a file, or by the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wikiplan.changes import Application, ChangeSet, Summary
from wikiplan.session import changesets, remembering, session
from wikiplan.session.command import Run
from wikiplan.session.lockpage import LockPageName
from wikiplan.session.session import Work, unwatched
from wikiplan.value import replace

if TYPE_CHECKING:  # a preview needs none of it
    from wikiplan.changes.changefile import SavedSet


def apply(work: Work, changes: ChangeSet) -> None:
    """Show a change set, and apply it unless it is too large or nobody said that it may be."""
    work.report.add_changes(page for page in changes.pages if not page.to_write)
    work.terminal.changes(changes, brief=work.options.brief)
    remembering.tell(work, changes)
    session.check_size(changes, work.options.shard)
    changesets.apply(work, changes, "Save")


def apply_saved(
    run: Run, saved: SavedSet, source: str, watch: Callable[[Application], None] = unwatched
) -> None:
    """Open the wiki that a change set is for, look at every page again, and apply it.

    ``source`` is where it was kept, ``watch`` as in :class:`Work`.
    """
    from wikiplan.changes import recheck

    run.report.run = saved.run
    lock = LockPageName(saved.lock_page, saved.stop_page)
    with session.with_file(run, saved.site, source, lock) as opened:
        recheck.check_site(saved, opened.wiki.name)
        with replace(opened, reviewed=True, watch=watch).holding_the_lock() as work:
            with work.terminal.progress("Looking again", len(saved.pages)) as step:
                changes = recheck.recheck_saved(saved, work.wiki, Summary(saved.run), step)
            apply(work, changes)
    run.terminal.outcomes(run.report)

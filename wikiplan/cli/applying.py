"""Applying a change set in a script: asking people, or not, and telling the report."""

from __future__ import annotations

from collections.abc import Callable

from wikiplan.changes.apply import Application
from wikiplan.changes.changes import ChangeSet, PageChange
from wikiplan.cli import command
from wikiplan.cli.session import Work
from wikiplan.report.terminal import Asker

NOT_ASKED = "not written: there is no terminal to ask on; use -always to write without asking"


def apply(
    work: Work, changes: ChangeSet, what: str, show: Callable[[PageChange], None] | None = None
) -> None:
    """Apply the change set, unless nobody said that it may be.

    ``what`` is the question's verb, ``show`` shows a page before its question. The report gets the
    pages that were to be written; the caller adds the others.
    """
    given, report = work.options.values, work.report
    if "simulate" in given:
        report.add_changes(changes.to_write)
    elif "always" not in given and not work.terminal.can_ask:
        report.add_waiting(changes.to_write, NOT_ASKED)
    elif changes.to_write:
        with work.writing(changes.account.name) as journal, command.interruptible() as interrupt:
            application = Application(changes, work.wiki, interrupt, journal=journal)
            try:
                if "always" in given:
                    application.run()
                else:
                    asker = Asker(work.terminal, what, show or work.terminal.page)
                    application.run(asker, per_check=1)
            finally:
                report.add_outcomes(application.outcomes)

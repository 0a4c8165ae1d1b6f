"""Saving for the desk: one change set at a time, in a thread, as ``plan_update -changes:`` does it.

The wiki is opened anew for it, so that people go on looking at pages meanwhile.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock, Thread

from wikiplan.changes import Application
from wikiplan.changes.changefile import SavedSet
from wikiplan.errors import WikiplanError
from wikiplan.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.session import applying, command
from wikiplan.session.command import Run
from wikiplan.session.options import Options
from wikiplan.value import Value, replace

ALREADY = "already-saving"
"""Somebody at this desk is saving already."""


class PageState(Value):
    """What became of a page so far; ``action`` is empty as long as nothing did."""

    title: str
    language: str
    action: str = ""
    revision: int = 0
    reason: str = ""


class Saving:
    """A change set on its way to the wiki, or that has been there."""

    def __init__(self, options: Options, saved: SavedSet) -> None:
        """``options`` say where the plan and the wiki are, and where the report goes."""
        self.saved = saved
        self.report: Report | None = None
        self._options = replace(options, always=True, brief=True)
        self._said = io.StringIO()
        self._application: Application | None = None
        self._why = ""
        self._thread = Thread(target=self._run, name="saving", daemon=True)

    @property
    def is_rehearsal(self) -> bool:
        return self._options.simulate

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    @property
    def has_begun(self) -> bool:
        """Whether all pages were looked at again, and the first is being saved."""
        return self._application is not None

    @property
    def stopping(self) -> str:
        """Why it ends early, empty if it does not."""
        return self._why

    @property
    def said(self) -> Sequence[str]:
        """What a script would have said so far."""
        return self._said.getvalue().splitlines()

    def begin(self) -> None:
        self._thread.start()

    def stop(self, why: str) -> None:
        """End it after the page that is being saved."""
        self._why = self._why or why
        if self._application:
            self._application.interrupt.reason = self._why

    def join(self) -> None:
        self._thread.join()

    def pages(self) -> tuple[PageState, ...]:
        """Return the pages of the change set that are to be written, and what became of each."""
        if self.is_over and self.report:
            return tuple(
                PageState(p["title"], p["lang"], p["action"], p["new_revid"], p["reason"])
                for p in self.report.pages
            )
        done = {} if self._application is None else _outcomes(self._application)
        wanted = (page for page in self.saved.pages if page.change.to_write)
        return tuple(done.get(each.title, PageState(each.title, each.lang)) for each in wanted)

    def _run(self) -> None:
        terminal = Terminal.into(self._said)
        try:
            with command.reporting(self._options.report, preview=self.is_rehearsal) as report:
                self.report = report
                run = Run(self._options, lambda: terminal, report)
                applying.apply_saved(run, self.saved, "the desk", self._watch)
                run.end("Nothing was written.")
                report.finished = datetime.now(UTC)
        except WikiplanError as error:
            terminal.error(error.told)
        except Exception as error:
            terminal.error(command.told(error))

    def _watch(self, application: Application) -> None:
        self._application = application
        application.interrupt.reason = self._why


def _outcomes(application: Application) -> dict[str, PageState]:
    return {
        each.change.title: PageState(
            each.change.title, each.change.language, each.action, each.revision, each.reason
        )
        for each in tuple(application.outcomes)
    }


class Savings:
    """What the desk saves now, or saved last."""

    def __init__(self) -> None:
        self._alone = Lock()
        self.last: Saving | None = None

    @property
    def is_busy(self) -> bool:
        return self.last is not None and not self.last.is_over

    def begin(self, saving: Saving) -> None:
        """Begin to save. Raises :class:`WikiplanError` while something else is being saved."""
        with self._alone:
            if self.is_busy:
                raise WikiplanError(
                    ALREADY,
                    "somebody at this desk is saving already, and nothing else was begun; wait "
                    "until that is done, and look again",
                )
            self.last = saving
            saving.begin()

    def close(self) -> None:
        """Let nothing be begun any more; who does waits for the process to end."""
        self._alone.acquire()

    def end(self, why: str) -> Saving | None:
        """Stop what is being saved, and wait until it has; returns it, None if nothing was."""
        if not self.is_busy or self.last is None:
            return None
        self.last.stop(why)
        self.last.join()
        return self.last

"""The steps of a run on one site, one after the other.

They share the open wiki, what earlier runs were told of translations, the plan and the lock. What
breaks a step off does not keep the others from being tried that do not depend on it; what ends a
run as a whole (:class:`Stop`: the wiki is away, the account is refused, people stop the bot) ends
all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from wikiplan.errors import STOPPED_BY_SIGNAL, Faults, Stop, WikiplanError
from wikiplan.nightly import waiting
from wikiplan.nightly.timelimit import TimeLimit
from wikiplan.nightly.waiting import Addresses, OfStep, Waiting
from wikiplan.report import Report
from wikiplan.session.command import BUG, told
from wikiplan.session.session import Session
from wikiplan.sync import Stage
from wikiplan.value import replace

if TYPE_CHECKING:
    from wikiplan.report.terminal import Terminal

STEP_BROKE = "step-broke"
"""A step of the run broke off for a reason of the machine, or a mistake in wikiplan."""

CHECK = "check"
NEEDS_SOUND_PLAN = ("update", "mark", "notify")
"""What is not done with a plan that has mistakes; the others go text by text."""
READS_TRANSLATIONS = ("pull", "mark", "push", "status", "notify")
"""What may take from earlier steps and runs what the wiki said of translations."""
READS_THE_SAME = ("mark", "push", "status")
"""What looks at the pages as the update left them: each is read once for all of these."""

Works = Mapping[str, Callable[[Session], None]]
"""What each step does on an open wiki, by its name."""


class SiteSteps:
    """The steps on one site. ``waiting`` grows by what each leaves to people."""

    def __init__(
        self, work: Session, works: Works, limit: TimeLimit, note_files: Callable[[], None]
    ) -> None:
        self._work = work
        self._works = works
        self._limit = limit
        self._note_files = note_files
        self._sound: Session | None = None  # once the plan was found to have no mistakes
        self._is_unsound = False
        self._ended = ""
        self._found: list[Waiting] = []
        self._shares = False
        self._sharing = ExitStack()
        self.told_all = True
        """Whether every step came to its end, so that what is not in ``waiting`` does not wait."""

    @property
    def waiting(self) -> Sequence[Waiting]:
        """What waits, once each; whether a page waits to be marked, the last step knows."""
        return tuple({each.key: each for each in self._found}.values())

    def run(self, names: Sequence[str]) -> None:
        """Do the steps, under one lock."""
        with ExitStack() as stack:
            known = stack.enter_context(self._work.remembering_translations())
            self._work = stack.enter_context(known.holding_the_lock())
            stack.enter_context(self._sharing)
            for name in names:
                if why := self._hindrance(name):
                    self.told_all = False
                    self._work.report.add_skipped(name, why)
                    self._terminal.say(f"{name}: not tried: {why}")
                else:
                    self._share_reads(name)
                    self._step(name)

    def _share_reads(self, name: str) -> None:
        """Let steps that read the same pages share them; an update compares what is there now."""
        wiki, shares = self._work.wiki, name in READS_THE_SAME
        if shares == self._shares:
            return
        self._sharing.close()
        if shares:
            self._sharing.enter_context(wiki.sharing_reads())
        self._shares = shares

    @property
    def _terminal(self) -> Terminal:
        return self._work.terminal

    def _hindrance(self, name: str) -> str:
        """Return why a step is not tried, empty if it is."""
        if self._ended:
            return self._ended
        return "the plan has mistakes" if self._is_unsound and name in NEEDS_SOUND_PLAN else ""

    def _step(self, name: str) -> None:
        work, whole = self._work, self._work.report
        part, before, start = whole.part(), work.wiki.requests, time.monotonic()
        part.site = work.wiki.name
        self._terminal.say(f"{name}:")
        try:
            self._do(name, part)
        except Exception as error:
            part.end_early(as_told(error))
            self._is_unsound = self._is_unsound or isinstance(error, Faults)
            self._terminal.error(str(error) if isinstance(error, WikiplanError) else told(error))
        except KeyboardInterrupt:
            part.end_early(Stop(STOPPED_BY_SIGNAL, self._limit.why))
        if part.interrupted:
            part.error, whole.interrupted = self._limit.why, True
            self._terminal.error(part.error)
        part.requests = work.wiki.requests - before
        whole.add_step(name, part, time.monotonic() - start)
        self._note(name, part)

    def _do(self, name: str, part: Report) -> None:
        if name == CHECK or (name in NEEDS_SOUND_PLAN and self._sound is None):
            self._sound = self._work.loaded_again()
        if name == CHECK:
            return
        known = self._sound or self._work
        # What is written may not depend on what was told before.
        translations = self._work.translations if name in READS_TRANSLATIONS else None
        self._works[name](replace(known, report=part, translations=translations))

    def _note(self, name: str, part: Report) -> None:
        """Note what a step leaves to people, and what it makes of what was known before."""
        addresses = Addresses(self._work.wiki.address)
        looked_at = {page["title"] for page in part.pages if "stage" in page}
        self._found = [
            each
            for each in self._found
            if each.kind is not waiting.Kind.MARKING or each.title not in looked_at
        ]
        self._found += OfStep(name, part, addresses).waiting()
        if part.error:
            at = addresses.of(self._work.plan.stop_page) if part.stopped else ""
            self._found.append(waiting.broken_off(name, part, at))
            self.told_all = False
            if part.ended_by_stop:
                self._ended = f"{name} ended with: {part.error}"
        if part.has_changed_files:
            self._note_files()
            self._take_up_files()
        self._forget_written(part)

    def _take_up_files(self) -> None:
        """Go on with the plan as a step left it."""
        try:
            self._work, self._sound = self._work.loaded_again(texts=False), None
        except Faults as faults:
            self._is_unsound = True
            self._terminal.error(str(faults))

    def _forget_written(self, part: Report) -> None:
        if memory := self._work.translations:
            for page in part.pages:
                if page["new_revid"] or page.get("stage") == Stage.AT_WORK:
                    memory.forget(page["title"])


def as_told(error: Exception) -> Exception:
    """Return an error whose first line says what people should know; a bug's has its kind."""
    if isinstance(error, WikiplanError):
        return error
    words = told(error)
    is_bug = words.endswith(BUG)
    return WikiplanError(STEP_BROKE, f"{type(error).__name__}: {error}" if is_bug else words)

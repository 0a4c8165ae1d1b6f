"""Writing translations to a wiki: every edit once, against the revision that was read."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from wikiplan.changes.apply import EMPTY_SHA1, Interrupt
from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.sync.pushing import DELETED, Push
from wikiplan.sync.syncoutcome import Outcome, Synced
from wikiplan.translate.translationtext import FUZZY
from wikiplan.wiki.translatewiki import TranslateWiki
from wikiplan.wiki.wiki import Saved, Wiki

MOST_FILTER_HITS = 2
"""One hit may be about one text; two are about this bot."""
LOOK_AFTER_SECONDS = (0, 1, 4, 15)
"""When to look after a lost answer: the server may still be at work."""
SECONDS_BETWEEN_CHECKS = 60
"""How long a run goes on, at most, after somebody asked it to stop."""


@dataclass
class StopPage:
    """What ends a run: a signal, or text on the stop page, read at the start and each minute."""

    wiki: Wiki
    title: str
    interrupt: Interrupt
    clock: Callable[[], float] = time.monotonic
    _checked: float = float("-inf")

    def check(self) -> None:
        """Raise :class:`Stop` when the run has to end."""
        if self.interrupt.reason:
            raise Stop("interrupted", self.interrupt.reason)
        now = self.clock()
        if self.title and now - self._checked >= SECONDS_BETWEEN_CHECKS:
            self._checked = now
            self._check_page()

    def _check_page(self) -> None:
        head = self.wiki.heads([self.title])[self.title]
        if head.number and head.sha1 != EMPTY_SHA1:
            raise Stop(
                "stop-page",
                f"{self.title!r} has text (last edited by {head.user}), which asks "
                "this bot to stop; read it, and blank it when all is well",
            )


@dataclass
class Writing:
    """The edits of one push. ``before`` is called before each edit, and raises to end the run."""

    wiki: TranslateWiki
    summary: str
    before: Callable[[], None] = lambda: None
    sleep: Callable[[float], None] = time.sleep
    done: list[tuple[Push, Saved]] = field(default_factory=list)
    _filter_hits: int = 0

    def run(self, pushes: Sequence[Push]) -> Iterator[tuple[Push, Saved | Synced]]:
        """Yield each edit with what became of it; nothing after a stop is tried."""
        why = ""
        for push in pushes:
            try:
                if why:
                    yield push, _not(push, Outcome.NOT_TRIED, why)
                    continue
                self.before()
                saved = self._save(push)
            except Conflict as conflict:
                yield push, _not(push, Outcome.MOVED, str(conflict))
            except Stop as stop:
                why = str(stop)
                yield push, _not(push, Outcome.NOT_TRIED, why)
            except Refusal as refusal:
                yield push, self._refused(push, refusal)
                if self._filter_hits >= MOST_FILTER_HITS:
                    why = f"an edit filter of the wiki was hit {MOST_FILTER_HITS} times"
            except Unclear as lost:
                yield push, _not(push, Outcome.REFUSED, str(lost))
            else:
                self.done.append((push, saved))
                yield push, saved

    def _refused(self, push: Push, refusal: Refusal) -> Synced:
        self._filter_hits += refusal.code.startswith("abusefilter")
        if refusal.code == "pagedeleted":
            return _not(push, Outcome.DELETED, DELETED)
        return _not(push, Outcome.REFUSED, str(refusal))

    def _save(self, push: Push) -> Saved:
        try:
            return self.wiki.translate(push.page, push.raw, self.summary)
        except Unclear:
            for pause in LOOK_AFTER_SECONDS:
                self.sleep(pause)
                if saved := self._found(push):
                    return saved
            raise

    def _found(self, push: Push) -> Saved | None:
        """Look whether an edit whose answer was lost is there: it then has exactly our text."""
        unit = (push.unit.id, push.language)
        page = self.wiki.unit_pages(push.unit.title, [unit])[unit]
        if page.number == push.page.number or page.text != push.raw:
            return None
        return Saved(page.number, push.page.number, page.title)

    def outdate(self, changed: Collection[str]) -> list[tuple[Push, Saved]]:
        """Mark as outdated what was pushed for English that is another one now; return that.

        Where somebody, or the wiki itself, was here since, theirs stands.
        """
        late = [each for each in self.done if each[0].unit.id in changed and each[0].current]
        mended = []
        for push, saved in late:
            page = replace(push.page, number=saved.number)
            with suppress(Conflict):
                again = self.wiki.translate(page, f"{FUZZY}{push.raw}", self.summary)
                mended.append((push, again))
        return mended


def _not(push: Push, outcome: Outcome, why: str) -> Synced:
    return Synced(push.unit, push.language, outcome, push.text, why, push.findings)

"""Carrying out a change set: every edit once, checked before and after.

The save protocol (facts 1 to 5): heads of the next pages and of those just written are read in one
batch; a page that moved since the change set was made is left alone; a page is saved against its
base revision without any retry; where the answer is lost, the page's history is asked for the
run id; what was saved is compared with what was meant.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from wikiplan.changes.changeset import WRITTEN, Action, ChangeSet, PageChange
from wikiplan.changes.journal import Journal, JournalEntry
from wikiplan.errors import Conflict, Refusal, Stop, Unclear, WikiplanError
from wikiplan.wiki import Edit, Head, Saved, Wiki, sha1
from wikiplan.wikitext import restoring

WRITES_PER_CHECK = 10
"""Pages saved between two batched reads of heads: one request for ten pages keeps a run cheap, and
ten pages are the most that can be older than that read. Whoever is asked page by page gets 1."""

LOOK_AFTER_SECONDS = (0, 1, 4, 15)
"""When to look into the history after a lost answer: the server may still be at work."""

MOST_FILTER_HITS = 2
"""One hit may be about one page's text; two are about this bot."""

EMPTY_SHA1 = sha1("")


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What happened to one page. ``revision`` is the new revision, 0 when there is none.

    ``code`` is the refusal's or the conflict's, for programs.
    """

    change: PageChange
    action: Action
    revision: int = 0
    reason: str = ""
    code: str = ""


@dataclass
class Interrupt:
    """Set by a signal; the save at hand is finished, the next one is not begun."""

    reason: str = ""


class Answer(Enum):
    """What a person says to one page's change."""

    YES = "yes"
    NO = "no"
    QUIT = "quit"


@dataclass
class _Written:
    change: PageChange
    saved: Saved
    reason: str = ""


@dataclass
class Application:
    """One run over a change set; ``outcomes`` grows as pages are done.

    The journal has each edit before it is sent; without a file it is kept in memory.
    """

    changes: ChangeSet
    wiki: Wiki
    interrupt: Interrupt = field(default_factory=Interrupt)
    sleep: Callable[[float], None] = time.sleep
    journal: Journal = field(default_factory=Journal)
    check: Callable[[PageChange], None] = lambda change: None
    """Looks at a page once more right before it is saved; raises :class:`Refusal`."""
    outcomes: list[PageOutcome] = field(default_factory=list)
    _written: list[_Written] = field(default_factory=list)
    _filter_hits: int = 0

    def run(
        self,
        confirm: Callable[[PageChange], Answer] | None = None,
        per_check: int = WRITES_PER_CHECK,
    ) -> tuple[PageOutcome, ...]:
        """Write the pages that ``confirm`` accepts (all without it); each page gets one outcome."""
        why = "not tried: the run was ended"
        try:
            for batch in _batches(self._accepted(confirm), per_check):
                self._batch(batch)
        except WikiplanError as error:
            why = str(error)
        finally:
            self._settle_quietly()
            self._account_for_the_rest(why)
            self.journal.end(self.changes.run)
        return tuple(self.outcomes)

    def _accepted(self, confirm: Callable[[PageChange], Answer] | None) -> Iterator[PageChange]:
        for change in self.changes.to_write:
            answer = confirm(change) if confirm else Answer.YES
            if answer is Answer.QUIT:
                self._decline_the_rest(change)
                return
            if answer is Answer.YES:
                yield change
            else:
                self._add(change, Action.NONE, "not wanted by the person who was asked")

    def _decline_the_rest(self, first: PageChange) -> None:
        pages = self.changes.to_write
        for change in pages[pages.index(first) :]:
            self._add(change, Action.NONE, "not asked about: the person ended the run")

    def _batch(self, batch: Sequence[PageChange]) -> None:
        heads = self._settle([change.title for change in batch])
        self._check_stop_page(heads)
        for change in batch:
            if self.interrupt.reason:
                raise Stop("interrupted", f"not tried: {self.interrupt.reason}")
            self._page(change, heads[change.title])

    def _page(self, change: PageChange, head: Head) -> None:
        try:
            _check_unmoved(change, head)
            self.check(change)
            self._written.append(self._save(change))
        except Conflict as conflict:
            self._add(
                change, Action.CONFLICT, f"{conflict}{self._since(change)}", code=conflict.code
            )
        except Stop as stop:
            self._add(change, Action.REFUSED, str(stop), code=stop.code)
            raise
        except Unclear as lost:
            self._add(change, Action.FAILED, str(lost))
        except Refusal as refusal:
            self._add(change, Action.REFUSED, str(refusal), code=refusal.code)
            self._count_filter_hit(refusal)

    def _count_filter_hit(self, refusal: Refusal) -> None:
        """End the run at the second hit: filters may block accounts (fact 25)."""
        self._filter_hits += refusal.code.startswith("abusefilter")
        if self._filter_hits >= MOST_FILTER_HITS:
            raise Stop(
                "abusefilter",
                f"not tried: {self._filter_hits} edits of this run hit an abuse filter; "
                "talk to the wiki's administrators before running again",
            )

    def _save(self, change: PageChange) -> _Written:
        base, summary = change.base, change.told.summary
        edit = Edit(base.title, base.page_id, base.revision, change.after, summary)
        number = self.journal.intend(self._entry(change))
        try:
            written = self._sent(change, edit)
        except Unclear:
            raise  # the journal's entry stays open: the next run asks the wiki again
        except WikiplanError:
            self.journal.not_saved(number)
            raise
        if written.saved.number:
            self.journal.saved(number, written.saved.number, written.saved.parent)
        else:
            self.journal.not_saved(number)
        return written

    def _sent(self, change: PageChange, edit: Edit) -> _Written:
        try:
            return _Written(change, self.wiki.save(edit))
        except Unclear as lost:
            return self._find(change, str(lost))

    def _entry(self, change: PageChange) -> JournalEntry:
        return JournalEntry(
            run=self.changes.run,
            title=change.title,
            language=change.language,
            page_id=change.base.page_id,
            base=change.base.revision,
            sha1_before=sha1(change.before),
            sha1_after=sha1(change.after),
            summary=change.told.summary,
            sections=restoring.section_edits(change.before, change.after, self.wiki.extension_tags),
        )

    def _find(self, change: PageChange, why: str) -> _Written:
        """Look for this run's edit in the page's history after a lost answer (fact 4)."""
        told = "the page's history cannot be read either, so it is not known whether it was saved"
        for pause in LOOK_AFTER_SECONDS:
            self.sleep(pause)
            try:
                entries = self.wiki.history(change.base.page_id, change.title, change.base.revision)
            except WikiplanError:
                continue
            for entry in entries:
                if self.changes.run in entry.summary:
                    saved = Saved(entry.number, entry.parent, change.title)
                    return _Written(change, saved, f"{why}; the page's history shows the edit")
            told = "the page's history shows no edit of this run"
        raise Unclear(f"{why}; {told}; nothing was sent again; run the update once more")

    def _settle(self, titles: Iterable[str] = ()) -> dict[str, Head]:
        """Read heads in one batch: of pages to write, of those written, of the stop page."""
        written, self._written = self._written, []
        wanted = [*titles, *(w.saved.title for w in written)]
        if self.changes.stop_page:
            wanted.append(self.changes.stop_page)
        try:
            heads = dict(self.wiki.heads(list(dict.fromkeys(wanted)))) if wanted else {}
        except WikiplanError as error:
            for each in written:
                self._add(each.change, Action.FAILED, f"saved, but not read back: {error}", each)
            raise
        for each in written:
            self._verify(each, heads[each.saved.title])
        return heads

    def _settle_quietly(self) -> None:
        if self._written:
            try:
                self._settle()
            except WikiplanError:
                return  # every page written has its outcome with this error in it

    def _verify(self, written: _Written, head: Head) -> None:
        """Compare what the wiki stores now with what was meant."""
        change, saved = written.change, written.saved
        meant = sha1(change.after)
        if saved.number == 0:
            reason = "the wiki stored this text already; no edit was made"
            self._add(change, Action.NONE, reason)
        elif saved.parent != change.base.revision:
            self._verify_merged(written)
        elif head.number == saved.number and head.sha1 != meant:
            reason = "the wiki stored other text than was previewed; compare the revision"
            self._add(change, Action.FAILED, _join(written.reason, reason), written)
        else:
            self._verify_later(written, head, meant)

    def _verify_merged(self, written: _Written) -> None:
        """Tell of an edit that came between, and look for our sections in what was made of both."""
        change, saved = written.change, written.saved
        stored = self.wiki.text_of(saved.number)
        whole = all(s.after in stored for s in change.sections if s.state in WRITTEN)
        reason = (
            f"the server merged our edit with revision {saved.parent} that came between"
            f"{self._since(change)}"
        )
        if not whole:
            reason = f"{reason}; a section is not stored as previewed, compare the revision"
        action = change.action if whole else Action.FAILED
        self._add(change, action, _join(written.reason, reason), written)

    def _verify_later(self, written: _Written, head: Head, meant: str) -> None:
        reason = written.reason
        if head.number != written.saved.number:
            if sha1(self.wiki.text_of(written.saved.number)) != meant:
                reason = _join(reason, "the wiki stored other text than was previewed")
                self._add(written.change, Action.FAILED, reason, written)
                return
            reason = _join(reason, f"edited again since, by {head.user} (revision {head.number})")
        self._add(written.change, written.change.action, reason, written)

    def _check_stop_page(self, heads: dict[str, Head]) -> None:
        title = self.changes.stop_page
        if title and (why := stop_reason(title, heads[title])):
            raise Stop("stop-page", f"not tried: {why}")

    def _since(self, change: PageChange) -> str:
        """Return who changed the page since its base, for the report."""
        try:
            entries = self.wiki.history(change.base.page_id, change.title, change.base.revision)
        except WikiplanError:
            return ""
        others = [entry for entry in entries if self.changes.run not in entry.summary]
        return "".join(f"; {entry}" for entry in others[:3])

    def _account_for_the_rest(self, why: str) -> None:
        """Give the pages that were not tried their outcome; ``why`` ended the run before them."""
        done = {id(outcome.change) for outcome in self.outcomes}
        for change in self.changes.to_write:
            if id(change) not in done:
                self._add(change, Action.FAILED, why)

    def _add(
        self,
        change: PageChange,
        action: Action,
        reason: str,
        written: _Written | None = None,
        code: str = "",
    ) -> None:
        revision = written.saved.number if written else 0
        self.outcomes.append(
            PageOutcome(change, action, revision, _join(change.told.reason, reason), code)
        )


def stop_reason(title: str, head: Head) -> str:
    """Say why the bot must stop; empty when the stop page is blank or does not exist."""
    if not head.number or head.sha1 == EMPTY_SHA1:
        return ""
    return (
        f"{title!r} has text (last edited by {head.user}), which asks this bot to stop; read it, "
        "and blank it when all is well"
    )


def _batches(accepted: Iterable[PageChange], size: int) -> Iterator[list[PageChange]]:
    pages = iter(accepted)
    while batch := list(islice(pages, size)):
        yield batch


def _check_unmoved(change: PageChange, head: Head) -> None:
    base = change.base
    if (head.number, head.page_id) == (base.revision, base.page_id):
        return
    if not head.number:
        what = "the page was deleted, or moved without a redirect, since it was read"
    elif head.page_id != base.page_id and base.page_id:
        what = "another page stands under this title since it was read (a move or a deletion)"
    elif not base.revision:
        what = f"the page was created since, by {head.user}"
    else:
        what = f"revision {head.number} by {head.user} came since revision {base.revision} was read"
    raise Conflict("moved-on", f"{what}; left alone, run the update again")


def _join(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)

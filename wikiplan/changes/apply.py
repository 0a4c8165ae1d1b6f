"""Carrying out a change set: every edit once, checked before and after.

The save protocol (facts 1 to 5): heads of the next pages and of those just written are read in one
batch; a page that moved since the change set was made is left alone; a page is saved against its
base revision without any retry; where the answer is no clear one, the page's history is asked for
the run id; what was saved is compared with what was meant.

A page that gets another language gets it before its text, which is made for that; a page that is
new has to be there first. There is a log for it in place of a history.

What became of an edit is an outcome as soon as it is known. What is found out later only adds to
it: a check that fails is a note of its page, and takes nothing back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import islice
from typing import TypeVar

from wikiplan.changes.changeset import TO_WRITE, WRITTEN, Action, ChangeSet, PageChange
from wikiplan.changes.journal import Journal, JournalEntry, edit_of
from wikiplan.errors import (
    ABUSE_FILTER,
    MOVED_ON,
    STOPPED_BY_SIGNAL,
    UNCLEAR,
    Conflict,
    Refusal,
    Stop,
    Unclear,
    WikiplanError,
)
from wikiplan.value import Value, replace
from wikiplan.wiki import (
    RENDERED_ANEW_AFTER_SECONDS,
    UNREACHABLE,
    Edit,
    Head,
    HistoryEntry,
    PageLanguages,
    Saved,
    Wiki,
    made_by,
    sha1,
)
from wikiplan.wikitext import restoring

WRITES_PER_CHECK = 20
"""Pages saved between two batched reads of heads: one request for them keeps a run cheap, and so
many are the most that can be older than that read. Whoever is asked page by page gets 1."""

LOOK_AFTER_SECONDS = (0, 1, 4, 15)
"""When to look into the history after a lost answer: the server may still be at work."""

MOST_FILTER_HITS = 2
"""One hit may be about one page's text; two are about this bot."""

EMPTY_SHA1 = sha1("")

STOP_PAGE = "stop-page"
"""The code of a run that people stopped."""

NOT_SENT = ("interrupted", "asked-to-wait", UNREACHABLE)
"""Codes of what ends a run before the edit at hand is sent: it was not tried either."""

SHOWN = "the page's history shows the edit"
NOT_SHOWN = "the page's history shows no edit of this run"
UNREADABLE = "the page's history cannot be read either, so it is not known whether it was saved"
LANGUAGE_SHOWN = "the log of page languages shows it"
LANGUAGE_NOT_SHOWN = "the log of page languages shows nothing of this run"
LANGUAGE_UNREADABLE = (
    "the log of page languages cannot be read either, so it is not known whether it was set"
)
ALREADY = "the wiki stored this text already; no edit was made"
ALREADY_THERE = "the wiki has this text already, from this run or from somebody else"
INTERRUPTED = (
    "interrupted while it was saved, so it is not known whether it was; the next run looks it up"
)
UNCHECKED = "saved, and not compared with what was previewed"


Found = TypeVar("Found")


class PageOutcome(Value):
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


class Saving(Value):
    """Saves once, and finds out what came of it: from the answer, or from the page's history.

    Only a clear answer counts. A conflict, and a text that stands there already, can be the work of
    this very edit: it is sent again after an answer that says that nothing was done.
    """

    wiki: Wiki
    run: str
    sleep: Callable[[float], None] = time.sleep

    def once(self, edit: Edit, save: Callable[[Edit], Saved]) -> tuple[Saved, str]:
        """Return what was saved, with a note where that had to be looked up."""
        try:
            saved = save(edit)
        except Unclear as lost:
            return self._found(edit, str(lost)), f"{lost}; {SHOWN}"
        except Conflict as conflict:
            with suppress(WikiplanError):
                if own := self._own(edit):
                    return own, f"{conflict}; {SHOWN}"
            raise
        if saved.number:
            return saved, ""
        own = self._own_of_the_same_text(edit)
        return (own, SHOWN) if own else (saved, ALREADY)

    def _own_of_the_same_text(self, edit: Edit) -> Saved | None:
        try:
            return self._own(edit)
        except WikiplanError as error:
            stop = error if isinstance(error, Stop) else None
            raise Unclear(f"{edit.title}: {ALREADY_THERE}; {UNREADABLE}", stop) from error

    def set_language(self, change: PageChange, languages: PageLanguages) -> str:
        """Give a page its language, once; returns what there is to tell of it."""
        assert change.new_language
        title, page_id = change.title, change.base.page_id

        def look() -> bool:
            entries = languages.log(title)
            return any(made_by(self.run, each.summary) for each in entries)

        try:
            return languages.set(title, page_id, change.new_language)
        except Unclear as lost:
            self._found_after(str(lost), look, LANGUAGE_NOT_SHOWN, LANGUAGE_UNREADABLE)
            return f"{lost}; {LANGUAGE_SHOWN}"
        except Conflict as conflict:
            with suppress(WikiplanError):
                if look():
                    return f"{conflict}; {LANGUAGE_SHOWN}"
            raise

    def _found(self, edit: Edit, why: str) -> Saved:
        return self._found_after(why, lambda: self._own(edit), NOT_SHOWN, UNREADABLE)

    def _found_after(
        self, why: str, look: Callable[[], Found | None], not_shown: str, unreadable: str
    ) -> Found:
        """Look for this run's write after a lost answer, in which the wiki may still be at work."""
        told, stop = unreadable, None
        for pause in LOOK_AFTER_SECONDS:
            self.sleep(pause)
            try:
                if own := look():
                    return own
                told, stop = not_shown, None
            except Stop as error:
                stop = error if told is unreadable else None
                if error.code == UNREACHABLE:  # that was tried for long
                    break
            except WikiplanError:
                continue
        raise Unclear(f"{why}; {told}; nothing was sent again; run once more", stop)

    def _own(self, edit: Edit) -> Saved | None:
        found = self.entry(edit)
        return Saved(found.number, found.parent, edit.title) if found else None

    def entry(self, edit: Edit) -> HistoryEntry | None:
        """Return this run's edit since the base, as the page's history has it."""
        return edit_of(self.run, self.wiki.history(edit.page_id, edit.title, edit.base))


class Answer(Enum):
    """What a person says to one page's change."""

    YES = "yes"
    NO = "no"
    QUIT = "quit"


class _Unchecked(Value):
    """A saved page that nobody has looked at since, with the places where it is told.

    ``outcome`` is its place among the outcomes, ``entry`` that in the journal. The number of what
    was saved is 0 where the page got another language alone.
    """

    change: PageChange
    saved: Saved
    outcome: int
    entry: int


@dataclass
class Application:
    """One run over a change set; ``outcomes`` grows as pages are done.

    ``ended`` is what ended the run before its end. The journal has each edit before it is sent;
    without a file it is kept in memory.
    """

    changes: ChangeSet
    wiki: Wiki
    interrupt: Interrupt = field(default_factory=Interrupt)
    sleep: Callable[[float], None] = time.sleep
    journal: Journal = field(default_factory=Journal)
    check: Callable[[PageChange], None] = lambda change: None
    """Looks at a page once more right before it is saved; raises :class:`Refusal`."""
    outcomes: list[PageOutcome] = field(default_factory=list)
    ended: WikiplanError | None = None
    _unchecked: list[_Unchecked] = field(default_factory=list)
    _filter_hits: int = 0
    _languages_set: set[str] = field(default_factory=set)
    """The titles of the pages that got another language."""

    @cached_property
    def _languages(self) -> PageLanguages:
        return PageLanguages(self.wiki, self.changes.account)

    @property
    def _saving(self) -> Saving:
        return Saving(self.wiki, self.changes.run, self.sleep)

    def run(
        self,
        confirm: Callable[[PageChange], Answer] | None = None,
        per_check: int = WRITES_PER_CHECK,
    ) -> tuple[PageOutcome, ...]:
        """Write the pages that ``confirm`` accepts (all without it); each page gets one outcome."""
        try:
            for batch in _batches(self._accepted(confirm), per_check):
                self._batch(batch)
        except WikiplanError as error:
            self.ended = error
        finally:
            self._account_for_the_rest()
        with suppress(WikiplanError):  # it is noted at the pages that it was about
            self._settle()
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
        numbers = self.journal.intend([self._entry(change) for change in batch])
        waiting = list(zip(batch, numbers, strict=True))
        try:
            while waiting:
                if self.interrupt.reason:
                    raise Stop(STOPPED_BY_SIGNAL, self.interrupt.reason)
                change, number = waiting.pop(0)
                self._page(change, number, heads[change.title])
        finally:
            for _, number in waiting:
                self.journal.not_saved(number)

    def _page(self, change: PageChange, number: int, head: Head) -> None:
        """Save a page, or tell why not; ``number`` is its entry's in the journal."""
        try:
            self._checked_and_saved(change, number, head)
        except Conflict as conflict:
            reason = f"{conflict}{self._since(change)}"
            self._add(change, Action.CONFLICT, reason, code=conflict.code)
        except Stop as stop:
            if stop.code not in NOT_SENT:
                self._add(change, Action.REFUSED, str(stop), code=stop.code)
            raise
        except Unclear as lost:
            self._add(change, Action.FAILED, str(lost), code=UNCLEAR)
            if lost.stop:
                raise lost.stop from lost
        except Refusal as refusal:
            self._add(change, Action.REFUSED, str(refusal), code=refusal.code)
            self._count_filter_hit(refusal)

    def _count_filter_hit(self, refusal: Refusal) -> None:
        """End the run at the second hit: filters may block accounts (fact 25)."""
        self._filter_hits += refusal.code.startswith("abusefilter")
        if self._filter_hits >= MOST_FILTER_HITS:
            raise Stop(
                ABUSE_FILTER,
                f"{self._filter_hits} edits of this run hit an abuse filter; "
                "talk to the wiki's administrators before running again",
            )

    def _checked_and_saved(self, change: PageChange, number: int, head: Head) -> None:
        """Save a page that nobody touched, and note what became of that, whatever comes then."""
        language_first = change.new_language and change.base.revision
        try:
            _check_unmoved(change, head)
            self.check(change)
            between = self._set_language(change) if language_first else ""
            saved, note = self._saved(change)
            done = saved.number or language_first
            action = change.action if done else Action.NONE
            self._add(change, action, _join(between, note), saved.number)
        except Unclear:
            raise  # the journal's entry stays open: the next run asks the wiki again
        except WikiplanError:
            self.journal.not_saved(number)
            raise
        except BaseException:
            if not self._is_told(change):
                self._add(change, Action.FAILED, INTERRUPTED, code=UNCLEAR)
            raise
        if not done:
            self.journal.not_saved(number)
            return
        self.journal.saved(number, saved.number, saved.parent)
        self._unchecked.append(_Unchecked(change, saved, len(self.outcomes) - 1, number))
        if change.new_language and not language_first:
            self._set_language_of_new_page(self._unchecked[-1])

    def _saved(self, change: PageChange) -> tuple[Saved, str]:
        """Save a page's text, if that changes; returns what was saved, and what to tell of it."""
        if not change.new_text:
            return Saved(0, change.base.revision, change.title), ""
        return self._saving.once(_edit(change), self.wiki.save)

    def _set_language(self, change: PageChange) -> str:
        told = self._saving.set_language(change, self._languages)
        self._languages_set.add(change.title)
        return told

    def _set_language_of_new_page(self, page: _Unchecked) -> None:
        """Tell the wiki the language of a page that was just made."""
        self.sleep(RENDERED_ANEW_AFTER_SECONDS)
        try:
            if told := self._set_language(page.change):
                self._note(page, told)
        except WikiplanError as error:
            self._note(page, f"made, but its language was not set: {error}", wrong=True)
            if isinstance(error, Stop):
                raise

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
            page_language=change.new_language,
            sections=restoring.section_edits(change.before, change.after, self.wiki.extension_tags),
        )

    def _settle(self, titles: Iterable[str] = ()) -> dict[str, Head]:
        """Read heads in one batch: of pages to write, of those written, of the stop page."""
        self.journal.flush()
        unchecked, self._unchecked = self._unchecked, []
        wanted = [*titles, *(each.change.title for each in unchecked)]
        if wanted and self.changes.stop_page:
            wanted.append(self.changes.stop_page)
        try:
            heads = dict(self.wiki.heads(list(dict.fromkeys(wanted)))) if wanted else {}
        except WikiplanError as error:
            for each in unchecked:
                self._note(each, f"{UNCHECKED}: {error}")
            raise
        for each in unchecked:
            self._verify(each, heads[each.change.title])
        return heads

    def _verify(self, page: _Unchecked, head: Head) -> None:
        """Compare what the wiki stores now with what was meant."""
        language = page.change.new_language
        is_set = head.number and page.change.title in self._languages_set
        if language and is_set and head.language != language.after:
            shown = f"the wiki shows the page's language as {head.language}: somebody changed it"
            self._note(page, f"{shown}, or an extension decides it", wrong=True)
        if not page.saved.number:
            return
        try:
            if page.saved.parent != page.change.base.revision:
                self._verify_merged(page)
            else:
                self._verify_text(page, head)
        except WikiplanError as error:
            self._note(page, f"{UNCHECKED}: {error}")

    def _verify_merged(self, page: _Unchecked) -> None:
        """Tell of an edit that came between, and look for our sections in what was made of both."""
        between = f"the server merged our edit with revision {page.saved.parent} that came between"
        self._note(page, f"{between}{self._since(page.change)}")
        stored = self.wiki.text_of(page.saved.number)
        if not all(s.after in stored for s in page.change.sections if s.state in WRITTEN):
            self._note(
                page, "a section is not stored as previewed, compare the revision", wrong=True
            )

    def _verify_text(self, page: _Unchecked, head: Head) -> None:
        if head.number == page.saved.parent:  # a server that is behind knows nothing of it
            return
        stored = head.sha1 if head.number == page.saved.number else self._looked_up(page, head)
        if stored != sha1(page.change.after):
            reason = "the wiki stored other text than was previewed; compare the revision"
            self._note(page, reason, wrong=True)

    def _looked_up(self, page: _Unchecked, head: Head) -> str:
        """Return the digest of what was saved, as the history has it, where that is not the head.

        Then somebody was there since, or the answer to the save had another revision's number.
        """
        own = self._saving.entry(_edit(page.change))
        if own is None or not own.sha1:
            raise Refusal("not-shown", "the page's history does not show it")
        if own.number != page.saved.number:
            told = self.outcomes[page.outcome]
            self.outcomes[page.outcome] = replace(told, revision=own.number)
            self.journal.saved(page.entry, own.number, own.parent)
        if head.number != own.number:
            since = f"edited again since, by {head.user} (revision {head.number})"
            self._note(page, since if head.number else "deleted or moved since")
        return own.sha1

    def _note(self, page: _Unchecked, reason: str, *, wrong: bool = False) -> None:
        """Add to what is told of a saved page; ``wrong`` makes it a failure."""
        told = self.outcomes[page.outcome]
        action = Action.FAILED if wrong else told.action
        reason = _join(told.reason, reason)
        self.outcomes[page.outcome] = replace(told, action=action, reason=reason)

    def _check_stop_page(self, heads: dict[str, Head]) -> None:
        if title := self.changes.stop_page:
            check_stop_page(title, heads[title])

    def _since(self, change: PageChange) -> str:
        """Return who changed the page since its base, for the report."""
        try:
            entries = self.wiki.history(change.base.page_id, change.title, change.base.revision)
        except WikiplanError:
            return ""
        others = [entry for entry in entries if not made_by(self.changes.run, entry.summary)]
        return "".join(f"; {entry}" for entry in others[:3])

    def _account_for_the_rest(self) -> None:
        """Give the pages that were not tried their outcome, with what ended the run before them."""
        why = self.ended or "interrupted"
        code = self.ended.code if isinstance(self.ended, Refusal) else ""
        for change in self.changes.to_write:
            if not self._is_told(change):
                self._add(change, Action.FAILED, f"not tried: {why}", code=code)

    def _is_told(self, change: PageChange) -> bool:
        return any(outcome.change is change for outcome in self.outcomes)

    def _add(
        self, change: PageChange, action: Action, reason: str, revision: int = 0, code: str = ""
    ) -> None:
        if change.new_language and action not in TO_WRITE and change.title in self._languages_set:
            reason = _join(reason, f"its language is {change.new_language.after} now")
        reason = _join(change.told.reason, reason)
        self.outcomes.append(PageOutcome(change, action, revision, reason, code))


def look_at_stop_page(wiki: Wiki, title: str) -> None:
    """Raise :class:`Stop` where people ask the bot to stop; one request, none without a title."""
    if title:
        check_stop_page(title, wiki.heads([title])[title])


def check_stop_page(title: str, head: Head) -> None:
    """Raise :class:`Stop` unless the stop page is blank or does not exist."""
    if head.number and head.sha1 != EMPTY_SHA1:
        raise Stop(
            STOP_PAGE,
            f"{title!r} has text (last edited by {head.user}), which asks this bot to stop; read "
            "it, and blank it when all is well",
        )


def _edit(change: PageChange) -> Edit:
    base = change.base
    made = change.after, change.told.summary, base.content_model
    return Edit(base.title, base.page_id, base.revision, *made)


def _batches(accepted: Iterable[PageChange], size: int) -> Iterator[list[PageChange]]:
    pages = iter(accepted)
    while batch := list(islice(pages, size)):
        yield batch


def _check_unmoved(change: PageChange, head: Head) -> None:
    base, language = change.base, change.new_language
    if (head.number, head.page_id) == (base.revision, base.page_id):
        if language and base.revision and head.language != language.before:
            what = f"its language was changed from {language.before} to {head.language}"
            raise Conflict(MOVED_ON, f"{what} since it was read; left alone, run the update again")
        return
    if not head.number:
        what = "the page was deleted, or moved without a redirect, since it was read"
    elif head.page_id != base.page_id and base.page_id:
        what = "another page stands under this title since it was read (a move or a deletion)"
    elif not base.revision:
        what = f"the page was created since, by {head.user}"
    else:
        what = f"revision {head.number} by {head.user} came since revision {base.revision} was read"
    raise Conflict(MOVED_ON, f"{what}; left alone, run the update again")


def _join(*reasons: str) -> str:
    return "; ".join(reason for reason in reasons if reason)

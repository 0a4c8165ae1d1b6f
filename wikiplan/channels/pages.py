"""Pages that calendars and announcements are written to, as changes that a run can apply.

A calendar is a whole page, an announcement or a notice a managed section of a talk page. They say
of themselves whether somebody edited them, and are left alone then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from wikiplan.changes import (
    Action,
    PageChange,
    SectionChange,
    SectionState,
    Summary,
    assemble,
    guards,
)
from wikiplan.channels.announcement import ANNOUNCEMENT, Announcement
from wikiplan.channels.feed import is_own
from wikiplan.errors import MISSING_PAGE, Refusal
from wikiplan.l10n import message
from wikiplan.value import Value, replace
from wikiplan.wiki import HISTORY_ENTRIES, Account, HistoryEntry, Revision, Wiki
from wikiplan.wikitext import sections, syntax

_OF_A_RUN = r"(?![\w-]).*\[run [^\[\]]+\]"


class Post(Value):
    """What a talk page gets once, as a managed section; ``names`` are its name and former ones.

    One that ``follows`` is brought up to date where what it says has changed.
    """

    names: tuple[str, ...]
    text: str
    follows: bool = False


class ChannelPages(Value):
    """Makes the changes of a run. ``plan`` is the plan's name in markers."""

    wiki: Wiki
    account: Account
    run: str
    plan: str = ""

    def calendar(self, revision: Revision, name: str, language: str, text: str) -> PageChange:
        """Return what makes a page the calendar of a name."""

        def change(base: PageChange) -> PageChange:
            if revision.exists:
                _check_own_feed(revision.text)
            if text == revision.text:
                return base
            told = message(language, "wikiplan-update", {"sections": name, "run": self.run})
            return replace(base, after=text, instead=text).summarised(told)

        return self._checked(revision, language, change)

    def announcement(
        self, revision: Revision, events: Sequence[str], language: str, said: Announcement
    ) -> PageChange:
        """Return what adds an event's announcement to a talk page, or brings it up to date.

        ``events`` are the event's key, and those that it had.
        """
        names = tuple(f"{ANNOUNCEMENT}-{event}" for event in events)
        return self.posts(revision, language, [Post(names, said.wikitext, follows=True)])

    def posts(self, revision: Revision, language: str, posts: Sequence[Post]) -> PageChange:
        """Return what adds posts to a talk page, once each.

        Where one was taken away, or moved into an archive, it stays away.
        """

        def change(base: PageChange) -> PageChange:
            if not revision.exists:
                raise Refusal(
                    MISSING_PAGE, "the page does not exist; make it, or correct its title"
                )
            if self._is_declined(revision):
                return base.because("those of the page want no messages; left alone")
            found = [self._section(revision, post) for post in posts]
            for why in (each for each in found if isinstance(each, str)):
                base = base.because(why)
            made = tuple(each for each in found if isinstance(each, SectionChange))
            if not made:
                return base
            tags = self.wiki.extension_tags
            after = assemble(revision.text, made, "bottom", tags, self.plan)
            whole = replace(base, action=Action.UPDATE, after=after, sections=made)
            return whole.summarised(Summary(self.run)(whole))

        return self._checked(revision, language, change)

    def _is_declined(self, revision: Revision) -> bool:
        text = revision.text
        return syntax.declines_messages(text) or syntax.excludes_bot(text, self.account.name)

    def _section(self, revision: Revision, post: Post) -> SectionChange | str | None:
        """Return the section as it is to be, nothing where it is so, or why it is left alone."""
        found = sections.find(revision.text, self.wiki.extension_tags)
        own = next((each for each in found if each.name in post.names), None)
        if own is None:
            if posted := self._posted(revision, post.names):
                return f"posted already, in {posted}; what became of it is people's business"
            return SectionChange(post.names[0], SectionState.NEW, "", post.text)
        if not post.follows:
            return None
        body = sections.body_of(revision.text, own)
        if sections.digest(body) != own.digest:
            return "posted already, and people edited it; left alone"
        if body == post.text:
            return None
        return SectionChange(own.name, SectionState.CHANGED, body, post.text)

    def _posted(self, revision: Revision, names: Sequence[str]) -> str:
        """Return the revision in which something was posted, as the history shows it."""
        pattern = re.compile(f"(?:{'|'.join(map(re.escape, names))}){_OF_A_RUN}")
        return next(
            (str(each) for each in self._past(revision) if pattern.search(each.summary)), ""
        )

    def _past(self, revision: Revision) -> Iterator[HistoryEntry]:
        """Yield a page's revisions, then those of the one that was moved away into an archive."""
        yield from self._history(revision.page_id, revision.title)
        gone = self.wiki.departure(revision.title)
        if gone and gone.to:
            yield from self._history(0, gone.to)

    def _history(self, page_id: int, title: str) -> Iterator[HistoryEntry]:
        newest = self.wiki.history(page_id, title, 0)
        yield from newest
        if len(newest) >= HISTORY_ENTRIES:
            yield from self.wiki.history(page_id, title, 0, self.account.name)

    def _checked(
        self, revision: Revision, language: str, change: Callable[[PageChange], PageChange]
    ) -> PageChange:
        """Return a change that the wiki would take, or the page with why nothing is done."""
        base = PageChange.none(revision, language)
        try:
            guards.check_plain(revision)
            made = change(base)
            if made.after == made.before:
                return made
            guards.check_allowed(revision, self.account)
            made = replace(made, action=_action(revision))
            guards.check_with_wiki(made, self.wiki)
            return made
        except Refusal as refusal:
            return base.refused(refusal)


def _action(revision: Revision) -> Action:
    return Action.UPDATE if revision.exists else Action.CREATE


def _check_own_feed(text: str) -> None:
    if not is_own(text):
        raise Refusal(
            "edited-calendar",
            "the page is no calendar of this program, or somebody edited it; take the edit back, "
            "or delete the page: then a new one is made",
        )

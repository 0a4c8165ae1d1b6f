"""Pages that calendars and announcements are written to, as changes that a run can apply.

A calendar is a whole page, an announcement a managed section of a talk page: both say of themselves
whether somebody edited them, and are left alone then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

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
from wikiplan.wiki import Account, Revision, Wiki
from wikiplan.wikitext import sections

_OF_A_RUN = r"(?![\w-]).*\[run [^\[\]]+\]"


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

        ``events`` are the event's key, and those that it had. It is added once: where it was taken
        away, or moved into an archive, it stays away.
        """
        names = [f"{ANNOUNCEMENT}-{event}" for event in events]

        def change(base: PageChange) -> PageChange:
            if not revision.exists:
                raise Refusal(
                    MISSING_PAGE, "the page does not exist; make it, or correct its title"
                )
            section = self._section(revision, names, said.wikitext)
            if isinstance(section, str):
                return base.because(section)
            if section is None:
                return base
            tags = self.wiki.extension_tags
            after = assemble(revision.text, [section], "bottom", tags, self.plan)
            made = replace(base, action=Action.UPDATE, after=after, sections=(section,))
            return made.summarised(Summary(self.run)(made))

        return self._checked(revision, language, change)

    def _section(
        self, revision: Revision, names: Sequence[str], text: str
    ) -> SectionChange | str | None:
        """Return the section as it is to be, nothing where it is so, or why it is left alone."""
        found = sections.find(revision.text, self.wiki.extension_tags)
        own = next((each for each in found if each.name in names), None)
        if own is None:
            if posted := self._posted(revision, names):
                return f"announced already, in {posted}; what became of it is people's business"
            return SectionChange(names[0], SectionState.NEW, "", text)
        body = sections.body_of(revision.text, own)
        if sections.digest(body) != own.digest:
            return "announced already, and people edited the announcement; left alone"
        return None if body == text else SectionChange(own.name, SectionState.CHANGED, body, text)

    def _posted(self, revision: Revision, names: Sequence[str]) -> str:
        """Return the revision in which the announcement was added, as the history shows it."""
        pattern = re.compile(f"(?:{'|'.join(map(re.escape, names))}){_OF_A_RUN}")
        history = self.wiki.history(revision.page_id, revision.title, 0)
        return next((str(each) for each in history if pattern.search(each.summary)), "")

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

"""The page of the board on a wiki: reading people's answers, and saving the bot's part of it.

That part is a managed section; what people write around it stays. What they write inside of it,
where the bot writes anew, it moves below. Where somebody took the section away it stays away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from wikiplan.changes import Action, Application, ChangeSet, PageChange, guards
from wikiplan.errors import Refusal
from wikiplan.nightly import answers
from wikiplan.nightly.answers import Answers
from wikiplan.value import Value, replace
from wikiplan.wiki import Revision, Wiki
from wikiplan.wikitext import Section, SectionError, sections

SECTION = "board"
REVISIONS = 50
"""So far back is looked for what the bot wrote before people wrote into it."""
OF_THE_BOARD = "-board"
"""Behind a run's id in the summaries of its edits of the board, which nobody takes back with it."""


class BoardPage(Value):
    """A board's page on a wiki. ``stop_page`` is the one that stops the bot."""

    wiki: Wiki
    title: str
    run: str
    stop_page: str = ""

    def read(self) -> Revision:
        """Return the page as it is. Raises :class:`Refusal` where it can be no board."""
        page = self.wiki.read_to_edit([self.title])[self.title]
        guards.check_plain(page)
        return page

    def answers(self, may_answer: tuple[str, ...]) -> Answers:
        """Return what people have answered there; two requests, and more where they have."""
        page = self.read()
        return answers.read(self.wiki, page, may_answer) if page.exists else Answers()

    def save(self, body: Callable[[str], str], summary: Callable[[str], str]) -> int:
        """Bring the bot's part up to date, once; returns the revision, 0 where it is so already.

        ``body`` and ``summary`` give its text and that of the edit in a language. Raises
        :class:`Refusal` where it cannot be, and whatever ended the save.
        """
        for tries_left in (1, 0):
            change = self._change(body, summary)
            if not change.to_write:
                return 0
            account = self.wiki.account()
            changes = ChangeSet(
                f"{self.run}{OF_THE_BOARD}", self.wiki.name, account, (change,), self.stop_page
            )
            application = Application(changes, self.wiki)
            (done,) = application.run()
            if application.ended:
                raise application.ended
            if done.action is Action.CONFLICT and tries_left:
                continue  # somebody edited it in this moment: once more, from theirs
            if done.action not in (Action.CREATE, Action.UPDATE, Action.NONE):
                raise Refusal("board-not-saved", f"{self.title}: {done.reason}; run again")
            return done.revision
        raise AssertionError("the last try returns or raises")

    def _change(self, body: Callable[[str], str], summary: Callable[[str], str]) -> PageChange:
        page = self.read()
        guards.check_allowed(page, self.wiki.account())
        text = self._text(page, body(page.language))
        change = PageChange.none(page, page.language)
        if text == page.text:
            return change
        action = Action.UPDATE if page.exists else Action.CREATE
        made = replace(change, action=action, after=text, instead=text)
        made = made.summarised(summary(page.language))
        guards.check_with_wiki(made, self.wiki)
        return made

    def _text(self, page: Revision, body: str) -> str:
        tags = self.wiki.extension_tags
        if not page.exists:
            return sections.new_page({SECTION: body}, tags)
        own = self._own(page.text)
        if own is None:
            self._check_never_there(page)
            return sections.insert(page.text, SECTION, body, "top", tags)
        stands = sections.body_of(page.text, own)
        text = sections.replace(page.text, {SECTION: body}, tags)
        if own.digest == sections.digest(stands):
            return text
        moved = "\n".join(self._peoples(page, stands))
        return f"{text}\n\n{moved}" if moved else text

    def _own(self, text: str) -> Section | None:
        found = sections.find(text, self.wiki.extension_tags)
        return next((each for each in found if each.name == SECTION), None)

    def _peoples(self, page: Revision, stands: str) -> Iterator[str]:
        """Yield the lines that people wrote into the bot's part since it was written."""
        history = self.wiki.history(page.page_id, page.title, 0)[:REVISIONS]
        texts = self.wiki.revisions([each.number for each in history])
        for entry in history:
            past, own = texts[entry.number].text if entry.number in texts else "", None
            with suppress(SectionError):  # of markers that people damaged then
                own = self._own(past)
            if own and own.digest == sections.digest(sections.body_of(past, own)):
                written = set(sections.body_of(past, own).split("\n"))
                yield from (line for line in stands.split("\n") if line not in written)
                return
        yield from stands.split("\n")

    def _check_never_there(self, page: Revision) -> None:
        """Raise where the section stood there, and somebody took it away."""
        for entry in self.wiki.history(page.page_id, page.title, 0):
            if f"{OF_THE_BOARD}]" in entry.summary and entry.user == self.wiki.user:
                raise Refusal(
                    "board-removed",
                    f"{self.title}: somebody took the board away; put its markers back, or take "
                    "“board” out of run.yaml",
                )

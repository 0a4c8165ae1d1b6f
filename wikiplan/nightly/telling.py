"""Who is told of what after a run, by the rules of ``run.yaml``: each thing once, and again after
some days if it still waits.

That a thing is told is noted before it is sent, and taken back where it surely did not arrive: a
kill in between leaves a reminder for later, and never two messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from wikiplan.changes import Saving, look_at_stop_page
from wikiplan.errors import REDIRECT, Refusal, Unclear, WikiplanError
from wikiplan.nightly import sending
from wikiplan.nightly.memory import Memory
from wikiplan.nightly.messages import Notification
from wikiplan.nightly.runfile import Channel
from wikiplan.nightly.waiting import Waiting
from wikiplan.value import Value, replace
from wikiplan.wiki import Edit, Wiki

DONE = "done"


class Ended(Value):
    """A run that has come to its end: what it was, what waits, and since when it is told."""

    run: str
    site: str
    outcome: str
    done: str
    waiting: Sequence[Waiting]
    now: datetime

    def message(self, channel: Channel, memory: Memory) -> Notification | None:
        """Return what a channel has to tell, nothing where it has nothing."""
        told = memory.told.get(channel.name, {})
        wanted = [each for each in self.waiting if _is_for(each, channel)]
        new = tuple(each for each in wanted if each.key not in told)
        again = tuple(
            each for each in wanted if each.key in told and self._is_due(channel, told[each.key])
        )
        anyway = "always" in channel.when or (DONE in channel.when and self.outcome == DONE)
        if not (new or again or anyway):
            return None
        return Notification(self.run, self.site, self.outcome, self.done, new, again)

    def _is_due(self, channel: Channel, told: datetime) -> bool:
        days = timedelta(days=channel.remind_after)
        return bool(days) and self.now - told >= days


def _is_for(each: Waiting, channel: Channel) -> bool:
    occasion = "failed" if each.is_failure else "decide"
    return occasion in channel.when and each.whom in channel.for_


class Telling:
    """Tells, and keeps what was told; ``keep`` writes a memory down, ``wiki`` opens the wiki."""

    def __init__(
        self,
        ended: Ended,
        memory: Memory,
        keep: Callable[[Memory], None],
        wiki: Callable[[], tuple[Wiki, str]],
    ) -> None:
        self._ended = ended
        self._keep = keep
        self._wiki = wiki
        self.memory = memory
        self.wrong: list[str] = []
        """What could not be told, or not for sure."""

    def tell(self, channel: Channel, message: Notification) -> bool:
        """Send a message; returns whether it arrived for sure."""
        before = self.memory
        self.memory = _noted(before, channel, message, self._ended.now)
        self._keep(self.memory)
        try:
            if channel.talk:
                wiki, stop_page = self._wiki()
                add_section(wiki, stop_page, channel.talk, message)
            else:
                sending.send(channel, message)
            return True
        except Unclear as lost:
            self.wrong.append(f"{channel.name}: {lost}")
        except WikiplanError as error:
            self.wrong.append(f"{channel.name}: {error}; it is tried again with the next run")
            self.memory = before
            self._keep(before)
        return False


def _noted(memory: Memory, channel: Channel, message: Notification, now: datetime) -> Memory:
    keys = {each.key: now for each in message.items}
    told = {**memory.told.get(channel.name, {}), **keys}
    return replace(memory, told={**memory.told, channel.name: told})


SUMMARY = "wikiplan: what waits for somebody"


def add_section(wiki: Wiki, stop_page: str, title: str, message: Notification) -> None:
    """Add a message to a talk page, as its last section; a missing page is made.

    Raises :class:`WikiplanError` where the page is not as it should be, or people stop the bot.
    """
    look_at_stop_page(wiki, stop_page)
    page = wiki.read_to_edit([title])[title]
    if page.redirect_to:
        raise Refusal(REDIRECT, f"leads to {page.redirect_to}; name that page in run.yaml")
    if page.refusals:
        raise Refusal(*page.refusals[0])
    before = f"{page.text.rstrip()}\n\n" if page.exists else ""
    summary = f"{SUMMARY} [run {message.run}]"
    edit = Edit(page.title, page.page_id, page.number, before + message.wikitext(), summary)
    Saving(wiki, message.run).once(edit, wiki.save)

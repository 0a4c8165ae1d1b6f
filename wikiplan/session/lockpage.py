"""A page of the wiki that locks other hosts out: ``lock-page`` in ``pages.yaml``.

It is looked at before anything is compared, and taken right before the first write, so a run with
nothing to write makes no edit. To take it is an edit of the revision that was looked at: the wiki
lets only one of several through, and none where another run wrote meanwhile. The holder edits it
again from time to time, and when it ends. Who has not done so for :data:`LIFE`, by the wiki's own
clock, is taken to be dead.

The lock is a managed section, so what people write around it stays. Without the section the lock is
free: to blank the page is people's way to free it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from wikiplan import utc
from wikiplan.changes import Saving, look_at_stop_page
from wikiplan.errors import Conflict, Stop, WikiplanError
from wikiplan.l10n import message
from wikiplan.session.filelock import LOCKED, LOST, Holder
from wikiplan.value import Value, replace
from wikiplan.wiki import Edit, Revision, Wiki
from wikiplan.wikitext import sections

LOCK_PAGE = "lock-page"
"""The page that is to lock other hosts out cannot be a lock, or cannot be written."""

SECTION, LAST = "lock", "last"
LIFE = timedelta(minutes=15)
RENEWED_AFTER = timedelta(minutes=5)
"""The rest of its life is left for the write that follows, and for machines that stand still."""
MINUTES = round(LIFE.total_seconds() / 60)
BETWEEN = "another run, which has ended since this one looked,"

_DATA = re.compile(r"<!-- (\{.*\}) -->")
_NOT_IN_COMMENTS = re.compile("[<>~]")
_NOT_PLAIN = re.compile(r"[^\w.@-]+")


class LockPageName(Value):
    """What a plan says of its lock: the page, and the page that stops the bot; empty for none."""

    title: str = ""
    stop_page: str = ""


class LockPage:
    """The lock of one run. ``dead`` is a run that is known to have died, if one is."""

    def __init__(
        self,
        wiki: Wiki,
        name: LockPageName,
        holder: Holder,
        say: Callable[[str], None],
        dead: Holder | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._wiki, self._holder, self._say, self._dead = wiki, holder, say, dead
        self._title, self._stop_page, self._clock = name.title, name.stop_page, clock
        self._saving = Saving(wiki, f"{holder.run}-lock")  # not of the run: nobody takes it back
        self._page = Revision(name.title)
        self._stale = ""
        self._renewed: float | None = None
        self.is_at_work = False
        """Whether what is being written is the lock itself."""
        self._beats = 0

    @property
    def is_held(self) -> bool:
        return self._renewed is not None

    def look(self) -> None:
        """Look who has it, before anything is compared. Raises :class:`Stop` ``locked``."""
        if not self._title:
            return
        self._page = self._read()
        other = self._holder_on(self._page)
        if other is None:
            return
        if isinstance(other, Holder) and self._dead and other.run == self._dead.run:
            self._stale = f"{other}, which has died"
            return
        seen = self._page.timestamp or datetime.now(UTC)
        if (until := seen + LIFE) > self._now():
            more = f"; if it was killed, a run after {utc.stamp(until)} takes the lock over"
            raise self._held_by(other, more)
        self._stale = f"{other}, which was last heard of at {utc.stamp(seen)}"

    def take(self) -> None:
        """Take the lock, unless it is held. Raises :class:`Stop` where another run was there."""
        if not self._title or self.is_held:
            return
        look_at_stop_page(self._wiki, self._stop_page)
        try:
            self._write("held")
        except Conflict as conflict:
            raise self._held_by(self._holder_on(self._page) or BETWEEN) from conflict
        if self._stale:
            self._say(f"{self._title}: took over the lock of {self._stale}.")

    def check(self) -> None:
        """Let the page say that the run is alive, if it is time; asked right before each write.

        Raises :class:`Stop` where another run took the lock over.
        """
        if self._renewed is None or self.is_at_work:
            return
        if 0 <= self._clock() - self._renewed < RENEWED_AFTER.total_seconds():
            return
        try:
            self._write("held")
        except Conflict as conflict:
            self._renewed = None
            told = f"{self._title}: the lock is another's, as this run had stood still"
            raise Stop(LOST, f"{told}; nothing more was written: run again") from conflict

    def give_back(self) -> None:
        """Free the lock, if it is held; where that fails it is told, and ends by itself."""
        if not self.is_held:
            return
        try:
            self._write("free")
        except WikiplanError as error:
            end = f"it ends by itself after {MINUTES} minutes"
            self._say(f"{self._title}: the lock was not given back ({error}); {end}.")
        self._renewed = None

    def _read(self) -> Revision:
        """Read the page. Raises :class:`Stop` where it can be no lock."""
        page = self._wiki.read([self._title])[self._title]
        why = next((words for _, words in page.refusals), "")
        if page.redirect_to:
            why = f"is a redirect to {page.redirect_to}; name that"
        if why or page.content_model != "wikitext":
            raise Stop(LOCK_PAGE, f"lock-page: {self._title}: {why or 'holds no wikitext'}")
        return page

    def _write(self, state: str) -> None:
        """Save the page with another lock, from the revision that is known.

        Where people only wrote around the lock meanwhile, from theirs. Raises :class:`Conflict`
        where it is another's, and the page is known as it is then.
        """
        begun, known, self.is_at_work = self._clock(), self._lock_on(self._page), True
        try:
            try:
                self._save(state)
            except Conflict:
                self._page = self._read()
                if self._lock_on(self._page) != known:
                    raise
                self._save(state)
        except (Conflict, Stop):
            raise
        except WikiplanError as error:
            told = f"{error}; without the lock nothing is written"
            raise Stop(LOCK_PAGE, f"{self._title}: {told}") from error
        finally:
            self.is_at_work = False
        self._renewed = begun if state == "held" else None

    def _save(self, state: str) -> None:
        page, text = self._page, self._text(state)
        summary = message(page.language, f"wikiplan-lock-{state}", {"run": self._saving.run})
        edit = Edit(self._title, page.page_id, page.number, text, summary)
        saved, _ = self._saving.once(edit, self._wiki.save)
        self._page = replace(page, number=saved.number, text=text)
        if not page.exists or saved.parent != page.number:  # people's edit came between
            again = self._read()
            if again.number >= saved.number:  # and no server that is behind
                self._page = again

    def _text(self, state: str) -> str:
        tags, page = self._wiki.extension_tags, self._page
        self._beats += 1
        body = _body(state, self._holder, self._beats, page.language)
        if not page.exists or not page.text:
            return sections.new_page({SECTION: body}, tags)
        if any(each.name == SECTION for each in sections.find(page.text, tags)):
            return sections.replace(page.text, {SECTION: body}, tags)
        return sections.insert(page.text, SECTION, body, "bottom", tags)

    def _lock_on(self, page: Revision) -> str | None:
        """Return what the lock on a page says, None where there is none.

        Raises :class:`SectionError` for markers that people damaged.
        """
        found = sections.find(page.text, self._wiki.extension_tags)
        own = (sections.body_of(page.text, each) for each in found if each.name == SECTION)
        return next(own, None)

    def _holder_on(self, page: Revision) -> Holder | str | None:
        """Return who holds the lock as a page says, None where it is free."""
        said = self._lock_on(page)
        if said is None:
            return None
        found = _DATA.search(said)
        data = found[1] if found else ""
        if LAST in data:
            return None
        return Holder.read(data) or f"what {page.user} wrote there, and no run"

    def _held_by(self, other: Holder | str, more: str = "") -> Stop:
        holds = "is writing" if isinstance(other, Holder) else "holds the lock"
        told = f"{other} {holds}; nothing was written: wait until it ends, or end it"
        return Stop(LOCKED, f"{self._title}: {told}{more}")

    def _now(self) -> datetime:
        """Return what time it is by the wiki's clock."""
        cursor = self._wiki.changes_since(None, {}).cursor
        return cursor.instant if cursor else datetime.now(UTC)


def _body(state: str, holder: Holder, beats: int, language: str) -> str:
    """Return what the lock says, for programs and for people; no two of a run are alike."""
    now = datetime.now(UTC)
    times = {"beat": beats, "seen": utc.stamp(now), "expires": utc.stamp(now + LIFE)}
    data = holder.as_json(**times) if state == "held" else json.dumps({LAST: holder.run})
    data = _NOT_IN_COMMENTS.sub(lambda found: f"\\u{ord(found[0]):04x}", data)
    names = {"owner": _plain(holder.owner), "host": _plain(holder.host)}
    values = {"run": holder.run, "minutes": MINUTES, **names}
    return f"<!-- {data} -->\n{message(language, f'wikiplan-lock-page-{state}', values)}"


def _plain(name: str) -> str:
    """Return a name of a machine or account that is no wikitext."""
    return _NOT_PLAIN.sub("-", name)

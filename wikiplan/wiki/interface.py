"""The interface between wikiplan and a wiki, with the values that cross it.

Two implementations: ``wiki.site.Site`` (Pywikibot) and ``wiki.folder.Folder``
(a directory with history in SQLite). Everything else in the library sees only this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wikiplan import utc
from wikiplan.value import Value

UNREACHABLE = "unreachable"
"""The code of a :class:`Stop` where no answer came, however often it was asked."""
HISTORY_ENTRIES = 500
"""The most revisions of a page that a history has."""


Refusals = tuple[tuple[str, str], ...]
"""Codes and words on why a page cannot be edited."""


class Account(Value):
    """Who writes. ``blocked`` is the block's reason, empty when the account may edit."""

    name: str
    rights: frozenset[str]
    blocked: str = ""


class Revision(Value):
    """A page's current revision as the wiki stores it, or what the wiki says of a missing page.

    ``page_id`` and ``number`` are 0 when the page does not exist. ``language`` is the page's
    content language (MediaWiki code). ``refusals`` say, with their codes, why an edit of the page
    would be refused, as far as they were asked for. ``parent`` and ``summary`` are those of its
    line in the history.
    """

    title: str
    page_id: int = 0
    number: int = 0
    text: str = ""
    user: str = ""
    timestamp: datetime | None = None
    content_model: str = "wikitext"
    language: str = "en"
    redirect_to: str = ""
    refusals: Refusals = ()
    namespace: int = 0
    parent: int = 0
    summary: str = ""

    @property
    def exists(self) -> bool:
        return self.number > 0


Reads = dict[tuple[str, bool], Revision]
"""Pages that were read, by title, and whether with what hinders their edit."""


class Head(Value):
    """A page's newest revision without its text; ``sha1`` is of the stored UTF-8 bytes, in hex."""

    title: str
    page_id: int = 0
    number: int = 0
    sha1: str = ""
    user: str = ""
    redirect: bool = False
    namespace: int = 0
    language: str = "en"


class HistoryEntry(Value):
    """One line of a page's history. ``timestamp`` is UTC."""

    number: int
    parent: int
    user: str
    timestamp: datetime
    summary: str
    sha1: str

    def __str__(self) -> str:
        """Return in words who made the revision, and when."""
        when, why = utc.stamp(self.timestamp), self.summary or "no summary"
        return f"revision {self.number} by {self.user} at {when} ({why})"


class PastRevision(Value):
    """A revision by its line in the history, with the text as it is stored."""

    entry: HistoryEntry
    text: str


class Edit(Value):
    """One save. ``base`` is the revision the text was made from, 0 to create the page."""

    title: str
    page_id: int
    base: int
    text: str
    summary: str
    content_model: str = ""
    """That of a page to be created, if not the usual one of its title."""


class Saved(Value):
    """The wiki's answer to a save: the new revision and the one it replaced.

    ``parent`` differs from the edit's ``base`` when the server merged an edit in between
    (fact 2). ``number`` is 0 when nothing changed.
    """

    number: int
    parent: int
    title: str


class Departure(Value):
    """How a page left its title: it was deleted, or moved to the title ``to``.

    ``timestamp`` is UTC; a folder knows neither user nor reason, and not when.
    """

    to: str = ""
    user: str = ""
    timestamp: datetime | None = None
    summary: str = ""

    def __str__(self) -> str:
        what = f"moved to {self.to!r}" if self.to else "deleted"
        who = f" by {self.user}" if self.user else ""
        when = f" at {utc.stamp(self.timestamp)}" if self.timestamp else ""
        why = f" ({self.summary})" if self.summary else ""
        return f"{what}{who}{when}{why}"


class Contribution(Value):
    """One edit in the list of an account's edits. ``timestamp`` is UTC.

    ``title`` is the page's as it is now, ``parent`` is 0 for the edit that made the page.
    """

    title: str
    page_id: int
    number: int
    parent: int
    timestamp: datetime
    summary: str


class Cursor(Value):
    """From when on a wiki shall say what happened: what :meth:`Wiki.changes_since` gave before.

    ``instant`` is the wiki's clock then. ``listed`` is the time of the newest change that it
    listed: as wikis forget changes by their age, all since are known while one as old is.
    """

    instant: datetime
    listed: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a page.

    ``kind`` is ``edit``, ``new``, or a log's type and action as in ``move/move_redir``. ``titles``
    are all that it touched: of a move the old one and the new one. ``number`` is the revision that
    an edit made and that grows with each, 0 for logs: an import's is not the page's newest.
    ``time`` is the wiki's, ``None`` where it does not say when.
    """

    kind: str
    titles: tuple[str, ...]
    page_id: int = 0
    number: int = 0
    time: datetime | None = field(default=None, compare=False)


class Recent(Value):
    """What happened on a wiki since a cursor, who asked, and the cursor for the next time.

    ``events`` is ``None`` where the wiki does not know all of it any more, does not tell it, or
    where it is too much: read what the pages are. ``cursor`` is ``None`` where it lists no change.
    """

    account: Account
    cursor: Cursor | None
    events: tuple[Event, ...] | None


class Rendered(Value):
    """What the wiki makes of a wikitext, as it came: HTML, and the CSS that the wiki gives it.

    Neither is harmless yet: ``report.review`` makes them so.
    """

    html: str
    styles: str


def no_check() -> None:
    """Let a write through."""


class Wiki(Protocol):
    """A wiki with pages, histories and conflicts. ``requests`` counts what it cost so far.

    ``before_write`` is asked before anything is sent that changes the wiki; it raises
    :class:`Stop` where this run may not write any more.
    """

    before_write: Callable[[], None]

    @property
    def name(self) -> str:
        """The wiki's name as ``pages.yaml`` writes it: ``family:code``, or ``folder:NAME``."""

    @property
    def requests(self) -> int: ...

    def address(self, title: str) -> str:
        """Return where people read a page, empty where no browser does; asks nobody."""

    @property
    def extension_tags(self) -> frozenset[str]:
        """Names of the parser's extension tags (siteinfo ``extensiontags``), lower case."""

    @property
    def user(self) -> str:
        """The account that writes; asks nobody whether it is logged in."""

    def account(self) -> Account:
        """Return who writes, freshly asked. Raises :class:`Stop` when not logged in."""

    def changes_since(self, cursor: Cursor | None, pages: Mapping[str, int]) -> Recent:
        """Return what happened since to pages, given as titles with their namespaces' numbers.

        Ask before reading anything, and it is one request together with :meth:`account`; without a
        cursor for the first one. Events of other pages of these namespaces may be among them, and
        such from before the cursor (a wiki lists edits a while after it has them).
        ``wiki.recentchanges`` says what wikis do not tell.
        """

    def sharing_reads(self, known: Reads | None = None) -> AbstractContextManager[None]:
        """Read each page once, until something is written: for work that reads the same pages.

        It tells what was there when it was read first, so nothing should be written by it.
        ``known`` is what such work has read before; what this one reads is added.
        """

    def read(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        """Return the current revision of each title, by the title as asked.

        Redirects are not followed: ``redirect_to`` names their target. Reads in batches.
        A title that the wiki does not accept gives a revision with a refusal ``invalid-title``,
        a text that cannot be read one with ``text-hidden`` or ``text-damaged``.
        """

    def read_to_edit(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        """Do the same, with :meth:`refusals`: for pages that will probably be written."""

    def refusals(self, titles: Sequence[str]) -> Mapping[str, Refusals]:
        """Return why the wiki would refuse an edit of each title by this account, in batches.

        These are its own words and their codes (``intestactions``, fact 9), none where it would
        not. They cost the wiki as much as reading the text.
        """

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        """Return the newest revision's ids and digest of each title, without texts, in batches."""

    def stored(self, title: str, text: str) -> str:
        """Return the text that the wiki would store if ``text`` were saved (fact 5)."""

    def check_links(self, urls: Collection[str]) -> None:
        """Raise :class:`Refusal` where the wiki's spam list names one of these new web addresses.

        Asks only where the wiki would let this account save them all the same (fact 36); anywhere
        else the save is refused. Each address is asked about once.
        """

    def rendered(self, title: str, text: str) -> Rendered | None:
        """Return how readers of page ``title`` would see ``text``; ``None`` where nobody can tell.

        One request, and one more for the styles of a run (``load.php``).
        """

    def save(self, edit: Edit) -> Saved:
        """Save once, without any retry of a write that may have happened.

        Raises :class:`Conflict` when the page is not at ``edit.base`` any more, :class:`Refusal`
        when the wiki refuses this page, :class:`Stop` when it refuses the account, and
        :class:`Unclear` when no answer came that says what happened.
        """

    def history(
        self, page_id: int, title: str, since: int, user: str = ""
    ) -> Sequence[HistoryEntry]:
        """Return the revisions after number ``since``, newest first, at most 500.

        ``page_id`` 0 looks the page up by ``title``; an empty result means no such revisions. With
        ``user`` only those by this account.
        """

    def text_of(self, number: int) -> str:
        """Return the stored text of revision ``number``."""

    def revisions(self, numbers: Sequence[int]) -> Mapping[int, PastRevision]:
        """Return revisions of any pages by number, in batches, without those not to be read."""

    def departure(self, title: str) -> Departure | None:
        """Return what took a page away from this title last, ``None`` where nothing did."""

    def delete(self, page: Head, reason: str) -> None:
        """Delete a page that nobody edited since ``page`` was read.

        Raises as :meth:`save` does. A wiki checks this a moment before it deletes.
        """

    def contributions(self, run: str, since: datetime) -> Sequence[Contribution]:
        """Return this account's edits of a run, by its id in the summaries, newest first.

        Only edits after ``since``, on pages that still exist.
        """


def made_by(run: str, summary: str) -> bool:
    """Say whether a summary is that of an edit of this run; others may mention the run."""
    return f"[run {run}]" in summary

"""The text of a section that wikiplan last wrote, found by the digest in its begin marker.

It stands in the page's history. After a merge with people's edits it stands nowhere: it is put
together again, backwards, from what was merged, and the digest says whether that is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from wikiplan import threeway
from wikiplan.changes.changes import Between
from wikiplan.errors import Refusal, Stop
from wikiplan.wiki.wiki import HistoryEntry, Revision, Wiki
from wikiplan.wikitext import sections

MOST_TEXTS = 20
"""So many of a page's newest revisions are read, one request each: a section that was edited more
often since it was written is hardly the plan's any more. As many older ones are tried that the
account made."""

_RUN = re.compile(r"\[run \S+\]")

OwnText = Callable[[str, str], str | None]
"""Returns the plan's part of a section's text if that has the digest (text, digest)."""


@dataclass(frozen=True, slots=True)
class Base:
    """The text that was written, and the revision that people's edits came after.

    ``number`` is 0 where that revision was not found.
    """

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class _Body:
    """A section in one revision; ``digest`` is its begin marker's, None without section or digest.

    ``damage`` says why the revision cannot be read.
    """

    text: str = ""
    digest: str | None = None
    damage: str = ""


@dataclass
class Past:
    """A page's history, read as far as it is wanted and each text once. ``account`` is ours."""

    wiki: Wiki
    page: Revision
    account: str
    _bodies: dict[int, Mapping[str, _Body] | str] = field(default_factory=dict)

    @cached_property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """All revisions, newest first; none where the wiki refuses to tell."""
        try:
            return tuple(self.wiki.history(self.page.page_id, self.page.title, 0))
        except Refusal as refusal:
            if isinstance(refusal, Stop):
                raise
            return ()

    def base(self, name: str, digest: str, present: str, own_text: OwnText) -> Base | None:
        """Return the base of a section; ``present`` is what the plan says now.

        None where nothing that can be read has the digest.
        """
        written = self._written(name, digest, own_text, 0)
        own = own_text(present, digest)
        return written if own is None else Base(own, written.number if written else 0)

    def edits(self, name: str, since: int) -> tuple[Between, ...]:
        """Return people's revisions after ``since`` that touched the section, oldest first.

        With ``since`` 0 only the newest of them: nobody knows how far they go back.
        """
        found = [edit for entry in self._after(since) if (edit := self._edit(name, entry))]
        return tuple(found[::-1] if since else found[:1])

    def _after(self, since: int) -> Iterator[HistoryEntry]:
        for entry in self.entries[:MOST_TEXTS]:
            if entry.number == since:
                return
            if not (entry.user == self.account and _RUN.search(entry.summary)):
                yield entry

    def _edit(self, name: str, entry: HistoryEntry) -> Between | None:
        after, before = self._body(entry.number, name), self._body(entry.parent, name)
        damage = after.damage or before.damage
        if after.text == before.text and not damage:
            return None
        texts = {} if damage else {name: (before.text, after.text)}
        head = entry.number, entry.user, entry.timestamp, entry.summary
        return Between(*head, texts, damage=damage)

    def _written(self, name: str, digest: str, own_text: OwnText, start: int) -> Base | None:
        """Look for the text among the revisions from the ``start``-th newest on."""
        wrote = None
        for at in self._candidates(start):
            number = self.entries[at].number
            body = self._body(number, name)
            if body.digest not in (digest, None):
                break
            if body.digest:
                wrote = at
                own = own_text(body.text, digest)
                if own is not None:
                    return Base(own, number)
        return None if wrote is None else self._merged(name, digest, own_text, wrote)

    def _candidates(self, start: int) -> Iterator[int]:
        yield from range(start, min(len(self.entries), MOST_TEXTS))
        older = range(max(start, MOST_TEXTS), len(self.entries))
        yield from [at for at in older if self.entries[at].user == self.account][:MOST_TEXTS]

    def _merged(self, name: str, digest: str, own_text: OwnText, wrote: int) -> Base | None:
        """Take people's edits out of what the ``wrote``-th newest revision merged."""
        if wrote >= MOST_TEXTS:
            return None
        entry = self.entries[wrote]
        merged, before = self._body(entry.number, name), self._body(entry.parent, name)
        if before.digest in (digest, None):
            return None
        base = self._written(name, before.digest, own_text, wrote + 1)
        if base is None:
            return None
        text = threeway.merge(before.text, base.text, merged.text)
        own = None if text is None else own_text(text, digest)
        return None if own is None else Base(own, base.number)

    def _body(self, number: int, name: str) -> _Body:
        if not number:
            return _Body()
        if number not in self._bodies:
            self._bodies[number] = self._read(number)
        bodies = self._bodies[number]
        return _Body(damage=bodies) if isinstance(bodies, str) else bodies.get(name, _Body())

    def _read(self, number: int) -> Mapping[str, _Body] | str:
        try:
            text = self.page.text if number == self.page.number else self.wiki.text_of(number)
            found = sections.find(text, self.wiki.extension_tags)
        except Stop:
            raise
        except Refusal as refusal:
            return str(refusal)
        return {each.name: _Body(sections.body_of(text, each), each.digest) for each in found}

"""The history of a page's managed sections: what was last written there, and what came later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from wikiplan import textmerge
from wikiplan.changes.changeset import LaterRevision, PageChange, SectionState
from wikiplan.changes.journal import RUN_ID
from wikiplan.errors import Refusal, Stop
from wikiplan.value import Value
from wikiplan.wiki import HistoryEntry, PastRevision, Revision, Wiki, sha1
from wikiplan.wikitext import sections


class _SectionText(Value):
    """A section in one revision; ``digest`` is that of its begin marker, if it has one."""

    text: str = ""
    digest: str | None = None


@dataclass
class _SectionTexts:
    """The sections of revisions, each revision read once; ``known`` are texts by their number.

    ``names`` are those that sections have now, by those that they had.
    """

    wiki: Wiki
    known: dict[int, str] = field(default_factory=dict)
    sections: dict[int, Mapping[str, _SectionText] | Refusal] = field(
        default_factory=lambda: {0: {}}
    )
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, number: int) -> Mapping[str, _SectionText]:
        """Return a revision's sections by name. Raises :class:`Refusal` if it cannot be read."""
        if number not in self.sections:
            try:
                self.sections[number] = self._read(number)
            except Stop:
                raise
            except Refusal as refusal:
                self.sections[number] = refusal
        found = self.sections[number]
        if isinstance(found, Refusal):
            raise found
        return found

    def read_ahead(self, numbers: Iterable[int]) -> None:
        """Read the texts that will be wanted with one request."""
        wanted = [n for n in numbers if n not in self.sections and n not in self.known]
        found = self.wiki.revisions(wanted) if wanted else {}
        self.known |= {number: revision.text for number, revision in found.items()}

    def _read(self, number: int) -> Mapping[str, _SectionText]:
        text = self.known[number] if number in self.known else self.wiki.text_of(number)
        found = sections.find(text, self.wiki.extension_tags)
        return {
            self.names.get(s.name, s.name): _SectionText(sections.body_of(text, s), s.digest)
            for s in found
        }

    def touched(self, entry: HistoryEntry, names: Iterable[str], run: str = "") -> LaterRevision:
        """Return what a revision did to some sections; ``run`` tells which revisions are ours."""
        own = bool(run) and run in entry.summary
        try:
            before, after = self.of(entry.parent), self.of(entry.number)
        except Stop:
            raise
        except Refusal as refusal:
            return LaterRevision(entry, {}, own, str(refusal))
        nothing = _SectionText()
        touched = {
            name: (before.get(name, nothing).text, after.get(name, nothing).text)
            for name in sorted(names)
            if (name in before) != (name in after)
            or before.get(name, nothing).text != after.get(name, nothing).text
        }
        return LaterRevision(entry, touched, own)


# The text of a section that wikiplan last wrote, found by the digest in its begin marker.
#
# It stands in the page's history. After a merge with people's edits it stands nowhere: it is put
# together again, backwards, from what was merged, and the digest says whether that is right.


MOST_TEXTS = 20
"""So many of a page's newest revisions are read for what was written: a section that was edited
more often since is hardly the plan's any more. As many older ones are tried that the account made.
So many of people's edits are looked at, too."""

MORE_AT_ONCE, MOST_AT_ONCE = 5, 25
"""Mostly the newest revision settles it, so texts are asked for in batches that grow. A request
may name 50: those of 25 revisions, and those before them."""

MOST_STEPS_BACK = 3
"""So many revisions of a page are read together with those of other pages; where people edited more
since the last run, its history is asked for."""

OwnText = Callable[[str, str], str | None]
"""Returns the plan's part of a section's text if that has the digest (text, digest)."""

IsWanted = Callable[[str, str | None], bool]
"""Says whether a section was written as it should be (its text, the digest in its marker)."""


class BaseText(Value):
    """The text that was written, and the revision that people's edits came after.

    ``number`` is 0 where that revision was not found.
    """

    text: str
    number: int


@dataclass
class PageHistory:
    """A page's history, read as far as it is wanted and each text once. ``account`` is ours.

    ``names`` are those that sections have now, by those that they had.
    """

    wiki: Wiki
    page: Revision
    account: str
    names: Mapping[str, str] = field(default_factory=dict)
    _newest: list[HistoryEntry] = field(default_factory=list)
    """What is known without the list of :attr:`entries`: each the parent of the one before it."""

    def __post_init__(self) -> None:
        page = self.page
        if page.exists and page.timestamp:
            line = page.number, page.parent, page.user, page.timestamp, page.summary
            self._newest.append(HistoryEntry(*line, sha1(page.text)))

    @property
    def next_read_ahead(self) -> int:
        """The revision that :func:`read_ahead` wants: until a run's edit and what was before it."""
        if not self._newest or any(map(_is_of_a_run, self._newest[:-1])):
            return 0
        return self._newest[-1].parent

    def add_parent(self, revision: PastRevision) -> None:
        self._newest.append(revision.entry)
        self._texts.known[revision.entry.number] = revision.text

    @cached_property
    def _texts(self) -> _SectionTexts:
        return _SectionTexts(self.wiki, {self.page.number: self.page.text}, names=self.names)

    @cached_property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """All revisions, newest first; none where the wiki refuses to tell."""
        try:
            return tuple(self.wiki.history(self.page.page_id, self.page.title, 0))
        except Refusal as refusal:
            if isinstance(refusal, Stop):
                raise
            return ()

    def base(self, name: str, digest: str, present: str, own_text: OwnText) -> BaseText | None:
        """Return the base of a section; ``present`` is what the plan says now.

        None where nothing that can be read has the digest.
        """
        written = self._written(name, digest, own_text, 0)
        own = own_text(present, digest)
        return written if own is None else BaseText(own, written.number if written else 0)

    def edits(self, name: str, since: int) -> tuple[LaterRevision, ...]:
        """Return people's revisions after ``since`` that touched the section, oldest first.

        With ``since`` 0 only the newest of them: nobody knows how far they go back.
        """
        people = islice(self._after(since), MOST_TEXTS)
        found = [edit for entry in self._read(people) if (edit := self._edit(name, entry))]
        return tuple(found[::-1] if since else found[:1])

    def taken_back(self, name: str, is_wanted: IsWanted) -> int:
        """Return our newest edit after which only people changed a section that it had as wanted.

        0 where there is none: nobody took the text back, or a later run wrote another one, because
        the plan had changed. What was read ahead mostly tells. Else it costs one request for the
        history, and one for every 25 edits of runs since the section was written, rounded up.
        """
        if not self.page.exists:
            return 0
        for entry in self._read(filter(_is_of_a_run, self._all())):
            if (found := self._settled(name, entry, is_wanted)) is not None:
                return found
        return 0

    def _all(self) -> Iterator[HistoryEntry]:
        """Yield the history, newest first; it is asked for when what is known comes to its end."""
        yield from self._newest
        if self._newest and not self._newest[-1].parent:
            return
        known = {entry.number for entry in self._newest}
        yield from (entry for entry in self.entries if entry.number not in known)

    def _read(self, entries: Iterable[HistoryEntry]) -> Iterator[HistoryEntry]:
        """Yield the entries with their texts, and those before them, read in batches that grow."""
        rest, size = iter(entries), 1
        while batch := list(islice(rest, size)):
            self._texts.read_ahead(n for each in batch for n in (each.number, each.parent))
            yield from batch
            size = min(size * MORE_AT_ONCE, MOST_AT_ONCE)

    def _settled(self, name: str, entry: HistoryEntry, is_wanted: IsWanted) -> int | None:
        """Return what one run's edit says, ``None`` where an older one has to be looked at.

        That another account wrote something else does not say that the plan changed: a person may
        have named a run in a summary.
        """
        later = self._texts.touched(entry, (name,))
        if later.damage:
            return None
        written = self._texts.of(entry.number).get(name)
        if written and is_wanted(written.text, written.digest):
            return entry.number
        return 0 if later.sections and entry.user == self.account else None

    def _after(self, since: int) -> Iterator[HistoryEntry]:
        """Yield people's revisions after a revision, newest first."""
        for entry in self.entries:
            if entry.number == since:
                return
            if not (entry.user == self.account and _is_of_a_run(entry)):
                yield entry

    def _edit(self, name: str, entry: HistoryEntry) -> LaterRevision | None:
        later = self._texts.touched(entry, (name,))
        before, after = later.sections.get(name, ("", ""))
        return later if later.damage or before != after else None

    def _written(self, name: str, digest: str, own_text: OwnText, start: int) -> BaseText | None:
        """Look for the text among the revisions from the ``start``-th newest on."""
        wrote = None
        places = self._candidates(start)
        for at, entry in zip(places, self._read(self.entries[at] for at in places), strict=True):
            number = entry.number
            body = self._body(number, name)
            if body.digest == digest:  # texts of other digests lie between where it came back
                wrote = at
                own = own_text(body.text, digest)
                if own is not None:
                    return BaseText(own, number)
        return None if wrote is None else self._merged(name, digest, own_text, wrote)

    def _candidates(self, start: int) -> list[int]:
        newest = range(start, min(len(self.entries), MOST_TEXTS))
        older = range(max(start, MOST_TEXTS), len(self.entries))
        ours = (at for at in older if self.entries[at].user == self.account)
        return [*newest, *islice(ours, MOST_TEXTS)]

    def _merged(self, name: str, digest: str, own_text: OwnText, wrote: int) -> BaseText | None:
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
        text = textmerge.merge(before.text, base.text, merged.text)
        own = None if text is None else own_text(text, digest)
        return None if own is None else BaseText(own, base.number)

    def _body(self, number: int, name: str) -> _SectionText:
        """Return a section in a revision, an empty one where there is none or it is unreadable."""
        try:
            return self._texts.of(number).get(name, _SectionText())
        except Stop:
            raise
        except Refusal:
            return _SectionText()


def read_ahead(wiki: Wiki, histories: Iterable[PageHistory]) -> None:
    """Read what :meth:`PageHistory.taken_back` mostly needs of many pages in a few requests.

    It goes back from the newest revisions, by one for each request a batch of pages.
    """
    waiting = list(histories)
    for _ in range(MOST_STEPS_BACK):
        wanted = {h.next_read_ahead: h for h in waiting if h.next_read_ahead}
        found = wiki.revisions(list(wanted)) if wanted else {}
        waiting = [wanted[number] for number in wanted if number in found]
        for number, revision in found.items():
            wanted[number].add_parent(revision)


def _is_of_a_run(entry: HistoryEntry) -> bool:
    """Say whether a run wrote what the plan said.

    A run that took another one back names both in its summary, and is a person's decision.
    """
    return len(RUN_ID.findall(entry.summary)) == 1


# The revisions since a page was compared, and what they did to its sections.
#
# That costs one request for the history and one for each text, and only for pages that moved since.


MOST_REVISIONS = 10
"""The newest are compared; older ones are counted only."""


def revisions_since(
    wiki: Wiki, change: PageChange, run: str
) -> tuple[tuple[LaterRevision, ...], str]:
    """Return the newest revisions since ``change.base``, oldest first, and in words who did what.

    A page that was moved is followed by its id: the move itself is a revision of it.
    """
    try:
        entries = list(wiki.history(change.base.page_id, change.title, change.base.revision))
    except Refusal as refusal:
        if isinstance(refusal, Stop):
            raise
        return (), ""
    shown = entries[:MOST_REVISIONS][::-1]
    texts = _SectionTexts(wiki)
    if change.base.revision:
        # A folder forgets a text that a person wrote by hand and then changed. In its place
        # stand the sections that the change set has texts of.
        known = (SectionState.CHANGED, SectionState.RECLAIMED)
        forgotten = {s.name: _SectionText(s.before) for s in change.sections if s.state in known}
        texts.sections[0] = forgotten
    names = {section.name for section in change.sections}
    found = tuple(texts.touched(each, names if each.parent else texts.of(0), run) for each in shown)
    more = len(entries) - len(shown)
    told = [*map(_told, found), *([f"{more} older revisions besides"] if more else [])]
    return found, "; ".join(told)


def _told(each: LaterRevision) -> str:
    if each.own:
        return f"{each.revision}: made by this change set"
    if each.damage:
        return f"{each.revision}: its sections cannot be read ({each.damage})"
    if not each.sections:
        return f"{each.revision}: did not touch a managed section"
    return f"{each.revision}: changed section {', '.join(each.sections)}"

"""A folder of pages as a wiki: files for people to look at and edit, with their history.

A file that a person changed counts as a revision by ``editor``, a removed one as a deleted page.
Like a wiki the folder knows base revisions and conflicts. Reading writes nothing at all: what
people did is recorded with the next save, under the numbers that it was read with.

A save is recorded first and the file replaced then. After a kill in between, reads see the recorded
text, and the next save replaces the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from wikiplan import files, records
from wikiplan.errors import INVALID_TITLE, MOVED_ON, Conflict, Refusal
from wikiplan.wiki import folderhistory
from wikiplan.wiki.answers import sha1
from wikiplan.wiki.folderhistory import History, HistoryFile, Stored, digest_number
from wikiplan.wiki.interface import (
    HISTORY_ENTRIES,
    Account,
    Contribution,
    Cursor,
    Departure,
    Edit,
    Head,
    HistoryEntry,
    PastRevision,
    Reads,
    Recent,
    Refusals,
    Revision,
    Saved,
    made_by,
    no_check,
)
from wikiplan.wikitext import DEFAULT_EXTENSION_TAGS, syntax

PRIVATE = ".wikiplan"
PROGRAM, PERSON = "wikiplan", "editor"
RIGHTS = frozenset({"read", "edit", "createpage", "delete", "bot", "apihighlimits"})
MOST_TEXT_BYTES = 2_097_152  # MediaWiki's limit (fact 7)
MOST_SUMMARY_CHARACTERS = 500
AGAIN = "run again: the next run works from the page as it is then"

_LINE_BREAK = re.compile(rb"(\r\n|\r|\n)")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REDIRECT = re.compile(r"\s*#REDIRECT\s*:?\s*\[\[([^\]|]+)", re.IGNORECASE)


def stored(text: str) -> str:
    """Return text as MediaWiki stores it (fact 6): NFC, LF, no controls, no white space at the end.

    ``~~~~`` and ``{{subst:…}}`` stay as they are: nothing here could expand them.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _REFUSED.sub("\ufffd", lines)).rstrip(" \t\n")


def with_lines_kept(data: bytes, text: str) -> bytes:
    """Return a page's text as the new bytes of its file; lines that stay keep theirs.

    A file may have other line breaks than a wiki, or none at its end, and letters that a wiki would
    store otherwise: no run changes that outside of what it writes.
    """
    pieces = _LINE_BREAK.split(data)
    ends = [*pieces[1::2], b""]
    old = [_stored_line(each) for each in pieces[::2]]
    last = max((number for number, line in enumerate(old) if line.rstrip(" \t")), default=-1)
    if last < 0:
        return f"{text}\n".encode()  # editors want a line break at the end; reading cuts it off
    old[last:] = [old[last].rstrip(" \t")]
    new = text.split("\n")
    written = [(line.encode(), ends[0] or b"\n") for line in new]
    for number, at in _lines_that_stay(old, new):
        written[at] = (pieces[2 * number], ends[number])
        if number == last and at + 1 < len(new):  # what stood at its end stands inside now
            written[at] = (pieces[2 * number].rstrip(b" \t"), ends[0] or b"\n")
    rest = b"".join(pieces[2 * last + 1 :])
    lines = b"".join(part for line in written[:-1] for part in line)
    found = lines + written[-1][0] + rest
    return found if stored(found.decode("utf-8", "replace")) == text else f"{text}\n".encode()


def _lines_that_stay(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of lines before and after; equal ones may stand in several places."""
    both = min(len(old), len(new))
    first = next((at for at in range(both) if old[at] != new[at]), both)
    last = next((at for at in range(both - first) if old[-1 - at] != new[-1 - at]), both - first)
    yield from ((at, at) for at in range(first))
    yield from ((len(old) - at, len(new) - at) for at in range(1, last + 1))
    between = old[first : len(old) - last], new[first : len(new) - last]
    for block in SequenceMatcher(None, *between).get_matching_blocks():
        yield from ((first + block.a + at, first + block.b + at) for at in range(block.size))


def _stored_line(data: bytes) -> str:
    return unicodedata.normalize("NFC", _REFUSED.sub("\ufffd", data.decode("utf-8", "replace")))


class Folder:
    """A directory of pages; implements ``wiki.interface.Wiki``.

    ``.wikiplan/site.json`` may hold ``{"language": CODE, "page-languages": {TITLE: CODE}}``;
    without it every page is in English, as on Meta-Wiki.
    """

    requests = 0

    def __init__(self, directory: Path, say: Callable[[str], None] = print) -> None:
        self.directory = directory
        self.before_write: Callable[[], None] = no_check
        self._history = HistoryFile(directory / PRIVATE / "history.sqlite", say)
        self._unrecorded: dict[int, Stored] = {}

    @property
    def name(self) -> str:
        return f"folder:{self.directory.resolve().name}"

    @property
    def extension_tags(self) -> frozenset[str]:
        return DEFAULT_EXTENSION_TAGS

    def address(self, title: str) -> str:
        return ""

    @property
    def user(self) -> str:
        return PROGRAM

    def account(self) -> Account:
        return Account(PROGRAM, RIGHTS)

    def stored(self, title: str, text: str) -> str:
        return stored(text)

    def check_links(self, urls: Collection[str]) -> None:
        """Do nothing: a folder has no spam list."""

    def rendered(self, title: str, text: str) -> None:
        """Return nothing: a folder has no parser."""

    def changes_since(self, cursor: Cursor | None, pages: Mapping[str, int]) -> Recent:
        """Leave it to :meth:`heads`: times of files say too little, and reading them is cheap."""
        now = datetime.now(UTC)
        return Recent(self.account(), Cursor(now, now), None)

    # Reading

    def sharing_reads(self, known: Reads | None = None) -> AbstractContextManager[None]:
        """Share nothing: reading a file costs nobody anything."""
        return nullcontext()

    def read(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        with self._history.reading() as history:
            return {title: self._revision(title, history) for title in titles}

    def read_to_edit(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        return self.read(titles)

    def refusals(self, titles: Sequence[str]) -> Mapping[str, Refusals]:
        """Return nothing: a folder lets everybody edit."""
        return dict.fromkeys(titles, ())

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        return {title: _head(revision) for title, revision in self.read(titles).items()}

    def history(
        self, page_id: int, title: str, since: int, user: str = ""
    ) -> Sequence[HistoryEntry]:
        with self._history.reading() as history:
            newest = self._newest(history.title_of(page_id) or syntax.normal_title(title), history)
            page_id = page_id or (newest.page_id if newest else 0)
            revisions = history.revisions(page_id)
        if newest and newest.page_id == page_id and newest not in revisions:
            revisions.insert(0, newest)
        numbers = [revision.number for revision in revisions]
        end = numbers.index(since) if since in numbers else len(numbers)
        found = [each for each in revisions[:end] if user in ("", each.user)]
        return [_entry(revision) for revision in found[:HISTORY_ENTRIES]]

    def text_of(self, number: int) -> str:
        with self._history.reading() as history:
            found = history.by_number(number) or self._unrecorded.get(number)
        if found is None:
            raise Refusal("nosuchrevid", f"{self.name}: the history holds no revision {number}")
        return found.text

    def revisions(self, numbers: Sequence[int]) -> Mapping[int, PastRevision]:
        with self._history.reading() as history:
            found = [history.by_number(n) or self._unrecorded.get(n) for n in numbers]
        return {each.number: PastRevision(_entry(each), each.text) for each in found if each}

    def departure(self, title: str) -> Departure | None:
        with self._history.reading() as history:
            title = syntax.normal_title(title)
            gone = history.was_deleted(title) or (
                history.newest(title) and self._file_text(title) is None
            )
        return Departure() if gone else None

    def contributions(self, run: str, since: datetime) -> Sequence[Contribution]:
        """Return a run's edits, as a wiki does it: without those of pages that were deleted."""
        with self._history.reading() as history:
            return [
                Contribution(title, r.page_id, r.number, r.parent, r.timestamp, r.summary)
                for title, r in history.of_user(PROGRAM, since)
                if made_by(run, r.summary) and self._newest(title, history)
            ]

    def _revision(self, title: str, history: History) -> Revision:
        try:
            title = syntax.normal_title(title)
        except ValueError as error:
            return Revision(title, refusals=((INVALID_TITLE, str(error)),))
        language, newest = self._language(title), self._newest(title, history)
        if newest is None:
            return Revision(title, language=language)
        return Revision(
            title=title,
            page_id=newest.page_id,
            number=newest.number,
            text=newest.text,
            user=newest.user,
            timestamp=newest.timestamp,
            language=language,
            redirect_to=_target(newest.text),
            parent=newest.parent,
            summary=newest.summary,
        )

    def _newest(self, title: str, history: History) -> Stored | None:
        """Return the newest revision: the recorded one, or what a person made of the file."""
        recorded, text = history.newest(title), self._file_text(title)
        if recorded and (text == recorded.text or self._unwritten(recorded, text, history)):
            return recorded
        if text is None:
            return None
        revision = self._persons(title, text, recorded, history)
        self._unrecorded[revision.number] = revision
        return revision

    def _persons(self, title: str, text: str, recorded: Stored | None, history: History) -> Stored:
        page_id = recorded.page_id if recorded else history.next_page_id(title)
        parent = recorded.number if recorded else 0
        when = datetime.fromtimestamp(self._path(title).stat().st_mtime, UTC)
        number = digest_number(page_id, parent, text)
        return Stored(page_id, number, parent, PERSON, when, "", text)

    def _unwritten(self, recorded: Stored, text: str | None, history: History) -> bool:
        """Say whether a save was recorded and the file still holds what was there before it."""
        if not history.is_pending(recorded.number):
            return False
        before = history.by_number(recorded.parent)
        return text == (before.text if before else None)

    def _file_text(self, title: str) -> str | None:
        try:
            data = files.read(self._path(title))
        except files.MissingError:
            return None
        return stored(data.decode("utf-8", "replace"))

    def _path(self, title: str) -> Path:
        return self.directory / folderhistory.page_path(title)

    def _language(self, title: str) -> str:
        return self._languages.get(title, self._languages[""])

    @property
    def _settings(self) -> Path:
        return self.directory / PRIVATE / "site.json"

    @cached_property
    def _languages(self) -> Mapping[str, str]:
        """Page languages by title; the wiki's own stands under the empty title."""
        data = files.read_if_there(self._settings)
        said = records.read(dict[str, str | dict[str, str]], data or b"{}", str(self._settings))
        own = said.get("page-languages")
        return {**(own if isinstance(own, dict) else {}), "": str(said.get("language", "en"))}

    # Writing

    def save(self, edit: Edit) -> Saved:
        self.before_write()
        with self._history.writing() as history:
            # A save that a kill cut off comes first: this one may be based on it.
            self._write_files(history)
            saved = self._record(edit, history)
        with self._history.writing() as history:
            self._write_files(history)
        return saved

    def delete(self, page: Head, reason: str) -> None:
        self.before_write()
        with self._history.writing() as history:
            newest = self._newest(page.title, history)
            if newest is None or (newest.page_id, newest.number) != (page.page_id, page.number):
                message = f"{page.title}: somebody changed it after it was read; {AGAIN}"
                raise Conflict(MOVED_ON, message)
            self._record_people(page.title, newest, history)
            self._path(page.title).unlink()
            history.delete(page.title)

    def _record(self, edit: Edit, history: History) -> Saved:
        """Record what people did to the page, then the edit; or raise and record nothing."""
        title, text = _checked(edit)
        newest = self._newest(title, history)
        self._record_people(title, newest, history)
        _check_base(edit, newest)
        self._check_case(title, history)
        if newest and newest.text == text:
            return Saved(0, newest.number, title)
        page_id = newest.page_id if newest else history.next_page_id(title)
        number = digest_number(page_id, edit.base, text)
        now, summary = datetime.now(UTC), edit.summary[:MOST_SUMMARY_CHARACTERS]
        history.add(title, Stored(page_id, number, edit.base, PROGRAM, now, summary, text))
        history.set_pending(number)
        return Saved(number, edit.base, title)

    def _record_people(self, title: str, newest: Stored | None, history: History) -> None:
        recorded = history.newest(title)
        if newest and newest != recorded:
            history.add(title, newest)
        if recorded and newest is None:
            history.delete(title)

    def _check_case(self, title: str, history: History) -> None:
        """Refuse a title whose file would be another page's where case does not matter."""
        path = self._path(title)
        for other in history.titles_like(title):
            if path.exists() and path.samefile(self._path(other)):
                message = (
                    f"{title}: this disk keeps one file for it and {other}; rename one of them"
                )
                raise Refusal("title-in-use", message)

    def _write_files(self, history: History) -> None:
        """Replace the files of recorded saves, but never a text that a person wrote since."""
        for revision in history.pending():
            title = history.title_of(revision.page_id)
            if title and self._unwritten(revision, self._file_text(title), history):
                path = self._path(title)
                path.parent.mkdir(parents=True, exist_ok=True)
                before = path.read_bytes() if path.exists() else b""
                files.replace(path, with_lines_kept(before, revision.text))
            history.clear_pending(revision.number)


def _checked(edit: Edit) -> tuple[str, str]:
    """Return an edit's title and text as they will be stored."""
    try:
        title = syntax.normal_title(edit.title)
    except ValueError as error:
        raise Refusal(INVALID_TITLE, f"{edit.title}: the title {error}") from error
    text = stored(edit.text)
    if len(text.encode()) > MOST_TEXT_BYTES:
        message = f"{title}: the page would be longer than the 2 MB that a wiki allows; split it"
        raise Refusal("contenttoobig", message)
    return title, text


def _check_base(edit: Edit, newest: Stored | None) -> None:
    if not edit.base and newest:
        message = f"{edit.title}: somebody created the page after it was read; {AGAIN}"
        raise Conflict("articleexists", message)
    if edit.base and newest is None:
        message = f"{edit.title}: the page was deleted or moved after it was read; {AGAIN}"
        raise Conflict("missingtitle", message)
    if newest and (newest.number, newest.page_id) != (edit.base, edit.page_id):
        message = f"{edit.title}: {newest.user} changed the page after it was read; {AGAIN}"
        raise Conflict("editconflict", message)


def _target(text: str) -> str:
    found = _REDIRECT.match(text)
    return found[1].strip() if found else ""


def _head(revision: Revision) -> Head:
    return Head(
        title=revision.title,
        page_id=revision.page_id,
        number=revision.number,
        sha1=sha1(revision.text) if revision.exists else "",
        user=revision.user,
        redirect=bool(revision.redirect_to),
        language=revision.language,
    )


def _entry(revision: Stored) -> HistoryEntry:
    return HistoryEntry(
        number=revision.number,
        parent=revision.parent,
        user=revision.user,
        timestamp=revision.timestamp,
        summary=revision.summary,
        sha1=sha1(revision.text),
    )

"""Writing files of the plan at the desk: never over what somebody else wrote, and to be undone.

Another program may change the files at any time, and no lock keeps an editor out. So every change
says what its file held before. Where it holds something else by now, both changes are merged by
lines; where these meet, or the plan would not be sound with them, nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from threading import Lock, RLock

from wikiplan import files, textdiff, textmerge
from wikiplan.catalogs import CatalogView, trial
from wikiplan.desk.trials import Trials
from wikiplan.errors import Message, WikiplanError
from wikiplan.files import FileChange
from wikiplan.value import Value

MOST_STEPS = 100
"""Edits that can be undone, one after the other."""
MOST_VERSIONS = 200
"""Of files as they were when somebody was shown them; a large one has 256 KiB."""

STILL_SECONDS = 0.2
"""How long nobody wrote a file that somebody has written."""
LONGEST_SECONDS = 2.0
"""What who saves an edit is kept waiting at most, where one is written all the time."""
STEP_SECONDS = 0.02

_KEPT = "What another program changed in {} meanwhile is kept."


class Meeting(Value):
    """A file that two changed at the same places: the differences that each made, as lines."""

    file: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


class ChangedMeanwhileError(WikiplanError):
    """Another program changed what an edit is about; nothing was written."""

    def __init__(self, message: Message, meetings: Sequence[Meeting]) -> None:
        super().__init__(message.code, str(message))
        self.meetings = tuple(meetings)


class Step(Value):
    """An edit as it was written, with a sentence that tells what was done; each has its number.

    ``of_texts`` says that it is of translations alone.
    """

    number: str
    told: str
    changes: tuple[FileChange, ...]
    of_texts: bool = False

    @property
    def back(self) -> tuple[FileChange, ...]:
        return tuple(map(_back, self.changes))


class Writing:
    """The one door by which the desk writes files of the plan, with all that it wrote."""

    def __init__(self, alone: RLock, trials: Trials) -> None:
        """``alone`` is held while files are read, merged and written."""
        self._alone = alone
        self._trials = trials
        self._open = Lock()
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._numbers = count(1)
        self._versions: dict[str, bytes | None] = {}

    def write(self, told: str, changes: Iterable[FileChange], *, of_texts: bool = False) -> str:
        """Write all changes or none, and return ``told`` with what there is to say besides.

        An edit ``of_texts`` is of translations alone: errors in others are no reason against it.

        Raises :class:`ChangedMeanwhileError` where another program's changes meet these, and
        :class:`WikiplanError` where the plan would not be sound.
        """
        with self._alone:
            step, sentence = self._written(told, changes, of_texts=of_texts)
            if step.changes:
                _pushed(self._done, step)
                self._undone.clear()
            return sentence

    def close(self) -> None:
        """Write nothing any more; an edit that is being written is written whole."""
        self._open.acquire()

    @property
    def undoable(self) -> Step | None:
        """The last edit, None if there is none to undo."""
        return self._done[-1] if self._done else None

    @property
    def redoable(self) -> Step | None:
        return self._undone[-1] if self._undone else None

    def undo(self, number: str) -> str:
        """Take the last edit back, but for what other programs changed since; returns what it was.

        ``number`` is its own, as somebody saw it: meanwhile there may be another one, which is not
        undone. Raises as :meth:`write` does.
        """
        return self._put_back(number, self._done, self._undone)

    def redo(self, number: str) -> str:
        return self._put_back(number, self._undone, self._done)

    def _put_back(self, number: str, steps: list[Step], others: list[Step]) -> str:
        with self._alone:
            last = steps[-1] if steps else None
            if last is None or last.number != number:
                raise WikiplanError(
                    "not-the-last-edit",
                    "another edit was made, or undone, meanwhile, and nothing was changed; "
                    "look at what the buttons say now",
                )
            step, sentence = self._written(last.told, last.back, of_texts=last.of_texts)
            del steps[-1]
            _pushed(others, step)
            return sentence

    def _written(
        self, told: str, changes: Iterable[FileChange], *, of_texts: bool
    ) -> tuple[Step, str]:
        given = tuple(changes)
        while True:
            merged = self._merged(given)
            if merged:
                self._check(told, merged, of_texts=of_texts)
            try:
                with self._open:
                    files.replace_all(merged, unless_changed=True)
                break
            except files.ChangedError:  # while the plan was checked
                continue
        kept = [_KEPT.format(self._name(each)) for each in merged if each not in given]
        step = Step(str(next(self._numbers)), told, merged, of_texts)
        return step, " ".join([told, *kept])

    def _merged(self, changes: Sequence[FileChange]) -> tuple[FileChange, ...]:
        """Return the changes to the files as they are by now."""
        merged: list[FileChange] = []
        meetings: list[Meeting] = []
        for each in changes:
            if (now := _settled(each)) == _after(each):
                continue
            found = each if now == each.before else _with_theirs(each, now)
            if found is None:
                meetings.append(_meeting(self._name(each), each, now))
            else:
                merged.append(found)
        if meetings:
            raise ChangedMeanwhileError(_told(meetings), meetings)
        return tuple(merged)

    def _check(self, told: str, changes: Sequence[FileChange], *, of_texts: bool) -> None:
        """Raise :class:`WikiplanError` unless the plan is sound with these changes.

        Translations change nothing of the rest, so that need not be looked at with them.
        """
        if of_texts:
            for each in changes:
                if not each.gone:
                    CatalogView.of(each.path, each.after)
            return
        found = self._trials.of(changes)
        if found.plan is None:
            raise trial.not_sound(found.errors, f"this ({told})")

    def _name(self, change: FileChange) -> str:
        return change.path.relative_to(self._trials.data).as_posix()

    # What a form is made of: it says which version of a file it shows, so that the edit is one of
    # that version, whatever happened meanwhile.

    def version(self, file: str) -> str:
        """Return what names a file of the plan as it is now; the desk keeps that version a while.

        ``file`` is its path below the plan's folder.
        """
        data = files.read_if_there(self._trials.data / file)
        name = "" if data is None else sha256(data).hexdigest()
        with self._alone:
            self._versions.pop(name, None)
            self._versions[name] = data
            if len(self._versions) > MOST_VERSIONS:
                del self._versions[next(iter(self._versions))]
        return name

    def of_version(self, file: str, name: str) -> bytes | None:
        """Return what a file held in a version, None for no file.

        Raises :class:`WikiplanError` where nobody was shown that, or long ago.
        """
        with self._alone:
            if name not in self._versions:
                raise WikiplanError(
                    "unknown-version",
                    f"{file}: the desk does not know any more what the file was when this form "
                    "was opened; look at what is there now, and type it again",
                )
            return self._versions[name]


def _settled(change: FileChange) -> bytes | None:
    """Return what a file holds, None for no file, once nobody is about to write it.

    Some editors empty a file and then write it, or take it away and put another one in its place:
    what is there meanwhile is nobody's file.
    """
    start = time.monotonic()
    while True:
        now = files.read_if_there(change.path)
        waited = time.monotonic() - start
        if now in (change.before, _after(change)) or waited > LONGEST_SECONDS:
            return now
        if (waited if now is None else _age(change.path)) > STILL_SECONDS:
            return now
        time.sleep(STEP_SECONDS)


def _age(path: Path) -> float:
    """Return since when a file is as it is, in seconds."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0


def _pushed(steps: list[Step], step: Step) -> None:
    steps.append(step)
    del steps[:-MOST_STEPS]


def _after(change: FileChange) -> bytes | None:
    return None if change.gone else change.after


def _back(change: FileChange) -> FileChange:
    before = change.before
    return FileChange(change.path, _after(change), before or b"", gone=before is None)


def _with_theirs(change: FileChange, now: bytes | None) -> FileChange | None:
    """Return a change of the file as it is now, which others changed; None where both meet."""
    if change.gone or change.before is None or now is None:
        return None
    try:
        before, after, theirs = (each.decode() for each in (change.before, change.after, now))
        merged = textmerge.merge(before, after, theirs)
    except UnicodeDecodeError:
        return None
    return None if merged is None else FileChange(change.path, now, merged.encode())


def _meeting(file: str, change: FileChange, now: bytes | None) -> Meeting:
    before, *after = (_text(each) for each in (change.before, _after(change), now))
    ours, theirs = (tuple(textdiff.plain(before, each)) for each in after)
    return Meeting(file, ours, theirs)


def _text(data: bytes | None) -> str:
    return "" if data is None else data.decode(errors="backslashreplace")


def _told(meetings: Iterable[Meeting]) -> Message:
    names = " and ".join(each.file for each in meetings)
    wrong = f"{names}: another program changed the same lines meanwhile; nothing was saved"
    return Message("changed-meanwhile", wrong, "look at what stands there now, and do it again")

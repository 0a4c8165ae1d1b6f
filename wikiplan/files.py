"""Files: read with a limit, replaced whole, and where runs keep theirs."""

from __future__ import annotations

import glob
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import IO

from wikiplan.errors import Fault, Faults, Message, WikiplanError
from wikiplan.value import Value

# Reading: what is no file, or has no end, is refused before it holds the run up.


MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * MEGABYTE
"""Of a file of any kind; what people write by hand has lower limits."""

SURE_SECONDS = 3
"""Since when a file is as it is whose next change its times will tell; some are by 2 seconds."""

_NO_FILES = {
    stat.S_ISDIR: "is a folder, not a file",
    stat.S_ISFIFO: "is a pipe, not a file",
    stat.S_ISCHR: "is a device, not a file",
    stat.S_ISBLK: "is a device, not a file",
    stat.S_ISSOCK: "is a socket, not a file",
}


class UnreadableError(WikiplanError, OSError):
    """A file that cannot be read: what is wrong with it, and what to do."""

    def __init__(self, path: Path, message: Message) -> None:
        self.message = message
        super().__init__(message.code, f"{shown(path)}: {message}")
        self.filename, self.strerror = str(path), message.wrong

    @property
    def fault(self) -> Fault:
        return self.fault_of(shown(Path(self.filename)))

    def fault_of(self, file: str) -> Fault:
        return Fault(file, 0, 0, "", self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class MissingError(UnreadableError, FileNotFoundError):
    """There is no such file."""


def read(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return a file's bytes. Raises :class:`UnreadableError`; it never waits for a pipe."""
    try:
        _check_kind(path, path.stat().st_mode)
        with path.open("rb") as file:
            data = file.read(most + 1)
    except UnreadableError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) > most:
        size = f"{most // MEGABYTE} MiB" if most >= MEGABYTE else f"{most // 1024} KiB"
        message = Message("too-large", f"is larger than {size}", "split it into several files")
        raise UnreadableError(path, message)
    return data


def read_if_there(path: Path) -> bytes | None:
    """Return a file's bytes, None where there is nothing; a link to nothing is no nothing."""
    try:
        return read(path, MOST_BYTES)
    except MissingError:
        return None


def _check_kind(path: Path, mode: int) -> None:
    for is_such, wrong in _NO_FILES.items():
        if is_such(mode):
            message = Message("no-plain-file", wrong, "put the file in its place, or remove it")
            raise UnreadableError(path, message)


def _unreadable(path: Path, error: OSError) -> UnreadableError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        if path.is_symlink():
            advice = "mend the link, or remove it"
            message = Message("dangling-link", "is a link to a file that is not there", advice)
            return UnreadableError(path, message)
        return MissingError(
            path, Message("file-is-missing", "is missing; add it, or name another file")
        )
    reason = error.strerror or "no reason given"
    message = Message("unreadable", f"cannot be read ({reason})", "make it readable")
    return UnreadableError(path, message)


def below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, also behind links; a folder that links lead back to, once."""
    seen: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        seen.add(os.path.realpath(place))
        folders[:] = [name for name in folders if os.path.realpath(f"{place}/{name}") not in seen]
        yield from (path for name in names if (path := Path(place, name)).is_file())


class Digests:
    """Digests of folders for who asks time and again: a file that stays is read once."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], str]] = {}

    def of(self, *folders: Path, changes: Iterable[FileChange] = ()) -> str:
        """Return a digest of the names and bytes of all files in folders, with these changes."""
        whole, after = hashlib.sha256(), {each.path: each for each in changes}
        for folder in folders:
            new = (path for path in after if path.is_relative_to(folder))
            for path in sorted({*below(folder), *new}):
                if content := self._of_file(path, after.get(path)):
                    name = os.fsencode(path.relative_to(folder).as_posix())
                    whole.update(b"%s\0%s\n" % (name, content.encode()))
        return whole.hexdigest()

    def _of_file(self, path: Path, change: FileChange | None) -> str:
        """Return the digest of a file's bytes, empty where it is gone, perhaps since a moment."""
        if change:
            return "" if change.gone else hashlib.sha256(change.after).hexdigest()
        with suppress(FileNotFoundError):
            found = path.stat()
            signs = found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
            if (known := self._known.get(path)) and known[0] == signs:
                return known[1]
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            # What is written twice at once has the same time twice: only what is old is known.
            if time.time() - max(found.st_mtime, found.st_ctime) > SURE_SECONDS:
                self._known[path] = signs, digest
            return digest
        return ""


def digest_of(*folders: Path) -> str:
    """Return a digest of the names and bytes of all files in folders."""
    return Digests().of(*folders)


def decode(file: str, data: bytes) -> str:
    """Return the text of a file's bytes. Raises :class:`Faults` at the first that is no UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8")) + 1
        wrong = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        advice = "save the file as UTF-8, or take it from its version history"
        message = Message("bytes-not-utf-8", wrong, advice)
        fault = Fault(file, before.count(b"\n") + 1, column, "", message)
        raise Faults([fault]) from None


def shown(path: Path, folder: Path | None = None) -> str:
    r"""Return a path as people should read it: below a folder, or below where they are.

    Bytes of a name that are no UTF-8 read ``\xff``.
    """
    here = folder or Path.cwd()
    short = path.relative_to(here) if path.is_relative_to(here) else path
    return os.fsencode(short).decode("utf-8", "backslashreplace")


# Replacing: after a crash a file holds the old bytes or the new ones, never a part.


class FileChange(Value):
    """A file's new bytes; ``before`` is what it must hold until then, None for no file.

    One that is ``gone`` has none afterwards.
    """

    path: Path
    before: bytes | None
    after: bytes
    gone: bool = False

    @property
    def stale(self) -> bool:
        """Whether the file changed since it was read."""
        return read_if_there(self.path) != self.before


class ChangedError(Exception):
    """Files are not any more what was to be replaced; nothing was written."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(map(shown, self.paths)))


def replace_all(replacements: Iterable[FileChange], *, unless_changed: bool = False) -> None:
    """Replace files one by one; if that fails, those that were replaced get their old bytes.

    All new ones are written before the first takes its place, so a kill hardly falls between two.
    ``unless_changed`` raises :class:`ChangedError` where a file is stale at that moment, which the
    system itself looks after where it can.
    """
    changes = tuple(replacements)
    done: list[FileChange] = []
    with ExitStack() as until_the_end:
        fresh: list[Path | None] = []
        for each in changes:
            if each.gone:
                fresh.append(None)
            else:
                each.path.parent.mkdir(parents=True, exist_ok=True)
                beside = _written_beside(each.path, each.after)
                fresh.append(until_the_end.enter_context(beside))
        if unless_changed and (stale := [each.path for each in changes if each.stale]):
            raise ChangedError(stale)
        try:
            for each, new in zip(changes, fresh, strict=True):
                if unless_changed and new and each.before is not None:
                    _swap(new, each)
                else:
                    _put_in_place(new, each.path)
                done.append(each)
        except BaseException:
            for each in done:
                _put(each.path, each.before)
            raise


def _put_in_place(fresh: Path | None, path: Path) -> None:
    with _about(path.resolve()):
        if fresh is None:
            path.unlink(missing_ok=True)
        else:
            fresh.replace(path.resolve())


def _swap(fresh: Path, change: FileChange) -> None:
    """Put a file in the place of another one, which is put back if it is not what it was.

    Raises :class:`ChangedError` then: a program wrote it in the instant since it was looked at.
    """
    place = change.path.resolve()
    if not _exchanged(fresh, place):
        _put_in_place(fresh, place)
    elif read(fresh) != change.before:
        _exchanged(fresh, place)
        raise ChangedError([change.path])


_HERE, _EXCHANGE = -100, 2
"""Of renameat2 of Linux: names count from the folder at hand, and two files change their names."""


def _exchanged(one: Path, other: Path) -> bool:
    """Give two files each other's names at once; false where the system cannot."""
    import ctypes  # only who writes needs it

    system, names = ctypes.CDLL(None), (os.fsencode(one), os.fsencode(other))
    if not hasattr(system, "renameat2"):
        return False
    done: int = system.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)
    return done == 0


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """Let errors name a file, not the one beside it."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _put(path: Path, data: bytes | None) -> None:
    """Give a file these bytes, or take it away."""
    if data is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, data)


PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""Modes of what a run keeps for itself: nobody else reads what stands in the operator's state."""


def make_private(path: Path) -> None:
    """Make a file that its owner alone reads, if it is not there, and its folder."""
    path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    number = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    with suppress(OSError):  # somebody else's
        os.fchmod(number, PRIVATE_FILE)
    os.close(number)


def replace(path: Path, data: bytes) -> None:
    """Write ``data`` beside the file and put it in its place; keeps the mode, follows a link.

    Raises :class:`UnreadableError` where a link leads to a device, say: no file takes its place.
    """
    with _written_beside(path, data) as fresh:
        _put_in_place(fresh, path)


@contextmanager
def _written_beside(path: Path, data: bytes) -> Iterator[Path]:
    """Yield a file beside another one, with its mode and these bytes, until it takes its place."""
    path = path.resolve()
    if path.exists():
        _check_kind(path, path.stat().st_mode)
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.tmp")
    try:
        with _about(path), fresh.open("wb") as file:
            if path.exists():
                fresh.chmod(path.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


# What runs keep for themselves stands in the operator's state directory, a folder wiki's beside its
# history: a file for each site and account.


def state_folder(wiki: Path | None) -> Path:
    """Return where locks are kept: in the folder wiki, or in the operator's state directory."""
    if wiki is not None:
        return wiki / ".wikiplan"
    state = os.environ.get("XDG_STATE_HOME", "")
    # The XDG specification: a path that is not absolute counts as none.
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "wikiplan"


LOCK_ENDING = ".lock"


def state_path(folder: Path, site: str, account: str, ending: str) -> Path:
    """Return where something of a site and account is kept, also by an earlier version."""
    named = folder / f"{lock_name(site, account)}{ending}"
    old = folder / f"{_old_name(site, account)}{ending}"
    return old if old.exists() and not named.exists() else named


def state_paths(folder: Path, site: str, ending: str) -> list[Path]:
    """Return the files of all accounts on a site."""
    names = _old_name(site, ""), lock_name(site, "")
    found = (path for name in names for path in folder.glob(f"{glob.escape(name)}*{ending}"))
    return sorted({_fit(path.name): path for path in found}.values())


def lock_path(folder: Path, site: str, account: str) -> Path:
    """Return the file of a lock; who asks will write, and what is kept gets its name of today."""
    _rename_old(folder, site)
    return state_path(folder, site, account, LOCK_ENDING)


def lock_name(site: str, account: str) -> str:
    """Return how files of a site and account are called, without an ending, on any system."""
    return _fit(_old_name(site, account))


_UNFIT_FOR_WINDOWS = re.compile(r'[<>:"\\|?*\x00-\x1f]')


def _old_name(site: str, account: str) -> str:
    """Return the name that versions before 0.2 gave to these files."""
    return f"{site} {account}".replace("/", "%2F").replace(" ", "_")


def _rename_old(folder: Path, site: str) -> None:
    """Go on with what earlier versions kept; a lock that one of them has stays its own."""
    old = _old_name(site, "")
    for path in folder.glob(f"{glob.escape(old)}*") if old != _fit(old) else ():
        named = path.with_name(_fit(path.name))
        if not named.exists():
            path.rename(named)


def _fit(name: str) -> str:
    return _UNFIT_FOR_WINDOWS.sub(lambda found: f"%{ord(found[0]):02X}", name)


def to_nowhere(stream: IO[str]) -> None:
    """Let what is still to be printed go nowhere: whoever read it has gone, and the run goes on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

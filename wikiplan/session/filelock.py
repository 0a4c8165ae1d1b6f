"""One run at a time writes to a site as an account: a file locks out the others.

Two things say that a run holds it. The operating system keeps a lock on the file that the run has
open, and lets go of it when the run ends, however it ends: all runs on one machine see that, also
those in containers, whatever these are called. Another machine may share the folder over a file
system whose locks do not reach it, or that keeps those of a machine which is gone. So the time of
the file's last change is the run's heartbeat, and a run on another machine holds the lock until
that is too old. It is told from the clock of the file system, which is the same for all.

What the file says is for people, and tells a run whether the lock is still its own.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any, Self

from wikiplan import files, utc
from wikiplan.errors import Stop, WikiplanError
from wikiplan.value import Value, asdict

BEAT_SECONDS = 30
EXPIRY = timedelta(minutes=5)
"""What was not heard of for so long is taken to be dead, where only its heartbeat can tell."""

LOCKED = "locked"
"""Another run writes to the same site as the same account, or has the lock on the wiki."""
LOST = "lock-lost"
"""Another run took the lock over while this one stood still: nothing more was written."""


class Holder(Value):
    """The run that holds a lock, as it says of itself. ``machine`` is the same for one kernel."""

    run: str
    owner: str
    host: str
    process: int
    machine: str
    since: str

    @classmethod
    def of(cls, run: str) -> Self:
        """Return the run of this process."""
        since = utc.stamp(datetime.now(UTC))
        return cls(run, _owner(), socket.gethostname(), os.getpid(), machine(), since)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the run that a lock names, None for a text of somebody else."""
        try:
            known = {name: json.loads(text)[name] for name in cls.__struct_fields__}
        except (ValueError, TypeError, LookupError):
            return None
        is_whole = all(type(known[name]) is (int if name == "process" else str) for name in known)
        return cls(**known) if is_whole else None

    def as_json(self, **more: Any) -> str:
        return json.dumps(asdict(self) | more)

    def __str__(self) -> str:
        """Return in words who it is."""
        place = f"on {self.host} (process {self.process}, {self.since})"
        return f"run {self.run} by {self.owner} {place}"


@cache
def machine() -> str:
    """Return what tells one running kernel from others: containers of one have the same."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return socket.gethostname()


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


class FileLock(Value):
    """A lock that is held. ``killed`` is the run that had it and died, if one did."""

    path: Path
    what: str
    written: bytes
    killed: Holder | None = None

    def check(self) -> None:
        """Raise :class:`Stop` where another run took it over: this one had stood still for long."""
        with suppress(OSError):  # a folder that somebody cleared is nobody's lock
            now = files.read(self.path)
            if now != self.written:
                told = f"{_told(_words(now)) or 'another run'} took the lock over"
                why = "as this one had stood still; nothing more was written: run again"
                raise Stop(LOST, f"{self.what}: {told}, {why}")


@contextmanager
def held(
    folder: Path,
    site: str,
    account: str,
    run: str,
    say: Callable[[str], None],
    rivals: Callable[[], Iterable[Path]] = tuple,
) -> Iterator[FileLock]:
    """Hold the lock of a site and account; ``say`` is told of a killed run that had it.

    ``rivals`` tells of other locks that nobody may hold beside it; it is asked when this one is
    held, so that of two runs that begin at once at least one sees the other's.

    Raises :class:`Stop` ``locked`` when another run holds one, naming it and what to do.
    """
    path, what = files.lock_path(folder, site, account), f"{site} as {account}"
    with ExitStack() as until_the_end:
        with _telling(path, what):
            file, written, killed = until_the_end.enter_context(_taken(path, Holder.of(run)))
        for rival in rivals():
            with _telling(rival, what):
                _check_free(rival)
        if killed:
            say(f"{what}: took over the lock of {_told(killed)}, which has died.")
        until_the_end.enter_context(_beating(path, file))
        yield FileLock(path, what, written, Holder.read(killed))


@contextmanager
def announced(folder: Path, kind: str, run: str) -> Iterator[tuple[Holder, ...]]:
    """Let others of a kind know of this process while it lives; yields those that live already.

    Nothing of them is kept out. Raises :class:`WikiplanError` where there can be no locks.
    """
    path = folder / f"{kind}.{run}{files.LOCK_ENDING}"
    with ExitStack() as until_the_end:
        with _telling(path, kind):
            file, _, _ = until_the_end.enter_context(_taken(path, Holder.of(run)))
        until_the_end.enter_context(_beating(path, file))
        others = (each for each in folder.glob(f"{kind}.*{files.LOCK_ENDING}") if each != path)
        yield tuple(filter(None, map(_living, others)))


def _living(path: Path) -> Holder | None:
    """Return who holds a lock; what a dead process left is taken away."""
    import portalocker

    with suppress(OSError), path.open("r+b") as file:
        said = _words(file.read())
        if not said:  # it is being made
            return None
        file.seek(0)
        try:
            _is_locked(file, path)
        except (portalocker.LockException, _Held):
            return Holder.read(said)
        path.unlink(missing_ok=True)
    return None


class _Held(Exception):
    """A run on another machine holds the lock, as far as its heartbeat says."""


@contextmanager
def _telling(path: Path, what: str) -> Iterator[None]:
    """Tell why a lock cannot be had."""
    import portalocker

    try:
        yield
    except (portalocker.AlreadyLocked, _Held) as error:
        told = f"{_holder(path)} is writing; nothing was written: wait until it ends, or end it"
        raise Stop(LOCKED, f"{what}: {told}{error if isinstance(error, _Held) else ''}") from error
    except portalocker.LockException as error:
        raise WikiplanError(
            "no-locks",
            f"{path}: the file system there gives no locks ({error.strerror}), so nothing was "
            "written; for a site set XDG_STATE_HOME to a directory on a local disk, and move "
            "a folder wiki to one",
        ) from error
    except OSError as error:
        raise WikiplanError(
            "no-lock-file",
            f"{path}: the lock cannot be written ({error.strerror}), so nothing was; give "
            "yourself access, or for a site set XDG_STATE_HOME to a directory that you may "
            "write to",
        ) from error


@contextmanager
def _taken(path: Path, holder: Holder) -> Iterator[tuple[IO[bytes], bytes, str]]:
    """Open the file, lock and sign it; yields it, what it says, and what a dead run had left there.

    It is tried once more if the run that had it removed it in between.
    """
    killed = ""
    while True:
        files.make_private(path)
        with ExitStack() as opened:
            file = opened.enter_context(_open(path))
            if not _is_locked(file, path):
                killed = _words(file.read()) or killed
                # No run on another machine can say that it has this file open: it is left there.
                path.unlink(missing_ok=True)
            elif _is_at(path, file):
                killed = _words(file.read()) or killed
                written = _signed(file, holder)
                opened.callback(_remove, path, file, written)
                yield file, written, killed
                return


def _open(path: Path) -> IO[bytes]:
    """Open the file; the run that had it may have removed it since it was made."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | os.O_CREAT, files.PRIVATE_FILE)

    return open(path, "r+b", opener=opener)


def _told(words: str) -> str:
    return str(Holder.read(words) or words)


def _is_locked(file: IO[bytes], path: Path) -> bool:
    """Lock a file for this run; false where it is that of a machine which is gone.

    Raises as ``portalocker`` does, and :class:`_Held`.
    """
    import portalocker

    try:
        _lock(file)
    except portalocker.AlreadyLocked:
        if _left(file, path) > timedelta(0) or not _is_of_another_machine(file):
            raise
        return False
    if _is_of_another_machine(file) and (left := _left(file, path)) > timedelta(0):
        until = utc.stamp(datetime.now(UTC) + left)
        raise _Held(f"; if it was killed, a run after {until} takes the lock over")
    return True


def _lock(file: IO[bytes]) -> None:
    """Lock a file at once or not at all; what only a run that writes needs is loaded here."""
    from portalocker import LockFlags, lock

    lock(file, LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)


def _is_of_another_machine(file: IO[bytes]) -> bool:
    """Say whether the run that signed a file is no run of this machine, and leaves a heartbeat."""
    found = Holder.read(_words(file.read()))
    file.seek(0)
    return found is not None and found.machine != machine()


def _left(file: IO[bytes], path: Path) -> timedelta:
    """Return how long the last heartbeat still counts, by the clock of the file system."""
    with tempfile.TemporaryFile(dir=path.parent) as fresh:
        now = os.fstat(fresh.fileno()).st_mtime
    return EXPIRY - timedelta(seconds=now - os.fstat(file.fileno()).st_mtime)


@contextmanager
def _beating(path: Path, file: IO[bytes]) -> Iterator[None]:
    """Let the file say from time to time that its run is alive, also while that waits."""
    over, place = threading.Event(), file.fileno() if os.utime in os.supports_fd else path

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            with suppress(OSError):
                os.utime(place)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _check_free(path: Path) -> None:
    """Raise as :func:`_is_locked` does when a run holds this lock."""
    with suppress(FileNotFoundError), path.open("r+b") as file:
        _is_locked(file, path)


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _signed(file: IO[bytes], holder: Holder) -> bytes:
    """Write into the locked file whose it is; returns what it says then."""
    written = f"{holder.as_json()}\n".encode()
    file.seek(0)
    file.truncate(0)
    file.write(written)
    file.flush()
    return written


def _holder(path: Path) -> str:
    """Return who holds a lock; it may end meanwhile, or not have said yet who it is."""
    try:
        return _told(_words(files.read(path))) or "another run"
    except OSError:
        return "another run"


def _words(data: bytes) -> str:
    return data.decode(errors="replace").strip()


def _remove(path: Path, file: IO[bytes], written: bytes) -> None:
    """Take the file away, where it is still there and this run's."""
    with suppress(OSError):  # where an open file cannot be removed, an empty one stays
        if _is_at(path, file) and files.read(path) == written:
            file.truncate(0)
            path.unlink()

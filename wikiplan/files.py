"""Replacing a file: after a crash it holds the old bytes or the new ones, never a part."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import portalocker

from wikiplan import utc
from wikiplan.errors import Stop, WikiplanError


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's new bytes; ``before`` is what it must hold until then, None for no file."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def stale(self) -> bool:
        """Whether the file changed since it was read."""
        return (self.path.read_bytes() if self.path.exists() else None) != self.before


def replace_all(replacements: Iterable[FileChange]) -> None:
    """Replace files one by one; if that fails, those that were replaced get their old bytes."""
    done: list[FileChange] = []
    try:
        for each in replacements:
            each.path.parent.mkdir(parents=True, exist_ok=True)
            replace(each.path, each.after)
            done.append(each)
    except BaseException:
        for each in done:
            if each.before is None:
                each.path.unlink(missing_ok=True)
            else:
                replace(each.path, each.before)
        raise


def replace(path: Path, data: bytes) -> None:
    """Write ``data`` beside the file and put it in its place; keeps the mode, follows a link."""
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with fresh.open("wb") as file:
            if path.exists():
                fresh.chmod(path.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        fresh.unlink(missing_ok=True)


# One run at a time writes to a site as an account.
#
# The operating system keeps the lock on a file that the run has open, and lets go of it when the
# run ends, however it ends. What the file says is for people. It stands in the operator's state
# directory, a folder wiki's beside its history.


EXCLUSIVE_NOW = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING


def state_folder(wiki: Path | None) -> Path:
    """Return where locks are kept: in the folder wiki, or in the operator's state directory."""
    if wiki is not None:
        return wiki / ".wikiplan"
    state = os.environ.get("XDG_STATE_HOME", "")
    # The XDG specification: a path that is not absolute counts as none.
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "wikiplan"


def lock_path(folder: Path, site: str, account: str) -> Path:
    return folder / f"{lock_name(site, account)}.lock"


def lock_name(site: str, account: str) -> str:
    """Return how files of a site and account are called, without an ending."""
    return f"{site} {account}".replace("/", "%2F").replace(" ", "_")


@contextmanager
def held(
    folder: Path, site: str, account: str, run: str, say: Callable[[str], None]
) -> Iterator[None]:
    """Hold the lock of a site and account; ``say`` is told of a killed run that had it.

    Raises :class:`Stop` ``locked`` when another run holds it, naming it and what to do.
    """
    path, what = lock_path(folder, site, account), f"{site} as {account}"
    with ExitStack() as until_the_end:
        try:
            file = until_the_end.enter_context(_locked(path))
            until_the_end.callback(_remove, path, file)
            killed = _signed(file, run)
        except portalocker.AlreadyLocked as error:
            told = f"{_holder(path)} is writing; nothing was written: wait until it ends, or end it"
            raise Stop("locked", f"{what}: {told}") from error
        except portalocker.LockException as error:
            raise WikiplanError(
                f"{path}: the file system there gives no locks ({error.strerror}), so nothing was "
                "written; for a site set XDG_STATE_HOME to a directory on a local disk, and move "
                "a folder wiki to one"
            ) from error
        except OSError as error:
            raise WikiplanError(
                f"{path}: the lock cannot be written ({error.strerror}), so nothing was; give "
                "yourself access, or for a site set XDG_STATE_HOME to a directory that you may "
                "write to"
            ) from error
        if killed:
            say(f"{what}: took over the lock of {killed}, which has died.")
        yield


def _locked(path: Path) -> BinaryIO:
    """Open the file and lock it; once more if the run that had it removed it in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with ExitStack() as on_failure:
            file = on_failure.enter_context(path.open("a+b"))
            portalocker.lock(file, EXCLUSIVE_NOW)
            if _is_at(path, file):
                on_failure.pop_all()
                return file


def _is_at(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _signed(file: BinaryIO, run: str) -> str:
    """Write into the locked file whose it is; returns what a killed run had left there."""
    file.seek(0)
    killed = _words(file.read())
    file.truncate(0)
    now = utc.stamp(datetime.now(UTC))
    holder = f"run {run} by {_owner()} on {socket.gethostname()} (process {os.getpid()}, {now})"
    file.write(f"{holder}\n".encode())
    file.flush()
    return killed


def _holder(path: Path) -> str:
    """Return who holds a lock; it may end meanwhile, or not have said yet who it is."""
    try:
        return _words(path.read_bytes()) or "another run"
    except OSError:
        return "another run"


def _words(data: bytes) -> str:
    return data.decode(errors="replace").strip()


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def _remove(path: Path, file: BinaryIO) -> None:
    file.truncate(0)
    with suppress(OSError):  # where an open file cannot be removed, an empty one stays
        if _is_at(path, file):  # somebody may have put another one there
            path.unlink()

"""Replacing a file: after a crash it holds the old bytes or the new ones, never a part."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from wikiplan.errors import Stop, WikiplanError


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file's new bytes; ``before`` is what it must hold until then, None for no file."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def stale(self) -> bool:
        """Whether the file changed since it was read."""
        return (self.path.read_bytes() if self.path.exists() else None) != self.before


def replace_all(replacements: Iterable[Replacement]) -> None:
    """Replace files one by one; if that fails, those that were replaced get their old bytes."""
    done: list[Replacement] = []
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
                os.fchmod(file.fileno(), path.stat().st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        fresh.unlink(missing_ok=True)


# One run at a time writes to a site as an account: a lock file that says whose it is.
#
# The file stands in the operator's state directory, a folder wiki's beside its history. A lock
# whose process is dead on this host is taken over; of another host's nobody here can tell.


LONG = timedelta(days=1)
"""No run takes that long: another host's lock of this age is named as probably left behind."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. ``time`` is UTC; ``born`` tells the process from a later one of its id."""

    owner: str
    host: str
    pid: int
    born: str
    time: str
    run: str

    def __str__(self) -> str:
        return f"run {self.run} by {self.owner} on {self.host} (process {self.pid}, {self.time})"


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
    """Hold the lock of a site and account; ``say`` is told of a dead run's lock.

    Raises :class:`Stop` ``locked`` when another run holds it, naming it and what to do.
    """
    path = lock_path(folder, site, account)
    holder = _this(run)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            _take(path, holder, f"{site} as {account}", say)
    except OSError as error:
        raise WikiplanError(
            f"{path}: the lock cannot be written ({error.strerror}), so nothing was; give yourself "
            "access, or for a site set XDG_STATE_HOME to a directory that you may write to"
        ) from error
    try:
        yield
    finally:
        with suppress(FileNotFoundError), _alone(folder):  # somebody may have cleared the folder
            if _read(path) == holder:
                path.unlink()


def _take(path: Path, holder: Holder, what: str, say: Callable[[str], None]) -> None:
    if path.exists():
        found = _read(path)
        if found is None or not _is_dead(found):
            raise Stop("locked", f"{what}: {_refusal(path, found)}")
        say(f"{what}: took over the lock of {found}, which has died.")
        path.unlink()
    fresh = path.with_name(f".lock-{os.getpid()}.tmp")
    try:
        fresh.write_text(json.dumps(asdict(holder)) + "\n", encoding="utf-8")
        os.link(fresh, path)  # whole or not at all, and never over one that is there
    except FileExistsError:  # by a run on another host, which shares this directory
        raise Stop("locked", f"{what}: {_refusal(path, _read(path))}") from None
    finally:
        fresh.unlink(missing_ok=True)


def _refusal(path: Path, found: Holder | None) -> str:
    if found is None:
        return f"{path} is no lock of wikiplan's; if no run is at work, delete it"
    if found.host == _host():
        return f"{found} is writing; nothing was written: wait until it ends, or end it"
    age = datetime.now(UTC) - datetime.fromisoformat(found.time)
    if age < LONG:
        return (
            f"{found} is writing; nothing was written: wait until it ends; "
            f"if it was killed there, delete {path}"
        )
    return (
        f"{found} left its lock {age // timedelta(hours=1)} hours ago, and this host cannot see "
        f"whether it runs; look on {found.host}, and if it does not, delete {path}"
    )


def _is_dead(holder: Holder) -> bool:
    """Say whether the holder surely runs no more; of another host's nobody here can tell."""
    if holder.host != _host():
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # somebody else's process, and alive
    born = _born(holder.pid)
    return bool(born and holder.born) and born != holder.born


def _this(run: str) -> Holder:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Holder(_owner(), _host(), os.getpid(), _born(os.getpid()), now, run)


def _owner() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def _host() -> str:
    return socket.gethostname()


def _born(pid: int) -> str:
    """Return when the process began: this boot of the machine and its clock; empty if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # The process's name stands in brackets and may hold any character (proc(5): field 22).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return f"{boot}:{fields[19]}"


def _read(path: Path) -> Holder | None:
    """Return who holds the lock; ``None`` when there is none, or the file is something else."""
    try:
        holder = Holder(**json.loads(path.read_text(encoding="utf-8")))
        when = datetime.fromisoformat(holder.time)
    except (OSError, ValueError, TypeError):
        return None
    return holder if when.tzinfo and isinstance(holder.pid, int) and holder.pid > 0 else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep this host's other runs from looking at locks at the same moment."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)

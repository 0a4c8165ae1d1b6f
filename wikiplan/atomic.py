"""Replacing a file: after a crash it holds the old bytes or the new ones, never a part."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


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

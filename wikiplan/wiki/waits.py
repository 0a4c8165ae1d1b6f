"""Waiting for a wiki: no longer than the operator allows, and a signal ends it.

Where a run finishes an edit after the first Ctrl-C, signals only set a flag, and a long sleep would
go on; so it is slept in short steps. Signals are the whole process's, and so is this.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wikiplan.errors import STOPPED_BY_SIGNAL, Stop

LONGEST_SECONDS = 300
SHORT_SECONDS = 2
"""What is shorter is slept to its end: a pause between two questions keeps nobody waiting."""
STEP_SECONDS = 0.2


@dataclass
class _Patience:
    longest: float = LONGEST_SECONDS
    interrupted: Callable[[], str] = str


_patience = _Patience()


def allow(seconds: float) -> None:
    """Set how long a wiki may keep the run waiting at a time."""
    _patience.longest = seconds


@contextmanager
def ended_by(interrupted: Callable[[], str]) -> Iterator[None]:
    """End waits as soon as this function gives a reason."""
    before, _patience.interrupted = _patience.interrupted, interrupted
    try:
        yield
    finally:
        _patience.interrupted = before


def check_allowed(seconds: float, who: str) -> None:
    """Raise :class:`Stop` when a wiki asks for more patience than it is given."""
    if seconds > _patience.longest:
        raise Stop(
            "asked-to-wait",
            f"{who} asks to be left alone for {seconds:.0f} seconds, and -patience: is "
            f"{_patience.longest:.0f}; nothing more was sent: run again after that time",
        )


def wait(seconds: float) -> None:
    """Sleep; raises :class:`Stop` as soon as the run is interrupted."""
    if seconds <= SHORT_SECONDS:
        time.sleep(max(seconds, 0))
        return
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if reason := _patience.interrupted():
            raise Stop(STOPPED_BY_SIGNAL, reason)
        time.sleep(min(left, STEP_SECONDS))

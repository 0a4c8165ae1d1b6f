"""What every script shares: help, errors told to people, signals, exit status."""

from __future__ import annotations

import errno
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from wikiplan.changes.apply import Interrupt
from wikiplan.cli import options as command_line
from wikiplan.cli.options import Options
from wikiplan.errors import WikiplanError
from wikiplan.report.report import Status
from wikiplan.report.terminal import Terminal

NOT_OURS = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    *(errno.ENOTDIR, errno.EISDIR),
)
"""What a file system may answer that a person has to mend."""
BUG = "This is a mistake in wikiplan, not yours: please report it with the lines above."


def run(
    doc: str | None,
    arguments: Sequence[str],
    do: Callable[[Options, Terminal], int],
    flags: Sequence[str] = (),
    values: Sequence[str] = (),
    optional: Sequence[str] = (),
    words: Sequence[str] = (),
    takers: Sequence[str] = (),
) -> int:
    """Parse the arguments and do the script's work; return its exit status."""
    terminal = Terminal()
    try:
        options = command_line.parse(
            arguments or sys.argv[1:], flags, values, optional, words, takers
        )
        if "help" in options.values:
            terminal.say((doc or "").replace("&params;", command_line.COMMON_HELP).strip())
            return Status.DONE
        return do(options, terminal)
    except WikiplanError as error:
        terminal.error(str(error))
    except KeyboardInterrupt:
        terminal.error("interrupted")
    except Exception as error:
        terminal.error(_told(error))
    return Status.FAILED


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.errno in NOT_OURS:
        return f"{error.filename}: {error.strerror}; make room or give access, and run again"
    return f"{traceback.format_exc()}\n{BUG}"


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Turn the first Ctrl-C or SIGTERM into a flag, so that the save at hand ends cleanly.

    A second one interrupts at once.
    """
    interrupt = Interrupt()

    def note(number: int, frame: FrameType | None) -> None:
        if interrupt.reason:
            raise KeyboardInterrupt
        interrupt.reason = f"interrupted by {signal.Signals(number).name}"

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, note) for each in signals]
    try:
        yield interrupt
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)

"""What every command shares: its options, report and exit status, errors for people, signals."""

from __future__ import annotations

import errno
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from wikiplan import files, redaction
from wikiplan.changes import Interrupt
from wikiplan.errors import WikiplanError
from wikiplan.report import STATUS, ExitStatus, Report, new_run_id
from wikiplan.session import commandline
from wikiplan.session.commands import COMMANDS, Command
from wikiplan.session.options import Options
from wikiplan.value import Value
from wikiplan.wiki import waits

if TYPE_CHECKING:
    from wikiplan.report.terminal import Terminal

NOT_OURS = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    *(errno.ENOTDIR, errno.EISDIR),
)
"""What a file system may answer that a person has to mend."""
BUG = "This is a mistake in wikiplan, not yours: please report it with the lines above."


class Consent(Enum):
    """What is known about whether a run may write."""

    REFUSED = "it is to show everything and write nothing"
    GIVEN = "nobody wants to be asked"
    ASK = "a person is there to be asked"
    LACKING = "nobody is there to be asked"


def a_terminal() -> Terminal:
    """Return the person's side of this process, which takes long to load: runs often say nothing
    before they asked the wiki.
    """
    from wikiplan.report.terminal import Terminal

    return Terminal()


class Run(Value, dict=True):
    """One run of a command: what it was told, whom it tells, and the report that grows."""

    options: Options
    open_terminal: Callable[[], Terminal]
    report: Report

    @cached_property
    def terminal(self) -> Terminal:
        return self.open_terminal()

    def say(self, words: str) -> None:
        self.terminal.say(words)

    @property
    def consent(self) -> Consent:
        if self.options.simulate:
            return Consent.REFUSED
        if self.options.always:
            return Consent.GIVEN
        return Consent.ASK if self.terminal.can_ask else Consent.LACKING

    def may_write(self, ask: Callable[[], bool], if_nobody: str = "") -> bool:
        """Return whether something may be written, after asking if need be.

        Where nobody can be asked it waits for a person: ``if_nobody`` is said then.
        """
        consent = self.consent
        if consent is Consent.LACKING:
            self.report.waiting = True
            if if_nobody:
                self.terminal.say(if_nobody)
        return consent is Consent.GIVEN or (consent is Consent.ASK and ask())

    def end(self, told_of_preview: str = "") -> ExitStatus:
        """Say what the run came to; return its exit status."""
        result = self.report.result()
        self.terminal.closing(self.report, result)
        if self.report.preview and told_of_preview:
            self.terminal.say(told_of_preview)
        return STATUS[result]


def run(name: str, arguments: Sequence[str], do: Callable[[Run], ExitStatus]) -> int:
    """Parse the arguments of a command and do its work; return its exit status.

    ``do`` tells what came of it, or raises.
    """
    command, options = COMMANDS[name], None
    status = ExitStatus.FAILED
    try:
        options = _parsed(command, arguments)
        with reporting(options.report, options.summary, preview=options.simulate) as report:
            report.shard = options.shard
            commandline.check(command, options)
            status = do(Run(options, a_terminal, report))
    except WikiplanError as error:
        a_terminal().error(error.told)
    except KeyboardInterrupt:
        a_terminal().error("interrupted")
    except Exception as error:
        a_terminal().error(told(error))
    return options.exit.get(status, status) if options else status


def _parsed(command: Command, arguments: Sequence[str]) -> Options:
    """Read the command line; where it is wrong, the report that it asks for says so too."""
    try:
        return commandline.parse(command, arguments)
    except WikiplanError:
        with reporting(commandline.report_file(command, arguments)):
            raise


def told(error: Exception) -> str:
    """Return what people read of an error that is none of ours: of a bug, where it came up."""
    if isinstance(error, OSError) and error.filename and error.errno in NOT_OURS:
        return f"{error.filename}: {error.strerror}; make room or give access, and run again"
    return f"{traceback.format_exc()}\n{BUG}"


@contextmanager
def reporting(
    path: Path | None, summary: Path | None = None, *, preview: bool = False
) -> Iterator[Report]:
    """Yield the report and write it at the end, however the run ends, and a summary of it.

    A file that cannot be written is told before anything else is done. An earlier report goes: what
    stands there after a kill would be taken for this run's.
    """
    named = {"report": path, "summary": summary}
    files_of = {name: given for name, given in named.items() if given}
    for name, given in files_of.items():
        _check_report(name, given)
        if given.is_file():
            given.resolve().unlink()
    now = datetime.now(UTC)
    report = Report(new_run_id(now), site="", started=now, preview=preview)
    try:
        yield report
    except BaseException as error:
        report.end_early(error)
        raise
    finally:
        for name, given in files_of.items():
            _write_report(report, name, given)


def _check_report(name: str, path: Path) -> None:
    folder = path.absolute().parent
    if path.is_dir():
        wrong = "is a folder; name a file in it"
    elif not folder.is_dir():
        wrong = f"there is no folder {folder}; make it, or name another file"
    elif not os.access(path if path.exists() else folder, os.W_OK):
        wrong = "you may not write there; name another file"
    else:
        return
    raise WikiplanError("no-place-for-report", f"-{name}:{path}: {wrong}; nothing was done")


def _write_report(report: Report, name: str, path: Path) -> None:
    try:
        if name == "summary":
            from wikiplan.report.summary import markdown

            files.replace(path, redaction.without_known(markdown(report)).encode())
        else:
            report.write(path)
    except OSError as error:
        message = f"-{name}:{path}: cannot be written ({error.strerror}); it would say:"
        raise WikiplanError("unwritable-report", f"{message}\n{report.as_json()}") from error


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Turn the first Ctrl-C or SIGTERM into a flag, so that the save at hand ends cleanly.

    A second one interrupts at once. Threads get no signals: who starts one sets the flag.
    """
    interrupt = Interrupt()

    def note(number: int, frame: FrameType | None) -> None:
        if interrupt.reason:
            raise KeyboardInterrupt
        interrupt.reason = f"interrupted by {signal.Signals(number).name}"

    is_main = threading.current_thread() is threading.main_thread()
    signals = (signal.SIGINT, signal.SIGTERM) if is_main else ()
    before = [signal.signal(each, note) for each in signals]
    try:
        with waits.ended_by(lambda: interrupt.reason):
            yield interrupt
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)

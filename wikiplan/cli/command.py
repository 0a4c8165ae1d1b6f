"""What every script shares: help, errors told to people, signals, exit status."""

from __future__ import annotations

import errno
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from wikiplan.changes import Interrupt
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.plan import Answers, Choice, targets
from wikiplan.report import Status, Terminal

# The command line of the scripts, in Pywikibot's style: ``-name``, ``-name:value``.
#
# Parsing stands apart from doing. Arguments that are not ours are kept in ``rest``: they are
# Pywikibot's own (``-site:``, ``-family:``, ``-lang:``, ``-code:``, …), or mistakes.


COMMON_HELP = """\
-data:DIR         the plan's data (default: data)
-templates:DIR    section templates that go before the ones of wikiplan (default: templates)
-page:TITLE       only this page, in all its languages or, with its /xx, in one; may be repeated
-section:NAME     only this managed section; may be repeated
-language:CODE    only pages in this language; may be repeated
-wiki:DIR         a folder of pages with history instead of a site, to try things out
-report:FILE      write a report of the run as JSON
-now:ISO-TIME     the time that "next" and "past" are told from, such as 2021-07-01T00:00Z
-help             show this text

Pywikibot's own options (-site:, -family:, -lang:, -code:, -user:, -simulate, …) work too.

Exit status: 0 done, or nothing to do; 1 failed or refused; 2 changes are waiting (preview);
3 waits for a person. What happened to each page stands in the table and in the report.
"""

CHOICES = ("page", "section", "language")
REPEATED = (*CHOICES, "allow", "drift", "only")
ALLOWANCES = ("orphaned", "outdated", "others")
COMMON_VALUES = ("data", "templates", "wiki", "report", "now", *CHOICES)


@dataclass(frozen=True)
class Options:
    """What the command line says.

    ``values`` holds every option given, a flag with an empty value; ``words`` are arguments
    without a dash, ``rest`` those left for Pywikibot.
    """

    data: Path = Path("data")
    templates: Path = Path("templates")
    wiki: Path | None = None
    report: Path | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    drift: Answers = field(default_factory=Answers)
    choice: Choice = field(default_factory=Choice)
    allow: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def parse(
    arguments: Sequence[str],
    flags: Sequence[str] = (),
    values: Sequence[str] = (),
    optional: Sequence[str] = (),
    words: Sequence[str] = (),
    takers: Sequence[str] = (),
) -> Options:
    """Parse arguments. ``flags``, ``values`` and ``optional`` are a script's own options.

    An ``optional`` one stands with a value or without; ``words`` stand alone, without a dash.
    ``takers`` are words after which any others may follow, such as names of files.
    Raises :class:`WikiplanError` on a value that is missing, not wanted, or wrong.
    """
    takes = dict.fromkeys((*COMMON_VALUES, *values), True)
    takes |= dict.fromkeys(("help", *flags), False)
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    for argument in arguments:
        name, _, value = argument.lstrip("-").partition(":")
        if not argument.startswith("-") or name not in (*takes, *optional):
            rest.append(argument)
        elif takes.get(name, bool(value)) != bool(value):
            wanted = "takes a value" if takes[name] else "takes no value"
            raise WikiplanError(f"{argument}: {wanted}; see -help")
        else:
            found.setdefault(name, []).append(value)
    given = _words(rest, words, takers)
    rest = [argument for argument in rest if argument not in given]
    return replace(_options(found, rest), words=given)


def _words(
    arguments: Sequence[str], words: Sequence[str], takers: Sequence[str]
) -> tuple[str, ...]:
    bare = tuple(argument for argument in arguments if not argument.startswith("-"))
    if bare[:1] and bare[0] in takers:
        return bare
    return tuple(argument for argument in bare if argument in words)


def _options(found: Mapping[str, list[str]], rest: Sequence[str]) -> Options:
    for name, given in found.items():
        if len(set(given)) > 1 and name not in REPEATED:
            raise WikiplanError(f"-{name}: given as {' and '.join(given)}; give it once")
    last = {name: given[-1] for name, given in found.items()}
    return Options(
        data=Path(last.get("data", "data")),
        templates=Path(last.get("templates", "templates")),
        wiki=Path(last["wiki"]) if "wiki" in last else None,
        report=Path(last["report"]) if "report" in last else None,
        now=_time(last["now"]) if "now" in last else datetime.now(UTC),
        drift=targets.parse_answers(found.get("drift", ())),
        choice=Choice(*(tuple(found.get(name, ())) for name in CHOICES)),
        allow=tuple(map(_allowance, found.get("allow", ()))),
        only=tuple(found.get("only", ())),
        values=last,
        rest=tuple(rest),
    )


def refuse_rest(rest: Sequence[str], known: Sequence[str]) -> None:
    """Raise on arguments that nobody knows, with the nearest name that is known."""
    for argument in rest:
        name = argument.lstrip("-").partition(":")[0]
        if name in known:
            raise WikiplanError(f"{argument}: this command does not take it; see -help")
        hint = did_you_mean(name, known) or "see -help"
        raise WikiplanError(f"{argument}: no such option; {hint}")


def _time(value: str) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise WikiplanError(
            f"-now:{value}: not an ISO time; write it like -now:2021-07-01T00:00Z"
        ) from None
    if time.tzinfo is None:
        raise WikiplanError(f"-now:{value}: has no zone; write it like -now:2021-07-01T00:00Z")
    return time


def _allowance(value: str) -> str:
    if value not in ALLOWANCES:
        known = ", ".join(ALLOWANCES)
        hint = did_you_mean(value, ALLOWANCES) or f"there are {known}"
        raise WikiplanError(f"-allow:{value}: no such limit; {hint}")
    return value


# What every script shares: help, errors told to people, signals, exit status.


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
        options = parse(arguments or sys.argv[1:], flags, values, optional, words, takers)
        if "help" in options.values:
            terminal.say((doc or "").replace("&params;", COMMON_HELP).strip())
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

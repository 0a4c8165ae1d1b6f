"""What the command line says to a run, and how the values of its options are read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NewType, get_type_hints

from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.plan import Answers, Choice, Shard, shards, targets
from wikiplan.report import ExitStatus
from wikiplan.report.annotations import Annotations
from wikiplan.session.commands import Option
from wikiplan.value import Value, field
from wikiplan.wiki import waits


class Format(StrEnum):
    """What an export writes."""

    PO = "po"
    XLIFF = "xliff"
    CSV = "csv"
    POT = "pot"


class Form(StrEnum):
    """How an announcement is written."""

    WIKITEXT = "wikitext"
    TEXT = "text"
    MARKDOWN = "markdown"


class Side(StrEnum):
    """Whose text is right where both changed it."""

    WIKI = "wiki"
    CATALOG = "catalog"


class Allowance(StrEnum):
    """Limits that a run may be told to go beyond."""

    ORPHANED = "orphaned"
    OUTDATED = "outdated"
    BROKEN = "broken"
    LOST = "lost"
    MISSING = "missing"
    OTHERS = "others"
    GONE = "gone"
    CHANGED = "changed"
    LOCAL = "local"


Port = NewType("Port", int)
MOST_PORT = 65_535


class Options(Value):
    """What the command line says, a field for each option.

    ``given`` has the names of the options that stand there, ``words`` the arguments without a
    dash, ``rest`` what is left for Pywikibot: its own options, or mistakes.
    """

    port: Port = Port(0)
    schema: str | None = None
    annotate: Annotations | None = None
    fix: bool = False
    department: str | None = None
    sample: bool = False
    schedule: tuple[str, ...] = ()
    completion: str | None = None
    changes: Path | None = None
    only: tuple[str, ...] = ()
    from_: str | None = None
    import_: bool = False
    add: bool = False
    out: Path | None = None
    format: Format = Format.PO
    as_: Form = Form.TEXT
    post: bool = False
    take: Side | None = None
    always: bool = False
    simulate: bool = False
    delete: bool = False
    brief: bool = False
    full: bool = False
    trust: timedelta = timedelta(days=7)
    allow: tuple[Allowance, ...] = ()
    drift: Answers = field(default_factory=Answers)
    take_over: tuple[str, ...] = ()
    data: Path = Path("data")
    templates: Path = Path("templates")
    page: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    shard: Shard = shards.WHOLE
    wiki: Path | None = None
    patience: int = waits.LONGEST_SECONDS
    report: Path | None = None
    summary: Path | None = None
    run: Path = Path("run.yaml")
    exit: Mapping[ExitStatus, int] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    help: bool = False
    given: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def choice(self) -> Choice:
        """The pages, sections and languages that are wanted."""
        return Choice(self.page, self.section, self.language, self.shard)


class Rule(Value):
    """Options that mean nothing in some company, and what to do instead.

    They are refused ``beside`` an option, ``without`` one, or of a command or a word of it.
    """

    options: tuple[str, ...]
    advice: str
    beside: str = ""
    without: str = ""
    of: tuple[str, ...] = ()


RULES = (
    Rule(("only",), "picks out of a change set; say which with -changes:FILE", without="changes"),
    Rule(("add",), "adds to a plan what an import finds; say -import -add", without="import"),
    Rule(
        (
            "page",
            "section",
            "language",
            "shard",
            "drift",
            "take-over",
            "allow",
            "full",
            "now",
            "trust",
        ),
        "a saved change set is applied as it is; pick from it with -only:",
        beside="changes",
    ),
    Rule(
        ("page", "section"),
        "a catalog is a whole; choose with -language:CODE",
        of=("translations update", "translations export", "translations import"),
    ),
    Rule(
        ("section",),
        "pull and push go by whole pages; choose with -page:TITLE",
        of=("translations pull", "translations push"),
    ),
    Rule(("language",), "a run is taken back by page; choose with -page:", of=("undo",)),
)


# How the values are read, by the types of their fields.


def _time(name: str, given: Sequence[str]) -> datetime:
    value, how = given[-1], f"write it like -{name}:2021-07-01T00:00Z"
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise WikiplanError("no-iso-time", f"-{name}:{value}: not an ISO time; {how}") from None
    if time.tzinfo is None:
        raise WikiplanError("no-zone", f"-{name}:{value}: has no zone; {how}")
    return time


def _seconds(name: str, given: Sequence[str]) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", given[-1]):
        raise WikiplanError(
            "no-seconds", f"-{name}:{given[-1]}: not a number of seconds; write it like 300"
        )
    return int(given[-1])


def _days(name: str, given: Sequence[str]) -> timedelta:
    if not re.fullmatch(r"[0-9]{1,4}", given[-1]):
        raise WikiplanError(
            "no-days", f"-{name}:{given[-1]}: not a number of days; write it like 7"
        )
    return timedelta(days=int(given[-1]))


MOST_EXIT_STATUS = 255


def _exit(name: str, given: str) -> tuple[ExitStatus, int]:
    """Read ``waiting=0``: the exit status that a run of this outcome has instead of its own."""
    outcome, _, status = given.partition("=")
    known = {each.name.lower(): each for each in ExitStatus}
    if outcome not in known:
        hint = did_you_mean(outcome, known) or f"there are {', '.join(known)}"
        raise WikiplanError("unknown-outcome", f"-{name}:{given}: no such outcome; {hint}")
    if not re.fullmatch("[0-9]{1,3}", status, re.ASCII) or int(status) > MOST_EXIT_STATUS:
        wrong = f"-{name}:{given}: not an exit status"
        raise WikiplanError("no-exit-status", f"{wrong}; write it like {outcome}=0")
    return known[outcome], int(status)


def _one_of(kind: type[StrEnum], what: str, name: str, value: str) -> StrEnum:
    known = list(kind)
    if value in known:
        return kind(value)
    hint = did_you_mean(value, known) or f"there are {', '.join(known)}"
    raise WikiplanError("no-such-choice", f"-{name}:{value}: no such {what}; {hint}")


Reader = Callable[[str, Sequence[str]], object]
"""Makes a field's value of an option's name and of the values given, one for each time."""


def _port(name: str, given: str) -> Port:
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= MOST_PORT):
        raise WikiplanError("no-port", f"-{name}:{given}: is no port; write one like -port:8765")
    return Port(int(given))


READERS: Mapping[Any, Reader] = {
    bool: lambda _name, _given: True,
    str | None: lambda _, given: given[-1],
    Path: lambda _, given: Path(given[-1]),
    Path | None: lambda _, given: Path(given[-1]),
    datetime: _time,
    int: _seconds,
    Port: lambda name, given: _port(name, given[-1]),
    Shard: lambda _, given: shards.parse(given[-1], os.environ),
    timedelta: _days,
    Format: lambda name, given: _one_of(Format, "format", name, given[-1]),
    Form: lambda name, given: _one_of(Form, "form", name, given[-1]),
    Annotations | None: lambda name, given: _one_of(Annotations, "form", name, given[-1]),
    Side | None: lambda name, given: _one_of(Side, "side", name, given[-1]),
    tuple[str, ...]: lambda _, given: tuple(given),
    tuple[Allowance, ...]: lambda name, given: tuple(
        _one_of(Allowance, "limit", name, value) for value in given
    ),
    Answers: lambda _, given: targets.parse_answers(given),
    Mapping[ExitStatus, int]: lambda name, given: dict(_exit(name, each) for each in given),
}
TYPES = get_type_hints(Options)


def read_value(option: Option, given: Sequence[str]) -> object:
    """Return the value of an option's field. Raises :class:`WikiplanError` on a wrong value."""
    return READERS[TYPES[option.field]](option.name, given)

"""The table of the commands and their options: the one place that declares an option.

A new option is an entry of ``USES``, how it is written and what the help says of it, and a field of
:class:`Options`, whose type says how its value is read. Parsing, ``-help``, the page of the
documentation and the hints for misspelt names are made from these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

from wikiplan.changes import RUN_ID
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.plan import Answers, Choice, targets
from wikiplan.wiki import waits


@dataclass(frozen=True)
class Word:
    """What a command is told to do, a word without a dash. ``takes`` names what may follow it.

    An ``offline`` one asks no wiki, and so takes none of Pywikibot's options.
    """

    name: str
    help: str
    takes: str = ""
    offline: bool = False


EXIT_STATUS = (
    "Exit status: 0 done, or nothing to do; 1 failed or refused; 2 changes are waiting (preview); "
    "3 waits for a person. What happened to each page stands in the table and in the report."
)


@dataclass(frozen=True)
class Command:
    """A command: ``wikiplan NAME``, and the script ``plan_NAME``.

    ``name_form`` is the form of names, such as a run's id, that it takes without a dash.
    """

    name: str
    words: tuple[Word, ...] = ()
    name_form: re.Pattern[str] | None = None
    offline: bool = False
    exit_status: str = EXIT_STATUS


TRANSLATIONS_WORDS = (
    Word("update", "bring the catalogs in step with the plan, and make missing ones", offline=True),
    Word("export", "write a file for each language, for translators", offline=True),
    Word("import", "merge such files back into the catalogs", "FILE|DIR ...", offline=True),
    Word("status", "how far each page is in each language, and what is left to do"),
    Word("mark", "mark pages whose text is in step with the plan"),
    Word("pull", "bring what translators did on the wiki into the catalogs"),
    Word("push", "bring what is newer in the catalogs to the wiki"),
)
CHECK_STATUS = "Exit status: 0 nothing is wrong, 1 something is."
COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("check", offline=True, exit_status=CHECK_STATUS),
        Command("preview"),
        Command("update"),
        Command("translations", TRANSLATIONS_WORDS),
        Command("adopt"),
        Command("undo", name_form=RUN_ID),
    )
}

USES = """
-schema (check)
    print a JSON Schema of the data files, for editors and other programs
-schema:KIND (check)
    print the one of this kind of file only, such as pages or priorities
-changes:FILE (update)
    apply the change set that plan_preview -out:DIR wrote, and nothing else; a page that moved since
    is left alone, with what came between
-only:PAGE (update)
    of -changes: only this page, or with PAGE#SECTION only this section of it
-import (adopt)
    write the sections as a plan into a new folder: data files, catalogs and pages.yaml; nothing is
    written to the wiki. Takes the sections that have markers, and those named by -section:
-add (adopt)
    with -import: add to the plan of -data:, which has these pages, what it lacks: new sections, and
    translations that it does not have
-out:DIR (preview)
    write the change set to DIR/changes.json, for plan_update -changes:, and a page to review it,
    DIR/index.html, with what readers will see
-out:DIR (undo)
    write what would be done to DIR/changes.json, for plan_update -changes:, and a page to review
    it, DIR/index.html; nothing is written to the wiki
-out:DIR (adopt)
    where -import writes (default: the folder of -data:)
-out:DIR (translations export, translations status)
    where an export goes; of a status: write a page for translators, index.html
-format:FORMAT (translations export)
    of an export: po (default), xliff or csv
-take:SIDE (translations pull, translations push)
    what to do with conflicts of a pull or a push: wiki or catalog has the right text
-always (update, translations, adopt, undo)
    do not ask; without it and without a terminal nothing is written, marked or pushed
-simulate (update, translations, adopt, undo)
    show everything, write and mark nothing
-delete (undo)
    delete pages that the run created, and nobody edited since; it takes the right, and asks page by
    page, too
-brief (preview, update, undo)
    show the table of pages, not their diffs; with -out: the wiki is asked for no rendering
-allow:WHAT (preview, update, undo)
    go beyond a limit of pages.yaml ("orphaned" or "outdated" translations, "lost" texts), or do
    without "missing" files
-allow:WHAT (translations mark)
    go beyond a limit: "orphaned" or "outdated" translations, or "others", revisions by other people
    that would be marked along
-drift:[SECTION=]ANSWER (preview, update)
    what to do with people's edits of all sections, or of one: keep (default) leaves them, import
    takes them into the plan's files, reclaim writes the plan's text over them
-drift:[SECTION=]ANSWER (translations)
    what to do with people's edits of all sections, or of one: keep (default) or reclaim
-data:DIR (every command)
    the plan's data (default: data)
-templates:DIR (every command)
    section templates that go before the ones of wikiplan (default: templates)
-page:TITLE (preview, update, translations, undo)
    only this page, in all its languages or, with its /xx, in one
-page:TITLE (adopt)
    the page
-section:NAME (preview, update, translations, undo)
    only this managed section
-section:NAME[/CODE]=HEADING (adopt)
    mark what stands below that heading, itself included, as section NAME, with /CODE on the page's
    version in that language only; an empty heading is the text before the first one
-language:CODE (preview, update, translations)
    only pages in this language
-language:CODE (adopt)
    only these language versions
-wiki:DIR (every command but check)
    a folder of pages with history instead of a site, to try things out
-patience:SECONDS (every command but check)
    how long the wiki may ask to be left alone (Retry-After) before the run ends instead of waiting
    (default: 300)
-report:FILE (every command but check)
    write a report of the run as JSON
-now:ISO-TIME (every command but check)
    the time that "next" and "past" are told from, such as 2021-07-01T00:00Z
-help (every command)
    show this text
"""
"""Each way to write an option, the commands that take it so (or of a command one word), its help.

The order is that of the help.
"""

ALIASES = {"h": "help"}
PYWIKIBOT = ("site", "family", "lang", "code", "user")
"""Options of Pywikibot that people write; it has more, which go to it unread."""


class Format(StrEnum):
    """What an export writes."""

    PO = "po"
    XLIFF = "xliff"
    CSV = "csv"


class Side(StrEnum):
    """Whose text is right where both changed it."""

    WIKI = "wiki"
    CATALOG = "catalog"


class Allowance(StrEnum):
    """Limits that a run may be told to go beyond."""

    ORPHANED = "orphaned"
    OUTDATED = "outdated"
    LOST = "lost"
    MISSING = "missing"
    OTHERS = "others"


@dataclass(frozen=True)
class Options:
    """What the command line says, a field for each option.

    ``given`` has the names of the options that stand there, ``words`` the arguments without a
    dash, ``rest`` what is left for Pywikibot: its own options, or mistakes.
    """

    schema: str | None = None
    changes: Path | None = None
    only: tuple[str, ...] = ()
    import_: bool = False
    add: bool = False
    out: Path | None = None
    format: Format = Format.PO
    take: Side | None = None
    always: bool = False
    simulate: bool = False
    delete: bool = False
    brief: bool = False
    allow: tuple[Allowance, ...] = ()
    drift: Answers = field(default_factory=Answers)
    data: Path = Path("data")
    templates: Path = Path("templates")
    page: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    wiki: Path | None = None
    patience: int = waits.LONGEST_SECONDS
    report: Path | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    help: bool = False
    given: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def choice(self) -> Choice:
        """The pages, sections and languages that are wanted."""
        return Choice(self.page, self.section, self.language)


@dataclass(frozen=True)
class Rule:
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
        ("page", "section", "language", "drift", "allow", "now"),
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
        raise WikiplanError(f"-{name}:{value}: not an ISO time; {how}") from None
    if time.tzinfo is None:
        raise WikiplanError(f"-{name}:{value}: has no zone; {how}")
    return time


def _seconds(name: str, given: Sequence[str]) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", given[-1]):
        raise WikiplanError(f"-{name}:{given[-1]}: not a number of seconds; write it like 300")
    return int(given[-1])


def _one_of(kind: type[StrEnum], what: str, name: str, value: str) -> StrEnum:
    known = list(kind)
    if value in known:
        return kind(value)
    hint = did_you_mean(value, known) or f"there are {', '.join(known)}"
    raise WikiplanError(f"-{name}:{value}: no such {what}; {hint}")


def _side(name: str, given: Sequence[str]) -> Side:
    if given[-1] not in list(Side):
        use = " or ".join(f"-{name}:{side}" for side in Side)
        raise WikiplanError(f"-{name}:{given[-1]}: no such side; use {use}")
    return Side(given[-1])


Reader = Callable[[str, Sequence[str]], object]
"""Makes a field's value of an option's name and of the values given, one for each time."""

ONCE: Mapping[Any, Reader] = {
    bool: lambda _name, _given: True,
    str | None: lambda _, given: given[-1],
    Path: lambda _, given: Path(given[-1]),
    Path | None: lambda _, given: Path(given[-1]),
    datetime: _time,
    int: _seconds,
    Format: lambda name, given: _one_of(Format, "format", name, given[-1]),
    Side | None: _side,
}
REPEATED: Mapping[Any, Reader] = {
    tuple[str, ...]: lambda _, given: tuple(given),
    tuple[Allowance, ...]: lambda name, given: tuple(
        _one_of(Allowance, "limit", name, value) for value in given
    ),
    Answers: lambda _, given: targets.parse_answers(given),
}


# The table that the rest of the program reads.


@dataclass(frozen=True)
class OptionUse:
    """One way to write an option. ``takes`` names its value, if it has one."""

    takes: str
    told_where: str
    help: str

    @property
    def is_shared(self) -> bool:
        """Whether every command has it, but those that are named: ``every command but check``."""
        return self.told_where.startswith("every command")

    @property
    def where(self) -> frozenset[str]:
        """The commands, or a command with one of its words: ``translations export``."""
        if self.is_shared:
            return frozenset(COMMANDS) - {self.told_where.partition(" but ")[2]}
        return frozenset(self.told_where.split(", "))

    def is_of(self, command: Command) -> bool:
        return any(place.partition(" ")[0] == command.name for place in self.where)


@dataclass(frozen=True)
class Option:
    """An option: how it is written, for whom, and how its value is read."""

    name: str
    repeated: bool
    read: Reader
    uses: tuple[OptionUse, ...]

    @property
    def field(self) -> str:
        """The name of the field of :class:`Options`; Python keeps some words for itself."""
        return "import_" if self.name == "import" else self.name

    def uses_of(self, command: Command) -> tuple[OptionUse, ...]:
        """Return how a command takes the option; nothing if it does not."""
        return tuple(use for use in self.uses if use.is_of(command))

    def words_of(self, command: Command) -> tuple[str, ...]:
        """Return the words of a command that the option is for; nothing if it is for all."""
        where = {place for use in self.uses_of(command) for place in use.where}
        words = tuple(word.name for word in command.words)
        named = tuple(word for word in words if f"{command.name} {word}" in where)
        return () if command.name in where else named


def _table() -> tuple[Option, ...]:
    uses: dict[str, list[OptionUse]] = {}
    for head, told in re.findall(r"^(-.+)\n((?:    .+\n)+)", USES, re.MULTILINE):
        written, _, where = head.rstrip(")").partition(" (")
        name, _, takes = written.removeprefix("-").partition(":")
        uses.setdefault(name, []).append(OptionUse(takes, where, " ".join(told.split())))
    types = {name.rstrip("_"): kind for name, kind in get_type_hints(Options).items()}
    readers = {**ONCE, **REPEATED}
    return tuple(
        Option(name, types[name] in REPEATED, readers[types[name]], tuple(found))
        for name, found in uses.items()
    )


OPTIONS = _table()


def options_of(command: Command) -> tuple[Option, ...]:
    """Return the options that a command takes, in the order of the help."""
    return tuple(option for option in OPTIONS if option.uses_of(command))

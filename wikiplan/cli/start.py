"""The start of a command: its help is told at once, and only a run loads what it needs.

Nothing is imported at the top, here and in ``session.commands``, that ``-help`` does not need.
"""

from __future__ import annotations

import gc
import sys
import textwrap
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from wikiplan.session import COMMANDS, Command, Option, OptionUse, options_of, split

HELP = ("help", "")
"""The option as it is split: a name without a value."""
OBJECTS_BEFORE_COLLECTION = 50_000
"""Modules and plans stay: Python's 700 would have them looked through for garbage all the time."""


def run(name: str, about: str, arguments: Sequence[str]) -> int:
    """Do what the arguments say to a command; return its exit status.

    ``about`` is the text of its help.
    """
    given = arguments or sys.argv[1:]
    if HELP in map(split, given):
        say(help_text(COMMANDS[name], about))
        return 0
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    from wikiplan.session import command

    return command.run(name, given, work_of(COMMANDS[name]))


def work_of(command: Command) -> Any:
    """Return the function that does a command's work."""
    module = command.work or f"{command.name}work"
    return getattr(import_module(f"wikiplan.cli.{module}"), command.name)


def say(words: str) -> None:
    """Print what no run tells, as the stream's encoding allows."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(words, flush=True)
    except BrokenPipeError:
        from wikiplan import files

        files.to_nowhere(sys.stdout)


# What people read of the options.


HELP_WIDTH = 100
FIRST_COLUMN = 18
PARAMETERS = "&params;"
"""Where the text of a script of Pywikibot has its options."""
PASSED_ON = (
    "Pywikibot's own options (-site:, -family:, -lang:, -code:, -user:, -simulate, …) work too."
)


def help_text(command: Command, about: str) -> str:
    """Return a script's text with the words and options of its command in it."""
    words = {f"{word.name} {word.takes}".strip(): word.help for word in command.words}
    options = {
        written(option, use): told(option, use)
        for option in options_of(command)
        for use in option.uses_of(command)
    }
    parts = (
        _in_columns(words),
        _in_columns(options),
        "" if command.offline else command.passes_on or PASSED_ON,
        textwrap.fill(command.exit_status, HELP_WIDTH),
    )
    return about.replace(PARAMETERS, "\n\n".join(filter(None, parts))).strip()


def written(option: Option, use: OptionUse) -> str:
    return f"-{option.name}:{use.takes}" if use.takes else f"-{option.name}"


def told(option: Option, use: OptionUse) -> str:
    return f"{use.help}; repeatable" if option.repeated else use.help


def _in_columns(rows: Mapping[str, str]) -> str:
    column = max([FIRST_COLUMN, *(len(name) + 2 for name in rows)])
    return "\n".join(
        textwrap.fill(told, HELP_WIDTH, initial_indent=name.ljust(column),
                      subsequent_indent=" " * column, break_on_hyphens=False)
        for name, told in rows.items()
    )  # fmt: skip

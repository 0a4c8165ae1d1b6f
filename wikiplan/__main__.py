"""``wikiplan COMMAND …``: all commands under one name; each is a script of ``wikiplan_scripts``."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import wikiplan
from wikiplan.cli import COMMANDS
from wikiplan.errors import did_you_mean
from wikiplan.report import ExitStatus, Terminal

USAGE = """\
Keep wiki pages in step with a department's plan.

    wikiplan COMMAND [OPTION …]

{commands}

wikiplan COMMAND -help tells what a command does and takes; wikiplan --version which one this is.
"""


def main() -> int:
    """Do what the first argument names; returns its exit status."""
    terminal = Terminal()
    name, *arguments = sys.argv[1:] or ["-help"]
    asked = name.removeprefix("-")
    if asked in ("-help", "help", "h"):
        terminal.say(USAGE.format(commands=_commands()).strip())
        return ExitStatus.DONE
    if asked in ("-version", "version"):
        terminal.say(f"wikiplan {wikiplan.__version__}")
        return ExitStatus.DONE
    if name not in COMMANDS:
        hint = did_you_mean(asked, COMMANDS) or f"there are {', '.join(COMMANDS)}"
        terminal.error(f"{name}: no such command; {hint}")
        return ExitStatus.FAILED
    script = _script(name)
    sys.argv = [str(script.__file__), *arguments]  # Pywikibot reads it too
    return int(script.main())


def _commands() -> str:
    """Return the commands with the first sentence of what each says of itself."""
    width = max(map(len, COMMANDS)) + 2
    about = ((name, str(_script(name).__doc__).strip().partition("\n")[0]) for name in COMMANDS)
    return "\n".join(f"    {name:{width}}{first}" for name, first in about)


def _script(name: str) -> ModuleType:
    return import_module(f"wikiplan_scripts.plan_{name}")


if __name__ == "__main__":
    sys.exit(main())

"""``wikiplan COMMAND …``: all commands under one name; each is a script of ``wikiplan_scripts``."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import wikiplan
from wikiplan.cli import start
from wikiplan.session import COMMANDS

USAGE = """\
Keep wiki pages in step with a department's plan.

    wikiplan COMMAND [OPTION …]

{commands}

wikiplan COMMAND -help tells what a command does and takes; wikiplan --version which one this is.
"""


def main() -> int:
    """Do what the first argument names; returns its exit status."""
    name, *arguments = sys.argv[1:] or ["-help"]
    asked = name.removeprefix("-")
    if asked in ("-help", "help", "h"):
        start.say(USAGE.format(commands=_commands()).strip())
        return 0
    if asked in ("-version", "version"):
        start.say(f"wikiplan {wikiplan.__version__}")
        return 0
    if name not in COMMANDS:
        return _refuse(name)
    script = _script(name)
    sys.argv = [str(script.__file__), *arguments]  # Pywikibot reads it too
    return int(script.main())


def _refuse(name: str) -> int:
    from wikiplan.errors import WikiplanError, did_you_mean
    from wikiplan.report import ExitStatus
    from wikiplan.report.terminal import Terminal

    asked = name.removeprefix("-")
    words = (f"{each.name} {asked}" for each in COMMANDS.values() for word in each.words
             if word.name == asked)  # fmt: skip
    hint = next((f"say wikiplan {each}" for each in words), "") or did_you_mean(asked, COMMANDS)
    hint = hint or f"there are {', '.join(COMMANDS)}"
    Terminal().error(WikiplanError("no-such-command", f"{name}: no such command; {hint}").told)
    return ExitStatus.FAILED


def _commands() -> str:
    """Return the commands with the first sentence of what each says of itself."""
    width = max(map(len, COMMANDS)) + 2
    about = ((name, str(_script(name).__doc__).strip().partition("\n")[0]) for name in COMMANDS)
    return "\n".join(f"    {name:{width}}{first}" for name, first in about)


def _script(name: str) -> ModuleType:
    return import_module(f"wikiplan_scripts.plan_{name}")


if __name__ == "__main__":
    sys.exit(main())

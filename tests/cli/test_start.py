"""Help, and what is loaded for it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.session.test_commands import SHARED
from tests.support.loading import loaded_by, packages
from tests.support.running import ROOT
from wikiplan.cli import start
from wikiplan.cli.start import HELP_WIDTH, help_text, told, written
from wikiplan.session.commands import COMMANDS, OPTIONS

WITH_OPTIONS = [
    name
    for name, command in COMMANDS.items()
    if not all(use.is_shared for option in OPTIONS for use in option.uses_of(command))
]
"""Commands that have options of their own."""
PLACES = SHARED | {name: f"## plan_{name}" for name in WITH_OPTIONS}


def reference(place: str) -> str:
    """Return options as a table for the documentation, in Markdown.

    ``place`` is the name of a command, or what a use says of options that commands share.
    """
    command = COMMANDS.get(place)
    rows = [
        f"| `{written(option, use)}` | {told(option, use)} |\n"
        for option in OPTIONS
        for use in option.uses
        if use.told_where == place or (command and use.is_of(command) and not use.is_shared)
    ]
    return "".join(["| option | meaning |\n|---|---|\n", *rows])


@pytest.mark.parametrize(("place", "heading"), PLACES.items())
def test_the_documentation_has_the_table(place, heading):
    """``WIKIPLAN_CASES=1`` writes it there."""
    own = ROOT / "docs" / "operator" / f"options-{place}.md"
    page = own if own.exists() else own.with_name("options.md")
    text = page.read_text(encoding="utf-8")
    above = rf"^({heading}\n(?:(?![|#]).*\n)*)"
    table = reference(place)
    new, found = re.subn(
        rf"{above}(?:\|.*\n)+", lambda match: match[1] + table, text, flags=re.MULTILINE
    )
    if os.environ.get("WIKIPLAN_CASES"):
        page.write_text(new, encoding="utf-8")
    assert (found, new) == (1, text)


def test_the_help_puts_words_and_options_where_the_text_wants_them():
    told = help_text(COMMANDS["check"], "Check.\n\n&params;\n\nThat is all.")
    assert told.startswith("Check.\n\n-schema ")
    assert told.endswith("Exit status: 0 nothing is wrong, 1 something is.\n\nThat is all.")
    assert "Pywikibot" not in told
    assert max(map(len, told.split("\n"))) <= HELP_WIDTH


def test_the_help_says_which_options_of_pywikibot_a_command_takes():
    assert "Pywikibot's own options (-site:" in help_text(COMMANDS["update"], "&params;")
    told = help_text(COMMANDS["init"], "&params;")
    assert "The wiki is named by -site:FAMILY:CODE, the bot's account by -user:NAME." in told
    assert "Pywikibot" not in told


def test_the_help_says_which_options_may_be_given_again():
    told = " ".join(help_text(COMMANDS["update"], "&params;").split())
    assert "only this managed section; repeatable" in told
    assert "(default: data); repeatable" not in told
    assert "Pywikibot's own options (-site:" in told


def test_help_is_told_before_anything_is_done(capsys: pytest.CaptureFixture[str]):
    arguments = ["-help", "-report:no/such/folder/x.json"]
    assert start.run("update", "About.\n\n&params;", arguments) == 0
    assert capsys.readouterr().out.startswith("About.\n\n-changes:FILE")


MOST_MODULES_FOR_HELP = 60
"""Nearly all of them are Python's own."""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_loads_no_other_package_and_little_of_our_own(name: str, tmp_path: Path):
    loaded = loaded_by(f"plan_{name}", "-help", directory=tmp_path)
    assert {each for each in loaded if each.startswith("wikiplan")} == {
        "wikiplan",
        "wikiplan.cli",
        "wikiplan.cli.start",
        "wikiplan.session",
        "wikiplan.session.commands",
        "wikiplan_scripts",
        f"wikiplan_scripts.plan_{name}",
    }
    assert packages(loaded) == {"wikiplan", "wikiplan_scripts"}
    assert len(loaded) <= MOST_MODULES_FOR_HELP


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_its_work(name: str):
    assert callable(start.work_of(COMMANDS[name]))

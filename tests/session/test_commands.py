"""The table of the options: each is declared once, and everything that reads it agrees."""

from __future__ import annotations

import re

import pytest

from wikiplan.cli.start import help_text
from wikiplan.session.commandline import parse
from wikiplan.session.commands import COMMANDS, OPTIONS, PYWIKIBOT
from wikiplan.session.options import RULES

VALUES = {
    "exit": "waiting=0",
    "patience": "60",
    "port": "8765",
    "trust": "30",
    "allow": "orphaned",
    "annotate": "gitlab",
    "as": "markdown",
    "drift": "keep",
    "format": "csv",
    "now": "2021-07-01T00:00Z",
    "shard": "1/2",
    "take": "wiki",
}
"""What the options take that do not take any text."""


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_is_taken_and_told_by_the_commands_it_names_and_no_other(option):
    for name, command in COMMANDS.items():
        uses = option.uses_of(command)
        named = {place.partition(" ")[0] for use in option.uses for place in use.where}
        assert bool(uses) == (name in named)
        value = f":{VALUES.get(option.name, 'x')}" if any(use.takes for use in uses) else ""
        argument = f"-{option.name}{value}"
        parsed = parse(command, [argument])
        assert parsed.given == ({option.name} if uses else set())
        assert parsed.rest == (() if uses else (argument,))
        told = help_text(command, "&params;")
        assert bool(re.search(rf"(?m)^-{option.name}(?![\w-])", told)) == bool(uses)
        assert all(" ".join(use.help.split()) in " ".join(told.split()) for use in uses)


def test_places_and_rules_name_what_there_is():
    words = {f"{name} {word.name}" for name, each in COMMANDS.items() for word in each.words}
    names = {option.name for option in OPTIONS}
    for use in (use for option in OPTIONS for use in option.uses):
        assert use.where <= words | COMMANDS.keys()
    for rule in RULES:
        assert {*rule.options, *filter(None, (rule.beside, rule.without))} <= names
        assert {*rule.of} <= words | COMMANDS.keys()
    assert names.isdisjoint(PYWIKIBOT)


SHARED = {
    "every command": "## All commands",
    "every command but explain, init and report": "## All commands that read a plan",
    "every command but check, explain, init, move, year and report": (
        "## All commands that ask a wiki"
    ),
}


def test_every_way_to_write_an_option_is_in_the_documentation():
    uses = [use for option in OPTIONS for use in option.uses]
    assert {use.told_where for use in uses if use.is_shared} == SHARED.keys()
    assert {each for use in uses for each in use.where if each in COMMANDS} == COMMANDS.keys()

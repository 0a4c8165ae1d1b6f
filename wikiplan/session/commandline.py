"""Reading a command line by the table of options.

Options are written in Pywikibot's style, ``-name:value``, or as ``--name=value``. What one says by
itself is looked at in parsing; what does not go together when the run's report has begun, so that
it stands there too.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from wikiplan.changes import RUN_ID
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.session.commands import (
    OPTIONS,
    PYWIKIBOT,
    Command,
    Option,
    OptionUse,
    options_of,
    split,
)
from wikiplan.session.options import RULES, Options, Rule, read_value

OPTIONS_TOGETHER = "options-together"
"""The option does not go with the others, or needs another one."""

EVERY_NAME = (*(option.name for option in OPTIONS), *PYWIKIBOT)


def parse(command: Command, arguments: Sequence[str]) -> Options:
    """Return what the arguments say to a command.

    Raises :class:`WikiplanError` on a value that is missing, not wanted, or wrong.
    """
    own = {option.name: option for option in options_of(command)}
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    for argument in arguments:
        name, value = split(argument)
        if name in own:
            _check_value(own[name].uses_of(command), argument, value)
            found.setdefault(name, []).append(value)
        else:
            rest.append(_as_pywikibot_reads_it(argument))
    words = _words(command, rest)
    return Options(
        **{own[name].field: _value(own[name], given) for name, given in found.items()},
        given=frozenset(found),
        words=words,
        rest=tuple(argument for argument in rest if argument not in words),
    )


def report_file(command: Command, arguments: Sequence[str]) -> Path | None:
    """Return where the report goes of a command line that is wrong; nothing if it does not say."""
    named = [value for name, value in map(split, arguments) if name == "report" and value]
    takes = any(option.name == "report" for option in options_of(command))
    return Path(named[0]) if named and takes else None


def _as_pywikibot_reads_it(argument: str) -> str:
    """Return an option with one dash, and a colon before its value."""
    if not argument.startswith("--"):
        return argument
    name, value = split(argument)
    return f"-{name}:{value}" if value else f"-{name}"


def _check_value(uses: Sequence[OptionUse], argument: str, value: str) -> None:
    if not any(bool(use.takes) == bool(value) for use in uses):
        wanted = "takes no value" if value else "takes a value"
        raise WikiplanError("option-without-value", f"{argument}: {wanted}; see -help")


def _value(option: Option, given: Sequence[str]) -> Any:
    if len(set(given)) > 1 and not option.repeated:
        raise WikiplanError(
            "doubled-option", f"-{option.name}: given as {' and '.join(given)}; give it once"
        )
    return read_value(option, given)


def _words(command: Command, arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments without a dash that are the command's own."""
    bare = tuple(argument for argument in arguments if not argument.startswith("-"))
    takes = {word.name: word.takes for word in command.words}
    if command.takes_files or (bare and takes.get(bare[0])):
        return bare
    takes_run = command.takes_run
    return tuple(each for each in bare if each in takes or (takes_run and RUN_ID.fullmatch(each)))


# What a command would not heed.


def check(command: Command, options: Options) -> None:
    """Raise :class:`WikiplanError` for words and options that do not go together."""
    offline = command.offline
    if command.words:
        word = _one_word(command, options)
        offline = next(each.offline for each in command.words if each.name == word)
    for rule in RULES:
        _check_rule(rule, command, options)
    for option in options_of(command):
        words = option.words_of(command)
        if words and option.name in options.given and options.words[0] not in words:
            raise WikiplanError(
                "option-of-other-word", f"-{option.name}: only for {' and '.join(words)}; see -help"
            )
    _check_templates(options)
    if offline:
        own = [option.name for option in options_of(command)]
        refuse_rest(options.rest, own if command.offline else EVERY_NAME)


def _check_templates(options: Options) -> None:
    """Refuse what is no folder of templates; only the default need not be there."""
    folder = options.templates
    if not folder.is_dir() and ("templates" in options.given or os.path.lexists(folder)):
        wrong = "is not a folder" if folder.exists() else "there is no such folder"
        raise WikiplanError(
            "no-templates", f"-templates:{folder}: {wrong}; name the one with the templates"
        )


def _one_word(command: Command, options: Options) -> str:
    """Return the word that says what to do; there is one."""
    takes = {word.name: word.takes for word in command.words}
    if not options.words:
        for each in options.rest:
            if not each.startswith("-") and (hint := did_you_mean(each, takes)):
                raise WikiplanError("no-such-word", f"{each}: no such command; {hint}")
        raise WikiplanError("do-what", f"say what to do: {', '.join(takes)}; see -help")
    word, *more = options.words
    if more and not takes[word]:
        raise WikiplanError(
            "one-at-a-time", f"{more[0]}: one thing at a time; give it after “{word}” is done"
        )
    return word


def _check_rule(rule: Rule, command: Command, options: Options) -> None:
    places = {command.name, *(f"{command.name} {word}" for word in options.words[:1])}
    given = {*options.given, *(split(argument)[0] for argument in options.rest)}
    holds = (
        not places.isdisjoint(rule.of)
        or (rule.beside and rule.beside in given)
        or (rule.without and rule.without not in given)
    )
    for name in rule.options if holds else ():
        if name in given:
            raise WikiplanError(OPTIONS_TOGETHER, f"-{name}: {rule.advice}")


NO_DOUBT = 0.8
"""Pywikibot has hundreds of options, which only it knows; none is as like one of ours as that."""


def refuse_misspelt(rest: Sequence[str]) -> None:
    """Raise on what can only be a misspelt option, before Pywikibot looks at anything."""
    for argument in rest:
        name = split(argument)[0]
        hint = did_you_mean(name, EVERY_NAME, NO_DOUBT)
        if hint and name not in EVERY_NAME:
            raise WikiplanError("misspelt-option", f"{argument}: no such option; {hint}")


def refuse_wrong(options: Options) -> None:
    """Raise on options that nobody can know, where it takes a while until a wiki is opened."""
    (refuse_rest if options.wiki else refuse_misspelt)(options.rest)


def refuse_rest(rest: Sequence[str], known: Collection[str] = EVERY_NAME) -> None:
    """Raise on arguments that nobody knows, with the nearest name that is known.

    What is misspelt is told before what belongs to another command.
    """
    named = [(split(argument)[0] or argument, argument) for argument in rest]
    for name, argument in sorted(named, key=lambda each: each[0] in EVERY_NAME):
        if name in known:
            raise WikiplanError(
                "option-of-other-command", f"{argument}: this command does not take it; see -help"
            )
        hint = did_you_mean(name, known) or "see -help"
        raise WikiplanError("unknown-option", f"{argument}: no such option; {hint}")

"""Command lines as people write them, and what is told of those that make no sense."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.errors import WikiplanError
from wikiplan.plan.targets import Choice
from wikiplan.session.commandline import (
    check,
    parse,
    refuse_misspelt,
    refuse_rest,
)
from wikiplan.session.commands import COMMANDS
from wikiplan.session.options import Side

UPDATE = COMMANDS["update"]


def test_what_is_not_ours_is_left_for_pywikibot():
    parsed = parse(UPDATE, ["-site:meta:meta", "-always", "-page:A", "-page:B/ar"])
    assert parsed.rest == ("-site:meta:meta",)
    assert parsed.always
    assert parsed.choice == Choice(pages=("A", "B/ar"))


def test_values_may_hold_colons():
    parsed = parse(UPDATE, ["-now:2021-07-01T00:00:00+02:00", "-data:x:y"])
    assert parsed.now == datetime(2021, 6, 30, 22, tzinfo=UTC)
    assert parsed.data == Path("x:y")


def test_options_may_be_written_as_other_programs_have_them():
    ways = (["-page:A=B:C", "-always"], ["--page:A=B:C", "--always"], ["--page=A=B:C", "--always"])
    first, *others = (parse(UPDATE, [*way, "-now:2021-07-01T00:00Z"]) for way in ways)
    assert first.page == ("A=B:C",)
    assert others == [first, first]
    assert parse(UPDATE, ["-h"]).help
    assert parse(UPDATE, ["--site=meta:meta", "--simulat"]).rest == ("-site:meta:meta", "-simulat")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-page"], "-page: takes a value; see -help"),
        (["-always:yes"], "-always:yes: takes no value; see -help"),
        (["-data:a", "-data:b"], "-data: given as a and b; give it once"),
        (["-now:noon"], "-now:noon: not an ISO time; write it like -now:2021-07-01T00:00Z"),
        (
            ["-now:2021-07-01T00:00"],
            "-now:2021-07-01T00:00: has no zone; write it like -now:2021-07-01T00:00Z",
        ),
        (
            ["-drift:maybe"],
            "-drift:maybe: no such answer; use -drift:keep, -drift:import or -drift:reclaim",
        ),
        (
            ["-drift:hours=reclam"],
            "-drift:hours=reclam: no such answer; did you mean “reclaim”?",
        ),
        (
            ["-drift:hours=keep", "-drift:hours=reclaim"],
            "-drift:hours=reclaim: given as keep and reclaim; give it once",
        ),
    ],
)
def test_a_wrong_option_says_how_it_is_written(arguments, message):
    with pytest.raises(WikiplanError) as error:
        parse(UPDATE, arguments)
    assert str(error.value) == message


def test_an_option_that_nobody_knows_gets_the_nearest_one():
    with pytest.raises(WikiplanError) as error:
        refuse_rest(("-alwys",), ("always", "page"))
    assert str(error.value) == "-alwys: no such option; did you mean “always”?"


def test_an_option_of_another_command_is_not_called_misspelt():
    with pytest.raises(WikiplanError) as error:
        refuse_rest(("-drift:keep",), ("always", "drift"))
    assert str(error.value) == "-drift:keep: this command does not take it; see -help"


def test_an_optional_value_may_be_left_out():
    assert parse(COMMANDS["check"], ["-schema"]).schema == ""
    assert parse(COMMANDS["check"], ["-schema:pages"]).schema == "pages"
    assert parse(COMMANDS["check"], []).schema is None


def test_words_are_those_of_the_command_and_names_have_a_form():
    command, run = COMMANDS["translations"], "20210701T000000Z-abc123"
    assert parse(command, ["import", "a.po", "-take:wiki", "b"]).words == ("import", "a.po", "b")
    assert parse(command, ["-take:wiki", "pull"]).take is Side.WIKI
    assert parse(command, ["status", "a.po"]).rest == ("a.po",)
    undo = parse(COMMANDS["undo"], [run, "other"])
    assert (undo.words, undo.rest) == ((run,), ("other",))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("update", "-only:A", "-only: picks out of a change set; say which with -changes:FILE"),
        ("adopt", "-page:A -add", "-add: adds to a plan what an import finds; say -import -add"),
        (
            "undo",
            "20210701T000000Z-abc123 -language:de",
            "-language: a run is taken back by page; choose with -page:",
        ),
        (
            "translations",
            "update -page:A",
            "-page: a catalog is a whole; choose with -language:CODE",
        ),
        ("translations", "exprot -out:x", "exprot: no such command; did you mean “export”?"),
        (
            "translations",
            "-out:x",
            "say what to do: update, export, import, status, mark, pull, bundles, push, notify; "
            "see -help",
        ),
        ("translations", "update -site:a:b", "-site:a:b: this command does not take it; see -help"),
        ("check", "-always", "-always: no such option; see -help"),
        ("check", "--dta=x", "-dta:x: no such option; did you mean “data”?"),
    ],
)
def test_what_a_command_would_not_heed_is_refused(name, arguments, message):
    with pytest.raises(WikiplanError) as error:
        check(COMMANDS[name], parse(COMMANDS[name], arguments.split()))
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("update", "-changes:x -only:A -only:B#c -brief -always -data:d"),
        ("update", "-page:A -section:b -language:de foo"),
        ("adopt", "-page:A -import -add -section:a="),
        ("translations", "pull -take:wiki -language:de"),
        ("translations", "import a.po b.po"),
        ("undo", "20210701T000000Z-abc123 -page:A"),
    ],
)
def test_what_goes_together_is_taken(name, arguments):
    check(COMMANDS[name], parse(COMMANDS[name], arguments.split()))


NAMES = st.sampled_from(["page", "section", "language"])
TEXTS = st.text(min_size=1, max_size=9)


@settings(max_examples=examples(30))
@given(
    st.lists(st.tuples(NAMES, TEXTS, st.sampled_from(["-{}:{}", "--{}={}", "--{}:{}"])), max_size=5)
)
def test_any_value_of_any_text_is_read_as_it_was_written(given):
    parsed = parse(UPDATE, [form.format(name, text) for name, text, form in given])
    for name in ("page", "section", "language"):
        assert getattr(parsed, name) == tuple(text for each, text, _ in given if each == name)
    assert (parsed.rest, parsed.words) == ((), ())


def test_only_what_can_be_no_option_of_pywikibots_is_refused_before_it_looks():
    for argument in (
        "-lang:de",
        "-dir:x",
        "-cosmetic_changes:1",
        "-put_throttle:1",
        "-verbose",
        "x",
    ):
        refuse_misspelt([argument])
    for argument in ("-dat:x", "--templtes=x", "-brif"):
        with pytest.raises(WikiplanError, match="no such option; did you mean"):
            refuse_misspelt([argument])

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wikiplan.cli import command
from wikiplan.errors import WikiplanError
from wikiplan.plan.targets import Choice


def test_what_is_not_ours_is_left_for_pywikibot():
    parsed = command.parse(["-site:meta:meta", "-always", "-page:A", "-page:B/ar"], ["always"])
    assert parsed.rest == ("-site:meta:meta",)
    assert "always" in parsed.values
    assert parsed.choice == Choice(pages=("A", "B/ar"))


def test_values_may_hold_colons():
    parsed = command.parse(["-now:2021-07-01T00:00:00+02:00", "-data:x:y"])
    assert parsed.now == datetime(2021, 6, 30, 22, tzinfo=UTC)
    assert parsed.data == Path("x:y")


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
        command.parse(arguments, ["always"], ["drift"])
    assert str(error.value) == message


def test_an_option_that_nobody_knows_gets_the_nearest_one():
    with pytest.raises(WikiplanError) as error:
        command.refuse_rest(("-alwys",), ("always", "page"))
    assert str(error.value) == "-alwys: no such option; did you mean “always”?"


def test_an_option_of_another_command_is_not_called_misspelt():
    with pytest.raises(WikiplanError) as error:
        command.refuse_rest(("-drift:keep",), ("always", "drift"))
    assert str(error.value) == "-drift:keep: this command does not take it; see -help"


def test_an_optional_value_may_be_left_out():
    assert command.parse(["-schema"], optional=["schema"]).values == {"schema": ""}
    assert command.parse(["-schema:pages"], optional=["schema"]).values == {"schema": "pages"}

"""What the options of a command line come to in a run."""

from __future__ import annotations

import pytest

from tests.session.test_commands import VALUES
from wikiplan.errors import WikiplanError
from wikiplan.report import ExitStatus
from wikiplan.session.commands import OPTIONS
from wikiplan.session.options import TYPES, Options, read_value


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_has_its_field_and_takes_effect_in_it(option):
    takes = any(use.takes for use in option.uses)
    read = read_value(option, [VALUES.get(option.name, "x") if takes else ""])
    assert read != getattr(Options(), option.field)


def test_the_options_that_may_be_given_again_are_those_that_have_several_values():
    several = {option.name for option in OPTIONS if option.repeated}
    assert several == {
        "only", "allow", "drift", "page", "section", "language", "take-over", "exit", "schedule"
    }  # fmt: skip
    by_name = {"drift", "exit"}
    for option in OPTIONS:
        assert str(TYPES[option.field]).startswith("tuple") == (option.name in several - by_name)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("wating=0", "-exit:wating=0: no such outcome; did you mean “waiting”?"),
        ("waiting", "-exit:waiting: not an exit status; write it like waiting=0"),
        ("failed=256", "-exit:failed=256: not an exit status; write it like failed=0"),
    ],
)
def test_an_exit_status_is_one_of_an_outcome(given: str, told: str):
    option = next(each for each in OPTIONS if each.name == "exit")
    assert read_value(option, ["waiting=0", "failed=7"]) == {
        ExitStatus.WAITING: 0,
        ExitStatus.FAILED: 7,
    }
    with pytest.raises(WikiplanError) as raised:
        read_value(option, [given])
    assert str(raised.value) == told


@pytest.mark.parametrize("wrong", ["0", "65536", "-1", "x", "８０"])
def test_what_is_no_port_is_told(wrong):
    option = next(each for each in OPTIONS if each.name == "port")
    with pytest.raises(WikiplanError, match=f"^-port:{wrong}: is no port; write one like"):
        read_value(option, [wrong])

"""What the options of a command line come to in a run."""

from __future__ import annotations

import pytest

from tests.session.test_commands import VALUES
from wikiplan.session.commands import OPTIONS
from wikiplan.session.options import TYPES, Options, read_value


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_has_its_field_and_takes_effect_in_it(option):
    takes = any(use.takes for use in option.uses)
    read = read_value(option, [VALUES.get(option.name, "x") if takes else ""])
    assert read != getattr(Options(), option.field)


def test_the_options_that_may_be_given_again_are_those_that_have_several_values():
    several = {option.name for option in OPTIONS if option.repeated}
    assert several == {"only", "allow", "drift", "page", "section", "language", "take-over"}
    for option in OPTIONS:
        assert str(TYPES[option.field]).startswith("tuple") == (option.name in several - {"drift"})

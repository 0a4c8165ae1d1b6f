"""What is called by another name now, and what it was called before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan.moves import (
    FILE,
    LANGUAGE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    UNIT,
    Move,
    Moves,
    move_of,
)

YEAR = Move(FILE, "priorities/2020-2021", "priorities/2021-2022")
RULES = Move(UNIT, "priorities-2021-2022.safety.policy", "priorities-2021-2022.safety.rules")
SAFETY = Move(TEAM, "trust-and-safety", "safety")


@pytest.mark.parametrize(
    ("move", "kind", "before", "after"),
    [
        (Move(UNIT, "a.b", "a.c"), UNIT, "a.b", "a.c"),
        (Move(UNIT, "a.b", "a.c"), UNIT, "a.b.deeper", "a.c.deeper"),
        (Move(UNIT, "a.b", "a.c"), UNIT, "a.bb", "a.bb"),
        (Move(UNIT, "a.b", "a.c"), SECTION, "a.b", "a.b"),
        (YEAR, UNIT, "priorities-2020-2021.intro", "priorities-2021-2022.intro"),
        (YEAR, FILE, "priorities/2020-2021", "priorities/2021-2022"),
        (SAFETY, UNIT, "department.trust-and-safety.about", "department.safety.about"),
        (SAFETY, UNIT, "priorities-2020-2021.trust-and-safety", "priorities-2020-2021.safety"),
        (SAFETY, UNIT, "office-hours.trust-and-safety", "office-hours.trust-and-safety"),
        (Move(PAGE, "Old", "New"), PAGE, "Old/Priorities", "New/Priorities"),
        (Move(PAGE, "Old", "New"), PAGE, "Old#Goals", "New#Goals"),
        (Move(PERSON, "ada", "eva"), UNIT, "people.ada.name", "people.eva.name"),
        (Move(PAGE, "Old", "New"), PAGE, "Older", "Older"),
        (Move(SECTION, "overview", "summary"), SECTION, "overview", "summary"),
        (Move(LANGUAGE, "iw", "he"), LANGUAGE, "iw", "he"),
    ],
)
def test_a_move_is_of_a_thing_and_of_what_belongs_to_it(move, kind, before, after):
    assert move.renamed(kind, before) == after
    assert move.back.renamed(kind, after) == before


@pytest.mark.parametrize("entries", [(YEAR, RULES, SAFETY), (SAFETY, RULES, YEAR)])
def test_moves_are_followed_through_each_other_in_any_order(entries):
    moves, old = Moves(entries), "priorities-2020-2021.trust-and-safety.policy"
    assert moves.latest(UNIT, old) == "priorities-2021-2022.safety.rules"
    assert moves.former(UNIT, "priorities-2021-2022.safety.rules")[-1] == old


def test_a_circle_ends():
    moves = Moves((Move(SECTION, "a", "b"), Move(SECTION, "b", "a")))
    assert moves.latest(SECTION, "a") == "a"
    assert moves.former(SECTION, "a") == ("b", "a")


@given(st.permutations([Move(PAGE, f"p{n}", f"p{n + 1}") for n in range(6)]))
def test_the_order_of_entries_means_nothing(entries):
    moves = Moves(tuple(entries))
    assert moves.latest(PAGE, "p0/x") == "p6/x"
    assert moves.former(PAGE, "p6") == ("p5", "p4", "p3", "p2", "p1", "p0")


@pytest.mark.parametrize(
    "entry",
    [{"unit": "a"}, {"to": "b"}, {"unit": "a", "page": "b", "to": "c"}, {"unit": 1, "to": 2}],
)
def test_an_entry_of_another_shape_is_no_move(entry):
    assert move_of(entry) is None

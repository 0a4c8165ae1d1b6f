"""What fields of a pattern stand for, and the texts that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from wikiplan.plan.moves import FILE, TEAM, UNIT, Move, Moves
from wikiplan.plan.patterns import AllSubjects, combined, fields_in, filled, filled_entry

DATA: dict[str, Any] = {
    "department": {
        "teams": [
            {"key": "gardens", "name": {"text": "Gardens"}},
            {"key": "paths", "text": "Paths", "dissolved": True},
            {"text": "A team without a key"},
        ]
    },
    "office-hours": {
        "events": [
            {"key": "spring", "start": "2021-04-15T16:00", "topic": {"text": "Seeds"}},
            {"key": "summer", "start": "2021-07-15T16:00", "minutes": 60},
        ]
    },
    "priorities/2020-2021": {"teams": [{"key": "paths"}]},
    "priorities/2021-2022": {"teams": [{"key": "gardens"}]},
    "people": {"ada": {"name": {"text": "Ada Example"}}, "ben": "words"},
    "seeds": {"lists": {"early": [{"key": "leek", "colour": "green"}]}},
}


def titles(pattern: str, own: Mapping[str, str] = {}, form: str = "") -> list[str]:
    subjects = AllSubjects(DATA, form)
    every = [subjects.of(name, own) for name in fields_in(pattern)]
    return [filled(pattern, each, titled=True) for each in combined(every)]


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        ("Goals {year}", ["Goals 2020–2021", "Goals 2021–2022"]),
        ("Goals {year.key}", ["Goals 2020-2021", "Goals 2021-2022"]),
        ("Talks/{event}", ["Talks/spring", "Talks/summer"]),
        ("Talks/{event.date}", ["Talks/2021-04-15", "Talks/2021-07-15"]),
        ("{event.file}: {event}", ["office-hours: spring", "office-hours: summer"]),
        ("Teams/{team}", ["Teams/Gardens"]),
        ("Teams/{team.key}", ["Teams/gardens"]),
        ("{year}/{team}", ["2020–2021/Paths", "2021–2022/Gardens"]),
        ("{team} in {year}", ["Gardens in 2021–2022", "Paths in 2020–2021"]),
        ("{event}/{team}", ["spring/Gardens", "summer/Gardens"]),
    ],
)
def test_a_field_makes_a_title_of_each_thing_in_the_data(pattern: str, made: list[str]):
    assert titles(pattern) == made


def test_a_year_is_written_as_the_plan_writes_years():
    assert titles("Goals {year}", form="FY22") == ["Goals FY21", "Goals FY22"]


def test_a_field_of_ones_own_goes_over_a_list_or_a_mapping():
    own = {"seed": "seeds.lists.early", "person": "people"}
    assert titles("{seed} is {seed.colour}", own) == ["leek is green"]
    assert titles("{person.key}: {person}", own) == ["ada: Ada Example"]


def test_what_says_nothing_is_told_with_the_near_miss():
    with pytest.raises(ValueError, match="the event spring has no words under “tpoic”; did you "):
        titles("{event.tpoic}")
    with pytest.raises(ValueError, match="the event spring has no words under “minutes”; name a k"):
        titles("{event.minutes}")
    with pytest.raises(ValueError, match=r"there is no field {evnt}; did you mean “event”"):
        titles("{evnt}")


def test_sections_and_headings_are_filled_and_all_else_stays():
    entry = {
        "title": "Goals {year}",
        "missing-section": {"after": "Goals of {year}"},
        "languages": ["en"],
        "sections": [{"name": "goals-{year}", "template": "a", "data": "priorities/{year}"}, "?"],
    }
    subject = AllSubjects(DATA).of("year", {})[0]
    assert filled_entry(entry, [subject]) == {
        "title": "Goals 2020–2021",
        "missing-section": {"after": "Goals of 2020–2021"},
        "languages": ["en"],
        "sections": [
            {"name": "goals-2020-2021", "template": "a", "data": "priorities/2020-2021"},
            "?",
        ],
    }


@pytest.mark.parametrize(
    ("name", "move", "before"),
    [
        ("year", Move(FILE, "priorities/2019-2020", "priorities/2020-2021"), ["2019-2020"]),
        ("event", Move(UNIT, "office-hours.april", "office-hours.spring"), ["april"]),
        ("team", Move(TEAM, "beds", "gardens"), ["beds"]),
        ("team", Move(TEAM, "beds", "paths"), []),
    ],
)
def test_what_was_moved_is_known_by_the_key_that_it_had(name: str, move: Move, before: list[str]):
    subject = AllSubjects(DATA).of(name, {})[0]
    assert [each.key for each in subject.former(Moves((move,)))] == before

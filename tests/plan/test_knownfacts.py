"""Facts that texts have without declaring them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.plan.facttypes import (
    Date,
    FiscalYear,
    Link,
    Name,
    NamedUnit,
    NameList,
    NextEvent,
    Number,
    Time,
)
from wikiplan.plan.knownfacts import facts_beside, facts_of_plan, lacking, names_beside
from wikiplan.plan.units import TextBlock, blocks_in

LINKS = {
    "ada": Link(page="User:Ada", title="Ada"),
    "office": Link(page="Office", title="Green Office"),
    "paths": Link(page="Paths", title="Paths"),
}
PEOPLE = {"ada-green": {"name": {"text": "Ada Green"}, "link": "ada"}}
DEPARTMENT: dict[str, Any] = {
    "name": {"text": "Gardens"},
    "parent": "office",
    "lead": {"person": "ada-green", "title": {"text": "Head"}},
    "teams": [
        {"key": "old-roses", "name": {"text": "Old Roses"}, "link": "paths"},
        {"key": "hedges", "name": {"text": "Hedges"}, "lead": {"name": "Cem Reed"}},
        {"key": "gone", "name": {"text": "Gone"}, "dissolved": True},
    ],
}
EVENTS: list[dict[str, Any]] = [
    {"key": "b", "start": "2021-07-15T18:00", "zone": "Europe/Berlin", "minutes": 90},
    {"key": "a", "start": "2021-04-15T16:00Z"},
    {"key": "c", "start": "2021-05-01T16:00Z", "status": "cancelled"},
]
FILES: dict[str, Any] = {
    "department": DEPARTMENT,
    "people": PEOPLE,
    "office-hours": {"events": EVENTS},
    "priorities/2020-2021": {"fiscal-year": "2020-2021"},
    "priorities/2021-2022": {"fiscal-year": "2021-2022"},
}


def test_every_text_knows_the_people_the_teams_the_counts_and_the_next_event():
    found = facts_of_plan(FILES, LINKS)
    event = found.pop("next_event")
    assert found == {
        "team_old_roses": NamedUnit("department.old-roses.name", "Old Roses"),
        "team_old_roses_link": LINKS["paths"],
        "team_hedges": NamedUnit("department.hedges.name", "Hedges"),
        "team_gone": NamedUnit("department.gone.name", "Gone"),
        "person_ada_green": NamedUnit("people.ada-green.name", "Ada Green"),
        "person_ada_green_link": LINKS["ada"],
        "department": NamedUnit("department.name", "Gardens"),
        "parent": Name("Green Office"),
        "parent_link": LINKS["office"],
        "lead": NamedUnit("people.ada-green.name", "Ada Green"),
        "lead_link": LINKS["ada"],
        "lead_title": NamedUnit("department.lead.title", "Head"),
        "team_hedges_lead": Name("Cem Reed"),
        "teams": Number(2),
        "team_list": NameList((
            NamedUnit("department.old-roses.name", "Old Roses", LINKS["paths"]),
            NamedUnit("department.hedges.name", "Hedges"),
        )),
        "latest_year": FiscalYear(2021),
    }  # fmt: skip
    assert isinstance(event, NextEvent)
    starts = [start.isoformat() for start, _ in event.events]
    assert starts == ["2021-04-15T16:00:00+00:00", "2021-07-15T18:00:00+02:00"]
    assert event.without == Name("–")


@pytest.mark.parametrize(
    ("now", "start"),
    [
        (datetime(2021, 4, 15, 16, 59, tzinfo=UTC), 0),
        (datetime(2021, 4, 15, 17, tzinfo=UTC), 1),
        (datetime(2021, 7, 15, 17, 29, tzinfo=UTC), 1),
        (datetime(2021, 7, 15, 17, 30, tzinfo=UTC), None),
    ],
)
def test_the_next_event_is_the_first_that_has_not_ended(now: datetime, start: int | None):
    event = facts_of_plan(FILES, LINKS)["next_event"]
    assert isinstance(event, NextEvent)
    assert event.coming(now) == (None if start is None else event.events[start])


def test_labels_translate_the_parent_and_what_stands_for_no_event():
    labels = {"link-office": {"text": "Office"}, "no-next-event": {"text": "not fixed"}}
    found = facts_of_plan({**FILES, "labels": labels}, LINKS)
    assert found["parent"] == NamedUnit("labels.link-office", "Office")
    event = found["next_event"]
    assert isinstance(event, NextEvent)
    assert event.without == NamedUnit("labels.no-next-event", "not fixed")


def test_a_name_with_markup_and_a_team_without_a_name_are_no_facts():
    teams = [{"key": "a", "text": "A"}, {"key": "b", "name": {"text": "B"}}]
    department = {"name": {"text": "The '''Gardens'''"}, "teams": teams}
    assert facts_of_plan({"department": department}, LINKS) == {
        "team_b": NamedUnit("department.b.name", "B"),
        "teams": Number(2),
    }


def test_a_team_s_name_comes_before_what_another_team_implies():
    lead = {"name": "Cem"}
    teams = [
        {"key": "a", "name": {"text": "A"}, "lead": lead},
        {"key": "a-lead", "name": {"text": "B"}},
    ]
    found = facts_of_plan({"department": {"teams": teams}}, {})
    assert found["team_a_lead"] == NamedUnit("department.a-lead.name", "B")


def block_of(data: dict[str, Any], text: str) -> TextBlock:
    return next(block for block in blocks_in(data) if block.data["text"] == text)


@pytest.mark.parametrize(
    ("stem", "data", "facts"),
    [
        (
            "priorities/2021-2022",
            {"fiscal-year": "2021-2022", "teams": [
                {"key": "a", "items": [{"key": "b", "text": "x", "target": "2022-03"}]}
            ]},
            {"last_year": FiscalYear(2020), "year": FiscalYear(2021), "next_year": FiscalYear(2022),
             "target": Date("2022-03")},
        ),
        (
            "office-hours",
            {"events": [{"key": "a", "start": "2021-04-15T16:00Z", "topic": {"text": "x"}}]},
            {"start": Time(datetime(2021, 4, 15, 16, tzinfo=UTC))},
        ),
        (
            "recipes",
            {"dishes": [{"key": "a", "old-beds": 12, "since": "2021-04", "cook": "Ada",
                         "steps": {"text": "x", "pots": 3, "year": "2020-2021"}}]},
            {"old_beds": Number(12), "since": Date("2021-04"), "pots": Number(3),
             "year": FiscalYear(2020)},
        ),
        ("recipes", {"body": {"text": "x", "level": 2, "fresh": True}}, {"level": Number(2)}),
    ],
)  # fmt: skip
def test_a_text_knows_what_stands_beside_it(stem, data, facts):
    assert facts_beside(stem, data, block_of(data, "x")) == facts


def test_the_name_of_a_fact_that_is_wrong_is_known():
    data = {"fiscal-year": "2021-21", "heading": {"text": "x"}}
    block = block_of(data, "x")
    assert facts_beside("priorities/2021-2022", data, block) == {}
    names = names_beside("priorities/2021-2022", data, block)
    assert names == {"year", "last_year", "next_year"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("team_roses", "give the team a “name: {text: …}” in department.yaml, instead of its text"),
        ("person_ada", "add the person to people.yaml"),
        ("person_ada_link", "give it a “link:” in the plan, or take the link out of the text"),
        ("lead_link", "give it a “link:” in the plan, or take the link out of the text"),
        ("team_list", "the plan does not say it; add a “name:” to every team in department.yaml"),
        ("lead", "the plan does not say it; add “lead:” to department.yaml"),
        ("target", "the plan does not say it; add “target:” beside the text"),
        ("paths", ""),
        ("link", ""),
    ],
)
def test_what_a_fact_needs_is_told(name: str, told: str):
    assert lacking(name) == told


DAMAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "ada", "2021-04", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "name", "text", "lead", "teams", "events", "start", "link"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*FILES, "labels"]), DAMAGE, max_size=4))
def test_damaged_data_has_fewer_facts_and_breaks_nothing(files: dict[str, Any]):
    facts_of_plan(files, LINKS)

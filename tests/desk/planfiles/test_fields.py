"""A value is typed in the field that its data model asks for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.fields import Field, Fields, Names, absent, typed
from wikiplan.desk.planfiles.places import Place
from wikiplan.plan import plan
from wikiplan.yaml import Scalar

STATUSES = ("planned", "under-way", "done", "dropped")


@pytest.fixture
def fields(open_desk: Callable[..., Desk]) -> Fields:
    work = open_desk().current()
    return Fields(Names.of_plan(work.plan, work.options.templates))


@pytest.mark.parametrize(
    ("stem", "path", "value", "input"),
    [
        ("department", ("mission", "text"), "Short.", "textarea"),
        ("department", ("mission", "note"), "Short.", "textarea"),
        ("people", ("m", "name", "text"), "M. D.", "text"),
        ("links", ("legal", "title"), "Legal", "text"),
        ("links", ("legal", "title"), "Long " * 20, "textarea"),
        ("links", ("legal", "translatable"), True, "select"),
        ("office-hours", ("events", 0, "start"), "2021-07-15T18:00", "datetime-local"),
        ("office-hours", ("events", 0, "start"), "2021-07-15T18:00Z", "text"),
        ("office-hours", ("events", 0, "except", 0), "2021-07-15", "date"),
        ("office-hours", ("events", 0, "minutes"), 60, "number"),
        ("office-hours", ("events", 0, "status"), "planned", "select"),
        ("office-hours", ("events", 0, "questions"), "talk", "select"),
        ("office-hours", ("events", 0, "zone"), "Europe/Berlin", "text"),
        ("priorities/2021-2022", ("teams", 0, "items", 0, "target"), "2022-01", "month"),
        ("priorities/2021-2022", ("teams", 0, "items", 0, "target"), "Q2 2021-2022", "text"),
        ("priorities/2021-2022", ("teams", 0, "items", 0, "status"), "done", "select"),
        ("grants", ("rounds", 0, "amount"), 5, "text"),
        ("grants", ("rounds", 0, "text"), "Five.", "textarea"),
    ],
)
def test_a_value_has_the_field_that_its_model_asks_for(
    stem: str, path: tuple[str | int, ...], value: Scalar, input: str, fields: Fields
):
    assert fields.of(Place(stem, path), value).input == input


def test_a_field_says_what_the_value_is_and_what_can_be_chosen(fields: Fields):
    status = fields.of(Place("priorities/2021-2022", ("teams", 0, "items", 0, "status")), "done")
    assert status.help == "How far it is, one of the plan's statuses; not shown when left out."
    assert status.choices == tuple((each, each) for each in STATUSES) and status.optional
    lead = fields.of(Place("department", ("lead", "person")), "maggie-dennis")
    assert lead.choices == (("maggie-dennis", "maggie-dennis: Maggie Dennis"),)
    parent = fields.of(Place("department", ("parent",)), "legal")
    assert ("legal", "legal: Legal department") in parent.choices
    minutes = fields.of(Place("office-hours", ("events", 0, "minutes")), 60)
    assert (minutes.least, minutes.most, minutes.optional) == ("1", "1440", True)
    text = fields.of(Place("department", ("mission", "text")), "It helps.")
    assert (text.help, text.optional) == ("English wikitext with $variables.", False)


def test_a_day_can_be_typed_in_words(fields: Fields):
    place = Place("priorities/2021-2022", ("teams", 0, "items", 0, "target"))
    assert fields.of(place, "2022-01").can_be_words
    assert fields.of(place, "2022-01", as_words=True).input == "text"


@pytest.mark.parametrize(
    ("text", "before", "kind", "value"),
    [
        ("a\r\nb\r\n", "a", "", "a\nb"),
        ("a\r\nb\r\n", "a\n", "", "a\nb\n"),
        ("07", 7, "number", "07"),
        ("7", 60, "number", 7),
        ("7", 60, "", 7),
        ("7", "60", "", "7"),
        ("7", "2.5", "number", 7),
        ("7", "", "number", 7),
        ("2.5", 7, "number", "2.5"),
        ("true", False, "yes-no", True),
        ("false", "", "yes-no", False),
        ("maybe", False, "yes-no", "maybe"),
        ("true", "yes", "", "true"),
    ],
)
def test_what_was_typed_becomes_a_value_of_its_kind(text, before, kind, value):
    field = Field("text", is_number=kind == "number", is_yes_no=kind == "yes-no")
    found = field.value(text, before)
    assert (type(found), found) == (type(value), value)


def test_a_value_stands_in_the_form_as_it_is_typed():
    assert [typed(each) for each in (True, False, 7, "a")] == ["true", "false", "7", "a"]


def test_a_thing_could_also_say_what_its_model_knows_in_one_value():
    item = Place("priorities/2021-2022", ("teams", 0, "items", 0))
    known = ["text", "label", "note", "target", "status"]
    assert sorted(absent(item, {"key": "a"})) == sorted({*known} - {"text"})
    assert absent(item, dict.fromkeys(known)) == []
    assert absent(Place("links", ("legal",)), {"url": "u", "title": "t"}) == ["translatable"]
    assert "notes" in absent(Place("office-hours", ("events", 0)), {"key": "a"})
    assert absent(Place("department", ("lead",)), {"person": "a"}) == ["link"]
    assert absent(Place("grants", ("rounds", 0)), {"key": "a"}) == []


def test_a_plan_without_people_whose_teams_are_words_has_names(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    found = Names.of_plan(plan.load(tmp_path / "data"), tmp_path / "templates")
    assert (found.every["teams"], found.every["people"]) == ({"one": "one: One"}, {})

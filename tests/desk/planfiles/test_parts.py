"""A page is made of values of the plan, which are listed in its order with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.parts import PageParts, Reader, label_of, told_at
from wikiplan.desk.planfiles.places import Documents, Place
from wikiplan.errors import Fault, Message

DEPARTMENT = "Community Resilience and Sustainability"


def parts_of(desk: Desk, language: str = "en") -> PageParts:
    work = desk.current()
    reader = Reader(work.plan, work.renderer.at(work.options.now), Documents())
    return reader.page(work.plan.pages[0], language)


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(found: PageParts, section: str) -> list[str]:
    records = next(each.records for each in found.sections if each.name == section)
    return [f"{each.stem}: {each.title}" for each in records]


def test_a_section_is_made_of_its_own_records_and_of_those_that_its_texts_name(
    open_desk: Callable[..., Desk],
):
    assert told(parts_of(open_desk()), "mission") == [
        "department: department.yaml",
        "department: mission-heading",
        "department: mission",
        "links: legal",
    ]


def test_events_stand_in_the_order_of_the_page_with_all_that_is_said_of_them(
    open_desk: Callable[..., Desk],
):
    found = parts_of(open_desk(), "ar")
    events = [each for each in told(found, "office-hours") if "2021" in each]
    assert events == [f"office-hours: {each}" for each in ("2021-07", "2021-10", "2021-04")]
    (records,) = (each.records for each in found.sections if each.name == "office-hours")
    event = next(each for each in records if each.title == "2021-07")
    assert [(part.label, part.value, part.line) for part in event.parts] == [
        ("start", "2021-07-15T18:00", 21),
        ("zone", "Europe/Berlin", 22),
        ("minutes", 60, 23),
        ("host › 1", "maggie-dennis", 24),
        ("topic", "The annual plans of the departments", 25),
        ("ways › 1", "stream", 26),
        ("ways › 2", "chat", 26),
        ("questions", "talk", 27),
        ("status", "planned", 28),
    ]
    topic = event.parts[4]
    assert (topic.unit, topic.is_words) == ("office-hours.2021-07.topic", True)
    assert topic.place == Place("office-hours", ("events", 1, "topic", "text"))
    assert {"people: maggie-dennis", "links: stream", "labels: minutes"} < set(
        told(found, "office-hours")
    )


def test_every_value_of_the_files_is_listed_somewhere_but_keys(open_desk: Callable[..., Desk]):
    found = parts_of(open_desk())
    listed = {part.place for part in found}
    work = open_desk().current()
    for stem in ("department", "priorities/2020-2021", "office-hours"):
        paths = Documents().get(work.plan, stem).spans
        keys = {path for path in paths if path[-1] in ("key", "fiscal-year")}
        assert {place.path for place in listed if place.stem == stem} == {*paths} - keys


def test_a_section_about_one_item_is_made_of_that(directory: Path, open_desk: Callable[..., Desk]):
    replaced(
        directory / "data/pages.yaml",
        "{name: office-hours, template: office-hours, data: office-hours}",
        "{name: office-hours, template: event, data: office-hours, item: 2021-10}",
    )
    events = [each for each in told(parts_of(open_desk()), "office-hours") if ": 2021" in each]
    assert events == ["office-hours: 2021-10"]


def test_a_translatable_page_is_made_of_the_same(directory: Path, open_desk: Callable[..., Desk]):
    plain = parts_of(open_desk())
    replaced(directory / "data/pages.yaml", "kind: plain", "kind: translatable")
    assert parts_of(open_desk()) == plain


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("text",), "text"),
        (("topic", "text"), "topic"),
        (("see-also", 0), "see-also › 1"),
        (("variables", "count"), "$count"),
        (("variables", "day", "date"), "$day (date)"),
    ],
)
def test_a_value_is_called_as_its_owner_would(path, label: str):
    assert label_of(path) == label


def test_a_finding_stands_at_its_value_or_at_the_first_of_its_line(
    open_desk: Callable[..., Desk],
):
    found = parts_of(open_desk())
    legal = next(part for part in found if part.place == Place("links", ("legal", "page")))
    status = next(part for part in found if part.label == "status")
    faults = [
        Fault(legal.file, legal.line, 1, "legal", Message("a", "is never used; remove it")),
        Fault(status.file, 1, 1, status.name, Message("b", "is strange; look")),
        Fault("elsewhere.yaml", 1, 1, "x", Message("c", "is elsewhere; go")),
    ]
    assert told_at(found, faults) == {
        legal.place: ["is never used; remove it"],
        status.place: ["is strange; look"],
    }

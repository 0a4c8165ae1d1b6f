"""The calendars of a plan, by language and team, and what calendars know its events by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import eventcases
from wikiplan.channels.announcement import Announcing
from wikiplan.channels.calendars import Calendar, Calendars, settings
from wikiplan.errors import WikiplanError
from wikiplan.l10n import parse_time

NOW = parse_time("2021-07-01T00:00Z")
EVENTS = """\
  - key: plans
    start: 2021-07-15T18:00
    zone: Europe/Berlin
    topic: {text: The annual plans}
    team: human-rights
  - {key: other, start: 2021-07-16T18:00Z}"""
CALENDAR = "calendar: {id: crs}\n"
NAMES = [f"events.{code}.ics" for code in ("en", "ar", "de", "es", "fr", "he", "ja")]


def calendars(directory: Path, more: str = CALENDAR, events: str = EVENTS) -> Calendars:
    renderer = eventcases.renderer_of(eventcases.with_events(directory, events, more), NOW)
    announcing = Announcing(renderer, renderer.plan.site, NOW)
    return Calendars(renderer.plan, announcing, lambda title: f"https://w.example/{title}")


def texts(found: Calendars) -> dict[str, str]:
    return {calendar.name: text for calendar, text in found.texts({})}


def test_there_is_one_for_each_language_and_each_team_with_events(tmp_path: Path):
    found = calendars(tmp_path)
    assert [each.name for each in found.every] == [
        *NAMES, *(name.replace("events", "events-human-rights") for name in NAMES),
    ]  # fmt: skip
    assert Calendar("ar", "human-rights").name == "events-human-rights.ar.ics"


def test_a_team_s_calendar_has_its_events_alone_in_the_words_of_its_language(tmp_path: Path):
    found = texts(calendars(tmp_path))
    assert found["events.en.ics"].count("BEGIN:VEVENT") == 2
    team = found["events-human-rights.ar.ics"]
    assert team.count("BEGIN:VEVENT") == 1
    assert "\nNAME:حقوق الإنسان\n" in team
    assert "UID:plans@crs.meta.meta\n" in team
    address = "URL:https://w.example/Community Resilience and Sustainability/ar"
    assert address in team.replace("\n ", "")


def test_an_event_keeps_its_id_when_its_key_changes(tmp_path: Path):
    calendars(tmp_path)
    pages = tmp_path / "data" / "pages.yaml"
    with pages.open("a", encoding="utf-8") as file:
        file.write("\nmoved:\n  - {unit: office-hours.old, to: office-hours.plans}\n")
    renderer = eventcases.renderer_of(tmp_path / "data", NOW)
    announcing = Announcing(renderer, renderer.plan.site, NOW)
    found = texts(Calendars(renderer.plan, announcing, lambda title: ""))
    assert "UID:old@crs.meta.meta\n" in found["events.en.ics"]
    assert "\nURL:" not in found["events.en.ics"]


def test_a_plan_without_an_id_for_calendars_is_told_what_to_write(tmp_path: Path):
    with pytest.raises(WikiplanError) as told:
        settings(calendars(tmp_path, "").plan)
    assert str(told.value) == (
        "office-hours.yaml says nothing of calendars; write “calendar: {id: NAME}” there: the "
        "name stands in the ids by which calendars know the events, and must not change"
    )


def test_a_calendar_that_is_none_of_ours_is_told(tmp_path: Path):
    with pytest.raises(WikiplanError) as told:
        list(calendars(tmp_path).texts({"events.en.ics": "BEGIN:VCALENDAR"}))
    assert str(told.value) == (
        "events.en.ics: it is no feed of this program, or somebody changed it; take it away, and "
        "the plan says how often events have changed, or take the change back"
    )

"""Events by generated histories: page, announcement and calendar agree at every instant.

``make events`` tries all of them; a run of the tests some.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import ics
import pytest
from dateutil.rrule import rruleset, rrulestr
from ruamel.yaml import YAML

from tests.support import eventhistories as histories
from tests.support.eventhistories import State, Step
from tests.support.samples import WHOLE
from wikiplan.channels import Announcing, Calendars
from wikiplan.channels.feed import LastFeed
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.environment import Environment
from wikiplan.render.renderer import PageSection, Renderer

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
COUNT = 200
SAMPLE = 3
SEEDS = range(COUNT) if WHOLE else range(0, COUNT, COUNT // SAMPLE)
PAGES = """
site: folder:wiki
source-language: en
languages: [en]
pages:
  - title: Talk
    sections: [{name: event, template: event, data: office-hours, item: talk}]
"""
DEPARTMENT = """
name: {text: Gardens}
overview: {text: Overview.}
mission-heading: {text: Mission}
mission: {text: Mission.}
teams-heading: {text: Teams}
teams: [{key: roses, text: Roses}]
"""
LINKS = "office: {page: Office, title: Office}\n"
HOURS: dict[str, Any] = {
    "heading": {"text": "Hours"},
    "goal": {"text": "See [[$office|us]]."},
    "calendar": {"id": "gardens"},
}


@cache
def environment() -> Environment:
    return Environment(TEMPLATES)


@cache
def labels() -> str:
    """Return the sample's words but for those that need links which it alone has."""
    text = (ROOT / "data" / "labels.yaml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("untranslated:"))
    return "".join(lines[:at]) + "untranslated: {text: Not translated.}\n" + lines[-1]


def loaded(directory: Path, state: State) -> Plan:
    directory.mkdir(exist_ok=True)
    texts = {"pages": PAGES, "department": DEPARTMENT, "links": LINKS, "labels": labels()}
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    with (directory / "office-hours.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({**HOURS, "events": [state.event()]}, file)
    return plan.load(directory)


class Channels:
    """All that is said of an event at an instant."""

    def __init__(self, known: Plan, now: datetime) -> None:
        renderer = Renderer(known, {}, TEMPLATES, now)
        renderer._environment = environment  # the templates are compiled once
        page = known.pages[0]
        self.section = renderer.section(PageSection(page, page.sections[0], "en", "en"))
        self.announcing = Announcing(renderer, known.site, now)
        self.announcement = self.announcing.of("talk", "en")
        self.calendars = Calendars(
            known, self.announcing, lambda title: f"https://w.example/{title}"
        )

    def feed(self, published: str) -> str:
        before = {"events.en.ics": published} if published else {}
        ((_, text),) = self.calendars.texts(before)
        return text


@pytest.mark.parametrize("seed", SEEDS)
def test_all_channels_say_the_same_at_every_instant(seed: int, tmp_path: Path):
    feed, counts, before = "", {}, None
    for step in histories.history(seed):
        known = loaded(tmp_path / "data", step.state)
        until, section = None, ""
        for now in histories.instants(step):
            found = Channels(known, now)
            check_words(found, step.state, now)
            if until is not None and now < until:
                assert found.section.text == section, "a warm run would not have noticed"
            until, section = found.section.sources.until, found.section.text
        feed = Channels(known, step.now).feed(feed)
        assert Channels(known, step.now + timedelta(hours=1)).feed(feed) == feed
        assert dates_in(feed) == dates_of(step.state)
        now_counts = histories.sequences(counted(feed), step.state)
        check_counts(before, step, counts, now_counts)
        lost = histories.sequences(counted(Channels(known, step.now).feed("")), step.state)
        assert all(lost[each] >= now_counts[each] for each in lost), "a lost feed counts on"
        counts, before = now_counts, step
    shutil.rmtree(tmp_path / "data")


def check_words(found: Channels, state: State, now: datetime) -> None:
    """Hold page and announcement, in all its forms, to what is so; the page has past dates, too."""
    expected = histories.expected(state, now)
    page = histories.said(found.section.text)
    assert [each for each in page if state_end(state, each.start) > now] == expected
    assert len(page) == len(state.dates)
    if not expected:
        return
    said = found.announcement
    address = found.calendars.address
    for text in (said.wikitext, said.as_text(address), said.as_markdown(address)):
        assert histories.said(text) == expected
        assert registration(text) == registration(found.section.text) == is_open(state, now)


def state_end(state: State, start: datetime) -> datetime:
    return start + timedelta(minutes=state.minutes)


def registration(text: str) -> bool | None:
    line = next((line for line in text.splitlines() if "Registration" in line), None)
    return None if line is None else "closed" not in line


def is_open(state: State, now: datetime) -> bool | None:
    if state.until is None or state.dates[0].status == "cancelled":
        return None
    return now < state.instant(state.until)


def check_counts(before: Step | None, step: Step, counts: Any, now_counts: Any) -> None:
    """Hold the counts to what people must be told: they grow exactly with that."""
    if before is None:
        return
    whole = series_of(before.state) != series_of(step.state)
    was, now = (
        {each.planned: told(each, state) for each in state.dates}
        for state in (before.state, step.state)
    )
    for planned in now:
        if was[planned] != now[planned]:
            assert now_counts[planned] > counts[planned], "people must be told"
        elif not whole:
            assert now_counts[planned] == counts[planned], "there is nothing to tell"


def series_of(state: State) -> Any:
    """Return what all dates of a series have in common, nothing of an event that is none."""
    return (on(state.status), state.left_out) if state.every else None


def told(date: histories.Date, state: State) -> Any:
    return date.start, state.minutes, on(date.status)


def on(status: str) -> str:
    return {"tentative": "TENTATIVE", "cancelled": "CANCELLED"}.get(status, "CONFIRMED")


def dates_of(state: State) -> list[tuple[datetime, datetime, str]]:
    return sorted((state.instant(d.start), state.end(d), on(d.status)) for d in state.dates)


# What an independent reader finds in a calendar.


def dates_in(feed: str) -> list[tuple[datetime, datetime, str]]:
    """Return each date in a feed: when it starts and ends, and how it stands."""
    found: dict[datetime, tuple[datetime, datetime, str]] = {}
    for event in sorted(
        ics.Calendar(feed).events, key=lambda each: bool(extra(each, "RECURRENCE-ID"))
    ):
        begin, end = event.begin.datetime, event.end.datetime
        replaced = extra(event, "RECURRENCE-ID")
        starts = [read(replaced)] if replaced else expanded(event, begin)
        for start in starts:
            shift = begin if replaced else start
            found[start.astimezone(UTC)] = (
                shift.astimezone(UTC),
                (shift.astimezone(UTC) + (end - begin)),
                str(event.status),
            )
    return sorted(found.values())


def extra(event: ics.Event, name: str) -> Any:
    """Return a line that the reader keeps as it is."""
    return next((each for each in event.extra if each.name == name), None)


def read(line: Any) -> datetime:
    from zoneinfo import ZoneInfo

    if line.value.endswith("Z"):
        return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    wall = datetime.strptime(line.value, "%Y%m%dT%H%M%S")
    return wall.replace(tzinfo=ZoneInfo(line.params["TZID"][0]))


def expanded(event: ics.Event, begin: datetime) -> list[datetime]:
    rule = extra(event, "RRULE")
    if rule is None:
        return [begin]
    zone = begin.tzinfo
    dates = rruleset()
    dates.rrule(rrulestr(rule.value, dtstart=begin.replace(tzinfo=None)))
    for line in event.extra:
        if line.name == "EXDATE":
            dates.exdate(read(line).replace(tzinfo=None))
    return [each.replace(tzinfo=zone) for each in dates]


def counted(feed: str) -> dict[tuple[str, str], int]:
    return {key: each.sequence for key, each in LastFeed.read(feed).components.items()}

"""Calendars: what they say, and how often people had to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wikiplan.channels.feed import (
    KEPT,
    FeedWriter,
    LastFeed,
    UnknownFeedError,
    Words,
    is_own,
    newest,
)

NOW = datetime(2021, 6, 20, tzinfo=UTC)
ONE: dict[str, Any] = {"key": "one", "start": "2021-07-15T18:00", "zone": "Europe/Berlin"}
SERIES: dict[str, Any] = {
    "key": "drop-in",
    "start": "2021-10-07T16:00",
    "zone": "Europe/Berlin",
    "minutes": 30,
    "repeats": "FREQ=MONTHLY;BYDAY=1TH;UNTIL=20220106",
    "except": ["2021-11-04"],
}
FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//wikiplan//calendar//EN
X-WIKIPLAN-DIGEST:{digest}
NAME:Gardens
X-WR-CALNAME:Gardens
BEGIN:VEVENT
SUMMARY:Watering\\, and more
DTSTART:20210715T160000Z
DTEND:20210715T170000Z
DTSTAMP:20210620T000000Z
UID:one@gardens
SEQUENCE:0
DESCRIPTION:A line\\nand another
STATUS:TENTATIVE
URL:https://w.example/One
END:VEVENT
END:VCALENDAR"""


def words(key: str) -> Words:
    return Words("Watering, and more", "A line\nand another", "https://w.example/One")


def written(
    *events: Mapping[str, Any], last: str = "", now: datetime = NOW, known: Any = None
) -> str:
    own = LastFeed.read(last) if last else LastFeed()
    writer = FeedWriter(now, lambda key: f"{key}@gardens", newest([own]))
    keys = [event["key"] for event in events] if known is None else known
    return writer.feed("Gardens", events, words, own, keys)


def counts(feed: str) -> dict[str, int]:
    """Return the counts by UID and date of a series."""
    components = LastFeed.read(feed).components
    return {f"{uid} {date}".strip(): each.sequence for (uid, date), each in components.items()}


def test_a_calendar_says_when_an_event_is_and_how_sure_that_is():
    event = {"key": "one", "start": "2021-07-15T16:00Z", "status": "tentative"}
    feed = written(event)
    digest = feed.partition("DIGEST:")[2].partition("\n")[0]
    assert feed == FEED.format(digest=digest)
    assert is_own(feed) and is_own(feed.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [
        ("2021-10-31T01:30", ";TZID=Europe/Berlin:20211031T013000", ":20211031T010000Z"),
        ("2021-10-31T02:30+02:00", ";TZID=Europe/Berlin:20211031T023000",
         ";TZID=Europe/Berlin:20211031T030000"),
        ("2021-10-31T02:30+01:00", ":20211031T013000Z", ":20211031T030000Z"),
        ("2021-10-31T03:30", ";TZID=Europe/Berlin:20211031T033000",
         ";TZID=Europe/Berlin:20211031T050000"),
    ],
)  # fmt: skip
def test_of_a_time_that_clocks_show_twice_a_calendar_says_which(start: str, first: str, last: str):
    feed = written({**ONE, "start": start, "minutes": 90})
    assert [line for line in feed.splitlines() if line.startswith(("DTSTART", "DTEND"))][-2:] == [
        f"DTSTART{first}", f"DTEND{last}",
    ]  # fmt: skip
    assert ("TZID:" in feed) == ("TZID=" in feed)


def test_a_calendar_is_the_same_until_something_changes():
    feed = written(ONE, SERIES)
    assert written(ONE, SERIES, last=feed, now=NOW + timedelta(days=3)) == feed
    later = written({**ONE, "minutes": 90}, SERIES, last=feed, now=NOW + timedelta(days=3))
    assert later.count("DTSTAMP:20210623T000000Z") == 1
    assert later.count("DTSTAMP:20210620T000000Z") == 1


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 0),
        ({"topic": {"text": "Other"}}, 0),
        ({"status": "confirmed"}, 1),
        ({"status": "cancelled"}, 1),
        ({"start": "2021-07-16T18:00"}, 1),
        ({"minutes": 90}, 1),
        ({"zone": "Europe/Paris"}, 0),
    ],
)
def test_the_count_grows_where_people_must_be_told(change: dict[str, Any], count: int):
    before = {**ONE, "status": "tentative"}
    feed = written(before)
    assert counts(written({**before, **change}, last=feed)) == {"one@gardens": count}


def test_without_the_published_calendar_the_plan_says_how_often_an_event_moved():
    event = {**ONE, "moved-from": ["2021-07-01T18:00", "2021-07-08T18:00"]}
    assert counts(written(event)) == {"one@gardens": 3}, "two moves, and it is sure"
    assert counts(written({**event, "status": "cancelled"})) == {"one@gardens": 4}


def test_a_series_has_its_rule_and_dates_of_their_own():
    own = [
        {"key": "2021-12-02", "start": "2021-12-09T16:00"},
        {"key": "2022-01-06", "status": "cancelled"},
    ]
    feed = written({**SERIES, "occurrences": own})
    for line in (
        "RRULE:FREQ=MONTHLY;UNTIL=20220106T225959Z;BYDAY=1TH",
        "EXDATE;TZID=Europe/Berlin:20211104T160000",
        "DTSTART;TZID=Europe/Berlin:20211007T160000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20211202T160000",
        "DTSTART;TZID=Europe/Berlin:20211209T160000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20220106T160000",
        "STATUS:CANCELLED",
        "TZID:Europe/Berlin",
    ):
        assert feed.split("\n").count(line) == 1, line


def test_a_date_that_goes_back_to_its_series_is_told_once_more():
    plain = written(SERIES)
    moved = {**SERIES, "occurrences": [{"key": "2021-12-02", "start": "2021-12-09T16:00"}]}
    feed = written(moved, last=plain)
    date = "drop-in@gardens 20211202T150000Z"
    assert counts(feed) == {"drop-in@gardens": 2, date: 3}
    back = written(SERIES, last=feed)
    assert counts(back) == {"drop-in@gardens": 2, date: 4}
    assert written(SERIES, last=back) == back


def test_an_event_that_left_the_plan_is_cancelled_for_those_who_have_it_for_a_year():
    feed = written(ONE, SERIES)
    gone = written(SERIES, last=feed)
    assert counts(gone)["one@gardens"] == counts(feed)["one@gardens"] + 1
    assert gone.count("STATUS:CANCELLED") == 1
    assert written(SERIES, last=gone, now=NOW + timedelta(days=9)) == gone
    after = written(SERIES, last=gone, now=NOW + KEPT + timedelta(days=1))
    assert counts(after) == {"drop-in@gardens": 2}


def test_an_event_that_is_another_team_s_now_only_leaves_the_calendar():
    feed = written(ONE, SERIES)
    assert counts(written(SERIES, last=feed, known=["one", "drop-in"])) == {"drop-in@gardens": 2}


def test_of_several_calendars_the_highest_count_goes_on():
    first = written(ONE)
    second = written({**ONE, "minutes": 90}, last=first)
    last = newest([LastFeed.read(second), LastFeed.read(first)])
    assert [each.sequence for each in last.components.values()] == [2]


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR\nEND:VCALENDAR", "words"])
def test_a_text_that_is_no_calendar_of_ours_is_told(text: str):
    assert not is_own(text)
    with pytest.raises(
        UnknownFeedError, match="it is no feed of this program, or somebody changed it"
    ):
        LastFeed.read(text)


def test_a_calendar_that_somebody_changed_is_told():
    edited = written(ONE).replace("Watering", "Weeding")
    with pytest.raises(UnknownFeedError, match="somebody changed it"):
        LastFeed.read(edited)

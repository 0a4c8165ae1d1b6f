"""The dates of events and series, and until when something can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from wikiplan.events import deadline, occurrences

SERIES: dict[str, Any] = {
    "key": "drop-in",
    "start": "2021-07-01T16:00",
    "zone": "Europe/Berlin",
    "minutes": 30,
    "status": "tentative",
    "repeats": "FREQ=MONTHLY;BYDAY=1TH;COUNT=5",
    "except": ["2021-08-05"],
    "occurrences": [
        {"key": "2021-09-02", "start": "2021-09-10T17:00", "moved-from": ["2021-09-09T16:00"]},
        {"key": "2021-10-07", "status": "cancelled", "minutes": 90},
    ],
}


def shown(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")


def test_an_event_is_one_date_with_those_that_it_had():
    event = {
        "key": "a",
        "start": "2021-12-14T18:00",
        "zone": "Europe/Berlin",
        "moved-from": ["2021-11-28T18:00", "2021-12-01T12:00Z"],
    }
    (found,) = occurrences(event)
    assert (found.key, found.day, found.own, found.status) == ("a", "", False, "planned")
    assert shown(found.end) == "2021-12-14T19:00+01:00"
    assert [shown(each) for each in found.former] == [
        "2021-11-28T18:00+01:00", "2021-12-01T12:00+00:00",
    ]  # fmt: skip


def test_a_date_of_a_series_has_what_the_series_says_unless_it_says_otherwise():
    found = [
        (each.day, shown(each.start), shown(each.end)[11:16], each.status, each.own)
        for each in occurrences(SERIES)
    ]
    assert found == [
        ("2021-07-01", "2021-07-01T16:00+02:00", "16:30", "tentative", False),
        ("2021-09-02", "2021-09-10T17:00+02:00", "17:30", "tentative", True),
        ("2021-10-07", "2021-10-07T16:00+02:00", "17:30", "cancelled", True),
        ("2021-11-04", "2021-11-04T16:00+01:00", "16:30", "tentative", False),
    ]
    assert occurrences(SERIES)[0].key == "drop-in-2021-07-01"


def test_a_date_of_a_series_that_moved_had_the_rules_and_those_in_between():
    moved = occurrences(SERIES)[1]
    assert [shown(each) for each in moved.former] == [
        "2021-09-02T16:00+02:00", "2021-09-09T16:00+02:00",
    ]  # fmt: skip
    assert shown(moved.planned) == "2021-09-02T16:00+02:00"


def test_a_series_has_nothing_to_say_of_days_that_are_not_its_own():
    wrong = {**SERIES, "occurrences": [{"key": "2021-08-05"}]}
    with pytest.raises(ValueError, match="the series has no date on 2021-08-05; correct the key"):
        occurrences(wrong)


MOVED_TO_THE_SAME = (
    "starts on 2021-09-10 at the time from which moved-from says that it moved; correct start, or "
    "take the time out of moved-from"
)
MOVED = {"start": "2021-09-10T16:00", "moved-from": ["2021-09-09T16:00", "2021-09-10T16:00"]}


@pytest.mark.parametrize(
    "event",
    [
        {"key": "a", "zone": "Europe/Berlin", **MOVED},
        {**SERIES, "occurrences": [{"key": "2021-09-02", **MOVED}]},
    ],
    ids=["an event", "a date of a series"],
)
def test_what_moved_is_at_another_time_now(event: dict[str, Any]):
    with pytest.raises(ValueError, match=r".") as refused:
        occurrences(event)
    assert str(refused.value) == MOVED_TO_THE_SAME


def test_what_moved_may_move_back():
    back = {"key": "a", "start": "2021-09-10T16:00Z"}
    moved = ["2021-09-10T16:00Z", "2021-09-11T16:00Z"]
    assert len(occurrences({**back, "moved-from": moved})[0].former) == 2


@pytest.mark.parametrize(
    ("entry", "until"),
    [
        ({}, "2021-11-04T16:00+01:00"),
        ({"until": "2021-10-30T18:00"}, "2021-10-30T18:00+02:00"),
        ({"until": "2021-10-30T18:00Z"}, "2021-10-30T18:00+00:00"),
        ({"days-before": 5}, "2021-10-30T16:00+02:00"),
    ],
)
def test_a_deadline_is_a_time_or_days_before_by_the_clock_of_the_zone(entry: Any, until: str):
    last = occurrences(SERIES)[-1]
    data = {**last.data, "registration": entry}
    assert shown(deadline(data, last.start, "registration")) == until

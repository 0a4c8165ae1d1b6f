"""Rules of RFC 5545, by the wall clock of a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.events.recurrence import MOST_DATES, check_rule, dates, rule_for_feeds
from wikiplan.l10n import parse_time, zone_names

BERLIN = parse_time("2021-10-07T16:00", "Europe/Berlin")


def told(first: datetime, rule: str, without: frozenset[str] = frozenset()) -> list[str]:
    return [each.isoformat(timespec="minutes") for each in dates(first, rule, without)]


def test_a_series_keeps_its_wall_clock_across_summer_time():
    assert told(BERLIN, "FREQ=MONTHLY;BYDAY=1TH;COUNT=3") == [
        "2021-10-07T16:00+02:00", "2021-11-04T16:00+01:00", "2021-12-02T16:00+01:00",
    ]  # fmt: skip


def test_a_series_leaves_out_the_days_that_it_is_told_to():
    rule, without = "FREQ=WEEKLY;UNTIL=20211021", frozenset({"2021-10-14"})
    assert told(BERLIN, rule, without) == ["2021-10-07T16:00+02:00", "2021-10-21T16:00+02:00"]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20211104", "2021-11-04T16:00+01:00"),
        ("20211103", "2021-10-28T16:00+02:00"),
        ("20211104T150000Z", "2021-11-04T16:00+01:00"),
        ("20211104T145959Z", "2021-10-28T16:00+02:00"),
    ],
)
def test_a_rule_ends_with_a_day_of_its_zone_or_an_instant(until: str, last: str):
    assert told(BERLIN, f"FREQ=WEEKLY;UNTIL={until}")[-1] == last


def test_calendars_want_the_end_in_utc():
    assert rule_for_feeds(BERLIN, "FREQ=WEEKLY;UNTIL=20211104") == (
        "FREQ=WEEKLY;UNTIL=20211104T225959Z"
    )
    assert rule_for_feeds(BERLIN, "FREQ=WEEKLY;COUNT=3") == "FREQ=WEEKLY;COUNT=3"


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("every week", "“every week” is no rule; write it like FREQ=MONTHLY;BYDAY=2TH;COUNT=6"),
        ("FREQ=WEEKLY", "the rule has no end; write either COUNT=6 or UNTIL=20220630"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20220630",
         "the rule has two ends; write either COUNT=6 or UNTIL=20220630"),
        ("FREQ=HOURLY;COUNT=2",
         "the rule says not how often; write FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=DAILY;BYHOUR=3;COUNT=2",
         "“BYHOUR” cannot stand in a rule; these can: FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, "
         "BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS, WKST"),
        ("FREQ=DAILY;COUNT=2;COUNT=3", "COUNT stands in the rule twice; keep one of them"),
        ("FREQ=DAILY;UNTIL=2022",
         "“2022” is no end of a rule; write a day like 20220630, or a time in UTC"),
        ("FREQ=WEEKLY;BYDAY=XX;COUNT=2",
         "the rule “FREQ=WEEKLY;BYDAY=XX;COUNT=2” cannot be read (invalid 'BYDAY': XX); "
         "correct it"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=2",
         "INTERVAL cannot be 0; write a number from 1 to 366"),
        ("FREQ=DAILY;COUNT=0", "COUNT cannot be 0; write a number from 1 to 366"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2",
         "BYMONTHDAY cannot be 0; write a number from 1 to 31"),
        ("FREQ=MONTHLY;BYMONTH=-3;COUNT=2", "BYMONTH cannot be -3; write a number from 1 to 12"),
        ("FREQ=MONTHLY;BYDAY=60TH;COUNT=2", "BYDAY cannot count to 60; write a number from 1 to 5"),
        ("FREQ=MONTHLY;BYDAY=0TH;COUNT=2", "BYDAY cannot count to 0; write a number from 1 to 5"),
        ("FREQ=WEEKLY;BYDAY=1TH;COUNT=2",
         "a number in BYDAY means nothing with FREQ=WEEKLY; write FREQ=MONTHLY or FREQ=YEARLY, or "
         "take it out"),
        ("FREQ=MONTHLY;BYWEEKNO=3;COUNT=2",
         "BYWEEKNO means nothing with FREQ=MONTHLY; write FREQ=YEARLY, or take it out"),
    ],
)  # fmt: skip
def test_a_rule_that_is_none_says_what_to_write(rule: str, wrong: str):
    with pytest.raises(ValueError, match=r".") as refused:
        check_rule(rule)
    assert str(refused.value) == wrong


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=-1;COUNT=2",
        "FREQ=YEARLY;BYDAY=-53TH,+20MO;COUNT=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=366",
        "FREQ=YEARLY;BYMONTH=3,12;BYDAY=-1SU;COUNT=2", "FREQ=YEARLY;BYYEARDAY=-1;COUNT=2",
    ],
)  # fmt: skip
def test_a_rule_may_count_from_the_end_and_within_a_year(rule: str):
    check_rule(rule)


@pytest.mark.parametrize(
    ("first", "rule", "without", "wrong"),
    [
        (BERLIN, "FREQ=MONTHLY;BYDAY=2TH;COUNT=2", [],
         "its first date is not 2021-10-07, when the event starts; correct one of them"),
        (BERLIN, "FREQ=DAILY;COUNT=367", [],
         "the rule makes more than 366 dates; let it end earlier"),
        (BERLIN, "FREQ=WEEKLY;COUNT=2", ["2021-10-15"],
         "the rule has no date on 2021-10-15; correct the day, or remove it"),
        (BERLIN, "FREQ=WEEKLY;COUNT=2", ["2021-10-07", "2021-10-14"],
         "all dates of the rule are left out; leave one, or write “status: cancelled” in place of "
         "except"),
        (parse_time("2021-10-07T16:00+05:30"), "FREQ=WEEKLY;COUNT=2", [],
         "a series goes by the clock of a place; write “zone: Europe/Berlin” or another zone in "
         "place of the offset of its start"),
        (parse_time("2021-03-21T02:30", "Europe/Berlin"), "FREQ=WEEKLY;COUNT=2", [],
         "the time 2021-03-28T02:30 does not exist in Europe/Berlin (clocks go forward); leave "
         "that day out (except: [2021-03-28]), or choose another time of day"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_say_what_to_do(
    first: datetime, rule: str, without: list[str], wrong: str
):
    with pytest.raises(ValueError, match=r".") as refused:
        dates(first, rule, frozenset(without))
    assert str(refused.value) == wrong


def test_a_time_that_the_clocks_skip_may_be_left_out():
    first = parse_time("2021-03-21T02:30", "Europe/Berlin")
    without = frozenset({"2021-03-28"})
    assert len(dates(first, "FREQ=WEEKLY;COUNT=3", without)) == 2


@given(
    st.sampled_from(sorted(zone_names())),
    st.datetimes(datetime(2020, 1, 1), datetime(2025, 1, 1)),
    st.integers(1, 40),
    st.integers(1, 60),
)
def test_in_any_zone_all_dates_have_one_wall_clock_and_whole_days_between(
    zone: str, wall: datetime, count: int, days: int
):
    text = wall.replace(second=0, microsecond=0).isoformat(timespec="minutes")
    try:
        first = parse_time(text, zone)
        found = dates(first, f"FREQ=DAILY;INTERVAL={days};COUNT={count}")
    except ValueError as refused:
        assert "clocks go" in str(refused)
        return
    assert len(found) == count <= MOST_DATES
    walls = [each.replace(tzinfo=None) for each in found]
    assert walls == [first.replace(tzinfo=None) + timedelta(days=days * n) for n in range(count)]
    assert all(each.astimezone(UTC).astimezone(first.tzinfo) == each for each in found)

<<<<<<< HEAD
"""Times as programs and messages have them."""

=======
>>>>>>> 5b00b7a (Test facts, records, and what imports and looks tell, by themselves)
from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

<<<<<<< HEAD
from wikiplan import utc


def test_a_time_of_any_zone_is_written_in_utc_to_the_second():
    summer = timezone(timedelta(hours=2))
    assert utc.stamp(datetime(2021, 7, 1, 1, 30, 9, 999_999, tzinfo=summer)) == (
        "2021-06-30T23:30:09Z"
    )
    assert utc.stamp(datetime(2021, 7, 1, tzinfo=UTC)) == "2021-07-01T00:00:00Z"
=======
from hypothesis import given, settings
from hypothesis import strategies as st

from wikiplan import utc

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda by: timezone(timedelta(minutes=by)))
TIMES = st.datetimes(datetime(2001, 1, 2), datetime(2100, 1, 1), timezones=ZONES)


def test_a_time_of_any_zone_is_written_in_utc():
    noon = datetime(2021, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert utc.stamp(noon) == "2021-07-01T06:30:00Z"


def test_parts_of_a_second_are_left_off():
    assert utc.stamp(datetime(2021, 12, 31, 23, 59, 59, 999_999, UTC)) == "2021-12-31T23:59:59Z"


@settings(max_examples=50)
@given(TIMES)
def test_what_is_written_is_the_same_second_when_it_is_read(time: datetime):
    assert datetime.fromisoformat(utc.stamp(time)) == time.replace(microsecond=0)


@settings(max_examples=50)
@given(TIMES, TIMES)
def test_stamps_are_in_the_order_of_their_times(one: datetime, other: datetime):
    earlier, later = sorted([one, other], key=utc.stamp)
    assert earlier - later < timedelta(seconds=1)
>>>>>>> 5b00b7a (Test facts, records, and what imports and looks tell, by themselves)

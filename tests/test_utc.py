"""Times as programs and messages have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from wikiplan import utc


def test_a_time_of_any_zone_is_written_in_utc_to_the_second():
    summer = timezone(timedelta(hours=2))
    assert utc.stamp(datetime(2021, 7, 1, 1, 30, 9, 999_999, tzinfo=summer)) == (
        "2021-06-30T23:30:09Z"
    )
    assert utc.stamp(datetime(2021, 7, 1, tzinfo=UTC)) == "2021-07-01T00:00:00Z"

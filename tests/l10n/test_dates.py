from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from wikiplan.l10n.dates import parse_date, parse_time, parse_zone


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2022-01", (2022, 1, None)),
        ("2022-01-15", (2022, 1, 15)),
        ("2024-02-29", (2024, 2, 29)),
    ],
)
def test_a_date_is_a_day_or_a_month(text: str, parts: tuple[int, int, int | None]) -> None:
    assert parse_date(text) == parts


@pytest.mark.parametrize("text", ["2023-02-29", "2022-00", "2022-01-00", "0000-01", "2022-13-01"])
def test_a_date_that_is_in_no_calendar(text: str) -> None:
    with pytest.raises(ValueError, match="does not exist; correct its month or day"):
        parse_date(text)


@pytest.mark.parametrize("text", ["", "2022", "2022-1", "1.2.2022", "2022-01-15 ", "２０２２-01"])
def test_a_text_that_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date; write it like"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2021-07-15T16:00Z", "", datetime(2021, 7, 15, 16, tzinfo=UTC)),
        ("2021-07-15T16:00", "UTC", datetime(2021, 7, 15, 16, tzinfo=UTC)),
        ("2021-07-15T16:00", "Europe/Berlin", datetime(2021, 7, 15, 14, tzinfo=UTC)),
        ("2021-12-15T16:00", "Europe/Berlin", datetime(2021, 12, 15, 15, tzinfo=UTC)),
        ("2021-07-15T16:00+05:30", "", datetime(2021, 7, 15, 10, 30, tzinfo=UTC)),
        ("2021-10-31T02:30+01:00", "Europe/Berlin", datetime(2021, 10, 31, 1, 30, tzinfo=UTC)),
        ("2021-10-31T02:30+02:00", "Europe/Berlin", datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_time_is_one_instant(text: str, zone: str, instant: datetime) -> None:
    assert parse_time(text, zone).astimezone(UTC) == instant


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2021-07-15T16:00", ""),
        ("2021-03-28T02:30", "Europe/Berlin"),
        ("2021-10-31T02:30", "Europe/Berlin"),
        ("2021-04-04T01:45", "Australia/Lord_Howe"),
        ("2011-12-30T12:00", "Pacific/Apia"),
        ("2021-07-15T16:00Z", "Europe/Berlin"),
        ("2021-07-15T24:01", "UTC"),
        ("2021-07-15T16:00+25:00", ""),
        ("0001-01-01T00:00", "Asia/Tokyo"),
        ("9999-12-31T23:59", "America/New_York"),
        ("2021-07-15T16:00", "../../etc/passwd"),
        ("2021-07-15T16:00", "localtime"),
        ("2021-07-15T16:00", "europe/berlin"),
    ],
)
def test_a_time_that_is_none_or_not_one_instant_is_refused(text: str, zone: str) -> None:
    with pytest.raises(ValueError, match="; "):
        parse_time(text, zone)


@pytest.fixture
def machine_with_wrong_zones(tmp_path: Path) -> Iterator[None]:
    """A machine whose own time zone files say that it is as late in Kolkata as in Tokyo."""
    (tmp_path / "Asia").mkdir()
    tokyo = files("tzdata") / "zoneinfo" / "Asia" / "Tokyo"
    (tmp_path / "Asia" / "Kolkata").write_bytes(tokyo.read_bytes())
    zoneinfo.reset_tzpath([tmp_path])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.usefixtures("machine_with_wrong_zones")
def test_a_zone_has_the_rules_of_the_locked_package_not_of_the_machine() -> None:
    noon = datetime(2021, 7, 15, 12)
    assert zoneinfo.ZoneInfo("Asia/Kolkata").utcoffset(noon) == timedelta(hours=9)
    ours = parse_time("2021-07-15T12:00", "Asia/Kolkata")
    assert ours.utcoffset() == timedelta(hours=5, minutes=30)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("CEST", "write Europe/Berlin, or another place of that zone"),
        ("pdt", "write America/Los_Angeles, or another place of that zone"),
        (
            "IST",
            "write Asia/Kolkata or Asia/Jerusalem or Europe/Dublin, or another place of that zone",
        ),
        ("Berlin", "did you mean “Europe/Berlin”?"),
        ("Europe/Berlim", "did you mean “Europe/Berlin”?"),
        ("MESZ", "write Europe/Berlin or another place, or UTC"),
    ],
)
def test_a_zone_that_does_not_exist_is_told_with_one_that_has_the_same_clocks(
    name: str, advice: str
) -> None:
    with pytest.raises(ValueError, match="does not exist") as refused:
        parse_zone(name)
    assert str(refused.value) == f"the zone “{name}” does not exist; {advice}"

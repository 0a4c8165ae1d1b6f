"""Dates, and times of day with a zone, as the plan writes them.

Every function takes the text from the YAML file and raises ``ValueError`` with words for people:
``what is wrong; what to do``.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from wikiplan.errors import Invalid, did_you_mean

_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_ABBREVIATION = re.compile(r"[A-Z]{2,5}", re.ASCII)
_YEAR = 2021
"""In which clocks are asked for their abbreviations."""


def parse_date(text: str) -> tuple[int, int, int | None]:
    """Return year, month and day of ``2022-01-15``; the day of ``2022-01`` is None."""
    match = _DATE.fullmatch(text)
    if not match:
        raise Invalid(
            "no-date", f"“{text}” is not a date; write it like 2022-01-15, 2022-01 or Q2 2021-2022"
        )
    year, month, day = int(match[1]), int(match[2]), None if match[3] is None else int(match[3])
    try:
        date(year, month, 1 if day is None else day)
    except ValueError:
        raise Invalid(
            "no-such-date", f"the date {text} does not exist; correct its month or day"
        ) from None
    return year, month, day


def parse_time(text: str, zone: str = "") -> datetime:
    """Return the instant of ``2021-07-15T16:00`` in ``zone``, or of a text with its own offset.

    The result's tzinfo is the zone when one is given, else the offset. A wall-clock time that does
    not exist in its zone, or exists twice, is refused (fact 24).
    """
    wall, offset = split_time(text)
    if offset:
        instant = datetime.fromisoformat(text)
        return _in_zone(instant, parse_zone(zone)) if zone else instant
    if not zone:
        raise Invalid(
            "time-without-zone",
            f"the time {text} has no zone; add “zone: Europe/Berlin” or end it in Z",
        )
    return _at_wall_clock(wall, parse_zone(zone))


def split_time(text: str) -> tuple[datetime, str]:
    """Return the wall clock of ``2021-07-15T16:00+02:00`` and its offset, empty without one."""
    match = _TIME.fullmatch(text)
    if not match:
        raise Invalid("no-time", f"“{text}” is not a time; write it like 2021-07-15T16:00")
    try:
        datetime.fromisoformat(text)
        return datetime.fromisoformat(match[1]), match[2] or ""
    except ValueError:
        raise Invalid(
            "no-such-time",
            f"the time {text} does not exist; correct its date, hour, minute or offset",
        ) from None


def parse_zone(name: str) -> ZoneInfo:
    if name not in zone_names():
        raise Invalid("unknown-zone", f"the zone “{name}” does not exist; {_zone_hint(name)}")
    return _zone(name)


_WELL_KNOWN = (
    "Europe/Berlin", "Europe/London", "Europe/Moscow", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Shanghai",
    "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
"""Stand for the places that share their clocks."""


def _zone_hint(name: str) -> str:
    """Return what to write instead: for an abbreviation a place of each zone that has it."""
    if places := _places_of(name.upper()):
        return f"write {' or '.join(places)}, or another place of that zone"
    cities = {each.rpartition("/")[2].lower(): each for each in sorted(zone_names())}
    if place := cities.get(name.lower()):
        return f"did you mean “{place}”?"
    hint = did_you_mean(name, zone_names()) if "/" in name else ""
    return hint or "write Europe/Berlin or another place, or UTC"


def _places_of(abbreviation: str) -> tuple[str, ...]:
    """Return a place of each zone whose clocks bear an abbreviation; one name may mean several."""
    if not _ABBREVIATION.fullmatch(abbreviation):
        return ()
    found: dict[object, str] = {}
    for name in (*_WELL_KNOWN, *sorted(zone_names())):
        for month in (1, 7):
            instant = datetime(_YEAR, month, 1, tzinfo=_zone(name))
            if instant.tzname() == abbreviation and "/" in name:
                found.setdefault(instant.utcoffset(), name)
    return tuple(found.values())


@cache
def _zone(name: str) -> ZoneInfo:
    """Return a zone by the rules of the package tzdata; ``ZoneInfo`` prefers the machine's."""
    with (files("tzdata") / "zoneinfo" / name).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


@cache
def zone_names() -> frozenset[str]:
    """Return the zones of the tzdata package: the same on every machine, unlike the system's."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def _in_zone(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant in the zone whose wall clock and offset it must agree with."""
    there = _astimezone(instant, zone)
    if there.utcoffset() != instant.utcoffset():
        raise Invalid(
            "offset-of-other-zone",
            f"the offset of {instant.isoformat(timespec='minutes')} is not that of {zone.key}; "
            "remove the offset or the zone",
        )
    return there


def _at_wall_clock(wall: datetime, zone: ZoneInfo) -> datetime:
    early, late = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    shown = wall.isoformat(timespec="minutes")
    if _astimezone(_astimezone(early, UTC), zone).replace(tzinfo=None, fold=0) != wall:
        raise Invalid(
            "time-that-clocks-skip",
            f"the time {shown} does not exist in {zone.key} (clocks go forward); "
            "choose another time",
        )
    if early.utcoffset() != late.utcoffset():
        one, two = (each.isoformat(timespec="minutes") for each in (early, late))
        raise Invalid(
            "time-that-clocks-repeat",
            f"the time {shown} exists twice in {zone.key} (clocks go back); write {one} or {two}",
        )
    return early


def _astimezone(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:
        raise Invalid(
            "year-out-of-range", f"the year of {instant:%Y-%m-%d} is out of range; correct it"
        ) from None

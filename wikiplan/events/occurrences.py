"""The dates of an event: one, or those of a series with its exceptions.

An event is a mapping as ``office-hours.yaml`` has it. Functions raise ``ValueError`` with
``what is wrong; what to do``, for data of another shape also ``KeyError`` or ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wikiplan.errors import Invalid
from wikiplan.events import recurrence
from wikiplan.l10n import parse_time, split_time
from wikiplan.value import Value

USUAL_MINUTES = 60
"""How long an event lasts that does not say it."""

OF_SERIES = ("repeats", "except", "occurrences", "moved-from")
"""Keys that say when a series is, and of no date of it what is so then."""


class Occurrence(Value):
    """One date of an event. ``data`` is what the event says, and over that what the date does.

    ``day`` is the one that the rule has, by which a date of a series is known, and empty where an
    event is no series; ``key`` has it at its end. ``former`` are earlier starts, the oldest first.
    ``own`` says that the series has something to say of this date alone.
    """

    key: str
    data: Mapping[str, Any]
    start: datetime
    end: datetime
    planned: datetime
    former: tuple[datetime, ...] = ()
    day: str = ""
    own: bool = False

    @property
    def status(self) -> str:
        return str(self.data.get("status", "planned"))


def occurrences(event: Mapping[str, Any]) -> tuple[Occurrence, ...]:
    """Return all dates of an event that is one, or a series, in the order of its rule."""
    zone = event.get("zone", "")
    first = parse_time(event["start"], zone)
    former = tuple(_time(text, zone) for text in event.get("moved-from", ()))
    _check_moved(first, former)
    if "repeats" not in event:
        return (Occurrence(event["key"], event, first, _end(event, first), first, former),)
    own = {entry["key"]: entry for entry in event.get("occurrences", ())}
    starts = recurrence.dates(first, event["repeats"], frozenset(event.get("except", ())))
    days = {start.date().isoformat() for start in starts}
    for day in own.keys() - days:
        raise Invalid("no-such-date-of-series", f"the series has no date on {day}; correct the key")
    return tuple(_of_series(event, start, own.get(start.date().isoformat())) for start in starts)


def _of_series(
    event: Mapping[str, Any], planned: datetime, own: Mapping[str, Any] | None
) -> Occurrence:
    zone, day = event.get("zone", ""), planned.date().isoformat()
    entry = own or {}
    start = _time(entry["start"], zone) if "start" in entry else planned
    moved = tuple(_time(text, zone) for text in entry.get("moved-from", ()))
    _check_moved(start, moved)
    former = moved if start == planned else (planned, *moved)
    of_all = {key: value for key, value in event.items() if key not in OF_SERIES}
    data = {
        **of_all,
        **entry,
        "key": f"{event['key']}-{day}",
        "start": start.isoformat(timespec="minutes"),
    }
    end = _end(data, start)
    return Occurrence(data["key"], data, start, end, planned, former, day, own is not None)


def _check_moved(start: datetime, former: tuple[datetime, ...]) -> None:
    """Refuse a date that moved to where it was: readers would be told so."""
    if former[-1:] == (start,):
        raise Invalid(
            "moved-to-the-same",
            f"starts on {start.date().isoformat()} at the time from which moved-from says that it "
            "moved; correct start, or take the time out of moved-from",
        )


def _end(data: Mapping[str, Any], start: datetime) -> datetime:
    minutes = timedelta(minutes=data.get("minutes", USUAL_MINUTES))
    return (start.astimezone(UTC) + minutes).astimezone(start.tzinfo)


def deadline(data: Mapping[str, Any], start: datetime, what: str) -> datetime:
    """Return until when something of an event can be done, such as ``registration``.

    Without a word about it that is until it starts.
    """
    entry = data[what]
    if "until" in entry:
        return _time(entry["until"], data.get("zone", ""))
    if days := entry.get("days-before", 0):
        wall = start.replace(tzinfo=None) - timedelta(days=days)
        return wall.replace(tzinfo=start.tzinfo)
    return start


def _time(text: str, zone: str) -> datetime:
    """Return a time in the event's zone, unless it has an offset of its own."""
    return parse_time(text) if split_time(text)[1] else parse_time(text, zone)

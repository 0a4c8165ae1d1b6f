"""When an event starts, out of how pages write it, and in which zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from wikiplan.adopt.factreader import FactReader
from wikiplan.l10n.dates import parse_time, zone_names
from wikiplan.plan.units import Date
from wikiplan.render.facts import LocalFacts

USUAL_ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Chicago",
    "Asia/Kolkata", "Asia/Tokyo", "Africa/Lagos", "Africa/Nairobi", "Europe/Kyiv",
)  # fmt: skip
"""Of zones that read the same, the first of these is taken."""

_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Start:
    """``start`` and ``zone`` as the plan writes them; the zone is empty where the start says it."""

    start: str
    zone: str

    @property
    def instant(self) -> datetime:
        return parse_time(self.start, self.zone)

    def data(self) -> dict[str, Any]:
        return {"start": self.start, **({"zone": self.zone} if self.zone else {})}


def start_of(
    whens: Mapping[str, str], source: str, readers: Mapping[str, FactReader]
) -> Start | None:
    """Return the start that reads like ``whens``, by language; None if none does in the source.

    Of several, the one that reads so in most languages.
    """
    instant = _instant(whens[source], readers[source])
    if instant is None:
        return None
    best, most = None, 0
    for start in _candidates(instant):
        fitting = [
            code for code, when in whens.items() if written(start.instant, readers[code]) == when
        ]
        if source in fitting and len(fitting) > most:
            best, most = start, len(fitting)
        if most == len(whens):
            break
    return best


def written(start: datetime, reader: FactReader) -> str:
    """Return an instant as the template for office hours writes it."""
    facts: LocalFacts = reader.facts
    utc = start.astimezone(UTC)
    here, there = facts.clock(start), facts.clock(utc)
    text = str(facts.time(start))
    if here == there:
        return text
    return f"{text} ({there if facts.day(start) == facts.day(utc) else facts.time(utc)})"


def _instant(when: str, reader: FactReader) -> datetime | None:
    """Return the instant of a day, a time of day and the time that it is in UTC."""
    days = [found.fact.value for found in reader.facts_in(when) if isinstance(found.fact, Date)]
    clocks = [time(int(found[1]), int(found[2])) for found in _clocks(when)]
    if not days or not clocks or len(days[0]) < len("2021-01-01"):
        return None
    local = datetime.combine(date.fromisoformat(days[0]), clocks[0])
    there = datetime.combine(date.fromisoformat(days[-1]), clocks[-1])
    return local.replace(tzinfo=timezone(local - there)) if abs(local - there) < _DAY else None


_DAY = timedelta(days=1)


def _clocks(when: str) -> list[re.Match[str]]:
    return [found for found in _CLOCK.finditer(when) if int(found[1]) < 24 and int(found[2]) < 60]


def _candidates(instant: datetime) -> Iterator[Start]:
    """Yield ways to write an instant: in UTC, with its offset, and in zones that have that one."""
    wall = instant.replace(tzinfo=None).isoformat(timespec="minutes")
    if not instant.utcoffset():
        yield Start(f"{wall}Z", "")
    else:
        yield Start(instant.isoformat(timespec="minutes"), "")
    for zone in _zones():
        try:
            there = parse_time(wall, zone)
        except ValueError:
            continue
        if there.utcoffset() == instant.utcoffset():
            yield Start(wall, zone)


@cache
def _zones() -> tuple[str, ...]:
    return (*USUAL_ZONES, *sorted(zone_names() - set(USUAL_ZONES)))

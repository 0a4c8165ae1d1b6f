"""Histories of events: each step is what the plan says at a time, and what is so then.

What is so is worked out here by other means than the program's: whole days on a wall clock, made
instants by ``zoneinfo``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles",
    "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Africa/Nairobi",
    "Asia/Tehran", "Pacific/Auckland", "UTC",
)  # fmt: skip
BERLIN_SPRING, BERLIN_AUTUMN = datetime(2021, 3, 28), datetime(2021, 10, 31)


@dataclass(frozen=True)
class Date:
    """A date as it is at a step; times are on the wall clock of the event's zone."""

    planned: datetime
    start: datetime
    status: str
    former: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class State:
    """An event as it is at a step."""

    zone: str
    minutes: int
    status: str
    dates: tuple[Date, ...]
    every: int = 0
    """Days between the dates of a series, 0 for one event."""
    left_out: tuple[datetime, ...] = ()
    until: datetime | None = None
    """The end of the registration."""

    def instant(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def end(self, date: Date) -> datetime:
        return self.instant(date.start) + timedelta(minutes=self.minutes)

    def event(self) -> dict[str, Any]:
        """Return the event as ``office-hours.yaml`` has it."""
        first = self.dates[0]
        event: dict[str, Any] = {"key": "talk", "zone": self.zone, "start": written(first.start)}
        event |= {"minutes": self.minutes, "status": self.status, "topic": {"text": "Watering"}}
        if self.until:
            event["registration"] = {"link": "office", "until": written(self.until)}
        if not self.every:
            former = [written(each) for each in first.former]
            return {**event, "moved-from": former} if former else event
        begin = min([*self.left_out, *(each.planned for each in self.dates)])
        count = len(self.dates) + len(self.left_out)
        event["start"] = written(begin)
        event["repeats"] = f"FREQ=DAILY;INTERVAL={self.every};COUNT={count}"
        if self.left_out:
            event["except"] = [each.date().isoformat() for each in self.left_out]
        if own := [dict(self._own(each)) for each in self.dates if self._is_own(each)]:
            event["occurrences"] = own
        return event

    def _is_own(self, date: Date) -> bool:
        return date.start != date.planned or bool(date.former) or date.status != self.status

    def _own(self, date: Date) -> Iterator[tuple[str, Any]]:
        yield "key", date.planned.date().isoformat()
        if date.start != date.planned:
            yield "start", written(date.start)
        if date.former[1:]:
            yield "moved-from", [written(each) for each in date.former[1:]]
        if date.status != self.status:
            yield "status", date.status


@dataclass(frozen=True)
class Step:
    """What the plan says from an instant on."""

    now: datetime
    state: State


def written(wall: datetime) -> str:
    return wall.isoformat(timespec="minutes")


def history(seed: int) -> list[Step]:
    """Return the steps of one event: tentative, confirmed, moved, held or cancelled."""
    chance = random.Random(seed)
    state = _begun(chance)
    first = min(state.instant(each.start) for each in state.dates)
    now = first - timedelta(days=40)
    steps = [Step(now, state)]
    for change in _changes(chance):
        now += timedelta(days=chance.randint(1, 6), hours=chance.randint(0, 23))
        state = change(chance, state)
        steps.append(Step(now, state))
    return steps


def _begun(chance: random.Random) -> State:
    around = chance.choice((BERLIN_SPRING, BERLIN_AUTUMN, datetime(2021, 7, 1)))
    start = around + timedelta(days=chance.randint(-20, 5), hours=chance.randint(5, 22))
    every = chance.choice((0, 0, 7, 14, 30))
    count = chance.randint(3, 6) if every else 1
    starts = [start + timedelta(days=every * n) for n in range(count)]
    dates = tuple(Date(each, each, "tentative") for each in starts)
    until = start - timedelta(days=2) if not every and chance.random() < 0.5 else None
    return State(
        chance.choice(ZONES), chance.choice((30, 60, 90)), "tentative", dates, every, until=until
    )


def _changes(chance: random.Random) -> list[Any]:
    last = chance.choice((_held, _cancelled, _held))
    return [
        _confirmed,
        _same,
        *[_moved] * chance.randint(1, 2),
        chance.choice((_same, _left_out)),
        last,
    ]


def _same(chance: random.Random, state: State) -> State:
    return state


def _confirmed(chance: random.Random, state: State) -> State:
    dates = (replace(each, status=_now(each, state, "confirmed")) for each in state.dates)
    return replace(state, status="confirmed", dates=tuple(dates))


def _now(date: Date, state: State, status: str) -> str:
    return status if date.status == state.status else date.status


def _moved(chance: random.Random, state: State) -> State:
    at = chance.randrange(len(state.dates))
    date = state.dates[at]
    start = date.start + timedelta(days=chance.randint(1, 4), hours=chance.choice((0, 0, 1)))
    moved = replace(date, start=start, former=(*date.former, date.start))
    return replace(state, dates=(*state.dates[:at], moved, *state.dates[at + 1 :]))


def _left_out(chance: random.Random, state: State) -> State:
    plain = [each for each in state.dates if each.start == each.planned and not each.former]
    if len(state.dates) < 2 or not plain:
        return state
    gone = chance.choice(plain)
    dates = tuple(each for each in state.dates if each is not gone)
    return replace(state, dates=dates, left_out=(*state.left_out, gone.planned))


def _cancelled(chance: random.Random, state: State) -> State:
    at = chance.randrange(len(state.dates))
    date = replace(state.dates[at], status="cancelled")
    status = state.status if state.every else "cancelled"
    return replace(state, status=status, dates=(*state.dates[:at], date, *state.dates[at + 1 :]))


def _held(chance: random.Random, state: State) -> State:
    dates = (replace(each, status=_now(each, state, "held")) for each in state.dates)
    return replace(state, status="held", dates=tuple(dates))


def instants(step: Step) -> list[datetime]:
    """Return when to look: now, and at each boundary of the event, just before it and then."""
    state, moment = step.state, timedelta(minutes=1)
    ends = [state.end(each) for each in state.dates]
    bounds = [*ends, *([state.instant(state.until)] if state.until else [])]
    found = {step.now, *bounds, *(each - moment for each in bounds)}
    return sorted(each for each in found if each >= step.now)


# What pages, announcements and mails say, read out of their text.


@dataclass(frozen=True, order=True)
class Said:
    """What is said of a date: when it starts, how it stands, and when it was to start."""

    start: datetime
    state: str = ""
    former: tuple[datetime, ...] = field(default=())


_DAY = r"[A-Z][a-z]+ \d{1,2}, \d{4}"
_WHEN = re.compile(
    rf"({_DAY}), (\d\d:\d\d) ([^\s;]+)(?: \((?:({_DAY}), )?(\d\d:\d\d) UTC\))?((?: \([^()]*\))*)"
)
_FORMER = re.compile(rf"({_DAY}), (\d\d:\d\d) ")
_STATES = ("tentative", "confirmed", "cancelled")


def said(text: str) -> list[Said]:
    """Return what a text says of dates: a list item each, and further ones in a line."""
    plain = re.sub(r"'''|\*\*(?=\S)|(?<=\S)\*\*|~~|</?(?:s|small)>", "", text)
    found = []
    for line in plain.splitlines():
        if re.match(r"(?:\*|-) [A-Z]", line) or "Further dates: " in line:
            found += [_said(when) for when in _WHEN.finditer(line)]
    return sorted(found)


def _said(when: re.Match[str]) -> Said:
    day, clock, zone, other, utc, notes = when.groups()
    start = _read(other or day, utc or clock)
    assert utc or zone == "UTC", when[0]
    words = re.findall(r"\(([^()]*)\)", notes)
    states = [each for each in words if each in _STATES]
    former = [each for each in words if each.startswith("moved; before: ")]
    walls = tuple(
        _read(*each.groups()).replace(tzinfo=None) for each in _FORMER.finditer("".join(former))
    )
    return Said(start, "".join(states), walls)


def _read(day: str, clock: str) -> datetime:
    return datetime.strptime(f"{day} {clock}", "%B %d, %Y %H:%M").replace(tzinfo=UTC)


def expected(state: State, now: datetime) -> list[Said]:
    """Return what is to be said of the dates that have not ended."""
    return sorted(
        Said(
            state.instant(each.start),
            each.status if each.status in _STATES else "",
            each.former,
        )
        for each in state.dates
        if state.end(each) > now
    )


def sequences(feed: Mapping[tuple[str, str], int], state: State) -> dict[datetime, int]:
    """Return the count that holds for each date: its own, else that of its series."""
    whole = next(count for (_, date), count in feed.items() if not date)
    own = {date: count for (_, date), count in feed.items() if date}
    stamps = {each.planned: f"{state.instant(each.planned):%Y%m%dT%H%M%SZ}" for each in state.dates}
    return {planned: own.get(stamp, whole) for planned, stamp in stamps.items()}

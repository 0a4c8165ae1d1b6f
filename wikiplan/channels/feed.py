"""Calendars: a plan's events as an iCalendar feed (RFC 5545). The door of icalendar.

A feed that was published is what people have in their calendars, so it is also where the count of
changes is kept: ``SEQUENCE`` goes on from it, and grows where people must be told, which is where
an event is at another time, or is on, tentative or cancelled otherwise than it was. Where the feed
is lost, the plan itself says how often an event has changed at least: it keeps the old dates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vRecur

from wikiplan.events import USUAL_MINUTES, occurrences, rule_for_feeds
from wikiplan.l10n import parse_time
from wikiplan.value import Value, field, replace

PRODUCT = "-//wikiplan//calendar//EN"
DIGEST = "X-WIKIPLAN-DIGEST"
"""Says of the rest of the feed that nobody changed it since it was written."""

KEPT = timedelta(days=366)
"""So long a feed goes on to say that an event which left the plan is cancelled."""

_STATUS = {"tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_RANK = {"TENTATIVE": 0, "CONFIRMED": 1, "CANCELLED": 2}
"""In this order an event comes to be sure, one way or the other."""

_DIGEST_LINE = re.compile(rf"^{DIGEST}:([0-9a-f]+)\n", re.MULTILINE)
_DIGEST_LENGTH = 16
_STAMP = "%Y%m%dT%H%M%SZ"


class UnknownFeedError(ValueError):
    """A text is no feed as we write them, or somebody changed it."""


def is_own(text: str) -> bool:
    """Tell whether a text is a feed as it was written."""
    return _digest(text.replace("\r\n", "\n")) in _DIGEST_LINE.findall(text.replace("\r\n", "\n"))


Key = tuple[str, str]
"""How calendars know a component: UID, and the date of its series (empty for the whole)."""


class Told(Value):
    """What people must be told when it changes. Times are instants; ``dates`` says which a series
    has, as its rule and what that leaves out.
    """

    start: datetime
    end: datetime
    status: str
    dates: str = ""


class Published(Value):
    """A component of a feed as it was published."""

    told: Told
    sequence: int
    stamp: datetime
    text: str
    component: Event


class LastFeed(Value):
    """A feed as it was published, by component; nothing where there is none."""

    components: Mapping[Key, Published] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a feed. Raises :class:`UnknownFeedError` for what is none of ours."""
        text = text.replace("\r\n", "\n")
        if not is_own(text):
            raise UnknownFeedError("it is no feed of this program, or somebody changed it")
        try:
            calendar = Calendar.from_ical(text)
            events = (each for each in calendar.walk("VEVENT") if isinstance(each, Event))
            return cls(dict(map(_published, events)))
        except (KeyError, ValueError) as error:
            raise UnknownFeedError(f"it cannot be read ({error})") from error


def newest(feeds: Iterable[LastFeed]) -> LastFeed:
    """Return of each component what was published last: feeds of several languages have it."""
    found: dict[Key, Published] = {}
    for feed in feeds:
        for key, each in feed.components.items():
            if key not in found or each.sequence > found[key].sequence:
                found[key] = each
    return LastFeed(found)


class Words(Value):
    """What a feed says of an event, by the key of the event or date, in plain text."""

    summary: str
    description: str
    url: str


class FeedWriter(Value):
    """Writes feeds. ``uid`` gives an event's stable id by its key, ``last`` is what people have."""

    now: datetime
    uid: Callable[[str], str]
    last: LastFeed = field(default_factory=LastFeed)

    def feed(
        self,
        name: str,
        events: Sequence[Mapping[str, Any]],
        words: Callable[[str], Words],
        own: LastFeed,
        known: Iterable[str],
    ) -> str:
        """Return a feed's text, with line feeds as a wiki stores them.

        ``own`` is the feed as it was published last, ``known`` are the keys of all events of the
        plan: one that ``own`` has and the plan has not any more is cancelled.
        """
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", PRODUCT)
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        components = [each for event in events for each in self._event(event, words)]
        components += self._gone(own, {self.uid(key) for key in known})
        for zone in _zones(components):
            calendar.add_component(zone)
        for component in components:
            calendar.add_component(self._stamped(component, own))
        return _with_digest(calendar.to_ical().decode().replace("\r\n", "\n").rstrip("\n"))

    def _event(self, event: Mapping[str, Any], words: Callable[[str], Words]) -> Iterator[Event]:
        """Yield an event; of a series what its rule has, then what single dates have otherwise."""
        dates, key = occurrences(event), (self.uid(event["key"]), "")
        if "repeats" not in event:
            only = _component(
                key, words(event["key"]), dates[0].status, dates[0].start, dates[0].end
            )
            yield self._counted(key, only, len(dates[0].former))
            return
        whole = self._counted(key, _series(key, words(event["key"]), event))
        yield whole
        for date in dates:
            key = key[0], _stamp(date.planned)
            if date.own or key in self.last.components:
                one = _component(key, words(date.key), date.status, date.start, date.end)
                one.add("recurrence-id", _in_feeds(date.planned))
                yield self._counted(key, one, len(date.former), whole)

    def _counted(
        self, key: Key, component: Event, moves: int = 0, whole: Event | None = None
    ) -> Event:
        """Return a component with how often people had to be told of something new.

        ``whole`` is the series that a date is of. Without the published feed the count is what the
        plan knows of: how often an event moved, and how sure it is.
        """
        told = _told(component)
        known = self.last.components.get(key) or (whole and self._of_series(key))
        if known:
            count = known.sequence + (known.told != told)
        else:
            left_out = len((whole or component).exdates)
            count = moves + left_out + _RANK[told.status]
        component.add("sequence", max(count, whole.decoded("sequence")) if whole else count)
        return component

    def _of_series(self, key: Key) -> Published | None:
        """Return what people have of a date through its series alone, if they have that."""
        series = self.last.components.get((key[0], ""))
        if series is None:
            return None
        start = datetime.strptime(key[1], _STAMP).replace(tzinfo=UTC)
        end = start + (series.told.end - series.told.start)
        return replace(series, told=Told(start, end, series.told.status))

    def _gone(self, own: LastFeed, known: set[str]) -> Iterator[Event]:
        """Yield events that people have and the plan has not any more, as cancelled."""
        for (uid, _), each in own.components.items():
            if uid in known or self.now - each.stamp > KEPT:
                continue
            component = each.component.copy()
            if each.told.status != "CANCELLED":
                for name, value in (("status", "CANCELLED"), ("sequence", each.sequence + 1)):
                    component.pop(name)
                    component.add(name, value)
            yield component

    def _stamped(self, component: Event, own: LastFeed) -> Event:
        """Return a component with the time since when it is as it is."""
        component.pop("dtstamp", None)
        before = own.components.get(_key(component))
        same = before is not None and before.text == _text(component)
        component.add("dtstamp", before.stamp if before and same else self.now.astimezone(UTC))
        return component


def _component(key: Key, words: Words, status: str, start: datetime, end: datetime) -> Event:
    component = Event()
    component.add("uid", key[0])
    component.add("dtstart", _in_feeds(start))
    component.add("dtend", _in_feeds(end.astimezone(UTC) if start.fold else end))
    component.add("status", _STATUS.get(status, "CONFIRMED"))
    component.add("summary", words.summary)
    component.add("description", words.description)
    if words.url:
        component.add("url", words.url)
    return component


def _series(key: Key, words: Words, event: Mapping[str, Any]) -> Event:
    """Return a series as its rule has it."""
    first = parse_time(event["start"], event.get("zone", ""))
    end = first.astimezone(UTC) + timedelta(minutes=event.get("minutes", USUAL_MINUTES))
    component = _component(key, words, event.get("status", ""), first, end.astimezone(first.tzinfo))
    component.add("rrule", vRecur.from_ical(rule_for_feeds(first, event["repeats"])))
    for day in sorted(event.get("except", ())):
        wall = datetime.combine(datetime.fromisoformat(day), first.time())
        component.add("exdate", _in_feeds(wall.replace(tzinfo=first.tzinfo)))
    return component


def _in_feeds(instant: datetime) -> datetime:
    """Return an instant as calendars read it: in its zone, or in UTC where that is an offset.

    Of a time that the clocks show twice, calendars take the first one: the second is in UTC, too.
    """
    in_its_zone = isinstance(instant.tzinfo, ZoneInfo) and not instant.fold
    return instant if in_its_zone else instant.astimezone(UTC)


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_STAMP)


def _zones(components: Sequence[Event]) -> Iterator[Timezone]:
    """Yield the rules of the zones in use, for the years in which there are events."""
    years: dict[str, list[int]] = {}
    zones: dict[str, tzinfo] = {}
    for component in components:
        start = component.decoded("dtstart")
        zone = start.tzinfo
        if isinstance(zone, ZoneInfo) and zone.key != "UTC":
            zones[zone.key] = zone
            years.setdefault(zone.key, []).append(start.year)
    for name in sorted(zones):
        first = datetime(min(years[name]) - 1, 1, 1).date()
        last = datetime(max(years[name]) + 3, 1, 1).date()
        yield Timezone.from_tzinfo(zones[name], name, first, last)


# Feeds as they were published.


def _published(component: Event) -> tuple[Key, Published]:
    stamp = component.decoded("dtstamp")
    sequence = component.decoded("sequence")
    return _key(component), Published(
        _told(component), sequence, stamp, _text(component), component
    )


def _key(component: Event) -> Key:
    date = component.decoded("recurrence-id") if "recurrence-id" in component else None
    return str(component["uid"]), _stamp(date) if date else ""


def _told(component: Event) -> Told:
    recurrence: Any = component.get("rrule")
    rule = recurrence.to_ical().decode() if recurrence else ""
    without = sorted(map(_stamp, component.exdates))
    return Told(
        component.decoded("dtstart").astimezone(UTC),
        component.decoded("dtend").astimezone(UTC),
        str(component["status"]),
        ";".join([";".join(sorted(rule.split(";"))), *without]) if rule else "",
    )


def _text(component: Event) -> str:
    """Return all that a component says, but for when it was written."""
    copied = component.copy()
    copied.pop("dtstamp", None)
    return str(copied.to_ical().decode())


def _digest(text: str) -> str:
    rest = _DIGEST_LINE.sub("", text).rstrip("\n")
    return hashlib.sha256(rest.encode()).hexdigest()[:_DIGEST_LENGTH]


def _with_digest(text: str) -> str:
    head, line, rest = text.partition(f"PRODID:{PRODUCT}\n")
    return f"{head}{line}{DIGEST}:{_digest(text)}\n{rest}"

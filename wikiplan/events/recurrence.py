"""Recurrence rules as RFC 5545 has them (3.3.10), by the wall clock of the event's zone.

Functions raise ``ValueError`` with ``what is wrong; what to do``. The door of dateutil.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from wikiplan.errors import Invalid, Message
from wikiplan.l10n import parse_time

MOST_DATES = 366
"""Of one event: every day of a year."""

_MOST_KEPT = 1000

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = (
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY",
    "BYSETPOS", "WKST",
)  # fmt: skip
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*", re.ASCII)
_UNTIL_FORMS = {8: "%Y%m%d", 16: "%Y%m%dT%H%M%SZ"}
"""By how long it is: a day, or a time in UTC."""
_TO_ITS_LAST_SECOND = timedelta(days=1, seconds=-1)
_ANY_TIME = datetime(2021, 7, 1, tzinfo=UTC)


def check_rule(rule: str) -> None:
    """Refuse what is no rule that gives days and has an end."""
    if not _RULE.fullmatch(rule):
        raise Invalid(
            "no-rule", f"“{rule}” is no rule; write it like FREQ=MONTHLY;BYDAY=2TH;COUNT=6"
        )
    names = [part.partition("=")[0] for part in rule.split(";")]
    for name in names:
        if name not in _PARTS:
            raise Invalid(
                "impossible-part-of-rule",
                f"“{name}” cannot stand in a rule; these can: {', '.join(_PARTS)}",
            )
        if names.count(name) > 1:
            raise Invalid(
                "doubled-part-of-rule", f"{name} stands in the rule twice; keep one of them"
            )
    if _parts(rule).get("FREQ") not in _FREQUENCIES:
        *most, last = (f"FREQ={each}" for each in _FREQUENCIES)
        raise Invalid(
            "rule-without-frequency",
            f"the rule says not how often; write {', '.join(most)} or {last}",
        )
    if ("COUNT" in names) == ("UNTIL" in names):
        ends = "two ends" if "COUNT" in names else "no end"
        raise Invalid(
            "ends-of-rule", f"the rule has {ends}; write either COUNT=6 or UNTIL=20220630"
        )
    _walls(_ANY_TIME, rule)


@lru_cache(_MOST_KEPT)
def dates(
    first: datetime, rule: str, without: frozenset[str] = frozenset()
) -> tuple[datetime, ...]:
    """Return when each date of a series begins, but for the days that it leaves out.

    ``first`` must be the rule's own first time; the wall clock of its tzinfo is the one that
    counts. Times that this clock skips, or shows twice, are refused.
    """
    walls = _walls(first, rule)
    if walls[:1] != [first.replace(tzinfo=None)]:
        day = first.date().isoformat()
        raise Invalid(
            "other-first-date",
            f"its first date is not {day}, when the event starts; correct one of them",
        )
    if len(walls) > MOST_DATES:
        raise Invalid(
            "too-many-dates", f"the rule makes more than {MOST_DATES} dates; let it end earlier"
        )
    for day in sorted(without - {wall.date().isoformat() for wall in walls}):
        raise Invalid(
            "no-date-to-leave-out", f"the rule has no date on {day}; correct the day, or remove it"
        )
    kept = [wall for wall in walls if wall.date().isoformat() not in without]
    return tuple(_at(wall, first.tzinfo) for wall in kept)


def rule_for_feeds(first: datetime, rule: str) -> str:
    """Return the rule with its end in UTC, as calendars want it where the start has a zone."""
    parts = _parts(rule)
    if "UNTIL" in parts:
        until = _until(parts["UNTIL"], first.tzinfo).replace(tzinfo=first.tzinfo)
        parts["UNTIL"] = until.astimezone(UTC).strftime(_UNTIL_FORMS[16])
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(rule: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in rule.split(";"))
    return {name: value for name, _, value in pairs}


def _walls(first: datetime, rule: str) -> list[datetime]:
    """Return the times on the wall clock, at most one more than a series may have."""
    from dateutil.rrule import rrulestr

    parts = _parts(rule)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], first.tzinfo).strftime("%Y%m%dT%H%M%S")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        found = rrulestr(text, dtstart=first.replace(tzinfo=None, fold=0))
        return list(islice(found, MOST_DATES + 1))
    except ValueError as error:
        raise Invalid(
            "unreadable-rule", f"the rule “{rule}” cannot be read ({error}); correct it"
        ) from None


def _until(text: str, zone: tzinfo | None) -> datetime:
    """Return the end of a rule on the wall clock; a day counts to its last second."""
    try:
        until = datetime.strptime(text, _UNTIL_FORMS[len(text)])
    except (KeyError, ValueError):
        wrong = f"“{text}” is no end of a rule"
        raise Invalid(
            "no-end-of-rule", f"{wrong}; write a day like 20220630, or a time in UTC"
        ) from None
    if len(text) == 8:
        return until + _TO_ITS_LAST_SECOND
    return until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _at(wall: datetime, zone: tzinfo | None) -> datetime:
    text = wall.isoformat(timespec="minutes")
    try:
        return parse_time(text, zone.key) if isinstance(zone, ZoneInfo) else parse_time(f"{text}Z")
    except ValueError as error:
        told = Message.of(error).wrong
        raise Invalid(
            "date-at-impossible-time",
            f"{told}; leave that day out (except: [{wall.date().isoformat()}]), or choose another "
            "time of day",
        ) from None

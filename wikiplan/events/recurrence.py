"""Recurrence rules as RFC 5545 has them (3.3.10), by the wall clock of the event's zone.

Functions raise ``ValueError`` with ``what is wrong; what to do``. The door of dateutil.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
_NUMBERS = {
    "INTERVAL": range(1, MOST_DATES + 1), "COUNT": range(1, MOST_DATES + 1),
    "BYMONTH": range(1, 13), "BYWEEKNO": range(1, 54), "BYYEARDAY": range(1, 367),
    "BYMONTHDAY": range(1, 32), "BYSETPOS": range(1, 367),
}  # fmt: skip
_FROM_THE_END = ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYSETPOS")
"""Parts whose numbers may have a minus."""
_FITTING = {
    "BYWEEKNO": ("YEARLY",),
    "BYYEARDAY": ("YEARLY",),
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
}
"""With which frequencies a part means something (RFC 5545, section 3.3.10)."""
_FITTING_NUMBERED_DAYS = ("MONTHLY", "YEARLY")
_MOST_WEEKS_OF_MONTH, _MOST_WEEKS_OF_YEAR = 5, 53
_NUMBERED_DAY = re.compile(r"[+-]?[0-9]+(?=[A-Z])", re.ASCII)
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
    parts = _parts(rule)
    _check_numbers(parts)
    _check_days(parts)
    _walls(_ANY_TIME, rule)


def _check_numbers(parts: Mapping[str, str]) -> None:
    """Refuse what dateutil takes for something else than it says, or leaves out."""
    for name, possible in _NUMBERS.items():
        for text in filter(None, parts.get(name, "").split(",")):
            number = text.lstrip("+-" if name in _FROM_THE_END else "")
            if not number.isdecimal() or int(number) not in possible:
                raise Invalid(
                    "impossible-number-in-rule",
                    f"{name} cannot be {text}; write a number from 1 to {possible[-1]}",
                )
    for name, fitting in _FITTING.items():
        if name in parts:
            _check_frequency(parts, name, fitting)


def _check_days(parts: Mapping[str, str]) -> None:
    """Refuse the fifth Thursday of a week, and the sixtieth of a year."""
    numbered = [int(each) for each in _NUMBERED_DAY.findall(parts.get("BYDAY", ""))]
    if numbered:
        _check_frequency(parts, "a number in BYDAY", _FITTING_NUMBERED_DAYS)
    of_year = parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts
    most = _MOST_WEEKS_OF_YEAR if of_year else _MOST_WEEKS_OF_MONTH
    if wrong := [each for each in numbered if not 0 < abs(each) <= most]:
        raise Invalid(
            "impossible-day-in-rule",
            f"BYDAY cannot count to {wrong[0]}; write a number from 1 to {most}",
        )


def _check_frequency(parts: Mapping[str, str], what: str, fitting: Sequence[str]) -> None:
    if parts["FREQ"] not in fitting:
        frequencies = " or ".join(f"FREQ={each}" for each in fitting)
        raise Invalid(
            "part-of-other-frequency",
            f"{what} means nothing with FREQ={parts['FREQ']}; write {frequencies}, or take it out",
        )


@lru_cache(_MOST_KEPT)
def dates(
    first: datetime, rule: str, without: frozenset[str] = frozenset()
) -> tuple[datetime, ...]:
    """Return when each date of a series begins, but for the days that it leaves out.

    ``first`` must be the rule's own first time; the wall clock of its tzinfo is the one that
    counts. Times that this clock skips, or shows twice, are refused.
    """
    if not isinstance(first.tzinfo, ZoneInfo) and first.utcoffset():
        raise Invalid(
            "series-without-zone",
            "a series goes by the clock of a place; write “zone: Europe/Berlin” or another zone in "
            "place of the offset of its start",
        )
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
    if not kept:
        raise Invalid(
            "no-date-left",
            "all dates of the rule are left out; leave one, or write “status: cancelled” in place "
            "of except",
        )
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

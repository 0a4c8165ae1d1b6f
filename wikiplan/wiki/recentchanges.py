"""What happened on a wiki since a question before: its recent changes (``list=recentchanges``).

Every edit is there, also a bot's, a minor one, or an extension's; and of the public logs: deletions
and restorations of pages, revisions and log entries, moves, imports, merged histories, protection,
page language, content model, and Translate's (``pagetranslation``, ``translationreview``).
A move's new title may be in a namespace that nobody asks about and the old one in another, hence
the log of moves beside them. Of a merged history both titles are told, of a move that keeps the
protection a line for each.

What is not there:

- what is suppressed (``suppress/…``), a hidden text included: that log is only for its group;
- edits and imports by maintenance scripts, or by extensions that say ``EDIT_SUPPRESS_RC``;
- revisions that change nothing, and page properties (a purge, a changed template or file);
- what lets nobody edit without a word about the page: cascading protection of another page,
  protection that expires, blacklists, filters, blocks, rights, the wiki's settings;
- edits of a page that was deleted since, which leave the list with it (the deletion is told);
- what is older than ``$wgRCMaxAge`` (90 days, elsewhere 30), which the wiki does not tell.

So whoever writes asks for refusals and the newest revision all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from wikiplan import utc
from wikiplan.wiki import answers
from wikiplan.wiki.answers import Answer
from wikiplan.wiki.interface import Account, Cursor, Event, Recent

OVERLAP = timedelta(minutes=10)
"""How long an edit may stand before it is listed: changes are recorded after the edit, in deferred
updates or jobs, the database that is asked may lag behind, and servers' clocks differ."""
MOST_ANSWERS = 3
"""More than so many thousands of changes are longer than the ids and digests of most plans."""
OTHER_TITLES = ("target_title", "dest_title", "oldtitle_title", "target")
"""Of moves, merges, protections, and of what Translate moves."""


def question(cursor: Cursor | None, namespaces: Collection[int]) -> dict[str, str]:
    """Return the parameters of a query that tells what :func:`recent` understands."""
    asked = {
        "curtimestamp": "1",
        "list": "recentchanges",
        "rcprop": "title|ids|timestamp|loginfo",
        "rctype": "edit|new|log",
        "rclimit": "1",
    }
    if namespaces:
        asked["rcnamespace"] = "|".join(map(str, sorted(namespaces)))
    if cursor is None:
        return asked
    begin = _begin(cursor)
    return asked | {
        "list": "recentchanges|logevents",
        "rcend": utc.stamp(min(begin, cursor.listed)),
        "rclimit": "max",
        "letype": "move",
        "leprop": "title|ids|type|timestamp|details",
        "leend": utc.stamp(begin),
        "lelimit": "max",
    }


@answers.understood
def recent(told: Sequence[Answer], cursor: Cursor | None, account: Account) -> Recent:
    """Return what the answers to a :func:`question` say; they may end before the wiki has."""
    entries = [entry for answer in told for entry in answer["query"].get("recentchanges", ())]
    moves = [entry for answer in told for entry in answer["query"].get("logevents", ())]
    times = list(map(_time, entries))
    now = answers.instant(told[0]["curtimestamp"])
    following = Cursor(now, min(now, max(times))) if times else None
    if cursor is None or "continue" in told[-1] or cursor.listed < min(times, default=now):
        return Recent(account, following, None)
    begin = _begin(cursor)
    since = [entry for entry in (*entries, *moves) if _time(entry) >= begin]
    if any("title" not in entry for entry in since):  # hidden from this account
        return Recent(account, following, None)
    return Recent(account, following, tuple(dict.fromkeys(map(_event, since))))


def _begin(cursor: Cursor) -> datetime:
    return cursor.instant - OVERLAP


def _time(entry: Mapping[str, Any]) -> datetime:
    return answers.instant(entry["timestamp"])


def _event(entry: Mapping[str, Any]) -> Event:
    """Return a line of the recent changes, or of a log; of equal ones the newest comes first."""
    page_id = int(entry.get("logpage", entry["pageid"]))  # the page that moved, not its old title's
    if entry["type"] in ("edit", "new"):
        edit = str(entry["type"]), (str(entry["title"]),), page_id, int(entry["revid"])
        return Event(*edit, _time(entry))
    kind = f"{entry.get('logtype', entry['type'])}/{entry.get('logaction', entry.get('action'))}"
    return Event(kind, tuple(_titles(entry)), page_id, time=_time(entry))


def _titles(entry: Mapping[str, Any]) -> Iterator[str]:
    yield str(entry["title"])
    parameters = entry.get("logparams", entry.get("params")) or {}
    yield from (str(parameters[name]) for name in OTHER_TITLES if name in parameters)

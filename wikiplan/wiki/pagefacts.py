"""What only a real wiki knows of a page beside its text: protection, moves, redirects to it."""

from __future__ import annotations

from datetime import datetime

from wikiplan.value import Value
from wikiplan.wiki import answers
from wikiplan.wiki.answers import understood
from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Wiki

MOVES = "10"  # the newest ones are enough to tell where a page went


class Protection(Value):
    """Who may do what: ``action`` needs the right or group ``level``, until ``expires``."""

    action: str
    level: str
    expires: str


class Move(Value):
    """A move away from the page's title. ``time`` is UTC."""

    target: str
    user: str
    time: datetime


class PageFacts(Value):
    """``redirects`` are titles that lead to the page; moves come newest first."""

    protections: tuple[Protection, ...] = ()
    moves: tuple[Move, ...] = ()
    redirects: tuple[str, ...] = ()


@understood
def page_facts(wiki: Wiki, title: str) -> PageFacts:
    """Return what the wiki says of a page, with one request; a folder says nothing."""
    if not isinstance(wiki, Site):
        return PageFacts()
    answer = wiki.ask(
        action="query",
        titles=title,
        prop="info|redirects",
        inprop="protection",
        rdlimit="max",
        list="logevents",
        letype="move",
        letitle=title,
        lelimit=MOVES,
    )
    query = answer["query"]
    page = query["pages"][0]
    return PageFacts(
        protections=tuple(
            Protection(str(each["type"]), str(each["level"]), str(each.get("expiry", "")))
            for each in page.get("protection", ())
        ),
        moves=tuple(
            Move(
                str(each.get("params", {}).get("target_title", "")),
                str(each.get("user", "")),
                answers.instant(each["timestamp"]),
            )
            for each in query.get("logevents", ())
        ),
        redirects=tuple(str(each["title"]) for each in page.get("redirects", ())),
    )

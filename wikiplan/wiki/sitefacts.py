"""What a wiki says of itself and of the account, for who looks whether a run can work there."""

from __future__ import annotations

from datetime import datetime

from wikiplan.value import Value
from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Wiki


class Rate(Value):
    """So many edits in so many seconds."""

    hits: int
    seconds: int


class SiteFacts(Value):
    """A wiki and who asks it. ``time`` is its clock, ``read_only`` why nobody may edit.

    ``groups`` are the account's, whatever a password leaves of their rights. ``edits`` is the
    lowest rate that holds for it, ``None`` where none does.
    """

    time: datetime
    groups: frozenset[str]
    edits: Rate | None
    read_only: str


def site_facts(wiki: Wiki) -> SiteFacts | None:
    """Ask a site, with one request; a folder has no such facts."""
    if not isinstance(wiki, Site):
        return None
    answer = wiki.ask(
        "query",
        meta="userinfo|siteinfo",
        uiprop="groups|ratelimits",
        siprop="general",
        curtimestamp="1",
    )
    user, general = answer["query"]["userinfo"], answer["query"]["general"]
    limits = user.get("ratelimits") or {}
    rates = [Rate(each["hits"], each["seconds"]) for each in (limits.get("edit") or {}).values()]
    read_only = general.get("readonlyreason", "no reason given") if general.get("readonly") else ""
    return SiteFacts(
        time=datetime.fromisoformat(answer["curtimestamp"]),
        groups=frozenset(user.get("groups", ())),
        edits=min(rates, key=lambda each: each.hits / each.seconds, default=None),
        read_only=read_only,
    )

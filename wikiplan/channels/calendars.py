"""The calendars of a plan: one for each language, and one for each team's events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from wikiplan.channels.announcement import Announcing, events_of, keys_of
from wikiplan.channels.feed import FeedWriter, LastFeed, UnknownFeedError, Words, newest
from wikiplan.channels.writing import Address, Writer
from wikiplan.errors import WikiplanError
from wikiplan.plan import EVENTS, NamedUnit, Plan, variable
from wikiplan.value import Value


class Calendar(Value):
    """Which events a calendar has: those of a team, or of all where that is empty."""

    language: str
    team: str = ""

    @property
    def name(self) -> str:
        """The name of its file, or of its page below the one that the plan names."""
        return f"{f'events-{self.team}' if self.team else 'events'}.{self.language}.ics"


class Calendars(Value, dict=True):
    """Writes the calendars of a plan at an instant; ``address`` is where people read a page."""

    plan: Plan
    announcing: Announcing
    address: Address

    @cached_property
    def every(self) -> tuple[Calendar, ...]:
        teams = dict.fromkeys(event.get("team", "") for event in events_of(self.plan))
        return tuple(
            Calendar(language, team)
            for team in ("", *filter(None, teams))
            for language in self.plan.languages
        )

    def texts(self, published: Mapping[str, str]) -> Iterator[tuple[Calendar, str]]:
        """Yield the calendars; ``published`` has the last text of each by its name.

        Raises :class:`WikiplanError` for a text that is none of ours.
        """
        own = {name: _read(name, text) for name, text in published.items()}
        last = newest(own.values())
        known = [event["key"] for event in events_of(self.plan)]
        for each in self.every:
            writer = FeedWriter(self.announcing.now, self._uid, last)
            words = partial(self._words, language=each.language)
            before = own.get(each.name, LastFeed())
            yield each, writer.feed(self._title(each), self._events(each), words, before, known)

    def _events(self, calendar: Calendar) -> Sequence[Mapping[str, Any]]:
        every = events_of(self.plan)
        return [e for e in every if not calendar.team or e.get("team") == calendar.team]

    def _uid(self, key: str) -> str:
        """Return an event's id, which stays what it was where the event got another key."""
        where = f"{settings(self.plan)['id']}.{self.plan.site.replace(':', '.')}"
        return f"{keys_of(self.plan, key)[-1]}@{where}"

    def _title(self, calendar: Calendar) -> str:
        name = variable("team", calendar.team) if calendar.team else "department"
        fact = self.plan.facts.get(name)
        if isinstance(fact, NamedUnit):
            return self.announcing.renderer.own_form(fact, calendar.language)
        return calendar.team or EVENTS

    def _words(self, key: str, language: str) -> Words:
        writer = Writer(self.address)
        said = self.announcing.of(key, language)
        title = writer.words(self.announcing.title(key, language))
        page = self.announcing.page_of(key, language)
        return Words(title, writer.text(said.body), self.address(page) if page else "")


def settings(plan: Plan) -> Mapping[str, Any]:
    """Return what the plan says of its calendars. Raises :class:`WikiplanError` without it."""
    found = plan.files.get(EVENTS, {}).get("calendar")
    if not found:
        raise WikiplanError(
            "no-calendar-id",
            f"{EVENTS}.yaml says nothing of calendars; write “calendar: {{id: NAME}}” there: the "
            "name stands in the ids by which calendars know the events, and must not change",
        )
    return found  # type: ignore[no-any-return]


def _read(name: str, text: str) -> LastFeed:
    try:
        return LastFeed.read(text)
    except UnknownFeedError as error:
        raise WikiplanError(
            "calendar-of-others",
            f"{name}: {error}; take it away, and the plan says how often events have changed, or "
            "take the change back",
        ) from error

"""The days on which pages change by the clock alone: events pass, targets, fiscal years, notices.

They are found by rendering: each section says until when the clock leaves it as it is, and is
rendered again then. The source language stands for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from wikiplan import textdiff
from wikiplan.desk.answering import Answers, Asked, Shown
from wikiplan.desk.desk import Desk
from wikiplan.plan import PageSpec
from wikiplan.render import PageSection, Renderer
from wikiplan.session.session import Session
from wikiplan.value import Value

LABEL = "Calendar"
AHEAD = timedelta(days=366)
MOST_OPEN = 20
"""Pages of a day that are listed at once; of more only the count is, until somebody asks."""
LAST_SECOND = time(23, 59, 59, tzinfo=UTC)
"""What a page looks like on a day is what it looks like when the day is over."""


class Turn(Value):
    """A page that changes on a day: in which sections, and how many lines of their wikitext."""

    day: date
    page: PageSpec
    sections: tuple[str, ...]
    lines: int


class Day(Value):
    """A day with what changes on it, in the order of ``pages.yaml``."""

    day: date
    turns: tuple[Turn, ...]


def answers(desk: Desk) -> Answers:
    return {"calendar": _Calendar(desk).shown}


class _Calendar:
    """The days of the whole plan, as long as its files stay."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._of: Session | None = None
        self._days: tuple[Day, ...] = ()

    def shown(self, asked: Asked) -> Shown:
        with self._desk.alone:
            work = self._desk.current()
            if self._of is not work:
                self._days, self._of = days_of(work, work.plan.pages), work
        source = self._desk.source_language
        return Shown("calendar", {"days": self._days, "source": source, "most": MOST_OPEN})


class PageDays:
    """The days of one page after the other, each as long as the plan's files stay."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._of: Session | None = None
        self._days: dict[str, tuple[date, ...]] = {}

    def of(self, title: str) -> tuple[date, ...]:
        """Return the days on which a page changes; of one that is not in the plan none."""
        with self._desk.alone:
            work = self._desk.current()
            if self._of is not work:
                self._days, self._of = {}, work
            if title not in self._days:
                own = [page for page in work.plan.pages if page.title == title]
                self._days[title] = tuple(each.day for each in days_of(work, own))
            return self._days[title]


def days_of(work: Session, pages: Iterable[PageSpec]) -> tuple[Day, ...]:
    """Return the days of the year to come on which the clock changes pages, in order.

    Raises :class:`Faults` where a section cannot be rendered on one of them.
    """
    days: dict[date, list[Turn]] = defaultdict(list)
    for page in pages:
        for turn in _turns(work, page):
            days[turn.day].append(turn)
    return tuple(Day(day, tuple(days[day])) for day in sorted(days))


def end_of(day: date) -> datetime:
    return datetime.combine(day, LAST_SECOND)


def _turns(work: Session, page: PageSpec) -> Iterator[Turn]:
    found: dict[date, dict[str, int]] = defaultdict(dict)
    source = work.plan.source_language
    for section in page.sections:
        wanted = PageSection(page, section, source, source)
        for day, lines in _changes(work.renderer, wanted, work.options.now):
            found[day][section.name] = lines
    for day, sections in found.items():
        yield Turn(day, page, tuple(sections), sum(sections.values()))


def _changes(renderer: Renderer, wanted: PageSection, now: datetime) -> Iterator[tuple[date, int]]:
    """Yield the days on which a section becomes another, and how many of its lines do."""
    at, shown = now, renderer.at(now).section(wanted)
    while shown.sources.until is not None:
        # A template that takes the clock into its own hands may change every day.
        at = end_of(max(shown.sources.until, at + timedelta(seconds=1)).date())
        if at > now + AHEAD:
            return
        before, shown = shown.text, renderer.at(at).section(wanted)
        if shown.text != before:
            yield at.date(), textdiff.changed_lines(before, shown.text)

"""What templates see of events: each date of a series as an event of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wikiplan.events import Occurrence, occurrences
from wikiplan.plan import EVENTS, PageSpec, Plan
from wikiplan.render.views import FileView, View
from wikiplan.value import Value, field


class DateView(View):
    """A date of a series; ``series`` is that event's key."""

    __slots__ = ("date", "series")

    def __init__(self, event: View, date: Occurrence) -> None:
        name, scope = f"{event._name} on {date.day}", f"{event._scope}.{date.day}"
        super().__init__(name, date.data, event._known, event._units, scope, said_of=scope)
        self.date = date
        self.series = event._data["key"]


class Together(Value):
    """An event, or the first date of a series and the further ones that are as it is."""

    first: View
    further: list[View] = field(default_factory=list)


def dates(events: Iterable[View]) -> Iterator[View]:
    """Yield the events, for a series its dates."""
    for event in events:
        if isinstance(event, DateView) or "repeats" not in event:
            yield event
        else:
            yield from (DateView(event, each) for each in occurrences(event._data))


def occurrence(event: View) -> Occurrence:
    return event.date if isinstance(event, DateView) else occurrences(event._data)[0]


def series_of(event: View) -> tuple[str, ...]:
    """Return the key of the series that a date is of, nothing for another event."""
    return (event.series,) if isinstance(event, DateView) else ()


def page_about(plan: Plan, *keys: str) -> PageSpec | None:
    """Return the page with a section about the first of these events, else with one of all."""
    return next(
        (
            page
            for key in (*keys, "")
            for page in plan.pages
            if any(each.data == EVENTS and each.item == key for each in page.sections)
        ),
        None,
    )


def by_series(events: Iterable[View]) -> list[Together]:
    """Return events in their order, the dates of a series that say nothing of their own as one."""
    found: list[Together] = []
    leading: dict[str, Together] = {}
    for event in events:
        own = not isinstance(event, DateView) or event.date.own
        if isinstance(event, DateView) and not own and event.series in leading:
            leading[event.series].further.append(event)
            continue
        found.append(Together(event))
        if isinstance(event, DateView) and not own:
            leading[event.series] = found[-1]
    return found


def event(file: FileView, key: str) -> View:
    """Return an event by its key, or a date of a series by its own.

    Raises :class:`ValueError` with words for people.
    """
    events = [each for each in file["events"] if isinstance(each, View)]
    for each in (*events, *dates(events)):
        if each["key"] == key:
            return each
    raise ValueError(f"{file._name}.yaml has no event “{key}”")

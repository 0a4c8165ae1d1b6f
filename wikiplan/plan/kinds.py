"""Section kinds and kinds of data files: what each holds, and what the rest must know of it.

A new section kind is an entry of :data:`SECTION_KINDS` and a template, where it needs a file of
its own also an entry of :data:`FILE_KINDS` and a shape in ``plan.shapes``. The checks, the JSON
Schemas and the units take it from there. ``adopt.readers`` may say how to read such a section from
a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wikiplan.plan.facttypes import Date, Fact, FiscalYear, Number, Time
from wikiplan.plan.units import TextBlock
from wikiplan.value import Value, field

# Kinds of data files.


_IN_A_LINE = re.compile(r"(?:.*-)?(heading|name|title)")


def _stands_in_a_line(block: TextBlock) -> bool:
    """Tell whether a text is a list item, a heading or a name, where a line break ends it."""
    path = block.path
    within_list = any(isinstance(step, int) for step in path)
    return within_list or (bool(path) and bool(_IN_A_LINE.fullmatch(str(path[-1]))))


def _is_heading_or_item(block: TextBlock) -> bool:
    return "level" in block.data or "bullets" in block.data


def _is_name(block: TextBlock) -> bool:
    return bool(block.path) and block.path[-1] in ("name", "title")


def _is_nothing(block: TextBlock) -> bool:
    return False


class Implied(Value):
    """A variable that texts have without saying so: the fact behind a key of their file or item.

    ``key`` is the file's, if not that of the type. ``later`` counts years from a fiscal year.
    """

    name: str
    type: type[Date] | type[Time] | type[Number] | type[FiscalYear]
    of_item: bool = False
    later: int = 0
    key: str = ""

    def fact(self, file: Mapping[str, Any], item: Mapping[str, Any]) -> Fact:
        raw = item[self.name] if self.of_item else file[self.key or self.type.key]
        zone = item.get("zone", "")
        fact = self.type.of({self.type.key: raw, "zone": zone if isinstance(zone, str) else ""})
        return fact.later(self.later) if isinstance(fact, FiscalYear) else fact


class FileKind(Value):
    """A kind of data file.

    ``many`` files of the kind stand in a folder of its name. ``named_by`` is the key that their
    names repeat, ``names`` the regular expression of these. ``links`` are keys with names of links.
    ``of_teams`` says that the keys of its ``teams`` are those of the department's. ``for_section``
    files are of no use without a section. ``is_name`` tells which texts are names: each language
    may write them in its own script, and nobody has to.
    """

    title: str
    many: bool = False
    named_by: str = ""
    names: str = ""
    has_units: bool = True
    links: tuple[str, ...] = ()
    of_teams: bool = False
    implied: tuple[Implied, ...] = ()
    in_a_line: Callable[[TextBlock], bool] = _stands_in_a_line
    is_name: Callable[[TextBlock], bool] = _is_nothing
    for_section: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    """Fields of patterns in ``pages.yaml``, and the list whose items each of them goes over. With
    an empty one it goes over the files."""

    def implied_in(self, item: Mapping[str, Any]) -> list[Implied]:
        """Return the variables that an item's text has without saying so."""
        return [each for each in self.implied if not each.of_item or each.name in item]


EVENTS = "office-hours"
"""The file of the events."""

_YEAR = Implied("year", FiscalYear)

NAMING_PEOPLE = ("host", "owner")
"""Keys of lists in which people stand: by their keys in people.yaml, or by a name."""

OWN = "own"
"""The kind of a file that belongs to a section kind of the plan's owner."""
SOURCES = "sources"
"""The file that says where staff keep what other files are made of."""
MORE_PAGES = "page-list"
"""The kind of a file below ``pages/``, which ``pages.yaml`` includes."""

FILE_KINDS: Mapping[str, FileKind] = {
    "cards": FileKind(
        "People and teams as cards",
        many=True,
        links=("link",),
        is_name=_is_name,
        for_section=True,
    ),
    "department": FileKind(
        "Department, its mission and teams",
        links=("parent", "link"),
        is_name=_is_name,
        fields={"team": "teams"},
    ),
    "glossary": FileKind(
        "Words that must be translated in the same way everywhere", has_units=False
    ),
    "labels": FileKind("Small words that templates need", in_a_line=lambda block: True),
    "languages": FileKind("Overrides per language", has_units=False),
    "links": FileKind("Link targets by name", has_units=False),
    "metrics": FileKind(
        "Metrics of a quarter or a year",
        many=True,
        implied=(_YEAR, Implied("quarter", Number, key="quarter")),
        for_section=True,
    ),
    "notices": FileKind(
        "A notice that may begin and end with a day",
        many=True,
        in_a_line=lambda block: True,
        implied=(
            Implied("starts", Date, key="starts"),
            Implied("ends", Date, key="ends"),
        ),
        for_section=True,
    ),
    EVENTS: FileKind(
        "Office hours and other events",
        links=("ways", "questions", "notes", "answers", "recording", "link"),
        implied=(Implied("start", Time, of_item=True), Implied("minutes", Number, of_item=True)),
        fields={"event": "events"},
    ),
    MORE_PAGES: FileKind("Pages that pages.yaml includes", has_units=False),
    "okrs": FileKind(
        "Objectives and key results of a fiscal year",
        many=True,
        implied=(_YEAR,),
        for_section=True,
    ),
    OWN: FileKind("A section kind of one's own", for_section=True),
    "pages": FileKind("Pages, their sections and languages", has_units=False),
    "people": FileKind("People by key", links=("link",), is_name=_is_name),
    "priorities": FileKind(
        "Priorities of a fiscal year",
        many=True,
        named_by="fiscal-year",
        names=r"\d{4}(-\d{4})?",
        of_teams=True,
        implied=(
            _YEAR,
            Implied("last_year", FiscalYear, later=-1),
            Implied("next_year", FiscalYear, later=1),
            Implied("target", Date, of_item=True),
        ),
        fields={"year": ""},
    ),
    SOURCES: FileKind("Where data files come from that staff keep elsewhere", has_units=False),
    "tabs": FileKind(
        "Tabs that lead from each of several pages to the others",
        many=True,
        links=("link",),
        for_section=True,
    ),
    "text": FileKind(
        "Free text: headings, paragraphs and lists",
        many=True,
        in_a_line=_is_heading_or_item,
        for_section=True,
    ),
    "titles": FileKind("A page's title in its language", many=True, for_section=True),
    "wiki-templates": FileKind(
        "A template of the wiki with its parameters", many=True, for_section=True
    ),
}


LISTING = ("pages", MORE_PAGES)
"""Kinds of the files that list pages."""

FIELDS = tuple(dict.fromkeys(name for kind in FILE_KINDS.values() for name in kind.fields))
"""What a pattern in ``pages.yaml`` may go over without saying where it is."""


def kind_of(stem: str) -> str:
    """Return the kind of a file: a built-in one's name, or ``own``."""
    folder, slash, _ = stem.partition("/")
    if folder == "pages" and slash:
        return MORE_PAGES
    known = (
        folder not in (OWN, MORE_PAGES)
        and folder in FILE_KINDS
        and FILE_KINDS[folder].many == bool(slash)
    )
    return folder if known else OWN


def file_kind(stem: str) -> FileKind:
    return FILE_KINDS[kind_of(stem)]


_YEAR_OR_NUMBER = re.compile(r"(?:-[0-9]+)+$")


def place_of(key: str) -> tuple[str, str]:
    """Return the kind of place in which a text stands, as its key tells.

    That is the kind of its file, or the file's own name without a year; and whether the text is a
    heading, a name or a title there. It is told of units, too, that the plan has no more.
    """
    file, _, rest = key.partition(".")
    kinds = (kind for kind, each in FILE_KINDS.items() if each.many and file.startswith(f"{kind}-"))
    in_a_line = _IN_A_LINE.fullmatch(rest.rpartition(".")[2])
    return next(kinds, _YEAR_OR_NUMBER.sub("", file)), in_a_line[1] if in_a_line else ""


OF_THE_PLAN = (
    "department", "latest_year", "lead", "lead_link", "lead_title", "next_event", "parent",
    "parent_link", "team_list", "teams",
)  # fmt: skip
"""Variables that every text has, besides those of each team and person (``plan.knownfacts``)."""

IMPLIED = (
    *dict.fromkeys(each.name for kind in FILE_KINDS.values() for each in kind.implied),
    *OF_THE_PLAN,
)
"""Variables that the plan's facts define: no link or other variable may have the name."""


# Section kinds.


LABELS = "labels"
"""The file with the words that templates need."""
LANGUAGE_OF_WORDS = "en"
"""Of the words below; ``catalogs/words`` has them in other languages."""

Labels = Mapping[str, Mapping[str, Any]]


class SectionKind(Value):
    """A template that comes with wikiplan: the kind of file that it shows.

    ``labels`` are the words that it needs, for plans that lack them. ``borrows`` says
    that the file is another section's, ``is_counted`` that it says how far others are translated.
    """

    file: str
    labels: Labels = field(default_factory=dict)
    borrows: bool = False
    is_counted: bool = False


OPEN, DONE, DROPPED = "open", "done", "dropped"
"""What a status means for the next year: the item goes on, stays, or a person is asked."""

STATUSES: Mapping[str, str] = {
    "planned": OPEN, "under-way": OPEN, "done": DONE, "dropped": DROPPED,
}  # fmt: skip
"""How far items can be, where the plan declares no statuses of its own, with what each means."""


def status_label(status: str) -> str:
    """Return the name of the label that has the word for a status."""
    return f"status-{status}"


_PRIORITIES_LABELS: Labels = {
    "target": {"text": "target: $date", "variables": {"date": {"date": "2022-01"}}},
    "status-planned": {"text": "planned"},
    "status-under-way": {"text": "under way"},
    "status-done": {"text": "done"},
    "status-dropped": {"text": "dropped"},
}
_OFFICE_HOURS_LABELS: Labels = {
    "next-event": {"text": "Next office hour"},
    "coming-events": {"text": "Later office hours"},
    "past-events": {"text": "Past office hours"},
    "local-time": {"text": "your local time"},
    "minutes": {
        "text": "{{PLURAL:$count|$count minute|$count minutes}}",
        "variables": {"count": 60},
    },
    "host": {"text": "Host"},
    "ways": {"text": "How to take part"},
    "questions": {"text": "Ask questions in advance"},
    "notes": {"text": "Notes"},
    "recording": {"text": "Recording"},
    "status-cancelled": {"text": "cancelled"},
    "further-dates": {"text": "Further dates"},
    "status-tentative": {"text": "tentative"},
    "status-confirmed": {"text": "confirmed"},
    "moved-from": {
        "text": "moved; before: $dates",
        "variables": {"dates": {"name": "July 1, 2021"}},
    },
    "agenda": {"text": "Agenda"},
    "registration": {"text": "Registration"},
    "interpretation": {"text": "Interpretation"},
    "interpretation-request": {"text": "Ask for interpretation"},
    "until": {
        "text": "until $time",
        "variables": {"time": {"time": "2021-07-10T16:00Z"}},
    },
    "closed": {"text": "closed"},
    "answers": {"text": "Answers"},
}

_EVENT_LABELS: Labels = {
    **_OFFICE_HOURS_LABELS,
    "notes-follow": {"text": "Notes will follow here."},
}
_ANNOUNCEMENT_LABELS: Labels = {
    **_EVENT_LABELS,
    "announcement": {"text": "Invitation"},
    "announcement-moved": {"text": "New date"},
    "announcement-cancelled": {"text": "Cancelled"},
    "everybody": {"text": "Everybody is invited to take part."},
    "event-page": {"text": "More about this event"},
}
_METRICS_LABELS: Labels = {
    "figures": {"text": "Where the metrics stand"},
    "baseline": {"text": "Baseline"},
    "last-year": {"text": "Last year"},
    "now": {"text": "Now"},
    "target-value": {"text": "Target"},
    "status-on-track": {"text": "on track"},
    "status-at-risk": {"text": "at risk"},
    "status-off-track": {"text": "off track"},
    "status-reached": {"text": "reached"},
    "status-missed": {"text": "missed"},
}
_OKRS_LABELS: Labels = {
    "key-results": {"text": "Key results"},
    "number": {"text": "Number"},
    "key-result": {"text": "Key result"},
    "owner": {"text": "Owner"},
    "quarter": {"text": "Q$count", "variables": {"count": 1}},
}
_EVENT_TABLE_LABELS: Labels = {
    **{
        name: label
        for name, label in _OFFICE_HOURS_LABELS.items()
        if name[-6:] != "events" and name != "next-event"
    },
    "upcoming-events": {"text": "Upcoming office hours"},
    "past-events": {"text": "Past office hours"},
    "events": {"text": "Office hours by date"},
    "when": {"text": "When"},
    "topic": {"text": "Topic"},
    "take-part": {"text": "Taking part"},
}
_LANGUAGES_LABELS: Labels = {
    "languages": {"text": "Languages"},
    "complete": {"text": "$count%", "variables": {"count": 80}},
}

SECTION_KINDS: Mapping[str, SectionKind] = {
    "overview": SectionKind("department"),
    "mission": SectionKind("department"),
    "teams": SectionKind("department"),
    "priorities": SectionKind("priorities", _PRIORITIES_LABELS),
    "office-hours": SectionKind(EVENTS, _OFFICE_HOURS_LABELS),
    "event": SectionKind(EVENTS, _EVENT_LABELS, borrows=True),
    "announcement": SectionKind(EVENTS, _ANNOUNCEMENT_LABELS, borrows=True),
    "navigation": SectionKind(
        "priorities", {"navigation": {"text": "Priorities by fiscal year"}}, borrows=True
    ),
    "text": SectionKind("text"),
    "cards": SectionKind("cards"),
    "metrics": SectionKind("metrics", _METRICS_LABELS),
    "okrs": SectionKind("okrs", _OKRS_LABELS),
    "notice": SectionKind("notices"),
    "event-table": SectionKind("office-hours", _EVENT_TABLE_LABELS),
    "tabs": SectionKind("tabs"),
    "languages": SectionKind("department", _LANGUAGES_LABELS, borrows=True, is_counted=True),
    "title": SectionKind("titles"),
    "wiki-template": SectionKind("wiki-templates"),
}
"""By the template's name."""


OF_ONE_EVENT = ("event", "announcement")
"""Templates of sections that are about one event."""


def labels_for(templates: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the labels that sections may show one day, by name."""
    found = (SECTION_KINDS[name] for name in sorted(set(templates)) if name in SECTION_KINDS)
    return {name: dict(label) for kind in found for name, label in kind.labels.items()}

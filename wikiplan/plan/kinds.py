"""Section kinds and kinds of data files: what each holds, and what the rest must know of it.

A new section kind is an entry of :data:`SECTION_KINDS` and a template, where it needs a file of
its own also a shape and an entry of :data:`FILE_KINDS`. The checks, the JSON Schemas and the units
take it from here. ``adopt.readers`` may say how to read such a section from a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from wikiplan.plan import model
from wikiplan.plan.facttypes import Date, Fact, FiscalYear, VariableEntry
from wikiplan.plan.model import (
    AsItIs,
    Bullets,
    DateText,
    FiscalYearText,
    Inert,
    Key,
    LanguageCode,
    NonEmpty,
    PlainWords,
    SectionName,
    TimeText,
    VariableName,
    YamlShape,
    ZoneName,
    between,
)
from wikiplan.plan.units import TextBlock

MINUTES_OF_DAY = 24 * 60

# Shapes of the files, with the texts in them.


class Text(YamlShape):
    """A text that is translated: one unit."""

    text: str
    """English wikitext with $variables."""
    label: PlainWords = ""
    """Plain words that stand bold before the text, with a colon."""
    see_also: list[str] = []
    """Names of links in links.yaml, shown after the text."""
    variables: dict[VariableName, VariableEntry] = {}
    """What the $variables of the text stand for, besides the links."""
    note: str = ""
    """Words for translators."""
    change: Literal["typo"] | None = None
    """The last change of the text corrects a typo: translations stay current."""


class Person(YamlShape):
    name: Inert
    title: Text | None = None
    """The person's office."""
    link: str = ""
    """The name of a link in links.yaml."""


class Team(Text):
    key: Key
    lead: Person | None = None
    about: Text | None = None
    """What the team does."""
    dissolved: bool = False
    """A team of earlier years: their priorities name it, the list of teams does not."""


class Department(YamlShape):
    name: Text
    parent: str = ""
    """The department above: the name of a link in links.yaml."""
    lead: Person | None = None
    overview: Text
    """The first paragraph of the page."""
    mission_heading: Text
    mission: Text
    """What the department does."""
    teams_heading: Text
    teams: NonEmpty[list[Team]]


class Item(Text):
    key: Key
    """Names the unit for ever: it must not change, and not be used again."""
    target: DateText = ""
    """When it should be reached, like 2022-01 or 2022-01-15: $target in the text."""
    status: Literal["planned", "under-way", "done", "dropped"] | None = None
    """How far it is; not shown when left out."""
    items: list[Item] = []
    """What the item consists of."""


class TeamPriorities(YamlShape):
    key: Key
    """The key of a team in department.yaml."""
    items: NonEmpty[list[Item]]


class Priorities(YamlShape):
    fiscal_year: FiscalYearText
    """From July of the first to June of the second year: $year in the texts."""
    heading: Text
    intro: Text | None = None
    teams: NonEmpty[list[TeamPriorities]]


class Event(YamlShape):
    key: Key
    zone: ZoneName = ""
    """The zone of the start, unless the start ends in Z or an offset."""
    start: TimeText
    minutes: Annotated[int, between(1, MINUTES_OF_DAY)] | None = None
    host: list[Inert] = []
    """The names of those who speak for the department."""
    topic: Text | None = None
    ways: list[str] = []
    """How to take part: names of links in links.yaml."""
    questions: str = ""
    """Where questions go: the name of a link in links.yaml."""
    notes: str = ""
    """The name of a link in links.yaml."""
    recording: str = ""
    """The name of a link in links.yaml."""
    status: Literal["planned", "held", "cancelled"] = "planned"


class OfficeHours(YamlShape):
    heading: Text
    goal: Text
    events: list[Event]


class FreeTextUnit(Text):
    key: Key
    """Names the unit for ever: it must not change, and not be used again."""
    own_layout: bool = False
    """The text begins lists, tables or headings itself: translators see the signs of them."""


class FreeTextBlock(FreeTextUnit):
    text: str = ""
    """English wikitext with $variables."""
    level: Annotated[int, between(1, 6)] | None = None
    """The text is a heading; 2 is one like ``== this ==``."""
    above: NonEmpty[dict[LanguageCode, AsItIs]] = {}
    """Wikitext on the line above a heading, by language: an anchor, a remark."""
    bullets: Bullets = ""
    """The text is a list item; this stands before it, like ``**``."""
    wikitext: NonEmpty[dict[LanguageCode, AsItIs]] = {}
    """Instead of a text: wikitext that stays as it is, by language, the plan's own first."""
    texts: list[FreeTextUnit] = []
    """Texts that stand in the wikitext, where it has their keys: ``$opening-hours``."""
    blank_line: bool | None = None
    """Whether a blank line stands before it; without it one does, but between list items."""

    one_of = ("text", "wikitext")

    def _check(self) -> None:
        if self.level is not None and self.bullets:
            raise ValueError("has level and bullets; keep one of them")
        if self.above and self.level is None:
            raise ValueError("has above, but is no heading; add level, or remove it")
        if self.own_layout and (self.level is not None or self.bullets or self.label):
            raise ValueError("has own-layout beside level, bullets or label; keep one of them")
        for each in self.texts:
            if not all(text.count(f"${each.key}") for text in (self.wikitext or {"": ""}).values()):
                wrong = f"the text {each.key} does not stand in the wikitext in every language"
                raise ValueError(f"{wrong}; write ${each.key} there")


class FreeText(YamlShape):
    blocks: NonEmpty[list[FreeTextBlock]]


class OwnKindText(Text):
    """A text of an own section kind: what stands beside the known keys are facts."""

    model_config = {"extra": "allow"}


# Kinds of data files.


_IN_A_LINE = re.compile(r"(?:.*-)?(?:heading|name|title)")


def _stands_in_a_line(block: TextBlock) -> bool:
    """Tell whether a text is a list item, a heading or a name, where a line break ends it."""
    path = block.path
    within_list = any(isinstance(step, int) for step in path)
    return within_list or (bool(path) and bool(_IN_A_LINE.fullmatch(str(path[-1]))))


def _is_heading_or_item(block: TextBlock) -> bool:
    return "level" in block.data or "bullets" in block.data


@dataclass(frozen=True, slots=True)
class Implied:
    """A variable that texts have without saying so: the fact behind a key of their file or item."""

    name: str
    type: type[Date] | type[FiscalYear]
    of_item: bool = False

    def fact(self, file: Mapping[str, Any], item: Mapping[str, Any]) -> Fact:
        raw = item[self.name] if self.of_item else file[self.type.key]
        return self.type.given(raw)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of data file. ``shape`` is that of its data, of an own kind's that of each text.

    ``many`` files of the kind stand in a folder of its name. ``named_by`` is the key that their
    names repeat, ``names`` the regular expression of these. ``links`` are keys with names of links.
    ``of_teams`` says that the keys of its ``teams`` are those of the department's. ``for_section``
    files are of no use without a section.
    """

    title: str
    shape: Any
    many: bool = False
    named_by: str = ""
    names: str = ""
    has_units: bool = True
    links: tuple[str, ...] = ()
    of_teams: bool = False
    implied: tuple[Implied, ...] = ()
    in_a_line: Callable[[TextBlock], bool] = _stands_in_a_line
    for_section: bool = False

    def implied_in(self, item: Mapping[str, Any]) -> list[Implied]:
        """Return the variables that an item's text has without saying so."""
        return [each for each in self.implied if not each.of_item or each.name in item]


OWN = "own"
"""The kind of a file that belongs to a section kind of the plan's owner."""

FILE_KINDS: Mapping[str, FileKind] = {
    "department": FileKind(
        "Department, its mission and teams", Department, links=("parent", "link")
    ),
    "glossary": FileKind(
        "Words that must be translated in the same way everywhere",
        model.Glossary,
        has_units=False,
    ),
    "labels": FileKind(
        "Small words that templates need", dict[SectionName, Text], in_a_line=lambda block: True
    ),
    "languages": FileKind("Overrides per language", model.Languages, has_units=False),
    "links": FileKind("Link targets by name", model.Links, has_units=False),
    "office-hours": FileKind(
        "Office hours", OfficeHours, links=("ways", "questions", "notes", "recording")
    ),
    OWN: FileKind("A section kind of one's own", OwnKindText, for_section=True),
    "pages": FileKind("Pages, their sections and languages", model.Pages, has_units=False),
    "priorities": FileKind(
        "Priorities of a fiscal year",
        Priorities,
        many=True,
        named_by="fiscal-year",
        names=r"\d{4}-\d{4}",
        of_teams=True,
        implied=(Implied("year", FiscalYear), Implied("target", Date, of_item=True)),
    ),
    "text": FileKind(
        "Free text: headings, paragraphs and lists",
        FreeText,
        many=True,
        in_a_line=_is_heading_or_item,
        for_section=True,
    ),
}


def kind_of(stem: str) -> str:
    """Return the kind of a file: a built-in one's name, or ``own``."""
    folder, slash, _ = stem.partition("/")
    known = folder != OWN and folder in FILE_KINDS and FILE_KINDS[folder].many == bool(slash)
    return folder if known else OWN


def file_kind(stem: str) -> FileKind:
    return FILE_KINDS[kind_of(stem)]


IMPLIED = tuple(each.name for kind in FILE_KINDS.values() for each in kind.implied)
"""Variables that a file or an item defines by its facts: no link or variable may have the name."""


# Section kinds.


Labels = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A template that comes with wikiplan: the kind of file that it shows.

    ``labels`` are the words that it needs, for plans that have none of their own. ``borrows`` says
    that the file is another section's.
    """

    file: str
    labels: Labels = field(default_factory=dict)
    borrows: bool = False


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
}

SECTION_KINDS: Mapping[str, SectionKind] = {
    "overview": SectionKind("department"),
    "mission": SectionKind("department"),
    "teams": SectionKind("department"),
    "priorities": SectionKind("priorities", _PRIORITIES_LABELS),
    "office-hours": SectionKind("office-hours", _OFFICE_HOURS_LABELS),
    "navigation": SectionKind(
        "priorities", {"navigation": {"text": "Priorities by fiscal year"}}, borrows=True
    ),
    "text": SectionKind("text"),
}
"""By the template's name."""


def labels_for(templates: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the labels that sections may show one day, by name."""
    found = (SECTION_KINDS[name] for name in sorted(set(templates)) if name in SECTION_KINDS)
    return {name: dict(label) for kind in found for name, label in kind.labels.items()}

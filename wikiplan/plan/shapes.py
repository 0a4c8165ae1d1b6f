"""Shapes of the data files, with the texts in them; ``plan.model`` has those of the settings.

Only checks and schemas need them: a run whose files were found sound before does without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from wikiplan.errors import Invalid
from wikiplan.events import deadline, occurrences
from wikiplan.plan import model, values
from wikiplan.plan.facttypes import FACT_TYPES
from wikiplan.plan.kinds import OWN, STATUSES
from wikiplan.plan.model import (
    OFFSET,
    AsItIs,
    Bullets,
    Checked,
    DateText,
    DayText,
    FileName,
    FiscalYearText,
    Inert,
    Key,
    LanguageCode,
    LanguageCodes,
    LinkByLanguage,
    LinkName,
    NameOf,
    NonEmpty,
    NumberText,
    PageTarget,
    ParameterName,
    ParameterValue,
    PersonKey,
    PlainWords,
    RuleText,
    SectionName,
    Style,
    TalkPage,
    TeamKey,
    TimeText,
    Title,
    Url,
    VariableName,
    YamlShape,
    ZoneName,
    between,
)

MINUTES_OF_DAY = 24 * 60
_KEY_OF_DATE = re.compile(r"(.+)-\d{4}-\d\d-\d\d", re.ASCII)
MOST_DAYS_BEFORE = 365

Status = Annotated[str, Checked(values.SECTION_NAME, tuple(STATUSES)), NameOf("statuses")]


def _with_zone(time: str) -> Mapping[str, Any]:
    """Return what JSON Schema can tell of a time that has a zone beside it, an offset, or “Z”."""
    with_offset = {"pattern": f"({OFFSET})$"}
    return {
        "if": {"required": ["zone"]},
        "then": {"properties": {time: {"not": with_offset}}},
        "else": {"properties": {time: with_offset}},
    }


class VariableEntry(YamlShape):
    """What a $variable stands for: a number, inert text, or a mapping that names its kind."""

    date: DateText = ""
    """A day like 2022-01-15, a month like 2022-01, or a part of a year like Q2 2021-2022."""
    zone: ZoneName = ""
    """The zone of a time, like Europe/Berlin."""
    time: TimeText = ""
    """A time with its date, like 2021-07-15T16:00."""
    style: Style | None = None
    """How much of a date or time is written out."""
    number: NumberText = 0
    page: PageTarget = ""
    """The title of a wiki page."""
    url: Url = ""
    link: LinkName = ""
    """The name of a link in links.yaml."""
    fiscal_year: FiscalYearText = ""
    """A fiscal year like 2020-2021, or 2022 where it is a calendar year."""
    name: Inert = ""
    """Text that nobody translates."""
    wikitext: AsItIs = ""
    """Wikitext that goes to the page as it is, like {{Nowrap|5 km}}."""

    one_of = tuple(FACT_TYPES)
    short_form: ClassVar[Mapping[str, Any]] = {"type": ["number", "string"]}
    together = _with_zone("time")

    @classmethod
    def _written_out(cls, raw: object) -> object:
        if isinstance(raw, str):
            return {"name": raw}
        return {"number": raw} if isinstance(raw, int) and not isinstance(raw, bool) else raw

    def _check(self) -> None:
        if self.zone and not self.time:
            raise Invalid("zone-without-time", "has a zone but no time; remove the zone")


class Text(YamlShape):
    """A text that is translated: one unit."""

    text: str
    """English wikitext with $variables."""
    label: PlainWords = ""
    """Plain words that stand bold before the text, with a colon."""
    see_also: list[LinkName] = []
    """Names of links in links.yaml, shown after the text."""
    variables: dict[VariableName, VariableEntry] = {}
    """What the $variables of the text stand for, besides the links."""
    keep_variables: list[VariableName] = []
    """Variables that the text had, for translations on the wiki that are not up to date yet."""
    note: str = ""
    """Words for translators."""
    change: Literal["typo", "meaning"] | None = None
    """The last change of the text corrects a typo: translations stay current. Or a change of values
    alone changes what the text means: on a translatable page translations turn outdated."""


class NameText(YamlShape):
    """A name, which each language may write in its own script."""

    text: PlainWords
    note: str = ""
    """Words for translators."""
    change: Literal["typo"] | None = None
    """The last change of the name corrects a typo: its forms stay."""


class Person(YamlShape):
    name: NameText
    """The person's name: $person_KEY in the texts."""
    link: LinkName = ""
    """The name of a link in links.yaml: $person_KEY_link in the texts."""


class Lead(YamlShape):
    person: PersonKey = ""
    """The key of a person in people.yaml."""
    name: Inert = ""
    """The name of somebody who is not in people.yaml."""
    title: Text | None = None
    """The person's office: $lead_title in the texts."""
    link: LinkName = ""
    """The name of a link in links.yaml, if not the person's: $lead_link in the texts."""

    one_of = ("person", "name")


class Team(Text):
    key: Key
    text: str = ""
    """English wikitext with $variables, for a team without a name."""
    name: NameText | None = None
    """The team's name: $team_KEY in the texts."""
    link: LinkName = ""
    """The name of a link in links.yaml: $team_KEY_link in the texts."""
    lead: Lead | None = None
    about: Text | None = None
    """What the team does."""
    dissolved: bool = False
    """A team of earlier years: their priorities name it, the list of teams does not."""

    one_of = ("text", "name")

    def _check(self) -> None:
        if self.link and self.name is None:
            raise Invalid(
                "link-without-name",
                "has a link but no name; write “name: {text: …}” instead of “text: …”",
            )


class Department(YamlShape):
    name: Text
    """The department's name: $department in the texts."""
    parent: LinkName = ""
    """The department above, $parent in the texts: the name of a link in links.yaml."""
    lead: Lead | None = None
    """Who heads the department: $lead in the texts."""
    overview: Text
    """The first paragraph of the page."""
    mission_heading: Text
    mission: Text
    """What the department does."""
    teams_heading: Text
    teams: NonEmpty[list[Team]]


class Item(Text):
    key: Key
    """Names the unit for ever: only plan_move changes it, and it must not be used again."""
    target: DateText = ""
    """When it should be reached, like 2022-01, 2022-01-15 or Q2 2021-2022: $target in the text."""
    status: Status = ""
    """How far it is, one of the plan's statuses; not shown when left out."""
    items: list[Item] = []
    """What the item consists of."""


class TeamPriorities(YamlShape):
    key: TeamKey
    """The key of a team in department.yaml."""
    items: NonEmpty[list[Item]]


class Priorities(YamlShape):
    fiscal_year: FiscalYearText
    """Like 2020-2021, or 2022 where it is a calendar year: $year in the texts."""
    heading: Text
    intro: Text | None = None
    teams: NonEmpty[list[TeamPriorities]]


class Deadline(YamlShape):
    """Something that can be done before an event, until a time."""

    link: LinkName = ""
    """Where to do it: the name of a link in links.yaml."""
    until: TimeText = ""
    """Until when, like 2021-07-10T18:00 in the event's zone; without it until the event starts."""
    days_before: Annotated[int, between(1, MOST_DAYS_BEFORE)] | None = None
    """Until so many days before it, at the same time of day."""

    def _check(self) -> None:
        if self.until and self.days_before:
            raise Invalid("until-and-days-before", "has until and days-before; keep one of them")


class Registration(Deadline):
    link: LinkName
    """Where to register: the name of a link in links.yaml."""


class Interpretation(Deadline):
    languages: LanguageCodes
    """The languages that the event is interpreted into, or can be if somebody asks in time."""


class AgendaItem(Text):
    key: Key
    minutes: Annotated[int, between(1, MINUTES_OF_DAY)] | None = None
    """How long it takes."""


class EventDetails(YamlShape):
    """What an event may say, and of a series one of its dates."""

    minutes: Annotated[int, between(1, MINUTES_OF_DAY)] | None = None
    """How long it lasts."""
    host: list[Inert] = []
    """Those who speak for the department: keys of people.yaml, or names."""
    topic: Text | None = None
    agenda: list[AgendaItem] = []
    ways: list[LinkName] = []
    """How to take part: names of links in links.yaml."""
    registration: Registration | None = None
    interpretation: Interpretation | None = None
    questions: LinkName = ""
    """Where questions go: the name of a link in links.yaml."""
    notes: LinkByLanguage = ""
    """The name of a link in links.yaml, or one by language."""
    answers: LinkByLanguage = ""
    """The name of a link in links.yaml, or one by language."""
    recording: LinkByLanguage = ""
    """The name of a link in links.yaml, or one by language."""
    status: Literal["planned", "tentative", "confirmed", "held", "cancelled"] = "planned"
    """Of a tentative event the date may change yet."""


class EventTimes(YamlShape):
    key: Key
    zone: ZoneName = ""
    """The zone of the start, unless the start ends in Z or an offset."""
    start: TimeText
    """When it starts, by the clock of its zone; with Z or an offset in place of a zone."""
    moved_from: list[TimeText] = []
    """When it was to start before it was moved, the oldest first; readers see that it moved."""
    repeats: RuleText = ""
    """A rule of RFC 5545 with an end, like FREQ=MONTHLY;BYDAY=1TH;COUNT=6, by its zone's clock."""
    except_: list[DayText] = []
    """Days of the rule on which there is no event."""

    together = _with_zone("start")


class DateTimes(YamlShape):
    key: DayText
    """The day that the rule has, like 2021-08-05, also where it was moved to another one."""
    start: TimeText = ""
    """When it starts, if not when the rule says; readers see that it moved."""
    moved_from: list[TimeText] = []
    """When it was to start in between, the oldest first."""


class DateOfSeries(EventDetails, DateTimes):
    """What one date of a series has otherwise."""


class Event(EventDetails, EventTimes):
    team: TeamKey = ""
    """The key of a team in department.yaml: the event is in its calendar, too."""
    occurrences: list[DateOfSeries] = []
    """What single dates of a series have otherwise."""

    def _check(self) -> None:
        for name, given in (("except", self.except_), ("occurrences", self.occurrences)):
            if given and not self.repeats:
                raise Invalid(
                    "exceptions-without-rule",
                    f"has {name} but no repeats; remove it, or add the rule",
                )
        if self.repeats and self.moved_from:
            raise Invalid(
                "repeats-and-moved-from",
                "has repeats and moved-from; say it of its dates, under occurrences",
            )
        for each in occurrences(self.model_dump(by_alias=True, exclude_defaults=True)):
            for what in ("registration", "interpretation"):
                if what in each.data:
                    deadline(each.data, each.start, what)


class CalendarEntry(YamlShape):
    id: Key
    """Stands in the ids by which calendars know the events; it must never change."""
    page: Title = ""
    """The page below which the wiki has the calendars, as Title/events.en.ics."""


class OfficeHours(YamlShape):
    heading: Text
    goal: Text
    events: list[Event]
    calendar: CalendarEntry | None = None
    """How the events are published for people's calendars."""
    talk_pages: list[TalkPage] = []
    """Where plan_announce puts announcements."""

    def _check(self) -> None:
        series = [event.key for event in self.events if event.repeats]
        for event in self.events:
            if (date := _KEY_OF_DATE.fullmatch(event.key)) and date[1] in series:
                raise Invalid(
                    "key-of-a-date",
                    f"the event “{event.key}” has the key of a date of the series “{date[1]}”; "
                    "give it another, or say under occurrences what is otherwise with that date",
                )


class FreeTextUnit(Text):
    key: Key
    """Names the unit for ever: only plan_move changes it, and it must not be used again."""
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
            raise Invalid("level-and-bullets", "has level and bullets; keep one of them")
        if self.above and self.level is None:
            raise Invalid(
                "above-no-heading", "has above, but is no heading; add level, or remove it"
            )
        if self.own_layout and (self.level is not None or self.bullets or self.label):
            raise Invalid(
                "own-layout-and-layout",
                "has own-layout beside level, bullets or label; keep one of them",
            )
        for each in self.texts:
            if not all(text.count(f"${each.key}") for text in (self.wikitext or {"": ""}).values()):
                wrong = f"the text {each.key} does not stand in the wikitext in every language"
                raise Invalid("text-not-in-wikitext", f"{wrong}; write ${each.key} there")


class FreeText(YamlShape):
    blocks: NonEmpty[list[FreeTextBlock]]


# Section kinds of pages as departments have them.


Quarter = Annotated[int, between(1, 4)]


class Portrait(YamlShape):
    file: FileName
    """The name of a file of the wiki, without “File:”."""
    alt: Text
    """What is to be seen, for those who do not see it."""


class Card(YamlShape):
    key: Key
    person: PersonKey = ""
    """The key of a person in people.yaml."""
    team: Annotated[str, NameOf("teams")] = ""
    """The key of a team in department.yaml."""
    name: NameText | None = None
    """The name of whom no other place names."""
    link: LinkName = ""
    """The name of a link in links.yaml, if not the person's or the team's."""
    portrait: Portrait | None = None
    role: Text | None = None
    about: Text | None = None

    one_of = ("person", "team", "name")


class Cards(YamlShape):
    heading: Text
    intro: Text | None = None
    cards: NonEmpty[list[Card]]


class Hypothesis(Text):
    key: Key
    number: Inert = ""
    """What the hypothesis is called, like WE1.1.1."""
    quarter: Quarter | None = None
    """The quarter of the fiscal year in which it is tested."""


class KeyResult(Text):
    key: Key
    number: Inert = ""
    """What the key result is called, like WE1.1."""
    owner: list[Inert] = []
    """Keys of people.yaml, or names."""
    hypotheses: list[Hypothesis] = []


class Objective(Text):
    key: Key
    number: Inert = ""
    """What the objective is called, like WE1."""
    context: Text | None = None
    """Why it matters."""
    results: NonEmpty[list[KeyResult]]


class Okrs(YamlShape):
    fiscal_year: FiscalYearText
    """Like 2025-2026, or 2026 where it is a calendar year: $year in the texts."""
    heading: Text
    intro: Text | None = None
    objectives: NonEmpty[list[Objective]]


class WikiCall(YamlShape):
    """A template of the wiki that shows something in place of wikiplan's own wikitext."""

    template: Title
    """The template's name, without “Template:”."""
    parameters: NonEmpty[dict[ParameterName, ParameterValue]]
    """Its parameters; $names stand for what the section kind has to show."""


class Metric(Text):
    key: Key
    about: Text | None = None
    """What it is, and why it matters."""
    baseline: NumberText = 0
    last_year: NumberText = 0
    """In the same quarter of the year before."""
    now: NumberText
    target: NumberText = 0
    """At the end of the year."""
    status: Literal["on-track", "at-risk", "off-track", "reached", "missed"] | None = None


class Metrics(YamlShape):
    fiscal_year: FiscalYearText = ""
    """Like 2025-2026, or 2026 where it is a calendar year: $year in the texts."""
    quarter: Quarter | None = None
    """The quarter that is told of: $quarter in the texts."""
    heading: Text
    intro: Text | None = None
    bar: WikiCall | None = None
    """A template of the wiki that draws how far a metric is: $percent, $now, $target."""
    metrics: NonEmpty[list[Metric]]


class Notice(Text):
    heading: Text | None = None
    kind: Literal["info", "success", "warning", "error"] = "info"
    zone: ZoneName = ""
    """The zone in which its days begin and end, if not UTC."""
    starts: DateText = ""
    """The first day on which it stands on the page: $starts in its texts."""
    ends: DateText = ""
    """The last one: $ends in its texts."""
    after: Text | None = None
    """What stands there once it has ended; nothing if left out."""
    box: WikiCall | None = None
    """A template of the wiki that shows it: $heading, $text."""


class Tab(Text):
    key: Key
    page: PageTarget = ""
    """The page that it leads to; of a page of the plan its version for the reader."""
    link: LinkName = ""
    """The name of a link in links.yaml."""

    one_of = ("page", "link")


class Tabs(YamlShape):
    header: WikiCall | None = None
    """A template of the wiki that shows them; parameters with $number stand there for each."""
    tabs: NonEmpty[list[Tab]]


class Parameter(Text):
    key: Key
    name: ParameterName
    """What the template calls it; a number where it has no name."""
    text: str = ""
    """English wikitext with $variables."""
    value: ParameterValue = ""
    """Wikitext that stays as it is in every language."""

    one_of = ("text", "value")


class WikiTemplate(YamlShape):
    template: Title
    """The template's name, without “Template:”."""
    parameters: NonEmpty[list[Parameter]]


class PageTitle(YamlShape):
    title: Text
    """The page's title, as each language has it."""


class OwnKindText(Text):
    """A text of an own section kind: what stands beside the known keys are facts."""

    model_config = {"extra": "allow"}


SHAPES: Mapping[str, Any] = {
    "cards": Cards,
    "department": Department,
    "glossary": model.Glossary,
    "labels": dict[SectionName, Text],
    "languages": model.Languages,
    "links": model.Links,
    "metrics": Metrics,
    "notices": Notice,
    "office-hours": OfficeHours,
    "okrs": Okrs,
    OWN: OwnKindText,
    "page-list": model.PageListFile,
    "pages": model.Pages,
    "people": dict[SectionName, Person],
    "priorities": Priorities,
    "sources": model.SourcesFile,
    "tabs": Tabs,
    "text": FreeText,
    "titles": PageTitle,
    "wiki-templates": WikiTemplate,
}
"""By kind of file that of its data, of an own kind that of each text."""

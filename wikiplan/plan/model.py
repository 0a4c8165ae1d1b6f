"""The shapes of the plan's YAML files, and the source of the JSON Schemas.

The models check and describe; the data stay the plain ones that were read. An optional key has an
empty default instead of None, so that a key without a value is told as what it is: a mistake.
Validators raise ``ValueError`` with ``what is wrong; what to do``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    RootModel,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from wikiplan.l10n import dates
from wikiplan.plan import values
from wikiplan.plan.values import Pattern
from wikiplan.wikitext import syntax

MOST_PAGES = 100
MOST_SHRINK_PERCENT = 50
MOST_OUTDATED_PERCENT = 20
MOST_ORPHANED = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """Lets a function of ``plan.scalars`` and its kin check a text of the model."""

    check: Callable[[str], object]
    examples: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._run, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = handler(schema)
        if isinstance(self.check, Pattern):
            described["pattern"] = f"^(?:{self.check.regex})$"
        if self.examples:
            described["examples"] = list(self.examples)
        return described

    def _run(self, text: str) -> str:
        self.check(text)
        return text


Words = Annotated[str, Checked(values.check_words)]
Inert = Annotated[str, Checked(values.check_written)]
Key = Annotated[str, Checked(values.KEY)]
SectionName = Annotated[str, Checked(values.SECTION_NAME)]
VariableName = Annotated[str, Checked(values.VARIABLE_NAME)]
Stem = Annotated[str, Checked(values.STEM, ("priorities/2020-2021",))]
SiteName = Annotated[str, Checked(values.SITE_NAME, ("meta:meta",))]
LanguageCode = Annotated[str, Checked(values.LANGUAGE_CODE, ("pt-br",))]
DateText = Annotated[str, Checked(dates.parse_date, ("2022-01", "2022-01-15"))]
TimeText = Annotated[str, Checked(dates.split_time, ("2021-07-15T16:00", "2021-07-15T16:00Z"))]
ZoneName = Annotated[str, Checked(dates.parse_zone, ("UTC", "Europe/Berlin"))]
FiscalYearText = Annotated[str, Checked(dates.parse_fiscal_year, ("2020-2021",))]
Title = Annotated[str, Checked(syntax.check_title)]
Target = Annotated[str, Checked(syntax.check_target, ("User:Mdennis (WMF)",))]
Url = Annotated[str, Checked(syntax.check_url, ("https://example.org/",))]
Style = Literal["short", "medium", "long", "full"]


class _Shape(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
        use_attribute_docstrings=True,
    )


def _one_of(shape: BaseModel, kinds: tuple[str, ...]) -> None:
    """Refuse a mapping that has none or several of the keys that say what it is."""
    names = [name.replace("_", "-") for name in kinds]
    given = [name.replace("_", "-") for name in kinds if name in shape.model_fields_set]
    if not given:
        raise ValueError(f"has none of {', '.join(names)}; add one")
    if len(given) > 1:
        raise ValueError(f"has {' and '.join(given)}; keep one of them")


_NUMBER = {"type": ["number", "string"]}


class Variable(_Shape):
    """What a $variable stands for: a number, inert text, or a mapping that names its kind."""

    date: DateText = ""
    """A date like 2022-01-15, or a month like 2022-01."""
    zone: ZoneName = ""
    """The zone of a time, like Europe/Berlin."""
    time: TimeText = ""
    """A time with its date, like 2021-07-15T16:00."""
    style: Style | None = None
    """How much of a date or time is written out."""
    number: Annotated[Any, AfterValidator(values.check_number), WithJsonSchema(_NUMBER)] = 0
    page: Target = ""
    """The title of a wiki page."""
    url: Url = ""
    link: str = ""
    """The name of a link in links.yaml."""
    fiscal_year: FiscalYearText = ""
    """A fiscal year from July to June, like 2020-2021."""
    name: Inert = ""
    """Text that nobody translates."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: object) -> object:
        if isinstance(raw, str):
            return {"name": raw}
        return {"number": raw} if isinstance(raw, int) and not isinstance(raw, bool) else raw

    @field_validator("time")
    @classmethod
    def _instant(cls, time: str, info: ValidationInfo) -> str:
        return _existing(time, info)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = ("date", "time", "number", "page", "url", "link", "fiscal_year", "name")
        _one_of(self, kinds)
        if self.zone and not self.time:
            raise ValueError("has a zone but no time; remove the zone")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": ["number", "string"]}, handler(schema)]}


def _existing(time: str, info: ValidationInfo) -> str:
    """Check a time against its zone, where that is a good one (it stands before the time)."""
    if "zone" in info.data:
        dates.parse_time(time, info.data["zone"])
    return time


class Block(_Shape):
    """A text that is translated: one unit."""

    text: str
    """English wikitext with $variables."""
    label: Words = ""
    """Plain words that stand bold before the text, with a colon."""
    see_also: list[str] = []
    """Names of links in links.yaml, shown after the text."""
    variables: dict[VariableName, Variable] = {}
    """What the $variables of the text stand for, besides the links."""
    note: str = ""
    """Words for translators."""
    change: Literal["typo", "fact", "meaning"] | None = None
    """How far the last change of the text reaches: translations stay current after a typo."""


class Person(_Shape):
    name: Inert
    title: Block | None = None
    """The person's office."""
    link: str = ""
    """The name of a link in links.yaml."""


class Team(Block):
    key: Key
    lead: Person | None = None
    about: Block | None = None
    """What the team does."""
    dissolved: bool = False
    """A team of earlier years: their priorities name it, the list of teams does not."""


class Department(_Shape):
    name: Block
    parent: str = ""
    """The department above: the name of a link in links.yaml."""
    lead: Person | None = None
    overview: Block
    """The first paragraph of the page."""
    mission_heading: Block
    mission: Block
    """What the department does."""
    teams_heading: Block
    teams: Annotated[list[Team], Field(min_length=1)]


class Item(Block):
    key: Key
    """Names the unit for ever: it must not change, and not be used again."""
    target: DateText = ""
    """When it should be reached, like 2022-01 or 2022-01-15: $target in the text."""
    status: Literal["planned", "under-way", "done", "dropped"] | None = None
    """How far it is; not shown when left out."""
    items: list[Item] = []
    """What the item consists of."""


class TeamPriorities(_Shape):
    key: Key
    """The key of a team in department.yaml."""
    items: Annotated[list[Item], Field(min_length=1)]


class Priorities(_Shape):
    fiscal_year: FiscalYearText
    """From July of the first to June of the second year: $year in the texts."""
    heading: Block
    intro: Block | None = None
    teams: Annotated[list[TeamPriorities], Field(min_length=1)]


class Event(_Shape):
    key: Key
    zone: ZoneName = ""
    """The zone of the start, unless the start ends in Z or an offset."""
    start: TimeText
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    host: list[Inert] = []
    """The names of those who speak for the department."""
    topic: Block | None = None
    ways: list[str] = []
    """How to take part: names of links in links.yaml."""
    questions: str = ""
    """Where questions go: the name of a link in links.yaml."""
    notes: str = ""
    """The name of a link in links.yaml."""
    recording: str = ""
    """The name of a link in links.yaml."""
    status: Literal["planned", "held", "cancelled"] = "planned"

    @field_validator("start")
    @classmethod
    def _instant(cls, start: str, info: ValidationInfo) -> str:
        return _existing(start, info)


class OfficeHours(_Shape):
    heading: Block
    goal: Block
    events: list[Event]


def _check_as_it_is(text: str) -> None:
    for message in values.raw_messages(text):
        raise ValueError(message)


AsItIs = Annotated[str, Checked(_check_as_it_is)]
Bullets = Annotated[str, Checked(values.BULLETS, ("*", "**"))]


class TextBlock(Block):
    key: Key
    """Names the unit for ever: it must not change, and not be used again."""
    text: str = ""
    """English wikitext with $variables."""
    level: Annotated[int, Field(ge=1, le=6)] | None = None
    """The text is a heading; 2 is one like ``== this ==``."""
    bullets: Bullets = ""
    """The text is a list item; this stands before it, like ``**``."""
    wikitext: Annotated[dict[LanguageCode, AsItIs], Field(min_length=1)] = {}
    """Instead of a text: wikitext that stays as it is, by language, the plan's own first."""
    blank_line: bool | None = None
    """Whether a blank line stands before it; without it one does, but between list items."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        _one_of(self, ("text", "wikitext"))
        if self.level is not None and self.bullets:
            raise ValueError("has level and bullets; keep one of them")
        return self


class FreeText(_Shape):
    blocks: Annotated[list[TextBlock], Field(min_length=1)]


class LinkTarget(_Shape):
    page: Target = ""
    """The title of a wiki page."""
    url: Url = ""
    title: Words
    """The link in plain English words."""
    translatable: bool = False
    """The page is translated with Translate: Special:MyLanguage/ stands before it."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        _one_of(self, ("page", "url"))
        if self.translatable and self.url:
            raise ValueError("a URL cannot be translatable; remove “translatable”")
        return self


class Override(_Shape):
    digits: Literal["native", "latn"] | None = None
    """Which digits the language writes."""
    months: Annotated[list[Inert], Field(min_length=12, max_length=12)] = []
    """The names of the twelve months."""


Wordings = Annotated[list[Words], Field(min_length=1)]


class GlossaryTerm(_Shape):
    term: Words
    """English words as the texts have them; with a capital they are a name."""
    note: str = ""
    """Words for translators."""
    translations: Annotated[dict[LanguageCode, Wordings], Field(min_length=1)]
    """By language: the translations of which one must stand where the English has the term."""


class Glossary(_Shape):
    terms: list[GlossaryTerm]


class Section(_Shape):
    name: SectionName
    """Stands in the markers on the wiki: it must not change."""
    template: SectionName
    """A file of templates/sections/, without .wiki."""
    data: Stem
    """A file of data/, without .yaml."""
    drift: Literal["keep", "import", "reclaim"] | None = None
    """What happens to people's edits inside the section, if not what the page says."""


_AT_HEADING = {"type": "object", "minProperties": 1, "maxProperties": 1} | {
    "properties": {where: {"type": "string", "minLength": 1} for where in ("after", "before")},
    "additionalProperties": False,
}
_MISSING_SECTION = {"anyOf": [{"enum": list(values.MISSING_SECTION)}, _AT_HEADING]}


_UNIT_ID = {"type": ["integer", "string"]}
UnitId = Annotated[Any, AfterValidator(values.check_unit_id), WithJsonSchema(_UNIT_ID)]


class PriorityLanguages(_Shape):
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    """The languages that translators are asked to translate the page into."""
    force: bool = False
    """Whether the page cannot be translated into other languages."""
    reason: Words = ""
    """What translators of other languages are told."""


class Page(_Shape):
    title: Title
    kind: Literal["plain", "translatable"] = "plain"
    """A plain page or one a language, or a page marked for translation with Translate."""
    languages: Annotated[list[LanguageCode], Field(min_length=1)] = []
    """The page's languages, if not all of the plan's; of a translatable page those watched."""
    language_pages: Literal["subpages", "none"] = "subpages"
    """Whether other languages have a page of their own, like Title/ar."""
    missing_page: Literal["refuse", "create"] = "refuse"
    """What to do when the page does not exist."""
    missing_section: Annotated[
        Any, AfterValidator(values.check_missing_section), WithJsonSchema(_MISSING_SECTION)
    ] = "refuse"
    """What to do when the page lacks a section: where to insert it, if anywhere."""
    redirect: Literal["refuse", "follow"] = "refuse"
    """What to do when the page is a redirect."""
    fallback: Literal["english", "outdated"] | None = None
    """What stands for a text whose translation is outdated, if not what the plan says."""
    drift: Literal["keep", "import", "reclaim"] = "keep"
    """What happens to people's edits inside the page's sections."""
    ids: dict[str, UnitId] = {}
    """Ids that units have on a translatable page already, by unit key or SECTION:KEY."""
    priority_languages: PriorityLanguages | None = None
    """Priority languages of a translatable page; left as they are on the wiki when left out."""
    sections: Annotated[list[Section], Field(min_length=1)]


class Pages(_Shape):
    site: SiteName
    """family:code as Pywikibot knows it."""
    source_language: LanguageCode
    languages: Annotated[list[LanguageCode], Field(min_length=1)]
    fallback: Literal["english", "outdated"] = "english"
    """What stands for a text whose translation is outdated."""
    most_pages: Annotated[int, Field(ge=1, le=10_000)] = MOST_PAGES
    """A run that would change more pages than this stops."""
    most_shrink: Annotated[int, Field(ge=0, le=100)] = MOST_SHRINK_PERCENT
    """A page that would lose more than this percentage of its text is refused."""
    most_outdated: Annotated[int, Field(ge=0, le=100)] = MOST_OUTDATED_PERCENT
    """A page is refused if more than this percentage of a language's translations turn outdated."""
    most_orphaned: Annotated[int, Field(ge=0, le=100_000)] = MOST_ORPHANED
    """A page is refused if it would lose more translations than this."""
    stop_page: Title = ""
    """A page whose text stops the program as soon as it is not empty."""
    pages: Annotated[list[Page], Field(min_length=1)]


class OwnBlock(Block):
    """A text of an own section kind: what stands beside the known keys are facts."""

    model_config = ConfigDict(extra="allow")


Labels = RootModel[dict[SectionName, Block]]
Links = RootModel[dict[VariableName, LinkTarget]]
Languages = RootModel[dict[LanguageCode, Override]]

SHAPES: Mapping[str, type[BaseModel]] = {
    "department": Department,
    "glossary": Glossary,
    "labels": Labels,
    "languages": Languages,
    "links": Links,
    "office-hours": OfficeHours,
    "pages": Pages,
    "priorities": Priorities,
    "text": FreeText,
    "own-block": OwnBlock,
}


def problems(kind: str, data: object) -> list[ErrorDetails]:
    """Return everything in a file's data that is not of its kind's shape."""
    try:
        SHAPES[kind].model_validate(data)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def json_schema(kind: str) -> dict[str, Any]:
    """Return pydantic's JSON Schema of a kind, with the keys as YAML writes them."""
    return SHAPES[kind].model_json_schema(by_alias=True)

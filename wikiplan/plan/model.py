"""What YAML may hold: its scalars, and the shapes of the plan's settings.

Shapes check and describe; the data stay the plain ones that were read. An optional key has an
empty default instead of None, so that a key without a value is told as what it is: a mistake.
Checks raise ``ValueError`` with ``what is wrong; what to do``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from wikiplan.errors import Invalid
from wikiplan.events import check_rule
from wikiplan.l10n import dates, fiscalyears
from wikiplan.plan import values
from wikiplan.plan.moves import MOVABLE
from wikiplan.plan.values import (
    MOST_GONE_PERCENT,
    MOST_LOST_PERCENT,
    MOST_ORPHANED,
    MOST_OUTDATED_PERCENT,
    MOST_PAGES,
    MOST_SHRINK_PERCENT,
    Pattern,
    WithFields,
)
from wikiplan.wikitext import syntax


@dataclass(frozen=True, slots=True)
class Checked:
    """Lets a function of ``plan.values`` and its kin check a text of the model.

    ``form`` tells editors what the function lets through, or somewhat more.
    """

    check: Callable[[str], object]
    examples: tuple[str, ...] = ()
    form: str = ""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._run, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = handler(schema)
        if isinstance(self.check, Pattern):
            described["pattern"] = _whole(self.check)
        elif isinstance(self.check, WithFields) and isinstance(self.check.check, Pattern):
            forms = _whole(self.check.check), values.FIELD.pattern
            described["anyOf"] = [{"pattern": form} for form in forms]
        elif self.form:
            described["pattern"] = self.form
        if self.examples:
            described["examples"] = list(self.examples)
        return described

    def _run(self, text: str) -> str:
        self.check(text)
        return text


@dataclass(frozen=True, slots=True)
class NameOf:
    """Says of a text that it names what stands elsewhere: ``plan.schema`` has the names."""

    what: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "names": self.what}


def _whole(pattern: Pattern) -> str:
    return f"^(?:{pattern.regex})$"


def _existing(time: str, info: ValidationInfo) -> str:
    """Check a time against its zone, where that is a good one (it stands before the time)."""
    if "zone" in info.data:
        dates.parse_time(time, info.data["zone"])
    return time


def _check_as_it_is(text: str) -> None:
    for message in values.raw_messages(text):
        raise ValueError(message)


def between(least: int, most: int) -> Any:
    """Return what an ``Annotated`` number needs to be checked, both ends included."""
    return Field(ge=least, le=most)


_T = TypeVar("_T")
NonEmpty = Annotated[_T, Field(min_length=1)]
"""A list or a mapping with at least one entry."""

PlainWords = Annotated[str, Checked(values.check_words)]
Inert = Annotated[str, Checked(values.check_written)]
AsItIs = Annotated[str, Checked(_check_as_it_is)]
Key = Annotated[str, Checked(values.KEY)]
AccountName = Annotated[str, Checked(values.ACCOUNT, ("Ada Lovelace",))]
SectionName = Annotated[str, Checked(values.SECTION_NAME)]
VariableName = Annotated[str, Checked(values.VARIABLE_NAME)]
Stem = Annotated[str, Checked(values.STEM, ("priorities/2020-2021",))]
SiteName = Annotated[str, Checked(values.SITE_NAME, ("meta:meta",))]
LanguageCode = Annotated[str, Checked(values.LANGUAGE_CODE, ("pt-br",)), NameOf("languages")]
LanguageCodes = Annotated[
    list[LanguageCode], Field(min_length=1, json_schema_extra={"uniqueItems": True})
]
LinkName = Annotated[str, NameOf("links")]
PersonKey = Annotated[str, NameOf("people")]
TeamKey = Annotated[Key, NameOf("teams")]
Bullets = Annotated[str, Checked(values.BULLETS, ("*", "**"))]
MONTH = r"\d{4}-(0[1-9]|1[0-2])"
DAY = (
    r"\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    r"|02-(0[1-9]|[12]\d))"
)
PART = r"(Q[1-4]|H[12]) \d{4}(-\d{4})?"
OFFSET = r"Z|[+-]\d{2}:\d{2}"
_DATES = ("2022-01", "2022-01-15", "Q2 2021-2022", "H1 2022")
DateText = Annotated[str, Checked(fiscalyears.check_date, _DATES, f"^({DAY}|{MONTH}|{PART})$")]
TimeText = Annotated[
    str,
    Checked(
        dates.split_time,
        ("2021-07-15T16:00", "2021-07-15T16:00Z"),
        rf"^{DAY}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?({OFFSET})?$",
    ),
    AfterValidator(_existing),
]
"""Stands behind the key ``zone`` of its shape."""
DayText = Annotated[str, Checked(values.check_day, ("2021-08-05",), f"^{DAY}$")]
RuleText = Annotated[str, Checked(check_rule, ("FREQ=MONTHLY;BYDAY=1TH;COUNT=6",))]
ZoneName = Annotated[str, Checked(dates.parse_zone, ("UTC", "Europe/Berlin")), NameOf("zones")]
_YEARS = {"type": "string", "pattern": r"^\d{4}(-\d{4})?$"}
_FISCAL_YEAR = {"anyOf": [_YEARS, {"type": "integer"}], "examples": ["2020-2021", 2022]}
FiscalYearText = Annotated[
    Any, AfterValidator(values.check_fiscal_year), WithJsonSchema(_FISCAL_YEAR)
]
YearForm = Annotated[
    str,
    Checked(values.check_words),
    Checked(fiscalyears.check_form, ("2021–2022", "2021-22", "FY22", "2022")),
]
NumberText = Annotated[
    Any, AfterValidator(values.check_number), WithJsonSchema({"type": ["number", "string"]})
]
ParameterName = Annotated[str, Checked(values.PARAMETER)]
ParameterValue = Annotated[int | str, AfterValidator(values.check_parameter)]
PersonName = Annotated[str, Checked(values.PERSON_NAME, ("Ada Green <ada@example.org>",))]
FileName = Annotated[str, Checked(values.check_file_name, ("Ada Green.jpg",))]
_IN_NO_TITLE = r"\[\]{}|<>"
_NO_ADDRESS = "(?!.*://)"
Title = Annotated[str, Checked(syntax.check_title, form=f"^{_NO_ADDRESS}[^{_IN_NO_TITLE}#]+$")]
PageTitle = Annotated[str, Checked(WithFields(syntax.check_title), ("Talks/{event}",))]
"""A title that may be a pattern, as all with fields below."""
_TARGET = f"^{_NO_ADDRESS}[^{_IN_NO_TITLE}]+$"
PageTarget = Annotated[str, Checked(syntax.check_target, ("User:Mdennis (WMF)",), _TARGET)]
_LINK = {"type": "string", "names": "links"}
_BY_LANGUAGE = {"type": "object", "minProperties": 1, "additionalProperties": _LINK}
LinkByLanguage = Annotated[
    Any,
    AfterValidator(values.check_by_language),
    WithJsonSchema({"anyOf": [_LINK, _BY_LANGUAGE]}),
]
_URL = '^(https?://|ircs?://|mailto:)[^\\s<>\\[\\]{}|"]+$'
Url = Annotated[str, Checked(syntax.check_url, ("https://example.org/",), _URL)]
Style = Literal["short", "medium", "long", "full"]


class YamlShape(BaseModel):
    """A mapping with these keys, which YAML writes with hyphens."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),  # “except_” is “except”
        use_attribute_docstrings=True,
        defer_build=True,  # many runs meet few of the shapes
    )

    one_of: ClassVar[tuple[str, ...]] = ()
    """Keys of which exactly one must be there, because it says what the mapping is."""
    short_form: ClassVar[Mapping[str, Any]] = {}
    """The JSON Schema of what may stand instead of the mapping; see :meth:`_written_out`."""
    together: ClassVar[Mapping[str, Any]] = {}
    """What JSON Schema can tell of keys that are wrong together."""

    @classmethod
    def _written_out(cls, raw: object) -> object:
        """Return the mapping that a short form stands for, other data as they are."""
        return raw

    def _check(self) -> None:
        """Raise :class:`ValueError` for keys that are wrong together."""

    @model_validator(mode="before")
    @classmethod
    def _before(cls, raw: object) -> object:
        return cls._written_out(raw)

    @model_validator(mode="after")
    def _after(self) -> Self:
        given = [key for key in self.one_of if key.replace("-", "_") in self.model_fields_set]
        if self.one_of and not given:
            raise Invalid("none-of", f"has none of {', '.join(self.one_of)}; add one")
        if len(given) > 1:
            raise Invalid("several-of", f"has {' and '.join(given)}; keep one of them")
        self._check()
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = {**handler(schema), **cls.together}
        if cls.one_of:
            described["oneOf"] = [{"required": [key]} for key in cls.one_of]
        return {"anyOf": [dict(cls.short_form), described]} if cls.short_form else described


_Shape = TypeVar("_Shape", bound=YamlShape)


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def problems(shape: Any, data: object) -> list[ErrorDetails]:
    """Return what is wrong in data of this shape, a :class:`YamlShape` or a ``dict`` type."""
    try:
        _adapter(shape).validate_python(data)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def made(shape: type[_Shape], data: object) -> _Shape:
    """Return data without problems as what they have the shape of."""
    return _adapter(shape).validate_python(data)  # type: ignore[no-any-return]


def json_schema(shape: Any) -> dict[str, Any]:
    """Return pydantic's JSON Schema of a shape, with the keys as YAML writes them."""
    return _adapter(shape).json_schema(by_alias=True)


class LinkTarget(YamlShape):
    page: PageTarget = ""
    """The title of a wiki page."""
    url: Url = ""
    title: PlainWords
    """The link in plain English words."""
    translatable: bool = False
    """The page is translated with Translate: Special:MyLanguage/ stands before it."""

    one_of = ("page", "url")

    def _check(self) -> None:
        if self.translatable and self.url:
            raise Invalid("translatable-url", "a URL cannot be translatable; remove “translatable”")


class Override(YamlShape):
    digits: Literal["native", "latn"] | None = None
    """Which digits the language writes."""
    months: Annotated[list[Inert], Field(min_length=12, max_length=12)] = []
    """The names of the twelve months."""
    quarters: Annotated[list[Inert], Field(min_length=4, max_length=4)] = []
    """The names of a year's quarters, like Q1."""
    halves: Annotated[list[Inert], Field(min_length=2, max_length=2)] = []
    """The names of a year's halves, like H1."""
    fiscal_year: YearForm = ""
    """How the language writes the fiscal year that ends in 2022, if not as the plan does."""


class GlossaryTerm(YamlShape):
    term: PlainWords
    """English words as the texts have them; with a capital they are a name."""
    note: str = ""
    """Words for translators."""
    translations: NonEmpty[dict[LanguageCode, NonEmpty[list[PlainWords]]]]
    """By language: the translations of which one must stand where the English has the term."""


class Glossary(YamlShape):
    terms: list[GlossaryTerm]


class SectionEntry(YamlShape):
    name: Annotated[str, Checked(WithFields(values.SECTION_NAME))]
    """Stands in the markers on the wiki; plan_move changes it."""
    template: Annotated[SectionName, NameOf("templates")]
    """A file of templates/sections/, without .wiki."""
    data: Annotated[
        str, Checked(WithFields(values.STEM), ("priorities/2020-2021",)), NameOf("data")
    ]
    """A file of data/, without .yaml."""
    item: Annotated[str, Checked(WithFields(values.ITEM), ("{event}",))] = ""
    """The key of an item in that file, such as an event, if the section is about it alone."""
    drift: Literal["keep", "import", "reclaim"] | None = None
    """What happens to people's edits inside the section, if not what the page says."""
    came_from: Title = ""
    """The page that it stood on: links there to its heading lead on to it."""
    languages: LanguageCodes = []
    """Those of a plain page's languages that have this section, if not all of them."""


_FIELD_KEY = {"type": ["integer", "string"]}
_AT_HEADING = {"type": "object", "minProperties": 1, "maxProperties": 1} | {
    "properties": {where: {"type": "string", "minLength": 1} for where in values.PLACES},
    "additionalProperties": False,
}
_MISSING_SECTION = {"anyOf": [{"enum": list(values.MISSING_SECTION)}, _AT_HEADING]}


FieldKey = Annotated[Any, AfterValidator(values.check_field_key), WithJsonSchema(_FIELD_KEY)]
_UNIT_ID = {"type": ["integer", "string"]}
UnitId = Annotated[Any, AfterValidator(values.check_unit_id), WithJsonSchema(_UNIT_ID)]


class PriorityLanguagesEntry(YamlShape):
    languages: LanguageCodes
    """The languages that translators are asked to translate the page into."""
    force: bool = False
    """Whether the page cannot be translated into other languages."""
    reason: PlainWords = ""
    """What translators of other languages are told."""


_INSTEAD = {"type": "object", "minProperties": 1, "maxProperties": 1} | {
    "properties": {how: {"type": "string", "minLength": 1} for how in values.INSTEAD},
    "additionalProperties": False,
}
_REMAINS = {"anyOf": [{"enum": list(values.REMAINS)}, _INSTEAD]}
Remains = Annotated[Any, AfterValidator(values.check_remains), WithJsonSchema(_REMAINS)]


class PageEntry(YamlShape):
    """A page, a pattern of pages, or a group whose pages have what it says."""

    title: PageTitle = ""
    """With fields such as {year}, {event} or {team} it is a pattern of pages."""
    pages: NonEmpty[list[PageEntry]] = []
    """The pages of a group: what stands beside holds for each that does not say otherwise."""
    include: Stem = ""
    """A file of data/pages/, without .yaml, that has the pages of this group."""
    each: dict[SectionName, str] = {}
    """Fields of one's own: the list of a file whose items they go over, like grants.rounds."""
    left_out: Annotated[NonEmpty[list[FieldKey]], Field(alias="except")] = []
    """Keys of years, events, teams and the like of which no page is wanted."""
    remains: Remains = ""
    """What remains of a page of a pattern when what it is for leaves the data; else it stays."""
    site: SiteName | None = None
    """The wiki that the page is on, if not the plan's."""
    kind: Literal["plain", "translatable"] = "plain"
    """A plain page or one a language, or a page marked for translation with Translate."""
    languages: LanguageCodes = []
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
    page_language: bool | None = None
    """Whether the wiki is told the language of each version, if not as the plan says."""
    drift: Literal["keep", "import", "reclaim"] = "keep"
    """What happens to people's edits inside the page's sections."""
    ids: dict[str, UnitId] = {}
    """Ids that units have on a translatable page already, by unit key or SECTION:KEY."""
    priority_languages: PriorityLanguagesEntry | None = None
    """Priority languages of a translatable page; left as they are on the wiki when left out."""
    sections: NonEmpty[list[SectionEntry]] = []

    def _check(self) -> None:
        if self.title and (self.pages or self.include):
            raise Invalid("title-and-pages", "has a title and pages; keep one of them")


class PageListFile(YamlShape):
    pages: NonEmpty[list[PageEntry]]


class RetiredEntry(YamlShape):
    title: Title
    site: SiteName | None = None
    """The wiki that it was on, if not the plan's."""
    section: SectionName | None = None
    """The section that the page had; without it the whole page is retired."""
    languages: LanguageCodes = []
    """The language versions of the page that are retired, if not all."""
    remains: Remains
    """What remains of it: nothing, its text without markers, a blank page, or another text."""


class MovedEntry(YamlShape):
    unit: str = ""
    """The key that a text had, or an item with all its texts."""
    file: Stem = ""
    """The name that a data file had."""
    team: Key = ""
    """The key that a team had."""
    person: Key = ""
    """The key that a person had."""
    section: SectionName = ""
    """The name that a section had in its markers."""
    page: PageTitle = ""
    """The title that a page had, or a pattern of pages; pages below it moved along."""
    language: LanguageCode = ""
    """The code that a language had."""
    to: NonEmpty[str]
    """What it is called now."""

    one_of = MOVABLE


class FiscalYearEntry(YamlShape):
    starts: fiscalyears.Month = "july"
    """The month in which the plan's year begins."""
    written: YearForm = ""
    """How readers see the year that ends in 2022, like FY22; a language may have its own way."""


class TalkPage(YamlShape):
    page: Title
    language: LanguageCode = ""
    """The language of the page; without it what the wiki says of it."""


class TranslatorsEntry(YamlShape):
    names: dict[Title, PersonName] = {}
    """By account on the wiki what files and commits call it: Ada Green <ada@example.org>."""
    unnamed: list[Title] = []
    """Accounts that asked not to be named."""
    talk_pages: list[TalkPage] = []
    """Where plan_translations notify puts notices of a new year's texts."""


class BundleEntry(YamlShape):
    title: PageTitle
    """The page, whose content model is that of a message bundle."""
    texts: NonEmpty[list[str]]
    """What is in it: labels, statuses, teams, or the keys of texts."""
    label: PlainWords = ""
    """How translators see the bundle called, if not by its title."""
    description: PlainWords = ""
    """What translators are told of it."""


class Pages(YamlShape):
    plan: SectionName = ""
    """The plan's name in the markers on the wiki, where pages have sections of other plans too."""
    site: SiteName
    """family:code as Pywikibot knows it."""
    interwiki: dict[SiteName, Key] = {}
    """By site of the plan: the prefix of links to its pages from the others, such as mw."""
    source_language: LanguageCode
    languages: LanguageCodes
    fiscal_year: FiscalYearEntry = FiscalYearEntry()
    """When the plan's year begins, and how it is written."""
    fallback: Literal["english", "outdated"] = "english"
    """What stands for a text whose translation is outdated."""
    page_language: bool = False
    """Whether the wiki is told in which language each version of a plain page is."""
    most_pages: Annotated[int, between(1, 1_000_000)] = MOST_PAGES
    """A run that would change more pages than this stops."""
    most_shrink: Annotated[int, between(0, 100)] = MOST_SHRINK_PERCENT
    """A page that would lose more than this percentage of its text is refused."""
    most_outdated: Annotated[int, between(0, 100)] = MOST_OUTDATED_PERCENT
    """A page is refused if more than this percentage of a language's translations turn outdated."""
    most_orphaned: Annotated[int, between(0, 100_000)] = MOST_ORPHANED
    """A page is refused if it would lose more translations than this."""
    most_lost: Annotated[int, between(0, 100)] = MOST_LOST_PERCENT
    """A plain page is refused if readers of a language would lose more percent of their texts."""
    stop_page: Title = ""
    """A page whose text stops the program as soon as it is not empty."""
    may_answer: list[AccountName] = []
    """Accounts whose answers on the board count."""
    lock_page: Title = ""
    """A page by which runs on several hosts, one at a time, may write."""
    statuses: NonEmpty[dict[SectionName, Literal["open", "done", "dropped"]]] = {}
    """How far items can be, and what a new year makes of each; “status-NAME” is its label."""
    translators: TranslatorsEntry = TranslatorsEntry()
    """What translators are called, which are not to be named, and where they get notices."""
    pages: NonEmpty[list[PageEntry]]
    retired: list[RetiredEntry] = []
    """Sections, pages and languages that the plan had, and what remains of them on the wiki."""
    bundles: list[BundleEntry] = []
    """Message bundles: texts for the wiki's own templates and modules."""
    moved: list[MovedEntry] = []
    """What the plan calls otherwise than it did, and the wiki may call by its old name."""


Links = dict[VariableName, LinkTarget]
Languages = dict[LanguageCode, Override]


_FORMS = ("%d/%m/%Y", "%m/%d/%Y %H:%M")


class Column(YamlShape):
    """What a column of a sheet has for a field; mostly its name alone."""

    column: NonEmpty[str]
    """The column's name in the first row of the sheet."""
    as_: Literal["text", "number", "list", "yes-no"] = "text"
    """What its cells hold; those of a list have commas or line breaks between its entries."""
    form: Annotated[str, Checked(values.check_time_form, _FORMS)] = ""
    """How its cells write a day, or a time, with the signs of strftime."""
    words: NonEmpty[dict[str, str]] = {}
    """What the plan has for words of the sheet."""

    short_form = {"type": "string", "minLength": 1}

    @classmethod
    def _written_out(cls, raw: object) -> object:
        return {"column": raw} if isinstance(raw, str) else raw

    def _check(self) -> None:
        if self.form and self.as_ != "text":
            raise Invalid("form-and-type", "has form and as; keep one of them")


class SourceEntry(YamlShape):
    """Where staff keep what a data file, or a list of it, is made of."""

    sheet: Annotated[str, Checked(values.check_sheet, values.SHEETS)] = ""
    """The address of a sheet published as CSV, or the environment variable that has it."""
    page: Title = ""
    """The title of a page of the wiki that holds JSON."""
    site: SiteName = ""
    """The wiki that this page is on, if not the plan's."""
    rows: Annotated[str, Checked(values.ROWS, ("events", "teams.items"))] = ""
    """The list of the file that it fills; without it the file has an entry for each row."""
    columns: NonEmpty[dict[Annotated[str, Checked(values.CELL, ("topic.text",))], Column]] = {}
    """The columns by the fields that they fill; fields without one stay as the plan has them."""
    most_gone: Annotated[int, between(0, 100)] = MOST_GONE_PERCENT
    """If more percent of the rows vanish, or lose something, a person is asked."""

    one_of = ("sheet", "page")

    def _check(self) -> None:
        if self.sheet and not self.columns:
            advice = "say which of them fill which fields"
            raise Invalid("sheet-without-columns", "has a sheet but no columns", advice)
        if self.sheet and self.site:
            raise Invalid("sheet-and-site", "has sheet and site, which is of a page; keep one")
        above = self.rows.split(".")[:-1]
        wanted = ["key", *(f"{name}.key" for name in above)] if self.columns else []
        if missing := [name for name in wanted if name not in self.columns]:
            advice = "name the one that has the keys"
            raise Invalid("no-key-column", f"no column fills {missing[0]}", advice)


SourcesFile = dict[Stem, SourceEntry]

"""What templates can do with the plan's values: the filters, in one section's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Protocol

from wikiplan.events import USUAL_MINUTES, deadline
from wikiplan.l10n import Language, dates, languages, parse_date, parse_time
from wikiplan.plan import (
    EVENTS,
    Fact,
    Link,
    Name,
    NamedUnit,
    PageSpec,
    Plan,
    SectionSpec,
    Unit,
    items_in,
    prefix,
    title_in,
    variable,
)
from wikiplan.render import escaping, eventviews
from wikiplan.render.escaping import Wikitext
from wikiplan.render.facts import Facts, element, shown
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.source import framed
from wikiplan.render.sources import LINKS
from wikiplan.render.views import FileView, Units, View, missing_key, scope_of, unit_of, value_or
from wikiplan.value import Value
from wikiplan.yaml import KeyPath

PEOPLE = "people"
"""The stem of the file of people."""

CLOCK = "now"
"""What templates call the clock."""

_TEXT_KEY = re.compile(r"\$([a-z0-9]+(?:-[a-z0-9]+)*)")


# Calls of templates that the wiki has.


_VARIABLE = re.compile(r"\$([a-z]+)")
_NUMBER = "$number"


def _filled(parameters: Mapping[str, Any], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return parameters with their values; ``$names`` may stand in both."""

    def value_of(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        return escaping.escape(values[found[1]]).__html__()

    return [
        (_VARIABLE.sub(value_of, name), _VARIABLE.sub(value_of, str(parameters[name])))
        for name in parameters
    ]


def _called(template: str, parameters: Iterable[tuple[str, str]]) -> Wikitext:
    given = "".join(f"|{name}={value}" for name, value in parameters)
    return Wikitext(f"{{{{{escaping.title(template)}{given}}}}}")


def _days(date: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a day or a month begins, and when it is over."""
    year, month, day = parse_date(date)
    begin = datetime(year, month, day or 1, tzinfo=zone)
    if day:
        after = begin.date() + timedelta(days=1)
        return begin, datetime(after.year, after.month, after.day, tzinfo=zone)
    return begin, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)


class SectionWords(Units, Protocol):
    """What the tools need to know of a section's words: of a language's, or of the source's.

    ``for_all_languages`` says that the section's text serves readers of all languages.
    """

    language: Language
    facts: Facts
    for_all_languages: bool

    def link_title(self, name: str, link: Link, scope: str = "") -> Wikitext: ...


class OtherSection(Value):
    """A managed section elsewhere in the plan: the page it is on, in the reader's language.

    ``item`` is what it is about, ``None`` where that is all of its data.
    """

    title: str
    data: View
    item: View | None


class Items:
    """Where the items of a plan's files are, by their keys; each file is searched once."""

    def __init__(self, plan: Plan) -> None:
        self._in_file = cache(lambda stem: items_in(plan.files.get(stem)))

    def place(self, stem: str, key: str) -> KeyPath:
        return self._in_file(stem)[key]


class Tools:
    """The methods named in ``FILTERS`` are filters of the same name; the value comes first.

    Those of ``facttypes.FILTERS`` are filters beside them: :meth:`fact`.
    """

    FILTERS = (
        "anchored", "autonym", "by_series", "call", "call_each", "clock", "coming", "deadline",
        "epoch", "fill", "former", "instant", "isolate", "join_list", "label", "link", "name",
        "open", "page_link", "page_of", "paragraph", "past", "plan_page", "standing", "time",
        "title", "url", "utc", "versions", "with_texts",
    )  # fmt: skip

    def __init__(
        self,
        plan: Plan,
        words: SectionWords,
        now: datetime,
        links: SiteLinks,
        site: str,
        items: Items | None = None,
    ) -> None:
        self._plan = plan
        self._items = items or Items(plan)
        self._links = links
        self._site = site
        self._words = words
        self._sources = words.sources
        self._facts = words.facts
        self._now = now
        self._labels = self.view("labels")

    def view(self, stem: str) -> FileView:
        """Return a file of the plan, by its path below the data folder without ``.yaml``."""
        data = self._plan.files.get(stem, {})
        return FileView(stem, data, self._plan.units, self._words, prefix(stem))

    def item(self, section: SectionSpec) -> View | None:
        """Return the item that a section is about, None where that is all of its file."""
        if not section.item:
            return None
        if section.data == EVENTS:
            return eventviews.event(self.view(EVENTS), section.item)
        found: Any = self.view(section.data)
        for step in self._items.place(section.data, section.item):
            found = found[step]
        assert isinstance(found, View)
        return found

    def sections_with(self, template: str) -> list[OtherSection]:
        """Return the plan's sections with a template, in the order of their data files' names."""
        self._sources.pages = True
        found = [
            (section, page)
            for page in self._plan.pages
            for section in page.sections
            if section.template == template
        ]
        found.sort(key=lambda entry: entry[0].data)
        return [
            OtherSection(
                self._links.to(page, self._title_of(page), self._site),
                self.view(section.data),
                self.item(section),
            )
            for section, page in found
        ]

    def moved_away(self, page: PageSpec) -> list[OtherSection]:
        """Return the sections that stood on a page and stand elsewhere now."""
        if not page.moved_away:
            return []
        pages = {each.title: each for each in self._plan.pages if each.site == page.site}
        return [
            OtherSection(self._title_of(pages[each.title]), self.view(each.data), None)
            for each in page.moved_away
        ]

    # Texts

    def paragraph(self, block: View) -> Wikitext:
        """Return a text block as a paragraph: in another language it becomes a ``<div>``."""
        return self._words.text(unit_of(block), block=True, scope=block._said_of)

    def with_texts(self, wikitext: str, texts: Iterable[View]) -> Wikitext:
        """Return wikitext with texts where it has their keys: ``$opening-hours``."""
        known = {text["key"]: unit_of(text) for text in texts}
        whole = Wikitext(_TEXT_KEY.sub(lambda key: self._in_place(key, known), wikitext))
        return framed(whole) if self._words.for_all_languages else whole

    def _in_place(self, key: re.Match[str], known: Mapping[str, Unit]) -> str:
        return self._words.text(known[key[1]]).__html__() if key[1] in known else key[0]

    def fill(self, block: View, **values: Any) -> Wikitext:
        """Return a text block with values for its variables, of the kinds its examples are of."""
        unit = unit_of(block)
        return self._words.text(unit, self._of_kinds(unit, values), scope=block._said_of)

    def label(self, item: View, name: str, **values: Any) -> Wikitext:
        """Return a word of ``labels.yaml`` that is said of an item, such as an event.

        A section of a translatable page may have a word many times, but only once for an item.
        """
        if name not in self._labels:
            raise ValueError(missing_key(self._labels, name))
        unit = unit_of(self._labels[name])
        return self._words.text(unit, self._of_kinds(unit, values), scope=scope_of(item))

    # Facts

    def fact(self, type: type[Fact], value: Any, style: str = "") -> Wikitext:
        """Return a value as readers see a fact of the type: ``2022-01`` or an instant as a date."""
        return shown(type.given(value, style), self._facts)

    def time(self, value: str | datetime | View, style: str = "") -> Wikitext:
        """Return an instant's day and time of day, with its zone."""
        return self._facts.time(self.instant(value), style)

    def clock(self, value: str | datetime | View) -> Wikitext:
        """Return an instant's time of day, with its zone."""
        return self._facts.clock(self.instant(value))

    def join_list(self, values: Iterable[Any]) -> Wikitext:
        """Return ``a, b, and c``."""
        return self._facts.join([escaping.escape(value) for value in values])

    def isolate(self, value: Any) -> Wikitext:
        """Return a value that text of the other direction cannot reorder."""
        return self._facts.isolated(escaping.escape(value))

    def name(self, value: str | View, *, linked: bool = False) -> Wikitext:
        """Return a person's or a team's name in the reader's script, also with a link.

        A person is given by the key in ``people.yaml``, or by a name.
        """
        if isinstance(value, str):
            return self._shown_name(self._person(value))
        if "person" in value:
            words = self.name(value["person"])
        elif "name" not in value:
            return self._words.text(unit_of(value))
        else:
            words = self._shown_name(_name_in(value))
        link = self._link_of(value) if linked else ""
        return self.link(link, words) if link else words

    def _link_of(self, value: View) -> str:
        """Return the link of a person or a team, that of a person's own entry where it has none."""
        if "link" not in value and "person" in value:
            self._sources.files.add(PEOPLE)
            return str(self._plan.files.get(PEOPLE, {}).get(value["person"], {}).get("link", ""))
        return str(value_or(value, "link", ""))

    def _person(self, key: str) -> Fact:
        self._sources.files.add(PEOPLE)
        person = self._plan.facts.get(variable("person", key))
        return person if key in self._plan.files.get(PEOPLE, {}) and person else Name(key)

    def _shown_name(self, name: Fact) -> Wikitext:
        self._sources.name(name)
        return shown(name, self._facts)

    # Links

    def link(self, name: str, label: Any = "", of: View | None = None) -> Wikitext:
        """Return a link to an entry of ``links.yaml``, with its title unless a label is given.

        ``labels.yaml`` may have the title as a text that is translated: ``link-NAME``. ``of`` is
        the item that it is said of (see :meth:`label`).
        """
        self._sources.files.add(LINKS)
        try:
            link = self._plan.links[name]
        except KeyError:
            raise ValueError(f"links.yaml has no link “{name}”") from None
        scope = scope_of(of) if of is not None else ""
        shown = escaping.escape(label or self._title_of_link(name, link, scope))
        if link.url:
            return Wikitext(f"[{escaping.url(link.url)} {shown}]")
        self._links.check(link, self._site)
        return Wikitext(f"[[{escaping.title(link.target)}|{shown}]]")

    def page_link(self, title: str, label: Any) -> Wikitext:
        """Return a link to a page of the wiki."""
        return Wikitext(f"[[{escaping.title(title)}|{escaping.escape(label)}]]")

    def anchored(self, value: Any, heading: View) -> Wikitext:
        """Return a value at which links arrive that lead to a heading, in the reader's language or
        in the plan's own.
        """
        found = escaping.escape(value)
        for anchor in self._words.anchors(unit_of(heading)):
            found = element("span", f' id="{anchor}"', found)
        return found

    def plan_page(self, title: str) -> str:
        """Return the title of a page's version for the reader, if the plan has the page."""
        self._sources.pages = True
        pages = [page for page in self._plan.pages if page.title == title]
        pages.sort(key=lambda page: page.site != self._site)
        if not pages:
            return title
        return self._links.to(pages[0], self._title_of(pages[0]), self._site)

    # Templates of the wiki

    def call(self, call: View, **values: Any) -> Wikitext:
        """Return a call of a template, with values for the ``$names`` in its parameters."""
        return _called(call["template"], _filled(call["parameters"], values))

    def call_each(self, call: View, tabs: Iterable[View]) -> Wikitext:
        """Return a call with parameters for each of some tabs: those with ``$number``."""
        every = [
            {"number": number, "text": tab["text"], "page": self._target_of(tab)}
            for number, tab in enumerate(tabs, 1)
        ]
        names = call["parameters"]
        each = [name for name in names if _NUMBER in f"{name}{names[name]}"]
        once = {name: names[name] for name in names if name not in each}
        many = (_filled({name: names[name] for name in each}, values) for values in every)
        filled = [*_filled(once, {}), *(parameter for found in many for parameter in found)]
        return _called(call["template"], filled)

    def _target_of(self, tab: View) -> Wikitext:
        if "page" in tab:
            return escaping.title(self.plan_page(tab["page"]))
        self._sources.files.add(LINKS)
        link = self._plan.links[tab["link"]]
        return escaping.url(link.url) if link.url else escaping.title(link.target)

    def title(self, value: str) -> Wikitext:
        """Return a page's title as the target of a link: ``[[{{ x|title }}|…]]``."""
        return escaping.title(value)

    def url(self, value: str) -> Wikitext:
        """Return a URL as the target of a link: ``[{{ x|url }} …]``."""
        return escaping.url(value)

    # Events: mappings with ``start``, and where needed ``zone`` and ``minutes``

    def instant(self, value: str | datetime | View) -> datetime:
        """Return when an event starts, in its own zone, or the instant that a text names."""
        if isinstance(value, datetime):
            return value
        if isinstance(value, View):
            return parse_time(value["start"], value_or(value, "zone", ""))
        return parse_time(value)

    def utc(self, value: str | datetime | View) -> datetime:
        return self.instant(value).astimezone(UTC)

    def epoch(self, value: str | datetime | View) -> int:
        """Return seconds since 1970."""
        return int(self.instant(value).timestamp())

    def coming(self, events: Iterable[View]) -> list[View]:
        """Return the events that have not ended, the soonest first; of a series each date."""
        found = (each for each in eventviews.dates(events) if not self._has_ended(each))
        return sorted(found, key=self.instant)

    def past(self, events: Iterable[View]) -> list[View]:
        """Return the events that have ended, the latest first; of a series each date."""
        found = filter(self._has_ended, eventviews.dates(events))
        return sorted(found, key=self.instant, reverse=True)

    def by_series(self, events: Iterable[View]) -> list[eventviews.Together]:
        """Return the events, those of a series that say nothing of themselves with its first."""
        return eventviews.by_series(events)

    def former(self, event: View) -> tuple[datetime, ...]:
        """Return when an event was to start before it was moved, the oldest first."""
        return eventviews.occurrence(event).former

    def deadline(self, event: View, what: str) -> datetime:
        """Return until when something of an event can be done, such as “registration”."""
        return deadline(event._data, self.instant(event), what)

    def open(self, event: View, what: str) -> bool:
        """Return whether something of an event can be done yet."""
        until = self.deadline(event, what)
        if until > self._now:
            self._sources.changes_at(until)
        return until > self._now and value_or(event, "status", "") != "cancelled"

    def autonym(self, code: str) -> Wikitext:
        """Return a language's own name for itself."""
        return self.isolate(languages.get(code).autonym)

    def versions(self, links: View) -> list[Wikitext]:
        """Return the links of something that there is by language, the reader's own first."""
        code = self._words.language.code
        codes = sorted(links, key=lambda each: each != code)
        return [self.link(links[each], self.autonym(each)) for each in codes]

    def page_of(self, event: View) -> str:
        """Return the title of the page that is about an event, else of one with all of them.

        It is empty where the plan has neither.
        """
        self._sources.pages = True
        page = eventviews.page_about(self._plan, event["key"], *eventviews.series_of(event))
        return self._links.to(page, self._title_of(page), self._site) if page else ""

    def standing(self, item: View) -> str:
        """Return where the clock stands for what has a first and a last day (``starts``, ``ends``):
        ``before``, ``now`` or ``after``.
        """
        zone = dates.parse_zone(value_or(item, "zone", "UTC"))
        begin = _days(item["starts"], zone)[0] if "starts" in item else None
        end = _days(item["ends"], zone)[1] if "ends" in item else None
        if begin and self._now < begin:
            self._sources.changes_at(begin)
            return "before"
        if end and self._now >= end:
            return "after"
        if end:
            self._sources.changes_at(end)
        return "now"

    def _has_ended(self, event: View) -> bool:
        minutes = value_or(event, "minutes", USUAL_MINUTES)
        end = self.utc(event) + timedelta(minutes=minutes)
        if end > self._now:
            self._sources.changes_at(end)
        return end <= self._now

    def _title_of_link(self, name: str, link: Link, scope: str) -> Wikitext:
        """Return the title as ``labels.yaml`` has it, else as ``links.yaml``."""
        key = f"link-{name.replace('_', '-')}"
        if key in self._labels:
            return self._words.text(unit_of(self._labels[key]), scope=scope)
        return self._words.link_title(name, link, scope)

    def _title_of(self, page: PageSpec) -> str:
        """Return the title of a page's version for the reader."""
        several = self._words.for_all_languages and len(page.languages) > 1
        if page.translatable or several:
            return Link(page.title, translatable=True).target
        code, source = self._words.language.code, self._plan.source_language
        return title_in(page, code if code in page.languages else source, source)

    def _of_kinds(self, unit: Unit, values: Mapping[str, Any]) -> dict[str, Fact | Wikitext]:
        """Return a template's values as the kinds that the unit shows in its examples."""
        examples = unit.variables
        self._sources.variables(values, examples)
        return {
            name: _as_kind(examples.get(name, Name("")), value) for name, value in values.items()
        }


def _name_in(view: View) -> Fact:
    """Return the name that something has: a text of its own, or words that nobody translates."""
    name = view["name"]
    if isinstance(name, str):
        return Name(name)
    unit = unit_of(name)
    return NamedUnit(unit.key, unit.text)


def _as_kind(example: Fact, value: Any) -> Fact | Wikitext:
    """Return a template's value as the kind of variable that the unit shows as its example."""
    return value if isinstance(value, Wikitext) else example.like(value)

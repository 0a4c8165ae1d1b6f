"""What templates see of the plan: its data by attribute, and texts in the section's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from wikiplan.errors import did_you_mean
from wikiplan.l10n import Language, parse_time
from wikiplan.plan import (
    USUAL_MINUTES,
    Fact,
    Link,
    Name,
    NamedUnit,
    PageSpec,
    Plan,
    Unit,
    prefix,
    title_in,
    variable,
    variables_in,
)
from wikiplan.render import escaping
from wikiplan.render.escaping import Wikitext
from wikiplan.render.facts import Facts, shown
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.source import framed
from wikiplan.render.sources import LINKS, SourcesRecord

PEOPLE = "people"
"""The stem of the file of people."""

CLOCK = "now"
"""What templates call the clock."""

_TEXT_KEY = re.compile(r"\$([a-z0-9]+(?:-[a-z0-9]+)*)")


class Units(Protocol):
    """How units appear in a section: as text in one language, or marked for translation.

    ``values`` come before the unit's own variables; a ``block`` is a paragraph of its own.
    ``scope`` is the item that a text of another file is said of: an event, a priority.
    """

    sources: SourcesRecord

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Fact | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext: ...


class View:
    """A mapping of the plan: ``item.see_also`` reads its key ``see-also``.

    ``block.text`` of a text block is the unit as wikitext. An empty value counts as missing. There
    are no public methods: they would hide keys of the same name (``items``).
    """

    __slots__ = ("_data", "_known", "_name", "_scope", "_units")

    def __init__(
        self,
        name: str,
        data: Mapping[str, Any],
        known: Mapping[str, Unit],
        units: Units,
        scope: str = "",
    ) -> None:
        self._name = name
        self._data = data
        self._known = known
        self._units = units
        self._scope = scope

    def __getitem__(self, key: str) -> Any:
        value = self._read(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: str) -> bool:
        return self._data.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __str__(self) -> str:
        raise TypeError(f"{self._name} is no text; add “.text” or the name of one of its keys")

    def _read(self, key: str) -> Any:
        """Return a key's value, None where it is missing."""
        value = self._data.get(key)
        if value is None:
            key = key.replace("_", "-")
            value = self._data.get(key)
            if value is None:
                return None
        if isinstance(value, str):
            own = key == "text" and self._data.get("unit")
            return self._units.text(self._known[own]) if own else value
        if isinstance(value, (list, tuple)):
            return self._wrapped_list(f"{self._name}.{key}", value)
        if isinstance(value, Mapping):
            return self._wrapped(f"{self._name}.{key}", value, key)
        return value

    def _wrapped_list(self, name: str, items: Sequence[Any]) -> tuple[Any, ...]:
        """Return a list's items; in the keys of units its own name does not count, but theirs."""
        return tuple(
            self._wrapped_list(f"{name}[{at}]", item)
            if isinstance(item, (list, tuple))
            else self._wrapped(f"{name}[{at}]", item, _key_of(item))
            for at, item in enumerate(items)
        )

    def _wrapped(self, name: str, value: Any, step: str) -> Any:
        if isinstance(value, Mapping):
            scope = f"{self._scope}.{step}" if self._scope and step else ""
            return View(name, value, self._known, self._units, scope)
        return value


class FileView(View):
    """A whole file of the plan; what looks at it is made from the file."""

    __slots__ = ()

    def __contains__(self, key: str) -> bool:
        self._look()
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._look()
        return super().__iter__()

    def __len__(self) -> int:
        self._look()
        return super().__len__()

    def _read(self, key: str) -> Any:
        self._look()
        return super()._read(key)

    def _look(self) -> None:
        self._units.sources.files.add(self._name)


def unit_of(block: View) -> Unit:
    """Return the unit of a text block. Raises :class:`TypeError` with words for people."""
    if not isinstance(block, View) or "unit" not in block:
        raise TypeError(f"“{block!r:.60}” is no text block; give one that has a “text:”")
    return block._known[block._data["unit"]]


def variables_of(block: View) -> tuple[str, ...]:
    """Return the names of the variables in a text block."""
    unit = unit_of(block)
    block._units.sources.text_of(unit.text, unit.variables)
    return variables_in(unit.text)


def scope_of(item: View) -> str:
    """Return the first part of the keys of the units in an item.

    Raises :class:`TypeError` with words for people where units have none.
    """
    if not isinstance(item, View) or not item._scope:
        raise TypeError(f"“{item!r:.60}” is no item of the plan; give one that has a “key:”")
    return item._scope


def _key_of(item: Any) -> str:
    key = item.get("key") if isinstance(item, Mapping) else None
    return key if isinstance(key, str) else ""


def value_or(view: View, key: str, default: Any) -> Any:
    return view[key] if key in view else default  # noqa: SIM401 (a View has no public methods)


def missing_key(view: View, key: str) -> str:
    """Return what to say about a key that a template asks for in vain."""
    spelling = key.replace("_", "-")
    return f"{view._name} has no key “{spelling}”" + (
        f" ({hint})" if (hint := did_you_mean(spelling, view)) else ""
    )


# What templates can do with the plan's values: the filters, in one section's language.


class SectionWords(Units, Protocol):
    """What the tools need to know of a section's words: of a language's, or of the source's.

    ``for_all_languages`` says that the section's text serves readers of all languages.
    """

    language: Language
    facts: Facts
    for_all_languages: bool

    def link_title(self, name: str, link: Link, scope: str = "") -> Wikitext: ...


@dataclass(frozen=True, slots=True)
class OtherSection:
    """A managed section elsewhere in the plan: the page it is on, in the reader's language."""

    title: str
    data: View


class Tools:
    """The methods named in ``FILTERS`` are filters of the same name; the value comes first.

    Those of ``facttypes.FILTERS`` are filters beside them: :meth:`fact`.
    """

    FILTERS = (
        "clock", "coming", "epoch", "fill", "instant", "isolate", "join_list", "label", "link",
        "name", "page_link", "paragraph", "past", "time", "title", "url", "utc", "with_texts",
    )  # fmt: skip

    def __init__(
        self, plan: Plan, words: SectionWords, now: datetime, links: SiteLinks, site: str
    ) -> None:
        self._plan = plan
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

    def sections_with(self, template: str) -> list[OtherSection]:
        """Return the plan's sections with a template, in the order of their data files' names."""
        self._sources.pages = True
        found = [
            (section.data, page)
            for page in self._plan.pages
            for section in page.sections
            if section.template == template
        ]
        found.sort(key=lambda entry: entry[0])
        return [
            OtherSection(self._links.to(page, self._title_of(page), self._site), self.view(data))
            for data, page in found
        ]

    # Texts

    def paragraph(self, block: View) -> Wikitext:
        """Return a text block as a paragraph: in another language it becomes a ``<div>``."""
        return self._words.text(unit_of(block), block=True)

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
        return self._words.text(unit, self._of_kinds(unit, values))

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
        return self.link(value["link"], words) if linked and "link" in value else words

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
        """Return the events that have not ended, the soonest first."""
        return sorted((e for e in events if not self._has_ended(e)), key=self.instant)

    def past(self, events: Iterable[View]) -> list[View]:
        """Return the events that have ended, the latest first."""
        return sorted(filter(self._has_ended, events), key=self.instant, reverse=True)

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

"""How units stand on a translatable page: in the source language, with their variables marked.

A unit's wikitext goes through the template between three characters that no page can hold; where
they end up tells ``render.source`` which form the unit takes there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from wikiplan.errors import Invalid, Message
from wikiplan.l10n import YEAR_FORM, Localiser, languages
from wikiplan.plan import (
    Fact,
    Link,
    NamedUnit,
    Number,
    PageSpec,
    SectionSpec,
    Unit,
    Verbatim,
    link_key,
    prefix,
    variables_in,
)
from wikiplan.render import escaping
from wikiplan.render.arrival import Arrived, on_translatable_page
from wikiplan.render.escaping import Wikitext, formatted
from wikiplan.render.facts import (
    Facts,
    LocalFacts,
    WikiFacts,
    parts_in_english,
    shown,
    switched,
)
from wikiplan.render.sources import SourcesRecord
from wikiplan.render.wording import (
    IN_PAGE_TARGET,
    IN_URL_TARGET,
    VARIABLE,
    Values,
    by_clock,
    check_storable,
    plain,
    unnamed,
)
from wikiplan.translate import CLOSING_TAG, OPENING_TAGS, kept_variable, markup, on_page
from wikiplan.value import Value
from wikiplan.wikitext import PLURAL, prose

# Noncharacters: the plan's data cannot hold them (values.CONTROL).
BEGIN, MIDDLE, END = "\ufdd0", "\ufdd1", "\ufdd2"
FRAMED = "\ufdd3"
"""Begins a line of wikitext in which units stand, and of which none is the heading or paragraph."""

_IN_UNITS = "{{TRANSLATIONLANGUAGE}}"
_TAG = re.compile("<[^<>]*>")
_ENTITY_FOR_DOLLAR = "&#36;"


class UnitUse(Value):
    """A place where a template asked for a unit. ``scope`` is the item of the plan that it is said
    of, where the unit is of another one: a key without its last part.
    """

    unit: Unit
    scope: str

    @property
    def key(self) -> str:
        return f"{self.scope}.{self.unit.key}" if self.scope else self.unit.key


class SourceWording:
    """The units of one section of a translatable page; ``uses`` are all that were asked for.

    ``forms`` are those of a name in the page's languages, ``parts`` those of a part of a year,
    ``translations`` those of a unit.
    """

    for_all_languages = True

    def __init__(
        self,
        source_language: str,
        now: datetime,
        forms: Callable[[NamedUnit], Mapping[str, str]],
        year_form: str = "",
        parts: Callable[[str, str], Mapping[str, Wikitext]] = parts_in_english,
        translations: Callable[[Unit], Mapping[str, str]] = lambda unit: {},
    ) -> None:
        self._translations = translations
        self.language = languages.get(source_language)
        self.facts: Facts = WikiFacts("", forms, year_form, parts)
        self._now = now
        self.uses: list[UnitUse] = []
        self.sources = SourcesRecord()
        self._in_targets = LocalFacts(Localiser(source_language, {YEAR_FORM: year_form}))
        self._in_units = WikiFacts(_IN_UNITS, forms, year_form, parts)

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Fact | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext:
        """Return a unit's wikitext between its two signs, with its number in :attr:`uses`."""
        self.sources.asked[unit.key] = None
        self.sources.text_of(unit.text, unit.variables)
        self.sources.variables(unit.kept, unit.variables)
        return self._used(unit, values, scope)

    def anchors(self, heading: Unit) -> Sequence[Wikitext]:
        """Return what leads to a heading, in the plan's own language and in the reader's."""
        self.sources.asked[heading.key] = None
        self.sources.text_of(heading.text, heading.variables)
        own = _anchor(heading, heading.text, self._in_targets)
        texts = self._translations(heading).items()
        found = {code: _anchor(heading, text, self.facts) for code, text in texts}
        return tuple(dict.fromkeys((switched("", own, found), own)))

    def _used(
        self, unit: Unit, values: Mapping[str, Fact | Wikitext] | None, scope: str
    ) -> Wikitext:
        check_storable(unit, unit.text)
        self.uses.append(UnitUse(unit, scope))
        variables: Values = {**unit.variables, **(values or {})}
        variables = by_clock(unit.text, variables, self._now, self.sources)
        text = self._source(unit.text.strip(), variables) + self._kept(unit, variables)
        return Wikitext(f"{BEGIN}{len(self.uses) - 1}{MIDDLE}{text}{END}")

    def link_title(self, name: str, link: Link, scope: str = "") -> Wikitext:
        """Return the title of a link that no label has the words for: a unit like any other."""
        unit = Unit(link_key(name), str(formatted(link.title or link.target)), {})
        return self._used(unit, {}, scope)

    def _source(self, text: str, values: Mapping[str, Fact | Wikitext]) -> str:
        """Return a unit's text with ``<tvar>`` for its variables.

        What translators see of it is the text with ``$name``, as in the plan.
        """
        marked = {
            name: f'<tvar name="{on_page(name)}">{self._value(name, text, values[name])}</tvar>'
            for name in variables_in(text)
            if name in values
        }
        parts = []
        end = 0
        for found in VARIABLE.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end()
            dollar = _dollar(text[end : end + 1]) if found[1] == "$" else found[0]
            parts.append(marked.get(found[1], dollar))
        return "".join([*parts, text[end:]])

    def _kept(self, unit: Unit, values: Mapping[str, Fact | Wikitext]) -> str:
        """Return what keeps variables defined that the text lost: nobody sees it.

        A link's is its target, as it was in the text: a page's in ``[[…]]``, an address in ``[…]``.
        """
        found = ((name, values[name]) for name in unit.kept if name in values)
        return "".join(kept_variable(on_page(name), self._alone(value)) for name, value in found)

    def _alone(self, value: Fact | Wikitext) -> str:
        if not isinstance(value, Link):
            return shown(value, self._in_units)
        target = plain(value, self._in_targets)
        return escaping.url(target) if value.url else escaping.title(target)

    def _value(self, name: str, text: str, value: Fact | Wikitext) -> str:
        """Return what a variable stands for in a text, the same at all its places there.

        Translate knows one value for a name: where it is a link's target, that must be it.
        """
        if isinstance(value, Verbatim):
            return value.text
        places = tuple(_before(text, name))
        written = self._written(name, text, value, places)
        tried = (unnamed(written, before, text[len(before) :]) for before in places)
        return next((each for each in tried if each != written), written)

    def _written(self, name: str, text: str, value: Fact | Wikitext, places: Sequence[str]) -> str:
        if any(IN_PAGE_TARGET.search(before) for before in places):
            return escaping.title(plain(value, self._in_targets))
        if any(IN_URL_TARGET.search(before) for before in places):
            return escaping.url(plain(value, self._in_targets))
        if isinstance(value, Number) and any(found[1] == name for found in PLURAL.finditer(text)):
            return f"{{{{formatnum:{value.value}}}}}"  # {{PLURAL:}} reads no <bdi>
        return shown(value, self._in_units)


def _anchor(heading: Unit, text: str, facts: Facts) -> Wikitext:
    """Return a heading's words in one language, without any markup."""
    parts = VARIABLE.split(prose.words_of(text))
    written = [formatted(part) for part in parts]
    for at in range(1, len(parts), 2):
        if value := heading.variables.get(parts[at]):
            written[at] = Wikitext(_TAG.sub("", shown(value, facts)))
    return Wikitext("".join(written))


def _before(text: str, name: str) -> Iterator[str]:
    """Yield what stands before each place of a variable."""
    return (text[: found.start()] for found in VARIABLE.finditer(text) if found[1] == name)


def _dollar(after: str) -> str:
    """Return a dollar sign that cannot be taken for a variable's, whatever stands behind it."""
    return _ENTITY_FOR_DOLLAR if after.isalpha() else "$"


# The text of a section of a translatable page: rendered lines become blocks, units and markers.
#
# The form is the one that marking would give them (``translate.markup.canonical``): marking
# the page then makes no revision. A heading that is one unit, and a paragraph that is one unit,
# stand in blocks with their tags on lines of their own; any other unit has tags around it, in its
# line.


OPENING_TAG = OPENING_TAGS[0]

_UNIT = re.compile(f"{BEGIN}([0-9]+){MIDDLE}([^{BEGIN}{MIDDLE}{END}]*){END}")
_HEADING = re.compile(rf"(={{1,6}})[ \t]*{_UNIT.pattern}[ \t]*\1")
_STRAY = re.compile(f"[{BEGIN}{MIDDLE}{END}{FRAMED}]")
_FRAMED_LINE = re.compile(rf"^(?=.*{BEGIN})", re.MULTILINE)


class _Line(Value):
    """A line of the rendered text, or a unit's several; where a unit is all of it, that one's
    number and text (a heading's with its ``==``).
    """

    text: str
    number: int | None = None
    heading: bool = False


def arrived(text: str) -> Arrived:
    """Return a rendered text with what protects its units where they stand, and what cannot be."""
    return on_translatable_page(text, _UNIT)


def framed(text: str) -> Wikitext:
    """Return wikitext in which units stand so that they stay in their lines."""
    return Wikitext(_FRAMED_LINE.sub(FRAMED, text))


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of the units in a rendered text, in its order."""
    return tuple(int(found[1]) for found in _UNIT.finditer(text))


def laid_out(text: str, ids: Mapping[int, str]) -> str:
    """Return a rendered text with tags and markers; ``ids`` are those of the units by number.

    Raises :class:`ValueError` for what no page could hold.
    """
    lines = [_line(part) for part in _parts(text)]
    pieces = [
        _block(group, ids) if group[0].number is not None else _inline(group[0].text, ids)
        for group in _groups(list(_paragraphs(lines)))
    ]
    whole = "\n".join(pieces)
    if _STRAY.search(whole):
        raise Invalid(
            "unit-inside-unit", "a unit stands inside of another unit; write one text for both"
        )
    return whole


def texts_of(text: str, ids: Sequence[str], title: str) -> tuple[str, ...]:
    """Return the raw texts of the units in a text laid out.

    Raises :class:`ValueError` unless Translate would see the same units, with these ids, and
    marking the page ``title`` would change nothing.
    """
    try:
        page = markup.parse(text)
        again = markup.marked(page, title=title) if page.has_markup else text
    except markup.ParseError as error:
        raise ValueError(f"the page could not be marked for translation: {error}") from error
    if again != text or [unit.id for unit in page.units] != list(ids):
        raise Invalid(
            "template-with-tags",
            "the template has translate tags or markers of its own; remove them",
        )
    return tuple(unit.text for unit in page.units)


def _parts(text: str) -> Iterator[str]:
    """Yield the text's lines; line breaks inside of a unit end none."""
    part = ""
    for line in text.split("\n"):
        part = f"{part}\n{line}" if part else line
        if part.count(BEGIN) <= part.count(END):
            yield part
            part = ""
    if part:
        yield part


def _line(text: str) -> _Line:
    if text.startswith(FRAMED):
        text = text.removeprefix(FRAMED)
        found = _UNIT.fullmatch(text)
        return _Line(found[2], int(found[1])) if found and "\n" in found[2] else _Line(text)
    if found := _HEADING.fullmatch(text):
        level = found[1]
        return _Line(f"{level} {found[3]} {level}", int(found[2]), heading=True)
    found = _UNIT.fullmatch(text)
    return _Line(found[2], int(found[1])) if found else _Line(text)


def _paragraphs(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines; a unit that shares its paragraph with other lines is one of many there,
    unless it has several lines itself.
    """
    edge = _Line("")
    for before, line, after in zip([edge, *lines], lines, [*lines[1:], edge], strict=False):
        alone = all(not other.text or other.heading for other in (before, after))
        if line.number is None or line.heading or alone or "\n" in line.text:
            yield line
        else:
            yield _Line(f"{BEGIN}{line.number}{MIDDLE}{line.text}{END}")


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield single lines, and the headings and paragraphs that one block holds."""
    at = 0
    while at < len(lines):
        group = [lines[at]]
        at += 1
        while group[-1].number is not None and _goes_on(lines[at : at + 2]):
            group.append(lines[at + 1])
            at += 2
        yield group


def _goes_on(following: Sequence[_Line]) -> bool:
    """Return whether a blank line follows, and then another heading or paragraph."""
    return len(following) > 1 and not following[0].text and following[1].number is not None


def _block(lines: Sequence[_Line], ids: Mapping[int, str]) -> str:
    units = [
        markup.canonical(line.text, ids[line.number]) for line in lines if line.number is not None
    ]
    return f"{OPENING_TAG}\n" + "\n\n".join(units) + f"\n{CLOSING_TAG}"


def _inline(text: str, ids: Mapping[int, str]) -> str:
    return _UNIT.sub(lambda found: _inline_unit(found[2], ids[int(found[1])]), text)


def _inline_unit(text: str, id: str) -> str:
    if "\n" in text:
        raise ValueError(f"the unit {id} has several lines and must be a paragraph of its own")
    return f"{OPENING_TAG}{markup.canonical(text, id, inline=True)}{CLOSING_TAG}"


# The ids of a translatable page's units: from their keys alone, or as ``pages.yaml`` has them.
#
# Where a unit stands, what stands around it and what it says never matter: an id that changes
# takes all translations of its unit away (facts 1.7, 6).


MOST_ID_BYTES = 100

_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


def ids_of(page: PageSpec, section: SectionSpec, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of a section's units, in the order of its text.

    Raises :class:`ValueError` for an id that is not possible, or stands twice.
    """
    ids = tuple(id_of(page, section, key) for key in keys)
    for key, id in zip(keys, ids, strict=True):
        if ids.count(id) > 1:
            raise Invalid(
                "unit-stands-twice",
                f"the unit “{key}” stands twice, and a translatable page needs one id for each; "
                "say in the template which item it is said of: {{ item | label(NAME) }}, "
                "{{ NAME | link(of=item) }}",
            )
    return ids


def id_of(page: PageSpec, section: SectionSpec, key: str) -> str:
    """Return the id of the unit with this key in a section.

    A unit of another file than the section's own may stand in several sections of the page, and
    then needs an id in each. Raises :class:`ValueError` for an id that is not possible.
    """
    declared = page.ids.get(f"{section.name}:{key}") or page.ids.get(key)
    if declared:
        return declared
    own = key.startswith(f"{prefix(section.data)}.")
    id = key if own else f"{section.name}.{key}"
    if not _ID.fullmatch(id):
        raise Invalid(
            "impossible-unit-id",
            f"“{id}” is no unit id; use a-z, 0-9, “-” and “.” in the unit's key",
        )
    if len(id) > MOST_ID_BYTES:
        raise Invalid(
            "long-unit-id", f"the unit id “{id}” has {len(id)} bytes; shorten it to {MOST_ID_BYTES}"
        )
    return id


def doubled(ids: Mapping[str, Sequence[str]]) -> Iterator[Message]:
    """Yield words for people about each id that stands in two sections of a page.

    ``ids`` are those of each section by its name.
    """
    first: dict[str, str] = {}
    for section, every in ids.items():
        for id in every:
            if first.setdefault(id, section) != section:
                yield Message(
                    "doubled-unit-id",
                    f"section {section}: the unit id “{id}” is in section {first[id]} too; say "
                    f"under “ids:” in pages.yaml which id the unit has here: “{section}:KEY: ID”",
                )

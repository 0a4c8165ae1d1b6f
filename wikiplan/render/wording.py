"""How units read in one language: which text, with variables filled in and its language marked.

Every unit text that reaches a page comes out of :meth:`Wording.text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import NamedTuple, Protocol

from wikiplan.catalogs import State, Translation
from wikiplan.errors import Fault, Faults, Message
from wikiplan.l10n import YEAR_FORM, Language, Localiser, languages
from wikiplan.plan import (
    Date,
    Fact,
    Link,
    Name,
    NamedUnit,
    NextEvent,
    Number,
    Unit,
    Verbatim,
    link_key,
    variables_in,
)
from wikiplan.render import arrival, escaping
from wikiplan.render.arrival import Arrived, Placed, UnitText, Use
from wikiplan.render.escaping import UNSTORABLE, Wikitext, escape, formatted, title, url
from wikiplan.render.facts import Facts, LocalFacts, element, shown
from wikiplan.render.sources import SourcesRecord
from wikiplan.wikitext import PLURAL, arriving, forms_at, prose

VARIABLE = re.compile(r"\$(\$|[a-z][a-z0-9_]*)")

# What stands before a variable that is a link's target: [[$page, [[:$page, [$url.
IN_PAGE_TARGET = re.compile(r"\[\[[^\[\]|\n]*\Z")
IN_URL_TARGET = re.compile(r"(?<!\[)\[[^\[\]\s]*\Z")


# What stands before a variable in an argument without a name: {{Nowrap|$date.
_IN_ARGUMENT = re.compile(r"\{\{(?!\s*PLURAL\b)[^{}]*\|[^{}|=]*\Z")
_CLOSED_CALL = re.compile(r"\{\{[^{}]*\}\}")


class Translations(Protocol):
    """What this module wants of a catalog."""

    def get(self, unit: Unit) -> Translation: ...


class ChosenText(NamedTuple):
    """The text that stands for a unit, and the language it is written in."""

    text: str
    language: Language
    outdated: bool = False


class StandIn(NamedTuple):
    """What stands for a unit in another language than the page's, once a place."""

    key: str
    language: str
    pieces: tuple[str, ...]

    def also(self, piece: str) -> StandIn:
        return self if piece in self.pieces else self._replace(pieces=(*self.pieces, piece))


FactsOf = Callable[[str], LocalFacts]
"""Returns how a language writes facts, by its code."""


def facts_by_language(
    overrides: Mapping[str, Mapping[str, object]],
    form: Callable[[NamedUnit, str], str] = lambda name, code: name.text,
    year_form: str = "",
) -> FactsOf:
    """Return what knows how languages write facts, with the plan's overrides, each made once.

    ``form`` says how a language writes a name, ``year_form`` how those write fiscal years that have
    no way of their own.
    """

    def facts(code: str) -> LocalFacts:
        localiser = Localiser(code, {YEAR_FORM: year_form, **overrides.get(code, {})})
        return LocalFacts(localiser, lambda name: form(name, code))

    return cache(facts)


Values = Mapping[str, Fact | Wikitext]


def by_clock(text: str, values: Values, now: datetime, sources: SourcesRecord) -> Values:
    """Return the values of a text's variables with those settled that the clock decides."""
    found: dict[str, Fact | Wikitext] = {}
    for name in variables_in(text):
        value = values.get(name)
        if isinstance(value, NextEvent):
            event = value.coming(now)
            found[name] = Date.given(event[0]) if event else value.without
            if event:
                sources.changes_at(event[1])
            elif isinstance(value.without, NamedUnit):
                sources.name(value.without)
    return {**values, **found} if found else values


class Wording:
    """The units of one section of a plain page, in one language.

    ``fallback`` is what an outdated translation gives way to: ``english``, or ``outdated`` for
    nothing. ``inline`` says that the section stands within a line: there are no paragraphs then.
    ``untranslated`` and ``outdated`` collect the keys of units that were asked for and do not read
    as a current translation, ``stand_ins`` what stands there in another language, ``sources`` what
    all of it is made from, ``uses`` the texts by the numbers that go with them. Without ``signs``
    none goes with them, and nobody knows where they stand.
    """

    for_all_languages = False

    def __init__(
        self,
        language: str,
        source_language: str,
        fallback: str,
        catalogs: Mapping[str, Translations],
        facts: FactsOf,
        now: datetime,
        *,
        inline: bool = False,
    ) -> None:
        self.inline = inline
        self._now = now
        self.language = languages.get(language)
        self.source_language = languages.get(source_language)
        self.facts: Facts = facts(language)
        self.sources = SourcesRecord()
        self.untranslated: dict[str, None] = {}
        self.outdated: dict[str, None] = {}
        self.stand_ins: dict[str, StandIn] = {}
        self.uses: list[Use] = []
        self.places: list[Placed] = []
        self.signs = True
        self._fallback = fallback
        self._catalogs = catalogs
        self._facts = facts

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Fact | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext:
        """Return a unit as it stands on the page.

        ``values`` come before the unit's own variables. A ``block`` is a paragraph of its own: in
        another language it becomes a ``<div>``, which also lies on its own side of the page.
        """
        reading = self.reading(unit)
        self._note_sources(unit, reading.text)
        if UNSTORABLE.search(reading.text):
            where = "" if reading.text == unit.text else f" in {reading.language.code}"
            check_storable(unit, reading.text, where)
        variables: Values = {**unit.variables, **values} if values else unit.variables
        variables = by_clock(reading.text, variables, self._now, self.sources)
        filled = shown_text = self._filled(unit, reading, variables)
        if reading.language is not self.language or reading.outdated:
            block = not self.inline and (block or "\n" in filled)
            shown_text = self._marked(reading, filled, block=block)
            if reading.language is not self.language:
                self._note(unit.key, reading.language, shown_text)
        self.uses.append(Use(unit, reading.language.code, filled, shown_text))
        return UnitText.of(shown_text, len(self.uses) - 1) if self.signs else shown_text

    def arrived(self, signed: str) -> Arrived | None:
        """Return a section's text with its texts protected where they stand; see ``arrival``."""
        found = arrival.on_plain_page(signed, self.uses, self._protected)
        for number, text in (found.changed if found else {}).items():
            use = self.uses[number]
            if use.unit.key in self.stand_ins:
                self._note(use.unit.key, languages.get(use.language), Wikitext(text))
        return found

    def _protected(self, sign: str, instead: str) -> str:
        """Return what to write for a sign of a text that would do something where it stands."""
        return instead

    def _note_sources(self, unit: Unit, text: str) -> None:
        self.sources.asked[unit.key] = None
        self.sources.text_of(unit.text, unit.variables)
        if text is not unit.text:
            self.sources.text_of(text, unit.variables)

    def _note(self, key: str, language: Language, shown: Wikitext) -> None:
        """Note what stands for a text in another language."""
        text = self.stand_ins.get(key, StandIn(key, language.code, ()))
        self.stand_ins[key] = text.also(escaping.normalised(shown))

    def reading(self, unit: Unit) -> ChosenText:
        """Return the text to show: this language's, else the nearest other one's, else English."""
        own = self._own_text(unit)
        if own.state is State.OUTDATED:
            self.outdated[unit.key] = None
        elif own.state is not State.TRANSLATED:
            self.untranslated[unit.key] = None
        return self._chosen(unit, own)

    def anchors(self, heading: Unit) -> Sequence[Wikitext]:
        """Return what leads to a heading, here and on the plan's own page, as an attribute has it.

        Nobody reads that, so it counts as no text of the section.
        """
        here = self._chosen(heading, self._own_text(heading))
        every = (here, ChosenText(heading.text, self.source_language))
        for each in every:
            self._note_sources(heading, each.text)
        found = (self._filled(heading, each, heading.variables) for each in every)
        return tuple(dict.fromkeys(formatted(prose.words_of(text)) for text in found))

    def _own_text(self, unit: Unit) -> Translation:
        if self.language is self.source_language:
            return Translation(unit.key, unit.text, State.TRANSLATED)
        if self._own is None:
            return Translation(unit.key, "", State.UNTRANSLATED)
        return self._own.get(unit)

    def _chosen(self, unit: Unit, own: Translation) -> ChosenText:
        if own.state is State.TRANSLATED:
            return ChosenText(own.text, self.language)
        if own.state is State.OUTDATED and self._fallback == "outdated" and _reads_well(unit, own):
            return ChosenText(own.text, self.language, outdated=True)
        return next(self._substitutes(unit))

    def link_title(self, name: str, link: Link, scope: str = "") -> Wikitext:
        """Return the English title of a link that no label has the words for."""
        shown_title = self._in_language(escape(link.title or link.target), self.source_language)
        if self.language is not self.source_language:
            self._note(link_key(name), self.source_language, shown_title)
        return shown_title

    @property
    def shows_other_languages(self) -> bool:
        """Whether a text was asked for that this language has no current translation to show."""
        return bool(self.untranslated) or (bool(self.outdated) and not self.shows_outdated)

    @property
    def shows_outdated(self) -> bool:
        return bool(self.outdated) and self._fallback == "outdated"

    def _substitutes(self, unit: Unit) -> Iterator[ChosenText]:
        for code in self._substituting:
            other = self._catalogs[code].get(unit)
            if other.state is State.TRANSLATED:
                yield ChosenText(other.text, languages.get(code))
        yield ChosenText(unit.text, self.source_language)

    @cached_property
    def _own(self) -> Translations | None:
        return self._catalogs.get(self.language.code)

    @cached_property
    def _substituting(self) -> tuple[str, ...]:
        """The languages with a catalog that stand in for this one, the nearest first."""
        chain = languages.fallback_chain(self.language.code)
        return tuple(code for code in chain if code in self._catalogs)

    def _filled(
        self, unit: Unit, reading: ChosenText, values: Mapping[str, Fact | Wikitext]
    ) -> Wikitext:
        """Return the text with its variables filled in, without a mark of its language."""
        return fill(reading.text.strip(), values, self._of(reading))

    def _of(self, reading: ChosenText) -> LocalFacts:
        return self._facts(reading.language.code)

    def _marked(self, reading: ChosenText, text: Wikitext, *, block: bool) -> Wikitext:
        if reading.outdated:
            return element("div" if block else "span", ' class="mw-translate-fuzzy"', text)
        return self._in_language(text, reading.language, block=block)

    def _in_language(self, text: Wikitext, language: Language, *, block: bool = False) -> Wikitext:
        """Return text with its language marked, where that is not the language of the section."""
        return text if language is self.language else wrapped(text, language, block=block)


def _reads_well(unit: Unit, outdated: Translation) -> bool:
    """Tell whether everything that an outdated translation names is still defined."""
    return all(name in unit.variables for name in variables_in(outdated.text))


def wrapped(text: Wikitext, language: Language, *, block: bool) -> Wikitext:
    """Return text in an element that says its language and direction."""
    attributes = f' lang="{language.bcp47}" dir="{language.direction}"'
    if block:
        return element("div", f'{attributes} class="mw-content-{language.direction}"', text)
    return element("span", attributes, text)


Sign = Callable[[str, str, str], str]
"""Takes a variable's name, how the unit's text writes it, and what stands there for readers (a
value, or a plural form); returns what to write there.
"""


def _unsigned(name: str, written: str, shown: str) -> str:
    return shown


def fill(
    text: str,
    values: Mapping[str, Fact | Wikitext],
    facts: LocalFacts,
    sign: Sign = _unsigned,
) -> Wikitext:
    """Return a unit's text with its plural forms chosen and its ``$variables`` filled in.

    ``$$`` is a dollar; a variable without a value stays as it is, for the checks to report.
    """
    if "$" not in text:
        return Wikitext(text)
    text = _choose_plurals(text, values, facts, sign)
    parts: list[str] = []
    end = 0
    for found in VARIABLE.finditer(text):
        shown_value = _filled(found, values, facts)
        parts += [text[end : found.start()], sign(found[1], found[0], shown_value)]
        end = found.end()
    return Wikitext("".join([*parts, text[end:]]))


def _filled(found: re.Match[str], values: Mapping[str, Fact | Wikitext], facts: Facts) -> str:
    name, before, after = found[1], found.string[: found.start()], found.string[found.end() :]
    if name == "$":
        return "$"
    if name not in values:
        return found[0]
    value = values[name]
    if isinstance(value, Verbatim):
        return value.text
    return unnamed(_written(value, facts, before, after), before, after)


def unnamed(value: str, before: str, after: str) -> str:
    """Return a value so that it gives no name to an argument in which it stands in its text."""
    if "=" in value and "{{" in before and _is_in_argument(before, after):
        return str.replace(value, "=", arriving.EQUALS)  # a Wikitext would escape it
    return value


def _is_in_argument(before: str, after: str) -> bool:
    """Tell whether a call has begun and not ended; what never ends is no call."""
    return bool(
        "}}" in _CLOSED_CALL.sub("", after) and _IN_ARGUMENT.search(_CLOSED_CALL.sub("", before))
    )


def _written(value: Fact | Wikitext, facts: Facts, before: str, after: str) -> str:
    if IN_PAGE_TARGET.search(before):
        return _page_target(value, facts, unlabelled=after.startswith("]]"))
    if IN_URL_TARGET.search(before):
        return url(plain(value, facts))
    return shown(value, facts)


def _page_target(value: Fact | Wikitext, facts: Facts, *, unlabelled: bool) -> str:
    """Return a link's target; a link without a label of its own gets an isolated one."""
    target = plain(value, facts)
    label = facts.isolated(escape(target)) if unlabelled else ""
    return f"{title(target)}|{label}" if label.startswith("<bdi") else title(target)


def plain(value: Fact | Wikitext, facts: Facts) -> str:
    """Return a value as a text without any wikitext."""
    if isinstance(value, Link):
        return value.target
    return value.text if isinstance(value, Name | NamedUnit) else shown(value, facts).striptags()


def _choose_plurals(
    text: str, values: Mapping[str, Fact | Wikitext], facts: LocalFacts, sign: Sign
) -> str:
    """Return the text with each ``{{PLURAL:$n|…}}`` of a number replaced by its form."""
    start = 0
    while found := PLURAL.search(text, start):
        value = values.get(found[1])
        forms, end = forms_at(text, found.end())
        if isinstance(value, Number) and end:
            form = sign(found[1], text[found.start() : end], facts.plural(value.value, forms))
            text = text[: found.start()] + form + text[end:]
            start = found.start()
        else:
            start = found.end()
    return text


def check_storable(unit: Unit, text: str, where: str = "") -> None:
    """Raise :class:`Faults` for a text of the unit that no page can store."""
    if found := UNSTORABLE.search(text):
        wrong = f"the text{where} holds U+{ord(found[0]):04X}, which no page can store"
        message = Message("unstorable-character", wrong, "remove the character")
        raise Faults([Fault(unit.file, unit.line, unit.column, unit.key, message)])

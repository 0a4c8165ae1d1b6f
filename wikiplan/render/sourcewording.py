"""How units stand on a translatable page: in the source language, with their variables marked.

A unit's wikitext goes through the template between three characters that no page can hold; where
they end up tells ``render.sourcetext`` which form the unit takes there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wikiplan.l10n import languages
from wikiplan.l10n.localise import Localiser
from wikiplan.plan.units import Link, Number, Unit, Value, link_key, variables_in
from wikiplan.render import escape
from wikiplan.render.escape import Wikitext, formatted
from wikiplan.render.facts import Facts, LocalFacts, WikiFacts, shown
from wikiplan.render.wording import IN_PAGE_TARGET, IN_URL_TARGET, VARIABLE, check_storable, plain
from wikiplan.translate.tvarnames import on_page
from wikiplan.wikitext.plurals import PLURAL

# Noncharacters: the plan's data cannot hold them (scalars.CONTROL).
BEGIN, MIDDLE, END = "\ufdd0", "\ufdd1", "\ufdd2"

_IN_UNITS = "{{TRANSLATIONLANGUAGE}}"
_ENTITY_FOR_DOLLAR = "&#36;"


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a template asked for a unit. ``scope`` is the item of the plan that it is said
    of, where the unit is of another one: a key without its last part.
    """

    unit: Unit
    scope: str

    @property
    def key(self) -> str:
        return f"{self.scope}.{self.unit.key}" if self.scope else self.unit.key


class SourceWording:
    """The units of one section of a translatable page; ``uses`` are all that were asked for."""

    for_all_languages = True

    def __init__(self, source_language: str) -> None:
        self.language = languages.get(source_language)
        self.facts: Facts = WikiFacts()
        self.uses: list[Use] = []
        self._in_targets = LocalFacts(Localiser(source_language))
        self._in_units = WikiFacts(_IN_UNITS)

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Value | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext:
        """Return a unit's wikitext between its two signs, with its number in :attr:`uses`."""
        check_storable(unit, unit.text)
        self.uses.append(Use(unit, scope))
        text = self._source(unit.text.strip(), {**unit.variables, **(values or {})})
        return Wikitext(f"{BEGIN}{len(self.uses) - 1}{MIDDLE}{text}{END}")

    def link_title(self, name: str, link: Link, scope: str = "") -> Wikitext:
        """Return the title of a link that no label has the words for: a unit like any other."""
        unit = Unit(link_key(name), str(formatted(link.title or link.target)), {})
        return self.text(unit, scope=scope)

    def _source(self, text: str, values: Mapping[str, Value | Wikitext]) -> str:
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

    def _value(self, name: str, text: str, value: Value | Wikitext) -> str:
        """Return what a variable stands for in a text, the same at all its places there.

        Translate knows one value for a name: where it is a link's target, that must be it.
        """
        places = tuple(_before(text, name))
        if any(IN_PAGE_TARGET.search(before) for before in places):
            return escape.title(plain(value, self._in_targets))
        if any(IN_URL_TARGET.search(before) for before in places):
            return escape.url(plain(value, self._in_targets))
        if isinstance(value, Number) and any(found[1] == name for found in PLURAL.finditer(text)):
            return f"{{{{formatnum:{value.value}}}}}"  # {{PLURAL:}} reads no <bdi>
        return shown(value, self._in_units)


def _before(text: str, name: str) -> Iterator[str]:
    """Yield what stands before each place of a variable."""
    return (text[: found.start()] for found in VARIABLE.finditer(text) if found[1] == name)


def _dollar(after: str) -> str:
    """Return a dollar sign that cannot be taken for a variable's, whatever stands behind it."""
    return _ENTITY_FOR_DOLLAR if after.isalpha() else "$"

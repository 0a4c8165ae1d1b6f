"""Sources: what a section was made from, so that one can say when it has to be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from wikiplan.plan import Fact, Link, NamedUnit, NameList, variables_in
from wikiplan.value import Value

LINKS = "links"
"""The stem of the file whose links all units may name."""


class Sources(Value):
    """What a template looked at. Besides this, a section depends on its own entry and page in
    ``pages.yaml``, and on how its language, and those that stand in for it, write facts.

    ``files`` are stems of the plan's files, ``templates`` the names of all that were wanted: of
    one that there was not, too. ``pages`` says that other pages of the plan were asked for.
    ``asked`` are the keys of the units in the text, in its order: their catalogs matter.
    ``counted`` are those of which the section says how many each language has.

    Rendering gives the same from ``now`` until ``until``, which is None where the clock will make
    no difference, and ``now`` itself where the template took it into its own hands.
    """

    files: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    pages: bool = False
    asked: tuple[str, ...] = ()
    until: datetime | None = None
    counted: tuple[str, ...] = ()

    def as_list(self) -> list[Any]:
        """Return all but the time, of what JSON can hold."""
        return [self.files, self.templates, self.pages, self.asked, self.counted]

    @classmethod
    def of_list(cls, values: list[Any]) -> Self:
        files, templates, pages, asked, *later = values
        counted = tuple(later[0]) if later else ()
        return cls(tuple(files), tuple(templates), pages, tuple(asked), counted=counted)


class SourcesRecord:
    """Collects the sources while a section is rendered."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.templates: set[str] = set()
        self.pages = False
        self.asked: dict[str, None] = {}
        self.until: datetime | None = None
        self.counted: dict[str, None] = {}

    def changes_at(self, instant: datetime) -> None:
        """Note that the clock will make a difference then."""
        self.until = min(self.until or instant, instant)

    def counts(self, others: Iterable[Sources]) -> None:
        """Note that it matters how many of the texts of other sections each language has."""
        for each in others:
            self.files |= {*each.files}
            self.templates |= {*each.templates}
            self.pages = self.pages or each.pages
            self.counted |= dict.fromkeys(each.asked)
            if each.until:
                self.changes_at(each.until)

    def text_of(self, text: str, variables: Mapping[str, Fact]) -> None:
        """Note a unit's text, which may name links and names."""
        if "$" in text:
            names = variables_in(text)
            self.variables(names, variables)
            for name in names:
                self.name(variables.get(name))

    def name(self, fact: Fact | None) -> None:
        """Note the names in a fact: their forms are in the catalogs."""
        if isinstance(fact, NamedUnit):
            self.asked[fact.unit] = None
        elif isinstance(fact, NameList):
            self.asked |= {each.unit: None for each in fact.items}

    def variables(self, names: Iterable[str], variables: Mapping[str, Fact]) -> None:
        """Note names of which some may be links, or would be if ``links.yaml`` had them."""
        if LINKS not in self.files and any(
            isinstance(variables.get(name), Link | None) for name in names
        ):
            self.files.add(LINKS)

    def sources(self) -> Sources:
        return Sources(
            tuple(sorted(self.files)),
            tuple(sorted(self.templates)),
            self.pages,
            tuple(self.asked),
            self.until,
            tuple(self.counted),
        )

"""What a page is made of: the values of the plan that its sections show, in the page's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wikiplan.desk.planfiles.places import Blocks, Documents, Place, fixed, record_of
from wikiplan.errors import Fault
from wikiplan.plan import Link, PageSpec, Plan, SectionSpec, items_in, variables_in
from wikiplan.render import PageSection, Renderer
from wikiplan.value import Value, replace
from wikiplan.yaml import Document, KeyPath, Scalar, value_in

LINKS = "links"
WORDS = ("text", "label")
"""The keys whose values are words of a text that is translated."""


class Part(Value):
    """One value of the plan. ``unit`` is the key of the text that it belongs to, if to any.

    ``name`` is what checks call it.
    """

    place: Place
    name: str
    label: str
    value: Scalar
    file: str
    line: int
    unit: str = ""

    @property
    def is_words(self) -> bool:
        """Whether its words are translated."""
        return bool(self.unit) and self.place.path[-1] in WORDS


class Record(Value):
    """Values that say something of the same thing: an event, a team, a link."""

    title: str
    stem: str
    parts: tuple[Part, ...]


class SectionParts(Value):
    """A section of a page, with the records that it shows."""

    name: str
    records: tuple[Record, ...]


class PageParts(Value):
    """What a page is made of; ``others`` are records of its sections' files that it does not show.

    What it does not show today it may show on another day.
    """

    sections: tuple[SectionParts, ...]
    others: tuple[Record, ...]

    def __iter__(self) -> Iterator[Part]:
        shown = (record for section in self.sections for record in section.records)
        return (part for record in (*shown, *self.others) for part in record.parts)


class Reader:
    """Tells what pages are made of, by rendering them."""

    def __init__(self, plan: Plan, renderer: Renderer, documents: Documents) -> None:
        self._plan = plan
        self._renderer = renderer
        self._documents = documents
        self.blocks = Blocks(plan)

    def page(self, page: PageSpec, language: str) -> PageParts:
        """Return what a page is made of, as its readers in a language see it."""
        plain = replace(page.in_language(language), kind="plain")
        shown = {each.name: tuple(self._shown(plain, each, language)) for each in plain.sections}
        every = {place for places in shown.values() for place in places}
        stems = dict.fromkeys(section.data for section in plain.sections)
        others = (place for stem in stems for place in self._records_of(stem))
        return PageParts(
            tuple(SectionParts(name, self._records(places)) for name, places in shown.items()),
            self._records(place for place in others if place not in every),
        )

    def _shown(self, page: PageSpec, section: SectionSpec, language: str) -> Iterator[Place]:
        """Yield the places of the records that a section shows, each once."""
        wanted = PageSection(page, section, language, language)
        asked = self._renderer.section(wanted).sources.asked
        found: dict[Place, None] = dict.fromkeys(self._about(section))
        for key in asked:
            found |= dict.fromkeys(self._said_in(key))
        for record in [*found]:
            found |= dict.fromkeys(self._links_of(record))
        yield from found

    def _about(self, section: SectionSpec) -> Iterator[Place]:
        """Yield the item that a section is about, else what its file says of the whole section."""
        if not section.item:
            yield Place(section.data, ())
        elif path := items_in(self._plan.files.get(section.data)).get(section.item):
            yield Place(section.data, path)

    def _said_in(self, key: str) -> Iterator[Place]:
        """Yield the record with a text, and the links that the text leads to."""
        block = self.blocks.of_unit(key)
        if block:
            yield self._record(block.stem, (*block.path, "text"))
        unit = self._plan.units[key]
        for name in variables_in(unit.text):
            if isinstance(unit.variables.get(name), Link) and name in self._plan.links:
                yield Place(LINKS, (name,))

    def _links_of(self, record: Place) -> Iterator[Place]:
        """Yield the links that a record names, such as where an event can be watched."""
        for part in self.parts(record):
            if record.stem != LINKS and part.value in self._plan.links and part.label != "text":
                yield Place(LINKS, (str(part.value),))

    def _record(self, stem: str, path: KeyPath) -> Place:
        return Place(stem, record_of(self._plan.files[stem], path))

    def _records_of(self, stem: str) -> Iterator[Place]:
        document = self._document(stem)
        if document:
            yield from dict.fromkeys(self._record(stem, path) for path in document.spans)

    def _records(self, places: Iterable[Place]) -> tuple[Record, ...]:
        found = ((place, self.parts(place)) for place in places)
        return tuple(
            Record(self._title(place), place.stem, parts) for place, parts in found if parts
        )

    def parts(self, record: Place) -> tuple[Part, ...]:
        """Return the values of a record, in the order of its file."""
        document = self._document(record.stem)
        if document is None:
            return ()
        own = (p for p in document.spans if record_of(document.data, p) == record.path)
        places = (Place(record.stem, path) for path in own)
        return tuple(self._part(document, place) for place in places if not fixed(place))

    def _part(self, document: Document, place: Place) -> Part:
        record = record_of(document.data, place.path)
        return Part(
            place,
            document.name(place.path),
            label_of(place.path[len(record) :] or place.path),
            value_in(document.data, place.path),
            document.file,
            document.value_at(place.path)[0],
            self.blocks.unit_at(place),
        )

    def _title(self, record: Place) -> str:
        document = self._document(record.stem)
        if not record.path or document is None:
            return record.file
        return title_of(document, record.path)

    def _document(self, stem: str) -> Document | None:
        """Return a file, None for one that the plan does not have: its words come with wikiplan."""
        if stem == LINKS or (self._plan.directory / f"{stem}.yaml").exists():
            return self._documents.get(self._plan, stem)
        return None


def title_of(document: Document, path: KeyPath) -> str:
    """Return what a record is called: its keys, without the words between them."""
    names = [document.name(path[: end + 1]).rpartition(".")[2] for end in range(len(path))]
    is_item = (isinstance(step, int) for step in path)
    items = [name for name, item in zip(names, is_item, strict=True) if item]
    return " › ".join(items or names)


def label_of(path: KeyPath) -> str:
    """Return what a value is called within its record."""
    if path[:1] == ("variables",):
        return f"${path[1]}" + "".join(f" ({step})" for step in path[2:])
    steps = [str(step + 1) if isinstance(step, int) else step for step in path]
    if len(steps) > 1 and steps[-1] == "text":
        steps.pop()
    return " › ".join(steps)


def told_at(parts: Iterable[Part], faults: Iterable[Fault]) -> dict[Place, list[str]]:
    """Return what is told of values: each fault at its own, else at the first of its line."""
    by_name: dict[tuple[str, str], Place] = {}
    by_line: dict[tuple[str, int], Place] = {}
    for part in parts:
        by_name.setdefault((part.file, part.name), part.place)
        by_line.setdefault((part.file, part.line), part.place)
    told: dict[Place, list[str]] = {}
    for fault in faults:
        place = by_name.get((fault.file, fault.key)) or by_line.get((fault.file, fault.line))
        if place:
            told.setdefault(place, []).append(str(fault.message))
    return told

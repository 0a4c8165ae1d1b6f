"""The pages of a plan, one by one: groups, included files and patterns are written out.

An entry with ``pages`` is a group: what else it says holds for each page in it that does not say
otherwise. One with ``include`` is a group whose pages stand in a file of their own. An entry with a
field in its title is a pattern (``plan.patterns``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wikiplan.errors import Fault, Message, did_you_mean
from wikiplan.plan import patterns
from wikiplan.plan.patterns import AllSubjects, Subjects, listed
from wikiplan.value import Value, replace
from wikiplan.yaml import Document, KeyPath, Position, value_in

PAGES = "pages"
_OF_GROUPS = (PAGES, "include")

Layer = tuple[Document, KeyPath]
"""A mapping in a file that has keys of an entry."""


class Origin(Value):
    """Where an entry comes from: the mappings that have its keys, the nearest first.

    ``pattern`` is its title as it is written, if that has fields.
    """

    layers: tuple[Layer, ...]
    pattern: str = ""
    subjects: Subjects = ()

    @property
    def written(self) -> Layer:
        """Where the entry itself stands."""
        return self.layers[0]

    def has(self, key: object) -> Layer:
        """Return the mapping that says a key of the entry."""
        for document, place in self.layers:
            if isinstance(here := value_in(document.data, place), dict) and key in here:
                return document, place
        return self.written


@dataclass(slots=True)
class PageList(Document):
    """``pages.yaml`` as if each page had an entry of its own: places are in that.

    Faults are told where a person can mend them, with what a pattern made of itself there.
    ``faults`` are those of patterns of which no page comes, ``included`` are the stems of files.
    """

    raw: Document = field(default_factory=lambda: Document(""))
    origins: list[Origin] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    included: set[str] = field(default_factory=set)
    patterns: list[Origin] = field(default_factory=list)
    _mistakes: dict[Fault, tuple[Any, ...]] = field(default_factory=dict)

    def key_at(self, place: KeyPath) -> Position:
        document, real, _ = self.real(place)
        return document.key_at(real)

    def value_at(self, place: KeyPath) -> Position:
        document, real, _ = self.real(place)
        return document.value_at(real)

    def name(self, place: KeyPath) -> str:
        document, real, subjects = self.real(place)
        said = ", ".join(map(str, subjects))
        return f"{document.name(real)} ({said})" if said else document.name(real)

    def fault(self, place: KeyPath, message: Message, *, key: bool = False) -> Fault:
        document, real, subjects = self.real(place)
        fault = document.fault(real, message, key=key)
        if not subjects:
            return fault
        words = str(message)
        for each in subjects:
            words = words.replace(each.shown, "{}").replace(each.key, "{}")
        own = replace(fault, key=self.name(place))
        self._mistakes[own] = (fault.line, fault.column, fault.file, words)
        return own

    def few(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Yield faults, but one for each mistake in a pattern, however many pages have it."""
        found: dict[Any, list[Fault]] = {}
        for fault in dict.fromkeys(faults):
            mistake = self._mistakes.get(replace(fault, warning=False), fault)
            found.setdefault(mistake, []).append(fault)
        for first, *others in found.values():
            more = f"{first.key[:-1]}, and {len(others)} more)"
            yield replace(first, key=more) if others else first

    def line(self, place: KeyPath, seen_from: KeyPath) -> str:
        """Return in words on which line a place is, for a message about another one."""
        document, real, subjects = self.real(place)
        told = f"line {document.value_at(real)[0]}"
        if document.file != self.real(seen_from)[0].file:
            told += f" of {document.file}"
        return f"{told} ({', '.join(map(str, subjects))})" if subjects else told

    def real(self, place: KeyPath) -> tuple[Document, KeyPath, Subjects]:
        """Return the file and the place in it that a place of the list is made from."""
        if len(place) < 2 or place[0] != PAGES or not self.origins:
            return self.raw, place, ()
        origin = self.origins[int(place[1])]
        document, at = origin.has(place[2]) if len(place) > 2 else origin.written
        return document, (*at, *place[2:]), origin.subjects


def page_list(documents: Mapping[str, Document], *, fill: bool = True) -> PageList | None:
    """Return the pages that ``pages.yaml`` and what it includes stand for, None without it.

    Not to ``fill`` patterns leaves them as they are: that takes all of the plan's data.
    """
    raw = documents.get(PAGES)
    if raw is None or not isinstance(raw.data, dict):
        return None
    found = PageList(raw.file, raw.data, raw=raw)
    pages = list(_WritingOut(documents, found, fill=fill).pages())
    found.origins = [origin for _, origin in pages]
    found.data = {**raw.data, PAGES: [entry for entry, _ in pages]}
    return found


class _WritingOut:
    """Makes an entry of each page; what is wrong with patterns becomes faults of the list."""

    def __init__(self, documents: Mapping[str, Document], made: PageList, *, fill: bool) -> None:
        self._documents = documents
        self._made = made
        self._fill = fill
        years = made.data.get("fiscal-year")
        form = years.get("written") if isinstance(years, dict) else ""
        data = {stem: document.data for stem, document in documents.items()}
        self._subjects = AllSubjects(data, form if isinstance(form, str) else "")

    def pages(self) -> Iterator[tuple[Any, Origin]]:
        return self._below(self._made.raw, (PAGES,), {}, ())

    def _below(
        self, document: Document, place: KeyPath, usual: Mapping[str, Any], above: tuple[Layer, ...]
    ) -> Iterator[tuple[Any, Origin]]:
        entries = value_in(document.data, place)
        for at, own in enumerate(entries if isinstance(entries, list) else ()):
            layers = ((document, (*place, at)), *above)
            if not isinstance(own, dict):
                yield own, Origin(layers)
                continue
            entry = {**usual, **own} if usual else own
            if any(key in own for key in _OF_GROUPS):
                yield from self._group(entry, own, layers)
            elif self._fill and patterns.fields_in(entry.get("title")):
                yield from self._pattern(entry, layers)
            else:
                yield entry, Origin(layers)

    def _group(
        self, entry: Mapping[str, Any], own: Mapping[str, Any], layers: tuple[Layer, ...]
    ) -> Iterator[tuple[Any, Origin]]:
        document, place = layers[0]
        usual = {key: value for key, value in entry.items() if key not in _OF_GROUPS}
        yield from self._below(document, (*place, PAGES), usual, layers)
        stem = own.get("include")
        included = self._documents.get(stem) if isinstance(stem, str) else None
        if included and document is self._made.raw and stem not in self._made.included:
            self._made.included.add(str(stem))
            yield from self._below(included, (PAGES,), usual, layers)

    def _pattern(
        self, entry: dict[str, Any], layers: tuple[Layer, ...]
    ) -> Iterator[tuple[Any, Origin]]:
        title = entry["title"]
        origin = Origin(layers, title)
        self._made.patterns.append(origin)
        names = patterns.fields_in(title)
        try:
            own = _texts(entry.get("each"))
            every = [self._subjects.of(name, own) for name in names]
        except ValueError as error:
            self._tell(origin, "title", Message.of(error))
            return
        left_out = {str(each): number for number, each in enumerate(listed(entry.get("except")))}
        keys = set()
        for subjects in patterns.combined(every):
            here = {each.key for each in subjects}
            keys |= here
            if here.isdisjoint(left_out):
                try:
                    filled = patterns.filled_entry(entry, subjects)
                except ValueError as error:
                    self._tell(origin, "title", Message.of(error))
                    return
                yield filled, replace(origin, subjects=subjects)
        if not keys:
            what = " and ".join(f"{{{name}}}" for name in names)
            wrong = f"the data have nothing for {what}, so no page comes of this"
            message = Message("pattern-without-pages", wrong, "add it there")
            self._tell(origin, "title", message, warning=True)
        for key in [each for each in left_out if each not in keys and keys]:
            hint = did_you_mean(key, keys) or "take it out here"
            wrong = f"there is no “{key}” that could be left out"
            message = Message("nothing-to-leave-out", wrong, hint)
            self._tell(origin, "except", message, left_out[key], warning=True)

    def _tell(
        self, origin: Origin, key: str, message: Message, *below: int, warning: bool = False
    ) -> None:
        document, place = origin.has(key)
        fault = document.fault((*place, key, *below), message)
        self._made.faults.append(replace(fault, warning=warning))


def _texts(value: Any) -> dict[str, str]:
    """Return a mapping of texts, without what is none."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: text for key, text in pairs if isinstance(text, str)}

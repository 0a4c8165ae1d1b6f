"""A YAML file's data with the position of every key and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from wikiplan.errors import Fault, Message
from wikiplan.value import Value

KeyPath = tuple[str | int, ...]
"""Where a value stands in a file: the keys and list indexes that lead to it."""

Position = tuple[int, int]
"""Line and column, both from 1."""


class ScalarSpan(Value):
    """A scalar at ``text[start:stop]`` of the file without its byte order mark.

    ``style`` is ``>``, ``|``, a quote or empty. A folded or literal text begins with its sign and
    ends behind the blank lines that follow it.
    """

    start: int
    stop: int
    style: str


@dataclass(slots=True)
class Document:
    """One file's data; ``keys`` and ``values`` say where the key and the value of a place stand,
    ``spans`` where the values begin and end that are no lists or mappings. ``folded`` are the
    places of texts with a blank line of which YAML makes a mere line break. ``digest`` is of the
    file's bytes.
    """

    file: str
    data: Any = None
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    values: dict[KeyPath, Position] = field(default_factory=dict)
    spans: dict[KeyPath, ScalarSpan] = field(default_factory=dict)
    folded: set[KeyPath] = field(default_factory=set)
    digest: str = ""
    _marks: str = ""

    @classmethod
    def of_kept(cls, file: str, digest: str, kept: Mapping[str, Any]) -> Self:
        """Return the document that :meth:`to_keep` was made of, without its spans."""
        folded = {tuple(place) for place in kept["folded"]}
        return cls(file, kept["data"], folded=folded, digest=digest, _marks=kept["marks"])

    def to_keep(self) -> Mapping[str, Any]:
        """Return a document without faults as JSON: data, and positions in the data's order."""
        marks: list[int] = []
        for place in places_in(self.data):
            marks += self.values[place]
            marks += self.keys[place] if _is_of_key(place) else ()
        folded = [list(place) for place in self.folded]
        return {"data": self.data, "marks": " ".join(map(str, marks)), "folded": folded}

    def _read_marks(self) -> None:
        """Take the positions out of what was kept, when the first one is asked for."""
        numbers = map(int, self._marks.split())
        self._marks = ""
        for place in places_in(self.data):
            self.values[place] = next(numbers), next(numbers)
            if _is_of_key(place):
                self.keys[place] = next(numbers), next(numbers)

    def key_at(self, place: KeyPath) -> Position:
        """Return the position of a key, or of the item when the place is one of a list."""
        if self._marks:
            self._read_marks()
        return self.keys.get(place) or self.value_at(place)

    def value_at(self, place: KeyPath) -> Position:
        """Return the position of a value, or of the nearest one around it that is in the file."""
        if self._marks:
            self._read_marks()
        while place and place not in self.values:
            place = place[:-1]
        return self.values.get(place, (1, 1))

    def fault(self, place: KeyPath, message: Message, *, key: bool = False) -> Fault:
        """Return the fault of a value, or with ``key`` of its key; the message has its advice."""
        line, column = self.key_at(place) if key else self.value_at(place)
        return Fault(self.file, line, column, self.name(place), message)

    def items(self, place: KeyPath) -> Iterator[KeyPath]:
        """Yield the places of a list's items, none where there is no list."""
        found = value_in(self.data, place)
        for index in range(len(found) if isinstance(found, list) else 0):
            yield (*place, index)

    def name(self, place: KeyPath) -> str:
        """Return a place in words: list items by their ``key``, else by their number from 1."""
        words = (_word(self.data, place[: end + 1]) for end in range(len(place)))
        return ".".join(words)


def _is_of_key(place: KeyPath) -> bool:
    return bool(place) and isinstance(place[-1], str)


def _word(data: Any, place: KeyPath) -> str:
    step = place[-1]
    if isinstance(step, str):
        return step
    item = value_in(data, place)
    key = item.get("key") if isinstance(item, dict) else None
    return key if key and isinstance(key, str) else str(step + 1)


def value_in(data: Any, place: KeyPath) -> Any:
    """Return the value at a place, None where the data have no such place."""
    for step in place:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def places_in(data: Any) -> Iterator[KeyPath]:
    """Yield every place of a file's data, in the file's order."""
    return (place for place, _ in values_in(data))


def values_in(data: Any, place: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every place of a file's data with what stands there, in the file's order."""
    yield place, data
    steps = data.items() if isinstance(data, dict) else ()
    for step, value in enumerate(data) if isinstance(data, list) else steps:
        if isinstance(value, dict | list):
            yield from values_in(value, (*place, step))
        else:
            yield (*place, step), value

"""Places of values in the plan's files, as the desk's addresses name them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from wikiplan import files
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan import Plan, blocks_in, kinds, prefix
from wikiplan.value import Value, replace
from wikiplan.yaml import Document, KeyPath, Scalar, shared, value_in

MOST_DIGITS = 10
"""Of the number of an item in an address; no file has so many."""


class Place(Value):
    """Where a value stands: in the file ``stem`` + ``.yaml`` of the plan, at ``path`` there."""

    stem: str
    path: KeyPath

    @classmethod
    def of(cls, words: str, data: Any) -> Self:
        """Return the place that :attr:`address` named; ``data`` are those of its file.

        There may be nothing there, or nothing yet: a number is a key in a mapping alone.
        """
        stem, _, rest = words.partition(":")
        path: KeyPath = ()
        for step in rest.split("/") if rest else ():
            step = step.replace("~1", "/").replace("~0", "~")
            is_number = step.isascii() and step.isdecimal() and len(step) < MOST_DIGITS
            in_list = is_number and not isinstance(value_in(data, path), dict)
            path = (*path, int(step) if in_list else step)
        return cls(stem, path)

    @property
    def address(self) -> str:
        """The place in one word, a JSON pointer behind the file's name."""
        steps = (str(step).replace("~", "~0").replace("/", "~1") for step in self.path)
        return f"{self.stem}:{'/'.join(steps)}"

    @property
    def file(self) -> str:
        """The file's path below the plan's folder."""
        return f"{self.stem}.yaml"


def check_file(plan: Plan, stem: str) -> None:
    """Raise :class:`WikiplanError` where the plan has no such file."""
    if stem not in plan.files:
        raise WikiplanError(
            "no-file-to-edit", f"the plan has no file {stem}.yaml; go back to the plan"
        )


class Documents:
    """The plan's files with the place of each value; one is read again where it is another."""

    def __init__(self) -> None:
        self._read: dict[Path, tuple[str, Document]] = {}

    def get(self, plan: Plan, stem: str) -> Document:
        """Return a file of the plan. Raises :class:`WikiplanError` where there is none."""
        check_file(plan, stem)
        path = plan.directory / f"{stem}.yaml"
        data = files.read_if_there(path) or b""
        digest = sha256(data).hexdigest()
        if path not in self._read or self._read[path][0] != digest:
            self._read[path] = digest, document_of(data, files.shown(path))
        return self._read[path][1]


def document_of(data: bytes, file: str) -> Document:
    """Return what a file's bytes say, for who changes nothing of it. Raises :class:`Faults`."""
    document, faults = shared(files.decode(file, data).removeprefix("\ufeff"))
    if document is None:
        raise Faults(replace(each, file=file) for each in faults)
    return dataclasses.replace(document, file=file)


def scalar_at(document: Document, place: Place) -> Scalar:
    """Return the value at a place. Raises :class:`WikiplanError` where there is none."""
    value = value_in(document.data, place.path)
    if place.path not in document.spans or value is None:
        raise WikiplanError(
            "no-such-place",
            f"{place.file} has no value at {document.name(place.path)} any more; "
            "go back to the page, and choose again",
        )
    found: Scalar = value
    return found


def record_of(data: Any, path: KeyPath) -> KeyPath:
    """Return the place of what a value says something of: an item of a list, or an entry."""
    for size in range(len(path) - 1, 0, -1):
        if isinstance(path[size - 1], int) and isinstance(value_in(data, path[:size]), dict):
            return path[:size]
    return path[:1] if len(path) > 1 else ()


def fixed(place: Place) -> str:
    """Return why a value cannot be changed by itself, empty if it can."""
    if place.path[-1] in ("key", kinds.file_kind(place.stem).named_by):
        return "It is a name that other things go by: wikiplan move changes it everywhere."
    return ""


class Blocks:
    """Where the texts of a plan stand: the file, and the place of the mapping with the text."""

    def __init__(self, plan: Plan) -> None:
        self._files = plan.files
        self._places: dict[str, dict[str, Place]] = {}
        """By unit, those of the files whose units were asked for."""

    def of_unit(self, key: str) -> Place | None:
        """Return the place of a unit's mapping, None for one that no file of the plan has."""
        start = key.partition(".")[0]
        if start not in self._places:
            own = [each for each in self._files.items() if prefix(each[0]) == start]
            self._places[start] = dict(place for each in own for place in _blocks(*each))
        return self._places[start].get(key)

    def unit_at(self, place: Place) -> str:
        """Return the key of the unit that has a value, empty where that is none's."""
        around = Place(place.stem, place.path[:-1])
        unit = value_in(self._files.get(around.stem), (*around.path, "unit"))
        return unit if isinstance(unit, str) and self.of_unit(unit) == around else ""


def _blocks(stem: str, data: Any) -> Iterator[tuple[str, Place]]:
    for block in blocks_in(data):
        if unit := block.data.get("unit"):
            yield unit, Place(stem, block.path)

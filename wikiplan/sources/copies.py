"""The last good copy: a file of the plan with what a source gives, and what that changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from wikiplan import files
from wikiplan.errors import Faults
from wikiplan.files import FileChange
from wikiplan.sources.sourcelist import Source
from wikiplan.sources.tables import Row, SourceError, plain, value_of
from wikiplan.value import Value, field
from wikiplan.yaml import (
    Document,
    KeyPath,
    places_in,
    value_in,
    values_in,
    with_entry,
    without,
    yamlfile,
    yamltext,
)

KEY = "key"
HEAD = "plan_fetch writes this file, from where sources.yaml says; change it there."

Items = list[Any] | dict[str, Any]


class Copy(Value, dict=True):
    """What a file of the plan becomes. ``rows`` are the numbers of the source's rows by place."""

    source: Source
    change: FileChange
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    rows: Mapping[KeyPath, int] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        return self.before == self.after

    @property
    def digest(self) -> str:
        return _digest(self.source, self.after)

    @cached_property
    def gone(self) -> Mapping[str, KeyPath]:
        """What vanishes, by its name and with its place: rows, and what other rows lose."""
        document, stays = Document("", self.before), _names(self.after)
        vanished: set[KeyPath] = set()
        outermost: dict[str, KeyPath] = {}
        for place in places_in(self.before):
            name = document.name(place)
            if name not in stays:
                vanished.add(place)
                outermost |= {} if place[:-1] in vanished else {name: place}
        return outermost

    @property
    def is_much(self) -> bool:
        """Whether more rows vanish, or lose something, than nobody has to be asked about."""
        gone = set(self.gone.values())
        around = {place[:end] for place in gone for end in range(len(place) + 1)}
        rows = [place for place, value in values_in(self.before) if self._is_row(place, value)]
        hit = [
            place
            for place in rows
            if place in around or any(place[:end] in gone for end in range(len(place)))
        ]
        return 100 * len(hit) > self.source.most_gone * len(rows)

    def _is_row(self, place: KeyPath, value: Any) -> bool:
        lists = self.source.lists[:1]
        is_item = len(place) == 1 or isinstance(place[-1], int) if place else False
        is_own = not lists or place[:1] == lists
        return is_item and is_own and isinstance(value, dict)

    def rows_by_line(self, document: Document) -> dict[int, int]:
        """Return the numbers of the source's rows by the lines that they fill in the file."""
        found: dict[int, int] = {}
        for place in places_in(document.data):
            ends = range(len(place), 0, -1)
            row = next((self.rows[place[:end]] for end in ends if place[:end] in self.rows), 0)
            if row:
                found[document.value_at(place)[0]] = row
                found[document.key_at(place)[0]] = row
        return found


def _names(data: Any) -> set[str]:
    document = Document("", data)
    return {document.name(place) for place in places_in(data)}


def digest_of(source: Source, path: Path) -> str:
    """Return a digest of what of the plan's file comes from its source, empty without a file."""
    return _digest(source, _read(path)) if path.exists() else ""


def _digest(source: Source, data: Mapping[str, Any]) -> str:
    owned = json.dumps(_owned(source, data), sort_keys=True)
    return hashlib.sha256(owned.encode()).hexdigest()


def _owned(source: Source, data: Mapping[str, Any]) -> Any:
    """Return what of a file comes from its source."""
    of_source = data.get(source.lists[0], []) if source.lists else data
    return _cells(source, 0, of_source) if source.columns else of_source


def _cells(source: Source, level: int, items: Any) -> list[Any]:
    """Return the fields of items that have columns, and those of the items in them."""
    fields = [tuple(name.split(".")) for name, _ in source.fields_of(level)]
    if isinstance(items, dict):
        items = [{KEY: key, **item} for key, item in items.items() if isinstance(item, dict)]
    inner = source.lists[level + 1] if level + 1 < len(source.lists) else ""
    return [
        [
            [value_in(item, each) for each in fields],
            _cells(source, level + 1, value_in(item, (inner,))) if inner else [],
        ]
        for item in (items if isinstance(items, list) else ())
    ]


def copy_of(source: Source, path: Path, content: Sequence[Row] | Any) -> Copy:
    """Return the file with what its source gives: rows where it has columns, else JSON.

    What no column fills stays as the file has it. Raises :class:`SourceError`, :class:`Faults` for
    a file that is damaged.
    """
    raw = files.read_if_there(path)
    before = _read(path) if raw is not None else {}
    filling = _Filling(source)
    given = filling.items(0, content, before) if source.columns else _given(source, content)
    if not given:
        told = "it has no rows; to have none, take the source out of sources.yaml"
        raise SourceError("source-without-rows", told)
    after = {**before, source.lists[0]: given} if source.lists else dict(given)
    if raw is None:
        data = yamltext.dumped(after, HEAD).encode()
    elif before == after:
        data = raw
    else:
        data = _written(raw, before, after, path)
    return Copy(source, FileChange(path, raw, data), before, after, filling.rows)


def _read(path: Path) -> dict[str, Any]:
    document, faults = yamlfile.read(path, files.shown(path))
    if document is None:
        raise Faults(faults)
    return dict(document.data) if isinstance(document.data, dict) else {}


def _given(source: Source, content: Any) -> Items:
    found = plain(content)
    if isinstance(found, list if source.lists else dict):
        return found
    wanted = "a list" if source.lists else "an object"
    told = f"it holds no {wanted.partition(' ')[2]}; write {wanted}, or name columns"
    raise SourceError("other-json", told)


def _written(raw: bytes, before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> bytes:
    """Return the file's bytes; entries that stay the same keep theirs, with their comments."""
    data = raw
    try:
        for name, value in after.items():
            if name not in before or before[name] != value:
                data = with_entry(data, name, value)
        if gone := [(name,) for name in before if name not in after]:
            data = without(data, gone)
    except ValueError as error:
        told = f"{files.shown(path)}: {error}; give each entry of the file lines of its own"
        raise SourceError("unwritable-copy", told) from error
    return data


class _Filling:
    """Makes the items of lists of rows, and notes which row each comes from."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.rows: dict[KeyPath, int] = {}

    def items(self, level: int, rows: Sequence[Row], before: Any, place: KeyPath = ()) -> Items:
        """Return the items of a list; ``before`` is what it is in, ``place`` where that stands."""
        lists = self._source.lists
        old = _by_key(before.get(lists[level], ()) if lists else before)
        place = (*place, lists[level]) if lists else place
        fields = list(self._source.fields_of(level))
        made: dict[str, Any] = {}
        for at, (key, group) in enumerate(self._groups(level, rows).items()):
            here = (*place, at if lists else key)
            self.rows[here] = group[0].number
            item = _filled(old.get(key, {}), {n: value_of(group[0], c) for n, c in fields})
            if level + 1 < len(lists):
                item[lists[level + 1]] = self.items(level + 1, group, item, here)
            made[key] = item
        if lists:
            return [{KEY: key, **item} for key, item in made.items()]
        return made

    def _groups(self, level: int, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """Return the rows of each item by its key; of outer lists a blank means the key above."""
        column = dict(self._source.fields_of(level))[KEY]
        innermost = level + 1 >= len(self._source.lists)
        groups: dict[str, list[Row]] = {}
        key = ""
        for row in rows:
            said = value_of(row, column)
            if said is None and (innermost or not key):
                told = f"row {row.number} has no “{column.name}”; write a key there"
                raise SourceError("row-without-key", told)
            key = str(said) if said is not None else key
            if innermost and key in groups:
                first = groups[key][0].number
                told = f"row {row.number} has the key “{key}”, as row {first}; change it"
                raise SourceError("doubled-row", told)
            groups.setdefault(key, []).append(row)
        return groups


def _by_key(items: Any) -> Mapping[str, Any]:
    if isinstance(items, dict):
        return {key: item for key, item in items.items() if isinstance(item, dict)}
    every = items if isinstance(items, list) else ()
    return {str(item.get(KEY)): item for item in every if isinstance(item, dict)}


def _filled(old: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with other values; a field of which no cell is left goes with all it had."""
    item = {name: value for name, value in old.items() if name != KEY}
    for first in dict.fromkeys(name.partition(".")[0] for name in values if name != KEY):
        own = {name: value for name, value in values.items() if name.partition(".")[0] == first}
        if all(value is None for value in own.values()):
            item.pop(first, None)
        elif first in own:
            item[first] = own[first]
        else:
            inner = {name.partition(".")[2]: value for name, value in own.items()}
            there = item.get(first)
            item[first] = _filled(there if isinstance(there, dict) else {}, inner)
    return item

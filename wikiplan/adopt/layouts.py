"""Layouts: the lines that a section kind's template writes, with names for what varies in them.

A layout is read from a section as it stands, in each language by itself; languages whose lines are
others are left out. What a name stands for is then a text, a fact or a word of the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from wikiplan.value import Value

_NAME = re.compile(r"\{(\w+)\}")
_NOTE = re.compile(r"''[^'].*[^']''")


class Line(Value):
    """A line: ``{name}`` stands for what varies, ``{_}`` for what is of no interest."""

    written: str


class Maybe(Value):
    """Lines that may be there."""

    parts: tuple[Part, ...]


class Each(Value):
    """Lines that are there for each of some items, none or more."""

    name: str
    parts: tuple[Part, ...]


class Either(Value):
    """The first that fits."""

    choices: tuple[tuple[Part, ...], ...]


Part = Line | Maybe | Each | Either
Layout = tuple[Part, ...]


@dataclass(slots=True)
class Found:
    """What the names of a layout stand for in one language, and the items within it."""

    values: dict[str, str] = field(default_factory=dict)
    items: dict[str, list[Found]] = field(default_factory=dict)


class Told:
    """What names stand for in all languages that have them; ``source`` is the first language."""

    def __init__(self, source: str, found: Mapping[str, Found]) -> None:
        self._source = source
        self._found = found

    def __contains__(self, name: str) -> bool:
        return name in self._found[self._source].values

    def texts(self, name: str) -> dict[str, str]:
        """Return what a name stands for by language, the source first."""
        every = {code: found.values.get(name, "") for code, found in self._found.items()}
        return {code: text for code, text in every.items() if text}

    def source(self, name: str) -> str:
        return self._found[self._source].values.get(name, "")

    def has_list(self, name: str) -> bool:
        """Whether items were looked for; they are not where what they stand in is left out."""
        return name in self._found[self._source].items

    def each(self, name: str) -> Iterator[Told]:
        """Yield the items of a name; languages with another number of them are left out."""
        count = len(self._found[self._source].items.get(name, ()))
        same = {
            c: f.items.get(name, [])
            for c, f in self._found.items()
            if len(f.items.get(name, ())) == count
        }
        for number in range(count):
            yield Told(self._source, {code: items[number] for code, items in same.items()})


def read(
    layout: Layout, texts: Mapping[str, str], source: str
) -> tuple[Told, tuple[str, ...]] | None:
    """Return what a layout says in all languages, and those in which the lines are others.

    None if they are so in the source language.
    """
    found = {code: _whole(layout, text, note=code != source) for code, text in texts.items()}
    if found.get(source) is None:
        return None
    read_ = {code: each for code, each in found.items() if each is not None}
    return Told(source, read_), tuple(code for code in found if code not in read_)


def _whole(layout: Layout, text: str, *, note: bool) -> Found | None:
    """Return what a layout says in one language; with ``note`` a line on its state may follow."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if note and lines and _NOTE.fullmatch(lines[-1]):
        lines.pop()
    found = Found()
    return found if _read(layout, lines, 0, found) == len(lines) else None


def _read(parts: Sequence[Part], lines: Sequence[str], at: int, found: Found) -> int:
    """Return the line behind the parts, -1 where they are not there."""
    for part in parts:
        at = _read_part(part, lines, at, found)
        if at < 0:
            break
    return at


def _read_part(part: Part, lines: Sequence[str], at: int, found: Found) -> int:
    match part:
        case Line():
            fits = _pattern(part.written).fullmatch(lines[at]) if at < len(lines) else None
            found.values |= fits.groupdict() if fits else {}
            return at + 1 if fits else -1
        case Maybe():
            return _tried((part.parts,), lines, at, found, otherwise=at)
        case Either():
            return _tried(part.choices, lines, at, found, otherwise=-1)
        case Each():
            items = found.items.setdefault(part.name, [])
            while (after := _read(part.parts, lines, at, item := Found())) > at:
                items.append(item)
                at = after
            return at


def _tried(
    choices: Sequence[Sequence[Part]],
    lines: Sequence[str],
    at: int,
    found: Found,
    *,
    otherwise: int,
) -> int:
    for parts in choices:
        inner = Found()
        after = _read(parts, lines, at, inner)
        if after >= 0:
            found.values |= inner.values
            found.items |= inner.items
            return after
    return otherwise


@cache
def _pattern(written: str) -> re.Pattern[str]:
    pieces = _NAME.split(written)
    named = (".*?" if name == "_" else f"(?P<{name}>.+?)" for name in pieces[1::2])
    return re.compile(
        "".join(
            part
            for pair in zip(map(re.escape, pieces[::2]), [*named, ""], strict=True)
            for part in pair
        )
    )

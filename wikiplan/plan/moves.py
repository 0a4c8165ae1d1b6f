"""What the plan calls otherwise than it did: the entries of ``moved`` in ``pages.yaml``.

The wiki still has the old names: in markers, in titles. A move is told once, from the old name to
the new one; what was moved twice is followed through both entries, in whatever order they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wikiplan.plan.kinds import FILE_KINDS, kind_of
from wikiplan.plan.units import prefix
from wikiplan.value import Value

UNIT, FILE, TEAM, PERSON, SECTION, PAGE, LANGUAGE = MOVABLE = (
    "unit", "file", "team", "person", "section", "page", "language",
)  # fmt: skip
"""What can be moved, as ``pages.yaml`` and the command line call it."""

TO = "to"
"""The key of a move's new name."""

_OF_TEAMS = tuple(f"{kind}-" for kind, each in FILE_KINDS.items() if each.of_teams)
"""How the keys begin whose second part is a team's."""

_DEPARTMENT, _PEOPLE = "department", "people"


class Move(Value):
    """One entry: what kind of thing got another name, and its names ``before`` and ``after``."""

    kind: str
    before: str
    after: str

    @property
    def back(self) -> Move:
        return Move(self.kind, self.after, self.before)

    def __str__(self) -> str:
        return f"{self.kind}:{self.before} → {self.kind}:{self.after}"

    def renamed(self, kind: str, name: str) -> str:
        """Return what something is called after the move, ``name`` if it is about another thing.

        A unit's key is also moved with its file, its team or person, or the item that it is of;
        a page with the one that it stands below, a link to it with or without a heading.
        """
        if kind == UNIT:
            return self._renamed_key(name)
        if kind != self.kind:
            return name
        below = "/#" if kind == PAGE else ""
        return _with_start(name, self.before, self.after, below)

    def _renamed_key(self, key: str) -> str:
        if self.kind == UNIT:
            return _with_start(key, self.before, self.after, ".")
        file, dot, rest = key.partition(".")
        if self.kind == FILE and file == prefix(self.before):
            return f"{prefix(self.after)}{dot}{rest}"
        if self.kind == TEAM and (file == _DEPARTMENT or file.startswith(_OF_TEAMS)):
            return f"{file}{dot}{_with_start(rest, self.before, self.after, '.')}"
        if self.kind == PERSON and file == _PEOPLE:
            return f"{file}{dot}{_with_start(rest, self.before, self.after, '.')}"
        return key


def _with_start(name: str, before: str, after: str, below: str) -> str:
    """Return a name that is ``before``, or goes on with a sign of ``below``, with ``after``."""
    rest = name[len(before) :]
    return after + rest if name.startswith(before) and rest[:1] in below else name


class Moves(Value):
    """All entries of a plan."""

    entries: tuple[Move, ...] = ()

    @classmethod
    def of(cls, raw: Iterable[Mapping[str, Any]]) -> Moves:
        """Return the moves of ``pages.yaml``; entries of a wrong shape have faults of their own."""
        found = (move_of(entry) for entry in raw if isinstance(entry, dict))
        return cls(tuple(move for move in found if move))

    def latest(self, kind: str, name: str) -> str:
        """Return what something is called now that was called ``name``."""
        return [name, *_steps(self.entries, kind, name)][-1]

    def former(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the names that something had, the newest first."""
        return tuple(_steps((each.back for each in self.entries), kind, name))


def move_of(entry: Mapping[str, Any]) -> Move | None:
    """Return an entry as a move, None where its shape is wrong."""
    kinds = [kind for kind in MOVABLE if isinstance(entry.get(kind), str)]
    after = entry.get(TO)
    if len(kinds) != 1 or not isinstance(after, str):
        return None
    return Move(kinds[0], entry[kinds[0]], after)


def _steps(moves: Iterable[Move], kind: str, name: str) -> Iterator[str]:
    """Yield the names that lead on from one; each move is gone through once, the nearest first."""
    left = sorted(moves, key=lambda move: -len(move.before))
    while found := next((each for each in left if each.renamed(kind, name) != name), None):
        left.remove(found)
        name = found.renamed(kind, name)
        yield name


def of_teams(stem: str) -> bool:
    """Tell whether the teams of a file are known by the keys that the department gives them."""
    return stem == _DEPARTMENT or FILE_KINDS[kind_of(stem)].of_teams

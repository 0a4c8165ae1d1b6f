"""What was last seen of each translation on the wiki and in the catalog: ``locale/synced/``.

One file a language, one place a line. It holds digests and credits, no texts: without it
nothing is lost, only what differs counts as changed on both sides until somebody chooses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Self

from wikiplan import files, records
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.value import Value, asdict, replace

FOLDER = "synced"


class LastSeen(Value):
    """One place of a unit (a page's title and the unit's id) in one language.

    ``wiki`` and ``catalog`` are digests of the texts there, both in the catalog's form and empty
    for none; ``english`` is the digest of the plan's English, for which ``current`` held on both
    sides. ``kept`` is the digest of a text on the wiki that a conflict keeps in the catalog.
    ``time`` is when ``translator`` made the revision, as ``utc.stamp`` writes it.
    """

    wiki: str = ""
    catalog: str = ""
    english: str = ""
    current: bool = False
    revision: int = 0
    translator: str = ""
    kept: str = ""
    time: str = ""

    @property
    def known(self) -> bool:
        """Whether the two sides were ever in step, or set apart by a person."""
        return bool(self.wiki or self.catalog)


class LastSeenFile:
    """One language's file. ``damaged`` says that it could not be read and counts as empty."""

    def __init__(self, path: Path, data: bytes | None) -> None:
        self.path = path
        self._stored = data
        self._places, self.damaged = _read(data)

    @classmethod
    def load(cls, locale: Path, language: str) -> Self:
        path = locale / FOLDER / f"{language}.json"
        return cls(path, files.read_if_there(path))

    def get(self, place: str) -> LastSeen | None:
        return self._places.get(place)

    @property
    def places(self) -> Mapping[str, LastSeen]:
        """What was seen, by place."""
        return self._places

    @property
    def had_texts(self) -> bool:
        """Whether the catalog had anything when it was last in step with the wiki."""
        return any(seen.catalog for seen in self._places.values())

    def set(self, place: str, seen: LastSeen) -> None:
        self._places[place] = seen

    def forget(self, translators: Collection[str]) -> None:
        """Leave out who translated, of those who asked not to be named."""
        for place, seen in self._places.items():
            if seen.translator in translators:
                self._places[place] = replace(seen, translator="")

    def rename(self, moved: Callable[[str], str]) -> None:
        """Give places other names."""
        self._places = {moved(place): seen for place, seen in self._places.items()}

    def prepared(self) -> FileChange | None:
        """Return the file's new bytes, ``None`` when they are the old ones."""
        if not self._places and self._stored is None:
            return None
        data = self.text().encode()
        return None if data == self._stored else FileChange(self.path, self._stored, data)

    def text(self) -> str:
        lines = [f"{_json(place)}: {_json(_row(self._places[place]))}" for place in self._sorted()]
        return "{\n" + ",\n".join(lines) + "\n}\n"

    def _sorted(self) -> list[str]:
        return sorted(self._places)


def unit_place(title: str, id: str, elsewhere: str = "") -> str:
    """Return a unit's place; ``elsewhere`` is the site if it is not the plan's usual one."""
    return f"{elsewhere} {title}/{id}".lstrip()


def _read(data: bytes | None) -> tuple[dict[str, LastSeen], bool]:
    try:
        return records.read(dict[str, LastSeen], data, FOLDER) if data is not None else {}, False
    except WikiplanError:
        return {}, True


def _row(seen: LastSeen) -> dict[str, Any]:
    """Return what a line says: values that are empty are left out."""
    return {name: value for name, value in sorted(asdict(seen).items()) if value}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Catalogs follow the plan's moves: entries get the keys that their units have now.

The texts stay what they are, and as current as they were: a key is nothing that a translation
depends on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.plan import LANGUAGE, UNIT, Moves


def moved_keys(found: Catalog, units: Collection[str], moves: Moves) -> dict[str, str]:
    """Return the new keys of a catalog's entries by their old ones.

    ``units`` are the keys that the plan has. An entry that has a translation of the unit with the
    new key stays: what stands under the old one was not moved, or somebody translated it again.
    """
    old = ((key, moves.latest(UNIT, key)) for key in (*found.keys, *found.obsolete_keys))
    return {
        key: new
        for key, new in old
        if key != new and key not in units and not found.has_translation(new)
    }


def opened(locale: Path, language: str, moves: Moves) -> Catalog:
    """Return a language's catalog; where it has none, that of a code which the language had."""
    path = locale / f"{language}.po"
    for code in moves.former(LANGUAGE, language):
        former = path.with_stem(code)
        if former.exists() and not path.exists():
            return Catalog.load(former).renamed(path)
    return Catalog.load_or_create(path)


def spent_files(folder: Path, ending: str, moves: Moves) -> Iterator[FileChange]:
    """Yield the removal of files whose language has another code now, and another file.

    Raises :class:`WikiplanError` where a file of the new code stood there already.
    """
    for path in sorted(folder.glob(f"*.{ending}")):
        target = path.with_stem(moves.latest(LANGUAGE, path.stem))
        if target != path and target.exists():
            wrong = f"stands there beside {path}, of which pages.yaml says that it has this name"
            raise WikiplanError(f"{target}: {wrong}; keep one of the two")
        if target != path:
            yield FileChange(path, path.read_bytes(), b"", gone=True)


def catalog_changes(locale: Path, units: Collection[str], moves: Moves) -> Iterator[FileChange]:
    """Yield the changes of all catalogs that moves make."""
    yield from spent_files(locale, "po", moves)
    stems = (path.stem for path in sorted(locale.glob("*.po")))
    for language in dict.fromkeys(moves.latest(LANGUAGE, stem) for stem in stems):
        found = opened(locale, language, moves)
        found.move(moved_keys(found, units, moves))
        if change := found.prepared():
            yield change

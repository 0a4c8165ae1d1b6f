"""Catalogs follow the plan's moves: entries get the keys that their units have now.

The texts stay what they are, and as current as they were: a key is nothing that a translation
depends on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.files import FileChange
from wikiplan.plan import (
    FILE,
    LANGUAGE,
    MOVABLE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    UNIT,
    Move,
    Moves,
    Plan,
)


def moved_keys(found: Catalog, units: Collection[str], moves: Moves) -> dict[str, str]:
    """Return the new keys of a catalog's entries by their old ones.

    ``units`` are the keys that the plan has. An entry that has a translation of the unit with the
    new key stays: what stands under the old one was not moved, or somebody translated it again.
    Of several entries with one new key the one in use moves.
    """
    old = ((key, moves.latest(UNIT, key)) for key in (*found.obsolete_keys, *found.keys))
    moved = {
        new: key
        for key, new in old
        if key != new and key not in units and not found.has_translation(new)
    }
    return {key: new for new, key in moved.items()}


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
            raise WikiplanError("move-over-catalog", f"{target}: {wrong}; keep one of the two")
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


# What is asked for: FROM and TO of a command.


Names = Mapping[str, Collection[str]]
"""What can be moved, by kind."""


def names_in(read: Plan) -> Names:
    """Return the names of everything that can be moved, of texts also the items they belong to."""
    parts = [key.split(".") for key in read.units]
    teams = read.files["department"].get("teams", ())
    return {
        UNIT: {".".join(each[:end]) for each in parts for end in range(2, len(each) + 1)},
        FILE: read.files.keys(),
        TEAM: {team["key"] for team in teams},
        PERSON: read.files.get("people", {}).keys(),
        SECTION: {section.name for page in read.pages for section in page.sections},
        PAGE: {name for page in read.pages for name in (page.title, page.pattern) if name},
        LANGUAGE: read.languages,
    }


def wanted_move(names: Names, given: str, to: str) -> Move:
    """Return what the command line says. Raises :class:`WikiplanError` where that is not clear."""
    kind, _, name = given.partition(":")
    kinds = (kind,) if kind in MOVABLE else MOVABLE
    name = name if kind in MOVABLE else given
    found = [each for each in kinds if name in names[each]]
    if not found:
        known = [each for every in kinds for each in names[every]]
        hint = did_you_mean(name, known) or f"name one of these: {', '.join(MOVABLE)}; see -help"
        what = kind if kind in MOVABLE else "thing"
        raise WikiplanError("move-of-nothing", f"{given}: the plan has no such {what}; {hint}")
    if len(found) > 1:
        ways = " or ".join(f"{each}:{name}" for each in found)
        raise WikiplanError(
            "move-of-several", f"{given}: the plan has several things of this name; say {ways}"
        )
    wanted = Move(found[0], name, to.removeprefix(f"{found[0]}:"))
    wanted = _of_bearer(wanted, names)
    _check_move(wanted, names)
    return wanted


def _of_bearer(wanted: Move, names: Names) -> Move:
    """Return a move of a team or a person instead of one of what their file says of them."""
    file, _, key = wanted.before.partition(".")
    kind = {"department": TEAM, "people": PERSON}.get(file, "")
    if wanted.kind != UNIT or not kind or key not in names[kind]:
        return wanted
    return Move(kind, key, wanted.after.removeprefix(f"{file}.").removeprefix(f"{kind}:"))


def _check_move(wanted: Move, names: Names) -> None:
    before, after, kind = wanted.before, wanted.after, wanted.kind
    if before == after:
        raise WikiplanError(
            "move-to-same-name", f"{before}: that is its name already; say another one"
        )
    if after in names[kind]:
        raise WikiplanError(
            "move-to-taken-name", f"{after}: the plan has a {kind} of this name; choose another"
        )
    if other := next((each for each in MOVABLE if after.startswith(f"{each}:")), ""):
        raise WikiplanError(
            "move-to-other-kind", f"{after}: a {kind} does not become a {other}; say {kind}:NAME"
        )
    parents = before.rpartition(".")[0], after.rpartition(".")[0]
    if kind == UNIT and parents[0] != parents[1]:
        raise WikiplanError(
            "move-of-first-parts",
            f"{after}: a move changes the last part of a key; say {parents[0]}.NAME, or put the "
            "text elsewhere in its file by hand and tell of it under “moved:” in pages.yaml",
        )

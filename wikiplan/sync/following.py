"""What was kept under old names follows the plan's moves: unit ids, and what was last seen.

An id that a unit has on a translatable page never changes. After a move it is not made of the
unit's key any more, so ``pages.yaml`` has to declare it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from wikiplan.catalogs import moving
from wikiplan.files import FileChange
from wikiplan.plan import LANGUAGE, PAGE, SECTION, UNIT, Moves, PageSpec, Plan, SectionSpec, prefix
from wikiplan.render import PageSection, Renderer, source
from wikiplan.sync.lastseen import FOLDER, LastSeenFile
from wikiplan.value import replace

_SECTION = "section-of-which-the-ids-are-asked"
"""Begins the ids of units of other files, which have their section's name: no file has this one."""

Existed = Callable[[str], bool]
"""Tells by its former key whether a unit was there before the moves."""


def ids_to_declare(
    plan: Plan, renderer: Renderer, moves: Moves, existed: Existed
) -> Mapping[str, Mapping[str, str]]:
    """Return by page title the ids that units had before the moves, where they lack one.

    Units of a section's own file are declared whether the page shows them today or not.
    """
    found = {page.title: dict(_ids(plan, renderer, page, moves, existed)) for page in plan.pages}
    return {title: ids for title, ids in found.items() if ids}


def _ids(
    plan: Plan, renderer: Renderer, page: PageSpec, moves: Moves, existed: Existed
) -> Iterator[tuple[str, str]]:
    for section in page.sections if page.translatable else ():
        own = [key for key in plan.units if key.startswith(f"{prefix(section.data)}.")]
        shown = shown_keys(page, section, renderer, plan.source_language)
        for key in dict.fromkeys([*own, *shown]):
            if found := _former_id(page, section, key, moves, existed):
                yield found


def shown_keys(
    page: PageSpec, section: SectionSpec, renderer: Renderer, language: str
) -> Iterator[str]:
    """Yield the keys of which the ids in a section are made, where nobody declares them."""
    undeclared, named = replace(page, ids={}), replace(section, name=_SECTION)
    wanted = PageSection(undeclared, named, language, language)
    yield from (unit.id.removeprefix(f"{_SECTION}.") for unit in renderer.section(wanted).units)


def _former_id(
    page: PageSpec, section: SectionSpec, key: str, moves: Moves, existed: Existed
) -> tuple[str, str] | None:
    """Return what to declare for a unit, None where its id is still what it was."""
    name = name_in_ids(section, key)
    own = name == key
    if name in page.ids or key in page.ids:
        return None
    old = [key, *moves.former(UNIT, key)][-1]
    was_called = [section.name, *moves.former(SECTION, section.name)][-1]
    former = old if own else f"{was_called}.{old}"
    known = old == key or existed(old)
    return (name, former) if known and former != source.id_of(page, section, key) else None


def name_in_ids(section: SectionSpec, key: str) -> str:
    """Return what ``ids`` calls a unit of a section, with the section's name if of another file."""
    own = key.startswith(f"{prefix(section.data)}.")
    return key if own else f"{section.name}:{key}"


def seen_changes(locale: Path, plan: Plan, moves: Moves) -> Iterator[FileChange]:
    """Yield the changes of the files of what was last seen; ``plan`` is that after the moves."""
    yield from moving.spent_files(locale / FOLDER, "json", moves)
    plain = {page.title for page in plan.pages if not page.translatable}
    for path in sorted((locale / FOLDER).glob("*.json")):
        found = LastSeenFile.load(locale, path.stem)
        if found.damaged:
            continue
        found.rename(lambda place: _moved_place(place, plan.site, plain, moves))
        target = path.with_stem(moves.latest(LANGUAGE, path.stem))
        if target != path:
            yield FileChange(target, None, found.text().encode())
        elif change := found.prepared():
            yield change


def _moved_place(place: str, site: str, plain: set[str], moves: Moves) -> str:
    """Return the place of a unit after the moves; the ids of plain pages are the units' keys."""
    title, slash, id = place.rpartition("/")
    where, blank, rest = title.partition(" ")
    elsewhere = f"{where}{blank}" if ":" in where and where != site and "/" not in where else ""
    named = moves.latest(PAGE, title)
    if named == title and elsewhere:
        named = f"{elsewhere}{moves.latest(PAGE, rest)}"
    in_plain = named in plain or named.removeprefix(elsewhere) in plain
    return f"{named}{slash}{moves.latest(UNIT, id) if in_plain else id}"

"""Ids follow texts: where one leaves a translatable page and comes again, its unit stays.

An id never changes its meaning; here it is the same text under another key of the plan. ``ids`` in
``pages.yaml`` tells of it, so that no translator is asked for the text, and no translation loses
its unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from wikiplan.catalogs.exchange import digest
from wikiplan.catalogs.sametexts import doubt
from wikiplan.files import FileChange
from wikiplan.plan import PageSpec, Plan, ids_changed, is_label, prefix
from wikiplan.render import Renderer, source
from wikiplan.sync.following import name_in_ids, shown_keys
from wikiplan.sync.lastseen import LastSeenFile, unit_place
from wikiplan.value import Value

_SHARED = ("department", "labels", "links", "people")
"""Files whose texts any section may show: that a page does not says little."""

KnownIds = Mapping[str, Mapping[str, frozenset[str]]]
"""The ids that pages had, by the pages' places, with the digests of the English of each."""


class CarriedId(Value):
    """An id that stays with its text. ``key`` is the text's, and ``old`` the one that it had.

    ``name`` is what ``ids`` calls it, ``was`` what it called the one before, empty if it did not.
    """

    id: str
    name: str
    key: str
    old: str
    was: str


class _Shown(Value):
    """A unit that a page shows: its id there, its key with that of an item that it is said of."""

    id: str
    name: str
    key: str


def ids_seen(files: Iterable[LastSeenFile]) -> KnownIds:
    """Return the ids of which some language had a translation when the wiki was last seen."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for each in files:
        for place, seen in each.places.items():
            page, _, id = place.rpartition("/")
            ids = found.setdefault(page, {})
            ids[id] = ids.get(id, frozenset()) | {seen.english}
    return found


def ids_shown(plan: Plan, renderer: Renderer) -> KnownIds:
    """Return the ids of what translatable pages show by a plan; a label said of an item has no
    English here.
    """
    units = plan.units
    return {
        _place(plan, page): {
            each.id: frozenset({digest(units[each.key].text)} if each.key in units else ())
            for each in _shown(plan, renderer, page)
        }
        for page in plan.pages
        if page.translatable
    }


def ids_carried(
    plan: Plan, renderer: Renderer, known: KnownIds
) -> Mapping[str, tuple[CarriedId, ...]]:
    """Return by page title the ids that stay with texts which the plan has under other keys now.

    ``known`` are those that the pages had. Where several texts with the same English leave or come,
    and their keys do not tell which is which, none is carried.
    """
    found = {
        page.title: tuple(_carried(plan, renderer, page, known.get(_place(plan, page), {})))
        for page in plan.pages
        if page.translatable
    }
    return {title: ids for title, ids in found.items() if ids}


def _place(plan: Plan, page: PageSpec) -> str:
    elsewhere = page.site if page.site != plan.site else ""
    return unit_place(page.title, "", elsewhere).rstrip("/")


def _carried(
    plan: Plan, renderer: Renderer, page: PageSpec, known: Mapping[str, frozenset[str]]
) -> Iterator[CarriedId]:
    left = {id: key for id, key in _keys(plan, page, known).items() if _left(plan, page, key)}
    if not left:
        return
    shown = _shown(plan, renderer, page)
    there = {each.id for each in shown}
    left = {id: key for id, key in left.items() if id not in there}
    names = {id: name for name, id in page.ids.items()}
    fresh = [each for each in shown if each.id not in known and each.name not in page.ids]
    pairs = dict(_pairs(plan, left, known, [each for each in fresh if not is_label(each.key)]))
    for each, id in pairs.items():
        yield CarriedId(id, each.name, each.key, left[id], names.get(id, ""))
    items = {each.key: left[id] for each, id in pairs.items()}
    for each in fresh:
        # A label goes with the item that it is said of, whatever id that has.
        item = next((key for key in items if each.key.startswith(f"{key}.labels.")), "")
        old = f"{items[item]}{each.key.removeprefix(item)}" if item else ""
        if old in known and old not in there and old not in names:
            yield CarriedId(old, each.name, each.key, old, "")


def _keys(plan: Plan, page: PageSpec, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the keys of the units that a page had, by their ids."""
    names = {id: name for name, id in page.ids.items()}
    files = {prefix(stem) for stem in plan.files}
    return {id: names.get(id, _without_section(page, files, id)).rpartition(":")[2] for id in ids}


def _without_section(page: PageSpec, files: Iterable[str], id: str) -> str:
    """Return a unit's key by an id that was made of it: a section's name may stand before it."""
    for section in page.sections:
        for name in (section.name, *section.former):
            key = id.removeprefix(f"{name}.")
            if key != id and key.partition(".")[0] in files:
                return key
    return id


def _left(plan: Plan, page: PageSpec, key: str) -> bool:
    """Tell whether a page cannot show a text any more, also by another clock."""
    file = key.partition(".")[0]
    sources = {prefix(section.data) for section in page.sections}
    return not is_label(key) and (
        key not in plan.units or (file not in sources and file not in _SHARED)
    )


def _pairs(
    plan: Plan,
    left: Mapping[str, str],
    known: Mapping[str, frozenset[str]],
    fresh: Iterable[_Shown],
) -> Iterator[tuple[_Shown, str]]:
    """Yield units that come with the ids of those that leave: of each English text one and one.

    Where there are several those belong together whose keys are alike below their files.
    """
    came: dict[str, list[_Shown]] = {}
    for each in fresh:
        if each.key in plan.units:
            came.setdefault(digest(plan.units[each.key].text), []).append(each)
    for english, units in came.items():
        ids = [id for id in left if known[id] == {english}]
        for unit, id in _matched(units, {id: left[id] for id in ids}):
            if not doubt(left[id], unit.key, plan.units[unit.key].text):
                yield unit, id


def _matched(units: list[_Shown], left: dict[str, str]) -> Iterator[tuple[_Shown, str]]:
    alike = list(_alike(units, left))
    yield from alike
    rest = [unit for unit in units if unit not in dict(alike)]
    ids = [id for id in left if id not in dict(alike).values()]
    if len(rest) == len(ids) == 1:
        yield rest[0], ids[0]


def _alike(units: list[_Shown], left: Mapping[str, str]) -> Iterator[tuple[_Shown, str]]:
    for unit in units:
        below = unit.key.partition(".")[2]
        ids = [id for id, key in left.items() if key.partition(".")[2] == below]
        rivals = [each for each in units if each.key.partition(".")[2] == below]
        if len(ids) == len(rivals) == 1:
            yield unit, ids[0]


def _shown(plan: Plan, renderer: Renderer, page: PageSpec) -> list[_Shown]:
    """Return the units that a page shows, as its ids name them."""
    return [
        _Shown(source.id_of(page, section, key), name_in_ids(section, key), key)
        for section in page.sections
        for key in shown_keys(page, section, renderer, plan.source_language)
    ]


def with_ids_carried(
    directory: Path,
    declared: Mapping[str, Mapping[str, str]],
    carried: Mapping[str, Sequence[CarriedId]],
) -> tuple[FileChange, ...]:
    """Return the files that list pages as they tell of ids that are declared or carried.

    Both are by page title.
    """
    renamed = {
        title: {each.was: each.name for each in ids if each.was} for title, ids in carried.items()
    }
    added = {
        title: {
            **declared.get(title, {}),
            **{each.name: each.id for each in carried.get(title, ()) if not each.was},
        }
        for title in (*declared, *carried)
    }
    return ids_changed(directory, added, renamed)

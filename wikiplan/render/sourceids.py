"""The ids of a translatable page's units: from their keys alone, or as ``pages.yaml`` has them.

Where a unit stands, what stands around it and what it says never matter: an id that changes
takes all translations of its unit away (facts 1.7, 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from wikiplan.plan.plan import PageSpec, Plan, SectionSpec
from wikiplan.plan.units import prefix

MOST_ID_BYTES = 100

_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


def ids_of(page: PageSpec, section: SectionSpec, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of a section's units, in the order of its text.

    Raises :class:`ValueError` for an id that is not possible, or stands twice.
    """
    ids = tuple(id_of(page, section, key) for key in keys)
    for key, id in zip(keys, ids, strict=True):
        if ids.count(id) > 1:
            raise ValueError(
                f"the unit “{key}” stands twice, and a translatable page needs one id for each; "
                "say in the template which item it is said of: {{ item | label(NAME) }}, "
                "{{ NAME | link(of=item) }}"
            )
    return ids


def id_of(page: PageSpec, section: SectionSpec, key: str) -> str:
    """Return the id of the unit with this key in a section.

    A unit of another file than the section's own may stand in several sections of the page, and
    then needs an id in each. Raises :class:`ValueError` for an id that is not possible.
    """
    declared = page.ids.get(f"{section.name}:{key}") or page.ids.get(key)
    if declared:
        return declared
    own = key.startswith(f"{prefix(section.data)}.")
    id = key if own else f"{section.name}.{key}"
    if not _ID.fullmatch(id):
        raise ValueError(f"“{id}” is no unit id; use a-z, 0-9, “-” and “.” in the unit's key")
    if len(id) > MOST_ID_BYTES:
        raise ValueError(f"the unit id “{id}” has {len(id)} bytes; shorten it to {MOST_ID_BYTES}")
    return id


def owner(plan: Plan, page: PageSpec) -> Callable[[str | None], bool]:
    """Return a function that tells the plan's ids on a page, past ones too, from people's.

    An id that begins like the key of a unit of any file, or with a section's name, is the plan's.
    """
    starts = {prefix(stem) for stem in plan.files} | {section.name for section in page.sections}
    declared = frozenset(page.ids.values())

    def owned(id: str | None) -> bool:
        if id is None:
            return False
        first, dot, _ = id.partition(".")
        return id in declared or (bool(dot) and first in starts)

    return owned


def doubled(ids: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield words for people about each id that stands in two sections of a page.

    ``ids`` are those of each section by its name.
    """
    first: dict[str, str] = {}
    for section, every in ids.items():
        for id in every:
            if first.setdefault(id, section) != section:
                yield (
                    f"section {section}: the unit id “{id}” is in section {first[id]} too; say "
                    f"under “ids:” in pages.yaml which id the unit has here: “{section}:KEY: ID”"
                )

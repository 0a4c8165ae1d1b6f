"""One translation in two places: which side is newer, by what was last seen of both.

Only what a person did counts as a change. That a text turned outdated because the English changed
happens on both sides by itself, and is nobody's edit.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from wikiplan.catalogs.exchange import digest
from wikiplan.sync.lastseen import LastSeen
from wikiplan.value import Value


class SyncStep(StrEnum):
    """What one place of a unit needs in one language."""

    IN_STEP = "in step"
    APART = "set apart"
    """The sides differ, and a person said that they may."""
    TAKE = "newer on the wiki"
    GIVE = "newer in the catalog"
    CONFLICT = "in conflict"
    DELETED = "deleted on the wiki"


class SideState(Value):
    """A text in the catalog's form, empty for none; ``current`` is for the plan's English now."""

    text: str = ""
    current: bool = False

    @property
    def digest(self) -> str:
        return digest(self.text) if self.text else ""

    def is_at(self, seen: str) -> bool:
        return self.digest == seen


def decide(
    wiki: SideState,
    catalog: SideState,
    english: str,
    seen: LastSeen | None = None,
    beside: Collection[str] = (),
) -> SyncStep:
    """Say which side is newer. ``english`` is the digest of the plan's English.

    ``beside`` are the texts that the catalog keeps as conflicts: whoever deletes the wiki's there
    has chosen the catalog's.
    """
    base = seen if seen and seen.known else None
    if not wiki.text:
        return _absent(catalog, base)
    if not catalog.text:
        return SyncStep.TAKE
    if wiki.text == catalog.text:
        return _same_text(wiki, catalog, english, base)
    step = _by_text(wiki, catalog, base)
    chosen = seen is not None and wiki.is_at(seen.kept) and wiki.text not in beside
    return SyncStep.GIVE if step is SyncStep.CONFLICT and chosen else step


def _absent(catalog: SideState, base: LastSeen | None) -> SyncStep:
    """A text that vanished from the wiki leaves no catalog, and does not come back unasked."""
    if not catalog.text:
        return SyncStep.IN_STEP
    if base is None:
        return SyncStep.GIVE
    if base.wiki:
        return SyncStep.DELETED
    return SyncStep.APART if catalog.is_at(base.catalog) else SyncStep.GIVE


def _by_text(wiki: SideState, catalog: SideState, base: LastSeen | None) -> SyncStep:
    if base is None:
        return SyncStep.CONFLICT
    if wiki.is_at(base.wiki):
        return SyncStep.APART if catalog.is_at(base.catalog) else SyncStep.GIVE
    return SyncStep.TAKE if catalog.is_at(base.catalog) else SyncStep.CONFLICT


def _same_text(
    wiki: SideState, catalog: SideState, english: str, base: LastSeen | None
) -> SyncStep:
    """Only the states can differ: one side says that the text fits the English."""
    if wiki.current == catalog.current:
        return SyncStep.IN_STEP
    if base is None:
        return SyncStep.CONFLICT
    if base.english == english:
        return SyncStep.GIVE if wiki.current == base.current else SyncStep.TAKE
    # Both turned outdated with the English; who says “current” looked at it since.
    if wiki.current:
        return SyncStep.TAKE
    return SyncStep.GIVE if catalog.is_at(base.catalog) else SyncStep.CONFLICT

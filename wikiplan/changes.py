"""The change set: what a run would do, as a value.

:mod:`wikiplan.comparison` makes it, :mod:`wikiplan.apply` carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wikiplan.effects import PageEffect
from wikiplan.model import MOST_PAGES, MOST_SHRINK_PERCENT
from wikiplan.render import SourceUnit
from wikiplan.wiki import Account


class Action(StrEnum):
    """What becomes of a page; the words of the report."""

    CREATE = "create"
    UPDATE = "update"
    NONE = "none"
    REFUSED = "refused"
    DRIFT = "drift"
    CONFLICT = "conflict"
    FAILED = "failed"


class SectionState(StrEnum):
    """How a managed section on the wiki stands to the plan."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    DRIFT = "drift"
    RECLAIMED = "reclaimed"
    LEFT_OUT = "left out"


WRITTEN = (SectionState.CHANGED, SectionState.NEW, SectionState.RECLAIMED)
TO_WRITE = (Action.CREATE, Action.UPDATE)


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A managed section's text on the wiki (``before``) and after the run, both without markers.

    ``own`` is the plan's part of ``after``, which the digest in the marker is of: on a translatable
    page people may add units; ``None`` where all of it is the plan's.
    """

    name: str
    state: SectionState
    before: str
    after: str
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """A revision that came after the one that was compared. ``timestamp`` is UTC.

    ``sections`` has, by name, the managed sections that it touched: texts before and after. ``own``
    says that this change set made it, ``damage`` why its sections cannot be read.
    """

    number: int
    user: str
    timestamp: datetime
    summary: str
    sections: Mapping[str, tuple[str, str]]
    own: bool = False
    damage: str = ""


@dataclass(frozen=True, slots=True)
class PageChange:
    """What a run would do to one page. ``before`` and ``after`` are the page's whole texts.

    ``base`` is the revision that ``before`` is the text of, 0 for a page to be created. ``reason``
    says why nothing or not all is done, ``code`` is the refusal's if it is one. ``untranslated``
    and ``outdated`` are the unit keys that readers of this page see in another language or in an
    old translation. ``units`` are those that the plan has on a translatable page, ``effect`` is
    what marking it does. ``place`` is where ``pages.yaml`` wants sections that the page lacks.
    ``between`` are the revisions that keep a saved change from being made.
    """

    title: str
    language: str
    action: Action
    page_id: int = 0
    base: int = 0
    before: str = ""
    after: str = ""
    sections: tuple[SectionChange, ...] = ()
    reason: str = ""
    code: str = ""
    summary: str = ""
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    units: tuple[SourceUnit, ...] = ()
    effect: PageEffect | None = None
    place: str | Mapping[str, str] = "refuse"
    between: tuple[Between, ...] = ()

    @property
    def to_write(self) -> bool:
        return self.action in TO_WRITE

    @property
    def waits_for_marking(self) -> bool:
        """Whether a translatable page has, or will have, a revision that is not marked."""
        return self.effect is not None and (self.to_write or self.effect.marked != self.base)

    @property
    def drifted(self) -> bool:
        return any(section.state is SectionState.DRIFT for section in self.sections)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All pages of a run, in the order of ``pages.yaml``; with its limits, ``most_shrink`` in %."""

    run: str
    site: str
    account: Account
    pages: tuple[PageChange, ...]
    stop_page: str = ""
    most_pages: int = MOST_PAGES
    most_shrink: int = MOST_SHRINK_PERCENT

    @property
    def to_write(self) -> tuple[PageChange, ...]:
        return tuple(page for page in self.pages if page.to_write)

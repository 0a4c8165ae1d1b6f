"""The change set: what a run would do, as a value.

:mod:`wikiplan.comparison` makes it, :mod:`wikiplan.apply` carries it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wikiplan.effects import PageEffect
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
    """A managed section's text on the wiki (``before``) and after the run, both without markers."""

    name: str
    state: SectionState
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """What a run would do to one page. ``before`` and ``after`` are the page's whole texts.

    ``base`` is the revision that ``before`` is the text of, 0 for a page to be created. ``reason``
    says why nothing or not all is done, ``code`` is the refusal's if it is one. ``untranslated``
    and ``outdated`` are the unit keys that readers of this page see in another language or in an
    old translation. ``units`` are those that the plan has on a translatable page, ``effect`` is
    what marking it does.
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
    """All pages of a run, in the order of ``pages.yaml``."""

    run: str
    site: str
    account: Account
    pages: tuple[PageChange, ...]
    stop_page: str = ""

    @property
    def to_write(self) -> tuple[PageChange, ...]:
        return tuple(page for page in self.pages if page.to_write)

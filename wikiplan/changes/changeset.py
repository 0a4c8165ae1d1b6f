"""The change set: what a run would do, as a value.

``changes.comparison`` makes it, ``changes.apply`` carries it out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from wikiplan import textdiff
from wikiplan.changes.effects import Limits, PageEffect
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.errors import Refusal
from wikiplan.l10n import message
from wikiplan.plan import MOST_PAGES, MOST_SHRINK_PERCENT
from wikiplan.render import Edits, SourceUnit
from wikiplan.value import Value, field, replace
from wikiplan.wiki import Account, HistoryEntry, PageLanguage, Revision
from wikiplan.wikitext import LostMarker, SectionEdit, Where, markers


class Action(StrEnum):
    """What becomes of a page; the words of the report."""

    CREATE = "create"
    """It is made."""
    UPDATE = "update"
    """It is changed."""
    DELETE = "delete"
    """It is deleted: a run that made it is taken back."""
    NONE = "none"
    """It stays as it is."""
    REFUSED = "refused"
    """It is left alone, for the reason that stands there."""
    DRIFT = "drift"
    """People edited its sections, and all that was to change waits for a decision."""
    CONFLICT = "conflict"
    """It was changed, moved, deleted or made since it was read; the next run works from there."""
    FAILED = "failed"
    """Something went wrong on the way, or the run ended before it."""


class SectionState(StrEnum):
    """How a managed section on the wiki stands to the plan."""

    UNCHANGED = "unchanged"
    """It is as the plan says."""
    CHANGED = "changed"
    """The plan says something else than stands there, and nobody edited that."""
    NEW = "new"
    """The page does not have it yet."""
    DRIFT = "drift"
    """People edited it since wikiplan last wrote it; it waits for what is to become of that."""
    RECLAIMED = "reclaimed"
    """``-drift:reclaim`` writes the plan's text over people's edits."""
    MERGED = "merged"
    """People's edits and the plan's change are both in it; the edits still wait for a decision."""
    CONFLICT = "conflict"
    """People and the plan changed the same text; it waits for a decision."""
    REVERTED = "reverted"
    """Somebody put back what stood there before a run of ours."""
    REMOVED = "removed"
    """Somebody took the section out of the page, or the page away."""
    MARKED = "marked"
    """It gets its markers, and nothing else changes."""
    ADOPTED = "adopted"
    """As people wrote it, and the plan does not have it in this language yet."""
    UNPLANNED = "unplanned"
    """It stands on the page, and the plan does not have it: left alone until somebody decides."""
    RETIRED = "retired"
    """The plan does not have it any more, and says what remains of it."""
    TAKEN_OVER = "taken over"
    """It was another plan's, and ``-take-over`` makes it ours; its text may be the same."""
    CLAIMED = "claimed"
    """``pages.yaml`` has it, and on the page it is another plan's: left alone."""
    RENAMED = "renamed"
    """Its markers get another name, and nothing else changes."""
    LEFT_OUT = "left out"
    """It was not chosen."""
    UNDONE = "undone"
    """What a run made of it is taken back."""


WRITTEN = (
    SectionState.CHANGED, SectionState.NEW, SectionState.RECLAIMED, SectionState.MERGED,
    SectionState.UNDONE, SectionState.RETIRED, SectionState.TAKEN_OVER, SectionState.RENAMED,
)  # fmt: skip
WAITING = (
    SectionState.DRIFT, SectionState.MERGED, SectionState.CONFLICT, SectionState.REVERTED,
    SectionState.REMOVED, SectionState.UNPLANNED, SectionState.ADOPTED, SectionState.CLAIMED,
)  # fmt: skip
"""States in which people's edits wait until a person decides about them."""
TO_WRITE = (Action.CREATE, Action.UPDATE)
CREATED = "created"
"""The code of a page that a run made, and nobody edited since: taking it back is deleting it."""


class LaterRevision(Value):
    """A revision since a section was written, or since a page was compared.

    ``sections`` has, by name, the managed sections that it touched: texts before and after. ``own``
    says that this change set made it, ``damage`` why its sections cannot be read.
    """

    revision: HistoryEntry
    sections: Mapping[str, tuple[str, str]]
    own: bool = False
    damage: str = ""


class Drift(Value):
    """What people did to a section since wikiplan last wrote it.

    ``base`` is what was written then, None where that is not known, ``now`` what stands there and
    ``ours`` what the plan says: each the plan's part only, on a translatable page. ``edits`` are
    the revisions that touched the section since, oldest first; with an unknown base the newest.
    ``answer`` is what is to happen to the edits, empty where nobody said; ``units`` is what an
    import makes of them, ``lost`` are the plan's units that stand there without their markers,
    ``stranded`` are texts of people at units that the plan drops.
    """

    base: str | None
    now: str
    ours: str
    edits: tuple[LaterRevision, ...] = ()
    answer: str = ""
    units: Edits = field(default_factory=Edits)
    lost: tuple[LostMarker, ...] = ()
    stranded: tuple[str, ...] = ()


class Overwritten(NamedTuple):
    """The revision whose text of a section gives way to the plan's, and who made it."""

    number: int
    user: str


class SectionChange(Value):
    """A managed section's text on the wiki (``before``) and after the run, both without markers.

    ``own`` is what the digest in the marker is of, ``None`` where that is ``after``: on a
    translatable page people may add units, and a merged section has people's edits in it. ``drift``
    says what people did to a section that is not as it was written, ``overwritten`` whose text a
    reclaimed section replaces, ``whose`` which other plan the section is of. ``whole`` is only
    there where a run is taken back: then the markers, too, become what they were; where they go and
    the text stays, the texts have them.
    ``was`` is the name in the markers on the wiki, if that is to become ``name``.
    """

    name: str
    state: SectionState
    before: str
    after: str
    own: str | None = None
    drift: Drift | None = None
    overwritten: Overwritten | None = None
    whole: SectionEdit | None = None
    whose: str = ""
    was: str = ""


class PageBase(Value):
    """The page that a change starts from; ``revision`` is 0 for a page to be created.

    ``content_language`` is the wiki's for the page, empty where it was not asked. ``asked`` is the
    title in ``pages.yaml`` where the wiki writes it otherwise.
    """

    title: str
    language: str
    page_id: int = 0
    revision: int = 0
    content_language: str = ""
    asked: str = ""
    namespace: int = 0
    content_model: str = ""
    """What a page to be created is to be, if not the usual of its title."""


class InStep(Value):
    """What is kept of the text of a page that is as the plan says, in the text's place.

    ``sha1`` is of the stored UTF-8 bytes, in hex; ``markers`` are the digests in the sections'
    markers, by name.
    """

    sha1: str
    markers: Mapping[str, str]


class LostText(NamedTuple):
    """A unit's key, and the language that readers would see instead of theirs."""

    key: str
    instead: str


class Verdict(StrEnum):
    """What somebody who reviewed a page's change said of it."""

    APPROVED = "approved"
    """Just this text is approved."""
    OTHER = "approved another text"
    """Another text was approved than the page would have: that counts for nothing."""
    NONE = "commented"
    """There is a comment, and no approval."""


class Review(Value):
    """What somebody said of a page's change, ``by`` a name as it was typed, at a ``time`` in UTC.

    Both texts are people's, and may say anything.
    """

    by: str
    time: datetime
    comment: str = ""
    approves: str = ""
    """SHA-256 in hex of the page's whole text that is approved, empty where none is."""
    verdict: Verdict = Verdict.NONE


class Told(Value, kw_only=True):
    """What people are told about a page's change.

    ``reason`` says why nothing or not all is done, ``code`` is the refusal's if it is one;
    ``summary`` is the edit summary. ``untranslated`` and ``outdated`` are the unit keys that
    readers of the page see in another language or in an old translation; those of ``lost`` they
    have in their own until the change. ``since`` are the revisions that keep a saved change from
    being made.
    """

    reason: str = ""
    code: str = ""
    summary: str = ""
    untranslated: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    lost: tuple[LostText, ...] = ()
    since: tuple[LaterRevision, ...] = ()


class PageChange(Value, kw_only=True):
    """What a run would do to one page. ``before`` and ``after`` are the page's whole texts.

    ``place`` is where ``pages.yaml`` wants sections that the page lacks. ``units`` are those that
    the plan has on a translatable page, ``effect`` is what marking it does. ``undoes`` is the run
    that is taken back. ``instead`` is the whole text that a retired page gets in place of its own.
    ``reviews`` are what people said of it, where it was kept for them in a file.
    ``made_of`` is known where all of the plan's sections were rendered. A page that is ``in_step``
    has no texts. ``others`` are the sections of other plans that stand on the page and are none of
    ``sections``: the plan's name by the section's. ``page_language`` is there where the page has
    another language than the plan wants, or where a run that gave it one is taken back.
    """

    base: PageBase
    action: Action = Action.NONE
    before: str = ""
    after: str = ""
    sections: tuple[SectionChange, ...] = ()
    place: Where = "refuse"
    told: Told = field(default_factory=Told)
    units: tuple[SourceUnit, ...] = ()
    effect: PageEffect | None = None
    undoes: str = ""
    instead: str | None = None
    made_of: MadeOf | None = None
    in_step: InStep | None = None
    reviews: tuple[Review, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    page_language: PageLanguage | None = None

    @classmethod
    def none(cls, revision: Revision, language: str, undoes: str = "") -> PageChange:
        """Return what leaves a page as it is."""
        ids = revision.page_id, revision.number
        namespace = revision.namespace
        base = PageBase(revision.title, language, *ids, revision.language, namespace=namespace)
        return cls(base=base, before=revision.text, after=revision.text, undoes=undoes)

    def refused(self, refusal: Refusal) -> PageChange:
        told = replace(self.told, reason=str(refusal), code=refusal.code)
        return replace(self, action=Action.REFUSED, told=told)

    def because(self, reason: str) -> PageChange:
        """Return the change with one more reason."""
        reasons = filter(None, (self.told.reason, reason))
        return replace(self, told=replace(self.told, reason="; ".join(reasons)))

    def summarised(self, summary: str) -> PageChange:
        return replace(self, told=replace(self.told, summary=summary))

    def summarised_by(self, summarise: Callable[[PageChange], str]) -> PageChange:
        """Return the change with the summary of its edit, and that of its language for the log."""
        language = self.new_language
        if language:
            alone = summarise(replace(self, action=Action.UPDATE, sections=()))
            self = replace(self, page_language=replace(language, summary=alone))
        return self.summarised(summarise(self))

    @property
    def title(self) -> str:
        return self.base.title

    @property
    def asked(self) -> str:
        """The page's title in ``pages.yaml``."""
        return self.base.asked or self.base.title

    @property
    def language(self) -> str:
        return self.base.language

    @property
    def to_write(self) -> bool:
        return self.action in TO_WRITE

    @property
    def new_text(self) -> bool:
        """Whether the page's text changes: a page may also get another language alone."""
        return self.after != self.before or not self.base.revision

    @property
    def new_language(self) -> PageLanguage | None:
        """The language that the page gets, None where it keeps its own."""
        language = self.page_language
        return None if language is None or language.left else language

    @property
    def language_waits(self) -> bool:
        """Whether people gave the page another language than the plan wants."""
        return self.page_language is not None and bool(self.page_language.left)

    @property
    def to_delete(self) -> bool:
        """Whether taking a run back means deleting the page; a change set does not do that."""
        return bool(self.undoes) and self.told.code == CREATED

    @property
    def waits_for_marking(self) -> bool:
        """Whether a translatable page has, or will have, a revision that is not marked."""
        return self.effect is not None and (
            self.to_write or self.effect.marked != self.base.revision
        )

    @property
    def given_back(self) -> tuple[str, ...]:
        """The plans, by their names, that sections are of once a run is taken back."""
        return tuple(markers.plan_of(each.whole.before) for each in self.sections if each.whole)

    @property
    def edited(self) -> bool:
        """Whether people edited the page, and not only the plan, or another one, is otherwise."""
        waiting = (section for section in self.sections if section.state in WAITING)
        of_plans = (SectionState.UNPLANNED, SectionState.CLAIMED)
        return any(each.drift or each.state not in of_plans for each in waiting)

    @property
    def drifted(self) -> bool:
        """Whether what people did to a section, or the language, waits for a person's decision."""
        return self.language_waits or any(section.state in WAITING for section in self.sections)


class ChangeSet(Value):
    """All pages of a run, in the order of ``pages.yaml``; with its limits, ``most_shrink`` in %.

    ``limits`` are those for translations, ``source_language`` is what these are made from.
    ``inputs`` is what the pages were rendered from; a run that is taken back renders nothing.
    ``plan`` is the plan's name, which the markers of what is written get. ``no_languages`` says why
    no page gets the language that the plan wants for it, where one would.
    """

    run: str
    site: str
    account: Account
    pages: tuple[PageChange, ...]
    stop_page: str = ""
    lock_page: str = ""
    most_pages: int = MOST_PAGES
    most_shrink: int = MOST_SHRINK_PERCENT
    inputs: Inputs | None = None
    limits: Limits = field(default_factory=Limits)
    source_language: str = "en"
    plan: str = ""
    no_languages: str = ""

    @property
    def to_write(self) -> tuple[PageChange, ...]:
        return tuple(page for page in self.pages if page.to_write)

    @property
    def digest(self) -> str:
        """What is the same for what would be saved on the same pages, whichever run does it.

        It is SHA-256 in hex, of the site and of each page's title, base, new text and new language.
        """
        texts = [
            [p.title, p.base.page_id, p.base.revision, p.after]
            + ([p.new_language.after] if p.new_language else [])
            for p in self.to_write
        ]
        return sha256(json.dumps([self.site, texts]).encode()).hexdigest()


# Edit summaries: in the page's language, what changed in plain words, and the run id.


MAX_CODE_POINTS = 500
"""Where MediaWiki cuts a summary (fact 7)."""

KEYS = {
    SectionState.CHANGED: "wikiplan-changed",
    SectionState.NEW: "wikiplan-new",
    SectionState.RECLAIMED: "wikiplan-reclaimed",
    SectionState.MERGED: "wikiplan-merged",
    SectionState.RETIRED: "wikiplan-retired",
    SectionState.TAKEN_OVER: "wikiplan-taken-over",
    SectionState.RENAMED: "wikiplan-renamed",
}
OVERWRITTEN = "wikiplan-overwritten"
LANGUAGE = "wikiplan-language"
UNDO = "wikiplan-undo"


class Summary(Value):
    """Makes summaries for one run."""

    run: str

    def __call__(self, change: PageChange) -> str:
        parts = [self._part(change.language, s) for s in change.sections if s.state in WRITTEN]
        if change.new_language and not parts:
            parts = [message(change.language, LANGUAGE, {"language": change.new_language.after})]
        while len(summary := self._whole(change, parts)) > MAX_CODE_POINTS:
            # The run id stands at the end and is what a lost answer is looked up by: cut before it.
            parts = [*parts[: -2 if parts[-1] == "…" else -1], "…"]
        return summary

    def _whole(self, change: PageChange, parts: list[str]) -> str:
        key = "wikiplan-create" if change.action is Action.CREATE else "wikiplan-update"
        values: dict[str, object] = {"sections": ", ".join(parts), "run": self.run}
        if change.undoes:
            return message(change.language, UNDO, values | {"undone": change.undoes})
        return message(change.language, key, values)

    def _part(self, language: str, section: SectionChange) -> str:
        if section.state is SectionState.UNDONE:
            return section.name
        lines = textdiff.changed_lines(section.before, section.after)
        values: dict[str, object] = {"name": section.name, "lines": lines, "was": section.was}
        if (over := section.overwritten) and over.user:
            values |= {"revision": over.number, "user": over.user}
            return message(language, OVERWRITTEN, values)
        if section.state is SectionState.TAKEN_OVER:
            values |= {"plan": section.whose}
        return message(language, KEYS[section.state], values)

"""The interface to a wiki's Translate extension, with the values that cross it.

Implemented by ``wiki.translatesite.TranslateSite``, by ``wiki.rememberingsite.RememberingSite``,
which asks each question once, and by :class:`NoTranslate` for what has no such extension (a folder,
or a wiki without it). What marking does to translations is
told by ``translate.marking``; here is only what the wiki says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from wikiplan.errors import NO_TRANSLATE, Refusal
from wikiplan.translate import DEFAULT_VERSION
from wikiplan.value import Value
from wikiplan.wiki.interface import HistoryEntry, Revision, Saved

MARKING_RIGHT = "pagetranslation"
UNFUZZY_RIGHT = "unfuzzy"
DOCUMENTATION = "qqq"  # the "language" of notes for translators; they never turn outdated
HAND_OVER = "hand the page over to a translation administrator"


class Status(StrEnum):
    """What a unit's translation is worth."""

    UNTRANSLATED = "untranslated"
    TRANSLATED = "translated"
    PROOFREAD = "proofread"
    OUTDATED = "outdated"


class UnitState(Value):
    """A unit in one language; ``text`` is without ``!!FUZZY!!``, ``revision`` 0 when there is none.

    ``written`` is when the revision was saved, where that was asked for.

    For some seconds after a marking an outdated translation still counts as translated, until
    :meth:`TranslateWiki.jobs_done` (fact 3.6).
    """

    status: Status
    text: str = ""
    revision: int = 0
    translator: str = ""
    written: datetime | None = None

    @property
    def outdated(self) -> bool:
        return self.status is Status.OUTDATED

    @property
    def current(self) -> bool:
        return self.status in (Status.TRANSLATED, Status.PROOFREAD)


NO_TRANSLATION = UnitState(Status.UNTRANSLATED)


class Marked(Value):
    """The last marked revision of a page. ``units`` holds raw texts by id, in the page's order."""

    revision: int
    units: Mapping[str, str]
    text: str
    user: str
    timestamp: datetime


class Counts(Value):
    """How many units of a page a language has; the title's unit counts too."""

    total: int
    translated: int
    outdated: int


class Priority(Value):
    """The languages that translators are asked for; with ``force`` no others are taken.

    The wiki does not say the reason that was given, so what it says has an empty one.
    """

    languages: tuple[str, ...]
    force: bool = False
    reason: str = ""


class MarkOptions(Value):
    """What becomes of translations when a page is marked.

    Those of ``spared`` units do not turn outdated, and those of ``meant`` units do, although only
    values of variables changed. Without ``priority`` the priority languages stay as they are.
    """

    spared: Collection[str] = ()
    meant: Collection[str] = ()
    priority: Priority | None = None


AS_BEFORE = MarkOptions()
"""Translations turn outdated where their English changed, and nothing else is set."""


class Group(Value):
    """A translatable page. ``languages`` are those that have anything, without its own."""

    source_language: str
    languages: Mapping[str, Counts]
    priority: Priority | None

    def takes(self, language: str) -> bool:
        """Whether new translations into the language are taken; those that exist may be edited."""
        priority = self.priority
        return not (priority and priority.force) or language in priority.languages


class Marking(Value):
    """What marking did; ``units`` counts the title's unit too."""

    first: bool
    units: int


class TranslateWiki(Protocol):
    """A wiki's translatable pages, as one account sees them.

    Titles are in the wiki's own form (``wiki.interface.Revision.title``).
    """

    @property
    def version(self) -> str:
        """Whose rules hold: a key of ``translate.VERSIONS``."""

    @property
    def assumption(self) -> str:
        """What people should know of a version that was not measured, else nothing."""

    def marking_refusal(self) -> tuple[str, str] | None:
        """Return why nothing can be marked here, as code and words, or ``None``.

        ``no-marking-api``: the wiki is older than 1.43; ``no-marking-right``: the account lacks
        the right; ``no-translate``: there is no such extension.
        """

    def marking_url(self, title: str, revision: int) -> str:
        """Return the address of the form with which a person marks this revision, if any."""

    def group(self, title: str) -> Group | None:
        """Return what the wiki says of a translatable page, ``None`` of a page never marked.

        Raises :class:`Refusal` (``translate-busy``) until the jobs of the first marking are done.
        """

    def marked(self, title: str) -> Marked | None:
        """Return the last marked revision, ``None`` of a page that is not marked.

        Raises :class:`Refusal` when the page is marked and nothing says which revision.
        """

    def used_ids(
        self, title: str, known: Mapping[str, str] = MappingProxyType({}), language: str = "en"
    ) -> Mapping[str, str | None]:
        """Return every id that the page ever had, with its last text, for ``marking.classify``.

        ``known`` are raw texts that need not be asked for (:attr:`Marked.units`); of the others
        the definition is given, ``None`` where the wiki has none. ``language`` is the page's own.
        """

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        """Return id and language of every unit page that there is, of removed units too."""

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        """Return each unit in a language by id, in the order of the last marked version.

        The title's unit (``translate.rules.TITLE_UNIT``) is among them.
        """

    def made_for(self, title: str, id: str, language: str) -> str | None:
        """Return the definition that a translation was made for, if the wiki knows it."""

    def left_translations(
        self, title: str, ids: Sequence[str], languages: Sequence[str], own: str = "en"
    ) -> Mapping[str, Collection[str]]:
        """Return by language the ids, of units that left the page, whose translation is there.

        Outdated translations do not count: with ``!!FUZZY!!``, or older than the unit's text in the
        page's ``own`` language. Of units that left the wiki says no more.
        """

    def disabled_languages(
        self, title: str, id: str, languages: Sequence[str]
    ) -> Mapping[str, str]:
        """Return those languages that the wiki takes no translations into, with its words.

        ``id`` is any unit of the last marked version: of other ones the wiki says only that.
        An account with the right ``translate-manage`` may translate into all languages.
        """

    def mark(self, title: str, revision: int, options: MarkOptions = AS_BEFORE) -> Marking:
        """Mark a page's newest revision.

        Raises :class:`Conflict` when the page is not at ``revision`` any more, :class:`Refusal`
        when the wiki does not mark it, :class:`Stop` when it refuses the account, and
        :class:`Unclear` when no answer came: then :meth:`marked` tells what happened.
        """

    def jobs_done(self, title: str, changed: Mapping[str, str], language: str = "en") -> bool:
        """Say whether the wiki is through with a marking, so that :meth:`states` can be believed.

        ``changed`` are the texts or definitions of changed and new units by id (fact 3.6);
        ``language`` is the page's own.
        """

    def unmarked_revisions(self, title: str, marked: int) -> Sequence[HistoryEntry]:
        """Return the page's revisions after the marked one, newest first."""

    def marked_revision(self, title: str) -> int:
        """Return the number of the last marked revision, 0 of a page that is not marked."""

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        """Return the pages of units by id and language as :meth:`Wiki.read_to_edit` does.

        Their texts hold ``!!FUZZY!!`` when outdated. In the page's own language it is the
        definition, once the jobs of the marking are done.
        """

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        """Save the text of a unit's page that is as :meth:`unit_pages` read it, or fail.

        Raises what ``wiki.interface.Wiki.save`` raises. A text without ``!!FUZZY!!`` stays
        outdated where the account lacks the right :data:`UNFUZZY_RIGHT` (fact 3.3).
        """


class NoTranslate:
    """Implements :class:`TranslateWiki` where nothing was ever marked, and nothing can be."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def version(self) -> str:
        return DEFAULT_VERSION

    @property
    def assumption(self) -> str:
        return ""

    def marking_refusal(self) -> tuple[str, str] | None:
        return NO_TRANSLATE, f"{self._name} has no Translate extension"

    def marking_url(self, title: str, revision: int) -> str:
        return ""

    def group(self, title: str) -> Group | None:
        return None

    def marked(self, title: str) -> Marked | None:
        return None

    def used_ids(
        self, title: str, known: Mapping[str, str] = MappingProxyType({}), language: str = "en"
    ) -> Mapping[str, str | None]:
        return dict(known)

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        return ()

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        return {}

    def made_for(self, title: str, id: str, language: str) -> str | None:
        return None

    def left_translations(
        self, title: str, ids: Sequence[str], languages: Sequence[str], own: str = "en"
    ) -> Mapping[str, Collection[str]]:
        return {}

    def disabled_languages(
        self, title: str, id: str, languages: Sequence[str]
    ) -> Mapping[str, str]:
        return {}

    def mark(self, title: str, revision: int, options: MarkOptions = AS_BEFORE) -> Marking:
        raise Refusal(
            NO_TRANSLATE,
            f"{title}: {self._name} has no Translate extension, so nothing can be marked there; "
            "take the kind “translatable” out of pages.yaml",
        )

    def jobs_done(self, title: str, changed: Mapping[str, str], language: str = "en") -> bool:
        return True

    def unmarked_revisions(self, title: str, marked: int) -> Sequence[HistoryEntry]:
        return ()

    def marked_revision(self, title: str) -> int:
        return 0

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        return {}

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        message = f"{page.title}: {self._name} has no Translate extension; nothing was saved"
        raise Refusal(NO_TRANSLATE, message)

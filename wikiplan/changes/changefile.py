"""Change sets as files: written by a preview, applied by an update (docs/operator/changes-json.md).

The first two lines hold the digest of all bytes after them, so that no byte of the file can change
unseen. Of a page its managed sections are stored, and digests of the whole texts: whoever applies
the file puts the sections into the page's text and compares.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Self

from wikiplan import files, records
from wikiplan.changes.changeset import (
    WRITTEN,
    Action,
    ChangeSet,
    LostText,
    Overwritten,
    PageBase,
    PageChange,
    Review,
    SectionChange,
    SectionState,
    Told,
    Verdict,
)
from wikiplan.changes.effects import BrokenText, LanguageEffect, Limits, PageEffect
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.changes.journal import RUN_ID
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.records import Count, Record
from wikiplan.render import SourceUnit
from wikiplan.translate import Effect
from wikiplan.value import asdict
from wikiplan.wiki import PageLanguage
from wikiplan.wikitext import SectionEdit, syntax

ONLY_OF_NO_TITLE = "only-of-no-title"
"""What -only: names can be no page."""

NAME = "changes.json"
FORMAT_VERSION = 1
MAKE_ANEW = "make a new one with plan_preview -out:DIR"
_START = '{\n  "digest": "sha256:'
_END = '",\n'

# --- the shape of the file, with its fields in their order ---


class SavedOverwritten(Record):
    revid: Count
    user: str


class SavedSection(Record):
    """A section; one that is not written needs no texts."""

    name: str
    state: SectionState
    before: str = ""
    after: str = ""
    own: str | None = None
    whole_before: str = ""
    whole_after: str | None = None
    overwritten: SavedOverwritten | None = None
    whose: str = ""
    was: str = ""

    @classmethod
    def of(cls, section: SectionChange) -> Self:
        fields: dict[str, Any] = {"name": section.name, "state": section.state}
        fields |= {"was": section.was} if section.was else {}
        if section.state in WRITTEN:
            fields |= {"before": section.before, "after": section.after, "own": section.own}
            if whole := section.whole:
                fields |= {"whole_before": whole.after, "whole_after": whole.before}
            if over := section.overwritten:
                fields["overwritten"] = SavedOverwritten(revid=over.number, user=over.user)
        if section.whose:
            fields["whose"] = section.whose
        return cls(**fields)

    def has_its_texts(self) -> bool:
        return self.state not in WRITTEN or {"before", "after", "own"} <= self.model_fields_set

    @property
    def change(self) -> SectionChange:
        if self.state not in WRITTEN:
            return SectionChange(self.name, self.state, "", "", whose=self.whose, was=self.was)
        over, before = self.overwritten, self.whole_after
        return SectionChange(
            self.name,
            self.state,
            self.before,
            self.after,
            own=self.own,
            overwritten=Overwritten(over.revid, over.user) if over else None,
            whose=self.whose,
            was=self.was,
            whole=None if before is None else SectionEdit(self.name, before, self.whole_before),
        )


class SavedLanguage(Record):
    lang: str
    kept: Count
    outdated: Count
    new: Count
    orphaned: Count
    words: Count
    labels: Count
    again: Count
    ready: Count = 0
    broken: tuple[BrokenText, ...] = ()


class SavedPageLanguage(Record):
    """The language that a page gets, and the one that it has; ``usual`` is the wiki's own."""

    before: str
    after: str
    summary: str
    usual: bool = False

    @classmethod
    def of(cls, language: PageLanguage) -> Self:
        fields: dict[str, Any] = {"usual": True} if language.usual else {}
        texts = {"before": language.before, "after": language.after, "summary": language.summary}
        return cls(**texts, **fields)

    @property
    def language(self) -> PageLanguage:
        return PageLanguage(self.before, self.after, usual=self.usual, summary=self.summary)


class SavedEffect(Record):
    marked_revid: Count
    spared: tuple[str, ...]
    meant: tuple[str, ...] = ()
    units: tuple[Effect, ...]
    languages: tuple[SavedLanguage, ...]

    @classmethod
    def of(cls, effect: PageEffect) -> Self:
        rows = (asdict(each) for each in effect.languages)
        return cls(
            marked_revid=effect.marked,
            spared=effect.spared,
            meant=effect.meant,
            units=effect.changes,
            languages=tuple(SavedLanguage(lang=row.pop("language"), **row) for row in rows),
        )

    @property
    def effect(self) -> PageEffect:
        rows = (dict(each) for each in self.languages)
        languages = tuple(LanguageEffect(row.pop("lang"), **row) for row in rows)
        return PageEffect(self.marked_revid, self.units, languages, self.spared, self.meant)


MOST_NAME, MOST_COMMENT = 100, 5000
"""Characters of a reviewer's name and comment."""


class SavedReview(Record):
    """What somebody said of a page; ``approves`` is its ``after_sha256`` as they saw it."""

    by: Annotated[
        str, records.holding("a name", lambda name: name.strip() and len(name) <= MOST_NAME)
    ]
    time: datetime
    comment: Annotated[
        str, records.holding("a shorter comment", lambda text: len(text) <= MOST_COMMENT)
    ] = ""
    approves: Annotated[
        str, records.holding("a SHA-256", re.compile("([0-9a-f]{64})?").fullmatch)
    ] = ""

    @classmethod
    def of(cls, review: Review) -> Self:
        more = {"comment": review.comment, "approves": review.approves}
        time = review.time.astimezone(UTC).replace(microsecond=0)
        return cls(by=review.by, time=time, **{name: text for name, text in more.items() if text})

    def of_text(self, after_sha256: str) -> Review:
        """Return what was said of a page that gets the text of this digest."""
        verdict = Verdict.NONE
        if self.approves:
            verdict = Verdict.APPROVED if self.approves == after_sha256 else Verdict.OTHER
        return Review(self.by, self.time, self.comment, self.approves, verdict)


_ACTIONS = [action for action in Action if action is not Action.DELETE]
_Action = Annotated[
    Action,
    records.holding("an action of a change set", _ACTIONS.__contains__),
    records.told_as(f"one of {', '.join(_ACTIONS)}"),
]
_Section = Annotated[
    SavedSection,
    records.holding("a section with its before, after and own", SavedSection.has_its_texts),
]


class SavedPage(Record):
    """A page's change without the page's texts, of which it has the SHA-256 in hex.

    ``after_sha256`` is empty when only some of the sections are wanted: nobody knows the text then.
    Of a page in step both are: it may not have been read.
    """

    title: str
    lang: str
    action: _Action
    reason: str
    code: str
    page_id: Count
    base_revid: Count
    before_sha256: str
    after_sha256: str
    summary: str
    place: Annotated[str | dict[str, str], records.told_as("a text")]
    sections: tuple[_Section, ...]
    untranslated: tuple[str, ...]
    outdated: tuple[str, ...]
    lost: tuple[LostText, ...] = ()
    units: tuple[SourceUnit, ...]
    translations: SavedEffect | None
    undoes: str = ""
    instead: str | None = None
    made_of: MadeOf | None = None
    page_language: SavedPageLanguage | None = None
    reviews: tuple[SavedReview, ...] = ()

    @classmethod
    def of(cls, page: PageChange) -> Self:
        language = page.new_language if page.to_write else None
        return cls(
            title=page.title,
            lang=page.language,
            action=page.action,
            reason=page.told.reason,
            code=page.told.code,
            page_id=page.base.page_id,
            base_revid=page.base.revision,
            before_sha256="" if page.in_step else digest(page.before),
            after_sha256="" if page.in_step else digest(page.after),
            summary=page.told.summary,
            place=page.place if isinstance(page.place, str) else dict(page.place),
            sections=tuple(map(SavedSection.of, page.sections)),
            untranslated=page.told.untranslated,
            outdated=page.told.outdated,
            **{"lost": page.told.lost} if page.told.lost else {},
            units=page.units,
            translations=SavedEffect.of(page.effect) if page.effect else None,
            **{"undoes": page.undoes} if page.undoes else {},
            **{} if page.instead is None else {"instead": page.instead},
            **{"made_of": page.made_of} if page.made_of and page.to_write else {},
            **{"page_language": SavedPageLanguage.of(language)} if language else {},
            **{"reviews": tuple(map(SavedReview.of, page.reviews))} if page.reviews else {},
        )

    @property
    def change(self) -> PageChange:
        return PageChange(
            base=PageBase(self.title, self.lang, self.page_id, self.base_revid),
            action=self.action,
            sections=tuple(section.change for section in self.sections),
            place=self.place,
            told=Told(
                reason=self.reason,
                code=self.code,
                summary=self.summary,
                untranslated=self.untranslated,
                outdated=self.outdated,
                lost=self.lost,
            ),
            units=self.units,
            effect=self.translations.effect if self.translations else None,
            undoes=self.undoes,
            instead=self.instead,
            made_of=self.made_of,
            page_language=self.page_language.language if self.page_language else None,
            reviews=tuple(each.of_text(self.after_sha256) for each in self.reviews),
        )


class SavedLimits(Record):
    """What the run may do to translations when it is applied, whatever it did when it was made."""

    most_orphaned: Count
    most_outdated: Count
    allowed: tuple[str, ...]
    source_language: str

    @classmethod
    def of(cls, changes: ChangeSet) -> Self:
        limits = changes.limits
        return cls(
            most_orphaned=limits.most_orphaned,
            most_outdated=limits.most_outdated,
            allowed=tuple(limits.allowed),
            source_language=changes.source_language,
        )

    @property
    def of_the_set(self) -> dict[str, Any]:
        """The fields of the change set that it gives."""
        limits = Limits(self.most_orphaned, self.most_outdated, self.allowed)
        return {"limits": limits, "source_language": self.source_language}


class SavedSet(Record):
    """A change set as saved. ``plan_sha256`` is of the plan's files, ``made`` is UTC.

    ``bot`` says that the account had the bot right, which its edits are then to be flagged with.
    ``inputs`` is there where the change set was rendered, and not of a run that is taken back,
    ``limits`` where a page is translatable, ``plan`` where the plan has a name.
    """

    version: Count
    run: Annotated[str, records.holding("a run's id", RUN_ID.fullmatch)]
    site: str
    account: str
    bot: bool = False
    made: datetime
    plan_sha256: str
    plan: str = ""
    inputs: Inputs | None = None
    limits: SavedLimits | None = None
    stop_page: str
    lock_page: str = ""
    most_pages: Count
    most_shrink: Count
    pages: tuple[SavedPage, ...]

    @classmethod
    def of(cls, changes: ChangeSet, made: datetime, plan: str) -> Self:
        return cls(
            version=FORMAT_VERSION,
            run=changes.run,
            site=changes.site,
            account=changes.account.name,
            **{"bot": True} if "bot" in changes.account.rights else {},
            made=made.astimezone(UTC).replace(microsecond=0),
            plan_sha256=plan,
            **{"plan": changes.plan} if changes.plan else {},
            **{"inputs": changes.inputs} if changes.inputs else {},
            **{"limits": SavedLimits.of(changes)} if any(p.effect for p in changes.pages) else {},
            stop_page=changes.stop_page,
            **{"lock_page": changes.lock_page} if changes.lock_page else {},
            most_pages=changes.most_pages,
            most_shrink=changes.most_shrink,
            pages=tuple(map(SavedPage.of, changes.pages)),
        )


class _Versioned(Record, extra="ignore"):
    """What a file of any version of the format says of itself."""

    version: Count


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- writing ---


def check_place(directory: Path) -> None:
    """Raise when no file could be written there, before a preview does its work."""
    above = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not above.is_dir():
        raise WikiplanError("file-above-out", f"-out:{directory}: {above} is a file; name a folder")


def write(directory: Path, changes: ChangeSet, made: datetime, plan: str) -> Path:
    """Write ``changes.json`` into a directory, whole or not at all; returns its path."""
    path = directory / NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        files.replace(path, as_bytes(changes, made, plan))
    except OSError as error:
        raise WikiplanError(
            "unwritable-out", f"-out:{directory}: cannot be written ({error.strerror})"
        ) from error
    return path


def as_bytes(changes: ChangeSet, made: datetime, plan: str) -> bytes:
    data = SavedSet.of(changes, made, plan).model_dump(mode="json", exclude_unset=True)
    rest = json.dumps(data, ensure_ascii=False, indent=2).removeprefix("{\n") + "\n"
    return (_START + digest(rest) + _END + rest).encode()


# --- reading ---


def read(path: Path) -> SavedSet:
    """Read a change set. Raises :class:`WikiplanError` when a byte is not as it was written."""
    try:
        data = files.read(path)
    except files.UnreadableError as error:
        advice = f"name the {NAME} that plan_preview -out:DIR wrote"
        raise WikiplanError(
            "unreadable-change-set", f"{path}: {error.message.wrong}; {advice}"
        ) from error
    return read_bytes(data, str(path))


def read_bytes(data: bytes, path: str) -> SavedSet:
    """Read a change set of a file that somebody has read, or sent, named ``path``."""
    data = _checked(path, data)
    version = records.read(_Versioned, data, path).version
    if version != FORMAT_VERSION:
        raise WikiplanError(
            "other-format",
            f"{path}: has version {version} of the format, and this program knows "
            f"{FORMAT_VERSION}; apply it with the wikiplan that wrote it, or {MAKE_ANEW}",
        )
    return records.read(SavedSet, data, path)


def _checked(path: str, data: bytes) -> bytes:
    """Compare every byte with the digest in the file; returns it without, all else in its line."""
    lines = data.split(b"\n", 2)
    rest = lines[2] if len(lines) == 3 else b""
    if not data.startswith(_START.encode()):
        raise WikiplanError(
            "no-change-set", f"{path}: is no change set, or was damaged; {MAKE_ANEW}"
        )
    if data != (_START + hashlib.sha256(rest).hexdigest() + _END).encode() + rest:
        raise WikiplanError(
            "damaged-change-set",
            f"{path}: was changed or damaged after plan_preview wrote it (its digest is not that "
            f"of its contents); nothing was done; {MAKE_ANEW}",
        )
    return b"{\n\n" + rest


# --- what reviewers say ---


def reviewed(saved: SavedSet, said: Mapping[str, SavedReview]) -> SavedSet:
    """Return a change set with what somebody says of its pages, by title."""
    pages = (
        page.model_copy(update={"reviews": (*page.reviews, said[page.title])})
        if page.title in said
        else page
        for page in saved.pages
    )
    return saved.model_copy(update={"pages": tuple(pages)})


# --- choosing ---


def pick(saved: SavedSet, only: Sequence[str]) -> SavedSet:
    """Return the part of a change set that ``only`` names: ``PAGE`` or ``PAGE#SECTION``."""
    if not only:
        return saved
    wanted: dict[str, set[str]] = {}
    for each in only:
        title, _, section = each.partition("#")
        wanted.setdefault(_known(title, saved, each), set()).add(section)
    pages = (page for page in saved.pages if page.title in wanted)
    picked = tuple(_picked(page, wanted[page.title]) for page in pages)
    return saved.model_copy(update={"pages": picked})


def _known(title: str, saved: SavedSet, given: str) -> str:
    known = [page.title for page in saved.pages]
    if title not in known:
        try:
            title = syntax.normal_title(title)
        except ValueError as error:
            raise WikiplanError(ONLY_OF_NO_TITLE, f"-only:{given}: the title {error}") from error
    if title not in known:
        hint = did_you_mean(title, known) or "look into the file"
        raise WikiplanError(
            "only-of-no-page", f"-only:{given}: the change set has no such page; {hint}"
        )
    return title


def _picked(page: SavedPage, names: Iterable[str]) -> SavedPage:
    """Return a page's change with some of its sections; ``""`` among the names stands for all."""
    written = [section.name for section in page.sections if section.state in WRITTEN]
    for name in set(names) - {""}:
        if name not in written:
            told = ", ".join(written) or "none"
            raise WikiplanError(
                "only-of-no-section",
                f"-only:{page.title}#{name}: the change set does not write this section; "
                f"it writes {told}",
            )
    if "" in names or set(written) <= set(names):
        return page
    sections = tuple(
        section if section.name in names or section.state not in WRITTEN
        else SavedSection(name=section.name, state=SectionState.LEFT_OUT)
        for section in page.sections
    )  # fmt: skip
    return page.model_copy(update={"sections": sections, "summary": "", "after_sha256": ""})

"""Change sets as files: written by a preview, applied by an update (docs/operator/changes-json.md).

The first two lines hold the digest of all bytes after them, so that no byte of the file can change
unseen. Of a page its managed sections are stored, and digests of the whole texts: whoever applies
the file puts the sections into the page's text and compares. Shapes are checked by plain code.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from wikiplan import files
from wikiplan.changes.changeset import (
    WRITTEN,
    Action,
    ChangeSet,
    Overwritten,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.changes.effects import LanguageEffect, PageEffect
from wikiplan.changes.journal import RUN_ID
from wikiplan.errors import WikiplanError, did_you_mean
from wikiplan.render import SourceUnit
from wikiplan.translate import Cause, Effect, Kind
from wikiplan.wikitext import Whole, syntax

# Reading JSON whose shape is known: what is not as expected is named with its place.


_HALF = re.compile("[\ud800-\udfff]")  # of a character: JSON can write it, UTF-8 cannot
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Fields:
    """An object of a JSON file; ``where`` is the file and the way to it, for messages.

    Every method raises :class:`WikiplanError` when the field is missing or of another type.
    """

    data: Any
    where: str

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def given(self, name: str) -> bool:
        """Say whether the object has a field at all that it need not have."""
        return isinstance(self.data, dict) and name in self.data

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str) or _HALF.search(value):
            self._wrong(name, "a text")
        return value

    def match(self, name: str, form: re.Pattern[str], what: str) -> str:
        value = self.text(name)
        if not form.fullmatch(value):
            self._wrong(name, what)
        return value

    def number(self, name: str) -> int:
        """Return a count or an id: a whole number, 0 or more."""
        value = self._get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._wrong(name, "a number")
        return value

    def word(self, name: str, words: type[Word], never: Collection[Word] = ()) -> Word:
        known = [word for word in words if word not in never]
        if self.text(name) not in known:
            self._wrong(name, f"one of {', '.join(known)}")
        return words(self.text(name))

    def time(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(self.text(name)).astimezone(UTC)
        except ValueError:
            self._wrong(name, "a time")

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        if not _all_text(values):
            self._wrong(name, "a list of texts")
        return tuple(values)

    def rows(self, name: str, length: int) -> tuple[tuple[str, ...], ...]:
        values = self._list(name)
        for row in values:
            if not (isinstance(row, list) and len(row) == length and _all_text(row)):
                self._wrong(name, f"lists of {length} texts")
        return tuple(tuple(row) for row in values)

    def text_or_texts(self, name: str) -> str | Mapping[str, str]:
        value = self._get(name)
        if isinstance(value, dict) and _all_text(list(value.values())):
            return value
        return self.text(name)

    def object(self, name: str) -> Fields:
        return Fields(self._get(name), f"{self.where}: {name}")

    def objects(self, name: str) -> tuple[Fields, ...]:
        values = enumerate(self._list(name))
        return tuple(Fields(value, f"{self.where}: {name}[{index}]") for index, value in values)

    def _list(self, name: str) -> list[Any]:
        value = self._get(name)
        if not isinstance(value, list):
            self._wrong(name, "a list")
        return value

    def _get(self, name: str) -> Any:
        if not isinstance(self.data, dict) or name not in self.data:
            self._wrong(name, "a value")
        return self.data[name]

    def _wrong(self, name: str, wanted: str) -> NoReturn:
        raise WikiplanError(f"{self.where}: {name}: {wanted} is expected here")


def _all_text(values: list[Any]) -> bool:
    return all(isinstance(value, str) and not _HALF.search(value) for value in values)


# Change sets as files: written by a preview, applied by an update (docs/operator/changes-json.md).


NAME = "changes.json"
VERSION = 1
AGAIN = "make a new one with plan_preview -out:DIR"
_START = '{\n  "digest": "sha256:'
_END = '",\n'
_COUNTS = ("kept", "outdated", "new", "orphaned", "words", "labels", "again")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page's change without the page's texts; ``before`` and ``after`` are their SHA-256 in hex.

    ``after`` is empty when only some of the sections are wanted: nobody knows the text then.
    """

    change: PageChange
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SavedSet:
    """A change set as saved. ``plan`` is the digest of the plan's files, ``made`` is UTC."""

    run: str
    site: str
    account: str
    made: datetime
    plan: str
    stop_page: str
    most_pages: int
    most_shrink: int
    pages: tuple[SavedPage, ...]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plan_digest(*directories: Path) -> str:
    """Return a digest of the names and bytes of all files in the plan's directories."""
    whole = hashlib.sha256()
    for directory in directories:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            name = path.relative_to(directory).as_posix()
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


# --- writing ---


def check_place(directory: Path) -> None:
    """Raise when no file could be written there, before a preview does its work."""
    above = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not above.is_dir():
        raise WikiplanError(f"-out:{directory}: {above} is a file; name a folder")


def write(directory: Path, changes: ChangeSet, made: datetime, plan: str) -> Path:
    """Write ``changes.json`` into a directory, whole or not at all; returns its path."""
    path = directory / NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        files.replace(path, as_bytes(changes, made, plan))
    except OSError as error:
        raise WikiplanError(f"-out:{directory}: cannot be written ({error.strerror})") from error
    return path


def as_bytes(changes: ChangeSet, made: datetime, plan: str) -> bytes:
    data = {
        "version": VERSION,
        "run": changes.run,
        "site": changes.site,
        "account": changes.account.name,
        "made": f"{made.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "plan_sha256": plan,
        "stop_page": changes.stop_page,
        "most_pages": changes.most_pages,
        "most_shrink": changes.most_shrink,
        "pages": [_page(page) for page in changes.pages],
    }
    rest = json.dumps(data, ensure_ascii=False, indent=2).removeprefix("{\n") + "\n"
    return (_START + digest(rest) + _END + rest).encode()


def _page(page: PageChange) -> dict[str, Any]:
    return {
        "title": page.title,
        "lang": page.language,
        "action": page.action,
        "reason": page.reason,
        "code": page.code,
        "page_id": page.page_id,
        "base_revid": page.base,
        "before_sha256": digest(page.before),
        "after_sha256": digest(page.after),
        "summary": page.summary,
        "place": page.place if isinstance(page.place, str) else dict(page.place),
        "sections": [_section(section) for section in page.sections],
        "untranslated": list(page.untranslated),
        "outdated": list(page.outdated),
        "units": [list(unit) for unit in page.units],
        "translations": _effect(page.effect) if page.effect else None,
    } | ({"undoes": page.undoes} if page.undoes else {})


def _section(section: SectionChange) -> dict[str, Any]:
    """Return a section; one that is not written has no texts."""
    start = {"name": section.name, "state": section.state}
    if section.state not in WRITTEN:
        return start
    texts: dict[str, Any] = {"before": section.before, "after": section.after}
    texts["own"] = section.own
    if section.whole:
        texts |= {"whole_before": section.whole.after, "whole_after": section.whole.before}
    if over := section.overwritten:
        texts["overwritten"] = {"revid": over.number, "user": over.user}
    return start | texts


def _effect(effect: PageEffect) -> dict[str, Any]:
    return {
        "marked_revid": effect.marked,
        "spared": list(effect.spared),
        "units": [
            {name: getattr(unit, name) for name in ("id", "kind", "cause", "before", "after")}
            for unit in effect.changes
        ],
        "languages": [
            {"lang": each.language} | {name: getattr(each, name) for name in _COUNTS}
            for each in effect.languages
        ],
    }


# --- reading ---


def read(path: Path) -> SavedSet:
    """Read a change set. Raises :class:`WikiplanError` when a byte is not as it was written."""
    try:
        data = path.read_bytes()
    except OSError as error:
        advice = f"name the {NAME} that plan_preview -out:DIR wrote"
        raise WikiplanError(f"{path}: cannot be read ({error.strerror}); {advice}") from error
    fields = Fields(_checked(path, data), str(path))
    if (version := fields.number("version")) != VERSION:
        raise WikiplanError(
            f"{path}: has version {version} of the format, and this program knows {VERSION}; "
            f"apply it with the wikiplan that wrote it, or {AGAIN}"
        )
    return _saved_set(fields)


def _checked(path: Path, data: bytes) -> Any:
    """Return what the file says, after comparing every byte of it with the digest."""
    lines = data.split(b"\n", 2)
    rest = lines[2] if len(lines) == 3 else b""
    if not data.startswith(_START.encode()):
        raise WikiplanError(f"{path}: is no change set, or was damaged; {AGAIN}")
    if data != (_START + hashlib.sha256(rest).hexdigest() + _END).encode() + rest:
        raise WikiplanError(
            f"{path}: was changed or damaged after plan_preview wrote it (its digest is not that "
            f"of its contents); nothing was done; {AGAIN}"
        )
    try:
        return json.loads(data)
    except ValueError as error:
        raise WikiplanError(f"{path}: is no JSON ({error}); {AGAIN}") from error


def _saved_set(fields: Fields) -> SavedSet:
    return SavedSet(
        fields.match("run", RUN_ID, "a run's id"),
        fields.text("site"),
        fields.text("account"),
        fields.time("made"),
        fields.text("plan_sha256"),
        fields.text("stop_page"),
        fields.number("most_pages"),
        fields.number("most_shrink"),
        tuple(_saved_page(page) for page in fields.objects("pages")),
    )


def _saved_page(fields: Fields) -> SavedPage:
    change = PageChange(
        title=fields.text("title"),
        language=fields.text("lang"),
        action=fields.word("action", Action, never=(Action.DELETE,)),
        page_id=fields.number("page_id"),
        base=fields.number("base_revid"),
        sections=tuple(_saved_section(section) for section in fields.objects("sections")),
        reason=fields.text("reason"),
        code=fields.text("code"),
        summary=fields.text("summary"),
        untranslated=fields.texts("untranslated"),
        outdated=fields.texts("outdated"),
        units=tuple(SourceUnit(*unit) for unit in fields.rows("units", 3)),
        effect=_saved_effect(fields.object("translations")) if fields.has("translations") else None,
        place=fields.text_or_texts("place"),
        undoes=fields.text("undoes") if fields.given("undoes") else "",
    )
    return SavedPage(change, fields.text("before_sha256"), fields.text("after_sha256"))


def _saved_section(fields: Fields) -> SectionChange:
    name, state = fields.text("name"), fields.word("state", SectionState)
    if state not in WRITTEN:
        return SectionChange(name, state, "", "")
    own = fields.text("own") if fields.has("own") else None
    whole = None
    if fields.given("whole_after"):
        whole = Whole(name, fields.text("whole_after"), fields.text("whole_before"))
    before, after = fields.text("before"), fields.text("after")
    over = _overwritten(fields.object("overwritten")) if fields.given("overwritten") else None
    return SectionChange(name, state, before, after, own, overwritten=over, whole=whole)


def _overwritten(fields: Fields) -> Overwritten:
    return Overwritten(fields.number("revid"), fields.text("user"))


def _saved_effect(fields: Fields) -> PageEffect:
    units = tuple(
        Effect(
            unit.text("id"),
            unit.word("kind", Kind),
            unit.word("cause", Cause),
            unit.text("before") if unit.has("before") else None,
            unit.text("after") if unit.has("after") else None,
        )
        for unit in fields.objects("units")
    )
    languages = tuple(
        LanguageEffect(each.text("lang"), *map(each.number, _COUNTS))
        for each in fields.objects("languages")
    )
    return PageEffect(fields.number("marked_revid"), units, languages, fields.texts("spared"))


# --- choosing ---


def pick(saved: SavedSet, only: Sequence[str]) -> SavedSet:
    """Return the part of a change set that ``only`` names: ``PAGE`` or ``PAGE#SECTION``."""
    if not only:
        return saved
    wanted: dict[str, set[str]] = {}
    for each in only:
        title, _, section = each.partition("#")
        wanted.setdefault(_known(title, saved, each), set()).add(section)
    pages = (page for page in saved.pages if page.change.title in wanted)
    return replace(saved, pages=tuple(_picked(page, wanted[page.change.title]) for page in pages))


def _known(title: str, saved: SavedSet, given: str) -> str:
    known = [page.change.title for page in saved.pages]
    if title not in known:
        try:
            title = syntax.normal_title(title)
        except ValueError as error:
            raise WikiplanError(f"-only:{given}: the title {error}") from error
    if title not in known:
        hint = did_you_mean(title, known) or "look into the file"
        raise WikiplanError(f"-only:{given}: the change set has no such page; {hint}")
    return title


def _picked(page: SavedPage, names: Iterable[str]) -> SavedPage:
    """Return a page's change with some of its sections; ``""`` among the names stands for all."""
    written = [s.name for s in page.change.sections if s.state in WRITTEN]
    for name in set(names) - {""}:
        if name not in written:
            told = ", ".join(written) or "none"
            raise WikiplanError(
                f"-only:{page.change.title}#{name}: the change set does not write this section; "
                f"it writes {told}"
            )
    if "" in names or set(written) <= set(names):
        return page
    sections = tuple(
        s if s.name in names or s.state not in WRITTEN
        else SectionChange(s.name, SectionState.LEFT_OUT, "", "")
        for s in page.change.sections
    )  # fmt: skip
    return SavedPage(replace(page.change, sections=sections, summary=""), page.before, "")

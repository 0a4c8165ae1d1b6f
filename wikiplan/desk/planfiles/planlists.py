"""The plan's files at the desk: their lists, whose entries are added, moved and removed there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wikiplan import files
from wikiplan.catalogs import Catalogs
from wikiplan.desk.answering import Answers, Asked, Elsewhere, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.entries import Model, entries_of, one_of, title_of
from wikiplan.desk.planfiles.fields import Names
from wikiplan.desk.planfiles.leaving import INSTEAD, following, offered, retired
from wikiplan.desk.planfiles.newentries import NAME, Field, fields_of, made, with_key
from wikiplan.desk.planfiles.places import Place, check_file, document_of
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.plan import kinds, prefix
from wikiplan.session.session import Session
from wikiplan.value import Value
from wikiplan.yaml import value_in, with_item_moved, with_items, with_keys, without

LABEL = "The plan"
PAGES = "pages"

_UNWRITABLE = "unwritable-at-the-desk"


def answers(desk: Desk) -> Answers:
    lists = _Lists(desk)
    return {
        "plan": lists.plan,
        "plan-add": lists.form,
        "plan-remove": lists.ask,
        "change/plan-add": lists.add,
        "change/plan-move": lists.move,
        "change/plan-remove": lists.remove,
    }


class _Opened(Value):
    """A file as it was when somebody was shown it: its bytes and data."""

    stem: str
    version: str
    raw: bytes
    data: Mapping[str, Any]


class _Lists:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- what there is ---

    def plan(self, asked: Asked) -> Shown:
        """Show the plan's files, or one of them as its lists."""
        work, stem = self._desk.current(), asked.query.get("file", "")
        titles = {
            each: kinds.file_kind(each).title for each in work.plan.files if _has_lists(work, each)
        }
        if not stem:
            return Shown("plan", {"titles": titles})
        check_file(work.plan, stem)
        opened = self._opened(work, stem)
        findings = [str(each) for each in self._desk.trials.of().faults if _is_of(each, stem)]
        values = {
            "file": stem,
            "title": kinds.file_kind(stem).title,
            "version": opened.version,
            "lists": entries_of(stem, opened.data),
            "findings": findings,
        }
        return Shown("planfile", values)

    # --- adding ---

    def form(self, asked: Asked) -> Shown:
        """Show the form of a new entry."""
        work, place = self._place(asked.query)
        return self._form(work, place, self._opened(work, place.stem), ())

    def add(self, asked: Asked) -> Shown | Elsewhere:
        work, place = self._place(asked.form or {})
        opened = self._opened(work, place.stem, (asked.form or {}).get("version", ""))
        fields, others = self._fields(work, place, opened)
        name = dict(asked.all).get(NAME, "").strip()
        try:
            used = used_keys(work, place, opened.data)
            taken = {str(each.get("key")) for each in others if isinstance(each, dict)}
            entry = with_key(made(fields, asked.all), fields, taken | used)
            _check_unused(entry, used)
            change = self._change(work, opened, lambda data: _added(data, place, name, entry))
            called = title_of(entry, name or place.path[-1])
            told = f"Added to {place.file}: the {_one(place)} “{called}”."
            return self._back(place, self._desk.writing.write(told, [change]))
        except WikiplanError as error:
            return self._form(work, place, opened, asked.all).with_error(error)

    def _form(
        self, work: Session, place: Place, opened: _Opened, typed: tuple[tuple[str, str], ...]
    ) -> Shown:
        fields, _ = self._fields(work, place, opened)
        given = {
            field.path: [text for name, text in typed if name == field.path] for field in fields
        }
        values = {
            "place": place.address,
            "file": place.stem,
            "version": opened.version,
            "one": _one(place),
            "within": _within(opened.data, place),
            "fields": fields,
            "typed": given,
            "errors": (),
        }
        return Shown("planadd", values)

    def _fields(
        self, work: Session, place: Place, opened: _Opened
    ) -> tuple[tuple[Field, ...], list[Any]]:
        """Return the fields of a new entry, and its neighbours."""
        model = Model.of_file(place.stem).at(place.path[:-1])
        if model.inner is None:
            raise WikiplanError(
                "no-list-here", f"{place.file} has no list there; go back to the plan"
            )
        there = value_in(opened.data, place.path[:-1])
        others = [*there.values()] if isinstance(there, dict) else there or []
        names = Names.of_plan(work.plan, work.options.templates)
        return fields_of(model, names, _one(place), others), others

    # --- moving and removing ---

    def move(self, asked: Asked) -> Elsewhere:
        work, place = self._place(asked.form or {})
        form = asked.form or {}
        opened = self._opened(work, place.stem, form.get("version", ""))
        there, at = value_in(opened.data, place.path[:-1]), place.path[-1]
        step = -1 if form.get("to") == "up" else 1
        if (
            not isinstance(there, list)
            or not isinstance(at, int)
            or not 0 <= at + step < len(there)
        ):
            return self._back(place, "Nothing was moved: it is the first, or the last one.")
        change = self._change(
            work, opened, lambda data: with_item_moved(data, place.path, at + step)
        )
        where = "up" if step < 0 else "down"
        told = f"Moved {where} in {place.file}: the {_one(place)} “{title_of(there[at], at)}”."
        return self._back(place, self._desk.writing.write(told, [change]))

    def ask(self, asked: Asked) -> Shown:
        """Show what would follow if an entry went."""
        work, place = self._place(asked.query)
        return self._asked(work, place, self._opened(work, place.stem), {})

    def remove(self, asked: Asked) -> Shown | Elsewhere:
        work, place = self._place(asked.form or {})
        form = asked.form or {}
        opened = self._opened(work, place.stem, form.get("version", ""))
        called = self._called(opened, place)
        remains = form.get("remains", "")
        try:
            changes = [self._change(work, opened, lambda data: _without(data, opened, place))]
            if remains:
                said = {remains: form.get(remains, "").strip()} if remains in INSTEAD else remains
                changes = self._retiring(work, changes[0], said)
            told = f"Removed from {place.file}: the {_one(place)} “{called}”."
            return self._back(place, self._desk.writing.write(told, changes))
        except WikiplanError as error:
            return self._asked(work, place, opened, form).with_error(error)

    def _retiring(self, work: Session, change: FileChange, remains: Any) -> list[FileChange]:
        """Return a change with what ``pages.yaml`` says then of what stays on the wiki."""
        left = following(work, self._desk.trials, change).left
        path = work.options.data / f"{PAGES}.yaml"
        same = change.path == path
        before: bytes | None = change.before if same else files.read(path)
        after = change.after if same else files.read(path)
        data = document_of(after, path.name).data
        entries = retired(data, left, remains)
        count = len(data.get("retired", ()))
        if entries:
            after = _written(path.name, lambda: with_items(after, ("retired", count), entries))
        pages = FileChange(path, before, after)
        return [pages] if same else [change, *([pages] if entries else [])]

    def _asked(
        self, work: Session, place: Place, opened: _Opened, typed: Mapping[str, str]
    ) -> Shown:
        called = self._called(opened, place)
        change = self._change(work, opened, lambda data: _without(data, opened, place))
        found = following(work, self._desk.trials, change)
        values = {
            "place": place.address,
            "file": place.stem,
            "version": opened.version,
            "one": _one(place),
            "called": called,
            "found": found,
            "remains": offered(found.left),
            "instead": INSTEAD,
            "typed": typed,
            "errors": (),
        }
        return Shown("planremove", values)

    # --- what they share ---

    def _place(self, words: Mapping[str, str]) -> tuple[Session, Place]:
        work = self._desk.current()
        address = words.get("place", "")
        stem = address.partition(":")[0]
        check_file(work.plan, stem)
        place = Place.of(address, work.plan.files[stem])
        if not place.path:
            raise WikiplanError("no-place-in-file", "the address names no entry; go to the plan")
        return work, place

    def _opened(self, work: Session, stem: str, version: str | None = None) -> _Opened:
        file, writing = f"{stem}.yaml", self._desk.writing
        version = writing.version(file) if version is None else version
        raw = writing.of_version(file, version)
        if raw is None:
            raise WikiplanError("file-not-there", f"{file} is not there any more; go to the plan")
        document = document_of(raw, files.shown(work.options.data / file))
        return _Opened(stem, version, raw, document.data)

    def _change(self, work: Session, opened: _Opened, edit: Callable[[bytes], bytes]) -> FileChange:
        path = work.options.data / f"{opened.stem}.yaml"
        after = _written(path.name, lambda: edit(opened.raw))
        return FileChange(path, opened.raw, after)

    def _called(self, opened: _Opened, place: Place) -> str:
        there = value_in(opened.data, place.path)
        if there is None:
            raise WikiplanError(
                "no-such-entry", f"{place.file} has no such entry any more; go back to the plan"
            )
        return title_of(there, place.path[-1])

    def _back(self, place: Place, told: str) -> Elsewhere:
        return Elsewhere("plan", {"file": place.stem}, told)


def used_keys(work: Session, place: Place, data: Mapping[str, Any]) -> set[str]:
    """Return the keys that entries of a list had once: translations are kept under them."""
    sizes = range(1, len(place.path))
    above = [value_in(data, place.path[:n]) for n in sizes if isinstance(place.path[n - 1], int)]
    names = [prefix(place.stem), *(str(each.get("key")) for each in above if each)]
    start = f"{'.'.join(names)}."
    paths = Catalogs(work.options.data / "locale", ()).files()
    obsolete = re.compile(rf'^#~ msgctxt "{re.escape(start)}([^".]+)'.encode(), re.MULTILINE)
    return {key.decode() for path in paths for key in obsolete.findall(files.read(path))}


def _check_unused(entry: Any, used: set[str]) -> None:
    key = entry.get("key") if isinstance(entry, dict) else None
    if key in used:
        raise WikiplanError(
            "key-used-before",
            f"the key {key} was used before, and catalogs keep its translations; choose another",
        )


def _written(file: str, edit: Callable[[], bytes]) -> bytes:
    try:
        return edit()
    except ValueError as error:
        raise WikiplanError(_UNWRITABLE, f"{file}: {error}; change the file by hand") from error


def _has_lists(work: Session, stem: str) -> bool:
    return bool(entries_of(stem, work.plan.files[stem]))


def _is_of(fault: Any, stem: str) -> bool:
    return str(fault.file).endswith(f"/{stem}.yaml") or fault.file == f"{stem}.yaml"


def _one(place: Place) -> str:
    """Return what an entry of a list is called."""
    above = place.path[-2] if len(place.path) > 1 else place.stem
    return one_of(str(above))


def _within(data: Mapping[str, Any], place: Place) -> str:
    """Return what the entry is called that a list is in, empty for a list of the file itself."""
    for size in range(len(place.path) - 2, 0, -1):
        if isinstance(place.path[size - 1], int):
            there = value_in(data, place.path[:size])
            return title_of(there, place.path[size - 1])
    return ""


def _added(data: bytes, place: Place, name: str, entry: Any) -> bytes:
    if isinstance(place.path[-1], int) and not name:
        return with_items(data, place.path, [entry])
    if not name:
        raise ValueError("the new entry has no key")
    return with_keys(data, place.path[:-1], {name: entry})


def _without(data: bytes, opened: _Opened, place: Place) -> bytes:
    """Return the file without an entry; a list that needs none goes with its last one."""
    above = place.path[:-1]
    there = value_in(opened.data, above)
    if there is None or value_in(opened.data, place.path) is None:
        raise ValueError("there is no such entry any more")
    model = Model.of_file(place.stem)
    around = model.at(above[:-1]) if above else None
    optional = around is not None and above[-1] in around.properties
    if len(there) == 1 and optional and around and above[-1] not in around.required:
        return without(data, [above])
    return without(data, [place.path])

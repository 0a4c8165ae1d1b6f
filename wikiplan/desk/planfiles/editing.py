"""Editing one value of the plan at the desk: what a page is made of, and a form for each of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from wikiplan import files
from wikiplan.desk.answering import WRONG, Answers, Asked, Data, Elsewhere, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles import entries
from wikiplan.desk.planfiles.edits import MEANING, TYPO, Edit, Examined, examined
from wikiplan.desk.planfiles.fields import Field, Fields, Names, absent, typed
from wikiplan.desk.planfiles.marks import anchor_of
from wikiplan.desk.planfiles.parts import WORDS, Reader, label_of, title_of, told_at
from wikiplan.desk.planfiles.places import (
    Documents,
    Place,
    document_of,
    fixed,
    record_of,
    scalar_at,
)
from wikiplan.desk.writing import ChangedMeanwhileError
from wikiplan.errors import Fault, WikiplanError
from wikiplan.plan import PageSpec, variables_in
from wikiplan.render import shown as shown_fact
from wikiplan.session.session import Session
from wikiplan.value import Value, replace
from wikiplan.yaml import Document, KeyPath, Scalar, value_in

LABEL = "Pages"
MOST_SHOWN = 90
"""Characters of a value in the list of all that a page is made of."""


def answers(desk: Desk) -> Answers:
    editing = _Editing(desk)
    return {
        "parts": editing.parts,
        "edit": editing.form,
        "change/look": editing.look,
        "change/value": editing.save,
    }


class _Opened(Value):
    """A value that somebody is about to edit: its file as it was when the form was made.

    One that is ``absent`` could be there.
    """

    work: Session
    place: Place
    version: str
    base: bytes
    document: Document
    value: Scalar
    field: Field
    unit: str
    absent: bool

    @property
    def standing(self) -> Scalar | None:
        return None if self.absent else self.value

    @property
    def record(self) -> Place:
        return Place(self.place.stem, record_of(self.document.data, self.place.path))

    @property
    def line(self) -> int:
        return self.document.value_at(self.place.path)[0]


class _Editing:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._documents = Documents()

    def parts(self, asked: Asked) -> Shown:
        """Show what a page is made of, beside the page."""
        with self._desk.alone:
            work = self._desk.current()
            page, language = _page_of(work, asked.query)
            reader = Reader(work.plan, work.renderer.at(work.options.now), self._documents)
            found = reader.page(page, language)
            told = told_at(found, self._desk.trials.of().faults)
        values = {
            "title": page.title,
            "language": language,
            "source": work.plan.source_language,
            "found": found,
            "told_at": told,
            "short": short,
            "frame": _frame(page.title, language, asked.query.get("place", "")),
        }
        return Shown("parts", values)

    def form(self, asked: Asked) -> Shown:
        """Show the form of a value."""
        with self._desk.alone:
            opened = self._opened(asked.query)
            return self._shown(opened, asked.query, typed(opened.value))

    def look(self, asked: Asked) -> Data:
        """Return what an edit comes to that is being typed."""
        with self._desk.alone:
            try:
                opened, edit = self._edited(asked)
                return Data(_told(opened, self._examined(opened, edit)))
            except WikiplanError as error:
                return Data({**_NOTHING, "errors": [str(error)]})

    def save(self, asked: Asked) -> Shown | Elsewhere:
        """Write a value, or show the form again with what is wrong, or to be decided."""
        assert asked.form is not None
        with self._desk.alone:
            try:
                opened, edit = self._edited(asked)
            except WikiplanError as error:  # such as a version of the file from long ago
                return self._again(self._opened(asked.form), asked)(errors=[str(error)])
            again = self._again(opened, asked)
            try:
                return self._undecided(opened, edit, asked) or self._written(opened, edit, asked)
            except ChangedMeanwhileError as error:
                again = self._again(self._opened(asked.form), asked)
                return again(errors=[str(error)], meetings=error.meetings)
            except WikiplanError as error:
                return again(errors=[str(error)])

    def _undecided(self, opened: _Opened, edit: Edit, asked: Asked) -> Shown | None:
        """Show the form again where its owner must know or say something first."""
        assert asked.form is not None
        again = self._again(opened, asked)
        if fixed(opened.place):
            return again(errors=[fixed(opened.place)])
        found = self._examined(opened, edit)
        if found.errors or (edit.means == TYPO and found.no_typo):
            return again(**_told(opened, found))
        is_seen = edit.means or asked.form.get("seen") == str(found.cost)
        is_said = edit.means or not found.asks
        if asked.form.get("do") == "save" and is_said and (is_seen or not found.cost.words):
            return None
        return again(200, **_told(opened, found))

    def _written(self, opened: _Opened, edit: Edit, asked: Asked) -> Elsewhere:
        assert asked.form is not None
        if (type(edit.value), edit.value) == (type(opened.standing), opened.standing):
            return _back(asked.form, f"{_called(opened)} is as it was; nothing was written.")
        now = "is gone" if edit.value is None else f"is “{short(edit.value)}” now"
        change = edit.change(opened.work.options.data)
        told = self._desk.writing.write(f"{_called(opened)} {now}.", [change])
        return _back(asked.form, told)

    # --- what a form is about ---

    def _opened(self, query: Mapping[str, str], version: str = "") -> _Opened:
        """Return the value that an address, or a form, is about."""
        work, words = self._desk.current(), query.get("place", "")
        stem = words.partition(":")[0]
        self._documents.get(work.plan, stem)  # there is such a file
        file = f"{stem}.yaml"
        version = version or self._desk.writing.version(file)
        base = self._desk.writing.of_version(file, version) or b""
        document = document_of(base, files.shown(work.options.data / file))
        place = Place.of(words, document.data)
        around = Place(stem, place.path[:-1])
        is_absent = place.path[-1:] != () and place.path[-1] in _absent(document, around)
        value = "" if is_absent else scalar_at(document, place)
        fields = Fields(Names.of_plan(work.plan, work.options.templates))
        as_words = bool(query.get("words"))
        return _Opened(
            work=work,
            place=place,
            version=version,
            base=base,
            document=document,
            value=value,
            field=fields.of(place, value, as_words=as_words),
            unit=Reader(work.plan, work.renderer, self._documents).blocks.unit_at(place),
            absent=is_absent,
        )

    def _examined(self, opened: _Opened, edit: Edit) -> Examined:
        return examined(opened.work, self._desk.trials, edit)

    def _edited(self, asked: Asked) -> tuple[_Opened, Edit]:
        assert asked.form is not None
        opened = self._opened(asked.form, asked.form.get("version", ""))
        text = asked.form.get("value", "")
        gone = opened.field.optional and not text.strip()
        value = None if gone else opened.field.value(text, opened.value)
        means = asked.form.get("means", "")
        return opened, Edit(
            opened.place, opened.base, value, means if means in (TYPO, MEANING) else ""
        )

    # --- what a form shows ---

    def _again(self, opened: _Opened, asked: Asked) -> Callable[..., Shown]:
        """Return what shows the form once more, with what was typed."""
        form = asked.form or {}

        def shown(status: int = WRONG, **more: Any) -> Shown:
            found = self._shown(opened, form, form.get("value", ""))
            told = {**_NOTHING, **more, "means": form.get("means", "")}
            return replace(found, values={**found.values, **told}, status=status)

        return shown

    def _shown(self, opened: _Opened, query: Mapping[str, str], text: str) -> Shown:
        work, place = opened.work, opened.place
        unit = work.plan.units.get(opened.unit)
        path = Path(opened.document.file)
        title, language = query.get("title", ""), query.get("language", "")
        record = opened.record.path
        values = {
            "title": title,
            "language": language,
            "source": work.plan.source_language,
            "place": place.address,
            "version": opened.version,
            "label": label_of(place.path[len(record) :] or place.path),
            "record": _title(opened.document, record) if record else path.name,
            "where": f"{place.file}:{opened.line}",
            "field": opened.field,
            "fixed": fixed(place),
            "typed": text,
            "standing": typed(opened.value),
            "words": query.get("words", ""),
            "unit": unit,
            "variables": self._variables(opened),
            "others": self._others(opened),
            "absent": _addresses(opened),
            "frame": _frame(title, language, place.address) if title else "",
            "means": "",
            "meetings": (),
        }
        return Shown("edit", {**values, **_NOTHING})

    def _variables(self, opened: _Opened) -> list[tuple[str, str]]:
        """Return the variables of a text, with what they stand for."""
        unit = opened.work.plan.units.get(opened.unit)
        if unit is None or opened.place.path[-1] != "text":
            return []
        facts = opened.work.renderer.facts_in(opened.work.plan.source_language)
        names = [name for name in variables_in(unit.text) if name in unit.variables]
        return [
            (f"${name}", str(shown_fact(unit.variables[name], facts).unescape())) for name in names
        ]

    def _others(self, opened: _Opened) -> list[tuple[str, str, str]]:
        """Return the other values of the same thing: their addresses, labels and values."""
        work = opened.work
        reader = Reader(work.plan, work.renderer, self._documents)
        return [
            (part.place.address, part.label, short(part.value))
            for part in reader.parts(opened.record)
            if part.place != opened.place
        ]


_NOTHING: Mapping[str, Any] = {
    "errors": [], "elsewhere": [], "warnings": [], "cost": "", "asks": False, "if_typo": "",
    "if_meaning": "", "no_typo": "", "seen": "",
}  # fmt: skip
"""What is told of an edit before anything was typed."""


def _told(opened: _Opened, found: Examined) -> dict[str, Any]:
    """Return what an edit comes to, in words."""
    here = [str(each.message) for each in found.errors if _is_here(opened, each)]
    elsewhere = [str(each) for each in found.errors if not _is_here(opened, each)]
    return {
        "errors": here,
        "elsewhere": elsewhere,
        "warnings": [str(each) for each in found.warnings],
        "seen": str(found.cost),
        "cost": "" if found.errors or found.asks else _cost(opened, found),
        "asks": found.asks,
        "if_typo": f"It corrects a typo: {found.as_typo} to translate again",
        "if_meaning": f"It has a new meaning: {found.cost} to translate again",
        "no_typo": _no_typo(found),
    }


def _absent(document: Document, around: Place) -> list[str]:
    """Return what a mapping of a file could also say."""
    data = value_in(document.data, around.path)
    return absent(around, data) if isinstance(data, dict) else []


def _addresses(opened: _Opened) -> list[tuple[str, str]]:
    """Return what could also be said of the same thing: its address and label."""
    record = opened.record
    places = (Place(record.stem, (*record.path, key)) for key in _absent(opened.document, record))
    return [(each.address, str(each.path[-1])) for each in places if each != opened.place]


def _no_typo(found: Examined) -> str:
    if not found.is_text or not found.no_typo or not found.cost.words:
        return ""
    return f"It is no mere typo: {'; '.join(found.no_typo)}."


def _cost(opened: _Opened, found: Examined) -> str:
    if found.cost.words:
        return f"{found.cost} to translate again."
    if found.is_text:
        return "0 words to translate again: nobody has translated the text as it stands."
    if opened.unit and opened.place.path[-1] in WORDS:
        return "0 words to translate again."
    return "0 words to translate again: it is no text that is translated."


def _is_here(opened: _Opened, fault: Fault) -> bool:
    """Tell whether a fault is of the value that is being edited."""
    if Path(fault.file).resolve() != Path(opened.document.file).resolve():
        return False
    return fault.key == opened.document.name(opened.place.path) or fault.line == opened.line


def _title(document: Document, record: KeyPath) -> str:
    """Return what people call the thing that a value says something of."""
    entry = value_in(document.data, record)
    is_of_many = isinstance(entry, dict) and (isinstance(record[-1], int) or "text" not in entry)
    return entries.title_of(entry, record[-1]) if is_of_many else title_of(document, record)


def _called(opened: _Opened) -> str:
    """Return what a value is called in a sentence."""
    name = opened.document.name(opened.place.path).replace(".", " › ")
    return f"{opened.place.stem} › {name}".removesuffix(" › text")


def short(value: object) -> str:
    """Return the beginning of a value."""
    text = " ".join(typed(value).split()) if isinstance(value, str | int) else str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def _back(form: Mapping[str, str], told: str) -> Elsewhere:
    """Go back to the page, or to the list of pages."""
    if not form.get("title"):
        return Elsewhere("", told=told)
    about = {name: form.get(name, "") for name in ("title", "language", "place")}
    return Elsewhere("parts", about, told)


def _frame(title: str, language: str, place: str) -> str:
    """Return the address of a page whose words lead to their forms, at those of a place."""
    query = urlencode({"title": title, "language": language, "links": "1"})
    return f"frame?{query}#{anchor_of(urlencode({'place': place}))}"


def _page_of(work: Session, query: Mapping[str, str]) -> tuple[PageSpec, str]:
    """Return the page and the language that an address is about."""
    title = query.get("title", "")
    page = next((each for each in work.plan.pages if each.title == title), None)
    if page is None:
        raise WikiplanError(
            "no-page-to-edit", f"the plan has no page “{title}” to edit; go back to the list"
        )
    language = query.get("language", "")
    return page, language if language in page.languages else work.plan.source_language

"""Adding a language to the plan at the desk: to ``pages.yaml``, with its catalog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wikiplan.catalogs import catalog
from wikiplan.desk.answering import Answers, Asked, Elsewhere, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles.places import document_of
from wikiplan.errors import WikiplanError
from wikiplan.files import FileChange
from wikiplan.l10n import languages
from wikiplan.plan import read_source
from wikiplan.session.session import Session
from wikiplan.yaml import KeyPath, value_in, with_items

LABEL = "The plan"
FILE = "pages.yaml"


def answers(desk: Desk) -> Answers:
    adding = _Adding(desk)
    return {"plan-language": adding.form, "change/plan-language": adding.add}


class _Adding:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def form(self, asked: Asked) -> Shown:
        work = self._desk.current()
        known = [code for code in languages.known() if code not in work.plan.languages]
        values = {
            "codes": sorted(known),
            "version": self._desk.writing.version(FILE),
            "pages": [title for title, _ in _with_own(work)],
            "typed": asked.form or {},
            "ticked": [value for name, value in asked.all if name == "page"],
            "errors": (),
        }
        return Shown("planlanguage", values)

    def add(self, asked: Asked) -> Shown | Elsewhere:
        form = asked.form or {}
        work, code = self._desk.current(), form.get("language", "").strip()
        try:
            titles = [value for name, value in asked.all if name == "page"]
            raw = self._desk.writing.of_version(FILE, form.get("version", ""))
            changes = [*_changes(work, raw or b"", code, titles)]
            told = f"The plan has a language more: {code} ({languages.get(code).autonym})."
            return Elsewhere("plan", {"file": "pages"}, self._desk.writing.write(told, changes))
        except WikiplanError as error:
            return self.form(asked).with_error(error)


def _with_own(work: Session) -> Iterator[tuple[str, KeyPath]]:
    """Yield the pages of ``pages.yaml`` that say their languages, with the places of these."""
    source = read_source(work.options.data)
    for at, page in enumerate(source.documents["pages"].data["pages"]):
        if page.get("languages"):
            yield page.get("title") or f"group {at + 1}", ("pages", at, "languages")


def _changes(work: Session, raw: bytes, code: str, titles: Sequence[str]) -> Iterator[FileChange]:
    """Yield ``pages.yaml`` with a language, and its catalog."""
    if code not in languages.known():
        raise WikiplanError(
            "no-new-language", f"“{code}” is no code of a language; choose one of the list"
        )
    if code in work.plan.languages:
        raise WikiplanError("language-there", f"the plan has “{code}” already; choose another one")
    own = [place for title, place in _with_own(work) if title in titles]
    data = raw
    for place in (("languages",), *own):
        data = _with_language(data, place, code)
    yield FileChange(work.options.data / FILE, raw, data)
    made = catalog.Catalog.load_or_create(work.options.data / "locale" / f"{code}.po")
    made.update(work.plan.units.values())
    change = made.prepared()
    if change is not None:
        yield change


def _with_language(data: bytes, place: KeyPath, code: str) -> bytes:
    there = value_in(document_of(data, FILE).data, place)
    if not isinstance(there, list):
        raise WikiplanError("no-languages-there", f"{FILE} has no such list; add “{code}” by hand")
    try:
        return with_items(data, (*place, len(there)), [code])
    except ValueError as error:
        raise WikiplanError(
            "languages-as-they-are", f"{FILE}: {error}; add “{code}” by hand"
        ) from error

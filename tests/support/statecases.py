"""A change set with a page or a section in every state, made by what the program does."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.wikicases import CASES
from wikiplan.adopt.wrapping import PageWrapping, SectionChoice
from wikiplan.changes import journal, undo
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import ChangeSet, PageChange
from wikiplan.changes.undo import Undoing
from wikiplan.plan.targets import Answers
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate

PAIR = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"
STANDING = "== Goals ==\nOne."


def every_state(directory: Path) -> ChangeSet:
    """Return pages of a preview, of an undo, and of what markers are put on."""
    preview = drifted(directory / "gardens")
    return replace(preview, pages=(*preview.pages, *undone(directory / "undo")))


def drifted(directory: Path) -> ChangeSet:
    """Let people and the plan change a page's sections in all the ways that there are."""
    shutil.copytree(CASES / "drift" / "plan", directory)
    folder, people = Folder(directory / "wiki"), FolderPeople(directory / "wiki")
    Application(smallplan.compare(directory, folder), folder).run()
    for title, old, new in (
        ("Gardens", "They plant and prune.", "They plant and they prune."),
        ("Gardens", "We plant trees", "We plant many trees"),
        ("Gardens", "Begin in the north.", "Begin in the far north."),
        ("Gardens/de", "2021–2022", "2021/2022"),
    ):
        people.edit(title, _replaced(people.text(title), old, new))
    plan = directory / "data" / "department.yaml"
    text = _replaced(plan.read_text("utf-8"), "They sow, and they reap.", "They sow and reap.")
    plan.write_text(_replaced(text, "We plant trees", "We grow trees"), "utf-8")
    answers = Answers("keep", asked={("Gardens", "priorities"): "reclaim"})
    return smallplan.compare(directory, folder, drift=answers)


def undone(directory: Path) -> tuple[PageChange, ...]:
    """Return what takes back a run that wrote, made and marked pages, some of them edited since."""
    folder, people = Folder(directory / "wiki"), FolderPeople(directory / "wiki")
    pages = dict.fromkeys(("Written", "Edited", "Made"), "missing-page: create")
    smallplan.write(directory, {"a": "New text."}, pages)
    for title in ("Written", "Edited"):
        people.edit(title, PAIR)
    for title in ("Marked", "To mark"):
        people.edit(title, STANDING)
    made = smallplan.compare(directory, folder)
    marked = adopted(folder, "Marked")
    Application(replace(made, pages=(*made.pages, *marked)), folder).run()
    people.edit("Edited", people.text("Edited").replace("New text.", "A person's text."))
    found = journal.run_edits(smallplan.RUN, folder, ())
    undoing = Undoing(
        smallplan.RUN,
        folder,
        folder.account(),
        smallplan.summary,
        lambda: NoTranslate(folder.name),
    )
    return (*undo.compute(undoing, found, smallplan.RUN).pages, *adopted(folder, "To mark"))


def adopted(folder: Folder, title: str) -> Sequence[PageChange]:
    choices = (SectionChoice("goals", "Goals"),)

    def summarise(language: str, names: Sequence[str]) -> str:
        return f"Markers [run {smallplan.RUN}]"

    nowhere = NoTranslate(folder.name)
    return PageWrapping(folder, nowhere, folder.account(), choices, summarise).changes(title)


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)

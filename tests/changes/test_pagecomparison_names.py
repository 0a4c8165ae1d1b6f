"""Sections that the plan calls otherwise than the markers on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import PageChange
from wikiplan.changes.recheck import recheck_saved
from wikiplan.wiki.folder import Folder

TOP = "languages: [en]\nmost-shrink: 100\n"
MOVED = "moved: [{section: a, to: z}]\n"


class Scene:
    """A page with the sections ``a`` and ``b``; the plan calls the first ``z`` since."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.folder = directory, Folder(directory / "wiki")
        self.people = FolderPeople(directory / "wiki")
        self.people.edit("Plan", smallplan.TWO_SECTIONS)
        smallplan.write(directory, {"a": "Text of a.", "b": "Text of b."}, top=TOP)
        self.update()
        self.plan("Text of a.")

    def plan(self, text: str, moved: str = MOVED) -> None:
        smallplan.write(self.directory, {"a": text, "b": "Text of b."}, top=TOP + moved)
        pages = self.directory / "data" / "pages.yaml"
        pages.write_text(pages.read_text().replace("name: a,", "name: z,"))

    @property
    def text(self) -> str:
        return self.people.text("Plan")

    def preview(self, drift: str = "") -> PageChange:
        (page,) = smallplan.compare(self.directory, self.folder, drift=drift).pages
        return page

    def update(self, drift: str = "") -> dict[str, str]:
        changes = smallplan.compare(self.directory, self.folder, drift=drift)
        Application(changes, self.folder).run()
        return {each.name: str(each.state) for each in changes.pages[0].sections}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def renamed(text: str) -> str:
    return text.replace("begin a", "begin z").replace("end a", "end z")


def test_the_markers_get_the_new_name_and_the_next_run_does_nothing(scene: Scene):
    before = scene.text
    assert scene.update() == {"z": "renamed", "b": "unchanged"}
    assert scene.text == renamed(before)
    assert scene.update() == {"z": "unchanged", "b": "unchanged"}


def test_a_new_text_is_written_along(scene: Scene):
    scene.plan("Other text.")
    assert scene.update() == {"z": "changed", "b": "unchanged"}
    assert "\nOther text.\n<!-- wikiplan:end z -->" in scene.text


def test_peoples_edit_waits_under_the_new_name_and_what_was_written_is_known(scene: Scene):
    scene.people.edit("Plan", scene.text.replace("Text of a", "People's text of a"))
    page = scene.preview()
    (section, _) = page.sections
    assert (section.name, section.state, section.was) == ("z", "drift", "a")
    assert section.drift and section.drift.base == "Text of a."
    scene.update()
    assert "begin z" in scene.text and "People's text of a." in scene.text


def test_without_the_entry_the_page_is_refused(scene: Scene):
    scene.plan("Text of a.", moved="")
    assert scene.preview().told.code == "renamed-section"


def test_a_saved_change_set_has_the_former_name(scene: Scene):
    changes = smallplan.compare(scene.directory, scene.folder)
    path = changefile.write(scene.directory, changes, smallplan.NOW, "x")
    again = recheck_saved(changefile.read(path), scene.folder, smallplan.summary)
    assert [page.after for page in again.pages] == [renamed(scene.text)]


def test_people_who_put_the_old_name_back_are_heeded(scene: Scene):
    before = scene.text
    scene.update()
    scene.people.edit("Plan", before)
    assert scene.update() == {"z": "reverted", "b": "unchanged"}
    scene.plan("Other text.")
    assert scene.update() == {"z": "reverted", "b": "unchanged"}
    assert scene.text == before
    assert scene.update("reclaim") == {"z": "changed", "b": "unchanged"}
    assert "\nOther text.\n<!-- wikiplan:end z -->" in scene.text

"""What becomes of sections and pages that leave the plan, on a folder wiki."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import changefile, retiring
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import Action, PageChange
from wikiplan.changes.recheck import recheck_saved
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections

TOP = "languages: [en]\nmost-shrink: 100\n"
A = "[begin a]\nText of a.\n[end a]"


def plain(text: str) -> str:
    """Return a text with short markers."""
    return re.sub(r"<!-- wikiplan:(begin|end) (\w).*?-->", r"[\1 \2]", text)


@dataclass
class Scene:
    """Two pages that the plan wrote, ``Plan`` among people's text and ``Old`` alone."""

    directory: Path

    def __post_init__(self) -> None:
        self.folder = Folder(self.directory / "wiki")
        self.people = FolderPeople(self.directory / "wiki")
        self.people.edit("Plan", smallplan.TWO_SECTIONS)
        self.plan({"a": "Text of a.", "b": "Text of b."}, ["Plan", "Old"])
        self.update()

    def plan(self, texts: dict[str, str], titles: list[str], retired: str = "") -> None:
        pages = dict.fromkeys(titles, "missing-page: create\n")
        top = TOP + (f"retired:\n{retired}" if retired else "")
        smallplan.write(self.directory, texts, pages, top)

    def preview(self, drift: str = "") -> list[PageChange]:
        return list(smallplan.compare(self.directory, self.folder, drift=drift).pages)

    def update(self, drift: str = "") -> list[PageChange]:
        changes = smallplan.compare(self.directory, self.folder, drift=drift)
        Application(changes, self.folder).run()
        return list(changes.pages)

    def retire_b(self, remains: str) -> None:
        retired = f"  - {{title: Plan, section: b, remains: {remains}}}\n"
        self.plan({"a": "Text of a."}, ["Plan"], retired)

    def retire_old(self, remains: str) -> None:
        retired = f"  - {{title: Old, remains: {remains}}}\n"
        self.plan({"a": "Text of a.", "b": "Text of b."}, ["Plan"], retired)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_of_a_section_nothing_remains_and_the_gap_around_it_is_one(scene: Scene):
    scene.retire_b("nothing")
    (page,) = scene.update()
    assert [(s.name, s.state) for s in page.sections] == [("a", "unchanged"), ("b", "retired")]
    assert plain(scene.people.text("Plan")) == f"Above.\n\n{A}\n\nBelow."
    assert [page.action for page in scene.update()] == [Action.NONE]


def test_of_a_section_the_text_remains_without_the_markers(scene: Scene):
    scene.retire_b("text")
    scene.people.edit("Plan", scene.people.text("Plan").replace("Text of b", "People's text of b"))
    scene.update()
    assert plain(scene.people.text("Plan")) == f"Above.\n\n{A}\n\nPeople's text of b.\n\nBelow."


def test_peoples_text_in_a_section_does_not_go_with_it_unless_it_is_reclaimed(scene: Scene):
    scene.people.edit("Plan", scene.people.text("Plan").replace("Text of b", "People's text of b"))
    before = scene.people.text("Plan")
    scene.retire_b("nothing")
    (page,) = scene.update()
    assert (page.action, page.told.reason) == (
        Action.DRIFT,
        "section b: edited on the wiki since wikiplan last wrote it, so it is not taken out; say "
        "`remains: text` in pages.yaml to leave its text there without the markers, or take it "
        "out with -drift:reclaim",
    )
    assert scene.people.text("Plan") == before
    scene.update("reclaim")
    assert plain(scene.people.text("Plan")) == f"Above.\n\n{A}\n\nBelow."


def test_a_section_at_the_end_goes_with_the_gap_before_it(scene: Scene):
    scene.people.edit("Plan", scene.people.text("Plan").removesuffix("\n\nBelow."))
    scene.retire_b("nothing")
    scene.update()
    assert plain(scene.people.text("Plan")) == f"Above.\n\n{A}"


@pytest.mark.parametrize(
    ("remains", "text"),
    [
        ("nothing", ""),
        ("text", "Text of a.\n\nText of b."),
        ("blank", ""),
        ("{redirect: Plan}", "#REDIRECT [[Plan]]"),
        ("{marked: '{{delete|old}}'}", "{{delete|old}}\nText of a.\n\nText of b."),
    ],
)
def test_a_page_becomes_what_remains_of_it_once(scene: Scene, remains: str, text: str):
    scene.retire_old(remains)
    _, page = scene.update()
    assert (page.title, page.action) == ("Old", Action.UPDATE)
    assert scene.people.text("Old") == text
    assert [each.action for each in scene.update()] == [Action.NONE, Action.NONE]


@pytest.mark.parametrize("remains", ["blank", "{redirect: Plan}"])
def test_a_page_with_peoples_text_becomes_neither_blank_nor_a_redirect(scene: Scene, remains: str):
    scene.people.edit("Old", f"Somebody's remark.\n\n{scene.people.text('Old')}")
    scene.retire_old(remains)
    _, page = scene.preview()
    assert (page.action, page.told.reason) == (
        Action.REFUSED,
        "people's text stands outside of the managed sections (“Somebody's remark.”), and would "
        "go, too; decide with its editors, or say `remains: nothing`: then only the sections go",
    )


def test_a_saved_change_set_retires_what_was_reviewed(scene: Scene):
    scene.retire_old("{redirect: Plan}")
    changes = smallplan.compare(scene.directory, scene.folder)
    path = changefile.write(scene.directory / "out", changes, datetime.now(UTC), "")
    again = recheck_saved(changefile.read(path), scene.folder, smallplan.summary)
    Application(again, scene.folder).run()
    assert scene.people.text("Old") == "#REDIRECT [[Plan]]"
    done = recheck_saved(changefile.read(path), scene.folder, smallplan.summary)
    assert [page.action for page in done.pages] == [Action.NONE, Action.NONE]


def test_people_s_units_in_a_translatable_section_do_not_go_with_it(tmp_path: Path):
    folder, people = Folder(tmp_path / "wiki"), FolderPeople(tmp_path / "wiki")
    entry = {"Plan": "missing-page: create\nkind: translatable"}
    smallplan.write(tmp_path, {"a": "Text of a.", "b": "Text of b."}, entry, TOP)
    Application(smallplan.compare(tmp_path, folder), folder).run()
    written = people.text("Plan")
    retired = f"{TOP}retired:\n  - {{title: Plan, section: b, remains: nothing}}\n"
    smallplan.write(tmp_path, {"a": "Text of a."}, entry, retired)
    end = "\n<!-- wikiplan:end b -->"
    people.edit("Plan", written.replace(end, f"\n\n<translate>\nAdded.\n</translate>{end}"))
    (page,) = smallplan.compare(tmp_path, folder).pages
    assert [s.state for s in page.sections] == ["unchanged", "unplanned"]
    people.edit("Plan", written)
    (page,) = smallplan.compare(tmp_path, folder).pages
    assert [s.state for s in page.sections] == ["unchanged", "retired"]
    assert "Text of b" not in page.after


def test_a_text_that_was_taken_over_is_peoples():
    text = "<!-- wikiplan:begin a | sha256:{}-adopted | … -->\nText.\n<!-- wikiplan:end a -->"
    (section,) = sections.find(text.format(sections.digest("Text.")))
    assert not retiring.is_intact("Text.", section)

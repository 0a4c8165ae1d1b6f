"""Progress of plain pages, counted from the catalogs and a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State, Translation
from wikiplan.plan import plan
from wikiplan.plan.units import Unit
from wikiplan.render import UnitRecorder
from wikiplan.render.renderer import Renderer
from wikiplan.sync import pageprogress
from wikiplan.sync.pageprogress import PlainProgress
from wikiplan.sync.progress import PageProgress
from wikiplan.wiki.folder import Folder

TEXTS = {"a": "Grow by a third.", "b": "Be kind.", "c": "Meet."}


class Scene:
    """A plain page of three sections, with an Arabic catalog and an empty German one."""

    def __init__(self, directory: Path, folder: Folder) -> None:
        self.directory, self.folder = directory, folder
        smallplan.write(directory, TEXTS, top="languages: [en, ar, de]\n")
        (directory / "data" / "locale").mkdir()
        self.plan = plan.load(directory / "data")
        self.arabic = Catalog.create(directory / "data" / "locale" / "ar.po")
        self.arabic.update(self.plan.units.values())

    def count(self, *languages: str, names: tuple[str, ...] = ()) -> PageProgress:
        self.arabic.save()
        catalogs = catalog.load_all(self.directory / "data" / "locale", self.plan.languages)
        texts = Renderer(self.plan, catalogs, self.directory / "templates", smallplan.NOW)
        counting = PlainProgress(self.plan, texts, catalogs, self.folder, names)
        return counting.page(self.plan.pages[0], languages)


@pytest.fixture
def scene(tmp_path: Path, folder: Folder) -> Scene:
    return Scene(tmp_path, folder)


def test_the_texts_that_a_page_shows_are_counted_by_their_state(scene: Scene):
    scene.arabic.set(scene.plan.units["a.body"], "النمو بمقدار الثلث.")
    scene.arabic.set(scene.plan.units["b.body"], "كن لطيفًا.")
    scene.arabic.outdate(scene.plan.units["b.body"], "Be nice.")
    arabic, german = scene.count("ar", "de").languages
    assert [(each.key, each.section, str(each.state)) for each in arabic.units] == [
        ("a.body", "a", "translated"),
        ("b.body", "b", "outdated"),
        ("c.body", "c", "untranslated"),
    ]
    assert {each.state for each in german.units} == {State.UNTRANSLATED}
    assert (arabic.tally.total, german.tally.total) == (3, 3)


def test_an_outdated_text_tells_what_it_was_made_for_and_where_it_stands(scene: Scene):
    unit = scene.plan.units["b.body"]
    scene.arabic.set(unit, "كن لطيفًا.")
    scene.arabic.outdate(unit, "Be nice.")
    (found,) = scene.count("ar", names=("b",)).languages[0].units
    assert (found.made_for, found.text, found.english) == ("Be nice.", "كن لطيفًا.", "Be kind.")
    assert found.place == f"ar.po:{Catalog.load(Path(scene.arabic.path)).line_of('b.body')}"


def test_sections_can_be_chosen_and_the_others_do_not_count(scene: Scene):
    page = scene.count("de", names=("a", "c"))
    assert page.sections == ("a", "c")
    assert [each.section for each in page.languages[0].units] == ["a", "c"]


def test_texts_in_conflict_are_told(scene: Scene):
    unit = scene.plan.units["a.body"]
    scene.arabic.set(unit, "النمو.")
    scene.arabic.keep_beside(unit, "الزيادة.", "the wiki")
    found = scene.count("ar").languages[0].units[0]
    assert (found.conflicts, found.state) == (("الزيادة.",), State.TRANSLATED)


def test_counting_asks_nobody_and_writes_nothing(scene: Scene):
    scene.count("ar", "de")
    assert scene.folder.requests == 0
    assert not scene.folder.directory.exists()


def test_a_page_in_no_language_has_its_sections_only(scene: Scene):
    assert scene.count() == PageProgress("Plan", ("a", "b", "c"), ())


def test_a_recorder_remembers_each_unit_once_and_has_no_text():
    recorder, unit = UnitRecorder(), Unit("a.b", "One", {})
    assert recorder.get(unit) == recorder.get(unit)
    assert recorder.get(unit) == Translation("a.b", "", State.UNTRANSLATED)
    assert recorder.units == {"a.b": unit}


@pytest.mark.parametrize(
    ("english", "previous", "told"),
    [("One", "Zero", "Zero"), ("Zero", "", "Zero"), ("One", "", ""), ("Half", "Zero", "Zero")],
)
def test_what_a_text_was_made_for_is_what_it_says_or_the_english_that_it_has(
    english: str, previous: str, told: str
):
    found = Translation("a.b", "Eins", State.OUTDATED, english, previous_english=previous)
    assert pageprogress.made_for(Unit("a.b", "One", {}), found) == told


def test_an_entry_that_is_not_there_has_no_place(scene: Scene):
    assert pageprogress.entry_place(scene.arabic, "no.such") == ""

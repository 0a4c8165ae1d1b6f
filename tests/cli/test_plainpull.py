"""What translators change on plain language pages comes into the catalogs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.people import Place
from tests.support.running import ROOT, Done, script
from wikiplan import utc
from wikiplan.wiki.folder import Folder

OLD, NEW, OTHER = "برئاسة", "بإدارة", "بقيادة"
KEY = "department.overview"
END = "<!-- wikiplan:end overview -->"

in_folder = pytest.mark.parametrize("place", ["folder"], indirect=True)


@pytest.fixture
def plan(tmp_path: Path, title: str) -> Path:
    """The sample plan's data, for a page of this test in English, Arabic and German."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "pages.yaml").write_text(f"""\
site: lab:lab
source-language: en
languages: [en, ar, de]
pages:
  - title: {title!r}
    missing-page: create
    sections:
      - {{name: overview, template: overview, data: department}}
      - {{name: priorities-2020-2021, template: priorities, data: priorities/2020-2021}}
""")
    return tmp_path


class Scene:
    """A plan, and the wiki where its pages stand as ``plan_update`` wrote them."""

    def __init__(self, plan: Path, place: Place, title: str) -> None:
        self.plan, self.place, self.title = plan, place, title
        wiki = place.wiki
        self._where = (f"-wiki:{wiki.directory}",) if isinstance(wiki, Folder) else ()
        assert self.run("plan_update", "-always").status == 0

    def run(self, name: str, *arguments: str) -> Done:
        clock = "-now:2021-07-01T00:00Z"
        return script(name, *arguments, clock, *self._where, directory=self.plan)

    def retype(self, language: str, old: str, new: str) -> None:
        """Let a person change words on a language's page."""
        title = self.title if language == "en" else f"{self.title}/{language}"
        text = self.place.people.text(title)
        assert text.count(old) == 1
        self.place.people.edit(title, text.replace(old, new))

    def catalog(self, language: str) -> str:
        return (self.plan / "data" / "locale" / f"{language}.po").read_text("utf-8")


@pytest.fixture
def scene(plan: Path, place: Place, title: str) -> Scene:
    return Scene(plan, place, title)


def entries(catalog: str) -> str:
    return catalog.partition("\n\n")[2]


def test_a_word_that_is_put_right_on_the_arabic_page_arrives_in_the_catalog(scene: Scene):
    scene.retype("ar", OLD, NEW)
    before = scene.catalog("ar")
    done = scene.run("plan_translations", "pull")
    assert (done.status, done.report["outcome"]) == (0, "done")
    assert entries(scene.catalog("ar")) == entries(before.replace(OLD, NEW)) != entries(before)
    update = scene.run("plan_update", "-always")
    assert (update.status, update.report["outcome"]) == (0, "nothing")


def test_who_put_it_right_is_kept_with_the_revision(scene: Scene):
    scene.retype("ar", OLD, NEW)
    page = scene.place.wiki.read([f"{scene.title}/ar"])[f"{scene.title}/ar"]
    scene.run("plan_translations", "pull")
    seen = json.loads((scene.plan / "data/locale/synced/ar.json").read_text("utf-8"))
    row = seen[f"{scene.title}/ar/{KEY}"]
    assert (row["translator"], row["revision"]) == (page.user, page.number)
    assert page.timestamp is not None
    assert row["time"] == utc.stamp(page.timestamp)
    assert f'"Last-Translator: User:{page.user}\\n"' in scene.catalog("ar")


@in_folder
def test_who_asked_not_to_be_named_is_in_no_file(scene: Scene):
    scene.retype("ar", OLD, NEW)
    user = scene.place.wiki.read([f"{scene.title}/ar"])[f"{scene.title}/ar"].user
    with (scene.plan / "data" / "pages.yaml").open("a") as file:
        file.write(f"translators: {{unnamed: [{user!r}]}}\n")
    done = scene.run("plan_translations", "pull")
    assert done.status == 0 and "translators" not in done.report
    assert NEW in scene.catalog("ar")
    files = (scene.plan / "data" / "locale").rglob("*.*")
    assert not [file for file in files if user in file.read_text("utf-8")]


@in_folder
def test_the_report_says_who_brought_which_texts(scene: Scene):
    scene.retype("ar", OLD, NEW)
    user = scene.place.wiki.read([f"{scene.title}/ar"])[f"{scene.title}/ar"].user
    with (scene.plan / "data" / "pages.yaml").open("a") as file:
        file.write(f"translators: {{names: {{{user!r}: Ada Green <ada@example.org>}}}}\n")
    done = scene.run("plan_translations", "pull")
    assert done.report["translators"] == [
        {"lang": "ar", "account": user, "name": "Ada Green", "texts": [KEY]}
    ]
    assert "ada@example.org" not in scene.catalog("ar")


@in_folder
def test_a_simulated_pull_writes_no_file(scene: Scene):
    scene.retype("ar", OLD, NEW)
    before = scene.catalog("ar")
    done = scene.run("plan_translations", "pull", "-simulate")
    assert NEW in done.out
    assert scene.catalog("ar") == before
    assert not (scene.plan / "data" / "locale" / "synced").exists()


@in_folder
def test_an_edit_that_no_unit_can_take_is_shown_and_left(scene: Scene):
    scene.retype("ar", OLD, NEW)
    scene.retype("ar", END, f"A line of a reader\n{END}")
    done = scene.run("plan_translations", "pull")
    assert (done.status, done.report["outcome"]) == (3, "waiting")
    assert "A line of a reader" in done.out
    assert "the plan has no such line" in done.out
    assert NEW in scene.catalog("ar")


@in_folder
def test_english_is_the_plan_owners_and_no_pull_takes_it(scene: Scene):
    scene.retype("en", "is part of the", "is a part of the")
    files = sorted((scene.plan / "data").rglob("*.*"))
    before = [file.read_bytes() for file in files]
    done = scene.run("plan_translations", "pull")
    assert (done.status, done.report["outcome"]) == (0, "nothing")
    assert [file.read_bytes() for file in files] == before


@in_folder
def test_a_second_pull_finds_nothing(scene: Scene):
    scene.retype("ar", OLD, NEW)
    scene.run("plan_translations", "pull")
    again = scene.run("plan_translations", "pull")
    assert (again.status, again.report["outcome"]) == (0, "nothing")


@in_folder
def test_what_page_and_catalog_both_changed_stays_in_both_and_is_told(scene: Scene):
    scene.retype("ar", OLD, NEW)
    path = scene.plan / "data" / "locale" / "ar.po"
    path.write_text(scene.catalog("ar").replace(OLD, OTHER), "utf-8")
    done = scene.run("plan_translations", "pull")
    assert (done.status, done.report["outcome"]) == (3, "waiting")
    assert NEW in done.out
    assert OTHER in scene.catalog("ar")
    assert NEW in scene.place.people.text(f"{scene.title}/ar")

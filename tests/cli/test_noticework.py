"""`plan_translations notify` on a folder wiki; tests/runs/test_noticing has translatable pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import yearcases
from tests.support.people import FolderPeople
from tests.support.running import Done, script
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan
from wikiplan.wiki.folder import Folder

TALK = """\
translators:
  talk-pages:
    - {page: "Talk:Gardens/de", language: de}
    - {page: "User talk:Amira", language: ar}
    - {page: "Talk:Gardens/de", language: ar}
"""
PAGES = yearcases.PAGES.replace("languages: [en, de]\n", "languages: [en, de, ar]\n" + TALK)
BEFORE = "Hello."
GERMAN, ARABIC = "new-year-2021-2022-de", "new-year-2021-2022-ar"


class Gardens:
    """A plan's folder, and its wiki with two talk pages."""

    def __init__(self, directory: Path, pages: str = PAGES) -> None:
        self.directory = directory
        self.data = yearcases.write(directory, pages)
        self.people = FolderPeople(directory / "wiki")
        for title in ("Talk:Gardens/de", "User talk:Amira"):
            self.people.edit(title, BEFORE)

    def run(self, *words: str) -> Done:
        return script(*words, "-wiki:wiki", "-always", directory=self.directory)

    def update(self) -> None:
        assert self.run("plan_update", "-brief").status == 0

    def notify(self, *options: str) -> Done:
        return self.run("plan_translations", "notify", *options)

    def names(self, title: str) -> list[str]:
        lines = self.people.text(title).splitlines()
        return [line.split()[2] for line in lines if "wikiplan:begin" in line]


@pytest.fixture
def gardens(tmp_path: Path) -> Gardens:
    return Gardens(tmp_path)


def test_translators_are_told_once_when_the_year_stands_there(gardens: Gardens):
    early = gardens.notify()
    assert (early.status, early.report["outcome"]) == (0, "nothing")
    assert "de: no notice yet: Department of Gardens/de does not show the year." in early.out
    gardens.update()
    done = gardens.notify()
    assert (done.status, done.actions) == (
        0, {"Talk:Gardens/de": "update", "User talk:Amira": "update"},
    )  # fmt: skip
    assert gardens.names("Talk:Gardens/de") == [GERMAN, ARABIC]
    assert gardens.names("User talk:Amira") == [ARABIC]
    assert "* <bdi>[[:Department of Gardens/de]]</bdi>: 24 Texte" in gardens.people.text(
        "Talk:Gardens/de"
    )
    again = gardens.notify()
    assert (again.status, again.report["outcome"]) == (0, "nothing")
    gardens.people.edit("User talk:Amira", BEFORE)
    assert gardens.notify().report["outcome"] == "nothing"
    assert gardens.people.text("User talk:Amira") == BEFORE


def test_a_rehearsal_shows_the_notice_as_it_will_stand_there(gardens: Gardens):
    gardens.update()
    shown = gardens.notify("-simulate", "-language:de")
    assert shown.actions == {"Talk:Gardens/de": "update"}
    assert gardens.people.text("Talk:Gardens/de") == BEFORE
    gardens.notify("-language:de")
    body = gardens.people.text("Talk:Gardens/de").partition("-->\n")[2].partition("\n<!--")[0]
    assert [line.removeprefix("+") for line in shown.out.splitlines() if line[:1] == "+"] == (
        body.splitlines()
    )


def test_nobody_is_told_who_has_nothing_to_do_or_wants_no_messages(gardens: Gardens):
    gardens.update()
    german = Catalog.load(gardens.data / "locale" / "de.po")
    for unit in plan.load(gardens.data).units.values():
        german.set(unit, unit.text)
    german.save()
    gardens.people.edit("User talk:Amira", f"{BEFORE} {{{{bots|optout=all}}}}")
    done = gardens.notify()
    assert done.reasons["User talk:Amira"] == "those of the page want no messages; left alone"
    assert gardens.names("User talk:Amira") == []
    assert gardens.names("Talk:Gardens/de") == [ARABIC]


def test_the_stop_page_stops_notices(tmp_path: Path):
    gardens = Gardens(
        tmp_path, PAGES.replace("pages:\n  - title", "stop-page: Stop\npages:\n  - title")
    )
    gardens.update()
    gardens.people.edit("Stop", "Please stop.")
    done = gardens.notify()
    assert (done.status, done.report["outcome"]) == (1, "stopped")
    assert gardens.people.text("User talk:Amira") == BEFORE


def test_a_moved_talk_page_is_named_and_the_others_are_told(gardens: Gardens):
    gardens.update()
    gardens.people.move("User talk:Amira", "User talk:Amira Omar")
    done = gardens.notify()
    assert (done.status, done.actions) == (
        1, {"Talk:Gardens/de": "update", "User talk:Amira": "refused"},
    )  # fmt: skip


def test_a_plan_that_names_no_talk_pages_is_told_where_to_list_them(tmp_path: Path):
    done = Gardens(tmp_path, yearcases.PAGES).notify()
    assert (done.status, done.err.strip()) == (
        1,
        "pages.yaml names no talk pages of translators; list them under “translators:”, as "
        "“talk-pages:”, each with its “page:” and its “language:” [nobody-to-notify]",
    )


def test_a_language_that_the_plan_has_not_is_a_mistake(tmp_path: Path):
    gardens = Gardens(tmp_path)
    path = gardens.data / "pages.yaml"
    path.write_text(path.read_text().replace("language: ar}", "language: fa}", 1))
    done = gardens.notify()
    assert done.status == 1
    assert "translators.talk-pages.2.language: “fa” is not one of the plan's languages" in done.err


def test_a_night_may_tell_translators(gardens: Gardens):
    (gardens.directory / "run.yaml").write_text("steps: [update, notify]\n")
    assert script("plan_run", "-wiki:wiki", directory=gardens.directory).status == 0
    assert gardens.names("User talk:Amira") == [ARABIC]
    (gardens.directory / "run.yaml").write_text(
        "steps: [update, notify]\nboard: Board\napproval: required\n"
    )
    gardens.people.edit("User talk:Amira", BEFORE)
    skipped = script("plan_run", "-wiki:wiki", directory=gardens.directory)
    assert ("notify", "run.yaml asks for approval, which is of pages; notify by hand") in [
        (step["step"], step.get("error")) for step in skipped.report["steps"]
    ]
    folder = Folder(gardens.directory / "wiki")
    assert len(folder.history(0, "User talk:Amira", 0)) == 3

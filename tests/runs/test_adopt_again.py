"""A page goes on living after it was taken over: what is new on it, and only that, is taken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.people import FolderPeople
from tests.support.running import Done, script

pytestmark = pytest.mark.heavy  # each test runs scripts, one after the other

NOW = "-now:2021-07-01T00:00Z"
PAGE = "Gardens"
ENGLISH = """\
The '''Gardens''' belong to all.

== What we do ==

We plant [[Trees|trees]].

== Priorities: 2021–2022 ==

* [[Trees Team]]
** Plant a thousand [[Trees|trees]].
** Count them.
"""
GERMAN = """\
Die '''Gärten''' gehören allen.

== Was wir tun ==

Wir pflanzen [[Trees|Bäume]].

== Schwerpunkte: 2021–2022 ==

* [[Trees Team|Baumgruppe]]
** Tausend [[Trees|Bäume]] pflanzen.
** Sie zählen.
"""
FRENCH = """\
Les '''jardins''' sont à tous.

== Ce que nous faisons ==

Nous plantons des [[Trees|arbres]].

== Priorités 2021-2022 ==

* [[Trees Team|Équipe des arbres]]
** Planter mille [[Trees|arbres]].
** Les compter.
"""
SECTIONS = (
    "-section:overview=",
    "-section:mission=What we do",
    "-section:priorities-2021-2022=Priorities: 2021–2022",
)


class Desk:
    """A folder wiki with a page that was taken over, and the plan that came out of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.people = FolderPeople(directory / "wiki")

    def take_over(self) -> None:
        self.people.edit(PAGE, ENGLISH)
        self.people.edit(f"{PAGE}/de", GERMAN)
        self.done(self.adopt(*SECTIONS, "-import", "-out:data"))
        self.done(self.adopt(*SECTIONS, "-always"))
        self.done(self.run("plan_update", "-always"))

    def run(self, name: str, *arguments: str) -> Done:
        return script(name, "-wiki:wiki", "-data:data", NOW, *arguments, directory=self.directory)

    def adopt(self, *arguments: str) -> Done:
        return self.run("plan_adopt", f"-page:{PAGE}", *arguments)

    def done(self, done: Done) -> Done:
        assert done.status == 0, done.out + done.err
        return done

    def file(self, name: str) -> str:
        return (self.directory / "data" / name).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        data = self.directory / "data"
        return {
            str(path.relative_to(data)): path.read_bytes()
            for path in data.rglob("*")
            if path.is_file()
        }

    def changed(self, before: dict[str, bytes]) -> list[str]:
        return sorted(name for name, data in self.files().items() if before.get(name) != data)

    def replace(self, name: str, before: str, after: str) -> None:
        path = self.directory / "data" / name
        text = path.read_text("utf-8")
        assert before in text, text
        path.write_text(text.replace(before, after), "utf-8")

    def add(self, code: str, text: str) -> None:
        """Let somebody write more at the end of a page."""
        title = f"{PAGE}/{code}" if code else PAGE
        self.people.edit(title, f"{self.people.text(title)}\n\n{text}")

    def actions(self) -> set[str]:
        return set(self.run("plan_preview").actions.values())


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("adopted")
    Desk(directory).take_over()
    return directory


@pytest.fixture
def desk(adopted: Path, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(adopted, tmp_path / "desk"))


def test_nothing_new_on_the_page_is_nothing_to_add(desk: Desk):
    before = desk.files()
    done = desk.done(desk.adopt("-import", "-add"))
    assert "The plan has all that stands there already." in done.out
    assert desk.changed(before) == []
    assert desk.actions() == {"none"}


def test_an_edit_inside_of_a_section_goes_into_the_plan_as_drift(desk: Desk):
    text = desk.people.text(PAGE)
    desk.people.edit(PAGE, text.replace("Count them.", "Count them twice."))
    before = desk.files()
    desk.done(desk.run("plan_update", "-drift:import", "-always"))
    assert desk.changed(before) == ["priorities/2021-2022.yaml"]
    assert "Count them twice." in desk.file("priorities/2021-2022.yaml")
    assert "Count them twice." in desk.people.text(PAGE)


def test_a_new_section_is_marked_and_added_alone(desk: Desk):
    desk.add("", "== Visits ==\n\nCome and see the [[Trees|trees]] on [[Garden Day]].")
    desk.add("de", "== Besuche ==\n\nSeht euch die [[Trees|Bäume]] am [[Garden Day|Gartentag]] an.")
    before = desk.files()
    desk.done(desk.adopt("-section:visits=Visits", "-always"))
    assert desk.changed(before) == []
    desk.done(desk.adopt("-import", "-add"))
    assert desk.changed(before) == ["links.yaml", "locale/de.po", "pages.yaml", "text/visits.yaml"]
    assert "Come and see the [[$trees|trees]] on [[$garden_day]]." in desk.file("text/visits.yaml")
    assert "{name: visits, template: text, data: text/visits}" in desk.file("pages.yaml")
    assert "Gartentag" in desk.file("locale/de.po")
    desk.done(desk.run("plan_update", "-always"))
    assert desk.actions() == {"none"}


def test_a_new_language_version_is_taken_as_translations_before_anything_is_written_over_it(
    desk: Desk,
):
    desk.people.edit(f"{PAGE}/fr", FRENCH)
    refused = desk.adopt("-language:fr", *SECTIONS, "-import", "-add")
    assert refused.status == 1
    assert "has no language “fr”" in refused.err
    desk.replace("pages.yaml", "[en, de]", "[en, de, fr]")
    before = desk.files()
    done = desk.done(desk.adopt("-language:fr", *SECTIONS, "-import", "-add"))
    assert "fr: 8 new translations" in done.out
    assert desk.changed(before) == ["locale/fr.po"]
    desk.done(desk.adopt("-language:fr", *SECTIONS, "-always"))
    desk.done(desk.run("plan_update", "-always"))
    written = desk.people.text(f"{PAGE}/fr").split("\n")
    assert [line for line in FRENCH.splitlines() if line not in written] == []


def test_a_language_version_that_was_marked_and_not_imported_is_not_written_over(desk: Desk):
    desk.people.edit(f"{PAGE}/fr", FRENCH)
    desk.done(desk.adopt("-language:fr", *SECTIONS, "-always"))
    marked = desk.people.text(f"{PAGE}/fr")
    desk.replace("pages.yaml", "[en, de]", "[en, de, fr]")
    desk.done(desk.run("plan_translations", "update"))
    update = desk.run("plan_update", "-always")
    states = {each["state"] for page in update.report["pages"] for each in page["sections"]}
    assert (update.status, states) == (3, {"unchanged", "adopted"})
    assert "most of its texts are not translated in the plan" in update.out
    assert desk.people.text(f"{PAGE}/fr") == marked

    desk.done(desk.adopt("-language:fr", "-import", "-add"))
    desk.done(desk.run("plan_update", "-always"))
    written = desk.people.text(f"{PAGE}/fr").split("\n")
    assert [line for line in FRENCH.splitlines() if line not in written] == []


def test_who_wants_the_plan_s_text_there_says_so(desk: Desk):
    desk.people.edit(f"{PAGE}/fr", FRENCH)
    desk.done(desk.adopt("-language:fr", *SECTIONS, "-always"))
    desk.replace("pages.yaml", "[en, de]", "[en, de, fr]")
    desk.done(desk.run("plan_translations", "update"))
    desk.done(desk.run("plan_update", "-always", "-drift:reclaim", "-allow:lost"))
    assert "We plant" in desk.people.text(f"{PAGE}/fr")


def test_a_second_year_comes_with_its_teams_once_the_department_has_them(desk: Desk):
    desk.add(
        "", "== Priorities: 2022–2023 ==\n\n* [[Ponds Team]]\n** Dig.\n* [[Trees Team]]\n** Rest."
    )
    desk.add(
        "de",
        "== Schwerpunkte: 2022–2023 ==\n\n* [[Ponds Team|Teichgruppe]]\n** Graben.\n"
        "* [[Trees Team|Baumgruppe]]\n** Ruhen.",
    )
    chosen = "-section:priorities-2022-2023=Priorities: 2022–2023"
    desk.done(desk.adopt(chosen, "-always"))
    before = desk.files()
    waits = desk.adopt("-import", "-add", "-simulate")
    assert "department.yaml has no team [[$ponds_team]]; add it, then import again" in waits.out
    assert desk.changed(before) == []
    desk.replace(
        "links.yaml", "trees_team:", "ponds: {page: Ponds Team, title: Ponds}\ntrees_team:"
    )
    desk.replace("department.yaml", "teams:\n", 'teams:\n  - {key: ponds, text: "[[$ponds]]"}\n')
    before = desk.files()
    desk.done(desk.adopt("-import", "-add"))
    year = "priorities/2022-2023.yaml"
    assert desk.changed(before) == ["locale/de.po", "pages.yaml", year]
    assert "  - key: ponds\n    items:\n      - key: dig\n" in desk.file(year)
    desk.done(desk.run("plan_update", "-always"))
    assert desk.actions() == {"none"}
    assert "** Graben." in desk.people.text(f"{PAGE}/de")


def test_a_page_that_moved_is_found_under_the_title_that_pages_yaml_has_then(desk: Desk):
    for ending in ("", "/de"):
        desk.people.edit(f"Parks{ending}", desk.people.text(f"{PAGE}{ending}"))
        desk.people.edit(f"{PAGE}{ending}", f"#REDIRECT [[Parks{ending}]]")
    preview = desk.run("plan_preview")
    assert set(preview.actions.values()) == {"refused"}
    assert "the page is a redirect to 'Parks'; put that title into pages.yaml" in preview.out
    looked = desk.adopt()
    assert f"{PAGE} leads there: use the new title from now on" in looked.out
    marked = desk.adopt("-section:mission=What we do", "-always")
    assert marked.actions == {PAGE: "refused", f"{PAGE}/de": "refused"}
    desk.replace("pages.yaml", f"title: {PAGE}", "title: Parks")
    assert desk.actions() == {"none"}


def test_add_without_import_is_told(desk: Desk):
    done = desk.adopt("-add")
    assert (done.status, "say -import -add" in done.err) == (1, True)

"""Reading pages for a plan, from a folder wiki."""

from __future__ import annotations

import pytest

from tests.support.people import FolderPeople
from wikiplan.adopt import pagetexts, wrapping
from wikiplan.adopt.wrapping import PageWrapping
from wikiplan.errors import Refusal
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate


@pytest.fixture
def people(folder: Folder) -> FolderPeople:
    return FolderPeople(folder.directory)


def adoption(folder: Folder, *choices: str) -> PageWrapping:
    chosen = wrapping.parse_choices(choices)
    nowhere = NoTranslate(folder.name)
    return PageWrapping(folder, nowhere, folder.account(), chosen, lambda code, names: "x")


def pair(name: str, body: str) -> str:
    return f"<!-- wikiplan:begin {name} -->\n{body}\n<!-- wikiplan:end {name} -->"


def test_sections_with_markers_are_read_and_those_that_are_chosen_by_heading(
    folder: Folder, people: FolderPeople
):
    people.edit("Dept", f"Lead.\n\n{pair('a', 'One.')}\n\n== Goals ==\nTwo.\n\n== Rest ==\nx\n")
    page = pagetexts.read(adoption(folder, "goals=Goals"), "Dept")
    assert [(each.name, dict(each.texts)) for each in page.sections] == [
        ("a", {"en": "One."}),
        ("goals", {"en": "== Goals ==\nTwo."}),
    ]
    assert (page.title, page.translatable, dict(page.translations)) == ("Dept", False, {})


def test_a_section_has_its_text_in_every_language_that_has_it(folder: Folder, people: FolderPeople):
    people.edit("Dept", f"{pair('a', 'One.')}\n{pair('b', 'Two.')}")
    people.edit("Dept/de", pair("a", "Eins."))
    people.edit("Dept/ar", f"{pair('b', 'اثنان.')}")
    page = pagetexts.read(adoption(folder), "Dept")
    assert [dict(each.texts) for each in page.sections] == [
        {"en": "One.", "de": "Eins."},
        {"en": "Two.", "ar": "اثنان."},
    ]
    only = pagetexts.read(adoption(folder), "Dept", ["ar"])
    assert [list(each.texts) for each in only.sections] == [["en"], ["en", "ar"]]


def test_reading_writes_nothing(folder: Folder, people: FolderPeople):
    people.edit("Dept", "== Goals ==\nTwo.\n")
    before = people.text("Dept")
    pagetexts.read(adoption(folder, "goals=Goals"), "Dept")
    assert people.text("Dept") == before
    assert [path.name for path in folder.directory.rglob("*") if path.is_file()] == ["Dept.wiki"]


def test_a_page_without_any_section_is_refused_with_the_way_out(
    folder: Folder, people: FolderPeople
):
    people.edit("Dept", "Lead.")
    with pytest.raises(Refusal) as refused:
        pagetexts.read(adoption(folder), "Dept")
    assert (refused.value.code, str(refused.value)) == (
        "no-sections",
        "Dept: no section has markers yet; say -section:NAME=HEADING, once for each",
    )


def test_a_page_that_cannot_be_read_is_refused_by_its_name(folder: Folder, people: FolderPeople):
    people.edit("Dept", "<!-- wikiplan:begin a -->\nOne.")
    with pytest.raises(Refusal, match=r"^Dept: "):
        pagetexts.read(adoption(folder), "Dept")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<div lang="de" dir="ltr" class="mw-content-ltr">\nEins.\n</div>', "Eins."),
        ("<div lang='de'>\n<div>\nEins.\n</div>\n</div>", "<div>\nEins.\n</div>"),
        ('<div lang="de">\nEins.\n</div>\n<div lang="de">\nZwei.\n</div>', None),
        ('<div style="color:red">\nEins.\n</div>', None),
        ('<div lang="de">Eins.</div>', None),
        ('Vorher\n<div lang="de">\nEins.\n</div>', None),
        ("", None),
    ],
)
def test_a_div_that_only_tells_the_language_is_taken_off(body: str, text: str | None):
    assert pagetexts.without_envelope(body) == (body if text is None else text)

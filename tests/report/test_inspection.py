"""What looking at a page found, as people read it and programs do."""

from __future__ import annotations

import json

import pytest

from tests.adopt.test_inspection import GERMAN, PAGE
from tests.support.people import FolderPeople
from wikiplan.adopt.inspection import Inspection, inspect
from wikiplan.changes.changeset import Action
from wikiplan.report import inspection
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate


@pytest.fixture
def people(folder: Folder) -> FolderPeople:
    return FolderPeople(folder.directory)


def looked_at(folder: Folder, title: str) -> Inspection:
    return inspect(folder, NoTranslate(folder.name), title)


def test_the_outline_says_what_each_part_could_become(folder: Folder, people: FolderPeople):
    people.edit("Dept", PAGE)
    rows = inspection.outline_rows(looked_at(folder, "Dept"))
    assert rows == [
        ("2", "(the text before the first heading)", "", "overview (overview)", ""),
        ("4", "What we do", "", "mission (mission)", ""),
        ("7", "Priorities: 2020–2021", "1 *, 2 **", "priorities-2020-2021 (priorities)", ""),
        ("12", "Priorities: 2021–2022", "1 *, 1 **", "priorities-2021-2022 (priorities)", ""),
        ("16", "Teams", "2 *", "teams (teams)", ""),
        ("20", "Office hours", "", "office-hours (office-hours)", ""),
        ("23", "Numbers", "", "numbers (text)", ""),
    ]


def test_a_plain_page_is_told_in_a_line_with_what_the_account_may_do(
    folder: Folder, people: FolderPeople
):
    people.edit("Dept", PAGE)
    lines = list(inspection.facts(looked_at(folder, "Dept")))
    number = looked_at(folder, "Dept").revision.number
    assert lines[0] == f"Dept: a plain page; revision {number}, in en"
    assert any("has the rights: edit" in line for line in lines)


def test_sections_that_are_managed_are_named_and_not_proposed_again(
    folder: Folder, people: FolderPeople
):
    pair = "<!-- wikiplan:begin a -->\n== Goals ==\nOne.\n<!-- wikiplan:end a -->"
    people.edit("Dept", f"Lead.\n\n{pair}\n\n== Teams ==\n* a\n* b\n\n=== Deeper ===\nx\n")
    found = looked_at(folder, "Dept")
    assert "Managed sections on it already: a" in list(inspection.facts(found))
    assert [row[1:4] for row in inspection.outline_rows(found)][1] == ("Goals", "", "is in a")
    assert inspection.proposal(found) == '"-section:overview=" "-section:teams=Teams"'


def test_a_part_that_cannot_be_marked_is_not_proposed(folder: Folder, people: FolderPeople):
    people.edit("Dept", "Lead.\n<div>\nMore.\n== Goals ==\nOne.\n</div>\n== Teams ==\n* a\n")
    found = looked_at(folder, "Dept")
    refused = [row[1] for row in inspection.outline_rows(found) if row[-1]]
    assert "Goals" in refused
    assert "Goals" not in inspection.proposal(found)
    assert "=Teams" in inspection.proposal(found)


def test_versions_are_told_with_what_they_are(folder: Folder, people: FolderPeople):
    people.edit("Dept", PAGE)
    people.edit("Dept/de", GERMAN)
    people.edit("Dept/fr", "#REDIRECT [[Département]]")
    german, french = inspection.version_rows(looked_at(folder, "Dept"))
    assert german[:2] == ("de", "Dept/de")
    assert german[2].startswith("a page with 2 headings")
    assert german[2].endswith("; no certain counterpart of: What we do, Priorities: 2021–2022, "
                              "Teams, Office hours, Numbers")  # fmt: skip
    assert french == ("fr", "Dept/fr", "a redirect to Département")


def test_obstacles_stand_in_the_way_with_their_lines(folder: Folder, people: FolderPeople):
    people.edit("Dept", "<translate>\n<!--T:1-->\nOne.\n</translate>\n")
    (told,) = inspection.hindrances(looked_at(folder, "Dept"))
    assert told.startswith("line 2: units with numbers as ids")


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        (None, "missing-page", "there is no such page"),
        (
            "#REDIRECT [[Other]]",
            "redirect",
            "a redirect to Other, which is no page that could be taken over",
        ),
    ],
)
def test_a_page_that_is_none_makes_the_run_fail(
    text: str | None, kind: str, why: str, folder: Folder, people: FolderPeople
):
    if text:
        people.edit("Dept", text)
    (page,) = inspection.refused(looked_at(folder, "Dept"))
    assert (page.action, page.told.code, page.told.reason) == (Action.REFUSED, kind, why)


def test_a_page_that_can_be_taken_over_fails_nothing(folder: Folder, people: FolderPeople):
    people.edit("Dept", PAGE)
    assert inspection.refused(looked_at(folder, "Dept")) == []


def test_the_report_has_the_outline_the_versions_and_the_account(
    folder: Folder, people: FolderPeople
):
    people.edit("Dept", PAGE)
    people.edit("Dept/fr", "#REDIRECT [[Département]]")
    data = json.loads(json.dumps(inspection.as_data(looked_at(folder, "Dept"))))
    assert (data["asked"], data["title"], data["kind"], data["lang"]) == (
        "Dept", "Dept", "plain", "en",
    )  # fmt: skip
    assert data["outline"][2] == {
        "line": 7,
        "level": 2,
        "heading": "Priorities: 2020–2021",
        "words": data["outline"][2]["words"],
        "items": {"1": 1, "2": 2},
        "kind": "priorities",
        "name": "priorities-2020-2021",
        "managed": False,
        "refusal": "",
    }
    assert data["versions"] == [
        {"lang": "fr", "title": "Dept/fr", "kind": "redirect", "redirect_to": "Département"}
    ]
    assert set(data["account"]["rights"]) <= set(inspection.RIGHTS)
    assert (data["obstacles"], data["orphans"], data["marked_revid"]) == ([], [], 0)

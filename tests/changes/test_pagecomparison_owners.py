"""A page with sections of several plans: what a plan writes, what it leaves alone and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import PageChange
from wikiplan.changes.recheck import recheck_saved
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import markers

CLAIMED = (
    "section a: on the page it is of plan parks, which took it over or has a section of this name "
    "itself, so it is left alone; take it over with -take-over:parks, or give it another name in "
    "pages.yaml, or take it out there: a page has one section of a name"
)
UNIT = "<translate>\n<!--T:{id}-->\nA bench.\n</translate>"


def section(name: str, text: str, plan: str = "") -> str:
    """Return a section as a plan wrote it."""
    return markers.wrapped(name, text, plan)


@dataclass
class Shared:
    """A page of a folder wiki, and the plan ``gardens`` that has the section ``a`` on it."""

    directory: Path

    def __post_init__(self) -> None:
        self.folder = Folder(self.directory / "wiki")
        self.people = FolderPeople(self.directory / "wiki")

    def compare(
        self,
        page: str,
        *take_over: str,
        name: str = "gardens",
        more: str = "",
        drift: str = "",
        top: str = "",
    ) -> PageChange:
        self.people.edit("Plan", page)
        top = TOP + (f"plan: {name}\n" if name else "") + top
        smallplan.write(self.directory, {"a": "Our text."}, {"Plan": more}, top)
        self.changes = smallplan.compare(
            self.directory, self.folder, drift=drift, take_over=take_over
        )
        return self.changes.pages[0]

    def save_and_check_again(self) -> PageChange:
        path = changefile.write(self.directory / "out", self.changes, datetime.now(UTC), "")
        saved = changefile.read(path)
        return recheck_saved(saved, self.folder, smallplan.summary).pages[0]


TOP = "most-shrink: 100\n"


@pytest.fixture
def shared(tmp_path: Path) -> Shared:
    return Shared(tmp_path)


def states(page: PageChange) -> list[tuple[str, str, str]]:
    return [(each.name, each.state, each.whose) for each in page.sections]


def test_a_section_of_another_plan_is_no_error_and_stays_to_the_byte(shared: Shared):
    theirs = section("b", "Their text, which people edited since.", "parks").replace("since", "now")
    page = shared.compare(f"{section('a', 'Old.')}\n\n{theirs}\n\nBelow.")
    assert page.after == f"{section('a', 'Our text.', 'gardens')}\n\n{theirs}\n\nBelow."
    assert (states(page), page.told.reason) == ([("a", "changed", "")], "")
    assert page.others == {"b": "parks"}


def test_where_nothing_changes_nothing_is_told_of_others(shared: Shared):
    page = shared.compare(f"{section('a', 'Our text.', 'gardens')}\n\n{section('b', 'x', 'parks')}")
    assert (page.action, page.told.reason, page.others) == ("none", "", {})


def test_a_name_comes_into_the_markers_with_the_next_text_only(shared: Shared):
    page = shared.compare(section("a", "Our text."))
    assert (page.action, page.after) == ("none", page.before)
    page = shared.compare(section("a", "Old."))
    assert page.after == section("a", "Our text.", "gardens")
    page = shared.compare("Text.", more="missing-section: bottom")
    assert page.after == f"Text.\n\n{section('a', 'Our text.', 'gardens')}"


def test_a_plan_without_a_name_leaves_those_with_a_name_alone(shared: Shared):
    page = shared.compare(f"{section('a', 'Old.')}\n{section('b', 'x', 'parks')}", name="")
    assert page.after == f"{section('a', 'Our text.')}\n{section('b', 'x', 'parks')}"


def test_a_section_that_another_plan_has_waits_for_a_person(shared: Shared):
    page = shared.compare(section("a", "Their text.", "parks"), more="missing-section: bottom")
    assert (page.action, page.after, page.drifted) == ("none", page.before, True)
    assert (states(page), page.told.reason) == ([("a", "claimed", "parks")], CLAIMED)


def test_a_section_is_taken_over_with_its_text_or_with_ours(shared: Shared):
    for text in ("Their text.", "Our text."):
        page = shared.compare(section("a", text, "parks"), "parks", more="missing-section: bottom")
        assert page.after == section("a", "Our text.", "gardens")
        assert states(page) == [("a", "taken over", "parks")]
        again = shared.save_and_check_again()
        assert (again.after, states(again)) == (page.after, states(page))
        Application(shared.changes, shared.folder).run()
        assert shared.save_and_check_again().told.reason.startswith("done already")


def test_taking_over_names_the_plan_and_takes_nothing_that_ours_does_not_have(shared: Shared):
    before = f"{section('a', 'x', 'parks')}\n{section('b', 'y', 'parks')}"
    page = shared.compare(before, "parks")
    assert page.after == f"{section('a', 'Our text.', 'gardens')}\n{section('b', 'y', 'parks')}"
    assert states(shared.compare(before, "roads")) == [("a", "claimed", "parks")]


def test_what_people_edited_in_it_waits_unless_it_is_reclaimed(shared: Shared):
    edited = section("a", "Their text.", "parks").replace("Their", "Somebody's")
    page = shared.compare(edited, "parks")
    assert (page.action, states(page)) == ("drift", [("a", "drift", "parks")])
    page = shared.compare(edited, "parks", drift="reclaim")
    assert (page.after, states(page)) == (
        section("a", "Our text.", "gardens"),
        [("a", "reclaimed", "parks")],
    )


def test_an_id_that_another_plan_has_is_refused(shared: Shared):
    theirs = section("b", UNIT.format(id="a.body"), "parks")
    page = shared.compare(f"{section('a', '')}\n{theirs}", more="kind: translatable")
    assert (page.action, page.told.code, page.told.reason) == (
        "refused",
        "tpt-duplicate",
        "the id “a.body” is that of a unit in section b, which is of plan parks; give ours another "
        "one under `ids` in pages.yaml",
    )


def test_a_retired_page_keeps_the_sections_of_others(shared: Shared):
    page = f"{section('a', 'Our text.', 'gardens')}\n\n{section('b', 'x', 'parks')}"
    retired = "retired:\n  - {{title: Old, remains: {}}}\n"
    shared.people.edit("Old", page)
    shared.compare("", top=retired.format("nothing"))
    assert shared.changes.pages[1].after == section("b", "x", "parks")
    shared.compare("", top=retired.format("blank"))
    assert (shared.changes.pages[1].told.code, shared.changes.pages[1].told.reason) == (
        "others-text",
        "section b is of plan parks, and would go, too; decide with those who keep that plan, or "
        "say `remains: nothing`: then only this plan's sections go",
    )

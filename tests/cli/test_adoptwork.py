"""The work of plan_adopt on a folder wiki; whole runs of the script are in runs/test_adopt.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.adopt import wrapping
from wikiplan.cli import adoptwork
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.plan import plan
from wikiplan.session import sites
from wikiplan.wikitext import sections

PAGE = "Lead.\n\n== Goals ==\nWe plant trees.\n\n== Rest ==\nx\n"
GOALS = wrapping.parse_choices(["goals=Goals"])


@pytest.fixture
def own(tmp_path: Path) -> OwnRun:
    """A folder wiki in which people wrote two pages."""
    people = FolderPeople(tmp_path / "wiki")
    people.edit("Dept", PAGE)
    people.edit("Other", PAGE)
    return OwnRun(tmp_path)


def text(own: OwnRun, title: str = "Dept") -> str:
    return FolderPeople(own.directory / "wiki").text(title)


def test_looking_tells_each_page_with_its_way_on_and_writes_nothing(own: OwnRun):
    run = own.run(page=("Dept", "Other"))
    with sites.without_plan(run) as work:
        adoptwork.show(work)
    assert [each["title"] for each in run.report.looks] == ["Dept", "Other"]
    assert len([line for line in own.said if line.startswith("To mark: ")]) == 2
    assert text(own) == PAGE.removesuffix("\n")


def test_marking_waits_for_somebody_who_says_yes(own: OwnRun):
    run = own.run(page=("Dept",))
    with sites.without_plan(run) as work:
        adoptwork.mark(work, GOALS)
    assert run.report.waiting
    assert text(own) == PAGE.removesuffix("\n")


def test_a_rehearsal_shows_the_whole_page_and_writes_nothing(own: OwnRun):
    run = own.run(page=("Dept",), simulate=True)
    with sites.without_plan(run) as work:
        adoptwork.mark(work, GOALS)
    assert any("wikiplan:begin goals" in line for line in own.said)
    assert text(own) == PAGE.removesuffix("\n")


def test_marking_adds_lines_with_markers_and_no_other_byte(own: OwnRun):
    run = own.run(page=("Dept",), always=True)
    with sites.without_plan(run) as work:
        adoptwork.mark(work, GOALS)
    assert [section.name for section in sections.find(text(own))] == ["goals"]
    kept = [line for line in text(own).split("\n") if "<!-- wikiplan:" not in line]
    assert kept == PAGE.removesuffix("\n").split("\n")
    assert text(own, "Other") == PAGE.removesuffix("\n")


def test_a_plan_with_a_name_puts_it_into_the_markers(own: OwnRun):
    smallplan.write(own.directory, {"goals": "x"}, {"Dept": ""}, "plan: gardens\n")
    with sites.without_plan(own.run(page=("Dept",), always=True)) as work:
        adoptwork.mark(work, GOALS)
    (found,) = sections.find(text(own))
    assert (found.name, found.plan, found.adopted) == ("goals", "gardens", True)


def test_a_section_of_another_plan_is_neither_marked_nor_taken(own: OwnRun):
    theirs = PAGE.replace("We plant trees.", "We plant trees.\n<!-- wikiplan:end goals -->")
    theirs = theirs.replace(
        "== Goals", "<!-- wikiplan:begin goals | plan=parks | sha256:0 -->\n== Goals"
    )
    FolderPeople(own.directory / "wiki").edit("Dept", theirs)
    with sites.without_plan(own.run(page=("Dept",), always=True)) as work:
        (page,) = adoptwork.compare(work, GOALS).pages
        assert page.told.reason == (
            "section goals, line 3: is of plan parks; choose another name for “Goals”"
        )
        with pytest.raises(Refusal) as refused:
            adoptwork.take_over(work, ())
        assert str(refused.value) == (
            "Dept: it has sections of other plans only (goals of plan parks); say "
            "-section:NAME=HEADING, once for each"
        )
        adoptwork.take_over(work, wrapping.parse_choices(["rest=Rest"]))
    assert "Dept: section goals is of plan parks, and left out." in own.said
    (made,) = plan.load(own.directory / "data").pages
    assert [section.name for section in made.sections] == ["rest"]


def test_a_plan_is_made_of_what_was_chosen_and_loads(own: OwnRun):
    run = own.run(page=("Dept",), import_=True)
    with sites.without_plan(run) as work:
        adoptwork.take_over(work, GOALS)
    loaded = plan.load(own.directory / "data")
    assert [(page.title, [s.name for s in page.sections]) for page in loaded.pages] == [
        ("Dept", ["goals"])
    ]
    assert "We plant trees." in {unit.text for unit in loaded.units.values()}
    assert text(own) == PAGE.removesuffix("\n")


def test_a_plan_may_go_to_another_folder_and_a_rehearsal_makes_none(own: OwnRun):
    out = own.directory / "new"
    for simulate in (True, False):
        run = own.run(page=("Dept",), import_=True, out=out, simulate=simulate)
        with sites.without_plan(run) as work:
            adoptwork.take_over(work, GOALS)
        assert out.exists() is not simulate
    assert not (own.directory / "data").exists()


def test_a_second_import_adds_what_the_plan_lacks_and_a_third_nothing(own: OwnRun):
    with sites.without_plan(own.run(page=("Dept",), import_=True)) as work:
        adoptwork.take_over(work, GOALS)
    both = wrapping.parse_choices(["goals=Goals", "rest=Rest"])
    added = own.run(page=("Dept",), import_=True, add=True)
    with sites.without_plan(added) as work:
        adoptwork.take_again(work, both)
    (page,) = plan.load(own.directory / "data").pages
    assert {section.name for section in page.sections} == {"goals", "rest"}
    with sites.without_plan(own.run(page=("Dept",), import_=True, add=True)) as work:
        adoptwork.take_again(work, both)
    assert "The plan has all that stands there already." in own.said


def test_to_a_plan_with_pages_on_several_sites_nothing_is_added(own: OwnRun):
    smallplan.write(own.directory, {"a": "Text."}, {"Dept": "", "Other": "site: meta:meta"})
    with (
        sites.without_plan(own.run(page=("Dept",), import_=True, add=True)) as work,
        pytest.raises(WikiplanError, match="-add: the plan has pages on several sites"),
    ):
        adoptwork.take_again(work, GOALS)


def test_a_page_without_a_section_that_was_chosen_is_refused(own: OwnRun):
    with (
        sites.without_plan(own.run(page=("Dept",), import_=True)) as work,
        pytest.raises(Refusal, match="Dept: no section has markers yet"),
    ):
        adoptwork.take_over(work, ())

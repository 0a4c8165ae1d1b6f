"""Pages are left out that are still in step, and no other ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.catalogs import catalog
from wikiplan.changes import memory
from wikiplan.changes.changeset import ChangeSet
from wikiplan.changes.inputs import Ingredients, Inputs
from wikiplan.changes.memory import KnownPage, Memory, Remembered, touched_pages
from wikiplan.plan import plan, targets
from wikiplan.plan.targets import Target
from wikiplan.render.renderer import Renderer
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Event, Recent

SECTION = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"
PLAN = Inputs(plan_sha256="0" * 64, now=smallplan.NOW, versions={})
OTHER_PLAN = replace(PLAN, plan_sha256="1" * 64)
LATER = smallplan.NOW + timedelta(days=1)


@dataclass
class Lab:
    """A plan of the pages ``Plan`` and ``Other`` that are in step on a folder wiki."""

    directory: Path
    wiki: Folder
    people: FolderPeople
    memory: Memory = field(default_factory=Memory)

    def remembered(self, inputs: Inputs = PLAN) -> Remembered:
        return Remembered(self.memory, inputs, self.ingredients())

    def ingredients(self) -> Ingredients:
        loaded = plan.load(self.directory / "data")
        catalogs = catalog.load_all(self.directory / "data" / "locale", loaded.languages)
        templates = self.directory / "templates"
        return Ingredients(Renderer(loaded, catalogs, templates, smallplan.NOW), {})

    @property
    def targets(self) -> tuple[Target, ...]:
        return targets.chosen_targets(plan.load(self.directory / "data"))

    def compare(self) -> ChangeSet:
        return smallplan.compare(self.directory, self.wiki, texts=False)

    def remember(self) -> None:
        known = replace(self.memory, tags=self.wiki.extension_tags)
        self.memory = memory.after(known, replace(self.compare(), inputs=PLAN), {}, "/data")

    def left_out(self, *events: Event, inputs: Inputs = PLAN) -> set[str]:
        recent = Recent(self.wiki.account(), None, events)
        return set(self.remembered(inputs).still_in_step(self.targets, self.wiki, recent))

    def left_out_by_heads(self) -> set[str]:
        recent = Recent(self.wiki.account(), None, None)
        return set(self.remembered().still_in_step(self.targets, self.wiki, recent))

    def known(self, title: str) -> KnownPage:
        return self.memory.pages[title]

    def edit(self, title: str, number: int) -> Event:
        step = self.known(title).step
        assert step
        return Event("edit", (title,), step.page_id, step.revision + number)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    smallplan.write(tmp_path, {"a": "A line."}, {"Plan": "", "Other": ""})
    found = Lab(tmp_path, Folder(tmp_path / "wiki"), FolderPeople(tmp_path / "wiki"))
    for title in ("Plan", "Other"):
        found.people.edit(title, SECTION)
    for page in found.compare().pages:
        found.people.edit(page.title, page.after)
    found.remember()
    return found


def test_a_page_that_is_left_out_reads_as_if_it_was_compared(lab):
    recent = Recent(lab.wiki.account(), None, ())
    found = lab.remembered().still_in_step(lab.targets, lab.wiki, recent)
    assert tuple(found.values()) == lab.compare().pages


def test_what_is_known_of_pages_that_are_left_out_stays_until_the_plan_is_another(lab):
    recent = Recent(lab.wiki.account(), None, ())
    for inputs, stays in ((replace(PLAN, now=LATER), True), (OTHER_PLAN, False)):
        left_out = tuple(
            lab.remembered(inputs).still_in_step(lab.targets, lab.wiki, recent).values()
        )
        changes = replace(lab.compare(), pages=left_out, inputs=inputs)
        after = memory.after(lab.memory, changes, {}, "/data").pages
        assert [after[title] is page for title, page in lab.memory.pages.items()] == [stays] * 2
        assert [page.inputs for page in after.values()] == [PLAN if stays else inputs] * 2


def test_nothing_is_left_out_of_which_nothing_is_known(lab):
    lab.memory = Memory(tags=lab.wiki.extension_tags)
    assert lab.left_out() == set()


def test_pages_that_somebody_touched_are_compared(lab):
    assert lab.left_out() == {"Plan", "Other"}
    assert lab.left_out(lab.edit("Plan", 1)) == {"Other"}
    assert lab.left_out(Event("move/move", ("Elsewhere", "Plan"))) == {"Other"}
    assert lab.left_out(Event("new", ("Plan",), 99, 100)) == {"Other"}, "another page of its title"
    assert lab.left_out(Event("edit", ("Unknown",), 99, 100)) == {"Plan", "Other"}


def test_a_page_that_was_edited_outside_of_its_sections_needs_no_rendering(lab):
    step, text = lab.known("Plan").step, lab.people.text("Plan")
    theirs = "<!-- wikiplan:begin b | plan=parks -->\nx\n<!-- wikiplan:end b -->"
    lab.people.edit("Plan", f"{text}\n\n{theirs}")
    tags, target = lab.wiki.extension_tags, lab.targets[0]
    revision = lab.wiki.read(["Plan"])["Plan"]
    found = lab.remembered().untouched(target, revision, tags)
    assert found == lab.compare().pages[0]
    assert step and found.base.revision != step.revision


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A line.", "An edit."),
        ("sha256:", "sha256:0"),
        (" -->\nA line.\n<!--", " -->A line.<!--"),
        ("<!-- wikiplan:end a -->", ""),
        ("Below", "<!-- wikiplan:begin b -->\n<!-- wikiplan:end b -->"),
        ("begin a |", "begin a | plan=parks |"),
        ("A line.", "A line. <!--T:1-->"),
    ],
    ids=["text", "digest", "within a line", "broken", "one more", "another plan's", "unit marker"],
)
def test_a_page_whose_sections_were_touched_is_compared(lab, old, new):
    text = f"{lab.people.text('Plan')}\n\nBelow"
    assert old in text
    lab.people.edit("Plan", text.replace(old, new))
    tags, revision = lab.wiki.extension_tags, lab.wiki.read(["Plan"])["Plan"]
    assert lab.remembered().untouched(lab.targets[0], revision, tags) is None


def test_an_edit_that_is_known_already_is_no_reason_to_compare(lab):
    assert lab.left_out(lab.edit("Plan", 0), lab.edit("Other", -1)) == {"Plan", "Other"}


def test_a_page_that_was_touched_is_known_by_its_title_in_the_plan(lab):
    pages = {"plan": lab.known("Plan")}
    recent = Recent(lab.wiki.account(), None, (lab.edit("Plan", 1),))
    assert touched_pages(Memory(pages), recent) == {"plan"}


def test_without_a_list_of_changes_the_newest_revisions_say_what_is_still_there(lab):
    assert lab.left_out_by_heads() == {"Plan", "Other"}
    lab.people.edit("Plan", "Something else.")
    assert lab.left_out_by_heads() == {"Other"}
    lab.people.delete("Other")
    assert lab.left_out_by_heads() == set()


def test_newest_revisions_do_not_say_what_became_of_a_marking(lab):
    page = lab.known("Plan")
    assert page.step
    marked = replace(page, step=replace(page.step, marked=page.step.revision))
    lab.memory = replace(lab.memory, pages={**lab.memory.pages, "Plan": marked})
    assert lab.left_out() == {"Plan", "Other"}, "the list of changes has the logs of markings"
    assert lab.left_out_by_heads() == {"Other"}


def test_a_page_in_another_language_than_before_is_compared(lab):
    (lab.directory / "wiki/.wikiplan").mkdir(exist_ok=True)
    site = lab.directory / "wiki/.wikiplan/site.json"
    site.write_text('{"page-languages": {"Plan": "de"}}')
    lab.wiki = Folder(lab.directory / "wiki")
    assert lab.left_out_by_heads() == {"Other"}


def test_a_wiki_with_other_extension_tags_may_see_other_sections(lab):
    lab.memory = replace(lab.memory, tags=frozenset({"poem"}))
    assert lab.left_out() == set()


def test_another_plan_of_which_the_page_is_made_the_same_leaves_it_out(lab):
    assert lab.left_out(inputs=OTHER_PLAN) == {"Plan", "Other"}


def test_a_page_whose_text_changed_in_the_plan_is_compared(lab):
    smallplan.write(lab.directory, {"a": "Another line."}, {"Plan": "", "Other": ""})
    assert lab.left_out(inputs=OTHER_PLAN) == set()


def test_a_page_whose_time_is_over_is_compared(lab):
    page = lab.known("Plan")
    assert page.made_of
    ends = replace(page, made_of=replace(page.made_of, until=LATER))
    lab.memory = Memory({**lab.memory.pages, "Plan": ends}, tags=lab.memory.tags)
    assert lab.left_out() == {"Plan", "Other"}
    assert lab.left_out(inputs=replace(PLAN, now=LATER)) == {"Other"}


def test_a_clock_that_goes_back_leaves_nothing_out(lab):
    earlier = smallplan.NOW - timedelta(seconds=1)
    assert lab.left_out(inputs=replace(PLAN, now=earlier)) == set()

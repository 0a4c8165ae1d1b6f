"""What is remembered of pages: of those that are as the plan says, and harmless to lose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import memory
from wikiplan.changes.changeset import Action, ChangeSet, PageChange, SectionState
from wikiplan.changes.inputs import Inputs, MadeOf
from wikiplan.changes.memory import KnownPage, Memory, Step
from wikiplan.plan import plan
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder

THEN, LATER = datetime(2021, 7, 1, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC)
OLD = Inputs(plan_sha256="0" * 64, now=THEN, versions={"Babel": "1"})
NEW = replace(OLD, versions={"Babel": "2"})
OLD_LATER = replace(OLD, now=LATER)
SECTION = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"
DATA = "/data"
NOTHING = Memory()


@pytest.fixture
def wiki(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "wiki")


@pytest.fixture
def changes(tmp_path: Path, wiki: Folder) -> ChangeSet:
    """A plan of two pages that a run would write."""
    smallplan.write(tmp_path, {"a": "A line."}, {"Plan": "", "Other": ""})
    for title in ("Plan", "Other"):
        FolderPeople(tmp_path / "wiki").edit(title, SECTION)
    return replace(smallplan.compare(tmp_path, wiki, texts=False), inputs=OLD)


@pytest.fixture
def in_step(tmp_path: Path, wiki: Folder, changes: ChangeSet) -> ChangeSet:
    """The same plan when a run has written it."""
    for page in changes.pages:
        FolderPeople(tmp_path / "wiki").edit(page.title, page.after)
    return replace(smallplan.compare(tmp_path, wiki, texts=False), inputs=NEW)


def noted(changes: ChangeSet, *saved: str, before: Memory = NOTHING) -> dict[str, KnownPage]:
    revisions = dict.fromkeys(saved, 7)
    return dict(memory.after(before, changes, revisions, DATA).pages)


def with_state(changes: ChangeSet, state: SectionState) -> ChangeSet:
    def changed(page: PageChange) -> PageChange:
        return replace(page, sections=tuple(replace(s, state=state) for s in page.sections))

    return replace(changes, pages=tuple(map(changed, changes.pages)))


def test_of_a_page_that_was_saved_is_noted_what_it_was_made_from_and_its_new_revision(changes):
    known = noted(changes, "Plan")["Plan"]
    (digest,) = known.sections.values()
    assert f"sha256:{digest}" in changes.pages[0].after
    assert known.step and known.step.revision == 7
    assert replace(known, made_of=None, step=None) == KnownPage(
        "Plan", OLD, "en", {"a": digest}, DATA
    )


def test_a_change_set_of_nobody_knows_which_plan_leaves_a_page_to_the_plan_that_had_it(changes):
    before = Memory(noted(changes, "Plan"))
    after = memory.after(before, changes, {"Plan": 8, "Other": 8}, "").pages
    assert {title: page.data for title, page in after.items()} == {"Plan": DATA, "Other": ""}


def test_of_a_saved_page_that_may_not_be_as_meant_no_revision_is_noted(changes):
    known = memory.after(Memory(), changes, {"Plan": 0}, DATA).pages["Plan"]
    assert known.step is None and known.inputs == OLD


def test_a_page_is_noted_that_is_in_step_without_its_text(in_step):
    assert {page.action for page in in_step.pages} == {Action.NONE}
    assert {page.before + page.after for page in in_step.pages} == {""}
    found = noted(in_step)
    assert {title: known.inputs for title, known in found.items()} == {"Plan": NEW, "Other": NEW}
    steps = [known.step for known in found.values() if known.step]
    assert [step.revision for step in steps] == [page.base.revision for page in in_step.pages]


@pytest.mark.parametrize("state", [
    SectionState.DRIFT, SectionState.MERGED, SectionState.CONFLICT, SectionState.ADOPTED,
    SectionState.LEFT_OUT, SectionState.UNDONE, SectionState.MARKED,
])  # fmt: skip
def test_a_page_is_not_noted_of_which_a_section_is_not_as_the_plan_says(changes, state):
    assert noted(with_state(changes, state), "Plan", "Other") == {}


def test_a_page_that_is_not_in_step_any_more_is_not_known_to_be(in_step, changes):
    before = Memory(noted(in_step))
    after = noted(changes, before=before)
    assert {known.step for known in after.values()} == {None}
    assert {known.inputs.versions["Babel"] for known in after.values()} == {"2"}


def test_a_run_that_rendered_nothing_notes_nothing(changes):
    assert noted(replace(changes, inputs=None), "Plan") == {}


def test_a_run_at_another_time_changes_nothing(in_step):
    before = noted(replace(in_step, inputs=OLD))
    assert noted(replace(in_step, inputs=OLD_LATER), before=Memory(before)) == before
    after = noted(replace(in_step, inputs=NEW), before=Memory(before))
    assert [known.inputs for known in after.values()] == [NEW, NEW]


def test_a_retired_page_is_forgotten_when_it_was_written(in_step, changes):
    before = Memory(noted(in_step))
    assert noted(with_state(changes, SectionState.RETIRED), "Plan", "Other", before=before) == {}


def test_an_earlier_making_is_known_only_of_sections_that_are_as_it_left_them(changes):
    page = changes.pages[0]
    known = noted(changes, "Plan")
    now = replace(page, action=Action.UPDATE, before=page.after, after="newer")
    assert memory.last_of(known, now, frozenset()) == known["Plan"]
    digest = known["Plan"].sections["a"]
    others = [
        replace(now, before=page.after.replace(digest, "0" * 16)),
        replace(now, before=page.after.replace("end a", "end b")),
        replace(now, base=replace(page.base, content_language="de")),
        replace(now, action=Action.NONE),
        replace(now, base=replace(page.base, title="Other")),
        with_state(replace(changes, pages=(now,)), SectionState.MERGED).pages[0],
    ]
    assert [memory.last_of(known, other, frozenset()) for other in others] == [None] * 6


STEP = Step(1, 0, 5, "0" * 40)


def made_from(*names: str, title: str = "Plan", step: Step | None = None) -> KnownPage:
    inputs = replace(OLD, files=names)
    return KnownPage(title, inputs, "en", {}, DATA, step=step)


@pytest.mark.parametrize(
    ("until", "now", "good"),
    [
        (None, LATER, True),
        (None, THEN - timedelta(1), False),
        (LATER, THEN, True),
        (LATER, LATER - timedelta(microseconds=1), True),
        (LATER, LATER, False),
    ],
)
def test_a_page_is_good_from_when_it_was_made_until_the_clock_makes_a_difference(until, now, good):
    known = replace(made_from(), made_of=MadeOf("digest", until, ()))
    assert known.is_good_at(now) is good
    assert not made_from().is_good_at(now), "nobody knows what it is made of"


def test_files_are_missing_that_all_pages_were_made_from():
    known = {"A": made_from("a", "b"), "B": made_from("a", "b", "c"), "Old": made_from()}
    assert memory.missing(known, ["A", "B", "New", "Old"], ["b"]) == ("a",)
    assert memory.missing(known, ["A", "B"], ["a", "b"]) == ()
    assert memory.missing(known, ["B"], []) == ("a", "b", "c")
    assert memory.missing(known, ["New", "Old"], []) == ()
    assert memory.missing({**known, "A": made_from("b")}, ["A", "B"], ["b"]) == ()


def test_pages_are_left_that_the_same_plan_had_and_has_no_more(tmp_path):
    had = plan.load(smallplan.write(tmp_path, {"a": "A line."}, {"plan": ""}) / "data")
    known = replace(made_from(title="Plan"), data=str(had.directory.resolve()))
    old, elsewhere = replace(known, title="Old"), replace(known, title="Theirs", data="/other")
    assert memory.left({"old": old, "Theirs": elsewhere, "plan": known}, had) == {"Old": old}
    assert memory.left({"Other spelling": replace(known, title="plan")}, had) == {}


def test_pages_can_be_known_without_their_revisions():
    known = Memory({"Plan": made_from(step=STEP), "Other": made_from(step=STEP)})
    assert memory.without_steps(known, {"Plan", "Unknown"}).pages == {
        "Plan": made_from(),
        "Other": known.pages["Other"],
    }
    assert memory.namespaces(memory.without_steps(known, {"Other"})) == {"Plan": 0}

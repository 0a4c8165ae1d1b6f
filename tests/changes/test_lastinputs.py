"""What pages were made from: noted for those that are as the plan says, harmless to lose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import Action, ChangeSet, Inputs, PageChange, SectionState, lastinputs
from wikiplan.changes.lastinputs import LastInputs
from wikiplan.wiki import Folder

THEN, LATER = datetime(2021, 7, 1, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC)
OLD = Inputs(plan_sha256="0" * 64, now=THEN, versions={"Babel": "1"})
NEW = OLD.model_copy(update={"versions": {"Babel": "2"}})
OLD_LATER = OLD.model_copy(update={"now": LATER})
SECTION = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"


@pytest.fixture
def wiki(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "wiki")


@pytest.fixture
def changes(tmp_path: Path, wiki: Folder) -> ChangeSet:
    """A plan of two pages that a run would write."""
    smallplan.write(tmp_path, {"a": "A line."}, {"Plan": "", "Other": ""})
    for title in ("Plan", "Other"):
        FolderPeople(tmp_path / "wiki").edit(title, SECTION)
    return replace(smallplan.compare(tmp_path, wiki), inputs=OLD)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return lastinputs.path_of(tmp_path / "state", "lab:lab", "Plan Bot")


def noted(path: Path, changes: ChangeSet, *saved: str) -> dict[str, LastInputs]:
    lastinputs.remember(path, changes, set(saved), frozenset(), Path("data"))
    return lastinputs.read(path)


def with_state(changes: ChangeSet, state: SectionState) -> ChangeSet:
    def changed(page: PageChange) -> PageChange:
        return replace(page, sections=tuple(replace(s, state=state) for s in page.sections))

    return replace(changes, pages=tuple(map(changed, changes.pages)))


def test_a_page_is_noted_that_was_saved(path, changes):
    found = noted(path, changes, "Plan")
    (digest,) = found["Plan"].sections.values()
    assert found == {"Plan": LastInputs(OLD, "en", {"a": digest}, str(Path("data").resolve()))}
    assert f"sha256:{digest}" in changes.pages[0].after
    assert path.name == "lab:lab_Plan_Bot.inputs.json"


def test_a_page_is_noted_that_is_in_step(tmp_path, path, wiki, changes):
    for page in changes.pages:
        FolderPeople(tmp_path / "wiki").edit(page.title, page.after)
    again = replace(smallplan.compare(tmp_path, wiki), inputs=NEW)
    assert {page.action for page in again.pages} == {Action.NONE}
    assert {title: known.inputs for title, known in noted(path, again).items()} == {
        "Plan": NEW,
        "Other": NEW,
    }


@pytest.mark.parametrize("state", [
    SectionState.DRIFT, SectionState.MERGED, SectionState.CONFLICT, SectionState.ADOPTED,
    SectionState.LEFT_OUT, SectionState.UNDONE, SectionState.MARKED,
])  # fmt: skip
def test_a_page_is_not_noted_of_which_a_section_is_not_as_the_plan_says(path, changes, state):
    assert noted(path, with_state(changes, state), "Plan", "Other") == {}
    assert not path.exists()


def test_a_run_that_rendered_nothing_notes_nothing(path, changes):
    assert noted(path, replace(changes, inputs=None), "Plan") == {}


def test_a_run_at_another_time_leaves_the_file_as_it_is(path, changes):
    noted(path, changes, "Plan", "Other")
    before = path.stat().st_ino
    assert noted(path, replace(changes, inputs=OLD_LATER), "Plan", "Other")["Plan"].inputs == OLD
    assert path.stat().st_ino == before, "not even written anew"
    assert noted(path, replace(changes, inputs=NEW), "Plan")["Plan"].inputs == NEW
    assert lastinputs.read(path)["Other"].inputs == OLD


def test_a_place_that_cannot_be_written_is_no_reason_to_fail(path, changes):
    path.parent.write_text("a file")
    assert noted(path, changes, "Plan") == {}


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"inputs": [], "pages": []}',
        b'{"inputs": [], "pages": {"Plan": {"inputs": 0}}}',
        b'{"inputs": [], "pages": {"Plan": {"inputs": 0, "content_language": "", "sections": {}}}}',
        b'{"inputs": [1], "pages": {}}',
        b'{"inputs": [{"plan_sha256": "", "now": "today", "versions": {}}], "pages": {}}',
    ],
)
def test_a_damaged_file_says_nothing_and_is_written_anew(path, changes, damaged):
    path.parent.mkdir()
    path.write_bytes(damaged)
    assert lastinputs.read(path) == {}
    assert set(noted(path, changes, "Plan")) == {"Plan"}


def test_an_earlier_making_is_known_only_of_sections_that_are_as_it_left_them(path, changes):
    page = changes.pages[0]
    known = noted(path, changes, "Plan")
    now = replace(page, action=Action.UPDATE, before=page.after, after="newer")
    assert lastinputs.of_page(known, now, frozenset()) == known["Plan"]
    digest = known["Plan"].sections["a"]
    others = [
        replace(now, before=page.after.replace(digest, "0" * 16)),
        replace(now, before=page.after.replace("end a", "end b")),
        replace(now, base=replace(page.base, content_language="de")),
        replace(now, action=Action.NONE),
        replace(now, base=replace(page.base, title="Other")),
        with_state(replace(changes, pages=(now,)), SectionState.MERGED).pages[0],
    ]
    assert [lastinputs.of_page(known, other, frozenset()) for other in others] == [None] * 6


def made_from(*names: str) -> LastInputs:
    return LastInputs(OLD.model_copy(update={"files": names}), "en", {})


def test_files_are_missing_that_all_pages_were_made_from():
    known = {"A": made_from("a", "b"), "B": made_from("a", "b", "c"), "Old": made_from()}
    assert lastinputs.missing(known, ["A", "B", "New", "Old"], ["b"]) == ("a",)
    assert lastinputs.missing(known, ["A", "B"], ["a", "b"]) == ()
    assert lastinputs.missing(known, ["B"], []) == ("a", "b", "c")
    assert lastinputs.missing(known, ["New", "Old"], []) == ()
    assert lastinputs.missing({**known, "A": made_from("b")}, ["A", "B"], ["b"]) == ()

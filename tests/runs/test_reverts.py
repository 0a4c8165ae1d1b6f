"""What people take back stays back; the cases are told in tests/cases/reverts/README.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan, wikicases
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople, Place
from tests.support.samples import WHOLE
from tests.support.wikicases import Case
from wikiplan.changes import changefile, journal, undo
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import ChangeSet, PageChange, SectionState
from wikiplan.changes.recheck import recheck_saved
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate

WAYS = wikicases.read(wikicases.CASES / "reverts" / "ways.txt")
SEQUELS = wikicases.read(wikicases.CASES / "reverts" / "afterwards.txt")
KINDS, RUNS = ("plain", "translatable"), ("run", "run twice", "saved")
SCENARIOS = list(product(WAYS, SEQUELS, KINDS, RUNS))
ON_A_WIKI = [each for each in SCENARIOS if each[2] == "plain"]
EVERY = 1 if WHOLE else 11
"""``make test`` tries one scenario of eleven on a wiki, ``make reverts`` all."""

LINES = "{% for each in data.lines %}\n* {{ each.text }}\n{% endfor %}\n"
A, B = ["Trees.", "Herbs.", "Sheds."], ["Roses.", "Vines.", "Tools."]
OAKS = ["Oaks.", "Herbs.", "Sheds."]


@dataclass
class Story:
    """A page, its plan, and what people and runs do to both."""

    directory: Path
    place: Place
    title: str
    kind: str
    lines: dict[str, list[str]] = field(default_factory=lambda: {"a": A, "b": B})
    runs: int = 0

    def begin(self) -> None:
        self.place.people.edit(self.title, smallplan.TWO_SECTIONS)
        self.run()
        self.before = self.text
        self.lines["a"] = OAKS
        self.run()
        self.written = self.text
        assert "Oaks." in self.written

    @property
    def text(self) -> str:
        return self.place.wiki.read([self.title])[self.title].text

    # What the plan's owner and the operator do

    def compare(self) -> ChangeSet:
        more = "missing-section: bottom\n"
        kind = "kind: translatable\n" if self.kind == "translatable" else ""
        smallplan.write(self.directory, dict.fromkeys("ab", ""), {self.title: more + kind}, TOP)
        (self.directory / "templates" / "line.wiki").write_text(LINES)
        for name, lines in self.lines.items():
            data = {"lines": [{"key": f"n{n}", "text": line} for n, line in enumerate(lines)]}
            (self.directory / "data" / f"{name}.yaml").write_text(json.dumps(data))
        self.runs += 1
        return smallplan.compare(self.directory, self.place.wiki, run=run_id(self.runs))

    def run(self) -> PageChange:
        changes = self.compare()
        Application(changes, self.place.wiki, sleep=lambda seconds: None).run()
        return changes.pages[0]

    def run_twice(self) -> PageChange:
        self.run()
        page = self.run()
        assert not page.to_write, page.told.reason
        return page

    def saved(self) -> PageChange:
        changes = self.compare()
        path = changefile.write(self.directory / "out", changes, datetime.now(UTC), "")
        again = recheck_saved(changefile.read(path), self.place.wiki, smallplan.summary)
        Application(again, self.place.wiki, sleep=lambda seconds: None).run()
        return changes.pages[0]

    def plan_undo(self) -> None:
        wiki, newest = self.place.wiki, run_id(self.runs)
        undoing = undo.Undoing(
            newest, wiki, wiki.account(), took_back, lambda: NoTranslate(wiki.name)
        )
        changes = undo.compute(undoing, journal.run_edits(newest, wiki, ()), UNDOING)
        Application(changes, wiki, sleep=lambda seconds: None).run()
        assert "Oaks." not in self.text

    def plan(self, name: str) -> None:
        self.lines[name] = [*self.lines[name][:2], f"New of {name}. {self.runs}"]

    # What people do

    def edit(self, text: str) -> None:
        self.place.people.edit(self.title, text)

    def undo(self) -> None:
        if isinstance(self.place.people, MediaWiki):
            newest = self.place.people.history(self.title)[0]["revid"]
            self.place.people.edit(self.title, "", undo=str(newest))
        else:
            self.edit(self.before)

    def rollback(self) -> None:
        if isinstance(self.place.people, MediaWiki):
            people, user = self.place.people, self.place.wiki.account().name
            token = people.api("Admin", action="query", meta="tokens", type="rollback")
            rollback = token["query"]["tokens"]["rollbacktoken"]
            people.api("Admin", action="rollback", title=self.title, user=user, token=rollback)
        else:
            self.edit(smallplan.TWO_SECTIONS)

    def put(self, what: str) -> None:
        if what == "a back":
            self.edit(self.text.replace(whole(self.text), whole(self.before)))
        else:
            self.edit(self.text.replace("Oaks.", "Trees."))

    def take(self, what: str) -> None:
        self.edit(self.text.replace(whole(self.text), ""))

    def blank(self) -> None:
        self.edit("")

    def restore(self) -> None:
        self.edit(self.before)

    def edit_above(self) -> None:
        self.edit(f"A remark of somebody.\n\n{self.text}")

    def edit_a(self) -> None:
        if "Sheds." in self.text:
            self.edit(self.text.replace("Sheds.", "Barns."))
        else:
            self.edit(f"{self.text}\n\nBarns are not in it.")

    def move(self) -> None:
        to = f"{self.title} moved"
        self.place.people.move(self.title, to)
        self.title = to

    def tell(self, steps: str) -> None:
        for step in steps.splitlines():
            method, _, rest = step.partition(" ")
            if hasattr(self, step.replace(" ", "_")):
                getattr(self, step.replace(" ", "_"))()
            else:
                getattr(self, method)(rest)


TOP = "most-shrink: 100\n"
UNDOING = "20210702T000000Z-def456"
STATES = {SectionState.REVERTED, SectionState.REMOVED, SectionState.DRIFT, SectionState.CONFLICT}


def run_id(number: int) -> str:
    return f"20210701T{number:06}Z-abc123"


def took_back(change: PageChange) -> str:
    return f"Took back run {change.undoes} [run {UNDOING}]"


def whole(text: str) -> str:
    """Return the section ``a`` with its markers."""
    found = re.search(r"<!-- wikiplan:begin a.*?wikiplan:end a -->", text, re.DOTALL)
    assert found
    return found[0]


def words(scenario: tuple[Case, Case, str, str]) -> str:
    way, sequel, kind, run = scenario
    return f"{way.sentence}, {sequel.sentence}, {kind}, {run}"


def holds(story: Story, scenario: tuple[Case, Case, str, str]) -> None:
    """Tell the story, run, and look at what became of what was taken back."""
    way, sequel, _, run = scenario
    story.begin()
    story.tell(way.blocks["steps"])
    story.tell(sequel.blocks["steps"])
    people = outside(story.text)
    page = getattr(story, run.replace(" ", "_"))()
    by_name = {section.name: section.state for section in page.sections}
    if "plan a" in sequel.blocks["steps"]:
        assert "New of a." in story.text, by_name
        # A person's line stays where only it was taken back; the rest is the plan's new text.
        assert ("Oaks." in story.text) == (way.blocks["waits"] != "drift")
        return
    assert "Oaks." not in story.text
    assert by_name["a"] in STATES
    assert page.drifted
    if "edit a" not in sequel.blocks["steps"]:
        assert by_name["a"] == way.blocks["waits"]
    if "plan b" in sequel.blocks["steps"]:
        assert "New of b." in story.text
    else:
        assert outside(story.text) == people


def outside(text: str) -> str:
    return re.sub(r"<!-- wikiplan:begin b.*?wikiplan:end b -->", "", text, flags=re.DOTALL)


def test_there_are_enough_scenarios_and_each_step_is_known():
    assert len(SCENARIOS) >= 200
    steps = {s for case in (*WAYS, *SEQUELS) for s in case.blocks["steps"].splitlines()}
    names = {name for step in steps for name in (step.replace(" ", "_"), step.split(" ")[0])}
    assert all(any(hasattr(Story, n) for n in (s.replace(" ", "_"), s.split()[0])) for s in steps)
    assert names & set(vars(Story))


@pytest.mark.heavy
@pytest.mark.sampled(5)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=words)
def test_what_was_taken_back_in_a_folder_stays_back(tmp_path: Path, scenario: Any):
    if "move" in scenario[1].blocks["steps"]:
        pytest.skip("a folder knows no page that was moved by hand")
    wiki = tmp_path / "wiki"
    story = Story(tmp_path, Place(Folder(wiki), FolderPeople(wiki)), "Plan", scenario[2])
    holds(story, scenario)


def test_a_revert_stands_however_often_another_section_is_written(tmp_path: Path):
    wiki = tmp_path / "wiki"
    story = Story(tmp_path, Place(Folder(wiki), FolderPeople(wiki)), "Plan", "plain")
    story.begin()
    story.undo()
    for _ in range(40):
        story.plan("b")
        page = story.run()
        assert {s.name: s.state for s in page.sections} == {"a": "reverted", "b": "changed"}
    (drift,) = [section.drift for section in page.sections if section.drift]
    assert [edit.revision.user for edit in drift.edits] == ["editor"]
    assert "Oaks." not in story.text


@pytest.mark.wiki
@pytest.mark.parametrize("scenario", ON_A_WIKI[::EVERY], ids=words)
def test_what_was_taken_back_on_a_wiki_stays_back(
    site: Any, mediawiki: MediaWiki, tmp_path: Path, title: str, scenario: Any
):
    holds(Story(tmp_path, Place(site, mediawiki), title, "plain"), scenario)

"""Two plans keep sections of the same pages: neither ever changes a byte of the other's.

Each walk is an order of chance: both plans change and run, people edit, take sections out and put
old texts back, sections are taken over, and runs are undone. A sample runs in ``make test``, 1,000
steps in ``make owners``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import Place
from tests.support.samples import WHOLE
from tests.support.smallplan import NOW
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import TO_WRITE, PageChange, SectionState
from wikiplan.plan.targets import Answers
from wikiplan.report.report import Report, new_run_id
from wikiplan.report.terminal import Terminal
from wikiplan.session import loading, remembering, undoing
from wikiplan.session.options import Options
from wikiplan.session.session import Session
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections
from wikiplan.wikitext.restoring import whole_text

STEPS = 1000 if WHOLE else 25
STEPS_ON_A_WIKI = 25
DECLARED = {"gardens": ("beds", "trees", "shared"), "parks": ("paths", "shared", "trees-2")}
PAGES = ("Owners One", "Owners Two")
PAGE = "missing-page: create\nmissing-section: bottom\n"
TOP = "most-shrink: 100\nmost-lost: 100\nplan: {}\n"
WORDS = ("Trees", "Herbs", "Sheds", "Roses", "Vines", "Tools")


@dataclass
class Department:
    """A plan: what each of its sections says, and the ids of its runs."""

    name: str
    directory: Path
    texts: dict[str, str]
    runs: list[str] = field(default_factory=list)

    def write(self) -> None:
        smallplan.write(
            self.directory, self.texts, dict.fromkeys(PAGES, PAGE), TOP.format(self.name)
        )


@dataclass
class Walk:
    """A wiki that two plans share, and what happens on it."""

    place: Place
    departments: Mapping[str, Department]
    chance: random.Random
    told: list[str] = field(default_factory=list)
    old: dict[str, list[str]] = field(default_factory=lambda: {title: [] for title in PAGES})
    taken: int = 0
    left: int = 0

    def text(self, title: str) -> str:
        return self.place.wiki.read([title])[title].text

    def texts(self) -> dict[str, str]:
        return {title: self.text(title) for title in PAGES}

    def edit(self, title: str, text: str) -> None:
        self.old[title].append(self.text(title))
        self.place.people.edit(title, text)

    def any_department(self) -> Department:
        return self.chance.choice(list(self.departments.values()))

    def words(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(1000)}."

    def step(self) -> None:
        happening = self.chance.choice(HAPPENINGS)
        self.told.append(happening.__name__)
        happening(self)

    def session(self, department: Department, **options: Any) -> Session:
        department.write()
        chosen = Options(
            data=department.directory / "data",
            templates=department.directory / "templates",
            always=True,
            now=NOW,
            trust=timedelta(days=1000),
            **options,
        )
        report = Report(new_run_id(NOW), site=self.place.wiki.name, started=NOW)
        loaded = loading.load(chosen)
        known = (chosen, Terminal, report, self.place.wiki)
        return Session(*known, loaded=loaded, site="lab:lab")

    def run(self, department: Department, **options: Any) -> tuple[PageChange, ...]:
        """Let a plan run, and look at what it did and said."""
        work = self.session(department, **options)
        before = self.texts()
        full = replace(work, options=replace(work.options, full=True)).compare()
        changes = work.compare()
        self.told.append(f"{department.name} {options}")
        for ours, theirs in zip(changes.pages, full.pages, strict=True):
            assert ours == theirs, self.story(ours.title)
        work.report.add_changes(page for page in changes.pages if not page.to_write)
        outcomes = Application(changes, self.place.wiki, sleep=lambda seconds: None).run()
        assert all(outcome.action in TO_WRITE for outcome in outcomes), self.story(PAGES[0])
        work.report.add_outcomes(outcomes)
        remembering.keep(work, changes)
        if changes.to_write:
            department.runs.append(work.report.run)
        take_over = options.get("take_over", ())
        for page in changes.pages:
            self.check(department, page, before[page.title], take_over)
        return changes.pages

    def check(
        self, department: Department, page: PageChange, before: str, take_over: tuple[str, ...]
    ) -> None:
        name, after = department.name, self.text(page.title)
        theirs, now = others(before, name), others(after, name)
        for section, (plan, text) in theirs.items():
            may_go = plan in take_over and section in DECLARED[name]
            if not may_go or section in now:
                assert now.get(section) == (plan, text), self.story(page.title)
            self.taken += section not in now
            self.left += 1
        assert outside(before, theirs, now) == outside(after, theirs, now), self.story(page.title)
        states = {section.name: section.state for section in page.sections}
        for section in theirs.keys() & states.keys() & now.keys():
            assert states[section] is SectionState.CLAIMED or take_over, self.story(page.title)
        assert states.keys() <= {*DECLARED[name]}, self.story(page.title)

    def story(self, title: str) -> str:
        return "\n".join([*self.told, title, self.text(title)])


def others(text: str, name: str) -> dict[str, tuple[str, str]]:
    """Return the sections of other plans: each one's plan, and its text with the markers."""
    found = sections.find(text)
    return {s.name: (s.plan, whole_text(text, s)) for s in found if not s.is_of(name)}


def outside(text: str, theirs: Mapping[str, object], now: Mapping[str, object]) -> str:
    """Return a page's text without the sections that a run may write, and without empty lines."""
    for section in sections.find(text)[::-1]:
        if section.name not in theirs or section.name not in now:
            text = text[: section.begin.start] + text[section.end.stop :]
    return re.sub(r"\n+", "\n", text).strip("\n")


# What happens.


def run(walk: Walk) -> None:
    walk.run(walk.any_department())


def change_a_text_and_run(walk: Walk) -> None:
    department = walk.any_department()
    department.texts[walk.chance.choice(list(department.texts))] = walk.words()
    walk.run(department)
    assert not any(page.to_write for page in walk.run(department)), walk.story(PAGES[0])


def take_over(walk: Walk) -> None:
    department = walk.any_department()
    (other,) = walk.departments.keys() - {department.name}
    walk.run(department, take_over=(other,))
    assert not any(page.to_write for page in walk.run(department)), walk.story(PAGES[0])


def take_over_what_people_edited(walk: Walk) -> None:
    department = walk.any_department()
    (other,) = walk.departments.keys() - {department.name}
    walk.run(department, take_over=(other,), drift=Answers("reclaim"))


def undo_a_run(walk: Walk) -> None:
    department = walk.any_department()
    if not department.runs:
        return
    undone = department.runs.pop()
    work = walk.session(department, words=(undone,))
    before = walk.texts()
    changes = undoing.changes(work, undone)
    Application(changes, walk.place.wiki, sleep=lambda seconds: None).run()
    for title, old in before.items():
        theirs, now = others(old, department.name), others(walk.text(title), department.name)
        assert {n: now.get(n) for n in theirs} == theirs, walk.story(title)


def edit_outside(walk: Walk) -> None:
    title = walk.chance.choice(PAGES)
    walk.edit(title, f"{walk.words()}\n\n{walk.text(title)}")


def edit_a_section(walk: Walk) -> None:
    title = walk.chance.choice(PAGES)
    text = walk.text(title)
    if found := sections.find(text):
        at = walk.chance.choice(found).body.stop
        walk.edit(title, f"{text[:at]} {walk.words()}{text[at:]}")


def take_a_section_out(walk: Walk) -> None:
    title = walk.chance.choice(PAGES)
    text = walk.text(title)
    if found := sections.find(text):
        section = walk.chance.choice(found)
        walk.edit(title, text[: section.begin.start] + text[section.end.stop :])


def put_an_old_text_back(walk: Walk) -> None:
    title = walk.chance.choice(PAGES)
    if walk.old[title]:
        walk.edit(title, walk.chance.choice(walk.old[title]))


HAPPENINGS: tuple[Callable[[Walk], None], ...] = (
    run, change_a_text_and_run, change_a_text_and_run, take_over, take_over_what_people_edited,
    undo_a_run, edit_outside, edit_a_section, take_a_section_out, put_an_old_text_back,
)  # fmt: skip


def test_no_plan_changes_a_byte_of_what_another_one_keeps(
    tmp_path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    departments = {
        name: Department(name, tmp_path / name, dict.fromkeys(names, "The first text."))
        for name, names in DECLARED.items()
    }
    walk = Walk(place, departments, random.Random(13))
    for title in PAGES:
        place.people.edit(title, "People's text.\n\n== See also ==\nMore of it.")
    for department in departments.values():
        walk.run(department)
    for _ in range(STEPS if isinstance(place.wiki, Folder) else STEPS_ON_A_WIKI):
        walk.step()
    print(f"sections of the other plan: {walk.left}, taken over: {walk.taken}")
    assert walk.left > 5 * walk.taken > 0

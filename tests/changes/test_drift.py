"""What becomes of people's edits in managed sections; the cases are told in their README.md."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan import textdiff
from wikiplan.catalogs import catalog
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import ChangeSet, PageChange
from wikiplan.changes.drift import PlanPart
from wikiplan.plan.targets import Answers, Choice
from wikiplan.report.report import Report
from wikiplan.report.terminal import Terminal
from wikiplan.session import changesets, loading, session
from wikiplan.session.command import Run
from wikiplan.session.options import Options
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import Merged, sections

CASES = Path(__file__).parents[1] / "cases" / "drift"
LANGUAGES = ("en", "ar", "de")


class Case:
    """A file of tests/cases/drift: its parts by the words after ``=``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = path.read_text(encoding="utf-8")
        self.story, *parts = re.split(r"^= (.+)\n", text, flags=re.MULTILINE)
        self.parts = dict(zip(parts[::2], parts[1::2], strict=True))

    def __getitem__(self, part: str) -> str:
        return self.parts[part].strip("\n")

    def edits(self, what: str) -> Mapping[str, str]:
        """Return the edits of pages or files by their names."""
        found = {part.partition(" ")[::2]: self[part] for part in self.parts}
        return {name: text for (kind, name), text in found.items() if kind == what}

    def expect(self, part: str, outcome: str) -> None:
        """Compare an outcome with the case; ``WIKIPLAN_CASES=1`` writes it down, for review."""
        if os.environ.get("WIKIPLAN_CASES"):
            self.parts[part] = f"{outcome}\n\n"
            parts = ((name, text.strip("\n")) for name, text in self.parts.items())
            whole = "".join(f"= {name}\n{text}\n\n" for name, text in parts)
            self.path.write_text(f"{self.story.strip()}\n\n{whole.strip()}\n", encoding="utf-8")
        assert outcome == self[part]


def edited(text: str, edit: str) -> str:
    """Return a text with the hunks of an edit: lines with ``-``, ``+`` or a blank before them."""
    for hunk in edit.split("\n...\n"):
        lines = hunk.split("\n")
        old = "\n".join(line[1:] for line in lines if line[:1] in ("-", " "))
        new = "\n".join(line[1:] for line in lines if line[:1] in ("+", " "))
        assert f"\n{text}\n".count(f"\n{old}\n") == 1, f"these lines are not there once:\n{old}"
        text = f"\n{text}\n".replace(f"\n{old}\n", f"\n{new}\n" if new else "\n")[1:-1]
    return text


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of the cases, and a folder with its pages as wikiplan wrote them."""
    directory = tmp_path_factory.mktemp("written")
    shutil.copytree(CASES / "plan", directory, dirs_exist_ok=True)
    changes = smallplan.compare(directory, Folder(directory / "wiki"))
    Application(changes, Folder(directory / "wiki")).run()
    return directory


class Scene:
    """A case's plan and wiki, after people and the plan's owner were at work."""

    def __init__(self, case: Case, directory: Path) -> None:
        self.case, self.directory = case, directory
        self.folder = Folder(directory / "wiki")
        self.choice = Choice(pages=tuple(case.edits("page")))
        people = FolderPeople(self.folder.directory)
        for title, edit in case.edits("page").items():
            people.edit(title, edited(people.text(title), edit))
        for name, edit in case.edits("plan").items():
            file = directory / "data" / name
            file.write_text(edited(file.read_text("utf-8"), edit), encoding="utf-8")
        for old, new in case.edits("renamed").items():
            (directory / "data" / old).rename(directory / "data" / new)

    def compare(self, answer: str) -> ChangeSet:
        return smallplan.compare(self.directory, self.folder, self.choice, answer)

    def outcome(self, answer: str) -> str:
        """Return what an answer gives for the edited pages: states, then the lines that change."""
        titles = self.case.edits("page")
        pages = self.compare(answer).pages
        return "\n".join(told(page) for page in pages if page.title in titles)

    def take(self) -> str:
        """Import what can be; return the lines of files that change, and what is left."""
        data = self.directory / "data"
        before = {path: path.read_text("utf-8") for path in data.rglob("*.*")}
        shown = Console(file=io.StringIO(), width=100)
        options = Options(
            data=data,
            templates=self.directory / "templates",
            wiki=self.folder.directory,
            now=smallplan.NOW,
            page=self.choice.pages,
            drift=Answers("import"),
            always=True,
        )
        run = Run(options, lambda: Terminal(shown, shown), Report("RUN", "", smallplan.NOW))
        with session.with_plan(run, loading.load(options), "lab:lab") as work:
            first = changesets.proposed(work, work.compare())
        catalog.write(first.imported.files)
        lines = [line for path in before for line in self.changed(path, before[path])]
        drifts = [s.drift for page in first.changes.pages for s in page.sections if s.drift]
        left = [each.reason for drift in drifts for each in drift.units.left]
        left += [reason for _, reason in first.imported.left]
        return "\n".join([*lines, *(f"left: {reason}" for reason in left)])

    def files(self) -> dict[Path, bytes]:
        data = self.directory / "data"
        return {path: path.read_bytes() for path in data.rglob("*.*")}

    def changed(self, path: Path, before: str) -> list[str]:
        lines = [
            line for line in textdiff.plain(before, path.read_text("utf-8")) if line[0] in "-+"
        ]
        return [path.relative_to(self.directory / "data").as_posix(), *lines] if lines else []


def told(page: PageChange) -> str:
    if page.told.code:
        return f"refused: {page.told.code}"
    states = [f"{s.name}: {s.state}" for s in page.sections if s.state != "unchanged"]
    lines = [
        line
        for line in textdiff.plain(page.before, page.after)
        if line[0] in "-+" and "<!-- wikiplan:begin" not in line
    ]
    return "\n".join([*states, *lines]) or "unchanged"


@pytest.fixture(params=sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def scene(request: pytest.FixtureRequest, written: Path, tmp_path: Path) -> Scene:
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return Scene(Case(request.param), tmp_path)


@pytest.mark.sampled(4)
def test_an_edit_is_kept_and_a_second_run_makes_no_edit(scene: Scene):
    scene.case.expect("keep", scene.outcome("keep"))
    Application(scene.compare("keep"), scene.folder).run()
    assert [page.title for page in scene.compare("keep").to_write] == []


@pytest.mark.sampled(4)
def test_an_edit_is_taken_back_and_the_page_is_as_the_plan_says(scene: Scene):
    scene.case.expect("reclaim", scene.outcome("reclaim"))
    changes = scene.compare("reclaim")
    Application(changes, scene.folder).run()
    refused = [page.title for page in changes.pages if page.action == "refused"]
    pages = scene.compare("keep").pages
    assert [page.title for page in pages if page.action != "none"] == refused


@pytest.mark.sampled(4)
@pytest.mark.heavy
def test_an_edit_is_imported(scene: Scene):
    taken = scene.take()
    scene.case.expect("import", "\n".join(filter(None, [taken, "then", scene.outcome("import")])))


@pytest.mark.sampled(4)
@pytest.mark.heavy
def test_a_second_import_takes_no_more(scene: Scene):
    scene.take()
    Application(scene.compare("import"), scene.folder).run()
    before = scene.files()
    scene.take()
    assert scene.files() == before


def test_the_whole_text_of_a_plain_section_is_the_plans():
    part = PlanPart("new", sections.digest("x\ny"))
    same, other = part.compared("x\ny"), part.compared("y")
    assert (same.texts, same.intact) == (Merged("new", "x\ny", "new"), True)
    assert (other.texts, other.intact) == (Merged("new", "y", "new"), False)
    assert part.own_if("x", sections.digest("x")) == "x"
    assert part.own_if("x", sections.digest("y")) is None

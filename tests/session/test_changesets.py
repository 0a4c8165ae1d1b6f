"""People's edits through the scripts, on a folder and a real wiki: kept, imported, taken back."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople, People
from tests.support.running import ROOT, Done, script
from wikiplan.plan import Shard
from wikiplan.wiki.folder import Folder

PLAN = Path(__file__).parents[1] / "cases" / "drift" / "plan" / "data"
OLD, NEW = "They plant and prune.", "They plant and they prune."


@dataclass
class World:
    """A plan whose page stands on a wiki, and people there. ``where`` are options for scripts."""

    directory: Path
    title: str
    people: People
    where: tuple[str, ...]

    def run(self, name: str, *options: str) -> Done:
        return script(name, *self.where, *options, directory=self.directory)

    def edit(self, old: str = OLD, new: str = NEW) -> str:
        """Let a person edit the page; returns its text."""
        text = self.people.text(self.title)
        assert old in text
        self.people.edit(self.title, text.replace(old, new))
        return self.people.text(self.title)

    def data(self) -> dict[str, str]:
        files = (self.directory / "data").rglob("*.*")
        return {path.name: path.read_text(encoding="utf-8") for path in files}


@pytest.fixture(params=["folder", pytest.param("site", marks=pytest.mark.wiki)])
def world(request: pytest.FixtureRequest, tmp_path: Path, title: str) -> World:
    shutil.copytree(PLAN, tmp_path / "data")
    pages = tmp_path / "data" / "pages.yaml"
    first, _, _ = pages.read_text().partition("\n  - title: Garden plan")
    changed = first.replace("title: Gardens", f"title: {title!r}").replace("[en, ar, de]", "[en]")
    pages.write_text(f"{changed}\n")
    where: tuple[str, ...] = ()
    if request.param == "folder":
        where = (f"-wiki:{tmp_path / 'wiki'}",)
        people: People = FolderPeople(tmp_path / "wiki")
    else:
        people = request.getfixturevalue("mediawiki")
    world = World(tmp_path, title, people, where)
    written = world.run("plan_update", "-always")
    assert written.status == 0, written.err
    return world


def test_a_preview_shows_who_edited_what_and_when(world: World):
    before = world.edit()
    done = world.run("plan_preview")
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.err
    shown = done.out.partition(f"Section teams of {world.title} was edited by people\n")[2]
    assert "-* Trees – They plant and prune.\n+* Trees – They plant and they prune.\n" in shown
    assert re.search(r"^  revision \d+ by \w+ at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(", shown, re.M)
    ((told,),) = (page["drift"] for page in done.report["pages"])
    assert (told["section"], told["base_known"], len(told["edits"])) == ("teams", True, 1)
    assert "+* Trees – They plant and they prune." in told["diff"]
    assert world.people.text(world.title) == before


def test_an_edit_stays_until_somebody_decides(world: World):
    before = world.edit()
    done = world.run("plan_update", "-always")
    assert (done.status, done.actions) == (3, {world.title: "drift"})
    assert world.people.text(world.title) == before


def test_the_plan_s_change_is_merged_with_an_edit_of_another_unit(world: World):
    world.edit()
    file = world.directory / "data" / "department.yaml"
    file.write_text(file.read_text().replace("They sow, and they reap.", "They sow and reap."))
    done = world.run("plan_update", "-always")
    assert (done.status, done.actions) == (3, {world.title: "update"}), done.err
    text = world.people.text(world.title)
    assert "* Trees – They plant and they prune.\n* Herbs – They sow and reap.\n" in text
    again = world.run("plan_update", "-always")
    assert (again.status, again.actions) == (3, {world.title: "drift"})
    taken = world.run("plan_update", "-always", "-drift:import")
    assert (taken.status, taken.actions) == (0, {world.title: "none"}), taken.out
    assert NEW in file.read_text()


def test_an_imported_edit_changes_the_plan_s_file_and_not_the_page(world: World):
    before, files = world.edit(), world.data()
    for name, options in {"plan_preview": [], "plan_update": ["-always", "-simulate"]}.items():
        shown = world.run(name, "-drift:teams=import", *options)
        assert "For the plan: department.trees.about (en)\n-They plant and prune." in shown.out
        assert (shown.status, world.data()) == (3, files)
    done = world.run("plan_update", "-always", "-drift:import")
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    assert done.report["imported"] == [
        {"key": "department.trees.about", "lang": "en", "before": OLD, "after": NEW}
    ]
    files["department.yaml"] = files["department.yaml"].replace(OLD, NEW)
    assert world.data() == files
    assert world.people.text(world.title) == before
    again = world.run("plan_update", "-always", "-drift:import")
    assert (again.status, again.report["outcome"]) == (0, "nothing")


def test_after_an_import_the_reason_does_not_propose_another(world: World):
    world.edit("* Herbs –", "* A line of their own.\n* Herbs –")
    page = world.edit()
    by_hand = (
        "put into the plan by hand what is right, then take the section back with -drift:reclaim"
    )
    kept = world.run("plan_update", "-always")
    assert kept.reasons[world.title] == (
        "section teams: edited on the wiki since wikiplan last wrote it, left alone; take the edit "
        "into the plan with -drift:import, or the section back with -drift:reclaim"
    )
    done = world.run("plan_update", "-always", "-drift:import")
    assert (done.status, len(done.report["imported"])) == (3, 1), done.err
    assert done.reasons[world.title] == (
        "section teams: edited on the wiki since wikiplan last wrote it, left alone as far as "
        f"-drift:import cannot take it into the plan; {by_hand}"
    )
    assert world.people.text(world.title) == page


def test_a_simulated_update_ends_with_saying_that_nothing_was_written(world: World):
    page, files = world.edit(), world.data()
    for options in (["-drift:import"], ["-drift:reclaim"], []):
        done = world.run("plan_update", "-always", "-simulate", *options)
        assert done.out.endswith("\nNothing was written.\n")
        assert (world.people.text(world.title), world.data()) == (page, files)
    done = world.run("plan_update", "-always")
    assert "Nothing was written." not in done.out


def test_a_change_set_in_a_file_has_no_import_in_it_and_says_so(world: World):
    page, files, out = world.edit(), world.data(), world.directory / "out"
    told = (
        "The change set leaves people's edits out that would go into the plan: it changes pages, "
        "not the plan's files. Run plan_update -drift:import first, then preview again with -out:."
    )
    done = world.run("plan_preview", "-drift:import", f"-out:{out}", "-brief")
    assert (done.status, told in done.out) == (3, True), done.err
    applied = world.run("plan_update", f"-changes:{out / 'changes.json'}", "-always")
    assert applied.actions == {world.title: "drift"}
    assert (world.people.text(world.title), world.data()) == (page, files)
    assert world.run("plan_update", "-drift:import", "-always").status == 0
    again = world.run("plan_preview", "-drift:import", f"-out:{out}", "-brief")
    assert (again.status, told in again.out) == (0, False), again.err


def test_nothing_is_imported_when_nobody_can_be_asked(world: World):
    world.edit()
    files = world.data()
    done = world.run("plan_update", "-drift:import")
    assert (done.status, world.data()) == (3, files)
    assert "not taken into the plan: there is no terminal to ask on; use -always." in done.out


def test_shards_import_nothing_as_all_would_write_the_plan_s_files(world: World):
    world.edit()
    files = world.data()
    index = next(i for i in range(2) if Shard(i, 2).has(world.title))
    done = world.run("plan_update", "-always", "-drift:import", f"-shard:{index}/2")
    assert (done.status, world.data()) == (3, files)
    assert "Run plan_update once without -shard:, for these pages." in " ".join(done.out.split())


def test_taking_a_section_back_names_the_revision_in_the_summary(
    world: World, request: pytest.FixtureRequest
):
    before = world.people.text(world.title)
    world.edit()
    done = world.run("plan_update", "-always", "-drift:reclaim")
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    assert world.people.text(world.title) == before
    if world.where:
        history = Folder(world.directory / "wiki").history(0, world.title, 0)
        newest, edit = history[:2]
        summary, number, user = newest.summary, edit.number, edit.user
    else:
        wiki: MediaWiki = request.getfixturevalue("mediawiki")
        newest, edit = wiki.history(world.title)[:2]
        summary, number, user = newest["comment"], edit["revid"], edit["user"]
    assert summary == (
        "Updated from the department's plan: teams (put back as the plan says, over "
        f"[[Special:Diff/{number}|revision {number}]] by {user}) [run {done.report['run']}]"
    )


@pytest.mark.parametrize("world", ["folder"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "page", "file"),
    [("r\ny\n", OLD, OLD), ("i\ny\n", NEW, NEW), ("i\nn\n", NEW, OLD), ("k\n", NEW, OLD)],
    ids=["reclaim", "import", "import not confirmed", "keep"],
)
def test_a_person_is_asked(world: World, typed: str, page: str, file: str):
    world.edit()
    words = asked(world.directory, world.where, typed)
    assert f"Section teams of {world.title}: people's edits? [k]eep, [i]mport, [r]eclaim:" in words
    assert page in world.people.text(world.title)
    assert file in world.data()["department.yaml"]


ANY_SHRINK = "most-shrink: 100\n"


def asked(directory: Path, where: Sequence[str], typed: str) -> str:
    """Update at a terminal where a person types; returns what is shown there, in one line."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "plan_update.py"), *where],
        cwd=directory,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
    ):
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        with suppress(OSError):
            while more := os.read(ours, 4096):
                shown += more
    os.close(ours)
    return " ".join(shown.decode().split())


@pytest.mark.parametrize(
    ("typed", "left"),
    [("n\ny\n", ""), ("t\ny\n", "Other."), ("k\n", "wikiplan:begin b")],
    ids=["nothing", "text", "keep"],
)
def test_a_person_is_asked_what_remains_of_a_section_that_the_plan_does_not_have(
    tmp_path: Path, typed: str, left: str
):
    entry = {"Plan": "missing-page: create"}
    smallplan.write(tmp_path, {"a": "Text.", "b": "Other."}, entry, ANY_SHRINK)
    script("plan_update", "-wiki:wiki", "-always", directory=tmp_path)
    smallplan.write(tmp_path, {"a": "Text."}, entry, ANY_SHRINK)
    words = asked(tmp_path, ("-wiki:wiki",), typed)
    question = "Section b of Plan is not in the plan; what remains? [n]othing, [t]ext, [k]eep:"
    assert question in words
    text = FolderPeople(tmp_path / "wiki").text("Plan")
    assert (left in text, "Other." in text) == (True, bool(left))
    assert ("wikiplan:begin b" in text) == (typed[0] == "k")


@pytest.mark.wiki
def test_an_edit_of_a_marked_page_goes_into_the_plan_or_is_merged(
    translate_wiki: Any, translate_site: Callable[..., Any], title: str, tmp_path: Path
):
    shutil.copytree(PLAN, tmp_path / "data")
    pages = tmp_path / "data" / "pages.yaml"
    pages.write_text(f"""\
site: lab:lab
source-language: en
languages: [en, ar, de]
most-outdated: 100
pages:
  - title: {title!r}
    kind: translatable
    missing-page: create
    sections: [{{name: teams, template: teams, data: department}}]
""")
    world = World(tmp_path, title, translate_wiki, ())
    written = world.run("plan_update", "-always")
    assert written.actions == {title: "create"}, written.err
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    before = world.edit()
    file = world.directory / "data" / "department.yaml"
    file.write_text(file.read_text().replace("They sow, and they reap.", "They sow and reap."))
    merged = world.run("plan_update", "-always")
    assert [s["state"] for s in merged.report["pages"][0]["sections"]] == ["merged"], merged.out
    assert translate_wiki.text(title) == before.replace(
        "They sow, and they reap.", "They sow and reap."
    ).replace(digest_in(before), digest_in(translate_wiki.text(title)))
    taken = world.run("plan_update", "-always", "-drift:import")
    assert (taken.actions, NEW in file.read_text()) == ({title: "none"}, True), taken.out
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    assert world.run("plan_update", "-always").report["outcome"] == "nothing"


def digest_in(text: str) -> str:
    return re.findall(r"sha256:(\w+)", text)[0]

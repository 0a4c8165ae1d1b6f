"""Taking back a run: on a folder wiki and on a real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.running import ROOT, Done, script
from wikiplan import files
from wikiplan.changes import journal
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit

PAIR = "Before\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nafter"


@dataclass
class World:
    """A wiki for scripts, the people on it, and a plan."""

    directory: Path
    title: str
    options: tuple[str, ...]
    people: Any
    wiki: Callable[[], Any]

    def page(self, name: object) -> str:
        return f"{self.title}/{name}"

    def plan(self, names: list[str], text: str = "New text.", **more: str) -> None:
        entries = {self.page(name): more.get(name, "") for name in names}
        smallplan.write(self.directory, {"a": text}, entries)

    def update(self) -> str:
        """Run an update; returns the run's id."""
        done = script("plan_update", "-always", *self.options, directory=self.directory)
        assert done.report["outcome"] == "done", done.err + done.out
        return str(done.report["run"])

    def undo(self, run: str, *options: str) -> Done:
        return script(
            "plan_undo", run, "-always", *self.options, *options, directory=self.directory
        )

    def forget(self) -> None:
        """Lose the journal."""
        folder = Path(self.wiki().directory) if self.options else None
        for path in files.state_folder(folder).glob("*.journal"):
            path.unlink()


@pytest.fixture(params=["folder", pytest.param("site", marks=pytest.mark.wiki)])
def world(request: pytest.FixtureRequest, tmp_path: Path, title: str) -> World:
    if request.param == "folder":
        wiki = tmp_path / "wiki"
        people = FolderPeople(wiki)
        return World(tmp_path, title, (f"-wiki:{wiki}",), people, lambda: Folder(wiki))
    people = request.getfixturevalue("mediawiki")
    site_of = request.getfixturevalue("site_of")
    return World(tmp_path, title, (), people, site_of)


def test_of_twenty_pages_fifteen_are_restored_to_the_byte_and_five_reported(world: World):
    names = [f"{number:02}" for number in range(20)]
    world.plan(names, "Old text.")
    for name in names:
        world.people.edit(world.page(name), PAIR)
    world.update()
    before = {name: world.people.text(world.page(name)) for name in names}
    world.plan(names)
    run = world.update()
    for name in names[:5]:
        text = world.people.text(world.page(name)).replace("New text.", f"{name} by a person.")
        world.people.edit(world.page(name), text)
    edited = {name: world.people.text(world.page(name)) for name in names[:5]}
    simulated = script("plan_undo", run, "-simulate", *world.options, directory=world.directory)
    assert (simulated.status, simulated.report["outcome"]) == (3, "waiting"), simulated.err

    done = world.undo(run)
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.err
    now = {name: world.people.text(world.page(name)) for name in names}
    assert now == before | edited
    for name in names[:5]:
        reason = done.reasons[world.page(name)]
        assert reason.startswith("section a: it was changed since, left as it is; revision ")
        assert "changed section a" in reason
        assert f"{world.page(name)}: {reason}" in done.out
    for name in names[5:]:
        head = world.wiki().history(0, world.page(name), 0)[0]
        assert head.summary == f"Took back run {run}: a [run {done.report['run']}]"
    again = world.undo(run)
    assert "update" not in again.actions.values()


def test_what_is_left_has_the_action_and_the_status_that_the_docs_say(tmp_path: Path, title: str):
    people = FolderPeople(tmp_path / "wiki")
    names = ["edited", "gone", "back", "made"]
    docs = (ROOT / "docs" / "operator" / "undoing.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| `(\w+)` \| (\d) \|", docs, re.MULTILINE)
    where = (f"-wiki:{people.directory}",)
    world = World(tmp_path, title, where, people, lambda: Folder(people.directory))
    world.plan(names, made="missing-page: create")
    for name in names[:3]:
        people.edit(world.page(name), PAIR)
    run = world.update()
    text = people.text(world.page("edited"))
    people.edit(world.page("edited"), text.replace("New text.", "A person's."))
    people.delete(world.page("gone"))
    people.edit(world.page("back"), PAIR)
    for name in names:
        done = world.undo(run, f"-page:{world.page(name)}")
        ((page, action),) = done.actions.items()
        said = [row for row in rows if row[0].partition(";")[0] in done.reasons[page]]
        assert [row[1:] for row in said] == [(action, str(done.status))], done.reasons


def test_what_people_changed_outside_stays(world: World):
    world.plan(["one"])
    world.people.edit(world.page("one"), PAIR)
    run = world.update()
    page = world.page("one")
    text = world.people.text(page)
    world.people.edit(page, f"Above.\n{text} Below.".replace("Before", "Much before"))
    done = world.undo(run)
    assert (done.status, done.report["outcome"]) == (0, "done"), done.err
    assert world.people.text(page) == f"Above.\n{PAIR} Below.".replace("Before", "Much before")


def test_without_the_journal_the_wiki_says_what_the_run_did(world: World):
    world.plan(["one", "two"])
    for name in ("one", "two"):
        world.people.edit(world.page(name), PAIR)
    run = world.update()
    world.forget()
    done = world.undo(run, f"-page:{world.page('two')}")
    assert (done.status, done.actions) == (0, {world.page("two"): "update"}), done.err
    assert world.people.text(world.page("one")) != PAIR
    world.undo(run)
    assert [world.people.text(world.page(name)) for name in ("one", "two")] == [PAIR, PAIR]


def test_single_sections_can_be_taken_back(tmp_path: Path, title: str):
    wiki = tmp_path / "wiki"
    people = FolderPeople(wiki)
    world = World(tmp_path, title, (f"-wiki:{wiki}",), people, lambda: Folder(wiki))
    smallplan.write(tmp_path, {"a": "New a.", "b": "New b."}, {"One": "", "Two": ""})
    pairs = f"{PAIR}\n{PAIR.replace(' a ', ' b ')}"
    people.edit("One", pairs)
    people.edit("Two", pairs)
    run = world.update()
    done = world.undo(run, "-section:b", "-page:One")
    assert done.actions == {"One": "update"}, done.err
    text = people.text("One")
    assert ("New a." in text, text.endswith(PAIR.replace(" a ", " b "))) == (True, True)
    done = world.undo(run, "-section:c", "-page:One")
    assert done.reasons == {"One": "the run did not write such a section on this page"}
    done = world.undo(run, "-page:Three")
    assert "-page: the run did not edit such a page; it edited One, Two" in done.err
    assert "choose with -page:" in world.undo(run, "-language:en").err
    world.undo(run)
    assert [people.text(page) for page in ("One", "Two")] == [pairs, pairs]


def test_a_section_that_the_run_put_in_goes_with_the_lines_around_it(world: World):
    world.plan(["one"], one="missing-section: bottom")
    page = world.page("one")
    world.people.edit(page, "Text.\n\n[[Category:Plans]]")
    run = world.update()
    world.people.edit(page, world.people.text(page).replace("Text.", "More text."))
    done = world.undo(run)
    assert done.actions == {page: "update"}, done.err
    assert world.people.text(page) == "More text.\n\n[[Category:Plans]]"


def test_pages_that_the_run_made_wait_for_a_person_who_deletes_them(world: World):
    names = ["one", "two"]
    world.plan(names, **dict.fromkeys(names, "missing-page: create"))
    run = world.update()
    one, two = map(world.page, names)
    world.people.edit(two, "A person's page now.")
    done = world.undo(run)
    assert (done.status, done.report["outcome"]) == (3, "waiting"), done.err
    way = "say -delete" if world.options else "ask an administrator"
    assert done.reasons == {
        one: f"the run created this page; taking that back means deleting it: {way}",
        two: "the run created this page, and it was edited since; "
        "decide with its editors what becomes of it",
    }
    assert f"{one}: {done.reasons[one]}" in done.out
    assert "New text." in world.people.text(one)


def test_a_page_that_the_run_made_is_deleted_where_that_is_wanted_and_allowed(world: World):
    world.plan(["one"], one="missing-page: create")
    page = world.page("one")
    if not world.options:
        run = world.update()
        assert world.undo(run, "-delete").actions == {page: "none"}, "the bot may not delete"
        world.options = ("-user:Admin",)
        world.plan(["one", "two"], one="missing-page: create", two="missing-page: create")
        page = world.page("two")
    run = world.update()
    simulated = script(
        "plan_undo", run, "-delete", "-simulate", *world.options, directory=world.directory
    )
    assert (simulated.status, simulated.actions) == (3, {page: "none"}), simulated.err
    done = world.undo(run, "-delete")
    assert (done.status, done.actions) == (0, {page: "delete"}), done.err + done.out
    assert not world.wiki().read([page])[page].exists
    if world.options == ("-user:Admin",):
        reason = f"Took back run {run}: {page} [run {done.report['run']}]"
        assert world.people.deletions(page) == reason
    again = world.undo(run)
    assert again.reasons[page].startswith("the page is gone: deleted since the run"), again.err


def test_pages_that_are_gone_or_moved_are_told_or_followed(world: World):
    names = ["deleted", "moved", "moved-away"]
    world.plan(names)
    for name in names:
        world.people.edit(world.page(name), PAIR)
    run = world.update()
    deleted, moved, away = map(world.page, names)
    world.people.delete(deleted)
    world.people.edit(deleted, "Another page.")
    if not world.options:  # a folder cannot know where a file went
        world.people.move(moved, f"{moved} elsewhere")
        world.people.move(away, f"{away} elsewhere", redirect=False)
        moved, away = f"{moved} elsewhere", f"{away} elsewhere"
    done = world.undo(run)
    assert [world.people.text(page) for page in (moved, away)] == [PAIR, PAIR]
    assert world.people.text(deleted) == "Another page."
    assert done.actions.get(moved) == "update", done.reasons


def test_what_takes_back_can_be_saved_reviewed_and_applied_in_part(world: World):
    world.plan(["one", "two"])
    for name in ("one", "two"):
        world.people.edit(world.page(name), PAIR)
    run = world.update()
    out = world.directory / "review"
    done = world.undo(run, f"-out:{out}", "-brief")
    assert (done.status, done.report["outcome"]) == (2, "pending"), done.err
    assert "Nothing was written to the wiki." in done.out
    first = json.loads((out / "changes.json").read_text())["pages"][0]
    assert (first["undoes"], first["sections"][0]["state"]) == (run, "undone")
    options = ("-always", f"-changes:{out}/changes.json", *world.options)
    only = f"-only:{world.page('two')}#a"
    done = script("plan_update", *options, only, directory=world.directory)
    assert done.actions == {world.page("two"): "update"}, done.err
    done = script("plan_update", *options, directory=world.directory)
    assert done.actions[world.page("one")] == "update", done.err
    assert [world.people.text(world.page(name)) for name in ("one", "two")] == [PAIR, PAIR]
    assert "done already" in done.reasons[world.page("two")]


def test_an_undo_can_be_taken_back(world: World):
    world.plan(["one"])
    world.people.edit(world.page("one"), PAIR)
    run = world.update()
    text = world.people.text(world.page("one"))
    undone = world.undo(run)
    again = world.undo(undone.report["run"])
    assert again.actions == {world.page("one"): "update"}
    assert world.people.text(world.page("one")) == text


def test_a_run_can_be_taken_back_when_the_plan_is_broken(tmp_path: Path, title: str):
    wiki = tmp_path / "wiki"
    world = World(tmp_path, title, (f"-wiki:{wiki}",), FolderPeople(wiki), lambda: Folder(wiki))
    world.plan(["one"])
    world.people.edit(world.page("one"), PAIR)
    run = world.update()
    (tmp_path / "data" / "pages.yaml").write_text("site: [")
    done = world.undo(run)
    assert done.actions == {world.page("one"): "update"}, done.err
    assert "The plan cannot be read: its stop page is not looked at" in done.out


def test_an_edit_of_a_run_that_touched_no_section_is_refused(tmp_path: Path, title: str):
    people = FolderPeople(tmp_path / "wiki")
    where = (f"-wiki:{people.directory}",)
    world = World(tmp_path, title, where, people, lambda: Folder(people.directory))
    people.edit(title, "A person's text.")
    page = world.wiki().read([title])[title]
    summary = f"by hand [run {smallplan.RUN}]"
    world.wiki().save(Edit(title, page.page_id, page.number, "Another text.", summary))
    text = "Another text, and more."
    people.edit(title, text)
    world.plan(["a"])
    done = world.undo(smallplan.RUN)
    assert (done.status, done.actions) == (1, {title: "refused"})
    assert "cannot be told apart from people's text" in done.reasons[title]
    assert people.text(title) == text


def test_a_run_that_nobody_knows_is_told(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    options = ("-always", f"-wiki:{tmp_path / 'wiki'}")
    done = script("plan_undo", "20210701T000000Z-abc123", *options, directory=tmp_path)
    assert done.status == 1
    assert "wikiplan has made no edit with this id on folder:wiki" in done.err
    done = script("plan_undo", *options, directory=tmp_path)
    assert "which run? give one id" in done.err


@pytest.mark.wiki
def test_the_guards_hold(mediawiki: MediaWiki, tmp_path: Path, title: str, site_of: Any):
    world = World(tmp_path, title, (), mediawiki, site_of)
    world.plan(["nobots", "good"])
    for name in ("nobots", "good"):
        mediawiki.edit(world.page(name), PAIR)
    run = world.update()
    text = mediawiki.text(world.page("nobots"))
    mediawiki.edit(world.page("nobots"), f"{{{{nobots}}}}\n{text}")
    done = world.undo(run)
    assert done.actions == {world.page("nobots"): "refused", world.page("good"): "update"}
    assert (done.status, mediawiki.text(world.page("good"))) == (1, PAIR)


def test_a_damaged_journal_is_put_aside_and_nothing_else_happens(tmp_path: Path, title: str):
    wiki = tmp_path / "wiki"
    people = FolderPeople(wiki)
    world = World(tmp_path, title, (f"-wiki:{wiki}",), people, lambda: Folder(wiki))
    world.plan(["one"], "Old text.")
    people.edit(world.page("one"), PAIR)
    world.update()
    path = journal.path_of(files.state_folder(wiki), "folder:wiki", "wikiplan")
    path.write_bytes(b"SQLite format 3\0" + b"garbage" * 1000)
    world.plan(["one"])
    run = world.update()
    assert path.with_name(f"{path.name}.damaged").exists()
    assert [entry.title for entry in journal.Journal(path).entries(run)] == [world.page("one")]
    assert world.undo(run).actions == {world.page("one"): "update"}
    assert "Old text." in people.text(world.page("one"))


# --- markers around text of people (plan_adopt) ---

STANDING = "Lead.\n\n== Goals ==\nOne.\n\n== More ==\nTwo."


def adopt(world: World, *names: str) -> str:
    """Put markers around two parts of pages; returns the run's id."""
    pages = (f"-page:{world.page(name)}" for name in names)
    chosen = ("-section:goals=Goals", "-section:more=More", "-always")
    done = script("plan_adopt", *pages, *chosen, *world.options, directory=world.directory)
    assert done.report["outcome"] in ("done", "waiting"), done.err + done.out
    return str(done.report["run"])


@pytest.mark.parametrize("journal", ["with the journal", "without it"])
def test_markers_go_again_and_the_text_between_them_stays(world: World, journal: str):
    names = ["untouched", "edited", "updated"]
    world.plan(["one"])
    for name in names:
        world.people.edit(world.page(name), STANDING)
    run = adopt(world, *names)
    if journal == "without it":
        world.forget()
    untouched, edited, updated = map(world.page, names)
    text = world.people.text(edited)
    assert text.count("<!-- wikiplan:") == 4
    world.people.edit(edited, f"Top.\n{text.replace('One.', 'One, better.')}\nEnd.")
    world.people.edit(updated, world.people.text(updated).replace("sha256:", "sha256:0", 1))
    done = world.undo(run)
    assert (done.status, done.actions) == (
        3,
        dict.fromkeys(sorted(map(world.page, names)), "update"),
    )
    assert world.people.text(untouched) == STANDING
    assert world.people.text(edited) == f"Top.\n{STANDING.replace('One.', 'One, better.')}\nEnd."
    assert world.people.text(updated).count("<!-- wikiplan:") == 2
    assert done.reasons[updated].startswith(
        "section goals: another run wrote it since, or its marker was changed; "
        "take that run back first, left as it is; revision "
    )
    shown = [line for line in done.out.split("\n") if line[:1] in ("-", "+")]
    assert all("<!-- wikiplan:" in line for line in shown), done.out
    again = world.undo(run, f"-page:{untouched}")
    assert again.reasons == {untouched: "nothing of the run is left on this page"}


def test_markers_go_by_a_change_set_too_and_one_section_by_itself(world: World):
    world.plan(["one"])
    page, out = world.page("adopted"), world.directory / "review"
    world.people.edit(page, STANDING)
    run = adopt(world, "adopted")
    saved = ("-always", f"-changes:{out}/changes.json", *world.options)
    assert world.undo(run, f"-out:{out}", "-brief").status == 2
    assert script(
        "plan_update", *saved, f"-only:{page}#more", directory=world.directory
    ).actions == {page: "update"}
    text = world.people.text(page)
    assert ("== Goals" in text.partition("wikiplan:end")[0], text.endswith("Two.")) == (True, True)
    assert world.undo(run, f"-out:{out}", "-brief").status == 2
    done = script("plan_update", *saved, directory=world.directory)
    assert done.actions == {page: "update"}, done.err
    assert world.people.text(page) == STANDING
    done = script("plan_update", *saved, directory=world.directory)
    assert "done already" in done.reasons[page]

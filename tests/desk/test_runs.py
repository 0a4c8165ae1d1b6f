"""The runs at the desk, and taking one back as plan_undo does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.desk.test_reviewing import SAVING, ended, everybody_can_use, file, look, post
from tests.support import smallplan
from tests.support.browser import Browser
from tests.support.desk import answering, opened
from tests.support.people import FolderPeople
from wikiplan.desk.desk import Desk
from wikiplan.session import undoing
from wikiplan.session.session import Session
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Wiki

PAIR = "Above.\n<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->\nBelow."


@pytest.fixture
def saved(tmp_path: Path) -> Desk:
    """A desk of a plan that has a page whose text it has not saved yet."""
    smallplan.write(tmp_path, {"a": "New text."})
    FolderPeople(tmp_path / "wiki").edit("Plan", PAIR)
    return Desk(session(tmp_path, Folder(tmp_path / "wiki")))


def save(address: str) -> str:
    run = look(address)
    post(address, "change/save", look=run, only="Plan")
    assert "done" in ended(address)["state"]
    return run


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_a_run_is_looked_at_and_taken_back(
    saved: Desk, tmp_path: Path, browser: Browser, width: int
):
    people = FolderPeople(tmp_path / "wiki")
    with answering(saved) as address:
        run = save(address)
        with opened(browser, address, width) as page:
            page.get_by_role("link", name="Runs").click()
            expect(page.locator("tbody tr")).to_have_count(1)
            everybody_can_use(page, width)
            page.get_by_role("link", name=f"Undo this run, {run}").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Taking back a run")
            expect(page.locator("main")).to_contain_text("What was taken back stays back until")
            page.locator("article h2 input").press("Space")
            page.locator("#save").press("Enter")
            expect(page.locator("#state")).to_contain_text("done. 1 updated", timeout=SAVING)
            page.goto(f"{address}runs")
            expect(page.locator("tbody tr")).to_have_count(2)
    assert people.text("Plan") == PAIR


def test_it_is_what_plan_undo_would_do(saved: Desk):
    with answering(saved) as address:
        run = save(address)
        shown = file(requests.get(f"{address}run-back?run={run}").text)
    work: Session = saved.current()
    changes = undoing.changes(work, run)
    (page,) = shown["pages"]
    assert (page["undoes"], page["after_sha256"], page["summary"].partition(" [")[0]) == (
        run,
        smallplan_digest(changes.pages[0].after),
        changes.pages[0].told.summary.partition(" [")[0],
    )


def smallplan_digest(text: str) -> str:
    from wikiplan.changes import changefile

    return changefile.digest(text)


def test_a_run_is_taken_back_also_when_the_plan_is_broken(saved: Desk, tmp_path: Path):
    with answering(saved) as address:
        run = save(address)
        (tmp_path / "data/pages.yaml").write_text("pages: [\n")
        shown = requests.get(f"{address}run-back?run={run}")
        assert "The plan cannot be read: its stop page is not looked at" in shown.text
        undo = file(shown.text)["run"]
        post(address, "change/save", look=undo, only="Plan")
        assert "done" in ended(address)["state"]
    assert FolderPeople(tmp_path / "wiki").text("Plan") == PAIR


def test_what_people_edited_since_stays_and_is_told(saved: Desk, tmp_path: Path):
    people = FolderPeople(tmp_path / "wiki")
    with answering(saved) as address:
        run = save(address)
        people.edit("Plan", people.text("Plan").replace("New text.", "Better text."))
        shown = requests.get(f"{address}run-back?run={run}").text
    assert "There is nothing to save." in shown
    assert "Better text." in people.text("Plan")


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("20200101T000000Z-000000", "has made no edit with this id"),
        ("<b>", "no id of a run; it looks like"),
        ("", "no id of a run"),
    ],
)
def test_no_run_is_told(run: str, words: str, saved: Desk):
    with answering(saved) as address:
        assert "No run has saved anything yet." in requests.get(f"{address}runs").text
        answer = requests.get(f"{address}run-back", params={"run": run})
    assert (answer.status_code, words in answer.text, "<b>" in answer.text) == (400, True, False)


@pytest.mark.wiki
def test_on_a_wiki_it_is_taken_back_and_each_page_leads_to_its_difference(
    tmp_path: Path, site_of: Callable[[], Wiki], mediawiki, title: str
):
    smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    mediawiki.edit(title, PAIR)
    with answering(Desk(session(tmp_path, site_of()))) as address:
        run = look(address)
        post(address, "change/save", look=run, only=title)
        ended(address)
        runs = requests.get(f"{address}runs").text
        name = title.replace(" ", "_")
        (difference,) = re.findall(f'href="(http[^"]*title={name}[^"]*)"', runs)
        assert "New text." in requests.get(difference.replace("&amp;", "&")).text
        back = requests.get(f"{address}run-back?run={run}").text
        post(address, "change/save", look=file(back)["run"], only=title)
        assert "done" in ended(address)["state"]
    assert mediawiki.text(title) == PAIR
    assert f"Took back run {run}" in mediawiki.history(title)[0]["comment"]

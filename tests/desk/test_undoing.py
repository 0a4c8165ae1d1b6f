"""The buttons that take an edit back, on every page of the desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from wikiplan.desk.desk import Desk
from wikiplan.files import FileChange

DEPARTMENT = "Community Resilience and Sustainability"
TOLD = "The link msg leads <elsewhere>."


@pytest.fixture
def desk(directory: Path, open_desk: Callable[..., Desk]) -> Desk:
    """A desk at which something was edited."""
    found, path = open_desk(), directory / "data/links.yaml"
    before = path.read_bytes()
    after = before.replace(b"{page: Movement Strategy and", b"{page: Our Strategy and")
    found.writing.write(TOLD, [FileChange(path, before, after)])
    return found


@pytest.mark.browser
def test_an_edit_is_undone_and_done_again_on_the_page_where_one_is(
    directory: Path, desk: Desk, browser: Browser
):
    path = directory / "data/links.yaml"
    after = path.read_text(encoding="utf-8")
    with answering(desk) as address, opened(browser, address) as page:
        page.goto(f"{address}page?title={DEPARTMENT}&language=de&told=old")
        where = page.url.replace("&told=old", "")
        page.get_by_role("button", name=f"Undo: {TOLD}").press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"Undone: \u2068{TOLD}\u2069")
        assert page.url.startswith(where.replace("%20", "+"))
        assert "Our Strategy" not in path.read_text(encoding="utf-8")
        assert findings(page) == []
        page.get_by_role("button", name=f"Redo: {TOLD}").press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"Done again: \u2068{TOLD}\u2069")
        assert path.read_text(encoding="utf-8") == after


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_both_versions_are_shown_where_another_program_changed_what_is_to_be_undone(
    width: int, directory: Path, desk: Desk, browser: Browser
):
    path = directory / "data/links.yaml"
    theirs = path.read_text(encoding="utf-8").replace("Our Strategy and", "Their & Strategy")
    path.write_text(theirs, encoding="utf-8")
    with answering(desk) as address, browser.wiki_page(address, width=width) as page:
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("main")).to_contain_text("links.yaml: another program changed the same")
        expect(page.locator("pre").nth(1)).to_contain_text("+msg: {page: Their & Strategy")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("link", name="Pages").click()
        expect(page.locator("tbody tr")).to_have_count(2)
    assert path.read_text(encoding="utf-8") == theirs


@pytest.mark.parametrize("step", ["", "2", "1e0", "١", "9" * 5000])
def test_only_the_edit_that_somebody_saw_is_undone(step: str, directory: Path, desk: Desk):
    before = (directory / "data/links.yaml").read_bytes()
    with answering(desk) as address:
        headers = {"Origin": f"http://{urlsplit(address).netloc}"}
        answer = requests.post(f"{address}change/undo", data={"step": step}, headers=headers)
        assert "another edit was made, or undone, meanwhile" in answer.text
        assert answer.status_code == 400
    assert (directory / "data/links.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "here", ["//e.example/", "http://e.example/", "../../x", "change/undo", "\r\nX: y", "http://["]
)
def test_afterwards_no_foreign_page_is_shown(here: str, desk: Desk):
    with answering(desk) as address:
        headers = {"Origin": f"http://{urlsplit(address).netloc}"}
        form = {"step": "1", "here": here}
        answer = requests.post(
            f"{address}change/undo", data=form, headers=headers, allow_redirects=False
        )
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(f"{address}?told=")

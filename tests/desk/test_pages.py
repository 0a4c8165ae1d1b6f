"""The pages of the plan in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.pictures import keep
from wikiplan.changes.apply import Application
from wikiplan.desk.desk import Desk
from wikiplan.wiki.interface import Wiki

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"


@pytest.mark.browser
def test_a_page_is_chosen_and_seen_beside_its_source_and_on_a_day(address: str, browser: Browser):
    with opened(browser, address) as page:
        page.get_by_role("link", name="Deutsch").first.click()
        shown = page.frame_locator("iframe >> nth=0")
        expect(shown.locator("body")).to_contain_text("Nächste Sprechstunde")
        expect(shown.locator("body")).to_contain_text("15. Juli 2021")
        page.get_by_label("Beside it").select_option("source")
        page.get_by_label("On the day").fill("2021-08-01")
        page.get_by_role("button", name="Show").click()
        expect(shown.locator("body")).to_contain_text("14. Oktober 2021")
        beside = page.frame_locator("iframe >> nth=1")
        expect(beside.locator("body")).to_contain_text("Next office hour")
        page.get_by_role("link", name="Pages").click()
        expect(page.locator("tbody tr")).to_have_count(2)


@pytest.fixture
def many(directory: Path) -> None:
    """A plan with twelve more pages."""
    file = directory / "data/pages.yaml"
    text = file.read_text(encoding="utf-8")
    section = "    sections: [{name: mission, template: mission, data: department}]\n"
    more = "".join(f"  - title: Legal/Team {number}\n{section}" for number in range(12))
    file.write_text(f"{text}\n{more}", encoding="utf-8")


@pytest.mark.always
@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_found_by_words_of_their_titles_as_they_are_typed(
    width: int, many: None, address: str, browser: Browser
):
    with opened(browser, address, width) as page:
        rows, told = page.locator("tbody tr:visible"), page.locator("output")
        expect(told).to_have_text("14 of 14 pages")
        page.get_by_label("Words of a title").press_sequentially("team  LEGAL/ 1")
        expect(rows).to_have_count(3)
        expect(told).to_have_text("3 of 14 pages")
        assert findings(page) == []
        page.reload()
        expect(rows).to_have_count(3)
        page.get_by_label("Words of a title").fill("")
        expect(rows).to_have_count(14)
        assert page.url == address


def test_pages_are_found_without_a_script_too(many: None, address: str):
    shown = requests.get(address, params={"find": "priorities 2021"}).text
    assert re.findall(r'<tr data-title="([^"]*)">', shown) == [PRIORITIES.lower()]
    assert 'value="priorities 2021"' in shown


def test_few_pages_need_no_search(address: str):
    assert 'name="find"' not in requests.get(address).text


def without_translation(directory: Path, *, outdated: bool) -> None:
    """Take the German mission out of its catalog, or let it be that of another English."""
    file = directory / "data/locale/de.po"
    text = file.read_text(encoding="utf-8")
    before, key, rest = text.partition('msgctxt "department.mission"\n')
    message, blank, behind = rest.partition("\n\n")
    english = message.partition("\nmsgstr ")[0]
    if outdated:
        before, message = f"{before}#, fuzzy\n", message
    else:
        message = f'{english}\nmsgstr ""'
    file.write_text(f"{before}{key}{message}{blank}{behind}", encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("outdated", [False, True])
def test_what_is_not_translated_is_marked_otherwise_than_what_is_outdated(
    outdated: bool, directory: Path, address: str, browser: Browser
):
    without_translation(directory, outdated=outdated)
    with opened(browser, address) as page:
        page.goto(f"{address}page?title={DEPARTMENT}&language=de")
        shown = page.frame_locator("iframe")
        english = shown.locator("[lang=en]").filter(has_text="A community with a common purpose")
        expect(english).to_have_css("outline-style", "none")
        page.get_by_label("mark what is not translated, or outdated").check()
        page.get_by_role("button", name="Show").click()
        expect(english).to_have_css("outline-style", "dotted" if outdated else "dashed")
        told = shown.locator(".wikiplan-told").filter(has_text="not translated")
        counts = "0 × not translated, 1 × outdated" if outdated else "1 × not translated, 0 ×"
        expect(told).to_contain_text(counts)


@pytest.mark.browser
def test_what_an_update_would_change_is_marked_and_links_lead_from_change_to_change(
    directory: Path, address: str, browser: Browser
):
    file = directory / "data/priorities/2021-2022.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("target: 2022-01", "target: 2022-02"), encoding="utf-8")
    with opened(browser, address) as page:
        page.goto(f"{address}page?title={PRIORITIES}&language=en")
        page.get_by_label("Mark changes").select_option("what an update would change")
        page.get_by_role("button", name="Show").click()
        shown = page.frame_locator("iframe")
        expect(shown.locator("del").filter(has_text="January").first).to_be_visible()
        count = shown.locator("ins.wikiplan-inserted").filter(has_text="February").count()
        links = shown.locator("a.wikiplan-change")
        expect(links).to_have_count(count)
        shown.get_by_role("link", name="to the first").press("Enter")
        expect(links.first).to_have_css("outline-style", "solid")
        links.last.press("Enter")
        expect(links.first).to_have_css("outline-style", "none")


def test_mistakes_of_the_plan_stand_where_the_page_would(directory: Path, address: str):
    (directory / "data/links.yaml").write_text("legal: [\n")
    answer = requests.get(address)
    assert answer.status_code == 400
    assert re.search(r"<li>\S*data/links.yaml:2:1: ", answer.text)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(dark: bool, width: int, address: str, browser: Browser):
    for path in ("", f"page?title={DEPARTMENT}&language=ar&beside=source", "page?day=x"):
        with browser.wiki_page(address + path, width=width, dark=dark) as page:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.wiki
@pytest.mark.browser
def test_on_a_wiki_pages_are_rendered_by_it_and_a_picture_can_be_drawn(
    directory: Path, site_of: Callable[[], Wiki], browser: Browser
):
    """``make pictures`` puts it into the documentation: a date that changes, in two languages."""
    renamed(directory / "data/pages.yaml", f"title: {DEPARTMENT}", f"title: Legal/{DEPARTMENT}")
    work = session(directory, site_of())
    Application(work.compare(), work.wiki).run()
    renamed(directory / "data/priorities/2021-2022.yaml", "target: 2022-06", "target: 2022-05")
    title = f"Legal/{PRIORITIES}"
    desk = Desk(session(directory, work.wiki))
    with answering(desk) as address, opened(browser, address, width=1120) as page:
        page.goto(f"{address}page?title={title}&language=ar&beside=source&changes=wiki")
        for nth, changed in enumerate(("يونيو", "June")):
            body = page.frame_locator(f"iframe >> nth={nth}").locator("body")
            expect(body.locator("del", has_text=changed).first).to_be_visible()
            assert "approximation" not in body.inner_text()
        page.set_viewport_size({"width": 1120, "height": 680})
        keep("desk", page.screenshot())


def renamed(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")

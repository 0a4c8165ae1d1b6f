"""Every page of the desk, in every look: found by what the desk's own pages lead to.

axe with all of its rules, a phone, a zoom of 200 %, dark; and the keyboard alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Page

from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.deskcrawl import crawled
from tests.support.samples import WHOLE
from wikiplan.desk.desk import Desk

pytestmark = pytest.mark.browser

LOOKS = {
    "light": (1280, 800, False),
    "dark": (1280, 800, True),
    "phone": (320, 640, False),
    "dark phone": (320, 640, True),
    "zoom of 200 percent": (640, 400, False),
}
SEEN = LOOKS if WHOLE else ("light", "dark phone")
MOST_STOPS = 500
"""Presses of the tabulator on one page."""
REACHABLE = """() => {
  const shown = each => each.checkVisibility({visibilityProperty: true}) && !each.disabled;
  const all = [...document.querySelectorAll(
    "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']")];
  all.forEach((each, place) => { each.dataset.place = place; });
  return all.filter(shown)
    .filter(each => each.type !== "radio" || each.checked)
    .map(each => each.dataset.place).sort();
}"""
FOCUSED = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return [at.dataset.place || "", style.outlineStyle !== "none" || at.tagName === "IFRAME"];
}"""


@pytest.fixture
def pages(open_desk: Callable[..., Desk]) -> Iterator[tuple[str, list[str]]]:
    """The address of a desk, and of each of its pages the one with the most to say."""
    desk = open_desk()
    with answering(desk) as address:
        found: dict[str, str] = {}
        for ask in sorted(crawled(desk, address), key=lambda ask: len(ask.fields)):
            if ask.method == "GET" and ask.is_offered and is_page(answer := ask.sent(address)):
                found[ask.path] = answer.url
        yield address, list(found.values())


def is_page(answer: requests.Response) -> bool:
    """Tell a page of the desk from a page of a wiki in its frame, and from files."""
    headers = answer.headers
    return (
        answer.status_code == 200
        and "text/html" in headers.get("content-type", "")
        and "content-security-policy" not in headers
    )


@pytest.mark.parametrize("look", SEEN)
def test_everybody_can_read_every_page(look: str, pages: tuple[str, list[str]], browser: Browser):
    (address, urls), (width, height, dark) = pages, LOOKS[look]
    found = {}
    with opened(browser, address, width=width, dark=dark) as page:
        page.set_viewport_size({"width": width, "height": height})
        for url in urls:
            page.goto(url)
            found[url] = [*findings(page), *amiss(page)]
    assert {url: each for url, each in found.items() if each} == {}


def amiss(page: Page) -> list[str]:
    """Return what axe does not see: what stands out of the page, or lacks its place."""
    found = []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        found.append(f"{wide} px stand out of the page")
    if page.locator("h1").count() != 1:
        found.append("not one heading of the page")
    if page.locator("nav [aria-current]").count() > 1:
        found.append("several places are the current one")
    return found


def test_the_keyboard_alone_reaches_all_of_every_page_and_shows_where_it_is(
    pages: tuple[str, list[str]], browser: Browser
):
    address, urls = pages
    found = {}
    with opened(browser, address) as page:
        for url in urls:
            page.goto(url)
            wanted = set(page.evaluate(REACHABLE))
            first = min(wanted, key=int)  # some forms begin in their field
            page.locator(f"[data-place='{first}']").focus()
            reached = {page.evaluate(FOCUSED)[0]: True}
            for _ in range(MOST_STOPS):
                page.keyboard.press("Tab")
                place, shown = page.evaluate(FOCUSED)
                reached[place] = shown or reached.get(place, False)
                if wanted <= reached.keys():
                    break
            missing = wanted - reached.keys()
            unseen = [place for place, shown in reached.items() if place and not shown]
            found[url] = (sorted(missing), unseen)
    assert {url: each for url, each in found.items() if any(each)} == {}


def test_the_first_stop_skips_the_navigation(address: str, browser: Browser):
    with opened(browser, address) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"

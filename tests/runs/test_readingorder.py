"""In text that runs from right to left, names and numbers of the other direction keep their order.

What is looked at is where Chromium draws each letter of what a real MediaWiki renders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser
from tests.support.running import ROOT
from wikiplan.catalogs import catalog
from wikiplan.plan import plan
from wikiplan.render.renderer import PageSection, Renderer

pytestmark = [pytest.mark.wiki, pytest.mark.browser]

NOW = datetime(2021, 7, 1, tzinfo=UTC)

# Where every letter of some words stands, for each text node that holds them: left and top.
LETTERS = """words => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const places = [...words].map((letter, number) => {
      const range = document.createRange();
      range.setStart(node, at + number);
      range.setEnd(node, at + number + 1);
      const box = range.getBoundingClientRect();
      return [box.left, box.top];
    });
    found.push(places);
  }
  return found;
}"""
# Words in Latin letters and numbers, and all that the wiki text isolates.
LATIN = r"""() => {
  const words = document.body.innerText.match(/[A-Za-z0-9][A-Za-z0-9\/.:–-]*[A-Za-z0-9]/g);
  const names = [...document.querySelectorAll("bdi")].map(each => each.textContent);
  return [...new Set([...words, ...names.filter(each => !/[\u0590-\u06ff]/.test(each))])];
}"""


@pytest.fixture(scope="module")
def renderer() -> tuple[plan.Plan, Renderer]:
    loaded = plan.load(ROOT / "data")
    catalogs = catalog.load_all(ROOT / "data" / "locale", loaded.languages)
    return loaded, Renderer(loaded, catalogs, ROOT / "templates", NOW)


@pytest.fixture(params=["ar", "he"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    site_of: Callable[..., Any],
    renderer: tuple[plan.Plan, Renderer],
    tmp_path: Path,
) -> Iterator[Page]:
    """All sections of the sample plan in a language, as the wiki renders them, wide enough."""
    loaded, sections = renderer
    language = request.param
    wikitext = "\n\n".join(
        sections.section(PageSection(spec, section, language, "en")).text
        for spec in loaded.pages
        for section in spec.sections
    )
    site = site_of()
    answer = site.ask(
        action="parse", title="Plan", text=wikitext, prop="text", contentmodel="wikitext"
    )
    file = tmp_path / "page.html"
    html = answer["parse"]["text"]
    file.write_text(f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><body>{html}</body>')
    with browser.page(file, width=6000) as opened:
        yield opened


def runs_leftwards(places: list[list[float]]) -> bool:
    lefts = [left for left, _ in places]
    return len({top for _, top in places}) == 1 and lefts != sorted(lefts)


def test_latin_names_and_numbers_keep_their_order(page: Page):
    words = page.evaluate(LATIN)
    assert {"2020–2021", "2021–2022"} <= set(words)
    assert len(words) > 10
    places = {each: page.evaluate(LETTERS, each) for each in words}
    assert all(places.values())
    turned = [each for each, found in places.items() if any(map(runs_leftwards, found))]
    assert turned == []


def test_words_of_the_language_run_from_right_to_left_around_them(page: Page):
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll('li')].filter(
            each => /[\\u0590-\\u06ff]/.test(each.innerText)
        ).map(each => getComputedStyle(each).direction)"""
        ).count("rtl")
        > 5
    )


def test_without_isolation_years_would_turn_around(browser: Browser, tmp_path: Path):
    """The test above can fail: this is what it would find."""
    file = tmp_path / "page.html"
    file.write_text(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8">'
        '<p dir="rtl">خطة 2020–2021</p><p dir="rtl">خطة <bdi>2020–2021</bdi></p>'
    )
    with browser.page(file) as opened:
        bare, isolated = opened.evaluate(LETTERS, "2020–2021")
    assert (runs_leftwards(bare), runs_leftwards(isolated)) == (True, False)

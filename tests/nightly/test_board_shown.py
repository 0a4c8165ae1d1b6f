"""The board in a browser on a real wiki: on a phone and a screen, also from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.nightly.test_board import LANGUAGES, whole
from tests.runs.test_realpages_shown import CONTENT, OF_THE_SKIN, PHONE, SCREEN, SETTINGS, WIDER
from tests.support.browser import Browser, serious_findings
from tests.support.mediawiki import MediaWiki
from tests.support.pictures import keep
from wikiplan.nightly import answers

pytestmark = [pytest.mark.wiki, pytest.mark.browser]

LAID_OUT = f"{CONTENT} div[style], {CONTENT} pre, {CONTENT} ul"
OUTSIDE = {"Plan", "Plan/ar", "User:PlanBot/stop", "User:Admin", "User:Trans", "User:Ada Lovelace"}
LOOKS = [
    ("en", "en", SCREEN, False),
    ("en", "ar", PHONE, True),
    ("ar", "ar", SCREEN, False),
    ("he", "he", PHONE, False),
]
"""The page's language, the reader's, the width of the window, and whether it is dark."""
MOST_HEIGHT = 1100
"""Of a picture."""
PICTURES = {"board": ("en", "en", SCREEN, False), "board-ar": ("ar", "ar", SCREEN, False)}


def title(language: str) -> str:
    return f"User:PlanBot/board {language}"


@pytest.fixture(scope="module")
def wiki(mediawiki: MediaWiki) -> Iterator[MediaWiki]:
    with mediawiki.settings(SETTINGS):
        boards = {title(code): whole().wikitext(code) for code in LANGUAGES}
        mediawiki.fill({**boards, **dict.fromkeys(OUTSIDE, "A page.")}, "PlanBot")
        for code in LANGUAGES:
            mediawiki.page_language(title(code), code)
        yield mediawiki


def address(wiki: MediaWiki, look: tuple[str, str, int, bool]) -> str:
    language, interface, width, dark = look
    skin, of_skin = ("minerva", "minerva") if width == PHONE else ("vector-2022", "vector")
    shown = f"useskin={skin}&uselang={interface}&{of_skin}nightmode={int(dark)}"
    return f"http://{wiki.address}/index.php?title={quote(title(language))}&{shown}"


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_board_is_readable_and_nothing_is_cut_off(
    wiki: MediaWiki, browser: Browser, look: tuple[str, str, int, bool]
):
    language, _, width, dark = look
    with browser.wiki_page(address(wiki, look), dark=dark, width=width) as page:
        content = page.locator(CONTENT).first
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDER, [LAID_OUT, width]) == []
        found = serious_findings(page, CONTENT)
        assert [each for each in found if not each.startswith(OF_THE_SKIN)] == []
        direction = "rtl" if language in ("ar", "he") else "ltr"
        style = "el => getComputedStyle(el)"
        assert content.evaluate(f"{style}.direction") == direction
        side = "Right" if direction == "rtl" else "Left"
        item = content.locator("div.plainlinks").first
        assert item.evaluate(f"{style}.border{side}Width") == "4px", "it leads the eye"
        assert content.locator("code").first.evaluate(f"{style}.direction") == "ltr"


def test_a_click_on_an_answer_opens_the_form_that_gives_it(wiki: MediaWiki, browser: Browser):
    with browser.wiki_page(address(wiki, LOOKS[0])) as page:
        page.click("text=put the plan's text back")
        assert page.input_value("[name=wpSummary]") == "edits-1a2b3c4d: reclaim"
        page.click("#wpSave")
        page.wait_for_load_state()
    text = wiki.text(title("en"))
    assert "\n\n== edits-1a2b3c4d: reclaim ==\n" in text
    assert answers.said_in(text, frozenset()) == {("edits-1a2b3c4d", "reclaim"): 1}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_board_can_be_drawn(wiki: MediaWiki, browser: Browser, name: str):
    """``make pictures`` puts it into the documentation."""
    look = PICTURES[name]
    with browser.wiki_page(address(wiki, look), width=look[2]) as page:
        box = page.locator(CONTENT).first.bounding_box()
        box["height"] = min(box["height"], MOST_HEIGHT)
        keep(name, page.screenshot(full_page=True, clip=box))

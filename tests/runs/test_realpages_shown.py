"""What a real wiki and a browser make of the ten pages: on a phone and a screen, light and dark.

Each page is looked at in some of the ways; ``make realpages`` looks at each in all of them, and
``make pictures`` puts some into the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from tests.support import realpages
from tests.support.browser import Browser, serious_findings
from tests.support.mediawiki import MediaWiki
from tests.support.pictures import keep
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.plan import targets
from wikiplan.render.renderer import PageSection
from wikiplan.wikitext import prose

SETTINGS = """
wfLoadSkin( 'MinervaNeue' ); wfLoadSkin( 'Vector' );
$wgVectorNightMode = [ 'logged_in' => true, 'logged_out' => true, 'beta' => true ];
$wgMinervaNightMode = [ 'base' => true, 'loggedin' => true, 'beta' => true, 'amc' => true ];
$wgRestrictDisplayTitle = false;
"""
CONTENT = "#mw-content-text .mw-parser-output"
LAID_OUT = f"{CONTENT} ul[style], {CONTENT} table, {CONTENT} div[style]"
PHONE, SCREEN = 375, 1280
OF_THE_SKIN = "link-in-text-block"
"""A finding about links anywhere: their colour alone tells them from words."""


class Look(NamedTuple):
    title: str
    language: str
    width: int
    dark: bool

    def __str__(self) -> str:
        theme = "dark" if self.dark else "light"
        return f"{self.title.rpartition('/')[2]}-{self.language}-{self.width}-{theme}"


TITLES = [page.title for page in realpages.plain().pages]
LANGUAGES = realpages.plain().languages
EVERY = [Look(*each) for each in product(TITLES, LANGUAGES, (PHONE, SCREEN), (False, True))]
SOME = [
    Look(title, ("ar", "de", "en", "fr", "he")[at % 5], (PHONE, SCREEN)[at // 2 % 2], at % 2 == 1)
    for at, title in enumerate(TITLES)
]
LOOKS = EVERY if WHOLE else SOME


PARTS = {
    "sections-cards": Look("Community Programs/Team", "en", SCREEN, False),
    "sections-notice": Look("Community Programs", "fr", PHONE, False),
    "sections-objectives": Look("Community Programs/Objectives 2025–2026", "ar", SCREEN, False),
    "sections-metrics": Look("Community Programs/Metrics 2025–2026 Q2", "de", PHONE, True),
}


@pytest.fixture(scope="module")
def wiki(mediawiki: MediaWiki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaWiki]:
    """The wiki with the pages that are looked at, and what they link to and show."""
    portraits = tmp_path_factory.mktemp("files") / "portraits"
    realpages.draw_portraits(portraits)
    with mediawiki.settings(SETTINGS):
        mediawiki.upload(portraits)
        mediawiki.fill(dict(pages()), "Admin")
        yield mediawiki


def pages() -> Iterator[tuple[str, str]]:
    looked_at = {(look.title, look.language) for look in (*LOOKS, *PARTS.values())}
    loaded = realpages.plain()
    renderer = realpages.renderer_of(loaded)
    for page in loaded.pages:
        for code in LANGUAGES:
            texts = ["A page."]
            if (page.title, code) in looked_at:
                wanted = [PageSection(page, each, code, "en") for each in page.sections]
                texts = [renderer.section(each).text for each in wanted]
            yield targets.title_in(page, code, "en"), "\n\n".join(texts)
    titles = {page.title for page in loaded.pages}
    for link in loaded.links.values():
        if link.page and link.page not in titles:
            yield link.page, "A page."
    for name, text in realpages.TEMPLATES.items():
        yield f"Template:{name}", text


def address(wiki: MediaWiki, look: Look) -> str:
    title = look.title if look.language == "en" else f"{look.title}/{look.language}"
    skin, of_skin = ("minerva", "minerva") if look.width == PHONE else ("vector-2022", "vector")
    night = f"{of_skin}nightmode={int(look.dark)}"
    shown = f"useskin={skin}&uselang={look.language}&{night}"
    return f"http://{wiki.address}/index.php?title={quote(title)}&{shown}"


WIDER = """([selector, width]) => [...document.querySelectorAll(selector)].filter(each => {
  const box = each.getBoundingClientRect();
  return box.left < -1 || box.right > width + 1 || each.scrollWidth > each.clientWidth + 1;
}).map(each => each.outerHTML.slice(0, 200))"""


@pytest.mark.wiki
@pytest.mark.browser
@pytest.mark.sampled(2)
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_cut_off_and_all_is_readable(wiki: MediaWiki, browser: Browser, look: Look):
    files = wiki.directory / "images"
    shown = browser.wiki_page(address(wiki, look), dark=look.dark, width=look.width, files=files)
    with shown as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= look.width
        assert page.evaluate(WIDER, [LAID_OUT, look.width]) == []
        found = serious_findings(page, CONTENT)
        assert [each for each in found if not each.startswith(OF_THE_SKIN)] == []


@pytest.mark.wiki
@pytest.mark.browser
@pytest.mark.parametrize("name", PARTS)
def test_a_picture_of_the_sections_can_be_drawn(wiki: MediaWiki, browser: Browser, name: str):
    """``make pictures`` puts them into the documentation."""
    look, files = PARTS[name], wiki.directory / "images"
    shown = browser.wiki_page(address(wiki, look), dark=look.dark, width=look.width, files=files)
    with shown as page:
        prepare(page)
        keep(name, page.locator(CONTENT).screenshot())


def prepare(page: Page) -> None:
    """Take out what looks otherwise on each machine: letters without a font, links to edit."""
    page.evaluate(
        """for (const each of document.querySelectorAll("li:has([lang=ja]), .mw-editsection"))
          each.remove();"""
    )
    page.wait_for_timeout(200)


@pytest.mark.wiki
@pytest.mark.translate
@pytest.mark.parametrize("title", TITLES if WHOLE else TITLES[1:4])
def test_a_translatable_page_shows_its_translations(translate_wiki: TranslateWiki, title: str):
    loaded = realpages.translatable()
    found = next(each for each in realpages.found(loaded) if each.title == title)
    text = "\n\n".join(section.texts["en"] for section in found.sections)
    for name, template in realpages.TEMPLATES.items():
        translate_wiki.edit(f"Template:{name}", template, "Admin")
    translate_wiki.edit(title, text, "Admin")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    units = {
        f"Translations:{title}/{id}/{code}": unit.text
        for code in ("ar", "de")
        for id, unit in found.translations[code].items()
    }
    translate_wiki.fill(units)
    translate_wiki.run_jobs()
    for code in ("ar", "de"):
        answer = translate_wiki.api(action="parse", page=f"{title}/{code}", prop="text")
        words = prose.words_of(answer["parse"]["text"])
        for id, unit in found.translations[code].items():
            if id.endswith(".alt") and translate_wiki.version.startswith("MediaWiki 1.39"):
                continue  # it shows the name of a picture that is missing, and not its words
            begins = re.split(r"\$|\[\[|\{\{", unit.text.strip("= "), maxsplit=1)[0]
            assert prose.words_of(begins).strip() in words
        assert "<translate>" not in answer["parse"]["text"]
        assert "{{" not in answer["parse"]["text"]

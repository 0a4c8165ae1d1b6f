"""Sections as a real wiki renders them, and the pictures of the review page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import people, reviewcases, smallplan
from tests.support.browser import Browser
from tests.support.mediawiki import MediaWiki
from tests.support.pictures import keep
from tests.support.running import script
from wikiplan.changes import changefile
from wikiplan.changes.changeset import (
    Action,
    ChangeSet,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
)
from wikiplan.report import review
from wikiplan.wiki.api import Site
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account

OLD = "* [[Nobody wrote this]]\n* {{PAGENAME}} [[File:Nowhere.png|thumb|a caption]]"
NEW = f"== Heading ==\n{OLD} [//example.org x]\n{{| class=wikitable\n| cell\n|}}"


def one(title: str, *sections: SectionChange) -> ChangeSet:
    base = PageBase(title, "ar", 1, 1)
    page = PageChange(base=base, action=Action.UPDATE, sections=sections)
    return ChangeSet(smallplan.RUN, "lab:lab", Account("Bot", frozenset()), (page,))


@pytest.mark.wiki
def test_a_changed_section_costs_two_requests_and_a_run_one_more_for_the_styles(
    mediawiki: MediaWiki, site: Site, title: str
):
    changes = one(
        title,
        SectionChange("a", SectionState.CHANGED, OLD, NEW),
        SectionChange("b", SectionState.NEW, "", "one more"),
        SectionChange("c", SectionState.CHANGED, OLD, NEW),
        SectionChange("d", SectionState.UNCHANGED, "same", "same"),
    )
    site.account()
    with mediawiki.log() as log:
        found = review.previews(changes, site)
        assert log.actions == ["parse", "", "parse", "parse"]
        assert log.writes == 0
    assert list(found) == [(title, OLD), (title, NEW), (title, "one more")]
    html = found[title, NEW].html
    assert title in html
    assert "mw-editsection" not in html
    assert "href" not in html
    assert 'title="Nobody wrote this (page does not exist)"' in html
    assert any(".wikitable" in css for css in found[title, NEW].styles)


@pytest.mark.wiki
@pytest.mark.translate
def test_readers_of_a_translatable_page_see_no_tags(translate_site: Callable[[], Site], title: str):
    text = '<translate>\n<!--T:1-->\n* See <tvar name="x">[[Plan]]</tvar>.</translate>'
    found = review.previews(
        one(title, SectionChange("a", SectionState.NEW, "", text)), translate_site()
    )
    words = re.sub("<[^>]*>", "", found[title, text].html).strip()
    assert words == "See Plan."


def test_a_folder_renders_nothing(folder: Folder):
    changes = one("Plan", SectionChange("a", SectionState.CHANGED, OLD, NEW))
    assert review.previews(changes, folder) == {}


@pytest.mark.wiki
@pytest.mark.browser
def test_a_preview_with_a_page_writes_nothing_and_brief_asks_for_no_rendering(
    mediawiki: MediaWiki, tmp_path: Path, title: str, browser: Browser
):
    smallplan.write(tmp_path, {"a": "'''New''' text."}, {title: ""})
    mediawiki.edit(title, "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->")
    with mediawiki.log() as log:
        done = script("plan_preview", "-out:brief", "-brief", directory=tmp_path)
        assert (done.status, log.writes) == (2, 0), done.err
        asked = log.actions.count("parse")
    with mediawiki.log() as log:
        assert script("plan_preview", "-out:review", directory=tmp_path).status == 2
        assert log.writes == 0
        assert log.actions.count("parse") == asked + 1
    with browser.page(tmp_path / "brief" / "index.html") as page:
        assert page.get_by_role("button", name="As readers see it").count() == 0
    with browser.page(tmp_path / "review" / "index.html") as page:
        page.get_by_role("button", name="As readers see it").click()
        expect(page.locator("figure").nth(0)).to_contain_text("nothing")
        expect(page.frame_locator("iframe").locator("b")).to_have_text("New")
    assert changefile.read(tmp_path / "review" / changefile.NAME).site == "lab:lab"


@pytest.fixture(scope="module")
def drawn(mediawiki: MediaWiki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The review page of the sample plan's news on the real wiki."""
    directory, site = tmp_path_factory.mktemp("drawn"), people.open_site()
    changes = reviewcases.sample(directory / "plan", site, mediawiki)
    return reviewcases.written(directory / "review", changes, site)


def wikitext(page: Page) -> None:
    page.locator("article input").first.check()
    page.locator(".toggle").first.click()
    scroll(page, 100)


def scroll(page: Page, pixels: int) -> None:
    page.evaluate("pixels => scrollTo(0, pixels)", pixels)


def arabic(page: Page) -> None:
    page.locator("[name=language]").select_option("ar")
    page.locator("article:visible .toggle").wait_for()
    page.set_viewport_size({"width": 1120, "height": 600})
    scroll(page, 400)


def hebrew(page: Page) -> None:
    page.locator("[name=language]").select_option("he")
    page.locator("[name=view]").select_option("read")
    expect(page.frame_locator("article:visible iframe >> nth=1").locator("h2")).to_be_visible()
    page.wait_for_timeout(300)  # the frames get their heights
    scroll(page, 400)


def phone(page: Page) -> None:
    page.locator("[name=language]").select_option("ar")
    page.evaluate("document.querySelector('article:not([hidden])').scrollIntoView()")


SHOTS = {
    "review": (wikitext, False, 1120), "review-ar": (arabic, False, 1120),
    "review-he": (hebrew, False, 1120), "review-dark": (wikitext, True, 1120),
    "review-phone": (phone, False, 390),
}  # fmt: skip


@pytest.mark.wiki
@pytest.mark.browser
@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_review_page_can_be_drawn(name: str, drawn: Path, browser: Browser):
    """``make pictures`` puts them into the documentation."""
    prepare, dark, width = SHOTS[name]
    with browser.page(drawn, dark=dark, width=width) as page:
        prepare(page)
        page.wait_for_timeout(100)
        # Where the file is lies in the picture: nobody's folder should.
        page.evaluate(
            "for (const e of [$('whole'), $('command')]) e.textContent ="
            " e.textContent.replace(/-changes:\\S+review/, '-changes:review')"
        )
        keep(name, page.screenshot())

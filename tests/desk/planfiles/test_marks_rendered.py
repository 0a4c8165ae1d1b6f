"""Links to forms, and marks, in pages that a real wiki rendered: what a folder's desk has, too."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.desk.planfiles.test_marks import links_in, words
from tests.support.browser import Browser
from tests.support.desk import answering, opened
from tests.support.translatelab import TranslateWiki
from wikiplan.changes.apply import Application
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Rendering, Views
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Wiki

DEPARTMENT = "Community Resilience and Sustainability"
LANGUAGES = ("en", "ar", "de")


@pytest.fixture
def named(directory: Path, title: str) -> str:
    """The first page of the plan under a title that no other test uses; so is the second."""
    replace(directory / "data/pages.yaml", f"title: {DEPARTMENT}", f"title: {title}")
    return title


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def saved(directory: Path, wiki: Wiki) -> Views:
    """Return what a desk shows of the plan once its pages stand on a wiki."""
    Application(session(directory, wiki).compare(), wiki).run()
    return Views(Desk(session(directory, wiki)))


def both(directory: Path, wiki: Wiki) -> tuple[Views, Views]:
    return saved(directory, Folder(directory / "wiki")), saved(directory, wiki)


def pages(title: str) -> list[Choice]:
    titles = (title, f"{title}/Priorities 2021–2022")
    return [Choice(each, language) for each in titles for language in LANGUAGES]


def same_links(title: str, here: Views, there: Views) -> None:
    for choice in pages(title):
        expected, found = here.editable(choice), there.editable(choice)
        assert (expected.approximate, found.approximate) == (True, False)
        assert links_in(found.html) == links_in(expected.html), choice
        assert len(links_in(found.html)) > 20


@pytest.mark.wiki
def test_the_same_words_lead_to_the_same_values(
    directory: Path, named: str, site_of: Callable[[], Wiki]
):
    same_links(named, *both(directory, site_of()))


def without_translations(directory: Path) -> None:
    """Take the German mission out of its catalog, and let the heading above be an outdated one."""
    file = directory / "data/locale/de.po"
    text = file.read_text(encoding="utf-8")
    mission = re.search(r'msgctxt "department.mission"\nmsgid (?:".*"\n)+msgstr ', text)
    assert mission
    rest = text[mission.end() :].partition("\n\n")[2]
    text = f'{text[: mission.end()]}""\n\n{rest}'
    heading = 'msgctxt "department.mission-heading"\n'
    assert heading in text
    file.write_text(text.replace(heading, f"#, fuzzy\n{heading}"), encoding="utf-8")


def marked(shown: Rendering) -> dict[str, Any]:
    """Return what is marked: the words of each, and how many."""
    stretches = re.findall(
        r'<(\w+)[^>]* class="[^"]*(wikiplan-(?:untranslated|outdated|removed|inserted))[^"]*"[^>]*>'
        r"(.*?)</\1>",
        shown.html,
        re.DOTALL,
    )
    words_of = [(kind, " ".join(words(inside).split())) for _, kind, inside in stretches]
    return {"words": words_of, "counts": (shown.untranslated, shown.outdated, shown.changes)}


@pytest.mark.wiki
def test_what_is_marked_is_the_same(directory: Path, named: str, site_of: Callable[[], Wiki]):
    here, there = both(directory, site_of())
    without_translations(directory)
    replace(directory / "data/priorities/2021-2022.yaml", "target: 2022-01", "target: 2022-02")
    replace(directory / "data/people.yaml", "Maggie Dennis", "Maggie Example")
    for choice in pages(named):
        marks = Choice(choice.title, choice.language, marks=True)
        assert marked(there.planned(marks)) == marked(here.planned(marks)), choice
        assert marked(there.changed(choice)) == marked(here.changed(choice)), choice
    assert here.planned(Choice(named, "de", marks=True)).untranslated == 1
    assert here.planned(Choice(named, "de", marks=True)).outdated == 1
    assert there.changed(Choice(named, "ar")).changes


RAW = (
    "<html><script>parent.document.title = document.title = 'ran'</script>"
    "<img src=x onerror=\"document.title = 'ran'\"><svg onload=\"document.title = 'ran'\"></svg>"
    "<a href=\"javascript:document.title = 'ran'\">press</a></html>\n"
)


@pytest.mark.wiki
@pytest.mark.browser
def test_whatever_runs_on_the_wiki_does_not_run_at_the_desk(
    directory: Path, named: str, site_of: Callable[[], Wiki], mediawiki, browser: Browser
):
    saved(directory, site_of())
    mediawiki.edit(named, RAW + mediawiki.text(named))
    with mediawiki.settings("$wgRawHtml = true;"):
        assert "onerror" in mediawiki.api(action="parse", page=named)["parse"]["text"]
        with answering(Desk(session(directory, site_of()))) as address:
            for more in ("", "&beside=wiki", "&changes=wiki", "&marks=on"):
                with opened(browser, address) as page:
                    page.goto(f"{address}page?title={named}&language=en{more}")
                    frame = page.frame_locator("iframe >> nth=0")
                    frame.get_by_text("press", exact=True).first.click()
                    expect(frame.locator("h2").first).to_be_visible()
                    assert "ran" not in page.title()
                    assert frame.locator("script, img, svg, [onload], [onerror]").count() == 0


@pytest.mark.translate
@pytest.mark.wiki
def test_of_a_page_for_translate_the_same_words_lead_to_the_same_values(
    directory: Path,
    named: str,
    translate_wiki: TranslateWiki,
    translate_site: Callable[..., Wiki],
):
    replace(directory / "data/pages.yaml", "kind: plain", "kind: translatable")
    here, there = both(directory, translate_site())
    for each in (named, f"{named}/Priorities 2021–2022"):
        translate_wiki.mark(each)
    translate_wiki.translate(named, "department.mission", "ar", "مهمة")
    translate_wiki.run_jobs()
    same_links(named, here, there)
    marks = Choice(named, "ar", marks=True)
    assert marked(there.planned(marks)) == marked(here.planned(marks))
    standing = there.standing(Choice(named, "ar"))
    assert standing and "مهمة" in words(standing.html)

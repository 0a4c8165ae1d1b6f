"""The translators' lists: counted as the status counts, and what wants work is found."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import Browser, findings
from tests.support.desk import opened
from tests.support.desktranslator import Translator, emptied
from wikiplan.desk.desk import Desk
from wikiplan.desk.translators import translations
from wikiplan.session.counting import Count

At = Callable[..., Translator]
NASTY = "</title><script>alert(1)</script>\"'<img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture
def at(directory: Path, address: str) -> At:
    def found(language: str, speaks: str = "") -> Translator:
        return Translator(address, directory, language, speaks)

    return found


def keys(page: str) -> list[str]:
    texts = page.partition('<ol class="texts"')[2]
    return re.findall(r'unit=([^"&]*)[^"]*"><code', texts)


def test_each_language_is_as_far_as_the_status_says(at: At, open_desk: Callable[..., Desk]):
    counted = Count.of(open_desk().current()).progress()
    page = html.unescape(at("de").get("translations").text)
    for code in ("ar", "de", "es", "fr", "he", "ja"):
        tally = counted.tally(code)
        row = re.search(rf"<code>{code}</code></a></th>\s*<td>(.*?)</td>", page, re.DOTALL)
        assert row, code
        assert f"{tally.translated} of {tally.total} translated ({tally.percent} %)" in row[1]
        assert (f"outdated: {tally.outdated}" in row[1]) == (tally.outdated > 0)


def test_the_list_has_what_wants_work_or_what_somebody_looks_for(at: At):
    translator = at("de")
    assert keys(translator.get("translations", language="de").text) == []
    emptied(translator.file, "department.mission-heading")
    text = translator.catalog
    translator.file.write_text(text.replace('"Notizen"', '"[[Notizen"'), encoding="utf-8")

    def found(**query: str) -> list[str]:
        return keys(translator.get("translations", language="de", **query).text)

    assert found() == ["department.mission-heading", "labels.notes"]
    assert found(what="untranslated") == ["department.mission-heading"]
    assert found(what="findings") == ["labels.notes"]
    assert found(what="outdated") == found(what="conflicts") == []
    assert len(found(what="all")) == 80
    assert found(what="all", find="HEADING mission") == ["department.mission-heading"]
    assert found(what="all", find="[[notizen") == ["labels.notes"]
    assert found(what="all", find="no such words") == []


def test_a_long_list_is_shown_in_parts(at: At, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translations, "MOST_SHOWN", 30)
    translator = at("de")
    parts, address = [], "translations?language=de&what=all"
    while address:
        page = translator.get(address).text
        parts.append(keys(page))
        nexts = re.search(r'href="/[^/"]*/(translations\?[^"]*)">Later<', page)
        address = html.unescape(nexts[1]) if nexts else ""
    assert list(map(len, parts)) == [30, 30, 20]
    assert len({key for part in parts for key in part}) == 80
    for wrong in ("-1", "x", "9" * 30, "²"):
        assert translator.get("translations", language="de", **{"from": wrong}).status_code == 200


def test_the_pages_speak_the_reader_s_language_and_links_keep_a_choice(at: At):
    arabic = at("de", speaks="ar").get("translations", language="de").text
    assert '<html lang="ar" dir="rtl">' in arabic and "كل اللغات" in arabic
    assert "words=" not in arabic.partition("<main")[2]
    chosen = at("de", speaks="ar").get("translations", language="de", what="all", words="ja").text
    assert '<html lang="ja" dir="ltr">' in chosen
    links = re.findall(r'href="/[^/"]*/(translations?\?[^"]*)"', chosen)
    assert len(links) > 50 and all("words=ja" in each for each in links)


def test_the_status_page_is_there_in_the_reader_s_language(at: At):
    page = at("de", speaks="he").get("status").text
    assert '<html lang="he" dir="rtl">' in page and "form-action" in page
    assert "wikiplan-status" not in page


def test_a_language_that_the_plan_does_not_have_is_told(at: At):
    for code, told in (("sv", "there are ar, de, es, fr, he, ja"), ("dee", "did you mean “de”")):
        answer = at("de").get("translations", language=code)
        assert (answer.status_code, told in answer.text) == (400, True)


@pytest.mark.parametrize("name", ["language", "what", "find", "from", "words", "unit", "title"])
def test_no_value_of_an_address_becomes_markup(name: str, at: At):
    usual = {"language": "de", "unit": "department.name"}
    for path in ("translations", "translation", "translations-file", "status"):
        answer = at("de").get(path, **{**usual, name: NASTY})
        assert "<script>alert" not in answer.text and "onerror=alert(1)>" not in answer.text
        assert answer.status_code < 500


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_everybody_can_use_the_lists(width: int, dark: bool, at: At, browser: Browser):
    translator = at("fr")
    paths = ("translations", "translations?language=fr", "translations?language=ar&what=all")
    for locale in ("en", "ar"):
        for path in paths:
            where = translator.address + path
            with browser.wiki_page(where, width=width, dark=dark, locale=locale) as page:
                assert findings(page) == [], (locale, path)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.browser
def test_a_reader_chooses_a_language_and_comes_to_a_text(at: At, browser: Browser):
    with opened(browser, at("fr").address, locale="de") as page:
        page.goto(f"{at('fr').address}translations")
        page.get_by_label("Sprache dieser Seite").select_option("ja")
        page.get_by_role("button", name="Wählen").click()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        page.get_by_role("link", name="français").click()
        page.locator("ol.texts a").first.click()
        expect(page.locator("#text")).to_have_attribute("lang", "fr")
        expect(page.locator("html")).to_have_attribute("lang", "ja")

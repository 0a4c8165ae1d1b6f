"""A translation typed at the desk changes its entry and nothing else, or is there as it was."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.desktranslator import Translator, difference, emptied, fields
from tests.support.pictures import keep
from wikiplan.desk.desk import Desk

OVERVIEW, HEADING = "department.overview", "department.mission-heading"
POLICY = "priorities-2020-2021.trust-and-safety.policy"
OPERATIONS = "priorities-2020-2021.trust-and-safety.operations"
ENTRY = 'msgctxt "department.mission-heading"\n'
BY = "Ada Green (User:Ada G)"
CREDIT = [
    '-"PO-Revision-Date: \\n"',
    '-"Last-Translator: \\n"',
    '+"PO-Revision-Date: NOW\\n"',
    f'+"Last-Translator: {BY}\\n"',
]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def at(directory: Path, address: str) -> Callable[..., Translator]:
    def found(language: str, speaks: str = "") -> Translator:
        return Translator(address, directory, language, speaks)

    return found


At = Callable[..., Translator]


@pytest.mark.parametrize("language", ["de", "ar", "ja"])
def test_what_is_typed_is_all_that_changes_in_the_catalog(language: str, at: At):
    translator = at(language)
    whole = translator.catalog
    for key in (OVERVIEW, HEADING, OPERATIONS):
        text = emptied(translator.file, key)
        before = translator.catalog
        answer = translator.save(key, text)
        assert answer.status_code == 200 and f"{key}\u2069 is saved." in answer.text
        assert translator.catalog == whole, difference(before, translator.catalog)


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Unsere Aufgaben"), ("ar", "أعمالنا"), ("ja", "私たちの仕事")],
)
def test_who_translated_last_is_named_as_in_a_file_that_came_back(language: str, text: str, at: At):
    translator = at(language)
    before, old = translator.catalog, translator.form(HEADING)["text"]
    translator.save(HEADING, text, by=f"  {BY}\u202e\n")
    assert difference(before, translator.catalog) == [
        *CREDIT,
        f'-msgstr "{old}"',
        f'+msgstr "{text}"',
    ]
    assert (
        f'name="by" value="{BY}"'
        in translator.get("translation", language=language, unit=OVERVIEW).text
    )


@pytest.mark.parametrize("name", ["", "Carl", "ada@example.org", "User:Carl"])
def test_nobody_is_named_who_does_not_want_it(name: str, directory: Path, at: At):
    with (directory / "data" / "pages.yaml").open("a", encoding="utf-8") as file:
        file.write("\ntranslators:\n  unnamed: [Carl]\n")
    translator = at("de")
    before = translator.catalog
    translator.save(HEADING, "Unsere Aufgaben", by=name)
    assert difference(before, translator.catalog) == [
        '-msgstr "Was wir tun"',
        '+msgstr "Unsere Aufgaben"',
    ]


def test_an_outdated_text_that_fits_is_confirmed_by_saving_it(at: At):
    translator = at("ja")
    before = translator.catalog
    shown = translator.get("translation", language="ja", unit=POLICY).text
    assert "<del>" in shown and "<ins>" in shown
    translator.save(POLICY, translator.form(POLICY)["text"])
    assert difference(before, translator.catalog) == [
        "-#, fuzzy",
        '-#| msgid ""',
        "-#| \"'''Policy:''' Accompany phase 1 of the [[$ucoc|Universal Code of Conduct]].\"",
    ]


def test_the_next_text_that_wants_a_translation_follows_and_at_the_end_the_list(at: At):
    translator = at("de")
    for key in (HEADING, POLICY):
        emptied(translator.file, key)
    answer = translator.save(HEADING, "Was wir tun")
    assert f"unit={POLICY}" in answer.url
    stays = translator.save(HEADING, "Was wir tun wollen", then="stay")
    assert f"unit={HEADING}" in stays.url
    last = translator.save(POLICY, "'''Richtlinie:''' Die [[$ucoc|Regeln]] begleiten.")
    assert "translations?language=de" in last.url and "Nothing is left" in last.text


HOSTILE = {
    "an open link": "[[kaputt",
    "a variable that nobody knows": "Was $wir_tun",
    "a signature": "Was wir tun ~~~~",
    "a comment": "Was <!-- wir --> tun",
    "a marker": "<!-- wikiplan:end mission -->",
    "a template": "{{Evil}} Was wir tun",
    "two lines": "Was\nwir tun",
    "a heading": "== Was wir tun ==",
    "a direction that does not end": "Was \u202ewir tun",
    "a control character": "Was \x07 wir tun",
    "a translate tag": "<translate>Was</translate>",
    "too many characters": "Was wir tun " * 1000,
    "too many templates": "{{a}}" * 200,
    "a plural without forms": "{{PLURAL:$teams}}",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_text_that_would_break_a_page_is_not_saved_and_stays_as_it_was_typed(what: str, at: At):
    translator = at("de")
    before, text = translator.catalog, HOSTILE[what]
    answer = translator.save(HEADING, text)
    assert answer.status_code == 400, what
    assert "The checks find an error, and nothing is saved." in answer.text
    assert '<li class="error">' in answer.text
    assert fields(answer.text)["text"] == text
    assert translator.catalog == before


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "</textarea><script>alert(1)</script>", "\n\n&amp;quot;", "{{{{"],
)
def test_whatever_is_typed_is_a_text_and_no_part_of_the_page(text: str, at: At):
    translator = at("de")
    form = {**translator.form(HEADING), "text": text, "by": text, "title": text, "then": "stay"}
    for path in ("translation-look", "translation"):
        answer = translator.post(path, form)
        assert answer.status_code in (200, 400)
        assert "<script>alert" not in answer.text
        assert fields(answer.text)["text"] == text


def test_nothing_typed_takes_no_translation_away(at: At):
    translator = at("de")
    before = translator.catalog
    answer = translator.save(HEADING, " \n ")
    assert (answer.status_code, "Nothing was typed" in answer.text) == (400, True)
    assert translator.catalog == before


def test_of_two_tabs_the_second_is_told_and_may_decide(at: At):
    translator = at("ar")
    one, two = translator.form(HEADING), translator.form(HEADING)
    translator.post("translation", {**one, "text": "أعمالنا"})
    after_one = translator.catalog
    told = translator.post("translation", {**two, "text": "عملنا"})
    assert told.status_code == 400 and "was changed meanwhile" in told.text
    assert fields(told.text)["text"] == "عملنا"
    assert "أعمالنا" in told.text
    assert translator.catalog == after_one
    again = translator.post("translation", fields(told.text))
    assert again.status_code == 200
    assert difference(after_one, translator.catalog) == [
        '-msgstr "أعمالنا"',
        '+msgstr "عملنا"',
    ]
    third = translator.post("translation", {**two, "text": "عملنا"})
    assert third.status_code == 200, "it says what the catalog says already"


def test_english_that_changed_meanwhile_is_told(directory: Path, at: At):
    translator = at("de")
    form = translator.form(HEADING)
    replaced(directory / "data" / "department.yaml", "text: What we do", "text: Our work")
    before = translator.catalog
    told = translator.post("translation", {**form, "text": "Unsere Arbeit"})
    assert told.status_code == 400 and "or its English, was changed meanwhile" in told.text
    assert "What we do" in told.text and "Our work" in told.text
    assert translator.catalog == before
    translator.post("translation", fields(told.text))
    assert difference(before, translator.catalog) == [
        '-msgid "What we do"',
        '-msgstr "Was wir tun"',
        '+msgid "Our work"',
        '+msgstr "Unsere Arbeit"',
    ]


def test_the_same_text_for_english_that_nobody_saw_confirms_nothing(directory: Path, at: At):
    translator = at("de")
    form = translator.form(HEADING)
    replaced(directory / "data" / "department.yaml", "text: What we do", "text: What we did")
    before = translator.catalog
    told = translator.post("translation", form)
    assert (told.status_code, "or its English, was" in told.text) == (400, True)
    assert translator.catalog == before


def test_a_text_under_its_former_key_is_first_brought_in_step(directory: Path, at: At):
    translator = at("de")
    old, new = "department.mission-heading", "department.moved-heading"
    replaced(translator.file, f'msgctxt "{old}"', f'msgctxt "{new}"')
    with (directory / "data" / "pages.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nmoved:\n  - {{unit: {new}, to: {old}}}\n")
    before = translator.catalog
    answer = translator.save(HEADING, "Unsere Aufgaben")
    assert answer.status_code == 400 and "plan_translations update" in answer.text
    assert fields(answer.text)["text"] == "Unsere Aufgaben"
    assert translator.catalog == before


def test_what_another_program_changed_in_other_entries_stays(at: At):
    translator = at("de")
    form = translator.form(HEADING)
    replaced(translator.file, 'msgstr "Notizen"', 'msgstr "Mitschriften"')
    before = translator.catalog
    translator.post("translation", {**form, "text": "Unsere Aufgaben"})
    assert difference(before, translator.catalog) == [
        '-msgstr "Was wir tun"',
        '+msgstr "Unsere Aufgaben"',
    ]


def test_an_entry_that_is_missing_comes_where_the_plan_has_it(at: At):
    translator = at("de")
    entry = '\nmsgctxt "department.mission-heading"\nmsgid "What we do"\nmsgstr "Was wir tun"\n'
    whole = translator.catalog
    replaced(translator.file, entry, "")
    replaced(translator.file, "X-Wikiplan-Entries: 81", "X-Wikiplan-Entries: 80")
    assert translator.form(HEADING)["text"] == ""
    translator.save(HEADING, "Was wir tun")
    assert translator.catalog == whole


def test_a_broken_translation_is_mended_here_while_no_page_can_be_shown(at: At):
    translator = at("de")
    whole = translator.catalog
    replaced(translator.file, 'msgstr "Was wir tun"', 'msgstr "[[Was wir tun"')
    page = {"title": "Community Resilience and Sustainability", "language": "de"}
    assert translator.get("page", **page).status_code == 400
    assert translator.get("").status_code == 200
    found = translator.get("translations", language="de")
    assert found.status_code == 200 and "never closed" in found.text
    other = translator.save("labels.notes", "Mitschriften")
    assert other.status_code == 200, "an error elsewhere keeps nobody from translating"
    translator.save("labels.notes", "Notizen")
    translator.save(HEADING, "Was wir tun")
    assert translator.catalog == whole
    assert translator.get("page", **page).status_code == 200


def test_saving_chooses_between_translations_in_conflict(at: At):
    translator = at("de")
    whole = translator.catalog
    comment = '# wikiplan: another translation, from the wiki (Ben): "Unsere Aufgaben"\n'
    replaced(translator.file, ENTRY, f"{comment}{ENTRY}")
    shown = translator.get("translation", language="de", unit=HEADING).text
    assert "Unsere Aufgaben" in shown and "in conflict" in shown
    form = translator.form(HEADING)
    unseen = comment.replace("Unsere Aufgaben", "Unsere Arbeit")
    replaced(translator.file, comment, comment + unseen)
    translator.post("translation", {**form, "text": "Was wir tun"})
    assert translator.catalog == whole.replace(ENTRY, f"{unseen}{ENTRY}")


def test_an_edit_is_undone_and_done_again(at: At):
    translator = at("de")
    before = translator.catalog
    page = translator.save(HEADING, "Unsere Aufgaben", then="stay", words="de").text
    after = translator.catalog
    here, step = "translations?language=de&words=de", f"Übersetzung von {HEADING} (de)"
    said = f"Rückgängig gemacht: {step}", f"Wiederholt: {step}"
    for what, expected, told in zip(("undo", "redo"), (before, after), said, strict=True):
        number = re.search(rf'change/{what}">\s*<input[^>]* name="step" value="(\d+)"', page)
        assert number, what
        page = translator.post(what, {"step": number[1], "here": here}).text
        assert translator.catalog == expected
        (found,) = re.findall('role="status">(.*?)<', page)
        assert re.sub("[\u2068\u2069]", "", found) == told


def test_the_form_has_all_that_a_translator_needs_to_know(at: At):
    shown = html.unescape(at("ar").get("translation", language="ar", unit=OVERVIEW).text)
    assert '<textarea id="text" name="text" lang="ar" dir="rtl"' in shown
    assert "Keep the department's name bold." in shown
    page = "\u2068Community Resilience and Sustainability\u2069"
    assert f"{page}, section \u2068overview\u2069: text 1 of 9" in shown
    assert "Maggie Dennis" in shown and "reads here" in shown
    assert "Forms in this language: 6" in shown and "0 · 1 · 2 · 3 · 11 · 100" in shown
    assert "{{PLURAL:$teams||||||}}" in shown
    assert "/ 10000" in shown
    assert "department.name" in shown, "its neighbour"


def test_a_text_that_does_not_exist_is_told(at: At):
    for query, told in (
        ({"language": "de", "unit": "department.missoin"}, "the plan has no text"),
        ({"language": "sv", "unit": HEADING}, "the plan has no translations into “sv”"),
        ({"language": "en", "unit": HEADING}, "the plan has no translations into “en”"),
        ({}, "the plan has no translations into “”"),
    ):
        answer = at("de").get("translation", **query)
        assert (answer.status_code, told in answer.text) == (400, True)


def test_what_the_checks_say_comes_as_data_too(at: At):
    translator = at("de")
    form = {**translator.form(HEADING), "text": "Was $wir tun"}
    wrong = "the translation uses $wir, which is not defined; take the names from the English"
    answer = translator.post("translation-findings", form)
    assert answer.json() == {"count": 12, "findings": [{"warning": False, "told": wrong}]}
    looked = translator.post("translation-look", form)
    assert (looked.status_code, fields(looked.text)["text"]) == (200, "Was $wir tun")
    assert "which is not defined" in looked.text


# --- in a browser ---


def by_keys(page: Page, name: str) -> None:
    """Go to an element by the tabulator alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"no way to #{name}")


TYPED = [
    ("de", "Unsere Aufgaben", "Unsere $aufgaben"),
    ("ar", "أعمالنا", "أعمالنا {{"),
    ("ja", "私たちの仕事", "私たちの[[仕事"),
]


@pytest.mark.browser
@pytest.mark.parametrize(("language", "text", "broken"), TYPED)
def test_a_text_is_translated_by_keys_alone(
    language: str, text: str, broken: str, at: At, browser: Browser
):
    translator = at(language)
    old = emptied(translator.file, HEADING)
    before = translator.catalog
    with opened(browser, translator.address, locale=language) as page:
        page.goto(f"{translator.address}translation?language={language}&unit={HEADING}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        by_keys(page, "text")
        page.keyboard.insert_text(broken)
        expect(page.locator("#findings li.error").first).to_be_visible()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)
        expect(page.locator("#findings li.error")).to_have_count(0)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").first).to_contain_text(HEADING)
    assert difference(before, translator.catalog) == ['-msgstr ""', f'+msgstr "{text}"'], old


@pytest.mark.browser
def test_a_click_puts_variables_and_six_arabic_forms_into_the_text(at: At, browser: Browser):
    translator = at("ar")
    whole = emptied(translator.file, OVERVIEW)
    with opened(browser, translator.address) as page:
        page.goto(f"{translator.address}translation?language=ar&unit={OVERVIEW}")
        field = page.locator("#text")
        field.fill("القسم")
        field.press("Control+a")
        page.get_by_role("button", name="[[$parent_link|…]]").click()
        expect(field).to_have_value("[[$parent_link|القسم]]")
        field.fill("")
        page.get_by_role("button", name="PLURAL:$teams").click()
        expect(field).to_have_value("{{PLURAL:$teams||||||}}")
        field.fill(whole)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("is saved")


@pytest.fixture
def shown(open_desk: Callable[..., Desk], directory: Path) -> Iterator[str]:
    emptied(directory / "data" / "locale" / "ar.po", HEADING)
    with answering(open_desk()) as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_everybody_can_use_the_form(width: int, dark: bool, shown: str, browser: Browser):
    for locale in ("en", "ar"):
        path = f"translation?language=ar&unit={OVERVIEW}"
        with browser.wiki_page(shown + path, width=width, dark=dark, locale=locale) as page:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.locator("#text").fill("[[ {{ $x")
            expect(page.locator("#findings li.error").first).to_be_visible()
            assert findings(page) == []


@pytest.mark.browser
def test_a_picture_of_the_form_can_be_drawn(shown: str, browser: Browser):
    """``make pictures`` puts it into the documentation."""
    clip = {"x": 0, "y": 0, "width": 1120, "height": 663}
    with browser.wiki_page(
        f"{shown}translation?language=ar&unit={OVERVIEW}", width=1120, locale="ar"
    ) as page:
        field = page.locator("#text")
        field.fill(field.input_value().replace("$team_list", "$team_lists"))
        expect(page.locator("#findings li.error").first).to_be_visible()
        keep("desk-translation-ar", page.screenshot(clip=clip))

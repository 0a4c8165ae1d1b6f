"""The status page in Chromium: what translators see of the sample plan, and can do with it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browser import Browser, findings
from tests.support.pictures import DRAWING, keep
from tests.support.running import ROOT, script
from wikiplan.catalogs import State, catalog
from wikiplan.l10n import written
from wikiplan.plan import plan
from wikiplan.report import statuspage
from wikiplan.sync import LanguageProgress, Overview, PageProgress, UnitProgress
from wikiplan.wiki import Priority

pytestmark = pytest.mark.browser

TITLE = "Community Resilience and Sustainability"
LANGUAGES = ("ar", "he", "ja", "de")
MESSAGES = written("wikiplan-status-")
WRITTEN = sorted(MESSAGES)
SAYS = re.compile(r"&#34;([a-z-]+)&#34;, \{")
FIELD = re.compile(r"%\((\w+)\)")
CHANGES = {
    "Comply with the law, together with the Foundation's lawyers": (
        "Comply with the laws of all countries, together with the Foundation's lawyers"
    ),
    "Protect the integrity of the content": "Protect the honesty of the content",
}
"""What became of the sample plan's English since its texts were translated."""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plan with two texts changed, and one translation in conflict."""
    directory = tmp_path_factory.mktemp("status")
    shutil.copytree(ROOT / "data", directory / "data")
    path = directory / "data" / "priorities" / "2020-2021.yaml"
    text = path.read_text()
    for before, after in CHANGES.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text)
    loaded = plan.load(directory / "data")
    for language in LANGUAGES:
        found = catalog.Catalog.load(directory / "data" / "locale" / f"{language}.po")
        found.update(loaded.units.values())
        if language == "he":
            mission = loaded.units["department.mission-heading"]
            found.keep_beside(mission, "העבודה שלנו", "translator.po")
        found.save()
    return directory


@pytest.fixture(scope="module")
def file(directory: Path) -> Path:
    done = script(
        "plan_translations", "status", "-wiki:wiki", "-out:out", "-now:2021-07-01T00:00Z",
        directory=directory,
    )  # fmt: skip
    assert done.status == 3, done.out + done.err  # a conflict waits for a person
    assert "Written: out/index.html" in done.out
    return directory / "out" / "index.html"


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    with browser.page(file) as opened:
        yield opened


TILES = ("words", "untranslated", "outdated", "conflicting")


def tiles(page: Page) -> list[str]:
    """Return the numbers of the tiles, the share first."""
    numbers = [page.locator(f"#sum-{name} strong").inner_text() for name in TILES]
    return [page.locator("#sum-percent").inner_text(), *numbers]


def choose(page: Page, code: str) -> None:
    page.locator("#language").select_option(code)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640, 320], ids=["desk", "zoom", "phone"])
def test_axe_finds_nothing_and_nothing_stands_out_of_the_page(
    browser: Browser, file: Path, dark: bool, width: int
):
    with browser.page(file, dark=dark, width=width) as page:
        page.get_by_role("button", name="Unfold all").click()
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_stands_on_its_own_side_in_its_picture(
    browser: Browser, file: Path, language: str
):
    """Its picture is part of the documentation (``make pictures``)."""
    width = 390 if language == "ja" else 1100
    with browser.page(file, dark=language == "he", width=width, locale=language) as page:
        choose(page, language)
        shown = page.locator("details.language:visible")
        assert [each.get_attribute("id") for each in shown.all()] == [language]
        unit = shown.locator(".unit.outdated").first
        direction = "rtl" if language in ("ar", "he") else "ltr"
        text = unit.locator(".translation .text").first
        assert (text.get_attribute("lang"), text.get_attribute("dir")) == (language, direction)
        english = unit.locator(".english .text").first
        assert english.get_attribute("dir") == "ltr"
        if language != "ja":
            sides = [text.bounding_box()["x"], english.bounding_box()["x"]]
            assert sides == sorted(sides, reverse=direction == "ltr")
        assert text.evaluate(STARTS_ON) == ("right" if direction == "rtl" else "left")
        if DRAWING and page.evaluate(HAS_ITS_LETTERS, language):
            page.set_viewport_size({"width": page.viewport_size["width"], "height": 900})
            keep(f"status-{language}", page.screenshot())


# Without a font every letter is the same box.
HAS_ITS_LETTERS = """code => {
  const drawn = letter => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    const context = canvas.getContext("2d");
    context.font = "20px sans-serif";
    context.fillText(letter, 10, 25);
    return canvas.toDataURL();
  };
  const name = document.querySelector(`[id="${code}"] bdi`).textContent;
  return drawn(name[0]) !== drawn(name[1]);
}"""
STARTS_ON = """element => {
  const first = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  range.setStart(first, 0);
  range.setEnd(first, 1);
  const letter = range.getBoundingClientRect(), box = element.getBoundingClientRect();
  return letter.left - box.left < box.right - letter.right ? "left" : "right";
}"""


def test_an_outdated_text_shows_both_englishes_word_by_word(page: Page):
    choose(page, "de")
    unit = page.locator("#de .unit", has_text="trust-and-safety.operations")
    assert unit.locator("del").all_inner_texts() == ["law"]
    assert unit.locator("ins").all_inner_texts() == ["laws of all countries"]
    assert "Carry" not in unit.locator(".english").inner_text()
    assert unit.locator(".translation .text").inner_text().startswith("'''")
    assert re.fullmatch(r"de\.po:\d+", unit.locator(".place").inner_text())


def test_a_conflict_shows_both_translations(page: Page):
    choose(page, "he")
    unit = page.locator("#he .unit", has_text="department.mission-heading")
    assert unit.locator(".badge").inner_text() == "in conflict"
    assert unit.locator(".translation .text").all_inner_texts()[1] == "העבודה שלנו"


def test_the_map_leads_to_the_texts_with_the_keyboard_alone(page: Page):
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hash") == "#ar.0.priorities-2020-2021":
            break
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'ar.0.priorities-2020-2021'")
    assert page.locator("#ar").get_attribute("open") is not None
    assert page.locator("[id='ar.0.priorities-2020-2021']").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("SUMMARY", "A")


def test_what_is_missing_can_be_hidden(page: Page):
    choose(page, "ja")
    missing = page.locator("#ja .missing").first
    assert missing.is_visible()
    page.get_by_role("checkbox").uncheck()
    assert not missing.is_visible()


def test_the_cell_of_a_section_counts_its_texts(page: Page):
    cell = page.locator("a[href='#ja.0.priorities-2020-2021']")
    outdated = page.locator("[id='ja.0.priorities-2020-2021'] .unit.outdated")
    page.get_by_role("button", name="Unfold all").click()
    assert f"{outdated.count()} outdated" in (cell.get_attribute("title") or "")
    assert re.match(r"\d+%", cell.locator("[aria-hidden]").inner_text())
    assert page.locator("a[href='#de.0.overview']").inner_text().endswith("✓")


def test_the_page_reads_without_its_script(browser: Browser, file: Path, tmp_path: Path):
    bare = tmp_path / "index.html"
    bare.write_text(re.sub(r"<script>.*?</script>", "", file.read_text(), flags=re.DOTALL))
    with browser.page(bare) as page:
        page.locator("#de summary").click()
        assert page.locator("#de .unit").first.is_visible()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("width", [1280, 375], ids=["desk", "phone"])
def test_the_page_speaks_the_language_of_its_readers_browser(
    browser: Browser, file: Path, language: str, width: int
):
    with browser.page(file, width=width, locale=language) as page:
        said = {key: text for key, text in MESSAGES[language].items() if "{" not in text}
        assert page.locator("h1").inner_text() == said["title"]
        assert page.locator("#lists-title").inner_text() == said["lists"]
        shown = page.locator("html")
        direction = "rtl" if language in ("ar", "he") else "ltr"
        assert (shown.get_attribute("lang"), shown.get_attribute("dir")) == (language, direction)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        label = page.locator("#since").locator("..")
        assert label.evaluate("e => getComputedStyle(e).direction") == direction
        if language == "ar" and width == 1280:
            assert findings(page) == []


def test_a_reader_whose_language_the_page_lacks_has_english_and_may_choose(
    browser: Browser, file: Path
):
    with browser.page(file, locale="fi") as page:
        assert page.locator("h1").inner_text() == "Translations"
        page.locator("#shown").select_option("ja")
        assert page.locator("h1").inner_text() == MESSAGES["ja"]["title"]
        assert page.locator("html").get_attribute("lang") == "ja"


def test_every_word_of_the_page_is_said_in_each_language(browser: Browser, file: Path):
    keys = {key for text in file.read_text().split("data-say=")[1:] for key in SAYS.findall(text)}
    assert keys <= MESSAGES["en"].keys()
    for code, texts in MESSAGES.items():
        assert texts.keys() == MESSAGES["en"].keys(), code
        for key, text in texts.items():
            assert FIELD.findall(MESSAGES["en"][key]) in ([], FIELD.findall(text)) or (
                {*FIELD.findall(text)} <= {*FIELD.findall(MESSAGES["en"][key])}
            ), (code, key)


def test_the_tiles_follow_the_choice_of_a_language_and_of_a_date(
    browser: Browser, directory: Path, file: Path
):
    path = directory / "data" / "priorities" / "2021-2022.yaml"
    whole = path.read_text()
    assert whole.count("Ask the communities how") == 1
    later = directory / "later"
    shutil.copytree(directory / "data", later / "data")
    shutil.copytree(directory / "out", later / "out")
    changed = later / "data" / "priorities" / "2021-2022.yaml"
    changed.write_text(whole.replace("Ask the communities how", "Ask all communities how"))
    done = script(
        "plan_translations", "status", "-wiki:wiki", "-out:out", "-now:2021-07-02T00:00Z",
        directory=later,
    )  # fmt: skip
    assert done.status == 3, done.out
    with browser.page(later / "out" / "index.html") as page:
        every = tiles(page)
        choose(page, "de")
        german = tiles(page)
        assert german != every
        assert german[3] == str(page.locator("#de .unit.outdated").count())
        choose(page, "")
        assert tiles(page) == every
        page.locator("#since").fill("2021-01-01")
        page.get_by_role("button", name="Unfold all").click()
        units = page.locator(".unit:visible, .missing li:visible")
        texts = [each for each in units.all_inner_texts() if "communities how" not in each]
        assert (units.count() > 0, texts) == (True, [])
        assert tiles(page)[2:4] == [
            str(page.locator(".missing li:visible").count()),
            str(page.locator(".unit.outdated:visible").count()),
        ]
        (until,) = {each.get_attribute("data-since") for each in units.all()}
        for line in told(page).values():
            since = line.partition("oldest outdated since ")[2]
            assert "outdated" not in line or until in since, line
        page.locator("#since").fill("2121-01-01")
        assert page.locator("#nothing-chosen").inner_text() == "Nothing fits this choice."
        assert tiles(page)[1:] == ["0", "0", "0", "0"]


DONE = UnitProgress("goal", "intro", "Keep editors safe.", State.TRANSLATED, "…", reviewed=True)
MISSING = UnitProgress("plan", "intro", "Grow by half.", State.UNTRANSLATED)
OLD = UnitProgress("team", "intro", "Be kind.", State.OUTDATED, "…", conflicts=("… …",))


def of_a_wiki() -> Overview:
    """Three pages: one for which two languages are asked for, one in a group, and a plain one."""
    asked = PageProgress(
        "Asked",
        ("intro",),
        (
            LanguageProgress("ar", (DONE, MISSING), "ready"),
            LanguageProgress("de", (MISSING, OLD), asked=False),
        ),
        translatable=True,
        priority=Priority(("ar", "ja"), True),
    )
    grouped = PageProgress(
        "Grouped",
        ("intro",),
        (LanguageProgress("ar", (OLD,), "proofread"), LanguageProgress("de", (DONE,))),
        translatable=True,
        groups=("Team pages",),
    )
    plain = PageProgress("Plain", ("intro",), (LanguageProgress("fr", (MISSING,)),))
    return Overview("Meta-Wiki", datetime(2021, 7, 1, tzinfo=UTC), (asked, grouped, plain))


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    return statuspage.write(tmp_path, of_a_wiki())


def lists(page: Page) -> list[str]:
    """Return which sections are listed, by language and the page's number."""
    groups = page.locator(".group:visible").all()
    return [(each.get_attribute("id") or "").removesuffix(".intro") for each in groups]


def test_the_page_says_what_the_wiki_asks_for_and_how_far_people_are(
    browser: Browser, waiting: Path
):
    with browser.page(waiting) as page:
        assert page.locator("header > p:not(.quiet)").all_inner_texts() == [
            "Asked: translators are asked for these languages only: العربية, 日本語 · "
            "50% of that is translated",
            "Grouped: Group of pages: Team pages",
        ]
        tags = page.locator(".map .tags").all_inner_texts()
        assert [each.split("\n") for each in tags] == [["ready proofread"], ["not asked for"], [""]]
        assert page.locator("#ar summary > :not(progress)").all_inner_texts() == [
            "العربية ar",
            "1 of 3 translated · 1 outdated · 1 in conflict · 1 reviewed · 5 words to do",
            "Asked: ready",
            "Grouped: proofread",
        ]


FILTERS = {
    "none": (
        lambda page: None,
        ["ar.0", "ar.1", "de.0", "de.1", "fr.2"],
        ["28%", "13", "3", "2", "2"],
        ["5", "5", "3"],
        {
            "ar": "1 of 3 translated · 1 outdated · 1 in conflict · 1 reviewed · 5 words to do",
            "de": "1 of 3 translated · 1 outdated · 1 in conflict · 1 reviewed · 5 words to do",
            "fr": "0 of 1 translated · 3 words to do",
        },
    ),
    "asked": (
        lambda page: page.locator("#asked").check(),
        ["ar.0", "ar.1", "de.1", "fr.2"],
        ["40%", "8", "2", "1", "1"],
        ["5", "", "3"],
        {
            "ar": "1 of 3 translated · 1 outdated · 1 in conflict · 1 reviewed · 5 words to do",
            "de": "1 of 1 translated · 1 reviewed",
            "fr": "0 of 1 translated · 3 words to do",
        },
    ),
    "group": (
        lambda page: page.locator("#group").select_option("Team pages"),
        ["ar.1", "de.1"],
        ["50%", "2", "0", "1", "1"],
        ["2", ""],
        {
            "ar": "0 of 1 translated · 1 outdated · 1 in conflict · 2 words to do",
            "de": "1 of 1 translated · 1 reviewed",
        },
    ),
    "state": (
        lambda page: page.locator("#state").select_option("ready"),
        ["ar.0"],
        ["50%", "3", "1", "0", "0"],
        ["3"],
        {"ar": "1 of 2 translated · 1 reviewed · 3 words to do"},
    ),
}


def told(page: Page) -> dict[str, str]:
    """Return what is said of each language beside its name, by its code."""
    shown = page.locator("details.language:visible").all()
    lines = {
        each.get_attribute("id") or "": each.locator("summary > .quiet").inner_text()
        for each in shown
    }
    bars = [each.locator("progress").evaluate("e => `${e.value} of ${e.max}`") for each in shown]
    for line, bar in zip(lines.values(), bars, strict=True):
        assert line.startswith(f"{bar} translated"), (line, bar)
    return lines


def test_what_is_said_of_languages_is_the_same_with_and_without_scripts(
    browser: Browser, file: Path, waiting: Path
):
    for each in (file, waiting):
        with browser.page(each) as page:
            said = told(page)
            assert said
            bare = each.with_name("bare.html")
            bare.write_text(re.sub(r"<script>.*?</script>", "", each.read_text(), flags=re.DOTALL))
        with browser.page(bare) as page:
            assert told(page) == said


@pytest.mark.parametrize(
    ("choose", "listed", "counted", "words", "lines"), FILTERS.values(), ids=FILTERS
)
def test_lists_tiles_and_map_follow_what_the_wiki_knows(
    browser: Browser,
    waiting: Path,
    choose: Callable[[Page], None],
    listed: list[str],
    counted: list[str],
    words: list[str],
    lines: dict[str, str],
):
    with browser.page(waiting) as page:
        page.get_by_role("button", name="Unfold all").click()
        assert lists(page) == ["ar.0", "ar.1", "de.0", "de.1", "fr.2"]
        choose(page)
        assert (lists(page), tiles(page), told(page)) == (listed, counted, lines)
        assert page.locator(".map td.todo:visible").all_inner_texts() == words
        cells = [a.get_attribute("href") for a in page.locator(".map td a:visible").all()]
        assert cells == [f"#{each}.intro" for each in listed]
        assert findings(page) == []


def test_a_choice_that_nothing_fits_says_so_and_a_link_into_the_lists_ends_it(
    browser: Browser, waiting: Path
):
    with browser.page(waiting) as page:
        page.locator("#group").select_option("Team pages")
        page.locator("#state").select_option("ready")
        assert page.locator("#nothing-chosen").inner_text() == "Nothing fits this choice."
        page.evaluate("location.hash = 'de.0.intro'")
        page.locator("[id='de.0.intro']").wait_for()
        left = [page.locator(f"#{name}").input_value() for name in ("group", "state")]
        assert left == ["", ""]


def test_a_wiki_without_groups_states_and_priorities_has_no_such_choices(page: Page):
    assert page.locator("#group, #state, #asked, .tags").count() == 0


@pytest.mark.sampled(4)
@pytest.mark.parametrize("width", [1280, 375], ids=["desk", "phone"])
@pytest.mark.parametrize("language", WRITTEN)
def test_what_the_wiki_asks_for_fits_in_every_language(
    browser: Browser, waiting: Path, language: str, width: int
):
    with browser.page(waiting, width=width, locale=language, dark=language == "he") as page:
        said = page.locator("label", has=page.locator("#asked")).inner_text().strip()
        assert said == MESSAGES[language]["only-asked"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert findings(page) == []


def test_a_day_reads_from_year_to_day_on_a_page_from_right_to_left(browser: Browser, file: Path):
    with browser.page(file, locale="ar") as page:
        said = page.locator("header .quiet [data-say]").inner_text()
        assert re.search("\u2068\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\u2069", said)


def test_a_file_of_texts_that_nobody_can_read_is_refused_with_the_way_out(
    directory: Path, file: Path, tmp_path: Path
):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "seen.json").write_text("[1]")
    shutil.copytree(directory / "data", tmp_path / "data")
    done = script("plan_translations", "status", "-wiki:wiki", "-out:out", directory=tmp_path)
    assert done.status == 1
    assert "seen.json" in done.err
    assert "delete it; then the days since when texts are new begin anew" in done.err
    assert not (tmp_path / "out" / "index.html").exists()

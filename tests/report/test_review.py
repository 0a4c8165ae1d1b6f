"""The review page in Chromium: read it, filter, tick, take the reduced change set and apply it."""

from __future__ import annotations

import html
import json
import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support import reviewcases, smallplan, statecases
from tests.support.browser import Browser, findings
from tests.support.people import FolderPeople
from tests.support.reviewcases import PRIORITIES
from tests.support.running import Done, script
from wikiplan.changes import changefile
from wikiplan.changes.changeset import (
    Action,
    ChangeSet,
    Drift,
    LaterRevision,
    PageBase,
    PageChange,
    Review,
    SectionChange,
    SectionState,
    Told,
    Verdict,
)
from wikiplan.changes.effects import LanguageEffect, PageEffect
from wikiplan.report import review, webpage
from wikiplan.report.review import Preview
from wikiplan.translate.marking import Cause, ChangeKind, Effect
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account, HistoryEntry

pytestmark = pytest.mark.browser

SLOWER = 30
"""Ten times the pages may take at most so many times as long to open."""
NASTY = "</script><script>x()</script><img src=//e.example onerror=x()>\"'&\u2028\u202e{{7*7}}"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample plan's news."""
    directory = tmp_path_factory.mktemp("sample")
    folder = Folder(directory / "wiki")
    changes = reviewcases.sample(directory / "plan", folder, FolderPeople(folder.directory))
    return reviewcases.written(directory / "review", changes)


def one(section: SectionChange, language: str = "en", **more: object) -> ChangeSet:
    """Return a change set of one page with one section."""
    base = PageBase("Plan", language, 1, 1)
    page = PageChange(base=base, action=Action.UPDATE, sections=(section,))
    page = replace(page, **more)
    return ChangeSet(smallplan.RUN, "lab:lab", Account("Bot", frozenset()), (page,))


def changed(before: str, after: str) -> SectionChange:
    return SectionChange("a", SectionState.CHANGED, before, after)


def titles(page: Page) -> list[str]:
    return page.locator("article:visible h2").all_text_contents()


def rows(table: Locator) -> list[list[str]]:
    """Return the lines of a diff; a changed word stands in brackets."""
    return table.evaluate(
        """table => [...table.tBodies[0].rows].map(row => [...row.querySelectorAll(
             ".line, .skipped")].map(line => { const copy = line.cloneNode(true);
             copy.querySelectorAll("ins, del").forEach(e => e.replaceWith(`[${e.textContent}]`));
             return copy.textContent; }))"""
    )


# --- seeing ---


def test_the_page_says_what_would_be_done_with_the_command(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Changes for folder:wiki")
        counts = page.locator("#counts button").all_text_contents()
        assert counts == ["6 to update", "1 refused", "7 unchanged"]
        assert page.locator("#whole").text_content() == (
            f"plan_update -changes:{sample.parent / changefile.NAME}"
        )
        french = page.locator("article", has_text=f"{PRIORITIES}/fr")
        expect(french.locator(".reason")).to_contain_text("edited on the wiki since")
        expect(french.get_by_text("texts without")).to_have_text(
            re.compile("^11 texts without a current translation")
        )
        refused = page.locator("article.refused")
        expect(refused.locator(".reason")).to_contain_text("has this begin marker but no end")
        assert refused.locator("input").count() == 0


def test_two_columns_show_words_within_lines_and_one_column_is_a_choice(
    tmp_path: Path, browser: Browser
):
    changes = one(changed("a\nIt begins in May.\nb", "a\nIt begins in June.\nb\nnew"))
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        assert rows(page.locator(".diff")) == [
            ["a", "a"],
            ["It begins in [May].", "It begins in [June]."],
            ["b", "b"],
            ["new"],
        ]
        page.locator("[name=view]").select_option("one")
        assert rows(page.locator(".diff")) == [
            ["a"], ["It begins in [May]."], ["It begins in [June]."], ["b"], ["new"],
        ]  # fmt: skip
        assert page.url.endswith("#view=one")


def test_characters_that_nobody_sees_show_in_a_diff(tmp_path: Path, browser: Browser):
    changes = one(changed("x\u202ey", "x\u200fy\u00a0z\u200cz"))
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        expect(page.locator(".removed")).to_have_text("xRLOy")
        assert page.locator(".removed [title]").get_attribute("title") == "right-to-left override"
        names = [e.get_attribute("title") for e in page.locator(".added [title]").all()]
        assert names == ["right-to-left mark", "no-break space", "zero width non-joiner"]


def test_what_people_did_stands_beside_what_was_written_and_what_the_plan_wants(
    tmp_path: Path, browser: Browser
):
    when = datetime(2021, 6, 1, 9, 30, tzinfo=UTC)
    edit = LaterRevision(HistoryEntry(7, 6, "Ada", when, "a typo", ""), {})
    drift = Drift("in May", "in early May", "in June", (edit,))
    section = SectionChange("a", SectionState.CONFLICT, "in early May", "in early May", drift=drift)
    changes = one(section, action=Action.CONFLICT)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        expect(page.locator(".people li")).to_have_text(
            "revision 7 by Ada, 2021-06-01 09:30 UTC: a typo"
        )
        tables = page.locator(".diff")
        heads = [t.locator("th").all_text_contents() for t in tables.all()]
        assert heads == [
            ["As last written", "As people left it"], ["As last written", "As the plan wants it"],
        ]  # fmt: skip
        assert rows(tables.nth(0)) == [["in May", "in [early ]May"]]
        assert rows(tables.nth(1)) == [["in [May]", "in [June]"]]


HEADS = ["language", "kept", "outdated", "new", "orphaned", "words to translate"]


def test_the_effect_on_translations_stands_in_numbers_and_unit_by_unit(
    tmp_path: Path, browser: Browser
):
    effect = PageEffect(
        5,
        (Effect("begin", ChangeKind.CHANGED, Cause.TEXT, "in May", "in June"),),
        (LanguageEffect("ar", 4, 1, 0, 0, 2), LanguageEffect("de", 5, 0, 0, 0, 0)),
    )
    changes = one(changed("in May", "in June"), effect=effect)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        expect(page.locator("summary").last).to_have_text(
            "Translations: 1 unit change, 1 translation of 2 languages become outdated"
        )
        cells = page.locator(".counts tbody tr").all_inner_texts()
        assert [each.split() for each in cells] == [
            ["ar", "4", "1", "0", "0", "2"], ["de", "5", "0", "0", "0", "0"],
        ]  # fmt: skip
        expect(page.locator(".units p")).to_have_text("begin changed: other text")
        expect(page.locator(".counts thead th")).to_have_text(HEADS)


def test_translations_that_become_current_again_have_a_column_where_there_are_any(
    tmp_path: Path, browser: Browser
):
    units = (Effect("begin", ChangeKind.CHANGED, Cause.TEXT, "in May", "in June"),)
    effect = PageEffect(5, units, (LanguageEffect("ar", 4, 1, 0, 0, 2, again=3),))
    changes = one(changed("in May", "in June"), effect=effect)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        expect(page.locator(".counts thead th")).to_have_text([*HEADS, "current again"])
        cells = page.locator(".counts tbody tr").inner_text().split()
        assert cells == ["ar", "4", "1", "0", "0", "2", "3"]


def test_new_units_that_the_catalogs_have_translated_have_a_column_where_there_are_any(
    tmp_path: Path, browser: Browser
):
    units = (Effect("begin", ChangeKind.NEW, Cause.FIRST, None, "in June"),)
    effect = PageEffect(5, units, (LanguageEffect("ar", 4, 0, 1, 0, 0, ready=1),))
    changes = one(changed("in May", "in June"), effect=effect)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        heads = [*HEADS[:4], "ready to push", *HEADS[4:]]
        expect(page.locator(".counts thead th")).to_have_text(heads)
        cells = page.locator(".counts tbody tr > *").all_text_contents()
        assert cells == ["ar", "4", "0", "1", "1", "0", "0"]


@pytest.mark.parametrize("code", ["ar", "he"])
def test_a_text_from_right_to_left_stands_so_and_its_english_lines_do_not(
    code: str, tmp_path: Path, browser: Browser
):
    word = {"ar": "مرحبا", "he": "שלום"}[code]
    section = changed(f"old {word}\nPlain English.", f"new {word} <b>x</b>\nPlain English, too.")
    with browser.page(reviewcases.written(tmp_path, one(section, code))) as page:
        lines = page.locator(".added .line")
        assert [(e.get_attribute("dir"), e.get_attribute("lang")) for e in lines.all()] == [
            ("rtl", code), ("ltr", code),
        ]  # fmt: skip
        right = lines.first.evaluate(
            "e => getComputedStyle(e).textAlign + getComputedStyle(e).direction"
        )
        assert right == "startrtl"
        expect(page.locator(".added .tag").first).to_have_css("direction", "ltr")


def test_in_a_text_from_right_to_left_what_reads_from_the_left_stays_in_one_piece_each(
    tmp_path: Path, browser: Browser
):
    text = (
        "انظر [[Special:MyLanguage/Trust and Safety|الثقة]] و[https://example.org/a b]"
        " {{Nowrap|خمسة}} [[مرحبا]]"
    )
    with browser.page(reviewcases.written(tmp_path, one(changed("", text), "ar"))) as page:
        assert page.locator(".added .tag").all_text_contents() == [
            "Special:MyLanguage/Trust and Safety", "https://example.org/a", "{{Nowrap",
        ]  # fmt: skip


def test_no_value_can_become_markup(tmp_path: Path, browser: Browser):
    section = SectionChange(NASTY, SectionState.CHANGED, NASTY, f"{NASTY}{NASTY}")
    changes = replace(
        one(
            section,
            base=PageBase(NASTY, "en", 1, 1),
            told=Told(summary=NASTY, reason=NASTY, untranslated=(NASTY,)),
        ),
        site=NASTY,
    )
    path = reviewcases.written(tmp_path, changes)
    with browser.page(path) as page:
        expect(page.locator("h2 bdi")).to_have_text(NASTY)
        assert page.locator("img, main script").count() == 0
        page.locator("article input").first.check()
        told = page.locator("#command").text_content() or ""
        assert shlex.split(told)[-1].startswith("-changes:")  # all of it: nothing to pick


def test_what_takes_back_a_run_says_so(tmp_path: Path, browser: Browser):
    section = SectionChange("a", SectionState.UNDONE, "new", "")
    with browser.page(reviewcases.written(tmp_path, one(section, undoes="20210701T0-x"))) as page:
        expect(page.locator("h1")).to_have_text("Taking back a run on lab:lab")
        expect(page.locator(".facts")).to_contain_text("takes back 20210701T0-x")
        assert rows(page.locator(".diff")) == [["new"]]
        assert page.locator("article :is(h2, h3) input").count() == 2


def test_nothing_to_apply_is_said(tmp_path: Path, browser: Browser):
    changes = one(SectionChange("a", SectionState.UNCHANGED, "x", "x"), action=Action.NONE)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        expect(page.get_by_text("There is nothing to apply.")).to_be_visible()
        assert titles(page) == []


# --- as readers see it ---


def test_rendered_texts_stand_in_frames_that_run_and_load_nothing(tmp_path: Path, browser: Browser):
    changes = one(changed("old", "new"))
    tall = '<p style="color: rgb(1, 2, 3)">new</p>' + "<p>line</p>" * 30
    seen = {
        ("Plan", "old"): Preview("<p>old</p>", ("p { margin: 0; }",)),
        ("Plan", "new"): Preview(tall, ("p { margin: 0; }", "p { font-size: 20px }")),
    }
    review.write(tmp_path, changes, reviewcases.OCCASION, seen)
    with browser.page(tmp_path / review.NAME) as page:
        assert page.locator("iframe").count() == 0  # made when somebody wants to see them
        page.get_by_role("button", name="As readers see it").click()
        frames = page.locator("iframe")
        expect(frames).to_have_count(2)
        assert [e.get_attribute("sandbox") for e in frames.all()] == ["allow-same-origin"] * 2
        first = page.frame_locator("iframe >> nth=1").locator("p").first
        expect(first).to_have_css("font-size", "20px")
        expect(first).to_have_css("color", "rgb(1, 2, 3)")
        height = frames.nth(1).evaluate("e => e.offsetHeight")
        assert 600 < height <= 902
        page.get_by_role("button", name="Wikitext").click()
        assert (page.locator("iframe").count(), page.locator(".diff").count()) == (0, 1)


def test_a_text_that_the_wiki_did_not_render_says_why(tmp_path: Path, browser: Browser):
    seen = {("Plan", "old"): Preview("<p>old</p>", ()), ("Plan", "new"): Preview("", (), "too big")}
    review.write(tmp_path, one(changed("old", "new")), reviewcases.OCCASION, seen)
    with browser.page(tmp_path / review.NAME) as page:
        page.locator("[name=view]").select_option("read")
        expect(page.locator(".nothing")).to_have_text("too big")


# --- filtering ---


def test_pages_are_filtered_by_title_language_section_and_state(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        assert len(titles(page)) == 7
        page.locator("[name=language]").select_option("ar")
        assert titles(page) == [f"{PRIORITIES}/ar"]
        page.get_by_role("button", name="Show all").click()
        page.locator("[name=section]").select_option("navigation")
        assert titles(page) == [f"{PRIORITIES}/fr"]
        assert page.locator("article:visible section:visible h3").all_text_contents() == [
            "navigation"
        ]
        page.get_by_role("button", name="Show all").click()
        page.locator("[name=page]").fill("2022/J")
        assert titles(page) == [f"{PRIORITIES}/ja"]
        page.get_by_role("button", name="Show all").click()
        page.get_by_role("button", name="1 refused").click()
        assert titles(page) == [f"{PRIORITIES}/ja"]
        page.locator("[name=state]").select_option("section:drift")
        assert titles(page) == [f"{PRIORITIES}/fr"]
        page.get_by_role("button", name="7 unchanged").click()
        assert len(titles(page)) == 7
        expect(page.locator("#shown")).to_have_text("7 of 14 pages")


def test_the_address_keeps_filters_and_ticks(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.locator("[name=state]").select_option("section:changed")
        page.locator("[name=language]").select_option("he")
        page.locator("article:visible input").first.check()
        kept = page.url.partition("#")[2]
        page.reload()
        assert titles(page) == [f"{PRIORITIES}/he"]
        assert page.locator("article:visible input:checked").count() == 2
        assert kept == page.url.partition("#")[2]
        page.goto(f"{page.url.partition('#')[0]}#language=xx&ticked=9999_0.7_é")
        expect(page.locator("#ticked")).to_have_text("Nothing is ticked.")
        assert len(titles(page)) == 7


# --- ticking and applying ---


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("plan")
    pages = {"Plan": "missing-page: create", "Plan, it's $2": "missing-page: create"}
    smallplan.write(directory, {"a": "Old a.", "b": "Old b."}, pages)
    assert run(directory, "plan_update", "-always").status == 0
    smallplan.write(directory, {"a": "New a.", "b": "New b."}, pages)
    done = run(directory, "plan_preview", "-out:review")
    assert (done.status, done.err) == (2, "")
    assert (
        "The change set is in review/changes.json. To apply it: "
        "plan_update -wiki:wiki -changes:review/changes.json\n"
        "To review it, open review/index.html in a browser.\n"
    ) in done.out
    return directory


@pytest.fixture
def plan(previewed: Path, tmp_path: Path) -> Path:
    """A plan of two pages with two sections each, all changed since they were written."""
    return shutil.copytree(previewed, tmp_path, dirs_exist_ok=True)


def run(directory: Path, name: str, *arguments: str) -> Done:
    return script(name, "-wiki:wiki", *arguments, directory=directory)


def texts(directory: Path) -> list[str]:
    """Return which of the sections are new, page by page."""
    pages = sorted((directory / "wiki").glob("*.wiki"), key=lambda path: path.stem)
    return [" ".join(re.findall(r"(?:Old|New) \w", page.read_text())) for page in pages]


def test_the_command_of_what_is_ticked_does_exactly_that(plan: Path, browser: Browser):
    with browser.page(plan / "review" / "index.html") as page:
        second = page.locator("article").nth(1)
        second.locator("section").nth(1).get_by_role("checkbox").check()
        assert second.locator("h2 input").evaluate("e => e.indeterminate")
        expect(page.locator("#ticked")).to_have_text("1 section on 1 page ticked.")
        told = page.locator("#command").text_content() or ""
    name, *arguments = shlex.split(told)
    assert (name, arguments) == (
        "plan_update",
        ["-wiki:wiki", "-changes:review/changes.json", "-only:Plan, it's $2#b"],
    )
    done = script(name, "-always", *arguments, directory=plan)
    assert (done.status, texts(plan)) == (0, ["Old a Old b", "Old a New b"])


def test_every_word_of_a_command_comes_through_a_shell(sample: Path, browser: Browser):
    words = [
        "a b",
        "it's",
        'say "x"',
        "$HOME",
        "`id`",
        "a\\b",
        "!1",
        "100 %",
        "Plan/العربية#a",
        "~",
        "*",
        "",
    ]
    with browser.page(sample) as page:
        told = page.evaluate("words => words.map(quoted).join(' ')", words)
    done = subprocess.run(["bash", "-c", f"printf '%s\\n' {told}"], capture_output=True, check=True)
    assert done.stdout.decode().split("\n")[:-1] == words


def test_the_reduced_change_set_is_applied_as_the_whole_one_would_be(plan: Path, browser: Browser):
    with browser.page(plan / "review" / "index.html") as page:
        page.locator("article").nth(0).locator("h2 input").check()
        page.locator("article").nth(1).locator("section").nth(0).get_by_role("checkbox").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download changes.json").click()
        assert download.value.suggested_filename == "changes.json"
        download.value.save_as(plan / "reduced.json")
    whole = json.loads((plan / "review" / "changes.json").read_text())
    reduced = json.loads((plan / "reduced.json").read_text())
    assert reduced["pages"][0] == whole["pages"][0]
    assert [s["state"] for s in reduced["pages"][1]["sections"]] == ["changed", "left out"]
    done = run(plan, "plan_update", "-always", "-changes:reduced.json")
    assert (done.status, texts(plan)) == (0, ["New a New b", "New a Old b"]), done.out


def test_a_whole_change_set_comes_back_byte_for_byte(
    sample: Path, tmp_path: Path, browser: Browser
):
    """The digest is made in the page: over Arabic, Hebrew and Japanese, too."""
    with browser.page(sample) as page:
        page.get_by_role("button", name="Tick all shown").click()
        reduced = page.evaluate("reduced()").encode()
    path = tmp_path / "reduced.json"
    path.write_bytes(reduced)
    kept = changefile.read(path)
    whole = changefile.read(sample.parent / changefile.NAME)
    assert kept.pages == tuple(page for page in whole.pages if page.change.to_write)


def test_the_digest_is_sha_256_at_every_length(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        found = page.evaluate(
            "[...Array(200).keys()].map(n => sha256(new TextEncoder().encode('x'.repeat(n))))"
        )
    assert found == [changefile.digest("x" * n) for n in range(200)]


def test_the_same_change_is_ticked_on_all_its_pages_at_once(plan: Path, browser: Browser):
    with browser.page(plan / "review" / "index.html") as page:
        page.get_by_role("button", name="Tick all 2").first.click()
        expect(page.locator("#ticked")).to_have_text("2 sections on 2 pages ticked.")
        page.get_by_role("button", name="Untick all").click()
        expect(page.locator("#ticked")).to_have_text("Nothing is ticked.")


def test_the_keyboard_goes_from_page_to_page_and_ticks(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("article:focus h2")).to_have_text(f"{PRIORITIES}/ar")
        page.keyboard.press("x")
        expect(page.locator("article:focus h2 input")).to_be_checked()
        page.keyboard.press("k")
        expect(page.locator("article:focus h2")).to_have_text(PRIORITIES)
        page.locator("[name=page]").fill("jkx")
        assert page.locator("[name=page]").input_value() == "jkx"


def test_keys_work_without_going_to_the_list_first_and_can_be_turned_off(
    sample: Path, browser: Browser
):
    with browser.page(sample) as page:
        for name in "jo":
            page.keyboard.press(name)
        expect(page.locator("article:focus .toggle")).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("/")
        expect(page.locator("[name=words]")).to_be_focused()
        page.locator("#keys").uncheck()
        page.keyboard.press("x")
        expect(page.locator("#ticked")).to_have_text("Nothing is ticked.")


# --- many pages ---


def test_of_many_pages_each_is_a_line_that_says_what_it_holds_until_it_is_opened(
    sample: Path, browser: Browser
):
    with browser.page(sample) as page:
        arabic = page.locator("article", has_text=f"{PRIORITIES}/ar")
        expect(arabic.locator(".short")).to_have_text("1 section, +4 −2 lines, 1 text lost")
        expect(arabic.locator(".diff")).to_be_hidden()
        assert page.locator("main").evaluate("e => e.offsetHeight") < 7 * 80
        arabic.locator(".toggle").click()
        expect(arabic.locator(".diff")).to_be_visible()
        page.locator("#close-all").click()
        expect(arabic.locator(".diff")).to_be_hidden()


def test_few_pages_stand_open_also_those_that_a_filter_leaves(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.locator("[name=language]").select_option("ar")
        expect(page.locator("article:visible .diff")).to_be_visible()


def test_a_closed_page_opens_where_the_browser_finds_words_in_it(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.wait_for_selector("body[data-built=all]")
        arabic = page.locator("article", has_text=f"{PRIORITIES}/ar")
        body = arabic.locator("> div")
        assert body.get_attribute("hidden") == "until-found"
        body.dispatch_event("beforematch")
        expect(arabic.locator(".toggle")).to_have_attribute("aria-expanded", "true")


def test_pages_are_found_by_words_of_their_changes(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.locator("[name=words]").fill("MÄRZ 2022")
        assert titles(page) == [f"{PRIORITIES}/de"]
        expect(page.locator("article:visible .diff")).to_be_visible()
        assert page.url.endswith("#words=M%C3%84RZ+2022")


@pytest.mark.parametrize("width", [390, 1280])
def test_whoever_scrolls_sees_of_which_page_and_language(
    width: int, tmp_path: Path, browser: Browser
):
    long = changed("\n".join(f"Line {n}." for n in range(200)), "Another text.")
    with browser.page(reviewcases.written(tmp_path, one(long, "de")), width=width) as page:
        page.mouse.wheel(0, 2000)
        page.wait_for_function("scrollY > 1000")
        head = page.locator("article > header")
        expect(head).to_be_in_viewport()
        expect(head).to_contain_text("Deutsch (de)")
        above = page.locator("#filters").bounding_box()
        place = head.bounding_box()
        assert above and place
        assert place["y"] == pytest.approx(max(above["y"] + above["height"], 0), abs=1)


def test_ticks_are_large_enough_for_a_finger(sample: Path, browser: Browser):
    with browser.page(sample, touch=True, width=390) as page:
        for place in (page.locator("article h2 label").first, page.locator(".toggle").first):
            box = place.bounding_box()
            assert box and box["height"] >= 44 and box["width"] >= 44


def test_the_command_is_copied(sample: Path, browser: Browser):
    with browser.page(sample) as page:
        page.locator(".whole .copy").click()
        expect(page.locator(".whole .copy")).to_have_text("Copied")
        page.locator("[name=page]").focus()
        page.keyboard.press("Control+V")
        assert page.locator("[name=page]").input_value().startswith("plan_update -changes:")


# --- everywhere ---


@pytest.mark.sampled(3)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_everybody_can_read_it(dark: bool, width: int, sample: Path, browser: Browser):
    with browser.page(sample, dark=dark, width=width) as page:
        page.wait_for_selector("body[data-built=all]")
        assert findings(page) == []
        page.locator("#open-all").click()
        page.locator("article :is(h2, h3) input").nth(1).check()
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heads = page.locator(".diff").first.locator("th, caption")
        assert heads.count() == (1 if width < 700 else 2)


def test_at_a_zoom_of_200_percent_what_stands_still_does_not_hide_the_rest(
    sample: Path, browser: Browser
):
    with browser.page(sample, width=640) as page:
        page.set_viewport_size({"width": 640, "height": 400})
        page.wait_for_selector("body[data-built=all]")
        page.locator("#open-all").click()
        page.locator("article :is(h2, h3) input").nth(1).check()
        for name in ("#filters", "#choice", "article > header"):
            expect(page.locator(name).first).to_have_css("position", "static")


def test_ten_times_the_pages_do_not_take_much_longer_to_open(tmp_path: Path, browser: Browser):
    seconds = {}
    for count in (50, 500):
        path = reviewcases.written(tmp_path / str(count), reviewcases.many(count))
        with browser.page(path) as page:
            page.wait_for_selector("article .toggle")
            seconds[count] = page.evaluate("performance.now()")
            assert len(titles(page)) == count
    assert seconds[500] < SLOWER * seconds[50]


def test_the_policy_names_the_style_and_the_script_and_nothing_else(tmp_path: Path):
    text = reviewcases.written(tmp_path, one(changed("a", "b"))).read_text()
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', text)[0])
    (style,) = re.findall(r"<style>(.*?)</style>\n</head>", text, re.DOTALL)
    (code,) = re.findall(r"<script>(.*?)</script>\n</body>", text, re.DOTALL)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules == {
        "default-src": "'none'", "style-src": webpage._hash(style),
        "style-src-attr": "'unsafe-inline'", "script-src": webpage._hash(code),
        "img-src": "data:", "base-uri": "'none'", "form-action": "'none'",
    }  # fmt: skip


# --- every state ---

COUNTS = ["7 to update", "1 to delete", "1 edited by people"]
STATES = {
    "changed": [
        "Gardens/ar: mission", "Gardens/ar: teams", "Gardens/de: mission", "Gardens/de: teams",
        "Garden plan: mission", "Garden plan: teams",
    ],
    "conflict": ["Gardens: mission"],
    "drift": ["Gardens/de: priorities", "Edited: a"],
    "marked": ["To mark: goals"],
    "merged": ["Gardens: teams"],
    "reclaimed": ["Gardens: priorities"],
    "undone": ["Marked: goals", "Written: a"],
}  # fmt: skip


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("states")
    return reviewcases.written(directory / "review", statecases.every_state(directory))


def of_state(page: Page, state: str) -> list[str]:
    """Return ``TITLE: SECTION`` of what shows when somebody filters by a section's state."""
    page.locator("[name=state]").select_option(f"section:{state}")
    return [
        f"{each.locator('h2').text_content()}: {name}"
        for each in page.locator("article:visible").all()
        for name in each.locator("section:visible h3").all_text_contents()
    ]


def test_what_is_in_any_state_is_found_by_it(states: Path, browser: Browser):
    with browser.page(states) as page:
        assert page.locator("#counts button").all_text_contents() == COUNTS
        offered = page.locator("[name=state] optgroup[label=Sections] option").all_text_contents()
        assert {state: of_state(page, state) for state in offered} == STATES
        page.get_by_role("button", name="1 to delete").click()
        assert titles(page) == ["Made"]
        expect(page.locator("article:visible .reason")).to_have_text(
            "the run created this page; taking that back means deleting it: say -delete"
        )
        assert page.locator("article:visible input").count() == 0


def test_markers_that_go_show_by_themselves_and_their_text_stays(states: Path, browser: Browser):
    with browser.page(states) as page:
        marked = page.locator("article", has=page.get_by_role("heading", name="Marked", exact=True))
        shown = rows(marked.locator(".diff"))
        assert [line[0][:26] for line in shown if len(line) == 1] == [
            "<!-- wikiplan:begin goals ",
            "<!-- wikiplan:end goals --",
        ]
        assert [line for line in shown if len(line) == 2] == [["== Goals =="] * 2, ["One."] * 2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everybody_can_read_every_state(dark: bool, states: Path, browser: Browser):
    with browser.page(states, dark=dark) as page:
        page.wait_for_selector("body[data-built=all]")
        assert findings(page) == []


# --- saying something of it ---


def test_a_comment_and_an_approval_travel_in_the_file(tmp_path: Path, browser: Browser):
    changes = one(changed("in May", "in June"), before="in May", after="in June")
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        page.get_by_text("Comment, approve").click()
        page.get_by_label("Your comment").fill(NASTY)
        page.get_by_label("I approve what this page becomes").check()
        expect(page.locator("#noted-told")).to_have_text("You say something of 1 page.")
        assert findings(page) == []
        button = page.get_by_role("button", name="Download all with what you say")
        button.click()
        expect(page.locator("#noted-told")).to_have_text("Say who you are first.")
        page.get_by_label("Your name").fill("Maria")
        with page.expect_download() as given:
            button.click()
        (review,) = changefile.read(Path(given.value.path())).pages[0].change.reviews
    assert (review.by, review.comment, review.verdict) == ("Maria", NASTY, "approved")


def test_what_others_said_is_shown_and_is_no_markup(tmp_path: Path, browser: Browser):
    when = datetime(2021, 7, 2, 9, 30, tzinfo=UTC)
    reviews = (
        Review("Maria", when, NASTY, "", Verdict.NONE),
        Review(NASTY, when, "", "0" * 64, Verdict.OTHER),
    )
    changes = one(changed("in May", "in June"), reviews=reviews)
    with browser.page(reviewcases.written(tmp_path, changes)) as page:
        said = page.locator(".reviews li")
        expect(said).to_have_text(
            [
                f"commented by Maria, 2021-07-02 09:30 UTC: {NASTY}",
                f"approved another text by {NASTY}, 2021-07-02 09:30 UTC, which counts for nothing",
            ]
        )
        assert page.locator("main img, main script").count() == 0

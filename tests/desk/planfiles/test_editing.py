"""One value of the plan is changed at the desk: by clicks, by keyboard, and never to a broken plan.

What was typed stands in the file as it was typed, and nothing else of the file is another.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.pictures import keep
from tests.support.running import ROOT
from wikiplan.desk.desk import Desk
from wikiplan.value import Value
from wikiplan.yaml import parsed

# Saving loads the plan again, which takes longer where much else runs.
expect.set_options(timeout=30_000)
DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"


def diff(directory: Path) -> str:
    """Return what is another in the plan than in the sample."""
    lines: list[str] = []
    for path in sorted((ROOT / "data").rglob("*")):
        own = directory / "data" / path.relative_to(ROOT / "data")
        if own.is_file() and own.suffix in (".yaml", ".po"):
            before, after = (each.read_bytes().decode().splitlines() for each in (path, own))
            lines += difflib.unified_diff(before, after, path.name, path.name, n=0, lineterm="")
    return "\n".join(each for each in lines if not each.startswith(("@@", "+++")))


class Job(Value):
    """What somebody changes: ``words`` of a page."""

    title: str
    words: str
    typed: str
    expected: str
    means: str = ""


JOBS: Mapping[str, Job] = {
    "a person's name": Job(
        DEPARTMENT,
        "Maggie Dennis",
        "Maggie Denis",
        """\
--- people.yaml
-maggie-dennis: {name: {text: Maggie Dennis}, link: vp}
+maggie-dennis: {name: {text: Maggie Denis, change: typo}, link: vp}""",
        "It corrects a typo: 0 words to translate again",
    ),
    "a date": Job(
        DEPARTMENT,
        "July 15, 2021, 18:00 UTC+2",
        "2021-07-16T19:30",
        """\
--- office-hours.yaml
-    start: 2021-07-15T18:00
+    start: 2021-07-16T19:30""",
    ),
    "a text with a link": Job(
        PRIORITIES,
        "Help to set up the committee that drafts the",
        "Set up the committee that drafts the [[$charter|Movement Charter]] with 9 people.",
        """\
--- 2021-2022.yaml
-        text: Help to set up the committee that drafts the [[$charter|Movement Charter]].
+        text: Set up the committee that drafts the [[$charter|Movement Charter]] with 9 people.""",
    ),
    "a status": Job(
        PRIORITIES,
        "dropped",
        "planned",
        """\
--- 2021-2022.yaml
-        status: dropped
+        status: planned""",
    ),
}


@pytest.fixture
def translatable(directory: Path) -> None:
    """Make the pages of the plan translatable."""
    pages = directory / "data/pages.yaml"
    pages.write_text(pages.read_text("utf-8").replace("kind: plain", "kind: translatable"), "utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
@pytest.mark.usefixtures("translatable")
def test_a_click_on_words_of_a_translatable_page_leads_to_their_value(
    job: Job, directory: Path, open_desk: Callable[..., Desk], browser: Browser
):
    with answering(open_desk()) as address, opened(browser, address) as page:
        page.goto(f"{address}page?title={job.title}&language=en")
        page.get_by_role("link", name="Edit this page").click()
        page.frame_locator("iframe").get_by_role("link", name=job.words).first.click()
        field = page.locator("#value")
        if field.evaluate("field => field.type") == "select-one":
            field.select_option(job.typed)
        else:
            field.fill(job.typed)
        if job.means:
            page.get_by_label(job.means).check()
        else:
            expect(page.locator("#cost")).not_to_be_empty()
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".message.good")).to_contain_text("now.")
        shown = page.frame_locator("iframe").locator("body")
        expect(shown).not_to_contain_text(job.words if job.words != "dropped" else "(dropped)")
    assert job.expected in diff(directory)


@pytest.mark.browser
def test_keys_alone_lead_from_a_word_of_the_page_to_its_form(address: str, browser: Browser):
    with opened(browser, address) as page:
        page.goto(f"{address}parts?title={DEPARTMENT}&language=ar")
        page.frame_locator("iframe").locator(".wikiplan-edit").first.focus()
        place = ""
        frame = page.frames[1]
        for _ in range(60):
            page.keyboard.press("Tab")
            place = frame.evaluate("document.activeElement.getAttribute('href') || ''")
            if "events%2F1%2Fstart" in place:
                break
        page.keyboard.press("Enter")
        expect(page.locator("#value")).to_have_value("2021-07-15T18:00")


@pytest.mark.browser
def test_what_a_change_costs_and_breaks_is_told_while_it_is_typed(address: str, browser: Browser):
    place = "priorities/2021-2022:teams/2/items/0/text"
    with opened(browser, address) as page:
        page.goto(f"{address}edit?title={PRIORITIES}&language=en&place={place}")
        field = page.locator("#value")
        field.fill("Help to set up the comittee that drafts the [[$charter|Movement Charter]].")
        expect(page.get_by_label("It corrects a typo: 0 words to translate again")).to_be_visible()
        expect(page.locator("#if_meaning")).to_contain_text("11 words in 5 languages")
        field.fill("Draft the [[$charter|Charter]] in 12 months.")
        expect(page.locator("#cost")).to_contain_text("6 words in 5 languages (ar, de, es, fr, he)")
        expect(page.locator("#no_typo")).to_contain_text("It is no mere typo: a number changed")
        expect(page.locator("#asks")).to_be_hidden()
        field.fill("Draft the [[$chater|Charter]].")
        expect(page.locator("#errors")).to_contain_text("the variable $chater is not defined")
        expect(page.locator("#cost")).to_be_hidden()
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(dark: bool, width: int, address: str, browser: Browser):
    about = f"title={DEPARTMENT}&language=ar"
    for path in (
        f"parts?{about}",
        f"edit?{about}&place=department:overview/text",
        f"edit?{about}&place=office-hours:events/1/start",
        f"edit?{about}&place=office-hours:events/1/zone",
        f"edit?{about}&place=office-hours:events/1/key",
        "edit?place=links:legal/translatable",
        "edit?place=nowhere",
    ):
        with browser.wiki_page(address + path, width=width, dark=dark) as page:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_the_page_beside_a_form_is_at_its_words_and_a_picture_can_be_drawn(
    address: str, browser: Browser
):
    place = "priorities/2021-2022:teams/2/items/0/text"
    with opened(browser, address) as page:
        page.goto(f"{address}edit?title={PRIORITIES}&language=en&place={place}")
        page.locator("#value").fill(
            "Help to set up the comittee that drafts the [[$charter|Movement Charter]]."
        )
        expect(page.locator("#asks")).to_be_visible()
        at = page.frame_locator("iframe").locator(":target")
        expect(at).to_contain_text("Help to set up the committee")
        expect(at).to_be_in_viewport()
        expect(page.locator("#value")).to_be_focused()
        page.set_viewport_size({"width": 1120, "height": 680})
        keep("desk-editing", page.screenshot())


# Without a script.


def form_of(address: str, place: str, **more: str) -> dict[str, str]:
    """Return what a browser sends of the form of a place, with other values."""
    about = {"title": DEPARTMENT, "language": "en", "place": place}
    answer = requests.get(f"{address}edit", params=about)
    assert answer.status_code == 200, answer.text
    return {**hidden(answer), **more}


def hidden(answer: requests.Response) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    own = {name: html.unescape(value) for name, value in fields if name not in ("step", "here")}
    return {**own, "do": "save"}


def sent(address: str, form: Mapping[str, str], to: str = "change/value") -> requests.Response:
    origin = f"http://{urlsplit(address).netloc}"
    return requests.post(f"{address}{to}", data=form, headers={"Origin": origin})


def told(answer: requests.Response) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", answer.text))


TEXT = "department:mission/text"
NAME = "people:maggie-dennis/name/text"
START = "office-hours:events/1/start"


def test_what_a_thing_could_also_say_is_one_form_away(directory: Path, address: str):
    item = "priorities/2021-2022:teams/2/items/1"
    shown = requests.get(f"{address}edit", params={"place": f"{item}/text"})
    for key in ("label", "note", "target"):
        assert f"place=priorities%2F2021-2022%3Ateams%2F2%2Fitems%2F1%2F{key}" in shown.text
    sent(address, form_of(address, f"{item}/target", value=""))
    assert diff(directory) == ""
    answer = sent(address, form_of(address, f"{item}/target", value="2022-13"))
    assert answer.status_code == 400 and "2022-13" in told(answer)
    sent(address, form_of(address, f"{item}/target", value="2022-05"))
    assert diff(directory) == "--- 2021-2022.yaml\n+        target: 2022-05"
    sent(address, form_of(address, f"{item}/target", value=""))
    assert diff(directory) == ""


@pytest.mark.parametrize(
    ("place", "heading"),
    [
        ("department:mission/text", "Text: <bdi>mission</bdi>"),
        ("department:parent", "Parent: <bdi>department.yaml</bdi>"),
        ("people:maggie-dennis/name/text", "Name: <bdi>Maggie Dennis</bdi>"),
        ("links:charter/page", "Page: <bdi>Movement Charter</bdi>"),
        ("pages:languages/0", "1: <bdi>languages</bdi>"),
        (
            "priorities/2021-2022:teams/2/items/0/text",
            "Text: <bdi>Help to set up the committee that drafts the "
            "[[$charter|Movement Charter]].</bdi>",
        ),
    ],
)
def test_a_form_is_called_after_the_value_and_what_has_it(place: str, heading: str, address: str):
    shown = requests.get(f"{address}edit", {"place": place}).text
    assert re.search("<h1.*?>(.*)</h1>", shown)[1].strip() == heading  # type: ignore[index]


def test_what_costs_something_is_seen_before_it_is_saved(directory: Path, address: str):
    form = form_of(address, TEXT, value="We help 5 people.")
    answer = sent(address, form)
    assert answer.status_code == 200 and "4 words in 4 languages (ar, de, fr, he)" in told(answer)
    assert diff(directory) == ""
    answer = sent(address, {**hidden(answer), "value": "We help 5 people."})
    assert "department › mission is “We help 5 people.” now." in told(answer)
    assert diff(directory).splitlines()[-1] == "+    We help 5 people."


def test_its_owner_says_whether_a_correction_is_one(directory: Path, address: str):
    form = form_of(address, NAME, value="Maggie Denis")
    assert "What does the change mean?" in told(sent(address, form))
    assert diff(directory) == ""
    answer = sent(address, {**form, "value": "Ada Green", "means": "typo"})
    assert answer.status_code == 400 and "It is no mere typo: words became others" in told(answer)
    assert diff(directory) == ""
    sent(address, {**form, "means": "meaning"})
    assert diff(directory).endswith("+maggie-dennis: {name: {text: Maggie Denis}, link: vp}")


def test_looking_writes_nothing(directory: Path, address: str):
    form = form_of(address, START, value="2021-07-16T18:00", do="look")
    answer = sent(address, form)
    assert "0 words to translate again: it is no text that is translated." in told(answer)
    assert 'value="2021-07-16T18:00"' in answer.text
    found = sent(address, {**form, "value": "x"}, "change/look").json()
    assert found["errors"] and diff(directory) == ""


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (START, "2021-07-15T25:00", "the time 2021-07-15T25:00 does not exist"),
        ("office-hours:events/1/zone", "CEST", "write Europe/Berlin, or another place"),
        (TEXT, "Of [[$nobody|nobody]].", "the variable $nobody is not defined"),
        (TEXT, "", "is empty"),
        (NAME, "[[Maggie]]", "holds “[”, but should be plain"),
        ("links:stream/url", "javascript:alert(1)", "javascript"),
        ("office-hours:events/1/minutes", "sixty", "is words, not a whole number"),
        ("links:legal/translatable", "maybe", "is words, not true or false"),
    ],
)
def test_a_value_that_breaks_the_plan_is_told_at_its_field_and_not_saved(
    place: str, value: str, expected: str, directory: Path, address: str
):
    answer = sent(address, form_of(address, place, value=value))
    assert answer.status_code == 400
    errors = re.search(r'id="errors" role="alert">(.*?)</ul>', answer.text, re.DOTALL)
    assert errors and expected in html.unescape(errors[1])
    assert diff(directory) == ""


HOSTILE = [
    "</textarea><script>alert(1)</script>",
    "<b onclick=x>a</b>",
    "\"quotes\" and 'others' \\ \\n",
    ": - # & * ! | > % @ ` {a: b} [c]",
    "--- a",
    "null",
    "2021",
    "yes",
    "a\u202eb\u2066c",
    "\u200fعربي (a) 1",
    "$$5 $$ $$$$",
    "One\n\nTwo\n# no comment",
    "One\n  indented\n",
    "\ttab",
    "emoji 🤷🏽‍♀️ é e\u0301",
    "\u2028line\u2029",
    "\x00",
    "\ud7ff\ue000",
    "\U000f0000sign\U00100000",
    "{{7*7}} {% x %}",
    "w" * 10_000,
    "w " * 5_000 + "end",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("place", [TEXT, "links:legal/page"])
def test_whatever_is_typed_is_stored_and_shown_as_such_or_refused_with_a_message(
    text: str, place: str, directory: Path, address: str
):
    form = form_of(address, place, value=text)
    answer = sent(address, form)
    if answer.status_code == 200 and "change/value" in answer.url:  # its costs are seen now
        answer = sent(address, {**hidden(answer), "value": text, "means": "meaning"})
    assert "<script>alert" not in answer.text and answer.status_code in (200, 400)
    stem, _, path = place.partition(":")
    data, faults = parsed((directory / f"data/{stem}.yaml").read_text("utf-8"), "", [])
    assert data and faults == []
    value = data.data
    for step in path.split("/"):
        value = value[step]
    if answer.status_code == 400:
        assert diff(directory) == "" and re.search(r"<li>[^<]+</li>", answer.text)
        return
    assert value == (text.rstrip("\n") if text.endswith("\n") else text)
    again = requests.get(f"{address}edit", params={"place": place})
    shown = re.search(
        r'<textarea[^>]*>\n(.*?)</textarea>|name="value" value="([^"]*)"', again.text, re.DOTALL
    )
    assert shown and html.unescape(shown[1] if shown[1] is not None else shown[2]) == value
    page = requests.get(
        f"{address}frame", params={"title": DEPARTMENT, "language": "en", "links": "1"}
    )
    assert page.status_code == 200 and "<script" not in page.text


def test_a_value_that_another_program_changed_meanwhile_is_not_overwritten(
    directory: Path, address: str
):
    form = form_of(address, START, value="2021-07-16T18:00")
    file = directory / "data/office-hours.yaml"
    theirs = file.read_text("utf-8").replace("2021-07-15T18:00", "2021-07-15T19:00")
    file.write_text(theirs, "utf-8")
    answer = sent(address, form)
    assert answer.status_code == 400 and "changed the same lines meanwhile" in told(answer)
    assert 'value="2021-07-16T18:00"' in answer.text and "2021-07-15T19:00" in told(answer)
    assert file.read_text("utf-8") == theirs
    answer = sent(address, {**hidden(answer), "value": "2021-07-16T18:00"})
    assert "is “2021-07-16T18:00” now" in told(answer)


def test_what_another_program_changed_elsewhere_meanwhile_stays(directory: Path, address: str):
    form = form_of(address, START, value="2021-07-16T18:00")
    file = directory / "data/office-hours.yaml"
    file.write_text(file.read_text("utf-8").replace("minutes: 90", "minutes: 80"), "utf-8")
    sent(address, form)
    assert (
        diff(directory)
        == """\
--- office-hours.yaml
-    start: 2021-07-15T18:00
+    start: 2021-07-16T18:00
-    minutes: 90
+    minutes: 80"""
    )


def test_an_edit_can_be_undone_to_the_byte(directory: Path, address: str):
    answer = sent(address, form_of(address, START, value="2021-07-16T18:00"))
    step = re.search(r'name="step" value="([^"]*)"', answer.text)
    assert step and 'aria-label="Undo: ' in answer.text and diff(directory)
    sent(address, {"step": step[1], "here": ""}, "change/undo")
    assert diff(directory) == ""


def test_a_name_that_other_things_go_by_is_not_changed_here(directory: Path, address: str):
    place = "office-hours:events/1/key"
    shown = requests.get(f"{address}edit", params={"place": place})
    assert "wikiplan move changes it everywhere" in told(shown) and "<textarea" not in shown.text
    form = {**form_of(address, START, value="2021-08"), "place": place}
    assert "wikiplan move changes it everywhere" in told(sent(address, form))
    assert diff(directory) == ""


@pytest.mark.parametrize(
    "place",
    ["", ":", "people", "people:", "people:nobody", "../../etc/passwd:x", "pages:%00", "no:x"],
)
def test_no_other_file_and_no_other_place_is_opened(place: str, address: str):
    for answer in (
        requests.get(f"{address}edit", params={"place": place}),
        sent(address, {**form_of(address, START, value="x"), "place": place}),
    ):
        assert answer.status_code == 400 and re.search(
            r"<li>[^<]*go back to[^<]*</li>", answer.text
        )


def test_a_form_of_a_version_that_nobody_was_shown_is_refused(directory: Path, address: str):
    form = form_of(address, START, value="2021-07-16T18:00", version="0" * 64)
    answer = sent(address, form)
    assert answer.status_code == 400 and "type it again" in told(answer)
    assert diff(directory) == ""


def test_findings_of_the_checks_stand_at_their_values(directory: Path, address: str):
    file = directory / "data/office-hours.yaml"
    file.write_text(
        file.read_text("utf-8").replace("[maggie-dennis]", "[maggie-denis]", 1), "utf-8"
    )
    parts = requests.get(f"{address}parts", params={"title": DEPARTMENT, "language": "en"})
    at = parts.text.index("people.yaml has no “maggie-denis”")
    assert "host › 1" in parts.text[at - 600 : at]

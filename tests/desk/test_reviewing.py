"""Reviewing at the desk, and saving what was chosen there, in Chromium and by plain requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.desk.conftest import session
from tests.session.test_saving import Slow
from tests.support import smallplan
from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.people import FolderPeople
from wikiplan.changes import changefile
from wikiplan.desk.desk import Desk
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Wiki

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
SAVING = 60_000
"""Milliseconds for what is saved, where much else runs."""
OLD, NEW = "Turn the online programs into courses", "Turn the online programs into free courses"


@pytest.fixture
def news(directory: Path, open_desk: Callable[..., Desk]) -> Desk:
    """A desk whose plan has changed a text since its pages were written."""
    desk = open_desk()
    change(directory)
    return desk


def change(directory: Path, old: str = OLD, new: str = NEW) -> None:
    file = directory / "data/priorities/2021-2022.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def post(address: str, path: str, **form: str) -> requests.Response:
    headers = {"Origin": f"http://{urlsplit(address).netloc}"}
    return requests.post(address + path, data=form, headers=headers)


def look(address: str) -> str:
    """Look at the changes; returns the run that they would be."""
    answer = requests.get(f"{address}review")
    assert answer.status_code == 200, answer.text
    return answer.url.partition("look=")[2]


def file(page: str) -> dict:
    """Return the change set that a page of the desk holds."""
    found = re.search('id="file">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


# Seeing


@pytest.mark.browser
def test_changes_are_chosen_saved_and_told_page_by_page(
    news: Desk, directory: Path, browser: Browser
):
    with answering(news) as address, opened(browser, address) as page:
        page.goto(f"{address}review")
        expect(page.locator("#counts")).to_contain_text("to update")
        expect(page.locator(".facts").first).to_contain_text("to be saved as wikiplan")
        article = page.locator("article", has=page.get_by_role("heading", name=f"{PRIORITIES}"))
        article.first.locator("h2 input").check()
        page.get_by_role("button", name="Save this page").click()
        expect(page.get_by_role("heading", name="Saving", exact=True)).to_be_visible()
        expect(page.locator("#pages tr")).to_have_count(1)
        expect(page.locator("#pages td .chip")).to_have_text("saved")
        expect(page.locator("#state")).to_contain_text("done. 1 updated", timeout=SAVING)
    assert NEW in FolderPeople(directory / "wiki").text(PRIORITIES)


# By plain requests


def test_what_is_shown_is_kept_under_the_run_that_it_will_be(news: Desk):
    with answering(news) as address:
        first, second = look(address), look(address)
        assert first != second
        again = requests.get(f"{address}review?look={first}")
        assert file(again.text)["run"] == first
        gone = requests.get(f"{address}review?look=20210701T000000Z-abc123")
        assert (gone.status_code, "does not know any more what it had shown" in gone.text) == (
            400,
            True,
        )


def test_a_section_is_shown_as_readers_see_it_before_and_after(news: Desk):
    with answering(news) as address:
        shown = requests.get(f"{address}review")
        views = re.findall(r"rendered\?[^\"]+side=(?:before|after)", shown.text)
        first = [each.replace("\\u0026", "&") for each in views[:2]]
        before, after = (requests.get(address + each) for each in first)
        assert OLD in before.text and NEW not in before.text
        assert NEW in after.text
        assert "sandbox" in after.headers["content-security-policy"]
        wrong = requests.get(f"{address}rendered?look={look(address)}&title=x&section=y")
        assert wrong.status_code == 400


def test_only_what_was_chosen_is_saved(news: Desk, directory: Path):
    people = FolderPeople(directory / "wiki")
    with answering(news) as address:
        answer = post(address, "change/save", look=look(address), only=f"{PRIORITIES}/he")
        assert answer.url.endswith("/saving")
        ended(address)
        saved = [title for title in (PRIORITIES, f"{PRIORITIES}/he") if NEW in people.text(title)]
    assert saved == [f"{PRIORITIES}/he"]


def ended(address: str) -> dict:
    """Wait until what is being saved is over; returns what the desk says of it then."""
    while not (now := requests.get(f"{address}saving-now").json())["over"]:
        pass
    return now


def test_nothing_that_was_not_shown_is_saved(news: Desk, directory: Path):
    wiki = Folder(directory / "wiki")
    before = wiki.read([PRIORITIES])[PRIORITIES].number
    with answering(news) as address:
        run = look(address)
        for form, words in (
            ({"look": run, "only": ""}, "no page was ticked, and nothing was saved"),
            ({"look": run}, "no page was ticked, and nothing was saved"),
            ({"look": run, "only": "No such page"}, "the change set has no such page"),
            ({"look": run, "only": f"{PRIORITIES}#x"}, "does not write this section; it writes"),
            ({"look": "../etc", "only": PRIORITIES}, "does not know any more what it had shown"),
            ({"only": PRIORITIES}, "does not know any more what it had shown"),
        ):
            answer = post(address, "change/save", **form)
            assert (answer.status_code, words in answer.text) == (400, True), answer.text
        assert requests.get(f"{address}saving-now").json() == {"over": True, "pages": []}
        assert "Nothing was saved at this desk yet" in requests.get(f"{address}saving").text
        stopped = post(address, "change/stop-saving")
        assert stopped.status_code == 200
    assert wiki.read([PRIORITIES])[PRIORITIES].number == before


def test_a_plan_that_changed_since_is_told_and_has_to_be_looked_at_again(
    news: Desk, directory: Path
):
    with answering(news) as address:
        run = look(address)
        change(directory, NEW, f"{NEW}!")
        answer = post(address, "change/save", look=run, only=PRIORITIES)
        assert "The plan was changed since this was shown, and nothing was saved." in answer.text
        assert "nothing of it can be saved any more" in answer.text
        assert requests.get(f"{address}saving-now").json()["pages"] == []
        post(address, "change/save", look=look(address), only=PRIORITIES)
        ended(address)
    assert f"{NEW}!" in FolderPeople(directory / "wiki").text(PRIORITIES)


def test_a_page_that_somebody_edited_since_is_left_alone_and_told(news: Desk, directory: Path):
    people = FolderPeople(directory / "wiki")
    with answering(news) as address:
        run = look(address)
        people.edit(PRIORITIES, people.text(PRIORITIES) + "\nMore.")
        post(address, "change/save", look=run, only=f"{PRIORITIES}\n{PRIORITIES}/he")
        now = ended(address)
    assert [(each["action"], each["word"]) for each in now["pages"]] == [
        ("conflict", "in conflict"),
        ("update", "saved"),
    ]
    assert "left alone; make a new preview" in now["pages"][0]["reason"]
    assert "failed" in now["state"]
    assert NEW not in people.text(PRIORITIES)


def test_what_keeps_an_update_from_writing_is_told_before_and_after(news: Desk, directory: Path):
    people = FolderPeople(directory / "wiki")
    pages = directory / "data/pages.yaml"
    text = pages.read_text(encoding="utf-8")
    few = re.sub("^most-pages: .*$", "most-pages: 1\nstop-page: Stop", text, flags=re.MULTILINE)
    pages.write_text(few, encoding="utf-8")
    people.edit("Stop", "Please wait.")
    with answering(news) as address:
        shown = requests.get(f"{address}review").text
        assert "An update would write nothing: " in shown
        assert "pages would change, more than the 1 that pages.yaml allows" in shown
        post(address, "change/save", look=look(address), only=f"{PRIORITIES}\n{PRIORITIES}/he")
        many = ended(address)
        post(address, "change/save", look=look(address), only=PRIORITIES)
        stopped = ended(address)
    assert "2 pages would change, more than the 1 that pages.yaml allows" in many["state"]
    assert stopped["pages"][0]["reason"].startswith("not tried: ")
    assert "which asks this bot to stop" in stopped["pages"][0]["reason"]
    assert "stopped" in stopped["state"]
    assert NEW not in people.text(PRIORITIES)


def test_with_simulate_nothing_is_saved_and_the_page_says_so(news: Desk, directory: Path):
    news._latest = replace(news._latest, options=replace(news._latest.options, simulate=True))
    news._works = {}
    with answering(news) as address:
        assert "With -simulate nothing is saved" in requests.get(f"{address}review").text
        post(address, "change/save", look=look(address), only=PRIORITIES)
        now = ended(address)
    assert (now["pages"][0]["word"], now["said"][-1]) == ("would be saved", "Nothing was written.")
    assert NEW not in FolderPeople(directory / "wiki").text(PRIORITIES)


def test_a_broken_plan_is_told_where_the_changes_would_be(news: Desk, directory: Path):
    (directory / "data/links.yaml").write_text("legal: [\n")
    with answering(news) as address:
        answer = requests.get(f"{address}review")
    assert (answer.status_code, "links.yaml:2:1" in answer.text) == (400, True)


def test_only_the_desks_own_pages_save(news: Desk):
    with answering(news) as address:
        form = {"look": look(address), "only": PRIORITIES}
        for path in ("change/save", "change/stop-saving"):
            assert requests.post(address + path, data=form).status_code == 403
            assert requests.get(address + path).status_code == 405
        assert requests.get(f"{address}saving-now").json()["pages"] == []


@pytest.mark.browser
def test_what_is_said_of_a_page_goes_into_the_report_of_what_is_saved(
    news: Desk, browser: Browser, tmp_path: Path
):
    news._latest = replace(
        news._latest, options=replace(news._latest.options, report=tmp_path / "report.json")
    )
    news._works = {}
    with answering(news) as address, opened(browser, address) as page:
        page.goto(f"{address}review")
        article = page.locator("article", has_text=f"{PRIORITIES}/he")
        article.locator(".toggle").click()
        article.get_by_text("Comment, approve").click()
        article.get_by_label("I approve what this page becomes").check()
        article.locator("h2 input").check()
        expect(page.get_by_label("Your name")).to_have_value("wikiplan")
        page.get_by_label("Your name").fill("Maria")
        page.locator("#save").click()
        expect(page.locator("#state")).to_contain_text("done. 1 updated", timeout=SAVING)
        page.goto(f"{address}review")
        expect(page.locator("#noted")).to_be_hidden()  # the page is in step now
    (told,) = json.loads((tmp_path / "report.json").read_text())["pages"]
    ((review),) = told["reviews"]
    assert (review["user"], review["verdict"], review["comment"]) == ("Maria", "approved", "")


@pytest.mark.parametrize(
    "notes", ["{", "[]", '{"a": {"by": " ", "time": "2021-07-01T00:00:00Z"}}', '{"a": 1}']
)
def test_comments_of_another_form_save_nothing(news: Desk, notes: str):
    with answering(news) as address:
        answer = post(address, "change/save", look=look(address), only=PRIORITIES, notes=notes)
        assert (answer.status_code, "the comments" in answer.text) == (400, True), answer.text
        assert requests.get(f"{address}saving-now").json()["pages"] == []


def sent(address: str, data: bytes) -> requests.Response:
    headers = {"Origin": f"http://{urlsplit(address).netloc}"}
    file = {"file": ("sent back.json", data)}
    return requests.post(f"{address}change/open", files=file, headers=headers)


def as_file(data: dict) -> bytes:
    rest = json.dumps(data, ensure_ascii=False, indent=2).removeprefix("{\n") + "\n"
    return f'{{\n  "digest": "sha256:{changefile.digest(rest)}",\n{rest}'.encode()


def test_a_file_that_a_reviewer_sent_back_is_seen_and_saved_as_it_was_reviewed(
    news: Desk, directory: Path
):
    people = FolderPeople(directory / "wiki")
    with answering(news) as address:
        data = file(requests.get(f"{address}review").text)
        data["pages"] = [page for page in data["pages"] if page["title"] == PRIORITIES]
        (page,) = data["pages"]
        said = {"by": "Maria", "time": "2021-07-02T09:30:00Z", "comment": "<b>Good</b>"}
        page["reviews"] = [{**said, "approves": page["after_sha256"]}]
        change(directory, NEW, f"{NEW}!")  # what was reviewed is saved all the same
        shown = sent(address, as_file(data))
        assert "from the file <bdi>sent back.json</bdi>" in shown.text
        assert '"verdict": "approved"' in shown.text and "<b>Good</b>" not in shown.text
        assert file(shown.text)["pages"] == data["pages"]
        post(address, "change/save", look=data["run"], only=PRIORITIES)
        now = ended(address)
        assert now["pages"][0]["word"] == "saved"
        assert f"{PRIORITIES}: approved by Maria at 2021-07-02T09:30:00Z" in "".join(now["said"])
        again = sent(address, as_file(data))
        assert "done already" in again.text
    assert NEW in people.text(PRIORITIES) and f"{NEW}!" not in people.text(PRIORITIES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: b"", "is no change set, or was damaged"),
        (lambda data: as_file(data)[:-2], "was changed or damaged after plan_preview wrote it"),
        (lambda data: as_file({**data, "site": "meta:meta"}), "the change set is for meta:meta"),
        (lambda data: as_file({**data, "account": "Bot"}), "the change set is for the account Bot"),
        (lambda data: as_file({**data, "version": 2}), "has version 2 of the format"),
        (lambda data: as_file({**data, "pages": [{}]}), "a value is expected here"),
    ],
)
def test_a_file_that_is_not_as_it_was_sent_is_refused(change, words: str, news: Desk):
    with answering(news) as address:
        data = file(requests.get(f"{address}review").text)
        answer = sent(address, change(data))
    assert (answer.status_code, words in answer.text) == (400, True), answer.text


@pytest.mark.browser
def test_progress_is_seen_and_stop_ends_it_behind_the_page_at_hand(
    news: Desk, directory: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    slow, people = Slow(monkeypatch), FolderPeople(directory / "wiki")
    with answering(news) as address, opened(browser, address) as page:
        page.goto(f"{address}review")
        page.get_by_role("button", name="Tick all shown").click()
        page.locator("#save").click()
        slow.reached.acquire()
        slow.passes.release()
        slow.reached.acquire()
        expect(page.locator("#pages .chip")).to_have_text(["saved"])
        expect(page.locator("#state")).to_have_text(re.compile(r"^1 of \d pages are done\.$"))
        everybody_can_use(page, 1280)
        again = post(address, "change/save", look=look(address), only=f"{PRIORITIES}/he")
        assert "somebody at this desk is saving already, and nothing else was begun" in again.text
        plain = requests.get(f"{address}saving").text
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in plain
        page.get_by_role("button", name="Stop after this page").press("Enter")
        expect(page.locator("#state")).to_contain_text(
            "It ends early: stopped by a person", timeout=SAVING
        )
        slow.passes.release()
        expect(page.locator("#pages .chip.failed").first).to_be_visible()
        expect(page.locator("#pages .chip.update")).to_have_count(2)
        reason = "not tried: stopped by a person at the desk"
        expect(page.locator("#pages tr").last).to_contain_text(reason)
    every = [PRIORITIES, *(f"{PRIORITIES}/{code}" for code in ("ar", "de", "es", "fr", "he", "ja"))]
    assert sum(NEW in people.text(each) for each in every) <= 2


@pytest.mark.wiki
def test_on_a_wiki_it_saves_what_was_shown_and_leads_to_the_difference(
    directory: Path, open_desk: Callable[..., Desk], site_of: Callable[[], Wiki], mediawiki, title
):
    smallplan.write(directory / title, {"a": "New text."}, {title: "", f"{title}/2": ""})
    for each in (title, f"{title}/2"):
        mediawiki.edit(each, "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->")
    with answering(Desk(session(directory / title, site_of()))) as address:
        standing = {"title": title, "language": "en", "state": "standing"}
        assert "New text." not in requests.get(f"{address}frame", standing).text
        post(address, "change/save", look=look(address), only=f"{title}\n{title}/2#a")
        now = ended(address)
        assert "New text." in requests.get(f"{address}frame", standing).text
        assert requests.get(f"{address}review").status_code == 200
    assert [each["word"] for each in now["pages"]] == ["saved", "saved"], now
    for each in now["pages"]:
        newest, _ = mediawiki.history(each["title"])
        assert (newest["user"], newest["revid"]) == ("PlanBot", each["revision"])
        assert "New text." in mediawiki.text(each["title"])
        difference = requests.get(each["address"]).text
        assert "New text." in difference and "diff-addedline" in difference


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(dark: bool, width: int, news: Desk, browser: Browser):
    with answering(news) as address, opened(browser, address, width, dark) as page:
        for path in ("review", "saving"):
            page.goto(address + path)
            everybody_can_use(page, width)
        page.goto(f"{address}review")
        page.get_by_role("button", name="Tick all shown").click()
        everybody_can_use(page, width)
        page.locator("#save").click()
        expect(page.locator("#progress")).to_be_hidden(timeout=SAVING)  # it is over
        everybody_can_use(page, width)


def everybody_can_use(page: Page, width: int) -> None:
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

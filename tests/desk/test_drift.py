"""People's edits at the desk: kept, taken into the plan, or overwritten, as the terminal asks."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.desk.test_reviewing import ended, everybody_can_use, file, post
from tests.support import smallplan
from tests.support.browser import Browser
from tests.support.desk import answering, opened
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.cli import updatework
from wikiplan.desk import drift
from wikiplan.desk.desk import Desk
from wikiplan.plan.targets import Answers
from wikiplan.wiki.folder import Folder

PLAN = Path(__file__).parents[1] / "cases" / "drift" / "plan" / "data"
OLD, NEW = "They plant and prune.", "They plant and they prune."
TITLE = "Gardens"
NASTY = "</pre><script>alert(1)</script>{{7*7}}"


@pytest.fixture
def gardens(tmp_path: Path) -> Path:
    """A plan whose page stands in a folder."""
    return planted(tmp_path / "gardens", "[en]")


def planted(directory: Path, languages: str) -> Path:
    shutil.copytree(PLAN, directory / "data")
    pages = directory / "data" / "pages.yaml"
    first, _, _ = pages.read_text().partition("\n  - title: Garden plan")
    pages.write_text(first.replace("[en, ar, de]", languages) + "\n")
    updatework.update(OwnRun(directory).run(always=True))
    return directory


def edited(directory: Path, old: str = OLD, new: str = NEW) -> FolderPeople:
    people = FolderPeople(directory / "wiki")
    text = people.text(TITLE)
    assert old in text
    people.edit(TITLE, text.replace(old, new))
    return people


@pytest.fixture
def address(gardens: Path) -> Iterator[str]:
    with answering(Desk(session(gardens, Folder(gardens / "wiki")))) as found:
        yield found


def shown(address: str) -> tuple[str, str]:
    """Return the run that is looked at, and what the page of edits says."""
    answer = requests.get(f"{address}drift")
    assert answer.status_code == 200, answer.text
    return answer.url.partition("look=")[2], answer.text


def decide(address: str, answer: str, section: str = "teams") -> requests.Response:
    run, _ = shown(address)
    form = {"look": run, "title": TITLE, "section": section, "answer": answer}
    return post(address, "change/answer", **form)


def to_import(answer: requests.Response) -> dict[str, str]:
    """Return the form that takes into the plan what a page shows."""
    found = re.findall(r'name="(look|digest)" value="([^"]+)"', answer.text)
    assert len(found) == 2, answer.text
    return dict(found)


def plan_says(directory: Path) -> bool:
    return any(NEW in path.read_text() for path in (directory / "data").rglob("*.yaml"))


def save_all(address: str) -> dict:
    page = requests.get(f"{address}review").text
    post(address, "change/save", look=file(page)["run"], only=TITLE)
    return ended(address)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_three_columns_show_what_people_did_and_buttons_what_becomes_of_it(
    gardens: Path, address: str, browser: Browser, width: int
):
    people = edited(gardens)
    with opened(browser, address, width) as page:
        page.goto(f"{address}review")
        expect(page.locator("main")).to_contain_text("1 section waits for somebody to decide")
        page.get_by_role("link", name="Decide").click()
        heads = page.locator(".columns h3")
        expect(heads).to_have_text(
            ["What wikiplan wrote", "What people made of it", "What the plan says now"]
        )
        expect(page.locator(".columns > div:nth-child(2) mark")).to_have_text("they ")
        people_say, plan_says_now = (page.frame_locator(f"iframe >> nth={n}") for n in (1, 2))
        expect(people_say.locator("li ins")).to_have_text("they ")
        expect(plan_says_now.locator("li del")).to_have_text("they ")
        everybody_can_use(page, width)
        page.get_by_role("button", name="Take them into the plan").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Into the plan")
        everybody_can_use(page, width)
        page.get_by_role("button", name="Take this text into the plan").press("Enter")
        expect(page.locator("[role=status]").first).to_contain_text("1 text taken into the plan")
        expect(page.locator("main")).to_contain_text("There is nothing to save.")
    assert NEW in people.text(TITLE) and plan_says(gardens)


def test_each_side_is_shown_as_readers_see_it(gardens: Path, address: str):
    edited(gardens)
    run, page = shown(address)
    sides = re.findall(r'<iframe sandbox src="([^"]+)" title="([^"]+)"', page)
    assert [head for _, head in sides] == re.findall("<h3>(.*?)</h3>", page)
    answers = (requests.get(f"{address}{html.unescape(each)}").text for each, _ in sides)
    texts = [re.sub(r'<a class="wikiplan-change".*?</a>', "", each) for each in answers]
    ins, gone = ('<ins class="wikiplan-inserted">they </ins>', '<del class="wikiplan-removed">')
    assert [(ins in each, f"{gone}they </del>" in each) for each in texts] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert all("They plant and " in each for each in texts)
    query = {"look": run, "title": TITLE, "section": "<b>"}
    answer = requests.get(f"{address}drift-rendered", params=query)
    assert answer.status_code == 400 and "no such section waits" in answer.text


def test_what_is_taken_into_the_plan_is_what_the_script_would_write(gardens: Path, address: str):
    other = gardens.parent / "other"
    shutil.copytree(gardens, other)
    for directory in (gardens, other):
        edited(directory)
    form = to_import(decide(address, "import"))
    wrong = post(address, "change/import", **{**form, "digest": "0" * 64})
    assert "is not what was shown any more; nothing was written" in wrong.text
    assert not plan_says(gardens)
    post(address, "change/import", **form)
    updatework.update(OwnRun(other).run(always=True, drift=Answers("import")))
    files = [
        {path.name: path.read_bytes() for path in (each / "data").rglob("*.*")}
        for each in (gardens, other)
    ]
    assert files[0] == files[1] and plan_says(gardens)


def test_who_translated_what_is_taken_into_the_plan_has_the_credit(tmp_path: Path):
    directory = planted(tmp_path / "gardens", "[en, de]")
    people = FolderPeople(directory / "wiki")
    text = people.text(f"{TITLE}/de")
    people.edit(f"{TITLE}/de", text.replace("Sie pflanzen und", "Sie pflanzen, säen und"))
    with answering(Desk(session(directory, Folder(directory / "wiki")))) as address:
        run, _ = shown(address)
        form = {"look": run, "title": f"{TITLE}/de", "section": "teams", "answer": "import"}
        post(address, "change/import", **to_import(post(address, "change/answer", **form)))
    catalog = (directory / "data/locale/de.po").read_text("utf-8")
    assert "Sie pflanzen, säen und schneiden." in catalog
    assert '"Last-Translator: User:editor\\n"' in catalog
    seen = (directory / "data/locale/synced/de.json").read_text("utf-8")
    assert '"translator": "editor"' in seen


def test_what_is_kept_stays_and_nobody_is_asked_again(gardens: Path, address: str):
    people = edited(gardens)
    text = people.text(TITLE)
    assert "The edits stay on the page." in decide(address, "keep").text
    assert "waits for somebody to decide" not in requests.get(f"{address}review").text
    assert 'value="keep" aria-pressed="true"' in shown(address)[1]
    people.edit(TITLE, text.replace(NEW, f"{NEW} Always."))
    assert "1 section waits for somebody to decide" in requests.get(f"{address}review").text


def test_what_is_reclaimed_is_shown_and_saved_with_whose_text_gives_way(
    gardens: Path, address: str
):
    people = edited(gardens)
    decide(address, "reclaim")
    assert NEW in people.text(TITLE), "nothing is saved yet"
    now = save_all(address)
    assert [each["word"] for each in now["pages"] if each["title"] == TITLE] == ["saved"]
    assert OLD in people.text(TITLE) and NEW not in people.text(TITLE)
    entry = Folder(gardens / "wiki").history(0, TITLE, 0)[0]
    assert "teams (put back as the plan says, over [[Special:Diff/" in entry.summary


def test_an_edit_since_it_was_shown_is_never_overwritten(gardens: Path, address: str):
    people = edited(gardens)
    run, _ = shown(address)
    people.edit(TITLE, people.text(TITLE).replace(NEW, f"{NEW} Always."))
    form = {"look": run, "title": TITLE, "section": "teams", "answer": "reclaim"}
    told = post(address, "change/answer", **form).text
    assert "Somebody edited the section since it was shown: nothing was decided." in told
    save_all(address)
    assert f"{NEW} Always." in people.text(TITLE)


def test_what_the_plan_does_not_have_loses_its_markers_if_somebody_says_so(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text.", "b": "More."}, {"Plan": "missing-page: create"})
    updatework.update(OwnRun(tmp_path).run(always=True))
    smallplan.write(tmp_path, {"a": "Text."}, {"Plan": ""})
    (tmp_path / "data/b.yaml").unlink()
    with answering(Desk(session(tmp_path, Folder(tmp_path / "wiki")))) as address:
        run, page = shown(address)
        for words in ("Take it out of the page", "Leave its text, without markers", "as it is"):
            assert words in page
        form = {"look": run, "title": "Plan", "section": "b", "answer": "text"}
        assert "markers are to go" in post(address, "change/answer", **form).text
        page = requests.get(f"{address}review").text
        post(address, "change/save", look=file(page)["run"], only="Plan")
        ended(address)
    text = FolderPeople(tmp_path / "wiki").text("Plan")
    assert "More." in text and "begin b" not in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"answer": "nothing"}, "“nothing” is no answer about this section"),
        ({"answer": "<b>"}, "is no answer about this section"),
        ({"answer": "keep", "section": "<b>"}, "no such section waits for a decision"),
        ({"answer": "keep", "look": "x"}, "does not know any more what it had shown"),
    ],
)
def test_answers_that_nobody_offered_are_refused(
    form: dict[str, str], words: str, gardens: Path, address: str
):
    edited(gardens)
    run, _ = shown(address)
    usual = {"look": run, "title": TITLE, "section": "teams"}
    answer = post(address, "change/answer", **{**usual, **form})
    assert (answer.status_code, words in answer.text, "<b>" in answer.text) == (400, True, False)


def test_nothing_that_people_wrote_becomes_markup(gardens: Path, address: str):
    edited(gardens, new=NASTY)
    _, page = shown(address)
    assert "<script>alert" not in page and "&lt;/pre&gt;&lt;script&gt;" in page


def test_a_plan_that_changed_since_takes_no_edits(gardens: Path, address: str):
    edited(gardens)
    form = to_import(decide(address, "import"))
    links = gardens / "data/links.yaml"
    links.write_text(links.read_text() + "# more\n")
    answer = post(address, "change/import", **form)
    assert "the plan was changed since this was shown, and nothing was written" in answer.text
    assert not plan_says(gardens)


@given(st.text("ab \n", max_size=30), st.text("abc \n", max_size=30))
def test_columns_have_the_whole_texts_and_mark_what_differs(before: str, after: str):
    old, new = drift._words(before, after)
    assert old.runs is not None and new.runs is not None
    assert "".join(text for text, _ in old.runs) == before
    assert "".join(text for text, _ in new.runs) == after
    if before == after:
        assert not any(changed for runs in (old.runs, new.runs) for _, changed in runs)

"""Jobs of a plan's owner in a browser: what is added, moved and removed is a few lines of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Browser, findings
from tests.support.desk import answering, opened
from tests.support.hand import Hand
from wikiplan.desk.desk import Desk

DEPARTMENT = "Community Resilience and Sustainability"
NASTY = "</title></form><script>alert(1)</script>\"'<img src=x onerror=alert(1)>{{7*7}}"


def files_of(directory: Path) -> dict[str, str]:
    folder = directory / "data"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.*"))
    }


class Changes:
    """Tells what becomes of the plan's files."""

    def __init__(self, directory: Path) -> None:
        self._directory, self._before = directory, files_of(directory)

    def __str__(self) -> str:
        after = files_of(self._directory)
        lines: list[str] = []
        for name in sorted({*self._before, *after}):
            old, new = (each.get(name, "").splitlines() for each in (self._before, after))
            found = [*unified_diff(old, new, n=0, lineterm="")][2:]
            lines += [name] * bool(found) + [line for line in found if line[:2] != "@@"]
        return "\n".join(lines)


@pytest.fixture
def changes(directory: Path) -> Changes:
    return Changes(directory)


@pytest.fixture(params=[False, True], ids=["clicks", "keyboard"])
def hand(
    request: pytest.FixtureRequest, address: str, browser: Browser
) -> Iterator[tuple[Hand, Page]]:
    with opened(browser, address) as page:
        yield Hand(page, by_keyboard=request.param), page


def told(page: Page) -> Locator:
    return page.get_by_role("status")


@pytest.mark.browser
def test_a_priority_is_added_and_undone(hand: tuple[Hand, Page], changes: Changes):
    person, page = hand
    person.press("link", "The plan")
    person.press("link", "Priorities of a fiscal year priorities/2021-2022.yaml")
    person.press(
        "link", "Add: item in Hold the first training for users in high-risk areas, in $target."
    )
    person.type("Text", "Train the trainers, too.")
    person.press("button", "Add")
    expect(told(page)).to_have_text(
        "Added to priorities/2021-2022.yaml: the item “Train the trainers, too.”."
    )
    assert str(changes) == (
        "priorities/2021-2022.yaml\n"
        "+        items:\n"
        "+          - key: train-the-trainers\n"
        "+            text: Train the trainers, too."
    )
    assert findings(page) == []
    page.reload()  # Firefox without a screen does not come back from the last stop of a page
    person.press(
        "button",
        "Undo: Added to priorities/2021-2022.yaml: the item “Train the trainers, too.”.",
    )
    expect(told(page)).to_contain_text("Undone: ")
    assert str(changes) == ""


@pytest.mark.browser
def test_an_item_is_moved_and_one_is_removed(hand: tuple[Hand, Page], changes: Changes):
    person, page = hand
    person.press("link", "The plan")
    person.press("link", "Priorities of a fiscal year priorities/2021-2022.yaml")
    person.press("button", "Move Build one reporting tool for all projects. up")
    expect(told(page)).to_contain_text("Moved up in priorities/2021-2022.yaml: the item “Build one")
    assert str(changes) == (
        "priorities/2021-2022.yaml\n"
        "+      - key: reporting\n"
        "+        text: Build one reporting tool for all projects.\n"
        "+        status: dropped\n"
        "-      - key: reporting\n"
        "-        text: Build one reporting tool for all projects.\n"
        "-        status: dropped"
    )
    person.press("button", "Move Build one reporting tool for all projects. down")
    expect(told(page)).to_contain_text("Moved down")
    assert str(changes) == ""
    person.press("link", "Remove Build one reporting tool for all projects.")
    expect(page.locator("main")).to_contain_text("1 text would go:")
    expect(page.locator("main")).to_contain_text("They are translated: العربية (1), Deutsch (1)")
    assert str(changes) == "" and findings(page) == []
    person.press("button", "Remove")
    expect(told(page)).to_contain_text("Removed from priorities/2021-2022.yaml: the item “Build")
    assert str(changes) == (
        "priorities/2021-2022.yaml\n"
        "-      - key: reporting\n"
        "-        text: Build one reporting tool for all projects.\n"
        "-        status: dropped"
    )


@pytest.mark.browser
def test_a_section_is_removed_and_the_plan_says_what_remains(
    hand: tuple[Hand, Page], changes: Changes
):
    person, page = hand
    person.press("link", "The plan")
    person.press("link", "Pages, their sections and languages pages.yaml")
    person.press("link", "Remove mission")
    expect(page.locator("legend")).to_contain_text(
        "What remains on the wiki of the section mission"
    )
    page.get_by_label("Its text").check()
    person.press("button", "Remove")
    expect(told(page)).to_have_text("Removed from pages.yaml: the section “mission”.")
    assert str(changes) == (
        "pages.yaml\n"
        "-      - {name: mission, template: mission, data: department}\n"
        "+\n"
        "+retired:\n"
        "+  - {title: Community Resilience and Sustainability, section: mission, remains: text}"
    )


@pytest.mark.browser
def test_a_section_is_added(hand: tuple[Hand, Page], changes: Changes):
    person, page = hand
    person.press("link", "The plan")
    person.press("link", "Pages, their sections and languages pages.yaml")
    person.press("link", f"Add: section in {DEPARTMENT}/Priorities 2021–2022")
    person.type("Name", "mission")
    person.type("Template", "mission")
    person.type("Data", "department")
    person.press("button", "Add")
    expect(told(page)).to_contain_text("Added to pages.yaml: the section “mission”.")
    assert str(changes) == (
        "pages.yaml\n+      - {name: mission, template: mission, data: department}"
    )


@pytest.mark.browser
def test_an_entry_leads_to_the_form_of_its_first_value(hand: tuple[Hand, Page]):
    person, page = hand
    person.press("link", "The plan")
    person.press("link", "Department, its mission and teams department.yaml")
    person.press("link", "Human Rights")
    expect(page.locator("#value")).to_have_value("Human Rights")


# What is wrong.


def form_sent(address: str, path: str, form: object) -> requests.Response:
    headers = {"Origin": f"http://{urlsplit(address).netloc}"}
    return requests.post(f"{address}change/{path}", data=form, headers=headers)  # type: ignore[arg-type]


def version_of(desk: Desk, file: str) -> str:
    return desk.writing.version(file)


def test_what_would_be_no_sound_plan_is_not_saved_and_nothing_typed_is_lost(
    open_desk: Callable[..., Desk], changes: Changes
):
    desk = open_desk()
    form = {"place": "office-hours:events/3", "version": version_of(desk, "office-hours.yaml")}
    with answering(desk) as address:
        typed = {"start": "2022-02-30T25:00", "topic.text": f"A topic {NASTY}"}
        answer = form_sent(address, "plan-add", form | typed)
    assert answer.status_code == 400
    assert "nothing was written" in answer.text and "2022-02-30T25:00" in answer.text
    assert "A topic &lt;/title&gt;" in answer.text and "<script>alert" not in answer.text
    assert str(changes) == ""


def test_what_another_program_wrote_meanwhile_is_kept_or_asked_about(
    open_desk: Callable[..., Desk], directory: Path
):
    desk, path = open_desk(), directory / "data/links.yaml"
    theirs = "\ntheirs: {page: Theirs, title: Their page}\n"
    form = {"place": "links:99", "version": version_of(desk, "links.yaml")}
    with path.open("a", encoding="utf-8") as file:
        file.write(theirs)
    new = {"=": "ours", "page": "Ours", "title": "Our page"}
    with answering(desk) as address:
        answer = form_sent(address, "plan-add", form | new)
        assert "another program changed the same lines meanwhile" in answer.text
        assert 'value="Our page"' in answer.text
        assert "\nours:" not in path.read_text(encoding="utf-8")
        before = path.read_bytes()
        path.write_bytes(b"# above\n" + before.removesuffix(theirs.encode()))
        answer = form_sent(address, "plan-add", form | new)
        assert "What another program changed in links.yaml meanwhile is kept." in answer.text
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# above\n")
    assert text.endswith("\n\nours: {page: Ours, title: Our page}\n")


def test_what_something_names_cannot_be_removed(address: str):
    answer = requests.get(f"{address}plan-remove?place=department:teams/0")
    assert "It cannot go" in answer.text and "department.yaml has no team" in answer.text
    assert "priorities/2020-2021.yaml:" in answer.text and ">Remove</button>" not in answer.text


def test_a_key_that_was_used_before_is_not_used_again(
    open_desk: Callable[..., Desk], directory: Path, changes: Changes
):
    for path in (directory / "data/locale").glob("*.po"):
        text = re.sub(
            r"X-Wikiplan-Entries: (\d+)",
            lambda found: f"X-Wikiplan-Entries: {int(found[1]) + 1}",
            path.read_text(encoding="utf-8"),
        )
        end = '\n#~ msgctxt "priorities-2021-2022.human-rights.old"\n#~ msgid "Old."\n'
        path.write_text(f'{text}{end}#~ msgstr "Alt."\n', encoding="utf-8")
    desk, known = open_desk(), str(changes)
    place = "priorities/2021-2022:teams/1/items/1"
    form = {"place": place, "version": version_of(desk, "priorities/2021-2022.yaml")}
    with answering(desk) as address:
        answer = form_sent(address, "plan-add", form | {"key": "old", "text": "New."})
        assert "the key old was used before" in answer.text
        assert str(changes) == known
        form_sent(address, "plan-add", form | {"key": "", "text": "Old."})
    assert "+      - key: old-2\n+        text: Old." in str(changes)


@pytest.mark.parametrize(
    "place",
    [
        "", "x", "../../etc/passwd:a", "pages", "pages:", "pages:pages/99/sections/0",
        "links:no~2/x",
        "department:teams/9999999999999999999999", "department:name/text/0", "department:teams/-1",
        NASTY, "labels:target/variables/date/date/0", "pages:pages/0/title/0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["plan-add", "plan-remove"])
def test_an_address_of_nothing_is_told(path: str, place: str, address: str):
    answer = requests.get(address + path, params={"place": place})
    assert answer.status_code in (200, 400) and "<script>alert" not in answer.text
    for change in ("plan-add", "plan-move", "plan-remove"):
        answer = form_sent(address, change, {"place": place, "version": "0" * 64, "to": "up"})
        assert answer.status_code == 400, answer.text


def test_what_is_typed_never_becomes_more_than_a_value(
    open_desk: Callable[..., Desk], directory: Path
):
    desk = open_desk()
    words = "a: b\n- c\n# d \"e\" 'f' {g: [h]} \\ & * !x %"
    form = {"place": "priorities/2021-2022:teams/1/items/1", "key": "nasty", "text": words}
    with answering(desk) as address:
        version = version_of(desk, "priorities/2021-2022.yaml")
        answer = form_sent(address, "plan-add", form | {"version": version, "change": "typo"})
        shown = requests.get(f"{address}plan?file=priorities/2021-2022").text
    assert "a: b - c # d &#34;e&#34;" in shown if answer.status_code == 200 else answer.text
    items = desk.current().plan.files["priorities/2021-2022"]["teams"][1]["items"]
    assert [each for each in items if each["key"] == "nasty"] in (
        [],
        [{"key": "nasty", "text": words, "unit": "priorities-2021-2022.human-rights.nasty"}],
    )


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(dark: bool, width: int, address: str, browser: Browser):
    for path in (
        "plan",
        "plan?file=priorities/2021-2022",
        "plan?file=pages",
        "plan-add?place=office-hours:events/3",
        "plan-remove?place=pages:pages/0/sections/0",
        "plan-language",
    ):
        with browser.wiki_page(address + path, width=width, dark=dark) as page:
            assert findings(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path

"""What remains of what is removed at the desk: each answer, tried on a folder wiki to the end."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.desk.conftest import session
from tests.support.desk import answering
from tests.support.people import FolderPeople
from wikiplan.changes.apply import Application
from wikiplan.desk.desk import Desk
from wikiplan.wiki.folder import Folder

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
SECTION, PAGE, LANGUAGE = "pages:pages/0/sections/1", "pages:pages/1", "pages:languages/2"
OF_SECTION = ["", "nothing", "text"]
OF_PAGE = [*OF_SECTION, "blank", "redirect", "marked"]
WORDS = {"redirect": DEPARTMENT, "marked": "{{delete|replaced}}"}
PEOPLES = "\nPeople wrote this.\n"


def removal(address: str, place: str) -> tuple[list[str], dict[str, str]]:
    """Return which answers are offered, and what the form sends along."""
    page = requests.get(f"{address}plan-remove", params={"place": place}).text
    offered = re.findall(r'type="radio" name="remains" value="(\w*)"', page)
    sent = dict(re.findall(r'type="hidden" name="(place|version)" value="([^"]*)"', page))
    return offered, {name: html.unescape(value) for name, value in sent.items()}


def remove(address: str, place: str, remains: str, words: dict[str, str] = WORDS) -> str:
    _, sent = removal(address, place)
    origin = re.sub(r"(//[^/]*)/.*", r"\1", address)
    form = {**sent, "remains": remains, **words}
    return requests.post(f"{address}change/plan-remove", data=form, headers={"Origin": origin}).text


@pytest.mark.parametrize(
    ("place", "answers"), [(SECTION, OF_SECTION), (PAGE, OF_PAGE), (LANGUAGE, OF_PAGE)]
)
def test_what_can_be_is_offered(place: str, answers: list[str], address: str):
    assert removal(address, place)[0] == answers


def after(directory: Path, title: str) -> str:
    """Return what an update makes of a page."""
    wiki = Folder(directory / "wiki")
    Application(session(directory, wiki).compare(), wiki).run()
    return FolderPeople(wiki.directory).text(title)


def body(text: str, name: str) -> str:
    found = re.search(rf"<!-- wikiplan:begin {name} .*?-->\n(.*?)\n<!-- wikiplan:end", text, re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("remains", OF_SECTION)
def test_of_a_section(remains: str, directory: Path, open_desk: Callable[..., Desk]):
    with answering(open_desk()) as address:
        people = FolderPeople(directory / "wiki")
        before = people.text(DEPARTMENT)
        assert "Removed from pages.yaml" in remove(address, SECTION, remains)
    now = after(directory, DEPARTMENT)
    assert ("begin mission" in now) == (remains == "")
    assert (body(before, "mission") in now) == (remains != "nothing")
    assert body(now, "overview") == body(before, "overview")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("place", "title"),
    [(PAGE, PRIORITIES), (PAGE, f"{PRIORITIES}/ar"), (LANGUAGE, f"{DEPARTMENT}/de")],
)
@pytest.mark.parametrize("remains", OF_PAGE)
def test_of_a_page_or_a_language(
    remains: str, place: str, title: str, directory: Path, open_desk: Callable[..., Desk]
):
    with answering(open_desk()) as address:
        people = FolderPeople(directory / "wiki")
        if remains in ("nothing", "text"):
            people.edit(title, people.text(title) + PEOPLES)
        before = people.text(title)
        assert "Removed from pages.yaml" in remove(address, place, remains)
    now = after(directory, title)
    section = re.search("wikiplan:begin ([a-z0-9-]+)", before)
    assert section
    words = body(before, section[1])
    match remains:
        case "":
            assert now == before
        case "nothing":
            assert now.strip() == PEOPLES.strip()
        case "text":
            assert "wikiplan:" not in now and words in now
            assert now.endswith(PEOPLES.rstrip())
        case "blank":
            assert now == ""
        case "redirect":
            language = title.rpartition("/")[2] if title.endswith("/ar") else ""
            assert now == f"#REDIRECT [[{DEPARTMENT}{'/' if language else ''}{language}]]"
        case "marked":
            assert now.startswith("{{delete|replaced}}\n") and words in now
            assert "wikiplan:" not in now


@pytest.mark.parametrize(
    ("place", "remains", "words", "told"),
    [
        (PAGE, "redirect", {"redirect": " "}, "is not what can remain"),
        (PAGE, "<b>", {}, "is not what can remain"),
        (SECTION, "blank", {}, "of a section"),
    ],
)
def test_what_cannot_remain_is_told_and_nothing_is_removed(
    place: str, remains: str, words: dict[str, str], told: str, directory: Path, address: str
):
    before = (directory / "data/pages.yaml").read_bytes()
    page = remove(address, place, remains, words)
    assert told in html.unescape(page) and "<b>" not in page
    assert (directory / "data/pages.yaml").read_bytes() == before


def test_what_was_typed_of_what_remains_is_still_there_when_it_is_wrong(address: str):
    page = remove(address, PAGE, "redirect", {"redirect": "A|B"})
    assert 'value="redirect" checked' in page and 'name="redirect" value="A|B"' in page

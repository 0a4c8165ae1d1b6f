"""The jobs of a plan's owner, from the desk's front page to the wiki: by clicks, and by keys alone.

They are files in ``tests/cases/desk-jobs``, which say how each goes and what becomes of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.support.browser import Browser
from tests.support.desk import answering, opened
from tests.support.hand import Hand
from tests.support.mediawiki import MediaWiki
from tests.support.people import FolderPeople
from tests.support.running import ROOT
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.desk.desk import Desk
from wikiplan.wiki.interface import Wiki

CASES = ROOT / "tests" / "cases" / "desk-jobs"
ALWAYS = ("add-an-event", "change-a-text-with-a-link")
"""The jobs that every run of the tests tries; of the others it tries a sample."""
ON_A_WIKI = ("change-a-persons-name", "change-a-text-with-a-link")
TITLE = "Community Resilience and Sustainability"
WAITING = 60_000
"""Milliseconds, where much else runs."""


def jobs(names: Iterable[str]) -> pytest.MarkDecorator:
    found = [pytest.param(each, marks=[pytest.mark.always] * (each in ALWAYS)) for each in names]
    return pytest.mark.parametrize("job", found)


by_either_hand = pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
every_job = jobs(sorted(path.stem for path in CASES.glob("*.txt")))


@pytest.mark.browser
@every_job
@by_either_hand
def test_a_job_changes_a_few_lines_and_the_wiki_gets_what_the_desk_showed(
    job: str, by_keyboard: bool, directory: Path, address: str, browser: Browser
):
    steps, expected = case(job)
    with opened(browser, address) as page:
        shown = done(Hand(page, by_keyboard=by_keyboard), steps)
    assert differences(directory) == expected
    assert_is_there(shown, FolderPeople(directory / "wiki").text)


@pytest.mark.wiki
@pytest.mark.browser
@jobs(ON_A_WIKI)
@by_either_hand
def test_a_real_wiki_gets_it_too(
    job: str, by_keyboard: bool, directory: Path, open_desk: Callable[..., Desk],
    site_of: Callable[[], Wiki], mediawiki: MediaWiki, title: str, browser: Browser,
):  # fmt: skip
    pages = directory / "data/pages.yaml"
    pages.write_text(pages.read_text("utf-8").replace(f"title: {TITLE}", f"title: {title}"))
    whole, wiki = session(directory, site_of()), site_of()
    Application(whole.compare(), wiki).run()
    steps, expected = case(job)
    with answering(open_desk(wiki)) as address, opened(browser, address) as page:
        named = [step.replace(f"link | {TITLE}", f"link | {title}") for step in steps]
        shown = done(Hand(page, by_keyboard=by_keyboard), named)
    pages.write_text(pages.read_text("utf-8").replace(f"title: {title}", f"title: {TITLE}"))
    assert differences(directory) == expected
    assert_is_there(shown, mediawiki.text)


def case(job: str) -> tuple[list[str], str]:
    """Return the steps of a job, and what becomes of the plan."""
    steps, _, expected = (CASES / f"{job}.txt").read_text("utf-8").partition("\n\n")
    return steps.splitlines(), expected.removesuffix("\n")


def done(hand: Hand, steps: Iterable[str]) -> list[dict[str, Any]]:
    """Do all steps; returns the pages of the review, as it was when its button was pressed."""
    shown: list[dict[str, Any]] = []
    for step in steps:
        if step.startswith("press button | Save these"):
            shown = json.loads(hand.page.locator("#file").text_content() or "")["pages"]
        do(hand, step)
    return shown


def do(hand: Hand, step: str) -> None:
    what, *said = step.split(" | ")
    match what.split():
        case ["press", "words"]:
            hand.press_words(*said)
        case ["press", role]:
            hand.press(role, *said)
        case ["type"]:
            hand.type(*said)
        case ["tick"]:
            hand.tick(*said)
        case ["see"]:
            expect(hand.page.locator("main")).to_contain_text(*said, timeout=WAITING)
        case ["see", "words"]:
            expect(hand.within.locator("body")).to_contain_text(*said, timeout=WAITING)
        case _:
            raise AssertionError(f"no such step: {step}")


def differences(directory: Path) -> str:
    """Return the unified diff of the plan's files to the sample's; a new one is its name alone."""
    lines: list[str] = []
    for path in sorted((directory / "data").rglob("*.*")):
        name = path.relative_to(directory / "data").as_posix()
        if not (old := ROOT / "data" / name).exists():
            lines.append(f"new file {name}")
            continue
        before, after = (each.read_bytes().decode().splitlines() for each in (old, path))
        lines += unified_diff(before, after, f"a/{name}", f"b/{name}", n=0, lineterm="")
    return "\n".join(lines)


def assert_is_there(shown: Iterable[dict[str, Any]], text_of: Callable[[str], str]) -> None:
    """Fail unless the wiki has the texts of a review, byte for byte."""
    saved = [each for each in shown if each["action"] in ("create", "update")]
    assert saved
    for each in saved:
        text = text_of(each["title"])
        assert changefile.digest(text) == each["after_sha256"]
        missing = [part for part in each["sections"] if part.get("after", "") not in text]
        assert missing == []

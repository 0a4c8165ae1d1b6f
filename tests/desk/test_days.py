"""The days on which pages change by the clock alone are those on which they render otherwise."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.desk.conftest import session
from tests.support import smallplan
from tests.support.browser import Browser
from tests.support.desk import answering, opened
from wikiplan.desk import days
from wikiplan.desk.desk import Desk
from wikiplan.render import PageSection
from wikiplan.wiki.folder import Folder

DEPARTMENT = "Community Resilience and Sustainability"
PRIORITIES = f"{DEPARTMENT}/Priorities 2021–2022"
FIRST = date(2021, 7, 1)


def listed(desk: Desk) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    work = desk.current()
    return [
        (str(each.day), [(turn.page.title, turn.sections) for turn in each.turns])
        for each in days.days_of(work, work.plan.pages)
    ]


def changing(desk: Desk) -> set[tuple[date, str]]:
    """Return the days of the year on which a page renders otherwise than the day before."""
    work = desk.current()
    source = work.plan.source_language
    found, before = set(), {}
    for number in range(367):
        day = FIRST + timedelta(number)
        at = work.renderer.at(days.end_of(day) if number else work.options.now)
        for page in work.plan.pages:
            wanted = [PageSection(page, each, source, source) for each in page.sections]
            text = [at.section(each).text for each in wanted]
            if before.setdefault(page.title, text) != text:
                found.add((day, page.title))
            before[page.title] = text
    return found


def test_the_days_of_the_sample_plan(open_desk: Callable[..., Desk]):
    hours = [(DEPARTMENT, ("office-hours",))]
    assert listed(open_desk()) == [("2021-07-15", hours), ("2021-10-14", hours)]


def test_they_are_those_on_which_a_page_renders_otherwise(
    directory: Path, open_desk: Callable[..., Desk]
):
    pages = directory / "data/pages.yaml"
    text = pages.read_text(encoding="utf-8")
    (directory / "data/notices").mkdir()
    notice = "text: Office hours are cancelled.\nstarts: 2021-08-03\nends: 2021-09-07\n"
    (directory / "data/notices/summer.yaml").write_text(notice, encoding="utf-8")
    section = "      - {name: summer, template: notice, data: notices/summer}\n"
    at = text.index("sections:\n") + len("sections:\n")
    pages.write_text(text[:at] + section + text[at:], encoding="utf-8")
    desk = open_desk()
    work = desk.current()
    found = days.days_of(work, work.plan.pages)
    assert {(each.day, turn.page.title) for each in found for turn in each.turns} == changing(desk)
    assert len(found) > 2


def test_a_template_with_a_clock_of_its_own_is_looked_at_each_day(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    (tmp_path / "templates/line.wiki").write_text(
        '{{ data.body.text }} {{ "late" if now.isoformat() >= "2021-09-03" else "early" }}'
    )
    desk = Desk(session(tmp_path, Folder(tmp_path / "wiki")))
    assert [day for day, _ in listed(desk)] == ["2021-09-03"]


def test_the_calendar_lists_them_with_links_to_the_page_on_the_day(address: str):
    answer = requests.get(f"{address}calendar")
    assert '<time datetime="2021-07-15">2021-07-15</time>' in answer.text
    links = [html.unescape(each) for each in re.findall('<li><a href="(page[^"]*)">', answer.text)]
    asked = parse_qs(urlsplit(links[0]).query)
    wanted = {"title": DEPARTMENT, "language": "en", "day": "2021-07-15", "changes": "today"}
    assert asked == {name: [value] for name, value in wanted.items()}
    assert requests.get(address + links[0]).status_code == 200


@pytest.mark.browser
def test_the_slider_goes_from_day_to_day_by_keyboard(address: str, browser: Browser):
    with opened(browser, address) as page:
        page.goto(f"{address}page?title={DEPARTMENT}&language=en")
        slider, shown = page.get_by_role("slider"), page.frame_locator("iframe")
        expect(slider).to_have_attribute("aria-valuetext", "today")
        slider.press("ArrowRight")
        page.wait_for_url("**day=2021-07-15**")
        expect(shown.locator("ins").filter(has_text="July 15, 2021")).to_be_visible()
        expect(slider).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.wait_for_url("**day=2021-10-14**")
        page.keyboard.press("Home")
        page.wait_for_url("**day=&**")
        expect(shown.locator("ins")).to_have_count(0)
        page.goto(f"{address}page?title={PRIORITIES}&language=en")
        expect(page.get_by_role("slider")).to_have_count(0)


def test_without_a_day_of_its_own_the_calendar_says_so(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    with answering(Desk(session(tmp_path, Folder(tmp_path / "wiki")))) as address:
        shown = requests.get(f"{address}calendar").text
    assert "In the year to come no page changes by the clock alone." in shown

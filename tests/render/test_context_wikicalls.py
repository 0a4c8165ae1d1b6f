"""Filters for templates of the wiki, pages of the plan, and what has a first and a last day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support import realpages
from wikiplan.render.context import Tools
from wikiplan.render.renderer import PageSection
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.views import View
from wikiplan.render.wording import Wording, facts_by_language
from wikiplan.value import replace


def tools(now: datetime = realpages.NOW, language: str = "en") -> Tools:
    plan = realpages.plain()
    words = Wording(language, "en", "english", {}, facts_by_language({}), now)
    return Tools(plan, words, now, SiteLinks(plan), plan.site)


def view(data: dict[str, object]) -> View:
    return View("data", data, {}, tools().view("department")._units)


def test_a_page_of_the_plan_is_the_readers_version_and_another_is_as_it_is_called():
    assert tools(language="de").plan_page("Community Programs") == "Community Programs/de"
    assert tools().plan_page("Community Programs") == "Community Programs"
    assert tools().plan_page("Elsewhere") == "Elsewhere"


def test_a_call_has_its_values_where_they_are_named_and_wikitext_as_it_is():
    call = view(
        {"template": "Box", "parameters": {"1": "$text!", "kind": "[[a|b]]", "x": "$other"}}
    )
    assert tools().call(call, text="a|b") == "{{Box|1=a&#124;b!|kind=[[a|b]]|x=$other}}"


def test_a_call_has_parameters_for_each_tab_and_once_what_names_no_number():
    header = view({"template": "Tabs", "parameters": {"tab-$number": "$text", "w": 5}})
    tabs = [view({"text": "One", "page": "A"}), view({"text": "Two", "page": "B"})]
    assert tools().call_each(header, tabs) == "{{Tabs|w=5|tab-1=One|tab-2=Two}}"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2025-11-19T23:59:59+00:00", "before"),
        ("2025-11-20T00:00:00+00:00", "now"),
        ("2026-01-15T23:59:59+00:00", "now"),
        ("2026-01-16T00:00:00+00:00", "after"),
    ],
)
def test_days_begin_and_end_in_utc_unless_a_zone_is_said(now: str, said: str):
    days = {"starts": "2025-11-20", "ends": "2026-01-15"}
    assert tools(datetime.fromisoformat(now)).standing(view(days)) == said


def test_days_are_those_of_a_zone_and_a_month_is_all_of_its_days():
    late = tools(datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert late.standing(view({"ends": "2026-01"})) == "now"
    assert late.standing(view({"ends": "2026-01", "zone": "Asia/Tokyo"})) == "after"
    assert late.standing(view({})) == "now"


@pytest.mark.parametrize(
    ("now", "until", "shown"),
    [
        (datetime(2025, 11, 1, tzinfo=UTC), datetime(2025, 11, 20, tzinfo=UTC), False),
        (realpages.NOW, datetime(2026, 1, 16, tzinfo=UTC), True),
        (datetime(2026, 2, 1, tzinfo=UTC), None, False),
    ],
)
def test_a_notice_comes_and_goes_and_says_until_when_it_stays_as_it_is(now, until, shown):
    plan = realpages.plain()
    page = plan.pages[0]
    section = next(each for each in page.sections if each.template == "notice")
    rendered = realpages.renderer_of(plan, now).section(PageSection(page, section, "en", "en"))
    comment = "<!-- from 2025-11-20 to 2026-01-15 -->"
    assert rendered.text.startswith(comment)
    assert ("The office hour moved" in rendered.text) == shown
    assert rendered.sources.until == until


def test_what_stands_there_afterwards_is_the_plans():
    plan = realpages.plain()
    (unit,) = (u for u in plan.units.values() if u.key == "notices-hours-moved.heading")
    stem = "notices/hours-moved"
    after = {"text": unit.text, "unit": unit.key}
    over = replace(plan, files={**plan.files, stem: {**plan.files[stem], "after": after}})
    page = plan.pages[0]
    section = next(each for each in page.sections if each.template == "notice")
    renderer = realpages.renderer_of(over, datetime(2026, 2, 1, tzinfo=UTC))
    text = renderer.section(PageSection(page, section, "en", "en")).text
    assert "<div>The office hour moved</div>" in text

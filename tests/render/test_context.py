"""What templates see of a plan: views of its data, and filters in a section's language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.render.context import Tools
from wikiplan.render.sitelinks import SiteLinks
from wikiplan.render.views import View
from wikiplan.render.wording import Wording, facts_by_language

EVENTS = """\
title: {text: Hours}
events:
  - {start: "2021-06-30T23:30", zone: UTC, topic: {text: Late}}
  - {start: "2021-06-30T22:00", zone: UTC, topic: {text: Early}}
  - {start: "2021-07-02T10:00", zone: Europe/Berlin, minutes: 30, topic: {text: Next}}
"""


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    """Filters of a small plan in English at midnight of 1 July 2021."""
    smallplan.write(tmp_path, {"a": "Text of $who"}, {"Plan": "", "Other": ""})
    (tmp_path / "data" / "a.yaml").write_text(
        "body: {text: Text of $who, variables: {who: {name: Ada}}}\n"
        "odd-words: [x, [y]]\nitems: [{key: one, about: {text: One}}, {about: 2}]\n"
    )
    loaded = plan.load(tmp_path / "data")
    words = Wording("en", "en", "english", {}, facts_by_language({}), smallplan.NOW)
    return Tools(loaded, words, smallplan.NOW, SiteLinks(loaded), loaded.site)


@pytest.fixture
def view(tools: Tools) -> View:
    return tools.view("a")


def events() -> list[View]:
    data = YAML(typ="safe").load(EVENTS)["events"]
    return [View(f"events[{at}]", each, {}, None) for at, each in enumerate(data)]


# Filters


def test_every_filter_is_a_method_and_no_other_is_public():
    public = {name for name in vars(Tools) if not name.startswith("_") and name.islower()}
    assert public - {"fact", "item", "moved_away", "sections_with", "view"} == set(Tools.FILTERS)


def test_events_that_have_not_ended_come_soonest_first_and_those_that_have_latest_first(
    tools: Tools,
):
    given = events()
    assert [tools.clock(each) for each in tools.coming(given)] == ["23:30 UTC", "10:00 UTC+2"]
    assert [tools.clock(each) for each in tools.past(given)] == ["22:00 UTC"]


def test_an_instant_is_read_in_its_own_zone_and_told_in_others(tools: Tools):
    berlin = events()[2]
    assert tools.utc(berlin) == datetime(2021, 7, 2, 8, tzinfo=UTC)
    assert tools.epoch(berlin) == tools.epoch("2021-07-02T08:00Z") == 1625212800
    assert tools.time(berlin) == "July 2, 2021, 10:00 UTC+2"
    assert tools.instant(smallplan.NOW) is smallplan.NOW


def test_a_text_is_filled_with_values_of_the_kind_of_its_examples(tools: Tools, view: View):
    assert tools.fill(view["body"], who="[[Bo]]") == "Text of &#91;&#91;Bo&#93;&#93;"


def test_links_have_their_title_or_a_label(tools: Tools):
    assert tools.link("office") == "[[Office|Office]]"
    assert tools.link("office", "the [office]") == "[[Office|the &#91;office&#93;]]"
    assert tools.page_link("User:Ada", "Ada") == "[[User:Ada|Ada]]"
    with pytest.raises(ValueError, match=r"links\.yaml has no link “offices”"):
        tools.link("offices")


def test_a_label_that_there_is_not_is_told(tools: Tools, view: View):
    with pytest.raises(ValueError, match="labels has no key “notes”"):
        tools.label(view["items"][0], "notes")


def test_lists_and_isolated_values_are_inert(tools: Tools):
    assert tools.join_list(["a", "[[b]]", "c"]) == "a, &#91;&#91;b&#93;&#93;, and c"
    assert tools.isolate("אב") == '<bdi dir="rtl">אב</bdi>'


def test_sections_elsewhere_are_found_by_their_template(tools: Tools):
    found = tools.sections_with("line")
    assert [each.title for each in found] == ["Plan", "Other"]
    assert found[0].data["body"]["text"] == "Text of Ada"
    assert tools.sections_with("other") == []


def test_a_file_that_the_plan_has_not_is_an_empty_view(tools: Tools):
    assert len(tools.view("none")) == 0


PEOPLE = """\
ada-green: {name: {text: Ada Green}, link: ada}
"""
NAMED = """\
name: {text: Gardens}
lead: {person: ada-green}
overview: {text: Overview.}
mission-heading: {text: Mission}
mission: {text: Mission.}
teams-heading: {text: Teams}
teams:
  - {key: roses, name: {text: Roses}, link: office, lead: {name: "Cem [x]", link: ada}}
  - {key: hedges, text: "''Hedges''"}
"""


def test_names_are_those_of_people_teams_and_the_department(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    (tmp_path / "data" / "people.yaml").write_text(PEOPLE)
    (tmp_path / "data" / "department.yaml").write_text(NAMED)
    loaded = plan.load(tmp_path / "data")
    words = Wording("en", "en", "english", {}, facts_by_language({}), smallplan.NOW)
    tools = Tools(loaded, words, smallplan.NOW, SiteLinks(loaded), loaded.site)
    department = tools.view("department")
    roses, hedges = department["teams"]
    assert [tools.name(each) for each in (department, roses, hedges)] == [
        "Gardens", "Roses", "''Hedges''",
    ]  # fmt: skip
    assert tools.name(roses, linked=True) == "[[Office|Roses]]"
    assert tools.name(department["lead"]) == tools.name("ada-green") == "Ada Green"
    assert tools.name(roses["lead"], linked=True) == "[[User:Ada|Cem &#91;x&#93;]]"
    assert tools.name("Somebody [else]") == "Somebody &#91;else&#93;"
    asked = ["department.name", "department.roses.name", "department.hedges"]
    assert [*words.sources.asked] == [*asked, "people.ada-green.name"]
    assert "people" in words.sources.files

"""The sample plan: rendered, taken over from its pages, and the same data again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.importcases import ROOT, SETTINGS
from tests.support.roundtrip import Place, Values
from wikiplan import files
from wikiplan.adopt import newplan
from wikiplan.adopt.values import Built, PageTexts, SectionTexts
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render.renderer import PageSection, Renderer

LEAST_VALUES = 400  # of the sample plan, in all languages
NOT_SHOWN = {
    r"department\.(parent|lead\.title .*)": "no template writes it",
    r"office-hours\.events\[0\]\.(minutes|ways.*|questions)": "of a past event pages show neither",
    r"languages\.ar\.digits": "the language's usual digits are these",
    r"labels\.(see-also|outdated) .*": "no page shows this label",
    r"labels\.(status-(cancelled|tentative|confirmed)|notes|recording|moved-from|further-dates|"
    r"agenda|registration|closed|interpretation(-request)?|until|answers|notes-follow) .*": (
        "no event of the plan needs this label"
    ),
    r"labels\.(announcement(-moved|-cancelled)?|everybody|event-page) .*": "of announcements",
    r"labels\.untranslated .*": "the English page never shows it: its link is in no English text",
    r"labels\.target .*": "the date in it is an example",
    r"labels\.minutes .*": "one number shows one form of a plural",
    r"priorities/2021-2022\.teams\[0\]\.items\[0\]\.items\[1\] .*": "a number shows one form",
    r"links .*(Hubs|Office actions|IRC office hours) title": "pages show it with a small letter",
    r"links Talk:.* title": "pages show it in other words",
    r"links Special:MyLanguage/Meta:Babylon.*": "only the label “untranslated” leads there",
    r"(people\..*\.link|department\.lead\..*)": "pages have who heads a department in words",
    r"people\.maggie-dennis\.name de": "a form that is the name itself is none",
    r"department\.teams\[\d\](\.name .*|\.link| .*)": "teams are linked words there",
    r"department\.overview .*": "it names the head, the teams and what is above in words",
    r"labels\.link-title .*Legal department .*": "only the overview's variables show it",
    r"priorities/2020-2021\.teams\[(1\]\.items\[1|3\]\.items\[0)\] .*": "it names a team in words",
}
"""What pages do not show, and so cannot come back: places, and why."""


@pytest.fixture(scope="module")
def sample() -> tuple[Plan, Mapping[str, Catalog]]:
    loaded = plan.load(ROOT / "data")
    return loaded, catalog.load_all(ROOT / "data" / "locale", loaded.languages)


def pages_of(loaded: Plan, catalogs: Mapping[str, Catalog]) -> list[PageTexts]:
    """Return what people would find on the plan's pages, in all languages."""
    renderer = Renderer(loaded, catalogs, SETTINGS.templates, SETTINGS.now)
    pages = []
    for page in loaded.pages:
        texts = {
            each.name: {
                c: renderer.section(PageSection(page, each, c, c)).text for c in loaded.languages
            }
            for each in page.sections
        }
        sections = tuple(SectionTexts(name, found) for name, found in texts.items())
        pages.append(PageTexts(page.title, sections))
    return pages


@pytest.fixture(scope="module")
def again(sample, tmp_path_factory) -> tuple[Built, Plan, Mapping[str, Catalog]]:
    folder: Path = tmp_path_factory.mktemp("again")
    made = newplan.build(pages_of(*sample), folder, SETTINGS)
    files.replace_all(made.files)
    loaded = plan.load(folder)
    return made, loaded, catalog.load_all(folder / "locale", loaded.languages)


def differences(sample, again) -> dict[Place, tuple[object, object]]:
    before, after = Values(*sample).all(), Values(*again[1:]).all()
    return {
        place: (before.get(place), after.get(place))
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    }


@pytest.mark.heavy
def test_the_sample_plan_comes_back_and_renders_to_the_byte(again):
    assert again[0].differences == ()
    assert again[0].doubts == ()


@pytest.mark.heavy
def test_the_sample_plan_s_data_come_back_value_by_value_in_all_languages(sample, again):
    assert len(Values(*sample).all()) > LEAST_VALUES
    left = {
        place: values
        for place, values in differences(sample, again).items()
        if not any(re.fullmatch(shown, place) for shown in NOT_SHOWN) and not is_outdated(values)
    }
    assert left == {}


@pytest.mark.heavy
def test_what_pages_do_not_show_is_a_short_list_and_each_line_of_it_is_needed(sample, again):
    places = differences(sample, again)
    idle = [s for s in NOT_SHOWN if not any(re.fullmatch(s, place) for place in places)]
    assert idle == []


def is_outdated(values: tuple[object, object]) -> bool:
    """Tell whether it is an outdated translation: pages show the English text instead."""
    before, after = values
    return str(before).startswith("?") and after is None

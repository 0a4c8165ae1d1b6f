"""The language versions of a page, and how complete each is."""

from __future__ import annotations

import pytest

from tests.support import realpages
from wikiplan.catalogs.translation import State, Translation
from wikiplan.plan.units import Unit
from wikiplan.render.names import ShownUnits, UnitRecorder, percent
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.value import replace


class OnlyThose:
    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def get(self, unit: Unit) -> Translation:
        state = State.TRANSLATED if unit.key in self.keys else State.OUTDATED
        return Translation(unit.key, "x", state)


@pytest.mark.parametrize(
    ("done", "of", "said"), [(0, 0, 100), (0, 3, 0), (1, 3, 30), (999, 1000, 90), (3, 3, 100)]
)
def test_a_share_is_rounded_down_in_steps_and_whole_only_where_nothing_lacks(done, of, said):
    assert percent(done, of) == said


def test_only_current_translations_count():
    shown = ShownUnits(tuple(Unit(key, key, {}) for key in ("a", "b")))
    assert shown.complete(OnlyThose("a", "b")) == 100
    assert shown.complete(OnlyThose("a")) == 50
    assert shown.complete(None) == 0


def test_names_are_no_texts_that_anybody_must_write():
    recorder = UnitRecorder()
    recorder.get(Unit("a", "A", {}))
    recorder.get(Unit("b", "Bo", {}, is_name=True))
    assert [*recorder.units] == ["a"]


def bar(renderer: Renderer, language: str, page: int = 1) -> str:
    spec = renderer.plan.pages[page]
    return renderer.section(PageSection(spec, spec.sections[0], language, language)).text


def test_each_version_stands_by_its_own_name_and_the_readers_is_no_link():
    text = bar(realpages.renderer_of(realpages.plain()), "fr")
    assert '[[Community Programs/Team/ar|<span lang="ar" dir="rtl">العربية</span>]]' in text
    assert '<b><span lang="fr" dir="ltr">français</span></b>' in text
    assert "90 %" in text


def test_the_bar_is_made_anew_when_any_language_of_any_section_has_another_translation():
    renderer = realpages.renderer_of(realpages.plain())
    page = renderer.plan.pages[1]
    sources = renderer.section(PageSection(page, page.sections[0], "de", "de")).sources
    assert "cards-people.hana-sato.about" in sources.counted
    assert "cards-people.hana-sato.about" not in sources.asked
    assert {"cards/people", "cards/teams", "tabs/pages"} <= {*sources.files}


def test_a_bar_changes_by_the_clock_when_the_sections_that_it_counts_do():
    renderer = realpages.renderer_of(realpages.plain())
    page = renderer.plan.pages[0]
    rendered = renderer.section(PageSection(page, page.sections[1], "de", "de"))
    assert page.sections[1].template == "languages"
    assert str(rendered.sources.until) == "2026-01-16 00:00:00+00:00"


def test_with_other_catalogs_or_another_clock_all_is_counted_anew():
    renderer = realpages.renderer_of(realpages.plain())
    assert "90%" in bar(renderer, "en")
    nothing = renderer.with_catalogs({})
    assert bar(nothing, "en").count("0%") == 6
    assert bar(nothing.with_catalogs(renderer.catalogs), "en") == bar(renderer, "en")


def test_a_page_with_one_version_has_no_bar():
    page = realpages.plain().pages[1]
    alone = replace(page, language_pages="none")
    plan = replace(realpages.plain(), pages=(alone,))
    renderer = realpages.renderer_of(plan)
    assert "<li" not in renderer.section(PageSection(alone, page.sections[0], "en", "en")).text

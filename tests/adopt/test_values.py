"""Pages and plans as values: what is told of them twice is one thing."""

from __future__ import annotations

from pathlib import Path

from tests.support.importcases import SETTINGS
from wikiplan.adopt import newplan
from wikiplan.adopt.values import Built, Doubt, PageTexts, SectionTexts, UnitTranslation


def test_a_doubt_that_is_raised_twice_is_one():
    once, again = (Doubt("Gardens", "goals", "de", "is not in the plan") for _ in "12")
    assert dict.fromkeys([once, again, Doubt("Gardens", "goals", "", "x")]) == {
        once: None,
        Doubt("Gardens", "goals", "", "x"): None,
    }


def test_a_page_says_nothing_that_nobody_said_of_it():
    page = PageTexts("Gardens", (SectionTexts("goals", {"en": "One."}),))
    assert (page.translatable, dict(page.translations), page.sections[0].kind) == (False, {}, "")
    assert UnitTranslation("Eins.") == UnitTranslation("Eins.", False, "", 0, "")


def test_what_is_built_of_a_page_tells_of_that_pages_sections_only(tmp_path: Path):
    page = PageTexts("Gardens", (SectionTexts("goals", {"en": "== Goals ==\nOne."}),))
    built = newplan.build([page], tmp_path, SETTINGS)
    assert isinstance(built, Built)
    assert dict(built.kinds) == {("Gardens", "goals"): "text"}
    assert {each.page for each in (*built.doubts, *built.differences)} <= {"Gardens"}
    assert all(each.path.is_relative_to(tmp_path) for each in built.files)

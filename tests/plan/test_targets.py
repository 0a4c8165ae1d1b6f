import pytest

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.plan.targets import Choice, chosen_pages, chosen_targets, languages_shown

PAGES = {"Marked": "kind: translatable\nlanguages: [ar, de]", "Plain": ""}


def test_a_translatable_page_is_written_in_the_source_language_only(tmp_path):
    smallplan.write(tmp_path, {"a": "A."}, PAGES, "languages: [en, ar, de]\n")
    loaded = plan.load(tmp_path / "data")
    titles = [target.title for target in chosen_targets(loaded)]
    assert titles == ["Marked", "Plain", "Plain/ar", "Plain/de"]


def test_a_language_chooses_no_translatable_page_but_in_its_source(tmp_path):
    smallplan.write(tmp_path, {"a": "A."}, PAGES, "languages: [en, ar, de]\n")
    loaded = plan.load(tmp_path / "data")
    chosen = {
        language: [target.title for target in chosen_targets(loaded, Choice(languages=(language,)))]
        for language in ("en", "ar")
    }
    assert chosen == {"en": ["Marked", "Plain"], "ar": ["Plain/ar"]}


def test_a_plan_of_translatable_pages_knows_the_languages_that_it_watches(tmp_path):
    smallplan.write(
        tmp_path, {"a": "A."}, {"Marked": "kind: translatable"}, "languages: [en, ar]\n"
    )
    assert chosen_targets(plan.load(tmp_path / "data"), Choice(languages=("ar",))) == ()


@pytest.mark.parametrize(
    ("choice", "languages"),
    [
        (Choice(languages=("pt-br",)), ("pt", "pt-br")),
        (Choice(languages=("en",)), ()),
        (Choice(pages=("Plain/de",)), ("de",)),
        (Choice(pages=("Marked",)), ("ar", "de")),
        (Choice(pages=("Marked",), languages=("ar",)), ("ar",)),
        (Choice(sections=("a",)), ("ar", "de", "pt", "pt-br")),
        (Choice(languages=("xx",)), ()),
    ],
)
def test_what_is_chosen_shows_its_languages_and_those_that_stand_in_for_them(
    tmp_path, choice, languages
):
    smallplan.write(tmp_path, {"a": "A."}, PAGES, "languages: [en, ar, de, pt, pt-br]\n")
    assert languages_shown(plan.load(tmp_path / "data"), choice) == languages


def test_a_page_is_chosen_with_any_of_its_versions(tmp_path):
    smallplan.write(tmp_path, {"a": "A."}, PAGES, "languages: [en, ar, de]\n")
    loaded = plan.load(tmp_path / "data")
    assert [page.title for page in chosen_pages(loaded, Choice(languages=("ar",)))] == [
        "Marked",
        "Plain",
    ]
    assert [page.title for page in chosen_pages(loaded, Choice(pages=("Plain/ar",)))] == ["Plain"]

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.plan.targets import Choice, chosen_targets

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

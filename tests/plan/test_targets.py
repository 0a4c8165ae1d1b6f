import pytest

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.plan.targets import (
    Choice,
    RetiredTarget,
    chosen_pages,
    chosen_targets,
    going_targets,
    languages_shown,
)

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


PATTERNS = {
    "Talks/{event}": "remains: text",
    "Talks/{event}/Notes (old)": "remains: blank",
    "Talks/{event.date}": "languages: [en]\nremains: nothing",
    "Teams/{team}": "remains: {redirect: Plain}",
    "Kept/{team}": "",
    "Plain": "",
}


@pytest.mark.parametrize(
    ("title", "subjects", "going"),
    [
        ("Talks/a/b", ("event a",), None),
        ("Talks/a/Notes (old)", ("event a",), RetiredTarget("Talks/a/Notes (old)", "en", "blank")),
        ("Talks/a/Notes (old)/de", ("event a",),
         RetiredTarget("Talks/a/Notes (old)/de", "de", "blank")),
        ("Talks/a", ("event a",), None),  # two patterns could have made it
        ("Talks/a/de", ("event a",), RetiredTarget("Talks/a/de", "de", "text")),
        ("Teams/One", ("team one",), RetiredTarget("Teams/One", "en", {"redirect": "Plain"})),
        ("Teams/One/ar", ("team one",),
         RetiredTarget("Teams/One/ar", "ar", {"redirect": "Plain/ar"})),
        ("Teams/One", (), None),
        ("Teams/One", ("event one",), None),
        ("Kept/One", ("team one",), None),
    ],
)  # fmt: skip
def test_a_pattern_says_what_remains_of_a_page_that_it_alone_can_have_made(
    tmp_path, title, subjects, going
):
    smallplan.write(tmp_path, {"a": "A."}, PATTERNS, "languages: [en, ar, de]\n")
    data = tmp_path / "data"
    (data / "office-hours.yaml").write_text("heading: {text: H}\ngoal: {text: G}\nevents: []\n")
    loaded = plan.load(data)
    assert going_targets(loaded, {title: subjects}) == ((going,) if going else ())
    assert going_targets(loaded, {title: subjects}, Choice(languages=("fr",))) == ()

"""What the check of the catalogs says, with the line and the way out."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import devices
from tests.support.samples import examples
from wikiplan.cache import Cache
from wikiplan.catalogs import checks
from wikiplan.catalogs.reading import Catalogs
from wikiplan.errors import Fault, Message
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, Link, Number
from wikiplan.plan.plan import PageSpec, Plan, Term
from wikiplan.plan.units import Unit
from wikiplan.value import replace

DATA = Path(__file__).parents[2] / "data"
TEAM = Link(page="Trust and Safety", title="Trust and Safety", translatable=True)
UNITS = (
    Unit("labels.notes", "Notes", {"ts": TEAM}),
    Unit("labels.team", "[[$ts|Team]] from $start", {"ts": TEAM, "start": Date("2022-01")}),
)
PLAN = Plan(
    directory=Path("data"),
    site="meta:meta",
    source_language="en",
    languages=("en", "ar", "pt-br"),
    most_pages=10,
    most_shrink=50,
    stop_page="",
    pages=(),
    files={},
    links={"ts": TEAM},
    units={unit.key: unit for unit in UNITS},
    language_overrides={},
)


@pytest.fixture
def locale(tmp_path, monkeypatch):
    """Write a catalog whose team entry has the given lines; the text begins in line 10."""
    monkeypatch.chdir(tmp_path)
    Path("locale").mkdir()

    def write(
        text: str, *, language: str = "ar", english: str = UNITS[1].text, key: str = "labels.team"
    ) -> Path:
        Path(f"locale/{language}.po").write_text(
            'msgid ""\nmsgstr ""\n"X-Wikiplan-Entries: 1\\n"\n'
            f'"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            f'# by hand\nmsgctxt "{key}"\nmsgid "{english}"\nmsgstr "{text}"\n',
            encoding="utf-8",
        )
        return Path("locale")

    return write


def check(directory: Path, loaded: Plan) -> tuple[Fault, ...]:
    return checks.check(Catalogs(directory, loaded.languages), loaded)


def told(directory: Path) -> list[str]:
    return [str(fault) for fault in check(directory, PLAN)]


def test_a_sound_catalog_and_a_missing_one_are_no_faults(locale):
    assert told(locale("[[$ts|فريق]] منذ $start")) == []


def test_untranslated_entries_are_no_faults(locale):
    assert told(locale("")) == []


def test_a_lost_link_is_an_error(locale):
    assert told(locale("فريق منذ $start")) == [
        "locale/ar.po:10:1: labels.team: the translation has lost the link $ts; "
        "put $ts where it belongs"
    ]


def test_a_lost_date_is_a_warning(locale):
    assert told(locale("[[$ts|فريق]]")) == [
        "locale/ar.po:10:1: warning: labels.team: the translation has lost $start; "
        "put $start where it belongs"
    ]


def test_a_misspelt_variable_is_an_error_with_the_likely_name(locale):
    assert told(locale("[[$ts|فريق]] منذ $start $strat")) == [
        "locale/ar.po:10:1: labels.team: the translation uses $strat, which is not defined; "
        "did you mean “start”?"
    ]


def test_in_an_outdated_text_variables_of_the_old_english_are_a_warning(locale):
    assert told(locale("[[$ts|فريق]] $begin", english="[[$ts|Team]], $begin")) == [
        "locale/ar.po:10:1: warning: labels.team: the translation uses $begin, "
        "which is not defined; take the names from the English"
    ]


def test_wikitext_that_would_break_the_page_is_an_error(locale):
    faults = check(locale("[[$ts|فريق منذ $start ~~~~"), PLAN)
    assert [(fault.line, fault.key, fault.warning) for fault in faults] == [
        (10, "labels.team", False)
    ] * len(faults)
    assert any("the wikitext is unbalanced" in fault.message for fault in faults)
    assert Fault(
        "locale/ar.po",
        10,
        1,
        "labels.team",
        Message(
            "refused-wikitext", "the translation holds a signature (“~~~~”)", "remove the tildes"
        ),
    ) in list(faults)


def test_an_entry_of_an_unknown_key_is_a_warning(locale):
    assert told(locale("x", key="labels.teams")) == [
        "locale/ar.po:8:1: warning: labels.teams: the plan has no such unit; "
        "did you mean “labels.team”?"
    ]
    assert told(locale("x", key="old.unit")) == [
        "locale/ar.po:8:1: warning: old.unit: the plan has no such unit; "
        "the next update of the catalog retires it"
    ]


def test_damage_is_told_with_its_line(locale):
    assert told(locale('a" b')) == [
        "locale/ar.po:10:10: labels.team: something follows the closing quote; "
        r"write a quote inside the text as \""
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "de",
            "de is not among the languages of pages.yaml, so nothing shows it; "
            "add de to “languages:” or delete the file",
        ),
        ("pt_br", "“pt_br” is no language code; did you mean “pt-br”?"),
        ("english", "“english” is no language code; name the file by MediaWiki’s code"),
        ("en", "en is the plan’s own language and needs no catalog; delete the file"),
    ],
)
def test_a_file_of_a_strange_language_is_a_warning(language, expected, locale):
    directory = locale("[[$ts|x]] $start", language=language)
    assert f"locale/{language}.po:0:0: warning: {expected}" in told(directory)


def test_faults_come_in_the_order_of_files_and_lines(locale):
    locale("", language="pt-br", key="old.one")
    directory = locale("x", key="old.unit")
    assert [fault.file for fault in check(directory, PLAN)] == ["locale/ar.po", "locale/pt-br.po"]


def test_the_sample_has_no_faults():
    assert check(DATA / "locale", plan.load(DATA)) == ()


def test_a_directory_that_is_not_there_has_no_catalogs(tmp_path):
    assert check(tmp_path / "locale", replace(PLAN, languages=("en",))) == ()


PLURAL = "{{PLURAL:$start|$start team|$start teams}}"


def plural_told(locale, text: str) -> list[str]:
    counted = Unit("labels.team", PLURAL, {"start": Number(60)})
    changed = replace(PLAN, units={counted.key: counted})
    return [str(fault) for fault in check(locale(text, english=PLURAL), changed)]


def test_a_malformed_plural_is_an_error_at_the_translation(locale):
    assert plural_told(locale, "{{PLURAL:$start,$start فريق}}") == [
        "locale/ar.po:10:1: warning: labels.team: the translation has lost the plural of $start; "
        "write {{PLURAL:$start|…}} with the forms of ar",
        "locale/ar.po:10:1: labels.team: the translation holds a malformed plural "
        "(“{{PLURAL:$start,$start فريق”); write {{PLURAL:$name|one|other}}",
    ]


def test_a_plural_with_one_form_of_six_is_a_warning_with_the_forms_wanted(locale):
    assert plural_told(locale, "{{PLURAL:$start|$start فريق}}") == [
        "locale/ar.po:10:1: warning: labels.team: in the translation the plural of $start has "
        "1 form, but ar has 6; write the forms for 0, 1, 2, 3, 11, 100, in this order"
    ]


def test_other_words_than_the_plans_glossary_has_are_a_warning(locale):
    glossary = (Term("Team", {"ar": ("فرقة",)}),)
    directory = locale("[[$ts|فريق]] منذ $start")
    assert [str(fault) for fault in check(directory, replace(PLAN, glossary=glossary))] == [
        "locale/ar.po:10:1: warning: labels.team: the translation has other words for “Team” "
        "than the glossary; write “فرقة”"
    ]


def test_without_warnings_the_errors_stay(locale):
    directory = locale("فريق ~~~~")
    every = [fault for fault in check(directory, PLAN) if not fault.warning]
    assert len(every) == 2
    assert list(checks.errors_in(Catalogs(directory, PLAN.languages), PLAN)) == every


def test_errors_are_looked_for_in_the_chosen_languages(locale):
    directory = locale("فريق ~~~~")
    Path("locale/de.po").write_text("damaged")
    catalogs = Catalogs(directory, ("en", "ar", "de"))
    files = [
        {fault.file for fault in checks.errors_in(catalogs, PLAN, languages)}
        for languages in (None, ("de",), ("pt-br",), ())
    ]
    assert files == [{"locale/ar.po", "locale/de.po"}, {"locale/de.po"}, set(), set()]


def test_what_was_found_sound_is_not_read_again_until_it_or_the_plan_is_another(locale, tmp_path):
    directory, changed = locale("[[$ts|فريق]] منذ $start"), replace(PLAN, digest="1")
    path = tmp_path / "loaded.cache"

    def read(loaded: Plan) -> list[str]:
        catalogs = Catalogs(directory, loaded.languages)
        with closing(Cache(path)) as kept:
            assert checks.errors_in(catalogs, loaded, cache=kept) == ()
            kept.store()
        return list(catalogs._read)

    assert [read(changed), read(changed)] == [["ar"], []]
    assert [read(PLAN), read(PLAN)] == [["ar"], ["ar"]]  # a plan that nobody knows the files of
    assert read(replace(PLAN, digest="2")) == ["ar"]
    locale("[[$ts|الفريق]] منذ $start")
    assert [read(changed), read(changed)] == [["ar"], []]


def test_what_was_found_wrong_is_looked_at_again(locale, tmp_path):
    catalogs = Catalogs(locale("فريق ~~~~"), PLAN.languages)
    with closing(Cache(tmp_path / "loaded.cache")) as kept:
        for _ in range(2):
            known = replace(PLAN, digest="1")
            assert len(checks.errors_in(catalogs, known, cache=kept)) == 2
            kept.store()


def test_the_texts_of_a_language_that_nobody_knows_are_not_judged(locale):
    (fault,) = check(locale("x ~~~~", language="english"), PLAN)
    assert "is no language code" in fault.message


PLAIN = PageSpec(
    title="Plan", kind="plain", languages=("en", "ar"), language_pages="subpages",
    missing_page="create", missing_section="refuse", redirect="refuse", fallback="english",
    drift="keep", sections=(),
)  # fmt: skip


def errors_of(directory: Path, *units: Unit, **page: Any) -> list[str]:
    pages = (replace(PLAIN, **page),)
    read = replace(PLAN, pages=pages, units={unit.key: unit for unit in units or UNITS})
    return [str(fault) for fault in check(directory, read)]


def test_a_language_of_a_plain_page_has_a_catalog(locale):
    locale("[[$ts|الفريق]] من $start")
    assert errors_of(Path("locale")) == []
    Path("locale/ar.po").unlink()
    assert errors_of(Path("locale")) == [
        "locale/ar.po:0:0: the catalog is missing, and pages.yaml has pages in ar; take it from "
        "its version history; a new language’s is made by plan_translations update"
    ]
    assert errors_of(Path("locale"), kind="translatable") == []


def test_the_folder_of_the_catalogs_is_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    advice = "take the file from its version history, or make it one"
    for make in (lambda path: path.touch(), lambda path: path.symlink_to("nowhere")):
        make(Path("locale"))
        assert errors_of(Path("locale")) == [
            f"locale:0:0: is not a folder, and the catalogs should be in it; {advice}"
        ]
        Path("locale").unlink()


def test_a_catalog_that_is_no_file_is_named(locale):
    locale("[[$ts|الفريق]] من $start")
    os.mkfifo("locale/it.po")
    devices.make(Path("locale/pt-br.po"))
    with Path("locale/fr.po").open("wb") as file:
        file.truncate(50_000_000)
    assert [told for told in errors_of(Path("locale")) if "warning" not in told] == [
        "locale/fr.po:0:0: is larger than 16 MiB; split it into several files",
        "locale/it.po:0:0: is a pipe, not a file; put the file in its place, or remove it",
        "locale/pt-br.po:0:0: is a device, not a file; put the file in its place, or remove it",
    ]


def team(text: str) -> Unit:
    return replace(UNITS[1], text=text, file="data/labels.yaml", line=3, column=9, change="typo")


def test_a_declared_typo_that_is_none_is_an_error(locale):
    directory = locale("[[$ts|الفريق]] من $start")
    assert errors_of(directory, team("[[$ts|Team]], from $start")) == []
    assert errors_of(directory, team("[[$ts|Team]] until $start")) == [
        "data/labels.yaml:3:9: labels.team: declared as `change: typo`, but words became others "
        "(from → until) since it was translated into ar; take the declaration away: translations "
        "depend on that"
    ]


def test_a_declared_typo_that_says_nothing_is_a_warning_where_only_plain_pages_are(locale):
    directory = locale("[[$ts|الفريق]] من $start")
    spent = team(UNITS[1].text)
    assert errors_of(directory, spent, kind="translatable") == []
    assert errors_of(directory, spent) == [
        "data/labels.yaml:3:9: warning: labels.team: `change: typo` has no effect: no translation "
        "is of another text; remove it, or the next change of the text counts as a typo"
    ]


SIGNS = "[]{}|<>=*#:;!~$&_'\n\t\u00a0\u200f\u2067\ufffd𝒳"
WORDS = st.text(
    st.sampled_from(f'abc É é e\u0301 אب漢ด.,?()"%-“”…{SIGNS}'), max_size=12
) | st.sampled_from(
    [
        "plural, x",
        "Plurals; y",
        "----",
        "--",
        "- x",
        "a  b",
        "x " * 5001,
        "$ts",
        "$ts א",
        "a $tsb",
        "$ts$ts",
        "$ts\u0301",
    ]
)


@settings(max_examples=examples(500), deadline=None)
@given(WORDS, WORDS)
def test_plain_words_have_no_errors(english, text):
    unit = Unit("labels.notes", english, {"ts": TEAM})
    plain = checks._is_plain(english) and checks._is_plain(text)
    if plain and checks._has_its_variables(text, unit):
        assert not checks._is_too_long(text)
        found = checks._markup_findings(unit, text, outdated=False)
        assert [each for each in found if not each.warning] == []


def test_plain_words_are_told_from_what_may_mean_more():
    plain = ("Notes", "Über uns (2021)", "ما دُوّن، هنا", "注記。", 'a - "b", 5%', "$a منذ $b_1")
    more = (
        "[[a]]",
        "$1",
        "$$a",
        " a",
        "a\n",
        "",
        "{{x}}",
        "''a",
        "e\u0301",
        "plural: a",
        "~~~",
        "a--",
    )
    assert [text for text in (*plain, *more) if checks._is_plain(text)] == list(plain)

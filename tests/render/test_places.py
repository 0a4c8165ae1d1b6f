"""Where the units of a section stand in its text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.render.test_renderer import NOW, PLAN, TEMPLATES, catalogs_of
from tests.support import smallplan
from wikiplan.catalogs.translation import State
from wikiplan.plan import plan
from wikiplan.plan.plan import PageSpec, Plan, SectionSpec
from wikiplan.render.places import Filled, PlacedSection, UnitPlace
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.value import replace

SAMPLE = Path(__file__).parents[2] / "data"

ARABIC = """\
msgid ""
msgstr ""
"X-Wikiplan-Entries: 1\\n"
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\\n"
"""  # noqa: E501


@cache
def loaded(directory: Path) -> tuple[Plan, Renderer]:
    read = plan.load(directory)
    return read, Renderer(read, catalogs_of(directory, read), TEMPLATES, NOW)


def sections_of(directory: Path) -> Iterator[tuple[PageSpec, SectionSpec, str]]:
    for page in loaded(directory)[0].pages:
        for section in page.sections:
            for language in page.languages:
                yield page, section, language


def placed(
    directory: Path, texts: dict[str, str], template: str, language: str = "en"
) -> PlacedSection:
    """Return the first of these texts as a template of its own shows it."""
    smallplan.write(directory, texts, top="languages: [en, ar]\n")
    (directory / "templates" / "line.wiki").write_text(template + "\n")
    read = plan.load(directory / "data")
    catalogs = catalogs_of(directory / "data", read)
    renderer = Renderer(read, catalogs, directory / "templates", NOW)
    page = read.pages[0]
    return renderer.placed(PageSection(page, page.sections[0], language, language))


@pytest.mark.parametrize("directory", [SAMPLE, PLAN], ids=["sample", "cases"])
def test_every_section_is_placed_and_its_text_is_the_rendered_one(directory):
    _, renderer = loaded(directory)
    for page, section, language in sections_of(directory):
        found = renderer.placed(PageSection(page, section, language, "en"))
        assert found.text == renderer.section(PageSection(page, section, language, "en")).text
        assert bool(found.places) == bool(found.text)


@pytest.mark.parametrize("directory", [SAMPLE, PLAN], ids=["sample", "cases"])
def test_between_the_values_stands_what_the_source_says_and_nothing_else(directory):
    _, renderer = loaded(directory)
    for page, section, language in sections_of(directory):
        found = renderer.placed(PageSection(page, section, language, "en"))
        for place in found.places:
            assert written(found.text, place) == place.source


def written(text: str, place: UnitPlace) -> str:
    """Return a place's text with its values put back into variables."""
    parts, end = [], place.start
    for each in place.filled:
        parts += [text[end : each.start], each.written]
        end = each.stop
    return "".join([*parts, text[end : place.stop]])


def test_every_unit_of_a_file_has_its_place_on_the_page():
    read, renderer = loaded(SAMPLE)
    page = read.pages[0]
    section = next(s for s in page.sections if s.name == "priorities-2020-2021")
    keys = {place.key for place in renderer.placed(PageSection(page, section, "ar", "ar")).places}
    assert {key for key in read.units if key.startswith("priorities-2020-2021.")} <= keys


def test_values_plurals_and_dollars_have_their_places_inside(tmp_path):
    text = "Costs $$5 at [[$ada|her]]: [[$ada]] and $US."
    found = placed(tmp_path, {"one": text}, "* {{ data.body.text }} (x)")
    assert found.text == "* Costs $5 at [[User:Ada|her]]: [[User:Ada]] and $US. (x)"
    assert found.places == (
        UnitPlace(
            "one.body",
            2,
            53,
            "en",
            text,
            (
                Filled("$", 8, 9, "$$"),
                Filled("ada", 16, 24, "$ada"),
                Filled("ada", 34, 42, "$ada"),
            ),
        ),
    )


def test_a_plural_is_one_value_whatever_its_form_holds():
    read, renderer = loaded(SAMPLE)
    page = read.pages[1]
    found = renderer.placed(PageSection(page, page.sections[1], "en", "en"))
    place = next(p for p in found.places if p.key.endswith("courses.translation"))
    assert [found.text[f.start : f.stop] for f in place.filled] == ["6 languages"]
    (plural,) = place.filled
    assert plural.name == "languages"
    assert plural.written == "{{PLURAL:$languages|$languages language|$languages languages}}"


def test_a_text_of_another_language_is_placed_inside_of_its_mark(tmp_path):
    found = placed(tmp_path, {"one": "Hello."}, "* {{ data.body.text }}", "ar")
    assert found.text == '* <span lang="en" dir="ltr">Hello.</span>'
    assert [(p.language, p.state, found.text[p.start : p.stop]) for p in found.places] == [
        ("en", State.UNTRANSLATED, "Hello.")
    ]


def test_a_translation_says_whether_it_is_current(tmp_path):
    folder = tmp_path / "data" / "locale"
    folder.mkdir(parents=True)
    entry = '\nmsgctxt "one.body"\nmsgid "{}"\nmsgstr "مرحبا."\n'
    (folder / "ar.po").write_text(ARABIC + entry.format("Hello."))
    (now,) = placed(tmp_path, {"one": "Hello."}, "{{ data.body.text }}", "ar").places
    assert (now.language, now.state, now.source) == ("ar", State.TRANSLATED, "مرحبا.")
    (folder / "ar.po").write_text(ARABIC + entry.format("Hi."))
    (older,) = placed(tmp_path, {"one": "Hello."}, "{{ data.body.text }}", "ar").places
    assert (older.language, older.state, older.source) == ("en", State.OUTDATED, "Hello.")


def test_a_page_of_another_language_keeps_the_places_inside_of_the_frame():
    read, renderer = loaded(SAMPLE)
    page = read.pages[0]
    found = renderer.placed(PageSection(page, page.sections[1], "ar", "en"))
    assert found.text.startswith('<div lang="ar" dir="rtl"')
    heading = found.places[0]
    assert found.text[heading.start - 3 : heading.stop + 3] == f"== {heading.source} =="


def test_a_unit_inside_of_anothers_value_has_its_own_place(tmp_path):
    template = "{{ data.body | fill(ada=data.inner.text) }}"
    smallplan.write(tmp_path, {"one": "See $ada now."})
    (tmp_path / "data" / "one.yaml").write_text(
        "body: {text: See $x now., variables: {x: {name: X}}}\ninner: {text: this}\n"
    )
    (tmp_path / "templates" / "line.wiki").write_text(template.replace("ada=", "x=") + "\n")
    read = plan.load(tmp_path / "data")
    renderer = Renderer(read, {}, tmp_path / "templates", NOW)
    found = renderer.placed(PageSection(read.pages[0], read.pages[0].sections[0], "en", "en"))
    assert [(p.key, found.text[p.start : p.stop]) for p in found.places] == [
        ("one.body", "See this now."),
        ("one.inner", "this"),
    ]


@pytest.mark.parametrize(
    "template",
    [
        "{{ data.body.text | upper | capitalize }}",
        "{{ (data.body.text ~ '')[:4] }}",
        "{{ 'short' if data.body.text | length < 12 else 1 // 0 }}",
    ],
)
def test_what_a_template_makes_of_a_text_beyond_recognition_has_no_place(tmp_path, template):
    found = placed(tmp_path, {"one": "Hello you."}, template)
    assert found.text
    assert found.places == ()


@pytest.mark.parametrize("directory", [SAMPLE, PLAN], ids=["sample", "cases"])
def test_facts_have_their_places_and_change_nothing(directory):
    _, renderer = loaded(directory)
    for page, section, language in sections_of(directory):
        wanted = PageSection(page, section, language, "en")
        found, plain = renderer.placed(wanted, facts=True), renderer.placed(wanted)
        assert (found.text, found.places) == (plain.text, plain.places)
        for fact in found.facts:
            assert 0 <= fact.start < fact.stop <= len(found.text)


def test_a_date_a_time_and_a_name_are_told_with_their_values():
    read, renderer = loaded(SAMPLE)
    page = read.pages[0]
    section = next(each for each in page.sections if each.name == "office-hours")
    found = renderer.placed(PageSection(page, section, "en", "en"), facts=True)
    told = [(each.kind, found.text[each.start : each.stop]) for each in found.facts]
    assert told[:3] == [
        ("time", "July 15, 2021, 18:00 UTC+2"),
        ("clock", "16:00 UTC"),
        ("name", "Maggie Dennis"),
    ]
    assert found.facts[0].value.isoformat() == "2021-07-15T18:00:00+02:00"
    assert found.facts[2].value.unit == "people.maggie-dennis.name"


def test_a_word_that_is_said_of_an_item_tells_of_which():
    read, renderer = loaded(SAMPLE)
    page = read.pages[1]
    found = renderer.placed(PageSection(page, page.sections[1], "en", "en"))
    scopes = [each.scope for each in found.places if each.key == "labels.status-done"]
    assert scopes == [
        "priorities-2021-2022.community-development.courses.pilot",
        "priorities-2021-2022.movement-strategy-and-governance.charter",
    ]


def test_where_the_signs_of_facts_would_make_a_difference_units_have_their_places(tmp_path):
    template = (
        "{% set day = '2021-07-15' | date %}{{ data.body.text }} {{ day | length }} {{ day }}"
    )
    smallplan.write(tmp_path, {"one": "Hello."}, top="languages: [en, ar]\n")
    (tmp_path / "templates" / "line.wiki").write_text(template + "\n")
    read = plan.load(tmp_path / "data")
    renderer = Renderer(read, {}, tmp_path / "templates", NOW)
    wanted = PageSection(read.pages[0], read.pages[0].sections[0], "en", "en")
    found = renderer.placed(wanted, facts=True)
    assert found.text == "Hello. 13 July 15, 2021"
    assert [each.key for each in found.places] == ["one.body"] and not found.facts


def test_a_translatable_page_has_no_places():
    read, renderer = loaded(SAMPLE)
    page = replace(read.pages[0], kind="translatable")
    found = renderer.placed(PageSection(page, page.sections[0], "en", "en"))
    assert found == PlacedSection(
        found.name, renderer.section(PageSection(page, page.sections[0], "en", "en")).text, (), "en"
    )

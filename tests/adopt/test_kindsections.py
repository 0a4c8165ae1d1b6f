"""What readers of laid-out sections make of texts, numbers, names and calls."""

from __future__ import annotations

import pytest

from tests.support.importcases import SETTINGS, TITLE
from wikiplan.adopt import alignedblocks, kindsections
from wikiplan.adopt.drafts import TRANSLATIONS, Drafting
from wikiplan.adopt.kindsections import OtherwiseError, Section
from wikiplan.adopt.links import LinkNames
from wikiplan.adopt.values import PageTexts, SectionTexts


def section_of(text: str, kind: str = "cards") -> Section:
    texts = SectionTexts(f"{kind}-people", {"en": text})
    names = LinkNames(set())
    found = alignedblocks.aligned_section(PageTexts(TITLE, (texts,)), texts, "en", names)
    return Section(found, Drafting("en", names, [found], SETTINGS.now), kind)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0), ("1,270,500", 1270500), ("-3", -3), ("0.5", "0.5"), ("1,250.75", "1250.75"),
        ("{{formatnum:40}}", 40), ("{{formatnum:1.5}}", "1.5"),
        ('<bdi dir="ltr">{{formatnum:-7}}</bdi>', -7), ("–", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_source_language_or_the_wiki_writes_it(written, number):
    assert section_of("Text.").number(written) == number


@pytest.mark.parametrize("written", ["many", "1.250.000", "40 %", "12,34"])
def test_what_is_written_otherwise_is_no_number(written: str):
    with pytest.raises(OtherwiseError):
        section_of("Text.").number(written)


def test_a_name_has_its_link_and_the_forms_that_a_translatable_page_has():
    name = "<bdi>{{#switch:{{PAGELANGUAGE}}|ar=آدا|he=עדה|#default=Ada}}</bdi>"
    section = section_of(f"[[User:Ada|{name}]]")
    assert section.texts == {"en": "[[User:Ada|Ada]]"}
    assert section.forms == {"Ada": {"ar": "آدا", "he": "עדה"}}
    block, link = section.name(section.texts)
    assert (block["text"], link) == ("Ada", "user_ada")


def test_a_list_of_people_is_taken_apart_and_one_alone_has_its_forms():
    section = section_of("Text.")
    assert section.people({"en": "Ada Green and Bo Brook"}) == ["Ada Green", "Bo Brook"]
    assert section.people({"en": "Ada Green", "ar": "آدا غرين"}) == ["Ada Green"]
    (ada,) = section.drafting.people.values()
    assert (ada["text"], ada[TRANSLATIONS]) == ("Ada Green", {"ar": ("آدا غرين", None)})


def test_a_call_has_its_parameters_whatever_stands_in_them():
    call = "Box|1=See [[Roses|the roses]] = {{b|c=d}}|style=help"
    assert kindsections.call_of(call) == (
        "Box",
        {"1": "See [[Roses|the roses]] = {{b|c=d}}", "style": "help"},
    )


def test_a_call_with_a_parameter_without_a_name_is_written_otherwise():
    with pytest.raises(OtherwiseError):
        kindsections.call_of("Box|words")


def test_a_number_in_a_text_gets_a_name_where_it_stands_alone():
    named = kindsections.number_named
    assert named("quarter 2 of 2025", "quarter", 2) == "quarter $quarter of 2025"
    assert named('<bdi dir="ltr">2</bdi> من', "quarter", 2) == "$quarter من"
    assert named("2 of 2", "quarter", 2) == "2 of 2"

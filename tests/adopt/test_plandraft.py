"""A draft of a plan: what its files say, and what is told of the rest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.importcases import SETTINGS, TITLE
from wikiplan.adopt.pageplan import Placed, Tier
from wikiplan.adopt.plandraft import PlanDraft, Steps, drafted, pages_file
from wikiplan.adopt.values import PageTexts, SectionTexts, UnitTranslation

HELP = {"en": "== Help ==\n\nHelp us with [[Trees|trees]].", "de": "== Hilfe ==\n\nHelft uns."}


def page_of(*sections: tuple[str, Mapping[str, str]], title: str = TITLE) -> PageTexts:
    return PageTexts(title, tuple(SectionTexts(name, texts) for name, texts in sections))


def draft_of(*pages: PageTexts, tier: Tier = Tier.TEXT) -> PlanDraft:
    places = [(page.title, section.name) for page in pages for section in page.sections]
    return drafted(pages, SETTINGS, Steps(dict.fromkeys(places, tier)))


# pages.yaml


def file_of(*pages: PageTexts, ids=None) -> dict:
    placed = [
        Placed((page.title, section.name), "text", f"text/{section.name}")
        for page in pages
        for section in page.sections
        if section.name != "left"
    ]
    return pages_file(pages, placed, ids or {}, "lab:lab", "en")


def test_the_file_has_all_languages_and_each_page_those_it_has():
    one = page_of(("a", {"en": "x", "de": "y", "ar": "z"}), title="One")
    two = page_of(("b", {"en": "x", "de": "y"}), title="Two")
    three = page_of(("c", {"en": "x"}), title="Three")
    assert file_of(one, two, three) == {
        "site": "lab:lab",
        "source-language": "en",
        "languages": ["en", "ar", "de"],
        "pages": [
            {
                "title": "One",
                "kind": "plain",
                "sections": [{"name": "a", "template": "text", "data": "text/a"}],
            },
            {
                "title": "Two",
                "kind": "plain",
                "languages": ["en", "de"],
                "sections": [{"name": "b", "template": "text", "data": "text/b"}],
            },
            {
                "title": "Three",
                "kind": "plain",
                "language-pages": "none",
                "sections": [{"name": "c", "template": "text", "data": "text/c"}],
            },
        ],
    }


def test_a_page_of_which_no_section_is_taken_is_left_out():
    assert file_of(page_of(("left", {"en": "x"})))["pages"] == []


def test_a_translatable_page_keeps_its_ids_by_section_where_a_key_stands_in_several():
    translations = {"de": {"1": UnitTranslation("y")}}
    page = PageTexts(
        "One", (SectionTexts("a", {"en": "x"}), SectionTexts("b", {"en": "y"})), True, translations
    )
    ids = {
        "a.once": {("One", "a"): "12", ("Two", "a"): "7"},
        "a.twice": {("One", "a"): "3", ("One", "b"): "hours"},
        "a.odd": {("One", "a"): "007"},
    }
    (entry,) = file_of(page, ids=ids)["pages"]
    assert (entry["kind"], entry["ids"]) == (
        "translatable",
        {"a.once": 12, "a:a.twice": 3, "b:a.twice": "hours", "a.odd": "007"},
    )


# The draft


def test_a_draft_has_data_beside_translations_and_the_links_that_are_used():
    draft = draft_of(page_of(("help", HELP)))
    assert list(draft.documents) == ["department", "text/help", "links", "pages"]
    heading, text = draft.documents["text/help"]["blocks"]
    assert heading == {"key": "help", "level": 2, "text": "Help"}
    assert text["text"] == "Help us with [[$trees|trees]]."
    assert draft.documents["links"]["trees"]["page"] == "Trees"
    assert draft.translations["text-help.help"] == {"de": ("Hilfe", None)}
    assert set(draft.places.values()) >= {(TITLE, "help")}


def test_what_the_department_lacks_is_told_where_the_plan_has_anything():
    reasons = [doubt.reason for doubt in draft_of(page_of(("help", HELP))).doubts]
    assert [each for each in reasons if "department.yaml" in each] == [
        f"no section has what department.yaml needs as “{key}”; write it there"
        for key in ("overview", "mission", "teams")
    ]
    left = draft_of(page_of(("help", HELP)), tier=Tier.LEFT)
    assert [doubt.reason for doubt in left.doubts] == [
        "left out: the plan cannot write it as it stands"
    ]


def test_wikitext_that_the_plan_cannot_keep_as_it_is_is_left_out_with_the_reason():
    draft = draft_of(page_of(("help", {"en": "Signed ~~~~"})), tier=Tier.AS_IT_IS)
    (reason,) = [doubt.reason for doubt in draft.doubts if doubt.section == "help"]
    assert reason.startswith("left out: its wikitext ")
    assert draft.documents["pages"]["pages"] == []


def test_a_section_that_cannot_be_parsed_is_left_out_with_the_line():
    page = PageTexts(TITLE, (SectionTexts("help", {"en": "<translate>\nOne."}),), True)
    reasons = [doubt.reason for doubt in draft_of(page).doubts if doubt.section == "help"]
    assert len(reasons) == 1
    assert reasons[0].startswith("left out: line ")


@pytest.mark.parametrize("tier", [Tier.KIND, Tier.TEXT, Tier.AS_IT_IS])
def test_steps_give_up_one_tier_and_keep_the_reason(tier: Tier):
    place = (TITLE, "help")
    steps = Steps({place: tier, (TITLE, "other"): Tier.KIND})
    steps.lower({place: "it would read otherwise"})
    assert steps.tiers == {place: tier + 1, (TITLE, "other"): Tier.KIND}
    assert steps.why == {place: "it would read otherwise"}

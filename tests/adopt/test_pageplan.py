"""Which file of a new plan takes what of a section, and under which key."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.importcases import SETTINGS, TITLE
from tests.support.samples import examples
from wikiplan.adopt import alignedblocks, pageplan
from wikiplan.adopt.alignedblocks import AlignedSection
from wikiplan.adopt.drafts import Drafting
from wikiplan.adopt.links import LinkNames
from wikiplan.adopt.pageplan import PlanBuilder, Tier
from wikiplan.adopt.values import PageTexts, SectionTexts
from wikiplan.plan import values


def aligned(names: LinkNames, name: str, text: str, kind: str = "") -> AlignedSection:
    section = SectionTexts(name, {"en": text}, kind)
    return alignedblocks.aligned_section(PageTexts(TITLE, (section,)), section, "en", names)


def built(*sections: tuple[str, str], tier: Tier = Tier.KIND) -> PlanBuilder:
    names = LinkNames(set())
    found = [aligned(names, *section) for section in sections]
    builder = PlanBuilder(Drafting("en", names, found, SETTINGS.now))
    for each, (_, text) in zip(found, sections, strict=True):
        builder.take(each, tier, {"en": text})
    return builder


def placed(builder: PlanBuilder) -> list[tuple[str, str, str]]:
    return [(each.place[1], each.template, each.stem) for each in builder.placed]


TEAMS = "== Teams ==\n\n* Trees – plants trees\n* Ponds"
YEAR = "== Priorities: 2021–2022 ==\n\n* Trees\n** Plant.\n* Ponds\n** Dig."


@pytest.mark.parametrize(
    ("tier", "template", "stem"),
    [
        (Tier.KIND, "teams", "department"),
        (Tier.TEXT, "text", "text/teams"),
        (Tier.AS_IT_IS, "text", "text/teams"),
    ],
)
def test_a_section_has_as_much_structure_as_its_tier_leaves_it(tier, template, stem):
    builder = built(("teams", TEAMS), tier=tier)
    assert placed(builder) == [("teams", template, stem)]
    if tier is Tier.AS_IT_IS:
        assert builder.documents[stem] == {
            "blocks": [{"key": "wikitext", "wikitext": {"en": TEAMS}}]
        }


def test_a_section_that_is_named_after_no_kind_is_tried_as_priorities():
    assert placed(built(("plans", YEAR))) == [("plans", "priorities", "priorities/2021-2022")]


def test_a_second_section_with_the_same_file_becomes_free_text():
    found = placed(built(("priorities", YEAR), ("priorities-2", YEAR)))
    assert found == [
        ("priorities", "priorities", "priorities/2021-2022"),
        ("priorities-2", "text", "text/priorities-2"),
    ]


def test_files_of_free_text_never_have_the_same_name():
    builder = built(("help", "Help us."), ("help", "Help them."))
    stems = [each.stem for each in builder.placed]
    assert len(set(stems)) == 2
    assert set(stems) == builder.documents.keys()


def test_a_team_that_the_departments_list_has_not_is_one_that_dissolved():
    builder = built(("priorities", YEAR), ("teams", TEAMS.replace("\n* Ponds", "")))
    department, _ = builder.whole_department(TITLE)
    assert [(team["key"], team.get("dissolved", False)) for team in department["teams"]] == [
        ("trees", False), ("ponds", True),
    ]  # fmt: skip
    assert department["teams"][0]["about"]["text"] == "plants trees"


def test_a_list_that_names_a_team_otherwise_is_free_text_and_changes_no_team():
    other = TEAMS.replace("* Ponds", "* '''Ponds'''")
    builder = built(("priorities", YEAR), ("teams", other))
    assert placed(builder)[1] == ("teams", "text", "text/teams")
    assert [team["text"] for team in builder.department["teams"]] == ["Trees", "Ponds"]


def test_what_no_section_had_is_missing_and_has_a_text_to_replace():
    department, missing = built(("help", "Help us.")).whole_department(TITLE)
    assert missing == ["overview", "mission", "teams"]
    assert {key: value.get("text") for key, value in department.items() if key != "teams"} == {
        "name": TITLE,
        "overview": values.NOT_WRITTEN,
        "mission-heading": "What we do",
        "mission": values.NOT_WRITTEN,
        "teams-heading": "Our teams",
    }
    assert department["teams"] == [{"key": "team", "text": values.NOT_WRITTEN}]


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("priorities", "priorities"),
        ("priorities-2021-2022", "priorities"),
        ("prioritiesx", ""),
        ("office-hours", "office-hours"),
        ("office", ""),
        ("", ""),
    ],
)
def test_a_section_is_named_after_a_kind_with_more_behind_a_dash(section: str, kind: str):
    assert pageplan.kind_named(section) == kind


def test_a_section_borrows_that_shows_the_files_of_others():
    assert pageplan.borrows("navigation")
    assert pageplan.borrows("navigation-2021")
    assert not pageplan.borrows("priorities")


DATA = st.recursive(
    st.sampled_from(["ada", "See [[$trees|x]] of $year", "", "$$5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)


@settings(max_examples=examples(40))
@given(DATA, DATA)
def test_all_that_may_name_a_link_is_found_however_deep(one, other):
    assert list(pageplan.names_in([one, {"x": other}])) == [
        *pageplan.names_in(one),
        *pageplan.names_in(other),
    ]


def test_a_text_names_itself_and_its_variables():
    assert list(pageplan.names_in({"link": "ada", "text": "[[$trees|x]] $$5"})) == [
        "ada", "[[$trees|x]] $$5", "trees",
    ]  # fmt: skip


def test_translations_and_ids_are_taken_out_of_the_data():
    builder = built(("help", "Help us."))
    (stem,) = builder.documents
    data = builder.documents[stem]
    texts = pageplan.taken_apart(stem, data)
    (key,) = texts.places
    assert key.startswith("text-help.")
    assert texts.places == {key: (TITLE, "help")}
    assert list(data["blocks"][0]) == ["key", "text"]

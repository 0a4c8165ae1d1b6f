"""What differs between versions of Translate: whose rules hold, and what becomes of unit ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.translate import rules
from wikiplan.translate.rules import VERSIONS, Fate, ParseError, assumption, version_of

CASES = Path(__file__).parents[1] / "cases" / "translatable"
IDS = {
    "1.39": json.loads((CASES / "ids-139.json").read_text(encoding="utf-8")),
    "1.43": json.loads((CASES / "ids-143.json").read_text(encoding="utf-8")),
}

LETTERS = "aZ019-._/ \t\n<>#&;%|[]{}~٧é\u00a0\u200e"
ANY_IDS = st.text(alphabet=LETTERS, max_size=6) | st.sampled_from(
    ["-1", "", ".", "..", "a%20b", "Page display title", "&amp;", "x" * 300]
)
GOOD_IDS = st.sampled_from(["goal", "a-1", "x.y", "priorities-2020-2021.paths.map", "team2"])


# Whose rules hold


@pytest.mark.parametrize(
    ("generator", "version"),
    [
        ("MediaWiki 1.39.17", "1.39"),
        ("MediaWiki 1.41.0", "1.39"),
        ("MediaWiki 1.43.9", "1.43"),
        ("MediaWiki 1.47.0-wmf.16", "wmf47"),
        ("MediaWiki 1.51.0", "wmf47"),
        ("", "1.39"),
    ],
)
def test_a_wiki_gets_the_rules_of_the_measured_version_before_its_own(generator, version):
    assert version_of(generator) == version


@pytest.mark.parametrize(
    ("generator", "told"),
    [
        ("MediaWiki 1.39.17", ""),
        ("MediaWiki 1.43.9", ""),
        ("MediaWiki 1.47.0-wmf.16", ""),
        (
            "MediaWiki 1.45.1",
            "MediaWiki 1.45.1 was not measured; wikiplan assumes the rules of 1.43, "
            "which promise translators less",
        ),
        (
            "MediaWiki 1.43.0-rc.1",
            "MediaWiki 1.43.0-rc.1 was not measured; wikiplan assumes the rules of 1.43, "
            "which promise translators less",
        ),
        (
            "MediaWiki 1.51.0",
            "MediaWiki 1.51.0 was not measured; wikiplan assumes the rules of 1.47.0-wmf, "
            "the newest that were",
        ),
        (
            "MediaWiki 1.35.0",
            "MediaWiki 1.35.0 was not measured; wikiplan assumes the rules of 1.39, "
            "the oldest that were",
        ),
        (
            "",
            "A wiki that tells no version was not measured; wikiplan assumes the rules of 1.39, "
            "the oldest that were",
        ),
    ],
)
def test_a_version_that_was_not_measured_is_told_with_the_rules_that_are_assumed(generator, told):
    assert assumption(generator) == told


@given(st.integers(0, 60), st.integers(0, 30))
def test_a_release_never_gets_the_rules_of_a_later_one(minor: int, patch: int):
    generator = f"MediaWiki 1.{minor}.{patch}"
    key = version_of(generator)
    older = [int(each.measured.split(".")[1].split("-")[0]) for each in VERSIONS.values()]
    own = older[list(VERSIONS).index(key)]
    assert own == max((each for each in older if each <= minor), default=min(older))
    assert bool(assumption(generator)) == (minor not in (39, 43))


# What becomes of ids


@pytest.mark.parametrize(
    ("version", "recorded"),
    [(version, recorded) for version in IDS for recorded in IDS[version]],
    ids=lambda value: value if isinstance(value, str) else repr(value["id"])[:30],
)
def test_what_becomes_of_an_id_is_known_before(version, recorded):
    id = recorded["stored"][-1] if "…" in recorded["id"] else recorded["id"]
    assert rules.fate(id, "Id43 41", version) == what_happened(id, recorded)
    code = rules.save_refusal(id, version) or rules.mark_refusal(id, "Id43 41", version)
    if "mark" in recorded:
        assert code == recorded["mark"]
    assert bool(code) == (not recorded.get("stored"))


def what_happened(id: str, recorded: dict) -> Fate:
    if not recorded.get("stored"):
        return Fate.REFUSED
    if id not in recorded["stored"]:
        return Fate.RENUMBERED
    if not recorded["translate"].startswith("Translations:"):
        return Fate.UNTRANSLATABLE
    return Fate.GOOD if recorded["ar"] == "AR text" else Fate.UNRENDERED


def test_ids_that_the_plan_makes_are_valid_everywhere_and_blank_ones_not_on_meta():
    for version in VERSIONS:
        assert rules.is_valid_id("priorities-2020-2021.trust-and-safety.policy", version)
        assert not rules.is_valid_id("my_goal", version)
    assert rules.is_valid_id(" 1", "1.43")
    assert rules.fate(" 1", version="wmf47") is Fate.REFUSED
    assert rules.fate("", version="wmf47") is Fate.REFUSED


def test_an_id_counts_with_the_title_of_its_page_and_the_longest_language_code():
    room = 255 - len("Plan//xx-yyyyyyyyyy")
    assert rules.mark_refusal("a" * room, "Plan") == ""
    assert rules.mark_refusal("a" * (room + 1), "Plan") == "tpt-unit-title-too-long"
    assert rules.fate("a" * (room + 1), "Plan", "1.39") is Fate.UNTRANSLATABLE


@pytest.mark.parametrize(
    ("ids", "maxid", "number"),
    [
        ([], 0, 1),
        (["5", "2"], 0, 6),
        (["5"], 9, 10),
        (["priorities-ts-1", "goal2"], 0, 1),
        (["2030-goal"], 0, 2031),
        (["1e3"], 0, 1001),
        (["1.5", " 7", "007", "-9"], 0, 8),
        (["1e999", "9" * 5000], 0, 2**63),
        (["0" * 5000 + "7"], 0, 8),
        (["٧"], 0, 1),
        (["9007199254740993"], 0, 9007199254740994),
    ],
)
def test_the_next_number_is_one_more_than_php_reads_in_any_id(ids, maxid, number):
    assert rules.next_number(ids, maxid) == number


@given(ANY_IDS, st.sampled_from(sorted(VERSIONS)), st.sampled_from(["", "Plan", "Plan/x" * 40]))
def test_an_id_is_refused_when_it_is_saved_or_marked_and_good_only_when_it_is_not(
    id: str, version: str, title: str
):
    became = rules.fate(id, title, version)
    refused = rules.save_refusal(id, version) or rules.mark_refusal(id, title, version)
    if id == rules.NEW_ID:
        assert became is Fate.RENUMBERED
    else:
        assert (became is Fate.REFUSED) == bool(refused)
    assert rules.is_valid_id(id, version, title) == (became is Fate.GOOD)


@given(GOOD_IDS, st.sampled_from(sorted(VERSIONS)))
def test_the_keys_of_a_plans_units_are_good_ids(id: str, version: str):
    assert rules.is_valid_id(id, version, "Plan")


@settings(max_examples=examples(50))
@given(st.lists(GOOD_IDS | st.integers(0, 10**6).map(str), max_size=8), st.integers(0, 10**6))
def test_the_next_number_is_that_of_no_unit_and_grows_with_each(ids: list[str], maxid: int):
    number = rules.next_number(ids, maxid)
    assert number > maxid and str(number) not in ids
    assert rules.next_number([*ids, str(number)], maxid) == number + 1
    assert rules.next_number(ids[::-1], maxid) == number


def test_the_title_of_a_page_is_a_unit_of_its_own():
    assert rules.mark_refusal(rules.TITLE_UNIT, "Plan") == "tpt-duplicate"


# Refusals in words


def test_a_refusal_of_the_whole_page_names_no_line():
    error = ParseError("tpt-notsuitable", "mark", 0)
    assert (error.code, error.stage, error.line, str(error)) == (
        "tpt-notsuitable",
        "mark",
        0,
        "the page has no <translate> tags; put them around the text to translate",
    )


def test_a_long_id_is_shown_by_its_beginning():
    error = ParseError("tpt-unit-title-too-long", "mark", 3, "x" * 300, "x" * 300)
    shown = "x" * 79 + "…"
    assert str(error) == (
        f"line 3, unit {shown}: the id “{shown}” makes a page title of more than 255 bytes; "
        "shorten it"
    )

"""What people are told of a pull or a push, and how it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.running import script
from wikiplan.errors import Finding, Message
from wikiplan.plan.units import Unit
from wikiplan.sync.units import (
    SyncOutcome,
    SyncResult,
    SyncUnit,
    outcome_counts,
    outcome_lines,
    report_entry,
)

UNITS = {id: SyncUnit("Plan", id, Unit(id, "Text", {}), "Text", "Text") for id in "abc"}
RESULTS = [
    SyncResult(UNITS["a"], "ar", SyncOutcome.PUSHED, "نص", revision=7),
    SyncResult(
        UNITS["b"],
        "ar",
        SyncOutcome.REFUSED,
        "نص",
        findings=(Finding(Message("bad", "it is bad; mend it")),),
    ),
    SyncResult(UNITS["c"], "ar", SyncOutcome.CONFLICT, "نص", "the catalog keeps its own"),
]


def test_each_thing_that_somebody_has_to_do_is_told():
    assert list(outcome_lines(RESULTS)) == [
        "Translations:Plan/b/ar: it is bad; mend it",
        "Translations:Plan/c/ar: in conflict: the catalog keeps its own",
    ]


def test_one_reason_for_many_texts_is_told_once():
    results = [SyncResult(UNITS[id], "ar", SyncOutcome.REFUSED, "نص", "Use zh.") for id in "abc"]
    assert list(outcome_lines(results)) == ["3 texts refused: Use zh."]


def test_the_report_has_each_languages_counts_edits_and_what_waits():
    assert report_entry("ar", RESULTS, ["data/locale/ar.po"]) == {
        "lang": "ar",
        "file": "data/locale/ar.po",
        "written": True,
        "counts": {"pushed": 1, "in conflict": 1, "refused": 1},
        "conflicts": ["Plan/c"],
        "refused": ["Plan/b"],
        "unknown": [],
        "edits": [{"title": "Translations:Plan/a/ar", "revid": 7}],
    }
    assert outcome_counts([]) == {}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    pages = {"Plan": "kind: translatable\nmissing-page: create", "Other": ""}
    return smallplan.write(tmp_path, {"goals": "Text."}, pages, "languages: [en, ar]\n")


def test_a_push_takes_nothing_from_the_wiki(directory: Path):
    done = script("plan_translations", "push", "-take:wiki", "-wiki:wiki", directory=directory)
    told = "-take:wiki: a push saves the catalogs' texts; say pull -take:wiki"
    assert done.err.strip() == f"{told} [push-takes-nothing]"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-take:both"], "-take:both: no such side; there are wiki, catalog"),
        (["-section:goals"], "-section: pull and push go by whole pages; choose with -page:TITLE"),
        (["-language:xx"], "-language:xx: the plan has no such language; pages.yaml has en, ar"),
    ],
)
def test_a_choice_that_makes_no_sense_is_told(directory: Path, arguments, message):
    done = script("plan_translations", "pull", "-wiki:wiki", *arguments, directory=directory)
    assert (done.status, done.err.rpartition(" [")[0]) == (1, message)


@pytest.mark.parametrize("word", ["pull", "push"])
def test_a_page_that_is_missing_is_refused_as_an_update_refuses_it(directory: Path, word: str):
    pages = directory / "data" / "pages.yaml"
    pages.write_text(pages.read_text().replace("    missing-page: create\n", ""))
    done = script("plan_translations", word, "-always", "-wiki:wiki", directory=directory)
    assert script("plan_translations", "update", directory=directory).status == 0
    updated = script("plan_update", "-always", "-wiki:wiki", directory=directory)
    assert done.status == updated.status == 1
    words = "the page does not exist; create it, mend its title in pages.yaml"
    assert f"Plan: {words}" in done.err and words in updated.out
    assert ("Other/ar: the page does not exist" in done.err) is (word == "pull")


def test_where_no_page_is_marked_there_is_nothing_to_do(directory: Path):
    done = script("plan_translations", "push", "-always", "-wiki:wiki", directory=directory)
    assert done.status == 0, done.err
    assert done.out.splitlines()[:3] == [
        "Plain pages are written by plan_update; a push is for translatable ones.",
        "Plan: not marked for translation yet.",
        "ar: nothing to do",
    ]

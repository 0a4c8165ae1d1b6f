from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.wiki import translateanswers
from wikiplan.wiki.translate import Counts, Group, Marking, Priority, Status, UnitState

CASES = Path(__file__).parents[1] / "cases/translateanswers"
KINDS = {"conflict": Conflict, "refusal": Refusal, "stop": Stop, "unclear": Unclear}
ERRORS = [
    line.split("\t")
    for line in (CASES / "errors.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def recorded(number: int) -> dict[str, Any]:
    """Return a real wiki's answer; its errors in the form in which wikiplan asks for them."""
    (path,) = CASES.glob(f"{number:02}-*.json")
    answer = json.loads(path.read_text(encoding="utf-8"))["response"]
    if error := answer.pop("error", None):
        answer["errors"] = [{"code": error["code"], "text": error["info"]}]
    return answer


def failed(*codes: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "text": f"Words of\n{code}."} for code in codes]}


# Reading


def test_a_group_has_its_languages_but_not_its_own_and_no_notes():
    group = translateanswers.group([recorded(41), recorded(39)])
    assert group == Group("en", {"ar": Counts(total=5, translated=3, outdated=1)}, None)


def test_priority_languages_are_told():
    group = translateanswers.group([recorded(64)])
    assert group is not None
    assert group.priority == Priority(("ar", "fr"), force=True)


def test_a_page_that_is_not_translatable_has_no_group():
    assert translateanswers.group([recorded(42)]) is None


def test_states_are_those_of_the_units_in_the_pages_order():
    states = translateanswers.states([recorded(27)])
    assert states == {
        "Page display title": UnitState(Status.TRANSLATED, "خطة", 2830, "Trans"),
        "h": UnitState(Status.UNTRANSLATED),
        "a": UnitState(Status.TRANSLATED, "حماية المحررين.", 2820, "Trans"),
        "b": UnitState(Status.TRANSLATED, "النمو بنسبة $n بالمئة.", 2828, "PlanBot"),
        "c": UnitState(Status.OUTDATED, "إصلاح الأدوات.", 2829, "PlanBot"),
    }
    assert list(states) == ["Page display title", "h", "a", "b", "c"]


def test_a_change_outdates_only_after_the_jobs():
    before, after = (translateanswers.states([recorded(number)])["a"] for number in (57, 58))
    assert (before.status, after.status) == (Status.PROOFREAD, Status.OUTDATED)
    assert (before.current, before.outdated) == (True, False)
    assert (after.current, after.outdated) == (False, True)


def test_a_status_that_nobody_knows_yet_is_not_taken_for_a_good_translation():
    answer = recorded(27)
    answer["query"]["messagecollection"][2]["properties"]["status"] = "machine"
    assert translateanswers.states([answer])["a"].outdated


def test_names_of_unit_pages_are_id_and_language():
    names = translateanswers.unit_names(recorded(43), "Plan")
    assert names == {
        *((id, "en") for id in ("Page display title", "a", "b", "c", "h")),
        *((id, "ar") for id in ("Page display title", "a", "b", "c")),
        ("a", "qqq"),
        ("a", "xx"),
    }


def test_units_of_other_pages_that_begin_alike_are_left_out():
    pages = [{"title": f"Translations:Plan/{rest}"} for rest in ("a/en", "sub/a/en", "a")]
    names = translateanswers.unit_names({"query": {"allpages": pages}}, "Plan")
    assert names == {("a", "en")}


def test_the_definition_that_a_translation_was_made_for_is_told_if_it_is_known():
    assert translateanswers.made_for(recorded(59)) == "Keep editors safe."
    assert translateanswers.made_for(recorded(45)) is None


# The marked revision

GROUP = {"messagegroups": [{"id": "page-Plan"}]}


def log(*actions: str) -> dict[str, Any]:
    """Return a translatable page's log, newest line first."""
    lines = [{"action": action, "params": {"revision": 7}} for action in actions]
    return {"query": GROUP | {"logevents": lines}}


def test_the_newest_marking_in_the_log_counts():
    answer = recorded(65)
    answer["query"] |= GROUP
    entry = translateanswers.mark_entry(answer, "Plan")
    assert entry is not None
    assert (entry["logid"], entry["params"]["revision"]) == (3305, 2835)


def test_other_lines_of_the_log_do_not_hide_the_marking():
    entry = translateanswers.mark_entry(log("prioritylanguages", "encourage", "mark"), "Plan")
    assert entry is not None


def test_a_page_that_is_not_translatable_now_is_not_marked():
    assert translateanswers.mark_entry(recorded(42), "Plan") is None
    assert translateanswers.mark_entry(recorded(65), "Plan") is None


@pytest.mark.parametrize("actions", [(), ("moveok",), ("unmark", "mark"), ("deletefok", "mark")])
def test_a_marked_page_whose_log_says_nothing_is_refused(actions: tuple[str, ...]):
    with pytest.raises(Refusal) as raised:
        translateanswers.mark_entry(log(*actions), "Plan")
    assert str(raised.value) == (
        "Plan: the page is marked for translation, but no log says which revision of it (it was "
        "moved, or the log is hidden); have it marked once by hand, then run again"
    )


@pytest.mark.parametrize(
    ("actions", "group", "missing", "agrees"),
    [
        (("mark",), True, False, True),
        ((), False, False, True),
        (("unmark", "mark"), False, False, True),
        (("mark",), False, True, True),
        (("mark",), True, True, False),
        (("unmark", "mark"), True, False, False),
        (("mark",), False, False, False),
        ((), True, False, False),
    ],
    ids=[
        "marked", "never marked", "unmarked", "deleted", "just deleted", "just unmarked",
        "just restored", "moved here",
    ],
)  # fmt: skip
def test_page_log_and_group_may_say_different_things_for_a_while(
    actions: tuple[str, ...], group: bool, missing: bool, agrees: bool
):
    answer = log(*actions)
    answer["query"]["pages"] = [{"title": "Plan", "ns": 0} | ({"missing": True} if missing else {})]
    if not group:
        del answer["query"]["messagegroups"]
    assert translateanswers.agrees(answer) is agrees


def test_a_pages_own_language_is_known_where_it_is_translatable():
    assert translateanswers.language(log("mark")) == "en"
    assert translateanswers.language({"query": {"messagegroups": []}}) == ""
    german = {"query": {"messagegroups": [{"id": "page-Plan", "sourcelanguage": "de"}]}}
    assert translateanswers.language(german) == "de"


def content(title: str, text: str) -> dict[str, Any]:
    slots = {"main": {"content": text}}
    return {"query": {"pages": [{"title": title, "revisions": [{"revid": 7, "slots": slots}]}]}}


ENTRY = {"params": {"revision": 7}, "user": "TAdmin", "timestamp": "2026-11-22T12:40:38Z"}


def test_a_marked_revision_has_the_raw_texts_of_its_units():
    text = "<translate><!--T:b--> One.</translate>\n<translate><!--T:a--> Two.</translate>"
    marked = translateanswers.marked(ENTRY, content("Plan", text), "Plan", "1.43")
    assert list(marked.units.items()) == [("b", "One."), ("a", "Two.")]
    assert (marked.revision, marked.user, marked.text) == (7, "TAdmin", text)


@pytest.mark.parametrize("answer", [content("Other", "text"), {"query": {"badrevids": {}}}])
def test_a_marked_revision_that_is_gone_or_another_pages_is_refused(answer: dict[str, Any]):
    with pytest.raises(Refusal, match="the marked revision 7 is not in the page's history"):
        translateanswers.marked(ENTRY, answer, "Plan", "1.43")


# Marking


def test_a_marking_says_what_was_done():
    assert translateanswers.marking(recorded(10), "Plan") == Marking(first=True, units=5)
    assert translateanswers.marking(recorded(56), "Plan") == Marking(first=False, units=5)


@pytest.mark.parametrize(("code", "kind"), ERRORS)
def test_every_error_is_a_conflict_a_refusal_a_stop_or_unclear(code: str, kind: str):
    with pytest.raises(KINDS[kind]) as raised:
        translateanswers.marking(failed(code), "Plan")
    assert type(raised.value) is KINDS[kind]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (
            2,
            "Plan is not marked: the account may not mark pages: the wiki says “You don't have "
            "permission to manage translatable pages.” (permissiondenied); "
            "hand the page over to a translation administrator",
        ),
        (
            6,
            "Plan: the page was deleted or moved after it was looked at; "
            "run again: the next run works from the page as it is then",
        ),
        (
            8,
            "Plan: somebody changed the page after it was looked at; "
            "run again: the next run works from the page as it is then",
        ),
        (
            9,
            "Plan is not marked: a priority language is not known to the wiki: the wiki says "
            "“Invalid language code specified for priority languages: xx-bad” "
            "(markfortranslation-invalid-prioritylangs); "
            "correct priority-languages in pages.yaml",
        ),
    ],
)
def test_a_refused_marking_is_told_with_the_wikis_words(number: int, words: str):
    with pytest.raises(Refusal) as raised:
        translateanswers.marking(recorded(number), "Plan")
    assert str(raised.value) == words


def test_all_errors_of_a_marking_are_told_at_once_and_the_same_advice_once():
    with pytest.raises(Refusal) as raised:
        translateanswers.marking(failed("tpt-duplicate", "tpt-invalid", "tpt-duplicate"), "Plan")
    assert raised.value.code == "tpt-duplicate"
    assert str(raised.value) == (
        "Plan is not marked: "
        "an id stands twice on the page: the wiki says “Words of tpt-duplicate.” (tpt-duplicate); "
        "an id cannot be used: the wiki says “Words of tpt-invalid.” (tpt-invalid); "
        "correct the id under ids in pages.yaml, or the unit's marker on the page"
    )


def test_an_answer_that_says_nothing_is_unclear():
    with pytest.raises(Unclear):
        translateanswers.marking({"markfortranslation": {}}, "Plan")


# No extension

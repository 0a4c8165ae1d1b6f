"""What the Translate extension says, as values, and a wiki that has no such extension."""

from __future__ import annotations

import inspect

import pytest

from wikiplan.errors import Refusal
from wikiplan.translate import DEFAULT_VERSION, VERSIONS
from wikiplan.wiki.interface import Revision
from wikiplan.wiki.translate import (
    Counts,
    Group,
    NoTranslate,
    Priority,
    Status,
    TranslateWiki,
    UnitState,
)

MISSING = NoTranslate("folder:pages")


@pytest.mark.parametrize(
    ("status", "current", "outdated"),
    [
        (Status.UNTRANSLATED, False, False),
        (Status.TRANSLATED, True, False),
        (Status.PROOFREAD, True, False),
        (Status.OUTDATED, False, True),
    ],
)
def test_a_translation_is_current_outdated_or_not_there(status, current, outdated):
    state = UnitState(status)
    assert (state.current, state.outdated) == (current, outdated)


@pytest.mark.parametrize(
    ("priority", "taken"),
    [
        (None, ["ar", "de"]),
        (Priority(("ar",)), ["ar", "de"]),
        (Priority(("ar",), force=True), ["ar"]),
        (Priority((), force=True), []),
    ],
)
def test_only_forced_priority_languages_keep_the_others_out(priority, taken):
    group = Group("en", {"fr": Counts(5, 3, 0)}, priority)
    assert [language for language in ("ar", "de") if group.takes(language)] == taken


def test_what_the_wiki_said_does_not_change_any_more():
    with pytest.raises(AttributeError):
        UnitState(Status.TRANSLATED).status = Status.OUTDATED  # type: ignore[misc]


# Without the extension


def test_a_wiki_without_the_extension_answers_every_question_of_the_interface():
    asked = {
        name
        for name, member in vars(TranslateWiki).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    }
    assert asked - set(dir(MISSING)) == set()
    for name in asked:
        mine, theirs = getattr(NoTranslate, name), getattr(TranslateWiki, name)
        if not isinstance(mine, property):
            assert inspect.signature(mine) == inspect.signature(theirs), name


def test_nothing_is_translatable_there():
    wiki: TranslateWiki = MISSING
    assert (wiki.group("Plan"), wiki.marked("Plan"), wiki.marked_revision("Plan")) == (
        None,
        None,
        0,
    )
    assert wiki.states("Plan", "ar") == wiki.disabled_languages("Plan", "a", ["ar"]) == {}
    assert wiki.left_translations("Plan", ["a"], ["ar"]) == wiki.unit_pages("Plan", [("a", "ar")])
    assert wiki.made_for("Plan", "a", "ar") is None
    assert (wiki.jobs_done("Plan", {"a": "One."}), wiki.unmarked_revisions("Plan", 7)) == (True, ())
    assert wiki.marking_url("Plan", 7) == ""


def test_ids_that_are_known_stay_used_there():
    known = {"a": "One."}
    used = MISSING.used_ids("Plan", known)
    assert (used, used is known) == ({"a": "One."}, False)


def test_the_usual_rules_hold_there_and_nothing_is_assumed():
    assert (MISSING.version, MISSING.assumption) == (DEFAULT_VERSION, "")
    assert DEFAULT_VERSION in VERSIONS


def test_marking_and_translating_are_refused_with_the_way_out():
    assert MISSING.marking_refusal() == (
        "no-translate",
        "folder:pages has no Translate extension",
    )
    with pytest.raises(Refusal) as refused:
        MISSING.mark("Plan", 7)
    assert (refused.value.code, str(refused.value)) == (
        "no-translate",
        "Plan: folder:pages has no Translate extension, so nothing can be marked there; "
        "take the kind “translatable” out of pages.yaml",
    )
    with pytest.raises(Refusal) as refused:
        MISSING.translate(Revision("Translations:Plan/a/ar"), "text", "summary")
    assert (refused.value.code, str(refused.value)) == (
        "no-translate",
        "Translations:Plan/a/ar: folder:pages has no Translate extension; nothing was saved",
    )

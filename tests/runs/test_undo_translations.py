"""Taking back a run on a translatable page, on a real MediaWiki with the real extension."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.runs.test_marking import (
    DISINFORMATION,
    NEW_ITEM,
    SamplePlan,
    count,
    forecast,
    lab,
    plan,
    publish,
    spared,
    translate_all,
)
from tests.support.running import script
from tests.support.translatelab import TranslateWiki

pytestmark = [pytest.mark.wiki, pytest.mark.translate]
__all__ = ["lab", "plan"]  # fixtures

UNIT, OTHER = "priorities-2020-2021.trust-and-safety.operations", "priorities-2020-2021.heading"


def changed(lab: TranslateWiki, plan: SamplePlan) -> str:
    """Publish the plan, let it be translated, publish changes of all kinds; return that run."""
    publish(lab, plan)
    translate_all(lab, plan.title)
    plan.change(
        "priorities/2020-2021.yaml",
        ("Comply with the law, together", "Comply with all laws, together"),  # one text
        ("target: 2022-01", "target: 2022-02"),  # a date
        ('heading: {text: "Priorities: $year"}', 'heading: {text: "Plans: $year"}'),  # a heading
        (DISINFORMATION, NEW_ITEM),  # one item out, one in
    )
    update = publish(lab, plan, "-allow:orphaned")
    assert count(lab, plan.title, "ar")["outdated"] == 2
    return str(update.report["run"])


def test_undone_and_marked_the_translations_are_current_again(lab: TranslateWiki, plan: SamplePlan):
    title = plan.title
    run = changed(lab, plan)
    saved, previous = (int(each["revid"]) for each in lab.history(title)[:2])
    before = text_of(lab, previous)

    undone = plan.run("plan_undo", run, "-always")
    assert (undone.status, undone.actions) == (3, {title: "update"}), undone.err
    assert lab.text(title) == before
    assert lab.history(title)[0]["parentid"] == saved
    told = forecast(undone)
    lab.mark(title, spared=spared(undone))
    lab.run_jobs()
    assert lab.text(title) == before, "marking made no revision"
    for language in ("ar", "de"):
        wiki, kept = count(lab, title, language), told[language]["kept"]
        again = 2 if lab.marks_through_api else 0  # 1.39 never takes a mark away by itself
        assert wiki == {"kept": kept + again, "outdated": 2 - again, "new": 0}
        assert told[language]["again"] == again
        assert told[language]["outdated"] == 0


def test_what_was_translated_anew_since_is_foretold_and_turns_outdated(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    run = changed(lab, plan)
    lab.translate(title, UNIT, "ar", "ترجمة جديدة")
    lab.translate(title, OTHER, "ar", "!!FUZZY!!عنوان")
    lab.run_jobs()
    undone = plan.run("plan_undo", run, "-always", "-allow:outdated")
    told = forecast(undone)
    lab.mark(title, spared=spared(undone))
    lab.run_jobs()
    states = lab.states(title, "ar")
    assert states[UNIT] == "fuzzy"
    assert told["ar"]["outdated"] == 1
    assert (states[OTHER], told["ar"]["again"]) == ("fuzzy", 0)
    assert told["de"]["again"] == (2 if lab.marks_through_api else 0)
    assert lab.states(title, "de")[UNIT] == ("translated" if lab.marks_through_api else "fuzzy")


def text_of(lab: TranslateWiki, revision: int) -> str:
    answer = lab.api(
        action="query", revids=revision, prop="revisions", rvprop="content", rvslots="main"
    )
    return str(answer["query"]["pages"][0]["revisions"][0]["slots"]["main"]["content"])


def test_markers_around_what_people_wrote_go_again_and_no_translation_notices(
    lab: TranslateWiki, translate_site: Callable[..., Any], title: str, tmp_path: Path
):
    text = "<translate>\nLead.\n\n== Goals ==\n\nOne.\n\n== More ==\n\nTwo.\n</translate>"
    lab.edit(title, text, "Admin")
    lab.mark(title)
    lab.run_jobs()
    before = lab.text(title)
    lab.fill_translations(title, [str(number) for number in range(1, 6)], ["ar", "de"])
    lab.run_jobs()
    states = {code: lab.states(title, code) for code in ("ar", "de")}
    translate_site()
    wanted = ("-section:goals=Goals", "-section:more=More", "-always")
    made = script("plan_adopt", "-site:lab:lab", f"-page:{title}", *wanted, directory=tmp_path)
    run = str(made.report["run"])
    adopted = lab.text(title)
    assert adopted.count("</translate>") == 3
    lab.mark(title)
    lab.run_jobs()
    lab.edit(title, adopted.replace("Two.", "Two.\n\nThree."), "Admin")

    undone = script("plan_undo", "-site:lab:lab", run, "-always", directory=tmp_path)
    assert (undone.status, undone.actions) == (3, {title: "update"}), undone.err
    assert lab.text(title) == before.replace("Two.", "Two.\n\nThree.")
    lab.mark(title)
    lab.run_jobs()
    for code, each in states.items():
        now = lab.states(title, code)
        assert {id: now[id] for id in each} == each


@pytest.mark.parametrize("marked", [False, True])
def test_what_a_person_undoes_stays_back_whether_it_is_marked_or_not(
    lab: TranslateWiki, plan: SamplePlan, marked: bool
):
    title = plan.title
    changed(lab, plan)
    newest = lab.history(title)[0]["revid"]
    lab.edit(title, "", "Admin", undo=str(newest))
    undone = lab.text(title)
    if marked:
        lab.mark(title)
        lab.run_jobs()
    for _ in range(2):
        again = plan.run("plan_update", "-always", "-allow:orphaned")
        assert (again.status, again.actions) == (3, {title: "drift"}), again.err
        states = {s["name"]: s["state"] for s in again.report["pages"][0]["sections"]}
        assert states["priorities-2020-2021"] == "reverted"
        assert lab.text(title) == undone

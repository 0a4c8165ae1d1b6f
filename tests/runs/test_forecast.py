"""The forecast counts what the wiki then has: every unit, the title's too, whoever wrote it."""

from __future__ import annotations

import re

import pytest

from tests.runs.test_marking import (
    DISINFORMATION,
    SamplePlan,
    forecast,
    lab,
    plan,
    publish,
    spared,
    translate_all,
)
from tests.support.translatelab import TranslateWiki
from wikiplan.translate import TITLE_UNIT

__all__ = ["lab", "plan"]
pytestmark = [pytest.mark.wiki, pytest.mark.translate]

FILE = "priorities/2020-2021.yaml"
COUNTED = {"kept": "translated", "outdated": "fuzzy", "new": "untranslated"}


def counted(lab: TranslateWiki, title: str, language: str) -> dict[str, int]:
    """Count all units of a language as the wiki says."""
    states = list(lab.states(title, language).values())
    return {name: states.count(status) for name, status in COUNTED.items()}


def test_units_without_a_marker_and_the_title_count_as_the_wiki_counts_them(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    for language in ("ar", "de"):
        lab.translate(title, TITLE_UNIT, language, f"Title in {language}")
    text = lab.text(title)
    added = "** <translate>A person's item.</translate>\n** <translate>And another.</translate>\n"
    end = text.index("<!-- wikiplan:end priorities-2020-2021")
    outside = "\n\n<translate>\n== People's heading ==\n\nPeople's paragraph.\n</translate>"
    lab.edit(title, text[:end] + added + text[end:] + outside)
    plan.change(FILE, ("Comply with the law,", "Obey the law,"))
    update = plan.run("plan_update", "-always")
    assert update.actions == {title: "update"}, update.out + update.err
    told = forecast(update)
    lab.mark(title, spared=spared(update))
    lab.run_jobs()
    for language in ("ar", "de"):
        wiki = counted(lab, title, language)
        assert {name: told[language][name] for name in wiki} == wiki
        assert (told[language]["new"], told[language]["outdated"]) == (4, 1)
    numbers = {id for id in lab.states(title, "ar") if id.isdigit()}
    assert numbers == set(re.findall(r"^  ([0-9]+): new, ", update.out, re.MULTILINE))


def test_an_outdated_translation_of_a_text_that_comes_back_is_not_counted_as_kept(
    lab: TranslateWiki, plan: SamplePlan
):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    plan.change(FILE, ("Protect the integrity of", "Protect the whole integrity of"))
    publish(lab, plan)
    unit = "priorities-2020-2021.trust-and-safety.disinformation"
    lab.translate(title, unit, "de", "Neu")
    path = plan.directory / "data" / FILE
    original, item = path.read_text(), DISINFORMATION.replace("the integ", "the whole integ")
    plan.change(FILE, (item, ""))
    publish(lab, plan, "-allow:orphaned")
    path.write_text(original)
    told = forecast(publish(lab, plan))
    assert (told["ar"]["new"], told["de"]["new"]) == (1, 0)
    states = {language: lab.states(title, language)[unit] for language in ("ar", "de")}
    assert states == {"ar": "fuzzy", "de": "translated"}


def test_an_owner_says_that_a_change_of_values_alone_outdates(lab: TranslateWiki, plan: SamplePlan):
    title = plan.title
    publish(lab, plan)
    translate_all(lab, title)
    unit = "priorities-2020-2021.human-rights.training"
    moved = ("target: 2022-01\n", "target: 2022-09\n        change: meaning\n")
    plan.change(FILE, moved)
    update = plan.run("plan_update", "-always")
    assert update.actions == {title: "update"}, update.out + update.err
    assert {language: told["outdated"] for language, told in forecast(update).items()} == {
        "ar": 1,
        "de": 1,
    }
    if not lab.marks_through_api:
        lab.mark(title, spared=spared(update))
    else:
        marked = plan.run("plan_translations", "mark", "-always", "-user:TAdmin", "-allow:others")
        assert marked.status == 0, marked.out + marked.err
    lab.run_jobs()
    for language in ("ar", "de"):
        states = lab.states(title, language)
        assert [id for id, state in states.items() if state == "fuzzy"] == [unit]
    assert plan.run("plan_update", "-always").report["outcome"] == "nothing"

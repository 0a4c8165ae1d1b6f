"""Edits of pages that `-drift:import` takes into the plan have their credit, as those of a pull."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_plainpull import KEY, NEW, OLD, Scene, entries, plan, scene
from wikiplan import utc

__all__ = ["plan", "scene"]
pytestmark = pytest.mark.parametrize("place", ["folder"], indirect=True)

ENGLISH, BETTER = "Comply with the law", "Comply with all laws"
ENGLISH_KEY = "priorities-2020-2021.trust-and-safety.operations"


def seen_in(plan: Path, language: str) -> dict[str, dict[str, str]]:
    path = plan / "data" / "locale" / "synced" / f"{language}.json"
    return dict(json.loads(path.read_text("utf-8")))


def imported(scene: Scene) -> dict[str, tuple[str, list[str]]]:
    """Import what people changed; returns whom the report credits, by language."""
    done = scene.run("plan_update", "-always", "-drift:import")
    assert (done.status, done.report["outcome"]) == (0, "done"), done.out + done.err
    found = done.report.get("translators", ())
    return {each["lang"]: (each["account"], each["texts"]) for each in found}


def test_a_translation_has_its_credit_in_the_catalog_beside_it_and_in_the_report(scene: Scene):
    scene.retype("ar", OLD, NEW)
    page = scene.place.wiki.read([f"{scene.title}/ar"])[f"{scene.title}/ar"]
    assert imported(scene) == {"ar": (page.user, [KEY])}
    row = seen_in(scene.plan, "ar")[f"{scene.title}/ar/{KEY}"]
    assert (row["translator"], row["revision"]) == (page.user, page.number)
    assert page.timestamp is not None
    assert row["time"] == utc.stamp(page.timestamp)
    assert f'"Last-Translator: User:{page.user}\\n"' in scene.catalog("ar")
    assert NEW in entries(scene.catalog("ar"))


def test_an_edit_of_the_plans_own_text_has_its_credit_in_the_report(scene: Scene):
    scene.retype("en", ENGLISH, BETTER)
    user = scene.place.wiki.read([scene.title])[scene.title].user
    assert imported(scene) == {"en": (user, [ENGLISH_KEY])}
    assert not (scene.plan / "data" / "locale" / "synced" / "en.json").exists()


def test_who_asked_not_to_be_named_is_named_nowhere(scene: Scene):
    scene.retype("ar", OLD, NEW)
    scene.retype("en", ENGLISH, BETTER)
    user = scene.place.wiki.read([scene.title])[scene.title].user
    with (scene.plan / "data" / "pages.yaml").open("a") as file:
        file.write(f"translators: {{unnamed: [{user!r}]}}\n")
    assert imported(scene) == {}
    files = (scene.plan / "data" / "locale").rglob("*.*")
    assert not [file for file in files if user in file.read_text("utf-8")]

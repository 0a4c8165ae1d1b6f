"""Edits of units become new bytes of YAML files and catalogs; with these the page renders so."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.test_renderer import PLAN, TEMPLATES, catalogs_of
from tests.support.samples import examples
from wikiplan.catalogs import catalog
from wikiplan.catalogs.translation import State
from wikiplan.changes.importing import Imported, plan_changes
from wikiplan.plan import plan
from wikiplan.render.renderer import PageSection, Renderer
from wikiplan.render.unitedits import UnitEdit, edits

NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
BOATS = "priorities-2020-2021.boats"


@pytest.fixture
def data(tmp_path):
    return Path(shutil.copytree(PLAN, tmp_path / "data"))


def imported(data: Path, *changes: UnitEdit) -> Imported:
    loaded = plan.load(data)
    return plan_changes(loaded, catalogs_of(data, loaded), changes)


def reasons(found: Imported) -> list[str]:
    return [reason for _, reason in found.left]


def test_english_goes_into_the_plan_and_a_translation_into_its_catalog(data):
    english = UnitEdit("department.mission", "en", "We keep ships safe.", "We keep all ships safe.")
    arabic = UnitEdit(
        "department.mission", "ar", "نحافظ على سلامة السفن.", "نحافظ على سلامة كل السفن."
    )
    found = imported(data, english, arabic)
    assert found.taken == (english, arabic)
    assert found.left == ()
    assert [file.path for file in found.files] == [
        data / "department.yaml",
        data / "locale" / "ar.po",
    ]
    catalog.write(found.files)
    loaded = plan.load(data)
    unit = loaded.units["department.mission"]
    assert unit.text == "We keep all ships safe."
    read = catalogs_of(data, loaded)["ar"].get(unit)
    assert (read.text, read.state) == ("نحافظ على سلامة كل السفن.", State.OUTDATED)


def test_nothing_is_written_and_what_was_given_is_not_changed(data):
    loaded = plan.load(data)
    catalogs = catalogs_of(data, loaded)
    before = {path: path.read_bytes() for path in data.rglob("*.*")}
    text = catalogs["ar"].text()
    arabic = UnitEdit("department.mission", "ar", "نحافظ على سلامة السفن.", "نحافظ على كل السفن.")
    found = plan_changes(loaded, catalogs, [arabic])
    assert (
        found.catalogs["ar"].get(loaded.units["department.mission"]).text == "نحافظ على كل السفن."
    )
    assert catalogs["ar"].text() == text
    assert {path: path.read_bytes() for path in data.rglob("*.*")} == before


def test_a_text_that_would_break_the_page_is_left_with_the_finding(data):
    english = UnitEdit(
        "department.mission", "en", "We keep ships safe.", "We '''keep ships safe. ~~~~"
    )
    arabic = UnitEdit(
        f"{BOATS}.paint", "ar", "طلاء القوارب قبل $target.", "طلاء [[القوارب قبل $target."
    )
    found = imported(data, english, arabic)
    assert found.files == ()
    assert found.taken == ()
    assert reasons(found) == [
        "holds a signature (“~~~~”); remove the tildes",
        "in the translation the wikitext is unbalanced, character 6: “[[” is never closed;"
        " correct it",
    ]


def test_an_edit_that_is_wrong_does_not_keep_the_others_out(data):
    wrong = UnitEdit("department.mission", "en", "We keep ships safe.", "* We keep ships safe.")
    right = UnitEdit("department.teams-heading", "en", "Teams", "All teams")
    found = imported(data, wrong, right)
    assert found.taken == (right,)
    assert [file.path.name for file in found.files] == ["department.yaml"]
    assert b"text: All teams" in found.files[0].after
    assert b"We keep ships safe." in found.files[0].after


def test_an_edit_of_a_text_that_changed_meanwhile_is_left(data):
    found = imported(
        data,
        UnitEdit("department.mission", "en", "We keep boats safe.", "We keep all boats safe."),
        UnitEdit("department.mission", "ar", "نص آخر", "نص آخر جديد"),
        UnitEdit("department.gone", "en", "Gone", "Gone away"),
    )
    assert reasons(found) == ["the plan or the catalog has another text by now"] * 3


def test_two_edits_that_say_different_things_are_both_left(data):
    one = UnitEdit("department.teams-heading", "en", "Teams", "All teams")
    other = UnitEdit("department.teams-heading", "en", "Teams", "Our teams")
    assert (
        reasons(imported(data, one, other)) == ["another edit gives the same text other words"] * 2
    )
    assert imported(data, one, one).taken == (one,)


def test_a_corrected_outdated_translation_stays_outdated(data):
    loaded = plan.load(data)
    key = "priorities-2021-2022.lights.keeper"
    edit = UnitEdit(key, "ar", "البحث عن حارس.", "البحث عن حارس جديد.")
    (file,) = imported(data, edit).files
    catalog.write([file])
    read = catalogs_of(data, loaded)["ar"].get(loaded.units[key])
    assert (read.text, read.state) == ("البحث عن حارس جديد.", State.OUTDATED)


def test_what_was_translated_on_the_page_becomes_a_current_translation(data):
    loaded = plan.load(data)
    keys = {"priorities-2021-2022.lights.fog": "ar", "department.mission": "he"}
    found = imported(data, *(UnitEdit(key, code, "", "נוסח") for key, code in keys.items()))
    catalog.write(found.files)
    taken = {edit.key for edit in found.taken}
    assert taken | {edit.key for edit, _ in found.left} == set(keys)
    for key in taken:
        read = catalogs_of(data, loaded)[keys[key]].get(loaded.units[key])
        assert (read.text, read.state) == ("נוסח", State.TRANSLATED)
    assert reasons(found) == [
        "its catalog has no entry for the text yet (plan_translations update makes one)"
    ] * (2 - len(taken))
    assert "department.mission" in taken


WORDS = st.text("abcxyz", min_size=1, max_size=6)


@pytest.mark.heavy
@settings(max_examples=examples(15), deadline=None)
@given(st.data())
def test_what_was_imported_is_rendered_as_people_wrote_it(tmp_path_factory, draws):
    data = Path(shutil.copytree(PLAN, tmp_path_factory.mktemp("import") / "data"))
    loaded = plan.load(data)
    catalogs = catalogs_of(data, loaded)
    renderer = Renderer(loaded, catalogs, TEMPLATES, NOW)
    page = loaded.pages[0]
    section = draws.draw(st.sampled_from([s for s in page.sections if s.name != "office-hours"]))
    language = draws.draw(st.sampled_from(["en", "ar"]))
    placed = renderer.placed(PageSection(page, section, language, "en"))
    theirs = placed.text
    for place in reversed(placed.places):
        if draws.draw(st.booleans()) and not any(f.stop == place.stop for f in place.filled):
            end = place.stop - 1
            theirs = f"{theirs[:end]} {draws.draw(WORDS)}{theirs[end:]}"
    found = edits(placed, placed.text, theirs)
    result = plan_changes(loaded, catalogs, found.assigned)
    catalog.write(result.files)
    again = plan.load(data)
    fresh = Renderer(again, catalogs_of(data, again), TEMPLATES, NOW)
    if not found.left and not result.left:
        assert fresh.section(PageSection(again.pages[0], section, language, "en")).text == theirs

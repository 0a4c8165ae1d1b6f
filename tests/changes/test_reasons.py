"""What becomes of a section that people edited, and what is said of it.

Whole cases stand in tests/cases/drift (see tests/session/test_changesets.py).
"""

from __future__ import annotations

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import reasons
from wikiplan.changes.apply import Application
from wikiplan.changes.changeset import PageChange, SectionState
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections


class Scene:
    """A page with the section ``a`` as the plan wrote it, in a folder."""

    def __init__(self, directory, folder: Folder, kind: str = "plain") -> None:
        self.directory, self.folder, self.kind = directory, folder, kind
        self.people = FolderPeople(folder.directory)
        self.plan("One here.", "Two here.", "Three here.")
        Application(smallplan.compare(directory, folder), folder).run()

    def plan(self, *lines: str) -> None:
        smallplan.write(
            self.directory, {"a": "x"}, {"Plan": f"missing-page: create\nkind: {self.kind}"}
        )
        items = "".join(f"  - {{key: k{at}, text: {line!r}}}\n" for at, line in enumerate(lines))
        (self.directory / "data" / "a.yaml").write_text(f"items:\n{items}")
        (self.directory / "templates" / "line.wiki").write_text(
            "{% for each in data['items'] %}\n* {{ each.text }}\n{% endfor %}\n"
        )

    def edit(self, old: str, new: str) -> None:
        text = self.people.text("Plan")
        assert text.count(old) == 1
        self.people.edit("Plan", text.replace(old, new))

    def compare(self, answer: str = "") -> PageChange:
        (page,) = smallplan.compare(self.directory, self.folder, drift=answer).pages
        return page


@pytest.fixture
def scene(tmp_path, folder: Folder) -> Scene:
    return Scene(tmp_path, folder)


@pytest.fixture
def translatable(tmp_path, folder: Folder) -> Scene:
    return Scene(tmp_path, folder, "translatable")


def state(page: PageChange) -> SectionState:
    return page.sections[0].state


def test_an_edit_where_the_plan_stayed_is_left_alone(scene: Scene):
    scene.edit("Two here.", "Two there.")
    page = scene.compare()
    assert (state(page), page.after) == (SectionState.DRIFT, page.before)
    assert reasons.reason(page) == (
        "section a: edited on the wiki since wikiplan last wrote it, left alone; take the edit "
        "into the plan with -drift:import, or the section back with -drift:reclaim"
    )


def test_an_edit_and_a_change_elsewhere_are_merged_and_the_edit_still_waits(scene: Scene):
    scene.edit("Three here.", "Three there.")
    scene.plan("One, new.", "Two here.", "Three here.")
    page = scene.compare()
    assert state(page) is SectionState.MERGED
    assert "* One, new.\n* Two here.\n* Three there." in page.after
    assert page.sections[0].own == "* One, new.\n* Two here.\n* Three here."
    assert reasons.reason(page).startswith(
        "section a: edited on the wiki since wikiplan last wrote it; the plan's change is merged"
    )


def test_an_edit_of_what_the_plan_changed_too_is_a_conflict(scene: Scene):
    scene.edit("Two here.", "Two there.")
    scene.plan("One here.", "Two, new.", "Three here.")
    page = scene.compare()
    assert (state(page), page.after) == (SectionState.CONFLICT, page.before)
    assert reasons.reason(page) == (
        "section a: people and the plan changed the same text, left alone; put into the plan what "
        "is right, then take the section back with -drift:reclaim"
    )


def test_a_reclaim_names_the_revision_and_the_person_that_it_overwrites(scene: Scene):
    scene.edit("Two here.", "Two there.")
    newest = scene.folder.read(["Plan"])["Plan"]
    page = scene.compare("reclaim")
    assert state(page) is SectionState.RECLAIMED
    assert page.sections[0].overwritten == (newest.number, newest.user)
    assert "Two here." in page.after
    assert reasons.reason(page) == ""


def test_what_was_written_before_is_found_in_the_history_with_who_changed_it(scene: Scene):
    scene.edit("Two here.", "Two there.")
    found = scene.compare().sections[0].drift
    assert found
    assert (found.base, found.now, found.ours) == (
        "* One here.\n* Two here.\n* Three here.",
        "* One here.\n* Two there.\n* Three here.",
        "* One here.\n* Two here.\n* Three here.",
    )
    assert len(found.edits) == 1
    assert not found.units.assigned


def test_only_an_import_reads_what_an_edit_means_for_the_units(scene: Scene):
    scene.edit("Two here.", "Two there.")
    found = scene.compare("import").sections[0].drift
    assert found
    assert [(each.key, each.after) for each in found.units.assigned] == [("a.k1", "Two there.")]


def test_a_digest_that_no_revision_has_leaves_only_the_hand(scene: Scene):
    scene.edit("Two here.", "Two there.")
    text = scene.people.text("Plan")
    digest = sections.find(text)[0].digest
    assert digest
    scene.people.edit("Plan", text.replace(digest, "0" * len(digest)))
    page = scene.compare()
    assert state(page) is SectionState.DRIFT
    assert "what wikiplan wrote before is not known" in reasons.reason(page)


def test_a_page_without_edits_has_nothing_to_say(scene: Scene):
    assert reasons.reason(scene.compare()) == ""


CARE = "<!--T:a.k1--> "


def test_a_marker_that_is_gone_is_named_with_the_text_that_it_belongs_to(translatable: Scene):
    translatable.edit(CARE, "")
    assert reasons.reason(translatable.compare()) == (
        "section a: somebody took the marker <!--T:a.k1--> out and left its text (“Two here.”); "
        "once the page is marked, the unit's translations are gone from it: put the marker back "
        "in front of the text, or let -drift:reclaim do it"
    )
    assert translatable.compare("reclaim").after.count("Two here.") == 1


def test_a_text_that_marking_numbered_anew_is_told_with_both_ids(translatable: Scene):
    translatable.edit(CARE, "<!--T:21--> ")
    assert reasons.reason(translatable.compare("import")) == (
        "section a: somebody took the marker <!--T:a.k1--> out, and its text (“Two here.”) has "
        "<!--T:21--> now, without the unit's translations: put <!--T:a.k1--> in the place of "
        "<!--T:21-->, or let -drift:reclaim do it; translations that were made since under 21 then "
        "leave the page"
    )


def test_what_people_added_to_a_text_that_the_plan_drops_is_asked_about(translatable: Scene):
    translatable.edit(
        "Three here.</translate>", "Three here.</translate> <translate>Mine.</translate>"
    )
    assert translatable.compare().action == "none"
    translatable.plan("One here.", "Two here.")
    page = translatable.compare()
    assert (state(page), page.after) == (SectionState.CONFLICT, page.before)
    assert reasons.reason(page) == (
        "section a: people added “Mine.” to what the plan drops, left alone; move it on the wiki "
        "to where it belongs, or take it out there, or let -drift:reclaim put it behind what "
        "stands before"
    )
    reclaimed = translatable.compare("reclaim").after
    assert "Two here.</translate> <translate>Mine.</translate>\n" in reclaimed
    assert "Three" not in reclaimed


def test_an_edit_beside_a_marker_that_is_gone_is_told_first(translatable: Scene):
    translatable.edit(CARE, "")
    translatable.edit("Three here.", "Three there.")
    reason = reasons.reason(translatable.compare())
    assert reason.startswith("section a: edited on the wiki since wikiplan last wrote it, left")
    assert "; somebody took the marker <!--T:a.k1--> out" in reason

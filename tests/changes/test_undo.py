"""The change set that takes a run back, on a folder wiki; whole runs are in runs/test_undo.py."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.changes import test_effects
from tests.support import smallplan
from tests.support.people import FolderPeople, Place
from wikiplan.changes import journal, undo
from wikiplan.changes.changeset import ChangeSet, PageChange
from wikiplan.changes.journal import RunEdit
from wikiplan.errors import Stop
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account
from wikiplan.wiki.translate import NoTranslate
from wikiplan.wikitext import sections
from wikiplan.wikitext.markers import wrapped

RUN, UNDOING = smallplan.RUN, "20210702T000000Z-def456"


@pytest.fixture
def place(folder: Folder) -> Place:
    return Place(folder, FolderPeople(folder.directory))


def page(a: str, b: str = "B.") -> str:
    return f"Above.\n\n{wrapped('a', a)}\n\nBetween.\n\n{wrapped('b', b)}\n\nBelow."


def save(place: Place, title: str, text: str, run: str = RUN) -> None:
    """Save as a run does."""
    place.wiki.save(place.edit(title, text, f"Changed [run {run}]"))


def taking_back(place: Place, **more: Any) -> undo.Undoing:
    wiki = place.wiki

    def no_translate() -> NoTranslate:
        return NoTranslate(wiki.name)

    def summarise(change: PageChange) -> str:
        return f"Took back {change.undoes}: {', '.join(s.name for s in change.sections)}"

    return undo.Undoing(RUN, wiki, wiki.account(), summarise, no_translate, **more)


def edits_of(place: Place) -> tuple[RunEdit, ...]:
    return journal.run_edits(RUN, place.wiki, ())


def computed(place: Place, edits: tuple[RunEdit, ...] = (), **more: Any) -> ChangeSet:
    return undo.compute(taking_back(place, **more), edits or edits_of(place), UNDOING)


def only(changes: ChangeSet) -> PageChange:
    (change,) = changes.pages
    return change


def states(change: PageChange) -> dict[str, str]:
    return {section.name: section.state.value for section in change.sections}


def test_the_change_set_has_every_page_of_the_run_by_its_title(place: Place):
    for title in ("Zinnias", "Roses"):
        place.people.edit(title, page("Old."))
        save(place, title, page("New."))
    told: list[str] = []
    changes = undo.compute(taking_back(place), edits_of(place), UNDOING, "Stop", told.append)
    assert told == ["Roses", "Zinnias"]
    assert [(each.title, each.after) for each in changes.pages] == [
        ("Roses", page("Old.")),
        ("Zinnias", page("Old.")),
    ]
    assert (changes.run, changes.stop_page) == (UNDOING, "Stop")
    assert (changes.most_pages, changes.most_shrink) == (2, undo.ANY_SHRINK)


def test_a_page_is_taken_back_with_its_summary_and_the_run_that_is_undone(place: Place):
    place.people.edit("Plan", page("Old.", "B."))
    save(place, "Plan", page("New.", "B."))
    change = only(computed(place))
    assert (change.action, change.undoes, change.told.reason) == ("update", RUN, "")
    assert change.told.summary == f"Took back {RUN}: a"
    assert [(s.name, s.state, s.before, s.after) for s in change.sections] == [
        ("a", "undone", "New.", "Old.")
    ]
    assert change.base.revision == place.wiki.read(["Plan"])["Plan"].number


def test_of_two_edits_of_a_run_the_newer_is_taken_back_first(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    save(place, "Plan", page("Newer.", "B too."))
    change = only(computed(place))
    assert change.after == page("Old.")
    assert states(change) == {"a": "undone", "b": "undone"}


def test_a_section_that_a_person_changed_since_waits_and_the_other_is_taken_back(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New.", "B, new."))
    place.people.edit("Plan", page("New, and better.", "B, new."))
    change = only(computed(place))
    assert change.after == page("New, and better.", "B.")
    assert states(change) == {"a": "drift", "b": "undone"}
    assert change.told.reason.startswith(
        "section a: it was changed since, left as it is; revision "
    )
    assert [each.sections for each in change.told.since] == [{"a": ("New.", "New, and better.")}]


def test_only_the_sections_that_are_wanted_are_taken_back(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New.", "B, new."))
    change = only(computed(place, only=("b",)))
    assert (change.after, states(change)) == (page("New.", "B."), {"b": "undone"})
    change = only(computed(place, only=("c",)))
    assert (change.action, change.told.reason) == ("none", undo.NO_SUCH_SECTION)


def test_a_run_that_was_taken_back_already_leaves_nothing_to_do(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    save(place, "Plan", only(computed(place)).after, UNDOING)
    change = only(computed(place))
    assert (change.action, change.told.reason) == (
        "none",
        "nothing of the run is left on this page",
    )


# What cannot be taken back


def test_texts_that_cannot_be_read_are_refused(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    edits = tuple(
        replace(edit, sections=(), damage="the text is hidden") for edit in edits_of(place)
    )
    change = only(computed(place, edits))
    assert (change.action, change.told.code, change.told.reason) == (
        "refused",
        "text-hidden",
        "what the run changed cannot be read: the text is hidden",
    )


def test_what_would_not_give_the_text_from_before_to_the_byte_is_refused(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    edits = tuple(replace(edit, sha1_before="0" * 40) for edit in edits_of(place))
    change = only(computed(place, edits))
    assert (change.action, change.told.code, change.told.reason) == (
        "refused",
        "not-exact",
        "taking the sections back would not give the page's text from before the run; "
        "undo it on the wiki",
    )
    place.people.edit("Plan", page("New.").replace("Above", "Far above"))
    assert only(computed(place, edits)).after == page("Old.").replace("Above", "Far above")


def test_an_edit_that_cannot_be_told_apart_from_peoples_text_is_refused(place: Place):
    place.people.edit("Plan", "Old.")
    save(place, "Plan", "New.")
    place.people.edit("Plan", "New, and more.")
    change = only(computed(place))
    assert (change.action, change.told.code, change.told.reason) == (
        "refused",
        "not-apart",
        undo.NOT_APART,
    )


def test_a_page_that_is_gone_or_another_one_is_left_alone(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    (listed,) = edits_of(place)
    edit = replace(listed, listed=False)
    other = only(computed(place, (replace(edit, page_id=edit.page_id + 7),)))
    assert (other.action, other.told.reason) == (
        "none",
        "another page stands under this title since the run (a move or a deletion)",
    )
    place.people.delete("Plan")
    gone = only(computed(place, (edit,)))
    assert (gone.action, gone.told.reason) == (
        "none",
        "the page is gone: deleted since the run, or moved without a redirect",
    )
    contradicted = only(computed(place, (listed,)))
    assert (contradicted.action, contradicted.told.code, contradicted.told.reason) == (
        "refused",
        "answers-differ",
        f"the wiki lists revision {listed.number} here, of page {listed.page_id}, and has no such "
        "page; run plan_undo again",
    )


@pytest.mark.parametrize(
    ("rights", "way"), [({"edit", "delete"}, "say -delete"), ({"edit"}, "ask an administrator")]
)
def test_a_page_that_the_run_made_waits_for_who_may_delete_it(
    place: Place, rights: set[str], way: str
):
    save(place, "Plan", page("New."))
    undoing = replace(taking_back(place), account=Account("PlanBot", frozenset(rights)))
    change = only(undo.compute(undoing, edits_of(place), UNDOING))
    assert (change.told.code, change.told.reason, change.to_delete) == (
        "created",
        f"the run created this page; taking that back means deleting it: {way}",
        True,
    )


def test_a_page_that_the_run_made_and_people_edited_is_theirs(place: Place):
    save(place, "Plan", page("New."))
    edits = edits_of(place)
    place.people.edit("Plan", page("New.") + " More.")
    change = only(computed(place, edits))
    assert (change.told.code, change.to_delete, change.action) == (undo.EDITED, False, "none")
    assert change.told.reason == (
        "the run created this page, and it was edited since; "
        "decide with its editors what becomes of it"
    )


def test_a_page_that_keeps_the_bot_out_is_refused_and_a_blocked_account_too(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    blocked = Account("PlanBot", frozenset({"edit"}), "by Admin")
    undoing = replace(taking_back(place), account=blocked)
    change = only(undo.compute(undoing, edits_of(place), UNDOING))
    assert (change.action, change.told.code) == ("refused", "blocked")
    place.people.edit("Plan", "{{nobots}}\n" + page("New."))
    change = only(computed(place))
    assert (change.action, change.told.code) == ("refused", "nobots")


def test_the_translate_extension_is_asked_for_only_where_there_are_its_tags(place: Place):
    def unreachable() -> NoTranslate:
        raise Stop("unreachable", "the wiki does not answer")

    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    undoing = replace(taking_back(place), translate=unreachable)
    assert only(undo.compute(undoing, edits_of(place), UNDOING)).action == "update"
    place.people.edit("Plan", page("New.") + "\n<translate>\nMore.\n</translate>")
    with pytest.raises(Stop, match="the wiki does not answer"):
        undo.compute(undoing, edits_of(place), UNDOING)
    assert only(computed(place)).effect is None


def test_a_page_of_no_plan_has_the_wikis_language_and_others_the_plans(place: Place):
    place.people.edit("Plan", page("Old."))
    save(place, "Plan", page("New."))
    edits = tuple(replace(edit, language="") for edit in edits_of(place))
    assert only(computed(place, edits)).language == "en"
    assert only(computed(place, edits, languages={"Plan": "ar"})).language == "ar"
    journaled = tuple(replace(edit, language="he") for edit in edits)
    assert only(computed(place, journaled, languages={"Plan": "ar"})).language == "he"


# The law


TEXTS = st.text(alphabet="ab*= \n", max_size=12)


@settings(max_examples=10, deadline=None)
@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(["", "Top.\n"]))
def test_sections_have_their_bytes_from_before_and_all_else_is_as_people_left_it(
    old_a, old_b, new_a, new_b, above
):
    with tempfile.TemporaryDirectory() as directory:
        wiki = Folder(Path(directory))
        place = Place(wiki, FolderPeople(wiki.directory))
        place.people.edit("Plan", page(old_a, old_b))
        before = place.people.text("Plan")
        save(place, "Plan", sections.replace(before, {"a": new_a, "b": new_b}))
        run_changed_it = place.people.text("Plan") != before
        place.people.edit("Plan", above + place.people.text("Plan"))
        edits = edits_of(place)
        assert bool(edits) == run_changed_it
        if edits:
            assert only(computed(place, edits)).after == above + before


def translatable(section: str, text: str, plan: str) -> str:
    return wrapped(section, f"<translate>\n<!--T:{section}.text-->\n{text}\n</translate>", plan)


@pytest.mark.parametrize(("before", "code"), [("gardens", ""), ("parks", "outdates-translations")])
def test_units_of_another_plan_are_not_held_to_the_limits_unless_the_run_took_them_over(
    place: Place, before: str, code: str
):
    theirs = translatable("b", "Changed, and not marked since.", "parks")
    place.people.edit("Plan", f"{translatable('a', 'Old.', before)}\n{theirs}")
    save(place, "Plan", f"{translatable('a', 'New.', 'gardens')}\n{theirs}")
    marked = {"a.text": "New." if code else "Old.", "b.text": "As it was marked."}
    told = test_effects.Wiki(marked, {"ar": "a.text b.text"})
    # It is a NoTranslate itself, of which nothing is asked.
    wiki = SimpleNamespace(**{n: getattr(told, n) for n in dir(told) if not n.startswith("_")})
    edits = edits_of(place)
    undoing = taking_back(place, plan=undo.plan_of(edits))
    changes = undo.compute(replace(undoing, translate=lambda: wiki), edits, UNDOING)
    assert (changes.plan, only(changes).told.code) == ("gardens", code)

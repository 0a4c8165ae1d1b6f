"""Which of a catalog's texts go to the wiki."""

from __future__ import annotations

import dataclasses

import pytest

from tests.support.syncmodel import LANGUAGE, TITLE, Desk, outcomes
from wikiplan.plan.facttypes import Name
from wikiplan.plan.plan import Credit
from wikiplan.sync.credit import KnownTranslators, Translator
from wikiplan.sync.push import LanguagePush, PushEdit
from wikiplan.sync.units import SyncResult
from wikiplan.value import replace
from wikiplan.wiki.interface import Revision

PLACES = {"a": "one.text", "b": "two.text"}


@pytest.fixture
def desk() -> Desk:
    return Desk(PLACES)


def pushing(desk: Desk, *, unfuzzy: bool = True) -> LanguagePush:
    return LanguagePush(LANGUAGE, desk.catalog, desk.base, (), "", unfuzzy)


def candidates(desk: Desk) -> list[str]:
    return [unit.id for unit in pushing(desk).candidates(desk.sync_units())]


def planned(desk: Desk, id: str = "a", *, unfuzzy: bool = True) -> PushEdit | SyncResult:
    unit = next(unit for unit in desk.sync_units() if unit.id == id)
    page = desk.wiki.unit_pages(TITLE, [(id, LANGUAGE)])[id, LANGUAGE]
    state = desk.wiki.states(TITLE, LANGUAGE).get(id)
    return pushing(desk, unfuzzy=unfuzzy).plan(unit, page, state)


def test_only_what_changed_since_it_was_seen_is_asked_for(desk: Desk):
    assert candidates(desk) == []
    desk.translate("one.text", "نص")
    assert candidates(desk) == ["a"]
    assert outcomes(desk.push()) == {"a": "pushed"}
    assert candidates(desk) == []
    desk.translate("two.text", "نص")
    assert candidates(desk) == ["b"]


def test_a_text_goes_to_the_wiki_once(desk: Desk):
    desk.translate("one.text", "نص")
    desk.push()
    edits = desk.wiki.edits
    assert (desk.push(), desk.wiki.edits) == ([], edits)


def test_the_english_is_no_translation(desk: Desk):
    desk.translate("one.text", "English 0 of one.text")
    assert candidates(desk) == []


def test_a_suggestion_is_nobodys_translation(desk: Desk):
    desk.catalog.suggest(desk.units["one.text"], "نص", "Other English")
    assert candidates(desk) == []


@pytest.mark.parametrize(
    ("titles", "source"), [((TITLE,), f"Translations:{TITLE}/a/{LANGUAGE}"), (("Other",), "")]
)
def test_a_copy_of_a_text_that_the_wiki_has_names_its_page(titles: tuple[str, ...], source: str):
    desk = Desk({"a": "one.text", "b": "one.text"})
    desk.wiki.write("a", "نص", "Trans")
    desk.pull()
    copies = dataclasses.replace(pushing(desk), titles=titles)
    unit = desk.sync_units()[1]
    found = copies.plan(unit, Revision("Translations:Plan/b/ar"))
    assert isinstance(found, PushEdit)
    assert (found.raw, found.source) == ("نص", source)


def test_a_text_that_somebody_made_on_the_wiki_is_pushed_elsewhere_in_that_name():
    desk = Desk({"a": "one.text", "b": "one.text"})
    desk.wiki.write("a", "نص", "Trans")
    desk.pull()
    known = KnownTranslators(desk.catalog, desk.base, Credit(), "PlanBot")
    there = Revision("Translations:Plan/b/ar", 1, 7, "قديم", "Else")
    taking = dataclasses.replace(pushing(desk), take="catalog", translators=known)
    found = taking.plan(desk.sync_units()[1], there)
    assert isinstance(found, PushEdit)
    assert found.translator == Translator("Trans")


def test_a_text_that_takes_the_place_of_another_is_no_copy():
    desk = Desk({"a": "one.text", "b": "one.text"})
    desk.wiki.write("a", "نص", "Trans")
    desk.pull()
    there = Revision("Translations:Plan/b/ar", 1, 7, "قديم", "Trans")
    taking = dataclasses.replace(pushing(desk), titles=(TITLE,), take="catalog")
    found = taking.plan(desk.sync_units()[1], there)
    assert isinstance(found, PushEdit)
    assert (found.raw, found.source) == ("نص", "")


def test_an_outdated_text_is_saved_as_outdated(desk: Desk):
    desk.translate("one.text", "نص")
    desk.reword("one.text")
    desk.publish()
    found = planned(desk)
    assert isinstance(found, PushEdit)
    assert (found.raw, found.current) == ("!!FUZZY!!نص", False)


def test_an_outdated_text_becomes_current_only_when_somebody_says_so(desk: Desk):
    desk.translate("one.text", "نص")
    desk.push()
    desk.reword("one.text")
    desk.publish()
    desk.pull()
    assert candidates(desk) == []
    desk.confirm("one.text")
    found = planned(desk)
    assert isinstance(found, PushEdit)
    assert (found.raw, found.current) == ("نص", True)
    desk.push()
    assert "a" not in desk.wiki.outdated


def test_without_the_right_a_text_stays_outdated_and_that_is_told(desk: Desk):
    desk.translate("one.text", "نص")
    desk.push()
    desk.reword("one.text")
    desk.publish()
    desk.pull()
    desk.confirm("one.text")
    found = planned(desk, unfuzzy=False)
    assert isinstance(found, SyncResult)
    assert (found.outcome, found.why) == (
        "still outdated",
        "only an account with the right “unfuzzy” can mark it as current",
    )
    desk.translate("one.text", "نص جديد")
    new = planned(desk, unfuzzy=False)
    assert isinstance(new, PushEdit)
    assert (new.raw, new.current) == ("!!FUZZY!!نص جديد", False)


def test_what_the_wiki_would_refuse_is_not_tried(desk: Desk):
    desk.translate("one.text", "نص")
    unit = desk.sync_units()[0]
    page = Revision("Translations:Plan/a/ar", refusals=(("translate-page-disabled", "Use zh."),))
    found = pushing(desk).plan(unit, page)
    assert isinstance(found, SyncResult)
    assert (found.outcome, found.why) == ("refused", "the wiki says “Use zh.”")


def test_a_text_with_an_error_is_refused_with_the_finding(desk: Desk):
    desk.translate("one.text", "نص [[رابط")
    found = planned(desk)
    assert isinstance(found, SyncResult)
    assert (found.outcome, bool(found.findings)) == ("refused", True)


def test_a_name_that_the_english_lacks_would_be_seen_on_the_wiki_and_is_refused(desk: Desk):
    desk.translate("one.text", "نص $lead")
    unit = desk.sync_units()[0]
    knowing = replace(unit, unit=replace(unit.unit, variables={"lead": Name("Ada")}))
    found = pushing(desk).plan(knowing, Revision("Translations:Plan/a/ar"))
    assert isinstance(found, SyncResult)
    assert (found.outcome, str(found.findings[0])) == (
        "refused",
        "the translation uses $lead, which the English does not, and the wiki would show “$lead”; "
        "write it in words, or take the name from the English",
    )


def test_a_translation_that_people_deleted_is_named_until_somebody_decides(desk: Desk):
    desk.translate("one.text", "نص")
    desk.translate("two.text", "نص آخر")
    desk.push()
    desk.wiki.delete("a")
    for _ in range(2):
        assert outcomes(desk.push()) == {"a": "deleted on the wiki"}
    desk.take = "wiki"
    desk.pull()
    desk.take = ""
    assert desk.push() == []


def test_a_page_that_people_deleted_is_not_made_again_even_if_nothing_was_seen(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.wiki.delete("a")
    desk.translate("one.text", "نص")
    assert outcomes(desk.push()) == {"a": "deleted on the wiki"}
    assert desk.wiki.text("a") == ""

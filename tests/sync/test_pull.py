"""Bringing translators' work from the wiki into the catalogs, and back: nothing is lost."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from tests.support.syncmodel import TITLE, Desk, outcomes
from wikiplan.catalogs.exchange import digest
from wikiplan.sync.lastseen import LastSeenFile, unit_place

PLACES = {"a": "one.text", "b": "two.text", "c": "labels.host", "d": "labels.host"}


@pytest.fixture
def desk() -> Desk:
    return Desk(PLACES)


def test_a_translators_text_lands_in_the_catalog_with_credit(desk: Desk):
    desk.wiki.write("a", "نص")
    assert outcomes(desk.pull())["a"] == "taken"
    assert (desk.text("one.text"), desk.current("one.text")) == ("نص", True)
    seen = desk.base.get(unit_place(TITLE, "a"))
    assert seen
    assert (seen.revision, seen.translator) == (1, "Trans")
    assert set(outcomes(desk.pull()).values()) == {"unchanged"}


def test_an_outdated_text_lands_as_outdated_with_the_english_it_was_made_for(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.reword("one.text")
    desk.publish()
    desk.pull()
    found = desk.catalog.get(desk.units["one.text"])
    assert (found.text, found.state, found.previous_english) == (
        "نص",
        "outdated",
        "English 0 of one.text",
    )


def test_a_text_for_english_that_is_not_marked_yet_is_outdated_in_the_catalog(desk: Desk):
    desk.reword("one.text")
    desk.wiki.write("a", "نص")
    desk.pull()
    found = desk.catalog.get(desk.units["one.text"])
    assert (found.state, found.previous_english) == ("outdated", "English 0 of one.text")
    desk.translate("one.text", "نص جديد")
    assert outcomes(desk.push())["a"] == "waiting for marking"
    desk.publish()
    assert outcomes(desk.push())["a"] == "pushed"
    assert desk.wiki.text("a") == "نص جديد"


def test_both_changed_keeps_both_until_somebody_chooses(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.pull()
    desk.wiki.write("a", "نص الويكي")
    desk.translate("one.text", "نص الملف")
    for _ in range(2):
        assert outcomes(desk.pull())["a"] == "in conflict"
        assert outcomes(desk.push())["a"] == "in conflict"
        assert desk.text("one.text") == "نص الملف"
        assert desk.conflicts("one.text") == ("نص الويكي",)
        assert desk.wiki.text("a") == "نص الويكي"
    desk.choose("one.text")
    assert outcomes(desk.pull())["a"] == "to push"
    assert outcomes(desk.push())["a"] == "pushed"
    assert desk.wiki.text("a") == "نص الملف"


@pytest.mark.parametrize(("side", "text"), [("wiki", "نص الويكي"), ("catalog", "نص الملف")])
def test_a_conflict_is_settled_for_one_side(desk: Desk, side: str, text: str):
    desk.wiki.write("a", "نص الويكي")
    desk.translate("one.text", "نص الملف")
    desk.pull()
    desk.take = side
    desk.pull()
    desk.take = ""
    desk.push()
    assert (desk.text("one.text"), desk.wiki.text("a")) == (text, text)
    assert desk.conflicts("one.text") == ()
    assert set(outcomes(desk.pull()).values()) == {"unchanged"}


def test_a_push_can_settle_a_conflict_for_the_catalog(desk: Desk):
    desk.wiki.write("a", "نص الويكي")
    desk.translate("one.text", "نص الملف")
    desk.pull()
    desk.take = "catalog"
    assert outcomes(desk.push())["a"] == "pushed"
    assert (desk.wiki.text("a"), desk.conflicts("one.text")) == ("نص الملف", ())


def test_a_text_that_takes_up_the_other_one_ends_the_conflict(desk: Desk):
    desk.wiki.write("a", "نص الويكي")
    desk.translate("one.text", "نص الملف")
    desk.pull()
    desk.translate("one.text", "نص الويكي")
    assert outcomes(desk.pull())["a"] == "unchanged"
    assert desk.conflicts("one.text") == ()


def test_a_deleted_translation_stays_in_the_catalog_and_is_not_brought_back(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.pull()
    desk.wiki.delete("a")
    assert outcomes(desk.pull())["a"] == "deleted on the wiki"
    assert outcomes(desk.push()) == {"a": "deleted on the wiki"}
    assert desk.wiki.text("a") == ""
    desk.take = "wiki"
    desk.pull()
    desk.take = ""
    assert outcomes(desk.pull())["a"] == "unchanged"
    assert (desk.text("one.text"), outcomes(desk.push())) == ("نص", {})


def test_a_text_that_would_break_the_page_is_refused_with_what_is_wrong(desk: Desk):
    desk.wiki.write("a", "نص [[رابط")
    (refused, *_) = desk.pull()
    assert refused.outcome == "refused"
    assert "[[" in str(refused.findings[0])
    assert desk.text("one.text") == ""


def test_states_travel_both_ways(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.pull()
    desk.wiki.write("a", "!!FUZZY!!نص")
    assert outcomes(desk.pull())["a"] == "marked as outdated"
    desk.confirm("one.text")
    assert outcomes(desk.push())["a"] == "pushed"
    assert desk.wiki.text("a") == "نص"
    desk.doubt("one.text")
    assert outcomes(desk.push())["a"] == "pushed"
    assert desk.wiki.text("a") == "!!FUZZY!!نص"
    desk.wiki.write("a", "نص")
    assert outcomes(desk.pull())["a"] == "confirmed"


def test_one_text_in_several_places_is_carried_to_all_of_them(desk: Desk):
    desk.wiki.write("c", "مضيف")
    desk.pull()
    assert outcomes(desk.push()) == {"d": "pushed"}
    desk.wiki.write("d", "المضيف")
    desk.pull()
    desk.push()
    assert (desk.wiki.text("c"), desk.wiki.text("d")) == ("المضيف", "المضيف")


def test_different_texts_in_several_places_are_a_conflict_and_the_newest_is_taken(desk: Desk):
    desk.wiki.write("c", "مضيف")
    desk.wiki.write("d", "المضيف")
    assert {id: each for id, each in outcomes(desk.pull()).items() if id in "cd"} == {
        "c": "in conflict",
        "d": "taken",
    }
    assert (desk.text("labels.host"), desk.conflicts("labels.host")) == ("المضيف", ("مضيف",))
    desk.choose("labels.host")
    desk.push()
    assert (desk.wiki.text("c"), desk.wiki.text("d")) == ("المضيف", "المضيف")


def test_without_the_files_of_what_was_seen_nothing_is_overwritten(desk: Desk):
    desk.wiki.write("a", "نص")
    desk.wiki.write("b", "نص")
    desk.pull()
    desk.base = LastSeenFile(desk.base.path, None)
    desk.wiki.write("b", "نص آخر")
    assert outcomes(desk.pull()) == {
        "a": "unchanged",
        "b": "in conflict",
        "c": "unchanged",
        "d": "unchanged",
    }
    assert outcomes(desk.push()) == {"b": "in conflict"}


# --- any sequence of edits ---

IDS, KEYS = st.sampled_from(list(PLACES)), st.sampled_from(list(dict.fromkeys(PLACES.values())))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["wiki", "wiki fuzzy", "unfuzzy", "fuzzy", "delete"]), IDS),
        st.tuples(st.sampled_from(["po", "doubt", "confirm", "choose", "english"]), KEYS),
        st.tuples(st.sampled_from(["publish", "pull", "push", "sync", "lose base"]), st.just("")),
    ),
    max_size=14,
)


class World:
    """The desk with what everybody wrote: ``fits`` are the English versions a text was made for."""

    def __init__(self) -> None:
        self.desk = Desk(PLACES)
        self.fits: dict[str, set[str]] = defaultdict(set)
        self.chosen: dict[str, set[str]] = defaultdict(set)
        self.written = 0

    def do(self, what: str, where: str) -> None:
        getattr(self, what.replace(" ", "_"))(where)

    def _new(self, english: str) -> str:
        self.written += 1
        text = f"نص رقم {self.written}"
        self.fits[text].add(english)
        return text

    def wiki(self, id: str) -> None:
        self.desk.wiki.write(id, self._new(self.desk.wiki.units[id]))

    def wiki_fuzzy(self, id: str) -> None:
        self.desk.wiki.write(id, "!!FUZZY!!" + self._new(""))

    def unfuzzy(self, id: str) -> None:
        if text := self.desk.wiki.text(id).replace("!!FUZZY!!", ""):
            self.fits[text].add(self.desk.wiki.units[id])
            self.desk.wiki.write(id, text)

    def fuzzy(self, id: str) -> None:
        if text := self.desk.wiki.text(id).replace("!!FUZZY!!", ""):
            self.desk.wiki.write(id, f"!!FUZZY!!{text}")

    def delete(self, id: str) -> None:
        self.desk.wiki.delete(id)

    def po(self, key: str) -> None:
        self.desk.translate(key, self._new(self.desk.units[key].text))

    def doubt(self, key: str) -> None:
        self.desk.doubt(key)

    def confirm(self, key: str) -> None:
        self.fits[self.desk.text(key)].add(self.desk.units[key].text)
        self.desk.confirm(key)

    def choose(self, key: str) -> None:
        self.chosen[key] |= set(self.desk.conflicts(key))
        self.desk.choose(key)

    def english(self, key: str) -> None:
        self.desk.reword(key)

    def publish(self, _: str) -> None:
        self.desk.publish()

    def lose_base(self, _: str) -> None:
        self.desk.base = LastSeenFile(self.desk.base.path, None)

    def pull(self, _: str) -> None:
        self._checked(self.desk.pull)

    def push(self, _: str) -> None:
        self._checked(self.desk.push)

    def sync(self, _: str) -> None:
        self.pull("")
        self.push("")
        self.pull("")

    def _checked(self, do) -> None:
        before = self._texts()
        do()
        self._check_kept(before)
        self._check_states()

    def _texts(self) -> dict[str, tuple[str, str, tuple[str, str], tuple[str, ...]]]:
        """Return by place the texts of wiki and catalog, digests of what was seen, conflicts."""
        found = {}
        for id, key in PLACES.items():
            seen = self.desk.base.get(unit_place(TITLE, id))
            wiki = self.desk.wiki.text(id).replace("!!FUZZY!!", "")
            digests = (seen.wiki, seen.catalog) if seen else ("", "")
            found[id] = (wiki, self.desk.text(key), digests, self.desk.conflicts(key))
        return found

    def _check_kept(self, before) -> None:
        """What stood there is there, or beside, or both sides had it before and one went on."""
        after = self._texts()
        for id, (wiki, catalog, (seen_wiki, _), beside) in before.items():
            now_wiki, now_catalog, _, now_beside = after[id]
            there = {now_wiki, now_catalog, *now_beside}
            chosen = wiki in self.chosen[PLACES[id]]
            assert not wiki or wiki in there or digest(wiki) == seen_wiki or chosen, (id, wiki)
            others = [each for each in PLACES if PLACES[each] == PLACES[id]]
            seen = {before[each][2][1] for each in others}
            somewhere = {after[each][0] for each in others}
            assert not catalog or catalog in there | somewhere or digest(catalog) in seen, id
            assert set(beside) <= there | somewhere, (id, beside)

    def _check_states(self) -> None:
        """No text counts as current for an English that nobody made or confirmed it for."""
        for id, key in PLACES.items():
            if self.desk.text(key) and self.desk.current(key):
                assert self.desk.units[key].text in self.fits[self.desk.text(key)], key
            raw = self.desk.wiki.text(id)
            if raw and id not in self.desk.wiki.outdated:
                assert self.desk.wiki.units[id] in self.fits[raw], id


@pytest.mark.heavy
@settings(max_examples=examples(150), deadline=None)
@given(STEPS)
def test_whatever_people_do_no_text_is_lost_and_syncing_comes_to_rest(steps):
    world = World()
    for what, where in steps:
        world.do(what, where)
    world.publish("")
    world.sync("")
    world.sync("")
    desk = world.desk
    rest = (desk.wiki.edits, desk.catalog.text(), desk.base.text())
    world.sync("")
    assert (desk.wiki.edits, desk.catalog.text(), desk.base.text()) == rest

"""What becomes of texts that came back, were found for a similar English, or for another plan."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogs.test_exchange import (
    FORMATS,
    ONE,
    TEXTS,
    catalog_of,
    exported,
    imported,
    units_of,
)
from tests.support.samples import examples
from wikiplan.catalogs import reuse
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import outgoing
from wikiplan.catalogs.reuse import ImportOutcome, suggest
from wikiplan.catalogs.translation import State
from wikiplan.plan.facttypes import Link, Number
from wikiplan.plan.units import Unit


def retold(kind: str, data: bytes, before: str, after: str) -> bytes:
    """Return a file in which a translator wrote ``after`` for ``before``, the last of its kind."""
    head, found, tail = data.decode().rpartition(before)
    assert found
    return (head + after + tail).encode()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_that_the_translator_changed_is_taken(kind):
    catalog = catalog_of(ONE, "Livret un")
    data = retold(kind, exported(kind, catalog, ONE), "Livret un", "Livre un")
    assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.TAKEN}
    assert catalog.get(ONE["a"]).text == "Livre un"
    assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_that_only_the_catalog_changed_stays(kind):
    catalog = catalog_of(ONE, "Livret un")
    data = exported(kind, catalog, ONE)
    catalog.set(ONE["a"], "Livre un")
    assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}
    assert catalog.get(ONE["a"]).text == "Livre un"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_that_both_changed_is_a_conflict_that_keeps_both(kind):
    catalog = catalog_of(ONE, "Livret un")
    data = retold(kind, exported(kind, catalog, ONE), "Livret un", "Le «livre» un")
    catalog.set(ONE["a"], "Livre un")
    assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.CONFLICT}
    found = catalog.get(ONE["a"])
    assert (found.text, found.state) == ("Livre un", State.TRANSLATED)
    assert found.conflicts == ("Le «livre» un",)
    once = catalog.text()
    assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.CONFLICT}
    assert catalog.text() == once
    assert f'# wikiplan: another translation, from fr.{kind}: "Le «livre» un"\n' in once


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(TEXTS.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
def test_texts_in_conflict_are_kept_whatever_is_in_them(texts):
    catalog = catalog_of(ONE, "Livre un")
    for text in texts:
        catalog.keep_beside(ONE["a"], text, "fr.po")
    again = Catalog(Path("fr.po"), catalog.text().encode(), exists=False)
    assert again.get(ONE["a"]).conflicts == tuple(dict.fromkeys(texts))


@pytest.mark.parametrize("kind", FORMATS)
def test_what_comes_back_empty_or_not_at_all_deletes_nothing(kind):
    units = units_of("One book", "Two books")
    catalog = catalog_of(units, "Livret un", "Livres deux")
    data = retold(kind, exported(kind, catalog, units), "Livret un", "")
    before = catalog.text()
    assert imported(kind, data, catalog, units) == {
        "a": ImportOutcome.EMPTY,
        "b": ImportOutcome.UNCHANGED,
    }
    assert imported(kind, data, catalog, {"b": units["b"]})["a"] is ImportOutcome.UNKNOWN
    assert catalog.text() == before


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_made_for_an_older_english_is_taken_as_outdated(kind):
    catalog = catalog_of(ONE, "Livret un")
    data = retold(kind, exported(kind, catalog, ONE), "Livret un", "Livre un")
    newer = units_of("One thick book")
    catalog.update(newer.values())
    assert imported(kind, data, catalog, newer) == {"a": ImportOutcome.TAKEN}
    found = catalog.get(newer["a"])
    assert (found.text, found.state, found.previous_english) == (
        "Livre un", State.OUTDATED, "One book",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "mark", "instead"),
    [
        ("po", "#, fuzzy\n", ""),
        ("xliff", 'state="needs-translation"', 'state="translated"'),
        ("csv", '"outdated"', '"translated"'),
    ],
)
def test_a_translator_can_say_that_an_outdated_text_fits_and_that_it_does_not(kind, mark, instead):
    catalog = catalog_of(units_of("A book"), "Livre un")
    catalog.update(ONE.values())
    outdated = exported(kind, catalog, ONE)
    assert imported(kind, retold(kind, outdated, mark, instead), catalog, ONE) == {
        "a": ImportOutcome.CONFIRMED
    }
    assert catalog.get(ONE["a"]).state is State.TRANSLATED
    current = exported(kind, catalog, ONE)
    if instead:
        doubted = retold(kind, current, instead, mark)
    else:
        doubted = retold(kind, current, "msgctxt", f"{mark}msgctxt")
    assert imported(kind, doubted, catalog, ONE) == {"a": ImportOutcome.DOUBTED}
    assert catalog.get(ONE["a"]).state is State.OUTDATED


def without_seals(kind: str, data: bytes) -> bytes:
    """Return a file as a program leaves it that keeps no comments and no attributes of ours."""
    line = {"po": rb"#. wikiplan-export: .*\n", "xliff": rb' extradata="[^"]*"'}[kind]
    found = re.sub(line, b"", data)
    assert found != data
    return found


@pytest.mark.parametrize(
    ("kind", "mark", "instead"),
    [("po", "#, fuzzy\n", ""), ("xliff", 'state="needs-translation"', 'state="final"')],
)
def test_without_a_seal_a_mark_that_is_gone_says_that_the_text_fits(kind, mark, instead):
    catalog = catalog_of(units_of("A book"), "Livre un")
    older = without_seals(kind, exported(kind, catalog, units_of("A book")))
    catalog.update(ONE.values())
    outdated = without_seals(kind, exported(kind, catalog, ONE))
    for unchanged in (older, outdated):
        assert imported(kind, unchanged, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}
    assert catalog.get(ONE["a"]).state is State.OUTDATED
    fits = retold(kind, outdated, mark, instead)
    assert imported(kind, fits, catalog, ONE) == {"a": ImportOutcome.CONFIRMED}
    assert catalog.get(ONE["a"]).state is State.TRANSLATED


def test_without_a_seal_a_mark_may_be_older_than_what_the_catalog_says():
    catalog = catalog_of(units_of("A book"), "Livre un")
    catalog.update(ONE.values())
    before = without_seals("po", exported("po", catalog, ONE))
    catalog.set(ONE["a"], "Livre un")
    assert imported("po", before, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}
    assert catalog.get(ONE["a"]).state is State.TRANSLATED


@pytest.mark.parametrize(
    ("kind", "state", "instead"),
    [("xliff", ' state="needs-translation"', ""), ("csv", '"outdated"', '""')],
)
def test_a_text_without_state_where_each_has_one_says_nothing_of_it(kind, state, instead):
    catalog = catalog_of(units_of("A book"), "Livre un")
    catalog.update(ONE.values())
    silent = retold(kind, exported(kind, catalog, ONE), state, instead)
    files = [silent] if kind == "csv" else [silent, without_seals(kind, silent)]
    for data in files:
        assert imported(kind, data, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}
    assert catalog.get(ONE["a"]).state is State.OUTDATED


def test_a_copy_of_the_english_that_is_not_ready_is_no_translation():
    for before, outcome in (("", ImportOutcome.UNCHANGED), ("Livre un", ImportOutcome.EMPTY)):
        catalog = catalog_of(ONE, before)
        data = exported("xliff", catalog_of(ONE, "One book"), ONE)
        data = retold("xliff", data, 'state="translated"', 'state="new"')
        assert imported("xliff", data, catalog, ONE) == {"a": outcome}
        assert catalog.get(ONE["a"]).text == before
        ready = retold("xliff", data, 'state="new"', 'state="final"')
        assert imported("xliff", ready, catalog_of(ONE), ONE) == {"a": ImportOutcome.TAKEN}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_is_taken_as_a_wiki_would_store_it(kind):
    catalog = catalog_of(ONE, "Livre été")
    data = exported(kind, catalog, ONE).decode()
    apart = unicodedata.normalize("NFD", data).encode()
    assert imported(kind, apart, catalog, ONE) == {"a": ImportOutcome.UNCHANGED}
    changed = unicodedata.normalize("NFD", data.replace("Livre été", "Un été")).encode()
    assert imported(kind, changed, catalog, ONE) == {"a": ImportOutcome.TAKEN}
    assert catalog.get(ONE["a"]).text == "Un été"


def test_a_text_that_would_break_a_page_is_refused():
    catalog = catalog_of(ONE, "Livret un")
    data = retold("csv", exported("csv", catalog, ONE), "Livret un", "[[Livre un")
    assert imported("csv", data, catalog, ONE) == {"a": ImportOutcome.REFUSED}
    assert catalog.get(ONE["a"]).text == "Livret un"


def test_a_po_file_without_seals_is_a_conflict_only_where_texts_differ():
    units = units_of("One book", "Two books", "Three books")
    catalog = catalog_of(units, "Livre un", "Livres deux")
    data = catalog_of(units, "Livre un", "Deux livres", "Trois livres").text().encode()
    assert imported("po", data, catalog, units) == {
        "a": ImportOutcome.UNCHANGED, "b": ImportOutcome.CONFLICT, "c": ImportOutcome.TAKEN,
    }  # fmt: skip


def test_a_new_unit_starts_with_the_translation_of_a_similar_one_as_a_suggestion():
    units = {"a": ONE["a"], "b": Unit("b", "One book.", {}), "c": Unit("c", "Other words", {})}
    catalog = catalog_of(ONE, "Livre un")
    catalog.update(units.values())
    assert suggest(catalog, [units["b"], units["c"]]) == 1
    found = catalog.get(units["b"])
    assert (found.text, found.state, found.previous_english) == (
        "Livre un", State.OUTDATED, "One book",
    )  # fmt: skip
    assert found.suggested
    assert catalog.get(units["c"]).state is State.UNTRANSLATED


def test_a_suggestion_never_becomes_a_translation_by_a_change_of_the_english():
    units = {"a": ONE["a"], "b": Unit("b", "One book.", {})}
    catalog = catalog_of(ONE, "Livre un")
    catalog.update(units.values())
    suggest(catalog, [units["b"]])
    same = units | {"b": Unit("b", "One book", {})}
    catalog.update(same.values())
    assert catalog.get(same["b"]).state is State.OUTDATED
    catalog.set(same["b"], "Livre un")
    found = catalog.get(same["b"])
    assert (found.state, found.suggested, found.note) == (State.TRANSLATED, False, "")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_translation_that_comes_back_takes_the_place_of_a_suggestion(kind):
    units = {"a": ONE["a"], "b": Unit("b", "One book.", {})}
    catalog = catalog_of(units, "Livre un")
    data = exported(kind, catalog, units)
    (_, untranslated), (_, translated) = (
        outgoing(each, units, {}) for each in (catalog, catalog_of(units, "Livre un", "Un livre."))
    )
    theirs = exported(kind, catalog_of(units, "Livre un", "Un livre."), units)
    theirs = theirs.replace(str(translated.seal).encode(), str(untranslated.seal).encode())
    assert suggest(catalog, [units["b"]]) == 1
    assert imported(kind, data, catalog, units)["b"] is ImportOutcome.EMPTY
    assert imported(kind, theirs, catalog, units)["b"] is ImportOutcome.TAKEN
    assert catalog.get(units["b"]).text == "Un livre."


def test_no_text_is_suggested_for_an_english_that_is_like_none():
    catalog = catalog_of(ONE, "Livre un")
    units = ONE | {"b": Unit("b", "Two thick books about gardens", {})}
    catalog.update(units.values())
    assert suggest(catalog, [units["b"]]) == 0
    assert catalog.get(units["b"]).text == ""


def test_a_word_that_comes_with_wikiplan_stays_the_translation_that_it_is():
    word = Unit("labels.host", "Host", {}, is_shipped=True)
    catalog = catalog_of(ONE, "Livre un")
    catalog.update([*ONE.values(), word])
    before = catalog.get(word)
    assert suggest(catalog, [word]) == 0
    assert (catalog.get(word), before.state, bool(before.text)) == (before, State.TRANSLATED, True)


# Translations for another plan

TREES = Link(page="Trees", title="Trees")
OURS = {
    "a.one": Unit("a.one", "[[$trees|Trees]] in $n parks", {"trees": TREES, "n": Number(3)}),
    "a.two": Unit("a.two", "Join us", {}),
    "a.three": Unit("a.three", "Only here", {}),
}
THEIRS = {
    "x": Unit("x", "[[$wood|Trees]] in $count parks", {"wood": TREES, "count": Number(3)}),
    "y": Unit("y", "Join us", {}),
}


def test_units_are_the_same_if_what_their_english_says_is_the_same():
    found = reuse.counterparts(OURS.values(), THEIRS)
    assert {key: unit.key for key, unit in found.items()} == {"a.one": "x", "a.two": "y"}


def test_of_several_units_with_the_same_english_the_one_of_the_same_key_is_meant_or_none():
    twice = THEIRS | {"z": Unit("z", "Join us", {})}
    assert "a.two" not in reuse.counterparts(OURS.values(), twice)
    same = twice | {"a.two": Unit("a.two", "Join us", {})}
    assert reuse.counterparts(OURS.values(), same)["a.two"].key == "a.two"


def test_another_value_of_a_variable_makes_another_unit():
    other = {"x": Unit("x", "[[$wood|Trees]] in $n parks", {"wood": TREES, "n": Number(4)})}
    assert reuse.counterparts([OURS["a.one"]], other) == {}


def test_a_label_is_the_same_by_its_key_and_its_text():
    label = Unit("labels.notes", "Notes", {})
    theirs = {"notes": Unit("notes", "Notes", {}), "labels.notes": label}
    assert reuse.counterparts([label], theirs) == {"labels.notes": label}
    assert reuse.counterparts([label], {"notes": theirs["notes"]}) == {}


def test_a_translation_gets_the_names_that_the_other_plan_has():
    text = "[[$trees|Bäume]] in $n Parks für $$5, $x"
    assert reuse.renamed(text, OURS["a.one"], THEIRS["x"]) == (
        "[[$wood|Bäume]] in $count Parks für $$5, $x"
    )


def catalogs() -> tuple[Catalog, Catalog]:
    ours, theirs = Catalog.create(Path("de.po")), Catalog.create(Path("de.po"))
    ours.update(OURS.values())
    theirs.update(THEIRS.values())
    return ours, theirs


def test_what_another_catalog_has_is_taken_and_the_rest_is_told():
    ours, theirs = catalogs()
    ours.set(OURS["a.one"], "[[$trees|Bäume]] in $n Parks")
    ours.set(OURS["a.two"], "Kommt")
    ours.outdate(OURS["a.two"], "Come to us")
    ours.set(OURS["a.three"], "Nur hier")
    done = reuse.transfer(OURS, ours, THEIRS, theirs)
    assert (done.taken, done.left) == (["x", "y"], [("Nur hier", reuse.NOT_THERE)])
    assert theirs.get(THEIRS["x"]).text == "[[$wood|Bäume]] in $count Parks"
    found = theirs.get(THEIRS["y"])
    assert (found.text, found.state, found.previous_english) == (
        "Kommt", State.OUTDATED, "Come to us",
    )  # fmt: skip


def test_a_second_transfer_takes_nothing_and_leaves_nothing():
    ours, theirs = catalogs()
    ours.set(OURS["a.two"], "Kommt")
    reuse.transfer(OURS, ours, THEIRS, theirs)
    again = reuse.transfer(OURS, ours, THEIRS, theirs)
    assert (again.taken, again.left) == ([], [])


def test_a_translation_that_people_made_otherwise_stays_and_is_told():
    ours, theirs = catalogs()
    ours.set(OURS["a.two"], "Kommt")
    theirs.set(THEIRS["y"], "Macht mit")
    done = reuse.transfer(OURS, ours, THEIRS, theirs)
    assert (done.taken, done.left) == ([], [("Kommt", reuse.OTHER)])
    assert theirs.get(THEIRS["y"]).text == "Macht mit"


def test_a_translation_that_would_break_a_page_is_left_with_the_reason():
    ours, theirs = catalogs()
    ours.set(OURS["a.two"], "Kommt ~~~~")
    ((text, reason),) = reuse.transfer(OURS, ours, THEIRS, theirs).left
    assert (text, reason) == (
        "Kommt ~~~~", "y: the translation holds a signature (“~~~~”); remove the tildes",
    )  # fmt: skip

"""Files for translators: what goes out comes back unchanged, and nothing is lost on the way."""

from __future__ import annotations

import csv
import random
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogs.test_catalog import MUTATIONS, loaded
from wikiplan.catalogs import csvfile, formats, reuse, xliff
from wikiplan.catalogs.catalog import Catalog, State
from wikiplan.catalogs.exchange import Seal, outgoing
from wikiplan.catalogs.reuse import ImportOutcome, suggest
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan import plan
from wikiplan.plan.targets import whereabouts
from wikiplan.plan.units import Unit

DATA = Path(__file__).parents[2] / "data"
PLACES = {"a": ("Page, section “s”: text 1 of 2",)}
READERS = {"po": formats.read_po, "xliff": xliff.read, "csv": csvfile.read}
FORMATS = sorted(READERS)


def units_of(*texts: str) -> dict[str, Unit]:
    return {key: Unit(key, text, {}) for key, text in zip("abcdef", texts, strict=False)}


def catalog_of(units, *texts: str) -> Catalog:
    catalog = Catalog.create(Path("fr.po"))
    catalog.update(units.values())
    for unit, text in zip(units.values(), texts, strict=False):
        catalog.set(unit, text)
    return catalog


def exported(kind: str, catalog: Catalog, units, places=PLACES) -> bytes:
    texts = list(outgoing(catalog, units, places))
    if kind == "po":
        return formats.write_po(catalog, texts)
    if kind == "csv":
        return csvfile.write(catalog.language, texts)
    return xliff.write("en", catalog.language, texts)


def imported(kind: str, data: bytes, catalog: Catalog, units) -> dict[str, ImportOutcome]:
    parcel = READERS[kind](f"in/fr.{kind}", data)
    return {each.text.key: each.outcome for each in reuse.merge(parcel, catalog, units)}


def retold(kind: str, data: bytes, before: str, after: str) -> bytes:
    """Return a file in which a translator wrote ``after`` for ``before``, the last of its kind."""
    head, found, tail = data.decode().rpartition(before)
    assert found
    return (head + after + tail).encode()


# Round trips

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60
) | st.text(st.sampled_from("=+-@'\"\\,;\t\n\r |$[]\u200f\u202eאب漢é&<>＝"), max_size=30)
ENGLISH = TEXTS.filter(bool)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ENGLISH, TEXTS, st.booleans()), min_size=1, max_size=5))
def test_what_is_exported_and_imported_changes_nothing_in_any_format(entries_of):
    units = units_of(*(english for english, _, _ in entries_of))
    catalog = catalog_of(units, *(text for _, text, _ in entries_of))
    for unit, (_, text, outdated) in zip(units.values(), entries_of, strict=True):
        if outdated and text.strip():
            catalog.outdate(unit, "Another English")
    before = catalog.text()
    for kind in FORMATS:
        data = exported(kind, catalog, units)
        texts = READERS[kind]("fr", data).texts
        assert [(t.key, t.english) for t in texts] == [(u.key, u.text) for u in units.values()]
        assert set(imported(kind, data, catalog, units).values()) == {ImportOutcome.UNCHANGED}
        assert catalog.text() == before


@settings(max_examples=100, deadline=None)
@given(ENGLISH, TEXTS.filter(lambda text: bool(text.strip())))
def test_every_text_comes_through_every_format_as_it_is(english, text):
    units = units_of(english)
    catalog = catalog_of(units, text)
    for kind in FORMATS:
        (found,) = READERS[kind]("fr", exported(kind, catalog, units)).texts
        assert (found.english, found.text, found.ready) == (english, text, True)
        assert found.seal == next(outgoing(catalog, units, {})).seal


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_cell_is_never_a_formula_and_comes_back(text):
    cell = csvfile.harmless(text)
    assert not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r]", cell)
    assert csvfile.restored(cell) == text


def test_bold_text_needs_no_apostrophe_more():
    assert csvfile.harmless("'''Bold''' text") == "'''Bold''' text"


def test_a_character_that_xml_cannot_hold_is_named():
    units = units_of("One\ufffe")
    with pytest.raises(WikiplanError, match=r"a: holds U\+FFFE, which an XLIFF file cannot"):
        exported("xliff", catalog_of(units, "Un"), units)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("language", ["ar", "fr", "ja"])
def test_the_sample_comes_back_in_every_format(kind, language):
    sample = plan.load(DATA)
    catalog = Catalog.load(DATA / "locale" / f"{language}.po")
    data = exported(kind, catalog, sample.units, whereabouts(sample))
    assert set(imported(kind, data, catalog, sample.units).values()) == {ImportOutcome.UNCHANGED}
    assert catalog.save() is False


def test_a_unit_is_told_with_its_places_notes_and_previous_english():
    units = {"a": Unit("a", "New words", {}, note="Short.")}
    catalog = catalog_of({"a": Unit("a", "Old words", {})}, "Mots")
    catalog.update(units.values())
    (text,) = outgoing(catalog, units, PLACES)
    assert (text.state, text.previous_english, text.notes) == ("outdated", "Old words", ("Short.",))
    for kind in FORMATS:
        data = exported(kind, catalog, units).decode()
        for words in ("Page, section “s”: text 1 of 2", "Short.", "Old words", str(text.seal)):
            assert words in data


def test_the_places_of_the_sample_name_page_section_and_order():
    places = whereabouts(plan.load(DATA))
    assert places["department.name"][0] == (
        "Community Resilience and Sustainability, section “overview”: text 1 of 14"
    )
    assert places["labels.notes"][0].startswith("labels, on several pages: text ")


# Three ways

ONE = units_of("One book")


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


@settings(max_examples=100, deadline=None)
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


# Suggestions


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


# Damage


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda function: function.__name__)
def test_of_25_mutations_of_a_file_none_loses_an_entry(kind, mutate):
    sample = plan.load(DATA)
    stored = (DATA / "locale" / "ar.po").read_bytes()
    data = exported(kind, Catalog(Path("ar.po"), stored, exists=True), sample.units)
    lines = data.splitlines(keepends=True)
    for seed in range(25):
        luck = random.Random(seed)
        mutated = mutate(lines, luck.randrange(len(lines)), luck)
        survives(kind, mutated, Catalog(Path("ar.po"), stored, exists=True), sample.units)


def survives(kind: str, data: bytes, catalog: Catalog, units) -> None:
    """Import a damaged file: every text of the catalog stays, or gives way to one that came."""
    before = {key: catalog.get(unit).text for key, unit in units.items()}
    try:
        parcel = READERS[kind]("ar", data)
    except Faults as refused:
        assert all(fault.message and fault.advice for fault in refused.faults)
        return
    came = {text.key: text.text for text in parcel.texts}
    list(reuse.merge(parcel, catalog, units))
    for key, text in before.items():
        now = catalog.get(units[key])
        assert now.text in (text, came.get(key))
        assert now.text.strip() or not text.strip()
    catalog.prepared()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_is_cut_off_anywhere_is_refused(kind):
    units = units_of("One book", "Two books")
    data = exported(kind, catalog_of(units, "Livre un", "Livres deux"), units).rstrip()
    for cut in range(len(data)):
        with pytest.raises(Faults):
            READERS[kind]("fr", data[:cut])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_twice_in_one_is_refused(kind):
    data = exported(kind, catalog_of(ONE, "Livre un"), ONE)
    with pytest.raises(Faults):
        READERS[kind]("fr", data + data)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("charset", ["utf-16", "latin-1"])
def test_a_file_in_another_charset_is_refused(kind, charset):
    data = exported(kind, catalog_of(ONE, "Livre été"), ONE, {}).decode("utf-8-sig")
    with pytest.raises(Faults, match="is not UTF-8"):
        READERS[kind]("fr", data.encode(charset))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_whose_english_was_changed_is_refused(kind):
    data = exported(kind, catalog_of(ONE, "Livre un"), ONE)
    with pytest.raises(Faults, match="its key or its English is not what was exported"):
        READERS[kind]("fr", data.replace(b"One book", b"Two books"))


def test_a_table_without_some_of_its_rows_is_refused():
    units = units_of("One book", "Two books")
    data = exported("csv", catalog_of(units, "Livre un"), units, {})
    with pytest.raises(Faults) as refused:
        csvfile.read("fr.csv", b"".join(data.splitlines(keepends=True)[:-1]))
    assert str(refused.value) == (
        "fr.csv:0:0: the file states 2 texts, and has 1; take the file from the export, or "
        "export again; leave the rows in that you did not translate"
    )


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_as_other_spreadsheet_programs_save_it_is_read(delimiter):
    data = exported("csv", catalog_of(ONE, "Livre, un"), ONE)
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows(data))
    (text,) = csvfile.read("fr.csv", out.getvalue().encode()).texts
    assert text.text == "Livre, un"


def test_entities_of_an_xliff_file_are_not_expanded():
    bomb = b'<!DOCTYPE xliff [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<xliff'
    data = exported("xliff", catalog_of(ONE, "Livre un"), ONE)
    data = data.replace(b"<xliff", bomb, 1).replace(b">Livre un<", b">&b;<")
    with pytest.raises(Faults, match="the target holds more than text"):
        xliff.read("fr.xlf", data)


@pytest.mark.parametrize("data", [b"", b"<html/>", b"<xliff version='2.0'/>", b"key,text\n"])
@pytest.mark.parametrize("kind", FORMATS)
def test_a_foreign_file_is_refused(kind, data):
    with pytest.raises(Faults):
        READERS[kind]("fr", data)


def test_a_seal_is_read_as_it_is_written():
    seal = Seal("0123456789ab", "ba9876543210", State.OUTDATED)
    assert Seal.parse(str(seal)) == seal
    assert Seal.parse("0123456789ab-outdated") is None


def test_a_catalog_that_is_exported_and_read_as_a_catalog_is_whole():
    sample = plan.load(DATA)
    catalog = Catalog.load(DATA / "locale" / "fr.po")
    again = loaded(exported("po", catalog, sample.units).replace(b"Language: fr", b"Language: ar"))
    assert [again.get(u).text for u in sample.units.values()] == [
        catalog.get(u).text for u in sample.units.values()
    ]

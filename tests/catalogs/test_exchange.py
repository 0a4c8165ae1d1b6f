"""Files for translators: what goes out comes back unchanged, and nothing is lost on the way."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.catalogs.test_catalog import MUTATIONS, loaded
from tests.support.samples import examples
from wikiplan.catalogs import csvfile, formats, reuse, xliff
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import Seal, outgoing
from wikiplan.catalogs.reuse import ImportOutcome
from wikiplan.catalogs.textchecks import has_lost_letters
from wikiplan.catalogs.translation import State
from wikiplan.errors import Faults
from wikiplan.plan import plan
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


# Round trips

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60
) | st.text(st.sampled_from("=+-@'\"\\,;\t\n\r |$[]\u200f\u202eאب漢é&<>＝"), max_size=30)
ENGLISH = TEXTS.filter(bool)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(ENGLISH, TEXTS, st.booleans()), min_size=1, max_size=5))
def test_what_is_exported_and_imported_changes_nothing_in_any_format(entries_of):
    assume(not any(has_lost_letters(english, text) for english, text, _ in entries_of))
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


@settings(max_examples=examples(100), deadline=None)
@given(ENGLISH, TEXTS.filter(lambda text: bool(text.strip())))
def test_every_text_comes_through_every_format_as_it_is(english, text):
    assume(not has_lost_letters(english, text))
    units = units_of(english)
    catalog = catalog_of(units, text)
    for kind in FORMATS:
        (found,) = READERS[kind]("fr", exported(kind, catalog, units)).texts
        assert (found.english, found.text, found.ready) == (english, text, True)
        assert found.seal == next(outgoing(catalog, units, {})).seal


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("language", ["ar", "fr", "ja"])
def test_the_sample_comes_back_in_every_format(kind, language):
    sample = plan.load(DATA)
    catalog = Catalog.load(DATA / "locale" / f"{language}.po")
    data = exported(kind, catalog, sample.units, dict.fromkeys(sample.units, PLACES["a"]))
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


# Three ways

ONE = units_of("One book")


# Suggestions


# Damage


@pytest.mark.sampled(4)
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
        assert all(fault.message.wrong and fault.message.advice for fault in refused.faults)
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


LOST = {
    "replaced": ("Livre été".encode(), b"Livre ?t?"),
    "none left": ("Livre été".encode(), b"????? ???"),
    "read as others": ("été".encode(), "été".encode().decode("cp1252").encode()),
    "unknown": ("été".encode(), "\ufffdt\ufffd".encode()),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(("before", "after"), LOST.values(), ids=LOST)
def test_a_file_whose_letters_a_program_lost_is_refused(kind, before, after):
    data = exported(kind, catalog_of(ONE, "Livre été"), ONE)
    with pytest.raises(Faults, match="letters of the translation are gone"):
        READERS[kind]("fr", data.replace(before, after))


@pytest.mark.parametrize(
    "text",
    [
        "行きますか?はい。",
        "متى?غدا",
        "Quand?Demain.",
        "Quoi ? Rien.",
        "Où ?",
        "Ça va?! [//a.org/?b c]",
    ],
)
def test_a_question_is_no_lost_letter(text: str):
    assert not has_lost_letters("When? Tomorrow. [//a.org/?b c]", text)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_whose_english_was_changed_is_refused(kind):
    data = exported(kind, catalog_of(ONE, "Livre un"), ONE)
    with pytest.raises(Faults, match="its key or its English is not what was exported"):
        READERS[kind]("fr", data.replace(b"One book", b"Two books"))


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

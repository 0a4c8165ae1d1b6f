"""Files of several formats and languages, as people name them on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.catalogs.test_exchange import ONE, PLACES, catalog_of, exported, units_of
from wikiplan.catalogs import formats
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan.units import Unit

SUFFIXES = {"po": ".po", "csv": ".csv", "xliff": ".xlf"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder ``in`` with the same text as a file of each format, and one that is none."""
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for kind, suffix in SUFFIXES.items():
        Path(f"in/fr{suffix}").write_bytes(exported(kind, catalog_of(ONE, "Livre un"), ONE))
    Path("in/read-me.txt").write_text("Thank you")
    return Path("in")


def test_a_folders_files_are_found_by_the_language_that_their_beginnings_name(folder: Path):
    found = formats.by_language(["in"])
    assert found == {"fr": [Path("in/fr.csv"), Path("in/fr.po"), Path("in/fr.xlf")]}


def test_the_language_of_a_file_is_not_that_of_its_name(folder: Path):
    for suffix in SUFFIXES.values():
        Path(f"in/fr{suffix}").rename(f"in/final version{suffix.upper()}")
    assert list(formats.by_language(["in"])) == ["fr"]


def test_a_file_that_says_that_it_is_utf_16_is_read(folder: Path):
    for name in ("in/fr.csv", "in/fr.po"):
        path = Path(name)
        path.write_bytes(path.read_bytes().decode("utf-8-sig").encode("utf-16"))
        assert formats.by_language([name]) == {"fr": [path]}
        ((text,),) = [each.texts for each in formats.read_all([path], "fr")]
        assert text.text == "Livre un"


def test_names_of_fields_may_be_written_otherwise_and_a_file_without_language_says_so(
    folder: Path,
):
    path = Path("in/fr.po")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace('"Language:', '"language:'), "utf-8")
    assert formats.by_language(["in/fr.po"]) == {"fr": [path]}
    path.write_text(re.sub('"Language: .*\n', "", whole), "utf-8")
    assert formats.by_language(["in/fr.po"]) == {"": [path]}
    with pytest.raises(Faults, match="does not name the language that it is in"):
        formats.read_all([path], "")


def test_codes_as_other_programs_write_them_are_the_wikis(folder: Path):
    path = Path("in/fr.po")
    path.write_text(path.read_text("utf-8").replace("Language: fr", "Language: pt_BR"), "utf-8")
    assert formats.by_language(["in/fr.po"]) == {"pt-br": [path]}


def test_a_file_that_names_no_language_or_is_not_there_waits_for_its_reading(folder: Path):
    Path("in/empty.csv").write_bytes(b"")
    assert formats.by_language(["in/empty.csv", "in/gone.po"]) == {
        "": [Path("in/empty.csv"), Path("in/gone.po")]
    }


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], "say what to import: plan_translations import FILE…, or a folder"),
        (
            ["in/read-me.txt"],
            "in/read-me.txt: not a file to import; it ends in .po, .csv, .xlf, .xliff",
        ),
        (["none"], "none: has no file that ends in .po, .csv, .xlf, .xliff"),
    ],
)
def test_what_is_no_file_to_import_is_told(names: list[str], told: str, folder: Path):
    Path("none").mkdir()
    with pytest.raises(WikiplanError) as refused:
        formats.by_language(names)
    assert str(refused.value) == told


def test_all_formats_give_the_same_text(folder: Path):
    paths = formats.by_language(["in"])["fr"]
    parcels = formats.read_all(paths, "fr")
    assert [parcel.file for parcel in parcels] == [str(path) for path in paths]
    texts = [(t.key, t.english, t.text, t.ready, t.seal) for p in parcels for t in p.texts]
    assert texts == [texts[0]] * len(paths)


def test_the_damage_of_all_files_is_told_at_once(folder: Path):
    Path("in/fr.csv").write_bytes(b"key,text\n")
    Path("in/fr.po").write_bytes(b"")
    with pytest.raises(Faults) as refused:
        formats.read_all(sorted(Path("in").glob("fr.*")), "fr")
    assert {fault.file for fault in refused.value.faults} == {"in/fr.csv", "in/fr.po"}


def test_a_file_of_another_language_is_refused(folder: Path):
    with pytest.raises(Faults) as refused:
        formats.read_all([Path("in/fr.po")], "de")
    assert str(refused.value) == (
        "in/fr.po:0:0: its beginning does not name the language that it is in; "
        "take the file from the export, or export again"
    )


def test_a_file_that_is_not_there_or_is_too_large_is_told(folder: Path):
    with Path("in/huge.po").open("wb") as file:
        file.truncate(formats.MOST_BYTES + 1)
    with pytest.raises(Faults) as refused:
        formats.read_all([Path("in/gone.po"), Path("in/huge.po")], "fr")
    assert str(refused.value) == (
        "in/gone.po:0:0: there is no such file; look at its name, and at the folder you are in\n"
        "in/huge.po:0:0: is larger than 48 MiB; split it into several files"
    )


def test_a_po_file_has_place_and_seal_in_comments_and_stays_a_catalog(folder: Path):
    catalog = catalog_of(ONE, "Livre un")
    text = Path("in/fr.po").read_text("utf-8")
    assert f"#. {PLACES['a'][0]}\n#. {formats.SEAL}" in text
    ((entry, *_),) = [parcel.texts for parcel in formats.read_all([Path("in/fr.po")], "fr")]
    assert text.replace(f"#. {PLACES['a'][0]}\n#. {formats.SEAL}{entry.seal}\n", "") == (
        catalog.text()
    )


def test_a_po_file_says_which_names_a_translation_must_have_longer_ones_first():
    units = {"a": Unit("a", "Ask [[$lead_link|$lead]]: $$5.", {}), "b": Unit("b", "Roses", {})}
    text = exported("po", catalog_of(units), units).decode()
    assert [line for line in text.split("\n") if line.startswith("#,")] == [
        '#, placeholders:"$lead_link":"$lead"'
    ]
    assert {each.key for each in formats.read_po("fr.po", text.encode()).texts} == {"a", "b"}


def test_a_po_file_says_of_names_and_of_what_the_catalog_has_as_the_english_that_it_may_be_same():
    units = {
        "a": Unit("a", "Ada $n", {}, is_name=True),
        "b": Unit("b", "Invitation", {}),
        "c": Unit("c", "Agenda", {}),
        "d": Unit("d", "Notes", {}),
    }
    catalog = catalog_of(units, "", "Invitation", "Agenda", "Remarques")
    catalog.outdate(units["c"], "An agenda")
    text = exported("po", catalog, units).decode()
    flags = [part.split("\n") for part in text.split("\n\n")[1:]]
    assert [[line for line in part if line.startswith("#,")] for part in flags] == [
        ['#, ignore-same, placeholders:"$n"'],
        ["#, ignore-same"],
        ["#, fuzzy"],
        [],
    ]


def test_texts_that_do_not_go_out_are_not_counted_in_the_file():
    units = {"a": Unit("a", "Roses", {}), "b": Unit("b", "Paths", {})}
    catalog = catalog_of(units, "Des roses", "Des chemins")
    data = exported("po", catalog, {"b": units["b"]})
    assert b"X-Wikiplan-Entries: 1" in data and b"Roses" not in data
    (text,) = formats.read_po("fr.po", data).texts
    assert text.key == "b"


def test_obsolete_entries_do_not_go_out():
    units = units_of("Roses", "Paths")
    catalog = catalog_of(units, "Des roses", "Des chemins")
    catalog.update([units["a"]])
    text = exported("po", catalog, {"a": units["a"]}).decode()
    assert '"X-Wikiplan-Entries: 1\\n"' in text and "#~" not in text


def test_obsolete_entries_do_not_come_back():
    data = exported("po", catalog_of(ONE, "Livre un"), ONE).decode()
    old = '\n#~ msgctxt "{}"\n#~ msgid "Z"\n#~ msgstr "Zed"\n'
    more = "".join(old.format(key) for key in "zza") + '\n#~ msgid "Z"\n#~ msgstr "Zed"\n'
    assert [text.key for text in formats.read_po("fr.po", (data + more).encode()).texts] == ["a"]


@pytest.mark.parametrize(
    ("flags", "ready"),
    [("#, fuzzy", False), ("#, no-wrap, fuzzy", False), ("#, no-fuzzy", True), ("#,fuzzy", False)],
)
def test_an_entry_is_ready_unless_it_is_fuzzy(flags: str, ready: bool):
    data = exported("po", catalog_of(ONE, "Livre un"), ONE).decode()
    text = data.replace('msgctxt "a"', f'{flags}\nmsgctxt "a"')
    assert formats.read_po("fr.po", text.encode()).texts[0].ready is ready

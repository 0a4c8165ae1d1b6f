"""Catalogs are read when they are asked for, once, and say what the PO library says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogs.test_catalog import CASES, NOTES, RECORDING, SMALL, names
from wikiplan.catalogs import potext
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.checks import errors
from wikiplan.catalogs.plainpo import shipped_words
from wikiplan.catalogs.reading import Catalogs, CatalogView
from wikiplan.catalogs.translation import State, Translation
from wikiplan.errors import Faults
from wikiplan.plan import SECTION_KINDS, Unit, plan, with_words
from wikiplan.value import replace

PATH = Path("ar.po")


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The files that are read, in order."""
    found: list[str] = []
    before = potext.bytes_of

    def bytes_of(path: Path) -> bytes:
        found.append(path.name)
        return before(path)

    monkeypatch.setattr(potext, "bytes_of", bytes_of)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for code in ("ar", "de", "fr"):
        text = SMALL.replace("Language: ar", f"Language: {code}")
        (tmp_path / f"{code}.po").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_catalog_is_read_when_it_is_asked_for_and_once(folder, opened):
    catalogs = Catalogs(folder, ["ar", "de", "fr"])
    assert (list(catalogs), len(catalogs), "ar" in catalogs) == (["ar", "de", "fr"], 3, True)
    assert opened == []
    assert catalogs["de"] is catalogs["de"]
    assert catalogs["de"].get(NOTES).text == "ملاحظات"
    assert opened == ["de.po"]


def test_other_languages_are_none_of_the_plans_and_can_be_read_for_the_check(folder):
    catalogs = Catalogs(folder, ["ar"])
    assert catalogs.get("de") is None
    assert catalogs.read("de").language == "de"
    assert [path.name for path in catalogs.files()] == ["ar.po", "de.po", "fr.po"]
    assert [path.name for path in catalogs.files(["fr", "it"])] == ["fr.po"]


def test_a_language_without_a_file_has_an_empty_catalog(tmp_path):
    catalog = Catalogs(tmp_path, ["pt-br"])["pt-br"]
    assert catalog.get(NOTES) == Translation("labels.notes", "", State.UNTRANSLATED)
    assert (catalog.keys, catalog.line_of("labels.notes")) == ((), 0)


def test_the_damage_of_all_languages_is_told_at_once(folder):
    (folder / "ar.po").write_text(SMALL[:-3], encoding="utf-8")
    (folder / "de.po").write_bytes(b"")
    catalogs = Catalogs(folder, ["ar", "de", "fr"])
    assert [(Path(fault.file).name, fault.line) for fault in catalogs.damage(catalogs)] == [
        ("ar.po", 13),
        ("de.po", 1),
    ]
    with pytest.raises(Faults, match=r"ar\.po:13:13: "):
        catalogs["ar"]


@pytest.mark.parametrize("name", names("damage"))
def test_a_damaged_file_is_refused_as_it_is_where_it_is_edited(name):
    data = (CASES / "damage" / f"{name}.po").read_bytes()
    with pytest.raises(Faults) as refused:
        CatalogView.of(PATH, data)
    expected = (CASES / "damage" / f"{name}.faults").read_text(encoding="utf-8")
    assert f"{refused.value}\n" == expected


@pytest.mark.parametrize("name", names("untouched"))
def test_what_is_looked_up_is_what_is_edited(name):
    data = (CASES / "untouched" / f"{name}.po").read_bytes()
    view, catalog = CatalogView.of(PATH, data), Catalog(PATH, data, exists=True)
    assert view.keys == catalog.keys
    for unit in (NOTES, RECORDING):
        assert view.get(unit) == catalog.get(unit)
    for unit in (each for each in (NOTES, RECORDING) if each.key in view.keys):
        for keyword in ("msgctxt", "msgstr"):
            assert view.line_of(unit.key, keyword) == catalog.line_of(unit.key, keyword)


def test_a_catalog_is_of_the_bytes_that_its_digest_is_of(folder):
    catalogs = Catalogs(folder, ["ar", "de", "it"])
    assert catalogs.digest("ar") != catalogs.digest("de") != ""
    assert (catalogs.digest("it"), catalogs["it"].keys) == ("", ())
    (folder / "de.po").write_text(SMALL.replace("Language: ar", "Language: de") + "\n# more\n")
    assert catalogs["ar"].keys
    with pytest.raises(Faults, match=r"de\.po:0:0: the file changed since it was read; run this"):
        catalogs["de"]


ROOT = Path(__file__).parents[2]
OF_THE_PROGRAM = sorted(
    path.stem
    for path in (ROOT / "scripts" / "i18n" / "wikiplan").glob("*.json")
    if path.stem not in ("en", "qqq")
)
"""The languages that edit summaries are written in."""


def every_word() -> list[Unit]:
    """Return the words of all templates, as a plan has them that has none of its own."""
    read = plan.load(ROOT / "data")
    files = {stem: data for stem, data in read.files.items() if stem != "labels"}
    return list(with_words(replace(read, files=files, units={}), SECTION_KINDS).units.values())


@pytest.mark.parametrize("language", OF_THE_PROGRAM)
def test_the_words_of_all_templates_come_in_each_language_of_the_program(language):
    path = ROOT / "wikiplan" / "catalogs" / "words" / f"{language}.po"
    words, shipped = every_word(), Catalog.load(path)
    counts = shipped.update(words)
    assert (counts["unchanged"], counts.total()) == (len(words), len(words))
    assert [unit.key for unit in words if shipped.get(unit).state != State.TRANSLATED] == []
    assert [each for unit in words for each in errors(unit, shipped.get(unit).text)] == []


def test_a_word_that_the_plan_lacks_is_translated_with_and_without_an_entry(tmp_path):
    (word,) = (unit for unit in every_word() if unit.key == "labels.host")
    view = CatalogView(tmp_path / "de.po", {})
    assert (view.get(word).text, view.get(word).state) == ("Gastgeber", State.TRANSLATED)
    assert view.get(replace(word, is_shipped=False)).state == State.UNTRANSLATED
    made = Catalog.create(tmp_path / "de.po")
    made.update([word])
    assert made.get(word).text == "Gastgeber"
    made.set(word, "Moderation")
    own = CatalogView.of(made.path, made.text().encode())
    assert own.get(word).text == "Moderation", "translators have the last word"
    assert shipped_words("tlh") == {}

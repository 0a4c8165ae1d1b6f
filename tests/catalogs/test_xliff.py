"""XLIFF files: what stands where for translation programs, and what comes back from them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from tests.catalogs.test_exchange import ONE, catalog_of, exported, units_of
from wikiplan.catalogs import xliff
from wikiplan.errors import Faults, WikiplanError
from wikiplan.plan.units import Unit


def test_a_character_that_xml_cannot_hold_is_named():
    units = units_of("One\ufffe")
    with pytest.raises(WikiplanError, match=r"a: holds U\+FFFE, which an XLIFF file cannot"):
        exported("xliff", catalog_of(units, "Un"), units)


def test_entities_of_an_xliff_file_are_not_expanded():
    bomb = b'<!DOCTYPE xliff [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<xliff'
    data = exported("xliff", catalog_of(ONE, "Livre un"), ONE)
    data = data.replace(b"<xliff", bomb, 1).replace(b">Livre un<", b">&b;<")
    with pytest.raises(Faults, match="the target holds more than text"):
        xliff.read("fr.xlf", data)


NAMES = {"x": xliff.NAMESPACE}
OUTDATED = {"a": Unit("a", "One thick book", {}, note="A title.")}


def outdated() -> bytes:
    catalog = catalog_of(ONE, "Livre un")
    catalog.update(OUTDATED.values())
    return exported("xliff", catalog, OUTDATED)


def test_an_outdated_text_stands_as_translation_programs_show_it():
    (unit,) = ElementTree.fromstring(outdated()).iterfind(".//x:trans-unit", NAMES)
    told = {
        "id": unit.get("id"),
        "approved": unit.get("approved"),
        "source": unit.findtext("x:source", "", NAMES),
        "target": unit.findtext("x:target", "", NAMES),
        "notes": [(each.get("from"), each.text) for each in unit.iterfind("x:note", NAMES)],
        "before": unit.findtext("x:alt-trans/x:source", "", NAMES),
    }
    assert told == {
        "id": "a",
        "approved": "no",
        "source": "One thick book",
        "target": "Livre un",
        "notes": [("where", "Page, section “s”: text 1 of 2"), ("developer", "A title.")],
        "before": "One book",
    }


def test_the_file_names_its_languages_and_how_many_texts_it_has():
    root = ElementTree.fromstring(outdated())
    (file,) = root.iterfind("x:file", NAMES)
    assert (file.get("source-language"), file.get("target-language")) == ("en", "fr")
    assert file.findtext("x:header/x:note", "", NAMES) == "wikiplan: 1 texts"


def test_a_text_without_translation_has_no_target_and_comes_back_empty():
    data = exported("xliff", catalog_of(ONE), ONE)
    assert b"<target" not in data
    (text,) = xliff.read("fr.xlf", data).texts
    assert (text.text, text.ready) == ("", True)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (' id="a"', "", "the text has no id"),
        ("<source>One thick book</source>", "", "the text has no source"),
        (">Livre un<", "><g id='1'>Livre</g> un<", "the target holds more than text"),
        (' target-language="fr"', "", "the file has no target-language"),
        ("wikiplan: 1 texts", "wikiplan: 2 texts", "the file states 2 texts, and has 1"),
        ("utf-8", "latin-1", "the file says that it is latin-1 and not UTF-8"),
        ("</trans-unit>", "", "the file is damaged ("),
    ],
)
def test_damage_is_named(before: str, after: str, told: str):
    text = outdated().decode().replace('encoding="UTF-8"', 'encoding="utf-8"')
    text = text.replace("encoding='UTF-8'", "encoding='utf-8'")
    assert before in text
    with pytest.raises(Faults) as refused:
        xliff.read("fr.xlf", text.replace(before, after, 1).encode())
    assert any(told in fault.message for fault in refused.value.faults)


def test_marks_that_a_program_put_around_words_are_taken_off():
    data = outdated().replace(b">Livre un<", b"><mrk mtype='seg'>Livre</mrk> un<", 1)
    assert xliff.read("fr.xlf", data).texts[0].text == "Livre un"


@pytest.mark.parametrize(
    ("state", "ready"),
    [
        ("needs-review-translation", False),
        ("needs-l10n", False),
        ("new", False),
        ("final", True),
        ("signed-off", True),
    ],
)
def test_a_program_says_in_its_own_words_whether_a_text_is_ready(state: str, ready: bool):
    data = outdated().replace(b'state="needs-translation"', f'state="{state}"'.encode())
    assert xliff.read("fr.xlf", data).texts[0].ready is ready


def test_a_code_as_other_programs_write_it_is_the_wikis():
    data = outdated().replace(b'target-language="fr"', b'target-language="pt_BR"')
    assert xliff.read("x.xlf", data).language == "pt-br"


def test_the_place_of_a_text_with_a_strange_character_is_named_with_the_way_out():
    with pytest.raises(WikiplanError) as refused:
        exported("xliff", catalog_of(units_of("One\x00"), "Un"), units_of("One\x00"))
    assert str(refused.value) == (
        "a: holds U+0000, which an XLIFF file cannot; take it out, or use -format:po"
    )

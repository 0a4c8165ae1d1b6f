"""Files for translators at the desk: taken away, and looked at before anything of them is taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.browser import Browser, findings
from tests.support.desk import opened
from tests.support.desktranslator import Translator, difference
from wikiplan.desk.translators.translations import MOST_KEPT, file_name

At = Callable[[str], Translator]
HEADING = "department.mission-heading"
NEW = {"de": "Unsere Aufgaben", "ar": "أعمالنا", "ja": "私たちの仕事"}
KINDS = {"po": "po", "xliff": "xlf", "csv": "csv"}


@pytest.fixture
def at(directory: Path, address: str) -> At:
    return lambda language: Translator(address, directory, language)


def taken_away(translator: Translator, kind: str = "po") -> bytes:
    answer = translator.get("translations-file", language=translator.language, format=kind)
    name = f"{translator.language}.{KINDS[kind]}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    return answer.content


def old_text(translator: Translator) -> str:
    return translator.form(HEADING)["text"]


def kept_in(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]*)"', page)
    return found[1] if found else ""


def counts(page: str) -> list[str]:
    return re.findall(r"<li>([^<]*: \d+)</li>", page)


@pytest.mark.parametrize("language", NEW)
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_comes_back_and_changes_what_was_shown_and_nothing_else(
    kind: str, language: str, at: At
):
    translator = at(language)
    before, old = translator.catalog, old_text(translator)
    data = taken_away(translator, kind).replace(old.encode(), NEW[language].encode())
    page = translator.look_at(f"{language}.{KINDS[kind]}", data).text
    assert counts(page) == ["Would be taken: 1", "Unchanged: 79"]
    assert NEW[language] in page
    assert translator.catalog == before, "it was looked at, no more"
    done = translator.post("translations-take", {"kept": kept_in(page)})
    assert f"Taken from \u2068{language}.{KINDS[kind]}\u2069: 1" in done.text
    assert difference(before, translator.catalog) == [
        f'-msgstr "{old}"',
        f'+msgstr "{NEW[language]}"',
    ]


def test_a_file_as_it_went_out_has_nothing_to_take(at: At):
    translator = at("fr")
    page = translator.look_at("fr.po", taken_away(translator)).text
    assert counts(page) == ["Unchanged: 80"]
    assert "There is nothing to take." in page and not kept_in(page)


def test_texts_with_errors_are_told_and_the_others_taken(at: At):
    translator = at("de")
    before = translator.catalog
    data = taken_away(translator)
    for old, new in (("Was wir tun", "Was $wir tun"), ("Notizen", ""), ("Aufzeichnung", "Film")):
        data = data.replace(f'msgstr "{old}"'.encode(), f'msgstr "{new}"'.encode())
    page = translator.look_at("de.po", data).text
    assert counts(page) == [
        "Would be taken: 1",
        "Refused, they have errors: 1",
        "Came back empty; the catalog keeps its own: 1",
        "Unchanged: 77",
    ]
    assert "uses $wir, which is not defined" in page
    translator.post("translations-take", {"kept": kept_in(page)})
    assert difference(before, translator.catalog) == [
        '-msgstr "Aufzeichnung"',
        '+msgstr "Film"',
    ]


def test_what_the_catalog_changed_since_is_in_conflict_and_both_are_kept(at: At):
    translator = at("de")
    data = taken_away(translator).replace(b'"Was wir tun"', b'"Unsere Aufgaben"')
    translator.save(HEADING, "Unsere Arbeit")
    before = translator.catalog
    page = translator.look_at("de.po", data).text
    assert counts(page)[0] == "In conflict, changed here and there; both are kept: 1"
    translator.post("translations-take", {"kept": kept_in(page)})
    assert difference(before, translator.catalog) == [
        '+# wikiplan: another translation, from de.po: "Unsere Aufgaben"'
    ]


def test_only_what_was_shown_is_taken(at: At):
    translator = at("de")
    data = taken_away(translator).replace(b'"Was wir tun"', b'"Unsere Aufgaben"')
    page = translator.look_at("de.po", data).text
    translator.save(HEADING, "Unsere Arbeit")
    before = translator.catalog
    told = translator.post("translations-take", {"kept": kept_in(page)})
    assert told.status_code == 400
    assert "The catalog changed since you looked; nothing is written." in told.text
    assert counts(told.text)[0] == "In conflict, changed here and there; both are kept: 1"
    assert translator.catalog == before


def test_a_file_is_taken_once_and_of_many_the_last_are_kept(at: At):
    translator = at("de")
    data = taken_away(translator).replace(b'"Was wir tun"', b'"Unsere Aufgaben"')
    pages = [translator.look_at("de.po", data).text for _ in range(MOST_KEPT + 1)]
    first, *others = map(kept_in, pages)
    answers = [
        translator.post("translations-take", {"kept": each}).status_code
        for each in (first, others[-1], others[-1], "x")
    ]
    assert answers == [400, 200, 400, 400]


def test_a_file_of_another_language_or_plan_is_told(at: At):
    german, arabic = at("de"), at("ar")
    data = taken_away(german)
    files = {
        "this is the list of “ar”": data,
        "the plan has no translations into “dr”": data.replace(b"Language: de", b"Language: dr"),
    }
    for told, each in files.items():
        wanted = arabic if "list" in told else at("")
        answer = wanted.look_at("de.po", each)
        assert (answer.status_code, told in answer.text) == (400, True), answer.text
    other = re.sub(rb"#\. wikiplan-export.*\n", b"", data).replace(
        b'msgctxt "', b'msgctxt "garden-'
    )
    answer = german.look_at("de.po", other)
    assert (answer.status_code, "the plan has none of its texts" in answer.text) == (400, True)


XLIFF = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="wikiplan" source-language="en" target-language="de" datatype="plaintext">
<header/><body><trans-unit id="department.mission-heading"><source>What we do</source>
<target>{text}</target></trans-unit></body></file></xliff>"""
LAUGHS = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghij"))
HOSTILE = {
    "entities in entities": ("a.xlf", XLIFF.format(
        doctype=f'<!DOCTYPE x [<!ENTITY a "ha">{LAUGHS}]>', text="&j;"), "the file is damaged"),
    "an entity that is a file": ("a.xlf", XLIFF.format(
        doctype='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', text="&a;"),
        "the target holds more than text"),
    "elements in elements": ("a.xlf", XLIFF.format(doctype="", text="<mrk>" * 10_000),
        "the file is damaged"),
    "half a sign of UTF-16": ("a.po", "msgid ä".encode("utf-16")[:-1], "is not UTF-8"),
    "latin letters": ("a.csv", "key;ä".encode("latin-1"), "is not UTF-8"),
    "nothing": ("a.po", "", "the file has no header"),
    "an archive": ("a.xlf", b"PK\x03\x04" + bytes(range(256)), "is not UTF-8"),
    "another kind of file": ("a.ods", "x", "it ends in .po, .csv, .xlf, .xliff"),
    "no ending": ("po", "x", "it ends in .po, .csv, .xlf, .xliff"),
    "a control character": ("a.po", 'msgid "\x00"\n', "control character U+0000"),
    "a cell without end": ("a.csv", '"' + "," * 200_000, "the table is damaged"),
    "too many bytes": ("a.po", "\n" * (8 * 1024 * 1024 + 1), "is larger than 8 MiB"),
    "rows that are none": ("a.csv", "a\n" * 1_000_000, "the first row is not the one"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_told_in_words_and_nothing_is_written(what: str, at: At):
    translator = at("de")
    before = translator.catalog
    name, data, told = HOSTILE[what]
    sent = data.encode() if isinstance(data, str) else data
    answer = translator.look_at(name, sent)
    assert (answer.status_code, told in answer.text) == (400, True), answer.text[-2000:]
    assert "root:" not in answer.text
    assert translator.catalog == before


def test_formulas_of_a_table_are_texts_on_their_way_out_and_back(at: At):
    translator = at("de")
    before = translator.catalog
    data = taken_away(translator, "csv").replace(b'"Was wir tun"', b'"+cmd()"')
    page = translator.look_at("de.csv", data).text
    translator.post("translations-take", {"kept": kept_in(page)})
    assert difference(before, translator.catalog) == ['-msgstr "Was wir tun"', '+msgstr "+cmd()"']
    assert b'"\'+cmd()"' in taken_away(translator, "csv")


def test_no_file_and_no_format_are_told(at: At):
    translator = at("de")
    answer = translator.post("translations-look", {"language": "de"})
    assert (answer.status_code, "no file was sent" in answer.text) == (400, True)
    for query in ({"language": "de", "format": "ods"}, {"language": "../de", "format": "po"}):
        assert translator.get("translations-file", **query).status_code == 400


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("../../x.po", "x.po"),
        ("C:\\a\\b.po", "b.po"),
        ("a\n# wikiplan: b.po", "a-wikiplan-b.po"),
        ("\u202egnp.po", "-gnp.po"),
        ("<b>.po", "-b-.po"),
        ("ملف.po", "ملف.po"),
        ("x" * 500 + ".po", "x" * 60 + ".po"),
    ],
)
def test_the_name_of_a_file_says_nothing_but_a_name(sent: str, name: str):
    assert file_name(sent) == name


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_file_is_looked_at_and_taken_in_a_browser(
    locale: str, at: At, browser: Browser, tmp_path: Path
):
    translator = at("ar")
    before, old = translator.catalog, old_text(translator)
    file = tmp_path / "back.po"
    file.write_bytes(taken_away(translator).replace(old.encode(), NEW["ar"].encode()))
    with opened(browser, translator.address, width=320, locale=locale) as page:
        page.goto(f"{translator.address}translations?language=ar")
        page.locator("input[type=file]").set_input_files(file)
        page.locator("form[enctype] button").click()
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.locator("main button.main").click()
        page.get_by_role("status").wait_for()
    assert difference(before, translator.catalog) == [f'-msgstr "{old}"', f'+msgstr "{NEW["ar"]}"']

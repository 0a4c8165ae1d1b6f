"""PO files, read strictly: joined, the parts are the file, and every fault has its line.

Damaged files with the words for them stand in tests/cases/catalog/damage (see test_catalog.py).
"""

from __future__ import annotations

import random
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogs.test_catalog import DATA, HEADER, MUTATIONS, quoted, stretches
from tests.support.samples import examples
from tests.support.wikicases import CASES
from wikiplan import files
from wikiplan.catalogs import potext
from wikiplan.catalogs.potext import PoFile
from wikiplan.errors import Faults

ENTRY = 'msgctxt "a"\nmsgid "A"\nmsgstr "x"\n'


def read(text: str) -> PoFile:
    return potext.read("ar.po", text.encode())


def joined(file: PoFile) -> str:
    return "".join(each.lead + each.body for each in file.entries) + file.tail


def faults(text: str) -> list[str]:
    with pytest.raises(Faults) as refused:
        read(text)
    return str(refused.value).split("\n")


@settings(max_examples=examples(60))
@given(stretches(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", potext.BOM]))
def test_the_parts_of_any_file_joined_are_the_file(entries, line_end, bom):
    text = bom + "".join([HEADER, *entries]).replace("\n", line_end)
    found = read(text)
    assert joined(found) == text
    assert [each.key for each in found.entries] == ["", *(f"key.{n}" for n in range(len(entries)))]


@pytest.mark.parametrize("path", sorted((CASES / "catalog").rglob("*.po")), ids=lambda p: p.stem)
def test_a_file_that_is_read_comes_back_and_one_that_is_not_names_lines_that_it_has(path: Path):
    data = path.read_bytes()
    try:
        assert joined(potext.read(path.name, data)).encode() == data
    except Faults as refused:
        assert all(1 <= fault.line <= data.count(b"\n") + 1 for fault in refused.faults)


@settings(max_examples=examples(100))
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r")),
    st.lists(st.integers(0, 99), max_size=3),
)
def test_a_text_is_read_without_quotes_and_escapes_in_whatever_pieces(text, cuts):
    (entry,) = read(f'msgctxt "a"\nmsgid {quoted(text, cuts)}\nmsgstr ""\n').entries
    assert entry.value("msgid") == text
    assert entry.value("msgstr") == entry.value("msgnone") == ""


def test_an_entry_knows_its_lines():
    first, second = read(
        f"\n# A note\n{ENTRY}\n\n#~ {ENTRY[:-1].replace(chr(10), chr(10) + '#~ ')}\n# end\n"
    ).entries
    assert (first.lead, first.line, first.lines) == (
        "\n", 2, {"msgctxt": 3, "msgid": 4, "msgstr": 5},
    )  # fmt: skip
    assert (second.line, second.obsolete, first.obsolete) == (8, True, False)


def test_comments_after_the_last_entry_are_the_tail():
    assert read(f"{ENTRY}\n# the end\n").tail == "\n# the end\n"
    assert read("").entries == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("msgid A\n", '1:7: the text does not begin with a quote; write it as "text"'),
        ('msgid "A\n', '1:9: the text has no closing quote; end it in "'),
        ('msgid "A\\q"\n', "1:9: “\\q” is no escape; write a backslash as \\\\"),
        (
            'msgid "A" x\n',
            '1:9: something follows the closing quote; write a quote inside the text as \\"',
        ),
        ("A\n", "1:1: neither a comment nor a keyword nor a quoted text; quote it or delete it"),
        ("# \x07\n", "1:3: the line holds the control character U+0007; delete it"),
        (
            "<<<<<<< ours\n",
            "1:1: a merge left its mark “<<<<<<<”; settle the merge and delete its marks",
        ),
        ('"A"\n', "1:1: this text belongs to no keyword; restore the line before it"),
        ('#| "A"\n', "1:1: this text belongs to no keyword; restore the line before it"),
        ('msgit "A"\n', "1:1: “msgit” is no keyword; correct it"),
        (
            'msgctxt "a"\nmsgid "A"\nmsgid_plural "B"\n',
            "3:1: a: “msgid_plural” does not belong in a catalog; "
            "write {{PLURAL:$n|…}} inside one msgstr",
        ),
        (
            'msgctxt "a"\nmsgstr "A"\n',
            "2:1: a: “msgstr” stands where “msgid” must stand; restore the msgid, or take the file "
            "from its version history",
        ),
        (
            'msgctxt "a"\nmsgid "A"\n\nmsgstr ""\n',
            "3:1: a: the entry of line 1 ends before its msgstr; restore the msgstr, or take the "
            "file from its version history",
        ),
        (
            '#~ msgctxt "a"\nmsgid "A"\n',
            "2:1: a: the entry is obsolete (#~) in some of its lines only; write #~ before all of "
            "its lines, or before none",
        ),
        (
            'msgctxt "a"\nmsgid "A"\n',
            "2:1: a: the file ends inside the entry of line 1; take the file from its version "
            "history",
        ),
        (
            'msgctxt "a',
            "1:11: the file ends in the middle of a line: the text has no closing quote; take the "
            "file from its version history",
        ),
    ],
)
def test_a_line_that_is_none_of_the_formats_is_told(text: str, told: str):
    assert faults(text)[0] == f"ar.po:{told}"


def test_after_a_fault_reading_goes_on_at_a_blank_line_or_a_key():
    assert [each[:9] for each in faults(f"x\ny\n\nz\n{ENTRY}x\n{ENTRY}")] == [
        "ar.po:1:1", "ar.po:4:1", "ar.po:8:1",
    ]  # fmt: skip


def test_a_byte_of_another_charset_is_told_with_line_and_column():
    with pytest.raises(Faults) as refused:
        files.decode("ar.po", "é\nüx".encode() + b"\xe4")
    assert str(refused.value) == (
        "ar.po:2:3: the byte 0xE4 is not UTF-8; "
        "save the file as UTF-8, or take it from its version history"
    )


def test_an_entry_without_a_key_or_with_another_ones_is_told():
    entries = read(f'msgid "B"\nmsgstr ""\n\n{ENTRY}\n{ENTRY}').entries
    assert [str(each) for each in potext.key_faults("ar.po", entries)] == [
        "ar.po:1:1: the entry has no msgctxt; restore the msgctxt with the unit’s key",
        "ar.po:8:1: a: the entry stands twice, first in line 4; "
        "keep the better one and delete the other",
    ]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda function: function.__name__)
def test_what_is_read_of_a_mutated_file_is_all_of_it(mutate):
    lines = (DATA / "locale" / "de.po").read_bytes().splitlines(keepends=True)
    for seed in range(5):
        luck = random.Random(seed)
        data = mutate(lines, luck.randrange(len(lines)), luck)
        try:
            assert joined(potext.read("de.po", data)).encode() == data
        except Faults as refused:
            assert refused.faults


@pytest.mark.parametrize("line", ["\n", "# a\n", '"x"\n'])
def test_very_many_lines_of_one_kind_cost_no_more_each_than_some(line: str):
    """Lines of an entry are put together once: what was put together each time took minutes."""
    many, some = 400_000, 4_000
    head = ENTRY if line.startswith('"') else ""

    def seconds(lines: int) -> float:
        data = (head + line * lines).encode()
        begun = process_time()
        potext.read("ar.po", data)
        return process_time() - begun

    seconds(some)
    assert seconds(many) < 5 * (many / some) * max(seconds(some), seconds(some))

"""Files read in one go: each says what the PO library reads in it, or is left to that one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogs.test_catalog import MUTATIONS, SMALL, names, stretches
from tests.support.samples import examples
from wikiplan.catalogs import plainpo
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import Entry

CASES = Path(__file__).parents[1] / "cases" / "catalog"
LOCALE = Path(__file__).parents[2] / "data" / "locale"
HEADER = (
    'msgid ""\nmsgstr ""\n"X-Wikiplan-Entries: 0\\n"\n"Language: ar\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n'
)


def agrees(data: bytes) -> bool:
    """Tell whether a file is read in one go; if so the PO library must read the same in it."""
    found = plainpo.entries(data, "ar")
    if found is None:
        return False
    assert found == Catalog(Path("ar.po"), data, exists=True).entries()
    return True


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*.po")), ids=lambda path: path.stem)
def test_the_sample_catalogs_are_read_in_one_go(path):
    data = path.read_bytes()
    assert plainpo.entries(data, path.stem) == Catalog(path, data, exists=True).entries()


def test_an_entry_is_read_with_its_flag_its_notes_and_its_lines():
    text = (
        f"{HEADER}\n# one\n#\n#  two\n#. note\n#: a.yaml:1\n#, c-format,fuzzy\n"
        '#| msgid ""\n#| "Be"\n#| "fore"\nmsgctxt "a.b"\nmsgid ""\n"One \\"two\\"\\n"\n"three"\n'
        'msgstr "Eins"\n\n#~| msgid "Older"\n#~ msgctxt "old"\n#~ msgid "x"\n#~ msgstr ""\n#~ "y"\n'
    ).replace("Entries: 0", "Entries: 2")
    assert plainpo.entries(text.encode(), "ar") == {
        "a.b": Entry('One "two"\nthree', "Eins", True, 16, 20, "Before", "one\n\n two")
    }


@pytest.mark.parametrize("name", names("damage"))
def test_a_damaged_file_is_left_to_who_tells_its_faults(name):
    assert plainpo.entries((CASES / "damage" / f"{name}.po").read_bytes(), "ar") is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "bom"])
@pytest.mark.parametrize("name", names("untouched"))
def test_a_file_of_other_habits_says_the_same_or_is_left(name, bom, line_end):
    text = (CASES / "untouched" / f"{name}.po").read_bytes().decode()
    agrees((bom + text.replace("\n", line_end)).encode())


def test_a_file_that_states_more_entries_than_it_has_is_left():
    assert agrees(SMALL.encode())
    assert not agrees(SMALL.replace("Entries: 2", "Entries: 3").encode())


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda function: function.__name__)
def test_of_200_mutations_none_is_read_otherwise(mutate):
    lines = SMALL.encode().splitlines(keepends=True)
    for seed in range(200):
        luck = random.Random(seed)
        agrees(mutate(lines, luck.randrange(len(lines)), luck))


@settings(max_examples=examples(300), deadline=None)
@given(stretches(), st.sampled_from(["\n", "\r\n"]))
def test_files_by_people_of_all_habits_are_read_alike(entries, line_end):
    agrees("".join([HEADER, *entries]).replace("\n", line_end).encode())


STRINGS = st.lists(
    st.sampled_from(["a", "é", "\\n", '\\"', "\\\\", "\\t", "_:", "#~", " ", "\u2028", "\x85"]),
    max_size=4,
).map(lambda parts: f'"{"".join(parts)}"')
LINES = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "\t",
                "#",
                "# note",
                "#  two",
                "#note",
                "#. auto",
                "#.",
                "#: a:1",
                "#:",
                "#=",
            ),
            *(
                "#, fuzzy",
                "#,fuzzy",
                "#, a , fuzzy",
                "#,",
                "#, notfuzzy",
                "#= fuzzy",
                "#|",
                "#~",
                "#~|",
            ),
            *("# charset=x", "#, fuzzy\x85", "#\u2028, fuzzy", "#@", "#-~", "#\tx", "#~ # c"),
        ]
    ),
    st.builds(
        lambda prefix, keyword, text: f"{prefix}{keyword}{text}",
        st.sampled_from(["", "#~ ", "#| ", "#~| ", "#|", "#~", " "]),
        st.sampled_from(["msgctxt ", "msgid ", "msgstr ", "", "", "msgstr", "msgid_plural "]),
        STRINGS,
    ),
)
ENTRIES = st.builds(
    lambda prefix, comments, number, texts: "\n".join(
        [
            *comments,
            f'{prefix}msgctxt "k{number}"',
            *(prefix + line for line in f"msgid {texts[0]}\n{texts[1]}".split("\n")),
            *(prefix + line for line in f"msgstr {texts[2]}\n{texts[3]}".split("\n")),
        ]
    ),
    st.sampled_from(["", "", "#~ "]),
    st.lists(LINES, max_size=3),
    st.integers(0, 9),
    st.tuples(STRINGS, STRINGS, STRINGS, STRINGS),
)


@settings(max_examples=examples(600), deadline=None)
@given(st.lists(ENTRIES | LINES | ENTRIES, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_odd_lines_in_any_order_are_read_alike_or_left(parts, line_end):
    agrees("\n".join([HEADER, *parts, ""]).replace("\n", line_end).encode())


def test_what_all_languages_have_alike_is_kept_once():
    first, second = (plainpo.entries(SMALL.encode(), "ar") for _ in "12")
    assert first
    assert second
    for (key, one), (other_key, other) in zip(first.items(), second.items(), strict=True):
        assert key is other_key
        assert one.english is other.english

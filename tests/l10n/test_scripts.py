"""Letters of other scripts, look-alikes, direction marks, and text that a terminal can show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.l10n import scripts

LRE, RLE, PDF, LRI, FSI, PDI = "\u202a", "\u202b", "\u202c", "\u2066", "\u2068", "\u2069"
LRM, RLM = "\u200e", "\u200f"
CONTROLS = [LRE, RLE, "\u202d", PDF, LRI, "\u2067", FSI, PDI, LRM, RLM, "\u061c"]
TEXTS = st.lists(st.sampled_from([*CONTROLS, "a", "ب", "\n", " "]), max_size=12).map("".join)


# Scripts


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("en", {"LATIN"}),
        ("ru", {"CYRILLIC"}),
        ("ar", {"ARABIC"}),
        ("ja", {"CJK"}),
        ("ko", {"CJK"}),
        ("zh-hant", {"CJK"}),
        ("kk", set()),
        ("sr-el", {"LATIN"}),
    ],
)
def test_the_scripts_of_a_language_are_those_of_its_own_name(code: str, found: set[str]):
    assert scripts.scripts_of(code) == found
    assert scripts.is_east_asian(code) == ("CJK" in found)


@wikicases.each("scripts/foreign.cases")
def test_words_in_letters_that_a_language_does_not_use(case: Case):
    (code, words), *_ = case.blocks.items()
    foreign = scripts.foreign_words(words, case.blocks["english"], code)
    assert foreign == case.blocks["foreign"]


@given(st.text(max_size=30), st.sampled_from(["ar", "ru", "de", "ja", "kk"]))
def test_what_is_foreign_is_a_part_of_the_words(words: str, code: str):
    for word in scripts.foreign_words(words, "", code).split():
        assert word in words


@pytest.mark.parametrize(
    ("words", "mixed"),
    [
        ("Сat and dog", ("Сat",)),
        ("Cat and кот", ()),
        ("SMSка", ()),
        ("αlpha", ("αlpha",)),
        ("Ада Ada", ()),
        ("сto сto", ("сto", "сto")),
    ],
)
def test_a_word_of_letters_that_look_alike_is_told(words: str, mixed: tuple[str, ...]):
    assert scripts.mixed_words(words) == mixed


# Direction marks


@pytest.mark.parametrize(
    ("text", "open_or_lone"),
    [
        ("plain", ()),
        (f"{LRM}a{RLM}", ()),
        (f"{RLE}a{PDF}", ()),
        (f"\u2067a{PDI}", ()),
        (f"{LRE}a", (LRE,)),
        (f"a{PDF}", (PDF,)),
        (f"a{PDI}{PDF}", (PDI, PDF)),
        (f"{LRE}a\nb{PDF}", (LRE, PDF)),
        (f"{LRI}{RLE}a{PDI}", (RLE,)),
        (f"{RLE}{LRI}a{PDF}b{PDI}", (PDF, RLE)),
    ],
)
def test_marks_that_turn_what_stands_behind_a_text_are_told(text: str, open_or_lone):
    assert scripts.unpaired(text) == open_or_lone


@given(TEXTS)
def test_a_text_in_its_own_isolate_or_embedding_is_as_paired_as_before(text: str):
    lone = scripts.unpaired(text)
    assert set(lone) <= set(scripts.controls_in(text)) - {LRM, RLM, "\u061c"}
    if not lone and "\n" not in text:
        assert scripts.unpaired(f"{RLE}{text}{PDF}") == ()
        assert scripts.unpaired(f"{FSI}{text}{PDI}") == ()


@given(TEXTS, TEXTS)
def test_lines_are_paired_each_by_itself(first: str, second: str):
    both = scripts.unpaired(first) + scripts.unpaired(second)
    assert scripts.unpaired(f"{first}\n{second}") == both


@given(TEXTS)
def test_each_direction_mark_is_named_once_in_order(text: str):
    found = scripts.controls_in(text)
    assert len(found) == len(set(found))
    assert [text.index(mark) for mark in found] == sorted(text.index(mark) for mark in found)
    assert set(found) == {mark for mark in CONTROLS if mark in text}


def test_marks_are_named_by_their_numbers():
    assert scripts.named([LRM, RLE, LRM]) == "U+200E, U+202B"
    assert scripts.named([]) == ""


# Terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("مرحبا", f"{FSI}مرحبا{PDI}"),
        ("שלום 5", f"{FSI}שלום 5{PDI}"),
        ("٥", f"{FSI}٥{PDI}"),
        ("", ""),
    ],
)
def test_text_from_the_right_stands_in_an_isolate(text: str, shown: str):
    assert scripts.isolated(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a<U+001B>[31mb"),
        ("a\u202ec", "a<U+202E>c"),
        ("a\tb\nc", "a\tb\nc"),
        ("\r\x00\x7f\x9b", "<U+000D><U+0000><U+007F><U+009B>"),
        (f"{FSI}ب{PDI}", f"{FSI}ب{PDI}"),
        ("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
        ("\u2066a\u2067", "<U+2066>a<U+2067>"),
        ("a\u200bb\u00ad\ufeff\U000e0041", "a<U+200B>b<U+00AD><U+FEFF><U+E0041>"),
        ("می\u200cخواهم \u200f5", "می\u200cخواهم \u200f5"),
    ],
)
def test_control_characters_are_shown_and_do_not_act(text: str, shown: str):
    assert scripts.visible(text) == shown


def test_isolates_that_a_text_brings_along_show():
    assert scripts.isolated(f"a{PDI}{FSI}") == "a<U+2069><U+2068>"
    assert scripts.isolated(f"{PDI}ب") == f"{FSI}<U+2069>ب{PDI}"
    assert scripts.unveiled(f"{FSI}ب{PDI}") == "<U+2068>ب<U+2069>"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("“a” … b – c × d", b'"a" ... b - c x d'),
        (f"{FSI}ب{PDI}", b"\\u0628"),
        ("é\U0001f600", b"\\xe9\\U0001f600"),
    ],
)
def test_where_an_encoding_lacks_a_sign_a_like_one_or_its_number_is_written(text, written):
    assert text.encode("ascii", scripts.READABLE) == written


def test_other_mistakes_of_encoding_are_not_hidden():
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", scripts.READABLE)


@given(st.text())
def test_nothing_that_is_shown_acts_on_a_terminal(text: str):
    shown = scripts.visible(text)
    acting = [sign for sign in shown if unicodedata.category(sign) == "Cc" and sign not in "\n\t"]
    assert acting == []
    assert scripts.visible(shown) == shown
    if not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in text):
        assert shown == text

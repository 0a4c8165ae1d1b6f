"""What a reader sees of a text, how many words that is, and the plural calls in it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.wikitext import prose

# fmt: off
PIECES = [
    "rose", "lily ", "$n", "$$", " ", "''", "'''", "[[", "]]", "[", "]", "{{", "}}", "|", "=", "12",
    "{{PLURAL:$n|", "{{GENDER:$n|", "{{PLURAL", "<b>", "</b>", "<", "https://a.example/b ", "&amp;",
]
# fmt: on
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
PLAIN = st.lists(st.sampled_from(["rose", "lily-pad", "isn't", "é", "ورد"]), max_size=8)


@wikicases.each("prose/words.cases")
def test_the_words_that_a_reader_sees(case: Case):
    text = case.blocks["text"]
    assert prose.words_of(text) == case.blocks["words"]
    assert str(prose.words_in(text)) == case.blocks["count"]


@wikicases.each("prose/plurals.cases")
def test_plural_calls_and_what_is_wrong_with_them(case: Case):
    text = case.blocks["text"]
    calls = [f"${call.variable}: {' / '.join(call.forms)}" for call in prose.plural_calls(text)]
    assert "\n".join(calls) == case.blocks["calls"]
    assert "\n".join(prose.plural_messages(text)) == case.blocks["messages"]


def test_forms_for_one_number_are_not_general():
    (call,) = prose.plural_calls("{{PLURAL:$n|0=none| 12 = a dozen|one|x=many}}")
    assert call.general_forms == ("one", "x=many")


@settings(max_examples=examples(100))
@given(TEXTS)
def test_a_call_is_a_stretch_of_the_text_that_ends_in_braces(text):
    for call in prose.plural_calls(text):
        whole = text[call.start : call.stop]
        assert whole.startswith("{{PLURAL:$n|") and whole.endswith("}}")
        assert whole == "{{PLURAL:$n|" + "|".join(call.forms) + "}}"
        assert prose.forms_at(text, call.start + len("{{PLURAL:$n|"))[1] == call.stop


@settings(max_examples=examples(100))
@given(TEXTS)
def test_no_plural_is_left_where_the_last_forms_stand(text):
    last = prose.with_last_forms(text)
    assert list(prose.plural_calls(last)) == []
    assert prose.with_last_forms(last) == last


@settings(max_examples=examples(100))
@given(TEXTS)
def test_any_text_can_be_read_and_words_are_no_more_than_its_own(text):
    words = prose.words_of(text)
    assert words == words.strip()
    assert 0 <= prose.words_in(text) <= len(text)


@given(PLAIN)
def test_plain_words_are_read_as_they_are_and_each_counts(words):
    text = " ".join(words)
    assert prose.words_of(text) == text
    assert prose.words_in(text) == len(words)
    assert prose.words_in(f"'''{text}''' <b>$name</b>") == len(words)
    assert prose.words_in(f"[[Garden|{text}]]" if text else "") == len(words)


def test_variables_are_taken_out_of_words():
    assert prose.without_variables("by $date for $$5, $a_1 and $A") == "by   for  5,   and $A"

"""What people are told when something is wrong: whole texts, in the order of the files."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.errors import (
    Conflict,
    Fault,
    Faults,
    Finding,
    Invalid,
    Message,
    Refusal,
    Stop,
    Unclear,
    WikiplanError,
    did_you_mean,
)

WORDS = st.text(alphabet="abcde-", max_size=8)
FAULTS = st.builds(
    Fault,
    st.sampled_from(["a.yaml", "b.yaml"]),
    st.integers(0, 12),
    st.integers(0, 3),
    st.sampled_from(["", "key"]),
    st.just(Message("wrong", "is wrong; mend it")),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (
            Fault(
                "data/links.yaml", 3, 7, "office.page", Message("empty", "is empty; write a title")
            ),
            "data/links.yaml:3:7: office.page: is empty; write a title",
        ),
        (
            Fault(
                "data", 0, 0, "", Message("no-plan", "the plan is empty", "add it"), warning=True
            ),
            "data:0:0: warning: the plan is empty; add it",
        ),
    ],
)
def test_a_fault_says_where_what_and_what_to_do(fault: Fault, text: str):
    assert str(fault) == text


@given(st.lists(FAULTS, max_size=6))
def test_faults_are_told_in_the_order_of_files_and_lines_whatever_was_found_first(faults):
    error = Faults(faults)
    assert str(error) == str(Faults(reversed(faults)))
    assert str(error).splitlines() == [str(fault) for fault in error.faults]
    places = [(fault.file, fault.line, fault.column) for fault in error.faults]
    assert places == sorted(places)
    assert len(places) == len(faults)


def test_a_finding_has_no_place_yet():
    lost = Message("lost", "$name is lost", "put it back")
    assert str(Finding(lost)) == "$name is lost; put it back"
    assert str(Finding(lost, warning=True)) == "warning: $name is lost; put it back"


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Message("a", "is empty; write it"), ("is empty", "write it")),
        (Message("a", "is empty", "write it"), ("is empty", "write it")),
        (Message("a", "holds “a; b”; cut it"), ("holds “a; b”", "cut it")),
        (
            Message("a", "is empty", "write it; then run again"),
            ("is empty", "write it; then run again"),
        ),
        (Message("a", "which wiki?"), ("which wiki?", "")),
    ],
)
def test_a_message_is_words_in_two_parts_with_an_id(message: Message, parts: tuple[str, str]):
    assert (message.wrong, message.advice) == parts
    assert message == "; ".join(filter(None, parts))
    again = pickle.loads(pickle.dumps(message))
    assert (again, again.code, again.wrong) == (message, "a", parts[0])


def test_a_value_that_is_not_as_it_must_be_tells_its_message():
    error = Invalid("no-day", "“x” is no day", "write one")
    assert str(error) == "“x” is no day; write one"
    assert Message.of(error).code == "no-day"
    assert Message.of(ValueError("other")).code == ""
    assert Message.of(error).about("date: ") == "date: “x” is no day; write one"


@pytest.mark.parametrize("kind", [Refusal, Conflict, Stop])
def test_a_refusal_has_a_code_for_programs_and_words_for_people(kind: type[Refusal]):
    error = kind("protectedpage", "Plan: the page is protected; ask an administrator")
    assert error.code == "protectedpage"
    assert str(error) == "Plan: the page is protected; ask an administrator"


def test_what_stops_a_run_can_be_told_from_what_only_leaves_a_page_alone():
    assert issubclass(Stop, Refusal) and issubclass(Conflict, Refusal)
    assert not issubclass(Unclear, Refusal), "nobody knows whether it was refused"
    assert all(issubclass(each, WikiplanError) for each in (Faults, Refusal, Unclear))


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("priorites", "did you mean “priorities”?"),
        ("priorities", "did you mean “priorities”?"),
        ("office-huors", "did you mean “office-hours”?"),
        ("teams", ""),
        ("", ""),
    ],
)
def test_a_near_miss_is_named_and_nothing_farther(word: str, hint: str):
    assert did_you_mean(word, ["priorities", "office-hours"]) == hint


def test_a_word_of_any_length_is_looked_for_at_once():
    assert did_you_mean("a" * 1_000_000, ["b" * 10]) == ""


@given(WORDS, st.sets(WORDS))
def test_the_hint_names_a_word_that_there_is_whatever_their_order(word: str, known: set[str]):
    hint = did_you_mean(word, known)
    assert hint == did_you_mean(word, sorted(known, reverse=True))
    assert hint == "" or hint.removeprefix("did you mean “").removesuffix("”?") in known
    if word and word in known:
        assert hint == f"did you mean “{word}”?"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("depatment.overview", "department.overview", True),
        ("trust-safety", "trust-and-safety", True),
        ("priorities/2021-202", "priorities/2021-2022", True),
        ("stream2", "stream", True),
        ("priorities/2020-2021", "priorities/2021-2022", False),
        ("department.mission", "department.mission-heading", False),
        ("department.courses.pilot", "department.courses", False),
        ("labels.past-events", "labels.next-event", False),
    ],
)
def test_a_neighbour_is_not_what_a_misspelt_word_was_meant_to_be(word, known, meant):
    assert did_you_mean(word, [known]) == (f"did you mean “{known}”?" if meant else "")

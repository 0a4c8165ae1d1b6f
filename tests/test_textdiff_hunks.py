"""What changed between two texts, in offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wikiplan import textdiff
from wikiplan.textdiff import Hunk, slid


def told(before: str, after: str) -> list[str]:
    return [
        f"{before[h.start : h.stop]!r} → {after[h.new_start : h.new_stop]!r}"
        + (" lines" if h.lines else "")
        for h in textdiff.hunks(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one two\n", "one two\n", []),
        ("one two\n", "one three two\n", ["'' → ' three'"]),
        ("Host: me\n", "Hosts: me\n", ["'' → 's'"]),
        ("a 1\nb 2\n", "a 1\nc 3\nb 2\n", ["'' → 'c 3\\n' lines"]),
        ("a 1\nb 2\n", "b 2\n", ["'a 1\\n' → '' lines"]),
        (
            "red cats sleep\nblue dogs bark\n",
            "blue dogs bark loudly\nred cats sleep\n",
            ["'' → 'blue dogs bark loudly\\n' lines", "'blue dogs bark\\n' → '' lines"],
        ),
        ("2020年の目標\n", "2021年の大目標\n", ["'0' → '1'", "'' → '大'"]),
    ],
)
def test_what_changed_is_told_as_short_as_it_can_be(before, after, expected):
    assert told(before, after) == expected


TEXTS = st.text("ab 1\n。年", max_size=40).map(lambda text: f"{text}\n")


def applied(hunks: list[Hunk], before: str, after: str) -> str:
    parts, end = [], 0
    for hunk in hunks:
        parts += [before[end : hunk.start], after[hunk.new_start : hunk.new_stop]]
        end = hunk.stop
    return "".join([*parts, before[end:]])


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_the_hunks_make_one_text_into_the_other(before, after):
    assert applied(textdiff.hunks(before, after), before, after) == after


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_a_hunk_that_slid_says_the_same(before, after):
    hunks = textdiff.hunks(before, after)
    for number, hunk in enumerate(hunks):
        low = hunks[number - 1].stop if number else 0
        high = hunks[number + 1].start if number + 1 < len(hunks) else len(before)
        for same in slid(hunk, before, after, low, high):
            others = [*hunks[:number], same, *hunks[number + 1 :]]
            assert applied(others, before, after) == after


def test_a_block_of_many_lines_is_compared_in_order():
    before = "".join(f"line {number} of the text\n" for number in range(60))
    after = before.replace(" of ", " in ")
    assert len(textdiff.hunks(before, after)) == 60


def test_a_line_of_endless_words_is_not_compared_word_by_word():
    before, after = "a long line\n", "a long " + "word " * 400_000 + "line\n"
    (hunk,) = textdiff.hunks(before, after)
    assert applied([hunk], before, after) == after
    many = textdiff.hunks("one two " * 3_000 + "\n", "two one " * 3_000 + "\n")
    assert len(many) == 1

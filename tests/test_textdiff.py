import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan import textdiff

TEXTS = st.text(alphabet="ab \n", max_size=40)


def shown(before: str, after: str) -> list[str]:
    signs = {"same": " ", "removed": "-", "added": "+", "skipped": "…"}
    return [
        signs[line.kind] + "".join(f"[{text}]" if changed else text for text, changed in line.runs)
        for line in textdiff.lines(before, after)
    ]


def test_a_changed_word_is_marked_within_both_versions_of_its_line():
    assert shown("To begin by January 2022.", "To begin by March 2022.") == [
        "-To begin by [January] 2022.",
        "+To begin by [March] 2022.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "春に薬草をまきます。",
            "秋に薬草をまきます。",
            ["-[春]に薬草をまきます。", "+[秋]に薬草をまきます。"],
        ),
        ("我们在春天播种。", "我们在秋天播种。", ["-我们在[春]天播种。", "+我们在[秋]天播种。"]),
        ("เราปลูกผัก 3 ต้น", "เราปลูกผัก 5 ต้น", ["-เราปลูกผัก [3] ต้น", "+เราปลูกผัก [5] ต้น"]),
    ],
)
def test_in_scripts_without_spaces_only_what_changed_is_marked(before, after, expected):
    assert shown(before, after) == expected


def test_lines_that_have_little_in_common_are_shown_whole():
    assert shown("* Old item", "* A quite different sentence") == [
        "-* Old item",
        "+* A quite different sentence",
    ]


def test_lines_far_from_a_change_are_counted_instead_of_shown():
    before = "\n".join("abcdefghij")
    after = before.replace("f", "F")
    assert shown(before, after) == [
        "…3 unchanged lines", " d", " e", "-f", "+F", " g", " h", "…2 unchanged lines",
    ]  # fmt: skip


def test_a_new_text_is_all_added_and_an_equal_one_shows_nothing():
    assert shown("", "a\n\nb") == ["+a", "+", "+b"]
    assert shown("a\nb", "a\nb") == []


def test_the_first_differing_line_is_found_even_where_one_text_ends():
    assert textdiff.first_difference("a\nb\nc", "a\nX\nc") == ("b", "X")
    assert textdiff.first_difference("a\nb", "a") == ("b", "")
    assert textdiff.first_difference("a", "a") == ("", "")


def test_changed_lines_counts_new_versions_or_what_is_gone():
    assert textdiff.changed_lines("a\nb\nc", "a\nB\nc\nd") == 2
    assert textdiff.changed_lines("a\nb\nc", "a") == 2


@given(TEXTS, TEXTS)
def test_removed_and_kept_lines_are_the_old_text_added_and_kept_the_new(before, after):
    lines = textdiff.lines(before, after)
    for kind, text in (("removed", before), ("added", after)):
        remaining = iter(text.split("\n"))
        assert all(line.text in remaining for line in lines if line.kind in ("same", kind))


def columns(before: str, after: str) -> list[tuple[str | None, str | None]]:
    return [
        (row.before and row.before.text, row.after and row.after.text)
        for row in textdiff.rows(before, after)
    ]


def test_in_two_columns_a_line_stands_beside_the_one_that_it_was():
    before = "* Help the committee that drafts the charter.\n* Ask the communities."
    after = "* Quite new.\n* Help the committee that wrote the charter.\n* Ask the communities all."
    assert columns(before, after) == [
        (None, "* Quite new."),
        (before.split("\n")[0], after.split("\n")[1]),
        (before.split("\n")[1], after.split("\n")[2]),
    ]


def test_words_that_change_in_a_row_are_one_change_with_the_gaps_between_them():
    assert shown("It begins on one fine Monday, here.", "It begins on two grey days, here.") == [
        "-It begins on [one fine Monday], here.",
        "+It begins on [two grey days], here.",
    ]


def test_a_tag_changes_as_a_whole():
    assert shown('He said <b lang="en">yes</b> to it.', "He said yes to it.") == [
        '-He said [<b lang="en">]yes[</b>] to it.',
        "+He said yes to it.",
    ]


@given(TEXTS, TEXTS)
def test_the_columns_hold_the_lines_of_each_text_in_order(before, after):
    found = textdiff.rows(before, after)
    for side, text in (("before", before), ("after", after)):
        remaining = iter(text.split("\n"))
        lines = [getattr(row, side) for row in found]
        assert all(line.text in remaining for line in lines if line and line.kind != "skipped")

"""Merging the plan's change of a section with people's edits."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from wikiplan import textdiff
from wikiplan.spans import Span
from wikiplan.textmerge import merge

LISTED = "* Trees\n* Herbs\n* Sheds"

CASES = {
    "neighbouring items": (LISTED, "* Trees\n* Herbs!\n* Sheds", "* Trees?\n* Herbs\n* Sheds",
                           "* Trees?\n* Herbs!\n* Sheds"),
    "an item added beside one that was edited": (
        LISTED, "* Trees\n* Moss\n* Herbs\n* Sheds", "* Trees!\n* Herbs\n* Sheds",
        "* Trees!\n* Moss\n* Herbs\n* Sheds"),
    "both added the same item": (LISTED, LISTED + "\n* Moss", LISTED + "\n* Moss",
                                 LISTED + "\n* Moss"),
    "both added another item in the same place": (LISTED, LISTED + "\n* Moss", LISTED + "\n* Fern",
                                                  None),
    "the same item": (LISTED, "* Trees\n* Herb\n* Sheds", "* Trees\n* Herbs, too\n* Sheds", None),
    "people made the plan's change and no other": (
        LISTED, "* Trees\n* Herb\n* Shed", "* Trees\n* Herb\n* Sheds", "* Trees\n* Herb\n* Shed"),
    "the plan has people's correction and more": (
        "We helpp.", "We help. All of you.", "We help.", "We help. All of you."),
    "people have the plan's correction and more": (
        "We helpp.", "We help.", "We help. All of you.", "We help. All of you."),
    "an item that people deleted was changed": (LISTED, "* Trees\n* Herb\n* Sheds",
                                                "* Trees\n* Sheds", None),
    "another item than the one people deleted": (LISTED, "* Trees\n* Herbs\n* Shed",
                                                 "* Trees\n* Sheds", "* Trees\n* Shed"),
    "the whole section was deleted": (LISTED, LISTED + "\n* Moss", "", None),
    "all items around a new one were deleted": ("a\n" + LISTED, "a\n* Trees\n* Moss\n* Herbs\n"
                                                "* Sheds", "a", None),
    "another order": (LISTED, "* Trees\n* Herb\n* Sheds", "* Sheds\n* Herbs\n* Trees", None),
    "a template around it": (LISTED, "* Trees\n* Herb\n* Sheds", "{{box|\n" + LISTED + "\n}}",
                             "{{box|\n* Trees\n* Herb\n* Sheds\n}}"),
}  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "merged"), CASES.values(), ids=CASES)
def test_what_two_sides_made_of_a_text(base, ours, theirs, merged):
    assert merge(base, ours, theirs) == merged
    assert merge(base, theirs, ours) == merged


@wikicases.each("textmerge/languages.cases")
def test_edits_of_a_line_merge_alike_in_all_scripts(case):
    pieces = re.split("[⟦⟧]", case.blocks["ours"])
    ends = textdiff.offsets(pieces)
    units = [Span(*pair) for pair in zip(ends[1::2], ends[2::2], strict=False)]
    sides = "".join(pieces), case.blocks["theirs"]
    assert merge(case.blocks["base"], *sides, units) == case.blocks.get("merged")


TEAMS = "* Herbs – They sow.\n* Trees"


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("* Herbs and flowers – They sow.", "* Herbs – They sow and reap.",
         "* Herbs and flowers – They sow and reap."),
        ("* Herbs – They plant.", "* Our herbs: – They sow.", "* Our herbs: – They plant."),
        ("* Herbs, too – They sow.", "* Spices – They sow.", None),
        ("* Herbs – They plant.", "* Herbs – They sow and reap.", None),
    ],
)  # fmt: skip
def test_units_of_one_line_merge(ours, theirs, merged):
    def whole(line):
        return line if line is None else f"{line}\n* Trees"

    name, about = ours.removeprefix("* ").split(" – ")
    start = len("* ")
    behind = start + len(name) + len(" – ")
    units = [(start, start + len(name)), (behind, behind + len(about))]
    assert merge(TEAMS, whole(ours), whole(theirs), units) == whole(merged)


def test_different_lines_of_one_unit_are_a_conflict():
    base, ours, theirs = "x\na\nb\nc\ny", "x\nA\nb\nc\ny", "x\na\nb\nC\ny"
    assert merge(base, ours, theirs) == "x\nA\nb\nC\ny"
    assert merge(base, ours, theirs, [(2, 7)]) is None
    assert merge(base, ours, "X\na\nb\nc\ny", [(2, 7)]) == "X\nA\nb\nc\ny"
    assert merge(base, "x\na\nb\nc\nY", theirs, [(2, 7)]) == "x\na\nb\nC\nY"


texts = st.lists(st.sampled_from(["", "* a", "* b", "c d", "c e"]), max_size=6).map("\n".join)


@settings(max_examples=examples(150))
@given(texts, texts)
def test_a_side_that_did_nothing_changes_nothing(base, other):
    assert merge(base, base, other) == other == merge(base, other, base)
    assert merge(base, other, other) == other


lines = st.text("abc *", min_size=1, max_size=8)


@settings(max_examples=examples(150))
@given(st.lists(lines, min_size=2, max_size=8, unique=True), st.data())
def test_changes_of_different_lines_are_all_there(old, data):
    """Whoever changes a line, it stands in the merge as that side wrote it."""
    sides = [data.draw(st.sampled_from(["", "ours", "theirs"])) for _ in old]
    changed = {
        who: [
            f"{line} {who}" if side == who else line for line, side in zip(old, sides, strict=True)
        ]
        for who in ("ours", "theirs")
    }
    both = [f"{line} {side}" if side else line for line, side in zip(old, sides, strict=True)]
    merged = merge("\n".join(old), *map("\n".join, changed.values()))
    assert merged == "\n".join(both)


@st.composite
def sides(draw):
    """Return lines, and what two sides made of them: some kept, changed, gone, some put in."""
    base = [f"b{number}" for number in range(draw(st.integers(2, 7)))]
    made = []
    for who in ("ours", "theirs"):
        lines = []
        for number, line in enumerate(base):
            what = draw(st.sampled_from(["keep", "keep", "keep", "change", "delete", "insert"]))
            lines += {
                "keep": [line],
                "change": [f"{who}{number}"],
                "delete": [],
                "insert": [line, f"{who}-after-{number}"],
            }[what]
        made.append(lines)
    return base, *made


@settings(max_examples=examples(150))
@given(sides())
def test_a_merge_has_what_either_side_wrote_and_nothing_that_either_took_out(texts):
    base, ours, theirs = texts
    merged = merge(*("\n".join(lines) for lines in texts))
    if merged is not None:
        kept = [line for line in base if line in ours and line in theirs]
        new = [line for line in ours + theirs if line not in base]
        found = [line for line in merged.split("\n") if line]
        assert sorted(found) == sorted(kept + new)
        for side in (ours, theirs):
            assert [line for line in found if line in side] == [x for x in side if x in found]

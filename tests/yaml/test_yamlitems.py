"""Entries of YAML files added, taken out and moved; all that belongs to no changed one stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.value import Value
from wikiplan.yaml import parsed, with_entry, with_item_moved, with_items, with_keys, without


def read(data: bytes) -> Any:
    document, faults = parsed(data.decode().removeprefix("\ufeff"), "a.yaml", [])
    assert document is not None, faults
    assert faults == []
    return document.data


# Files as people write them.


class Written(Value):
    """A list of a file, item by item: each with its comments, as it is written, and its data."""

    head: str
    items: tuple[tuple[str, Any], ...]
    gaps: tuple[str, ...]
    tail: str

    @property
    def text(self) -> str:
        pieces = [self.head]
        for (text, _), gap in zip(self.items, (*self.gaps, ""), strict=True):
            pieces += [text, gap]
        return "".join((*pieces, self.tail))

    def data(self, end: str, bom: str) -> bytes:
        return (bom + self.text.replace("\n", end)).encode()


WORDS = st.sampled_from(["one", '"two: 2"', "'it''s'", "x # not", "Ä b", "- no"]).map(
    lambda word: word if word[0] in "\"'" else f'"{word}"'
)
COMMENTS = st.sampled_from(["", "", "# about it", "# of it: [x]\n  # and more"])
TRAILING = st.sampled_from(["", "", "  # behind"])


@st.composite
def block_items(draw: st.DrawFn, number: int) -> tuple[str, Any]:
    """Draw an item in a line, or lines, of its own, indented by two."""
    comment, word = draw(COMMENTS), draw(WORDS)
    lead = f"{comment}\n  " if comment else ""
    plain = read(f"a: {word}\n".encode())["a"]
    key = f"key{number}"
    forms: list[tuple[str, Any]] = [
        (f"- {{key: {key}, text: {word}}}{draw(TRAILING)}", {"key": key, "text": plain}),
        (f"- key: {key}{draw(TRAILING)}\n    text: {word}", {"key": key, "text": plain}),
        (
            f"- key: {key}\n    # inside\n    text: >-\n      long\n      # no comment\n    n: 1",
            {"key": key, "text": "long # no comment", "n": 1},
        ),
        (
            f"- key: {key}\n    items:\n      - {word}\n      # deeper",
            {"key": key, "items": [plain]},
        ),
        (
            f"- key: {key}\n    items: [\n      a,\n      b\n    ]",
            {"key": key, "items": ["a", "b"]},
        ),
        (f"- {word}", plain),
        (f"- - {key}\n    - {word}", [key, plain]),
        (f"-\n    key: {key}", {"key": key}),
        (f"- |-\n    {key}\n\n    # text", f"{key}\n\n# text"),
    ]
    text, data = draw(st.sampled_from(forms))
    return lead + text, data


@st.composite
def blocks(draw: st.DrawFn) -> Written:
    count = draw(st.integers(1, 4))
    items = tuple(draw(block_items(number)) for number in range(count))
    gap = st.sampled_from(["\n  ", "\n  ", "\n\n  ", "\n\n  # free\n\n  "])
    head = draw(st.sampled_from(["", "# yaml-language-server: x\n", "# Head\n\nfirst: 1\n"]))
    behind = draw(
        st.sampled_from(["", "\n", "\n# of last\nlast: 2\n", "\n\nlast: 2", "\n\n# end\n"])
    )
    between = draw(st.sampled_from(["\n  ", "  # of all\n  ", "\n\n  # free\n\n  "]))
    gaps = tuple(draw(gap) for _ in range(count - 1))
    return Written(f"{head}items:{between}", items, gaps, behind)


@st.composite
def flows(draw: st.DrawFn) -> Written:
    words = st.sampled_from(["one", '"t, w]o"', "{key: x, text: [a]}", "[]", "2", "'}'"])
    written = draw(st.lists(words, min_size=1, max_size=4))
    items = tuple((word, read(f"a: {word}\n".encode())["a"]) for word in written)
    own_lines = draw(st.booleans())
    gap = ",\n    " if own_lines else draw(st.sampled_from([", ", ",", " , "]))
    open_, close = ("\n    ", draw(st.sampled_from(["\n  ", ",\n  "]))) if own_lines else ("", "")
    around = draw(st.sampled_from([("  items: [", "]  # c\n"), ("  m: {items: [", "], z: 1}\n")]))
    gaps = (gap,) * (len(items) - 1)
    return Written(f"a:\n{around[0]}{open_}", items, gaps, f"{close}{around[1]}  n: 1\n")


def place_of(written: Written) -> tuple[str | int, ...]:
    if written.head.startswith("a:"):
        return ("a", "m", "items") if "m: {" in written.head else ("a", "items")
    return ("items",)


def with_list(data: Any, place: tuple[str | int, ...], items: list[Any]) -> Any:
    if not place:
        return items
    return {**data, place[0]: with_list(data[place[0]], place[1:], items)}


WRITTEN = st.one_of(blocks(), blocks(), flows())
ENDS = st.sampled_from(["\n", "\r\n"])
BOMS = st.sampled_from(["", "", "\ufeff"])
NEW = st.sampled_from(
    [
        {"key": "new", "text": "New: words"},
        "word",
        {"key": "new", "items": [{"key": "in"}]},
        ["x"],
        7,
    ]
)


@settings(max_examples=examples(300), deadline=None)
@given(
    written=WRITTEN, end=ENDS, bom=BOMS, new=st.lists(NEW, min_size=1, max_size=2), data=st.data()
)
def test_what_is_added_is_all_that_is_new_and_taken_out_again_leaves_the_first_bytes(
    written: Written, end: str, bom: str, new: list[Any], data: st.DataObject
):
    place, before = place_of(written), written.data(end, bom)
    if written.head.startswith("a:"):
        new = [each for each in new if not isinstance(each, dict) or "items" not in each] or ["x"]
    at = data.draw(st.integers(0, len(written.items)))
    after = with_items(before, (*place, at), new)
    items = [each for _, each in written.items]
    assert read(after) == with_list(read(before), place, [*items[:at], *new, *items[at:]])
    assert not set(before.splitlines()[1:-1]) - set(after.splitlines()) or "a:" in written.head
    assert without(after, [(*place, at + n) for n in range(len(new))]) == before


@settings(max_examples=examples(300), deadline=None)
@given(written=WRITTEN, end=ENDS, bom=BOMS, data=st.data())
def test_an_item_that_is_moved_there_and_back_leaves_the_first_bytes(
    written: Written, end: str, bom: str, data: st.DataObject
):
    place, before = place_of(written), written.data(end, bom)
    numbers = st.integers(0, len(written.items) - 1)
    at, to = data.draw(numbers), data.draw(numbers)
    after = with_item_moved(before, (*place, at), to)
    order = [number for number in range(len(written.items)) if number != at]
    order.insert(to, at)
    moved = Written(
        written.head, tuple(written.items[n] for n in order), written.gaps, written.tail
    )
    assert after == moved.data(end, bom)
    assert with_item_moved(after, (*place, to), at) == before


@settings(max_examples=examples(300), deadline=None)
@given(written=WRITTEN, end=ENDS, bom=BOMS, data=st.data())
def test_what_is_taken_out_is_all_that_is_gone(
    written: Written, end: str, bom: str, data: st.DataObject
):
    place, before = place_of(written), written.data(end, bom)
    numbers = list(range(len(written.items)))
    gone = data.draw(st.sets(st.sampled_from(numbers), min_size=1))
    after = without(before, [(*place, at) for at in gone])
    kept = [at for at in numbers if at not in gone]
    items = [written.items[at][1] for at in kept]
    assert read(after) == with_list(read(before), place, items)
    text = after.decode().replace("\r\n", "\n")
    for at in kept:
        assert written.items[at][0] in text
    assert text.count("# free") == written.text.count("# free")


@settings(max_examples=examples(200), deadline=None)
@given(written=blocks(), end=ENDS, keys=st.sampled_from([{"k": "v"}, {"k": {"a": 1}, "l": [1]}]))
def test_keys_that_are_added_and_taken_out_again_leave_the_first_bytes(
    written: Written, end: str, keys: dict[str, Any]
):
    before = written.data(end, "")
    for order in ((), ("items",), ("first", "items"), ("last",)):
        after = with_keys(before, (), keys, order)
        assert read(after) == {**read(before), **keys}
        names = list(read(after))
        first = next((each for each in read(before) if each in order), None)
        assert first is None or names[names.index(first) - 1] == list(keys)[-1]
        assert without(after, [(key,) for key in keys]) == before


# What people would have written.


PLAN = """\
# yaml-language-server: $schema=schema/x.json
# What the file is for.
teams:
  # The first one
  - key: one
    text: One.   # odd blanks
    see-also: [a,  b]

  - {key: two, text: Two}

  # of nobody

  - key: three
    text: >-
      Three
      lines.
empty: []  # as yet
none: {}
"""


@pytest.mark.parametrize(
    ("place", "new", "lines"),
    [
        (("teams", 0), {"key": "x", "text": "X."}, "+  - key: x\n+    text: X.\n+"),
        (("teams", 1), {"key": "x", "text": "X."}, "+\n+  - key: x\n+    text: X."),
        (("teams", 3), {"key": "x", "text": "X."}, "+\n+  - key: x\n+    text: X."),
        (("empty", 0), {"key": "x"}, "-empty: []  # as yet\n+empty:  # as yet\n+  - key: x"),
        (("empty", 0), "x", "-empty: []  # as yet\n+empty: [x]  # as yet"),
        (("new", 0), {"key": "x"}, "+\n+new:\n+  - key: x"),
        (("teams", 0, "see-also", 1), "c", "-    see-also: [a,  b]\n+    see-also: [a,  c,  b]"),
        (("teams", 1, "see-also", 0), "c",
         "-  - {key: two, text: Two}\n+  - {key: two, text: Two, see-also: [c]}"),
    ],
)  # fmt: skip
def test_an_item_is_written_as_those_beside_it(place: tuple[str | int, ...], new: Any, lines: str):
    assert differences(PLAN, with_items(PLAN.encode(), place, [new])) == lines


def differences(before: str, after: bytes) -> str:
    from difflib import unified_diff

    found = list(unified_diff(before.splitlines(), after.decode().splitlines(), n=0))[2:]
    return "\n".join(line.rstrip("\n") for line in found if not line.startswith("@@"))


def test_keys_come_before_those_that_the_model_has_later():
    after = with_keys(PLAN.encode(), ("teams", 0), {"target": "2022-01"}, ["see-also", "items"])
    assert differences(PLAN, after) == "+    target: 2022-01"
    after = with_keys(PLAN.encode(), ("teams", 0), {"first": 1}, ["key"])
    assert differences(PLAN, after) == "-  - key: one\n+  - first: 1\n+    key: one"
    assert differences(PLAN, with_keys(PLAN.encode(), ("none",), {"a": 1})) == (
        "-none: {}\n+none: {a: 1}"
    )


@pytest.mark.parametrize(
    ("gone", "lines"),
    [
        ([("teams", 0)], "-  # The first one\n-  - key: one\n-    text: One.   # odd blanks\n"
                         "-    see-also: [a,  b]\n-"),
        ([("teams", 1)], "-\n-  - {key: two, text: Two}"),
        ([("teams", 0, "see-also", 0), ("teams", 0, "see-also", 1)],
         "-    see-also: [a,  b]\n+    see-also: []"),
        ([("teams", 0, "key")], "-  - key: one\n-    text: One.   # odd blanks\n"
                                "+  - text: One.   # odd blanks"),
        ([("empty",), ("none",)], "-empty: []  # as yet\n-none: {}"),
    ],
)  # fmt: skip
def test_what_is_taken_out_goes_with_its_comments(gone: list[tuple[str | int, ...]], lines: str):
    assert differences(PLAN, without(PLAN.encode(), gone)) == lines


@pytest.mark.parametrize(
    ("text", "gone", "after"),
    [
        ("a:\n  - x\n  # of y\n  - y\n", [("a", 1)], "a:\n  - x\n"),
        ("a:\n  - x\n\n  - y\n\n  - z\n", [("a", 1)], "a:\n  - x\n\n  - z\n"),
        ("a:\n  - x\n  - y\n\n  - z\n", [("a", 1)], "a:\n  - x\n\n  - z\n"),
        ("a:\n  - x\n\n  - y\n", [("a", 0)], "a:\n  - y\n"),
        ("a:\n- x\n- y\nb: 1\n", [("a",)], "b: 1\n"),
        ("a:\n- x\n- y\nb: 1\n", [("a", 0), ("a", 1)], "a: []\nb: 1\n"),
        ("a: |\n  x\n\n  # y\nb: 1\r\n", [("a",)], "b: 1\r\n"),
        ("\ufeffa: 1\nb: 2\n", [("b",)], "\ufeffa: 1\n"),
        ("a: 1\nb: 2", [("b",)], "a: 1"),
        ("a: 1\n", [("a",)], "{}\n"),
        ("a: 1\n# of the end\n", [], "a: 1\n# of the end\n"),
        ("a:\n  - - x\n    - y\n", [("a", 0, 0)], "a:\n  - - y\n"),
        ("a:\n -\n  x\n - y\n", [("a", 0)], "a:\n - y\n"),
        ("a: {b: 1, c: [2]}\n", [("a", "b"), ("a", "c", 0)], "a: {c: []}\n"),
    ],
)
def test_comments_and_blank_lines_go_with_what_they_belong_to(text: str, gone: Any, after: str):
    assert without(text.encode(), gone).decode() == after


ENTRIES = """\
# Above.
a: {x: 1}  # goes

# Of b.
b:
  - key: one
    # inside
    text: >-
      Long words.

  - {key: two}

# Of c.
c: [1]"""


@pytest.mark.parametrize(
    ("key", "value", "after"),
    [
        ("a", {"x": 2}, ENTRIES.replace("{x: 1}  # goes", "{x: 2}")),
        ("b", [{"key": "one"}], ENTRIES.replace(
            ENTRIES.partition("b:\n")[2].partition("\n\n# Of c")[0], "  - key: one")),
        ("c", ["x", "z"], ENTRIES.replace("[1]", "[x, z]")),
        ("d", 4, f"{ENTRIES}\n\nd: 4"),
    ],
)  # fmt: skip
def test_a_value_is_written_anew_and_nothing_else(key: str, value: Any, after: str):
    assert with_entry(ENTRIES.encode(), key, value).decode() == after


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\n", "the anchor &x is not allowed; remove it"),
        ("a: [x, # of x\n  y]\n", "this cannot be written there without touching other lines"),
        ("a: [x: 1, y]\n", "this cannot be written there without touching other lines"),
    ],
)
def test_what_cannot_be_done_is_refused(text: str, told: str):
    with pytest.raises(ValueError) as error:
        without(text.encode(), [("a", 0)])
    assert str(error.value) == told


@pytest.mark.parametrize("place", [("a", 0), ("no", "b", 0), ("l", 9, "x", 0), (0,)])
def test_where_no_list_can_be_nothing_is_added(place: tuple[str | int, ...]):
    with pytest.raises(ValueError, match="there is n"):
        with_items(b"a: x\nl: [y]\n", place, ["x"])

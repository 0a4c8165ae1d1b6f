"""The comments that hold a section: how they are read, written and paired, and their digest."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.spans import splice
from wikiplan.translate import markup
from wikiplan.translate.rules import ParseError
from wikiplan.wikitext import markers
from wikiplan.wikitext.markers import Marker, SectionError
from wikiplan.wikitext.scanner import regions

NAMES = st.sampled_from(["a", "x2", "office-hours", "priorities-2020-2021"])
PLANS = st.sampled_from(["", "gardens", "parks-2"])
TEXTS = st.text(alphabet="ab \n\t=*|'{}<>é\u200e", max_size=40)


def live(page: str) -> tuple[Marker, ...]:
    return markers.live(page, regions(page))


def told(page: str, marker: Marker) -> str:
    head = marker.head
    digest = "no digest" if head.digest is None else f"digest {head.digest or '(empty)'}"
    adopted = ", as adopted" if head.adopted else ""
    plan = f", of plan {head.plan}" if head.plan else ""
    line = markers.line_of(page, marker.span.start)
    return f"{marker.sort} {marker.name}, line {line}, {digest}{adopted}{plan}"


@wikicases.each("markers/read.cases")
def test_reading_markers(case: Case):
    page = case.blocks["page"]
    try:
        found = "\n".join(told(page, marker) for marker in live(page))
    except SectionError as error:
        assert {error.code: str(error)} == case.named("refused")
    else:
        assert found == case.blocks["markers"]


def test_more_markers_than_any_page_has_are_refused():
    pair = "<!-- wikiplan:begin a --><!-- wikiplan:end a -->"
    assert len(live(pair * 500)) == markers.MOST_MARKERS
    with pytest.raises(SectionError) as refused:
        live(pair * 501)
    assert (refused.value.code, str(refused.value)) == (
        "too-complex",
        "the page has more than 1000 markers",
    )


@pytest.mark.parametrize(
    ("page", "mentioned"),
    [("<!-- WikiPlan:begin a -->", True), ("managed by wikiplan", True), ("wiki plan", False)],
)
def test_a_page_that_does_not_mention_the_program_has_no_markers(page: str, mentioned: bool):
    assert markers.mentioned(page) == mentioned


# What is written is read


@settings(max_examples=examples(50))
@given(NAMES, TEXTS, st.booleans(), PLANS)
def test_a_written_begin_marker_is_read_with_the_digest_of_its_text(name, body, adopted, plan):
    written = markers.begin(name, body, adopted=adopted, plan=plan)
    (marker,) = live(written)
    assert marker[:3] == ("begin", name, (0, len(written)))
    head = marker.head
    assert (head.digest, head.adopted, head.plan) == (markers.digest(body), adopted, plan)
    assert markers.plan_of(f"\n\n{written}\nmore") == plan
    assert markers.begun(written + "\nmore") == name
    assert markers.begun(f" {written}") == ""
    assert markers.begun(markers.end(name)) == ""


@settings(max_examples=examples(50))
@given(NAMES, TEXTS, TEXTS, st.booleans(), PLANS, PLANS)
def test_a_new_digest_and_plan_go_where_the_old_ones_stand(name, old, new, adopted, of, to):
    written = markers.begin(name, old, adopted=adopted, plan=of)
    (marker,) = live(written)
    after = splice(written, marker.head.sealed(markers.seal(new), to))
    assert after == markers.begin(name, new, plan=to)
    bare = {markers.without_head(text, *live(text)[0][2:]) for text in (written, after)}
    assert bare == {f"<!-- wikiplan:begin {name} | {markers.ADVICE_FOR_PEOPLE} -->"}


def test_the_units_that_have_no_key_are_listed_behind_the_digest():
    body = (
        "<translate>\n== A == <!--T:3-->\n\n<!--T:mission.text-->\nB.\n</translate>\n"
        "* <translate><!--T:old id, 1--> C.</translate>"
    )
    written = markers.begin("a", body)
    seal = f"{markers.digest(body)} | units:3,old%20id%2C%201"
    assert written == f"<!-- wikiplan:begin a | sha256:{seal} | {markers.ADVICE_FOR_PEOPLE} -->"
    (marker,) = live(written)
    assert (marker.head.digest, marker.head.units) == (markers.digest(body), {"3", "old id, 1"})
    assert live(markers.begin("a", "<translate>\nD.\n</translate>"))[0].head.units is None
    assert live(markers.begin("a", "<!--T:3--> of a copy"))[0].head.units is None


def test_without_a_digest_its_place_is_behind_the_name():
    page = "<!-- wikiplan:begin a | words -->"
    after = splice(page, live(page)[0].head.sealed("0123", ""))
    assert after == "<!-- wikiplan:begin a | sha256:0123 | words -->"


def test_a_whole_section_has_its_markers_on_lines_of_their_own():
    assert markers.wrapped("a", "1\n2") == (
        "<!-- wikiplan:begin a | sha256:b598b3a62a3f7ced | managed from plan data; edits here are "
        "found and asked about -->\n1\n2\n<!-- wikiplan:end a -->"
    )


# The digest, which marking for translation leaves as it is


def recorded() -> list[tuple[str, str]]:
    """What the Translate extension made of texts without unit markers."""
    path = wikicases.CASES / "translatable" / "vectors.jsonl"
    vectors = [json.loads(line) for line in path.open(encoding="utf-8")]
    return [
        (vector["saved"] or vector["input"], vector["marked"])
        for vector in vectors
        if vector["marked"] and "<!--T:" not in vector["input"] and "\r" not in vector["input"]
    ]


@pytest.mark.parametrize(("text", "marked"), recorded())
def test_a_text_is_what_it_was_before_the_extension_marked_it(text: str, marked: str):
    assert markers.without_unit_markers(marked) == text
    assert markers.digest(marked) == markers.digest(text)


PIECES = [
    " ",
    "   text",
    "<translate>",
    "</translate>",
    "<translate nowrap>",
    "text",
    "== H ==",
    "* i",
    "\n",
    "\n\n",
]


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_page_is_what_it_was_before_it_was_marked(page):
    try:
        marked = markup.marked(markup.parse(page))
    except ParseError:
        return
    assert markers.without_unit_markers(marked) == page


@given(TEXTS)
def test_a_text_without_unit_markers_stays_as_it_is(text):
    assert markers.without_unit_markers(text) == text


def test_the_digest_is_of_the_bytes_that_the_wiki_stores_and_takes_any_text():
    assert markers.digest("") == "e3b0c44298fc1c14"
    assert markers.digest("é") != markers.digest("e\u0301")
    assert len(markers.digest("\ud800")) == markers.DIGEST_DIGITS


# Pairs


@settings(max_examples=examples(50))
@given(st.permutations(["a", "x2", "office-hours"]), st.lists(TEXTS, min_size=3, max_size=3))
def test_pairs_come_in_the_order_of_the_page(names, texts):
    bodies = [text.replace("<", "") for text in texts]
    page = "\n".join(map(markers.wrapped, names, bodies))
    found = markers.marker_pairs(page, live(page))
    assert [(begin.name, begin.sort, end.sort) for begin, end in found] == [
        (name, "begin", "end") for name in names
    ]


@settings(max_examples=examples(50))
@given(
    st.lists(
        st.sampled_from("ab").flatmap(
            lambda name: st.sampled_from([markers.begin(name, ""), markers.end(name)])
        ),
        max_size=6,
    )
)
def test_pairs_are_told_or_every_fault_is_refused_with_its_section_and_line(lines):
    page = "\n".join(lines)
    try:
        found = markers.marker_pairs(page, live(page))
    except SectionError as error:
        assert error.code in (
            "doubled-section", "missing-begin", "missing-end", "crossed-section", "nested-section",
        )  # fmt: skip
        assert str(error).startswith(("section a, line ", "section b, line "))
        return
    assert 2 * len(found) == len(lines)
    spans = [(begin.span.start, end.span.start) for begin, end in found]
    assert spans == sorted(spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))

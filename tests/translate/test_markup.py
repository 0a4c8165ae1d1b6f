import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.samples import examples
from wikiplan.translate import markup
from wikiplan.translate.markup import Block, MarkerForm, ParseError
from wikiplan.translate.rules import VERSIONS

CASES = Path(__file__).parents[1] / "cases" / "translatable"
VECTORS = [json.loads(line) for line in (CASES / "vectors.jsonl").open(encoding="utf-8")]
SHARED = Path(__file__).parents[3] / "shared"
REFUSED = sorted((CASES / "refused").glob("*.case"))
DIFFERENCES = {"1.39": "v139", "wmf47": "wmf47"}

PIECES = st.sampled_from([
    "<translate>", "<translate nowrap>", "</translate>", "<translate ", "<nowiki>", "</nowiki>",
    "<!--T:5-->", "<!--T:a-->", "<!--T:-1-->", "<!--T:", "-->", "= ", "== H ==", "=",
    "<tvar name=1>", "<tvar|x>", "</tvar>", "</>", "text", "\n", "\n\n", "\t", " ", "  ", "\u00a0",
])  # fmt: skip
BLOCK_PIECES = st.sampled_from(
    ["text", "text", " ", "\n", "\n\n", "== H ==", "=", "<!--T:", "-->", "*"]
)
ANY_PAGES = st.lists(PIECES, max_size=25).map("".join)
UNITS = st.builds(
    lambda marker, text: marker + text,
    st.sampled_from(["", "<!--T:5-->\n", "<!--T:goal--> ", "<!--T:-1--> ", "<!--T:7--> \n"]),
    st.lists(BLOCK_PIECES, min_size=1, max_size=6).map("".join),
)
BLOCKS = st.builds(
    lambda tag, units, end: f"{tag}{end}{(2 * chr(10)).join(units)}{end}</translate>",
    st.sampled_from(["<translate>", "<translate nowrap>"]),
    st.lists(UNITS, max_size=3),
    st.sampled_from(["", "\n", " "]),
)
PAGES = st.lists(st.one_of(BLOCKS, st.sampled_from(["* ", "\n", "\n\n", "text"])), max_size=5).map(
    "".join
)


def expected(vector: dict, version: str) -> dict:
    return vector | (vector.get(DIFFERENCES.get(version, "")) or {})


def stored(vector: dict) -> str:
    text = vector["input"].replace("\r\n", "\n")
    assert text == (vector["saved"] or vector["input"])
    return text


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_recorded_text_is_marked_or_refused_as_the_extension_does(vector, version):
    wanted = expected(vector, version)
    if wanted["error"]:
        with pytest.raises(ParseError) as caught:
            markup.marked(markup.parse(stored(vector), version), version=version)
        assert {"stage": caught.value.stage, "code": caught.value.code} == wanted["error"]
        return
    text = markup.marked(markup.parse(stored(vector), version), version=version)
    assert text == wanted["marked"]
    units = markup.parse(text, version).units
    assert {unit.id: unit.text for unit in units} == wanted["units"]
    assert markup.marked(markup.parse(text, version), version=version) == text
    if wanted["idempotent"] is None:  # refused on 1.43: of other versions less was recorded
        return
    assert [unit.id for unit in units] == wanted["order"]
    assert {unit.id: markup.definition(unit) for unit in units} == wanted["definitions"]
    assert wanted["idempotent"] is True


def test_all_85_vectors_are_there_and_five_of_them_differ_between_versions():
    assert len(VECTORS) == 85
    differing = {vector["name"] for vector in VECTORS if vector["v139"] or vector["wmf47"]}
    assert differing == {
        "heading-then-text", "heading-marked-then-text", "id-trailing-space", "id-empty",
        "id-bad-title",
    }  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.stem)
def test_a_refusal_names_the_line_and_unit_and_what_to_do(case):
    text, header, message = re.split(
        r"^= (.* (?:save|mark) .*)\n", case.read_text("utf-8"), flags=re.M
    )
    version, stage, code = header.split()
    with pytest.raises(ParseError) as caught:
        page = markup.parse(text.replace("⟦20⟧", " "), version)
        markup.marked(page, version=version)
    assert str(caught.value) == message.strip("\n")
    assert (caught.value.stage, caught.value.code) == (stage, code)


def test_new_units_get_numbers_that_the_wiki_says_are_free():
    page = markup.parse("<translate>A\n\n<!--T:3-->\nB\n\n<!--T:-1-->\nC</translate>")
    assert markup.marked(page, number=12) == (
        "<translate><!--T:12-->\nA\n\n<!--T:3-->\nB\n\n<!--T:13-->\nC</translate>"
    )
    assert markup.marked(page, number=2).count("<!--T:4-->") == 1


def test_a_page_falls_into_template_text_and_blocks_of_units_and_white_space():
    page = markup.parse(
        "* <translate nowrap>One</translate>\n"
        "<translate>\n<!--T:2-->\nB\n\n C <!--T:3-->\n</translate>"
    )
    bullet, first, between, second = page.pieces
    assert (bullet, between) == ("* ", "\n")
    assert isinstance(first, Block) and isinstance(second, Block)
    assert (first.nowrap, first.inline, second.nowrap, second.inline) == (True, True, False, False)
    assert [part if isinstance(part, str) else part.text for part in second.parts] == [
        "\n",
        "B",
        "\n\n ",
        "C",
        "\n",
    ]
    assert [(unit.id, unit.form, unit.line) for unit in page.units] == [
        (None, MarkerForm.NONE, 1), ("2", MarkerForm.LINE, 3), ("3", MarkerForm.END, 6),
    ]  # fmt: skip


def test_units_and_blocks_know_where_they_stand_on_their_page():
    text = "x <translate><!--T:5--> One</translate> y <translate>Two</translate>"
    assert [text[block.start : block.stop] for block in markup.parse(text).blocks] == [
        "<translate><!--T:5--> One</translate>",
        "<translate>Two</translate>",
    ]
    for unit in markup.parse(text).units:
        assert text[unit.start : unit.stop] == unit.source


def test_variables_have_names_values_and_places():
    text = (
        "<translate>See <tvar name='a'>x</tvar >, <TVAR name=b>\ny</tvar>, <tvar|c>z</> "
        "and <tvar name=d>.</translate>"
    )
    (unit,) = markup.parse(text).units
    assert markup.definition(unit) == "See $a, $b, $c and <tvar name=d>."
    found = markup.variables(unit)
    assert [(variable.name, variable.value) for variable in found] == [
        ("a", "x"),
        ("b", "\ny"),
        ("c", "z"),
    ]
    assert unit.text[found[2].start : found[2].stop] == "<tvar|c>z</>"


@settings(max_examples=examples(300))
@given(st.one_of(PAGES, ANY_PAGES), st.sampled_from(sorted(VERSIONS)))
def test_reading_and_writing_gives_the_same_text_and_marking_twice_the_same_page(text, version):
    try:
        page = markup.parse(text, version)
    except ParseError as error:
        assert error.stage == "save"
        return
    assert markup.text_of(page) == text
    assert all(text[unit.start : unit.stop] == unit.source for unit in page.units)
    if errors := markup.mark_errors(page, version=version):
        assert {error.stage for error in errors} == {"mark"}
        return
    once = markup.marked(page, version=version)
    again = markup.parse(once, version)
    assert markup.marked(again, version=version) == once
    assert [unit.text for unit in again.units] == [unit.text for unit in page.units]


def test_the_departments_page_as_marking_left_it_is_not_changed_by_marking_again():
    path = SHARED / "pages" / "Community_Resilience_and_Sustainability.wiki"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the repository")
    text = path.read_text(encoding="utf-8")
    page = markup.parse(text)
    assert [unit.id for unit in page.units if unit.new] == []
    assert markup.marked(page) == markup.text_of(page) == text


def test_texts_of_the_corpus_are_read_and_written_to_the_byte():
    path = SHARED / "corpus" / "wikitext.jsonl"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the repository")
    for line in path.open(encoding="utf-8"):
        read_and_write(json.loads(line)["wikitext"])


def read_and_write(text: str) -> None:
    try:
        page = markup.parse(text)
    except ParseError:
        return
    assert markup.text_of(page) == text


HOSTILE = {
    "unclosed blocks": ("", "<translate>", ""),
    "unclosed nowiki": ("", "<nowiki>", ""),
    "small blocks": ("", "<translate>x</translate>", ""),
    "markers without an end": ("<translate>", "<!--T:", "</translate>"),
    "markers whose end is far": ("<translate>", "<!--T:\n", "--></translate>"),
    "white space": ("<translate>x", " \n ", "x</translate>"),
    "unclosed variables": ("<translate>", "<tvar name=1>", "</translate>"),
    "variables with one end": ("<translate>", "<tvar name=1>", "</tvar></translate>"),
    "unclosed old variables": ("<translate></>", "<tvar|", "</translate>"),
    "old variables with one end": ("<translate>", "<tvar|", "</></translate>"),
    "unclosed quotes": ("<translate>", "<tvar name=\"'", "</tvar></translate>"),
    "units": ("<translate>", "x\n\n<!--T:-1--> y and some more\n\n", "</translate>"),
    "headings": ("<translate>", "= = \n", "x</translate>"),
}


@pytest.mark.heavy
@pytest.mark.parametrize("shape", HOSTILE.values(), ids=HOSTILE)
def test_two_megabytes_of_anything_take_seconds(shape):
    before, repeated, after = shape
    started = time.process_time()
    read_all(before + repeated * (2_000_000 // len(repeated)) + after)
    assert time.process_time() - started < 30


def read_all(text: str) -> None:
    try:
        page = markup.parse(text)
    except ParseError:
        return
    assert sum(len(markup.definition(unit)) for unit in page.units) <= len(text)
    markup.mark_errors(page, version="1.39")  # which looks at every line

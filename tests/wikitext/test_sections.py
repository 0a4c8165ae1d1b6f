"""Managed sections: nothing outside of them ever changes, and what would do harm is refused."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.wikitext import markers, sections, syntax
from wikiplan.wikitext.sections import SectionError

BODY = "== Priorities ==\n* new “text” with [[Links|bars]] and {{Templates|a=b}}"
LINE = "new text with [[Links|bars]]"


def shown(text: str) -> str:
    """Return ``text`` with ``sha256:…`` for the digests that are right; others stay."""
    right = {f"sha256:{sections.digest(sections.body_of(text, s))}" for s in sections.find(text)}
    return re.sub("|".join(right) or "(?!)", "sha256:…", text)


def refusal(case: Case) -> tuple[str, str] | None:
    return next(iter(case.named("refused").items()), None)


def outcome_of(work, *arguments) -> tuple[str, tuple[str, str] | None]:
    try:
        return work(*arguments), None
    except Refusal as error:
        return "", (error.code, str(error))


@wikicases.each("sections/replace.cases")
def test_writing_sections_anew(case: Case):
    plan = case.blocks.get("plan", "")
    replace = partial(sections.replace, bodies=case.named("body"), plan=plan)
    after, refused = outcome_of(replace, case.blocks["before"])
    assert refused == refusal(case)
    if not refused:
        assert shown(after) == case.blocks["after"]
        assert replace(after) == after


@wikicases.each("sections/find.cases")
def test_finding_sections(case: Case):
    found, refused = outcome_of(sections.find, case.blocks["page"])
    assert refused == refusal(case)
    if not refused:
        lines = [f"{s.name} line {s.line}" + " inline" * s.inline for s in found]
        assert lines == case.blocks["sections"].splitlines()


@wikicases.each("sections/insert.cases")
def test_putting_a_new_section_in(case: Case):
    page, (place, *_) = case.blocks["page"], list(case.blocks)[1:]
    side, _, heading = place.partition(" ")
    where = {side: heading} if heading else side
    after, refused = outcome_of(sections.insert, page, "new", "text", where)
    assert refused == refusal(case)
    if not refused:
        assert after.replace(sections.new_page({"new": "text"}), "{NEW}") == case.blocks["result"]
        assert sections.body_of(after, {s.name: s for s in sections.find(after)}["new"]) == "text"
        assert sections.replace(after, {"new": "text"}) == after


def test_a_new_page_has_its_sections_one_blank_line_apart():
    page = sections.new_page({"a": "1\n2", "b": "3"})
    assert shown(page) == (
        "<!-- wikiplan:begin a | sha256:… | managed from plan data; "
        "edits here are found and asked about -->\n1\n2\n<!-- wikiplan:end a -->\n\n"
        "<!-- wikiplan:begin b | sha256:… | managed from plan data; "
        "edits here are found and asked about -->\n3\n<!-- wikiplan:end b -->"
    )


def test_the_digest_does_not_see_that_the_page_was_marked_for_translation():
    plain = "<translate>\n== P ==\n\nold\n</translate>\n<translate>in line</translate>\n"
    marked = (
        "<translate>\n== P == <!--T:2-->\n\n<!--T:3-->\nold\n</translate>\n"
        "<translate><!--T:4--> in line</translate>\n"
    )
    assert sections.digest(marked) == sections.digest(plain)
    assert sections.digest(plain) == hashlib.sha256(plain.encode()).hexdigest()[:16]
    assert sections.digest(plain) != sections.digest(plain.replace("old", "new"))


# --- the hand-made hostile places ---


def marked(wikitext: str, name: str = "priorities") -> str:
    begin, end = f"<!-- wikiplan:begin {name} -->", f"<!-- wikiplan:end {name} -->"
    return wikitext.replace("{B}", begin).replace("{E}", end)


def managed(page: str) -> str:
    """Do to a page what a run does."""
    if target := syntax.redirect_target(page):
        raise SectionError("redirect", f"leads to {target}")
    found = sections.find(page)
    if found:
        return sections.replace(page, {s.name: LINE if s.inline else BODY for s in found})
    exact = {heading.text for heading in syntax.headings(page)} & {"Priorities"}
    heading = exact.pop() if exact else "Priorities: 2020–2021"
    return sections.insert(page, "priorities", BODY, {"after": heading})


HOSTILE = [
    json.loads(line) for line in (wikicases.CASES / "sections/markers.jsonl").open(encoding="utf-8")
]


@pytest.mark.parametrize("line", HOSTILE, ids=[line["id"] for line in HOSTILE])
def test_hostile_places(line):
    page = marked(line["wikitext"])
    if line["expect"] == "ignore":
        assert sections.find(page) == ()
        return
    after, refused = outcome_of(managed, page)
    assert not (line["expect"] == "refuse" and not refused), "should have been refused"
    assert not (line["expect"] == "edit" and refused), refused
    if refused:
        return
    if sections.find(page):
        assert unmanaged(after) == unmanaged(page)
        assert managed(after) == after
    else:
        assert page in taken_out(after, "priorities", BODY)


REAL_PAIR = re.compile(
    r"<!-- wikiplan:begin priorities(?: \| sha256:\w{16})? -->([ \t]*\n)?"
    r"(?:(?!<!-- wikiplan:begin).)*?(\n)?<!-- wikiplan:end priorities -->(?!</nowiki>)",
    re.DOTALL,
)


def unmanaged(page: str) -> list[str]:
    """Return what must not change, by other means than the library's."""
    first, *lead_and_rest = REAL_PAIR.split(page, maxsplit=1)
    return [first, *lead_and_rest]


def taken_out(page: str, name: str, body: str) -> list[str]:
    """Return the pages that a section and its blank lines can have been put into."""
    above, _, below = page.partition(sections.new_page({name: body}))
    return [
        above[: len(above) - i] + below[j:]
        for i in range(3)
        for j in range(3)
        if above.endswith("\n" * i) and below.startswith("\n" * j)
    ]


# --- laws over other people's pages ---


@pytest.mark.heavy
def test_a_pair_put_anywhere_is_updated_and_all_else_is_equal():
    texts = [
        json.loads(line)["wikitext"]
        for line in wikicases.shared("corpus/wikitext.jsonl").open(encoding="utf-8")
    ]
    chance = random.Random(2021)
    counts: Counter[str] = Counter()
    for text in texts:
        for _ in range(3):
            counts[put_and_update(text, chance)] += 1
    print(f"\n{len(texts)} texts: {sum(counts.values())} pairs, {dict(counts)}")
    assert counts["updated"] > 0.8 * sum(counts.values())


def put_and_update(text: str, chance: random.Random) -> str:
    """Put a pair around some whole lines and update it; return what became of it."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    first = chance.randrange(len(starts))
    start = starts[first]
    stop = starts[min(first + chance.choice((0, 0, 1, 2)), len(starts) - 1)]
    old = text[start:stop] or "old\n"
    page = f"{text[:start]}{marked('{B}')}\n{old}{marked('{E}')}\n{text[stop:]}"
    try:
        if not sections.find(page):
            return "text"
        after = sections.replace(page, {"priorities": BODY})
    except Refusal as error:
        return f"refused: {error.code}"
    begin = f"<!-- wikiplan:begin priorities | sha256:{sections.digest(BODY)} -->"
    assert after == f"{text[:start]}{begin}\n{BODY}\n{marked('{E}')}\n{text[stop:]}"
    assert sections.replace(after, {"priorities": BODY}) == after
    assert sections.replace(page, {"priorities": old.removesuffix("\n")}) == page
    return "updated"


# fmt: off
PIECES = [
    "a", "b c", "é", "\u200e", " ", "\t", "\n", "\n", "\n", "* i", "''", "=", "== H ==",
    "{{", "}}", "{{{", "}}}", "[[", "]]", "-{", "}-", "|", "{|", "|}", "{{x|y=z}}",
    "<!--", "-->", "<!-- c -->", "<!-- c", "<!--T:1-->", "<nowiki>", "</nowiki>", "<ref>", "</ref>",
    "<ref/>", "<pre>", "</pre>", "<noinclude>", "</noinclude>", "<includeonly>", "</includeonly>",
    "[[Category:A]]", "<div>", "</div>", "<translate>", "</translate>", "<languages/>",
]
# fmt: on
WIKITEXT = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@settings(max_examples=examples(400), deadline=None)
@given(WIKITEXT, WIKITEXT, WIKITEXT, WIKITEXT, st.booleans())
def test_either_refused_or_nothing_outside_changes(before, old, new, after, own_lines):
    newline = "\n" if own_lines else ""
    start, end = f"{before}{newline}", f"{newline}{marked('{E}')}{newline}{after}"
    page = f"{start}{marked('{B}')}{newline}{old}{end}"
    try:
        result = sections.replace(page, {"priorities": new})
    except Refusal:
        return
    (found,) = sections.find(page)
    if sections.body_of(page, found) == new:
        assert result == page
        return
    lead = page[found.begin.stop : found.body.start]
    rest = page[found.body.stop :]
    ending = "" if found.inline or rest.startswith("\n") else "\n"
    begin = f"<!-- wikiplan:begin priorities | sha256:{markers.seal(new)} -->"
    assert result == f"{page[: found.begin.start]}{begin}{lead}{new}{ending}{rest}"
    (again,) = sections.find(result)
    assert sections.body_of(result, again) == new
    assert sections.replace(result, {"priorities": new}) == result


@settings(max_examples=examples(200), deadline=None)
@given(WIKITEXT, WIKITEXT, st.sampled_from(["top", "bottom", {"after": "H"}, {"before": "H"}]))
def test_what_is_put_in_is_found_and_can_be_taken_out_again(page, body, where):
    try:
        result = sections.insert(page, "new", body, where)
    except Refusal:
        return
    (found,) = sections.find(result)
    assert sections.body_of(result, found) == body
    assert page in taken_out(result, "new", body)
    assert sections.replace(result, {"new": body}) == result


@wikicases.each("positions/counterparts.cases")
def test_a_heading_is_found_by_its_counterpart_on_the_other_version(case: Case):
    page, version = case.blocks["page"], case.blocks["version"]
    found = sections.counterpart(page, version, case.blocks["wanted"])
    assert found == case.blocks.get("found")
    assert ("none" in case.blocks) is (found is None)

"""Markers around any part of any page: no other byte changes, and not what readers see."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.people import FolderPeople
from tests.support.samples import examples
from wikiplan.adopt.inspection import inspect
from wikiplan.errors import Refusal
from wikiplan.translate.markup import parse
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.translate import NoTranslate
from wikiplan.wikitext import outline, restoring, sections, syntax, wrapping
from wikiplan.wikitext.outline import Part
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS
from wikiplan.wikitext.wrapping import Wanted

ADDED = ("<!-- wikiplan:", "</translate>", "<translate>", "<translate nowrap>")
LEAST_PARTS_AT_ONCE = 300
MOST_REFUSED_PERCENT = 2
"""Parts of the corpus's pages that cut a table or a tag in two, and can be no section."""


@cache
def corpus() -> tuple[dict[str, str], ...]:
    lines = wikicases.shared("corpus/wikitext.jsonl").read_text("utf-8").rstrip("\n").split("\n")
    pages = [json.loads(line) for line in lines]
    return tuple(page for page in pages if page["kind"] != "snippet")


def added_lines(before: str, after: str) -> list[str]:
    """Return the lines that ``after`` has more than ``before``; all others are the same."""
    old, added = iter(before.split("\n")), []
    line = next(old)
    for new in after.split("\n"):
        if new == line and not new.startswith("<!-- wikiplan:"):
            line = next(old, None)  # type: ignore[assignment]
        else:
            added.append(new)
    assert line is None
    return added


def separate(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield parts that do not hold each other, in order."""
    end = 0
    for part in parts:
        if part.start >= end:
            yield part
            end = part.limit


@pytest.mark.heavy
def test_any_part_of_the_corpus_gets_markers_and_keeps_its_bytes():
    marked = refused = 0
    for page in corpus():
        text = page["wikitext"].rstrip()
        for part in outline.outline(text):
            try:
                after = wrapping.wrap(text, [Wanted("part", part)])
            except Refusal:
                refused += 1
                continue
            assert all(line.startswith(ADDED) for line in added_lines(text, after)), page["id"]
            assert [s.name for s in sections.find(after)] == ["part"]
            marked += 1
    print(f"{marked} parts of {len(corpus())} pages marked, {refused} refused")
    assert marked > 800
    assert 100 * refused / (marked + refused) < MOST_REFUSED_PERCENT


@pytest.mark.heavy
def test_looking_at_the_corpus_never_fails_and_writes_nothing(tmp_path: Path):
    folder = Folder(tmp_path)
    for number, page in enumerate(corpus()):
        title = syntax.normal_title(f"Page {number}")
        FolderPeople(tmp_path).edit(title, page["wikitext"])
        found = inspect(folder, NoTranslate(folder.name), title)
        assert found.kind in ("plain", "redirect", "translatable, never marked"), page["id"]
    assert not (tmp_path / ".wikiplan").exists()


def markable(text: str) -> Iterator[Part]:
    """Yield parts that do not hold each other, and that can be sections."""
    for part in separate(outline.outline(text)):
        with suppress(Refusal):
            wrapping.wrap(text, [Wanted("probe", part)])
            yield part


@pytest.mark.wiki
@pytest.mark.heavy
def test_markers_do_not_change_what_the_wiki_renders(site: Any):
    """All parts of all pages of the corpus have markers; each page is rendered twice."""
    parts = 0
    for page in corpus():
        text = page["wikitext"].rstrip()
        wanted = [Wanted(f"part-{n}", part) for n, part in enumerate(markable(text))]
        after = wrapping.wrap(text, wanted)
        assert after != text, page["id"]
        one, other = (site.rendered("Corpus", each) for each in (text, after))
        assert one.html == other.html, page["id"]
        parts += len(wanted)
    print(f"{parts} parts of {len(corpus())} pages marked")
    assert parts > LEAST_PARTS_AT_ONCE


PARAGRAPH = st.sampled_from(
    ["One.", "* a\n** b", "Two\nlines.", "{{Box|x}}", "[[A|b]] c", "<!-- remark -->", ": d"]
)
HEADING = st.sampled_from(["== A ==", "== B ==", "=== C ===", "== D == <!-- x -->"])
GAP = st.sampled_from(["\n\n", "\n\n\n", "\n", "\n \n\n"])


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page of paragraphs and headings, in translate blocks or not, with unit markers or not."""
    text, number, inside = "", 0, False
    for piece in draw(st.lists(st.one_of(PARAGRAPH, HEADING), min_size=1, max_size=9)):
        if not inside and draw(st.booleans()):
            text += draw(st.sampled_from(["<translate>\n", "<translate nowrap>\n", "<translate>"]))
            inside = True
        if inside and draw(st.booleans()):
            number += 1
            marker = f"<!--T:{number}-->"
            piece = f"{piece} {marker}" if piece.endswith("==") else f"{marker}\n{piece}"
        text += piece
        if inside and draw(st.booleans()):
            text += draw(st.sampled_from(["\n</translate>", "</translate>"]))
            inside = False
        text += draw(GAP)
    return f"{text.rstrip()}\n</translate>" if inside else text.rstrip()


@given(pages(), st.data())
@settings(max_examples=examples(300), deadline=None)
def test_markers_change_no_unit_and_nothing_that_is_shown(text: str, data: st.DataObject):
    try:
        parse(text)
        parts = list(separate(outline.outline(text)))
    except Refusal:
        return
    chosen = [part for part in parts if data.draw(st.booleans())]
    wanted = [Wanted(f"s-{number}", part) for number, part in enumerate(chosen)]
    try:
        after = wrapping.wrap(text, wanted)
    except Refusal:
        return
    assert [u.source for u in parse(after).units] == [u.source for u in parse(text).units]
    assert wrapping.shown_part(after) == wrapping.shown_part(text)
    assert all(line.startswith(ADDED) for line in added_lines(text, after))
    assert [section.name for section in sections.find(after)] == [each.name for each in wanted]


def test_a_section_that_was_taken_over_counts_as_last_written():
    text = "== Goals ==\nOne."
    after = wrapping.wrap(text, [Wanted("mission", outline.outline(text)[0])])
    (section,) = sections.find(after)
    assert section.digest == sections.digest(text)


# --- taking markers off again ---


def marked(text: str, data: st.DataObject) -> tuple[str, list[str]]:
    """Return a page with markers around some of its parts, and their names."""
    try:
        parse(text)
        parts = list(separate(outline.outline(text)))
        chosen = [part for part in parts if data.draw(st.booleans())]
        wanted = [Wanted(f"s-{number}", part) for number, part in enumerate(chosen)]
        return wrapping.wrap(text, wanted), [each.name for each in wanted]
    except Refusal:
        return text, []


def taken(text: str, found: Iterable[restoring.SectionEdit]) -> restoring.Restored:
    return restoring.take_back(text, found, DEFAULT_EXTENSION_TAGS)


@pytest.mark.heavy
@given(pages(), st.data())
@settings(max_examples=examples(300), deadline=None)
def test_markers_go_as_they_came_and_leave_the_page_as_it_was(text: str, data: st.DataObject):
    after, names = marked(text, data)
    found = restoring.section_edits(text, after, DEFAULT_EXTENSION_TAGS)
    assert [(whole.name, whole.adopted) for whole in found] == [(name, True) for name in names]
    assert (taken(after, found).text, taken(after, found).left) == (text, {})
    now = after
    for whole in data.draw(st.permutations(found)):
        step = taken(now, [whole])
        (again,) = restoring.section_edits(step.text, now, DEFAULT_EXTENSION_TAGS)
        assert restoring.put_back(now, [again], DEFAULT_EXTENSION_TAGS) == step.text
        now = step.text
    assert now == text


@given(pages(), st.data())
@settings(max_examples=examples(300), deadline=None)
def test_what_people_wrote_since_stays_where_they_wrote_it(text: str, data: st.DataObject):
    after, _ = marked(text, data)
    found = restoring.section_edits(text, after, DEFAULT_EXTENSION_TAGS)
    words = data.draw(
        st.sampled_from([("One.", "One, better."), ("Two", "2"), ("* a", "* new\n* a")])
    )
    now = after.replace(*words)
    assert (taken(now, found).text, taken(now, found).left) == (text.replace(*words), {})


@pytest.mark.heavy
def test_markers_around_any_part_of_the_corpus_go_again():
    for page in corpus():
        text = page["wikitext"]
        for part in outline.outline(text)[::4]:
            try:
                after = wrapping.wrap(text, [Wanted("probe", part)])
            except Refusal:
                continue
            found = restoring.section_edits(text, after, DEFAULT_EXTENSION_TAGS)
            assert taken(after, found).text == text, page["id"]
            assert taken(f"Above.\n{after}\nBelow.", found).text == f"Above.\n{text}\nBelow."


def test_two_hundred_sections_are_marked_within_a_second():
    text = "\n".join(f"== H{n} ==\nWords [[L{n}|x]] and {{{{T|a}}}}.\n" for n in range(200))
    wanted = [Wanted(f"s{n}", part) for n, part in enumerate(outline.outline(text))]
    start = time.process_time()
    assert len(sections.find(wrapping.wrap(text, wanted))) == 200
    assert time.process_time() - start < 1

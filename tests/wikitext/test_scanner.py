"""Where comments are, against MediaWiki's own preprocessor, and what hostile pages cost."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import hostile, wikicases
from tests.support.wikicases import Case
from wikiplan.errors import Refusal
from wikiplan.wikitext import scanner, structure
from wikiplan.wikitext.scanner import RegionKind

MOST_SECONDS = 2.0  # of a processor: what else a shared machine does is not ours
MOST_MEGABYTES = 300

# fmt: off
PIECES = [
    "<!--", "-->", "<!--->", "<!---->", "-", "--", ">", "<", "/>", "<nowiki>", "</nowiki>",
    "<nowiki/>", "<NOWIKI>", "</noWiki >", "<ref", "<ref name=x>", "</ref>", "<ref/>", "<pre>",
    "</pre\n>", "<noinclude>", "</noinclude>", "<includeonly>", "</includeonly>", "<INCLUDEONLY>",
    "<onlyinclude>", "</onlyinclude>", "{{", "}}", "{{{", "}}}", "{", "}", "[[", "]]", "|", "=",
    "==", "======\n", "\n=", "\n==", "\n", " ", "\t", "a", "b c", "-{", "}-", "-{{{", "== x ==",
    "<!-- c -->\n", "\n<!-- c -->\n", " <!-- d --> ", "{|", "é", "x=y", "\u212a",
]
# fmt: on


@wikicases.each("scanner/comments.cases")
def test_comments(case: Case):
    text = case.blocks["text"]
    comments = [
        text[r.start : r.stop] for r in scanner.regions(text) if r.kind is RegionKind.COMMENT
    ]
    assert [comment.replace("\n", "⏎") for comment in comments] == case.blocks[
        "comments"
    ].splitlines()


def test_the_wikis_own_tags_count():
    text = "<math><!-- a --></math> <own><!-- b --></own>"
    found = scanner.regions(text, frozenset({"OWN"}))
    assert [text[r.start : r.stop] for r in found] == ["<!-- a -->", "<own><!-- b --></own>"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_regions_are_in_order_and_apart(text):
    end = 0
    for region in scanner.regions(text):
        assert end <= region.start < region.stop <= region.resume <= len(text)
        assert region.resume == region.stop or region.whole_line
        end = region.resume


# --- against MediaWiki ---


@pytest.mark.wiki
def test_mediawiki_sees_the_same_comments_tags_templates_and_headings(mediawiki):
    answer = mediawiki.api(action="query", meta="siteinfo", siprop="extensiontags")
    tags = frozenset(tag.strip("<>") for tag in answer["query"]["extensiontags"])
    for text in texts():
        answer = mediawiki.api(action="expandtemplates", text=text, prop="parsetree", title="X")
        tree = ET.fromstring(answer["expandtemplates"]["parsetree"])
        assert seen_here(text, tags) == seen_there(tree), text


def texts() -> list[str]:
    """Fuzz, and the hand-made hostile pages."""
    chance = random.Random(19)
    fuzz = ["".join(chance.choices(PIECES, k=chance.choice((5, 10, 40)))) for _ in range(150)]
    lines = (wikicases.CASES / "sections/markers.jsonl").open(encoding="utf-8")
    marked = [
        re.sub("[{]([BE])[}]", r"<!-- \1 -->", json.loads(line)["wikitext"]) for line in lines
    ]
    # Without Translate a heading beside its tags is none; a thousand braces crash PHP's XML.
    unfit = re.compile("translate|[{]{100}")
    found = [text for text in (*fuzz, *marked) if text.strip() and not unfit.search(text)]
    return [unicodedata.normalize("NFC", text) for text in found]


def seen_here(text: str, tags: frozenset[str]) -> dict[str, list[str]]:
    regions = list(scanner.regions(text, tags))
    found = structure.parse(text, regions)
    return {
        "comment": [
            text[r.start : r.stop].strip() for r in regions if r.kind is RegionKind.COMMENT
        ],
        "ext": [text[r.start : r.stop] for r in regions if r.kind is RegionKind.EXTENSION],
        "ignore": [text[r.start : r.stop] for r in regions if r.kind is RegionKind.IGNORED],
        "h": [f"{h.level} {text[h.start : h.stop]}" for h in found.headings],
        "templates": [str(len(found.elements))],
    }


def seen_there(tree: ET.Element) -> dict[str, list[str]]:
    templates = [*tree.iter("template"), *tree.iter("tplarg")]
    return {
        "comment": ["".join(node.itertext()).strip() for node in tree.iter("comment")],
        "ext": [source(node) for node in tree.iter("ext")],
        "ignore": ["".join(node.itertext()) for node in tree.iter("ignore")],
        "h": [f"{node.get('level')} {source(node)}" for node in tree.findall("h")],
        "templates": [str(len(templates))],
    }


def source(node: ET.Element) -> str:
    """Return the wikitext that became this node."""
    inside = (node.text or "") + "".join(source(child) + (child.tail or "") for child in node)
    if node.tag == "ext":
        inner, close = node.find("inner"), node.findtext("close") or ""
        start = f"<{node.findtext('name')}{node.findtext('attr') or ''}"
        return f"{start}/>" if inner is None else f"{start}>{inner.text or ''}{close}"
    if node.tag == "template":
        return f"{{{{{inside}}}}}"
    if node.tag == "tplarg":
        return f"{{{{{{{inside}}}}}}}"
    return f"|{inside}" if node.tag == "part" else inside


# --- hostile pages ---


@pytest.mark.heavy
@pytest.mark.parametrize("name", hostile.PAGES)
def test_a_hostile_page_is_handled_or_refused_quickly(name):
    command = [sys.executable, hostile.__file__, name]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, megabytes, *outcomes = output.split()
    print(f"{name}: {seconds} s, {megabytes} MB, {outcomes}")
    assert float(seconds) < MOST_SECONDS
    assert float(megabytes) < MOST_MEGABYTES


@pytest.mark.heavy
def test_limits_refuse_in_words():
    with pytest.raises(Refusal, match="more than 50000 comments and tags; simplify it"):
        list(scanner.regions("<!---->" * 60_000))
    with pytest.raises(Refusal, match="more than 20000 open braces at once"):
        structure.parse("{{a" * 30_000, [])
    with pytest.raises(Refusal, match="more than 200000 braces, pipes and headings"):
        structure.parse("{{a" + "|" * 300_000, [])

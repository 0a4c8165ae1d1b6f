"""Which texts are stored as they are sent, held against what a real MediaWiki stores."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.mediawiki import MediaWiki
from tests.support.samples import WHOLE
from wikiplan.wikitext import presave
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "wikitext.jsonl"
EVERY = 1 if WHOLE else 10  # of the corpus
SUBSTITUTIONS = frozenset({"SUBST:", "SAFESUBST:", "ERS:"})

LONG = 20_000  # characters in a question
TOO_LONG = "more than 500000 characters"

SENT_AS_IT_IS = [
    "",
    "Plain text.\n\n== Heading ==\n* item",
    "{{Template|a=[[link|text]]|{{{1|}}}}} and {{#if: x | y }}",
    "Two ~~ tildes, a [[link]], a [[link|text]], [[File:A.png|thumb| ]] ]]",
    "<nowiki>{{x</nowiki> <!-- {{ --> <ref name=a /> <translate><!--T:1--> x</translate>",
    "\ufeffmarks \u200f\u200e\u2068x\u2069 a\u200cb\u00a0&nbsp;\u2028",
    "  white space before, and\n\n\nlines between",
    "".join(f"{{{{t|{number}}}}}" for number in range(200)),
]
PERHAPS_NOT = [
    ("abc \ufe8d\ufedf", "a letter of an older form"),
    ("\u0d28\u0d4d\u200d", "a letter of an older form"),
    ("~~~~", "a signature"),
    ("<nowiki>~~~</nowiki>", "a signature"),
    ("[[Page (context)|]]", "a link that is to be completed"),
    ("[[|Page]]", "a link that is to be completed"),
    ("[[Page（context）|]]", "a link that is to be completed"),
    ("blank at the end ", "white space at its end"),
    ("line at the end\n", "white space at its end"),
    ("two\r\nlines", "a character that is replaced"),
    ("nul \x00", "a character that is replaced"),
    ("no character \uffff", "a character that is replaced"),
    ("e\u0301", "letters that are composed"),
    ("unassigned \u0378", "a character that is not known"),
    ("half \ud800", "a character that is not known"),
    ("{{subst:Template}}", "a template that is substituted"),
    ("{{ \nSaFeSubst:Template}}", "a template that is substituted"),
    ("{{ers:Vorlage}}", "a template that is substituted"),
    ("{{\u017fubst:Template}}", "a template that is substituted"),
    ("{{t|" * 51 + "}}" * 51, "templates more than 50 deep"),
    ("{{" * 300_000, TOO_LONG),
    ("{{ " * 30_000 + "x", "templates more than 50 deep"),
]


@pytest.mark.parametrize("text", SENT_AS_IT_IS)
def test_what_nothing_is_done_to_is_stored_as_it_is(text: str):
    assert presave.why_changed(text, SUBSTITUTIONS, DEFAULT_EXTENSION_TAGS) == ""


@pytest.mark.parametrize(("text", "why"), PERHAPS_NOT)
def test_what_may_be_changed_is_named(text: str, why: str):
    assert presave.why_changed(text, SUBSTITUTIONS, DEFAULT_EXTENSION_TAGS) == why


def test_words_for_substitution_count_where_templates_are_called():
    text = "In Latin, subst: is short for something."
    assert presave.why_changed(text, SUBSTITUTIONS, DEFAULT_EXTENSION_TAGS) == ""
    text += " {{x}}"
    assert presave.why_changed(text, SUBSTITUTIONS, DEFAULT_EXTENSION_TAGS) != ""


# On a real wiki


class Stored:
    """What one wiki stores, and what the proof says of it with that wiki's words and tags."""

    def __init__(self, lab: MediaWiki) -> None:
        answer = lab.api(action="query", meta="siteinfo", siprop="magicwords|extensiontags")
        words = answer["query"]["magicwords"]
        self.lab = lab
        self.tags = frozenset(each.strip("<>").lower() for each in answer["query"]["extensiontags"])
        self.substitutions = frozenset(
            alias
            for word in words
            if word["name"] in ("subst", "safesubst")
            for alias in word["aliases"]
        )

    def changed(self, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the texts that are stored otherwise than the proof says, as they are stored."""
        for text, stored in zip(texts, self.lab.stored(texts), strict=True):
            if stored != text and not self.why(text):
                yield text, stored

    def why(self, text: str) -> str:
        return presave.why_changed(text, self.substitutions, self.tags)


@pytest.fixture(scope="module")
def stored(mediawiki: MediaWiki) -> Stored:
    return Stored(mediawiki)


@pytest.mark.wiki
def test_texts_of_real_wikis_are_stored_as_the_proof_says(stored: Stored):
    if not CORPUS.exists():
        pytest.skip(f"no texts of other wikis in {CORPUS}")
    lines = CORPUS.read_text(encoding="utf-8").rstrip("\n").split("\n")[::EVERY]
    texts = [json.loads(line)["wikitext"].rstrip(" \t\n") for line in lines]
    assert list(stored.changed(texts)) == []
    proven = sum(not stored.why(text) for text in texts)
    print(f"{proven} of {len(texts)} texts are proven to be stored as they are")
    assert proven >= 0.97 * len(texts)


@pytest.mark.wiki
def test_the_wikis_answer_is_the_same_over_its_api(stored: Stored):
    doubtful = [text for text, why in PERHAPS_NOT if why not in ("a signature", TOO_LONG)]
    lab, texts = stored.lab, [*SENT_AS_IT_IS, *filter(is_sendable, doubtful)]
    asked = [
        lab.api(action="parse", onlypst=1, title="Sandbox", text=text, contentmodel="wikitext")
        for text in texts
    ]
    told = [answer["parse"]["text"] for answer in asked]
    assert told == lab.stored(texts)


PIECES = [
    *"{{ }} {{{ }}} [[ ]] -{ }- | = == ~ ~~ ' : #if: lc: CURRENTYEAR sub st: safe a é 각".split(),
    *"<!-- --> <!--T:1--> <nowiki> </nowiki> <nowiki/> <ref> </ref> <REF> <pre> </pre>".split(),
    *"<noinclude> </noinclude> <includeonly> </includeonly> <onlyinclude> </onlyinclude>".split(),
    *"<translate> </translate> </tvar> <gallery> </gallery> &#126; __TOC__ {| |} （e） ，f".split(),
    *("<ref name=x/>", "</ref >", "<tvar name=x>", "[http://x y]", "b (c)", ", d", "\n", " "),
    *("\t", "\x7f", "\u0301", "\u1100\u1161", "\u200b", "\u2028"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


@pytest.mark.wiki
@settings(max_examples=100 if WHOLE else 3)
@given(texts=st.lists(TEXTS, min_size=40, max_size=40))
def test_whatever_is_made_up_is_stored_as_the_proof_says(stored: Stored, texts: list[str]):
    assert list(stored.changed(list(filter(is_sendable, texts)))) == []


def is_sendable(text: str) -> bool:
    """Say whether there is UTF-8 of a text; there is none of halves of pairs."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


@pytest.mark.wiki
@pytest.mark.parametrize("fixes", ["", "$wgAllUnicodeFixes = true;"])
def test_characters_are_stored_as_they_are_one_by_one_and_side_by_side(stored: Stored, fixes: str):
    """The wiki normalises what browsers send, in some languages more than in others."""
    letters = [chr(code) for code in range(0x20, 0x30000) if not stored.why(f"a{chr(code)}b")]
    indic = [chr(code) for code in range(0x0D00, 0x0D80)]
    pairs = [f"{letter}\u0d4d{joiner}" for letter in indic for joiner in ("", "\u200c", "\u200d")]
    sure = " ".join([*letters, *(each for each in pairs if not stored.why(f"a{each}b"))])
    with stored.lab.settings(fixes):
        for start in range(0, len(sure), LONG):
            text = f"a{sure[start : start + LONG]}b"
            if not stored.why(text):
                answer = stored.lab.api(action="parse", onlypst=1, text=text, title="A")
                assert answer["parse"]["text"] == text

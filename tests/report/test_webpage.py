"""Pages for people: values in them are only values."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.running import ROOT
from wikiplan.report import webpage

PAGES = ROOT / "templates" / "pages"
STYLES = sorted(PAGES.rglob("*.css"))
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|color-mix|color)\("
    r"|:[^;{}]*\b(?:white|black|red|green|blue|yellow|orange|gr[ae]y|silver|navy|gold)\b",
    re.IGNORECASE,
)

TEXTS = st.text(alphabet="</script>!-&'\"\\\u2028\u2029\u202ea", max_size=30)


@given(TEXTS)
@example("</script><script>")
@example("<!--<script>")
def test_data_in_a_page_cannot_end_its_element_and_comes_back(text: str):
    written = webpage.as_data({"text": text})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"text": text}


def test_the_digest_in_a_policy_is_the_one_that_browsers_compute():
    # From the specification of Content Security Policy Level 3.
    text = "alert('Hello, world.');"
    assert webpage._hash(text) == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


def test_no_style_has_a_colour_of_its_own():
    shared, *_ = (each for each in STYLES if each.name == "page.css")
    texts = {each: re.sub(r"/\*.*?\*/", "", each.read_text(), flags=re.DOTALL) for each in STYLES}
    scripts = {each: each.read_text() for each in sorted(PAGES.rglob("*.js"))}
    markup = {
        each: "".join(re.findall(r"style=[^>]*|<style[^>]*>[^{<]", each.read_text()))
        for each in sorted(PAGES.rglob("*.html"))
    }
    found = {
        path.name: COLOUR.findall(text)
        for path, text in {**texts, **scripts, **markup}.items()
        if path != shared
    }
    assert {name: colours for name, colours in found.items() if colours} == {}
    assert COLOUR.findall(texts[shared].partition("}")[2]) == []  # nor behind their names


def test_every_name_of_a_colour_or_size_is_known_and_used():
    texts = "".join(path.read_text() for path in STYLES)
    scripts = "".join(path.read_text() for path in PAGES.rglob("*.js"))
    known = set(re.findall(r"(--[a-z0-9-]+):", texts))
    known |= set(re.findall(r"setProperty\(\"(--[a-z0-9-]+)\"", scripts))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", texts)) == known


@pytest.mark.parametrize(
    "path", [*STYLES, *sorted(PAGES.rglob("*.js"))], ids=lambda path: path.name
)
def test_nothing_moves_by_itself(path: Path):
    """So whoever asks for less motion has it."""
    assert not re.search(r"transition|animat|@keyframes|smooth", path.read_text())


def test_a_speaker_says_words_that_do_not_turn_the_sentence_around_them():
    english, arabic = (webpage.Speaker(code, "wikiplan-status-") for code in ("en", "ar"))
    assert english.words("as-of", site="w:ar", time="today") == (
        "\u2068w:ar\u2069, as of \u2068today\u2069"
    )
    assert arabic.words("as-of", site="w", time="t") != english.words("as-of", site="w", time="t")

"""What a wikitext looks like without a wiki: harmless, and like what a wiki makes of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.mediawiki import MediaWiki
from wikiplan.desk import approximation
from wikiplan.errors import WikiplanError

SHOWN = [
    ("== Goals ==\n* One\n** Two", "<h2>Goals</h2>"),
    ("[[Movement Charter|the charter]]", ">the charter</a>"),
    ("{{Box|title=A\n|text={{Other}}}} b", '<span class="wikiplan-call">Box</span> b'),
    ("{{#time:Y|now}}", '<span class="wikiplan-call">#time:Y</span>'),
    ("<nowiki>{{Box}}</nowiki>", "{{Box}}"),
    ("a<!-- {{Box}} --> b __NOTOC__[[Category:Plans]]", "<p>a b</p>"),
    ('<span lang="en" dir="ltr">Text</span>', '<span lang="en" dir="ltr">Text</span>'),
]


@pytest.mark.parametrize(("text", "html"), SHOWN)
def test_what_readers_see_is_there(text: str, html: str):
    shown = approximation.rendered(text)
    assert html in re.sub(r' id="[^"]*"', "", shown)


HOSTILE = [
    "<script>alert(1)</script>",
    '<span onclick="x()">a</span>',
    "[javascript:alert(1) a] [[javascript:alert(1)|b]]",
    '<div style="background: url(https://e.example/x)">a</div>',
    "[[File:A.png|<img src=x onerror=alert(1)>]]",
    "{{</span><script>x()</script>|a}}",
    "<math>\\href{javascript:x}{a}</math>",
    "{{#tag:script|x}}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_it_runs_loads_or_leads_away(text: str):
    shown = approximation.rendered(text).lower()
    assert not re.search(
        r"<(script|img|iframe|svg|link|style)|<[^>]*\s(on\w+|href|src)=|url\(", shown
    )


def test_pandoc_reads_no_file_that_a_text_names(tmp_path: Path):
    secret = tmp_path / "secret.wiki"
    secret.write_text("The secret.")
    assert "The secret." not in approximation.rendered(f"{{{{:{secret}}}}} [[File:{secret}]]")


def test_a_text_that_is_too_long_is_told():
    with pytest.raises(WikiplanError, match="the text has 500,001 characters") as told:
        approximation.rendered("a" * 500_001)
    assert told.value.code == "long-to-approximate"


def test_what_pandoc_cannot_do_is_told_with_its_words(monkeypatch: pytest.MonkeyPatch):
    def fails(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "pandoc", stderr=b"stack\noverflow")

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(WikiplanError, match=r"cannot show this text \(stack overflow\)"):
        approximation.rendered("a text of its own")


# --- beside the wiki ---


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def outline(html: str) -> dict[str, list[str]]:
    """Return what both must have: headings, how deep list items stand, the words of links."""
    headings = re.findall(r"<h([2-6])[^>]*>(.*?)</h\1>", html, re.S)
    depth, items = 0, []
    for tag in re.findall(r"<(/?)(ul|ol|li)\b", html):
        if tag[1] == "li":
            items += [str(depth)] if not tag[0] else []
        else:
            depth += -1 if tag[0] else 1
    links = re.findall(r"<a\b[^>]*>(.*?)</a>", html, re.S)
    return {
        "headings": [f"{level} {words(text)}" for level, text in headings],
        "items": items,
        "links": [words(text) for text in links],
    }


@pytest.mark.wiki
@pytest.mark.parametrize("code", ["en", "ar", "ja"])
def test_the_sample_pages_have_the_headings_lists_and_links_that_a_wiki_shows(
    code: str, mediawiki: MediaWiki, sample_texts: dict[str, str]
):
    for text in (text for title, text in sample_texts.items() if title.endswith(f"/{code}")):
        parsed = mediawiki.api(
            action="parse", text=text, contentmodel="wikitext", disabletoc=1, disableeditsection=1
        )
        assert outline(approximation.rendered(text)) == outline(parsed["parse"]["text"])

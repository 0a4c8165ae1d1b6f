"""What a wikitext looks like without a wiki: harmless, and like what a wiki makes of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.counting import counting
from wikiplan.desk import approximation

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


def test_what_cannot_be_shown_is_shown_as_wikitext_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
):
    def fails(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "pandoc", stderr=b"stack\noverflow")

    assert ">As wikitext, since it has 500,001 characters" in approximation.rendered("a" * 500_001)
    assert "since the page has more than 20000 open braces" in approximation.rendered(
        "{{a|" * 20_001
    )
    monkeypatch.setattr(subprocess, "run", fails)
    assert approximation.rendered("<b>x") == (
        '<p class="wikiplan-told" lang="en" dir="ltr">As wikitext, since pandoc cannot read it '
        '(stack overflow).</p><pre class="wikiplan-wikitext" dir="auto">&lt;b&gt;x</pre>'
    )


def test_a_start_without_pandoc_is_told_where_it_is_needed(monkeypatch: pytest.MonkeyPatch):
    started = counting(monkeypatch, (subprocess, "run"))
    approximation.start_once()
    assert started["run"] == 1

    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError("pandoc")

    monkeypatch.setattr(subprocess, "run", missing)
    approximation.start_once()

"""Wikitext as plain text and as Markdown."""

from __future__ import annotations

import pytest

from wikiplan.channels.writing import MarkdownWriter, Writer


def address(title: str) -> str:
    return f"https://w.example/{title.replace(' ', '_')}"


@pytest.mark.parametrize(
    ("wikitext", "text", "markdown"),
    [
        ("plain", "plain", "plain"),
        ("'''bold''' and ''italic''", "bold and italic", "**bold** and *italic*"),
        ("[[Page]]", "Page <https://w.example/Page>", "[Page](<https://w.example/Page>)"),
        ("[[:Category:A b|words]]", "words <https://w.example/Category:A_b>",
         "[words](<https://w.example/Category:A_b>)"),
        ("[https://x.example/a_b words]", "words <https://x.example/a_b>",
         "[words](<https://x.example/a_b>)"),
        ("[https://x.example/]", "https://x.example/", "<https://x.example/>"),
        ("[//x.example/ <bdi dir=\"rtl\">أ</bdi>]", "\u2067أ\u2069 <//x.example/>",
         "[\u2067أ\u2069](<//x.example/>)"),
        ("<s>gone</s> <small>(x)</small>", "gone (x)", "~~gone~~ (x)"),
        ("a &amp; b &lt;c&gt; 1*2_3", "a & b <c> 1*2_3", r"a & b \<c\> 1\*2\_3"),
        ('<span lang="en" dir="ltr">Hi</span>', "\u2066Hi\u2069", "\u2066Hi\u2069"),
        ("<bdi>x</bdi><span>y</span>", "\u2068x\u2069y", "\u2068x\u2069y"),
        ("{{Template|x}}", "{{Template|x}}", r"{{Template\|x}}"),
        ("== Head ==", "Head", "## Head"),
        ("* one\n** two\n*** three", "- one\n  - two\n    - three", "- one\n  - two\n    - three"),
        ("a<br>b", "a\nb", "a\nb"),
        ('x\n\n<div lang="en" dir="ltr" class="mw-content-ltr">\ny\n</div>\n\nz', "x\ny\nz",
         "x\ny\nz"),
    ],
)  # fmt: skip
def test_wikitext_is_written_for_mails_and_as_markdown(wikitext: str, text: str, markdown: str):
    assert Writer(address).text(wikitext) == text
    assert MarkdownWriter(address).text(wikitext) == markdown


def test_a_page_without_an_address_is_its_words_alone():
    assert Writer(lambda title: "").text("see [[Page|it]]") == "see it"
    assert MarkdownWriter(lambda title: "").text("see [[Page]]") == "see Page"

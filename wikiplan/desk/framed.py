"""A page of a wiki as a document for a frame, with what the desk says about it on top.

It runs no script: from one change to the next lead links, and what is marked says so in words too.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from wikiplan.desk.languagemarks import OUTDATED, SHOWN_OUTDATED, UNTRANSLATED
from wikiplan.desk.planfiles.marks import EDIT
from wikiplan.desk.views import Rendering
from wikiplan.report import htmldiff

NOTHING = "<!DOCTYPE html><title>Nothing</title><p>The page does not exist there yet.</p>"
DOCUMENT = (
    '<!DOCTYPE html><html lang="{tag}" dir="{side}"><head><meta charset="utf-8">'
    "<title>A page</title>{css}</head>"
    '<body class="mediawiki {side} skin-vector skin-vector-legacy">{told}'
    '<div class="vector-body"><div class="mw-body-content mw-content-{side} mw-parser-output">'
    "{html}</div></div></body></html>"
)
"""The classes are those by which a wiki's own styles know their places."""

_TOLD = '<p class="wikiplan-told" lang="en" dir="ltr"{more}>{words}</p>'
_SAMPLE = '<span class="{name}">{words}</span>'
_REMOVED, _INSERTED = f".{htmldiff.REMOVED}", f".{htmldiff.INSERTED}"
_STYLE = f"""
.wikiplan-call {{ padding: 0 0.4em; border: 1px dashed #72777d; background: #f8f9fa; }}
.wikiplan-told {{ color: #404244; font-size: 0.875rem; }}
#{htmldiff.TOP} {{ position: sticky; top: 0; margin: 0; padding: 0.4rem; background: #fff; }}
[data-link] {{ color: #36c; }} .{EDIT} {{ color: inherit; text-decoration: none; }}
.{EDIT}:is(:hover, :focus, :has(:target)) {{ outline: 2px solid #36c; background: #e8eeff; }}
.{EDIT} :target {{ scroll-margin-block: 6rem; }}
table {{ border-collapse: collapse }} td, th {{ padding: 0.2em 0.5em; border: 1px solid #a2a9b1 }}
.{UNTRANSLATED} {{ background: #fdf2d5; outline: 1px dashed #886425; }}
:is(.{OUTDATED}, .{SHOWN_OUTDATED}) {{ background: #e8eeff; outline: 2px dotted #36c; }}
ins{_INSERTED} {{ background: #d5f0e5; text-decoration: underline; }}
del{_REMOVED} {{ background: #ffe0db; text-decoration: line-through; }}
:not(ins, tr, tbody){_INSERTED} {{ border-inline-start: 4px solid #177860; }}
:not(del, tr, tbody){_REMOVED} {{ border-inline-start: 4px solid #bf3c2c; }}
.{htmldiff.CHANGE} {{ padding: 0 0.3em; border-radius: 2px; background: #36c; color: #fff; }}
.{htmldiff.CHANGE} {{ scroll-margin-top: 4rem; text-decoration: none; }}
.{htmldiff.CHANGE}::before {{ content: "↓"; }}
.{htmldiff.CHANGE}:target {{ outline: 3px solid #202122; }}
"""


def document(found: Rendering | None) -> str:
    """Return the document; of a page that does not exist one that says so."""
    if found is None:
        return NOTHING
    language = found.language
    css = "".join(f"<style>{each}</style>" for each in (*found.styles, _STYLE) if each)
    return DOCUMENT.format(
        tag=language.bcp47,
        side=language.direction,
        css=css,
        told="".join(_told(found)),
        html=found.html,
    )


def _told(found: Rendering) -> Iterator[str]:
    if found.approximate:
        yield _said("An approximation: without a wiki, templates are boxes.")
    if found.told:
        yield _said(f"An update would not save all of it: <bdi>{html.escape(found.told)}</bdi>")
    if found.untranslated is not None and found.outdated is not None:
        yield _said(_legend(found.untranslated, found.outdated))
    if found.changes is not None:
        yield _said(_changes(found.changes), f' id="{htmldiff.TOP}" tabindex="-1"')


def _said(words: str, more: str = "") -> str:
    return _TOLD.format(words=words, more=more)


def _legend(untranslated: int, outdated: int) -> str:
    first = _SAMPLE.format(name=UNTRANSLATED, words="not translated")
    other = _SAMPLE.format(name=OUTDATED, words="outdated, older than the source text")
    return f"{untranslated} × {first}, {outdated} × {other}."


def _changes(count: int) -> str:
    if not count:
        return "Nothing changes here."
    words = "1 change" if count == 1 else f"{count} changes"
    return (
        f'{words}: <a href="#{htmldiff.CHANGE}-1">to the first</a>, from each to the next by ↓. '
        f'<del class="{htmldiff.REMOVED}">Removed</del> '
        f'<ins class="{htmldiff.INSERTED}">inserted</ins>'
    )

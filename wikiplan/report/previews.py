"""How changed sections look on the wiki: rendered by it, before and after, and made harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from wikiplan.changes.changes import WRITTEN, ChangeSet, PageChange, SectionChange
from wikiplan.errors import Refusal
from wikiplan.report import harmless
from wikiplan.wiki.wiki import Wiki

PAPER = """\
html { color-scheme: light; color: #202122; font: 1rem/1.6 sans-serif; }
html, body { height: auto !important; background: #fff !important; }
body { margin: 0; padding: 0.75rem 1rem !important; overflow-wrap: anywhere; }
.mw-parser-output > :first-child, .mw-parser-output > [lang]:first-child > :first-child {
  margin-top: 0 !important; padding-top: 0 !important; }
.wikiplan-picture { display: inline-flex; align-items: center; justify-content: center;
  max-width: 100%; overflow: hidden; padding: 0.25em; border: 1px dashed #72777d;
  background: #f8f9fa; color: #54595d; font-size: 0.8em; }"""
"""Stands before the wiki's own styles: wikis are light, and pictures are boxes with their words."""

Previews = Mapping[tuple[str, str], "Preview"]
"""By the page's title and the text that was rendered: a title can change what a text becomes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as the wiki renders it: harmless HTML, and each stylesheet that it needs.

    ``refused`` is the wiki's reason when it would not render the text.
    """

    html: str
    styles: tuple[str, ...]
    refused: str = ""


def previews(
    changes: ChangeSet, wiki: Wiki, step: Callable[[str], None] = lambda title: None
) -> Previews:
    """Let the wiki render every section that would be written, as it is and as it will be.

    One request for each text: two for a changed section, one for a new one. ``step`` is called
    with each page's title. Writes nothing; empty where the wiki does not render.
    """
    found: dict[tuple[str, str], Preview] = {}
    for page in changes.to_write:
        step(page.title)
        for text in _texts(page):
            if (page.title, text) in found:
                continue
            preview = _preview(wiki, page.title, text)
            if preview is None:
                return {}
            found[page.title, text] = preview
    return found


def shown(section: SectionChange) -> bool:
    """Say whether a section's change has something to show."""
    return section.state in WRITTEN and section.before != section.after


def _texts(page: PageChange) -> Iterator[str]:
    for section in page.sections:
        if shown(section):
            yield from (text for text in (section.before, section.after) if text.strip())


def _preview(wiki: Wiki, title: str, text: str) -> Preview | None:
    try:
        rendered = wiki.rendered(title, text)
    except Refusal as refusal:
        return Preview("", (), str(refusal))
    if rendered is None:
        return None
    clean = harmless.html(rendered.html)
    styles = (PAPER, harmless.css(rendered.styles), *clean.styles)
    return Preview(clean.html, tuple(filter(None, styles)))

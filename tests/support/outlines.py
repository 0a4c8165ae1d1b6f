"""What an approximation and a wiki's rendering must have in common, out of their HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from wikiplan.report import webpage

KINDS = ("headings", "items", "links", "cells")
_BROKEN = re.compile(r"<a\b[^>]*><span[^>]*mw-broken-media[^>]*>[^<]*</span></a>")
"""A picture that the wiki does not have."""
_NOT_COMPARED = {"mw-cite-backlink", "wikiplan-call", "wikiplan-picture"}


@dataclass
class _Entry:
    about: str
    words: str = ""


@dataclass
class _Open:
    tag: str
    kind: str = ""
    entry: _Entry | None = None
    hidden: bool = False


@dataclass(eq=False)
class _Reader(HTMLParser):
    """Reads HTML as the sanitiser writes it: every element ends."""

    found: dict[str, list[_Entry]] = field(default_factory=lambda: {each: [] for each in KINDS})
    open: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in webpage.VOID:
            self.handle_data(" ")
            return
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        # Templates that the wiki does not have are links to where they would be.
        is_template = "new" in classes and given.get("title", "").startswith("Template:")
        hidden = bool(_NOT_COMPARED.intersection(classes)) or is_template
        kind, about = self._kind(tag)
        entry = _Entry(about) if kind and not hidden and not self._hides() else None
        if entry:
            self.found[kind].append(entry)
        self.open.append(_Open(tag, kind, entry, hidden))

    def _kind(self, tag: str) -> tuple[str, str]:
        if tag in ("li", "dd", "dt"):
            lists = (each.tag for each in self.open if each.tag in ("ul", "ol", "dl"))
            return "items", " ".join([*lists, tag])
        if re.fullmatch("h[1-6]", tag):
            return "headings", tag
        return {"a": ("links", ""), "td": ("cells", tag), "th": ("cells", tag)}.get(tag, ("", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag not in webpage.VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        """Add words to the innermost of each kind."""
        entries = {each.kind: each.entry for each in self.open if each.entry}
        for entry in entries.values() if not self._hides() else ():
            entry.words += data

    def _hides(self) -> bool:
        return any(each.hidden for each in self.open)


def outline(html: str) -> dict[str, list[tuple[str, str]]]:
    """Return headings, list items, links and cells with their words; templates and pictures not."""
    reader = _Reader()
    reader.feed(webpage.harmless_html(_BROKEN.sub("", html)).html)
    reader.close()
    return {
        kind: [(each.about, words) for each in entries if (words := " ".join(each.words.split()))]
        for kind, entries in reader.found.items()
    }

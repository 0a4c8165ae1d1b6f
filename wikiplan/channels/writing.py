"""What a reader sees of wikitext that templates made, as plain text for mails or as Markdown.

Links keep their addresses, and stretches of the other direction their isolation. A template that
stands in a text stays as it is written: only the wiki knows what it shows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from wikiplan.l10n import FIRST_STRONG_ISOLATE, POP_ISOLATE
from wikiplan.value import Value, field

Address = Callable[[str], str]
"""Returns where people read a page, by its title; empty where no browser does."""

_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
"""Signs that keep what follows in one direction, up to ``POP_ISOLATE``."""

_TOKEN = re.compile(
    r"\[\[:?(?P<page>[^\[\]|\n]+)(?:\|(?P<label>(?:[^\[\]]|\[(?!\[))*?))?\]\]"
    r"|\[(?P<url>(?:https?:)?//[^\s\[\]]+|mailto:[^\s\[\]]+)(?:[ ]+(?P<words>[^\[\]\n]*))?\]"
    r"|(?P<quotes>'{5}|'{2,3})"
    r"|<(?P<close>/?)(?P<tag>[a-z]+)(?P<attributes>[^<>]*)>"
)
_DIRECTION = re.compile(r"\bdir=\"(ltr|rtl)\"")
_HEADING = re.compile(r"(=+) *(.*?) *\1")
_ITEM = re.compile(r"(\*+) *(.*)")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_BLOCKS = re.compile(r"\n*</?div\b[^<>]*>\n*")


class Writer(Value):
    """Writes wikitext as plain text."""

    address: Address

    def text(self, wikitext: str) -> str:
        """Return several lines: headings, list items and paragraphs."""
        lines = _BLOCKS.sub("\n", wikitext.strip()).strip().split("\n")
        return "\n".join(map(self._line, lines))

    def words(self, wikitext: str) -> str:
        """Return a stretch of a line."""
        parts, end, open_tags = [], 0, list[str]()
        for found in _TOKEN.finditer(wikitext):
            parts.append(self.plain(html.unescape(wikitext[end : found.start()])))
            parts.append(self._token(found, open_tags))
            end = found.end()
        return "".join([*parts, self.plain(html.unescape(wikitext[end:]))])

    def _line(self, line: str) -> str:
        if found := _HEADING.fullmatch(line):
            return self.heading(len(found[1]), self.words(found[2]))
        if found := _ITEM.fullmatch(line):
            return f"{'  ' * (len(found[1]) - 1)}- {self.words(found[2])}"
        return self.words(line)

    def _token(self, found: re.Match[str], open_tags: list[str]) -> str:
        if found["page"]:
            return self._page_link(found["page"], found["label"])
        if found["url"]:
            return self.link(self.words(found["words"] or ""), found["url"])
        if found["quotes"]:
            return self.quotes(found["quotes"])
        if found["close"]:
            return open_tags.pop() if open_tags else ""
        before, after = self.tag(found["tag"], found["attributes"])
        if not found["attributes"].endswith("/") and found["tag"] != "br":
            open_tags.append(after)
        return before

    def _page_link(self, page: str, label: str | None) -> str:
        title = html.unescape(page)
        shown = self.words(label) if label else self.plain(title)
        return self.link(shown, self.address(title))

    # What plain text and Markdown write in their own way.

    def plain(self, text: str) -> str:
        return text

    def heading(self, level: int, words: str) -> str:
        return words

    def link(self, words: str, address: str) -> str:
        if not address or not words:
            return words or address
        return f"{words} <{address}>"

    def quotes(self, quotes: str) -> str:
        return ""

    def tag(self, name: str, attributes: str) -> tuple[str, str]:
        """Return what stands before and behind an element's content."""
        if name == "br":
            return "\n", ""
        if name not in ("bdi", "span"):
            return "", ""
        found = _DIRECTION.search(attributes)
        if name == "span" and not found:
            return "", ""
        return _ISOLATES[found[1]] if found else FIRST_STRONG_ISOLATE, POP_ISOLATE


class MarkdownWriter(Writer):
    """Writes wikitext as Markdown."""

    marks: dict[str, str] = field(default_factory=lambda: {"''": "*", "'''": "**", "'''''": "***"})

    def plain(self, text: str) -> str:
        return _SPECIAL.sub(r"\\\1", text)

    def heading(self, level: int, words: str) -> str:
        return f"{'#' * level} {words}"

    def link(self, words: str, address: str) -> str:
        return f"[{words}](<{address}>)" if address and words else words or f"<{address}>"

    def quotes(self, quotes: str) -> str:
        return self.marks.get(quotes, "")

    def tag(self, name: str, attributes: str) -> tuple[str, str]:
        return ("~~", "~~") if name in ("s", "del") else super().tag(name, attributes)

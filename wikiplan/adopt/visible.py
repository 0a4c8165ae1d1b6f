"""What readers see of a section: its lines with their nesting, words and link targets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from wikiplan.adopt.pagelinks import MY_LANGUAGE, identity, links_in
from wikiplan.translate import tvars
from wikiplan.wikitext import seen

Line = tuple[str, str, tuple[str, ...]]
"""The marks before it, its words, and where its links lead."""

_TAGS = re.compile(r"</?translate(?: nowrap)?>|\s?<!--T:[^\n]*?-->")
_SPAN = re.compile(r"</?(?:bdi|span|div)\b[^<>]*>")
_MARKS = re.compile(r"([*#:;]+)\s*(.*)")
_HEADING = re.compile(r"(=+)\s*(.*?)\s*\1\s*")


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines that are not empty; a paragraph's are one."""
    return tuple(_line(line) for line in _joined(_without_units(text)))


def shown(line: Line) -> str:
    """Return a line for people."""
    marks, words, _ = line
    return f"{marks} {words}" if marks else words


def _without_units(text: str) -> str:
    """Return a translatable page's text with what its variables stand for."""
    parts: list[str] = []
    at = 0
    for variable in tvars.variables(text):
        parts += text[at : variable.start], variable.value
        at = variable.stop
    return _TAGS.sub("", "".join([*parts, text[at:]]))


def _joined(text: str) -> Iterator[str]:
    """Yield the lines; what follows a line of a paragraph directly belongs to it."""
    paragraph: list[str] = []
    for line in [*_SPAN.sub("", text).split("\n"), ""]:
        line = line.strip()
        if line and not _MARKS.match(line) and not _HEADING.fullmatch(line):
            paragraph.append(line)
            continue
        if paragraph:
            yield " ".join(paragraph)
            paragraph.clear()
        if line:
            yield line


def _line(line: str) -> Line:
    marks, words = "", line
    if found := _MARKS.fullmatch(line) or _HEADING.fullmatch(line):
        marks, words = found[1], found[2]
    targets = tuple(_target(html.unescape(link.target)) for link in links_in(words))
    return marks, " ".join(_words(words).split()), targets


def _target(target: str) -> str:
    """Return a target in one spelling; Special:MyLanguage/ leads elsewhere than the page."""
    if "//" in target:
        return target
    own = target.strip(" :").lower().startswith(MY_LANGUAGE.lower())
    return f"{MY_LANGUAGE if own else ''}{identity(target)}"


def _words(words: str) -> str:
    """Return the words; what only a wiki can make of a template stays as it is."""
    return words if "{{" in words else seen.words_of(words)

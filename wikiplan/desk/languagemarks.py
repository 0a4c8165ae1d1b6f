"""Which texts of a page are not translated, and which are outdated, told where they stand.

A section marks what it says in another language (``lang``), and an old translation that it shows
as Translate does. Which of the first have an old translation that gave way is told here.
"""

from __future__ import annotations

import re

from wikiplan.catalogs import State
from wikiplan.render import PlacedSection
from wikiplan.value import Value

UNTRANSLATED, OUTDATED = "wikiplan-untranslated", "wikiplan-outdated"
"""Classes of elements."""
SHOWN_OUTDATED = "mw-translate-fuzzy"
"""Translate's class of an old translation that is shown."""

PAGE = "mw-parser-output"
"""A wiki's class of the whole page, whose language there is not always that of its texts."""

_IN_FRONT = re.compile(r'<(?:span|div) lang="[^"]*" dir="[^"]*"(?: class="[^"]*")?>\n?\Z')
_MOST_IN_FRONT = 200
_CLASS = re.compile(r' class="([^"]*)"')
_TAG = re.compile(r'<[a-z0-9]+(?: [^\s"=]+="[^"]*")*>')
_LANGUAGE = re.compile(r' lang="([^"]*)"')


class LanguageMarks(Value):
    """A page with its texts marked, and how many of either kind these are."""

    html: str
    untranslated: int = 0
    outdated: int = 0


def with_outdated(placed: PlacedSection) -> str:
    """Return a section's wikitext in which what stands for an outdated translation says so."""
    text = placed.text
    for each in sorted(placed.places, key=lambda unit: -unit.start):
        low = max(0, each.start - _MOST_IN_FRONT)
        found = _IN_FRONT.search(text[low : each.start])
        if each.state is State.OUTDATED and found:
            tag = _with_class(found[0].rstrip("\n"), OUTDATED) + "\n" * found[0].count("\n")
            text = f"{text[: low + found.start()]}{tag}{text[each.start :]}"
    return text


def marked(html: str, tag: str) -> LanguageMarks:
    """Return harmless HTML with what is in another language than ``tag`` marked as untranslated.

    What is outdated keeps its mark.
    """
    counts = {UNTRANSLATED: 0, OUTDATED: 0}

    def replaced(start: re.Match[str]) -> str:
        kind = _kind(start[0], tag)
        if kind:
            counts[kind] += 1
        return _with_class(start[0], UNTRANSLATED) if kind == UNTRANSLATED else start[0]

    return LanguageMarks(_TAG.sub(replaced, html), *counts.values())


def _kind(start: str, tag: str) -> str:
    classes = found[1].split() if (found := _CLASS.search(start)) else ()
    if OUTDATED in classes or SHOWN_OUTDATED in classes:
        return OUTDATED
    if PAGE in classes:
        return ""
    language = _LANGUAGE.search(start)
    return UNTRANSLATED if language and language[1].lower() != tag.lower() else ""


def _with_class(start: str, name: str) -> str:
    if _CLASS.search(start):
        return _CLASS.sub(lambda found: f' class="{found[1]} {name}"', start, count=1)
    return f'{start[:-1]} class="{name}">'

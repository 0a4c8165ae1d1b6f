"""Which texts MediaWiki certainly stores as they are sent.

Its pre-save transform signs, substitutes templates, and completes links (the pipe trick); before it
the text is normalised, and white space at its end is cut. All else comes out as it went in, as long
as templates are not too deep for the wiki to take them apart and put them together again. An
extension could change more (``ParserPreSaveTransformComplete``): no text tells that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from wikiplan.errors import Refusal
from wikiplan.wikitext import scanner, structure

MOST_CHARACTERS = 500_000
"""The wiki counts the nodes of a text, up to a million (``$wgMaxPPNodeCount``)."""
MOST_NESTED = 50
"""It gives up a hundred templates deep (``$wgMaxPPExpandDepth``)."""

TRANSFORMED = {
    "a signature": re.compile("~~~"),
    "a link that is to be completed": re.compile(r"\|\]\]|\[\[\|"),
    "white space at its end": re.compile(r"[ \t\n]\Z"),
    "a character that is replaced": re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]"),
    # In wikis whose own language is Arabic or Malayalam, and where a wiki says so in any.
    "a letter of an older form": re.compile("[\ufb50-\ufdff\ufe70-\ufefe]|\u0d4d\u200d"),
}
UNSURE_CATEGORIES = frozenset({"Cn", "Cs"})
"""Characters of a newer Unicode, which another version may order otherwise, and halves of pairs."""


def why_changed(text: str, substitutions: Collection[str], tags: frozenset[str]) -> str:
    """Return what in a text a wiki may change when it stores it, empty where it certainly does not.

    ``substitutions`` are the wiki's words for ``subst:`` and ``safesubst:``, ``tags`` its extension
    tags. Both count only where templates are called.
    """
    if len(text) > MOST_CHARACTERS:
        return f"more than {MOST_CHARACTERS} characters"
    for what, pattern in TRANSFORMED.items():
        if pattern.search(text):
            return what
    if not unicodedata.is_normalized("NFC", text):
        return "letters that are composed"
    if any(unicodedata.category(each) in UNSURE_CATEGORIES for each in set(text)):
        return "a character that is not known"
    return _why_expanded(text, substitutions, tags) if depends_on_words(text) else ""


def depends_on_words(text: str) -> bool:
    """Say whether anything could be substituted, by whatever word for it."""
    return "{{" in text


def _why_expanded(text: str, substitutions: Collection[str], tags: frozenset[str]) -> str:
    folded = text.casefold()
    if any(word.casefold() in folded for word in substitutions):
        return "a template that is substituted"
    if text.count("{{") > MOST_NESTED and _depth(text, tags) > MOST_NESTED:
        return f"templates more than {MOST_NESTED} deep"
    return ""


def _depth(text: str, tags: frozenset[str]) -> int:
    """Return how deep the deepest template or parameter is nested."""
    try:
        elements = structure.parse(text, scanner.regions(text, tags)).elements
    except Refusal:  # too complex to be told
        return MOST_NESTED + 1
    deepest, ends = 0, list[int]()
    for start, stop in sorted(elements):
        while ends and ends[-1] <= start:
            ends.pop()
        ends.append(stop)
        deepest = max(deepest, len(ends))
    return deepest

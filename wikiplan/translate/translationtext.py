"""A translation's text as the wiki's unit page has it, and as a catalog has it.

On the wiki an outdated text holds ``!!FUZZY!!``, a heading stands between its marks, and a dollar
sign is one; in a catalog the state is a flag, the marks are the template's, and a literal dollar
before another one is doubled. Two wiki texts say the same when a catalog would have the same.
"""

from __future__ import annotations

import re
import unicodedata

from wikiplan.findings import Finding

FUZZY = "!!FUZZY!!"
"""Stands in the text of an outdated translation (fact 3.3)."""

_HEADING = re.compile(r"(={1,6})[ \t]*(.+?)[ \t]*\1\s*")
_DOUBLED = re.compile(r"\$\$")
_BEFORE_DOLLAR = re.compile(r"\$(?=\$)")
_ENTITY_FOR_DOLLAR = "&#36;"


def heading_marks(definition: str) -> str:
    """Return the ``==`` around a unit that is one heading line, else an empty string."""
    found = _HEADING.fullmatch(definition)
    return found[1] if found else ""


def on_wiki(text: str, marks: str, *, outdated: bool = False) -> str:
    """Return what a unit page holds for a catalog's text; never ends in white space."""
    text = _DOUBLED.sub(_dollar, clean(text))
    text = f"{marks} {text} {marks}" if marks else text
    return f"{FUZZY}{text}" if outdated else text


def in_catalog(raw: str, marks: str) -> str:
    """Return what a catalog holds for a unit page's text. Lost marks: see :func:`lost_marks`."""
    text = clean(raw)
    found = _HEADING.fullmatch(text) if marks else None
    if found and found[1] == marks:
        text = found[2]
    return _BEFORE_DOLLAR.sub("$$", text)


def lost_marks(raw: str, marks: str) -> tuple[Finding, ...]:
    """Return the error of a heading's translation that is none of that level any more."""
    if not marks or heading_marks(clean(raw)) == marks:
        return ()
    wrong = f"the translation has lost the heading's marks {marks} {marks}"
    return (Finding(wrong, "put them around it, on the wiki"),)


def is_outdated(raw: str) -> bool:
    return FUZZY in raw


def clean(text: str) -> str:
    """Return a text as the wiki would store it, without the sign of an outdated one."""
    return unicodedata.normalize("NFC", text.replace(FUZZY, "")).strip()


def _dollar(found: re.Match[str]) -> str:
    """Return a dollar sign that cannot be taken for a variable's, whatever stands behind it."""
    after = found.string[found.end() : found.end() + 1]
    return _ENTITY_FOR_DOLLAR if after.isalpha() else "$"

"""What a unit's wikitext must not hold: it would break its page, or be changed by the save."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from wikiplan.plan.scalars import CONTROL
from wikiplan.wikitext import plurals
from wikiplan.wikitext.wikitext import imbalances

# What may stand nowhere in a unit: pattern, what it is, what to do.
_REFUSED = tuple(
    (re.compile(pattern, re.IGNORECASE), what, advice)
    for pattern, what, advice in (
        (r"~{3,}", "a signature", "remove the tildes"),
        (r"\{\{\s*(?:safe)?subst\s*:", "a substitution", "write the text itself"),
        (r"\[\[[^\[\]|]*\|\s*\]\]", "a pipe trick", "write the words after the bar"),
        (r"\[\[\s*\|", "a pipe trick", "write the page before the bar"),
        (r"<!--", "a comment", "move it to “note:”"),
        (r"</?\s*(?:translate|tvar|languages)\b", "a tag of Translate", "remove it"),
        (r"</?\s*(?:noinclude|includeonly|onlyinclude)\b", "an inclusion tag", "remove it"),
    )
)

_REFUSED_ANYWHERE = tuple(
    entry
    for entry in _REFUSED
    if entry[1] in ("a signature", "a substitution", "a tag of Translate")
)

# Wikitext reads these at the start of a line as a list, indent, heading, table, rule.
_LINE_START = re.compile(r"^(?:[*#:;=]|\{\||\|[-}]?|!|----|(?<=\n) )", re.MULTILINE)


def text_messages(text: str, *, one_line: bool) -> Iterator[str]:
    """Yield ``what is wrong; what to do`` for a unit's text.

    ``one_line`` is for headings, names, labels and list items, where a line break ends the thing.
    """
    if not text.strip():
        yield "is empty; write the text"
        return
    yield from _space_messages(text, one_line)
    yield from _character_messages(text)
    for pattern, what, advice in _REFUSED:
        if match := pattern.search(text):
            yield f"holds {what} (“{match[0]}”); {advice}"
    yield from plurals.messages(text)
    yield from _start_messages(text)
    for imbalance in imbalances(text):
        yield f"the wikitext is unbalanced, {imbalance}; correct it"


def raw_messages(text: str) -> Iterator[str]:
    """Yield what is wrong with wikitext that goes to a page as it is."""
    if not text.strip():
        yield "is empty; write the text"
    yield from _character_messages(text.replace("\t", " "))
    for pattern, what, advice in _REFUSED_ANYWHERE:
        if match := pattern.search(text):
            yield f"holds {what} (“{match[0]}”); {advice}"
    for imbalance in imbalances(text):
        if "''" not in imbalance.message:  # quotes end with their line
            yield f"is unbalanced, {imbalance}; correct it"


def _space_messages(text: str, one_line: bool) -> Iterator[str]:
    if text[0].isspace():
        yield "begins with white space; remove it"
    if text[-1] == "\n":
        yield "ends with a line break; write “>-” instead of “>” or “|”"
    elif text[-1].isspace():
        yield "ends with white space; remove it"
    inner = text.strip()
    if re.search(r"\n[^\S\n]*\n", inner):
        yield "holds a blank line, which cuts the unit in two; write two texts, each with its key"
    elif one_line and "\n" in inner:
        yield "holds a line break, which ends a heading or list item; write “>-” before the text"


def _character_messages(text: str) -> Iterator[str]:
    codes = dict.fromkeys(f"U+{ord(match[0]):04X}" for match in CONTROL.finditer(text))
    if codes:
        yield f"holds the control character {', '.join(codes)}; delete it"
    if unicodedata.normalize("NFC", text) != text:
        yield "is not in Unicode's normal form NFC, in which wikis store texts; type it anew"


def _start_messages(text: str) -> Iterator[str]:
    for match in _LINE_START.finditer(text.strip()):
        where = "has a line that begins" if match.start() else "begins"
        yield f"{where} with “{match[0]}”, which wikitext reads as layout; remove it"
        return

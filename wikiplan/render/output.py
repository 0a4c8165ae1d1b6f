"""The rendered text of a section, as the wiki would store it."""

from __future__ import annotations

import re
import unicodedata

from wikiplan.render.escape import UNSTORABLE

_EMPTY = re.compile(r"^(?:[*#:;]+|(=+) *\1) *$", re.MULTILINE)
_MARKER = re.compile(r"<!--\s*wikiplan:")


def normalised(text: str) -> str:
    """Return text in the form it is stored in (fact 6), with at most one blank line in a row."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def check(text: str) -> None:
    """Raise ValueError on what must not reach a page, whatever the template or the data."""
    if found := UNSTORABLE.search(text):
        raise ValueError(f"the text holds U+{ord(found[0]):04X}, which no page can store")
    if found := _EMPTY.search(text):
        raise ValueError(f"the text has an empty list item or heading (“{found[0]}”)")
    if _MARKER.search(text):
        raise ValueError("the text holds the marker of a managed section")

"""Text that a terminal can show: each direction in its place, control characters visible."""

from __future__ import annotations

import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = {"R", "AL", "AN"}


def isolated(text: str) -> str:
    """Return text that cannot disturb the order of what stands around it in a terminal line."""
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def visible(text: str) -> str:
    """Return text in which control characters show instead of acting on the terminal."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t" or character in (FIRST_STRONG_ISOLATE, POP_ISOLATE):
        return character
    if unicodedata.category(character) == "Cc" or character in "\u202a\u202b\u202c\u202d\u202e":
        return f"<U+{ord(character):04X}>"
    return character

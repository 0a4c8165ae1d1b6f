"""Invisible characters that change the direction of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_EMBEDDINGS = "\u202a\u202b\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_CONTROL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def controls_in(text: str) -> tuple[str, ...]:
    """Return the direction marks of a text, each once, in order."""
    return tuple(dict.fromkeys(_CONTROL.findall(text)))


def unpaired(text: str) -> tuple[str, ...]:
    """Return what opens and does not close on its line, or closes nothing, in order.

    It would turn what the page has behind the text.
    """
    return tuple(control for line in text.split("\n") for control in _unpaired(line))


def _unpaired(line: str) -> list[str]:
    """Pair as Unicode's algorithm does: the end of an isolate ends the embeddings in it too."""
    found: list[str] = []
    stack: list[str] = []
    for control in _CONTROL.findall(line):
        if control in _EMBEDDINGS or control in _ISOLATES:
            stack.append(control)
        elif control == _POP_EMBEDDING and stack and stack[-1] in _EMBEDDINGS:
            stack.pop()
        elif control == _POP_ISOLATE and any(opened in _ISOLATES for opened in stack):
            while stack[-1] in _EMBEDDINGS:
                found.append(stack.pop())
            stack.pop()
        elif control in (_POP_EMBEDDING, _POP_ISOLATE):
            found.append(control)
    return [*found, *stack]


def named(controls: Iterable[str]) -> str:
    """Return ``U+200E, U+202B``."""
    return ", ".join(f"U+{ord(control):04X}" for control in dict.fromkeys(controls))

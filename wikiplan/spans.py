"""Stretches of a text by their offsets, and replacing many of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """The stretch ``text[start:stop]``."""

    start: int
    stop: int


class Replacement(NamedTuple):
    """``text`` in the stead of ``[start:stop]``: it may be empty, and so may the stretch."""

    start: int
    stop: int
    text: str = ""


def splice(text: str, replacements: Iterable[Replacement]) -> str:
    """Return ``text`` with all replacements made, in time that grows with its length only.

    Those of one stretch stand in the order given. Where two overlap, all that either takes goes.
    """
    pieces: list[str] = []
    at = 0
    for start, stop, new in sorted(replacements, key=lambda each: each[:2]):
        pieces += text[at:start], new
        at = max(at, stop)
    return "".join([*pieces, text[at:]])


def moved(offset: int, replacements: Iterable[Replacement]) -> int:
    """Return where a place of a text is after the replacements; none may reach over it."""
    before = (each for each in replacements if each.stop <= offset)
    return offset + sum(len(each.text) - (each.stop - each.start) for each in before)

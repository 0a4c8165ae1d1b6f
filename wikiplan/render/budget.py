"""What one rendering may cost: a template's mistake ends it, and not the machine's memory or time.

Sections of real plans cost a hundredth of it. A loop, a macro and every value that is put out say
what they cost; operators and methods that can make much of little are asked before they do it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Sized
from typing import Any

SECONDS = 2
"""Of the processor, so that a busy machine renders the same as an idle one; they count from the
first look at it."""
CLOCKED_EVERY = 256
"""Steps from one look at the processor's time to the next: a look costs what dozens of them do."""
MOST_CHARACTERS = 2_097_152
"""A page holds no more bytes than that."""
MOST_BITS = 20_000
"""Of a whole number; Python writes none of more than 4,300 digits."""

OPERATORS = frozenset({"%", "*", "**", "+"})
"""Operators whose result can be much larger than what they are given."""

_METHODS = frozenset({"center", "expandtabs", "join", "ljust", "replace", "rjust", "zfill"})
_WIDE = re.compile(r"\d{5}|\*|\{[^{}]*\{")
"""In a format: a width of five digits, or one that stands elsewhere."""


class Overspent(ValueError):
    """A template costs more than a section can be worth."""


class Budget:
    """What is left for the rendering at hand."""

    __slots__ = ("_characters", "_end", "_unclocked")

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self._end = 0.0
        self._characters = MOST_CHARACTERS
        self._unclocked = CLOCKED_EVERY

    def spend(self, characters: int) -> None:
        """Take a step that puts out so much."""
        self._characters -= characters
        if self._characters < 0:
            raise Overspent(f"the text has more than {MOST_CHARACTERS:,} characters")
        self._unclocked -= 1
        if self._unclocked:
            return
        self._unclocked = CLOCKED_EVERY
        now = time.thread_time()
        self._end = self._end or now + SECONDS
        if now > self._end:
            raise Overspent(
                f"rendering takes more than {SECONDS} seconds: a loop or macro goes on and on"
            )


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raise :class:`Overspent` before an operation whose result would be without measure."""
    if isinstance(left, int) and isinstance(right, int):
        if _bits(operator, left, right) > MOST_BITS:
            raise Overspent(f"the result of “{operator}” is a number of thousands of digits")
    elif operator == "*" and (isinstance(left, Sized) or isinstance(right, Sized)):
        check_size(_size(left) * _size(right))
    elif operator == "+":
        check_size(_size(left) + _size(right))
    elif operator == "%" and isinstance(left, str):
        check_format(left)


def _bits(operator: str, left: int, right: int) -> int:
    if operator == "**":
        return abs(left).bit_length() * max(right, 0) if abs(left) > 1 else 1
    return left.bit_length() + right.bit_length()


def check_call(called: Any, arguments: Iterable[Any]) -> None:
    """Do the same before a method of a text."""
    text = getattr(called, "__self__", None)
    if isinstance(text, str) and called.__name__ in _METHODS:
        check_size((len(text) + 1) * (1 + sum(map(_size, arguments))))


def check_format(text: str) -> None:
    if found := _WIDE.search(text):
        raise Overspent(f"a format with “{found[0]}” in it can be of any length")


def check_size(size: int) -> None:
    if size > MOST_CHARACTERS:
        raise Overspent(f"the template makes more than {MOST_CHARACTERS:,} characters or items")


def _size(value: Any) -> int:
    """Return how many characters a value makes, at least: a number says how often."""
    if isinstance(value, int):
        return abs(value)
    if isinstance(value, list | tuple):
        return len(value) + sum(len(each) for each in value if isinstance(each, str))
    return len(value) if isinstance(value, Sized) else 1

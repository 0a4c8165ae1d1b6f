"""What a change that is declared a typo may not touch: facts that translations depend on.

A typo leaves translations as they are (``nofuzzyunits``). If a number, a negation, a variable or a
link changed, they would be wrong and nobody would see it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_VARIABLE = re.compile(r"\$[A-Za-z0-9_-]+")
_TARGET = re.compile(
    r"\[\[\s*([^\]|]+?)\s*(?=[\]|])|\[\s*((?:https?:)?//[^\s\]]+)|\{\{\s*([^{}|]+)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

NEGATIONS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "no not never none nobody nothing nowhere neither nor cannot without except unless hardly "
        "scarcely refuse refuses refused deny denies denied fail fails failed stop stops".split()
    ),
}
"""Words that turn a sentence around, by language of the source."""

NUMBER_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million billion first second third fourth fifth half "
        "quarter quarterly once twice all some any every each both "
        "january february march april may june july august september october november december "
        "monday tuesday wednesday thursday friday saturday sunday daily weekly monthly yearly "
        "annual annually must may should shall can will".split()
    ),
}
"""Words that state how many, how often, when, or how binding."""


def faults(before: str, after: str, language: str = "en") -> tuple[str, ...]:
    """Return what changed between two definitions of a unit that no typo changes, in words."""
    return tuple(_faults(before, after, language))


def _faults(before: str, after: str, language: str) -> Iterator[str]:
    for what, find in _finders(language).items():
        old, new = Counter(find(before)), Counter(find(after))
        gone, come = old - new, new - old
        if gone or come:
            yield f"{what} changed ({_listed(gone)} → {_listed(come)})"


def _finders(language: str) -> Mapping[str, Callable[[str], list[str]]]:
    return {
        "a number": _NUMBER.findall,
        "a word of number, time or duty": lambda text: _among(NUMBER_WORDS, language, text),
        "a negation": lambda text: _negations(language, text),
        "a variable": _VARIABLE.findall,
        "a link": lambda text: ["".join(found) for found in _TARGET.findall(text)],
    }


def _among(words: Mapping[str, frozenset[str]], language: str, text: str) -> list[str]:
    return [word for word in _words(text) if word in words.get(language, frozenset())]


def _negations(language: str, text: str) -> list[str]:
    contracted = [w for w in _words(text) if language == "en" and re.search(r"n['’]t$", w)]
    return _among(NEGATIONS, language, text) + contracted


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "nothing"

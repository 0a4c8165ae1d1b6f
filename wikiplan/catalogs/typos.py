"""What a change that is declared a typo may not touch: facts that translations depend on.

A typo leaves translations as they are. If a number, a negation, a variable or a link changed, or
a word became another one, they would be wrong and nobody would see it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from wikiplan.plan import Unit

LEAST_LIKENESS = 0.5
"""Of the letters before and after a correction (difflib's ratio, 0 to 1)."""

MOST_LETTERS_MORE = 4
"""Of words that are put in or left out."""

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


TYPO = "typo"
"""What a text says beside it whose translations a correction leaves current (``change``)."""


def typo_faults(before: str, after: str, language: str = "en") -> tuple[str, ...]:
    """Return what changed between two texts of a unit that no typo changes, in words."""
    return tuple(_faults(before, after, language)) or tuple(_other_words(before, after))


def is_typo(unit: Unit, before: str) -> bool:
    """Say whether a unit's text was declared a mere correction of the text before, and is one."""
    return unit.change == TYPO and not typo_faults(before, unit.text)


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
    return [word for word in _lower_words(text) if word in words.get(language, frozenset())]


def _negations(language: str, text: str) -> list[str]:
    contracted = [w for w in _lower_words(text) if language == "en" and re.search(r"n['’]t$", w)]
    return _among(NEGATIONS, language, text) + contracted


def _lower_words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _listed(found: Counter[str]) -> str:
    return ", ".join(sorted(found.elements())) or "nothing"


def _other_words(before: str, after: str) -> Iterator[str]:
    """Yield words that became others, or that are no slip of the pen any more."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    lower, others = [word.lower() for word in old], [word.lower() for word in new]
    for _, i1, i2, j1, j2 in SequenceMatcher(None, lower, others, autojunk=False).get_opcodes():
        gone, come = " ".join(old[i1:i2]), " ".join(new[j1:j2])
        if not _is_slip(gone, come):
            yield f"words became others ({gone or 'nothing'} → {come or 'nothing'})"


def _is_slip(gone: str, come: str) -> bool:
    """Compare what stands in one place; a small word may be missing, or one too many."""
    if not gone or not come:
        return len(gone + come) <= MOST_LETTERS_MORE
    return (
        SequenceMatcher(None, gone.lower(), come.lower(), autojunk=False).ratio() >= LEAST_LIKENESS
    )

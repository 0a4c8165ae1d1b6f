"""Keys and names made out of words: ``Offer online programs`` becomes ``offer-online-programs``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator

MOST_LETTERS = 32
MOST_WORDS = 4

_WORD = re.compile(r"[a-z0-9]+")
_NUMBERS_BEFORE = re.compile(r"\A(?:[0-9][a-z0-9]*(?:_|\Z))+")
_SMALL = frozenset(
    "a an and are as at by for from if in into is it its of on or our so such that the their them "
    "they this to was we were which who will with you your".split()
)


def key_of(words: str, taken: Container[str] = (), fallback: str = "item") -> str:
    """Return a key that nothing has yet, out of the first words that say something."""
    return _free("-".join(_first(words)) or fallback, taken, "-")


def whole_key_of(name: str, taken: Container[str] = (), fallback: str = "item") -> str:
    """Return a key out of all words of a name, as far as it may be long."""
    words = "-".join(_WORD.findall(_latin(name)))
    whole = words if len(words) <= 2 * MOST_LETTERS else "-".join(_first(name))
    return _free(whole or fallback, taken, "-")


def name_of(words: str, taken: Container[str] = (), fallback: str = "link") -> str:
    """Return the name of a variable that nothing has yet."""
    named = _NUMBERS_BEFORE.sub("", "_".join(_first(words)))
    return _free(named or fallback, taken, "_")


def _first(words: str) -> list[str]:
    found = _WORD.findall(_latin(words))
    telling = [word for word in found if word not in _SMALL] or found
    chosen: list[str] = []
    for word in telling[:MOST_WORDS]:
        if sum(map(len, chosen)) + len(chosen) + len(word) > MOST_LETTERS:
            break
        chosen.append(word)
    return chosen or [word[:MOST_LETTERS] for word in telling[:1]]


def _latin(words: str) -> str:
    """Return the words in small letters without accents; apostrophes join what they stand in."""
    words = re.sub("['’]", "", words.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))


def _free(wanted: str, taken: Container[str], hyphen: str) -> str:
    return next(name for name in _numbered(wanted, hyphen) if name not in taken)


def _numbered(wanted: str, hyphen: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}{hyphen}{number}"
        number += 1

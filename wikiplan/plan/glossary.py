"""The glossary: how team names and titles read in each language (``data/glossary.yaml``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

# Signs that a text may have or not: vowel signs of Arabic and Hebrew, the Arabic long stroke.
_OPTIONAL = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u0640\u064b-\u0652\u0670\u00ad]")
_HYPHENS = re.compile("[‐‑–־]")


# The English of a unit is read once for all its languages.
_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Term:
    """English words, and by language code the translations from which one must stand."""

    english: str
    translations: Mapping[str, tuple[str, ...]] = field(hash=False)


def terms_of(data: Mapping[str, Any]) -> tuple[Term, ...]:
    """Return the terms of the glossary's data, longer ones before those that they hold."""
    terms = (
        Term(entry["term"], {code: tuple(each) for code, each in entry["translations"].items()})
        for entry in data.get("terms", ())
    )
    return tuple(sorted(terms, key=lambda term: -len(term.english)))


def missing(
    glossary: tuple[Term, ...], english: str, translation: str, language: str
) -> Iterator[Term]:
    """Yield the terms of the English words that do not read as they should in the translation."""
    read = ""
    for term in _terms_in(glossary, english):
        wanted = term.translations.get(language, ())
        read = read or _folded(translation)
        if wanted and not any(_folded_term(each) in read for each in wanted):
            yield term


@lru_cache(_MOST_KEPT)
def _terms_in(glossary: tuple[Term, ...], english: str) -> tuple[Term, ...]:
    """Return the terms in English words; one inside of a longer one counts as that one."""
    found = []
    for term in glossary:
        rest = _pattern(term.english).sub("\n", english)
        if rest != english:
            found.append(term)
        english = rest
    return tuple(found)


def without_terms(glossary: Iterable[Term], translation: str, language: str) -> str:
    """Return a translation without the words that the glossary prescribes."""
    for term in glossary:
        for each in term.translations.get(language, ()):
            translation = translation.replace(each, " ")
    return translation


@cache
def _pattern(term: str) -> re.Pattern[str]:
    """Find a term as a word; names must have their capitals (“Human Rights” is a team)."""
    words = r"\s+".join(map(re.escape, term.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE if term.islower() else 0)


@cache
def _folded_term(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    """Return a text by which to compare words: without capitals, vowel signs, kinds of hyphens."""
    plain = _HYPHENS.sub("-", _OPTIONAL.sub("", unicodedata.normalize("NFKC", text)))
    return " ".join(plain.casefold().split())

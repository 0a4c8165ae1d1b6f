"""Scripts: in which letters a language is written, and words in other ones."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from wikiplan.l10n import languages

# Scripts that stand side by side in East Asian texts.
_EAST_ASIAN = "CJK"
_KIN = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL", _EAST_ASIAN}

# Languages that are written in several scripts, of which the autonym shows one.
_SEVERAL_SCRIPTS = frozenset("ban crh kk ku mni shi tg tly".split())

# One sign of East Asian scripts says as much as several letters.
_WEIGHT = {_EAST_ASIAN: 3}

MOST_ACRONYM = 6
"""Longer words in capitals are no acronyms."""

LEAST_FOREIGN_LETTERS = 3
LEAST_FOREIGN_RUN = 3
"""So many words in small letters behind each other are no name."""

_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKE, _SMALL_LATIN = re.compile("[\u0370-\u052f]"), re.compile("[a-z]")
_BEYOND_LATIN = re.compile("[^\x00-\u02ff\u1e00-\u20ff]")
_ADDRESS = re.compile(r"(?<![\w-])[\w-]+(?:[.@/][\w-]+)+")
_NAME = re.compile(r"(?<=[^\W_] )[A-Z]\w+")
_LATIN_RUN = re.compile(r"(?<![A-Za-zÀ-ɏ])[A-Za-zÀ-ɏ]+(?:[ ,.:;'’\-]+[A-Za-zÀ-ɏ]+)+")


@cache
def scripts_of(code: str) -> frozenset[str]:
    """Return the scripts of a language, by Unicode's names; none when that is not known."""
    autonym = languages.get(code).autonym
    return frozenset() if code in _SEVERAL_SCRIPTS else frozenset(filter(None, map(_of, autonym)))


def is_east_asian(code: str) -> bool:
    """Tell whether a language is written with signs for words or syllables."""
    return _EAST_ASIAN in scripts_of(code)


def foreign_words(words: str, english: str, code: str) -> str:
    """Return the part of a text that stands in letters which the language does not use.

    Empty when there is little of it. Acronyms, and names that the English has in the middle of its
    words, and addresses keep their letters.
    """
    own = scripts_of(code)
    if not own or ("LATIN" in own and not _BEYOND_LATIN.search(words)):
        return ""
    names = set(_NAME.findall(english))
    words = _ADDRESS.sub(" ", words)
    foreign = [run for run in _runs(words) if _is_foreign(run, own) and run not in names]
    much = sum(map(len, foreign)) >= LEAST_FOREIGN_LETTERS
    if much and _weight(words, own) < _weight(" ".join(foreign)):
        return " ".join(foreign)
    return "" if "LATIN" in own else next(_sentences(words), "")


def mixed_words(words: str) -> tuple[str, ...]:
    """Return words in which letters of two scripts look alike, such as Cyrillic ones in “Сat”."""
    if not (_LOOK_ALIKE.search(words) and _SMALL_LATIN.search(words)):
        return ()
    return tuple(word for word in _WORD.findall(words) if _is_mixed(word))


@cache
def _of(letter: str) -> str:
    """Return a letter's script, empty for signs that all scripts share."""
    first = unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
    if first in _KIN:
        return _EAST_ASIAN
    return first if first in _known() else ""


@cache
def _known() -> frozenset[str]:
    """Return the scripts that any language of MediaWiki is named in."""
    autonyms = "".join(languages.get(code).autonym for code in languages.known())
    names = (unicodedata.name(each, "") for each in set(autonyms) if each.isalpha())
    return frozenset(name.split(" ")[0] for name in names) - {"MODIFIER", ""}


def _runs(words: str) -> Iterator[str]:
    """Yield stretches of letters of one script; Japanese has no blanks around others."""
    for word in _WORD.findall(words):
        yield from ("".join(run) for _, run in groupby(word, _of))


def _is_foreign(run: str, own: frozenset[str]) -> bool:
    acronym = run.isupper() and len(run) <= MOST_ACRONYM
    return not acronym and bool(_of(run[0])) and _of(run[0]) not in own


def _weight(words: str, only: frozenset[str] | None = None) -> int:
    scripts = Counter(filter(None, map(_of, words)))
    return sum(
        count * _WEIGHT.get(script, 1)
        for script, count in scripts.items()
        if only is None or script in only
    )


def _sentences(words: str) -> Iterator[str]:
    """Yield stretches of Latin words that are more than a name."""
    for run in _LATIN_RUN.findall(words):
        if sum(word.islower() for word in _WORD.findall(run)) >= LEAST_FOREIGN_RUN:
            yield run


def _is_mixed(word: str) -> bool:
    """Tell whether small Latin letters stand among Cyrillic or Greek ones (not in “SMSка”)."""
    scripts = set(map(_of, word))
    small_latin = any(letter.islower() and _of(letter) == "LATIN" for letter in word)
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK"}) and small_latin

"""How a translation's words look beside the English ones: copied, short, cut off, doubled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from wikiplan.catalogs.qualitychecks import failures
from wikiplan.findings import Finding
from wikiplan.l10n import letters
from wikiplan.wikitext import seen

LEAST_ENGLISH, LEAST_TRANSLATION = 20, 40
"""Characters from which on a text can be called much longer than its translation, and shorter."""

# How many times longer or shorter than the English. On the sample catalogs alphabets have 0.5 to
# 1.5 times its characters, Japanese 0.2 to 0.6. (The toolkit's filters allow a tenth and tenfold.)
_LENGTHS = (1 / 3, 3.0)
_EAST_ASIAN_LENGTHS = (1 / 10, 1.5)

LEAST_WORDS = 2
"""Single words are the same in many languages."""

# Languages in which a word twice is a slip, not grammar (Hindi, Turkish, Vietnamese, Hebrew …).
_NO_REDUPLICATION = frozenset(
    "ar be bg ca cs da de en eo es et fi fr gl hr it lt lv nb nn pl pt ro ru sk sl sr sv uk".split()
)

# Scripts of languages that part sentences with blanks.
_WITHOUT_STOPS = {"LAO", "TAI", "THAI"}

_NAME = re.compile(r"\W*(?:[A-Z\d]\S*|(?:of|and|the|for|in|to|on|a|an|with)?\W*)")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def own_word_findings(english: str, text: str, language: str) -> Iterator[Finding]:
    """Yield what is doubled in the translation; the English says which blanks may be."""
    if "  " in text and any(failures(english, text, language, ("doublespacing",))):
        advice = "remove all but one"
        yield Finding("the translation has several blanks in a row", advice, warning=True)
    if language.partition("-")[0] in _NO_REDUPLICATION:
        for _, said in failures(english, seen.words_of(text), language, ("doublewords",)):
            word = said.partition("'")[2].rpartition("'")[0]
            yield Finding(f"the translation repeats the word “{word}”", "remove one", warning=True)


def word_findings(english: str, text: str, language: str) -> Iterator[Finding]:
    """Yield warnings about the length, the end, and what stayed as it was, of sound markup."""
    words, seen_english = seen.words_of(text), seen.words_of(english)
    if "//" in english or "//" in text:
        for _ in failures(english, text, language, ("urls",)):
            wrong = "the translation has other web addresses than the English"
            yield Finding(wrong, "take them from the English", warning=True)
    yield from _copy_findings(seen_english, words, language)
    yield from _end_findings(seen_english, words, language)
    yield from _length_findings(seen_english, words, language)


def _copy_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    other = language.partition("-")[0] != "en"
    if other and words.casefold() == english.casefold() and not _may_stay(english):
        for _ in failures(english, words, language, ("unchanged",)):
            advice = "translate it, or leave it empty"
            yield Finding("the translation is the English text", advice, warning=True)


def _may_stay(english: str) -> bool:
    """Tell whether a text is often the same in other languages: a name, a number, one word."""
    words = seen.without_variables(english)
    name = all(_NAME.fullmatch(word) for word in words.split())
    return name or len(_LETTERS.findall(words)) < LEAST_WORDS


def _end_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    if letters.scripts_of(language) & _WITHOUT_STOPS or _own_mark(words):
        return
    # The toolkit wants one kind of blank before a mark where a language has several, or none.
    ends = (words, f"{words[:-1].rstrip()}{words[-1:]}", f"{words[:-1].rstrip()}\u00a0{words[-1:]}")
    if all(any(failures(english, end, language, ("endpunc",))) for end in ends):
        wrong = f"the translation does not end like the English, which ends in “{english[-1:]}”"
        yield Finding(wrong, "end it with your language’s sign for that, if any", warning=True)


def _own_mark(words: str) -> bool:
    """Tell whether a text ends in a mark of its script that the toolkit may not know."""
    last = words[-1:]
    return not last.isascii() and unicodedata.category(last)[0] == "P" and last != "…"


def _length_findings(english: str, words: str, language: str) -> Iterator[Finding]:
    east_asian = letters.is_east_asian(language)
    least, most = _EAST_ASIAN_LENGTHS if east_asian else _LENGTHS
    if len(english) >= LEAST_ENGLISH and len(words) < least * len(english):
        wrong = "the translation is much shorter than the English"
        yield Finding(wrong, "look for what is missing", warning=True)
    if len(words) >= LEAST_TRANSLATION and len(words) > most * len(english):
        wrong = "the translation is much longer than the English"
        yield Finding(wrong, "look for what does not belong there", warning=True)

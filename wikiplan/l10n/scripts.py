"""Scripts: in which letters a language is written, and words in other ones."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
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
    """Yield runs of letters of one script; Japanese has no blanks around others."""
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
    """Yield runs of Latin words that are more than a name."""
    for run in _LATIN_RUN.findall(words):
        if sum(word.islower() for word in _WORD.findall(run)) >= LEAST_FOREIGN_RUN:
            yield run


def _is_mixed(word: str) -> bool:
    """Tell whether small Latin letters stand among Cyrillic or Greek ones (not in “SMSка”)."""
    scripts = set(map(_of, word))
    small_latin = any(letter.islower() and _of(letter) == "LATIN" for letter in word)
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK"}) and small_latin


# Invisible characters that change the direction of a text.


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


# Text that a terminal can show: each direction in its place, control characters visible.


FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = {"R", "AL", "AN"}


def isolated(text: str) -> str:
    """Return text that cannot disturb the order of what stands around it in a terminal line.

    What it holds of isolates itself shows.
    """
    if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
        return f"{FIRST_STRONG_ISOLATE}{unveiled(text)}{POP_ISOLATE}"
    return unveiled(text)


def visible(text: str) -> str:
    """Return a sentence in which what is invisible shows, and does not act on the terminal.

    The isolates of texts in it stay.
    """
    return "".join(
        each if each in (FIRST_STRONG_ISOLATE, POP_ISOLATE) else _unveiled(each) for each in text
    )


def unveiled(text: str) -> str:
    """Return a text in which all that is invisible shows."""
    return "".join(map(_unveiled, text))


def _unveiled(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _INVISIBLE:
        return character
    return character if character in _HARMLESS else f"<U+{ord(character):04X}>"


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, formats, lone surrogates, and separators of lines and paragraphs."""

_HARMLESS = frozenset(
    "\u200c\u200d"  # join letters or not: words of Persian, Hindi and others are written so
    "\u200e\u200f\u061c"  # stand in dates and lists of languages from the right
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # seen
)


# What a terminal or a log cannot write, because its encoding lacks it.


_IN_ASCII = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "−": "-",
    "×": "x", "→": "->", "←": "<-", "\u00a0": " ", "\u202f": " ", FIRST_STRONG_ISOLATE: "",
    POP_ISOLATE: "",
})  # fmt: skip
READABLE = "wikiplan-readable"
"""How to encode: by signs that look alike, and the others as Python writes them."""


def _readable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_IN_ASCII)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(READABLE, _readable)

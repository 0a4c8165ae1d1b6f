"""What Poedit warns about in a translation, by the rules of its public source (3.9.1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from translate.storage.pypo import pofile

PLACEHOLDER = re.compile(r"%[\w.-]+%|%?\{[\w.-]+\}|\{\{[\w.-]+\}\}")
MARKS = frozenset("!,.:;?\u2026\u22ef\u037e\u0387\u0589\u05c3\u060c\u061b\u061d\u061e\u061f\u06d4"
                  "\u0964\u0965\u203c\u203d\u2047\u2048\u2049\u3001\u3002"
                  "\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\uff61\uff64")  # fmt: skip
QUOTES = frozenset("\"'«»‘’‚‛“”„‟‹›「」『』〝〞〟＂＇｢｣")
PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "』": "『", "】": "【", "》": "《"}
EAST_ASIAN = {".": "。", ",": "，、", "!": "！", "?": "？", ":": "：", ";": "；", "…": "⋯"}
ARABIC = {";": "؛", "?": "؟", ",": "،"}
EQUIVALENT = {"ja": EAST_ASIAN, "zh": EAST_ASIAN, "ar": ARABIC, "fa": ARABIC, "ug": ARABIC}
CASELESS, FREE_BLANKS = {"zh", "ja", "ka"}, {"zh", "ja"}
LEAST_LENGTH, MOST_TIMES = 50, 3


def warnings_in(path: Path) -> Iterator[str]:
    """Yield the first warning about each entry of a PO file, outdated ones too."""
    language = path.stem.partition("-")[0]
    for entry in pofile.parsefile(str(path)).units:
        english, text = str(entry.source), str(entry.target)
        if english and text and not entry.isobsolete():
            found = next(_warnings(english, text, language, fuzzy=entry.isfuzzy()), "")
            yield from [f"{path.stem} {entry.getcontext()}: {found}"] if found else ()


def _warnings(english: str, text: str, language: str, *, fuzzy: bool) -> Iterator[str]:
    before, after = ({*PLACEHOLDER.findall(each)} for each in (english, text))
    if before and before != after and not fuzzy:
        yield "other placeholders"
    yield from _length(len(english), len(text))
    if language not in CASELESS:
        yield from _case(english, text, language)
    yield from _blanks(english, text, language)
    yield from _end(english, text, language)


def _length(english: int, text: int) -> Iterator[str]:
    if max(english, text) >= LEAST_LENGTH:
        yield from ["much shorter"] if english >= text * MOST_TIMES else ()
        yield from ["much longer"] if text >= english * MOST_TIMES else ()


def _case(english: str, text: str, language: str) -> Iterator[str]:
    cases = [unicodedata.category(letter) for letter in (*english[:2], text[0])]
    if english.split(None, 1)[0] in text:  # a name, perhaps in another place
        return
    if cases == ["Lu", "Ll", "Ll"]:
        yield f"should begin as a sentence: {english} | {text}"
    elif cases == ["Ll", "Ll", "Lu"] and language != "de":
        yield f"should begin with a small letter: {english} | {text}"


def _blanks(english: str, text: str, language: str) -> Iterator[str]:
    ends = [(english[0], text[0]), (english[-1], text[-1])]
    for before, after in ends:
        if after.isspace() and not before.isspace():
            yield "a blank too many"
        if before.isspace() and not after.isspace() and language not in FREE_BLANKS:
            yield "a blank too few"


def _end(english: str, text: str, language: str) -> Iterator[str]:
    before, after = english[-1], text[-1]
    if {before, after} & PAIRS.keys() and not _is_enclosed(english):
        return
    marked, marks = (each in MARKS | QUOTES for each in (before, after))
    if before in QUOTES or (not marked and after in QUOTES):
        return
    if (marked or marks) and not _is_same_mark(english, before, after, language):
        yield f"should end as the English does: {english[-20:]} | {text[-20:]}"


def _is_enclosed(english: str) -> bool:
    return PAIRS.get(english[-1]) == english[0] and english.find(english[-1], 1) == len(english) - 1


def _is_same_mark(english: str, before: str, after: str, language: str) -> bool:
    return (
        before == after
        or after in EQUIVALENT.get(language, {}).get(before, ())
        or (after == "…" and english.endswith("..."))
        or (after == "." and english.endswith(("st", "nd", "th")))
    )

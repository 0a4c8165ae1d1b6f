"""PO files that are written as PO editors write them, read in one go.

Reading a file with the PO library takes ten times as long, and memory that a run does not have for
forty languages. So what runs only look up is read here, by one regular expression an entry. It
takes nothing that could be read in two ways: a file with anything else in it, damage above all, is
``catalogs.catalog``'s, whose faults are then told. Tests hold both to the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from sys import intern

from wikiplan.catalogs import poentry, potext
from wikiplan.catalogs.potext import BOM, CONTROL, unescaped
from wikiplan.catalogs.translation import Entry
from wikiplan.errors import Faults

_STRING = rf'"[^"\\\n{CONTROL}]*(?:\\[ntr"\\][^"\\\n{CONTROL}]*)*"\n'


def _strings(prefix: str = "") -> str:
    """Return the pattern of a keyword's texts, each in a line that begins with the prefix."""
    return rf"{_STRING}(?:{prefix}{_STRING})*"


_PIECES = _strings()
_PREVIOUS = _strings(r"\#\|[ ]")
_OLD_PIECES, _OLD_PREVIOUS = _strings(r"\#~[ ]"), _strings(r"\#~\|[ ]")
_COMMENTS = rf"(?:\#(?:[ .:,][^\n{CONTROL}]*)?\n)*"
_HEADER = re.compile(rf'{_COMMENTS}msgid[ ]""\nmsgstr[ ]{_PIECES}', re.VERBOSE)
_ENTRY = re.compile(
    rf"""\n*
    (?P<comments>{_COMMENTS})
    (?:
        (?:\#\|[ ]msgid[ ](?P<previous>{_PREVIOUS}))?
        msgctxt[ ](?P<key>{_PIECES})
        msgid[ ](?P<english>{_PIECES})
        msgstr[ ](?P<text>{_PIECES})
    |
        (?:\#~\|[ ]msgid[ ]{_OLD_PREVIOUS})?
        \#~[ ]msgctxt[ ](?P<old_key>{_OLD_PIECES})
        \#~[ ]msgid[ ]{_OLD_PIECES}
        \#~[ ]msgstr[ ]{_OLD_PIECES}
    )""",
    re.VERBOSE,
)
_PREFIXES = re.compile(r"^#~?[|]? ", re.MULTILINE)


@cache
def shipped_words(language: str) -> Mapping[str, Entry]:
    """Return the words that come with wikiplan in a language, by unit key; none in most."""
    file = files("wikiplan.catalogs") / "words" / f"{language}.po"
    return (entries(file.read_bytes(), language) or {}) if file.is_file() else {}


def entries(data: bytes, language: str) -> dict[str, Entry] | None:
    """Return the entries that are not obsolete by key, None for a file that is not so plain."""
    try:
        text = data.decode("utf-8").removeprefix(BOM).replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    text += "" if text.endswith("\n") else "\n"
    header = _HEADER.match(text)
    found = _Found(text, header.end()) if header else None
    if header and found and found.whole and _is_sound(header[0], found.count, language):
        return found.entries
    return None


def _is_sound(header: str, count: int, language: str) -> bool:
    try:
        (entry,) = potext.read("", header.encode()).entries
    except Faults:
        return False
    return not any(poentry.header_faults("", entry, count, language))


class _Found:
    """The entries behind a header; ``whole`` says that there is nothing else in the file."""

    def __init__(self, text: str, start: int) -> None:
        self.entries: dict[str, Entry] = {}
        self._old: set[str] = set()
        self._text = text
        self._line, self._line_at = 1, 0
        self.whole = True
        while self.whole and (match := _ENTRY.match(text, start)):
            self._take(match)
            start = match.end()
        self.whole = self.whole and not text[start:].strip("\n")

    @property
    def count(self) -> int:
        return len(self.entries) + len(self._old)

    def _take(self, match: re.Match[str]) -> None:
        pieces, old_key = match["key"], match["old_key"]
        key = intern(_value(pieces or _PREFIXES.sub("", old_key)))
        if not key or key in self.entries or key in self._old:
            self.whole = False
        elif old_key:
            self._old.add(key)
        else:
            self.entries[key] = self._entry(match)

    def _entry(self, match: re.Match[str]) -> Entry:
        comments, previous = match["comments"], match["previous"]
        return Entry(
            english=intern(_value(match["english"])),  # all languages have the same one
            text=_value(match["text"]),
            fuzzy="#," in comments and is_fuzzy(comments),
            line=self._line_of(match.start("key")),
            text_line=self._line_of(match.start("text")),
            previous_english=_value(_PREFIXES.sub("", previous)) if previous else "",
            note=_note(comments) if comments else "",
        )

    def _line_of(self, place: int) -> int:
        """Return the number of a line; places are asked for in the file's order."""
        self._line += self._text.count("\n", self._line_at, place)
        self._line_at = place
        return self._line


def _value(pieces: str) -> str:
    """Return the text of pieces that each have a line, without quotes and escapes."""
    return unescaped(pieces[1:-2].replace('"\n"', ""))


def is_fuzzy(comments: str) -> bool:
    """Say whether an entry's flags have it; other flags have the word in them (``fuzzy-range``)."""
    flags = (line[2:].split(",") for line in comments.split("\n") if line.startswith("#,"))
    return any(flag.strip() == "fuzzy" for each in flags for flag in each)


def _note(comments: str) -> str:
    """Return the translator's comment, as the PO library puts it together."""
    lines = (line[1:] for line in comments.split("\n")[:-1] if line[1:2] in ("", " "))
    return "\n".join(line.removeprefix(" ") for line in lines)

"""Entries of a PO file as values, and the quick way to read a file in which nothing is wrong.

One search takes in a whole entry. Where it finds something else it gives up, and
``catalogs.entries`` goes through the lines and says what is wrong. Both give the same entries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BOM = "\ufeff"
CONTROL = r"\x00-\x08\x0b-\x1f\x7f"
TEXT = rf'"(?:[^"\\\n{CONTROL}]|\\[ntr"\\])*'

_ESCAPE = re.compile(r"\\(.)")
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}

_BLANK = r"[ \t]*\r?\n"
_COMMENT = rf"#(?![~|])[^\n{CONTROL}]*\r?\n"
_QUOTED = rf'"(?:[^"\\\n{CONTROL}]++|\\[ntr"\\])*+"[ \t]*\r?\n'


def _entry(mark: str, previous: str) -> str:
    """Return the pattern of an entry whose lines begin with ``mark``."""
    parts = "".join(
        rf"({mark}{keyword}[ \t]*{_QUOTED}(?:{mark}{_QUOTED})*+){optional}"
        for keyword, optional in (("msgctxt", "?"), ("msgid", ""), ("msgstr", ""))
    )
    before = rf"{previous}msg(?:ctxt|id)[ \t]*{_QUOTED}(?:{previous}{_QUOTED})*+"
    # In an obsolete entry no comment may follow the previous English.
    between = (
        rf"(?:{_COMMENT}|(?<=\n){_BLANK})*+(?:{before})*+"
        if mark
        else (rf"(?:{_COMMENT}|(?<=\n){_BLANK}|{before})*+")
    )
    return rf"((?:{_BLANK})*+)({between}){parts}"


_PATTERNS = (
    (False, re.compile(_entry("", r"#\|[ ]"))),
    (True, re.compile(_entry("#~[ ]", r"#~\|[ ]"))),
)
_TAIL = re.compile(rf"(?:{_BLANK}|{_COMMENT})*+")
_PIECE = re.compile(rf'{TEXT}"')
_KEYWORDS = ("msgctxt", "msgid", "msgstr")


@dataclass(slots=True, eq=False)
class Entry:
    """One entry: ``lead`` is the blank lines before it, ``body`` its text with its comments.

    ``line`` is its first line that is not blank; ``lines`` and ``strings`` are by keyword: where
    it stands, and its quoted pieces.
    """

    lead: str = ""
    body: str = ""
    line: int = 0
    obsolete: bool | None = None
    lines: dict[str, int] = field(default_factory=dict)
    strings: dict[str, list[str]] = field(default_factory=dict)

    def value(self, keyword: str) -> str:
        """Return the text of a keyword without quotes and escapes."""
        pieces = "".join(piece[1:-1] for piece in self.strings.get(keyword, ()))
        if "\\" not in pieces:
            return pieces
        return _ESCAPE.sub(lambda match: _UNESCAPED[match[1]], pieces)

    @property
    def key(self) -> str:
        return self.value("msgctxt")

    @property
    def complete(self) -> bool:
        return "msgstr" in self.strings

    @property
    def begun(self) -> bool:
        return bool(self.strings)


@dataclass(slots=True)
class Reading:
    """A whole file: its entries, and the comments after the last one."""

    entries: list[Entry]
    tail: str


def quick(text: str) -> Reading | None:
    """Return the entries of a file's text, None where it is not as it should be."""
    bom = BOM if text.startswith(BOM) else ""
    text, place, line = text.removeprefix(BOM), 0, 1
    found: list[Entry] = []
    while match := _match(text, place):
        found.append(_made(match[0], match[1], line))
        line += text.count("\n", place, match[1].end())
        place = match[1].end()
    if not found or not _TAIL.fullmatch(text, place):
        return None
    found[0].lead = bom + found[0].lead
    return Reading(found, text[place:])


def _match(text: str, place: int) -> tuple[bool, re.Match[str]] | None:
    for obsolete, pattern in _PATTERNS:
        if match := pattern.match(text, place):
            return obsolete, match
    return None


def _made(obsolete: bool, match: re.Match[str], line: int) -> Entry:
    lead, comments, *parts = match.groups()
    first = line = line + lead.count("\n")
    line += comments.count("\n")
    entry = Entry(lead, match.string[match.end(1) : match.end()], first, obsolete)
    for keyword, part in zip(_KEYWORDS, parts, strict=True):
        if part:
            entry.lines[keyword] = line
            entry.strings[keyword] = _PIECE.findall(part)
            line += part.count("\n")
    return entry

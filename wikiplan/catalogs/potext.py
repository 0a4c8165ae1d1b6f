"""The entries of a PO file as parts of its text, read strictly.

PO libraries forgive: a file that is cut off inside an entry, or has lost a keyword, gives fewer
entries and no error (fact 22), and writing one back changes blank lines, comments and line ends of
entries that nobody touched. Here every line must be what the format says, each fault has its
line, and the text of every entry is kept as it is: joined, the parts are the file.

The format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html. A catalog has no
plural entries (plurals are ``{{PLURAL:…}}`` in one text) and a key in every ``msgctxt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wikiplan import files
from wikiplan.errors import Fault, Faults, Message

MOST_BYTES = 16 * files.MEGABYTE
"""Of a catalog; one of 10,000 units with long texts has a third of that."""

BOM = "\ufeff"
CONTROL = r"\x00-\x08\x0b-\x1f\x7f"
TEXT = rf'"(?:[^"\\\n{CONTROL}]|\\[ntr"\\])*'

_ESCAPE = re.compile(r"\\(.)")
_UNESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


def unescaped(text: str) -> str:
    """Return a text whose escapes are all of the format's without them."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: _UNESCAPED[match[1]], text)


@dataclass(slots=True, eq=False)
class PoEntry:
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
        return unescaped("".join(piece[1:-1] for piece in self.strings.get(keyword, ())))

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
class PoFile:
    """A whole file: its entries, and the comments after the last one."""

    entries: list[PoEntry]
    tail: str


NO_KEYWORD = Message(
    "text-without-keyword", "this text belongs to no keyword; restore the line before it"
)
CHANGED = Message("catalog-changed", "the file changed since it was read; run this again")
RESTORE = "take the file from its version history"

_LINE = re.compile(
    rf"""(?:(?P<previous>\#~?\|[ ])|(?P<obsolete>\#~[ ]))?
         (?:(?P<keyword>msg[a-z_]+(?:\[[0-9]+\])?)[ \t]*)?(?P<string>{TEXT}")[ \t]*\r?\n?
       |(?P<comment>\#(?![~|])[^\n{CONTROL}]*)\r?\n?
       |[ \t]*\r?\n?""",
    re.VERBOSE,
)
_OPENED_TEXT = re.compile(rf"(?:#~?\|? )?(?:msg[a-z_]+(?:\[[0-9]+\])?)?[ \t]*{TEXT}")
_UNQUOTED = re.compile(r"(?:#~?\|? )?msg[a-z_]+(?:\[[0-9]+\])?[ \t]*")
_CONTROL_CHARACTER = re.compile(rf"[{CONTROL}]")
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)")

# What may come next, by the keywords that an entry has so far.
_NEXT: dict[tuple[str, ...], tuple[str, ...]] = {
    (): ("msgctxt", "msgid"),
    ("msgctxt",): ("msgid",),
    ("msgctxt", "msgid"): ("msgstr",),
    ("msgid",): ("msgstr",),
}


def bytes_of(path: Path) -> bytes:
    """Return a catalog's bytes; raises Faults where they cannot be read."""
    try:
        return files.read(path, MOST_BYTES)
    except files.UnreadableError as error:
        raise Faults([error.fault]) from error


def read(file: str, data: bytes) -> PoFile:
    """Return the entries of a PO file; raises Faults with every line that is not well formed."""
    reader = _Reader(file, files.decode(file, data))
    reading = reader.read()
    if reader.faults:
        raise Faults(reader.faults)
    return reading


class _Reader:
    """Goes through the lines once. After a fault it goes on at a blank line or a msgctxt."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = re.findall(r"[^\n]*\n|[^\n]+", text.removeprefix(BOM))
        self.faults: list[Fault] = []
        self.entries: list[PoEntry] = []
        self._begin()
        self.lead += [BOM] if text.startswith(BOM) else []
        self.keyword = ""  # where a line that is only a quoted text belongs
        self.previous = ""  # how the last line began, if it was of a previous English
        self.lost = False

    def _begin(self) -> None:
        """Begin an entry; its lines are put together at its end, there may be very many."""
        self.entry = PoEntry()
        self.lead: list[str] = []
        self.body: list[str] = []

    def read(self) -> PoFile:
        for number, line in enumerate(self.lines, 1):
            match = _LINE.fullmatch(line)
            if match is None:
                self._broken(number, line)
            elif match["string"] is None:
                self._between(number, line, blank=match["comment"] is None)
            else:
                self.lost = self.lost and match["keyword"] != "msgctxt"
                self._quoted(number, line, match)
        return self._ended()

    def _ended(self) -> PoFile:
        if self.entry.complete:
            self._close()
        elif self.entry.begun:
            wrong = f"the file ends inside the entry of line {self.entry.line}"
            self._fault(len(self.lines), 1, Message("catalog-cut-in-entry", wrong, RESTORE))
        return PoFile(self.entries, "".join(self.lead + self.body))

    def _between(self, number: int, line: str, *, blank: bool) -> None:
        """Take a blank line or a comment, which cannot stand inside an entry."""
        self.lost = self.lost and not blank
        self.previous = ""
        if not self._ready(number):
            return
        if self.entry.obsolete and not blank:
            self._half_obsolete(number)
        elif blank and not self.body:
            self.lead.append(line)
        else:
            self._keep(number, line)

    def _quoted(self, number: int, line: str, match: re.Match[str]) -> None:
        if self.lost:
            return
        if match["previous"]:
            self._previous_english(number, line, match)
        elif match["keyword"]:
            self._keyword(number, line, match["keyword"], obsolete=bool(match["obsolete"]))
        elif not self.entry.begun:
            self._fault(number, 1, NO_KEYWORD)
        elif self.entry.obsolete != bool(match["obsolete"]):
            self._half_obsolete(number)
        else:
            self.entry.strings[self.keyword].append(match["string"])
            self._keep(number, line)

    def _previous_english(self, number: int, line: str, match: re.Match[str]) -> None:
        if not self._ready(number):
            return
        obsolete = match["previous"].startswith("#~")
        if not match["keyword"] and self.previous != match["previous"]:
            self._fault(number, 1, NO_KEYWORD)
        elif self.entry.obsolete and not obsolete:
            self._half_obsolete(number)
        else:
            self.entry.obsolete = obsolete or None
            self.previous = match["previous"]
            self._keep(number, line)

    def _keyword(self, number: int, line: str, keyword: str, *, obsolete: bool) -> None:
        if self.entry.complete:
            self._close()
        elif self.entry.begun and keyword == "msgctxt":
            self._unfinished(number)
            self.lost = False
        expected = _NEXT[tuple(self.entry.strings)]
        if keyword not in expected:
            self._unexpected(number, keyword, expected[-1])
        elif self.entry.obsolete not in (None, obsolete):
            self._half_obsolete(number)
        else:
            self.keyword = keyword
            self.entry.obsolete = obsolete
            self.entry.lines[keyword] = number
            self.entry.strings[keyword] = [line[line.index('"') : line.rindex('"') + 1]]
            self._keep(number, line)

    def _keep(self, number: int, line: str) -> None:
        self.entry.line = self.entry.line or number
        self.body.append(line)

    def _close(self) -> None:
        self.entry.lead, self.entry.body = "".join(self.lead), "".join(self.body)
        self.entries.append(self.entry)
        self._begin()
        self.previous = ""

    def _fault(self, number: int, column: int, message: Message) -> None:
        """Report a fault and leave the entry it is in."""
        if not self.lost:
            key = self.entry.key if self.entry.begun and not self.entry.complete else ""
            self.faults.append(Fault(self.file, number, column, key, message))
        self._begin()
        self.lost = True

    def _ready(self, number: int) -> bool:
        """Tell whether a comment may stand here: not inside an entry."""
        if self.entry.complete:
            self._close()
        elif self.entry.begun:
            self._unfinished(number)
            return False
        return True

    def _unfinished(self, number: int) -> None:
        wrong = f"the entry of line {self.entry.line} ends before its {self._missing()}"
        advice = f"restore the {self._missing()}, or {RESTORE}"
        self._fault(number, 1, Message("unfinished-entry", wrong, advice))

    def _missing(self) -> str:
        return _NEXT[tuple(self.entry.strings)][-1]

    def _unexpected(self, number: int, keyword: str, expected: str) -> None:
        if keyword == "msgid_plural" or "[" in keyword:
            wrong = f"“{keyword}” does not belong in a catalog"
            advice = "write {{PLURAL:$n|…}} inside one msgstr"
            message = Message("gettext-plural", wrong, advice)
        elif keyword not in ("msgctxt", "msgid", "msgstr"):
            message = Message("unknown-keyword", f"“{keyword}” is no keyword; correct it")
        else:
            wrong = f"“{keyword}” stands where “{expected}” must stand"
            message = Message("misplaced-keyword", wrong, f"restore the {expected}, or {RESTORE}")
        self._fault(number, 1, message)

    def _half_obsolete(self, number: int) -> None:
        wrong = "the entry is obsolete (#~) in some of its lines only"
        advice = "write #~ before all of its lines, or before none"
        self._fault(number, 1, Message("half-obsolete", wrong, advice))

    def _broken(self, number: int, line: str) -> None:
        """Report a line that is none of the format's; the end of the file has its own words."""
        column, message = _what_is_broken(line)
        if not line.endswith("\n"):
            wrong = f"the file ends in the middle of a line: {message.wrong}"
            message = Message("catalog-cut-in-line", wrong, RESTORE)
        self._fault(number, column, message)


def _what_is_broken(line: str) -> tuple[int, Message]:
    """Return column, what is wrong and what to do for a line that is not of the format."""
    if match := _CONFLICT.match(line):
        wrong = f"a merge left its mark “{match[1]}”"
        return 1, Message("mark-of-a-merge", wrong, "settle the merge and delete its marks")
    line = line.rstrip("\r\n")
    if match := _CONTROL_CHARACTER.search(line):
        wrong = f"the line holds the control character U+{ord(match[0]):04X}"
        return match.start() + 1, Message("control-character-in-catalog", wrong, "delete it")
    if match := _OPENED_TEXT.match(line):
        return match.end() + 1, _what_ends_the_text(line[match.end() :])
    if match := _UNQUOTED.match(line):
        wrong, advice = "the text does not begin with a quote", 'write it as "text"'
        return match.end() + 1, Message("no-opening-quote", wrong, advice)
    wrong = "neither a comment nor a keyword nor a quoted text"
    return 1, Message("no-line-of-a-catalog", wrong, "quote it or delete it")


def _what_ends_the_text(rest: str) -> Message:
    if not rest:
        return Message("no-closing-quote", 'the text has no closing quote; end it in "')
    if rest.startswith("\\"):
        wrong = f"“{rest[:2]}” is no escape"
        return Message("unknown-escape", wrong, r"write a backslash as \\")
    wrong = "something follows the closing quote"
    return Message("text-after-quote", wrong, r"write a quote inside the text as \"")


def key_faults(file: str, entries: Sequence[PoEntry]) -> Iterator[Fault]:
    """Yield the entries, the header not among them, that have no key or another one's."""
    first: dict[str, int] = {}
    for entry in entries:
        line = entry.lines.get("msgctxt") or entry.lines["msgid"]
        if not entry.key:
            advice = "restore the msgctxt with the unit’s key"
            message = Message("entry-without-key", "the entry has no msgctxt", advice)
            yield Fault(file, line, 1, "", message)
        elif entry.key in first:
            wrong = f"the entry stands twice, first in line {first[entry.key]}"
            advice = "keep the better one and delete the other"
            yield Fault(file, line, 1, entry.key, Message("doubled-entry", wrong, advice))
        else:
            first[entry.key] = line

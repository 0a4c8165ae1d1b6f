"""The header of a catalog: a PO file's first entry, whose English is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wikiplan.catalogs.entries import RESTORE
from wikiplan.catalogs.stretches import Entry
from wikiplan.errors import Fault

COUNT = "X-Wikiplan-Entries"
"""How many entries the file has: without it, a file that is cut off between two looks whole."""

_COUNT_LINE = re.compile(rf"^{COUNT}:.*$", re.MULTILINE | re.IGNORECASE)
_UTF8 = re.compile(r"charset=utf-?8(?![\w-])", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")

# The count is first, so that a file that is cut off inside its header is seen too.
_NEW = f"""\
msgid ""
msgstr ""
"{COUNT}: 0\\n"
"Language: LANGUAGE\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def new(language: str) -> str:
    """Return a file that has only its header."""
    return _NEW.replace("LANGUAGE", language)


def fields(header: Entry) -> dict[str, str]:
    """Return the header's fields by their names in lower case."""
    lines = (line.partition(":") for line in header.value("msgstr").split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def with_count(text: str, count: int) -> str:
    """Return a header's text with the number of entries; what says so already is left alone."""
    line = f"{COUNT}: {count}"
    if _COUNT_LINE.search(text):
        return _COUNT_LINE.sub(line, text, count=1)
    return f"{line}\n{text}"


def faults(file: str, entries: list[Entry], language: str) -> Iterator[Fault]:
    """Yield what is wrong with the header, and with the number of entries that it states."""
    if not entries or entries[0].obsolete or entries[0].key or entries[0].value("msgid"):
        advice = f'begin the file with msgid "" and its headers, or {RESTORE}'
        yield Fault(file, 1, 1, "", "the file has no header", advice)
        return
    stated = fields(entries[0])
    for name, wrong, advice in (
        *_charset(stated.get("content-type", "")),
        *_language(stated.get("language", ""), language),
        *_count(stated.get(COUNT.lower(), ""), len(entries) - 1),
    ):
        yield Fault(file, _line_of(entries[0], name), 1, "", wrong, advice)


def _line_of(header: Entry, name: str) -> int:
    """Return the line of a field, or of the msgstr in which it is missing."""
    for line, text in enumerate(header.body.split("\n"), header.line):
        if text.lower().startswith(f'"{name.lower()}:'):
            return line
    return header.lines["msgstr"]


def _charset(content_type: str) -> Iterator[tuple[str, str, str]]:
    if not _UTF8.search(content_type):
        wrong = f"the header’s charset is not UTF-8 (“Content-Type: {content_type}”)"
        advice = "save the file as UTF-8 and write “Content-Type: text/plain; charset=UTF-8”"
        yield "Content-Type", wrong, advice


def _language(stated: str, language: str) -> Iterator[tuple[str, str, str]]:
    """Compare with the file's name as PO editors write codes: ``pt_BR`` is ``pt-br``."""
    if stated.lower().replace("_", "-") != language:
        wrong = f"the header says “{f'Language: {stated}'.strip()}”, and the file’s name {language}"
        yield "Language", wrong, f"write “Language: {language}”, or rename the file"


def _count(stated: str, found: int) -> Iterator[tuple[str, str, str]]:
    """Compare with the stated number; more are fine (a merge), and a file with none says so."""
    if found >= (int(stated) if _NUMBER.fullmatch(stated) else 1):
        return
    wrong = "the file has no entries"
    if stated:
        wrong = f"the header states {stated} entries, and the file has {found}"
    yield COUNT, wrong, f"{RESTORE}, or if they went on purpose write “{COUNT}: {found}”"

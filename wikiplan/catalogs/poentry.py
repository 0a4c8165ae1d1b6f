"""What happens to one entry of a catalog, in the translate-toolkit's view of it.

An entry is a ``pypo.pounit``; nothing here imports the toolkit, ``catalogs.catalog`` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from wikiplan.catalogs.potext import RESTORE, PoEntry
from wikiplan.catalogs.typos import is_typo
from wikiplan.errors import Fault, Message
from wikiplan.l10n import gettext_rule_of, languages
from wikiplan.plan import Unit, variables_in

# Notes: what translators are told about a unit beside its text.


A_NAME = "A name: write it in your script; without that, it stands as the plan has it."


def notes_on(unit: Unit) -> tuple[str, ...]:
    """Return the unit's own note and a line for each variable in it, each without line breaks."""
    used = (name for name in variables_in(unit.text) if name in unit.variables)
    meanings = (f"${name}: {unit.variables[name].meaning}" for name in used)
    of_name = (A_NAME,) if unit.is_name else ()
    notes = (" ".join(note.split()) for note in (*unit.note.splitlines(), *of_name, *meanings))
    return tuple(note for note in notes if note)


# What happens to one entry of a catalog, in the translate-toolkit's view of it.


SIMILAR = "made for a text that was similar"
_SUGGESTED = "wikiplan: a suggestion, "
"""Begins the translator's comment of an entry whose text was found and not translated, before the
reason. Such a text was never made for this unit, so it never becomes current by itself."""

_CONFLICT = "wikiplan: another translation, from {origin}: {text}"
_CONFLICT_LINE = re.compile(r"^wikiplan: another translation, from .*?: (\".*\")$", re.MULTILINE)


class Change(StrEnum):
    """What an update of a catalog did with an entry."""

    ADDED = "added"
    OUTDATED = "outdated"
    """The English changed under a translation."""
    REWORDED = "reworded"
    """It changed where nothing was translated."""
    CORRECTED = "corrected"
    """It changed by a typo, as its declaration says: the translation stays."""
    REVIVED = "revived"
    """The key came back, or the English for which the text was made."""
    OBSOLETE = "obsolete"
    """The unit left the plan."""
    UNCHANGED = "unchanged"


def is_in_step(entry: Any, unit: Unit) -> bool:
    """Tell whether an entry needs nothing to stand for its unit."""
    return bool(
        not entry.isobsolete()
        and entry.source == unit.text
        and entry.automaticcomments == comments_for(unit)
    )


def bring_up(entry: Any, unit: Unit) -> Change:
    """Bring an entry up to its unit."""
    change = _revive(entry, unit) if entry.isobsolete() else _reword(entry, unit)
    comments = comments_for(unit)
    if entry.automaticcomments != comments:
        entry.automaticcomments = comments
    return change


def retire(entry: Any) -> Change:
    """Make the entry of a unit that left the plan obsolete."""
    if entry.isobsolete():
        return Change.UNCHANGED
    entry.makeobsolete()
    return Change.OBSOLETE


def translate(entry: Any, english: str, text: str, made_for: str) -> None:
    """Give an entry the text that was made for ``made_for``: current if that is ``english``."""
    if entry.source != english:
        entry.source = english
    entry.target = text
    _forget_suggestion(entry)
    mark_current(entry)
    if made_for != english:
        outdate(entry, made_for)


def outdate(entry: Any, made_for: str) -> None:
    """Mark an entry as outdated. ``made_for`` is the English its text was made for."""
    entry.prev_source = made_for if made_for != entry.source else None
    entry.markfuzzy()


def suggest(entry: Any, text: str, made_for: str, why: str) -> None:
    """Give an entry a text that was made for another one, and say ``why`` it is no more."""
    _forget_suggestion(entry)
    entry.target = text
    outdate(entry, made_for)
    entry.addnote(f"{_SUGGESTED}{why}; look at it", origin="translator")


def copy(source: Any, entry: Any) -> None:
    """Give an entry what another one of the same English has: its text, and what is said of it."""
    _forget_suggestion(entry)
    said = [line for line in source.othercomments if line not in entry.othercomments]
    entry.target = str(source.target)
    entry.othercomments = [*entry.othercomments, *said]
    entry.markfuzzy(source.isfuzzy())
    entry.prev_source = str(source.prev_source) or None


def keep_beside(entry: Any, text: str, origin: str) -> bool:
    """Keep another translation in a comment; tell whether it was not there already."""
    if text in conflicts_in(str(entry.getnotes("translator"))):
        return False
    quoted = json.dumps(text, ensure_ascii=False)
    for breaking in "\x7f\x85\u2028\u2029":
        quoted = quoted.replace(breaking, f"\\u{ord(breaking):04x}")
    entry.addnote(_CONFLICT.format(origin=origin, text=quoted), origin="translator")
    return True


def drop_beside(entry: Any, text: str) -> None:
    """Take the comment that keeps this other translation away."""
    lines = [line for line in entry.othercomments if conflicts_in(line[1:].strip()) != (text,)]
    if lines != entry.othercomments:
        entry.othercomments = lines


def conflicts_in(note: str) -> tuple[str, ...]:
    """Return the other translations that a translator's comment keeps."""
    return tuple(_unquoted(note))


def is_suggestion(note: str) -> bool:
    """Tell by a translator's comment whether its entry's text was found for another English."""
    return any(line.startswith(_SUGGESTED) for line in note.split("\n"))


def _unquoted(note: str) -> Iterator[str]:
    for quoted in _CONFLICT_LINE.findall(note):
        try:
            yield str(json.loads(quoted))
        except ValueError:  # somebody rewrote the line: it is a comment like any other now
            continue


def comments_for(unit: Unit) -> list[str]:
    """Return the ``#.`` lines of a unit's entry.

    No ``#:`` references: line numbers would change every catalog with every edit of the plan, and
    the key names the file and the place.
    """
    return [f"#. {note}\n" for note in notes_on(unit)]


def mark_current(entry: Any) -> None:
    entry.markfuzzy(False)
    entry.prev_source = None
    entry.prev_msgctxt = []


def _revive(entry: Any, unit: Unit) -> Change:
    fuzzy = entry.isfuzzy()
    entry.resurrect()  # drops the flag
    entry.markfuzzy(fuzzy)
    _reword(entry, unit)
    return Change.REVIVED


def _reword(entry: Any, unit: Unit) -> Change:
    """Give an entry its new English and keep the one for which its text was made."""
    before, english = str(entry.source), unit.text
    if before == english:
        return Change.UNCHANGED
    if not entry.isfuzzy():
        _forget_suggestion(entry)
    made_for = str(entry.prev_source) or before
    entry.source = english
    if not entry.target.strip():
        return Change.REWORDED
    if not entry.isfuzzy() and is_typo(unit, before):
        return Change.CORRECTED
    if made_for == english and not _is_suggestion(entry):
        mark_current(entry)
        return Change.REVIVED
    outdate(entry, made_for)
    return Change.OUTDATED


def _is_suggestion(entry: Any) -> bool:
    return is_suggestion(str(entry.getnotes("translator")))


def _forget_suggestion(entry: Any) -> None:
    if _is_suggestion(entry):
        entry.othercomments = [line for line in entry.othercomments if _SUGGESTED not in line]


# The header of a catalog: a PO file's first entry, whose English is empty.


COUNT = "X-Wikiplan-Entries"
"""How many entries the file has: without it, a file that is cut off between two looks whole."""

_COUNT_LINE = re.compile(rf"^{COUNT}:.*$", re.MULTILINE | re.IGNORECASE)
_UTF8 = re.compile(r"charset=utf-?8\s*(?:;|$)", re.IGNORECASE)
_STATED = re.compile(rf"({COUNT}: )[0-9]+", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,9}")

TRANSLATOR, REVISED = "Last-Translator", "PO-Revision-Date"
TEAM, GENERATOR = "Language-Team", "X-Generator"
OF_TRANSLATORS = (TRANSLATOR, REVISED, TEAM, GENERATOR)
"""The fields that a translator's program fills in."""

_DATE = "%Y-%m-%d %H:%M%z"


def new_header(language: str) -> str:
    """Return a file that has only its header."""
    fields = {COUNT: "0", **_usual_fields(language)}
    lines = (f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{"".join(lines)}'


def _usual_fields(language: str) -> dict[str, str]:
    """Return what gettext's tools and PO editors look for, with nothing where nobody knows it.

    The count is first, so that a file that is cut off inside its header is seen too.
    """
    known = languages.is_known(language)
    return {
        "Project-Id-Version": "wikiplan",
        REVISED: "",
        TRANSLATOR: "",
        TEAM: languages.get(language).autonym if known else language,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **({"Plural-Forms": gettext_rule_of(language)} if known else {}),
    }


def with_usual_fields(text: str, language: str) -> str:
    """Return a header's text with the usual fields that it lacks; those that it has stay."""
    has = {line.partition(":")[0].strip().lower() for line in text.split("\n")}
    missing = {n: v for n, v in _usual_fields(language).items() if n.lower() not in has}
    return with_fields(text, missing)


def with_fields(text: str, fields: Mapping[str, str]) -> str:
    """Return a header's text with these values, each in its line or behind the others."""
    lines = text.rstrip("\n").split("\n")
    for name, value in fields.items():
        at = (n for n, line in enumerate(lines) if _is_field(line, name))
        place = next(at, len(lines))
        lines[place : place + 1] = [f"{name}: {' '.join(value.split())}"]
    return "\n".join(lines) + "\n"


def _is_field(line: str, name: str) -> bool:
    return line.partition(":")[0].strip().lower() == name.lower()


def written_date(time: datetime) -> str:
    """Return a time as headers have it: ``2021-07-01 12:00+0000``."""
    return f"{time.astimezone(UTC):{_DATE}}"


def read_date(text: str) -> datetime | None:
    """Return the time that a header's field states, if it is one."""
    try:
        return datetime.strptime(text.strip(), _DATE)
    except ValueError:
        return None


def header_fields(header: PoEntry) -> dict[str, str]:
    """Return the header's fields by their names in lower case."""
    return fields_in(header.value("msgstr"))


def fields_in(text: str) -> dict[str, str]:
    """Return the fields of a header's text by their names in lower case."""
    lines = (line.partition(":") for line in text.split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def with_count(text: str, count: int) -> str:
    """Return a header's text with the number of entries; what says so already is left alone."""
    line = f"{COUNT}: {count}"
    if _COUNT_LINE.search(text):
        return _COUNT_LINE.sub(line, text, count=1)
    return f"{line}\n{text}"


def with_count_in(body: str, count: int) -> str:
    """Return a header as it stands in a file, with another number of entries."""
    return _STATED.sub(rf"\g<1>{count}", body, count=1)


def header_faults(
    file: str, header: PoEntry | None, count: int, language: str, *, sent_back: bool = False
) -> Iterator[Fault]:
    """Yield what is wrong with a file's first entry, and with the number of others that it states.

    A file that was ``sent_back`` may have any part of the entries, and need not state how many.
    """
    if not header or header.obsolete or header.key or header.value("msgid"):
        advice = f'begin the file with msgid "" and its headers, or {RESTORE}'
        message = Message("catalog-without-header", "the file has no header", advice)
        yield Fault(file, 1, 1, "", message)
        return
    stated = header_fields(header)
    for name, message in (
        *_charset(stated.get("content-type", "")),
        *_language(stated.get("language", ""), language),
        *_count(stated.get(COUNT.lower()), count, sent_back=sent_back),
    ):
        yield Fault(file, _line_of(header, name), 1, "", message)


def _line_of(header: PoEntry, name: str) -> int:
    """Return the line of a field, or of the msgstr in which it is missing."""
    for line, text in enumerate(header.body.split("\n"), header.line):
        if text.lower().startswith(f'"{name.lower()}:'):
            return line
    return header.lines["msgstr"]


def _charset(content_type: str) -> Iterator[tuple[str, Message]]:
    if not _UTF8.search(content_type):
        wrong = f"the header’s charset is not UTF-8 (“Content-Type: {content_type}”)"
        advice = "save the file as UTF-8 and write “Content-Type: text/plain; charset=UTF-8”"
        yield "Content-Type", Message("other-charset", wrong, advice)


def _language(stated: str, language: str) -> Iterator[tuple[str, Message]]:
    """Compare with the file's name as PO editors write codes: ``pt_BR`` is ``pt-br``."""
    if stated.lower().replace("_", "-") != language:
        wrong = f"the header says “{f'Language: {stated}'.strip()}”, and the file’s name {language}"
        advice = f"write “Language: {language}”, or rename the file"
        yield "Language", Message("other-language", wrong, advice)


def _count(stated: str | None, found: int, *, sent_back: bool) -> Iterator[tuple[str, Message]]:
    """Compare with the stated number; more are fine (a merge), and a file with none says so."""
    write = f"write “{COUNT}: {found}”"
    if stated is None:
        if not found or not sent_back:
            wrong = "the header does not state how many entries the file has"
            advice = f"{RESTORE}, or if nothing is cut off {write}"
            yield COUNT, Message("no-number-of-entries", wrong, advice)
    elif not _NUMBER.fullmatch(stated):
        wrong = f"the header states “{stated}” entries, which is no number of entries"
        advice = f"{RESTORE}, or if nothing is cut off {write}"
        yield COUNT, Message("odd-number-of-entries", wrong, advice)
    elif found < int(stated):
        wrong = f"the header states {stated} entries, and the file has {found}"
        advice = f"{RESTORE}, or if they went on purpose {write}"
        yield COUNT, Message("fewer-entries", wrong, advice)

"""What happens to one entry of a catalog, in the translate-toolkit's view of it.

An entry is a ``pypo.pounit``; nothing here imports the toolkit, ``catalogs.catalog`` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from wikiplan.catalogs.notes import notes_on
from wikiplan.plan.units import Unit

SUGGESTED = "wikiplan: a suggestion, made for a text that was similar; look at it"
"""The translator's comment of an entry whose text was found and not translated. Such a text was
never made for this unit, so it never becomes current by itself."""

_CONFLICT = "wikiplan: another translation, from {origin}: {text}"
_CONFLICT_LINE = re.compile(r"^wikiplan: another translation, from .*?: (\".*\")$", re.MULTILINE)


def is_in_step(entry: Any, unit: Unit) -> bool:
    """Tell whether an entry needs nothing to stand for its unit."""
    return bool(
        not entry.isobsolete()
        and entry.source == unit.text
        and entry.automaticcomments == comments_for(unit)
    )


def bring_up(entry: Any, unit: Unit) -> str:
    """Bring an entry up to its unit; return which count it belongs to."""
    outcome = _revive(entry, unit) if entry.isobsolete() else _reword(entry, unit.text)
    comments = comments_for(unit)
    if entry.automaticcomments != comments:
        entry.automaticcomments = comments
    return outcome


def retire(entry: Any) -> str:
    if entry.isobsolete():
        return "unchanged"
    entry.makeobsolete()
    return "obsolete"


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


def suggest(entry: Any, text: str, made_for: str) -> None:
    """Give an entry a text that was made for another one."""
    entry.target = text
    entry.prev_source = made_for
    entry.markfuzzy()
    entry.addnote(SUGGESTED, origin="translator")


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
    return SUGGESTED in note.split("\n")


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


def _revive(entry: Any, unit: Unit) -> str:
    fuzzy = entry.isfuzzy()
    entry.resurrect()  # drops the flag
    entry.markfuzzy(fuzzy)
    _reword(entry, unit.text)
    return "revived"


def _reword(entry: Any, english: str) -> str:
    """Give an entry its new English and keep the one for which its text was made."""
    before = str(entry.source)
    if before == english:
        return "unchanged"
    if not entry.isfuzzy():
        _forget_suggestion(entry)
    made_for = str(entry.prev_source) or before
    entry.source = english
    if not entry.target.strip():
        return "reworded"
    if made_for == english and not _is_suggestion(entry):
        mark_current(entry)
        return "revived"
    outdate(entry, made_for)
    return "outdated"


def _is_suggestion(entry: Any) -> bool:
    return is_suggestion(str(entry.getnotes("translator")))


def _forget_suggestion(entry: Any) -> None:
    if _is_suggestion(entry):
        entry.othercomments = [line for line in entry.othercomments if SUGGESTED not in line]

"""The text of a section of a translatable page: rendered lines become blocks, units and markers.

The form is the one that marking would give them (``translate.translatable.canonical``): marking
the page then makes no revision. A heading that is one unit, and a paragraph that is one unit, stand
in blocks with their tags on lines of their own; any other unit has tags around it, in its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wikiplan.render.sourcewording import BEGIN, END, MIDDLE
from wikiplan.translate import translatable
from wikiplan.translate.markupscan import CLOSING_TAG, OPENING_TAGS

OPENING_TAG = OPENING_TAGS[0]

_UNIT = re.compile(f"{BEGIN}([0-9]+){MIDDLE}([^{BEGIN}{MIDDLE}{END}]*){END}")
_HEADING = re.compile(rf"(={{1,6}})[ \t]*{_UNIT.pattern}[ \t]*\1")
_STRAY = re.compile(f"[{BEGIN}{MIDDLE}{END}]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the rendered text, or a unit's several; where a unit is all of it, that one's
    number and text (a heading's with its ``==``).
    """

    text: str
    number: int | None = None
    heading: bool = False


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of the units in a rendered text, in its order."""
    return tuple(int(found[1]) for found in _UNIT.finditer(text))


def laid_out(text: str, ids: Mapping[int, str]) -> str:
    """Return a rendered text with tags and markers; ``ids`` are those of the units by number.

    Raises :class:`ValueError` for what no page could hold.
    """
    lines = [_line(part) for part in _parts(text)]
    pieces = [
        _block(group, ids) if group[0].number is not None else _inline(group[0].text, ids)
        for group in _groups(list(_paragraphs(lines)))
    ]
    whole = "\n".join(pieces)
    if _STRAY.search(whole):
        raise ValueError("a unit stands inside of another unit; write one text for both")
    return whole


def texts_of(text: str, ids: Sequence[str], title: str) -> tuple[str, ...]:
    """Return the raw texts of the units in a text laid out.

    Raises :class:`ValueError` unless Translate would see the same units, with these ids, and
    marking the page ``title`` would change nothing.
    """
    try:
        page = translatable.parse(text)
        again = translatable.marked(page, title=title) if page.has_markup else text
    except translatable.ParseError as error:
        raise ValueError(f"the page could not be marked for translation: {error}") from error
    if again != text or [unit.id for unit in page.units] != list(ids):
        raise ValueError("the template has translate tags or markers of its own; remove them")
    return tuple(unit.text for unit in page.units)


def _parts(text: str) -> Iterator[str]:
    """Yield the text's lines; line breaks inside of a unit end none."""
    part = ""
    for line in text.split("\n"):
        part = f"{part}\n{line}" if part else line
        if part.count(BEGIN) <= part.count(END):
            yield part
            part = ""
    if part:
        yield part


def _line(text: str) -> _Line:
    if found := _HEADING.fullmatch(text):
        level = found[1]
        return _Line(f"{level} {found[3]} {level}", int(found[2]), heading=True)
    found = _UNIT.fullmatch(text)
    return _Line(found[2], int(found[1])) if found else _Line(text)


def _paragraphs(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the lines; a unit that shares its paragraph with other lines is one of many there."""
    edge = _Line("")
    for before, line, after in zip([edge, *lines], lines, [*lines[1:], edge], strict=False):
        alone = all(not other.text or other.heading for other in (before, after))
        if line.number is None or line.heading or alone:
            yield line
        else:
            yield _Line(f"{BEGIN}{line.number}{MIDDLE}{line.text}{END}")


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield single lines, and the headings and paragraphs that one block holds."""
    at = 0
    while at < len(lines):
        group = [lines[at]]
        at += 1
        while group[-1].number is not None and _goes_on(lines[at : at + 2]):
            group.append(lines[at + 1])
            at += 2
        yield group


def _goes_on(following: Sequence[_Line]) -> bool:
    """Return whether a blank line follows, and then another heading or paragraph."""
    return len(following) > 1 and not following[0].text and following[1].number is not None


def _block(lines: Sequence[_Line], ids: Mapping[int, str]) -> str:
    units = [
        translatable.canonical(line.text, ids[line.number])
        for line in lines
        if line.number is not None
    ]
    return f"{OPENING_TAG}\n" + "\n\n".join(units) + f"\n{CLOSING_TAG}"


def _inline(text: str, ids: Mapping[int, str]) -> str:
    return _UNIT.sub(lambda found: _inline_unit(found[2], ids[int(found[1])]), text)


def _inline_unit(text: str, id: str) -> str:
    if "\n" in text:
        raise ValueError(f"the unit {id} has several lines and must be a paragraph of its own")
    return f"{OPENING_TAG}{translatable.canonical(text, id, inline=True)}{CLOSING_TAG}"

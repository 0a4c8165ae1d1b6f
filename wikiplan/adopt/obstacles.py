"""What stands in the way of taking a page over, found in its text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wikiplan.l10n import bidi, letters
from wikiplan.translate import translatable
from wikiplan.translate.markuperrors import ParseError
from wikiplan.translate.translatable import Unit
from wikiplan.wikitext.markers import line_of
from wikiplan.wikitext.outline import Part

MOST_SHOWN = 5
"""Lines that one obstacle names; it counts the others."""
LEAST_FOREIGN_WORDS = 3
"""So many words in other letters, beside names with a capital, are a sentence."""

_HEADING_LINE = re.compile(r"^={1,6}[^\n]*=[ \t]*$", re.MULTILINE)
_ITEM_LINE = re.compile(r"^[*#:;]", re.MULTILINE)
_OLD_VARIABLE = re.compile(r"<tvar\|", re.IGNORECASE)
_MARKUP = re.compile(
    r"\[\[[^\[\]|]*\]\]|\[\[[^\[\]|]*\||\]\]|\[?https?://\S+|\{\{[^{}]*\}\}|<[^<>]*>"
)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """``lines`` are where it is, from 1; ``stops`` says that markers cannot go in with it."""

    code: str
    lines: tuple[int, ...]
    message: str
    stops: bool = False

    def __str__(self) -> str:
        if not self.lines:
            return self.message
        shown = ", ".join(map(str, self.lines[:MOST_SHOWN]))
        more = len(self.lines) - MOST_SHOWN
        others = f" and {more} more" if more > 0 else ""
        return f"line{'s' if len(self.lines) > 1 else ''} {shown}{others}: {self.message}"


def obstacles(
    text: str, language: str, parts: Sequence[Part], title: str = ""
) -> tuple[Obstacle, ...]:
    """Return what is in the way on a page in ``language``, in the order of importance."""
    try:
        page = translatable.parse(text)
    except ParseError as error:
        return (Obstacle(error.code, (error.line,), _words(error), stops=True),)
    found = list(_of_language(text, language, parts))
    if not page.has_markup:
        return tuple(found)
    errors = translatable.mark_errors(page, title)
    refused = [Obstacle(each.code, (each.line,), _words(each)) for each in errors]
    return (*refused, *_of_units(page.units), *found)


def _words(error: ParseError) -> str:
    """Return an error's message without the line that an obstacle names itself."""
    return str(error).removeprefix(f"line {error.line}: ").removeprefix(f"line {error.line}, ")


def _of_units(units: Sequence[Unit]) -> Iterator[Obstacle]:
    for code, message, wrong in _UNIT_FAULTS:
        lines = tuple(unit.line for unit in units if wrong(unit))
        if lines:
            yield Obstacle(code, lines, message)


def _is_glued(unit: Unit) -> bool:
    return bool(_HEADING_LINE.search(unit.text)) and "\n" in unit.text.strip()


def _is_list(unit: Unit) -> bool:
    return len(_ITEM_LINE.findall(unit.text)) > 1


_UNIT_FAULTS = (
    (
        "new-units",
        "units without a marker: nobody can translate them before the page is marked",
        lambda unit: unit.new,
    ),
    (
        "numeric-ids",
        "units with numbers as ids: the import keeps them, with `ids` in pages.yaml",
        lambda unit: unit.id is not None and unit.id.isdecimal(),
    ),
    (
        "old-tvar",
        "variables in the old form <tvar|name>…</>: they are read, and written anew as "
        "<tvar name=…>, which outdates the translations of their units on MediaWiki 1.39",
        lambda unit: bool(_OLD_VARIABLE.search(unit.text)),
    ),
    (
        "glued-heading",
        "a heading and a text are one unit: the plan has them as two, so the translations of this "
        "unit have to be divided by hand",
        _is_glued,
    ),
    (
        "list-in-unit",
        "several list items are one unit: the plan has a unit an item, so the translations of this "
        "unit have to be divided by hand",
        lambda unit: _is_list(unit) and not _is_glued(unit),
    ),
)


def _of_language(text: str, language: str, parts: Sequence[Part]) -> Iterator[Obstacle]:
    """Yield paragraphs in other letters than the page's language, and marks of direction."""
    foreign = tuple(_foreign_lines(text, language, parts))
    if foreign:
        message = f"words in other letters than those of the page's language ({language})"
        yield Obstacle("mixed-languages", foreign, f"{message}: two languages on one page?")
    marks = tuple(part.line for part in parts if bidi.controls_in(part.title))
    if marks:
        message = "headings with invisible direction marks: they count as the same without"
        yield Obstacle("direction-marks", marks, message)


def _foreign_lines(text: str, language: str, parts: Sequence[Part]) -> Iterator[int]:
    start = parts[0].start if parts else 0
    number = line_of(text, start)
    for line in text[start:].split("\n"):
        if is_foreign(line, language):
            yield number
        number += 1


def is_foreign(line: str, language: str) -> bool:
    """Tell whether a line has a sentence in other letters than a language's."""
    words = _MARKUP.sub(" ", line)
    foreign = letters.foreign_words(words, "", language).split()
    return sum(not word[0].isupper() for word in foreign) >= LEAST_FOREIGN_WORDS

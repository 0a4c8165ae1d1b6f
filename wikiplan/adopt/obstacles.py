"""What keeps a page from being managed, found in its text alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from wikiplan.l10n import scripts
from wikiplan.translate import PageUnit, ParseError, markup
from wikiplan.value import Value
from wikiplan.wikitext import Part, line_of

MOST_SHOWN = 5
"""Lines that one obstacle names; it counts the others."""
LEAST_FOREIGN_WORDS = 3
"""So many words in other letters, beside names with a capital, are a sentence."""

_OLD_VARIABLE = re.compile(r"<tvar\|", re.IGNORECASE)
_MARKUP = re.compile(
    r"\[\[[^\[\]|]*\]\]|\[\[[^\[\]|]*\||\]\]|\[?https?://\S+|\{\{[^{}]*\}\}|<[^<>]*>"
)


class Obstacle(Value):
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
        page = markup.parse(text)
    except ParseError as error:
        return (Obstacle(error.code, (error.line,), _words(error), stops=True),)
    found = list(_of_language(text, language, parts))
    if not page.has_markup:
        return tuple(found)
    errors = markup.mark_errors(page, title)
    refused = [Obstacle(each.code, (each.line,), _words(each)) for each in errors]
    return (*refused, *_of_units(page.units), *found)


def _words(error: ParseError) -> str:
    """Return an error's message without the line that an obstacle names itself."""
    return str(error).removeprefix(f"line {error.line}: ").removeprefix(f"line {error.line}, ")


def _of_units(units: Sequence[PageUnit]) -> Iterator[Obstacle]:
    for code, message, wrong in _UNIT_FAULTS:
        lines = tuple(unit.line for unit in units if wrong(unit))
        if lines:
            yield Obstacle(code, lines, message)


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
)


def _of_language(text: str, language: str, parts: Sequence[Part]) -> Iterator[Obstacle]:
    """Yield paragraphs in other letters than the page's language, and marks of direction."""
    foreign = tuple(_foreign_lines(text, language, parts))
    if foreign:
        message = f"words in other letters than those of the page's language ({language})"
        yield Obstacle("mixed-languages", foreign, f"{message}: two languages on one page?")
    marks = tuple(part.line for part in parts if scripts.controls_in(part.title))
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
    foreign = scripts.foreign_words(words, "", language).split()
    return sum(not word[0].isupper() for word in foreign) >= LEAST_FOREIGN_WORDS


# Orphans: translations whose unit left the page, and which of them its text can have again.
#
# A unit that comes back under its old id finds its translations again, and the wiki shows them as
# current, whatever the unit's text is then (fact 1.7). So only a marker before the same text is a
# rescue; a text that changed has to be marked once as it was.


LEAST_LIKENESS = 0.75
"""From this ratio on (difflib's) a text is an orphan's text that was changed."""


class Chance(StrEnum):
    """What can become of an orphan's translations."""

    SAME_TEXT = "same text"
    OTHER_ID = "other id"
    CHANGED = "changed"
    GONE = "gone"


class Orphan(Value):
    """A unit that left: its id, its last text as translators saw it, who translated it.

    ``line`` is where its text stands now, 0 where it does not, ``now`` the id that it has there.
    """

    id: str
    text: str
    languages: tuple[str, ...]
    chance: Chance
    line: int = 0
    now: str = ""

    def __str__(self) -> str:
        told = f"unit {self.id} left the page, with translations into {', '.join(self.languages)}"
        return f"{told}: {_ADVICE[self.chance].format(orphan=self)}"


_ADVICE = {
    Chance.SAME_TEXT: "its text stands on line {orphan.line} without a marker; put "
    "<!--T:{orphan.id}--> back there, and they count again",
    Chance.OTHER_ID: "its text stands on line {orphan.line} as unit {orphan.now}; give it "
    "<!--T:{orphan.id}--> again unless unit {orphan.now} has translations of its own",
    Chance.CHANGED: "line {orphan.line} reads like its text changed; mark it once as it was, with "
    "<!--T:{orphan.id}-->, and change it then: they turn outdated instead of lost",
    Chance.GONE: "its text does not stand on the page any more; they stay as pages of their own",
}


def orphans(
    units: Sequence[PageUnit],
    used: Mapping[str, str | None],
    translated: Mapping[str, Collection[str]],
) -> tuple[Orphan, ...]:
    """Return the translated units that left, by id.

    ``used`` has the last text of every id that the page ever had, as translators saw it,
    ``translated`` by language the ids with a current translation.
    """
    found = []
    for id, text in sorted(used.items(), key=lambda each: _by_number(each[0])):
        languages = tuple(code for code, ids in sorted(translated.items()) if id in ids)
        if languages and text is not None:
            found.append(_orphan(id, text, languages, units))
    return tuple(found)


def _by_number(id: str) -> tuple[int, str]:
    return (int(id), "") if id.isdecimal() else (-1, id)


def _orphan(id: str, text: str, languages: tuple[str, ...], units: Iterable[PageUnit]) -> Orphan:
    likest, most = None, 0.0
    for unit in units:
        now = markup.definition(unit).strip()
        if now == text.strip():
            chance = Chance.SAME_TEXT if unit.new else Chance.OTHER_ID
            return Orphan(id, text, languages, chance, unit.line, "" if unit.new else unit.id or "")
        likeness = _likeness(now, text) if unit.new else 0.0
        if likeness > most:
            likest, most = unit, likeness
    if likest and most >= LEAST_LIKENESS:
        return Orphan(id, text, languages, Chance.CHANGED, likest.line)
    return Orphan(id, text, languages, Chance.GONE)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LEAST_LIKENESS else 0.0

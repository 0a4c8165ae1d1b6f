"""The outline of a page: its lead and its headings, where each part ends, and what it holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from wikiplan.spans import Replacement, splice
from wikiplan.translate import MARKER, MARKER_END, tvars
from wikiplan.value import Value
from wikiplan.wikitext import positions, syntax
from wikiplan.wikitext.markers import line_of
from wikiplan.wikitext.positions import folded
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS
from wikiplan.wikitext.structure import TRANSLATE_TAG
from wikiplan.wikitext.syntax import Heading

LEAD = 0
"""The level of what stands before the first heading."""
FREE_TEXT = "text"
LEAST_TEAMS = 2

_UNIT_MARKER = re.compile(rf"{MARKER}[^\n]*?{MARKER_END}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ITEM = re.compile(r"^([*#]+)(?![*#])", re.MULTILINE)
_LINK = re.compile(r"\[\[:?([^\[\]|<>{}\n]+)")
_NO_TARGET = re.compile(r"(?:file|image|category)\s*:", re.IGNORECASE)
_MY_LANGUAGE = re.compile(r"Special:MyLanguage/", re.IGNORECASE)
_TABLE = re.compile(r"^[: \t]*\{\|", re.MULTILINE)
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
# No part of a date: 2011-12-05 are no two years.
_YEARS = re.compile(r"(?<!\d)(?<!\d[/.-])((?:19|20)\d\d)\s*[-/]\s*((?:19|20)?\d\d)(?![/.-]?\d)")
_FISCAL_YEAR = re.compile(r"(?<!\w)FY ?((?:20)?\d\d)(?!\d)")
_OPENING_DIV = re.compile(r"<div(?=[\s>])", re.IGNORECASE)
_OPENING_LINE = re.compile(r"<div(?:[ \t][^<>\n]*)?>[ \t]*", re.IGNORECASE)
_OFFICE_HOURS = re.compile(r"office[ _-]hours?|zonestamp", re.IGNORECASE)
_SAYS_KIND = {
    "mission": re.compile(
        r"\b(?:mission|purpose|what we do|what we are here for)\b", re.IGNORECASE
    ),
    "teams": re.compile(r"\bteams?\b", re.IGNORECASE),
    "priorities": re.compile(r"\bpriorit(?:y|ies)\b", re.IGNORECASE),
    "office-hours": _OFFICE_HOURS,
}
"""Words of an English heading that say what is below it."""
_LINKED_ITEM = re.compile(r"^\*\s*'*\[\[", re.MULTILINE)


class Shape(Value):
    """What a part holds, as far as it does not depend on its language.

    ``items`` counts list items by depth, ``links`` are targets without ``Special:MyLanguage/``,
    ``numbers`` are those of the heading.
    """

    words: int
    items: tuple[tuple[int, int], ...]
    links: frozenset[str]
    numbers: tuple[str, ...]
    table: bool


class Part(Value):
    """The lead, or a heading with all below it, subsections too.

    ``start`` is where it begins, ``limit`` where what follows it begins, with what stands directly
    above that heading (or the page's closing lines), ``line`` is counted from 1. ``text`` is
    without translation's markup and comments.
    """

    level: int
    title: str
    start: int
    limit: int
    line: int
    text: str
    shape: Shape

    @property
    def shown(self) -> str:
        return self.title if self.level else "(the text before the first heading)"


def outline(text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS) -> tuple[Part, ...]:
    """Return the parts of a page; the lead is left out where there is none.

    Raises :class:`Refusal` (``too-complex``) for a page that no wiki would render.
    """
    headings = syntax.headings(text, extension_tags)
    starts = _starts(text, headings)
    tops = {at: positions.top_of_heading(text, start) for at, start in starts.items()}
    limit = tops[headings[0].start] if headings else positions.bottom(text)
    start = positions.top(text)
    start += len(text[start:limit]) - len(text[start:limit].lstrip())
    parts = []
    if plain(text[start:limit]).strip():
        parts.append(_part(text, LEAD, "", start, limit))
    for heading in headings:
        end = positions.section_end(text, heading, headings)
        span = starts[heading.start], tops.get(end, end)
        parts.append(_part(text, heading.level, heading.text, *span))
    return tuple(parts)


def plain(text: str) -> str:
    """Return wikitext without translate tags, unit markers and comments, variables filled in."""
    text = TRANSLATE_TAG.sub("", _UNIT_MARKER.sub("", text))
    values = (Replacement(each.start, each.stop, each.value) for each in tvars.variables(text))
    return _COMMENT.sub("", splice(text, values))


def kind_of(part: Part) -> str:
    """Return the section kind (the template) that a part looks made for.

    A shape alone says little: a paragraph below a heading may be a mission, or an address.
    """
    depths = dict(part.shape.items)
    if not part.level:
        return FREE_TEXT if depths or part.shape.table else "overview"
    if part.shape.table:
        return FREE_TEXT
    if _is_about_office_hours(part):
        return "office-hours"
    if depths.get(1) and depths.get(2):
        return "priorities"
    if depths.get(1, 0) >= LEAST_TEAMS and len(_LINKED_ITEM.findall(part.text)) == depths[1]:
        return "teams" if says(part.title, "teams") else FREE_TEXT
    return "mission" if not depths and says(part.title, "mission") else FREE_TEXT


def says(heading: str, kind: str) -> bool:
    """Tell whether a heading's words name a section kind."""
    return kind in _SAYS_KIND and bool(_SAYS_KIND[kind].search(heading))


def _is_about_office_hours(part: Part) -> bool:
    if _OFFICE_HOURS.search(part.title):
        return True
    return 2 not in dict(part.shape.items) and any(map(_OFFICE_HOURS.search, part.shape.links))


def fiscal_year(words: str) -> str:
    """Return the fiscal year of a heading as ``2020-2021``: two years of which one follows the
    other, the second perhaps in two digits, or ``FY21``. Empty when it names none.
    """
    for found in _YEARS.finditer(folded(words)):
        first = int(found[1])
        if found[2] in (str(first + 1), f"{(first + 1) % 100:02}"):
            return f"{first}-{first + 1}"
    if short := _FISCAL_YEAR.search(words):
        last = int(short[1]) + 2000 * (len(short[1]) == 2)
        return f"{last - 1}-{last}"
    return ""


def _starts(text: str, headings: Sequence[Heading]) -> dict[int, int]:
    """Return where the part of each heading starts, by the heading's own offset.

    ``<div lang=…>`` on the line above belongs to it where it ends with it.
    """
    starts: dict[int, int] = {}
    for heading in reversed(headings):
        end = positions.section_end(text, heading, headings)
        start = _with_opening_lines(text, heading.start)
        whole = text[start : starts.get(end, end)]
        balanced = len(_OPENING_DIV.findall(whole)) == whole.lower().count("</div")
        starts[heading.start] = start if balanced else heading.start
    return starts


def _with_opening_lines(text: str, start: int) -> int:
    """Return where the highest ``<div …>`` of those directly above a heading begins."""
    for line in positions.lines_above(text, start):
        if _OPENING_LINE.fullmatch(text, *line):
            start = line[0]
        elif not positions.ABOVE_HEADING.fullmatch(text, *line):
            break
    return start


def _part(text: str, level: int, title: str, start: int, limit: int) -> Part:
    shown = plain(text[start:limit]).strip()
    return Part(level, title, start, limit, line_of(text, start), shown, _shape(title, shown))


def _shape(title: str, text: str) -> Shape:
    depths = Counter(len(signs) for signs in _ITEM.findall(text))
    return Shape(
        words=len(_WORDS.findall(text)),
        items=tuple(sorted(depths.items())),
        links=frozenset(_targets(text)),
        numbers=tuple(_NUMBER.findall(folded(title))),
        table=bool(_TABLE.search(text)),
    )


def _targets(text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        if not _NO_TARGET.match(link):
            yield _MY_LANGUAGE.sub("", link).replace("_", " ").strip()


# Which part of a language version is the counterpart of which part of the page.
#
# Headings are in other words there. What stays the same is where links lead, the numbers in a
# heading, and the order of the levels where nothing was added or left out. A counterpart that
# this does not show is not guessed: an older generation of a page may have other parts.


LEAST_COMMON_LINKS = 0.5
"""The share of all link targets of two parts that both must have, to be known by their links."""
FEW_COMMON_LINKS = 0.2
"""Below this share two parts with links are not the same, though their places in the page are."""
MOST_PAIRS = 250_000
"""Parts of the one version times parts of the other; no page has so many that reads well."""


class Counterpart(Value):
    """``index`` is that of the part in the other version; ``evidence`` says how it is known."""

    index: int
    evidence: str


def counterparts(page: Sequence[Part], other: Sequence[Part]) -> Mapping[int, Counterpart]:
    """Return the counterpart of each part of ``page``, by its index, as far as one is certain."""
    if len(page) * len(other) > MOST_PAIRS:
        return {}
    found = _by_evidence(page, other)
    if [part.level for part in page] != [part.level for part in other]:
        return found
    in_order = all(index == each.index for index, each in found.items())
    if not in_order or any(map(_contradict, page, other)):
        return found
    return {index: Counterpart(index, "the same outline") for index in range(len(page))} | found


def common_links(one: Shape, other: Shape) -> float:
    """Return which share of both parts' link targets they have in common; 0 without links."""
    every = one.links | other.links
    return len(one.links & other.links) / len(every) if every else 0.0


def _by_evidence(page: Sequence[Part], other: Sequence[Part]) -> dict[int, Counterpart]:
    """Return the pairs of which each is the other's best, wherever they stand."""
    likeness = [[_likeness(one, another) for another in other] for one in page]
    columns = [list(column) for column in zip(*likeness, strict=True)]
    found = {}
    for index, row in enumerate(likeness):
        there = _best(row)
        if there is not None and _best(columns[there]) == index:
            found[index] = Counterpart(there, _evidence(page[index], other[there]))
    return found


def _best(likeness: Sequence[float]) -> int | None:
    """Return the index of what is most alike, None where that is nothing or not one alone."""
    most = max(likeness, default=0.0)
    return likeness.index(most) if most > 0 and likeness.count(most) == 1 else None


def _likeness(one: Part, other: Part) -> float:
    if one.level != other.level or _contradict(one, other) or not _evidence(one, other):
        return 0.0
    same = folded(one.title) == folded(other.title)
    numbers = bool(one.shape.numbers) and one.shape.numbers == other.shape.numbers
    return 1.0 + 2.0 * same + numbers + common_links(one.shape, other.shape)


def _evidence(one: Part, other: Part) -> str:
    """Return by what two parts are known to be the same, wherever they stand."""
    if one.level == other.level == LEAD:
        return "both are the lead"
    if folded(one.title) == folded(other.title):
        return "the same heading"
    if common_links(one.shape, other.shape) >= LEAST_COMMON_LINKS:
        return "the same links"
    if one.shape.numbers and one.shape.numbers == other.shape.numbers:
        return "the same numbers in the heading"
    return ""


def _contradict(one: Part, other: Part) -> bool:
    """Tell whether two parts cannot be the same: another year, or links to elsewhere."""
    if one.level == LEAD:
        return False
    if one.shape.numbers and other.shape.numbers and one.shape.numbers != other.shape.numbers:
        return True
    both_link = len(one.shape.links) > 1 and len(other.shape.links) > 1
    return both_link and common_links(one.shape, other.shape) < FEW_COMMON_LINKS

"""Where on a page a new section goes, in the words of ``pages.yaml``.

``top``: at the very top, but behind a leading ``<languages/>``. ``bottom``: at the end, but before
the closing lines that hold nothing but categories, ``{{DEFAULTSORT:…}}``, links to other languages
and comments. ``{after: HEADING}``: behind that heading's section, its subsections included.
``{before: HEADING}``: on the line above it. ``{after-section: NAME}``: behind the end marker of
that managed section. A place within another section's pair of markers is moved out of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from wikiplan.errors import MISSING_HEADING, UNFIT_PLACE, did_you_mean
from wikiplan.value import Value
from wikiplan.wikitext import syntax
from wikiplan.wikitext.markers import SectionError, line_of
from wikiplan.wikitext.scanner import RegionKind, regions
from wikiplan.wikitext.structure import TRANSLATE_TAG
from wikiplan.wikitext.syntax import Heading

# Finding a heading by its words: exactly, or but for differences that a reader would not see.
#
# The folding: dashes of all lengths, digits of other scripts, white space, invisible characters
# such as direction marks, and case. What differs is always named.


DOUBLED_HEADING = "doubled-heading"

MOST_COMPARED = 500
"""Headings among which a misspelt one is looked for."""


class Match(Value):
    """A heading that was found; ``differences`` name what was folded away, if anything."""

    heading: Heading
    differences: tuple[str, ...] = ()


def match_heading(text: str, name: str, wanted: str, headings: Sequence[Heading]) -> Match:
    """Return the heading of ``text`` that section ``name`` wants: an exact one goes before others.

    Raises :class:`SectionError` ``missing-heading`` or ``doubled-heading``.
    """
    words = " ".join(wanted.split())
    found = [Match(heading) for heading in headings if heading.text == words]
    found = found or list(_folded_matches(wanted, headings))
    if len(found) == 1:
        return found[0]
    if found:
        raise doubled(text, name, wanted, [each.heading for each in found])
    hint = did_you_mean(wanted, (heading.text for heading in headings[:MOST_COMPARED]))
    raise missing_heading(name, wanted, f" ({hint})" if hint else _hidden(text, wanted))


def heading_differences(some: str, other: str) -> tuple[str, ...]:
    """Return in what two texts differ that a reader would call the same; empty if they differ."""
    if folded(some) != folded(other):
        return ()
    return tuple(kind for kind in _FOLDS if folded(some, kind) != folded(other, kind)) or (
        "spelling",
    )


def folded(text: str, kept: str = "") -> str:
    """Return ``text`` without the differences that do not matter, but for one kind of them."""
    for kind, fold in _FOLDS.items():
        if kind != kept:
            text = fold(text)
    return text


def doubled(text: str, name: str, wanted: str, found: Iterable[Heading]) -> SectionError:
    lines = ", ".join(str(line_of(text, heading.start)) for heading in found)
    message = f"section {name}: the page has the heading “{wanted}” more than once (lines {lines})"
    advice = "make one differ, or choose another heading"
    return SectionError(DOUBLED_HEADING, f"{message}; {advice}")


def missing_heading(name: str, wanted: str, hint: str) -> SectionError:
    message = f"section {name}: the page has no heading “{wanted}”{hint}"
    return SectionError(MISSING_HEADING, f"{message}; mend the name or the page")


def _folded_matches(wanted: str, headings: Sequence[Heading]) -> Iterator[Match]:
    for heading in headings:
        if different := heading_differences(wanted, heading.text):
            yield Match(heading, different)


_HEADING_LINE = re.compile(
    r"^(?:<[^<>\n]*>)*={1,6}[ \t]*([^\n]*?)[ \t]*=+[ \t]*(?:<[^\n]*)?$", re.MULTILINE
)


def _hidden(text: str, wanted: str) -> str:
    """Say where a line looks like the heading and is none."""
    for line in _HEADING_LINE.finditer(text):
        if folded(line[1]) == folded(wanted):
            number = line_of(text, line.start())
            return f": line {number} stands inside of a template, a tag or a comment, or behind one"
    return ""


def _without_invisible(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def _plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_FOLDS: dict[str, Callable[[str], str]] = {
    "dashes": lambda text: _DASHES.sub("-", text),
    "digits": _plain_digits,
    "white space": lambda text: " ".join(text.split()),
    "invisible characters": _without_invisible,
    "case": str.casefold,
}


# What stands directly above a heading and is the heading's: where links to it lead, and remarks.


# A template of its own lines may also end what stands above; one that names a place does not.
_ANCHOR = (
    r"<(?:span|div)\s+id\s*=[^<>\n]*(?:/>|>[ \t]*</(?:span|div)>)"
    r"|\{\{\s*(?:visible )?(?:anchors?|anker|ancre|ancla|ancora|âncora|ankare|ankkuri|kotwica|"
    r"horgony|якорь|якір|عنوان الرابط|لنگر|锚点|錨點|アンカー|앵커)\s*\|[^{}\n]*\}\}"
    r"|<!--(?!\s*wikiplan:|T:)(?:(?!-->)[^\n])*-->"
)
ABOVE_HEADING = re.compile(rf"(?:(?:{_ANCHOR})[ \t]*)+", re.IGNORECASE)
"""A line that belongs to the heading directly below it."""
_BEGIN_MARKER = re.compile(r"<!--\s*wikiplan:begin\b[^\n]*-->[ \t]*")
_CALL_ALONE = re.compile(r"\{\{[^{}\n]*\}\}[ \t]*")
_OPENING_TAG = re.compile(r"<translate(?: nowrap)?>[ \t]*")


def top_of_heading(text: str, start: int) -> int:
    """Return where the lines begin that belong to the heading at ``start``, and stand above it.

    The marker of a section that begins with the heading is one of them.
    """
    found = start
    for line in lines_above(text, start):
        if ABOVE_HEADING.fullmatch(text, *line) or _BEGIN_MARKER.fullmatch(text, *line):
            found = line[0]
        elif _CALL_ALONE.fullmatch(text, *line):
            apart = line[0] == 0 or text.endswith("\n\n", 0, line[0])
            return line[0] if apart else found
        elif not _OPENING_TAG.fullmatch(text, *line):
            break
    return found


def lines_above(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield start and stop of the lines above the one that begins at ``start``, nearest first."""
    while start > 0 and text[start - 1] == "\n":
        stop = start - 1
        start = text.rfind("\n", 0, stop) + 1
        yield start, stop


# Where on a page a new section goes, in the words of ``pages.yaml``.


Where = str | Mapping[str, str]

_LANGUAGES = re.compile(r"\s*<languages\s*/?>[ \t]*\n?", re.IGNORECASE)
# Possessive throughout (``*+``): a line of 2 MB must not fill the memory with ways back.
_CLOSING_LINE = re.compile(
    r"(?:\s++|<!--(?:(?!-->|wikiplan).)*+-->"
    r"|\[\[\s*category\s*:[^\[\]\n]*+\]\]"
    r"|\[\[[a-z]{2,3}(?:-[a-z0-9-]{1,20})?:[^\[\]\n]*+\]\]"
    r"|\{\{\s*DEFAULTSORT\s*:[^{}\n]*+\}\})*+",
    re.IGNORECASE,
)


class Pair(NamedTuple):
    """A managed section from the line of its begin marker to that of its end marker."""

    name: str
    start: int
    stop: int

    def holds(self, position: int) -> bool:
        return self.start < position < self.stop


def offset(
    text: str,
    name: str,
    where: Where,
    extension_tags: frozenset[str],
    pairs: Sequence[Pair] = (),
) -> int:
    """Return where section ``name`` goes. Raises :class:`SectionError`."""
    if where == "top":
        found = top(text)
    elif where == "bottom":
        found = bottom(text)
    elif isinstance(where, str):
        raise ValueError(f"no place for a section: {where!r}")
    else:
        ((side, wanted),) = where.items()
        if side == "after-section":
            found = _behind(name, wanted, pairs)
        else:
            headings = syntax.headings(text, extension_tags)
            heading = _heading(text, name, wanted, headings)
            found = _at_heading(text, heading, headings, side, pairs)
    found = _outside_translate(text, name, found)
    _refuse_inside(text, name, found, extension_tags)
    return found


def _behind(name: str, other: str, pairs: Sequence[Pair]) -> int:
    """Return where the pair of another section ends."""
    for pair in pairs:
        if pair.name == other:
            return pair.stop
    known = [pair.name for pair in pairs]
    hint = did_you_mean(other, known) or "put its markers in first, or choose another place"
    message = f"section {name}: the page has no section {other}, behind which it is to stand"
    raise SectionError(MISSING_HEADING, f"{message}; {hint}")


def _at_heading(
    text: str, heading: Heading, headings: Sequence[Heading], side: str, pairs: Sequence[Pair]
) -> int:
    """Return the place above a heading or behind its section, outside of all pairs.

    A pair that begins in the section and ends behind it is not the section's.
    """
    before = side == "before"
    found = heading.start if before else section_end(text, heading, headings)
    for pair in pairs:
        if pair.holds(found):
            whole = not before and pair.holds(heading.start)
            return pair.stop if whole else top_of_heading(text, pair.start)
    return top_of_heading(text, found)


def counterpart(headings: Sequence[Heading], others: Sequence[Heading], wanted: str) -> str | None:
    """Return what a heading of one page is called on another, which must have headings alike."""
    words = " ".join(wanted.split())
    found = [at for at, heading in enumerate(headings) if heading.text == words]
    if len(found) != 1 or [h.level for h in headings] != [h.level for h in others]:
        return None
    return others[found[0]].text


def blank_lines(text: str, position: int) -> tuple[str, str]:
    """Return the newlines that put one blank line on both sides of a text put in there."""
    before, after = text[:position], text[position:]
    above = len(before) - len(before.rstrip("\n"))
    below = len(after) - len(after.lstrip("\n"))
    return (
        "\n" * max(0, 2 - above) if before.strip() else "",
        "\n" * max(0, 2 - below) if after.strip() else "",
    )


def top(text: str) -> int:
    """Return where a page begins, behind a leading ``<languages/>``."""
    languages = _LANGUAGES.match(text)
    return languages.end() if languages else 0


def bottom(text: str) -> int:
    """Return the end of the last line that is no closing line."""
    stop = len(text)
    while stop > 0:
        start = text.rfind("\n", 0, stop) + 1
        if not _CLOSING_LINE.fullmatch(text, start, stop):
            return stop
        stop = start - 1
    return 0


def section_end(text: str, heading: Heading, headings: Sequence[Heading]) -> int:
    """Return where the next heading of the same or a higher level begins, or the page's bottom."""
    for following in headings:
        if following.start > heading.start and following.level <= heading.level:
            return following.start
    return max(heading.stop, bottom(text))


def _outside_translate(text: str, name: str, position: int) -> int:
    """Return the position, moved out of ``<translate>…</translate>`` where only blanks part them.

    Markers inside of it would become a part of a translation unit.
    """
    for opening, closing in _translate_tags(text):
        if opening.start() < position < closing.end():
            if not text[opening.end() : position].strip():
                return opening.start()
            if not text[position : closing.start()].strip():
                return closing.end()
            raise SectionError(
                UNFIT_PLACE,
                f"section {name}: it would go into the middle of the text for translation on line "
                f"{line_of(text, position)}; end <translate> before it, or choose another place",
            )
    return position


def _translate_tags(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Yield the tags around each text for translation; one that opens within it opens nothing."""
    opening = None
    for tag in TRANSLATE_TAG.finditer(text):
        if not tag[0].startswith("</"):
            opening = opening or tag
        elif opening:
            yield opening, tag
            opening = None


def _refuse_inside(text: str, name: str, position: int, extension_tags: frozenset[str]) -> None:
    """Refuse a place inside of a comment or tag; one that nothing closes goes on to the end."""
    for region in regions(text, extension_tags):
        closed = text.endswith("-->" if region.kind is RegionKind.COMMENT else ">")
        inside = position < region.stop or (region.stop == len(text) and not closed)
        if region.start < position and inside and region.kind is not RegionKind.TEXT:
            what = "comment" if region.kind is RegionKind.COMMENT else "tag"
            raise SectionError(
                UNFIT_PLACE,
                f"section {name}: it would stand inside of the {what} that begins on line "
                f"{line_of(text, region.start)}; close that, or choose another place",
            )


# --- headings by their text ---


def _heading(text: str, name: str, wanted: str, headings: Sequence[Heading]) -> Heading:
    """Return the one heading that reads as wanted."""
    found = [heading for heading in headings if heading.text == " ".join(wanted.split(" "))]
    if len(found) == 1:
        return found[0]
    start = f"section {name}: the page has"
    if found:
        lines = ", ".join(str(line_of(text, heading.start)) for heading in found)
        message = f"{start} the heading “{wanted}” more than once (lines {lines}); make one differ"
        raise SectionError(DOUBLED_HEADING, f"{message}, or choose another heading in pages.yaml")
    hint = _similar_heading(text, wanted, headings)
    message = f"{start} no heading “{wanted}”{hint}; mend pages.yaml or the page"
    raise SectionError(MISSING_HEADING, message)


def _similar_heading(text: str, wanted: str, headings: Sequence[Heading]) -> str:
    for heading in headings:
        if different := heading_differences(wanted, heading.text):
            line = line_of(text, heading.start)
            return f", but “{heading.text}” on line {line}, with other {' and '.join(different)}"
    hint = did_you_mean(wanted, (heading.text for heading in headings[:500]))
    return f" ({hint})" if hint else ""

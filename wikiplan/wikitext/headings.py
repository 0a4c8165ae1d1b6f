"""Finding a heading by its words: exactly, or but for differences that a reader would not see.

The folding: dashes of all lengths, digits of other scripts, white space, invisible characters such
as direction marks, and case. What differs is always named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from wikiplan.near import did_you_mean
from wikiplan.wikitext.markers import SectionError, line_of
from wikiplan.wikitext.wikitext import Heading

MOST_COMPARED = 500
"""Headings among which a misspelt one is looked for."""


@dataclass(frozen=True, slots=True)
class Match:
    """A heading that was found; ``differences`` name what was folded away, if anything."""

    heading: Heading
    differences: tuple[str, ...] = ()


def match(text: str, name: str, wanted: str, headings: Sequence[Heading]) -> Match:
    """Return the heading of ``text`` that section ``name`` wants: an exact one goes before others.

    Raises :class:`SectionError` ``missing-heading`` or ``doubled-heading``.
    """
    words = " ".join(wanted.split(" "))
    found = [Match(heading) for heading in headings if heading.text == words]
    found = found or list(_folded_matches(wanted, headings))
    if len(found) == 1:
        return found[0]
    if found:
        raise doubled(text, name, wanted, [each.heading for each in found])
    hint = did_you_mean(wanted, (heading.text for heading in headings[:MOST_COMPARED]))
    raise missing(name, wanted, f" ({hint})" if hint else _hidden(text, wanted))


def differences(some: str, other: str) -> tuple[str, ...]:
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
    return SectionError("doubled-heading", f"{message}; {advice}")


def missing(name: str, wanted: str, hint: str) -> SectionError:
    message = f"section {name}: the page has no heading “{wanted}”{hint}"
    return SectionError("missing-heading", f"{message}; mend the name or the page")


def _folded_matches(wanted: str, headings: Sequence[Heading]) -> Iterator[Match]:
    for heading in headings:
        if different := differences(wanted, heading.text):
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

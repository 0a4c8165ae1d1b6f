"""What `-section:NAME=HEADING` chooses: a part of a page, or its counterpart in a version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wikiplan.errors import WikiplanError
from wikiplan.l10n import languages
from wikiplan.wikitext import headings, markers, wikitext
from wikiplan.wikitext.counterparts import Counterpart
from wikiplan.wikitext.markers import SectionError
from wikiplan.wikitext.outline import LEAD, Part

_NAME = re.compile(rf"({markers.NAME})(?:/([a-z][a-z0-9-]*))?")
_HOW = "write -section:NAME=HEADING, such as “-section:mission=What we do”"


@dataclass(frozen=True, slots=True)
class Choice:
    """One ``-section:NAME=HEADING``; an empty heading is the text before the first one.

    ``language`` is that of ``NAME/CODE=HEADING``, empty for the page itself.
    """

    name: str
    heading: str
    language: str = ""


def parse(given: Iterable[str]) -> tuple[Choice, ...]:
    """Return the choices of the ``-section:`` options. Raises :class:`WikiplanError`."""
    found = []
    for each in given:
        name, equals, heading = each.partition("=")
        words = _NAME.fullmatch(name.strip())
        if not equals or not words:
            wrong = "names no heading" if words else "is no name for a section"
            raise WikiplanError(f"-section:{each}: {wrong}; {_HOW}")
        if words[2]:
            languages.get(words[2])
        found.append(Choice(words[1], heading.strip(), words[2] or ""))
    return tuple(found)


def by_heading(text: str, choice: Choice, parts: Sequence[Part]) -> tuple[Part, str]:
    """Return the part that is chosen, and what a person should know about it.

    Raises :class:`SectionError` as ``wikitext.headings.match`` does.
    """
    if not choice.heading:
        if parts and parts[0].level == LEAD:
            return parts[0], ""
        message = f"section {choice.name}: the page has no text before its first heading"
        raise SectionError("missing-heading", f"{message}; name a heading")
    known = [
        wikitext.Heading(part.level, part.title, part.start, part.limit)
        for part in parts
        if part.level != LEAD
    ]
    match = headings.match(text, choice.name, choice.heading, known)
    part = next(part for part in parts if part.start == match.heading.start and part.level)
    if not match.differences:
        return part, ""
    other = " and ".join(match.differences)
    line = f"line {part.line}"
    return part, f"“{choice.heading}” is “{part.title}” on {line}, with other {other}"


def aligned(
    choice: Choice,
    part: Part,
    language: str,
    known: Counterpart | None,
    parts: Sequence[Part],
) -> tuple[Part, str]:
    """Return the counterpart of ``part`` among the parts of a version, and how it is known.

    Raises :class:`SectionError` (``no-counterpart``).
    """
    if known is None:
        raise SectionError(
            "no-counterpart",
            f"section {choice.name}: it is not certain what on this page is “{part.shown}”; say "
            f"“-section:{choice.name}/{language}=HEADING”, or mark this language on its own with "
            f"the sections that it has (-language:{language})",
        )
    theirs = parts[known.index]
    return theirs, f"{choice.name} is “{theirs.shown}” ({known.evidence})"

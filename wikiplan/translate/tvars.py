"""Variables in a unit's wikitext: ``<tvar name=x>…</tvar>``, and ``<tvar|x>…</>`` of old pages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_CANDIDATE = re.compile(r"<tvar(?=[\s|])", re.IGNORECASE | re.ASCII)
_OPENING = re.compile(
    r"""<tvar\s+name=(?:"([^"]*)"|'([^']*)'|([^"'\s>]+))\s*>""", re.IGNORECASE | re.ASCII
)
_CLOSING = re.compile(r"</tvar\s*>", re.IGNORECASE | re.ASCII)
_OLD_OPENING = re.compile(r"<tvar\|([^>]+)>")
_OLD_CLOSING = re.compile("</>")


@dataclass(frozen=True, slots=True)
class Variable:
    """A stretch ``[start, stop)`` of a unit's text that translators see as ``$name``."""

    name: str
    value: str
    start: int
    stop: int


def variables(text: str) -> tuple[Variable, ...]:
    """Return the variables of a unit's raw text in their order; they do not nest."""
    return tuple(_find(text)) if _CANDIDATE.search(text) else ()


def definition(text: str) -> str:
    """Return a unit's raw text as translators see it, with ``$name`` for each variable."""
    parts: list[str] = []
    at = 0
    for variable in variables(text):
        parts += text[at : variable.start], f"${variable.name}"
        at = variable.stop
    return "".join(parts) + text[at:]


def _find(text: str) -> Iterator[Variable]:
    # Closing tags are looked for once, not once for each of thousands of unclosed opening tags.
    closings, old_closings = (list(tag.finditer(text)) for tag in (_CLOSING, _OLD_CLOSING))
    at = 0
    while candidate := _CANDIDATE.search(text, at):
        start, at = candidate.span()
        old = text[at] == "|"
        ahead = old_closings if old else closings
        if not (opening := _opening(text, start, old, ahead)):
            continue
        if closing := _next(ahead, opening.end()):
            at = closing.end()
            value = text[opening.end() : closing.start()]
            yield Variable(opening[opening.lastindex or 0], value, start, at)
        elif old:
            at = opening.end()


def _opening(text: str, start: int, old: bool, ahead: list[re.Match[str]]) -> re.Match[str] | None:
    if not _next(ahead, start):
        return None
    return (_OLD_OPENING if old else _OPENING).match(text, start)


def _next(tags: list[re.Match[str]], at: int) -> re.Match[str] | None:
    index = bisect_left(tags, at, key=lambda tag: tag.start())
    return tags[index] if index < len(tags) else None

"""Pictures and galleries of a wikitext as boxes with their words, and what stands below them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from wikiplan.report import webpage
from wikiplan.spans import Replacement, splice

MOST_OPEN = 20
"""Links in one another; of what is deeper nothing is made."""

_PICTURE = re.compile(r"\[\[ *(?:file|image) *:", re.IGNORECASE)
_BRACKETS = re.compile(r"\[\[|\]\]")
_SIGNS = re.compile(r"(\[\[|\]\]|\{\{|\}\}|\|)")
_OPTION = re.compile(
    r"frameless|border|left|right|center|none|\d*(?:x\d*)?px|upright(?:=.*)?|baseline|sub|super"
    r"|(?:alt|link|lang|page|class|thumb)=.*|(?:text-)?(?:top|bottom)|middle"
    r"|thumb|thumbnail|frame|framed",
    re.DOTALL,
)
_THUMB = frozenset({"thumb", "thumbnail", "frame", "framed"})


def in_html(text: str) -> str:
    """Return a wikitext without comments and extension tags with boxes for its pictures.

    Of other links that have a link in them only the inner one is a link.
    """
    found: list[Replacement] = []
    begun: list[tuple[int, int]] = []  # where, and how many were found before
    inner = -1  # where the last link begins that ended
    for each in _BRACKETS.finditer(text):
        if each[0] == "[[":
            begun.append((each.start(), len(found)))
        elif begun:
            is_shallow = len(begun) < MOST_OPEN
            start, known = begun.pop()
            if is_shallow and _PICTURE.match(text, start):
                picture = _picture(text[start + 2 : each.start()])
                found[known:] = [Replacement(start, each.end(), picture)]
            elif inner > start:
                found += (_as_text(text, at) for at in (start, each.start()))
            inner = start
    return splice(text, found)


def _as_text(text: str, start: int) -> Replacement:
    return Replacement(start, start + 2, f"<nowiki>{text[start : start + 2]}</nowiki>")


def gallery(text: str) -> str:
    """Return what is within a gallery's tags as a list."""
    lines = (_options(line) for line in text.split("\n") if line.strip())
    items = (f"<li>{_box(name, options)} {_words(options)}</li>" for name, *options in lines)
    return f'<ul class="gallery">{"".join(items)}</ul>'


def _picture(text: str) -> str:
    name, *options = _options(text)
    box = _box(name, options)
    if not _THUMB.intersection(options):
        return box
    below = f'<div class="thumbcaption">{_words(options)}</div>'
    return f'<div class="thumb">{box}{below}</div>'


def _box(name: str, options: Sequence[str]) -> str:
    said = next((each[4:] for each in options if each.startswith("alt=")), "")
    label = html.escape(said or name.partition(":")[2].strip() or name)
    return webpage.PICTURE.format(label=label, size="", words=label)


def _words(options: Sequence[str]) -> str:
    """Return what stands below a picture: the last of what is no option."""
    return next((each for each in reversed(options) if not _OPTION.fullmatch(each)), "")


def _options(text: str) -> list[str]:
    """Return what stands between bars, but for those within a link or a call."""
    options, depth = [""], 0
    for each in _SIGNS.split(text):
        depth += (each in ("[[", "{{")) - (each in ("]]", "}}"))
        if each == "|" and not depth:
            options.append("")
        else:
            options[-1] += each
    return [each.strip() for each in options]

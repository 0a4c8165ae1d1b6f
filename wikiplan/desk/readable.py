"""A wikitext made readable for pandoc: what its reader refuses or drops is spelled otherwise.

Calls become boxes with their names, tables HTML, pictures boxes with their words, notes numbers
and a list of what they say. What shows nothing goes.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from itertools import count

from wikiplan.desk import wikipictures, wikitables
from wikiplan.spans import Replacement, splice
from wikiplan.wikitext import Region, RegionKind, regions, syntax

_BOX = '<span class="wikiplan-call">{name}</span>'
_READ = frozenset({"math", "nowiki", "pre", "source", "syntaxhighlight"})
"""Extension tags that pandoc reads itself."""
_SILENT = frozenset(
    "includeonly indicator languages noinclude onlyinclude section templatedata "
    "templatestyles".split()
)
_TAG = re.compile(r"<(\w+)([^>]*?)(?:/>|>(.*?)(?:</\w+\s*>)?)\Z", re.DOTALL)
_GIVEN = re.compile(r"""\b(name|group)\s*=\s*("[^"]*"|'[^']*'|[^\s"'/>]+)""")
_LONE_END = re.compile(r"</(?=(?:ref|references|nowiki|pre|gallery|math|syntaxhighlight)\s*>)")
_NOT_SHOWN = re.compile(r"__[A-Z]+__|\[\[ *[Cc]ategory *:[^\[\]]*\]\]")
# Pandoc takes letters of any script behind a link into it, wikis in English only these.
_LINK_END = re.compile(r"\]\]([a-z]*)(?=[^\W\d_a-z])")
_BARE = re.compile(r"(?<!\[)\[((?:https?:)?//[^\s\[\]<>|]+) *\]")
_COLON = re.compile(r"\[\[ *:([^\[\]|]*)\]\]")
_HIDDEN = re.compile("\ue000([0-9]+)\ue001")
_NO_HIDING = str.maketrans("", "", "\ue000\ue001")


def readable(text: str) -> str:
    """Return the text for pandoc. Raises :class:`Refusal` (``too-complex``)."""
    reading = _Reading()
    return f"{reading.part(text.translate(_NO_HIDING))}\n{reading.listed('')}"


class _Reading:
    """Reads a page from its beginning to its end: notes are numbered as they come."""

    def __init__(self) -> None:
        self._notes: dict[str, dict[str, str]] = defaultdict(dict)
        """By group, and by name, those that no list has yet."""
        self._numbers: dict[str, dict[str, int]] = defaultdict(dict)
        self._links = count(1)
        """Addresses without words get numbers, too."""

    def part(self, text: str) -> str:
        """Return a part that is read by itself, as all of the page or a note is."""
        found = [each for each in regions(text) if each.kind is not RegionKind.TEXT]
        tags = [text[each.start : each.stop] for each in found]
        hidden = splice(text, (_hidden(number, each) for number, each in enumerate(found)))
        plain = _NOT_SHOWN.sub("", _LONE_END.sub("&lt;/", syntax.with_calls(hidden, _box)))
        plain = wikitables.in_html(wikipictures.in_html(plain))
        plain = _LINK_END.sub(r"]]\1<nowiki/>", _COLON.sub(r"[[\1]]", plain))
        plain = _BARE.sub(lambda link: f"[{link[1]} &#91;{next(self._links)}&#93;]", plain)
        return _HIDDEN.sub(lambda sign: self._shown(tags[int(sign[1])]), plain)

    def _shown(self, text: str) -> str:
        """Return what stands for a comment or an extension's tag."""
        tag = _TAG.match(text)
        name = tag[1].lower() if tag else ""
        if tag is None or name in _SILENT:
            return ""
        given = {key: value.strip("\"'") for key, value in _GIVEN.findall(tag[2])}
        group, inside = given.get("group", ""), tag[3] or ""
        match name:
            case "ref":
                return self._note(group, given.get("name", ""), inside)
            case "references":
                self.part(inside)
                return self.listed(group)
            case "gallery":
                return self.part(wikipictures.gallery(inside))
        return text if name in _READ else _box(f"<{name}>")

    def _note(self, group: str, name: str, text: str) -> str:
        """Return the number of a note, as a link."""
        notes, numbers = self._notes[group], self._numbers[group]
        key = name or f"\n{len(numbers)}"  # no name has a line break
        number = numbers.setdefault(key, len(numbers) + 1)
        notes[key] = notes.get(key) or self.part(text)
        return f"<sup>[[#|<nowiki>[{f'{group} {number}'.strip()}]</nowiki>]]</sup>"

    def listed(self, group: str) -> str:
        """Return the notes of a group that no list has yet."""
        items = (f"<li>{text.strip()}</li>" for text in self._notes.pop(group, {}).values())
        found = "".join(items)
        return f"<ol>{found}</ol>" if found else ""


def _hidden(number: int, region: Region) -> Replacement:
    return Replacement(region.start, region.resume, f"\ue000{number}\ue001")


def _box(name: str) -> str:
    return _BOX.format(name=html.escape(name))

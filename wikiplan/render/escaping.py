"""Wikitext that is safe to insert, and values made safe: inert in any place of a page (fact 21).

:class:`Wikitext` marks text as wikitext, as markupsafe's Markup marks HTML. Everything else that
meets it, by ``+``, ``%``, ``join`` or a template, goes through :func:`escape` first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from typing import Any, Self

from markupsafe import Markup

from wikiplan.l10n import languages

# What a page cannot store (fact 6): C0 controls but tab and newline, noncharacters, surrogates.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

# Letters and marks of every script, decimal digits, space: the rest may be syntax somewhere.
_PLAIN_CATEGORIES = ("L", "M", "Nd")

# "ISBN 0123456789" becomes a link without any syntax character, unless the word is broken.
_MAGIC_WORDS = ("ISBN", "PMID", "RFC")
_MAGIC_WORD = re.compile(rf"\b(?:{'|'.join(_MAGIC_WORDS)})\b")

# Signs within dates, numbers and names, which are syntax only at a line's start or doubled.
_INSIDE_WORDS = re.compile(r"(?<=\w)(?:[/–+−・’-](?=\w)|[.,،](?=\s|$)|[.,٬٫](?=\d))|(?<=\d):(?=\d)")

# A URL ends at these (Parser::EXT_LINK_URL_CLASS), or templates, quotes or signatures begin.
_NOT_IN_URL = re.compile(r"""[\[\]<>"'{}|\\^`~\s\x00-\x20\x7f]|_(?=_)|%(?![0-9A-Fa-f]{2})""")
_ENTITY_LIKE = re.compile(r"&(?=#?\w+;)")

_NOT_IN_TITLE = re.compile(r"[\[\]<>\"'{}|~&%\x00-\x1f\x7f]|_(?=_)")

# A link to these puts the page into a category or shows the file, unless a colon stands before.
_ACTING_PREFIXES = ("category", "file", "image")


class Wikitext(Markup):
    """Text that is wikitext already, or was made inert."""

    __slots__ = ()

    def __new__(cls, object: Any = "", *arguments: str) -> Self:
        if type(object) is str and not arguments:
            return str.__new__(cls, object)  # Markup would ask whether it is wikitext already
        return super().__new__(cls, object, *arguments)

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        return cls(escape(s))


def escape(value: Any) -> Wikitext:
    """Return a value as wikitext that shows it and does nothing else.

    Raises :class:`ValueError` for characters that no page can store.
    """
    if type(value) is Wikitext:
        return value
    if hasattr(value, "__html__"):
        wikitext = value.__html__()
        return wikitext if type(wikitext) is Wikitext else Wikitext(wikitext)
    text = _storable(value)
    if any(map(text.__contains__, _MAGIC_WORDS)) or _acting_edges(text):
        return _encoded(text, frozenset())
    return Wikitext(text.translate(_ENTITIES))


def formatted(text: str) -> Wikitext:
    """Return what the program wrote itself (a date, a number), or a name, as wikitext.

    As :func:`escape`, but signs between letters or digits stay as they are, so that people who
    read the page's source see ``2020–2021`` and ``January 15, 2022``.
    """
    text = _storable(text)
    spaces = {at for at, character in enumerate(text) if unicodedata.category(character) == "Zs"}
    return _encoded(text, spaces | {match.start() for match in _INSIDE_WORDS.finditer(text)})


def title(value: str) -> Wikitext:
    """Return a page's title as a link target, which cannot end the link early."""
    colon = ":" if _acts(value) else ""
    return Wikitext(colon + _NOT_IN_TITLE.sub(lambda match: _entity(match[0]), _storable(value)))


def url(value: str) -> Wikitext:
    """Return a URL as a link target, which cannot end the link early."""
    percent_encoded = _NOT_IN_URL.sub(_percent, _storable(value))
    readable = "".join(c if c.isascii() or _is_plain(c) else _percent(c) for c in percent_encoded)
    return Wikitext(_ENTITY_LIKE.sub("&amp;", readable))


def joined(parts: Iterable[Any]) -> str:
    """Return the parts in one text; as wikitext, with the others escaped, when one of them is."""
    texts = [part if isinstance(part, str) else _text(part) for part in parts]
    if any(hasattr(text, "__html__") for text in texts):
        return Wikitext("").join(texts)
    return "".join(texts)


def _text(part: Any) -> str:
    return Wikitext(part.__html__()) if hasattr(part, "__html__") else str(part)


def _storable(value: Any) -> str:
    text = _composed(str(value))
    if found := UNSTORABLE.search(text):
        raise ValueError(
            f"“{ascii(text)[1:-1]}” holds U+{ord(found[0]):04X}, which no page can store"
        )
    return text


def _composed(text: str) -> str:
    """Return text in the normal form NFC, with line feeds as its line breaks."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _encoded(text: str, kept: Set[int]) -> Wikitext:
    """Return the text with every sign encoded but those at the positions ``kept``."""
    acting = {match.start() for match in _MAGIC_WORD.finditer(text)} | _acting_edges(text)
    return Wikitext(
        "".join(
            c if (_is_plain(c) or at in kept) and at not in acting else _entity(c)
            for at, c in enumerate(text)
        )
    )


def _acting_edges(text: str) -> set[int]:
    """Return the positions of a first and last character that would act on their neighbours.

    A leading space makes a preformatted line, a trailing one is cut; a leading mark combines with
    the sign before it when the page is normalised: ``>`` and U+0338 become ``≯``.
    """
    first = {0} if text[:1].isspace() or unicodedata.category(text[:1] or " ")[0] == "M" else set()
    return first | ({len(text) - 1} if text[-1:].isspace() else set())


def _acts(title: str) -> bool:
    """Return whether ``[[title]]`` would do something else than link."""
    prefix, colon, _ = title.strip().lower().partition(":")
    return bool(colon) and (prefix.strip() in _ACTING_PREFIXES or languages.is_known(prefix))


def _is_plain(character: str) -> bool:
    return character == " " or unicodedata.category(character).startswith(_PLAIN_CATEGORIES)


class _Entities(dict[int, str]):
    """What ``str.translate`` writes for each sign, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        written = character if _is_plain(character) else _entity(character)
        if len(self) < _MOST_SIGNS:
            self[code] = written
        return written


_MOST_SIGNS = 10_000
"""That are remembered: more than any language writes."""
_ENTITIES = _Entities()


def _entity(character: str) -> str:
    return f"&#{ord(character)};"


def _percent(found: re.Match[str] | str) -> str:
    character = found if isinstance(found, str) else found[0]
    return "".join(f"%{byte:02X}" for byte in character.encode())


# The rendered text of a section, as the wiki would store it.


_EMPTY = re.compile(r"^(?:[*#:;]+|(=+) *\1) *$", re.MULTILINE)
_MARKER = re.compile(r"<!--\s*wikiplan:")
_BLANKS_AT_END = (" \n", "\t\n")
_LINE_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def normalised(text: str) -> str:
    """Return text in the form it is stored in (fact 6), with at most one blank line in a row."""
    text = _composed(str(text))
    if any(map(text.__contains__, _BLANKS_AT_END)) or text.endswith((" ", "\t")):
        text = _LINE_ENDS.sub("", text)
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def check(text: str) -> None:
    """Raise ValueError on what must not reach a page, whatever the template or the data."""
    if found := UNSTORABLE.search(text):
        raise ValueError(f"the text holds U+{ord(found[0]):04X}, which no page can store")
    if found := _EMPTY.search(text):
        raise ValueError(f"the text has an empty list item or heading (“{found[0]}”)")
    if _MARKER.search(text):
        raise ValueError("the text holds the marker of a managed section")

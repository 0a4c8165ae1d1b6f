"""Reading wikitext: headings, links, templates, redirects, and whether all that opens closes.

The only module that imports mwparserfromhell, which may take minutes over a few kilobytes of
unlucky text (fact 18). It is given single headings, templates and units: at most
``MOST_CHARACTERS`` of them, nested at most ``MOST_OPEN`` deep, without comments. Where things are
is decided by ``wikitext.structure``, as MediaWiki does.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import mwparserfromhell
from mwparserfromhell import nodes
from mwparserfromhell.wikicode import Wikicode

from wikiplan.errors import TOO_COMPLEX, Invalid, Message, Refusal
from wikiplan.spans import Replacement, splice
from wikiplan.wikitext import structure
from wikiplan.wikitext.scanner import (
    DEFAULT_EXTENSION_TAGS,
    Imbalance,
    RegionKind,
    imbalances,
    regions,
)
from wikiplan.wikitext.structure import TRANSLATE_TAG

__all__ = [
    "Heading", "Imbalance", "Template", "declines_messages", "excludes_bot", "headings",
    "imbalances", "links", "redirect_target", "templates",
]  # fmt: skip

MOST_CHARACTERS = 20_000
MOST_OPEN = 50


class Heading(NamedTuple):
    """A heading line ``text[start:stop]``; ``text`` is what a reader sees of it.

    Templates in it stay wikitext: what they show is not known here.
    """

    level: int
    text: str
    start: int
    stop: int


class Template(NamedTuple):
    """One call: (name, value) of its arguments, ``1``, ``2``, … too, without white space around."""

    name: str
    arguments: tuple[tuple[str, str], ...]


def headings(
    text: str, extension_tags: frozenset[str] = DEFAULT_EXTENSION_TAGS
) -> tuple[Heading, ...]:
    """Return the headings of a page, but for those inside of templates.

    Raises :class:`Refusal` (``too-complex``) for a page that no wiki would render.
    """
    parsed = structure.parse(text, regions(text, extension_tags)).headings
    return tuple(
        Heading(found.level, shown, found.start, found.stop)
        for found, shown in zip(parsed, _visible_texts(text, parsed), strict=True)
    )


def links(text: str) -> tuple[str, ...]:
    """Return the targets of the ``[[…]]`` links of a piece of wikitext, as they are written.

    Raises :class:`Refusal` (``too-complex``) above the limits of this module.
    """
    return tuple(str(link.title).strip() for link in _parsed(text).filter_wikilinks())


def templates(text: str) -> tuple[Template, ...]:
    """Return the template calls of a piece of wikitext, the outer ones first; limits as above."""
    return tuple(
        Template(
            str(call.name).strip(),
            tuple((str(p.name).strip(), str(p.value).strip()) for p in call.params),
        )
        for call in _parsed(text).filter_templates()
    )


def with_calls(text: str, shown: Callable[[str], str]) -> str:
    """Return a page's text with something shown for each outermost call, by the call's name.

    Raises :class:`Refusal` (``too-complex``) as ``structure.parse`` does.
    """
    elements = sorted(structure.parse(text, regions(text)).elements)
    found, end = [], 0
    for start, stop in elements:
        if start >= end:
            name = re.split(r"[|}\n]", text[start:stop].lstrip("{"), maxsplit=1)[0]
            found.append(Replacement(start, stop, shown(name.strip())))
            end = stop
    return splice(text, found)


# --- redirects and exclusion ---

_REDIRECT = re.compile(r"\s*#REDIRECT\s*:?\s*\[\[([^\[\]|\n]*)(?:\|[^\]]*)?\]\]", re.IGNORECASE)
_EXCLUSION = re.compile(r"\{\{\s*(?:template\s*:\s*)?(?:no)?bots\s*(?:[|}]|<!--)", re.IGNORECASE)

_NO_MESSAGES = re.compile(
    r"\[\[\s*category\s*:[\s_]*opted-out[\s_]+of[\s_]+message[\s_]+delivery[\s_]*[]|]",
    re.IGNORECASE,
)


def redirect_target(text: str) -> str:
    """Return where a page written ``#REDIRECT [[…]]`` leads; empty if it is none.

    The word's translations are known to the wiki only (:attr:`Revision.redirect_to`).
    """
    match = _REDIRECT.match(text)
    if match is None:
        return ""
    target = match[1].strip()
    return (
        unquote(target.lstrip(":")).strip() if "%" in target else target.removeprefix(":").strip()
    )


def excludes_bot(text: str, account: str) -> bool:
    """Tell whether ``{{bots}}`` or ``{{nobots}}`` on a page keeps this account from editing it."""
    return any(_excludes(call, _account_key(account)) for call in _bots_calls(text))


def declines_messages(text: str) -> bool:
    """Tell whether those of a talk page want no messages: ``{{bots|optout=all}}``, or the category.

    The category is that of MassMessage, as it is called on wikis in English, Meta-Wiki among them.
    """
    optouts = (_account_list(dict(call.arguments).get("optout", "")) for call in _bots_calls(text))
    return any("all" in each for each in optouts) or _has_live(text, _NO_MESSAGES)


def _has_live(text: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether a page has something elsewhere than in comments, ``<nowiki>`` and the like."""
    found = [match.start() for match in pattern.finditer(text)]
    passed = list(regions(text)) if found else []
    before = (bisect_right(passed, at, key=lambda each: each.start) for at in found)
    return any(
        not number or passed[number - 1].stop <= at
        for at, number in zip(found, before, strict=True)
    )


def _bots_calls(text: str) -> list[Template]:
    if not _EXCLUSION.search(text):
        return []
    elements = structure.parse(text, regions(text)).elements
    calls = {text[slice(*span)] for span in elements if _EXCLUSION.match(text, span[0])}
    return [templates(call)[0] for call in calls]


def _excludes(call: Template, account: str) -> bool:
    """Apply the rules of Template:Bots. What they do not know counts for the page's editors."""
    lists = {name.lower(): _account_list(value) for name, value in call.arguments}
    if "nobots" in call.name.lower():
        named = lists.get("1")
        return named is None or bool(named & {"all", account})
    if "allow" in lists and not lists["allow"] & {"all", account, ""}:
        return True
    return bool(lists.get("deny", set()) & {"all", account})


def _account_list(value: str) -> set[str]:
    return {_account_key(name) for name in value.split(",")}


def _account_key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).lower()


# --- the parser's door ---

_OPENERS = re.compile(r"(\{\{|\[\[|\{\||<[a-z][^\s<>/]*)|(\}\}|\]\]|\|\}|</|/>)", re.IGNORECASE)
_TRANSLATE_MARKUP = re.compile(
    rf"{TRANSLATE_TAG.pattern}|<tvar(?:\s+name\s*=|\|)[^<>]*>|</tvar>|</>"
)
_MARKUP = re.compile(r"[<&\[]|\{\{|''")
_LONE_AMPERSAND = re.compile(r"&(?!#?\w{1,40};)")


def _parsed(text: str) -> Wikicode:
    """Parse a piece of wikitext, without its comments and the tags that Translate takes out."""
    comments = (each for each in regions(text) if each.kind is RegionKind.COMMENT)
    text = splice(text, (Replacement(each.start, each.stop) for each in comments))
    text = _TRANSLATE_MARKUP.sub("", text)
    depth = deepest = 0
    for opening, _ in _OPENERS.findall(text):
        depth = depth + 1 if opening else max(0, depth - 1)
        deepest = max(deepest, depth)
    if len(text) > MOST_CHARACTERS or deepest > MOST_OPEN:
        raise Refusal(
            TOO_COMPLEX,
            f"a text of {len(text)} characters, nested {deepest} deep, is too complex (at most "
            f"{MOST_CHARACTERS} and {MOST_OPEN}); divide it",
        )
    # The parser stops at NUL, and a lone & crashes version 0.7.2 under python -X dev.
    return mwparserfromhell.parse(_LONE_AMPERSAND.sub("&amp;", text.replace("\0", "\ufffd")))


def _visible_texts(text: str, found: Iterable[structure.HeadingLine]) -> Iterator[str]:
    """Yield what a reader sees of each heading, with single blanks.

    Hostile pages have thousands of headings full of markup: those above the limits stay wikitext.
    """
    left = MOST_CHARACTERS
    for heading in found:
        wikitext = text[heading.inside]
        if _MARKUP.search(wikitext):
            left -= len(wikitext)
            wikitext = _visible_text(wikitext) if left >= 0 else wikitext
        yield re.sub(r"[ \t\n]+", " ", wikitext).strip(" ")


def _visible_text(wikitext: str) -> str:
    try:
        return "".join(map(_visible, _parsed(wikitext).nodes))
    except Refusal:
        return wikitext


def _visible(node: nodes.Node) -> str:
    if isinstance(node, nodes.HTMLEntity):
        return str(node.normalize())
    if isinstance(node, nodes.Wikilink):
        return _visible_in(node.text) or _visible_in(node.title).removeprefix(":")
    if isinstance(node, nodes.ExternalLink):
        return _visible_in(node.title) or _visible_in(node.url)
    if isinstance(node, nodes.Tag):
        hidden = str(node.tag).strip().lower() in ("ref", "references")
        return "" if hidden else _visible_in(node.contents)
    return str(node)


def _visible_in(code: Wikicode | None) -> str:
    return "".join(map(_visible, code.nodes)) if code else ""


# Page titles and URLs: what MediaWiki refuses, or takes for another page than the one typed.


MOST_TITLE_BYTES = 255

_REFUSED = re.compile(
    r"[\[\]{}|<>\x00-\x1f\x7f\ufffd]|~~~|%[0-9A-Fa-f]{2}|&[0-9A-Za-z\x80-\U0010ffff]+;"
)
# Bidirectional marks, the no-break space and its kin: MediaWiki drops or folds them (fact 8).
_FOLDED = re.compile("[\u00a0\u1680\u180e\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u3000]")
_RELATIVE = re.compile(r"\.{1,2}(/.*)?|.*/\.{1,2}(/.*)?", re.DOTALL)
NAMESPACES = {
    name.lower(): name
    for subject in (
        "User", "Project", "File", "MediaWiki", "Template", "Help", "Category", "Module",
        "Translations",
    )
    for name in (subject, f"{subject} talk")
} | {"talk": "Talk"}  # fmt: skip
NO_PAGES = ("special", "media")

_SPACES = re.compile("[ _\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e]")
_SCHEMES = ("http", "https", "irc", "ircs", "mailto")
_URL_REFUSED = re.compile(r"[\x00-\x20\x7f\u00a0\"<>\[\]{}|]")
_URL = re.compile(r"(?:https?:)?//[^\x00-\x20\x7f\u00a0\"<>\[\]{}|]+", re.IGNORECASE)


def check_title(title: str) -> None:
    """Raise ``ValueError`` when no page can have this title."""
    if "#" in title:
        raise Invalid(
            "title-with-part",
            "holds “#”, which names a part of a page; write the page's title alone",
        )
    if title.startswith(":"):
        raise Invalid("title-with-colon", "begins with “:”; write the page's title without it")
    check_target(title)


def check_target(target: str) -> None:
    """Raise ``ValueError`` for what cannot be linked to; unlike a title it may name a part."""
    page = target.partition("#")[0]
    if found := _REFUSED.search(target):
        raise Invalid(
            "impossible-title",
            f"holds {_shown(found[0])}, which no title can; write the page's title",
        )
    if found := _FOLDED.search(target):
        raise Invalid(
            "invisible-sign-in-title",
            f"holds the invisible {_shown(found[0])}; type the title by hand",
        )
    if "://" in page:
        raise Invalid("address-as-title", f"“{target}” is an address, not a page; write it as url")
    if not target.strip(" _:"):
        raise Invalid("empty-title", "is empty; write the page's title")
    if re.search(r"^[ _]|[ _]$|[ _]{2}", target):
        raise Invalid("blank-in-title", "has a space too many; remove it")
    if unicodedata.normalize("NFC", target) != target:
        raise Invalid("title-not-nfc", "is not in Unicode's normal form NFC; type it anew")
    if _RELATIVE.fullmatch(page):
        raise Invalid("title-of-dots", "has a part that is only dots; write the whole title")
    _check_length(page)


def _check_length(page: str) -> None:
    size = len(page.encode("utf-8", "surrogatepass"))
    if size > MOST_TITLE_BYTES:
        raise Invalid(
            "long-title", f"is {size} bytes long; titles end at {MOST_TITLE_BYTES}: shorten it"
        )


def _no_url(url: str) -> Message:
    return Message("no-url", f"“{url}” is not a URL; write it like https://example.org/")


def check_url(url: str) -> None:
    """Raise ``ValueError`` for what is no URL or would end early in wikitext."""
    if found := _URL_REFUSED.search(url):
        code = f"%{ord(found[0]):02X}"
        raise Invalid(
            "impossible-url", f"holds {_shown(found[0])}, where a URL ends; write {code} for it"
        )
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(_no_url(url)) from None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        raise ValueError(_no_url(url))


def urls_in(text: str) -> frozenset[str]:
    """Return the web addresses in a wikitext, also where it makes no link of them (comments)."""
    return frozenset(map(html.unescape, _URL.findall(text)))


def normal_title(title: str) -> str:
    """Return the title as MediaWiki writes it. Raises ``ValueError`` when no page can have it."""
    found = _SPACES.sub(" ", _MARKS.sub("", unicodedata.normalize("NFC", title))).strip()
    check_title(found)
    namespace, colon, rest = found.partition(":")
    name = namespace.strip().lower()
    if colon and name in NO_PAGES:
        raise Invalid("title-of-no-page", "is no page that could be edited; write another title")
    if colon and name in NAMESPACES:
        if not rest.strip():
            raise Invalid(
                "title-of-namespace", "is empty behind its namespace; write the page's title"
            )
        return f"{NAMESPACES[name]}:{_large(rest.strip())}"
    return _large(found)


def _large(text: str) -> str:
    """Make the first letter a title's, if that is still one letter: “ß” is left alone.

    That is the rule of MediaWiki 1.43 with Wikimedia's exceptions; up to 1.42 it was the capital
    letter, and “ǆ” gave “Ǆ” where it gives “ǅ” now. A wiki that differs says so when it is asked.
    """
    first = text[:1].title()
    return (first if len(first) == 1 else text[:1]) + text[1:]


def _shown(text: str) -> str:
    return f"“{text}”" if text.isprintable() else f"U+{ord(text[0]):04X}"

"""Page titles and URLs: what MediaWiki refuses, or takes for another page than the one typed."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

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


def check_title(title: str) -> None:
    """Raise ``ValueError`` when no page can have this title."""
    if "#" in title:
        raise ValueError("holds “#”, which names a part of a page; write the page's title alone")
    if title.startswith(":"):
        raise ValueError("begins with “:”; write the page's title without it")
    check_target(title)


def check_target(target: str) -> None:
    """Raise ``ValueError`` for what cannot be linked to; unlike a title it may name a part."""
    page = target.partition("#")[0]
    if found := _REFUSED.search(target):
        raise ValueError(f"holds {_shown(found[0])}, which no title can; write the page's title")
    if found := _FOLDED.search(target):
        raise ValueError(f"holds the invisible {_shown(found[0])}; type the title by hand")
    if not target.strip(" _:"):
        raise ValueError("is empty; write the page's title")
    if re.search(r"^[ _]|[ _]$|[ _]{2}", target):
        raise ValueError("has a space too many; remove it")
    if unicodedata.normalize("NFC", target) != target:
        raise ValueError("is not in Unicode's normal form NFC; type it anew")
    if _RELATIVE.fullmatch(page):
        raise ValueError("has a part that is only dots; write the whole title")
    _check_length(page)


def _check_length(page: str) -> None:
    size = len(page.encode("utf-8", "surrogatepass"))
    if size > MOST_TITLE_BYTES:
        raise ValueError(f"is {size} bytes long; titles end at {MOST_TITLE_BYTES}: shorten it")


def check_url(url: str) -> None:
    """Raise ``ValueError`` for what is no URL or would end early in wikitext."""
    if found := _URL_REFUSED.search(url):
        code = f"%{ord(found[0]):02X}"
        raise ValueError(f"holds {_shown(found[0])}, where a URL ends; write {code} for it")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(f"“{url}” is not a URL; write it like https://example.org/") from None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        raise ValueError(f"“{url}” is not a URL; write it like https://example.org/")


def normal(title: str) -> str:
    """Return the title as MediaWiki writes it. Raises ``ValueError`` when no page can have it."""
    found = _SPACES.sub(" ", _MARKS.sub("", unicodedata.normalize("NFC", title))).strip()
    check_title(found)
    namespace, colon, rest = found.partition(":")
    name = namespace.strip().lower()
    if colon and name in NO_PAGES:
        raise ValueError("is no page that could be edited; write another title")
    if colon and name in NAMESPACES:
        if not rest.strip():
            raise ValueError("is empty behind its namespace; write the page's title")
        return f"{NAMESPACES[name]}:{_large(rest.strip())}"
    return _large(found)


def _large(text: str) -> str:
    """Make the first letter large, if that is still one letter: MediaWiki leaves “ß” alone."""
    first = text[:1].upper()
    return (first if len(first) == 1 else text[:1]) + text[1:]


def _shown(text: str) -> str:
    return f"“{text}”" if text.isprintable() else f"U+{ord(text[0]):04X}"

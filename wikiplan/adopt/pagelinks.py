"""The links in a piece of wikitext: where each stands, and which of them are the same link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from wikiplan.l10n.languages import is_known
from wikiplan.wikitext import titles

MY_LANGUAGE = "Special:MyLanguage/"

_LINK = re.compile(
    r"\[\[(?P<page>[^\[\]|{}<>\n]+?)(?:\|(?P<label>[^\[\]\n]*))?\]\]"
    r"|(?<!\[)\[(?P<url>(?:https?:)?//[^\s\[\]<>\"]+)(?:[ \t]+(?P<words>[^\[\]\n]*))?\](?!\])"
)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link ``text[start:stop]``; ``target`` as it is written there, at ``target_at``."""

    target: str
    label: str
    start: int
    stop: int
    target_at: int
    is_url: bool

    @property
    def identity(self) -> str:
        """What links to the same page, whatever the spelling, have in common."""
        return self.target if self.is_url else identity(self.target)


def links_in(text: str) -> Iterator[PageLink]:
    """Yield the links with brackets of a piece of wikitext, in its order."""
    for found in _LINK.finditer(text):
        is_url = found["url"] is not None
        label = found["words"] if is_url else found["label"]
        group = "url" if is_url else "page"
        target = found[group]
        yield PageLink(target, label or "", *found.span(), found.start(group), is_url)


def identity(target: str) -> str:
    """Return a page as all links to it name it, in whatever language they lead there."""
    page, hash_, part = target.strip(" \t:").partition("#")
    if page.lower().startswith(MY_LANGUAGE.lower()):
        page = page[len(MY_LANGUAGE) :]
    with suppress(ValueError):  # no title: it is what it is
        page = titles.normal(page)
    return page + hash_ + part


def without_language(target: str) -> str:
    """Return the page of which ``Page/ar`` is a language version, the page itself if it is none."""
    base, slash, code = target.rpartition("/")
    return base if slash and is_known(code) else target

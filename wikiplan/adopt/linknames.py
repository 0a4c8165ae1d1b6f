"""Links as named links: the same link is one, in all texts and in all languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from wikiplan.adopt import slugs
from wikiplan.adopt.pagelinks import MY_LANGUAGE, PageLink, links_in, without_language
from wikiplan.plan import scalars
from wikiplan.plan.unitcheck import IMPLIED
from wikiplan.plan.units import Link, variables_in
from wikiplan.render import escape
from wikiplan.translate.tvarnames import on_page
from wikiplan.wikitext import seen, titles

RESERVED = frozenset((*IMPLIED, "next", "last", "date"))
"""Names that facts have, or that the plan keeps for them."""

_DOLLAR = re.compile(r"\$(?=[a-z$])")


class LinkNames:
    """The links met so far, by name: the entries of ``links.yaml``.

    ``ambiguous`` names have several targets on a translatable page: no entry can have them.
    """

    def __init__(self, ambiguous: Collection[str] = ()) -> None:
        self._ambiguous = frozenset(ambiguous)
        self.entries: dict[str, dict[str, Any]] = {}
        self._names: dict[tuple[str, bool], str] = {}
        self._titled: set[str] = set()

    def know(self, links: Mapping[str, Link]) -> None:
        """Keep the names, targets and titles that a plan has already."""
        for name, link in links.items():
            self._add(name, link, _key(link.target), link.title)
            self._titled.add(name)

    def seed(self, name: str, target: str, label: str) -> bool:
        """Keep the name that a translatable page gave to a target; tell whether it is possible."""
        link = _link_to(target)
        if link is None or not is_possible(name) or name in self._ambiguous:
            return False
        if on_page(name) != name:  # a number is another link in every unit
            return False
        if name in self.entries:
            return _link_of(self.entries[name]).target == target
        self._add(name, link, _key(target), label)
        return True

    def worded(self, text: str) -> str:
        """Return a source text with ``$names`` for its links."""
        return _replaced(text, self._name_in_source)

    def worded_like(self, text: str, source: str, own: Mapping[str, str] = {}) -> str:
        """Return a text of another language with the names that its ``source`` has.

        ``own`` are names that stand for a target in this text alone.
        """
        values = {**self.values(), **own}
        among = {name: values[name] for name in variables_in(source) if name in values}
        return _replaced(text, lambda link: _name_among(link, among))

    def title(self, name: str, words: str) -> bool:
        """Give a link the title that readers see; false if it has another one already."""
        if name in self._titled or not _is_plain(words):
            return bool(self.entries[name]["title"] == words)
        self.entries[name]["title"] = words
        self._titled.add(name)
        return True

    def values(self) -> dict[str, str]:
        """Return what each name stands for on a page."""
        return {name: _link_of(entry).target for name, entry in self.entries.items()}

    def _name_in_source(self, link: PageLink) -> str:
        made = _link_to(link.target)
        if made is None:
            return ""
        key = _key(link.target)
        if key not in self._names:
            words = _words(link.label) or made.page.rpartition("/")[2] or made.url
            name = slugs.name_of(words, {*self.entries, *RESERVED})
            self._add(name, made, key, link.label)
        return self._names[key]

    def _add(self, name: str, link: Link, key: tuple[str, bool], label: str) -> None:
        title = _words(label) or link.page or link.url
        entry: dict[str, Any] = {"page": link.page} if link.page else {"url": link.url}
        self.entries[name] = {**entry, "title": title if _is_plain(title) else name}
        if link.translatable:
            self.entries[name]["translatable"] = True
        self._names.setdefault(key, name)


def is_possible(name: str) -> bool:
    """Tell whether a variable of the plan can have the name."""
    return scalars.VARIABLE_NAME.matches(name) and name not in IMPLIED


def target_value(target: str) -> dict[str, str] | None:
    """Return a target as a text's own variable, None if the plan cannot write it like this."""
    link = _link_to(target)
    if link is None:
        return None
    return {"url": link.url} if link.url else {"page": link.target}


def dollars_escaped(text: str) -> str:
    """Return a text in which no dollar sign can be taken for a variable's."""
    return _DOLLAR.sub("$$", text)


def _name_among(link: PageLink, among: Mapping[str, str]) -> str:
    """Return the name of a link among those of the source text, whatever its spelling."""
    targets = link.identity, without_language(link.identity)
    return next((name for name, value in among.items() if _key(value)[0] in targets), "")


def _replaced(text: str, name_of: Any) -> str:
    parts: list[str] = []
    at = 0
    for link in links_in(text):
        if name := name_of(link):
            parts += dollars_escaped(text[at : link.target_at]), f"${name}"
            at = link.target_at + len(link.target)
    return "".join([*parts, dollars_escaped(text[at:])])


def _link_to(target: str) -> Link | None:
    """Return a link that is written exactly like this target, None if the plan can have none."""
    for link in _links_to(target):
        try:
            written = escape.url(link.url) if link.url else escape.title(link.target)
            titles.check_url(link.url) if link.url else titles.check_target(link.page)
        except ValueError:
            continue
        if written == target:
            return link
    return None


def _links_to(target: str) -> tuple[Link, ...]:
    if "//" in target.partition("#")[0] and re.match(r"(?:https?:)?//", target):
        return (Link(url=target),)
    if target.startswith(MY_LANGUAGE):
        return (Link(page=target.removeprefix(MY_LANGUAGE), translatable=True),)
    return (Link(page=target.removeprefix(":")),)


def _link_of(entry: Mapping[str, Any]) -> Link:
    page, url = entry.get("page", ""), entry.get("url", "")
    return Link(page, url, translatable=entry.get("translatable", False))


def _key(target: str) -> tuple[str, bool]:
    """Return what all spellings of a link share, and whether it is one for all languages."""
    is_url = re.match(r"(?:https?:)?//", target) is not None
    return PageLink(target, "", 0, 0, 0, is_url).identity, target.startswith(MY_LANGUAGE)


def _words(label: str) -> str:
    return seen.words_of(label)


def _is_plain(words: str) -> bool:
    try:
        scalars.check_words(words)
    except ValueError:
        return False
    return True

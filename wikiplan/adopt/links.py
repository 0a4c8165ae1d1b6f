"""Links as named links: the same link is one, in all texts and in all languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from contextlib import suppress
from itertools import chain, count
from typing import Any

from slugify import slugify

from wikiplan.l10n import is_known
from wikiplan.plan import IMPLIED, Link, values, variables_in
from wikiplan.render import escaping
from wikiplan.translate import on_page
from wikiplan.value import Value
from wikiplan.wikitext import prose, syntax

# The links in a piece of wikitext: where each stands, and which of them are the same link.


MY_LANGUAGE = "Special:MyLanguage/"

_LINK = re.compile(
    r"\[\[(?P<page>[^\[\]|{}<>\n]+?)(?:\|(?P<label>[^\[\]\n]*))?\]\]"
    r"|(?<!\[)\[(?P<url>(?:https?:)?//[^\s\[\]<>\"]+)(?:[ \t]+(?P<words>[^\[\]\n]*))?\](?!\])"
)


class PageLink(Value):
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
        page = syntax.normal_title(page)
    return page + hash_ + part


def without_language(target: str) -> str:
    """Return the page of which ``Page/ar`` is a language version, the page itself if it is none."""
    base, slash, code = target.rpartition("/")
    return base if slash and is_known(code) else target


# Keys and names made out of words: ``Offer online programs`` becomes ``offer-online-programs``.


MOST_LETTERS = 32
MOST_WORDS = 4

_NUMBERS_BEFORE = re.compile(r"\A(?:[0-9][a-z0-9]*(?:_|\Z))+")
_SMALL = frozenset(
    "a an and are as at by for from if in into is it its of on or our so such that the their them "
    "they this to was we were which who will with you your".split()
)


def key_of(words: str, taken: Container[str] = (), fallback: str = "item") -> str:
    """Return a key that nothing has yet, out of the first words that say something."""
    return free(_telling(words) or fallback, taken, "-")


def whole_key_of(name: str, taken: Container[str] = (), fallback: str = "item") -> str:
    """Return a key out of all words of a name, as far as it may be long."""
    whole = _slug(name)
    short = whole if len(whole) <= 2 * MOST_LETTERS else _telling(name)
    return free(short or fallback, taken, "-")


def name_of(words: str, taken: Container[str] = (), fallback: str = "link") -> str:
    """Return the name of a variable that nothing has yet."""
    named = _NUMBERS_BEFORE.sub("", _telling(words).replace("-", "_"))
    return free(named or fallback, taken, "_")


def _telling(words: str) -> str:
    """Return a slug of the first words that say something, as many as it has room for."""
    found = _slug(words).split("-")
    telling = [word for word in found if word not in _SMALL] or found
    first = "-".join(telling[:MOST_WORDS])
    return slugify(first, max_length=MOST_LETTERS, word_boundary=True, save_order=True)


def _slug(words: str) -> str:
    """Return the words in small Latin letters; apostrophes join what they stand in."""
    return slugify(re.sub("['’]", "", words))


def free(wanted: str, taken: Container[str], hyphen: str = "-") -> str:
    """Return a name that nothing has yet: the wanted one, or it with a number from 2 on."""
    numbered = (f"{wanted}{hyphen}{number}" for number in count(2))
    return next(name for name in chain([wanted], numbered) if name not in taken)


# Links as named links: the same link is one, in all texts and in all languages.


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
            name = name_of(words, {*self.entries, *RESERVED})
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
    return values.VARIABLE_NAME.matches(name) and name not in IMPLIED


def value_of(written: str, *, linked: bool) -> dict[str, str]:
    """Return a value as a text's own variable; ``linked`` if it is the target of a link.

    What the plan would write in another way is wikitext that stays as it is.
    """
    if linked and (link := _link_to(written)):
        return {"url": link.url} if link.url else {"page": link.target}
    is_name = not linked and written.strip() and escaping.escape(written) == written
    return {"name": written} if is_name else {"wikitext": written}


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
            written = escaping.url(link.url) if link.url else escaping.title(link.target)
            syntax.check_url(link.url) if link.url else syntax.check_target(link.page)
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
    return prose.words_of(label)


def _is_plain(words: str) -> bool:
    try:
        values.check_words(words)
    except ValueError:
        return False
    return True

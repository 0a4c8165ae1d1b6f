"""What changed between two renderings of a page, marked in the later one.

Where a block stands in both, with other words, these are marked within it; a paragraph, an item or
a cell that stands in one alone is marked as a whole. Without what is marked as removed the words
are those of the page as it is now, without what is marked as inserted those of the page before.

lxml's ``htmldiff`` loses marks where items or cells go: of 39 large pages it showed on nine what
was removed as if it still stood there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby, takewhile
from typing import NamedTuple

from wikiplan import textdiff
from wikiplan.report.webpage import VOID
from wikiplan.value import Value

INSERTED, REMOVED, CHANGE = "wikiplan-inserted", "wikiplan-removed", "wikiplan-change"
"""Classes: of words and whole blocks, and of the link that stands where a change begins."""
TOP = "wikiplan-changes"
"""The id to which the link of the last change leads: whoever shows the page may have it."""

BLOCKS = frozenset(
    "blockquote caption center col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 "
    "h6 hr li ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
WHOLE = frozenset(("math", "ruby"))
"""Elements within a line in which nothing else may stand; they are one word."""
MOST_DEPTH = 60
"""Elements in one another; what stands deeper is one word."""

_PIECE = re.compile(
    r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?P<attributes>(?: [^\s"=]+="[^"]*")*)>|(?P<text>[^<]+|<)'
)
_ID = re.compile(r' id="[^"]*"')
_UNSEEN = re.compile(r' (?:id|class)="[^"]*"')
_CLASS = re.compile(r' class="([^"]*)"')


class Marked(Value):
    """The later HTML with its changes marked, and how many these are.

    Each begins with a link to the next one, ``#wikiplan-change-2``.
    """

    html: str
    count: int


def marked(before: str, after: str) -> Marked:
    """Return the HTML ``after`` with what is other than ``before``.

    Both are what :func:`wikiplan.report.webpage.harmless_html` returns.
    """
    writer = _Writer()
    writer.merge(_parts(_parsed(before)), _parts(_parsed(after)))
    last = f'href="#{CHANGE}-{writer.count + 1}"'
    return Marked("".join(writer.written).replace(last, f'href="#{TOP}"'), writer.count)


# --- the HTML as elements, lines of words, and blocks ---


class _Element(Value, dict=True):
    """An element; one that is a word, such as a formula, has its ``html`` and no children."""

    name: str
    start: str
    children: tuple[_Element | str, ...] = ()
    html: str = ""

    @cached_property
    def is_block(self) -> bool:
        inner = (each for each in self.children if isinstance(each, _Element))
        is_such = self.name in BLOCKS or any(each.is_block for each in inner)
        return is_such and not self.html

    @property
    def end(self) -> str:
        return "" if self.name in VOID else f"</{self.name}>"

    @property
    def kind(self) -> str:
        return self.name

    @cached_property
    def key(self) -> str:
        """What makes two of them the same; ids and classes are not seen."""
        if self.html:
            return self.html
        inner = (each if isinstance(each, str) else each.key for each in self.children)
        return f"{_UNSEEN.sub('', self.start)}{''.join(inner)}{self.end}"

    @cached_property
    def text(self) -> str:
        inner = (each if isinstance(each, str) else each.text for each in self.children)
        return " ".join(inner)


class _Word(NamedTuple):
    """A word, a sign or white space as HTML, and the elements around it, the outermost first."""

    html: str
    around: tuple[_Element, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return (self.html, *(_UNSEEN.sub("", each.start) for each in self.around))


class _Line(Value, dict=True):
    """What stands between two blocks: words."""

    words: tuple[_Word, ...]
    kind = ""

    @cached_property
    def key(self) -> tuple[tuple[str, ...], ...]:
        return tuple(each.key for each in self.words)

    @property
    def text(self) -> str:
        return "".join(each.html for each in self.words)


_Part = _Element | _Line


def _parsed(text: str) -> tuple[_Element | str, ...]:
    """Return the elements of HTML in which each has its end."""
    opened: list[tuple[str, str, list[_Element | str]]] = [("", "", [])]
    for piece in _PIECE.finditer(text):
        name = piece["name"] or ""
        if piece["text"]:
            opened[-1][2].append(html.unescape(piece["text"]))
        elif not piece["end"]:
            opened.append((name, piece[0], []))
        if name in VOID or (piece["end"] and len(opened) > 1):
            name, start, children = opened.pop()
            opened[-1][2].append(_element(name, start, children, len(opened)))
    while len(opened) > 1:
        name, start, children = opened.pop()
        opened[-1][2].append(_element(name, start, children, len(opened)))
    return tuple(opened[0][2])


def _element(name: str, start: str, children: Sequence[_Element | str], depth: int) -> _Element:
    found = _Element(name, start, tuple(children))
    is_word = name in WHOLE or depth > MOST_DEPTH or not (children or name in BLOCKS)
    return _Element(name, start, html=_as_html(found)) if is_word else found


def _as_html(node: _Element | str) -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False)
    return node.html or f"{node.start}{''.join(map(_as_html, node.children))}{node.end}"


def _parts(nodes: Iterable[_Element | str]) -> list[_Part]:
    """Return the blocks, and the lines between them."""
    found: list[_Part] = []
    for is_block, group in groupby(nodes, _is_block):
        if is_block:
            found += (each for each in group if isinstance(each, _Element))
        else:
            words = tuple(word for each in group for word in _words(each, ()))
            if any(not each.html.isspace() for each in words):
                found.append(_Line(words))
    return found


def _is_block(node: _Element | str) -> bool:
    return isinstance(node, _Element) and node.is_block


def _words(node: _Element | str, around: tuple[_Element, ...]) -> Iterator[_Word]:
    if isinstance(node, str):
        for word in textdiff.words(node):
            yield _Word(html.escape(word, quote=False), around)
    elif node.html:
        yield _Word(node.html, around)
    else:
        for each in node.children:
            yield from _words(each, (*around, node))


# --- what became of which ---


class _Writer:
    """Writes the page with its marks."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.count = 0
        self._in_change = False
        self._shown: set[int] = set()

    def merge(self, old: Sequence[_Part], new: Sequence[_Part]) -> None:
        matcher = SequenceMatcher(None, [each.key for each in old], [each.key for each in new])
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag == "equal":
                for each in new[j1:j2]:
                    self._same(each)
            else:
                self._replaced(old[i1:i2], new[j1:j2])

    def _replaced(self, old: Sequence[_Part], new: Sequence[_Part]) -> None:
        done_old = done_new = 0
        texts = [each.text for each in old], [each.text for each in new]
        for i, j in (*textdiff.partners(*texts), (len(old), len(new))):
            for each in old[done_old:i]:
                self._whole(each, REMOVED)
            for each in new[done_new:j]:
                self._whole(each, INSERTED)
            if i < len(old):
                self._changed(old[i], new[j])
            done_old, done_new = i + 1, j + 1

    def _changed(self, old: _Part, new: _Part) -> None:
        if isinstance(old, _Line) and isinstance(new, _Line):
            self._line(old.words, new.words)
        elif isinstance(old, _Element) and isinstance(new, _Element) and old.name == new.name:
            self.written.append(new.start)
            self.merge(_parts(old.children), _parts(new.children))
            self.written.append(new.end)
        else:
            self._whole(old, REMOVED)
            self._whole(new, INSERTED)

    def _same(self, part: _Part) -> None:
        self._in_change = False
        if isinstance(part, _Element):
            self.written.append(_as_html(part))
        else:
            self._plain(part.words)

    def _whole(self, part: _Part, mark: str) -> None:
        """Write a block, or a line, that stands on one side alone."""
        if isinstance(part, _Line):
            self._mark(part.words, mark)
            return
        self.written.append(_with_class(part.start, mark))
        self._within(part, mark)
        self.written.append(part.end)

    def _within(self, block: _Element, mark: str) -> None:
        for part in _parts(block.children):
            if isinstance(part, _Line):
                self._mark(part.words, mark)
            else:
                self.written.append(_ID.sub("", part.start) if mark == REMOVED else part.start)
                self._within(part, mark)
                self.written.append(part.end)

    # --- within a line ---

    def _line(self, old: Sequence[_Word], new: Sequence[_Word]) -> None:
        keys = [each.key for each in old], [each.key for each in new]
        for is_same, (i1, i2, j1, j2) in _joined(textdiff.changed_words(*keys), new):
            if is_same:
                self._in_change = self._in_change and _is_blank(new[j1:j2])
                self._plain(new[j1:j2])
            elif _is_blank(old[i1:i2]) and _is_blank(new[j1:j2]):
                self._plain(new[j1:j2])
            else:
                self._mark(old[i1:i2], REMOVED)
                self._mark(new[j1:j2], INSERTED)

    def _mark(self, words: Sequence[_Word], mark: str) -> None:
        if not words:
            return
        name = "del" if mark == REMOVED else "ins"
        self.written.append(f'<{name} class="{mark}">{self._beginning()}')
        self._plain(words, keep_ids=mark != REMOVED)
        self.written.append(f"</{name}>")

    def _beginning(self) -> str:
        """Return the link to the next change where a change begins."""
        if self._in_change:
            return ""
        self._in_change = True
        self.count += 1
        return (
            f'<a class="{CHANGE}" id="{CHANGE}-{self.count}" href="#{CHANGE}-{self.count + 1}" '
            f'aria-label="Change {self.count}: to the next"></a>'
        )

    def _plain(self, words: Sequence[_Word], *, keep_ids: bool = True) -> None:
        """Write words with the elements around them, each closed where it was opened."""
        opened: tuple[_Element, ...] = ()
        for word in words:
            both = zip(opened, word.around, strict=False)
            kept = len([*takewhile(lambda pair: pair[0] is pair[1], both)])
            self.written += (each.end for each in reversed(opened[kept:]))
            self.written += (self._opened(each, keep_ids) for each in word.around[kept:])
            self.written.append(word.html)
            opened = word.around
        self.written += (each.end for each in reversed(opened))

    def _opened(self, element: _Element, keep_ids: bool) -> str:
        """Return a start tag; an id stands on the page once."""
        if keep_ids and id(element) not in self._shown:
            self._shown.add(id(element))
            return element.start
        return _ID.sub("", element.start)


_Ends = tuple[int, int, int, int]


def _joined(
    opcodes: Iterable[tuple[str, int, int, int, int]], new: Sequence[_Word]
) -> Iterator[tuple[bool, _Ends]]:
    """Yield what is the same, and what is not; two changes with only blanks between are one."""
    waiting: _Ends | None = None
    blank: _Ends | None = None
    for tag, *ends in opcodes:
        i1, i2, j1, j2 = ends
        if tag == "equal" and waiting and not blank and _is_blank(new[j1:j2]):
            blank = (i1, i2, j1, j2)
        elif tag == "equal":
            if waiting:
                yield False, waiting
                waiting = None
            yield True, (i1, i2, j1, j2)
        else:
            waiting = (waiting[0], i2, waiting[2], j2) if waiting else (i1, i2, j1, j2)
            blank = None
    if waiting:
        yield False, waiting
    if blank:
        yield True, blank


def _is_blank(words: Iterable[_Word]) -> bool:
    return all(each.html.isspace() for each in words)


def _with_class(start: str, mark: str) -> str:
    """Return the start tag of a whole block with the class of its mark."""
    if mark == REMOVED:
        start = _ID.sub("", start)
    if _CLASS.search(start):
        return _CLASS.sub(lambda found: f' class="{found[1]} {mark}"', start, count=1)
    return f'{start[:-1]} class="{mark}">'

"""The words of a page as links to where they are edited: each text and each fact that is known.

Signs go through the wiki, or through pandoc, around what can be edited, and become links in what
comes out. They are letters for private use, one for each place, so nothing can get between. Where
wikitext means something by a place, no sign is put there: in a link's target, in what a template
is given. All that is reached by the list of what the page is made of.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from wikiplan.desk.planfiles.places import Blocks, Place
from wikiplan.l10n import parse_time
from wikiplan.plan import NamedUnit, Plan, SectionSpec, items_in, prefix
from wikiplan.render import FactPlace, PlacedSection, UnitPlace
from wikiplan.report import webpage
from wikiplan.value import Value
from wikiplan.yaml import KeyPath, places_in, value_in, values_in

EDIT = "wikiplan-edit"
"""The class of a link to where something is edited."""

_BEGIN, _END = 0xF0000, 0x100000
"""The first of the letters that begin a place, and of those that end one."""
MOST = 0xFFFD
"""Places on a page that become links."""
_SIGN = re.compile("[\U000f0000-\U0010fffd]")


class Spot(Value):
    """What can be edited at ``text[start:stop]`` of a section: the address, and what it is."""

    start: int
    stop: int
    address: str
    title: str


class Editable:
    """Tells where the words of a page are edited, in a language."""

    def __init__(self, plan: Plan, title: str, language: str) -> None:
        self._plan = plan
        self._blocks = Blocks(plan)
        self._about = {"title": title, "language": language}
        self._is_source = language == plan.source_language
        self._stems = {prefix(stem): stem for stem in plan.files}

    def spots(self, section: SectionSpec, placed: PlacedSection) -> list[Spot]:
        """Return what can be edited in a section; outer before inner, none across another."""
        found = [*self._spots(section, placed)]
        return sorted(found, key=lambda each: (each.start, -each.stop))

    def _spots(self, section: SectionSpec, placed: PlacedSection) -> Iterator[Spot]:
        for each in placed.places:
            if address := self._of_text(each):
                yield Spot(each.start, each.stop, *address)
            for value in each.filled:
                place = self._of_variable(each, value.name)
                if place and value.start < value.stop:
                    yield Spot(value.start, value.stop, *self._form(place))
        for fact in placed.facts:
            if address := self._of_fact(section, fact):
                yield Spot(fact.start, fact.stop, *address)

    # --- addresses ---

    def _form(self, place: Place) -> tuple[str, str]:
        words = f"{place.stem}: {' › '.join(map(str, place.path))}"
        return f"edit?{urlencode({**self._about, 'place': place.address})}", words

    def _of_unit(self, key: str) -> tuple[str, str] | None:
        """Return where a text is edited: in another language that is its translation."""
        if not self._is_source:
            return f"translation?{urlencode({**self._about, 'unit': key})}", key
        block = self._blocks.of_unit(key)
        return self._form(Place(block.stem, (*block.path, "text"))) if block else None

    def _of_text(self, each: UnitPlace) -> tuple[str, str] | None:
        """Return where a text is edited; of a state's word that is the state."""
        said_of = self._said_of(each)
        if said_of and each.key == f"labels.status-{self._value(said_of, 'status')}":
            return self._form(Place(said_of.stem, (*said_of.path, "status")))
        return self._of_unit(each.key)

    def _of_fact(self, section: SectionSpec, fact: FactPlace) -> tuple[str, str] | None:
        if isinstance(fact.value, NamedUnit):
            return self._of_unit(fact.value.unit)
        places = self._having(section.data, fact.value)
        return self._form(Place(section.data, places[0])) if len(places) == 1 else None

    # --- what stands where ---

    def _having(self, stem: str, value: Any) -> list[KeyPath]:
        """Return the places of a file that have the value of a fact."""
        data = self._plan.files.get(stem)
        if isinstance(value, datetime):
            return [path for path in places_in(data) if _starts_at(data, path, value)]
        return [path for path, standing in values_in(data) if _is_same(standing, value)]

    def _said_of(self, each: UnitPlace) -> Place | None:
        """Return the item that a text of another file is said of."""
        start, _, rest = each.scope.partition(".")
        stem = self._stems.get(start, "")
        path = items_in(self._plan.files.get(stem)).get(rest)
        return Place(stem, path) if path is not None else None

    def _value(self, item: Place, key: str) -> Any:
        value = value_in(self._plan.files[item.stem], (*item.path, key))
        return value if isinstance(value, str | int) else None

    def _of_variable(self, each: UnitPlace, name: str) -> Place | None:
        """Return where the value of a variable stands in the plan."""
        said_of = self._said_of(each)
        for key in (each.key.rpartition(".")[2], name) if said_of else ():
            if said_of and self._value(said_of, key) is not None:
                return Place(said_of.stem, (*said_of.path, key))
        unit, block = self._plan.units.get(each.key), self._blocks.of_unit(each.key)
        if unit is None or said_of:
            return None
        if isinstance(named := unit.variables.get(name), NamedUnit):
            own = self._blocks.of_unit(named.unit)
            return Place(own.stem, (*own.path, "text")) if own else None
        return self._beside(block, name) if block else None

    def _beside(self, block: Place, name: str) -> Place | None:
        """Return where a variable of a text says its value: of its own, or in its item."""
        data = self._plan.files[block.stem]
        own = value_in(data, (*block.path, "variables", name))
        if isinstance(own, str | int):
            return Place(block.stem, (*block.path, "variables", name))
        if isinstance(own, dict):
            keys = [key for key in own if key not in ("style", "zone")]
            return Place(block.stem, (*block.path, "variables", name, *keys[:1]))
        ends = [end for end, step in enumerate(block.path, 1) if isinstance(step, int)]
        item = Place(block.stem, block.path[: ends[-1]]) if ends else block
        if self._value(item, name) is not None:
            return Place(item.stem, (*item.path, name))
        return None


def _starts_at(data: Any, path: KeyPath, instant: datetime) -> bool:
    """Tell whether an event starts then; of a series that is its first date alone."""
    if path[-1:] != ("start",) or not isinstance(value_in(data, path), str):
        return False
    zone = value_in(data, (*path[:-1], "zone"))
    return parse_time(value_in(data, path), zone or "") == instant


def _is_same(found: Any, value: Any) -> bool:
    return isinstance(found, str | int) and type(found) is type(value) and found == value


# Signs in wikitext.


_LAYOUT = re.compile(r"[*#:;]+[ \t]*")
_NO_SIGN = re.compile(r"[={|!\-<_\s]")
"""What means something where it begins a line."""


def signed(text: str, spots: Sequence[Spot], first: int) -> str:
    """Return a section's text with signs around what can be edited, numbered from ``first``."""
    parts: list[tuple[int, int, str]] = []
    for number, spot in enumerate(spots, first):
        start = _start(text, spot)
        if number < MOST and start is not None:
            # At the same place what ends comes before what begins; inner ends before outer.
            parts.append((start, 1 + number, chr(_BEGIN + number)))
            parts.append((spot.stop, -number, chr(_END + number)))
    found, at = [], 0
    for place, _, sign in sorted(parts):
        found += [text[at:place], sign]
        at = place
    return "".join([*found, text[at:]])


_NO_WORDS = re.compile(
    r"\[\[[^\[\]|\n]*\Z"  # the target of a link
    r"|(?<!\[)\[(?!\[)[^\[\]\s]*\Z"
    r"|<[^<>]*\Z"  # a tag
)


def _start(text: str, spot: Spot) -> int | None:
    """Return where a sign can begin a place, None where none can."""
    line = text.rfind("\n", 0, spot.start) + 1
    before = text[line : spot.start]
    is_given = text.count("{{", 0, spot.start) > text.count("}}", 0, spot.start)
    if is_given or _NO_WORDS.search(before):
        return None
    if before:
        return spot.start
    layout = _LAYOUT.match(text, spot.start, spot.stop)
    start = layout.end() if layout else spot.start
    return None if _NO_SIGN.match(text, start) or start >= spot.stop else start


# Links in HTML.


_TOKEN = re.compile(
    r'<(?P<end>/?)(?P<name>[a-zA-Z0-9]+)(?:[^<>"]|"[^"]*")*>|[\U000f0000-\U0010fffd]'
)
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike "
    "strong sub sup time tt u var".split()
)


class _Token(Value):
    """A tag, a sign or a stretch of text: ``number`` is a sign's, ``ends`` whether it ends."""

    text: str
    name: str = ""
    ends: bool = False
    number: int = -1


def linked(rendered: str, spots: Sequence[Spot]) -> str:
    """Return harmless HTML whose signs became links around what stands between them.

    Other links, which lead nowhere, become mere words of their colour: none stands within another.
    """
    pages = _Linking(spots)
    for token in _tokens(rendered):
        pages.take(token)
    return pages.done()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    for found in _TOKEN.finditer(text):
        if found.start() > at:
            yield _Token(text[at : found.start()])
        at = found.end()
        if found["name"] is None:
            code = ord(found[0])
            ends = code >= _END
            yield _Token("", ends=ends, number=code - (_END if ends else _BEGIN))
        else:
            whole = _SIGN.sub("", found[0])
            if found["name"] == "a":
                whole = "</span>" if found["end"] else f"<span data-link{whole[2:]}"
            yield _Token(whole, found["name"].lower(), bool(found["end"]))
    if at < len(text):
        yield _Token(text[at:])


class _Linking:
    """Builds the HTML: what stands between two signs goes into as few links as it can."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self._spots = spots
        self._open: list[int] = []
        self._run: list[_Token] = []
        self._parts: list[str] = []
        self._reached: set[str] = set()

    def take(self, token: _Token) -> None:
        if token.number < 0:
            self._run.append(token)
            return
        self._flush()
        if not token.ends:
            self._open.append(token.number)
        elif token.number in self._open:
            self._open.remove(token.number)

    def done(self) -> str:
        self._flush()
        return "".join(self._parts)

    def _flush(self) -> None:
        run, self._run = self._run, []
        known = [number for number in self._open if number < len(self._spots)]
        if not known:
            self._parts += [token.text for token in run]
            return
        spot = self._spots[known[-1]]
        for piece in _pieces(run):
            words = "".join(token.text for token in piece)
            is_shown = any(not token.name and token.text.strip() for token in piece)
            self._parts.append(self._link(spot, words) if is_shown else words)

    def _link(self, spot: Spot, words: str) -> str:
        again = ' tabindex="-1"' if spot.address in self._reached else ""
        if not again:  # not the link itself: browsers give a link that they go to the focus
            words = f'<span id="{html.escape(anchor_of(spot.address))}">{words}</span>'
        self._reached.add(spot.address)
        address = html.escape(spot.address)
        title = html.escape(spot.title)
        attributes = f'class="{EDIT}" target="_top" href="{address}" title="{title}"{again}'
        return f"<a {attributes}>{words}</a>"


def anchor_of(address: str) -> str:
    """Return what the words of the first link to an address are called, in a fragment too.

    It is the place that is edited there, as it stands at the address's end.
    """
    return address.rpartition("=")[2]


def _pieces(run: Sequence[_Token]) -> Iterator[list[_Token]]:
    """Yield the tokens in stretches in which every element within a line ends that begins there."""
    piece: list[_Token] = []
    at = 0
    while at < len(run):
        stop = _end_of(run, at)
        if stop:
            piece += run[at:stop]
            at = stop
        else:
            yield from (piece, [run[at]])
            piece = []
            at += 1
    yield piece


def _end_of(run: Sequence[_Token], at: int) -> int:
    """Return where what begins at a token ends, 0 where it does not end in the run."""
    if not run[at].name or run[at].name in webpage.VOID:
        return at + 1
    if run[at].ends or run[at].name not in _INLINE:
        return 0
    depth = 0
    for stop in range(at, len(run)):
        token = run[stop]
        if not token.name or token.name in webpage.VOID:
            continue
        if token.name not in _INLINE:
            return 0
        depth += -1 if token.ends else 1
        if depth == 0:
            return stop + 1
    return 0

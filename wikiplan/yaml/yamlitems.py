"""Items of lists and keys of mappings in a YAML file: added, taken out, and moved.

An entry has the comments that stand right above it, and all lines that it goes over. What stands
between two entries, blank lines and commas, stays where it is when entries move. Every byte that
belongs to no changed entry stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from wikiplan.spans import Replacement, Span, splice
from wikiplan.yaml import yamltext
from wikiplan.yaml.document import Document, KeyPath, value_in
from wikiplan.yaml.yamltext import Scalar, line_end, opened, saying, with_value

CANNOT = "this cannot be written there without touching other lines"

_CLOSING = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*[\]}]")
_EMPTY = re.compile(r"(?:\[[ \t]*\]|\{[ \t]*\})(?P<comment>[ \t]*(?:#[^\r\n]*)?)(?=\r?\n|\Z)")
_COMMA = re.compile(r"[ \t\r\n]*,")
_BEHIND_KEY = re.compile(r"[ \t]*:")


def with_items(data: bytes, place: KeyPath, items: Sequence[Any]) -> bytes:
    """Return a file's bytes with more items of a list, before the one at that place.

    The number behind the last one puts them at the end. Of a list that is not there the key is
    written, too, at the end of its mapping.

    Raises :class:`ValueError` where that cannot be done, or would change something else.
    """
    source, document = opened(data)
    above, at = place[:-1], int(place[-1])
    there = value_in(document.data, above)
    if there is None and above:
        return with_keys(data, above[:-1], {str(above[-1]): [*items]})
    if not isinstance(there, list):
        raise ValueError("there is no list")
    wanted = _changed(document.data, above, [*there[:at], *items, *there[at:]])
    entries = _Entries(source, document, above)
    return saying(wanted, entries.with_more(at, [*map(_New, items)]), data, CANNOT)


def with_keys(
    data: bytes,
    place: KeyPath,
    keys: Mapping[str, Any],
    before: Collection[str] = (),
    *,
    flow: bool | None = None,
) -> bytes:
    """Return a file's bytes with more keys of the mapping at a place.

    They come in front of the first key that is one of ``before``, else at the end. ``flow`` says
    whether lists and mappings among them stand in brackets, None: as others beside them. Raises as
    :func:`with_items` does.
    """
    source, document = opened(data)
    there = value_in(document.data, place)
    if not isinstance(there, dict):
        raise ValueError("there is nothing to write this into")
    at = next((at for at, name in enumerate(there) if name in before), len(there))
    wanted = _changed(document.data, place, {**there, **keys})
    new = [_New(value, key, flow) for key, value in keys.items()]
    return saying(wanted, _Entries(source, document, place).with_more(at, new), data, CANNOT)


def with_key(data: bytes, place: KeyPath, key: str, value: Scalar | None) -> bytes:
    """Return a file's bytes with a value for a key beside the one at ``place``.

    A new key comes behind that; None takes the key out. Raises as :func:`with_items` does.
    """
    there = value_in(opened(data)[1].data, place[:-1])
    beside = _inner(place[:-1], key)
    if value is None:
        return without(data, [beside]) if key in there else data
    if key in there:
        return with_value(data, beside, there[key], value)
    names = [*there]
    return with_keys(data, place[:-1], {key: value}, names[names.index(place[-1]) + 1 :][:1])


def with_entry(data: bytes, key: str, value: Any) -> bytes:
    """Return a file's bytes with another value for a key of the outermost mapping, or a new key.

    Raises as :func:`with_items` does.
    """
    source, document = opened(data)
    if key not in document.data:
        return with_keys(data, (), {key: value})
    wanted = {**document.data, key: value}
    entries = _Entries(source, document, ())
    return saying(wanted, [entries.with_another(key, _New(value, key))], data, CANNOT)


def without(data: bytes, places: Collection[KeyPath]) -> bytes:
    """Return a file's bytes without entries of lists and of mappings; none is inside another.

    Of a list, or mapping, that loses all, empty brackets stay. Raises as :func:`with_items` does.
    """
    source, document = opened(data)
    wanted = _left(document.data, (), frozenset(places))
    edits: list[Replacement] = []
    for above in dict.fromkeys(place[:-1] for place in places):
        gone = {place[-1] for place in places if place[:-1] == above}
        edits += _Entries(source, document, above).taking_out(gone)
    return saying(wanted, [splice(source, sorted(edits))], data, CANNOT)


def with_item_moved(data: bytes, place: KeyPath, to: int) -> bytes:
    """Return a file's bytes with an item of a list at another place in it.

    Raises as :func:`with_items` does.
    """
    source, document = opened(data)
    above, at = place[:-1], place[-1]
    there = value_in(document.data, above)
    order = [number for number in range(len(there)) if number != at]
    order.insert(to, int(at))
    wanted = _changed(document.data, above, [there[number] for number in order])
    return saying(wanted, [_Entries(source, document, above).in_order(order)], data, CANNOT)


def _changed(data: Any, place: KeyPath, value: Any) -> Any:
    """Return data with another value at a place."""
    if not place:
        return value
    first, inner = place[0], _changed(data[place[0]], place[1:], value)
    if isinstance(data, list):
        return [inner if at == first else each for at, each in enumerate(data)]
    return {key: inner if key == first else each for key, each in data.items()}


def _left(data: Any, place: KeyPath, gone: Collection[KeyPath]) -> Any:
    if isinstance(data, dict):
        every = {key: _inner(place, key) for key in data}
        return {key: _left(data[key], at, gone) for key, at in every.items() if at not in gone}
    if isinstance(data, list):
        numbered = ((_inner(place, at), each) for at, each in enumerate(data))
        return [_left(each, at, gone) for at, each in numbered if at not in gone]
    return data


class _New:
    """What is to be written: an item of a list, or a key with its value."""

    def __init__(self, value: Any, key: str | None = None, flow: bool | None = None) -> None:
        self._value, self._key, self._flow = value, key, flow

    @property
    def in_flow(self) -> str:
        """How it stands within brackets or braces."""
        return yamltext.flowing(self._value, self._key)

    def is_like(self, other: Any) -> bool:
        """Tell whether another value is a list, or a mapping, as this one is."""
        return any(
            isinstance(self._value, kind) and isinstance(other, kind) for kind in (Mapping, list)
        )

    @property
    def is_large(self) -> bool:
        """Whether it gets lines of its own where there is nothing beside it."""
        return isinstance(self._value, Mapping | list)

    def lines(self, indent: int, flow: bool | None) -> list[str]:
        """Return its lines; the first one's indentation is left to who writes them.

        ``flow`` says whether its neighbours stand in brackets or braces.
        """
        own = flow if self._flow is None else self._flow
        written = list(yamltext.entry(self._value, self._key, indent, flow=own))
        return [written[0][indent:], *written[1:]]


class _Entries:
    """The entries of a list, or a mapping, and where each begins and ends in the file's text."""

    def __init__(self, source: str, document: Document, place: KeyPath) -> None:
        self._source, self._document, self._place = source, document, place
        self._starts = [0, *(found.end() for found in re.finditer("\n", source))]
        there = value_in(document.data, place)
        self._places = [*map(partial(_inner, place), _steps(there))]
        self._start = self._offset(document.value_at(place))
        self._brackets = "[]" if isinstance(there, list) else "{}"
        self._flow = source.startswith(("[", "{"), self._start)
        self._contents = self._content_ends()
        self._spans = [*map(self._span, range(len(self._places)))]

    # --- where they stand ---

    def _offset(self, position: tuple[int, int]) -> int:
        line, column = position
        return self._starts[line - 1] + column - 1

    def _line(self, offset: int) -> int:
        """Return where the line begins that an offset is in."""
        return self._source.rfind("\n", 0, offset) + 1

    @property
    def _column(self) -> int:
        """How far those are indented that stand in lines of their own."""
        return self._start - self._line(self._start)

    def _span(self, at: int) -> Span:
        place = self._places[at]
        if self._flow:
            return Span(self._offset(self._document.key_at(place)), self._end_in_flow(place))
        begin = self._begin(place)
        last = at + 1 == len(self._places)
        bound = self._behind(self._place) if last else self._line(self._begin(self._places[at + 1]))
        return Span(self._with_comments(begin), self._end(begin, bound, self._contents.get(at, 0)))

    def _end_in_flow(self, place: KeyPath) -> int:
        """Return the end of an entry in brackets or braces."""
        if place in self._document.spans:
            return self._document.spans[place].stop
        inner = [_inner(place, step) for step in _steps(value_in(self._document.data, place))]
        start = self._offset(self._document.value_at(place))
        found = _CLOSING.match(self._source, self._end_in_flow(inner[-1]) if inner else start + 1)
        if not found or self._source[start] not in "[{":
            raise ValueError(CANNOT)
        return found.end()

    def _begin(self, place: KeyPath) -> int:
        """Return the offset of an entry's key, or of its dash."""
        if isinstance(place[-1], str):
            return self._offset(self._document.key_at(place))
        first = self._offset(self._document.value_at(place[:-1]))
        if place[-1] == 0:
            return first
        column = first - self._line(first)
        start = self._line(self._offset(self._document.value_at(place)))
        while start > first and self._source[start : start + column + 1] != " " * column + "-":
            start = self._line(start - 1)
        return start + column

    def _behind(self, place: KeyPath) -> int:
        """Return where the line begins of what follows a place in the file, or the file's end."""
        while place:
            steps = list(_steps(value_in(self._document.data, place[:-1])))
            if place[-1] != steps[-1]:
                following = _inner(place[:-1], steps[steps.index(place[-1]) + 1])
                return self._line(self._begin(following))
            place = place[:-1]
        return len(self._source)

    def _content_ends(self) -> dict[int, int]:
        """Return the ends of the last texts in the entries, by the entries' numbers."""
        depth = len(self._place)
        ends: dict[int, int] = {}
        numbers = {place[-1]: number for number, place in enumerate(self._places)}
        for place, span in self._document.spans.items():
            if place[:depth] == self._place and len(place) > depth:
                number = numbers[place[depth]]
                stop = span.start + len(self._source[span.start : span.stop].rstrip())
                ends[number] = max(ends.get(number, 0), stop)
        return ends

    def _with_comments(self, begin: int) -> int:
        """Return where the comments right above an entry begin; a file keeps those at its head."""
        column, first = begin - self._line(begin), begin
        if self._source[self._line(begin) : begin].strip():
            return begin
        while (above := self._line(self._line(first) - 1)) < self._line(first):
            if self._source[above : above + column + 1] != " " * column + "#":
                return first
            first = above + column
        return begin

    def _end(self, begin: int, bound: int, content: int) -> int:
        """Return the end of an entry's last line, without its line end."""
        starts = [*_lines_between(self._source, begin, bound)]
        column = begin - self._line(begin)
        while len(starts) > 1 and starts[-1] > content and not self._has_content(starts[-1]):
            starts.pop()
        end = self._line_end(starts[-1])
        while (start := end + len(line_end(self._source))) < bound and self._is_inner(
            start, column
        ):
            end = self._line_end(start)
        return end

    def _has_content(self, start: int) -> bool:
        text = self._source[start : self._line_end(start)].strip()
        return bool(text) and not text.startswith("#")

    def _is_inner(self, start: int, column: int) -> bool:
        """Tell whether a comment is indented deeper than an entry."""
        text = self._source[start : self._line_end(start)]
        return text.lstrip().startswith("#") and len(text) - len(text.lstrip(" ")) > column

    def _line_end(self, start: int) -> int:
        end = self._source.find("\n", start)
        return len(self._source) if end < 0 else end - self._source.endswith("\r", start, end)

    def _gap(self, at: int) -> str:
        """Return what stands behind an entry, before the next."""
        return self._source[self._spans[at].stop : self._spans[at + 1].start]

    # --- what becomes of them ---

    def in_order(self, order: Sequence[int]) -> str:
        """Return the file with the entries in another order, and what stands between them."""
        texts = [self._source[slice(*self._spans[number])] for number in order]
        gaps = [*map(self._gap, range(len(order) - 1)), ""]
        whole = "".join(text + gap for text, gap in zip(texts, gaps, strict=True))
        return self._source[: self._spans[0].start] + whole + self._source[self._spans[-1].stop :]

    def with_more(self, at: int, new: Sequence[_New]) -> Iterator[str]:
        """Yield the file with more entries before that one, in ways that may do."""
        if not self._spans:
            yield from self._with_first(new)
            return
        texts = [self._written(each, self._column, self._in_flow_beside(at, each)) for each in new]
        gap = self._usual_gap(at, "".join(texts))
        if at < len(self._spans):
            where, put_in = self._spans[at].start, "".join(text + gap for text in texts)
        else:
            where, put_in = self._spans[-1].stop, "".join(gap + text for text in texts)
        yield self._source[:where] + put_in + self._source[where:]

    def with_another(self, key: str, new: _New) -> str:
        """Return the file with another value for a key."""
        at = next(at for at, place in enumerate(self._places) if place[-1] == key)
        text = self._written(new, self._column, None)
        start = self._begin(self._places[at])
        return self._source[:start] + text + self._source[self._spans[at].stop :]

    def _written(self, new: _New, column: int, flow: bool | None) -> str:
        if self._flow:
            return new.in_flow
        return line_end(self._source).join(new.lines(column, flow))

    def _usual_gap(self, at: int, text: str) -> str:
        """Return what parts a new entry from the one at its place, as it parts others.

        At the end of a file one of several lines stands apart.
        """
        count = len(self._spans)
        gap = self._gap(min(max(at - 1, 0), count - 2)) if count > 1 else ""
        if self._flow:
            inside = self._source[self._start + 1 : self._spans[0].start]
            return gap or f",{inside or ' '}"
        end = line_end(self._source)
        at_end = at == count and not self._place and "\n" in text
        blank = at_end or any(not line.strip() for line in gap.split("\n")[1:-1])
        return end + end * blank + " " * self._column

    def _in_flow_beside(self, at: int, new: _New) -> bool | None:
        """Tell how what is like a new entry is written beside it, None where nothing is."""
        beside = self._places[max(at - 1, 0) : at + 1]
        found = [each for each in beside if new.is_like(value_in(self._document.data, each))]
        starts = (self._offset(self._document.value_at(each)) for each in found)
        return next((self._source[start] in "[{" for start in starts), None)

    def _with_first(self, new: Sequence[_New]) -> Iterator[str]:
        """Yield the file with entries where there are empty brackets or braces."""
        found = _EMPTY.match(self._source, self._start)
        if found and self._place and any(each.is_large for each in new):
            begin = self._begin(self._place)
            indent = begin - self._line(begin) + 2
            lead = line_end(self._source) + " " * indent
            lines = (line_end(self._source).join(each.lines(indent, None)) for each in new)
            before = self._source[: self._start].rstrip(" ") + found["comment"]
            yield before + "".join(lead + each for each in lines) + self._source[found.end() :]
        inside = self._source.find(self._brackets[1], self._start)
        written = ", ".join(each.in_flow for each in new)
        yield self._source[: self._start + 1] + written + self._source[inside:]

    def taking_out(self, gone: Collection[str | int]) -> Iterator[Replacement]:
        """Yield what is replaced when entries go."""
        kept = [at for at, place in enumerate(self._places) if place[-1] not in gone]
        first, last = self._spans[0].start, self._spans[-1].stop
        if not kept:
            yield self._emptied()
            return
        if kept[0]:
            gaps = map(self._gap, range(kept[0]))
            yield Replacement(first, self._spans[kept[0]].start, _comments(gaps).lstrip())
        for one, other in pairwise(kept):
            if other > one + 1:
                text = _joined([*map(self._gap, range(one, other))], line_end(self._source))
                yield Replacement(self._spans[one].stop, self._spans[other].start, text)
        if kept[-1] + 1 < len(self._spans):
            gaps = map(self._gap, range(kept[-1], len(self._spans) - 1))
            yield Replacement(self._spans[kept[-1]].stop, last, _comments(gaps).rstrip())

    def _emptied(self) -> Replacement:
        first, last = self._spans[0].start, self._spans[-1].stop
        if self._flow:
            comma = _COMMA.match(self._source, last)
            return Replacement(first, comma.end() if comma else last)
        if not self._place:
            return Replacement(first, last, self._brackets)
        head = self._begin(self._place) + 1
        if isinstance(self._place[-1], str):
            key = yamltext.WRITTEN_KEY.match(self._source, head - 1)
            colon = _BEHIND_KEY.match(self._source, key.end()) if key else None
            if not colon:
                raise ValueError(CANNOT)
            head = colon.end()
        between = self._source[head:first].rstrip()
        comments = _comments(map(self._gap, range(len(self._spans) - 1))).rstrip()
        return Replacement(head, last, f" {self._brackets}{between}{comments}")


def _steps(data: Any) -> Iterator[str | int]:
    """Yield what leads to the entries of a list or a mapping."""
    yield from range(len(data)) if isinstance(data, list) else data


def _inner(place: KeyPath, step: str | int) -> KeyPath:
    return (*place, step)


def _lines_between(source: str, start: int, stop: int) -> Iterator[int]:
    """Yield ``start``, and where the lines behind it begin before ``stop``."""
    yield start
    while (start := source.find("\n", start) + 1) and start < stop:
        yield start


def _comments(gaps: Iterable[str]) -> str:
    """Return what is kept of gaps beside which nothing is left: their comments."""
    return "".join(gap for gap in gaps if "#" in gap)


def _joined(gaps: Sequence[str], end: str) -> str:
    """Return what parts two entries when those between them are gone: all comments, or the most."""
    commented = [gap for gap in gaps if "#" in gap]
    if not commented:
        return max(gaps, key=len)
    lead = commented[-1].rpartition("\n")[2]
    return "".join(gap.rstrip(" ").removesuffix(end) for gap in commented) + end + lead

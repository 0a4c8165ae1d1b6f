"""YAML files as plain data with the position of every key and value: the door of ruamel.yaml.

Read strictly: YAML 1.2, only null, booleans and decimal integers are not strings (so ``16:00``,
``no``, ``1.10`` and ``2022-01`` are), and no aliases, anchors or tags. The data are built from the
parser's events, one after the other: nothing recurses, whatever the file holds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from wikiplan import files
from wikiplan.cache import NOTHING, Cache
from wikiplan.errors import Fault

MOST_BYTES = 256 * 1024
MOST_DEPTH = 24
"""Lists and mappings inside each other; a plan's deepest nested item needs about ten."""

KeyPath = tuple[str | int, ...]
"""Where a value stands in a file: the keys and list indexes that lead to it."""

Position = tuple[int, int]
"""Line and column, both from 1."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})", re.ASCII)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class ScalarSpan:
    """A scalar at ``text[start:stop]`` of the file without its byte order mark.

    ``style`` is ``>``, ``|``, a quote or empty. A folded or literal text begins with its sign and
    ends behind the blank lines that follow it.
    """

    start: int
    stop: int
    style: str


@dataclass(slots=True)
class Document:
    """One file's data; ``keys`` and ``values`` say where the key and the value of a place stand,
    ``spans`` where the values begin and end that are no lists or mappings. ``folded`` are the
    places of texts with a blank line of which YAML makes a mere line break. ``digest`` is of the
    file's bytes.
    """

    file: str
    data: Any = None
    keys: dict[KeyPath, Position] = field(default_factory=dict)
    values: dict[KeyPath, Position] = field(default_factory=dict)
    spans: dict[KeyPath, ScalarSpan] = field(default_factory=dict)
    folded: set[KeyPath] = field(default_factory=set)
    digest: str = ""
    _marks: str = ""

    @classmethod
    def of_kept(cls, file: str, digest: str, kept: Mapping[str, Any]) -> Self:
        """Return the document that :meth:`to_keep` was made of, without its spans."""
        folded = {tuple(place) for place in kept["folded"]}
        return cls(file, kept["data"], folded=folded, digest=digest, _marks=kept["marks"])

    def to_keep(self) -> Mapping[str, Any]:
        """Return a document without faults as JSON: data, and positions in the data's order."""
        marks: list[int] = []
        for place in places_in(self.data):
            marks += self.values[place]
            marks += self.keys[place] if _is_of_key(place) else ()
        folded = [list(place) for place in self.folded]
        return {"data": self.data, "marks": " ".join(map(str, marks)), "folded": folded}

    def _read_marks(self) -> None:
        """Take the positions out of what was kept, when the first one is asked for."""
        numbers = map(int, self._marks.split())
        self._marks = ""
        for place in places_in(self.data):
            self.values[place] = next(numbers), next(numbers)
            if _is_of_key(place):
                self.keys[place] = next(numbers), next(numbers)

    def key_at(self, place: KeyPath) -> Position:
        """Return the position of a key, or of the item when the place is one of a list."""
        if self._marks:
            self._read_marks()
        return self.keys.get(place) or self.value_at(place)

    def value_at(self, place: KeyPath) -> Position:
        """Return the position of a value, or of the nearest one around it that is in the file."""
        if self._marks:
            self._read_marks()
        while place and place not in self.values:
            place = place[:-1]
        return self.values.get(place, (1, 1))

    def fault(self, place: KeyPath, message: str, *, key: bool = False) -> Fault:
        """Return the fault of a value, or with ``key`` of its key; the message has its advice."""
        line, column = self.key_at(place) if key else self.value_at(place)
        wrong, _, advice = message.rpartition("; ")
        return Fault(self.file, line, column, self.name(place), wrong, advice)

    def name(self, place: KeyPath) -> str:
        """Return a place in words: list items by their ``key``, else by their number from 1."""
        words = (_word(self.data, place[: end + 1]) for end in range(len(place)))
        return ".".join(words)


def _is_of_key(place: KeyPath) -> bool:
    return bool(place) and isinstance(place[-1], str)


def read(
    path: Path, file: str, cache: Cache = NOTHING, most: int = MOST_BYTES
) -> tuple[Document | None, list[Fault]]:
    """Return the file's data, None when they cannot be used, and everything wrong on the way.

    What is in the cache has no spans, which are for who edits the file.
    """
    try:
        raw = files.read(path, most)
    except files.UnreadableError as error:
        return None, [Fault(file, 0, 0, "", error.wrong, error.advice)]
    digest = hashlib.sha256(raw).hexdigest()
    if kept := cache.get("yaml", digest):
        return Document.of_kept(file, digest, kept), []
    document, faults = _read(raw, file)
    if document:
        document.digest = digest
    if document and not faults:
        cache.put(document.to_keep(), "yaml", digest)
    return document, faults


def _read(raw: bytes, file: str) -> tuple[Document | None, list[Fault]]:
    text, faults = _text(raw, file)
    return parsed(text, file, faults) if text is not None else (None, faults)


def parsed(text: str, file: str, faults: list[Fault]) -> tuple[Document | None, list[Fault]]:
    """Return the data of a file's text, without its byte order mark, as :func:`read` does."""
    builder = _Builder(Document(file), faults, text)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _UnusableError:
        return None, faults
    except (YAMLError, ValueError) as error:
        return None, [*faults, _syntax_fault(error, file)]
    if builder.document.data is None and builder.usable:
        faults.append(Fault(file, 1, 1, "", "the file is empty", "write its data or delete it"))
        builder.usable = False
    return (builder.document if builder.usable else None), faults


def _text(raw: bytes, file: str) -> tuple[str | None, list[Fault]]:
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(raw[: error.start].decode("utf-8"))
        wrong = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        return None, [Fault(file, line, column, "", wrong, "save the file as UTF-8")]
    faults = [_character_fault(match, file) for match in FORBIDDEN.finditer(text)]
    return (None if faults else text), faults


def _line_and_column(before: str) -> Position:
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _character_fault(match: re.Match[str], file: str) -> Fault:
    line, column = _line_and_column(match.string[: match.start()])
    wrong = f"holds the control character U+{ord(match[0]):04X}"
    return Fault(file, line, column, "", wrong, "delete it")


def _syntax_fault(error: Exception, file: str) -> Fault:
    line, column, problem = 1, 1, "is not YAML"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join(filter(None, (_context(error), error.problem))) or problem
    if "'\\t'" in problem:
        advice = "indent with spaces, not tabs"
    else:
        advice = "correct the YAML here (quotes around a text often help)"
    return Fault(file, line, column, "", f"YAML cannot be read: {problem}", advice)


def _context(error: MarkedYAMLError) -> str:
    """Return what the parser was in the middle of, with the line where that began."""
    if not error.context or not error.context_mark:
        return error.context or ""
    return f"{error.context} that begins on line {error.context_mark.line + 1},"


class _UnusableError(Exception):
    """The rest of the file is not worth reading."""


_NO_KEY = object()


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being filled; ``key`` is the mapping's key that waits."""

    container: dict[str, Any] | list[Any]
    place: KeyPath
    key: object = _NO_KEY


class _Builder:
    """Builds a document from events. ``usable`` turns false when data would be missing from it."""

    def __init__(self, document: Document, faults: list[Fault], text: str) -> None:
        self.document = document
        self.faults = faults
        self.text = text
        self.frames: list[_Frame] = []
        self.documents = 0
        self.usable = True

    def take(self, event: Event) -> None:
        if isinstance(event, CollectionEndEvent):
            self.frames.pop()
        elif isinstance(event, NodeEvent):
            self._node(event)
        elif isinstance(event, DocumentStartEvent):
            self._document(event)

    def _document(self, event: Event) -> None:
        self.documents += 1
        if self.documents > 1:
            self._fault(event, "a second document begins; keep one document (no ---) in a file")
            raise _UnusableError

    def _node(self, event: NodeEvent) -> None:
        self._refuse(event)
        if self._takes_key():
            self._key(event)
            return
        place = self._place()
        self.document.values.setdefault(place, _position(event))
        if isinstance(event, ScalarEvent):
            self._scalar(event, place)
        value = _value(event)
        self._put(value)
        if isinstance(event, CollectionStartEvent):
            self.frames.append(_Frame(value, place))
            if len(self.frames) > MOST_DEPTH:
                wrong = f"is nested more than {MOST_DEPTH} deep"
                self._fault(event, f"{wrong}; put less inside each other", place[:1])
                raise _UnusableError

    def _scalar(self, event: ScalarEvent, place: KeyPath) -> None:
        span = ScalarSpan(event.start_mark.index, event.end_mark.index, event.style or "")
        self.document.spans.setdefault(place, span)
        written = self.text[span.start : span.stop].strip()
        if span.style != "|" and "\n" in event.value.strip() and _BLANK_LINE.search(written):
            self.document.folded.add(place)

    def _refuse(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self._fault(event, f"the alias *{event.anchor} is not allowed; repeat the value itself")
            self.usable = False
        elif event.anchor is not None:
            self._fault(event, f"the anchor &{event.anchor} is not allowed; remove it")
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(event, f"the tag {shown} is not allowed; remove it")

    def _takes_key(self) -> bool:
        frame = self.frames[-1] if self.frames else None
        return frame is not None and isinstance(frame.container, dict) and frame.key is _NO_KEY

    def _key(self, event: NodeEvent) -> None:
        frame = self.frames[-1]
        if not isinstance(event, ScalarEvent):
            message = "a key is not a plain word; write a word before the colon"
            self._fault(event, message, frame.place)
            raise _UnusableError
        frame.key = event.value
        place = (*frame.place, event.value)
        if event.value in frame.container:
            line = self.document.keys[place][0]
            self._fault(event, f"the key is doubled (first on line {line}); remove one", place)
        self.document.keys.setdefault(place, _position(event))

    def _place(self) -> KeyPath:
        if not self.frames:
            return ()
        frame = self.frames[-1]
        if isinstance(frame.container, list):
            return (*frame.place, len(frame.container))
        return (*frame.place, str(frame.key))

    def _put(self, value: Any) -> None:
        """Add a value to what is being filled; of a doubled key the first value stays."""
        if not self.frames:
            self.document.data = value
            return
        frame = self.frames[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
        else:
            frame.container.setdefault(str(frame.key), value)
            frame.key = _NO_KEY

    def _fault(self, event: Event, message: str, place: KeyPath | None = None) -> None:
        line, column = _position(event)
        wrong, _, advice = message.rpartition("; ")
        name = self.document.name(self._place() if place is None else place)
        self.faults.append(Fault(self.document.file, line, column, name, wrong, advice))


def _position(event: Event) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _value(event: NodeEvent) -> Any:
    """Return a scalar's value by YAML 1.2's core schema without floats, or an empty container."""
    if isinstance(event, CollectionStartEvent):
        return {} if isinstance(event, MappingStartEvent) else []
    if not isinstance(event, ScalarEvent):
        return None
    text: str = event.value
    if event.style or text not in _CONSTANTS:
        return int(text) if not event.style and _INTEGER.fullmatch(text) else text
    return _CONSTANTS[text]


def _word(data: Any, place: KeyPath) -> str:
    step = place[-1]
    if isinstance(step, str):
        return step
    item = value_in(data, place)
    key = item.get("key") if isinstance(item, dict) else None
    return key if key and isinstance(key, str) else str(step + 1)


def value_in(data: Any, place: KeyPath) -> Any:
    """Return the value at a place, None where the data have no such place."""
    for step in place:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def places_in(data: Any, place: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield every place of a file's data, in the file's order."""
    yield place
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places_in(value, (*place, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from places_in(value, (*place, index))

"""The parser of YAML files: the door of ruamel.yaml.

Read strictly: YAML 1.2, only null, booleans and decimal integers are not strings (so ``16:00``,
``no``, ``1.10`` and ``2022-01`` are), and no aliases, anchors or tags. The data are built from the
parser's events, one after the other: nothing recurses, whatever the file holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

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

from wikiplan.errors import Fault, Message
from wikiplan.yaml.document import Document, KeyPath, Position, ScalarSpan

MOST_DEPTH = 24
"""Lists and mappings inside each other; a plan's deepest nested item needs about ten."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})", re.ASCII)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def parsed(
    text: str, document: Document, faults: list[Fault]
) -> tuple[Document | None, list[Fault]]:
    """Fill a document with a file's text; see ``yamlfile.parsed``."""
    builder = _Builder(document, faults, text)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except _UnusableError:
        return None, faults
    except (YAMLError, ValueError) as error:
        return None, [*faults, _syntax_fault(error, document.file, text)]
    if builder.document.data is None and builder.usable:
        faults.append(
            Fault(
                document.file,
                1,
                1,
                "",
                Message("empty-file", "the file is empty; write its data or delete it"),
            )
        )
        builder.usable = False
    return (builder.document if builder.usable else None), faults


_FIELD = re.compile(r"\{[a-z][a-z0-9.-]*\}")
_WORD_END = re.compile(r"[\s{},\[\]\"']")
_MOST_OF_LINE = 1000
"""Characters of a line in which a field of a pattern is looked for."""


def _syntax_fault(error: Exception, file: str, text: str) -> Fault:
    line, column, problem = 1, 1, "is not YAML"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = " ".join(filter(None, (_context(error), error.problem))) or problem
    here = text.splitlines()[line - 1 : line]
    if "'\\t'" in problem:
        advice = "indent with spaces, not tabs"
    elif braces := _with_field("".join(here)[:_MOST_OF_LINE]):
        advice = f'put quotes around the text: "{braces}"'
    else:
        advice = "correct the YAML here (quotes around a text often help)"
    message = Message("no-yaml", f"YAML cannot be read: {problem}", advice)
    return Fault(file, line, column, "", message)


def _with_field(line: str) -> str:
    """Return the word of a line that has a field of a pattern in it, empty if none has."""
    found = _FIELD.search(line)
    if not found:
        return ""
    start = max((end.end() for end in _WORD_END.finditer(line, 0, found.start())), default=0)
    stop = _WORD_END.search(line, found.end())
    return line[start : stop.start() if stop else len(line)]


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
            self._fault(
                event,
                Message(
                    "second-document",
                    "a second document begins; keep one document (no ---) in a file",
                ),
            )
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
                self._fault(
                    event, Message("too-deep", f"{wrong}; put less inside each other"), place[:1]
                )
                raise _UnusableError

    def _scalar(self, event: ScalarEvent, place: KeyPath) -> None:
        span = ScalarSpan(event.start_mark.index, event.end_mark.index, event.style or "")
        self.document.spans.setdefault(place, span)
        written = self.text[span.start : span.stop].strip()
        if span.style != "|" and "\n" in event.value.strip() and _BLANK_LINE.search(written):
            self.document.folded.add(place)

    def _refuse(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self._fault(
                event,
                Message(
                    "yaml-alias",
                    f"the alias *{event.anchor} is not allowed; repeat the value itself",
                ),
            )
            self.usable = False
        elif event.anchor is not None:
            self._fault(
                event,
                Message("yaml-anchor", f"the anchor &{event.anchor} is not allowed; remove it"),
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(event, Message("yaml-tag", f"the tag {shown} is not allowed; remove it"))

    def _takes_key(self) -> bool:
        frame = self.frames[-1] if self.frames else None
        return frame is not None and isinstance(frame.container, dict) and frame.key is _NO_KEY

    def _key(self, event: NodeEvent) -> None:
        frame = self.frames[-1]
        if not isinstance(event, ScalarEvent):
            message = Message(
                "key-no-word", "a key is not a plain word; write a word before the colon"
            )
            self._fault(event, message, frame.place)
            raise _UnusableError
        frame.key = event.value
        place = (*frame.place, event.value)
        if event.value in frame.container:
            line = self.document.keys[place][0]
            self._fault(
                event,
                Message(
                    "doubled-yaml-key", f"the key is doubled (first on line {line}); remove one"
                ),
                place,
            )
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

    def _fault(self, event: Event, message: Message, place: KeyPath | None = None) -> None:
        line, column = _position(event)
        name = self.document.name(self._place() if place is None else place)
        self.faults.append(Fault(self.document.file, line, column, name, message))


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

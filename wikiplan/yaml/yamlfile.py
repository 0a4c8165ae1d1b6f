"""YAML files as plain data with the position of every key and value, kept as long as they stay."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from wikiplan import files
from wikiplan.cache import NOTHING, Cache
from wikiplan.errors import Fault, Message
from wikiplan.yaml.document import Document, Position

MOST_BYTES = 256 * 1024
MOST_SHARED = 8
"""Texts of files whose documents are kept; a large one has ten megabytes."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def read(
    path: Path, file: str, cache: Cache = NOTHING, most: int = MOST_BYTES
) -> tuple[Document | None, list[Fault]]:
    """Return the file's data, None when they cannot be used, and everything wrong on the way.

    What is in the cache has no spans, which are for who edits the file.
    """
    try:
        raw = files.read(path, most)
    except files.UnreadableError as error:
        return None, [error.fault_of(file)]
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
    from wikiplan.yaml import yamlparser  # takes long, and files mostly are as they were

    return yamlparser.parsed(text, Document(file), faults)


@lru_cache(MOST_SHARED)
def shared(text: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """Return what :func:`parsed` does, of a file without a name, for who changes nothing of it.

    An edit asks for the same text time and again: where it stands, what it says, how it is written.
    """
    document, faults = parsed(text, "", [])
    return document, tuple(faults)


def _text(raw: bytes, file: str) -> tuple[str | None, list[Fault]]:
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(raw[: error.start].decode("utf-8"))
        wrong = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        message = Message("not-utf-8", wrong, "save the file as UTF-8")
        return None, [Fault(file, line, column, "", message)]
    faults = [_character_fault(match, file) for match in FORBIDDEN.finditer(text)]
    return (None if faults else text), faults


def _line_and_column(before: str) -> Position:
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1


def _character_fault(match: re.Match[str], file: str) -> Fault:
    line, column = _line_and_column(match.string[: match.start()])
    wrong = f"holds the control character U+{ord(match[0]):04X}"
    return Fault(file, line, column, "", Message("control-character", wrong, "delete it"))

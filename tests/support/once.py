"""What tests do time and again with the same input, and what comes out is the same: done once."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from typing import Any

from wikiplan.errors import Fault
from wikiplan.yaml import yamlparser
from wikiplan.yaml.document import Document

MOST_TEXTS = 500
Parsed = tuple[Document | None, list[Fault]]


def parse_once() -> None:
    """Parse the files of the sample plan once a process: each reader gets a copy of its own.

    A text that comes a second time is kept, so one that is made up for a single test costs nothing.
    """
    yamlparser.parsed = _once(yamlparser.parsed)


def _once(parsed: Callable[..., Parsed]) -> Callable[..., Parsed]:
    @functools.lru_cache(MOST_TEXTS)
    def kept(text: str, file: str) -> list[bytes]:
        return []

    @functools.wraps(parsed)
    def once(text: str, document: Document, faults: list[Fault]) -> Parsed:
        if faults:
            return parsed(text, document, faults)
        copies = kept(text, document.file)
        if copies[1:]:
            found: Any = pickle.loads(copies[1])
            return found
        made = parsed(text, document, faults)
        copies.append(pickle.dumps(made) if copies else b"")
        return made

    return once

"""Edits of ``pages.yaml``: new sections of a page and ids of their units; all else stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wikiplan.errors import Fault, Faults
from wikiplan.plan import yamlfile, yamltext
from wikiplan.plan.yamlfile import Document, Place

NAME = "pages.yaml"
_OWN_LINE = re.compile(r" *(?:- +)?")


def with_sections(text: str, title: str, sections: Sequence[Mapping[str, str]]) -> str:
    """Return the file with more sections of a page, written before those that it has.

    Their order there means nothing: on the page they stand where their markers are.
    """
    document = _read(text)
    entries = [yamltext.dumped({"x": dict(each)})[3:].rstrip() for each in sections]
    return _before(text, document.value_at((*_page(document, title), "sections", 0)), entries)


def with_ids(text: str, title: str, ids: Mapping[str, str]) -> str:
    """Return the file with more ids of a page, behind those that it has."""
    document = _read(text)
    page = _page(document, title)
    here = yamlfile.value_in(document.data, page)
    known = [(*page, "ids", key) for key in here.get("ids", {})]
    where = document.key_at(known[0] if known else (*page, "sections"))
    entries = yamltext.dumped({key: _number(id) for key, id in ids.items()}).splitlines()
    if known:
        return _before(text, where, entries)
    return _before(text, where, ["ids:", *(f"  {entry}" for entry in entries)])


def _before(text: str, where: tuple[int, int], entries: Sequence[str]) -> str:
    """Return the text with entries before the one that stands there, written in its style."""
    line, column = where
    lines = text.split("\n")
    lead, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    if _OWN_LINE.fullmatch(lead):
        lines[line - 1 : line - 1] = [f"{lead}{entry}" for entry in entries]
    elif lead.rstrip().endswith(("[", "{")) and not entries[0].endswith(":"):
        lines[line - 1] = f"{lead}{', '.join(entries)}, {rest}"
    else:
        wrong = "the entry stands on one line with others"
        advice = f"write this yourself, and import again: {' '.join(e.strip() for e in entries)}"
        raise Faults([Fault(NAME, line, column, "", wrong, advice)])
    return "\n".join(lines)


def _read(text: str) -> Document:
    document, faults = yamlfile.parsed(text, NAME, [])
    if document is None:
        raise Faults(faults)
    return document


def _page(document: Document, title: str) -> Place:
    titles = [page["title"] for page in document.data["pages"]]
    return "pages", titles.index(title)


def _number(id: str) -> Any:
    return int(id) if id.isascii() and id.isdigit() and id[0] != "0" else id

"""Edits of the plan: a unit's new text becomes a new text in its YAML file, and only that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wikiplan import files
from wikiplan.errors import Fault, Faults
from wikiplan.files import FileChange
from wikiplan.plan import yamlfile, yamltext
from wikiplan.plan.facttypes import Link
from wikiplan.plan.plan import Plan
from wikiplan.plan.units import TextBlock, blocks_in, compose
from wikiplan.plan.yamlfile import Document, KeyPath
from wikiplan.plan.yamltext import with_text

_LABELLED = re.compile(r"'''(?P<label>[^'\n]+):''' (?P<text>\S.*)", re.DOTALL)
_HERE = "\x00"
"""Stands for a block's text where its label and its links are wanted; no text holds it."""


class UnwritableError(ValueError):
    """A text that the plan's files cannot be given; says why in words for people."""


def set_text(plan: Plan, key: str, text: str) -> FileChange:
    """Return the file with the unit's English ``text``: that, or its label, is all that changes.

    ``text`` is the whole unit's, with the label and the see-also links of a list item. Raises
    :class:`UnwritableError`.
    """
    (replacement,) = set_texts(plan, {key: text})
    return replacement


def set_texts(plan: Plan, texts: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Return the files with the English texts of these units; see :func:`set_text`."""
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    for key, text in texts.items():
        stem, block = _block_of(plan, key)
        path = plan.directory / f"{stem}.yaml"
        before.setdefault(path, files.read(path))
        data = after.get(path, before[path])
        for name, value in _values(block, plan.links, text):
            data = _written(data, (*block.path, name), block.data[name], value)
        after[path] = data
    return tuple(FileChange(path, before[path], data) for path, data in after.items())


def _block_of(plan: Plan, key: str) -> tuple[str, TextBlock]:
    for stem, data in plan.files.items():
        for block in blocks_in(data):
            if block.data.get("unit") == key:
                return stem, block
    raise UnwritableError("the plan has no such text")


def _written(data: bytes, place: KeyPath, before: str, text: str) -> bytes:
    try:
        return with_text(data, place, before, text)
    except ValueError as error:
        raise UnwritableError(str(error)) from error


def _values(block: TextBlock, links: Mapping[str, Link], text: str) -> Iterator[tuple[str, str]]:
    """Yield what a unit's text makes of the block's ``label`` and ``text`` where it is another."""
    label, text = _taken_apart(block, links, text)
    if label != block.data.get("label", ""):
        yield "label", label
    if text != block.data["text"]:
        yield "text", text


def _taken_apart(block: TextBlock, links: Mapping[str, Link], text: str) -> tuple[str, str]:
    """Return the label and the text within a unit's text, whose links must be the present ones."""
    lead, _, trail = compose({**block.data, "text": _HERE}, links).partition(_HERE)
    if not text.endswith(trail):
        raise UnwritableError("it changes the links after the text, which the plan has as names")
    text = text.removesuffix(trail)
    if text.startswith(lead) and text != lead:
        return block.data.get("label", ""), text.removeprefix(lead)
    labelled = _LABELLED.fullmatch(text)
    if not labelled:
        raise UnwritableError("it changes the bold words before the text, or nothing else is left")
    return labelled["label"], labelled["text"]


# Edits of ``pages.yaml``: new sections of a page and ids of their units; all else stays.


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


def _page(document: Document, title: str) -> KeyPath:
    titles = [page["title"] for page in document.data["pages"]]
    return "pages", titles.index(title)


def _number(id: str) -> Any:
    return int(id) if id.isascii() and id.isdigit() and id[0] != "0" else id

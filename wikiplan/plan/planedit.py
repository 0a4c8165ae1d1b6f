"""Edits of the plan: a unit's new text becomes a new text in its YAML file, and only that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from wikiplan.atomic import Replacement
from wikiplan.plan.plan import Plan
from wikiplan.plan.scalartext import with_text
from wikiplan.plan.units import Block, Link, blocks_in, compose
from wikiplan.plan.yamlfile import Place

_LABELLED = re.compile(r"'''(?P<label>[^'\n]+):''' (?P<text>\S.*)", re.DOTALL)
_HERE = "\x00"
"""Stands for a block's text where its label and its links are wanted; no text holds it."""


class UnwritableError(ValueError):
    """A text that the plan's files cannot be given; says why in words for people."""


def set_text(plan: Plan, key: str, text: str) -> Replacement:
    """Return the file with the unit's English ``text``: that, or its label, is all that changes.

    ``text`` is the whole unit's, with the label and the see-also links of a list item. Raises
    :class:`UnwritableError`.
    """
    (replacement,) = set_texts(plan, {key: text})
    return replacement


def set_texts(plan: Plan, texts: Mapping[str, str]) -> tuple[Replacement, ...]:
    """Return the files with the English texts of these units; see :func:`set_text`."""
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    for key, text in texts.items():
        stem, block = _block_of(plan, key)
        path = plan.directory / f"{stem}.yaml"
        before.setdefault(path, path.read_bytes())
        data = after.get(path, before[path])
        for name, value in _values(block, plan.links, text):
            data = _written(data, (*block.path, name), block.data[name], value)
        after[path] = data
    return tuple(Replacement(path, before[path], data) for path, data in after.items())


def _block_of(plan: Plan, key: str) -> tuple[str, Block]:
    for stem, data in plan.files.items():
        for block in blocks_in(data):
            if block.data.get("unit") == key:
                return stem, block
    raise UnwritableError("the plan has no such text")


def _written(data: bytes, place: Place, before: str, text: str) -> bytes:
    try:
        return with_text(data, place, before, text)
    except ValueError as error:
        raise UnwritableError(str(error)) from error


def _values(block: Block, links: Mapping[str, Link], text: str) -> Iterator[tuple[str, str]]:
    """Yield what a unit's text makes of the block's ``label`` and ``text`` where it is another."""
    label, text = _taken_apart(block, links, text)
    if label != block.data.get("label", ""):
        yield "label", label
    if text != block.data["text"]:
        yield "text", text


def _taken_apart(block: Block, links: Mapping[str, Link], text: str) -> tuple[str, str]:
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

"""The blocks of a section of a translatable page, with the ids that their units have there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from wikiplan.adopt.blocks import Block, Kind, blocks_of
from wikiplan.adopt.linknames import dollars_escaped
from wikiplan.translate import translatable, tvars
from wikiplan.translate.markuperrors import ParseError
from wikiplan.translate.translatable import Page, Unit, is_valid_id
from wikiplan.translate.tvarnames import in_plan

_LABEL = re.compile(r"[| ]([^\[\]|\n]*)\]")

_Stretch = tuple[int, int, Unit]


@dataclass(frozen=True, slots=True)
class OwnVariable:
    """A tvar of one unit; ``linked`` if a link leads to its value, which then has a label."""

    name: str
    value: str
    linked: bool
    label: str


@dataclass(frozen=True, slots=True)
class UnitBlocks:
    """The section as readers see it, with ``$name`` for each tvar.

    ``ids`` are those of blocks that are one unit, by the block's number; ``others`` the units that
    hold several blocks or a part of one, or have an impossible id; ``variables`` those of each
    block.
    """

    text: str
    blocks: tuple[Block, ...]
    ids: dict[int, str]
    others: tuple[Unit, ...]
    variables: dict[int, tuple[OwnVariable, ...]]

    @property
    def links(self) -> tuple[tuple[str, str, str], ...]:
        """Name, target and label of every variable that a link leads to."""
        every = (variable for found in self.variables.values() for variable in found)
        return tuple((each.name, each.value, each.label) for each in every if each.linked)


def read(text: str) -> UnitBlocks:
    """Return a section's blocks. Raises ``translate.translatable.ParseError``."""
    page = translatable.parse(text)
    whole, stretches = _without_tags(page)
    blocks = blocks_of(whole)
    ids, others, variables = {}, [], {}
    for start, stop, unit in stretches:
        at = _block_at(blocks, whole, start, stop)
        if at is None or not (unit.new or is_valid_id(str(unit.id))):
            others.append(unit)
            continue
        variables[at] = tuple(_variables(unit))
        if not unit.new:
            ids[at] = str(unit.id)
    return UnitBlocks(whole, blocks, ids, tuple(others), variables)


def ambiguous(texts: Iterable[str]) -> set[str]:
    """Return the names that lead to several targets in these sections."""
    targets: dict[str, set[str]] = {}
    for text in texts:
        with suppress(ParseError):  # what is broken is told where it is read for good
            for name, target, _ in read(text).links:
                targets.setdefault(name, set()).add(target)
    return {name for name, found in targets.items() if len(found) > 1}


def _variables(unit: Unit) -> Iterator[OwnVariable]:
    for each in translatable.variables(unit):
        linked = unit.text[: each.start].endswith("[")
        yield OwnVariable(in_plan(each.name), each.value, linked, _label(unit.text[each.stop :]))


def _label(after: str) -> str:
    """Return a link's words, which stand behind its target."""
    found = _LABEL.match(after)
    return found[1] if found else ""


def definition(text: str) -> str:
    """Return a unit's raw text as the plan writes it."""
    parts: list[str] = []
    at = 0
    for variable in tvars.variables(text):
        parts += dollars_escaped(text[at : variable.start]), f"${in_plan(variable.name)}"
        at = variable.stop
    return "".join([*parts, dollars_escaped(text[at:])])


def _block_at(blocks: tuple[Block, ...], text: str, start: int, stop: int) -> int | None:
    """Return the number of the block of which the unit is all."""
    for number, block in enumerate(blocks):
        if block.start <= start and stop <= block.stop:
            whole = text[start:stop] in (block.text, text[block.start : block.stop])
            return number if whole and block.kind is not Kind.OTHER else None
    return None


def _without_tags(page: Page) -> tuple[str, list[_Stretch]]:
    """Return the text as it is rendered, and where the units stand in it."""
    text, stretches = "", []
    for part, is_unit in _parts(page):
        if isinstance(part, Unit) and is_unit:
            shown = definition(part.text)
            stretches.append((len(text), len(text) + len(shown), part))
            text += shown
        else:
            text += str(part)
    return text, stretches


def _parts(page: Page) -> Iterator[tuple[str | Unit, bool]]:
    """Yield what stands outside of the units, and the units.

    A newline behind an opening tag, and one before a closing tag, vanishes (fact 1.2).
    """
    for piece in page.pieces:
        if isinstance(piece, str):
            yield dollars_escaped(piece), False
            continue
        last = len(piece.parts) - 1
        for at, part in enumerate(piece.parts):
            if isinstance(part, Unit):
                yield part, True
            else:
                part = part.removeprefix("\n") if at == 0 else part
                yield part.removesuffix("\n") if at == last else part, False

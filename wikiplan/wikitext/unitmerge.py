"""The plan's new text of a section of a translatable page, merged with what stands there.

Units are the same when their ids are. What means the same as on the page stays as it stands there,
to the byte: a unit's text, its marker, the text between two units. What people added stays
(``wikitext.additions``). Anything else that people changed is drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wikiplan.translate import translatable, tvars
from wikiplan.translate.markupscan import MARKER, MARKER_END
from wikiplan.translate.translatable import Block, MarkerForm, Unit
from wikiplan.wikitext import additions, markers
from wikiplan.wikitext.additions import Owned, units_of

_BLANKS = re.compile(r"[ \t]+")
_LIST_ITEM = re.compile(r"^([*#:;]+) ?(?=\S)", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6}) ?(.+?) ?\1$", re.MULTILINE)
# A line break that is as good as a blank: neither line is empty, or begins with layout.
_SOFT_BREAK = re.compile(r"(?<=[^\n=])\n(?![\n*#:;=|!{<-])")
_BLANK_LINES = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Merged:
    """The section's text after merging. ``kept`` are the ids of people's own units in it, None for
    those that marking has not numbered; ``drift`` says that people changed more than they added.
    """

    body: str
    kept: tuple[str | None, ...]
    drift: bool


def merge(before: str, new: str, digest: str | None, owned: Owned) -> Merged:
    """Return a section's text on the page, brought up to date.

    ``digest`` is the begin marker's, of :func:`own_text` when wikiplan last wrote the section.
    With ``drift`` the body is the plan's text with people's additions only. Raises
    ``translate.translatable.ParseError`` for a text that no wiki would save.
    """
    own, added = additions.lift(before, owned)
    text = _brought_up_to_date(own, new)
    body = additions.put_back(text, added)
    _verify(before, new, body, owned)
    drift = text != own and not is_ours(before, own, digest)
    return Merged(body, tuple(unit.id for unit in _units(body, owned, ours=False)), drift)


def own_text(body: str, owned: Owned) -> str:
    """Return a section's text without what people added: what its digest is of."""
    return additions.lift(body, owned)[0]


def means_the_same(one: str, other: str) -> bool:
    """Return whether two raw unit texts differ in white space and ways of writing only."""
    return _folded(one) == _folded(other)


def _units(text: str, owned: Owned, *, ours: bool) -> list[Unit]:
    return [unit for unit in translatable.parse(text).units if owned(unit.id) is ours]


def _verify(before: str, new: str, body: str, owned: Owned) -> None:
    """Read the result again: a unit that is lost, or out of place, is our own bug."""
    ids = [unit.id for unit in translatable.parse(new).units]
    kept = [unit.id for unit in _units(body, owned, ours=True)] == ids
    theirs, still = (
        sorted(unit.source for unit in _units(text, owned, ours=False)) for text in (before, body)
    )
    if not kept or theirs != still:
        raise AssertionError("merging a section lost a unit")


def is_ours(before: str, own: str, digest: str | None) -> bool:
    """Return whether a section's text is as wikiplan wrote it; ``own`` is the plan's part of it."""
    if digest is None:
        return not own.strip()
    return digest in map(markers.digest, (own, before, _tidied(own)))


def _tidied(text: str) -> str:
    """Return a section's text as wikiplan writes it, where people only wrote it in another way."""
    parts: list[str] = []
    for step in _steps(text):
        parts.append(_folded_layout(step.gap))
        if step.unit and step.unit.id is not None:
            folded = _folded(step.unit.text)
            parts.append(translatable.canonical(folded, step.unit.id, step.inline))
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class _Step:
    """A unit with the text before it since the unit before, or the rest of the text."""

    gap: str
    unit: Unit | None
    inline: bool
    between: tuple[str | None, str | None]


def _steps(text: str) -> Iterator[_Step]:
    at, last = 0, None
    for piece in translatable.parse(text).pieces:
        for unit in units_of(piece):
            assert isinstance(piece, Block)
            yield _Step(text[at : unit.start], unit, piece.inline, (last, unit.id))
            at, last = unit.stop, unit.id
    yield _Step(text[at:], None, False, (last, None))


def _brought_up_to_date(own: str, new: str) -> str:
    """Return the new text, with the bytes of the page's own text where they mean the same."""
    if not own.strip():
        return new
    old = tuple(_steps(own))
    gaps = {step.between: step.gap for step in old}
    units = {step.unit.id: step for step in old if step.unit}
    parts: list[str] = []
    for step in _steps(new):
        parts.append(_kept_gap(gaps.get(step.between), step.gap))
        if step.unit:
            parts.append(_source(units.get(step.unit.id), step.unit, step.inline))
    return "".join(parts)


def _kept_gap(old: str | None, new: str) -> str:
    """Return the text between two units as the page has it, if that means the same."""
    return old if old is not None and _folded_layout(old) == _folded_layout(new) else new


def _source(old: _Step | None, new: Unit, inline: bool) -> str:
    """Return a unit with its marker, in the page's form of it where it can be that."""
    assert new.id is not None
    if old is None or old.unit is None:
        return new.source
    same = means_the_same(old.unit.text, new.text)
    if old.inline != inline:
        keep = same and "\n" not in old.unit.text
        return translatable.canonical(old.unit.text, new.id, inline) if keep else new.source
    if same:
        return old.unit.source
    usual = translatable.canonical(old.unit.text, new.id, inline) == old.unit.source
    return new.source if usual else _with_marker(new.text, new.id, old.unit.form)


def _with_marker(text: str, id: str, form: MarkerForm) -> str:
    marker = f"{MARKER}{id}{MARKER_END}"
    match form:
        case MarkerForm.END:
            return f"{text} {marker}"
        case MarkerForm.SPACE:
            return f"{marker} {text}"
        case _:
            return f"{marker}\n{text}"


def _folded(text: str) -> str:
    """Return a raw unit text with the usual white space, quoting and list style."""
    parts: list[str] = []
    at = 0
    for variable in tvars.variables(text):
        parts += text[at : variable.start], f'<tvar name="{variable.name}">{variable.value}</tvar>'
        at = variable.stop
    folded = _folded_layout("".join([*parts, text[at:]]).strip())
    return _SOFT_BREAK.sub(" ", _HEADING.sub(r"\1 \2 \1", folded))


def _folded_layout(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).rstrip(" ") for line in text.split("\n"))
    return _LIST_ITEM.sub(r"\1 ", _BLANK_LINES.sub("\n\n", "\n".join(lines)))

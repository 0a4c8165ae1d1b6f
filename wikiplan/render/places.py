"""Unit places: where each unit of a plain page stands in a section's text, and what fills it.

A unit's text goes through the template between noncharacters, as do the values of its variables;
where they come out is its place. No page can hold them (``render.source`` does so too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wikiplan.catalogs import State
from wikiplan.plan import Fact, Unit
from wikiplan.render.escaping import Wikitext
from wikiplan.render.wording import ChosenText, Wording, fill
from wikiplan.textdiff import Hunk
from wikiplan.value import Value, replace

_UNIT, _FILL, _MIDDLE, _END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_SIGN = re.compile(f"(?P<kind>[{_UNIT}{_FILL}])(?P<number>\\d+){_MIDDLE}|{_END}")


class Filled(Value):
    """What stands at ``text[start:stop]`` of the section for ``written`` in the unit's text.

    ``written`` is ``$name``, ``$$`` (its ``name`` is ``$``), a whole ``{{PLURAL:$name|…}}``, of
    which one form is shown, or a sign that is written otherwise where it stands (it has no name).
    """

    name: str
    start: int
    stop: int
    written: str


class UnitPlace(Value):
    """A unit's text at ``text[start:stop]`` of the section, without the mark of its language.

    ``language`` is the code of the language it is shown in. ``source`` is the text as the plan or
    that language's catalog writes it. ``state`` is that of the translation into the section's own
    language: where it is untranslated, or outdated and given way, ``language`` is another one.
    ``filled`` are in the order of the text, none inside of another.
    """

    key: str
    start: int
    stop: int
    language: str
    source: str
    filled: tuple[Filled, ...] = ()
    state: State = State.TRANSLATED


class PlacedSection(Value):
    """A section's text as it is rendered, with the places of its units by their start.

    A unit may have several places, and may stand inside of what is filled into another unit.
    ``language`` is the code of the section's own.
    """

    name: str
    text: str
    places: tuple[UnitPlace, ...]
    language: str = ""


class _Use(Value):
    unit: Unit
    reading: ChosenText
    state: State


class PlacingWording(Wording):
    """The units of one section of a plain page, with signs around them and their values."""

    def __init__(self, *arguments: Any, inline: bool = False) -> None:
        super().__init__(*arguments, inline=inline)
        self._uses: list[_Use] = []
        self._fills: list[tuple[str, str]] = []

    def placed(self, name: str, signed: str, text: str) -> PlacedSection:
        """Return the places of the units in a section that was rendered with signs.

        ``text`` is what it is without them; if taking them out leaves something else, the template
        did something with them that nobody can follow, and no place is known.
        """
        places = sorted(self._places(signed, text), key=lambda place: (place.start, -place.stop))
        return PlacedSection(name, text, tuple(places), self.language.code)

    def _filled(
        self, unit: Unit, reading: ChosenText, values: Mapping[str, Fact | Wikitext]
    ) -> Wikitext:
        self._uses.append(_Use(unit, reading, self._state(unit)))
        signed = fill(reading.text.strip(), values, self._of(reading), self._sign)
        return Wikitext(f"{_UNIT}{len(self._uses) - 1}{_MIDDLE}{signed}{_END}")

    def _sign(self, name: str, written: str, shown: str) -> str:
        self._fills.append((name, written))
        return f"{_FILL}{len(self._fills) - 1}{_MIDDLE}{shown}{_END}"

    def _protected(self, sign: str, instead: str) -> str:
        return self._sign("", sign, instead)

    def _state(self, unit: Unit) -> State:
        if unit.key in self.outdated:
            return State.OUTDATED
        return State.UNTRANSLATED if unit.key in self.untranslated else State.TRANSLATED

    def _places(self, signed: str, text: str) -> list[UnitPlace]:
        clean, spans = _without_signs(signed)
        if clean != text:
            return []
        fills = [span for span in spans if span.kind == _FILL]
        return [self._place(span, fills) for span in spans if span.kind == _UNIT]

    def _place(self, span: _Span, fills: list[_Span]) -> UnitPlace:
        use = self._uses[span.number]
        return UnitPlace(
            use.unit.key,
            span.start,
            span.stop,
            use.reading.language.code,
            use.reading.text,
            tuple(self._fill(each) for each in fills if each.within is span),
            use.state,
        )

    def _fill(self, span: _Span) -> Filled:
        name, written = self._fills[span.number]
        return Filled(name, span.start, span.stop, written)


@dataclass(slots=True, eq=False)
class _Span:
    """What stood between two signs; ``within`` is what it stood directly inside of."""

    kind: str
    number: int
    within: _Span | None
    start: int
    stop: int = 0


def _without_signs(signed: str) -> tuple[str, list[_Span]]:
    """Return the text without its signs, and what stood between them in the order of the starts.

    Where a sign has lost its partner, some signs stay in the text.
    """
    parts, spans, size, end = [], list[_Span](), 0, 0
    inside: _Span | None = None
    for sign in _SIGN.finditer(signed):
        parts.append(signed[end : sign.start()])
        size += sign.start() - end
        end = sign.end()
        if sign["kind"]:
            inside = _Span(sign["kind"], int(sign["number"]), inside, size)
            spans.append(inside)
        elif inside:
            inside.stop = size
            inside = inside.within
        else:
            parts.append(sign[0])
    return "".join([*parts, signed[end:], _END if inside else ""]), spans


# Places in an older text of a section: the units in it whose text is the same today.


def located(placed: PlacedSection, since: Sequence[Hunk], base: str) -> Iterator[UnitPlace]:
    """Yield the places whose text stands unchanged in an older text, by their offsets there."""
    doubtful = _doubtful(placed, base) if since else set()
    for place in placed.places:
        shown = placed.text[place.start : place.stop]
        if shown in doubtful or any(_changes(hunk, place) for hunk in since):
            continue
        before = [hunk for hunk in since if hunk.stop <= place.start]
        yield _shifted(place, before[-1].new_stop - before[-1].stop if before else 0)


def _doubtful(placed: PlacedSection, base: str) -> set[str]:
    """Return texts that several units share, and that stand more or less often in the base."""
    keys: dict[str, set[str]] = {}
    for place in placed.places:
        keys.setdefault(placed.text[place.start : place.stop], set()).add(place.key)
    return {
        text
        for text, sharing in keys.items()
        if len(sharing) > 1 and placed.text.count(text) != base.count(text)
    }


def _changes(hunk: Hunk, place: UnitPlace) -> bool:
    """Tell whether a hunk may change a place; words at its edge may be its own, lines are not."""
    if not hunk.lines:
        return hunk.start <= place.stop and place.start <= hunk.stop
    if hunk.start == hunk.stop:
        return place.start < hunk.start < place.stop
    return hunk.start < place.stop and place.start < hunk.stop


def _shifted(place: UnitPlace, by: int) -> UnitPlace:
    filled = tuple(
        replace(each, start=each.start + by, stop=each.stop + by) for each in place.filled
    )
    return replace(place, start=place.start + by, stop=place.stop + by, filled=filled)

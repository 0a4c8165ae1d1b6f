"""Unit places: where each unit of a plain page stands in a section's text, and what fills it.

A unit's text goes through the template between noncharacters, as do the values of its variables;
where they come out is its place. No page can hold them (``render.source`` does so too).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from wikiplan.catalogs import State
from wikiplan.l10n import Years
from wikiplan.plan import Fact, NamedUnit, Unit
from wikiplan.render.escaping import Wikitext
from wikiplan.render.facts import Facts
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
    scope: str = ""


class FactPlace(Value):
    """What stands at ``text[start:stop]`` of a section for a fact, in a unit's text or outside.

    ``kind`` is the method of ``facts.Facts`` that wrote ``value``.
    """

    kind: str
    value: Any
    start: int
    stop: int


class PlacedSection(Value):
    """A section's text as it is rendered, with the places of its units by their start.

    A unit may have several places, and may stand inside of what is filled into another unit.
    ``language`` is the code of the section's own. ``facts`` are known where they were asked for.
    """

    name: str
    text: str
    places: tuple[UnitPlace, ...]
    language: str = ""
    facts: tuple[FactPlace, ...] = ()


class _Use(Value):
    unit: Unit
    reading: ChosenText
    state: State
    scope: str


class PlacingWording(Wording):
    """The units of one section of a plain page, with signs around them and their values."""

    def __init__(self, *arguments: Any, inline: bool = False) -> None:
        super().__init__(*arguments, inline=inline)
        self._uses: list[_Use] = []
        self._fills: list[tuple[str, str]] = []
        self._scope = ""

    def text(
        self,
        unit: Unit,
        values: Mapping[str, Fact | Wikitext] | None = None,
        *,
        block: bool = False,
        scope: str = "",
    ) -> Wikitext:
        self._scope = scope
        return super().text(unit, values, block=block, scope=scope)

    def placed(self, name: str, signed: str, text: str) -> PlacedSection:
        """Return the places of the units in a section that was rendered with signs.

        ``text`` is what it is without them; if taking them out leaves something else, the template
        did something with them that nobody can follow, and no place is known.
        """
        clean, spans = _without_signs(signed)
        if clean != text:
            return PlacedSection(name, text, (), self.language.code)
        places = sorted(self._places(spans), key=lambda place: (place.start, -place.stop))
        facts = tuple(self._facts_in(spans))
        return PlacedSection(name, text, tuple(places), self.language.code, facts)

    def _filled(
        self, unit: Unit, reading: ChosenText, values: Mapping[str, Fact | Wikitext]
    ) -> Wikitext:
        self._uses.append(_Use(unit, reading, self._state(unit), self._scope))
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

    def _facts_in(self, spans: list[_Span]) -> Iterator[FactPlace]:
        return iter(())

    def _places(self, spans: list[_Span]) -> list[UnitPlace]:
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
            use.scope,
        )

    def _fill(self, span: _Span) -> Filled:
        name, written = self._fills[span.number]
        return Filled(name, span.start, span.stop, written)


class FactPlacingWording(PlacingWording):
    """Knows the places of facts as well: of an event's date, of a person's name.

    A template may compare what facts look like, so the same fact always has the same sign.
    """

    def __init__(self, *arguments: Any, inline: bool = False) -> None:
        super().__init__(*arguments, inline=inline)
        self._known: dict[tuple[str, str], int] = {}
        self._of_number: dict[int, tuple[str, Any]] = {}
        self.facts = _SignedFacts(self.facts, self._signed)

    def _signed(self, kind: str, value: Any, shown: Wikitext) -> Wikitext:
        key = kind, value.isoformat() if isinstance(value, datetime) else repr(value)
        if key not in self._known:
            self._known[key] = len(self._fills)
            self._of_number[len(self._fills)] = kind, value
            self._fills.append(("", shown))
        return Wikitext(f"{_FILL}{self._known[key]}{_MIDDLE}{shown}{_END}")

    def _facts_in(self, spans: list[_Span]) -> Iterator[FactPlace]:
        for span in spans:
            if span.kind == _FILL and span.number in self._of_number:
                yield FactPlace(*self._of_number[span.number], span.start, span.stop)


class _SignedFacts:
    """Writes facts with signs around them."""

    def __init__(self, facts: Facts, sign: Callable[[str, Any, Wikitext], Wikitext]) -> None:
        self._facts = facts
        self._sign = sign

    def date(self, value: str, style: str = "") -> Wikitext:
        return self._sign("date", value, self._facts.date(value, style))

    def clock(self, instant: datetime) -> Wikitext:
        return self._sign("clock", instant, self._facts.clock(instant))

    def time(self, instant: datetime, style: str = "") -> Wikitext:
        return self._sign("time", instant, self._facts.time(instant, style))

    def number(self, value: int | Decimal) -> Wikitext:
        return self._sign("number", value, self._facts.number(value))

    def fiscal_year(self, years: Years) -> Wikitext:
        return self._sign("fiscal_year", years, self._facts.fiscal_year(years))

    def name(self, name: NamedUnit) -> Wikitext:
        return self._sign("name", name, self._facts.name(name))

    def join(self, items: Sequence[Wikitext]) -> Wikitext:
        return self._facts.join(items)

    def isolated(self, value: Wikitext) -> Wikitext:
        return self._facts.isolated(value)


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

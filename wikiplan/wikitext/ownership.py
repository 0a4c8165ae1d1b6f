"""Which units of a section are the plan's: those that it wrote, whatever it says today.

The begin marker has the digest of what was written. Where the whole text has it, every unit is the
plan's; else those units are people's without which the rest has it. So the plan may have dropped a
unit since, and it is still the plan's to take away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from wikiplan.errors import Refusal
from wikiplan.spans import Replacement, splice
from wikiplan.textdiff import words
from wikiplan.translate import PageUnit, ParseError, markup
from wikiplan.value import Value, replace
from wikiplan.wikitext import markers, sections, unitmerge
from wikiplan.wikitext.sections import Section
from wikiplan.wikitext.unitmerge import Merged

# Which section of a page a unit stands in, and so whether it is another plan's.


def sections_of_units(text: str, tags: frozenset[str]) -> Mapping[str, Section]:
    """Return the section of each unit by id; nothing of a text whose markers cannot be read."""
    try:
        found = sections.find(text, tags)
        units = markup.parse(text).units if found else ()
    except (Refusal, ParseError):
        return {}
    return {
        unit.id: section
        for unit in units
        for section in found
        if unit.id and section.begin.start < unit.start < section.end.start
    }


def ids_of_others(text: str, tags: frozenset[str], *plans: str) -> frozenset[str]:
    """Return the ids of units that stand in sections of other plans than those of these names."""
    found = sections_of_units(text, tags)
    return frozenset(id for id, each in found.items() if not any(map(each.is_of, plans)))


# Which units of a section are the plan's.


_Guess = Callable[[str], bool]


class Written(Value):
    """What is known of a section as wikiplan wrote it.

    ``digest`` and ``listed`` are the begin marker's, ``declared`` are ids of ``pages.yaml``, and
    ``new`` has the plan's units of today: texts by id. ``base`` has those that were written, where
    the page's history was asked.
    """

    digest: str | None
    listed: frozenset[str] | None
    declared: frozenset[str]
    new: Mapping[str, str]
    base: Mapping[str, str] | None = None


class LostMarker(Value):
    """A unit of the plan whose marker is gone while its text stands there.

    ``number`` is what marking gave the text in place of ``id``, empty if it was not marked since.
    """

    id: str
    text: str
    number: str

    def is_of(self, unit: PageUnit) -> bool:
        return (unit.id or "", unit.text) == (self.number, self.text)


class Ownership(Value):
    """The plan's units of one text, by their offsets.

    ``proven`` says that the plan's part is as it was written, but for ``lost`` markers.
    """

    units: frozenset[int]
    proven: bool
    lost: tuple[LostMarker, ...] = ()

    @property
    def intact(self) -> bool:
        return self.proven and not self.lost

    def __call__(self, unit: PageUnit) -> bool:
        return unit.start in self.units


def of(text: str, written: Written) -> Ownership:
    """Return which units of a section's text are the plan's.

    Where nothing proves it they are those with ids of the plan's. A unit that takes an id which
    the plan has is the plan's. Raises :class:`ParseError` for a text that no wiki would save.
    """
    units = markup.parse(text).units
    found = _proven(text, units, written) or _likely(text, units, written)
    taken = [unit for unit in units if unit.id in written.new and not found(unit)]
    same = all(unitmerge.means_the_same(u.text, written.new[u.id or ""]) for u in taken)
    return Ownership(found.units | _offsets(taken), found.proven and same, found.lost)


def merge(before: str, new: str, written: Written) -> tuple[Merged, Ownership]:
    """Return a section brought up to date with the plan's text, and whose its units were.

    The texts whose markers were lost get them back, but in :attr:`Merged.now`.
    """
    found = of(before, written)
    if not found.lost:
        return unitmerge.merge(before, new, found), found
    text = mended(before, found.lost)
    merged = unitmerge.merge(text, new, of(text, written))
    return replace(merged, now=unitmerge.own_text(before, found)), found


def mended(text: str, lost: Iterable[LostMarker]) -> str:
    """Return a section's text with the lost markers in their places."""
    back: list[Replacement] = []
    for marker in lost:
        for block in markup.parse(text).blocks:
            found = [unit for unit in block.units if marker.is_of(unit)]
            back += [
                Replacement(u.start, u.stop, markup.canonical(u.text, marker.id, block.inline))
                for u in found[:1]
            ]
    return splice(text, back)


def _proven(text: str, units: Sequence[PageUnit], written: Written) -> Ownership | None:
    tried: set[frozenset[int]] = set()
    for each in _possible(units, written):
        if each.units not in tried:
            own = unitmerge.own_text(text, each)
            # Lazily: tidying costs more than all the rest.
            ways = (way(own) for way in (str, unitmerge.tidied))
            if any(markers.digest(way) == written.digest for way in ways):
                return each
        tried.add(each.units)
    return None


def _likely(text: str, units: Sequence[PageUnit], written: Written) -> Ownership:
    likely = _guessed(units, next(_guesses(units, written)), written)
    edited = dict(_edited(units, likely, written))
    ours = likely.units | _offsets(edited.values())
    likely = Ownership(ours, False, (*likely.lost, *edited))
    empty = written.digest is None and not unitmerge.own_text(text, likely).strip()
    return replace(likely, proven=empty)


def _edited(
    units: Sequence[PageUnit], likely: Ownership, written: Written
) -> Iterator[tuple[LostMarker, PageUnit]]:
    """Yield the units that lost their markers and were edited: their places and words say so."""
    texts = written.base or written.new
    there = {lost.id for lost in likely.lost} | {unit.id for unit in units if likely(unit)}
    absent = {id: text for id, text in texts.items() if id not in there}
    order, ids = list(texts), [unit.id for unit in units]
    for at, unit in enumerate(units):
        place = None if likely(unit) else _neighbours(ids, at, there)
        fits = (
            id
            for id, text in absent.items()
            if _neighbours(order, order.index(id), there) == place and _is_edit(text, unit.text)
        )
        if id := next(fits, ""):
            del absent[id]
            yield LostMarker(id, unit.text, unit.id or ""), unit


def _neighbours(
    ids: Sequence[str | None], at: int, there: Collection[str | None]
) -> tuple[str | None, str | None]:
    """Return the ids before and behind a place, of those that are there."""
    before = (id for id in reversed(ids[:at]) if id in there)
    behind = (id for id in ids[at:] if id in there)
    return next(before, None), next(behind, None)


def _is_edit(old: str, new: str) -> bool:
    """Say whether half of a text's words are still there."""
    counts = [Counter(each for each in words(text) if each.isalnum()) for text in (old, new)]
    kept = (counts[0] & counts[1]).total()
    return kept > 0 and 2 * kept >= counts[0].total()


def _possible(units: Sequence[PageUnit], written: Written) -> Iterator[Ownership]:
    """Yield what may be, the likeliest first."""
    guesses = tuple(_guesses(units, written))
    yield replace(_guessed(units, guesses[0], written), units=_offsets(units))
    for guess in guesses:
        found = _guessed(units, guess, written)
        certain = _offsets([unit for unit in units if unit.id is not None and guess(unit.id)])
        yield from (found, Ownership(certain, True))


def _guesses(units: Sequence[PageUnit], written: Written) -> Iterator[_Guess]:
    """Yield what may tell the plan's ids, the likeliest first."""
    if written.base is not None:
        yield written.base.__contains__
        return
    known = written.declared if written.listed is None else written.listed
    yield partial(_is_of, known)
    # A copy of another page's text brings the markers along.
    yield {*written.new, *known}.__contains__
    if written.listed is not None:
        return
    yield partial(_is_of, ())
    # Marking counts upwards: what people added since has higher numbers than what was written.
    numbers = [unit.id for unit in units if unit.id and unit.id.isdecimal()]
    for most in range(len(numbers), 0, -1):
        yield partial(_is_of, sorted(numbers, key=int)[:most])


def _is_of(ids: Collection[str], id: str) -> bool:
    return markers.is_key(id) or id in ids


def _guessed(units: Sequence[PageUnit], guess: _Guess, written: Written) -> Ownership:
    """Return the units that a guess calls the plan's, and those that are its by their texts.

    The latter have lost their markers: another id, or none, and the plan's one stands nowhere.
    """
    texts = {**written.new, **(written.base or {})}
    there = {unit.id for unit in units}
    absent = {unitmerge.folded(text): id for id, text in texts.items() if id not in there}
    ours, lost = [], []
    for unit in units:
        if unit.id is not None and (guess(unit.id) or unit.id in texts):
            ours += [unit] if guess(unit.id) else []
        elif id := absent.pop(unitmerge.folded(unit.text), ""):
            ours.append(unit)
            lost.append(LostMarker(id, unit.text, unit.id or ""))
    return Ownership(_offsets(ours), True, tuple(lost))


def _offsets(units: Iterable[PageUnit]) -> frozenset[int]:
    return frozenset(unit.start for unit in units)

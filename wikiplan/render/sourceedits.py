"""Edits of a translatable page: which of people's changes to its text change units of the plan.

Units are told by their ids, so nothing has to be aligned. What cannot be put into one of the plan's
texts is left with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from wikiplan.plan import Plan
from wikiplan.render import unitedits
from wikiplan.render.places import PlacedSection
from wikiplan.render.renderer import PageSection, Renderer, SourceUnit
from wikiplan.render.unitedits import ELSEWHERE, GONE, Edits, Unassigned, UnitEdit
from wikiplan.render.unittext import LEAST_KEPT
from wikiplan.spans import Span
from wikiplan.textdiff import words
from wikiplan.translate import PageUnit, markup, text_in_plan
from wikiplan.value import Value
from wikiplan.wikitext import unitmerge

ANOTHER = "the whole text was replaced by another"
BETWEEN = "it lies between the units: the template wrote it"
NO_UNIT = "the plan has no such unit"
NO_TEXT = "the plan has its text from elsewhere, such as a link's title"
TEMPLATE = "a template was put around the text"
VALUES = "it changes the value of a variable, which is a fact of the plan"
SINCE = "the plan has another text by now"


def edits(plan: Plan, units: Sequence[SourceUnit], base: str, now: str) -> Edits:
    """Return what changed from ``base`` to ``now``, the plan's part of a section's text each time.

    ``units`` are those that the plan has in the section.
    """
    return _EditedUnits(plan, {unit.id: unit.key for unit in units}, base, now).edits()


class _EditedUnits:
    def __init__(self, plan: Plan, keys: Mapping[str, str], base: str, now: str) -> None:
        self.plan, self.keys, self.now = plan, keys, now
        self.old, self.new = _units(base), _units(now)
        self.between = _between(base) != _between(now)

    def edits(self) -> Edits:
        found: dict[str, list[UnitEdit]] = {}
        left: list[Unassigned] = []
        for edit in self._changed():
            if isinstance(edit, UnitEdit):
                found.setdefault(edit.key, []).append(edit)
            else:
                left.append(edit)
        assigned = []
        for key, same in found.items():
            if len(same) == list(self.keys.values()).count(key) and len(set(same)) == 1:
                assigned.append(same[0])
            else:
                left += [Unassigned(e.before, e.after, 0, ELSEWHERE, key) for e in same]
        return Edits(tuple(assigned), tuple(left))

    def _changed(self) -> Iterator[UnitEdit | Unassigned]:
        gone = [self.old[id] for id in self.old if id not in self.new]
        yield from (Unassigned(unit.text, "", 0, GONE, self._key(unit)) for unit in gone)
        for id, unit in self.new.items():
            before = self.old.get(id)
            if before is None:
                yield Unassigned("", unit.text, unit.line, NO_UNIT)
            elif not unitmerge.means_the_same(before.text, unit.text):
                yield self._edit(before, unit)
        if self.between and not gone and self.old.keys() == self.new.keys():
            yield Unassigned("", "", 0, BETWEEN)

    def _edit(self, before: PageUnit, unit: PageUnit) -> UnitEdit | Unassigned:
        """Return the edit of one unit: what stands around the plan's text must still be there."""
        planned = self.plan.units.get(self._key(unit))
        if planned is None:
            return self._left(before, unit, NO_TEXT if self._key(unit) else NO_UNIT)
        if _values(before) != _values(unit):
            return self._left(before, unit, VALUES)
        text = planned.text.strip()
        lead, same, trail = _definition(before, planned.variables).partition(text)
        if not same:
            return self._left(before, unit, SINCE)
        after = _definition(unit, planned.variables)
        if not (after.startswith(lead) and after.endswith(trail)):
            return self._left(before, unit, BETWEEN)
        after = after.removeprefix(lead).removesuffix(trail)
        if _is_another(text, after):
            return self._left(before, unit, ANOTHER)
        if after.startswith("{{") > text.startswith("{{"):
            return self._left(before, unit, TEMPLATE)
        return UnitEdit(planned.key, self.plan.source_language, planned.text, after)

    def _left(self, before: PageUnit, unit: PageUnit, reason: str) -> Unassigned:
        return Unassigned(before.text, unit.text, unit.line, reason, self._key(unit))

    def _key(self, unit: PageUnit) -> str:
        return self.keys.get(unit.id or "", "")


def _units(text: str) -> dict[str, PageUnit]:
    return {unit.id: unit for unit in markup.parse(text).units if unit.id is not None}


def _between(text: str) -> str:
    """Return a section's text without the units' own: what the template wrote, and the markers."""
    parts: list[str] = []
    at = 0
    for unit in markup.parse(text).units:
        parts += text[at : unit.start], f"{unit.id}"
        at = unit.stop
    return "".join([*parts, text[at:]])


def _definition(unit: PageUnit, variables: Iterable[str]) -> str:
    return text_in_plan(markup.definition(unit), variables)


def _values(unit: PageUnit) -> set[tuple[str, str]]:
    return {(variable.name, variable.value) for variable in markup.variables(unit)}


def _is_another(before: str, after: str) -> bool:
    """Say whether hardly a word of a text is left, as after vandalism."""
    old, new = (Counter(word for word in words(text) if not word.isspace())
                for text in (before, after))  # fmt: skip
    return sum(map(len, (old & new).elements())) < LEAST_KEPT * sum(map(len, old.elements()))


# Where a section's units stand, and what people's edits mean for them, on every kind of page.


class UnitReader(Value, dict=True):
    """Reads one section of a page."""

    plan: Plan
    renderer: Renderer
    wanted: PageSection

    def places(self, ours: str) -> Sequence[Span]:
        """Return where units stand in the plan's text, on a translatable page with their marker."""
        if self.wanted.page.translatable:
            return [Span(unit.start, unit.stop) for unit in markup.parse(ours).units]
        return [Span(place.start, place.stop) for place in self._placed.places]

    def edits(self, base: str, now: str) -> Edits:
        """Return what the changes from what wikiplan wrote to what stands there now mean."""
        if not self.wanted.page.translatable:
            return unitedits.edits(self._placed, base, now)
        return edits(self.plan, self.renderer.section(self.wanted).units, base, now)

    @property
    def has_the_language(self) -> bool:
        """Whether the plan has most of the section's texts in the page's language."""
        places = self._placed.places
        return 2 * sum(each.language == self.wanted.language for each in places) >= len(places)

    @cached_property
    def _placed(self) -> PlacedSection:
        return self.renderer.placed(self.wanted)

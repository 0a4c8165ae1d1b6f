"""Sections of a department's own kinds, read from a page by what their template writes.

A section is of such a kind where it is named after its template. What the template is made of is
turned into a layout; its lines then say which words of the section stand for which value of the
data file. It works for templates that write words, values, lines for each item of a list and lines
that may be there. Whatever comes out is rendered and compared like all that an import makes: what
reads otherwise becomes free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import Any

from wikiplan.adopt import layouts
from wikiplan.adopt.alignedblocks import AlignedSection
from wikiplan.adopt.drafts import Draft, Drafting
from wikiplan.adopt.kindsections import OUT_OF_LINE, OtherwiseError, Section
from wikiplan.adopt.layouts import Each, Either, Layout, Line, Maybe, Part, Told
from wikiplan.adopt.values import Doubt, PlanData, SectionReading
from wikiplan.plan import kinds
from wikiplan.render import (
    Conditional,
    Repeated,
    Shown,
    TemplatePart,
    UnfollowedError,
    parts_of,
    section_templates,
)

DATA, LABELS, TEXT, KEY = "data", "labels", "text", "key"
MOST_FORMS = 8
"""In so many ways a line, or a section, may be written, by what of it is there."""
_NAME = re.compile(r"\{(\w+)\}")
_OURS = re.compile(r"n\d+")
LOOP_IN_LINE = "a loop stands within a line"
RENDERED = "of what was read the template writes other lines"
OTHERWISE = "its lines are not those that the template writes"
NO_VALUE = "what stands where the template writes a value is none that a data file could have"


def own_kinds(templates: Path) -> tuple[str, ...]:
    """Return the names of the plan's own templates, longer ones before those that begin them."""
    own = (name for name in section_templates(templates) if name not in kinds.SECTION_KINDS)
    return tuple(sorted(own, key=len, reverse=True))


@dataclass
class _Level:
    """What stands for what in the lines of a template, or in those of a loop in it."""

    shown: dict[str, Shown] = field(default_factory=dict)
    loops: dict[str, _Loop] = field(default_factory=dict)

    def has_texts_of(self, item: str) -> str:
        """Return the name of the first text that an item of a loop has, empty without one."""
        return next((n for n, s in self.shown.items() if s.path[0] == item and s.is_text), "")


@dataclass
class _Loop:
    item: str
    path: tuple[str, ...]
    level: _Level


class _Layouts:
    """Makes layouts of templates' parts, with a name of its own for each place of a value."""

    def __init__(self) -> None:
        self._count = 0

    def layout(self, parts: Sequence[TemplatePart], level: _Level) -> Layout:
        """Return the lines that parts write. Raises :class:`UnfollowedError`."""
        found: list[Part] = []
        forms = [""]
        for part in parts:
            if isinstance(part, str):
                first, *lines = part.split("\n")
                forms = [form + first for form in forms]
                for line in lines:
                    found += self._line(forms)
                    forms = [line]
            elif isinstance(part, Shown):
                name = self._name(part, level)
                forms = [form + name for form in forms]
            elif not any(form.strip() for form in forms):
                found.append(self._lines(part, level))
                forms = [""]
            else:
                forms = self._with_condition(forms, part, level)
        return (*found, *self._line(forms))

    def _lines(self, part: Repeated | Conditional, level: _Level) -> Part:
        if isinstance(part, Repeated):
            last = part.parts[-1] if part.parts else ""
            if isinstance(last, Shown) or (isinstance(last, str) and not last.endswith("\n")):
                raise UnfollowedError(LOOP_IN_LINE)
            loop = _Loop(part.item, part.path, _Level())
            name = self._next()
            level.loops[name] = loop
            return Each(name, self.layout(part.parts, loop.level))
        inner = self.layout(part.parts, level)
        return (
            Either((inner, self.layout(part.otherwise, level))) if part.otherwise else Maybe(inner)
        )

    def _with_condition(
        self, forms: Sequence[str], part: Repeated | Conditional, level: _Level
    ) -> list[str]:
        """Return how a line may be written that has a condition in it, longer forms first."""
        if isinstance(part, Repeated):
            raise UnfollowedError(LOOP_IN_LINE)
        each = [self._within(parts, level) for parts in (part.parts, part.otherwise)]
        found = [form + inner for form in forms for inner in each]
        if len(found) > MOST_FORMS:
            raise UnfollowedError("a line has too many conditions")
        return found

    def _within(self, parts: Sequence[TemplatePart], level: _Level) -> str:
        written = ""
        for part in parts:
            if isinstance(part, Shown):
                written += self._name(part, level)
            elif isinstance(part, str) and "\n" not in part:
                written += part
            else:
                raise UnfollowedError("a condition within a line has lines of its own")
        return written

    def _name(self, part: Shown, level: _Level) -> str:
        name = self._next()
        level.shown[name] = part
        return f"{{{name}}}"

    def _next(self) -> str:
        self._count += 1
        return f"n{self._count}"

    def _line(self, forms: Sequence[str]) -> Iterator[Part]:
        lines = [Line(form.strip()) for form in dict.fromkeys(forms) if form.strip()]
        for line in lines:
            if any(not _OURS.fullmatch(name) for name in _NAME.findall(line.written)):
                raise UnfollowedError("a line has braces around one word")
        if len(lines) > 1:
            yield Either(tuple((line,) for line in lines))
        else:
            yield from lines


class _Reading:
    """Makes the data of what a layout says."""

    def __init__(self, section: Section) -> None:
        self._section = section

    def fill(self, level: _Level, told: Told, scope: Mapping[str, PlanData]) -> None:
        """Put what a level's names stand for into the mappings that the template has in scope."""
        for name, shown in level.shown.items():
            if name in told:
                self._put(shown, told.texts(name), scope)
        for name, loop in level.loops.items():
            if told.has_list(name):
                place, last = self._place(loop.path, scope)
                place[last] = self._items(name, loop, told, scope)

    def _items(
        self, name: str, loop: _Loop, told: Told, scope: Mapping[str, PlanData]
    ) -> list[PlanData]:
        found: list[PlanData] = []
        text = loop.level.has_texts_of(loop.item)
        for each in told.each(name):
            item: PlanData = {}
            if text:
                item[KEY] = self._key(each, text, loop.level.shown[text], found)
            self.fill(loop.level, each, {**scope, loop.item: item})
            found.append(item)
        return found

    def _key(self, item: Told, text: str, shown: Shown, before: Sequence[PlanData]) -> str:
        if text not in item:
            raise OtherwiseError
        above = ".".join(_keys(shown.path[1:-1]))
        taken = [each[KEY] for each in before]
        return self._section.key(item, text, taken, f".{above}" if above else "")

    def _place(self, path: Sequence[str], scope: Mapping[str, PlanData]) -> tuple[PlanData, str]:
        """Return the mapping in which a path ends, and its last key."""
        root, *steps = path
        if root not in scope or not steps:
            raise OtherwiseError
        place = scope[root]
        for step in _keys(steps[:-1]):
            place = place.setdefault(step, {})
        return place, _keys(steps)[-1]

    def _put(self, shown: Shown, texts: Mapping[str, str], scope: Mapping[str, PlanData]) -> None:
        if shown.path[0] == LABELS:
            self._section.say(_keys(shown.path)[1], texts)
            return
        place, last = self._place(shown.path, scope)
        if last in place:
            return  # shown twice: whether it is the same is seen when it is rendered
        if last == TEXT:
            place |= self._section.block(texts)
        else:
            place[last] = self._fact(shown, texts[self._section.source_language])

    def _fact(self, shown: Shown, text: str) -> Any:
        section = self._section
        if section.unit(text):
            raise OtherwiseError
        if shown.as_ == "number":
            return section.number(text)
        words = section.word(text)
        return self._date(words) if shown.as_ == "date" else words

    def _date(self, words: str) -> str:
        found = self._section.drafting.facts_in(
            Draft(self._section.source_language, {self._section.source_language: words})
        )
        if len(found) != 1 or (found[0].start, found[0].stop) != (0, len(words)):
            raise OtherwiseError
        raw = found[0].fact.raw
        if "date" not in raw:
            raise OtherwiseError
        return str(raw["date"])


def _keys(steps: Sequence[str]) -> list[str]:
    """Return steps as the plan's files write them."""
    return [step.replace("_", "-") for step in steps]


def read(
    section: AlignedSection, drafting: Drafting, kind: str, templates: Path
) -> SectionReading | None:
    """Return what a section says that is named after a template of the plan's own.

    None, with a doubt that says why, where that cannot be told.
    """
    level = _Level()
    try:
        layout = _Layouts().layout(parts_of(templates, kind), level)
    except UnfollowedError as error:
        tell(section, drafting, kind, f"{kind}.wiki: {error}")
        return None
    reader = Section(section, drafting, kind)
    tried = (layouts.read(form, reader.texts, section.source) for form in _forms(layout))
    found = next(filter(None, tried), None)
    if found is None:
        tell(section, drafting, kind, OTHERWISE)
        return None
    told, others = found
    data: PlanData = {}
    try:
        _Reading(reader).fill(level, told, {DATA: data})
    except OtherwiseError:
        tell(section, drafting, kind, NO_VALUE)
        return None
    drafting.doubts += [Doubt(*section.place, code, OUT_OF_LINE) for code in others]
    is_free = kinds.kind_of(section.name) == kinds.OWN
    return SectionReading(section.name if is_free else f"{section.name}-data", data, whole=True)


def _forms(layout: Layout) -> Iterator[Layout]:
    """Yield the layout with and without each of the lines that may be there: a line that is all
    value would take whatever stands in its place.
    """
    choices = [(part.parts, ()) if isinstance(part, Maybe) else ((part,),) for part in layout]
    for chosen in islice(product(*choices), MOST_FORMS):
        yield tuple(part for parts in chosen for part in parts)


def tell(section: AlignedSection, drafting: Drafting, kind: str, why: str) -> None:
    """Say why a section is not taken as what it is named after."""
    told = f"taken as free text, and not as section kind “{kind}”: {why}"
    drafting.doubts.append(Doubt(*section.place, "", told))

"""Where a section's units stand, and what people's edits mean for them, on every kind of page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from wikiplan.plan.plan import Plan, SectionSpec
from wikiplan.plan.targets import Target
from wikiplan.render import sourceedits, unitedits
from wikiplan.render.render import Renderer
from wikiplan.render.unitedits import Edits
from wikiplan.render.unitplaces import PlacedSection
from wikiplan.threeway import Stretch
from wikiplan.translate import translatable


@dataclass(frozen=True)
class UnitReader:
    """Reads one section of a page. ``language`` is that of the page's content."""

    plan: Plan
    renderer: Renderer
    target: Target
    section: SectionSpec
    language: str

    def places(self, ours: str) -> Sequence[Stretch]:
        """Return where units stand in the plan's text, on a translatable page with their marker."""
        if self.target.page.translatable:
            return [(unit.start, unit.stop) for unit in translatable.parse(ours).units]
        return [(place.start, place.stop) for place in self._placed.places]

    def edits(self, base: str, now: str) -> Edits:
        """Return what the changes from what wikiplan wrote to what stands there now mean."""
        page, language = self.target.page, self.target.language
        if not page.translatable:
            return unitedits.edits(self._placed, base, now)
        rendered = self.renderer.section(page, self.section, language, self.language)
        return sourceedits.edits(self.plan, rendered.units, base, now)

    @property
    def has_the_language(self) -> bool:
        """Whether the plan has most of the section's texts in the page's language."""
        places = self._placed.places
        return 2 * sum(each.language == self.target.language for each in places) >= len(places)

    @cached_property
    def _placed(self) -> PlacedSection:
        page, language = self.target.page, self.target.language
        return self.renderer.placed(page, self.section, language, self.language)

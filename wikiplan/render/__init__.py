"""The plan becomes the wikitext of sections, and edits of sections become edits of units."""

from wikiplan.render import escaping, renderer, source, sourceedits, unitedits
from wikiplan.render.escaping import normalised
from wikiplan.render.eventviews import page_about
from wikiplan.render.facts import LocalFacts, shown
from wikiplan.render.names import UnitRecorder
from wikiplan.render.places import FactPlace, PlacedSection, UnitPlace
from wikiplan.render.renderer import (
    PageSection,
    RenderedSection,
    Renderer,
    SourceUnit,
    parts_of,
)
from wikiplan.render.sourceedits import UnitReader
from wikiplan.render.sources import LINKS, Sources
from wikiplan.render.templatefiles import (
    SECTIONS,
    Conditional,
    Repeated,
    Shown,
    TemplatePart,
    UnfollowedError,
    packaged_templates,
    section_templates,
)
from wikiplan.render.unitedits import Edits, Unassigned, UnitEdit
from wikiplan.render.wording import VARIABLE, StandIn

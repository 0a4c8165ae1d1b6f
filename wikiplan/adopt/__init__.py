"""Taking over pages that exist: inspecting them, wrapping sections, making a plan."""

from wikiplan.adopt import existingplan, newplan, pagetexts, wrapping
from wikiplan.adopt.inspection import (
    InspectedPart,
    Inspection,
    LanguageVersion,
    inspect,
    with_imports,
)
from wikiplan.adopt.plandraft import Settings
from wikiplan.adopt.values import Built, Difference, Doubt, PageTexts
from wikiplan.adopt.wrapping import PageWrapping, SectionChoice

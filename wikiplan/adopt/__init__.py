"""Taking over pages that exist: inspecting them, wrapping sections, making a plan."""

from wikiplan.adopt import existingplan, newplan, pagetexts, wrapping
from wikiplan.adopt.inspection import Look, PartLook, Version, look
from wikiplan.adopt.plandraft import Settings
from wikiplan.adopt.values import Built, Difference, Doubt
from wikiplan.adopt.wrapping import Adoption, SectionChoice

__all__ = [
    "Adoption",
    "Built",
    "Difference",
    "Doubt",
    "Look",
    "PartLook",
    "SectionChoice",
    "Settings",
    "Version",
    "existingplan",
    "look",
    "newplan",
    "pagetexts",
    "wrapping",
]

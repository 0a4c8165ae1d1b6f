"""Where templates stand, and how their files are named."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

SUFFIX = ".wiki"

SECTIONS = "sections"
"""The folder of section templates; a plan's own may stand beside it as well."""


def packaged_templates() -> Path:
    """Return the folder of the templates that come with wikiplan."""
    try:
        return Path(str(files("wikiplan_templates")))
    except ModuleNotFoundError:  # a checkout that is not installed
        return Path(__file__).parent.parent.parent / "templates"


def section_folders(templates: Path) -> list[Path]:
    """Return where section templates are looked for: with the plan, then among wikiplan's own."""
    return [templates, templates / SECTIONS, packaged_templates() / SECTIONS]


def section_templates(templates: Path) -> list[str]:
    """Return the names that a section's ``template`` can have."""
    found = {path.stem for each in section_folders(templates) for path in each.glob(f"*{SUFFIX}")}
    return sorted(name for name in found if name[0] != "_")

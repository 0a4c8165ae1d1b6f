"""Where templates stand, how their files are named, and what one is made of."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from wikiplan.value import Value

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


# What a template is made of, for who reads its sections back: words, values, loops, conditions.


class UnfollowedError(Exception):
    """A template does something that nobody can follow back; told are the line and what it does."""


class Shown(Value):
    """A value by its path, the name of a variable first; ``as_`` is the filter that writes it."""

    path: tuple[str, ...]
    as_: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a unit's text."""
        return self.path[-1] == "text"


class Repeated(Value):
    """Parts for each item of a list, which they call ``item``."""

    item: str
    path: tuple[str, ...]
    parts: tuple[TemplatePart, ...]


class Conditional(Value):
    """Parts that are there where something is, and those that are there where it is not."""

    parts: tuple[TemplatePart, ...]
    otherwise: tuple[TemplatePart, ...]


TemplatePart = str | Shown | Repeated | Conditional

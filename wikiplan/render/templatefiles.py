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

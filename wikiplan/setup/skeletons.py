"""The files of ``skeleton/`` with what they are to say filled in, and where they go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
_PLACE = re.compile(r"@([A-Z_]+)@")


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return a skeleton's text. Every place in it must have a value."""
    text = (files("wikiplan.setup") / "skeleton" / name).read_text(encoding="utf-8")
    return _PLACE.sub(lambda place: values[place[1]], text)


def quoted(text: str) -> str:
    """Return a text so that YAML, JSON and Python read it as a string."""
    return json.dumps(text, ensure_ascii=False)


def sample_data() -> Traversable:
    """Return the folder of the sample plan's data: of a checkout, or of the wheel."""
    in_checkout = (CHECKOUT / "setup.cfg").exists()
    return CHECKOUT / "data" if in_checkout else files("wikiplan_sample")

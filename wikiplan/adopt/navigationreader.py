"""Sections that lead from one fiscal year to the others, read from their row."""

from __future__ import annotations

import re

from wikiplan.adopt.blocks import Kind
from wikiplan.adopt.drafts import Drafting
from wikiplan.adopt.itemreader import fiscal_year
from wikiplan.adopt.rows import Rows

_LINE = re.compile(r"([^:\[\]]+): (?:.* )?'''(.+?)'''.*")


def navigation(rows: Rows, drafting: Drafting) -> str:
    """Return the file of the priorities whose year is bold, empty where there is no such line."""
    if [row.kind for row in rows.rows] != [Kind.PARAGRAPH]:
        return ""
    found = {code: _LINE.fullmatch(text) for code, text in rows.rows[0].texts.items()}
    source = found[rows.source]
    year = fiscal_year(source[2]) if source else None
    if year is None:
        return ""
    drafting.say("navigation", {code: line[1] for code, line in found.items() if line})
    return f"priorities/{year.first}-{year.first + 1}"

"""The templates that come with wikiplan."""

from __future__ import annotations

from wikiplan.render.templatefiles import SECTIONS, SUFFIX, packaged_templates


def test_the_packaged_templates_are_where_they_are_looked_for():
    sections = packaged_templates() / SECTIONS
    assert {"mission", "priorities", "_notes"} <= {p.stem for p in sections.glob(f"*{SUFFIX}")}

"""Only a plan's own units go between wiki and catalogs, and each id means what it ever meant."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.render.renderer import Renderer
from wikiplan.sync.units import page_of
from wikiplan.translate import markup
from wikiplan.value import replace
from wikiplan.wiki.translate import Marked
from wikiplan.wikitext import markers


def marked(text: str) -> Marked:
    units = {unit.id: unit.text for unit in markup.parse(text).units if unit.id}
    return Marked(7, units, text, "Admin", datetime(2021, 7, 1, tzinfo=UTC))


def test_an_id_in_a_section_of_another_plan_is_that_plan_s(tmp_path: Path):
    smallplan.write(
        tmp_path, {"a": "Ours.", "b": "Ours."}, {"Plan": "kind: translatable"}, "plan: gardens\n"
    )
    loaded = plan.load(tmp_path / "data")
    renderer = Renderer(loaded, {}, tmp_path / "templates", smallplan.NOW)
    unit = "<translate>\n<!--T:{}.body-->\nOurs.\n</translate>"
    ours, theirs = unit.format("a"), unit.format("b")
    for owner, ids in (("gardens", ["a.body", "b.body"]), ("parks", ["a.body"])):
        text = f"{markers.wrapped('a', ours)}\n{markers.wrapped('b', theirs, owner)}"
        page = page_of(loaded, renderer, loaded.pages[0], "Plan", marked(text))
        assert [each.id for each in page.units] == ids


def test_an_id_that_stayed_with_a_text_is_never_that_of_its_old_key_again(tmp_path: Path):
    page = "kind: translatable\nids: {a.gone: b.body}"
    smallplan.write(tmp_path, {"a": "New.", "b": "Old."}, {"Plan": page})
    read = plan.load(tmp_path / "data")
    spec = replace(read.pages[0], sections=read.pages[0].sections[:1])
    renderer = Renderer(read, {}, tmp_path / "templates", smallplan.NOW)
    text = "<translate>\n<!--T:b.body-->\nNew, then gone.\n</translate>"
    assert page_of(read, renderer, spec, "Plan", marked(text)).units == ()
    without = replace(spec, ids={})
    (unit,) = page_of(read, renderer, without, "Plan", marked(text)).units
    assert unit.unit.key == "b.body"

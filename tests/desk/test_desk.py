"""The plan at the desk is what its files say now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from wikiplan.desk.desk import Desk
from wikiplan.errors import Faults
from wikiplan.plan import Unit


def test_the_plan_is_loaded_again_only_where_a_file_is_another(
    directory: Path, open_desk: Callable[..., Desk]
):
    desk, file = open_desk(), directory / "data/links.yaml"
    first = desk.current()
    assert desk.current() is first
    file.write_text(file.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    second = desk.current()
    assert second is not first and second.plan.pages == first.plan.pages
    file.write_text("legal: [\n", encoding="utf-8")
    with pytest.raises(Faults):
        desk.current()


def test_errors_in_translations_are_no_fault_for_who_mends_them(
    directory: Path, open_desk: Callable[..., Desk]
):
    desk, file = open_desk(), directory / "data/locale/de.po"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Was wir tun"', '"[[Was wir tun"'), encoding="utf-8")
    with pytest.raises(Faults, match="never closed"):
        desk.current()
    lenient = desk.current(texts=False)
    assert desk.current(texts=False) is lenient
    file.write_text(text, encoding="utf-8")
    assert "Was wir tun" in str(desk.current().loaded.catalogs["de"].get(_heading(desk)))


def _heading(desk: Desk) -> Unit:
    return desk.current(texts=False).plan.units["department.mission-heading"]

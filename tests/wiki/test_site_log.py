"""Pywikibot's log begins with all versions and modules, where somebody reads it."""

from __future__ import annotations

import pytest
from pywikibot import config

from wikiplan.wiki import site


@pytest.mark.parametrize(
    ("settings", "written"), [({}, 0), ({"log": ["plan_update"]}, 1), ({"verbose_output": 1}, 1)]
)
def test_the_head_of_the_log_is_made_where_it_is_read(monkeypatch, settings, written):
    for name, value in ({"log": [], "verbose_output": 0} | settings).items():
        monkeypatch.setattr(config, name, value)
    heads: list[str] = []
    site._write_log_header(lambda: heads.append("head"))
    assert len(heads) == written

"""The data of a message bundle's page; runs with real ones are in tests/runs/test_bundles.py."""

from __future__ import annotations

from typing import Any

import pytest

from wikiplan.wiki.bundlesite import bundle_of


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('{"a": "A", "@metadata": {}}', {"a": "A", "@metadata": {}}),
        ("", {}),
        ("[1]", {}),
        ("null", {}),
        ("{", {}),
    ],
)
def test_a_page_without_the_data_of_a_bundle_has_none(text: str, data: Any):
    assert bundle_of(text) == data

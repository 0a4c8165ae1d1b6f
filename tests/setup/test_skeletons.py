"""What the skeletons hold, and that each place in them is filled in."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support.running import ROOT
from wikiplan.setup.skeletons import filled, quoted, sample_data

LOCK = ROOT / "requirements" / "run.txt"


def test_a_place_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="FAMILY"):
        filled("user-config.txt", {})


def test_a_quoted_text_is_read_back_by_python():
    for text in ('Gärten "am" See', "a\\b", "العربية", "$x: y # z"):
        assert ast.literal_eval(quoted(text)) == text


def test_the_versions_that_are_installed_are_those_of_the_lock():
    """``make lock`` writes them."""
    locked = re.findall(r"^([a-z]\S+==\S+) \\$", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    wanted = [line for line in locked if not line.startswith("setuptools==")]
    assert filled("versions.txt", {}).splitlines() == wanted


def test_the_sample_has_a_plan():
    assert {"pages.yaml", "locale", "priorities"} <= {each.name for each in sample_data().iterdir()}

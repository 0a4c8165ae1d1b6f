"""The words of ``plan_translations``: each loads what it alone needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.loading import loaded_by

OTHERS = {
    "update": {"wikiplan.cli.syncwork", "wikiplan.cli.statuswork", "pywikibot"},
    "status": {"wikiplan.cli.syncwork", "wikiplan.cli.catalogwork", "pywikibot"},
    "pull": {"wikiplan.cli.statuswork", "wikiplan.cli.catalogwork", "pywikibot"},
}


@pytest.mark.heavy
@pytest.mark.parametrize("word", OTHERS)
def test_a_word_loads_nothing_of_the_others(word: str, tmp_path: Path):
    smallplan.write(tmp_path, {"a": "Text."})
    where = ["-wiki:wiki"] if word != "update" else []
    loaded = loaded_by("plan_translations", word, *where, directory=tmp_path)
    assert loaded & OTHERS[word] == set()

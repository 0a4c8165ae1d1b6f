"""Tables of metrics, objectives and events: the cases of look/tablereaders.cases."""

from __future__ import annotations

from ruamel.yaml import YAML

from tests.adopt.test_readers import plain, reading
from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.adopt import tablereaders
from wikiplan.adopt.kindreaders import READERS


def test_the_layouts_are_of_section_kinds_with_a_reader():
    assert {*tablereaders.LAYOUTS} < {*READERS}


@wikicases.each("look/tablereaders.cases")
def test_a_table_is_read_as_written_down(case: Case):
    ((kind, text),) = case.named("section").items()
    found = reading(kind, {"en": text})
    expected = YAML(typ="safe").load(case.blocks["data"])
    told = {"file": found.stem, **plain(found.data)} if found else None
    assert told == expected

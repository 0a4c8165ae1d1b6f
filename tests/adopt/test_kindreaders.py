"""Sections that a template lays out, read from a page: the cases of look/kindreaders.cases."""

from __future__ import annotations

from ruamel.yaml import YAML

from tests.adopt.test_readers import plain, reading
from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.adopt import kindreaders
from wikiplan.adopt.readers import READERS


def test_the_readers_are_among_those_of_all_kinds():
    assert {*kindreaders.READERS} < {*READERS}


@wikicases.each("look/kindreaders.cases")
def test_a_section_is_read_as_written_down(case: Case):
    ((kind, text),) = case.named("section").items()
    found = reading(kind, {"en": text})
    expected = YAML(typ="safe").load(case.blocks["data"])
    told = {"file": found.stem, **plain(found.data)} if found else None
    assert told == expected

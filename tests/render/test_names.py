"""Names in each language's script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from wikiplan.catalogs.translation import State, Translation
from wikiplan.plan.facttypes import NamedUnit
from wikiplan.plan.units import Unit
from wikiplan.render.names import NameForms

KEY = "people.ada.name"
ADA = NamedUnit(KEY, "Ada Green")
UNITS = {KEY: Unit(KEY, "Ada Green", {}, is_name=True)}


@dataclass(frozen=True)
class OneName:
    """A catalog that has the name."""

    text: str
    state: State = State.TRANSLATED

    def get(self, unit: Unit) -> Translation:
        return Translation(unit.key, self.text, self.state)


CATALOGS: Mapping[str, OneName] = {
    "ar": OneName("أدا غرين"),
    "he": OneName("עדה גרין", State.OUTDATED),
    "de": OneName("Ada Green"),
    "ja": OneName("", State.UNTRANSLATED),
}
FORMS = NameForms(UNITS, CATALOGS, "en")


@pytest.mark.parametrize(
    ("language", "form"),
    [
        ("ar", "أدا غرين"),
        ("arz", "أدا غرين"),  # what stands in for the language
        ("he", "Ada Green"),  # the form of another name
        ("de", "Ada Green"),
        ("ja", "Ada Green"),
        ("fr", "Ada Green"),  # no catalog
        ("en", "Ada Green"),
    ],
)
def test_a_name_has_the_language_s_form_or_stands_as_the_plan_has_it(language: str, form: str):
    assert FORMS.form(ADA, language) == form


def test_forms_are_those_that_differ_from_the_plan_s():
    assert FORMS.forms(ADA, ["en", "ar", "de", "he", "arz"]) == {
        "ar": "أدا غرين",
        "arz": "أدا غرين",
    }

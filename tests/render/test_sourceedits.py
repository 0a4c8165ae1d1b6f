"""What people's edits of a translatable page mean for the plan; see also tests/cases/drift."""

from __future__ import annotations

import pytest

from tests.support import smallplan
from wikiplan.plan import plan
from wikiplan.plan.plan import Plan
from wikiplan.render import sourceedits
from wikiplan.render.renderer import SourceUnit
from wikiplan.render.unitedits import UnitEdit

TEXT = "Read the [[$office|rules]] and pay $price."
WRITTEN = (
    '<translate><!--T:a.body--> Read the [[<tvar name="office">Office</tvar>|rules]] and pay '
    '<tvar name="price">5 $</tvar>.</translate>'
)
UNITS = (SourceUnit("a.body", "a.body", ""),)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    directory = smallplan.write(tmp_path_factory.mktemp("plan"), {"a": ""})
    (directory / "data" / "a.yaml").write_text(
        f"body:\n  text: {TEXT!r}\n  variables: {{price: {{name: 5 $}}}}\n"
    )
    return plan.load(directory / "data")


def edited(loaded: Plan, old: str, new: str) -> sourceedits.Edits:
    assert old in WRITTEN
    return sourceedits.edits(loaded, UNITS, WRITTEN, WRITTEN.replace(old, new))


def test_values_stand_as_variables_in_the_plan_s_text(loaded: Plan):
    found = edited(loaded, "Read the", "Please read all")
    after = "Please read all [[$office|rules]] and pay $price."
    assert found.assigned == (UnitEdit("a.body", "en", TEXT, after),)
    assert found.left == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Office", "Shop", sourceedits.VALUES),
        (' and pay <tvar name="price">5 $</tvar>', "", sourceedits.VALUES),
        ("<translate><!--T:a.body-->", "Look: <translate><!--T:a.body-->", sourceedits.BETWEEN),
        ("Read the", "{{Box|Read the", sourceedits.TEMPLATE),
        ("Read", "Read ", ""),
    ],
)
def test_what_is_no_text_of_the_plan_is_left(loaded: Plan, old: str, new: str, reason: str):
    found = edited(loaded, old, new)
    assert found.assigned == ()
    assert [each.reason for each in found.left] == ([reason] if reason else [])


def test_a_variable_that_is_a_number_on_the_page_has_its_name_in_the_plan_s_text(
    tmp_path_factory: pytest.TempPathFactory,
):
    directory = smallplan.write(tmp_path_factory.mktemp("plan"), {"a": ""})
    (directory / "data" / "a.yaml").write_text(
        "body: {text: Pay $tvar_1., variables: {tvar_1: {name: 5 $}}}\n"
    )
    written = '<translate><!--T:a.body--> Pay <tvar name="1">5 $</tvar>.</translate>'
    now = written.replace("Pay", "Please pay")
    found = sourceedits.edits(plan.load(directory / "data"), UNITS, written, now)
    assert found.assigned == (UnitEdit("a.body", "en", "Pay $tvar_1.", "Please pay $tvar_1."),)

"""Pages are imported once more, into the plan that manages them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.importcases import SETTINGS, TITLE
from wikiplan import files
from wikiplan.adopt import existingplan, newplan
from wikiplan.adopt.existingplan import Again
from wikiplan.adopt.values import PageTexts, SectionTexts, UnitTranslation
from wikiplan.catalogs import reuse
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, Link
from wikiplan.plan.units import Unit

ROSES = '[[<tvar name="r">Roses</tvar>|roses]]'
GOALS = f"""\
<translate>
== Goals == <!--T:1-->

<!--T:2-->
We grow {ROSES}.
</translate>"""
VISITS = f"""\
<translate>
== Visits == <!--T:7-->

<!--T:8-->
See the {ROSES}.
</translate>"""
GERMAN = {
    "1": "== Ziele ==",
    "2": "Wir züchten [[$r|Rosen]].",
    "7": "== Besuche ==",
    "8": "Seht die [[$r|Rosen]].",
}


def page(texts: Mapping[str, str], *ids: str) -> PageTexts:
    found = {id: UnitTranslation(GERMAN[id], False, "", int(id) + 10, "Anna") for id in ids}
    sections = tuple(SectionTexts(name, {"en": text}) for name, text in texts.items())
    return PageTexts(TITLE, sections, translatable=True, translations={"de": found})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = newplan.build([page({"goals": GOALS}, "1")], tmp_path / "plan", SETTINGS)
    files.replace_all(made.files)
    return tmp_path / "plan"


def again(data: Path, *pages: PageTexts) -> Again:
    return existingplan.build(pages, plan.load(data), SETTINGS)


def names(found: Again, data: Path) -> list[str]:
    return [str(each.path.relative_to(data)) for each in found.built.files]


def test_a_new_section_of_a_translatable_page_keeps_its_ids_and_translations(data: Path):
    found = again(data, page({"goals": GOALS, "visits": VISITS}, "1", "7", "8"))
    assert found.built.doubts == ()
    assert found.built.differences == ()
    assert names(found, data) == [
        "locale/de.po", "locale/synced/de.json", "pages.yaml", "text/visits.yaml",
    ]  # fmt: skip
    files.replace_all(found.built.files)
    (spec,) = plan.load(data).pages
    assert spec.ids == {
        "text-goals.goals": "1",
        "text-goals.grow-roses": "2",
        "text-visits.visits": "7",
        "text-visits.see-roses": "8",
    }
    assert found.translations == {"de": 2}
    synced = (data / "locale/synced/de.json").read_text("utf-8")
    assert f'"{TITLE}/8": {{' in synced
    assert '"revision": 18, "translator": "Anna"' in synced


def test_a_translation_that_was_made_since_is_added(data: Path):
    found = again(data, page({"goals": GOALS}, "1", "2"))
    assert names(found, data) == ["locale/de.po", "locale/synced/de.json"]
    assert found.translations == {"de": 1}


def test_nothing_new_is_no_file(data: Path):
    assert again(data, page({"goals": GOALS}, "1")).built.files == ()


def test_a_page_that_the_plan_lacks_is_told(data: Path):
    other = PageTexts("Other", (SectionTexts("goals", {"en": "Help."}),))
    with pytest.raises(Faults, match="has no page “Other”"):
        again(data, other)


def test_a_translation_gets_the_names_of_the_other_plan():
    here = Unit("a", "[[$r|roses]] on $date", {"r": Link("Roses"), "date": Date("2021-05")})
    there = Unit("b", "[[$roses|roses]] on $day", {"roses": Link("Roses"), "day": Date("2021-05")})
    assert reuse.counterparts([here], {"b": there}) == {"a": there}
    assert reuse.renamed("am $date $$x [[$r|R]]", here, there) == "am $day $$x [[$roses|R]]"


def test_the_same_english_twice_is_nobodys_counterpart():
    here, one, two = (Unit(key, "Same.", {}) for key in ("a", "b", "c"))
    assert reuse.counterparts([here], {"b": one, "c": two}) == {}
    assert reuse.counterparts([one], {"b": one, "c": two}) == {"b": one}


FIRST_YEAR = """\
== Priorities: 2020–2021 ==

* Gardens
** Plant roses. <small>(done)</small>"""
SECOND_YEAR = """\
== Priorities: 2021–2022 ==

* Gardens
** Dig. <small>(proposed)</small>
** Count the oaks. <small>(done)</small>"""


def test_items_of_a_new_section_have_the_statuses_that_the_plan_declares(tmp_path: Path):
    known = {"priorities-2020-2021": {"en": FIRST_YEAR}}
    new = {**known, "priorities-2021-2022": {"en": SECOND_YEAR}}
    before, after = (
        PageTexts(TITLE, tuple(SectionTexts(name, texts) for name, texts in each.items()))
        for each in (known, new)
    )
    data = tmp_path / "plan"
    files.replace_all(newplan.build([before], data, SETTINGS).files)
    with (data / "pages.yaml").open("a") as pages, (data / "labels.yaml").open("a") as labels:
        pages.write("\nstatuses: {proposed: open, done: done}\n")
        labels.write("\nstatus-proposed: {text: proposed}\n")
    found = again(data, after)
    assert (found.built.doubts, found.built.differences) == ((), ())
    files.replace_all(found.built.files)
    (team,) = plan.load(data).files["priorities/2021-2022"]["teams"]
    items = [(item["text"], item["status"]) for item in team["items"]]
    assert items == [("Dig.", "proposed"), ("Count the oaks.", "done")]

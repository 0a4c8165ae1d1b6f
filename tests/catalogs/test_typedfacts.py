"""Facts that stand in texts as words: found, and made variables in all languages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from wikiplan.catalogs import catalog, typedfacts
from wikiplan.catalogs.catalog import Catalog
from wikiplan.l10n import Localiser, Years
from wikiplan.plan import plan
from wikiplan.plan.facttypes import Date, FiscalYear, NamedUnit
from wikiplan.plan.plan import Plan
from wikiplan.plan.units import Unit
from wikiplan.plan.yamledit import set_texts

DATA = Path(__file__).parents[2] / "data"
NAME = re.compile(r"\$([a-z][a-z0-9_]*)")
BASE = Path(__file__).parents[1] / "cases" / "plan" / "base"


def texts_of(data: Path) -> dict[tuple[str, str], str]:
    """Return the texts of a plan and its catalogs by language and key."""
    loaded = plan.load(data)
    found = {("en", key): unit.text for key, unit in loaded.units.items()}
    for language, each in catalogs_of(data, loaded).items():
        found |= {(language, key): entry.text for key, entry in each.entries().items()}
        for key, unit in loaded.units.items():
            found[f"state in {language}", key] = each.get(unit).state
    return found


def catalogs_of(data: Path, loaded: Plan) -> dict[str, Catalog]:
    languages = [each for each in loaded.languages if each != "en"]
    return catalog.load_all(data / "locale", languages)


def typed(text: str, unit: Unit, form: Callable[[NamedUnit], str], by: Localiser) -> str:
    """Return a text with its names, dates and years as words."""

    def words(found: re.Match[str]) -> str:
        match unit.variables.get(found[1]):
            case NamedUnit() as name:
                return form(name)
            case Date(value=value):
                return by.date(value)
            case FiscalYear(first=first):
                return by.fiscal_year(Years(first, first + 1))
        return found[0]

    return NAME.sub(words, text)


def unsay(data: Path) -> None:
    """Type all facts of a plan's texts as words, in all languages."""
    loaded = plan.load(data)
    catalogs = catalogs_of(data, loaded)
    english = {
        key: changed
        for key, unit in loaded.units.items()
        if not key.startswith("labels.")  # their variables are their own
        if (changed := typed(unit.text, unit, lambda name: name.text, Localiser("en"))) != unit.text
    }
    forms = {}
    for language, each in catalogs.items():
        by = Localiser(language, loaded.language_overrides.get(language))

        def form(name: NamedUnit, each: Catalog = each) -> str:
            return each.get(loaded.units[name.unit]).text or name.text

        forms[language] = {
            key: typed(each.get(loaded.units[key]).text, loaded.units[key], form, by)
            for key in english
            if each.get(loaded.units[key]).state == "translated"
        }
    catalog.write(set_texts(loaded, english))
    after = plan.load(data).units
    for language, each in catalogs.items():
        each.update(after.values())
        for key, text in forms[language].items():
            each.set(after[key], text)
        each.save()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_facts_that_were_typed_become_what_they_were_in_all_languages(sample: Path):
    before = texts_of(sample)
    unsay(sample)
    assert texts_of(sample) != before
    loaded = plan.load(sample)
    found = typedfacts.fixes(loaded, catalogs_of(sample, loaded))
    assert found.left == ()
    catalog.write(found.files)
    assert texts_of(sample) == before
    assert [*typedfacts.faults(plan.load(sample))] == []


def test_comments_and_all_else_of_a_file_stay(sample: Path):
    before = (sample / "priorities" / "2021-2022.yaml").read_text()
    file = sample / "priorities" / "2021-2022.yaml"
    file.write_text(before.replace("in $target.", "in January 2022. # no comment"))
    loaded = plan.load(sample)
    (change,) = (each for each in typedfacts.fixes(loaded, {}).files if each.path == file)
    assert change.after.decode() == before.replace("in $target.", "in $target. # no comment")


def test_the_sample_types_no_fact():
    assert [*typedfacts.faults(plan.load(DATA))] == []


def base(directory: Path, *changes: tuple[str, str, str]) -> Plan:
    data = Path(shutil.copytree(BASE, directory / "data"))
    for stem, old, new in changes:
        file = data / f"{stem}.yaml"
        text = file.read_text()
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new))
    return plan.load(data)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("By Old Oaks alone.", "By $team_oaks alone."),
        ("By OldOld Oaks, Old Oakss, old oaks.", None),
        ("See [[Old Oaks|them]].", None),  # a page may be called so, too
        ("See [[Paths|them]] and [[Special:MyLanguage/Office of Greenery]].",
         "See [[$paths|them]] and [[$office|Office of Greenery]]."),
        ("See [https://example.org/live it].", "See [$stream it]."),
        ("See [https://example.org/live/2 it].", None),
        ("Since May 2021, in 2020–2021.", "Since $target, in $year."),
        ("In 2020-2021 and 2021-2022.", "In $year and $next_year."),
        ("Roses for all; it was Roses who did.", "Roses for all; it was $team_roses who did."),
        ("By $team_oaks and Old Oaks.", "By $team_oaks and $team_oaks."),
    ],
)  # fmt: skip
def test_a_fact_is_found_where_it_stands_for_itself(tmp_path: Path, text: str, fixed: str | None):
    teams = "  - key: oaks\n    name: {text: Old Oaks}\n  - key: roses\n    name: {text: Roses}\n"
    loaded = base(
        tmp_path,
        ("department", "  - key: gardens\n", f"{teams}  - key: gardens\n"),
        ("department", "Gardens and Paths''' belongs", "$department''' belongs"),
        ("priorities/2020-2021", "Plant them until $target.", text),
    )
    key = "priorities-2020-2021.gardens.roses"
    found = {each.unit.key: each.text for each in typedfacts.fixes(loaded, {}).found}
    whole = loaded.units[key].text
    assert found == ({key: whole.replace(text, fixed)} if fixed else {})
    told = [str(each) for each in typedfacts.faults(loaded)]
    assert bool(told) == bool(fixed)


def test_a_translation_that_does_not_say_the_fact_so_is_left_to_a_person(sample: Path):
    unsay(sample)
    arabic = sample / "locale" / "ar.po"
    text = arabic.read_text("utf-8")
    start = text.index('msgctxt "priorities-2021-2022.human-rights.training"')
    place = text.index("2022", text.index("msgstr", start))
    arabic.write_text(f"{text[:place]}2023{text[place + 4 :]}", "utf-8")
    loaded = plan.load(sample)
    before = catalogs_of(sample, loaded)["ar"].line_of("priorities-2021-2022.human-rights.training")
    found = typedfacts.fixes(loaded, catalogs_of(sample, loaded))
    (left,) = found.left
    assert (left.file, left.key) == (str(arabic), "priorities-2021-2022.human-rights.training")
    assert left.line > before
    assert left.message == (
        "“January 2022” is $target in the English now; "
        "write $target for it in the translation, and confirm it"
    )
    catalog.write(found.files)
    loaded = plan.load(sample)
    unit = loaded.units["priorities-2021-2022.human-rights.training"]
    states = {code: each.get(unit).state for code, each in catalogs_of(sample, loaded).items()}
    assert states.pop("ar") == "outdated"
    assert "outdated" not in {states["de"], states["fr"]}

"""How a section of each kind is read: the cases of tests/cases/look/readers.cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.support import wikicases
from tests.support.importcases import SETTINGS, TITLE
from tests.support.samples import examples
from tests.support.wikicases import Case
from wikiplan.adopt import alignedblocks, readers
from wikiplan.adopt.drafts import Drafting
from wikiplan.adopt.links import LinkNames
from wikiplan.adopt.readers import READERS, SectionReading
from wikiplan.adopt.values import PageTexts, SectionTexts, UnitTranslation
from wikiplan.plan import FiscalYear


def reading(kind: str, texts: Mapping[str, str]) -> SectionReading | None:
    section = SectionTexts(kind, texts)
    names = LinkNames(set())
    page = PageTexts(TITLE, (section,))
    found = alignedblocks.aligned_section(page, section, "en", names)
    return READERS[kind](found, Drafting("en", names, [found], SETTINGS.now))


def plain(data: Any) -> Any:
    """Return data without what is said of translations and ids, which other tests are for."""
    if isinstance(data, Mapping):
        return {k: plain(v) for k, v in data.items() if isinstance(k, str) and k[:1].isalpha()}
    return [plain(each) for each in data] if isinstance(data, list) else data


@wikicases.each("look/readers.cases")
def test_a_section_is_read_as_written_down(case: Case):
    ((kind, text),) = case.named("section").items()
    found = reading(kind, {"en": text})
    expected = YAML(typ="safe").load(case.blocks["data"])
    if found is None:
        assert expected is None
        return
    data = {"file": found.stem, **plain(found.data or {})}
    assert data | ({"teams of it": plain(found.teams)} if found.teams else {}) == expected


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("Priorities: 2021–2022", 2021),
        ("2021-22", 2021),
        ("2021 / 2022", 2021),
        ("1999–2000", 1999),
        ("priorities-2020-2021", 2020),
        ("2020, 2021–2022", 2021),
        ("2021–2023", None),
        ("2021", None),
        ("12021–2022", None),
        ("", None),
    ],
)
def test_a_fiscal_year_is_two_years_that_follow_each_other(words: str, year: int | None):
    assert readers.fiscal_year(words) == (FiscalYear(year) if year else None)


@settings(max_examples=examples(30))
@given(st.integers(1990, 2098))
def test_a_fiscal_year_is_read_as_it_is_written(first: int):
    assert readers.fiscal_year(f"Plan {FiscalYear(first)}.") == FiscalYear(first)


def test_the_departments_name_is_the_title_and_elsewhere_what_is_bold():
    found = reading(
        "overview",
        {"en": "'''Gardens''' plants.", "de": "Die '''Gärten''' pflanzen.", "fr": "Les jardins."},
    )
    assert found
    assert found.data
    overview = found.data["overview"]
    assert readers.name_of("Gardens", overview, {})[readers.TRANSLATIONS] == {
        "de": ("Gärten", None)
    }
    other = readers.name_of("Parks", overview, {})
    assert (other["text"], other[readers.TRANSLATIONS]) == ("Parks", {})
    titles = {
        "de": UnitTranslation("Gartenamt"),
        "fr": UnitTranslation("Jardins", outdated=True, made_for="Garden"),
        "it": UnitTranslation("Gardens"),
    }
    assert readers.name_of("Gardens", overview, titles)[readers.TRANSLATIONS] == {
        "de": ("Gartenamt", None),
        "fr": ("Jardins", "Garden"),
    }


def test_the_words_of_a_year_that_is_bold_lead_to_its_file():
    line = "Fiscal years: [[Old|2020–2021]] · '''2021–2022'''"
    found = reading("navigation", {"en": line})
    assert found == SectionReading("priorities/2021-2022")
    assert reading("navigation", {"en": "Fiscal years: 2021–2022"}) is None
    assert reading("navigation", {"en": f"{line}\n\nMore."}) is None


def test_a_list_may_be_as_deep_as_a_plan_holds_and_no_deeper():
    def listed(depth: int) -> str:
        items = "\n".join(f"{'*' * each} Item {each}." for each in range(1, depth + 1))
        return f"== Priorities: 2021–2022 ==\n\n{items}"

    assert reading("priorities", {"en": listed(readers.MOST_DEPTH)})
    assert reading("priorities", {"en": listed(readers.MOST_DEPTH + 1)}) is None


def test_wikitext_as_it_is_is_one_block_in_every_language():
    assert readers.as_it_is({"en": "{|\n|}", "de": "x"}) == {
        "blocks": [{"key": "wikitext", "wikitext": {"en": "{|\n|}", "de": "x"}}]
    }

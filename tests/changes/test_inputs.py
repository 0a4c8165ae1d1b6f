"""What decides the bytes of a page."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import requires, version
from pathlib import Path

import pytest

from wikiplan.catalogs import catalog
from wikiplan.changes import inputs
from wikiplan.changes.inputs import Ingredients
from wikiplan.plan import plan
from wikiplan.plan.targets import chosen_targets
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer


def test_the_versions_name_all_that_a_text_passes():
    found = inputs.versions()
    assert list(found) == ["wikiplan", *inputs.LIBRARIES, "Unicode"]
    assert re.fullmatch(r"0\.\d+\.\d+ \(code [0-9a-f]{8}\)", found["wikiplan"])
    assert re.fullmatch(re.escape(version("babel")) + r" \(CLDR \d+(\.\d+)*\)", found["Babel"])
    assert (found["tzdata"], found["Unicode"]) == (version("tzdata"), unicodedata.unidata_version)


def test_every_library_of_the_program_decides_bytes_or_is_known_not_to():
    """Whoever adds one to setup.cfg says which of the two it is."""
    needed = (line for line in requires("wikiplan") or () if "extra ==" not in line)
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in needed}  # type: ignore[index]
    deciding = {name.lower() for name in inputs.LIBRARIES}
    assert names - deciding == {
        "icalendar", "msgspec", "nh3", "portalocker", "python-slugify", "pywikibot", "requests",
        "rich", "tinycss2", "urllib3",
    }  # fmt: skip
    assert deciding - names == {"markupsafe"}, "Jinja2's"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"Babel": "1"}, {"Babel": "2"}, "Babel 1 became 2"),
        ({"Babel": "1", "tzdata": "7"}, {"Babel": "2", "tzdata": "7"}, "Babel 1 became 2"),
        ({"Babel": "1", "tzdata": "7"}, {"Babel": "2", "tzdata": "8"},
         "Babel 1 became 2 or tzdata 7 became 8"),
        ({"Babel": "1"}, {"Babel": "1", "nh3": "3"}, "nh3 unknown became 3"),
        ({"Babel": "1"}, {}, "Babel 1 became unknown"),
    ],
)  # fmt: skip
def test_what_became_newer_is_told_in_words(before, now, told):
    assert inputs.version_changes(before, now) == told


def test_files_that_nothing_names_are_listed_with_what_they_are_for(tmp_path: Path):
    data, templates = tmp_path / "data", tmp_path / "own"
    (data / "locale").mkdir(parents=True)
    (templates / "sections").mkdir(parents=True)
    for name in ("languages.yaml", "office-hours.yaml", "pages.yaml", "locale/de.po"):
        (data / name).touch()
    (data / "locale" / os.fsdecode(b"\xe4.po")).touch()
    for name in ("mission.wiki", "sections/teams.wiki", "ours.wiki"):
        (templates / name).touch()
    assert inputs.unnamed_files(data, templates) == (
        "data/languages.yaml",
        r"data/locale/\xe4.po",
        "data/locale/de.po",
        "templates/mission.wiki",
        "templates/sections/teams.wiki",
    )
    assert inputs.unnamed_files(tmp_path / "none", tmp_path / "none") == ()


# What one page is made of


SAMPLE = Path(__file__).parents[2] / "data"
NOW = datetime(2021, 7, 1, tzinfo=UTC)
MONTHS = f"months: [{', '.join(f'Month {number}' for number in range(1, 13))}]"


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def added(line: str) -> Callable[[str], str]:
    return lambda text: f"{text}{line}\n"


CHANGES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "how English writes months": ("data/languages.yaml", added(f"en: {{{MONTHS}}}")),
    "how a language writes months": ("data/languages.yaml", added(f"de: {{{MONTHS}}}")),
    "how a language writes digits": ("data/languages.yaml", replaced("latn", "native")),
    "how fiscal years are written": (
        "data/pages.yaml",
        replaced("source-language:", "fiscal-year: {written: FY22}\nsource-language:"),
    ),
    "how a language writes fiscal years": (
        "data/languages.yaml",
        added("de: {fiscal-year: 2021/22}"),
    ),
    "a label": ("data/labels.yaml", replaced("Next office hour", "The next one")),
    "where a link leads": ("data/links.yaml", replaced("page: ", "page: Other ")),
    "a person's name": ("data/people.yaml", replaced("Maggie Dennis", "Ada Green")),
    "who heads the department": (
        "data/department.yaml",
        replaced("person: maggie-dennis", "name: Ada Green\n  link: talk"),
    ),
    "a team's name": ("data/department.yaml", replaced("text: Trust and Safety", "text: Safety")),
    "how a language writes a name": ("data/locale/ar.po", replaced("ماغي دينيس", "ماغي")),
    "how many teams there are": (
        "data/department.yaml",
        replaced("    link: hr\n", "    link: hr\n    dissolved: true\n"),
    ),
    "a date": ("data/priorities/2021-2022.yaml", replaced("2022-03", "2022-04")),
    "a translation": ("data/locale/de.po", replaced("Prioritäten", "Vorhaben")),
    "a translation that is taken out": ("data/locale/de.po", replaced("$date", "$when")),
    "what a page shows": ("data/pages.yaml", replaced("fallback: english", "fallback: outdated")),
    "a page's title": ("data/pages.yaml", replaced("Priorities 2021–2022", "Plans")),
    "a template": ("templates/sections/teams.wiki", replaced("==", "===")),
    "what templates include": ("templates/sections/_notes.wiki", added("x")),
}


def made(directory: Path) -> tuple[Ingredients, Mapping[tuple[str, str], RenderedSection]]:
    """Return what the pages of a plan are made of, and its sections by title and name."""
    loaded = plan.load(directory / "data")
    catalogs = catalog.load_all(directory / "data" / "locale", loaded.languages)
    renderer = Renderer(loaded, catalogs, directory / "templates", NOW)
    return Ingredients(renderer, {}), {
        (target.title, section.name): renderer.section(
            PageSection(target.page, section, target.language, "en")
        )
        for target in chosen_targets(loaded)
        for section in target.page.sections
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plan with its templates, in German with less words of its own."""
    directory = tmp_path_factory.mktemp("sample")
    for name in ("data", "templates"):
        shutil.copytree(SAMPLE.parent / name, directory / name)
    return directory


@pytest.fixture(scope="module")
def made_of_sample(sample):
    return made(sample)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", CHANGES)
def test_a_section_whose_text_is_another_is_made_of_something_else(
    what, sample, made_of_sample, tmp_path
):
    file, change = CHANGES[what]
    other = Path(shutil.copytree(sample, tmp_path / "other"))
    text = (other / file).read_text("utf-8")
    assert change(text) != text
    (other / file).write_text(change(text), "utf-8")
    before, old = made_of_sample
    after, new = made(other)
    differing = {title for title, name in old if new.get((title, name)) != old[title, name]}
    assert differing, "the change is none"
    for target in chosen_targets(plan.load(sample / "data")):
        sources = [old[target.title, section.name].sources for section in target.page.sections]
        if target.title in differing and (target.title, target.page.sections[0].name) in new:
            same = before.digest(target, "en", sources) == after.digest(target, "en", sources)
            assert not same, target.title


def test_a_fact_is_an_ingredient_of_the_pages_that_name_it_alone(sample: Path, tmp_path: Path):
    other = Path(shutil.copytree(sample, tmp_path / "other"))
    people = other / "data" / "people.yaml"
    people.write_text(people.read_text().replace("Maggie Dennis", "Maggie D."))
    (before, old), (after, _) = made(sample), made(other)
    for target in chosen_targets(plan.load(sample / "data")):
        sources = [old[target.title, section.name].sources for section in target.page.sections]
        same = before.digest(target, "en", sources) == after.digest(target, "en", sources)
        assert same == ("Priorities" in target.title)


def test_a_translatable_page_is_made_of_how_all_its_languages_write_facts(
    sample: Path, tmp_path: Path
):
    pages = sample / "data" / "pages.yaml"
    pages.write_text(pages.read_text("utf-8").replace("kind: plain", "kind: translatable", 1))
    other = Path(shutil.copytree(sample, tmp_path / "other"))
    with (other / "data" / "languages.yaml").open("a") as file:
        file.write("\nfr: {halves: [S1, S2]}\n")
    (before, old), (after, _) = made(sample), made(other)
    for target in chosen_targets(plan.load(sample / "data")):
        sources = [old[target.title, section.name].sources for section in target.page.sections]
        same = before.digest(target, "en", sources) == after.digest(target, "en", sources)
        assert same == (not target.page.translatable and target.language != "fr")


def test_a_translatable_page_is_made_of_names_in_all_its_languages(sample: Path, tmp_path: Path):
    pages = sample / "data" / "pages.yaml"
    marked = Path(shutil.copytree(sample, tmp_path / "marked"))
    text = pages.read_text("utf-8").replace("kind: plain", "kind: translatable")
    (marked / "data" / "pages.yaml").write_text(text, "utf-8")
    other = Path(shutil.copytree(marked, tmp_path / "other"))
    catalog_file = other / "data" / "locale" / "ar.po"
    catalog_file.write_text(catalog_file.read_text("utf-8").replace("ماغي دينيس", "ماغي"), "utf-8")
    (before, old), (after, _) = made(marked), made(other)
    for target in chosen_targets(plan.load(marked / "data")):
        sources = [old[target.title, section.name].sources for section in target.page.sections]
        same = before.digest(target, "en", sources) == after.digest(target, "en", sources)
        assert same == ("Priorities" in target.title)

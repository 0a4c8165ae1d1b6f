"""The documentation and the program say the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_setupwork import ANSWERS
from tests.cli.test_start import WITH_OPTIONS
from tests.support.doctorcases import CASES
from tests.support.people import FolderPeople
from tests.support.running import ROOT, script
from wikiplan.catalogs import catalog
from wikiplan.plan import IMPLIED, chosen_targets, facttypes, plan, schema, values
from wikiplan.render.context import Tools
from wikiplan.render.environment import _SAFE_FILTERS
from wikiplan.render.renderer import PageSection, Renderer, check_templates
from wikiplan.setup.schedules import Kind, files_of
from wikiplan.wiki.folder import MOST_TEXT_BYTES
from wikiplan.wikitext import markers, scanner, structure
from wikiplan.yaml import yamlfile, yamlparser

SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("plan_*.py"))
DOCS = ROOT / "docs"
INDEX = "README.md"
READERS = ("owner", "operator", "translator", "developer")
PAGES = tuple(
    str(page.relative_to(ROOT))
    for page in (ROOT / INDEX, ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md")))
)
MOST_WORDS = 1200
WITHOUT_PLAN = ("plan_explain", "plan_init", "plan_report")
WITHOUT_WIKI = (*WITHOUT_PLAN, "plan_check", "plan_move", "plan_year")
OPTIONS = "docs/operator/options.md"
MESSAGES = "docs/operator/messages.md"
PAGES_FILE = "docs/owner/pages.md"
TEMPLATES = "docs/owner/templates.md"
FILTERS = "docs/owner/filters.md"
TEXTS = "docs/owner/texts.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN_FILE = re.compile(r"(?:#|\{#) ((?:data|templates)/[\w./-]+\.(?:yaml|wiki))\b")
NOW = datetime(2021, 7, 1, tzinfo=UTC)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of a language on a page."""
    return [body for kind, body in FENCE.findall(text_of(name)) if kind == language]


def rows(name: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading."""
    part = f"\n{text_of(name)}".partition(f"\n{heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", part, re.MULTILINE)
    assert lines, f"no table below {heading!r}"
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines[0].splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in cells]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan that the owner's pages build, file by file."""
    directory = tmp_path_factory.mktemp("example")
    for page in sorted((DOCS / "owner").glob("*.md")):
        for _, body in FENCE.findall(page.read_text(encoding="utf-8")):
            if found := OWN_FILE.match(body):
                file = directory / found[1]
                file.parent.mkdir(parents=True, exist_ok=True)
                assert not file.exists(), f"{found[1]} is shown twice"
                file.write_text(body, encoding="utf-8")
    return directory


def rendered(directory: Path, title: str, language: str) -> str:
    """Return the sections of a plan's page as one text."""
    loaded = plan.load(directory / "data")
    catalogs = catalog.load_all(directory / "data" / "locale", loaded.languages)
    renderer = Renderer(loaded, catalogs, directory / "templates", NOW)
    page = next(page for page in loaded.pages if page.title == title)
    return "\n".join(
        renderer.section(PageSection(page, section, language, language)).text
        for section in page.sections
    )


def test_the_example_plan_has_no_faults(example: Path):
    assert plan.check(example / "data")[1] == ()
    assert check_templates(plan.load(example / "data"), example / "templates", {}) == ()


def test_the_example_plan_has_a_file_of_every_kind(example: Path):
    files = {path.stem for path in (example / "data").rglob("*.yaml")}
    assert files == {
        "department", "glossary", "labels", "languages", "links", "office-hours", "pages",
        "people", "2021-2022", "sources", "tools", "visits",
    }  # fmt: skip


REAL_FILE = re.compile(r"# (tests/cases/realpages/\S+)\n")


@pytest.mark.parametrize("page", ["docs/owner/cards.md", "docs/owner/tables.md"])
def test_the_examples_of_a_page_stand_in_the_files_that_it_names(page: str):
    named = [
        (found[1], body[found.end() :])
        for body in blocks(page, "yaml")
        if (found := REAL_FILE.match(body))
    ]
    assert [file for file, lines in named if lines not in text_of(file)] == []
    assert named


def test_the_pages_shown_are_what_comes_out(example: Path):
    (tools,) = blocks(TEMPLATES, "wikitext")
    (german,) = blocks("docs/owner/languages.md", "wikitext")
    assert rendered(example, "Department of Gardens/Tools", "en") == tools.rstrip("\n")
    page = "Department of Gardens/Priorities 2021–2022"
    assert german.rstrip("\n") in rendered(example, page, "de").splitlines()


@pytest.fixture
def desk(example: Path, tmp_path: Path) -> Path:
    """The example with catalogs, and a wiki that has the pages which no run makes."""
    for name in ("data", "templates"):
        shutil.copytree(example / name, tmp_path / name)
    loaded = plan.load(tmp_path / "data")
    for language in loaded.languages[1:]:
        made = catalog.Catalog.create(tmp_path / "data" / "locale" / f"{language}.po")
        made.update(loaded.units.values())
        made.save()
    people = FolderPeople(tmp_path / "wiki")
    for target in chosen_targets(loaded):
        if target.page.missing_page == "refuse":
            names = [section.name for section in target.page.sections]
            pairs = (f"<!-- wikiplan:begin {n} -->\n<!-- wikiplan:end {n} -->" for n in names)
            people.edit(target.title, "\n\n".join(pairs))
    return tmp_path


def previewed_and_updated(desk: Path) -> list[int]:
    steps = ("plan_preview", "-brief"), ("plan_update", "-always"), ("plan_preview", "-brief")
    return [script(name, "-wiki:wiki", option, directory=desk).status for name, option in steps]


@pytest.mark.parametrize("page", ["docs/owner/newyear.md", "docs/owner/renaming.md"])
def test_a_command_prints_what_its_page_shows_and_the_wiki_follows(page: str, desk: Path):
    shown = blocks(page, "console")[0]
    command, _, told = shown.partition("\n")
    name, *words = command.removeprefix("$ ").split()
    done = script(name, *words, directory=desk)
    assert (done.status, done.out) == (0, told), done.err
    assert previewed_and_updated(desk) == [2, 0, 0]


def test_the_same_english_is_the_same_text_as_the_page_shows(desk: Path):
    loaded = plan.load(desk / "data")
    for made in catalog.load_all(desk / "data" / "locale", loaded.languages[1:]).values():
        for unit in loaded.units.values():
            made.set(unit, f"{made.language}: {unit.text}")
        made.save()
    copy, update, *told = blocks("docs/owner/renaming.md", "console")[2].splitlines()
    subprocess.run(copy.removeprefix("$ "), shell=True, check=True, cwd=desk)
    name, *words = update.removeprefix("$ ").split()
    done = script(name, *words, directory=desk)
    assert (done.status, done.out.splitlines()) == (0, told), done.err


def test_patterns_make_the_pages_that_their_page_shows(desk: Path):
    page, pages = "docs/owner/patterns.md", desk / "data" / "pages.yaml"
    before = [each.title for each in plan.load(desk / "data").pages]
    first, own, *_ = blocks(page, "yaml")
    pages.write_text(f"{pages.read_text('utf-8')}\n{first}", encoding="utf-8")
    made = [each.title for each in plan.load(desk / "data").pages if each.title not in before]
    assert made == blocks(page, "")[0].splitlines()
    assert previewed_and_updated(desk) == [2, 0, 0]
    pages.write_text(f"{pages.read_text('utf-8')}\n{own}", encoding="utf-8")
    (desk / "templates" / "sections" / "tool.wiki").write_text("{{ item.text }}\n")
    assert previewed_and_updated(desk) == [2, 0, 0]
    assert (desk / "wiki" / "Department of Gardens" / "Tools" / "spade.wiki").exists()


def test_a_new_year_begins_in_three_commands():
    (more,) = blocks("docs/owner/newyear.md", "sh")
    assert more.split() == ["plan_preview", "plan_update"]


def test_a_changed_fact_is_on_the_wiki_after_the_commands_of_its_page(desk: Path):
    assert previewed_and_updated(desk) == [2, 0, 0]
    change_as_shown(blocks(FACT_PAGE, "diff")[0], desk)
    assert blocks(FACT_PAGE, "console")[0].split() == ["$", "plan_preview", "$", "plan_update"]
    assert previewed_and_updated(desk) == [2, 0, 0]


RETIRING_PAGE = "docs/owner/retiring.md"


def test_a_section_leaves_the_wiki_after_the_commands_of_its_page(desk: Path):
    assert previewed_and_updated(desk) == [2, 0, 0]
    pages, wiki = desk / "data" / "pages.yaml", FolderPeople(desk / "wiki")
    head, entry, *_ = blocks(RETIRING_PAGE, "yaml")[0].splitlines()
    name = "office-hours"
    line = f"      - {{name: {name}, template: {name}, data: {name}}}\n"
    text = pages.read_text(encoding="utf-8")
    assert (head, text.count(line), name in entry) == ("retired:", 1, True)
    pages.write_text(f"{text.replace(line, '')}\n{head}\n{entry}\n", encoding="utf-8")
    assert blocks(RETIRING_PAGE, "console")[0].split() == ["$", "plan_preview", "$", "plan_update"]
    before = wiki.text("Department of Gardens")
    assert previewed_and_updated(desk) == [2, 0, 0]
    after = wiki.text("Department of Gardens")
    (section,) = re.findall(rf"<!-- wikiplan:begin {name} .*?wikiplan:end {name} -->", before, re.S)
    assert after.split() == before.replace(section, "").split()


def test_the_readme_shows_real_data_and_pages():
    (data,) = blocks("README.md", "yaml")
    assert data in text_of("data/priorities/2021-2022.yaml")
    title = "Community Resilience and Sustainability/Priorities 2021–2022"
    for shown, language in zip(blocks("README.md", "wikitext"), ("en", "es"), strict=True):
        assert shown.rstrip("\n") in rendered(ROOT, title, language).splitlines()


def help_of(name: str, directory: Path) -> str:
    """Return a script's help, as a person without a configuration and a network sees it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYWIKIBOT")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{name}.py"), "-help"],
        cwd=directory,
        env=environment | {"https_proxy": "http://127.0.0.1:9", "HOME": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert list(directory.iterdir()) == []
    return done.stdout


@pytest.mark.heavy
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_options_of_a_scripts_help_are_those_explained_for_it(name: str, tmp_path: Path):
    options = re.findall(r"^(-\S+)", help_of(name, tmp_path), re.MULTILINE)
    offline = name in WITHOUT_WIKI
    headings = ["## All commands"]
    headings += [f"## {name}"] if name.removeprefix("plan_") in WITH_OPTIONS else []
    headings += ["## All commands that read a plan"] if name not in WITHOUT_PLAN else []
    headings += [] if offline else ["## All commands that ask a wiki"]
    own = f"docs/operator/options-{name.removeprefix('plan_')}.md"
    pages = {f"## {name}": own} if (ROOT / own).exists() else {}
    found = (rows(pages.get(heading, OPTIONS), heading) for heading in headings)
    explained = [row[0] for each in found for row in each]
    assert sorted(f"`{option}`" for option in set(options)) == sorted(set(explained))


@pytest.mark.parametrize(
    ("heading", "model"),
    [("For the whole plan:", ""), ("For a page:", "PageEntry"), ("For a section:", "SectionEntry")],
)
def test_every_key_of_pages_yaml_is_explained(heading: str, model: str):
    described = schema.schemas()["pages"]
    properties = (described["$defs"][model] if model else described)["properties"]
    explained = {name.strip("`"): default for name, default, _ in rows(PAGES_FILE, heading)}
    assert list(explained) == list(properties)
    for name, each in properties.items():
        if isinstance(each.get("default"), int | str) and each["default"] != "":
            assert explained[name].strip("`") == json.dumps(each["default"]).strip('"')


def test_every_filter_is_explained():
    names = {row[0].strip("`") for row in rows(FILTERS, "## Filters")}
    assert names == {*Tools.FILTERS, *facttypes.FILTERS}
    told = text_of(FILTERS).partition("own filters these work: ")[2].partition(".")[0]
    assert tuple(re.findall(r"`(\w+)`", told)) == _SAFE_FILTERS


SCHEDULES = "docs/operator/schedule.md"
SETUP = "docs/operator/setup.md"


def test_the_schedules_that_are_shown_are_those_that_init_writes():
    made = {data.decode() for data in files_of(tuple(Kind), Path("/home/ops/plan")).values()}
    shown = [body for language in ("", "ini", "sh") for body in blocks(SCHEDULES, language)]
    assert [body for body in shown if body not in made] == []
    assert len(shown) == 4
    assert {row[0].strip("`") for row in rows(SCHEDULES, "# On a schedule")} == {*Kind}


def test_every_line_of_the_doctor_is_explained():
    table = rows("docs/operator/doctor.md", "# What a run needs")
    explained = {name.strip(" `") for row in table for name in row[0].split(",")}
    assert {case["told"][8:].partition(":")[0] for case in CASES} <= explained


def test_the_answers_that_are_shown_are_those_that_init_asks_for():
    shown = blocks(SETUP, "console")[0].splitlines()[1:6]
    asked = [re.sub(r"( \[\S+\])?: .*", "", line) for line in shown]
    assert asked == list(ANSWERS)


def test_the_limits_are_the_programs():
    table = rows("docs/operator/requests.md", "## Limits")
    told = {int(n.replace(",", "")) for row in table for n in re.findall(r"\d[\d,]*", row[1])}
    assert told >= {
        MOST_TEXT_BYTES, markers.MOST_MARKERS, scanner.MOST_REGIONS,
        structure.MOST_TOKENS, structure.MOST_OPEN, structure.MOST_NESTED,
    }  # fmt: skip
    limits = text_of("docs/owner/plan.md").partition("\nLimits: ")[2].partition("\n")[0]
    assert f"{yamlfile.MOST_BYTES // 1024} KiB, {yamlparser.MOST_DEPTH} lists" in limits


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: str) -> Iterator[tuple[str, Path, str]]:
    """Yield each link of a page to a file: as it is written, the file, the anchor."""
    text = FENCE.sub("", text_of(page))
    for target in re.findall(r"(?<!\])\]\(([^)]+)\)", text):
        if "://" not in target:
            name, _, anchor = target.partition("#")
            file = (ROOT / page).parent / name if name else ROOT / page
            yield target, file.resolve(), anchor


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str):
    for target, file, anchor in links(page):
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


LOOKED_UP = {"docs/operator/options.md"}
"""Pages of tables that are made from the code: nobody reads them from end to end."""


@pytest.mark.parametrize("page", sorted(set(PAGES) - LOOKED_UP))
def test_no_page_is_long(page: str):
    """A page that is made from the code, to look things up in, may be."""
    assert page == MESSAGES or len(text_of(page).split()) <= MOST_WORDS


@pytest.mark.parametrize("reader", READERS)
def test_the_readme_leads_to_each_readers_index_and_that_to_the_readers_pages(reader: str):
    index = f"docs/{reader}/{INDEX}"
    assert ROOT / index in {file for _, file, _ in links(INDEX)}
    linked = {file for _, file, _ in links(index)} | {ROOT / index}
    assert set((DOCS / reader).glob("*.md")) - linked == set()


def test_every_page_belongs_to_a_reader():
    assert {page.parent.name for page in DOCS.rglob("*.md")} == set(READERS)
    assert not list(DOCS.glob("*.md"))


def test_every_picture_is_shown():
    shown = {file for page in PAGES for _, file, _ in links(page)}
    assert set((DOCS / "pictures").iterdir()) - shown == set()


def test_the_pages_that_the_program_names_exist():
    named = {
        (str(file.relative_to(ROOT)), name)
        for folder in ("wikiplan", "scripts", "templates", "data", "tests", "benchmarks")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".wiki", ".html", ".js", ".yaml", ".po", ".json", ".md")
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", file.read_text(encoding="utf-8"))
    }
    assert named
    assert {each for each in named if not (ROOT / each[1]).exists()} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_exists(page: str):
    targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
    assert set(re.findall(r"(?:\$ |`)make ([a-z]+)", text_of(page))) <= set(targets)


def test_every_text_key_is_explained():
    explained = {row[0].strip("`") for row in rows("docs/owner/texts.md", "## Texts")}
    block = schema.schemas()["own"]["$defs"]["OwnKindText"]["properties"]
    assert explained == set(block) - {"text", "id"}


def test_every_key_of_a_data_file_stands_in_the_owners_pages():
    text = "".join(text_of(page) for page in PAGES if page.startswith("docs/owner/"))
    told = set(re.findall(r"(?:`|^[ -]*|[{,] ?)([a-z][a-z-]*)(?=`|:)", text, re.MULTILINE))
    whole = schema.schemas().values()
    shapes = [shape for each in whole for shape in (each, *each.get("$defs", {}).values())]
    forms = [form for shape in shapes for form in (shape, *shape.get("anyOf", ()))]
    assert {key for form in forms for key in form.get("properties", {})} - told == set()


def test_places_for_missing_sections_are_explained():
    told = next(row for row in rows(PAGES_FILE, "For a page:") if "missing-section" in row[0])
    assert all(f"`{place}`" in told[2] for place in values.MISSING_SECTION)


def test_every_fact_of_the_plan_is_explained():
    told = {
        name.strip("`$ ")
        for row in rows(TEXTS, "## Facts of the plan")
        for name in row[0].split(",")
    }
    assert told >= {*IMPLIED}


FACT_PAGE = "docs/owner/facts.md"


def change_as_shown(diff: str, directory: Path) -> None:
    """Change the one line that a page's diff changes."""
    head, old, new = diff.splitlines()
    file = directory / head.removeprefix("--- ")
    text = file.read_text(encoding="utf-8")
    assert text.count(f"{old[1:]}\n") == 1
    file.write_text(text.replace(f"{old[1:]}\n", f"{new[1:]}\n"), encoding="utf-8")


@pytest.mark.parametrize("diff", blocks(FACT_PAGE, "diff"))
def test_a_fact_that_changes_as_the_page_says_changes_no_text(
    diff: str, example: Path, tmp_path: Path
):
    other = Path(shutil.copytree(example, tmp_path / "other"))
    change_as_shown(diff, other)
    assert plan.check(other / "data")[1] == ()
    before, after = (
        {
            unit.key: unit.text
            for unit in plan.load(each / "data").units.values()
            if not unit.is_name
        }
        for each in (example, other)
    )
    assert before == after
    titles = [page.title for page in plan.load(example / "data").pages]
    assert any(rendered(example, each, "en") != rendered(other, each, "en") for each in titles)


def test_the_changelog_says_first_what_a_version_changes_on_pages():
    versions = re.split(r"^## ", text_of("CHANGELOG.md"), flags=re.M)[1:]
    newest = [each for each in versions if each.startswith("Unreleased")]
    assert all("\n### What it changes on pages\n" in each.partition("\n- ")[0] for each in newest)
    assert not re.search(r"^- [^\n]*\n(?! )[^-\n#]", text_of("CHANGELOG.md"), re.M)

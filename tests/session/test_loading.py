"""What a run reads before it asks a wiki: what it needs, once, and all faults at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.counting import counting
from wikiplan.catalogs import checks, potext
from wikiplan.catalogs.catalog import Catalog
from wikiplan.errors import Faults
from wikiplan.plan import plan
from wikiplan.plan import plan as plans
from wikiplan.render import Renderer
from wikiplan.session import loading
from wikiplan.session.options import Options
from wikiplan.value import replace
from wikiplan.yaml import yamlfile

LANGUAGES = ("ar", "de", "pt", "pt-br")


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    """The options of a run with a small plan in five languages, all translated."""
    monkeypatch.chdir(tmp_path)
    top = f"languages: [en, {', '.join(LANGUAGES)}]\n"
    smallplan.write(Path(), {"a": "Text."}, {"Plan": "", "German": "languages: [en, de]"}, top)
    units = plan.load(Path("data")).units.values()
    for language in LANGUAGES:
        catalog = Catalog.create(Path("data", "locale", f"{language}.po"))
        catalog.update(units)
        catalog.save()
    return Options()


@pytest.fixture
def opened(options: Options, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages of the catalogs that are read, in order."""
    found: list[str] = []
    before = potext.bytes_of

    def bytes_of(path: Path) -> bytes:
        found.append(path.stem)
        return before(path)

    monkeypatch.setattr(potext, "bytes_of", bytes_of)
    return found


def chosen(options: Options, **choice: tuple[str, ...]) -> Options:
    return replace(options, **choice)


def test_each_catalog_is_read_once(options, opened):
    loaded = loading.load(options)
    assert [loaded.catalogs[language].language for language in LANGUAGES] == list(LANGUAGES)
    assert sorted(opened) == list(LANGUAGES)


@pytest.mark.parametrize(
    ("choice", "languages"),
    [
        ({"language": ("de",)}, ["de"]),
        ({"language": ("pt-br",)}, ["pt", "pt-br"]),
        ({"language": ("en",)}, []),
        ({"page": ("German",)}, ["de"]),
    ],
)
def test_only_what_the_chosen_pages_show_is_read(options, opened, choice, languages):
    loading.load(chosen(options, **choice))
    assert sorted(opened) == languages


def test_a_damaged_catalog_that_nothing_chosen_shows_stops_no_run(options, opened):
    Path("data/locale/ar.po").write_text("damaged")
    loading.load(chosen(options, language=("de",)))
    with pytest.raises(Faults, match=r"ar\.po:1:1: "):
        loading.load(options)


def test_the_check_reads_every_catalog_also_of_other_languages(options, opened):
    Path("data/locale/xx.po").write_text("damaged")
    read = plan.load(options.data)
    faults = loading.faults_beyond_data(options, read)
    assert sorted(opened) == [*LANGUAGES, "xx"]
    assert [Path(fault.file).name for fault in faults if not fault.warning] == ["xx.po"]


# What is kept for the next run


@pytest.fixture
def work(options: Options, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the YAML files that are parsed, and the sections, catalogs and plans looked at."""
    return counting(
        monkeypatch,
        (yamlfile, "parsed"),
        (plans, "_faults"),
        (potext, "bytes_of"),
        (checks, "_text_faults"),
        (Renderer, "_section"),
    )


WHOLE = {"parsed": 4, "_faults": 1, "bytes_of": 4, "_text_faults": 4, "_section": 2}
"""A run that knows nothing of its plan."""


def loaded_again(options: Options, work: Counter[str], **how: Any) -> Counter[str]:
    work.clear()
    loading.load(options, **how)
    return Counter(work)


def test_with_all_unchanged_nothing_is_parsed_checked_or_rendered(options, work):
    kept = replace(options, wiki=Path("wiki"))
    (Path("wiki") / ".wikiplan").mkdir(parents=True)
    assert loaded_again(kept, work, keep=True) == WHOLE
    assert loaded_again(kept, work) == {"bytes_of": 4}
    before = loading.load(options)
    after = loading.load(kept)
    assert after.plan == before.plan


def test_what_changed_is_looked_at_with_all_that_depends_on_it(options, work):
    kept = replace(options, wiki=Path("wiki"))
    (Path("wiki") / ".wikiplan").mkdir(parents=True)
    loading.load(kept, keep=True)
    path = Path("data/locale/de.po")
    path.write_text(path.read_text() + "# by hand\n")
    assert loaded_again(kept, work) == {"bytes_of": 4, "_text_faults": 1}
    Path("templates/line.wiki").write_text("{{ data.body.text }}!")
    assert loaded_again(kept, work) == {"bytes_of": 4, "_text_faults": 1, "_section": 2}
    Path("data/a.yaml").write_text("body: {text: Another text.}")
    assert loaded_again(kept, work) == {**WHOLE, "parsed": 1}


def test_a_process_that_loads_a_plan_again_looks_at_what_changed_alone(options, work, monkeypatch):
    catalog = Catalog.load(Path("data/locale/de.po"))
    for unit in plan.load(Path("data")).units.values():
        variables = "".join(f" ${name}" for name in unit.variables)
        catalog.set(unit, f"Ein Text.{variables}")
    catalog.save()
    looked_at: list[str] = []
    before = checks.errors

    def errors(unit: Any, text: str, **how: bool) -> Any:
        looked_at.append(unit.key)
        return before(unit, text, **how)

    monkeypatch.setattr(checks, "errors", errors)
    known = loading.Known(options)
    loading.load(options, known=known)
    assert {*looked_at} == {*plan.load(Path("data")).units}
    looked_at.clear()
    Path("data/a.yaml").write_text("body: {text: A text.}")
    assert loaded_again(options, work, known=known) == {**WHOLE, "parsed": 1}
    assert looked_at == ["a.body"]
    catalog.set(plan.load(Path("data")).units["a.body"], "Ein [[Text.")
    catalog.save()
    with pytest.raises(Faults, match="unbalanced"):
        loading.load(options, known=known)
    with pytest.raises(Faults, match="unbalanced"):
        loading.load(options, known=known)


def test_only_pages_that_are_made_of_something_else_are_rendered(options, work):
    kept = replace(options, wiki=Path("wiki"))
    (Path("wiki") / ".wikiplan").mkdir(parents=True)
    Path("data/b.yaml").write_text("body: {text: Text b.}")
    pages = Path("data/pages.yaml")
    of_b = "  - {title: B, sections: [{name: b, template: line, data: b}]}\n"
    pages.write_text(pages.read_text() + of_b)
    loading.load(kept, keep=True)
    Path("data/b.yaml").write_text("body: {text: Another text.}")
    assert loaded_again(kept, work, keep=True)["_section"] == 1
    pages.write_text(f"# Moved down.\n{pages.read_text()}")
    assert loaded_again(kept, work, keep=True)["_section"] == 0
    pages.write_text(pages.read_text() + of_b.replace("title: B", "title: C"))
    assert loaded_again(kept, work, keep=True)["_section"] == 1
    Path("data/b.yaml").write_text("body: {text: 'A text with \\u0001.'}".replace("'", '"'))
    with pytest.raises(Faults):
        loading.load(kept)


@pytest.mark.parametrize("how", [{}, {"keep": False}, {"keep": True, "simulate": True}])
def test_a_run_that_writes_nothing_keeps_nothing(options, how):
    (Path("wiki") / ".wikiplan").mkdir(parents=True)
    simulate = how.get("simulate", False)
    loading.load(
        replace(options, wiki=Path("wiki"), simulate=simulate), keep=how.get("keep", False)
    )
    assert list(Path("wiki/.wikiplan").iterdir()) == []


def test_a_cache_of_other_versions_is_none(options, work, monkeypatch):
    kept = replace(options, wiki=Path("wiki"))
    (Path("wiki") / ".wikiplan").mkdir(parents=True)
    loading.load(kept, keep=True)
    monkeypatch.setattr("wikiplan.changes.versions", lambda: {"ruamel.yaml": "0.0"})
    assert loaded_again(kept, work) == WHOLE


def test_a_damaged_cache_costs_time_alone(options, work):
    kept = replace(options, wiki=Path("wiki"))
    path = Path("wiki/.wikiplan/loaded.cache")
    path.parent.mkdir(parents=True)
    loading.load(kept, keep=True)
    whole = path.read_bytes()
    for place in range(0, len(whole), 1009):
        path.write_bytes(whole[:place] + b"\xa5" * 40 + whole[place + 40 :])
        assert loading.load(kept).plan == loading.load(options).plan


@pytest.mark.parametrize("texts", [True, False])
def test_faults_of_catalogs_and_templates_are_told_at_once(options, texts):
    for language in ("ar", "de"):
        Path(f"data/locale/{language}.po").write_text("damaged")
    Path("templates/line.wiki").write_text("{{ data.nothing }}")
    with pytest.raises(Faults) as refused:
        loading.load(options, texts=texts)
    files = {Path(fault.file).name for fault in refused.value.faults}
    assert files == {"ar.po", "de.po", "line.wiki"}

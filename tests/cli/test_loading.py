"""What a run reads before it asks a wiki: what it needs, once, and all faults at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.catalogs import potext
from wikiplan.catalogs.catalog import Catalog
from wikiplan.cli import loading
from wikiplan.cli.options import Options
from wikiplan.errors import Faults
from wikiplan.plan import plan

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
    return Options(**{**vars(options), **choice})


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


@pytest.mark.parametrize("texts", [True, False])
def test_faults_of_catalogs_and_templates_are_told_at_once(options, texts):
    for language in ("ar", "de"):
        Path(f"data/locale/{language}.po").write_text("damaged")
    Path("templates/line.wiki").write_text("{{ data.nothing }}")
    with pytest.raises(Faults) as refused:
        loading.load(options, texts=texts)
    files = {Path(fault.file).name for fault in refused.value.faults}
    assert files == {"ar.po", "de.po", "line.wiki"}

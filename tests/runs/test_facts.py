"""Somebody new heads the department, a team is renamed, a date moves: no word to translate."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.running import ROOT
from wikiplan.catalogs import Catalogs
from wikiplan.plan import plan
from wikiplan.render.renderer import PageSection, RenderedSection, Renderer
from wikiplan.sync.pageprogress import PlainProgress
from wikiplan.translate.marking import Cause, classify
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder

NOW = datetime(2021, 7, 1, tzinfo=UTC)
LANGUAGES = ("en", "ar", "de", "es", "fr", "he", "ja")
Change = tuple[str, str, str]
CHANGES: Mapping[str, tuple[Change, ...]] = {
    "somebody new heads the department": (
        ("people", "maggie", "ada-green: {name: {text: Ada Green}, link: talk}\nmaggie"),
        ("department", "person: maggie-dennis", "person: ada-green"),
    ),
    "a team is renamed": (
        ("department", "name: {text: Trust and Safety}", "name: {text: Safe Projects}"),
    ),
    "a date moves": (("priorities/2021-2022", "target: 2022-01", "target: 2022-05"),),
    "a team comes": (
        ("department", "teams:\n", "teams:\n  - {key: new, name: {text: New}}\n"),
    ),
    "an event is put off": (("office-hours", "2021-07-15T18:00", "2021-08-15T18:00"),),
}  # fmt: skip
NEW_WORDS = {
    "somebody new heads the department": "Ada Green",
    "a team is renamed": "Safe Projects",
    "a date moves": "",
    "a team comes": "New",
    "an event is put off": "",
}


@pytest.fixture
def renderer(tmp_path: Path) -> Callable[[str], Renderer]:
    """Return a function that renders the sample plan, changed or as it is."""

    def changed(what: str) -> Renderer:
        data = Path(shutil.copytree(ROOT / "data", tmp_path / (what or "before")))
        for stem, old, new in CHANGES.get(what, ()):
            file = data / f"{stem}.yaml"
            text = file.read_text("utf-8")
            assert text.count(old) == 1, old
            file.write_text(text.replace(old, new), "utf-8")
        loaded = plan.load(data)
        catalogs = Catalogs(data / "locale", loaded.languages)
        return Renderer(loaded, catalogs, ROOT / "templates", NOW)

    return changed


def sections(renderer: Renderer, language: str, kind: str) -> Iterator[RenderedSection]:
    for page in renderer.plan.pages:
        for section in page.sections:
            wanted = PageSection(replace(page, kind=kind), section, language, language)
            yield renderer.section(wanted)


def words_to_do(renderer: Renderer, wiki: Path) -> dict[str, int]:
    """Return how many words of English wait for translators, by page and language."""
    loaded = renderer.plan
    catalogs = Catalogs(loaded.directory / "locale", loaded.languages)
    progress = PlainProgress(loaded, renderer, catalogs, Folder(wiki))
    found = (progress.page(page, LANGUAGES) for page in loaded.pages)
    return {
        f"{page.title}/{each.language}": each.tally.words_to_do
        for page in found
        for each in page.languages
    }


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_plain_page_a_fact_costs_no_word(what, language, renderer):
    before = list(sections(renderer(""), language, "plain"))
    after = list(sections(renderer(what), language, "plain"))
    assert [each.text for each in before] != [each.text for each in after]
    assert [(each.untranslated, each.outdated) for each in before] == [
        (each.untranslated, each.outdated) for each in after
    ]
    assert NEW_WORDS[what] in "\n".join(each.text for each in after)


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_more_waits_for_translators(what, renderer, tmp_path):
    before, after = (words_to_do(renderer(each), tmp_path / "wiki") for each in ("", what))
    assert before == after


@pytest.mark.parametrize("what", CHANGES)
def test_on_a_translatable_page_a_fact_outdates_nothing(what, renderer):
    before, after = (
        {
            unit.id: unit.text
            for each in sections(found, "en", "translatable")
            for unit in each.units
        }
        for found in (renderer(""), renderer(what))
    )
    effects = classify(before, after, {})
    causes = {effect.cause for effect in effects}
    assert causes <= {Cause.SAME, Cause.VALUES, Cause.FIRST}
    assert not [each.id for each in effects if each.outdates or each.after is None]

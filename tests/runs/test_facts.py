"""Somebody new heads the department, a team is renamed, a date moves: no word to translate."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.browser import Browser
from tests.support.mediawiki import MediaWiki
from tests.support.pictures import keep
from tests.support.running import ROOT
from wikiplan.catalogs import Catalogs
from wikiplan.catalogs.catalog import Catalog
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


@pytest.mark.sampled(3)
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


# Pictures of the documentation: what readers see before and after.

FORMS = {"Ada Green": "أدا غرين", "Safe Projects": "مشاريع آمنة"}
"""What a translator writes for the new names in Arabic, once."""
Words = tuple[str, str]
SHOWN: Mapping[str, tuple[str, Mapping[str, Words]]] = {
    "facts-lead": (
        "somebody new heads the department",
        {"en": ("Maggie Dennis", "Ada Green"), "ar": ("ماغي دينيس", "أدا غرين")},
    ),
    "facts-team": (
        "a team is renamed",
        {"en": ("Trust and Safety", "Safe Projects"), "ar": ("الثقة والسلامة", "مشاريع آمنة")},
    ),
    "facts-date": (
        "a date moves",
        {
            "en": ("January 2022", "May 2022"),
            "ar": ("يناير/كانون الثاني 2022", "مايو/أيار 2022"),
        },
    ),
}
FRAME = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Before and after</title>
<style>
body { font: 15px/1.6 sans-serif; margin: 1rem; }
div.all { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 1rem; padding: 0.5rem; }
h2 { font-size: 0.9rem; margin: 0; color: #54595d; font-weight: normal; }
section { border: 1px solid #c8ccd1; border-radius: 4px; padding: 0.25rem 1rem; }
a { color: #36c; text-decoration: none; }
mark { background: #ffe49c; }
</style></head><body><div class="all"><h2>before</h2><h2>after</h2>
"""


@pytest.mark.wiki
@pytest.mark.browser
@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_of_a_changed_fact_shows_it_in_both_languages(
    name: str,
    renderer: Callable[[str], Renderer],
    mediawiki: MediaWiki,
    browser: Browser,
    tmp_path: Path,
):
    """``make pictures`` puts them into the documentation."""
    what, marked = SHOWN[name]
    old, new = renderer(""), with_forms(renderer(what))
    cells = []
    for language, words in marked.items():
        for line, word in zip(differing(old, new, language), words, strict=True):
            cells.append(cell(mediawiki, language, line, word))
    file = tmp_path / "picture.html"
    file.write_text(f"{FRAME}{''.join(cells)}</div></body></html>", "utf-8")
    with browser.page(file, width=1000) as page:
        shown = page.locator("section").all_inner_texts()
        assert [
            w for w, text in zip(sum(marked.values(), ()), shown, strict=True) if w not in text
        ] == [], shown
        keep(name, page.locator("div.all").screenshot())


def with_forms(renderer: Renderer) -> Renderer:
    """Let a translator write the new names in Arabic."""
    path, units = renderer.plan.directory / "locale" / "ar.po", renderer.plan.units
    catalog = Catalog.load(path)
    catalog.update(units.values())
    for unit in units.values():
        if unit.is_name and unit.text in FORMS:
            catalog.set(unit, FORMS[unit.text])
    return renderer.with_catalogs({**renderer.catalogs, "ar": catalog})


def differing(old: Renderer, new: Renderer, language: str) -> tuple[str, str]:
    """Return the first line that a change makes another, before and after."""
    for before, after in zip(
        sections(old, language, "plain"), sections(new, language, "plain"), strict=True
    ):
        if before.text != after.text:
            lines = zip(before.text.splitlines(), after.text.splitlines(), strict=True)
            return next((one.lstrip("* "), two.lstrip("* ")) for one, two in lines if one != two)
    raise AssertionError(language)


def cell(mediawiki: MediaWiki, language: str, line: str, word: str) -> str:
    """Return a line as the wiki shows it, with a word marked."""
    found = mediawiki.api(action="parse", text=line, contentmodel="wikitext", prop="text")
    text = found["parse"]["text"].replace(' lang="en" dir="ltr"', "", 1)  # the wiki's own
    seen = re.sub(rf"{re.escape(word)}(?![^<>]*>)", r"<mark>\g<0></mark>", text)
    direction = "rtl" if language == "ar" else "ltr"
    return f'<section lang="{language}" dir="{direction}">{seen}</section>\n'

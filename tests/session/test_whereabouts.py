"""What files for translators say of a text is where readers see it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from translate.storage.pypo import pofile

from tests.support import poedit, smallplan
from tests.support.running import ROOT, script
from wikiplan.catalogs import Catalogs
from wikiplan.plan import plan
from wikiplan.render import Renderer
from wikiplan.session.whereabouts import NOT_NOW, left_out, sights, told

NOW = datetime(2021, 7, 1, tzinfo=UTC)
PAGE = "Community Resilience and Sustainability"


def renderer_of(data: Path, templates: Path) -> Renderer:
    loaded = plan.load(data)
    return Renderer(loaded, Catalogs(data / "locale", loaded.languages), templates, NOW)


@pytest.fixture(scope="module")
def sample() -> Renderer:
    return renderer_of(ROOT / "data", ROOT / "templates")


def lines(renderer: Renderer, key: str, language: str) -> tuple[str, ...]:
    facts = renderer.facts_in(language)
    return tuple(told(renderer.plan, sights(renderer), facts, language, {})[key])


def test_a_text_is_told_with_its_place_among_those_that_readers_see(sample: Renderer):
    assert lines(sample, "department.mission", "de") == (
        f"{PAGE}, section “mission”: text 2 of 2, on [[{PAGE}/de]]",
        "before it: “What we do”",
    )
    (overview, *_) = lines(sample, "department.overview", "ja")
    assert overview == f"{PAGE}, section “overview”: text 1 of 9, on [[{PAGE}/ja]]"


def test_facts_are_told_as_the_language_writes_them(tmp_path: Path):
    smallplan.write(tmp_path, {"a": "x"}, {"Garden": ""}, "languages: [en, de, ar]\n")
    (tmp_path / "data" / "a.yaml").write_text(
        "body: {text: 'Until $until, $beds beds.', "
        "variables: {until: {date: 2022-01-15}, beds: 1250}}\n"
    )
    renderer = renderer_of(tmp_path / "data", tmp_path / "templates")
    assert lines(renderer, "a.body", "de")[1:] == (
        "$until reads here: 15. Januar 2022",
        "$beds reads here: 1.250",
    )
    assert "15 يناير 2022" in lines(renderer, "a.body", "ar")[1]


def test_what_other_data_or_another_day_may_show_is_told_so(sample: Renderer):
    assert lines(sample, "labels.status-cancelled", "de") == (NOT_NOW,)
    assert left_out(sample.plan, sights(sample)) == frozenset()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    page = {"Garden": "kind: translatable\nids: {seen.body: '7'}"}
    smallplan.write(tmp_path, {"seen": "Seen.", "unseen": "Unseen."}, page, "languages: [en, de]\n")
    pages = tmp_path / "data" / "pages.yaml"
    text = pages.read_text()
    first, _, _ = text.partition("      - {name: unseen")
    pages.write_text(first)
    return tmp_path


def test_a_text_that_no_page_shows_is_left_out_with_a_count(small: Path):
    done = script("plan_translations", "export", "-wiki:w", "-out:to", directory=small)
    assert done.status == 0, done.out + done.err
    assert "unseen.body" in done.out.splitlines()[-1]
    assert "shown nowhere and left out: " in done.out
    text = (small / "to" / "de.po").read_text("utf-8")
    assert "Unseen." not in text
    assert "#. Garden, section “seen”: text 1 of 1, on [[Garden/de]]\n" in text
    assert "#. translated at [[Translations:Garden/7/de]]\n" in text
    back = script("plan_translations", "import", "to", directory=small)
    assert back.status == 0, back.out + back.err


def test_on_a_site_that_pywikibot_knows_the_page_and_the_text_have_addresses_without_a_wiki(
    small: Path,
):
    pages = small / "data" / "pages.yaml"
    pages.write_text(pages.read_text().replace("lab:lab", "commons:commons"))
    done = script("plan_translations", "export", "-out:to", directory=small)
    assert done.status == 0, done.out + done.err
    text = (small / "to" / "de.po").read_text("utf-8")
    index = "https://commons.wikimedia.org/w/index.php?title="
    assert f"text 1 of 1, on {index}Garden%2Fde\n" in text
    assert (
        f"#. translated at {index}Special%3ATranslate&group=page-Garden&language=de"
        "&action=translate&showMessage=Garden%2F7\n"
    ) in text


def test_a_template_has_every_text_and_no_language(small: Path):
    done = script("plan_translations", "export", "-format:pot", "-out:to", directory=small)
    assert done.status == 0, done.out + done.err
    assert [path.name for path in (small / "to").iterdir()] == ["wikiplan.pot"]
    text = (small / "to" / "wikiplan.pot").read_text("utf-8")
    assert '"Language: \\n"' in text and '"Plural-Forms: \\n"' in text
    assert '"X-Wikiplan-Entries: 1\\n"' in text
    assert 'msgctxt "seen.body"\nmsgid "Seen."\nmsgstr ""\n' in text
    assert "wikiplan-export" not in text


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample's catalogs, and the files for translators that are made of them."""
    folder = tmp_path_factory.mktemp("sent")
    shutil.copytree(ROOT / "data", folder / "data")
    assert script("plan_translations", "export", "-out:to", directory=folder).status == 0
    return sorted(folder.rglob("*.po"))


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_msgfmt_finds_nothing_in_the_samples_catalogs_and_exported_files(sent: list[Path]):
    for path in sent:
        command = ["msgfmt", "-c", "-o", "/dev/null", str(path)]
        assert subprocess.run(command, capture_output=True, check=True).stderr == b"", path


@pytest.mark.parametrize(
    ("language", "english", "text", "found"),
    [
        ("fr", "Legal department", "département juridique", "should begin as a sentence"),
        ("fr", "iCal Export", "Exporter iCal", ""),
        ("de", "export", "Ausfuhr", ""),
        ("fr", "export", "Exporter", "should begin with a small letter"),
        ("ja", "Join us.", "ご参加ください。", ""),
        ("ja", "Join us", "ご参加ください。", "should end as the English does"),
        ("ar", "Who?", "من؟", ""),
        ("ar", "Who.", "من؟", "should end as the English does"),
        ("fr", "(moved)", "(déplacé).", "should end as the English does"),
        ("fr", "See {a} (b)", "Voir {a}", ""),
        ("fr", "See {a}", "Voir", "other placeholders"),
        ("fr", "See ", "Voir", "a blank too few"),
        ("ja", "Word " * 20, "語", "much shorter"),
    ],
)
def test_poedits_rules_find_what_they_are_for(
    language: str, english: str, text: str, found: str, tmp_path: Path
):
    path = tmp_path / f"{language}.po"
    path.write_text(f'msgctxt "a"\nmsgid "{english}"\nmsgstr "{text}"\n', encoding="utf-8")
    told = [each.removeprefix(f"{language} a: ") for each in poedit.warnings_in(path)]
    assert [each.partition(":")[0] for each in told] == [found] * bool(found)


def test_poedit_would_find_nothing_in_them(sent: list[Path]):
    assert len(sent) == 12
    assert [each for path in sent for each in poedit.warnings_in(path)] == []


def test_of_them_weblate_is_told_what_may_be_as_the_english(sent: list[Path]):
    """Weblate 5.14 finds nothing else with its checks that need no database."""
    same = {
        f"{path.stem} {entry.getcontext()}": entry.hastypecomment("ignore-same")
        for path in sent
        if path.parent.name == "to"
        for entry in pofile.parsefile(str(path)).units
        if entry.source and entry.source == entry.target
    }
    assert same == {
        "de people.maggie-dennis.name": True,
        "fr labels.announcement": True,
        "fr labels.minutes": True,
    }

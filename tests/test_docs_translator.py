"""What the translator's pages show is done in their order, in three languages."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from tests.runs.test_sync import ARABIC
from tests.runs.test_sync import Desk as WikiDesk
from tests.support.people import FolderPeople
from tests.support.running import ROOT, Done, script
from tests.support.translatelab import TranslateWiki
from tests.test_docs import blocks
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.plan import plan

TITLE = "Community Resilience and Sustainability"
KEY = "department.mission-heading"
WORDS = {
    "fr": ("Ce que nous faisons", "Nos activités"),
    "ar": ("ما نقوم به", "عملنا"),
    "ja": ("私たちの活動", "私たちの仕事"),
}
"""What the sample has for the key, and another translation."""
PUT_RIGHT = {
    "fr": ("fait partie du", "relève du"),
    "ar": ("تتبع إدارة", "تنتمي إدارة"),
    "ja": ("属する部門", "属する部署"),
}
"""Words of the page's first text, and what somebody makes of them there."""
CONFLICT = '# wikiplan: another translation, from {file}: "{text}"'
NOW = "-now:2021-07-01T00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("schema"))
    return tmp_path


@pytest.fixture(params=WORDS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def catalog(desk: Path, language: str) -> Path:
    return desk / "data" / "locale" / f"{language}.po"


def state(desk: Path, language: str, key: str = KEY) -> tuple[State, str]:
    loaded = plan.load(desk / "data")
    found = Catalog.load(catalog(desk, language)).get(loaded.units[key])
    return found.state, found.text


def replaced(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def command(line: str, desk: Path, *more: str) -> Done:
    name, *arguments = shlex.split(line.removeprefix("$ "))
    return script(name, *arguments, *more, directory=desk)


def test_the_entries_of_the_page_are_those_of_the_sample():
    entry, plural = blocks("docs/translator/catalogs.md", "po")
    assert f"\n{entry}" in catalog(ROOT, "fr").read_text(encoding="utf-8")
    assert plural in catalog(ROOT, "ja").read_text(encoding="utf-8")


def test_what_is_marked_as_not_ready_is_not_shown_until_the_mark_goes(desk: Path, language: str):
    path, (words, _) = catalog(desk, language), WORDS[language]
    entry = f'msgctxt "{KEY}"\n'
    pages = []
    for before, after in (("", ""), (entry, f"#, fuzzy\n{entry}"), (f"#, fuzzy\n{entry}", entry)):
        if before:
            replaced(path, before, after)
        done = script("plan_update", "-wiki:wiki", "-always", NOW, directory=desk)
        assert done.status == 0, done.out + done.err
        pages.append(FolderPeople(desk / "wiki").text(f"{TITLE}/{language}"))
    assert [f"{words} ==" in page for page in pages] == [True, False, True]
    assert pages[0] == pages[2]


def test_the_check_says_what_the_page_shows(desk: Path):
    (shown,) = blocks("docs/translator/checking.md", "console")
    whole = catalog(desk, "fr").read_text(encoding="utf-8")
    head, place, text = whole.partition('"Wikimédia. ')
    wrong = text.replace("$lead_link", "$lead_lnk", 1)
    catalog(desk, "fr").write_text(f"{head}{place}{wrong}", encoding="utf-8")
    line, *told = shown.splitlines()
    done = command(line, desk)
    assert [*done.err.splitlines(), *done.out.splitlines()] == told
    assert done.status == 1


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("kind", "ending"), [("xliff", "xlf"), ("po", "po"), ("csv", "csv")])
def test_a_file_goes_out_and_comes_back(desk: Path, language: str, kind: str, ending: str):
    (shown,) = blocks("docs/translator/files.md", "console")
    shown = shown.replace("xliff", kind).replace("fr.xlf", f"{language}.{ending}")
    export, bring_in = shown.replace(":fr", f":{language}").splitlines()
    assert command(export, desk).status == 0
    words, other = WORDS[language]
    file = desk / "to-translate" / f"{language}.{ending}"
    replaced(file, words, other)
    done = command(bring_in, desk)
    assert (done.status, "1 taken" in done.out) == (0, True), done.out + done.err
    assert state(desk, language) == (State.TRANSLATED, other)
    replaced(catalog(desk, language), other, f"{words}!")
    done = command(bring_in, desk)
    assert done.status == 3, done.out + done.err
    assert state(desk, language) == (State.TRANSLATED, f"{words}!")
    comment = CONFLICT.format(file=file.name, text=other)
    assert comment in catalog(desk, language).read_text(encoding="utf-8")


def test_what_is_wrong_in_a_file_is_refused_and_the_rest_is_taken(desk: Path, language: str):
    export = f"plan_translations export -out:out -language:{language}"
    assert command(export, desk).status == 0
    file, (words, other) = desk / "out" / f"{language}.po", WORDS[language]
    replaced(file, words, other)
    _, overview = state(desk, language, "department.overview")
    whole = file.read_text(encoding="utf-8")
    place = whole.index("msgstr", whole.index('msgctxt "department.overview"'))
    file.write_text(whole[:place] + whole[place:].replace("$lead_link", "$lead_lnk", 1), "utf-8")
    done = command("plan_translations import out", desk)
    assert done.status == 1
    assert f"out/{language}.po" in done.out + done.err
    assert state(desk, language) == (State.TRANSLATED, other)
    assert state(desk, language, "department.overview")[1] == overview
    file.write_text(whole[: len(whole) // 2], "utf-8")
    before = catalog(desk, language).read_bytes()
    assert command("plan_translations import out", desk).status == 1
    assert catalog(desk, language).read_bytes() == before


def test_what_is_left_to_do_is_a_table_and_a_page(desk: Path, language: str):
    (shown,) = blocks("docs/translator/progress.md", "console")
    done = command(shown.strip(), desk, NOW)
    assert done.status == 0, done.out + done.err
    assert f'id="{language}"' in (desk / "status" / "index.html").read_text(encoding="utf-8")
    assert language in done.out


def test_a_word_put_right_on_the_page_is_put_right_in_the_catalog(desk: Path, language: str):
    assert script("plan_update", "-wiki:wiki", "-always", NOW, directory=desk).status == 0
    people, title, key = FolderPeople(desk / "wiki"), f"{TITLE}/{language}", "department.overview"
    word, better = PUT_RIGHT[language]
    _, before = state(desk, language, key)
    people.edit(title, people.text(title).replace(word, better, 1))
    done = script("plan_translations", "pull", "-wiki:wiki", "-always", NOW, directory=desk)
    assert done.status == 0, done.out + done.err
    assert state(desk, language, key) == (State.TRANSLATED, before.replace(word, better, 1))
    synced = desk / "data" / "locale" / "synced" / f"{language}.json"
    assert key in synced.read_text(encoding="utf-8")
    again = script("plan_update", "-wiki:wiki", "-always", NOW, directory=desk)
    assert (again.status, set(again.actions.values())) == (0, {"none"})


def test_a_translation_typed_over_an_english_text_is_the_entrys(desk: Path, language: str):
    entry = f'msgctxt "{KEY}"\nmsgid "What we do"\nmsgstr '
    words, _ = WORDS[language]
    replaced(catalog(desk, language), f'{entry}"{words}"', f'{entry}""')
    assert script("plan_update", "-wiki:wiki", "-always", NOW, directory=desk).status == 0
    people, title = FolderPeople(desk / "wiki"), f"{TITLE}/{language}"
    page = people.text(title)
    english = '<span lang="en" dir="ltr">What we do</span>'
    assert page.count(english) == 1
    people.edit(title, page.replace(english, words))
    done = script("plan_translations", "pull", "-wiki:wiki", "-always", NOW, directory=desk)
    assert done.status == 0, done.out + done.err
    assert state(desk, language) == (State.TRANSLATED, words)


# The table of “On the wiki”, with the real extension.

KEYS = ("goals.heading", "goals.body", "policy.body", "readers.body", "money.body")
ON_WIKI = {
    "fr": (
        "Objectifs", "Lisez [[$page|la page]].", "Notre règle est simple.", "Demandez aux gens.",
        "Cela coûte $$5 ou {{PLURAL:$count|une pièce|$count pièces}}.",
    ),
    "ar": tuple(ARABIC[key] for key in KEYS),
    "ja": (
        "目標", "[[$page|このページ]]をお読みください。", "私たちの方針は単純です。",
        "皆さんに聞いてください。", "$$5か{{PLURAL:$count|コイン$count枚}}です。",
    ),
}  # fmt: skip
OTHERS = {"fr": "Autrement", "ar": "غير ذلك", "ja": "別の言葉"}


@pytest.mark.wiki
@pytest.mark.translate
def test_on_the_wiki_each_row_of_the_table_is_so(
    translate_wiki: TranslateWiki,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    title: str,
    language: str,
):
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    desk = WikiDesk(tmp_path, title, translate_wiki)
    replaced(tmp_path / "data" / "pages.yaml", "ar, de]", "ar, fr, ja]")
    texts, other = dict(zip(KEYS, ON_WIKI[language], strict=True)), OTHERS[language]
    desk.publish()
    desk.write(texts, language)
    assert desk.push().status == 0
    translate_wiki.run_jobs()
    heading, link, catalogs, gone, state = KEYS
    desk.translate({heading: f"== {other} ==", link: f"[[$page|{other}]]."}, language)
    desk.translate({state: f"!!FUZZY!!{texts[state].replace('$$', '$')}"}, language)
    desk.write({heading: f"{other} !", catalogs: f"{other}."}, language)
    translate_wiki.delete(f"Translations:{title}/{gone}/{language}")
    translate_wiki.run_jobs()
    pulled, pushed = desk.pull(), desk.push()
    assert (pulled.status, pushed.status) == (3, 3), pulled.out + pushed.out
    translate_wiki.run_jobs()
    after = {
        **texts, heading: f"{other} !", link: f"[[$page|{other}]].", catalogs: f"{other}.",
    }  # fmt: skip
    assert desk.texts(language) == after
    found = desk.entries(language)
    assert (found[heading].conflicts, found[state].state) == ((other,), State.OUTDATED)
    stored = desk.stored(language)
    assert (stored[catalogs], stored[heading], gone in stored) == (
        f"{other}.",
        f"== {other} ==",
        False,
    )
    desk.translate({link: "[[$page|"}, language)
    assert desk.pull(f"-language:{language}").status == 1
    assert desk.texts(language) == after

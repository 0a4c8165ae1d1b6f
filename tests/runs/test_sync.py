"""Pull and push between catalogs and a real MediaWiki with the real Translate extension."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wikiplan_scripts import plan_translations

from tests.support import smallplan
from tests.support.running import Done, script, started
from tests.support.translatelab import TranslateWiki, eventually
from wikiplan.catalogs import catalog
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.translation import State
from wikiplan.plan import plan
from wikiplan.wiki.translatesite import TranslateSite

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

TEMPLATE = """\
{% if data.heading is defined %}
== {{ data.heading.text }} ==

{% endif %}
{{ data.body.text }}
"""
FILES = {
    "goals": "heading: {text: Goals}\nbody: {text: 'Read [[$page|the page]].', "
    "variables: {page: {page: Help}}}\n",
    "policy": "body: {text: Our policy is simple.}\n",
    "readers": "body: {text: Ask the people.}\n",
    "money": "body: {text: 'It costs $$5 or {{PLURAL:$count|one coin|$count coins}}.', "
    "variables: {count: 3}}\n",
}
ARABIC = {
    "goals.heading": "الأهداف",
    "goals.body": "اقرأ [[$page|الصفحة]].",
    "policy.body": "سياستنا بسيطة.",
    "readers.body": "اسأل الناس.",
    "money.body": "يكلف $$5 أو {{PLURAL:$count|لا شيء|عملة|عملتين|$count عملات|$count عملة}}.",
}
RAW = {
    **ARABIC,
    "goals.heading": "== الأهداف ==",
    "money.body": ARABIC["money.body"].replace("$$5", "$5"),
}


class Desk:
    """The plan's folder, with the translators' hands on the catalogs and on the wiki."""

    def __init__(self, directory: Path, title: str, lab: TranslateWiki) -> None:
        self.directory, self.title, self.lab = directory, title, lab
        page = {title: "kind: translatable\nmissing-page: create\nmissing-section: bottom"}
        smallplan.write(directory, dict.fromkeys(FILES, "x"), page, "languages: [en, ar, de]\n")
        (directory / "templates" / "line.wiki").write_text(TEMPLATE)
        for name, text in FILES.items():
            (directory / "data" / f"{name}.yaml").write_text(text)

    def run(self, *arguments: str) -> Done:
        return script("plan_translations", *arguments, directory=self.directory)

    def pull(self, *arguments: str) -> Done:
        return self.run("pull", *arguments)

    def push(self, *arguments: str) -> Done:
        return self.run("push", "-always", *arguments)

    def publish(self) -> None:
        """Bring the plan's text to the wiki, have it marked, and the wiki done with it."""
        updated = script("plan_update", "-always", "-allow:outdated", directory=self.directory)
        assert updated.status in (0, 3), updated.out + updated.err
        self.lab.mark(self.title, translatetitle="no")
        self.lab.run_jobs()

    def english(self, file: str, before: str, after: str) -> None:
        path = self.directory / "data" / f"{file}.yaml"
        text = path.read_text()
        assert text.count(before) == 1
        path.write_text(text.replace(before, after))

    def catalog(self, language: str = "ar") -> Catalog:
        path = self.directory / "data" / "locale" / f"{language}.po"
        return (Catalog.load if path.exists() else Catalog.create)(path)

    def write(self, texts: dict[str, str], language: str = "ar") -> None:
        """Translate in the PO file, for the English of now."""
        units = plan.load(self.directory / "data").units
        found = self.catalog(language)
        found.update(units.values())
        for key, text in texts.items():
            found.set(units[key], text)
        found.save()

    def texts(self, language: str = "ar") -> dict[str, str]:
        return {key: each.text for key, each in self.entries(language).items() if each.text}

    def entries(self, language: str = "ar") -> dict[str, catalog.Translation]:
        units = plan.load(self.directory / "data").units
        found = self.catalog(language)
        return {key: found.get(unit) for key, unit in units.items() if key.split(".")[0] in FILES}

    def stored(self, language: str = "ar") -> dict[str, str]:
        """Return the raw texts of all unit pages of a language."""
        pairs = sorted(self.lab.unit_languages(self.title))
        ids = [id for id, code in pairs if code == language]
        return {id: self.lab.text(f"Translations:{self.title}/{id}/{language}") for id in ids}

    def translate(self, texts: dict[str, str], language: str = "ar") -> None:
        for id, text in texts.items():
            self.lab.translate(self.title, id, language, text)
        self.lab.run_jobs()


@pytest.fixture
def desk(
    translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str
) -> Desk:
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    return Desk(tmp_path, title, translate_wiki)


def counts(done: Done, language: str = "ar") -> dict[str, int]:
    (entry,) = [each for each in done.report["catalogs"] if each["lang"] == language]
    return dict(entry["counts"])


def settled(desk: Desk, lab: TranslateWiki) -> None:
    """A second sync does nothing."""
    pulled = desk.pull()
    with lab.log() as log:
        pushed = desk.push()
    assert (pulled.status, pulled.report["outcome"]) == (0, "nothing"), pulled.out
    assert (pushed.status, pushed.report["outcome"]) == (0, "nothing"), pushed.out
    assert log.writes == 0


def test_catalogs_pushed_to_a_fresh_wiki_read_like_translating_by_hand(
    desk: Desk, tmp_path: Path, title: str
):
    desk.publish()
    desk.write(ARABIC)
    pushed = desk.push()
    assert (pushed.status, pushed.report["outcome"]) == (0, "done"), pushed.out + pushed.err
    assert counts(pushed) == {"pushed": 5}
    desk.lab.run_jobs()
    assert desk.stored() == RAW
    by_hand = Desk(tmp_path / "hand", f"{title} by hand", desk.lab)
    by_hand.publish()
    by_hand.translate(RAW)
    lines = desk.lab.lines(f"{title}/ar", "ar")
    assert eventually(lambda: desk.lab.lines(f"{title} by hand/ar", "ar"), lines) == lines
    assert desk.lab.states(title, "ar") == by_hand.lab.states(f"{title} by hand", "ar")
    settled(desk, desk.lab)


def test_a_push_names_what_was_deleted_on_the_wiki_and_waits(desk: Desk):
    desk.publish()
    desk.write(ARABIC)
    desk.push()
    desk.lab.run_jobs()
    page = f"Translations:{desk.title}/policy.body/ar"
    desk.lab.delete(page)
    with desk.lab.log() as log:
        pushed = desk.push()
    assert (pushed.status, pushed.report["outcome"]) == (3, "waiting"), pushed.out
    assert counts(pushed) == {"deleted on the wiki": 1}
    (entry,) = [each for each in pushed.report["catalogs"] if each["lang"] == "ar"]
    assert entry["conflicts"] == [f"{desk.title}/policy.body"]
    told = f"{page}: deleted on the wiki: it stays in the catalog; restore it on the wiki, or say "
    assert f"{told}pull -take:wiki" in pushed.out.translate({0x2068: None, 0x2069: None})
    assert log.writes == 0
    desk.lab.undelete(page)
    settled(desk, desk.lab)


def test_translators_on_the_wiki_and_in_the_file_lose_nothing(desk: Desk):
    """A on the wiki, B in the file: in different units, in the same one, and one page deleted."""
    desk.publish()
    desk.write({key: text for key, text in ARABIC.items() if key != "readers.body"})
    desk.push()
    desk.lab.run_jobs()
    desk.translate({"goals.body": "طالع [[$page|الصفحة]].", "readers.body": "اسأل الجميع."})
    desk.write({"policy.body": "سياستنا واضحة."})
    desk.translate({"goals.heading": "== غاياتنا =="})
    desk.write({"goals.heading": "مقاصدنا"})
    desk.lab.delete(f"Translations:{desk.title}/money.body/ar")
    desk.lab.run_jobs()

    pulled = desk.pull()
    assert pulled.status == 3, pulled.out + pulled.err
    assert counts(pulled) == {
        "taken": 2,
        "to push": 1,
        "in conflict": 1,
        "deleted on the wiki": 1,
    }
    pushed = desk.push()
    assert (pushed.status, counts(pushed)) == (
        3,
        {"pushed": 1, "in conflict": 1, "deleted on the wiki": 1},
    ), pushed.out
    desk.lab.run_jobs()
    assert desk.texts() == {
        "goals.heading": "مقاصدنا",
        "goals.body": "طالع [[$page|الصفحة]].",
        "policy.body": "سياستنا واضحة.",
        "readers.body": "اسأل الجميع.",
        "money.body": ARABIC["money.body"],
    }
    assert desk.entries()["goals.heading"].conflicts == ("غاياتنا",)
    assert desk.stored() == {
        "goals.heading": "== غاياتنا ==",
        "goals.body": "طالع [[$page|الصفحة]].",
        "policy.body": "سياستنا واضحة.",
        "readers.body": "اسأل الجميع.",
    }
    taken = desk.pull("-take:wiki")
    assert (taken.status, desk.texts()["goals.heading"]) == (0, "غاياتنا"), taken.out
    settled(desk, desk.lab)


def test_english_that_changed_meanwhile_outdates_on_both_sides_and_is_mended_on_either(desk: Desk):
    desk.publish()
    desk.write(ARABIC)
    desk.push()
    desk.english("policy", "simple", "short")
    desk.english("readers", "Ask", "Do ask")
    assert counts(desk.pull()) == {"unchanged": 5}, "nobody translated anything yet"
    desk.write({"policy.body": "سياستنا قصيرة."})
    waiting = desk.push()
    assert (waiting.status, counts(waiting)) == (3, {"waiting for marking": 1}), waiting.out
    desk.publish()
    desk.translate({"readers.body": "اسأل الناس حقا."})
    pushed = desk.push()
    assert (pushed.status, counts(pushed)) == (0, {"pushed": 1}), pushed.out
    pulled = desk.pull()
    assert (pulled.status, counts(pulled)) == (0, {"unchanged": 4, "taken": 1}), pulled.out
    assert desk.texts()["readers.body"] == "اسأل الناس حقا."
    assert {each.state for each in desk.entries().values()} == {State.TRANSLATED}
    desk.lab.run_jobs()
    assert set(desk.lab.states(desk.title, "ar").values()) == {"translated"}
    settled(desk, desk.lab)


def test_a_rehearsal_writes_nothing_and_shows_what_would_be_pushed(desk: Desk):
    desk.publish()
    desk.write({"policy.body": ARABIC["policy.body"]})
    with desk.lab.log() as log:
        shown = desk.run("push", "-simulate")
    assert (shown.status, log.writes, desk.stored()) == (2, 0, {}), shown.out
    assert f"Translations:{desk.title}/policy.body/ar" in shown.out
    silent = desk.run("push")
    assert (silent.status, desk.stored()) == (3, {}), silent.out


def test_an_outdated_text_keeps_its_sign_in_both_directions(desk: Desk):
    desk.publish()
    desk.write(ARABIC)
    desk.push()
    desk.english("policy", "simple", "short")
    desk.publish()
    desk.pull()
    assert desk.lab.states(desk.title, "ar")["policy.body"] == "fuzzy"
    entry = desk.entries()["policy.body"]
    assert (entry.state, entry.text) == (State.OUTDATED, ARABIC["policy.body"])
    settled(desk, desk.lab)
    shutil.rmtree(desk.directory / "data" / "locale")
    assert counts(desk.pull()) == {"taken": 5}
    entry = desk.entries()["policy.body"]
    # 1.39 does not note what a bot's translation was made for (fact 3.3).
    known = "Our policy is simple." if desk.lab.marks_through_api else ""
    assert (entry.state, entry.previous_english) == (State.OUTDATED, known)
    desk.write({"policy.body": ARABIC["policy.body"]})  # it fits the new English as well
    assert counts(desk.push()) == {"pushed": 1}
    assert desk.stored()["policy.body"] == ARABIC["policy.body"]
    assert desk.lab.states(desk.title, "ar")["policy.body"] == "translated"
    settled(desk, desk.lab)


def test_a_text_pushed_while_the_page_is_marked_anew_is_outdated(
    desk: Desk, translate_site: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    """The English changes between the reading and the first edit."""
    desk.publish()
    desk.write(ARABIC)
    saving = TranslateSite.translate
    waiting = [True]

    def mark_first(self: TranslateSite, *arguments: Any) -> Any:
        if waiting.pop() if waiting else False:
            text = desk.lab.text(desk.title)
            desk.lab.edit(desk.title, text.replace("is simple", "is short"), "Admin")
            desk.lab.mark(desk.title, translatetitle="no")
        return saving(self, *arguments)

    monkeypatch.setattr(TranslateSite, "translate", mark_first)
    monkeypatch.chdir(desk.directory)
    monkeypatch.setattr("wikiplan.session.session._open", lambda *_: translate_site())
    assert plan_translations.main("push", "-always") == 3
    desk.lab.run_jobs()
    assert desk.stored() == RAW | {"policy.body": f"!!FUZZY!!{ARABIC['policy.body']}"}
    assert eventually(lambda: desk.lab.states(desk.title, "ar")["policy.body"], "fuzzy") == "fuzzy"


def test_all_edits_of_a_run_have_one_summary_and_cost_as_many_requests(desk: Desk):
    desk.publish()
    desk.write(ARABIC)
    desk.write(ARABIC, "de")
    with desk.lab.log() as log:
        pushed = desk.push()
    (summary,) = {
        desk.lab.history(each["title"])[0]["comment"]
        for entry in pushed.report["catalogs"]
        for each in entry["edits"]
    }
    assert summary == f"Translations from the department's plan [run {pushed.report['run']}]"
    assert log.writes == 10
    assert pushed.report["requests"] <= 10 + 9, log.actions
    with desk.lab.log() as log:
        pulled = desk.pull()
    assert pulled.report["requests"] <= 2 + 9, log.actions


def test_who_translated_is_credited_in_catalog_report_and_summary(desk: Desk):
    """Trans translates on the wiki, somebody in a file, and Ada in a program that says so."""
    pages = desk.directory / "data" / "pages.yaml"
    names = "{Trans: Tara Translator <tara@example.org>, Ada G: Ada Green}"
    pages.write_text(f"{pages.read_text()}translators: {{names: {names}}}\n")
    desk.publish()
    desk.translate({"policy.body": "سياستنا بسيطة.", "readers.body": "اسأل الناس."})
    pulled = desk.pull()
    assert pulled.report["translators"] == [
        {"lang": "ar", "account": "Trans", "name": "Tara Translator",
         "texts": ["policy.body", "readers.body"]}
    ]  # fmt: skip
    fields = desk.catalog().header
    assert fields["last-translator"] == "Tara Translator (User:Trans)"
    (written, *_) = desk.lab.history(f"Translations:{desk.title}/readers.body/ar")
    assert fields["po-revision-date"] == f"{written['timestamp'][:16].replace('T', ' ')}+0000"
    synced = (desk.directory / "data/locale/synced/ar.json").read_text()
    assert f'"time": "{written["timestamp"]}"' in synced and '"translator": "Trans"' in synced

    desk.write({"goals.heading": "الأهداف"})
    desk.push()
    assert summary(desk, "goals.heading").startswith("Translations from the department's plan [run")
    by_ada = {
        "Last-Translator": "Ada Green <ada@example.org>",
        "PO-Revision-Date": "2036-01-01 09:00+0000",
    }
    changed = desk.catalog()
    changed.take_header(by_ada)
    changed.save()
    desk.write({"goals.body": "اقرأ [[$page|الصفحة]]."})
    desk.push()
    assert summary(desk, "goals.body").startswith(
        "Translations from the department's plan, last translator: [[User:Ada G|Ada Green]] [run"
    )
    assert subprocess_says_nothing("msgfmt", "-c", "-o", "/dev/null", changed.path)


def summary(desk: Desk, id: str) -> str:
    return str(desk.lab.history(f"Translations:{desk.title}/{id}/ar")[0]["comment"])


def subprocess_says_nothing(*command: str | Path) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return not done.stdout + done.stderr


def test_a_name_that_the_english_lacks_is_not_pushed_because_the_wiki_would_show_it(desk: Desk):
    desk.publish()
    desk.write({"policy.body": "سياستنا [[$ada|بسيطة]].", "readers.body": "اسأل الناس."})
    pushed = desk.push()
    assert (pushed.status, counts(pushed)) == (1, {"pushed": 1, "refused": 1}), pushed.out
    assert desk.stored() == {"readers.body": "اسأل الناس."}
    assert "$ada, which the English does not, and the wiki would show “$ada”" in pushed.out


def test_languages_that_the_wiki_does_not_take_are_named(desk: Desk):
    pages = desk.directory / "data" / "pages.yaml"
    pages.write_text(pages.read_text().replace("[en, ar, de]", "[en, zh-hans]"))
    desk.publish()
    desk.write({"policy.body": "我们的政策很简单。", "readers.body": "问人。"}, "zh-hans")
    pushed = desk.push()
    assert (pushed.status, desk.stored("zh-hans")) == (1, {})
    assert "2 texts refused: the wiki says “" in pushed.out and "Use zh." in pushed.out


def test_english_and_empty_texts_and_errors_are_not_pushed(desk: Desk):
    desk.publish()
    desk.write({"policy.body": "Our policy is simple.", "readers.body": "[[اسأل"})
    pushed = desk.push()
    assert (pushed.status, desk.stored()) == (1, {}), pushed.out
    assert "readers.body/ar: in the translation the wikit" in pushed.out


def test_a_run_that_is_killed_goes_on_where_it_was(desk: Desk):
    desk.publish()
    desk.write(ARABIC)
    with started("plan_translations", "push", "-always", directory=desk.directory) as process:
        wait_until(lambda: len(desk.stored()) >= 2)
        process.process.kill()
        process.done()
    pushed = desk.push()
    assert pushed.status == 0, pushed.out
    assert desk.stored() == RAW
    assert [len(desk.lab.history(f"Translations:{desk.title}/{id}/ar")) for id in RAW] == [1] * 5
    settled(desk, desk.lab)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)

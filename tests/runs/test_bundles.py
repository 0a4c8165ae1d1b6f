"""Message bundles of a plan on a real MediaWiki with the real Translate extension."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.running import Done, script
from tests.support.translatelab import TranslateWiki
from wikiplan.catalogs.catalog import Catalog
from wikiplan.plan import plan

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

TEXTS = {"open": "Open", "closed": "Closed for the winter", "rest": "Nothing"}
GERMAN = {"open.body": "Offen", "closed.body": "Im Winter geschlossen"}


class Office:
    """A plan's folder with one message bundle, and the wiki that has it."""

    def __init__(self, directory: Path, title: str, lab: TranslateWiki) -> None:
        self.directory, self.title, self.lab = directory, title, lab
        self.beside = f"{title} beside"
        lab.edit(self.beside, "<translate>Beside.</translate>", "Admin")
        words = "label: Words of the gardens, texts: [open.body, closed.body]"
        bundles = f"bundles: [{{title: {title!r}, {words}}}]\n"
        pages = {"Plan": "missing-page: create"}
        smallplan.write(directory, TEXTS, pages, f"languages: [en, de, ar]\n{bundles}")
        assert script("plan_translations", "update", directory=directory).status == 0

    def run(self, *words: str) -> Done:
        done = script("plan_translations", *words, "-always", directory=self.directory)
        self.let_the_wiki_work()
        return done

    def let_the_wiki_work(self) -> None:
        """Run the jobs, and let the server know of their bundles: its cache is its own here."""
        self.lab.run_jobs()
        self.lab.mark(self.beside)
        self.lab.run_jobs()

    def translate(self, texts: Mapping[str, str], language: str = "de") -> None:
        """Translate in the PO file."""
        path = self.directory / "data" / "locale" / f"{language}.po"
        units = plan.load(self.directory / "data").units
        found = (Catalog.load if path.exists() else Catalog.create)(path)
        found.update(units.values())
        for key, text in texts.items():
            found.set(units[key], text)
        found.save()

    def catalog(self, language: str) -> dict[str, tuple[str, str]]:
        units = plan.load(self.directory / "data").units
        found = Catalog.load(self.directory / "data" / "locale" / f"{language}.po")
        every = {key: found.get(unit) for key, unit in units.items()}
        return {key: (each.text, str(each.state)) for key, each in every.items() if each.text}

    def page(self) -> dict[str, Any]:
        return dict(json.loads(self.lab.text(self.title)))

    def save(self, data: Mapping[str, Any]) -> None:
        """Do what a person does who edits the bundle."""
        self.lab.edit(self.title, json.dumps(data), "Admin")
        self.let_the_wiki_work()

    def collection(self, language: str) -> dict[str, tuple[str, str]]:
        """Return what translators have, by key: the text and its state."""
        question = {"mcgroup": f"messagebundle-{self.title}", "mclanguage": language}
        asked = {"list": "messagecollection", "mcprop": "translation|properties"}
        answer = self.lab.api(action="query", **asked, **question)
        return {
            each["key"].rpartition("/")[2]: (each["translation"], each["properties"]["status"])
            for each in answer["query"]["messagecollection"]
        }

    def settled(self) -> None:
        """Nothing is left to do, and nothing is written."""
        for word in ("bundles", "pull", "push"):
            with self.lab.log() as log:
                done = script("plan_translations", word, "-always", directory=self.directory)
                assert log.writes == 0
            assert (done.status, done.report["outcome"]) == (0, "nothing"), (word, done.out)


@pytest.fixture
def office(
    translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str
) -> Office:
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    return Office(tmp_path, title, translate_wiki)


def test_a_bundle_has_the_plans_texts_and_the_catalogs_translations(office: Office):
    office.translate(GERMAN)
    done = office.run("bundles")
    assert (done.status, done.actions) == (0, {office.title: "create"}), done.out
    about = {"sourceLanguage": "en", "label": "Words of the gardens"}
    if not office.lab.marks_through_api:
        del about["label"]  # 1.39 would refuse the page
    assert office.page() == {
        "@metadata": about,
        "open.body": "Open",
        "closed.body": "Closed for the winter",
    }
    assert office.collection("de").keys() == {"open.body", "closed.body"}
    pushed = office.run("push")
    assert pushed.status == 0, pushed.out
    assert office.collection("de") == {
        "open.body": ("Offen", "translated"),
        "closed.body": ("Im Winter geschlossen", "translated"),
    }
    office.settled()

    office.lab.translate(office.title, "open.body", "ar", "مفتوح")
    office.lab.run_jobs()
    assert office.run("pull").status == 0
    assert office.catalog("ar") == {"open.body": ("مفتوح", "translated")}
    office.settled()


def test_changed_english_outdates_translations_on_both_sides(office: Office):
    office.translate(GERMAN)
    office.run("bundles")
    office.run("push")
    path = office.directory / "data" / "closed.yaml"
    path.write_text(path.read_text().replace("the winter", "repairs"))
    done = office.run("bundles")
    assert done.actions == {office.title: "update"}, done.out
    assert office.page()["closed.body"] == "Closed for repairs"
    office.run("pull")
    assert office.catalog("de") == {
        "open.body": ("Offen", "translated"),
        "closed.body": ("Im Winter geschlossen", "outdated"),
    }
    office.run("push")  # the wiki outdated the other text
    assert office.collection("de") == {
        "open.body": ("Offen", "translated"),
        "closed.body": ("Im Winter geschlossen", "fuzzy"),
    }
    office.settled()
    office.translate({"closed.body": "Wegen Reparatur geschlossen"})
    assert office.run("push").status == 0
    assert office.collection("de")["closed.body"] == ("Wegen Reparatur geschlossen", "translated")
    office.settled()


def test_what_people_add_to_a_bundle_stays_and_what_they_change_is_left_alone(office: Office):
    office.run("bundles")
    page = office.page()
    page["@metadata"]["priorityLanguages"] = ["de"]
    office.save({**page, "theirs": "Of people"})
    path = office.directory / "data" / "open.yaml"
    path.write_text(path.read_text().replace("Open", "Open now"))
    assert office.run("bundles").actions == {office.title: "update"}
    assert office.page() == {
        "@metadata": {**page["@metadata"], "priorityLanguages": ["de"]},
        "open.body": "Open now",
        "closed.body": "Closed for the winter",
        "theirs": "Of people",
    }
    before = {**office.page(), "open.body": "Come in"}
    office.save(before)
    done = office.run("bundles")
    assert (done.status, done.reasons) == (
        1,
        {
            office.title: "Admin or others changed open.body there; write the same into the plan, "
            "or take the edit back"
        },
    )
    assert office.page() == before


def test_a_run_that_wrote_a_bundle_is_taken_back(office: Office):
    office.run("bundles")
    before = office.page()
    path = office.directory / "data" / "open.yaml"
    path.write_text(path.read_text().replace("Open", "Open now"))
    done = office.run("bundles")
    undone = script("plan_undo", done.report["run"], "-always", directory=office.directory)
    assert undone.status == 0, undone.out + undone.err
    assert office.page() == before


def test_a_page_of_wikitext_is_no_bundle(office: Office):
    office.lab.edit(office.title, "People's.", "Admin")
    done = office.run("bundles")
    assert done.status == 1
    assert "the page's content model is wikitext, not translate-messagebundle" in done.out
    assert office.lab.text(office.title) == "People's."

"""Notices of a new year on a real wiki with the real Translate extension: once each, whatever
happens to requests, and to the run between them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support import yearcases
from tests.support.people import forget_sites, open_site
from tests.support.proxy import LOSE, Proxy
from tests.support.running import Done, forked, script
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.wikitext import sections

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

SECTION = "priorities-2021-2022"
BEFORE = "Hello. --~~~~"
PAGES = """\
site: lab:lab
source-language: en
languages: [en, de, ar]
translators:
  talk-pages:
    - {{page: "Talk:{1}/de", language: de}}
    - {{page: "User talk:{1}", language: ar}}
pages:
  - title: "{0}"
    kind: translatable
    missing-page: create
    sections:
      - {{name: priorities-2021-2022, template: priorities, data: priorities/2021-2022}}
"""


class House:
    """A plan whose year stands on a translatable page, and the talk pages of two translators.

    Several may have the same page, and others' talk pages.
    """

    def __init__(self, directory: Path, title: str, lab: TranslateWiki, number: str = "") -> None:
        name = f"{title}{number}"
        self.directory, self.title, self.lab = directory / name, title, lab
        self.data = yearcases.write(self.directory, PAGES.format(title, name))
        self.german, self.arabic = f"Talk:{name}/de", f"User talk:{name}"
        for page in self.talk_pages:
            lab.edit(page, BEFORE, "Admin")

    @property
    def talk_pages(self) -> tuple[str, str]:
        return self.german, self.arabic

    def run(self, name: str, *words: str) -> Done:
        return script(name, *words, directory=self.directory)

    def notify(self, *options: str) -> Done:
        return self.run("plan_translations", "notify", "-always", *options)

    def publish(self, **options: str) -> None:
        """Update the page, and let an administrator mark it."""
        assert self.run("plan_update", "-always", "-brief").status == 3
        self.lab.mark(self.title, **options)
        self.lab.run_jobs()

    def notices(self, page: str) -> list[str]:
        return [each.name for each in sections.find(self.lab.text(page))]

    def to_do(self, language: str) -> int:
        """Count what the wiki has no translation of, but for the page's title."""
        states = self.lab.states(self.title, language)
        return sum(each == "untranslated" for id, each in states.items() if " " not in id)


@pytest.fixture
def lab(translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch) -> TranslateWiki:
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    return translate_wiki


def test_a_year_is_told_when_translators_see_it_and_never_again(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    house = House(tmp_path, title, lab)
    house.run("plan_update", "-always", "-brief")
    early = house.notify()
    assert (early.status, early.report["outcome"]) == (3, "waiting"), early.out + early.err
    assert f"de: no notice yet: {title}: waiting for marking." in early.out
    assert [lab.text(page) for page in house.talk_pages] == [
        lab.text(house.german), lab.text(house.german)
    ]  # fmt: skip
    lab.mark(title)
    lab.run_jobs()
    lab.translate(title, f"{SECTION}.heading", "ar", 'الأولويات: <tvar name="year"/>')
    shown = house.run("plan_translations", "notify", "-simulate")
    assert all(house.notices(page) == [] for page in house.talk_pages)
    told = house.notify()
    assert (told.status, told.actions) == (
        0,
        {**told.actions, **dict.fromkeys(house.talk_pages, "update")},
    )
    assert house.notices(house.german) == ["new-year-2021-2022-de"]
    assert house.notices(house.arabic) == ["new-year-2021-2022-ar"]
    text = lab.text(house.german)
    assert f"* <bdi>[[:{title}]]</bdi>: {house.to_do('de')} Texte, " in text
    (address,) = [word[1:] for word in text.split() if word.startswith("[http")]
    assert "Special%3ATranslate" in address
    assert f'"page-{title}"' in lab.page_as("Trans", address).replace("\\/", "/")
    body = text.partition("-->\n")[2].partition("\n<!--")[0]
    assert [f"+{line}" for line in body.splitlines()] == [
        line for line in shown.out.splitlines() if line.startswith("+")
    ][: len(body.splitlines())]
    with lab.log() as log:
        again = house.notify()
        assert log.writes == 0
    assert (again.status, again.report["outcome"]) == (0, "nothing")


def test_a_notice_that_people_deleted_or_archived_does_not_come_back(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    house = House(tmp_path, title, lab)
    house.publish()
    house.notify()
    lab.edit(house.german, BEFORE, "Admin")
    lab.move(house.arabic, f"{house.arabic}/2021", redirect=False)
    lab.edit(house.arabic, BEFORE, "Admin")
    done = house.notify()
    assert (done.status, done.report["outcome"]) == (0, "nothing"), done.out
    assert all("posted already, in revision" in done.reasons[page] for page in house.talk_pages)
    assert [house.notices(page) for page in house.talk_pages] == [[], []]


def test_only_languages_that_a_page_takes_are_told(lab: TranslateWiki, tmp_path: Path, title: str):
    house = House(tmp_path, title, lab)
    house.publish(prioritylanguages="ar", forcepriority="1")
    assert house.notify().status == 0
    assert (house.notices(house.german), house.notices(house.arabic)) == (
        [], ["new-year-2021-2022-ar"],
    )  # fmt: skip


def test_a_night_tells_what_it_has_marked_the_night_after(
    lab: TranslateWiki, tmp_path: Path, title: str
):
    if not lab.marks_through_api:
        pytest.skip("MediaWiki 1.39 has no API to mark pages")
    house = House(tmp_path, title, lab)
    (house.directory / "run.yaml").write_text("steps: [update, mark, notify]\n")
    with lab.translation_admin("PlanBot"):
        first = house.run("plan_run")
        assert house.notices(house.german) == []
        assert "no notice yet" in first.out
        lab.run_jobs()
        second = house.run("plan_run")
    assert (second.status, house.notices(house.german)) == (0, ["new-year-2021-2022-de"])
    third = house.run("plan_run")
    assert third.report["outcome"] == "nothing"


@pytest.fixture
def proxy(translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy(translate_wiki.address).start()
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", proxy.address)
    open_site()  # Pywikibot is loaded once, for all processes
    yield proxy
    forget_sites()
    proxy.stop()


def started(house: House) -> int:
    words = ("notify", "-always", "-patience:5")
    return forked("plan_translations", *words, directory=house.directory)


def told_once(house: House) -> None:
    """After whatever happened, two more runs bring each page its one notice, and nothing else."""
    for _ in range(2):
        child = started(house)
        assert os.waitpid(child, 0)[1] == 0, (house.directory / "out.txt").read_text()
    assert json.loads((house.directory / "report.json").read_text())["outcome"] == "nothing"
    for page in house.talk_pages:
        assert len(house.notices(page)) == 1
        assert len(house.lab.history(page)) == 2


@pytest.mark.heavy
def test_a_lost_answer_leaves_one_notice(
    translate_wiki: TranslateWiki, proxy: Proxy, tmp_path: Path, title: str
):
    House(tmp_path, title, translate_wiki).publish()
    for number, faults in enumerate([(LOSE,), (LOSE.before_it_is_done(),), (LOSE, LOSE)]):
        house = House(tmp_path, title, translate_wiki, f" {number}")
        proxy.fail("edit", *faults)
        os.waitpid(started(house), 0)
        proxy.faults.clear()
        told_once(house)


@pytest.mark.heavy
def test_a_kill_at_any_request_leaves_one_notice(
    translate_wiki: TranslateWiki, proxy: Proxy, tmp_path: Path, title: str
):
    house = House(tmp_path, title, translate_wiki)
    house.publish()
    before = len(proxy.seen)
    assert os.waitpid(started(house), 0)[1] == 0, (house.directory / "out.txt").read_text()
    requests = len(proxy.seen) - before
    moments = [(number, when) for number in range(requests) for when in ("before", "after")]
    if not WHOLE:
        moments = moments[-8:-1:2]  # around the edits
    for number, when in moments:
        house = House(tmp_path, title, translate_wiki, f" {number} {when}")
        proxy.kill(partial(started, house), number, when)
        told_once(house)

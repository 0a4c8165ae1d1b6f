"""Whatever happens on a real wiki with Translate, what is remembered is what it says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.mediawiki import ApiError
from tests.support.samples import WHOLE
from tests.support.translatelab import TranslateWiki
from wikiplan.errors import WikiplanError
from wikiplan.wiki.rememberingsite import RememberingSite
from wikiplan.wiki.translatememory import TranslateMemory
from wikiplan.wiki.translatesite import open_translate

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

LANGUAGES = ("ar", "de", "fr")
UNITS = {"greeting": "Hello", "question": "How are you?", "farewell": "Good bye"}
PAGES = 3
STEPS = 8
SEEDS = range(100 if WHOLE else 2)


def opened(site: Any, memory: TranslateMemory) -> RememberingSite:
    found = open_translate(site, lambda *known: RememberingSite(*known, memory=memory))
    assert isinstance(found, RememberingSite)
    return found


@contextmanager
def run(site: Any, path: Path | None) -> Iterator[RememberingSite]:
    """Do what a command does that reads translations."""
    with closing(TranslateMemory(path)) as memory:
        yield opened(site, memory)
        memory.store()


def told(site: RememberingSite, title: str, languages: tuple[str, ...] = LANGUAGES) -> Any:
    """Return all that commands ask of a page, refusals included."""
    return [_told(each, site, title) for each in (*QUESTIONS, *map(_states, languages))]


def _told(question: Callable[[Any, str], Any], site: RememberingSite, title: str) -> Any:
    try:
        return question(site, title)
    except WikiplanError as error:
        return type(error), str(error)


def _states(language: str) -> Callable[[Any, str], Any]:
    def states(site: Any, title: str) -> Any:
        group = site.group(title)
        return list(site.states(title, language).items()) if group else None

    return states


def _jobs_done(site: Any, title: str) -> Any:
    marked = site.marked(title)
    return marked and site.jobs_done(title, marked.units)


def _markings(site: Any, title: str) -> Any:
    marked = site.marked(title)
    return marked and site.markings(title, marked.timestamp)


def _group(site: Any, title: str) -> Any:
    """Return a page's group with the languages that have anything.

    The wiki's own counts lag behind while there are jobs, and a save that changes nothing, which
    nobody is told of, corrects them.
    """
    group = site.group(title)
    return group and (group.source_language, sorted(group.languages), group.priority)


QUESTIONS: tuple[Callable[[Any, str], Any], ...] = (
    _group,
    lambda site, title: site.marked(title),
    lambda site, title: site.marked_revision(title),
    lambda site, title: sorted(site.unit_names(title)),
    lambda site, title: list(site.unmarked_revisions(title, site.marked_revision(title))),
    _jobs_done,
    _markings,
)


def test_an_answer_of_which_no_sense_is_made_is_asked_again_by_the_next_run(
    translate_wiki: TranslateWiki, translate_site: Any, tmp_path: Path, title: str, monkeypatch
):
    translate_wiki.edit(title, "<translate><!--T:greeting-->\nHello</translate>")
    translate_wiki.mark(title)
    translate_wiki.run_jobs()
    path, wiki = tmp_path / "lab.translations", translate_site()
    ask = wiki.ask

    def of_another_page(*arguments: Any, **parameters: Any) -> Any:
        answer = ask(*arguments, **parameters)
        for page in answer["query"].get("pages", ()) if "revids" in parameters else ():
            page["title"] = f"Not {page['title']}"
        return answer

    with closing(TranslateMemory(path)) as memory, monkeypatch.context() as patched:
        site = opened(wiki, memory)
        patched.setattr(wiki, "ask", of_another_page)
        with pytest.raises(WikiplanError, match="not in the page's history any more"):
            site.marked(title)
        assert memory.doubts(title), "nothing of it is kept"
    with run(wiki, path) as site:
        assert site.marked(title).units == {"greeting": "Hello"}


class People:
    """What people do to a page, by chance."""

    def __init__(self, lab: TranslateWiki, title: str, chance: random.Random) -> None:
        self.lab, self.title, self.chance = lab, title, chance
        self.units = dict(UNITS)
        self.count = 0
        self.publish()
        for language in LANGUAGES[:2]:
            lab.translate(title, "greeting", language, f"Text in {language}")

    def publish(self, **options: str) -> None:
        self.save()
        self.lab.mark(self.title, **options)

    def save(self) -> None:
        parts = (
            f"<translate>\n<!--T:{id}-->\n{text}\n</translate>" for id, text in self.units.items()
        )
        self.lab.edit(self.title, "\n\n".join(parts), "Admin")

    def act(self) -> str:
        """Do something that may fail, as people's deeds may; return what it was."""
        self.count += 1
        name = self.chance.choice(ACTIONS)
        try:
            getattr(self, name)()
        except (ApiError, IndexError) as error:  # there may be no such page
            return f"{name}: {error}"
        return name

    @property
    def _unit(self) -> tuple[str, str]:
        return self.chance.choice(list(UNITS)), self.chance.choice(LANGUAGES)

    def _page(self) -> str:
        """Return a unit's page that is there, if any is."""
        names = sorted(self.lab.unit_languages(self.title))
        others = [(id, language) for id, language in names if language in LANGUAGES]
        id, language = self.chance.choice(others) if others else self._unit
        return f"Translations:{self.title}/{id}/{language}"

    def translate(self) -> None:
        self.lab.translate(self.title, *self._unit, f"Text {self.count}")

    def doubt(self) -> None:
        self.lab.translate(self.title, *self._unit, f"!!FUZZY!!Text {self.count}")

    def confirm(self) -> None:
        page = self._page()
        self.lab.edit(page, self.lab.text(page).replace("!!FUZZY!!", ""))

    def review(self) -> None:
        number = self.lab.history(self._page())[0]["revid"]
        self.lab.api("TAdmin", action="translationreview", revision=number, token=True)

    def delete(self) -> None:
        self.lab.delete(self._page())

    def restore(self) -> None:
        id, language = self._unit
        self.lab.undelete(f"Translations:{self.title}/{id}/{language}")

    def move_unit(self) -> None:
        self.lab.move(self._page(), f"{self.title} elsewhere {self.count}", redirect=False)

    def reword(self) -> None:
        id = self.chance.choice(list(self.units))
        self.units[id] = f"English {self.count}"
        self.publish()

    def reword_back(self) -> None:
        self.units = dict(UNITS)
        self.publish()

    def drop_unit(self) -> None:
        if len(self.units) > 1:
            del self.units[self.chance.choice(list(self.units))]
        self.publish()

    def edit(self) -> None:
        self.units["greeting"] = f"Draft {self.count}"
        self.save()

    def ask_for_languages(self) -> None:
        self.publish(prioritylanguages="ar|de", forcepriority="1")

    def protect(self) -> None:
        self.lab.protect(self.title)

    def change_language(self) -> None:
        self.lab.page_language(self.title, self.chance.choice(("en", "de")))

    def unmark(self) -> None:
        self.lab.unmark(self.title)

    def delete_page(self) -> None:
        self.lab.delete(self.title)

    def restore_page(self) -> None:
        self.lab.undelete(self.title)

    def do_nothing(self) -> None:
        pass

    def do_jobs(self) -> None:
        self.lab.run_jobs()


FREQUENT = ("translate", "doubt", "confirm", "delete", "reword", "do_nothing", "do_jobs")
RARE = (
    "review", "restore", "move_unit", "reword_back", "drop_unit", "edit", "ask_for_languages",
    "protect", "change_language", "unmark", "delete_page", "restore_page",
)  # fmt: skip
ACTIONS = FREQUENT * 2 + RARE


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_remembered_is_what_the_wiki_says_whatever_happened(
    seed: int,
    translate_wiki: TranslateWiki,
    translate_site: Callable[..., Any],
    title: str,
    tmp_path: Path,
):
    lab, site, chance = translate_wiki, translate_site(), random.Random(seed)
    path, done, cost = tmp_path / "state" / "lab.translations", [], [0, 0]
    with lab.settings("$wgGroupPermissions['user']['translate-messagereview'] = true;"):
        pages = [People(lab, f"{title} {number}", chance) for number in range(PAGES)]
        lab.run_jobs()
        for _ in range(STEPS):
            if chance.random() < 0.7:
                lab.age_changes()
            done.append([page.act() for page in pages])
            if chance.random() < 0.7:
                lab.run_jobs()
            languages = tuple(chance.sample(LANGUAGES, chance.choice((1, 3, 3))))
            with run(site, path) as remembering, run(site, None) as anew:
                for number, page in enumerate(pages):
                    begin = site.requests
                    found = told(remembering, page.title, languages)
                    cost[0] += site.requests - begin
                    expected = told(anew, page.title, languages)
                    cost[1] += site.requests - begin
                    assert found == expected, [each[number] for each in done]
    anew_cost = cost[1] - cost[0]
    if lab.marks_through_api:
        assert cost[0] < anew_cost, "it remembers something"
    else:  # 1.39 does not tell all that happens, so nothing is kept
        assert cost[0] == anew_cost

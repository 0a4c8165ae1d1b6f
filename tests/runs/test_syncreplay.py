"""The same sequences of edits in the model of the wiki and in the real one come to the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pytest

from tests.support.syncmodel import LANGUAGE, Desk
from tests.support.translatelab import TranslateWiki
from wikiplan.wiki.interface import Head, HistoryEntry, Revision, Saved
from wikiplan.wiki.translate import Status, UnitState
from wikiplan.wiki.translatesite import open_translate

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

PLACES = {
    "one.a": "one.text",
    "two.a": "two.text",
    "labels.c": "labels.host",
    "labels.d": "labels.host",
}
ON_WIKI = ("wiki", "wiki", "wiki fuzzy", "unfuzzy", "delete")
IN_FILE = ("po", "po", "confirm", "doubt", "choose", "english")
FOR_ALL = ("publish", "sync", "sync")


class RealWiki:
    """A translatable page of the lab, with the hands that the model's people have."""

    def __init__(self, lab: TranslateWiki, site: Any, title: str, units: Mapping[str, str]) -> None:
        self.lab, self.site, self.title = lab, site, title
        self.units: dict[str, str] = {}
        self.mark(units)

    def mark(self, units: Mapping[str, str]) -> None:
        parts = [f"<translate>\n<!--T:{id}-->\n{text}\n</translate>" for id, text in units.items()]
        if units != self.units:
            self.lab.edit(self.title, "\n\n".join(parts), "Admin")
            self.lab.mark(self.title, translatetitle="no")
            self.lab.run_jobs()
        self.units = dict(units)

    def page(self, id: str) -> str:
        return f"Translations:{self.title}/{id}/{LANGUAGE}"

    def text(self, id: str) -> str:
        return self.lab.text(self.page(id)) if self.lab.history(self.page(id)) else ""

    def write(self, id: str, text: str) -> None:
        self.lab.edit(self.page(id), text, "Trans")

    def delete(self, id: str) -> None:
        if self.lab.history(self.page(id)):
            self.lab.delete(self.page(id))

    @property
    def edits(self) -> int:
        return sum(len(self.lab.history(self.page(id))) for id in self.units)

    @property
    def outdated(self) -> set[str]:
        return {id for id, state in self.states(self.title, LANGUAGE).items() if state.outdated}

    def states(self, title: str, language: str) -> Mapping[str, UnitState]:
        found = self.site.states(title, language)
        return {id: each for id, each in found.items() if each.status is not Status.UNTRANSLATED}

    def unit_pages(
        self, title: str, units: Collection[tuple[str, str]]
    ) -> Mapping[tuple[str, str], Revision]:
        return dict(self.site.unit_pages(title, units))

    def made_for(self, title: str, id: str, language: str) -> str | None:
        found = self.site.made_for(title, id, language)
        return str(found) if found is not None else None

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        return dict(self.site._site.heads(titles))

    def unit_names(self, title: str) -> Collection[tuple[str, str]]:
        return set(self.site.unit_names(title))

    def history(self, page_id: int, title: str, since: int) -> Sequence[HistoryEntry]:
        return tuple(self.site._site.history(page_id, title, since))

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        saved = self.site.translate(page, text, summary)
        assert isinstance(saved, Saved)
        return saved


def steps(seed: int, count: int = 14) -> list[tuple[str, str]]:
    """Return edits of people on both sides, and syncs between them."""
    chance = random.Random(seed)
    found = [("wiki", "one.a"), ("po", "two.text"), ("sync", "")]
    for _ in range(count):
        kind = chance.choice((ON_WIKI, IN_FILE, FOR_ALL))
        where = chance.choice(list(PLACES.values() if kind is IN_FILE else PLACES))
        found.append((chance.choice(kind), "" if kind is FOR_ALL else where))
    return [*found, ("publish", ""), ("sync", ""), ("sync", "")]


def play(desk: Desk, what: str, where: str, number: int) -> None:
    """Let one thing happen; texts are numbered, so that they tell who won."""
    text = f"نص رقم {number}"
    bare = desk.wiki.text(where).replace("!!FUZZY!!", "") if where in PLACES else ""
    actions: dict[str, Callable[[], object]] = {
        "wiki": lambda: desk.wiki.write(where, text),
        "wiki fuzzy": lambda: desk.wiki.write(where, f"!!FUZZY!!{text}"),
        "unfuzzy": lambda: desk.wiki.write(where, bare) if bare else None,
        "delete": lambda: desk.wiki.delete(where),
        "po": lambda: desk.translate(where, text),
        "confirm": lambda: desk.confirm(where),
        "doubt": lambda: desk.doubt(where),
        "choose": lambda: desk.choose(where),
        "english": lambda: desk.reword(where),
        "publish": desk.publish,
        "sync": lambda: [desk.pull(), desk.push(), desk.pull()],
    }
    actions[what]()


def picture(desk: Desk) -> tuple[dict[str, tuple[str, bool]], dict[str, tuple[Any, ...]]]:
    """Return what people see of both sides."""
    outdated = desk.wiki.outdated
    texts = {id: desk.wiki.text(id).replace("!!FUZZY!!", "") for id in PLACES}
    wiki = {id: (text, id in outdated) for id, text in texts.items() if text}
    file = {key: (desk.text(key), desk.current(key)) for key in desk.keys}
    return wiki, file


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_and_the_real_wiki_come_to_the_same(
    seed: int, translate_wiki: TranslateWiki, translate_site: Callable[..., Any], title: str
):
    model = Desk(PLACES)
    site = open_translate(translate_site())
    real = Desk(PLACES, wiki=RealWiki(translate_wiki, site, title, model.english()), title=title)
    for number, (what, where) in enumerate(steps(seed)):
        play(model, what, where, number)
        play(real, what, where, number)
        assert picture(real) == picture(model), (number, what, where)
    edits = real.wiki.edits
    real.pull()
    real.push()
    assert real.wiki.edits == edits

"""Renames of chance in a plan, and what must be the same after each."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.scriptrun import OwnRun
from tests.support.smallplan import NOW
from wikiplan.catalogs import catalog, moving
from wikiplan.cli import planwork
from wikiplan.plan import (
    FILE,
    LANGUAGE,
    PAGE,
    PERSON,
    SECTION,
    TEAM,
    UNIT,
    Move,
    Plan,
    plan,
    targets,
)
from wikiplan.plan.kinds import file_kind
from wikiplan.render.renderer import PageSection, Renderer

OF_FIXED_KEYS = ("labels.", "department.", "links.", "people.")
"""Texts whose keys templates and shapes know; teams and people have moves of their own."""
NEW_CODES = ("pt", "nl", "sv", "pl", "tr")


@dataclass(frozen=True)
class Seen:
    """A plan as its readers and translators see it.

    ``translations`` are text and state by language and the English's key, ``shown`` the texts of
    plain pages by title and number of the section, ``units`` ids and texts of translatable ones.
    """

    translations: Mapping[str, Mapping[str, tuple[str, str]]]
    shown: Mapping[tuple[str, int], str]
    units: Mapping[tuple[str, int], list[tuple[str, str]]]

    @classmethod
    def of(cls, directory: Path) -> Seen:
        read = plan.load(directory / "data")
        codes = [code for code in read.languages if code != read.source_language]
        catalogs = catalog.load_all(directory / "data" / "locale", codes)
        renderer = Renderer(read, catalogs, directory / "templates", NOW)
        translations = {
            code: {key: _state(found, unit) for key, unit in read.units.items()}
            for code, found in catalogs.items()
        }
        shown: dict[tuple[str, int], str] = {}
        units: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for target in targets.chosen_targets(read):
            for at, section in enumerate(target.page.sections):
                language = target.language
                wanted = PageSection(target.page, section, language, language)
                done = renderer.section(wanted)
                if target.page.translatable:
                    units[target.title, at] = [(unit.id, unit.text) for unit in done.units]
                else:
                    shown[target.title, at] = done.text
        return cls(translations, shown, units)

    def after(self, move: Move) -> Seen:
        """Return what has to be seen after a move."""
        code = {each: move.renamed(LANGUAGE, each) for each in self.translations}
        return Seen(
            {
                code[each]: {move.renamed(UNIT, key): text for key, text in texts.items()}
                for each, texts in self.translations.items()
            },
            {
                (move.renamed(PAGE, title), at): _with_links(text, move)
                for (title, at), text in self.shown.items()
            },
            {(move.renamed(PAGE, title), at): each for (title, at), each in self.units.items()},
        )


def _with_links(text: str, move: Move) -> str:
    """Return a page's text with the links to a page that was moved, and to those below it."""
    if move.kind != PAGE:
        return text
    link = re.compile(rf"(\[\[(?:Special:MyLanguage/)?){re.escape(move.before)}(?=[]|/#])")
    return link.sub(lambda found: f"{found[1]}{move.after}", text)


def without_language(shown: Mapping[tuple[str, int], str], move: Move) -> Mapping[Any, str]:
    """Return texts without those of a language whose code is another now: it writes its dates."""
    codes = {f"/{move.before}", f"/{move.after}"} if move.kind == LANGUAGE else set()
    return {place: text for place, text in shown.items() if not place[0].endswith((*codes,))}


def _state(found: catalog.Catalog, unit: Any) -> tuple[str, str]:
    translation = found.get(unit)
    return translation.text, str(translation.state)


def chosen(rng: random.Random, read: Plan) -> Move:
    """Return a rename of chance; of fixed keys, and of years, a name says more than a name."""
    names = moving.names_in(read)
    keyed = [
        key
        for key in sorted(names[UNIT])
        if len(key.split(".")) > 2 and not key.startswith(OF_FIXED_KEYS)
    ]
    ways = {
        UNIT: [each for each in keyed if each.rpartition(".")[2] not in ("topic", *names[TEAM])],
        FILE: [each for each in sorted(names[FILE]) if _has_free_name(each)],
        TEAM: sorted(names[TEAM]),
        PERSON: sorted(names[PERSON]),
        SECTION: sorted(names[SECTION]),
        PAGE: sorted(names[PAGE]),
        LANGUAGE: sorted(set(read.languages) - {read.source_language}),
    }
    kind = rng.choice([kind for kind, known in ways.items() if known])
    before = rng.choice(ways[kind])
    return Move(kind, before, _new(rng, kind, before, names[kind]))


def _has_free_name(stem: str) -> bool:
    return file_kind(stem).for_section


def _new(rng: random.Random, kind: str, before: str, taken: Any) -> str:
    word = f"name-{rng.randrange(10**6)}"
    if kind == LANGUAGE:
        return rng.choice([code for code in NEW_CODES if code not in taken])
    if kind == UNIT:
        return f"{before.rpartition('.')[0]}.{word}"
    if kind == FILE:
        return f"{before.rpartition('/')[0]}/{word}".lstrip("/")
    return word.capitalize() if kind == PAGE else word


def made(directory: Path, move: Move) -> list[str]:
    """Make a move as a person does; return what is said."""
    own = OwnRun(directory)
    words = (f"{move.kind}:{move.before}", move.after)
    planwork.move(own.run(words=words))
    return own.said

"""What readers of a plain page have in their language and would lose, counted from the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from wikiplan.changes import losses
from wikiplan.changes.changeset import (
    Action,
    LostText,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Told,
)
from wikiplan.changes.effects import Limits
from wikiplan.errors import Refusal
from wikiplan.render.renderer import RenderedSection
from wikiplan.render.sources import Sources
from wikiplan.render.wording import StandIn
from wikiplan.wiki.folder import Folder

ENGLISH = '<span lang="en" dir="ltr">{}</span>'


def lost(before: str, after: str, *english: str, language: str = "de") -> list[str]:
    """Return the keys that a section loses; ``english`` are the texts that stand in English."""
    pieces = {text: ENGLISH.format(text) for text in english}
    stand_ins = tuple(StandIn(text, "en", (piece,)) for text, piece in pieces.items())
    for text, piece in pieces.items():
        before, after = before.replace(f"[{text}]", piece), after.replace(f"[{text}]", piece)
    section = RenderedSection(
        "a", after, stand_ins=stand_ins, sources=Sources(asked=("x", *english))
    )
    change = PageChange(
        base=PageBase("Plan/de", language),
        sections=(SectionChange("a", SectionState.CHANGED, before, after),),
    )
    return [each.key for each in losses.loss(change, [section]).lost]


@pytest.mark.parametrize(
    ("before", "after", "english", "keys"),
    [
        ("* Eins.\n* Zwei.", "* Eins.\n* [Two.]", ["Two."], ["Two."]),
        ("* Eins.\n* Zwei.", "* [One.]\n* [Two.]", ["One.", "Two."], ["One.", "Two."]),
        ("* Eins. (Ziel: Mai)", "* [One.] (Ziel: Mai)", ["One."], ["One."]),
        # A new text is no loss, nor one that was English before.
        ("* Eins.", "* Eins.\n* [Two.]", ["Two."], []),
        ("* Eins.", "* [Two.]\n* Eins.", ["Two."], []),
        ("* [Two, old.]", "* [Two.]", ["Two, old.", "Two."], []),
        ("* [Two.] (Ziel: Mai)", "* [Two.] (Ziel: Juni)", ["Two."], []),
        ("* Eins.\n* Zwei.", "* Eins.\n* Zwei, neu.", [], []),
        # What goes away for good is not replaced.
        ("* Eins.\n* Zwei.", "* Eins.", [], []),
    ],
)
def test_a_text_is_lost_where_words_of_the_language_give_way_to_english(
    before: str, after: str, english: list[str], keys: list[str]
):
    assert lost(before, after, *english) == keys
    frame = '<div lang="de" dir="ltr" class="mw-content-ltr">\n{}\n</div>'
    assert lost(frame.format(before), frame.format(after), *english) == keys


def test_a_paragraph_of_its_own_is_found_between_its_tags():
    english = '<div lang="en" dir="ltr" class="mw-content-ltr">\nOne.\n</div>'
    frame = '<div lang="de" dir="ltr" class="mw-content-ltr">\n{}\n</div>'
    section = RenderedSection(
        "a", "", stand_ins=(StandIn("one", "en", (english,)),), sources=Sources(asked=("one",))
    )
    before, after = frame.format("Eins."), frame.format(f"{english}\n\n''Hilf uebersetzen!''")
    change = PageChange(
        base=PageBase("Plan/de", "de"),
        sections=(SectionChange("a", SectionState.CHANGED, before, after),),
    )
    assert losses.loss(change, [section]) == losses.Loss((LostText("one", "en"),), 1)


def change_of(*keys: str, language: str = "de", instead: str = "en") -> PageChange:
    told = Told(lost=tuple(LostText(key, instead) for key in keys))
    return PageChange(base=PageBase(f"Plan/{language}", language), told=told)


def test_who_loses_what_is_told_once_for_all_languages():
    changes = (change_of("a", "b"), change_of("a", language="fr"))
    portuguese = change_of("a", language="pt-br", instead="pt")
    assert list(losses.sentences([*changes, portuguese])) == [
        "Readers of de, fr lose a: English shows instead.",
        "Readers of de lose b: English shows instead.",
        "Readers of pt-br lose a: the text in pt shows instead.",
    ]


def refused(count: int, of: int, most: int, *allowed: str) -> str:
    found = losses.Loss(tuple(LostText(f"k{n}", "en") for n in range(count)), of)
    try:
        losses.check_loss(change_of(), found, Limits(most_lost=most, allowed=allowed))
    except Refusal as refusal:
        return str(refusal)
    return ""


def test_more_than_the_limit_is_refused_and_one_text_always_may():
    assert refused(2, 10, 20) == refused(1, 1, 20) == refused(7, 10, 20, "lost") == ""
    assert refused(1, 10, 0)
    assert refused(7, 10, 20) == (
        "readers of de would lose 7 of the 10 texts that they have in their language (k0, k1, k2, "
        "k3, k4 and 2 more), more than the 20 % that pages.yaml allows (most-lost); look at "
        "data/locale/de.po, declare typos (`change: typo`), raise the limit, or say -allow:lost"
    )


GERMAN = {"a": "Satz eins.", "b": "Satz zwei.", "c": "Satz drei."}
ENTRIES = {"a": "Paths.", "b": "Roses.", "c": "Tools."}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A page of three sections that stands in English and in German."""
    write(tmp_path, ENTRIES)
    write_catalog(tmp_path, GERMAN)
    wiki = Folder(tmp_path / "wiki")
    people = FolderPeople(tmp_path / "wiki")
    for page in smallplan.compare(tmp_path, wiki).pages:
        people.edit(page.title, page.after)
    return tmp_path


def write(directory: Path, texts: Mapping[str, str], typos: str = "") -> None:
    page = {"Plan": "missing-page: create"}
    smallplan.write(directory, texts, page, "languages: [en, de]\n")
    for name in typos:
        with (directory / "data" / f"{name}.yaml").open("a") as file:
            file.write("  change: typo\n")


def write_catalog(directory: Path, german: Mapping[str, str]) -> None:
    locale = directory / "data" / "locale"
    locale.mkdir(exist_ok=True)
    entries = "".join(
        f'\nmsgctxt "{key}.body"\nmsgid "{ENTRIES[key]}"\nmsgstr "{text}"\n'
        for key, text in german.items()
    )
    (locale / "de.po").write_text(
        f'msgid ""\nmsgstr ""\n"X-Wikiplan-Entries: {len(german)}\\n"\n"Language: de\\n"\n'
        f'"Content-Type: text/plain; charset=UTF-8\\n"\n{entries}'
    )


def german(directory: Path) -> PageChange:
    return smallplan.compare(directory, Folder(directory / "wiki")).pages[1]


def test_an_english_text_that_changes_takes_its_translation_along(plan: Path):
    write(plan, ENTRIES | {"a": "Paths, new."})
    page = german(plan)
    assert (page.action, page.told.lost) == (Action.UPDATE, (LostText("a.body", "en"),))
    assert page.told.untranslated == ("a.body",)
    assert page.told.outdated == ()


def test_a_typo_keeps_the_translation(plan: Path):
    write(plan, ENTRIES | {"a": "Pathes."}, typos="a")
    assert german(plan).action is Action.NONE


def test_a_catalog_that_lost_its_texts_is_refused_by_the_limit(plan: Path):
    write_catalog(plan, dict.fromkeys(GERMAN, ""))
    page = german(plan)
    assert (page.action, page.told.code) == (Action.REFUSED, "loses-texts")
    assert page.told.reason.startswith(
        "readers of de would lose 3 of the 3 texts that they have in their language "
        "(a.body, b.body, c.body), more than the 20 % that pages.yaml allows (most-lost)"
    )

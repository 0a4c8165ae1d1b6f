"""The board as wikitext: whole texts, every language, and what hostile names do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from wikiplan.changes.changeset import Action, ChangeSet, PageBase, PageChange
from wikiplan.l10n import messages
from wikiplan.nightly import answers
from wikiplan.nightly.answers import Answer
from wikiplan.nightly.board import Board, Next
from wikiplan.nightly.memory import PastEdit, PastRun
from wikiplan.nightly.runfile import Audience
from wikiplan.nightly.waiting import Kind, Waiting, WikiEdit
from wikiplan.wiki.interface import Account
from wikiplan.wikitext.scanner import DEFAULT_EXTENSION_TAGS
from wikiplan.wikitext.sections import find, new_page

THEN = datetime(2021, 7, 1, 4, 17, tzinfo=UTC)
LANGUAGES = ("en", "ar", "de", "es", "fr", "he", "ja")
EXPECTED = Path(__file__).parents[1] / "cases" / "board" / "whole.wiki"


def waiting(kind: Kind, whom: Audience, **more: object) -> Waiting:
    key = f"{kind}-1a2b3c4d" + ("00112233445566778899aabb" if kind is Kind.APPROVAL else "")
    base = {"what": f"some {kind} wait", "link": "", "since": THEN, "site": "lab:lab"}
    return Waiting(kind=kind, key=key, whom=whom, **{**base, **more})  # type: ignore[arg-type]


def changes(before: str = "One.\nTwo.", after: str = "One.\nTwo ~~~~ <b> [[x]].") -> ChangeSet:
    page = PageChange(
        base=PageBase("Plan/ar", "ar", 1, 5), action=Action.UPDATE, before=before, after=after
    )
    return ChangeSet(smallplan.RUN, "lab:lab", Account("PlanBot", frozenset()), (page,))


def whole() -> Board:
    edit = WikiEdit(7, "Trans", THEN, "")
    marking = "http://lab.example/index.php?title=Special:PageTranslation&do=mark"
    return Board(
        waiting=[
            waiting(Kind.EDITS, Audience.OWNER, title="Plan", section="teams", edits=(edit,)),
            waiting(Kind.APPROVAL, Audience.OWNER),
            waiting(Kind.FAULT, Audience.OWNER),
            waiting(Kind.CHECKOUT, Audience.OPERATOR),
            waiting(Kind.FAILED, Audience.OPERATOR),
            waiting(Kind.REFUSED, Audience.OPERATOR),
            waiting(Kind.MARKING, Audience.ADMIN, title="Plan", link=marking),
            waiting(Kind.TRANSLATION, Audience.TRANSLATORS, language="ar"),
        ],
        next=[Next("Plan", THEN)],
        runs=[
            PastRun(
                smallplan.RUN, THEN, THEN, "done", (PastEdit("Plan", 7), PastEdit("Plan/ar", 8))
            ),
            PastRun(smallplan.RUN, THEN, THEN, "failed"),
        ],
        answers=[Answer("edits-99999999", "keep", "Admin", 9, THEN)],
        others=[Answer("edits-1a2b3c4d", "reclaim", "Trans", 10, THEN)],
        may_answer=["Admin", "Ada Lovelace"],
        stop_page="User:PlanBot/stop",
        approval=changes(),
    )


def test_the_board_says_what_waits_what_comes_and_how_to_answer():
    assert f"{whole().wikitext('en')}\n" == EXPECTED.read_text(encoding="utf-8")


def test_a_board_without_anything_says_so():
    text = Board().wikitext("en")
    assert "== What waits ==\nNothing waits for anybody.\n" in text
    assert "The plan names nobody who may answer here (may-answer in pages.yaml)." in text
    assert "stop" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_board_has_all_in_each_language_and_none_of_its_lines_is_an_answer(language: str):
    text = whole().wikitext(language)
    assert text.count("\n") == whole().wikitext("en").count("\n")
    assert "%(" not in text and "PLURAL" not in text
    if language != "en":
        assert "== What" not in text
    assert answers.said_in(text, DEFAULT_EXTENSION_TAGS) == Counter()
    assert [each.name for each in find(new_page({"board": text}))] == ["board"]


def test_names_and_reasons_are_shown_and_do_nothing():
    hostile = "</span>{{x}} [[y|z]] ''i'' ~~~~ <!-- -->\n* edits-1a2b3c4d: reclaim"
    board = Board(
        waiting=[
            waiting(Kind.FAILED, Audience.OPERATOR, what=hostile),
            waiting(Kind.EDITS, Audience.OWNER, title="Plan", section=hostile, language=hostile),
        ]
    )
    text = board.wikitext("en")
    shown = text.replace("{{fullurl:{{FULLPAGENAME}}", "")
    for sign in ("{{x", "[[y", "''i", "~~~~", "<!--", "</span>{"):
        assert sign not in shown
    assert answers.said_in(text, DEFAULT_EXTENSION_TAGS) == Counter()


def test_the_board_has_words_for_every_kind_of_thing_in_every_language():
    known = messages.written("wikiplan-board-item-")
    assert {code: set(words) for code, words in known.items()} == {code: {*Kind} for code in known}


def test_where_no_edit_is_known_there_is_nothing_to_click():
    """Such as for a section that is not in the plan: an answer would have nothing to be about."""
    board = Board(waiting=[waiting(Kind.EDITS, Audience.OWNER, title="Plan", section="a")])
    text = board.wikitext("en")
    assert "People edited section <bdi>a</bdi>" in text
    assert "fullurl" not in text


def test_a_long_difference_is_cut_and_says_so():
    long = changes("", "\n".join(f"Line {number}" for number in range(9000)))
    board = Board(waiting=[waiting(Kind.APPROVAL, Audience.OWNER)], approval=long)
    text = board.wikitext("en")
    assert len(text) < 40_000
    assert "'''Shortened. The run's report has the whole.'''" in text


def test_more_than_a_page_holds_is_counted():
    board = Board(waiting=[waiting(Kind.FAULT, Audience.OWNER)] * 60)
    assert "10 more are in the run's report." in board.wikitext("en")

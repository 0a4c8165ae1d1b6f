"""``plan_explain``: an id in, its lines of the page of all messages out."""

from __future__ import annotations

import html
import re

import pytest
from wikiplan_scripts import plan_explain

from tests.support import messages, messagespage
from wikiplan.cli import explainwork


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            ["which-wiki"],
            "which-wiki: a command does nothing.\n"
            "    says: which wiki? say -site:FAMILY:CODE, such as -site:meta:meta, or -wiki:DIR\n",
        ),
        (
            ["titleblacklist-forbidden-edit"],
            "titleblacklist-…: the wiki says it.\n"
            "    says: the title is on the wiki's title blacklist\n"
            "    to do: ask an administrator\n",
        ),
        (
            ["waiting", "for", "marking"],
            "waiting for marking: a translatable page is at this stage.\n"
            "    says: Its newest revision is not marked for translation yet.\n",
        ),
        (
            ["impossible-remains"],
            "impossible-remains: a check finds it.\n"
            "    says: is not what can remain\n"
            "    to do: write nothing, text, blank, {redirect: TITLE} or {marked: WIKITEXT}, such "
            "as {marked: '{{delete|replaced}}'}\n",
        ),
    ],
)
def test_an_id_is_explained(asked, told, capsys):
    assert plan_explain.main(*asked) == 0
    assert capsys.readouterr().out == told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], "say which id: plan_explain ID, such as drift [explain-what]\n"),
        (
            ["wich-wiki"],
            "wich-wiki: nothing has this id; did you mean “which-wiki”? [unknown-id]\n",
        ),
        (
            ["§"],
            "§: nothing has this id; it stands in brackets behind a message, and in reports as "
            "code or state [unknown-id]\n",
        ),
    ],
)
def test_what_is_no_id_is_told(asked, told, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["plan_explain", *asked])
    assert plan_explain.main() == 1
    assert capsys.readouterr().err == told


def test_all_that_is_told_can_be_looked_up_with_all_its_words():
    found = {}
    for each in explainwork.every(messagespage.page()):
        found.setdefault(each.id, []).append(each)
    for each in messagespage.shown():
        texts = {text for one in found[each.id] for text in (*one.says, *one.advice)}
        assert {*filter(None, (each.wrong, each.advice))} <= texts


def test_the_page_shows_signs_of_wikitext_as_they_are():
    row = next(each for each in messagespage.page().splitlines() if "`malformed-marker`" in each)
    assert "\\<!-- wikiplan:" in row and not re.search(r"(?<!\\)<!--", row)
    assert html.unescape(row) == row
    assert messages.GAP in row

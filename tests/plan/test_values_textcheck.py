"""The texts stand in tests/cases/textcheck: add lines there."""

from __future__ import annotations

from pathlib import Path

import pytest

from wikiplan.plan.values import text_messages

CASES = Path(__file__).parents[1] / "cases" / "textcheck"


def _lines(name: str) -> list[str]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]


def _typed(text: str) -> str:
    return text.strip(" ").replace("⏎", "\n").replace("⇥", "\t").replace("␣", " ")


@pytest.mark.parametrize("line", _lines("refused.txt"))
def test_a_refused_text_is_told_with_what_to_do(line: str) -> None:
    text, _, expected = line.partition("⇒")
    found = list(text_messages(_typed(text), one_line=False))
    assert " | ".join(found) == expected.strip()


@pytest.mark.parametrize("line", _lines("accepted.txt"))
def test_ordinary_wikitext_is_accepted(line: str) -> None:
    assert list(text_messages(_typed(line), one_line=False)) == []


def test_a_heading_or_list_item_has_one_line() -> None:
    assert list(text_messages("Roses\nand paths", one_line=True)) == [
        "holds a line break, which ends a heading or list item; write “>-” before the text"
    ]


def test_every_control_character_is_named_once() -> None:
    assert list(text_messages("a\x00b\x7fc\x00d\ufffee\U0001ffff", one_line=False)) == [
        "holds the control character U+0000, U+007F, U+FFFE, U+1FFFF; delete it"
    ]


def test_text_in_another_normal_form_is_refused() -> None:
    assert list(text_messages("cafe\u0301", one_line=False)) == [
        "is not in Unicode's normal form NFC, in which wikis store texts; type it anew"
    ]

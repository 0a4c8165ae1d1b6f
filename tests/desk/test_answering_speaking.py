"""The desk speaks the language that its reader chose, or the browser's first that it has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.support.desk import answering as answering_desk
from wikiplan.desk import answering
from wikiplan.desk.answering import Asked
from wikiplan.desk.desk import Desk

MESSAGES = Path(__file__).parents[2] / "scripts" / "i18n" / "wikiplan"
VALUE = re.compile(r"%\((\w+)\)([ds])")


@pytest.mark.parametrize(
    ("header", "query", "code"),
    [
        ("", {}, "en"),
        ("ar-EG,ar;q=0.9,en;q=0.5", {}, "ar"),
        ("sv, de;q=0.4, ja;q=0.8", {}, "ja"),
        ("de;q=0, he", {}, "he"),
        ("DE-at", {}, "de"),
        ("de", {"words": "fr"}, "fr"),
        ("de", {"words": "../en"}, "de"),
        ("*;q=0.1, \x00, ;;;, de;q=x, es;q=1.000", {}, "es"),
        ("sv," * 10_000 + "de", {}, "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_dearest_that_there_is(
    header: str, query: dict[str, str], code: str
):
    assert answering.language_of(Asked(query, speaks=header)) == code


def test_a_form_keeps_the_language_that_was_chosen():
    asked = Asked({}, form={"words": "ja"}, speaks="de")
    values = answering.values_for(asked)
    assert values["spoken"].code == "ja"
    assert values["to"]("translations", language="de") == "translations?language=de&words=ja"
    assert answering.values_for(Asked({}, speaks="ar"))["to"]("status") == "status"


@pytest.mark.parametrize("code", [each for each in answering.spoken() if each != "en"])
def test_every_language_has_all_words_with_the_same_values(code: str):
    english, other, explained = (
        json.loads((MESSAGES / f"{each}.json").read_text(encoding="utf-8"))
        for each in ("en", code, "qqq")
    )
    keys = {key for key in english if key.startswith(answering.PREFIX)}
    assert keys == {key for key in other if key.startswith(answering.PREFIX)}
    assert keys <= explained.keys()
    for key in keys:
        assert sorted(VALUE.findall(other[key])) == sorted(VALUE.findall(english[key])), key


@pytest.mark.parametrize("code", answering.spoken())
def test_the_navigation_speaks_it(code: str, open_desk: Callable[..., Desk]):
    with answering_desk(open_desk()) as address:
        here = requests.get(f"{address}translations?words={code}").text
        english = requests.get(address).text
    (shown, plain) = (re.findall(r"<li><a [^>]*>(.*?)</a>", each) for each in (here, english))
    messages = json.loads((MESSAGES / f"{code}.json").read_text(encoding="utf-8"))
    spoken = {messages[f"{answering.PREFIX}{each}"] for each in answering.PLACES.values()}
    assert len(shown) == len(plain) == len(spoken) and set(shown) == spoken
    assert (code == "en") == (set(shown) == set(plain))


def test_every_word_that_a_template_says_is_there():
    english = json.loads((MESSAGES / "en.json").read_text(encoding="utf-8"))
    templates = Path(__file__).parents[2] / "templates" / "pages" / "desk"
    said = {
        key
        for path in templates.glob("*.html")
        for key in re.findall(r'\bsay\("([a-z-]+)"[,)]', path.read_text(encoding="utf-8"))
    }
    assert len(said) > 50
    assert {key for key in said if f"{answering.PREFIX}{key}" not in english} == set()

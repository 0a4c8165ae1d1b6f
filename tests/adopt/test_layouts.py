"""Layouts: lines of a template with names for what varies, read from sections."""

from __future__ import annotations

from wikiplan.adopt import layouts
from wikiplan.adopt.layouts import Each, Either, Layout, Line, Maybe

PLAN: Layout = (
    Line("== {heading} =="),
    Either(((Line("<ul{_}>"),), (Line("{intro}"), Line("<ul{_}>")))),
    Each("cards", (Line("<li{_}>{name}</li>"), Maybe((Line("<div>{role}</div>"),)))),
    Line("</ul>"),
)
ENGLISH = """\
== People ==

<ul class="x">
<li style="margin:0">Ada</li>
<div>Head</div>
<li>Bo</li>
</ul>
"""
GERMAN = ENGLISH.replace("People", "Menschen").replace("Head", "Leiterin")


def test_what_varies_is_told_in_all_languages():
    told, others = layouts.read(PLAN, {"en": ENGLISH, "de": GERMAN}, "en") or (None, ())
    assert told is not None and others == ()
    assert told.texts("heading") == {"en": "People", "de": "Menschen"}
    cards = list(told.each("cards"))
    assert [card.source("name") for card in cards] == ["Ada", "Bo"]
    assert ["role" in card for card in cards] == [True, False]
    assert cards[0].texts("role") == {"en": "Head", "de": "Leiterin"}


def test_lines_that_may_be_there_are_told_where_they_are():
    told, _ = layouts.read(PLAN, {"en": ENGLISH.replace("<ul", "We are few.\n<ul")}, "en") or (
        None,
        (),
    )
    assert told is not None and told.source("intro") == "We are few."


def test_a_language_with_other_lines_is_left_out_and_named():
    texts = {"en": ENGLISH, "de": GERMAN.replace("</ul>", "Noch eine Zeile.\n</ul>")}
    told, others = layouts.read(PLAN, texts, "en") or (None, ())
    assert told is not None and others == ("de",)
    assert told.texts("heading") == {"en": "People"}


def test_a_language_with_fewer_items_has_no_part_in_them():
    texts = {"en": ENGLISH, "de": GERMAN.replace("<li>Bo</li>\n", "")}
    told, others = layouts.read(PLAN, texts, "en") or (None, ())
    assert told is not None and others == ()
    assert told.texts("heading") == {"en": "People", "de": "Menschen"}
    assert next(told.each("cards")).texts("name") == {"en": "Ada"}


def test_a_note_on_the_translation_is_none_of_the_lines():
    texts = {"en": ENGLISH, "de": f"{GERMAN}\n''Noch nicht alles ist übersetzt.''\n"}
    assert (layouts.read(PLAN, texts, "en") or (None, ("de",)))[1] == ()


def test_a_source_with_other_lines_is_not_of_the_layout():
    assert layouts.read(PLAN, {"en": "== People ==\n\nNobody.", "de": GERMAN}, "en") is None
    assert layouts.read(PLAN, {"en": f"{ENGLISH}More.\n"}, "en") is None

"""Who translated: whom catalogs, summaries and commits name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.syncmodel import Desk
from wikiplan.catalogs.catalog import Catalog
from wikiplan.catalogs.exchange import digest
from wikiplan.plan.plan import Credit
from wikiplan.sync.credit import (
    KnownTranslators,
    Translator,
    credited,
    state_in_header,
    translator_in,
    translator_of,
)
from wikiplan.sync.lastseen import LastSeen, LastSeenFile

NOON = datetime(2021, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2021, 7, 2, 12, tzinfo=UTC)
ADA = Translator("Ada G", "Ada Green", "ada@example.org")
CREDIT = Credit({"Ada_G": "Ada Green <ada@example.org>", "Ben": "Ben Brook"}, ("Carl", "dora x"))


def test_an_account_is_named_as_the_plan_says_or_as_it_is():
    assert translator_of("Ada_G", CREDIT) == ADA
    assert translator_of("Emil", CREDIT) == Translator("Emil")


@pytest.mark.parametrize("account", ["", "Carl", "Dora_x", "192.0.2.1", "2001:DB8::1"])
def test_who_asked_for_it_and_an_address_are_not_named(account: str):
    assert translator_of(account, CREDIT) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Ada Green <green@example.com>", ADA),
        ("Ada Green (User:Ada G)", ADA),
        ("User:Ben", Translator("Ben", "Ben Brook")),
        ("Emil E. <emil@example.org>", Translator("", "Emil E.")),
        ("Emil E. (User:Emil)", Translator("Emil")),
        ("emil@example.org", None),
        ("<emil@example.org>", None),
        ("FULL NAME <EMAIL@ADDRESS>", None),
        ("Anonymous <noreply@weblate.org>", None),
        ("Carl (User:Carl)", None),
        ("", None),
    ],
)
def test_a_header_names_a_person_without_an_address(header: str, expected: Translator | None):
    assert translator_in(header, CREDIT) == expected


def test_a_translator_is_written_for_summaries_headers_and_commits():
    assert (str(ADA), ADA.linked, ADA.co_author) == (
        "Ada Green (User:Ada G)",
        "[[User:Ada G|Ada Green]]",
        "Ada Green <ada@example.org>",
    )
    emil = Translator("Emil")
    assert (str(emil), emil.linked, emil.co_author) == (
        "User:Emil",
        "[[User:Emil|Emil]]",
        "Emil <User:Emil>",
    )
    assert Translator("", "]] {{x}} [[Emil").linked == "x Emil"


def test_each_translator_is_credited_with_what_he_brought_and_nobody_else():
    texts = [("a", "Ada G", NOON), ("b", "Carl", LATER), ("c", "Ada G", LATER), ("a", "Ben", None)]
    found = [*credited("ar", texts, CREDIT)]
    assert [(each.translator.account, each.keys, each.time) for each in found] == [
        ("Ada G", ("a", "c"), LATER),
        ("Ben", ("a",), None),
    ]
    assert found[0].as_dict() == {
        "lang": "ar", "account": "Ada G", "name": "Ada Green", "texts": ["a", "c"],
    }  # fmt: skip


def header(catalog: Catalog) -> tuple[str, str]:
    fields = catalog.header
    return fields.get("last-translator", ""), fields.get("po-revision-date", "")


def test_a_header_names_who_translated_last_unless_it_names_somebody_since():
    catalog = Catalog.create(Path("ar.po"))
    state_in_header(catalog, credited("ar", [("a", "Ada G", NOON)], CREDIT))
    assert header(catalog) == ("Ada Green (User:Ada G)", "2021-07-01 12:00+0000")
    catalog.take_header({"Last-Translator": "Emil", "PO-Revision-Date": "2021-07-03 12:00+0200"})
    state_in_header(catalog, credited("ar", [("a", "Ben", LATER)], CREDIT))
    assert header(catalog) == ("Emil", "2021-07-03 12:00+0200")
    state_in_header(catalog, credited("ar", [("a", "Carl", LATER)], CREDIT))
    assert header(catalog)[0] == "Emil"


def test_a_text_is_its_translators_where_a_sync_saw_it_and_else_the_catalogs():
    base = LastSeenFile(Path("ar.json"), None)
    text = digest("نص")
    base.set("P/a", LastSeen(text, text, translator="Ada G", time="2021-07-01T12:00:07Z"))
    base.set("P/b", LastSeen(digest("x"), digest("x"), translator="PlanBot"))
    catalog = Catalog.create(Path("ar.po"))
    catalog.take_header({"Last-Translator": "Emil E.", "PO-Revision-Date": "2021-07-04 09:00+0200"})
    known = KnownTranslators(catalog, base, CREDIT, "PlanBot")
    assert (known.of(text), known.of(digest("x")), known.of(digest("y"))) == (ADA, None, None)
    assert known.last == Translator("", "Emil E.")
    catalog = Catalog.create(Path("ar.po"))
    state_in_header(catalog, credited("ar", [("a", "Ada G", NOON)], CREDIT))
    assert KnownTranslators(catalog, base, CREDIT, "PlanBot").last is None, "the pull wrote it"


def test_a_pull_notes_who_and_when_but_nobody_who_asked_not_to_be_named():
    desk = Desk({"a": "one.text", "b": "two.text"})
    desk.wiki.write("a", "نص", "Trans")
    desk.wiki.write("b", "آخر", "Carl")
    desk.credit = CREDIT
    desk.wiki.written = NOON
    desk.pull()
    seen = {place: (row.translator, row.time) for place, row in desk.base.places.items()}
    assert seen == {
        "Plan/a": ("Trans", "2021-07-01T12:00:00Z"),
        "Plan/b": ("", "2021-07-01T12:00:00Z"),
    }


def test_who_asks_not_to_be_named_is_forgotten():
    base = LastSeenFile(Path("ar.json"), None)
    base.set("P/a", LastSeen("x", "x", translator="Ada"))
    base.set("P/b", LastSeen("y", "y", translator="Carl"))
    base.forget(("Carl",))
    assert "Carl" not in base.text() and "Ada" in base.text()

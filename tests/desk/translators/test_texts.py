"""The texts of a language: which there are, in what order, and where they are translated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.support.desktranslator import emptied
from wikiplan.desk.desk import Desk
from wikiplan.desk.translators.texts import Texts
from wikiplan.errors import WikiplanError
from wikiplan.wiki.interface import Wiki

HEADING = "department.mission-heading"
POLICY = "priorities-2020-2021.trust-and-safety.policy"


def test_texts_stand_as_readers_see_them_and_those_for_other_days_behind(
    open_desk: Callable[..., Desk],
):
    found = Texts(open_desk()).of("de")
    counting = [each.key for each in found.texts if each.counts]
    assert counting[:3] == ["department.overview", "labels.untranslated", HEADING]
    assert [each.counts for each in found.texts] == [True] * 51 + [False] * 29
    assert found.tally.total == len(counting)


def test_the_next_text_is_the_next_that_wants_a_translation(
    directory: Path, open_desk: Callable[..., Desk]
):
    for key in (HEADING, POLICY):
        emptied(directory / "data" / "locale" / "de.po", key)
    found = Texts(open_desk()).of("de")
    follows = [found.after(key) for key in ("department.overview", HEADING, POLICY, "gone")]
    assert [each and each.key for each in follows] == [HEADING, POLICY, HEADING, HEADING]
    emptied(directory / "data" / "locale" / "ar.po", HEADING)
    assert Texts(open_desk()).of("ar").after(HEADING) is None


def test_a_language_is_looked_through_again_only_where_a_file_is_another(
    directory: Path, open_desk: Callable[..., Desk]
):
    texts = Texts(open_desk())
    first = texts.of("de")
    assert texts.of("de") is first
    emptied(directory / "data" / "locale" / "de.po", HEADING)
    second = texts.of("de")
    assert second is not first and second.tally.untranslated == 1


def test_what_there_is_not_is_told(open_desk: Callable[..., Desk]):
    texts = Texts(open_desk())
    with pytest.raises(WikiplanError, match="no translations into “en”; there are ar, de"):
        texts.of("en")
    with pytest.raises(WikiplanError, match=r"the plan has no text “labels\.note”"):
        texts.text("de", "labels.note")


@pytest.mark.wiki
def test_on_a_wiki_each_text_leads_to_where_it_is_translated(
    directory: Path, open_desk: Callable[..., Desk], site_of: Callable[[], Wiki]
):
    pages = directory / "data" / "pages.yaml"
    text = pages.read_text(encoding="utf-8")
    pages.write_text(text.replace("kind: plain", "kind: translatable", 1), encoding="utf-8")
    found = Texts(open_desk(site_of())).of("de")
    unit = parse_qs(urlsplit(found.by_key[HEADING].address).query)
    assert unit["title"] == ["Special:Translate"] and unit["language"] == ["de"]
    assert unit["showMessage"] == [f"Community_Resilience_and_Sustainability/{HEADING}"]
    every = {unquote(each.address) for each in found.by_key.values()} - {""}
    plain = [each for each in every if "Special:Translate" not in each]
    assert plain and [each for each in plain if "/de#" not in f"{each}#"] == []

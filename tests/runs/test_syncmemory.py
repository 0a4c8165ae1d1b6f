"""What commands that read translations ask a real wiki where nothing, or little, has happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.runs.test_sync import Desk
from tests.support.running import Done, script
from tests.support.translatelab import TranslateWiki

pytestmark = [pytest.mark.wiki, pytest.mark.translate]

FEW, MANY = ("ar", "de"), ("ar", "de", "es", "fr", "he", "it", "ja", "ko", "nl", "pl", "ru", "tr")
WORDS = (("status",), ("pull",), ("push", "-always"))
MOST_REQUESTS = 4
WAITS = 3


@pytest.fixture
def desk(
    translate_wiki: TranslateWiki, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str
) -> Desk:
    if not translate_wiki.marks_through_api:
        pytest.skip("1.39 makes translations current without a trace: nothing is remembered")
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Desk(tmp_path, title, translate_wiki)


def fill(desk: Desk, languages: tuple[str, ...]) -> None:
    """Translate the page into languages, and bring that into the catalogs."""
    pages = desk.directory / "data" / "pages.yaml"
    chosen = f"languages: [en, {', '.join(languages)}]"
    pages.write_text(pages.read_text().replace("languages: [en, ar, de]", chosen))
    desk.publish()
    desk.lab.fill_translations(desk.title, ["policy.body", "readers.body"], languages)
    desk.lab.age_changes()
    for word in WORDS:
        assert desk.run(*word).status == 0


def asked(desk: Desk, *arguments: str, status: int = 0) -> int:
    """Return how many requests a run sends."""
    with desk.lab.log() as log:
        done = desk.run(*arguments)
    assert done.status == status, done.out + done.err
    assert done.report["requests"] == len(log.read())
    return len(log.requests)


def memory(desk: Desk) -> Path:
    (found,) = (desk.directory / "state" / "wikiplan").glob("*.translations")
    return found


def figures(done: Done) -> Any:
    """Return what a run found out, without its own id, times and costs."""
    return [done.report.get(part) for part in ("progress", "catalogs", "outcome")]


@pytest.mark.parametrize("languages", [FEW, MANY], ids=len)
def test_where_nothing_happened_a_run_costs_four_requests_however_many_languages(
    desk: Desk, languages: tuple[str, ...]
):
    fill(desk, languages)
    found = {word: asked(desk, *word) for word in WORDS}
    assert found == dict.fromkeys(WORDS, MOST_REQUESTS)


def test_where_one_language_changed_only_that_one_is_asked(desk: Desk):
    fill(desk, MANY)
    desk.translate({"policy.body": "Neu."}, "de")
    assert asked(desk, "status") == MOST_REQUESTS + 2, "the page's counts, and German"
    desk.lab.age_changes()
    assert asked(desk, "pull") == MOST_REQUESTS
    assert desk.texts("de")["policy.body"] == "Neu."


def test_a_page_that_waits_for_its_marking_costs_no_more(desk: Desk):
    fill(desk, FEW)
    desk.english("policy", "simple", "short")
    updated = script("plan_update", "-always", "-allow:outdated", directory=desk.directory)
    assert updated.status == WAITS
    desk.lab.age_changes()
    desk.run("status")
    assert asked(desk, "status", status=WAITS) == MOST_REQUESTS


def test_a_chosen_language_alone_is_asked(desk: Desk):
    fill(desk, MANY)
    memory(desk).unlink()
    everything = asked(desk, "status")
    memory(desk).unlink()
    assert everything - asked(desk, "status", "-language:de") == len(MANY) - 1


def test_without_what_was_remembered_the_same_is_found(desk: Desk):
    fill(desk, FEW)
    for word in WORDS:
        known = desk.run(*word)
        kept = memory(desk).read_bytes()
        memory(desk).unlink()
        anew = desk.run(*word)
        assert figures(known) == figures(anew)
        assert known.report["requests"] == MOST_REQUESTS < anew.report["requests"]
        full = desk.run(*word, "-full")
        assert figures(full) == figures(known)
        assert full.report["requests"] == anew.report["requests"]
        memory(desk).write_bytes(kept)


def test_a_rehearsal_keeps_nothing(desk: Desk):
    fill(desk, FEW)
    before = memory(desk).read_bytes()
    desk.translate({"policy.body": "Neu."}, "de")
    for word in ("pull", "push"):
        desk.run(word, "-simulate")
        assert memory(desk).read_bytes() == before

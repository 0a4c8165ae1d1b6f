"""The work of a pull and a push, on a folder wiki; with Translate it is in runs/test_sync.py.

A folder marks no page, so here it is seen what is chosen, refused, and left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople
from tests.support.scriptrun import OwnRun
from wikiplan.cli import syncwork
from wikiplan.errors import WikiplanError
from wikiplan.session import loading, session
from wikiplan.session.options import Side
from wikiplan.session.session import Session
from wikiplan.sync.lastseen import LastSeen

PAGES = {"Marked": "kind: translatable", "Plain": "missing-page: create"}


@pytest.fixture
def own(tmp_path: Path) -> OwnRun:
    """A plan of a translatable and a plain page in three languages."""
    smallplan.write(tmp_path, {"a": "Text."}, PAGES, "languages: [en, ar, de]\n")
    FolderPeople(tmp_path / "wiki").edit("Marked", "Above.")
    return OwnRun(tmp_path)


@contextmanager
def opened(own: OwnRun, **options: Any) -> Iterator[Session]:
    run = own.run(**options)
    loaded = loading.load(run.options, texts=False)
    with session.with_plan(run, loaded, loaded.plan.site) as work:
        yield work


def files(own: OwnRun) -> list[str]:
    return sorted(path.name for path in (own.directory / "data").rglob("*") if path.is_file())


def test_pages_and_languages_are_chosen_and_the_source_is_none_of_them(own: OwnRun):
    with opened(own) as work:
        sync = syncwork.opened_sync(work)
    assert list(sync.shelves) == ["ar", "de"]
    assert [target.title for target in sync.translatable] == ["Marked"]
    assert {target.page.title for target in sync.plain} == {"Plain"}


def test_a_language_is_chosen_among_the_catalogs_and_not_among_the_pages(own: OwnRun):
    with opened(own, language=("de",)) as work:
        sync = syncwork.opened_sync(work)
    assert list(sync.shelves) == ["de"]
    assert [target.title for target in sync.translatable] == ["Marked"]


def test_a_language_that_the_plan_has_not_is_told(own: OwnRun):
    with pytest.raises(WikiplanError, match="-language:fr"), opened(own, language=("fr",)):
        pass


def test_what_only_an_update_changes_in_a_catalog_is_no_reason_to_write(own: OwnRun):
    with opened(own) as work:
        sync = syncwork.opened_sync(work)
        assert all(shelf.catalog.keys for shelf in sync.shelves.values())
        assert sync.write_files() == {"ar": [], "de": []}
    assert not (own.directory / "data" / "locale").exists()


@pytest.mark.parametrize("simulate", [False, True])
def test_what_changed_is_written_with_its_file_told_and_a_rehearsal_tells_it_only(
    simulate: bool, own: OwnRun
):
    with opened(own, simulate=simulate) as work:
        sync = syncwork.opened_sync(work)
        sync.shelves["de"].catalog.set(work.plan.units["a.body"], "Ein Text.")
        path = own.directory / "data" / "locale" / "de.po"
        assert sync.write_files() == {"ar": [], "de": [str(path)]}
    assert path.exists() is not simulate


def test_a_file_of_what_was_last_seen_that_cannot_be_read_is_told(own: OwnRun):
    seen = own.directory / "data" / "locale" / "synced" / "ar.json"
    seen.parent.mkdir(parents=True)
    seen.write_text("{")
    with opened(own) as work:
        syncwork.opened_sync(work)
    assert own.said == [
        f"{seen} cannot be read and counts as empty: texts that differ are conflicts."
    ]


@pytest.mark.parametrize("do", [syncwork.pull, syncwork.push])
def test_a_page_that_is_not_marked_yet_is_told_and_nothing_is_written(do: Any, own: OwnRun):
    before = files(own)
    with opened(own, always=True) as work:
        do(work)
    assert "Marked: not marked for translation yet." in "\n".join(own.said).replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert own.said[-2:] == ["ar: nothing to do", "de: nothing to do"]
    assert [(each["lang"], each["written"]) for each in work.report.catalogs] == [
        ("ar", False), ("de", False),
    ]  # fmt: skip
    assert files(own) == before
    assert work.report.result() == "nothing"


def test_a_push_of_texts_to_a_page_that_nobody_marked_waits(own: OwnRun):
    with opened(own, always=True) as work:
        sync = syncwork.opened_sync(work)
        sync.shelves["de"].catalog.set(work.plan.units["a.body"], "Ein Text.")
        sync.write_files()
        syncwork.push(work)
    assert work.report.result() == "waiting"


def test_a_push_of_a_catalog_that_vanished_is_refused(own: OwnRun):
    with opened(own, always=True) as work:
        shelf = syncwork.opened_sync(work).shelves["de"]
        shelf.base.set("Marked/a.body", LastSeen("0a", "0a", "0b", current=True))
        syncwork.catalog.write([change] if (change := shelf.base.prepared()) else [])
        with pytest.raises(WikiplanError) as refused:
            syncwork.push(work)
    path = own.directory / "data" / "locale" / "de.po"
    assert str(refused.value) == (
        f"{path}: is missing, and was there when it was last in step with the wiki; bring it back, "
        "or say pull to take the wiki's texts; nothing was pushed"
    )


def test_a_push_says_who_writes_plain_pages(own: OwnRun):
    with opened(own) as work:
        syncwork.push(work)
    assert own.said[0] == syncwork.PLAIN_PUSH


def test_a_push_takes_nothing_from_the_wiki(own: OwnRun):
    with opened(own, take=Side.WIKI) as work, pytest.raises(WikiplanError) as refused:
        syncwork.push(work)
    assert str(refused.value) == syncwork.TAKES_NOTHING

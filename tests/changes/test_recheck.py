"""A saved change set, looked at again: it is applied as reviewed, or the report says why not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.people import FolderPeople, Place
from wikiplan.changes import changefile
from wikiplan.changes.apply import Application
from wikiplan.changes.changefile import SavedSet
from wikiplan.changes.changeset import Action, ChangeSet, PageChange
from wikiplan.changes.recheck import recheck_saved
from wikiplan.errors import Stop
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Account, Wiki

MADE = datetime(2021, 7, 1, 12, tzinfo=UTC)
PAIRS = """\
People's text
<!-- wikiplan:begin a -->
<!-- wikiplan:end a -->
between
<!-- wikiplan:begin b -->
<!-- wikiplan:end b -->
after"""
TEXTS = {"a": "Text of a.", "b": "Text of b."}


def preview(directory: Path, wiki: Wiki) -> SavedSet:
    """Make a preview, save it, and read it again."""
    path = changefile.write(directory / "out", smallplan.compare(directory, wiki), MADE, "")
    return changefile.read(path)


def apply(saved: SavedSet, wiki: Wiki) -> tuple[ChangeSet, dict[str, Action]]:
    """Look again and apply; returns the change set and what became of each page in the end."""
    changes = recheck_saved(saved, wiki, summarise)
    outcomes = Application(changes, wiki, sleep=lambda seconds: None).run()
    return changes, {page.title: page.action for page in changes.pages} | {
        outcome.change.title: outcome.action for outcome in outcomes
    }


def summarise(change: PageChange) -> str:
    names = " ".join(section.name for section in change.sections if section.after)
    return f"only {names} [run {smallplan.RUN}]"


@pytest.fixture
def pages(title: str) -> list[str]:
    return [f"{title} {number}" for number in range(1, 4)]


@pytest.fixture
def saved(tmp_path: Path, place: Place, pages: list[str]) -> SavedSet:
    """The saved preview of three pages of people, each with two empty sections."""
    smallplan.write(tmp_path, TEXTS, dict.fromkeys(pages, ""))
    for page in pages:
        place.people.edit(page, PAIRS)
    return preview(tmp_path, place.wiki)


def only(saved: SavedSet, *picks: str) -> SavedSet:
    return changefile.pick(saved, picks)


def filled(*names: str) -> str:
    """The page with some of its sections filled."""
    text = PAIRS
    for name in names:
        digest = changefile.digest(TEXTS[name])[:16]
        text = text.replace(
            f"begin {name} -->\n", f"begin {name} | sha256:{digest} -->\n{TEXTS[name]}\n"
        )
    return text


def test_what_was_saved_is_applied_to_the_byte_and_a_second_time_edits_nothing(place, pages, saved):
    changes, actions = apply(saved, place.wiki)
    assert actions == dict.fromkeys(pages, Action.UPDATE)
    assert changes.run == saved.run == smallplan.RUN
    for page, each in zip(pages, saved.pages, strict=True):
        assert place.people.text(page) == filled("a", "b")
        assert changefile.digest(place.people.text(page)) == each.after_sha256
    heads = place.wiki.heads(pages)

    changes, actions = apply(saved, place.wiki)
    assert actions == dict.fromkeys(pages, Action.NONE)
    assert place.wiki.heads(pages) == heads
    assert changes.pages[0].told.reason == (
        f"done already: revision {heads[pages[0]].number} by {heads[pages[0]].user} "
        "has these sections"
    )


def test_some_sections_of_some_pages_can_be_applied(place, pages, saved):
    first, second, third = pages
    changes, actions = apply(only(saved, first, f"{second}#b"), place.wiki)
    assert actions == {first: Action.UPDATE, second: Action.UPDATE}
    assert place.people.text(first) == filled("a", "b")
    assert place.people.text(second) == filled("b")
    assert place.people.text(third) == PAIRS
    assert [page.told.summary for page in changes.pages] == [
        f"update [run {smallplan.RUN}]",
        f"only b [run {smallplan.RUN}]",
    ]


def test_the_rest_of_a_page_needs_a_new_preview(tmp_path, place, pages, saved):
    first = pages[0]
    apply(only(saved, f"{first}#b"), place.wiki)
    changes, actions = apply(only(saved, first), place.wiki)
    assert actions == {first: Action.CONFLICT}
    assert changes.pages[0].told.reason.endswith(
        f"(only b [run {smallplan.RUN}]): made by this change set; left alone; make a new preview"
    )
    _, actions = apply(only(preview(tmp_path, place.wiki), first), place.wiki)
    assert (actions, place.people.text(first)) == ({first: Action.UPDATE}, filled("a", "b"))


def test_a_page_that_moved_since_is_told_with_its_revisions_and_what_they_changed(
    place, pages, saved
):
    first, second, third = pages
    base = place.wiki.heads([first])[first].number
    place.people.edit(first, f"{PAIRS}, and more")
    outside = place.wiki.heads([first])[first]
    inside = PAIRS.replace("begin a -->", "begin a -->\nA person's line.")
    place.people.edit(second, inside)
    changes, actions = apply(saved, place.wiki)
    assert actions == {first: Action.CONFLICT, second: Action.CONFLICT, third: Action.UPDATE}
    assert (place.people.text(first), place.people.text(second)) == (f"{PAIRS}, and more", inside)

    moved, touched, _ = changes.pages
    assert moved.told.reason.startswith(
        f"the page was changed since revision {base} was compared; "
        f"revision {outside.number} by {outside.user} at 20"
    )
    assert moved.told.reason.endswith(
        "): did not touch a managed section; left alone; make a new preview"
    )
    assert [
        (each.revision.number, each.revision.user, each.sections) for each in moved.told.since
    ] == [(outside.number, outside.user, {})]
    assert "): changed section a; left alone" in touched.told.reason
    assert [each.sections for each in touched.told.since] == [{"a": ("", "A person's line.")}]


def test_a_deleted_and_a_moved_page_are_told(place, pages, saved):
    first, second, third = pages
    place.people.delete(first)
    place.people.move(second, f"{second} elsewhere")
    changes, actions = apply(saved, place.wiki)
    assert actions == {first: Action.CONFLICT, second: Action.CONFLICT, third: Action.UPDATE}
    assert changes.pages[0].told.reason.startswith(
        "the page was deleted, or moved without a redirect, since revision "
    )
    assert place.people.text(f"{second} elsewhere") == PAIRS


def test_a_page_that_somebody_created_meanwhile_is_told(tmp_path, place, title):
    smallplan.write(tmp_path, TEXTS, {title: "missing-page: create"})
    saved = preview(tmp_path, place.wiki)
    place.people.edit(title, "Mine.")
    changes, actions = apply(saved, place.wiki)
    assert (actions, place.people.text(title)) == ({title: Action.CONFLICT}, "Mine.")
    assert changes.pages[0].told.reason.startswith(
        "the page was created since it was compared; revision "
    )


def test_new_pages_and_new_sections_are_made_as_previewed_also_in_part(tmp_path, place, title):
    entries = {f"{title} new": "missing-page: create", f"{title} old": "missing-section: top"}
    smallplan.write(tmp_path, TEXTS, entries)
    place.people.edit(f"{title} old", "Text.")
    saved = preview(tmp_path, place.wiki)
    _, actions = apply(only(saved, f"{title} new#b", f"{title} old#a"), place.wiki)
    assert actions == {f"{title} new": Action.CREATE, f"{title} old": Action.UPDATE}
    new, old = (place.people.text(page) for page in entries)
    assert ("Text of a." in new, "Text of b." in new) == (False, True)
    assert ("Text of a." in old, "Text of b." in old) == (True, False)


def test_markers_that_were_damaged_since_are_told(place, pages, saved):
    place.people.edit(pages[0], PAIRS.replace("<!-- wikiplan:end a -->\n", ""))
    changes, actions = apply(only(saved, pages[0]), place.wiki)
    assert actions == {pages[0]: Action.CONFLICT}
    assert "its sections cannot be read (section " in changes.pages[0].told.reason


def test_many_revisions_are_counted(tmp_path: Path):
    folder, people = Folder(tmp_path / "wiki"), FolderPeople(tmp_path / "wiki")
    smallplan.write(tmp_path, TEXTS)
    people.edit("Plan", PAIRS)
    saved = preview(tmp_path, folder)
    place = Place(folder, people)
    for number in range(12):
        place.save("Plan", f"{PAIRS} {number}")
    (page,) = recheck_saved(saved, folder, summarise).pages
    assert len(page.told.since) == 10
    assert "; 2 older revisions besides; left alone" in page.told.reason


def test_nobots_and_a_wiki_that_would_store_other_text_are_looked_for_again(tmp_path: Path):
    folder = Folder(tmp_path / "wiki")
    smallplan.write(tmp_path, TEXTS, {"Plan": "missing-page: create"})
    (page,) = recheck_saved(
        preview(tmp_path, folder), Substitutes(folder.directory), summarise
    ).pages
    assert (page.action, page.told.code) == (Action.REFUSED, "unstable-text")


class Substitutes(Folder):
    """A folder that expands what looks like a substitution."""

    def stored(self, title: str, text: str) -> str:
        return text.replace("Text of b.", "Something else.")


class Renamed(Folder):
    """The same folder under another name."""

    @property
    def name(self) -> str:
        return "folder:other"


def test_another_site_or_account_is_refused(tmp_path: Path):
    folder = Folder(tmp_path / "wiki")
    smallplan.write(tmp_path, TEXTS, {"Plan": "missing-page: create"})
    saved = preview(tmp_path, folder)
    with pytest.raises(Stop) as stopped:
        recheck_saved(saved, Renamed(folder.directory), summarise)
    assert str(stopped.value) == (
        "the change set is for folder:wiki, and this is folder:other; nothing was done; "
        "apply it there, or make a preview of this site"
    )


@pytest.mark.wiki
def test_another_account_is_refused(tmp_path, mediawiki, site_of, title):
    mediawiki.edit(title, PAIRS)
    smallplan.write(tmp_path, TEXTS, {title: ""})
    saved = preview(tmp_path, site_of())
    with pytest.raises(Stop) as stopped:
        recheck_saved(saved, site_of("Trans"), summarise)
    assert str(stopped.value) == (
        "the change set is for the account PlanBot, and this is Trans; nothing was done; "
        "say -user:PlanBot, or make a preview as Trans"
    )
    assert mediawiki.text(title) == PAIRS


def test_another_wiki_of_the_same_name_is_refused(tmp_path: Path):
    smallplan.write(tmp_path, TEXTS)
    FolderPeople(tmp_path / "wiki").edit("Plan", PAIRS)
    saved = preview(tmp_path, Folder(tmp_path / "wiki"))
    (page,) = recheck_saved(saved, Forgets(tmp_path / "wiki"), summarise).pages
    assert (page.action, page.told.code) == (Action.REFUSED, "other-text")


class Forgets(Folder):
    """A folder that has another text under each revision number."""

    def read(self, titles):
        from wikiplan.value import replace

        return {title: replace(r, text=f"{r.text}!") for title, r in super().read(titles).items()}


def test_a_translatable_page_is_applied_with_what_people_added(tmp_path: Path):
    folder, people = Folder(tmp_path / "wiki"), FolderPeople(tmp_path / "wiki")
    entry = {"Plan": "kind: translatable\nmissing-page: create"}
    smallplan.write(tmp_path, TEXTS, entry)
    apply(preview(tmp_path, folder), folder)
    added = "\n\n<translate>\nA person's paragraph.\n</translate>\n<!-- wikiplan:end a"
    people.edit("Plan", people.text("Plan").replace("\n<!-- wikiplan:end a", added))

    smallplan.write(tmp_path, TEXTS | {"a": "New text of a."}, entry)
    saved = preview(tmp_path, folder)
    (section, _) = saved.pages[0].change.sections
    assert ("A person's" in section.after, "A person's" in (section.own or "")) == (True, False)
    _, actions = apply(saved, folder)
    assert actions == {"Plan": Action.UPDATE}
    text = people.text("Plan")
    assert changefile.digest(text) == saved.pages[0].after_sha256
    assert ("New text of a." in text, "A person's paragraph." in text) == (True, True)
    assert not smallplan.compare(tmp_path, folder).to_write


def test_an_account_that_is_no_bot_any_more_writes_nothing(tmp_path: Path, folder: Folder):
    class Demoted(Folder):
        def account(self) -> Account:
            account = super().account()
            return replace(account, rights=account.rights - {"bot"})

    class Bot(Folder):
        def account(self) -> Account:
            account = super().account()
            return replace(account, rights=account.rights | {"bot"})

    smallplan.write(tmp_path, TEXTS, {"Page": "missing-page: create"})
    saved = preview(tmp_path, Bot(folder.directory))
    assert saved.bot
    with pytest.raises(Stop, match="was a bot when the preview was made, and is none now") as stop:
        recheck_saved(saved, Demoted(folder.directory), summarise)
    assert stop.value.code == "lost-bot-right"
    assert recheck_saved(saved, Bot(folder.directory), summarise).to_write

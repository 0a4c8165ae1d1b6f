"""What happened since a question before, on a real MediaWiki; of a folder see test_folder.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.mediawiki import MediaWiki
from tests.support.translatelab import TRANSLATIONS, TranslateWiki
from wikiplan.errors import Stop
from wikiplan.value import replace
from wikiplan.wiki import recentchanges
from wikiplan.wiki.interface import Account, Cursor, Event

ARTICLES, TALK = 0, 1
WITH_RIGHTS = """foreach ( [ 'deleterevision', 'deletelogentry', 'suppressrevision' ] as $right ) {
$wgGroupPermissions['sysop'][$right] = true; }"""
ACCOUNT = Account("PlanBot", frozenset())
NOW = datetime(2021, 7, 1, 12, tzinfo=UTC)
CURSOR = Cursor(NOW, NOW)


@pytest.fixture
def lab(mediawiki: MediaWiki) -> Iterator[MediaWiki]:
    with mediawiki.settings(WITH_RIGHTS):
        yield mediawiki


def _cursor(site: Any) -> Cursor:
    found = site.changes_since(None, {}).cursor
    assert isinstance(found, Cursor)
    return found


def kinds(events: Iterable[Event] | None, title: str) -> list[str]:
    """Return what happened to pages of a test in lines, oldest first, with ``*`` for its title."""
    assert events is not None
    lines = (f"{each.kind}: {' -> '.join(each.titles)}" for each in events)
    found = [line.replace(title, "*") for line in lines if title in line]
    return found[::-1]


def deleted(lab: MediaWiki, title: str) -> None:
    lab.delete(title)


def restored(lab: MediaWiki, title: str) -> None:
    lab.delete(title)
    lab.undelete(title)


def moved_onto_a_redirect(lab: MediaWiki, title: str) -> None:
    lab.edit(f"{title} 2", f"#REDIRECT [[{title}]]")
    lab.move(title, f"{title} 2")


def moved_from_another_namespace(lab: MediaWiki, title: str) -> None:
    lab.edit(f"Talk:{title} 2", "A page.")
    lab.move(f"Talk:{title} 2", f"{title} 2", redirect=False)


def merged(lab: MediaWiki, title: str) -> None:
    time.sleep(1)  # what is merged must be older than the page that gets it
    lab.edit(f"{title} 2", "A newer page.")
    lab.api(action="mergehistory", **{"from": title}, to=f"{title} 2", token=True)


def imported(lab: MediaWiki, title: str) -> None:
    lab.import_page(f"{title} 2", "An imported text.")


def unprotected(lab: MediaWiki, title: str) -> None:
    lab.protect(title)
    lab.api(action="protect", title=title, protections="edit=all", token=True)


def moved_while_protected(lab: MediaWiki, title: str) -> None:
    lab.protect(title)
    lab.move(title, f"{title} 2", redirect=False)


def given_another_model(lab: MediaWiki, title: str) -> None:
    lab.api(action="changecontentmodel", title=title, model="text", token=True)


def hidden(lab: MediaWiki, title: str) -> None:
    lab.edit(title, "A second text.")
    lab.hide(lab.history(title)[-1]["revid"])


HAPPENINGS: Mapping[str, tuple[Callable[[MediaWiki, str], Any], tuple[str, ...]]] = {
    "an edit": (lambda lab, title: lab.edit(title, "A text."), ("new: *", "edit: *")),
    "a minor edit": (lambda lab, title: lab.edit(title, "A text.", minor=1), ("new: *", "edit: *")),
    "a bot's edit": (
        lambda lab, title: lab.edit(title, "A text.", "PlanBot", bot=1),
        ("new: *", "edit: *"),
    ),
    "a new page": (lambda lab, title: lab.edit(f"{title} 2", "A text."), ("new: *", "new: * 2")),
    "a deletion": (deleted, ("delete/delete: *",)),
    "a restoration": (restored, ("delete/delete: *", "delete/restore: *")),
    "a move": (lambda lab, title: lab.move(title, f"{title} 2"), ("new: *", "move/move: * -> * 2")),
    "a move without redirect": (
        lambda lab, title: lab.move(title, f"{title} 2", redirect=False),
        ("new: *", "move/move: * -> * 2"),
    ),
    "a move onto a redirect": (
        moved_onto_a_redirect,
        ("new: *", "delete/delete_redir: * 2", "move/move_redir: * -> * 2"),
    ),
    "a move from another namespace": (
        moved_from_another_namespace,
        ("new: *", "move/move: Talk:* 2 -> * 2"),
    ),
    "a merged history": (merged, ("new: *", "new: * 2", "merge/merge: * -> * 2")),
    "an import": (imported, ("new: *", "import/upload: * 2")),
    "a protection": (lambda lab, title: lab.protect(title), ("new: *", "protect/protect: *")),
    "an end of a protection": (
        unprotected,
        ("new: *", "protect/protect: *", "protect/unprotect: *"),
    ),
    "a protection that moves": (
        moved_while_protected,
        ("new: *", "protect/protect: *", "move/move: * -> * 2", "protect/move_prot: * 2 -> *"),
    ),
    "a page language": (
        lambda lab, title: lab.page_language(title, "de"),
        ("new: *", "pagelang/pagelang: *"),
    ),
    "a content model": (given_another_model, ("new: *", "edit: *", "contentmodel/change: *")),
    "a hidden revision": (hidden, ("new: *", "edit: *", "delete/revision: *")),
}


@pytest.mark.wiki
@pytest.mark.parametrize("name", HAPPENINGS)
def test_everything_that_happens_to_a_page_is_told_with_all_titles(
    lab: MediaWiki, site: Any, title: str, name: str
):
    happens, lines = HAPPENINGS[name]
    lab.edit(title, "People's text.")
    cursor = _cursor(site)
    happens(lab, title)
    events = site.changes_since(cursor, {title: ARTICLES}).events
    assert sorted(kinds(events, title)) == sorted(lines)


@pytest.mark.wiki
def test_an_edit_is_told_with_the_ids_of_page_and_revision(lab: MediaWiki, site: Any, title: str):
    cursor = _cursor(site)
    number = lab.edit(title, "A text.")
    page = site.heads([title])[title]
    events = site.changes_since(cursor, {title: ARTICLES}).events
    assert events[0] == Event("new", (title,), page.page_id, number)


@pytest.mark.wiki
def test_the_namespaces_of_other_pages_are_left_out(lab: MediaWiki, site: Any, title: str):
    cursor = _cursor(site)
    lab.edit(f"Talk:{title}", "A text.")
    namespace = site.read([f"Talk:{title}"])[f"Talk:{title}"].namespace
    assert namespace == site.heads([f"Talk:{title}"])[f"Talk:{title}"].namespace == TALK
    assert kinds(site.changes_since(cursor, {title: ARTICLES}).events, title) == []
    everywhere = site.changes_since(cursor, {title: ARTICLES, f"Talk:{title}": TALK}).events
    assert kinds(everywhere, title) == ["new: Talk:*"]


@pytest.mark.wiki
def test_a_title_that_an_administrator_hid_leaves_open_what_happened(
    lab: MediaWiki, site: Any, title: str
):
    lab.edit(title, "A text.")
    cursor = _cursor(site)
    lab.move(title, f"{title} 2")
    entry = lab.api(action="query", list="logevents", letype="move", lelimit=1)
    (move,) = entry["query"]["logevents"]
    options = {"type": "logging", "ids": move["logid"], "target": title, "token": True}
    lab.api(action="revisiondelete", hide="content", **options)
    try:
        assert site.changes_since(cursor, {title: ARTICLES}).events is None
    finally:
        lab.api(action="revisiondelete", show="content", **options)


@pytest.mark.wiki
def test_what_is_suppressed_is_not_told(lab: MediaWiki, site: Any, title: str):
    lab.edit(title, "A text.")
    lab.edit(title, "A second text.")
    cursor = _cursor(site)
    first = lab.history(title)[-1]["revid"]
    options = {"type": "revision", "ids": first, "hide": "content", "suppress": "yes"}
    lab.api(action="revisiondelete", token=True, **options)
    events = site.changes_since(cursor, {title: ARTICLES}).events
    assert kinds(events, title) == ["new: *", "edit: *"]


@pytest.mark.wiki
def test_the_question_is_one_request_with_that_for_the_account(
    lab: MediaWiki, site: Any, title: str
):
    first = site.changes_since(None, {})
    assert first.events is None
    assert first.account.name == "PlanBot"
    with lab.log() as log:
        recent = site.changes_since(first.cursor, {title: ARTICLES})
        site.read([title])
    assert log.actions == ["query", "query"]
    assert recent.account == first.account
    assert recent.cursor.instant >= first.cursor.instant


@pytest.mark.wiki
def test_more_changes_than_pages_are_worth_are_not_told(
    lab: MediaWiki, site: Any, title: str, monkeypatch: pytest.MonkeyPatch
):
    cursor = _cursor(site)
    for number in range(5):
        lab.edit(title, f"Text {number}.")
    question = recentchanges.question(cursor, [ARTICLES]) | {"rclimit": "1"}
    monkeypatch.setattr(recentchanges, "question", lambda *args: question)
    with lab.log() as log:
        assert site.changes_since(cursor, {title: ARTICLES}).events is None
    assert log.actions == ["query"] * recentchanges.MOST_ANSWERS


TRANSLATED = "<languages/>\n<translate>\n<!--T:greeting-->\nHello\n</translate>"


@pytest.mark.wiki
def test_what_translate_does_to_pages_is_told(
    translate_wiki: TranslateWiki, translate_site: Callable[..., Any], title: str
):
    wiki, site = translate_wiki, translate_site()
    cursor = _cursor(site)
    wiki.edit(title, TRANSLATED, "TAdmin")
    wiki.mark(title)
    wiki.run_jobs()
    wiki.translate(title, "greeting", "de", "Hallo")
    wiki.run_jobs()
    unit = f"Translations:{title}/greeting/de"
    with wiki.settings("$wgGroupPermissions['user']['translate-messagereview'] = true;"):
        number = wiki.history(unit)[0]["revid"]
        wiki.api("TAdmin", action="translationreview", revision=number, token=True)
    wiki.unmark(title)
    events = site.changes_since(cursor, {title: ARTICLES, unit: TRANSLATIONS}).events
    assert sorted(kinds(events, title)) == [
        "new: *",
        "new: */de",
        "new: */en",
        "new: Translations:*/Page display title/en",
        "new: Translations:*/greeting/de",
        "new: Translations:*/greeting/en",
        "pagetranslation/mark: *",
        "pagetranslation/unmark: *",
        "translationreview/message: Translations:*/greeting/de",
    ]


# What the answers say


def answer(*ages: float, **more: Any) -> dict[str, Any]:
    """Return a wiki's answer with one edit for each age in minutes before the cursor."""
    entries = [_entry(age) for age in ages]
    return {"curtimestamp": _stamp(-60), "query": {"recentchanges": entries}} | more


def _entry(age: float) -> dict[str, Any]:
    title = f"Page {age:g}"
    return {"type": "edit", "title": title, "pageid": 1, "revid": 2, "timestamp": _stamp(age)}


def _stamp(age: float) -> str:
    return f"{NOW - timedelta(minutes=age):%Y-%m-%dT%H:%M:%SZ}"


def test_all_is_known_while_the_wiki_lists_a_change_as_old_as_one_that_it_listed_then():
    told = recentchanges.recent([answer(-2, 5, 30)], replace(CURSOR, listed=NOW), ACCOUNT)
    assert told.events is not None
    assert [each.titles for each in told.events] == [("Page -2",), ("Page 5",)]
    assert told.cursor == Cursor(NOW + timedelta(hours=1), NOW + timedelta(minutes=2))


@pytest.mark.parametrize(
    "told",
    [
        [answer()],
        [answer(-2, -1)],
        [answer(-2, 0, **{"continue": {"rccontinue": "x"}})],
        [{"curtimestamp": _stamp(0), "query": {"recentchanges": [_entry(0) | {"title": ""}]}}],
    ],
    ids=["nothing is listed", "older changes are forgotten", "there are more", "a title is hidden"],
)
def test_it_is_not_known_what_happened_when(told: list[dict[str, Any]]):
    for entry in told[0]["query"]["recentchanges"]:
        if not entry["title"]:
            del entry["title"]
    assert recentchanges.recent(told, CURSOR, ACCOUNT).events is None


def test_an_answer_without_the_wikis_clock_ends_in_words():
    with pytest.raises(Stop, match="the wiki's answer cannot be understood"):
        recentchanges.recent([{"query": {}}], None, ACCOUNT)


def test_an_edit_that_is_listed_late_is_not_missed():
    question = recentchanges.question(CURSOR, [ARTICLES, TRANSLATIONS])
    assert question["rcend"] == question["leend"] == _stamp(10)
    assert question["rcnamespace"] == "0|1198"
    older = replace(CURSOR, listed=NOW - timedelta(days=3))
    assert recentchanges.question(older, [])["rcend"] == _stamp(3 * 24 * 60)

"""The contract of ``wiki.interface.Wiki``, held to by the folder and by a real MediaWiki."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.people import Place
from wikiplan.errors import Conflict, Refusal
from wikiplan.value import replace
from wikiplan.wiki.answers import sha1
from wikiplan.wiki.interface import Edit, Event, Head, Revision

TEXT = "People's text.\n\nOld section.\n\nMore people's text."
NEW = TEXT.replace("Old", "New")


def test_a_page_is_read_with_text_ids_author_and_time(place: Place, title: str):
    place.people.edit(title, TEXT)
    read = place.wiki.read([title])[title]
    assert read == Revision(
        title=title,
        page_id=read.page_id,
        number=read.number,
        text=TEXT,
        user=read.user,
        timestamp=read.timestamp,
        summary=read.summary,
    )
    assert read.exists and read.page_id and read.user
    assert read.timestamp
    assert abs(datetime.now(UTC) - read.timestamp) < timedelta(minutes=1)


def test_a_missing_page_has_no_ids_and_no_text(place: Place, title: str):
    assert place.wiki.read([title]) == {title: Revision(title)}
    assert place.wiki.heads([title]) == {title: Head(title)}
    assert list(place.wiki.history(0, title, 0)) == []


def test_titles_are_given_back_as_the_wiki_writes_them(place: Place, title: str):
    place.people.edit(title, TEXT)
    typed = "  " + title[0].lower() + title[1:].replace(" ", "_") + "\u200e "
    read = place.wiki.read([typed, title])
    assert {key: found.title for key, found in read.items()} == {typed: title, title: title}
    assert read[typed].text == TEXT


@pytest.mark.parametrize(
    "typed", ["Title#Part", "A|B", "A[B", "<b>", "A\tB", "Special:Version", "A/../B", "", "A~~~~B"]
)
def test_a_title_that_no_page_can_have_is_refused_by_name(place: Place, typed: str):
    read = place.wiki.read([typed])[typed]
    assert not read.exists
    assert [code for code, _ in read.refusals] == ["invalid-title"]
    with pytest.raises(Refusal):
        place.wiki.save(Edit(typed, 0, 0, "text", "test"))


@pytest.mark.parametrize(
    "suffix",
    ["/ar", "/a.b", ' (c) "d" *e* f?', "/Ünïcödé/日本語", ": not a namespace", "\\back", "/A/b/C"],
)
def test_unusual_titles_are_pages_like_others(place: Place, title: str, suffix: str):
    edit = Edit(title + suffix, 0, 0, TEXT, "test")
    saved = place.wiki.save(edit)
    read = place.wiki.read([title, title + suffix])
    assert not read[title].exists
    assert (read[edit.title].title, read[edit.title].text) == (saved.title, TEXT)


def test_a_new_page_is_created_once(place: Place, title: str):
    edit = Edit(title, 0, 0, TEXT, "made by the test")
    saved = place.wiki.save(edit)
    assert (saved.title, saved.parent) == (title, 0)
    read = place.wiki.read([title])[title]
    assert (read.number, read.text) == (saved.number, TEXT)
    assert read.user == place.wiki.account().name
    with pytest.raises(Conflict, match=f"^{title}: somebody created the page after it was read; "):
        place.wiki.save(replace(edit, text=NEW))
    assert place.people.text(title) == TEXT


def test_an_update_replaces_the_text_and_names_its_parent(place: Place, title: str):
    edit = place.page(title, TEXT)
    saved = place.wiki.save(replace(edit, text=NEW))
    assert saved.parent == edit.base
    assert saved.number not in (0, edit.base)
    assert place.people.text(title) == NEW
    head = place.wiki.heads([title])[title]
    user = place.wiki.account().name
    assert head == Head(title, edit.page_id, saved.number, sha1(NEW), user)


def test_the_same_text_again_is_no_edit(place: Place, title: str):
    edit = place.page(title, TEXT)
    assert place.wiki.save(edit).number == 0
    assert [entry.number for entry in place.wiki.history(edit.page_id, title, 0)] == [edit.base]


def test_a_persons_edit_in_the_same_second_is_a_conflict(place: Place, title: str):
    edit = place.page(title, TEXT)
    persons = TEXT.replace("Old", "A person's")
    place.people.edit(title, persons)
    with pytest.raises(Conflict, match=f"^{title}: "):
        place.wiki.save(replace(edit, text=NEW))
    assert place.people.text(title) == persons


def test_an_edit_by_the_same_account_is_a_conflict(place: Place, title: str):
    edit = place.page(title, TEXT)
    ours = TEXT.replace("Old", "Our other run's")
    place.wiki.save(replace(edit, text=ours))
    with pytest.raises(Conflict):
        place.wiki.save(replace(edit, text=NEW))
    assert place.people.text(title) == ours


def test_a_deleted_page_is_not_made_again(place: Place, title: str):
    edit = place.page(title, TEXT)
    place.people.delete(title)
    with pytest.raises(Conflict, match="the page was deleted or moved after it was read"):
        place.wiki.save(replace(edit, text=NEW))
    assert not place.wiki.read([title])[title].exists


def test_a_page_made_anew_after_deletion_is_another_page(place: Place, title: str):
    edit = place.page(title, TEXT)
    place.people.delete(title)
    with pytest.raises(Conflict):
        place.wiki.save(replace(edit, text=NEW))
    place.people.edit(title, "Another page.")
    with pytest.raises(Conflict):
        place.wiki.save(replace(edit, text=NEW))
    assert place.people.text(title) == "Another page."


@pytest.mark.parametrize("redirect", [True, False])
def test_a_moved_page_is_written_neither_at_its_old_nor_its_new_title(
    place: Place, title: str, redirect: bool
):
    edit = place.page(title, TEXT)
    place.people.move(title, f"{title} new", redirect)
    with pytest.raises(Conflict):
        place.wiki.save(replace(edit, text=NEW))
    read = place.wiki.read([title, f"{title} new"])
    assert read[title].redirect_to == (f"{title} new" if redirect else "")
    assert read[title].exists == redirect
    assert read[f"{title} new"].text == TEXT


def test_a_redirect_names_its_target_and_keeps_its_text(place: Place, title: str):
    place.people.edit(title, f"#redirect [[{title} target#Part]]\n\n[[Category:X]]")
    read = place.wiki.read([title])[title]
    assert read.redirect_to.partition("#")[0] == f"{title} target"
    assert read.text == f"#redirect [[{title} target#Part]]\n\n[[Category:X]]"
    assert place.wiki.heads([title])[title].redirect


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301te\u0301", "été"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("text \t\n\n ", "text"),
        ("text\u00a0\u3000", "text\u00a0\u3000"),
        ("nul\x00 bell\x07 end\uffff", "nul\ufffd bell\ufffd end\ufffd"),
        ("\ufeffbom \u200fمرحبا\u200e \u2068x\u2069 a\u200cb &nbsp;", None),
        ("\n\n  indented\n\n", "\n\n  indented"),
        ("delete\x7f c1\x85", None),
    ],
)
def test_the_text_that_will_be_stored_is_foretold(
    place: Place, title: str, typed: str, kept: str | None
):
    kept = typed if kept is None else kept
    assert place.wiki.stored(title, typed) == kept
    place.wiki.save(Edit(title, 0, 0, kept, "test"))
    assert place.wiki.read([title])[title].text == kept


def test_a_page_is_read_with_what_keeps_it_from_being_edited(place: Place, title: str):
    place.people.edit(title, TEXT)
    assert place.wiki.refusals([title, f"{title} 2"]) == {title: (), f"{title} 2": ()}
    assert place.wiki.read_to_edit([title]) == place.wiki.read([title])


def test_an_edit_since_is_told_with_its_ids(place: Place, title: str):
    place.people.edit(title, "one")
    cursor = place.wiki.changes_since(None, {title: 0}).cursor
    saved = place.save(title, "two")
    page = place.wiki.read([title])[title]
    recent = place.wiki.changes_since(cursor, {title: page.namespace})
    assert recent.account == place.wiki.account()
    edit = Event("edit", (title,), page.page_id, saved.number)
    assert recent.events is None or edit in recent.events


def test_history_is_newest_first_and_ends_before_the_revision_asked_for(place: Place, title: str):
    first = place.page(title, "1")
    second = place.save(title, "2")
    place.people.edit(title, "3")
    third = place.wiki.read([title])[title]
    entries = list(place.wiki.history(first.page_id, title, 0))
    assert [entry.number for entry in entries] == [third.number, second.number, first.base]
    assert [entry.parent for entry in entries] == [second.number, first.base, 0]
    assert [entry.sha1 for entry in entries] == [sha1("3"), sha1("2"), sha1("1")]
    assert entries[1].user == place.wiki.account().name
    assert entries[1].summary == "test"
    assert entries[1].timestamp.tzinfo is UTC or entries[1].timestamp.utcoffset() == timedelta(0)
    assert list(place.wiki.history(0, title, first.base)) == entries[:2]
    assert list(place.wiki.history(first.page_id, title, third.number)) == []
    own = place.wiki.history(first.page_id, title, 0, place.wiki.account().name)
    assert list(own) == [entries[1]]


def test_several_texts_are_read_at_once_without_those_that_cannot_be(place: Place, title: str):
    numbers = [place.save(title, text).number for text in ("1", "2")]
    found = place.wiki.revisions([*numbers, 2**50])
    assert {number: each.text for number, each in found.items()} == dict(
        zip(numbers, ("1", "2"), strict=True)
    )
    assert [each.entry for each in found.values()] == list(place.wiki.history(0, title, 0))[::-1]
    assert place.wiki.revisions([]) == {}


def test_a_page_that_was_there_departed_by_a_deletion_or_a_move(place: Place, title: str):
    assert place.wiki.departure(title) is None
    place.save(title, "1")
    assert place.wiki.departure(title) is None
    place.people.delete(title)
    departure = place.wiki.departure(title)
    assert departure and str(departure).startswith("deleted")


def test_the_text_of_every_revision_can_be_read_again(place: Place, title: str):
    first = place.page(title, "1")
    second = place.save(title, "2")
    place.people.edit(title, "3")
    third = place.wiki.read([title])[title]
    numbers = [first.base, second.number, third.number]
    assert [place.wiki.text_of(number) for number in numbers] == ["1", "2", "3"]
    with pytest.raises(Refusal):
        place.wiki.text_of(2**50)


def test_a_text_over_two_megabytes_is_refused(place: Place, title: str):
    with pytest.raises(Refusal, match="longer") as refused:
        place.wiki.save(Edit(title, 0, 0, "x" * 2_097_153, "test"))
    assert refused.value.code == "contenttoobig"
    assert not place.wiki.read([title])[title].exists


def test_summaries_are_cut_at_500_characters(place: Place, title: str):
    saved = place.wiki.save(Edit(title, 0, 0, TEXT, "ä" * 600))
    entry = place.wiki.history(0, title, 0)[0]
    assert entry.number == saved.number
    assert entry.summary.rstrip(".…") in ("ä" * 500, "ä" * 499, "ä" * 497)


def test_the_account_may_edit_and_is_not_blocked(place: Place):
    account = place.wiki.account()
    assert account.blocked == ""
    assert {"edit", "bot", "apihighlimits"} <= account.rights
    assert {"nowiki", "pre", "ref"} <= place.wiki.extension_tags

"""What people read: whole messages, whose first line says what is needed, by whom, and where."""

from __future__ import annotations

from datetime import UTC, datetime

from wikiplan.nightly.messages import MOST_ITEMS, Notification
from wikiplan.nightly.runfile import Audience
from wikiplan.nightly.waiting import Kind, Waiting
from wikiplan.value import replace

SINCE = datetime(2021, 6, 30, 20, tzinfo=UTC)
EDITED = Waiting(
    Kind.EDITS,
    "edits-1",
    Audience.OWNER,
    "section mission of Our plan was edited on the wiki: keep, import or reclaim",
    "https://wiki.example.org/?diff=8",
    SINCE,
)
MARK = Waiting(
    Kind.MARKING,
    "marking-1",
    Audience.ADMIN,
    "Our plan waits to be marked for translation",
    "https://wiki.example.org/mark",
    SINCE,
)
BROKEN = Waiting(
    Kind.FAILED, "failed-1", Audience.OPERATOR, "update broke off: it's <b>&''away''</b>", "", SINCE
)
MESSAGE = Notification("RUN", "meta:meta", "waiting", "2 pages written", (EDITED,))


def test_one_thing_stands_in_the_first_line():
    assert MESSAGE.text() == (
        "Plan owner: section mission of Our plan was edited on the wiki: keep, import or reclaim "
        "https://wiki.example.org/?diff=8\n"
        "\n"
        "New:\n"
        "- Plan owner: section mission of Our plan was edited on the wiki: keep, import or reclaim "
        "https://wiki.example.org/?diff=8 (since 2021-06-30T20:00:00Z)\n"
        "\n"
        "Run RUN on meta:meta: waiting. 2 pages written.\n"
    )


def test_several_things_are_counted_in_it_and_what_was_told_stands_apart():
    message = replace(MESSAGE, new=(BROKEN,), again=(MARK,))
    assert message.text() == (
        "Operator: update broke off: it's <b>&''away''</b> (and 1 more)\n"
        "\n"
        "New:\n"
        "- Operator: update broke off: it's <b>&''away''</b> (since 2021-06-30T20:00:00Z)\n"
        "\n"
        "Still waiting:\n"
        "- Translation administrator: Our plan waits to be marked for translation "
        "https://wiki.example.org/mark (since 2021-06-30T20:00:00Z)\n"
        "\n"
        "Run RUN on meta:meta: waiting. 2 pages written.\n"
    )


def test_where_nothing_waits_the_first_line_says_so():
    message = replace(MESSAGE, new=(), outcome="done")
    assert message.text() == "Nothing is needed: run RUN on meta:meta: done. 2 pages written.\n"


def test_a_section_on_a_talk_page_shows_words_and_does_nothing_with_them():
    assert replace(MESSAGE, new=(EDITED, BROKEN)).wikitext() == (
        "== wikiplan: <nowiki>2 things wait for somebody</nowiki> ==\n"
        "<nowiki>Plan owner: section mission of Our plan was edited on the wiki: keep, import or "
        "reclaim https://wiki.example.org/?diff=8 (and 1 more)</nowiki>\n"
        "\n"
        "* <nowiki>Plan owner: section mission of Our plan was edited on the wiki: keep, import or "
        "reclaim</nowiki> [https://wiki.example.org/?diff=8 look]"
        "<nowiki> (since 2021-06-30T20:00:00Z)</nowiki>\n"
        "* <nowiki>Operator: update broke off: it's &lt;b&gt;&amp;''away''&lt;/b&gt;</nowiki>"
        "<nowiki> (since 2021-06-30T20:00:00Z)</nowiki>\n"
        "<nowiki>run RUN on meta:meta: waiting. 2 pages written.</nowiki> ~~~~\n"
    )


def test_a_long_list_ends_with_a_count():
    many = tuple(replace(MARK, key=f"m{at}") for at in range(MOST_ITEMS + 2))
    message = replace(MESSAGE, new=many)
    assert "- and 2 more, in the report\n" in message.text()
    assert "* and 2 more, in the report\n" in message.wikitext()


def test_a_message_is_known_by_its_run_and_what_it_tells():
    assert MESSAGE.id == replace(MESSAGE, outcome="failed").id
    assert len({MESSAGE.id, replace(MESSAGE, run="B").id, replace(MESSAGE, new=(MARK,)).id}) == 3


def test_programs_get_all_of_it():
    data = replace(MESSAGE, again=(MARK,)).as_data()
    assert data["first_line"] == MESSAGE.first_line + " (and 1 more)"
    assert [(each["key"], each["new"]) for each in data["waiting"]] == [
        ("edits-1", True),
        ("marking-1", False),
    ]

"""Every message has an id, of its own, and words that the documentation can show."""

from __future__ import annotations

import os
import re
from collections import defaultdict

from tests.support import messages, messagespage
from tests.support.messages import OF_THE_WIKI, STATES

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FEWEST_WORDS = 2


def test_every_message_has_an_id_that_can_be_read_where_it_is_made():
    unnamed = [each.place for each in messages.every() if not each.id]
    assert unnamed == [], "give the id as a text, or as a constant that is one"


def test_ids_are_words_with_hyphens():
    own = {e.id for e in messages.every() if e.kind not in (OF_THE_WIKI, *STATES.values())}
    assert [id for id in sorted(own) if not ID.fullmatch(id)] == []


def test_an_id_stands_in_one_place():
    places = defaultdict(set)
    for each in messages.every():
        if each.literal:
            places[each.id].add(each.place)
    twice = {id: sorted(found) for id, found in places.items() if len(found) > 1}
    assert twice == {}, "choose another id, or let both places take a constant"


def test_the_words_of_a_message_say_something():
    words = defaultdict(list)
    for each in messages.every():
        words[each.id] += re.findall(r"\w+", f"{each.wrong} {each.advice}")
    dumb = [id for id, found in words.items() if len(found) < FEWEST_WORDS]
    assert dumb == [], "make the id a constant, and explain it in words below that"


def test_the_page_is_made_from_the_code():
    """``make messages`` writes it."""
    page = messagespage.page()
    if os.environ.get("WIKIPLAN_CASES"):
        messagespage.PAGE.write_text(page, encoding="utf-8")
    assert messagespage.PAGE.read_text(encoding="utf-8") == page

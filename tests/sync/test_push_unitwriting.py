"""PushRun translations: every edit once, and an end when somebody says stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.support.syncmodel import LANGUAGE, RUN, SUMMARY, Desk, MemoryWiki
from wikiplan.changes.apply import EMPTY_SHA1, Interrupt, Saving
from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.sync.push import LanguagePush, PushEdit, PushRun, StopPage
from wikiplan.sync.units import SyncResult
from wikiplan.value import replace
from wikiplan.wiki.interface import UNREACHABLE, Head, HistoryEntry, Revision, Saved

PLACES = {id: f"{id}.text" for id in ("one", "two", "three")}


@pytest.fixture
def desk() -> Desk:
    desk = Desk(PLACES)
    for key in desk.keys:
        desk.translate(key, f"نص {key}")
    return desk


def pushes(desk: Desk) -> list[PushEdit]:
    pushing = LanguagePush(LANGUAGE, desk.catalog, desk.base, (), "")
    found = [
        pushing.plan(unit, Revision(f"Translations:Plan/{unit.id}/ar"))
        for unit in desk.sync_units()
    ]
    assert all(isinstance(each, PushEdit) for each in found)
    return [each for each in found if isinstance(each, PushEdit)]


def run(desk: Desk, wiki: Any, before: Callable[[], None] = lambda: None) -> dict[str, str]:
    writing = pushing(wiki, before)
    writing.run(pushes(desk))
    return told(writing)


def pushing(wiki: Any, before: Callable[[], None] = lambda: None) -> PushRun:
    return PushRun(wiki, Saving(wiki, RUN, lambda seconds: None), lambda push: SUMMARY, before)


def told(writing: PushRun) -> dict[str, str]:
    """Return what became of each text."""
    return {
        push.unit.id: str(done.outcome) + (f": {done.why}" if done.why else "")
        if isinstance(done, SyncResult)
        else "saved"
        for push, done in writing.results
    }


class Failing:
    """The wiki, but the save number ``at`` raises; ``after`` it was done, if so told."""

    def __init__(self, wiki: MemoryWiki, error: Exception, at: int, *, after: bool = False) -> None:
        self.wiki, self.error, self.at, self.after, self.saves = wiki, error, at, after, 0

    def translate(self, page: Revision, text: str, summary: str) -> Saved:
        self.saves += 1
        failing = (
            self.saves >= self.at if isinstance(self.error, Refusal) else self.saves == self.at
        )
        if failing and not self.after:
            raise self.error
        saved = self.wiki.translate(page, text, summary)
        if failing:
            raise self.error
        return saved

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wiki, name)


def test_each_text_is_saved_once(desk: Desk):
    assert run(desk, desk.wiki) == dict.fromkeys(PLACES, "saved")
    assert desk.wiki.edits == 3


def test_an_edit_that_somebody_made_meanwhile_stands(desk: Desk):
    planned = pushes(desk)
    desk.wiki.write("two", "نص شخص")
    writing = pushing(desk.wiki)
    writing.run(planned)
    assert told(writing) == {
        "one": "saved",
        "two": "changed meanwhile: Translations:Plan/two/ar: somebody changed it; run again",
        "three": "saved",
    }
    assert desk.wiki.text("two") == "نص شخص"
    assert desk.wiki.edits == 3


@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_is_looked_up_and_never_sent_twice(desk: Desk, after: bool):
    wiki = Failing(desk.wiki, Unclear("the answer was lost"), 2, after=after)
    expected = dict.fromkeys(PLACES, "saved")
    if not after:
        expected["two"] = (
            "not known: the answer was lost; the page's history shows no edit of this run; "
            "nothing was sent again; run once more"
        )
    assert run(desk, wiki) == expected
    assert desk.wiki.edits == (3 if after else 2)


class Down(Failing):
    """The wiki takes the edit and is not there any more."""

    def history(self, page_id: int, title: str, since: int) -> Sequence[HistoryEntry]:
        raise Stop(UNREACHABLE, "no answer")


def test_an_edit_that_the_wiki_cannot_be_asked_about_is_not_known_and_ends_the_run(desk: Desk):
    wiki = Down(desk.wiki, Unclear("the answer was lost"), 2, after=True)
    assert run(desk, wiki) == {
        "one": "saved",
        "two": "not known: the answer was lost; the page's history cannot be read either, so it is "
        "not known whether it was saved; nothing was sent again; run once more",
        "three": "not tried: no answer",
    }
    assert desk.wiki.text("two") == "نص two.text"


@pytest.mark.parametrize("answer", [Conflict("editconflict", "x"), None], ids=["conflict", "same"])
def test_an_edit_that_was_made_before_it_was_sent_again_is_saved(desk: Desk, answer: Any):
    class Twice(Failing):
        def translate(self, page: Revision, text: str, summary: str) -> Saved:
            saved = self.wiki.translate(page, text, summary)
            if answer:
                raise answer
            return replace(saved, number=0)

    writing = pushing(Twice(desk.wiki, Unclear("x"), 1))
    writing.run(pushes(desk))
    assert told(writing) == dict.fromkeys(PLACES, "saved")
    assert [saved.number for _, saved in writing.done] == [1, 2, 3]


def test_a_revision_that_the_answer_got_wrong_is_put_right(desk: Desk):
    class Odd(Failing):
        def translate(self, page: Revision, text: str, summary: str) -> Saved:
            return replace(self.wiki.translate(page, text, summary), number=4711)

    writing = pushing(Odd(desk.wiki, Unclear("x"), 1))
    writing.run(pushes(desk))
    assert [saved.number for _, saved in writing.done] == [1, 2, 3]


def test_a_second_signal_leaves_nothing_untold(desk: Desk):
    wiki = Failing(desk.wiki, KeyboardInterrupt(), 2, after=True)  # type: ignore[arg-type]
    writing = pushing(wiki)
    with pytest.raises(KeyboardInterrupt):
        writing.run(pushes(desk))
    assert told(writing) == {
        "one": "saved",
        "two": "not known: interrupted while it was saved, so it is not known whether it was; the "
        "next run looks it up",
        "three": "not tried: interrupted",
    }


def test_nothing_is_tried_after_a_stop(desk: Desk):
    wiki = Failing(desk.wiki, Stop("blocked", "the account is blocked"), 2)
    assert run(desk, wiki) == {
        "one": "saved",
        "two": "not tried: the account is blocked",
        "three": "not tried: the account is blocked",
    }


def test_two_hits_of_an_edit_filter_end_the_run(desk: Desk):
    wiki = Failing(desk.wiki, Refusal("abusefilter-disallowed", "a filter was hit"), 1)
    assert run(desk, wiki) == {
        "one": "refused: a filter was hit",
        "two": "refused: a filter was hit",
        "three": "not tried: an edit filter of the wiki was hit 2 times",
    }


def test_a_signal_ends_the_run_before_the_next_edit(desk: Desk):
    interrupt = Interrupt()
    stop = StopPage(desk.wiki, "", interrupt)  # type: ignore[arg-type]
    stop.check()
    interrupt.reason = "interrupted by SIGTERM"
    with pytest.raises(Stop, match="interrupted by SIGTERM"):
        stop.check()


class Heads:
    """A wiki of which only the stop page is asked."""

    def __init__(self) -> None:
        self.head, self.asked = Head("Stop"), 0

    def heads(self, titles: list[str]) -> dict[str, Head]:
        self.asked += 1
        return dict.fromkeys(titles, self.head)


def test_the_stop_page_is_read_at_the_start_and_each_minute():
    wiki, time = Heads(), [0.0]
    stop = StopPage(wiki, "Stop", Interrupt(), clock=lambda: time[0])  # type: ignore[arg-type]
    for time[0] in (0.0, 1.0, 59.0, 61.0, 100.0):
        stop.check()
    assert wiki.asked == 2
    wiki.head = Head("Stop", 1, 7, EMPTY_SHA1, "Admin")
    time[0] = 200.0
    stop.check()
    wiki.head, time[0] = Head("Stop", 1, 8, "0f", "Admin"), 300.0
    with pytest.raises(Stop, match=r"'Stop' has text \(last edited by Admin\)"):
        stop.check()


def test_what_was_pushed_for_english_that_is_another_now_is_marked_as_outdated(desk: Desk):
    writing = pushing(desk.wiki)
    writing.run(pushes(desk))
    desk.wiki.write("two", "نص شخص")
    late = writing.outdate({"one", "two"})
    assert [push.unit.id for push, _ in late] == ["one"]
    assert desk.wiki.text("one") == "!!FUZZY!!نص one.text"
    assert desk.wiki.text("two") == "نص شخص"

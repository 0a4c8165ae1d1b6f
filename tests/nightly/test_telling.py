"""The rules of telling: each thing once, again after some days, nothing lost and no doubles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.nightly.test_messages import BROKEN, EDITED, MARK, MESSAGE
from tests.support.people import FolderPeople
from wikiplan.errors import Refusal, Stop, Unclear, WikiplanError
from wikiplan.nightly import sending, telling
from wikiplan.nightly.memory import Memory
from wikiplan.nightly.runfile import Channel
from wikiplan.nightly.telling import Ended, Telling
from wikiplan.plan.model import made
from wikiplan.wiki.folder import Folder

NIGHT = datetime(2021, 7, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def channel(**said: Any) -> Channel:
    return made(Channel, {"command": ["tell"], **said})


def ended(*waiting: Any, outcome: str = "waiting", now: datetime = NIGHT) -> Ended:
    return Ended("RUN", "lab:lab", outcome, "nothing written", waiting, now)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "failed-1 edits-1 marking-1"),
        ({"when": ["failed"]}, "failed-1"),
        ({"when": ["decide"]}, "edits-1 marking-1"),
        ({"when": ["decide"], "for": ["plan owner"]}, "edits-1"),
        ({"for": ["operator", "translators"]}, "failed-1"),
        ({"when": ["done"]}, None),
        ({"when": ["always"]}, ""),
    ],
    ids=str,
)
def test_a_channel_is_told_what_it_is_for(said: dict[str, Any], told: str | None):
    message = ended(BROKEN, EDITED, MARK).message(channel(**said), Memory())
    found = None if message is None else " ".join(each.key for each in message.new)
    assert found == told


def test_a_run_that_changed_something_is_told_where_that_is_wanted():
    assert ended(outcome="done").message(channel(when=["done"]), Memory())
    assert ended(outcome="nothing").message(channel(when=["done"]), Memory()) is None
    assert ended(outcome="nothing").message(channel(when=["decide"]), Memory()) is None


@pytest.mark.parametrize(
    ("days", "after", "again"), [(7, 6, False), (7, 7, True), (7, 9, True), (0, 99, False)]
)
def test_what_was_told_is_told_again_after_some_days(days: int, after: int, again: bool):
    known = Memory(told={"command tell": {"edits-1": NIGHT - after * DAY}})
    message = ended(EDITED).message(channel(**{"remind-after": days}), known)
    assert (message is not None and message.again == (EDITED,)) == again


def test_another_channel_does_not_count():
    known = Memory(told={"talk Talk:A": {"edits-1": NIGHT}})
    message = ended(EDITED).message(channel(), known)
    assert message and message.new == (EDITED,)


class Sent:
    """What was sent, and kept, in order; ``error`` is what sending ends with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        self.order: list[str] = []

        def send(channel: Channel, message: Any) -> None:
            self.order.append("sent")
            if error:
                raise error

        monkeypatch.setattr(sending, "send", send)

    def keep(self, known: Memory) -> None:
        self.order.append(f"kept {' '.join(known.told.get('command tell', {}))}".strip())

    def telling(self) -> Telling:
        def no_wiki() -> Any:
            raise AssertionError("nobody asked for the wiki")

        return Telling(ended(EDITED), Memory(), self.keep, no_wiki)


def test_what_is_told_is_noted_before_it_is_sent(monkeypatch: pytest.MonkeyPatch):
    sent = Sent(monkeypatch)
    one = sent.telling()
    assert one.tell(channel(), MESSAGE)
    assert (sent.order, one.wrong) == (["kept edits-1", "sent"], [])


def test_what_surely_did_not_arrive_is_told_by_the_next_run(monkeypatch: pytest.MonkeyPatch):
    sent = Sent(monkeypatch, WikiplanError("webhook-refused", "the answer is 403 Forbidden"))
    one = sent.telling()
    assert not one.tell(channel(), MESSAGE)
    assert sent.order == ["kept edits-1", "sent", "kept"]
    assert one.memory == Memory()
    assert one.wrong == [
        "command tell: the answer is 403 Forbidden; it is tried again with the next run"
    ]


def test_what_may_have_arrived_is_not_told_again(monkeypatch: pytest.MonkeyPatch):
    sent = Sent(monkeypatch, Unclear("no answer came"))
    one = sent.telling()
    assert not one.tell(channel(), MESSAGE)
    assert sent.order == ["kept edits-1", "sent"]
    assert one.wrong == ["command tell: no answer came"]


def test_a_talk_page_gets_a_section_and_keeps_what_people_wrote(tmp_path: Path):
    people, wiki = FolderPeople(tmp_path / "wiki"), Folder(tmp_path / "wiki")
    people.edit("User talk:Ana", "== Hello ==\nNice work! ~Ben\n\n\n")
    telling.add_section(wiki, "", "User talk:Ana", MESSAGE)
    page = wiki.read(["User talk:Ana"])["User talk:Ana"]
    assert page.text == f"== Hello ==\nNice work! ~Ben\n\n{MESSAGE.wikitext()}".rstrip()
    assert page.summary == "wikiplan: what waits for somebody [run RUN]"


def test_a_talk_page_that_is_not_there_is_made(tmp_path: Path):
    wiki = Folder(tmp_path / "wiki")
    telling.add_section(wiki, "", "User talk:Ana", MESSAGE)
    assert wiki.read(["User talk:Ana"])["User talk:Ana"].text == MESSAGE.wikitext().rstrip()


def test_nothing_is_said_on_the_wiki_where_people_stop_the_bot(tmp_path: Path):
    people, wiki = FolderPeople(tmp_path / "wiki"), Folder(tmp_path / "wiki")
    people.edit("Stop", "Please wait.")
    with pytest.raises(Stop):
        telling.add_section(wiki, "Stop", "User talk:Ana", MESSAGE)
    assert not wiki.read(["User talk:Ana"])["User talk:Ana"].exists


def test_a_talk_page_that_leads_elsewhere_is_left_alone(tmp_path: Path):
    people, wiki = FolderPeople(tmp_path / "wiki"), Folder(tmp_path / "wiki")
    people.edit("User talk:Ana", "#REDIRECT [[User talk:Anna]]")
    with pytest.raises(Refusal, match=r"leads to User talk:Anna; name that page in run.yaml"):
        telling.add_section(wiki, "", "User talk:Ana", MESSAGE)

"""A page of the wiki lets one host write at a time: on a folder, and on a real wiki."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.people import FolderPeople, Place
from tests.support.running import ROOT
from wikiplan.errors import Stop
from wikiplan.session import lockpage
from wikiplan.session.filelock import Holder
from wikiplan.session.lockpage import LockPage, LockPageName
from wikiplan.wiki.folder import Folder

FREE = """\
<!-- wikiplan:begin lock | sha256:{digest} | {more} -->
<!-- {{"last": "{run}"}} -->
No run is writing. The last one was {run}.
<!-- wikiplan:end lock -->"""


MORE = "managed from plan data; edits here are found and asked about"


def holder(run: str) -> Holder:
    return Holder(run, "ada", f"host-{run}", 5, f"machine-{run}", "2021-07-01T12:00:00Z")


@dataclass
class Host:
    """A run on a host of its own, with its clock."""

    place: Place
    title: str
    run: str
    stop_page: str = ""
    dead: Holder | None = None
    said: list[str] = field(default_factory=list)
    seconds: float = 0

    def __post_init__(self) -> None:
        name = LockPageName(self.title, self.stop_page)
        self.lock = LockPage(
            self.place.wiki, name, holder(self.run), self.said.append, self.dead,
            lambda: self.seconds,
        )  # fmt: skip

    def take(self) -> LockPage:
        self.lock.look()
        self.lock.take()
        return self.lock


def refused(do: Any) -> str:
    with pytest.raises(Stop) as stopped:
        do()
    assert stopped.value.code == "locked"
    return str(stopped.value)


def history(place: Place, title: str) -> list[str]:
    """Return the summaries of a page's history, the oldest first."""
    return [each.summary for each in reversed(place.wiki.history(0, title, 0))]


def test_a_run_takes_the_lock_before_its_first_write_and_gives_it_back(place: Place, title: str):
    lock = Host(place, title, "a").lock
    lock.look()
    assert not place.wiki.read([title])[title].exists, "who has nothing to write makes no edit"
    lock.take()
    text = place.people.text(title)
    assert '<!-- {"run": "a", "owner": "ada", "host": "host-a", "process": 5, "machine": ' in text
    assert text.splitlines()[2] == (
        "Run a (owner: ada, host: host-a) is writing. If this page does not change for 15 minutes, "
        "that run has died, and the next one takes over. To free the lock by hand, blank this page."
    )
    lock.give_back()
    text = place.people.text(title)
    digest = text.split("sha256:")[1].split()[0]
    assert text == FREE.format(digest=digest, run="a", more=MORE)
    assert history(place, title) == [
        "Lock taken, or its time renewed [run a-lock]",
        "Lock given back [run a-lock]",
    ]


def test_of_hosts_that_looked_at_once_one_takes_the_lock(place: Place, title: str):
    hosts = [Host(place, title, name) for name in "abc"]
    for each in hosts:
        each.lock.look()
    hosts[1].lock.take()
    taken = f"{title}: {holder('b')} is writing; nothing was written: wait until it ends, or end it"
    assert refused(hosts[0].lock.take) == taken
    assert refused(Host(place, title, "d").lock.look).startswith(f"{taken}; if it was killed, a ")
    hosts[1].lock.give_back()
    assert refused(hosts[2].lock.take) == (
        f"{title}: another run, which has ended since this one looked, holds the lock; nothing was "
        "written: wait until it ends, or end it"
    )
    assert [each.lock.is_held for each in hosts] == [False] * 3
    Host(place, title, "e").take().give_back()
    assert len(history(place, title)) == 4


def test_a_lock_whose_run_died_is_taken_over_after_its_life_and_told(
    place: Place, title: str, monkeypatch: pytest.MonkeyPatch
):
    Host(place, title, "a").take()
    late = Host(place, title, "b")
    assert refused(late.lock.look)
    monkeypatch.setattr(lockpage, "LIFE", timedelta(0))
    late.take()
    (said,) = late.said
    told = f"{title}: took over the lock of {holder('a')}, which was last heard of at 20"
    assert said.startswith(told)
    assert late.lock.is_held


def test_a_run_that_is_known_to_have_died_holds_nobody_up(place: Place, title: str):
    """The lock of its machine tells: it was taken over from the same run."""
    Host(place, title, "a").take()
    then = Host(place, title, "b", dead=holder("a"))
    then.take()
    assert then.said == [f"{title}: took over the lock of {holder('a')}, which has died."]


def test_the_lock_is_renewed_before_a_write_if_it_is_time(place: Place, title: str):
    host = Host(place, title, "a")
    host.take()
    host.seconds = lockpage.RENEWED_AFTER.total_seconds() - 1
    host.lock.check()
    assert len(history(place, title)) == 1
    host.seconds += 1
    host.lock.check()
    host.lock.check()
    host.lock.give_back()
    assert len(history(place, title)) == 3


def test_a_run_that_stood_still_while_another_took_over_writes_no_more(
    place: Place, title: str, monkeypatch: pytest.MonkeyPatch
):
    host = Host(place, title, "a")
    host.take()
    with monkeypatch.context() as later:
        later.setattr(lockpage, "LIFE", timedelta(0))
        Host(place, title, "b").take()
    host.seconds = 3600
    with pytest.raises(Stop, match="the lock is another's, as this run had stood still") as stopped:
        host.lock.check()
    assert stopped.value.code == "lock-lost"
    host.lock.give_back()
    assert '"run": "b"' in place.people.text(title), "it is not ours to give back"


def test_what_people_write_around_the_lock_stays_at_every_step(place: Place, title: str):
    place.people.edit(title, "People's.")
    host = Host(place, title, "a")
    host.lock.look()
    place.people.edit(title, "People's own.")
    host.lock.take()
    place.people.edit(title, f"== Why ==\n{place.people.text(title)}\n\nBelow.")
    host.seconds = 3600
    host.lock.check()
    place.people.edit(title, place.people.text(title).replace("Below.", "Far below."))
    host.lock.give_back()
    text = place.people.text(title)
    assert text.startswith("== Why ==\nPeople's own.\n\n<!-- wikiplan:begin lock ")
    assert text.endswith("<!-- wikiplan:end lock -->\n\nFar below.")
    assert "No run is writing. The last one was a." in text


def test_blanking_the_page_frees_the_lock(place: Place, title: str):
    Host(place, title, "a").take()
    place.people.edit(title, "" if isinstance(place.people, FolderPeople) else "Free.")
    Host(place, title, "b").take().give_back()
    assert "The last one was b." in place.people.text(title)


def test_the_documentation_quotes_the_lock_page(folder: Folder):
    run = Holder("20261122T172007Z-cfd83e", "ada", "pod-1", 7, "m", "2026-11-22T17:20:07Z")
    lock = LockPage(folder, LockPageName("Lock"), run, print)
    lock.take()
    told = folder.read(["Lock"])["Lock"].text.splitlines()[2]
    page = (ROOT / "docs" / "operator" / "locks.md").read_text(encoding="utf-8")
    assert f"\n> {told}\n" in page
    assert f"{run} is writing; nothing was written: wait until it ends, or end it\n" in page


# What no lock can be, and what goes wrong: on a folder alone


@pytest.fixture
def here(folder: Folder) -> Place:
    folder.directory.mkdir()
    return Place(folder, FolderPeople(folder.directory))


def test_what_people_made_of_the_lock_holds_it_for_a_life(here: Place):
    Host(here, "Lock", "a").take()
    here.people.edit("Lock", here.people.text("Lock").replace('{"run"', "{run"))
    assert refused(Host(here, "Lock", "b").lock.look).startswith(
        "Lock: what editor wrote there, and no run holds the lock; nothing was written: "
    )


def test_text_on_the_stop_page_keeps_the_lock_from_being_taken(here: Place):
    here.people.edit("Stop", "Stop!")
    with pytest.raises(Stop) as stopped:
        Host(here, "Lock", "a", "Stop").take()
    assert stopped.value.code == "stop-page"
    assert not here.wiki.read(["Lock"])["Lock"].exists


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("#REDIRECT [[Other]]", "Lock", "lock-page: Lock: is a redirect to Other; name that"),
        ("", "[[", "lock-page: [[: holds “[”, which no title can; write the page's title"),
    ],
)
def test_a_page_that_can_be_no_lock_ends_the_run(here: Place, text: str, title: str, told: str):
    here.people.edit("Lock", text)
    with pytest.raises(Stop) as stopped:
        Host(here, title, "a").lock.look()
    assert (stopped.value.code, str(stopped.value)) == ("lock-page", told)


def test_a_lock_that_cannot_be_given_back_is_told_and_ends_by_itself(
    here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    host = Host(here, "Lock", "a")
    host.take()
    here.people.edit("Lock", "#REDIRECT [[Other]]")
    host.lock.give_back()
    (said,) = host.said
    assert said.startswith("Lock: the lock was not given back (")
    assert said.endswith("it ends by itself after 15 minutes.")


def test_without_a_lock_page_nothing_is_asked_or_written(here: Place):
    lock = LockPage(here.wiki, LockPageName(), holder("a"), print)
    for step in (lock.look, lock.take, lock.check, lock.give_back):
        step()
    assert not any(here.wiki.directory.iterdir())  # type: ignore[attr-defined]


def test_names_of_machines_are_no_wikitext_and_end_no_comment(here: Place):
    name = Holder("a", "{{x}}", "h --> ~~~~ <b>", 5, "m", "2021")
    lock = LockPage(here.wiki, LockPageName("Lock"), name, print)
    lock.take()
    text = here.people.text("Lock")
    assert "(owner: -x-, host: h----b-)" in text
    assert "\\u003e \\u007e" in text
    other = LockPage(here.wiki, LockPageName("Lock"), holder("b"), print)
    assert str(name) in refused(other.look)


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_hosts_go_on_one_at_a_time_holds_the_lock(here: Place, seed: int):
    chance, writing, ended = random.Random(seed), "", 0
    hosts = [Host(here, "Lock", str(number)) for number in range(5)]
    steps = {host.run: iter(("look", "take", "check", "give_back")) for host in hosts}
    while steps:
        run = chance.choice(sorted(steps))
        step = next(steps[run], "")
        if not step:
            del steps[run]
            continue
        host = hosts[int(run)]
        host.seconds += chance.choice((0, 3600))
        try:
            getattr(host.lock, step)()
        except Stop as stop:
            assert stop.code == "locked"
            del steps[run]
            continue
        if step == "take":
            assert not writing
            writing = run
        elif step == "give_back":
            assert writing == run
            writing, ended = "", ended + 1
        assert sum(each.lock.is_held for each in hosts) == bool(writing)
    assert ended

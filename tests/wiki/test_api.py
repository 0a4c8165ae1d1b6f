"""The conversation with a wiki's API: what is sent, what is sent again, and what never is.

The answers are recorded, the requests and the faults are real; what a real MediaWiki makes of
them is in test_site.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.support import recordedwiki, wikicases
from tests.support.people import forget_sites
from tests.support.recordedwiki import RecordedWiki
from tests.support.wikicases import Case
from wikiplan.errors import Refusal, Stop, WikiplanError
from wikiplan.value import replace
from wikiplan.wiki import api, waits
from wikiplan.wiki.interface import Edit, Head

RUN = "20210701T000000Z-abc123"
EDIT = Edit("Plan", 2, 2, "Our new plan.", f"Changed [run {RUN}]")
MISTAKE = Head("Mistake", 4, 4)


@pytest.fixture(scope="module")
def server() -> Iterator[RecordedWiki]:
    wiki = RecordedWiki().start()
    yield wiki
    wiki.stop()


@pytest.fixture(scope="module")
def connection(server: RecordedWiki) -> Iterator[api.Connection]:
    """Pywikibot's connection to the recorded wiki, opened once."""
    from wikiplan.wiki import site

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WIKIPLAN_TEST_ADDRESS", server.address)
        forget_sites()
        yield site.open_site("lab", "lab")._connection
        forget_sites()


@pytest.fixture
def wiki(server: RecordedWiki) -> RecordedWiki:
    server.will_answer()
    return server


@pytest.fixture
def cold(wiki: RecordedWiki, connection: api.Connection) -> api.Site:
    """The recorded wiki before anything was asked, and before it said to wait."""
    connection._site.throttle.retry_after = 0  # type: ignore[attr-defined]
    return api.Site(connection)


@pytest.fixture
def site(wiki: RecordedWiki, cold: api.Site) -> api.Site:
    """The same, logged in as a bot."""
    wiki.will_answer("opened")
    cold.account()
    return cold


@pytest.fixture
def waited(cold: api.Site, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waiting takes no time; the list holds how many seconds it would have taken."""
    seconds: list[float] = []

    def sleep(pause: float) -> None:
        seconds.append(pause)
        cold._connection._site.throttle.retry_after = 0  # type: ignore[attr-defined]

    monkeypatch.setattr(waits, "wait", sleep)
    return seconds


CALLS: dict[str, Callable[[api.Site], Any]] = {
    "save": lambda site: site.save(EDIT),
    "save another": lambda site: site.save(replace(EDIT, title="Other plan", page_id=3)),
    "save later": lambda site: site.save(replace(EDIT, base=4)),
    "history": lambda site: site.history(3, "Other plan", 2),
    "text": lambda site: site.text_of(4),
    "heads": lambda site: site.heads(["Plan", "Gone"]),
    "lengths": lambda site: {t: len(page.text) for t, page in site.read(["Short", "Long"]).items()},
    "redirect": lambda site: site.read(["Old plan"])["Old plan"].redirect_to,
    "departure": lambda site: site.departure("Plan"),
    "delete": lambda site: site.delete(MISTAKE, "made by mistake"),
}


@wikicases.each("api/conversations.cases")
def test_a_conversation(case: Case, wiki: RecordedWiki, site: api.Site, waited: list[float]):
    wiki.will_answer(*recordedwiki.names_of(case.blocks["wiki"]))
    told = outcome(CALLS[case.blocks["does"]], site)
    assert MARK.sub("MARK", told) == case.blocks["outcome"]
    assert wiki.actions == case.blocks["sent"].splitlines()
    assert [f"{seconds:g}" for seconds in waited] == case.blocks["waited"].splitlines()
    assert wiki.answers == []


MARK = re.compile(r"\b[0-9a-f]{16}\b")


def outcome(call: Callable[[api.Site], Any], site: api.Site) -> str:
    try:
        return str(call(site))
    except WikiplanError as error:
        code = f" {error.code}" if isinstance(error, Refusal) else ""
        return f"{type(error).__name__}{code}\n{error}"


def test_a_wiki_that_went_silent_keeps_a_run_waiting_once(
    wiki: RecordedWiki, site: api.Site, waited: list[float]
):
    wiki.will_answer(*["(an empty object)"] * 5, "heads")
    for _ in range(2):
        with pytest.raises(Stop, match="then run again"):
            CALLS["heads"](site)
    with pytest.raises(Stop) as stopped:
        site.save(EDIT)
    assert (stopped.value.code, str(stopped.value)) == (
        "unreachable",
        "Plan: not sent: lab:lab does not answer; "
        "look whether the wiki and the network are up, then run again",
    )
    assert wiki.actions == ["query"] * 5
    assert waited == [1, 5, 15]
    CALLS["heads"](site)  # now it answers
    wiki.will_answer("saved")
    assert site.save(EDIT).number == 4


def test_a_wiki_that_asks_for_an_hour_is_left_alone(wiki: RecordedWiki, site: api.Site):
    throttle = site._connection._site.throttle  # type: ignore[attr-defined]
    throttle.retry_after = 3600
    wiki.will_answer()
    try:
        for call in (CALLS["heads"], CALLS["save"]):
            with pytest.raises(Stop) as stopped:
                call(site)
            assert str(stopped.value) == (
                "lab:lab asks to be left alone for 3600 seconds, and -patience: is 300; "
                "nothing more was sent: run again after that time"
            )
        waits.allow(7200)
        with (
            waits.ended_by(lambda: "interrupted by SIGTERM"),
            pytest.raises(Stop, match="interrupted by SIGTERM"),
        ):
            CALLS["save"](site)
    finally:
        throttle.retry_after = 0
        waits.allow(waits.LONGEST_SECONDS)
    assert wiki.actions == []


def test_every_recorded_answer_has_a_use():
    names = {path.stem for path in recordedwiki.ANSWERS.glob("*.json")}
    used = {
        name.partition(recordedwiki.STALE)[0]
        for case in wikicases.read(recordedwiki.ANSWERS / "conversations.cases")
        for name in recordedwiki.names_of(case.blocks["wiki"])
    }
    here = ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
    used |= {node.value for node in here if isinstance(node, ast.Constant)}
    assert names - used == set()


# What a write says, so that it can only do what was meant


WRITER = {
    "assert": "bot",
    "assertuser": "PlanBot",
    "maxlag": "5",
    "token": "c9b4d0505ac0ced3d7a90493b487d2156b0c4f85+\\",
    "format": "json",
    "formatversion": "2",
    "errorformat": "plaintext",
    "errorlang": "en",
    "errorsuselocal": "1",
}


def test_a_save_names_its_base_its_text_and_who_writes(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("saved")
    site.save(EDIT)
    assert wiki.sent == [
        WRITER
        | {
            "action": "edit",
            "title": "Plan",
            "nocreate": "1",
            "baserevid": "2",
            "text": "Our new plan.",
            "summary": f"Changed [run {RUN}]",
            "md5": "fb22e6c295ab381cd5a631ee01475cb3",
            "watchlist": "nochange",
            "bot": "1",
        }
    ]


def test_a_new_page_is_made_only_where_none_is_or_was(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("saved")
    site.save(Edit("Plan", 0, 0, "Our new plan.", "x"))
    (sent,) = wiki.sent
    assert (sent["createonly"], sent["starttimestamp"]) == ("1", "2001-01-15T00:00:00Z")
    assert not {"nocreate", "baserevid", "basetimestamp", "pageid"} & set(sent)


def test_an_account_without_the_bot_right_is_asserted_as_a_user(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("opened-no-bot", "saved")
    cold.save(EDIT)
    assert wiki.sent[-1]["assert"] == "user"
    assert "bot" not in wiki.sent[-1]


def test_who_was_a_bot_once_is_asserted_as_one_for_the_whole_run(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer("opened-no-bot", "saved")
    site.account()
    site.save(EDIT)
    assert (wiki.sent[-1]["assert"], wiki.sent[-1].get("bot")) == ("bot", None)


def test_a_title_that_would_name_another_page_is_not_sent(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer()
    with pytest.raises(Refusal) as refused:
        site.save(Edit("Plan#Now", 2, 2, "text", "x"))
    assert str(refused.value) == (
        "Plan#Now: the title holds '#', which no title may hold; correct it in pages.yaml"
    )
    assert wiki.sent == []


def test_nothing_is_written_with_simulate(
    wiki: RecordedWiki, site: api.Site, monkeypatch: pytest.MonkeyPatch
):
    from pywikibot import config

    monkeypatch.setattr(config, "simulate", True)
    wiki.will_answer("heads-mistake")
    for write in (lambda: site.save(EDIT), lambda: site.delete(MISTAKE, "x")):
        with pytest.raises(Refusal, match=r"^(Plan|Mistake): nothing was sent, because of "):
            write()
    assert wiki.actions == ["query"]


# Who writes


def test_account_token_and_tags_are_asked_for_at_once(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("opened")
    assert cold.extension_tags == {
        "pre", "nowiki", "gallery", "indicator", "langconvert", "ref", "references",
    }  # fmt: skip
    assert "assertuser" not in wiki.sent[0]
    wiki.will_answer("heads", "saved")
    cold.heads(["Plan", "Gone"])
    cold.save(EDIT)
    assert wiki.actions == ["query", "edit"]
    assert wiki.sent[0]["assertuser"] == "PlanBot"


def test_who_is_not_logged_in_is_logged_in_and_asked_for_again(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("nobody", "opened")
    assert cold.account().name == "PlanBot"
    assert wiki.actions == ["query", "query"]


def test_a_login_that_is_another_accounts_stops_the_run(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("nobody", "nobody")
    with pytest.raises(Stop) as stopped:
        cold.account()
    assert (stopped.value.code, str(stopped.value)) == (
        "not-logged-in",
        "lab:lab: logged in as 127.0.0.1 instead of PlanBot; "
        "run “pwb login”, and check usernames and password_file in user-config.py",
    )


def test_a_block_is_told_with_the_account(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("opened-blocked")
    assert cold.account().blocked == "by Admin, until further notice: runs wild"


# Reading


def test_pages_come_by_the_titles_that_were_asked_for(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("pages")
    found = site.read(["plan", "Gone", "A|B", " "])
    assert wiki.sent[0]["titles"] == "\x1fplan\x1fGone"
    assert {title: (page.title, page.number, page.text) for title, page in found.items()} == {
        "plan": ("Plan", 2, "Our plan."),
        "Gone": ("Gone", 0, ""),
        "A|B": ("A|B", 0, ""),
        " ": (" ", 0, ""),
    }
    assert found["A|B"].refusals == (
        ("invalid-title", "the title holds '|', which no title may hold"),
    )
    assert found[" "].refusals == (("invalid-title", "the title is empty"),)


def test_titles_that_no_wiki_takes_cost_no_request(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer()
    assert set(site.heads(["", "<b>"])) == {"", "<b>"}
    assert wiki.sent == []


@pytest.mark.parametrize(
    ("account", "size"), [("opened", api.BATCH_HIGH), ("opened-no-bot", api.BATCH)]
)
def test_titles_are_asked_for_in_batches_each_once(
    wiki: RecordedWiki, cold: api.Site, account: str, size: int
):
    titles = [f"Page {number}" for number in range(size + 1)]
    wiki.will_answer(account, "pages")
    with pytest.raises(Stop, match=r"^Page 0: the wiki left the page out of its answer$"):
        cold.read([*titles, *titles])
    assert wiki.sent[-1]["titles"].split("\x1f") == ["", *titles[:size]]


def test_a_title_is_asked_for_in_the_form_in_which_the_wiki_stores_it(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer("heads")
    with pytest.raises(Stop, match="the wiki left the page out of its answer"):
        site.heads(["Cafe\u0301"])
    assert wiki.sent[0]["titles"] == "\x1fCaf\xe9"


def test_the_history_of_a_page_begins_behind_a_revision(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("history", "history", "history-gone")
    assert [entry.number for entry in site.history(2, "Plan", 0)] == [4, 2]
    assert [entry.number for entry in site.history(2, "Plan", 2)] == [4]
    assert site.history(0, "Gone", 0) == ()
    assert [(sent.get("pageids"), sent.get("titles")) for sent in wiki.sent] == [
        ("2", None),
        ("2", None),
        (None, "Gone"),
    ]


def test_a_revisions_text_is_the_stored_one(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("text", "text-gone")
    assert site.text_of(2) == "Our plan."
    with pytest.raises(Refusal) as refused:
        site.text_of(999)
    assert str(refused.value) == (
        "revision 999: the newest revision's text is hidden or cannot be loaded"
    )


def test_the_edits_of_a_run_are_told_by_its_id_in_the_summary(wiki: RecordedWiki, site: api.Site):
    since = datetime(2021, 7, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    wiki.will_answer("contributions", "contributions")
    (edit,) = site.contributions(RUN, since)
    assert (edit.title, edit.page_id, edit.number, edit.parent) == ("Plan", 2, 4, 2)
    assert edit.timestamp.tzinfo == UTC
    assert wiki.sent[0]["ucend"] == "2021-07-01T00:00:00Z"
    assert wiki.sent[0]["ucuser"] == "PlanBot"
    assert site.contributions("20210701T000000Z-other1", since) == ()


def test_what_the_wiki_would_store_is_asked_without_writing(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("stored")
    assert site.stored("Plan", "~~~~ x") == (
        "[[User:PlanBot|PlanBot]] ([[User talk:PlanBot|talk]]) 16:15, 29 November 2026 (UTC) x"
    )
    assert (wiki.sent[0]["onlypst"], "token" in wiki.sent[0]) == ("1", False)


def test_links_are_asked_about_only_where_the_wiki_would_save_any(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer()
    site.check_links(["https://spam.example/x"])
    assert wiki.sent == []


def test_each_new_link_is_asked_about_once(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("opened-sboverride", "links-fine", "links-fine")
    cold.check_links(["https://good.example/2", "https://good.example/1"])
    cold.check_links(["https://good.example/1"])
    cold.check_links(["https://good.example/3", "https://good.example/1"])
    assert [(sent["action"], sent.get("url")) for sent in wiki.sent[1:]] == [
        ("spamblacklist", "\x1fhttps://good.example/1\x1fhttps://good.example/2"),
        ("spamblacklist", "\x1fhttps://good.example/3"),
    ]


def test_a_link_on_the_spam_list_is_refused_and_asked_about_again(
    wiki: RecordedWiki, cold: api.Site
):
    wiki.will_answer("opened-sboverride", "links-listed", "links-listed")
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            cold.check_links(["https://spam.example/x"])
        assert (refused.value.code, str(refused.value)) == (
            "spamblacklist",
            "a link in the text is on the wiki's spam list: spam.example; "
            "take it out of the plan's data",
        )
    assert wiki.actions == ["query", "spamblacklist", "spamblacklist"]


def test_a_wiki_without_a_spam_list_takes_all_links(wiki: RecordedWiki, cold: api.Site):
    wiki.will_answer("opened-sboverride", "no-such-action", "readonly")
    cold.check_links(["https://good.example/1"])
    with pytest.raises(Stop, match="the wiki is read-only"):
        cold.check_links(["https://good.example/2"])


def test_styles_are_asked_for_once_a_run_and_never_a_persons_own(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer("rendered", "rendered")
    wiki.styles_asked.clear()
    first, second = (site.rendered("Plan", "''x'' <ref>a</ref>") for _ in range(2))
    assert first == second
    assert first.html.startswith('<div class="mw-parser-output"><p><i>x</i> <sup id="cite')
    assert first.styles == recordedwiki.CSS
    assert len(wiki.styles_asked) == 1
    assert not api.PERSONAL_STYLES & set(wiki.styles_asked[0].split("|"))


def test_the_address_of_a_page_is_told_without_asking(wiki: RecordedWiki, cold: api.Site):
    address = f"http://{wiki.address}/index.php?title=Our_plan%2Far%3F"
    assert cold.address("Our plan/ar?") == address
    assert (wiki.sent, cold.name) == ([], "lab:lab")


def test_requests_are_counted_lost_ones_too(
    wiki: RecordedWiki, site: api.Site, waited: list[float]
):
    before = site.requests
    wiki.will_answer(recordedwiki.CLOSED, "heads")
    site.heads(["Plan", "Gone"])
    assert site.requests == before + 2


# Reading once what several steps of a run need


def test_a_page_is_read_once_while_reads_are_shared_also_by_who_only_looks(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer("pages", "pages")
    with site.sharing_reads():
        first = site.read_to_edit(["Plan", "Gone"])
        assert site.read_to_edit(["Gone", "Plan"]) == first
        assert site.read(["Plan"])["Plan"] == first["Plan"]
        assert len(wiki.sent) == 1
    site.read(["Plan", "Gone"])
    assert len(wiki.sent) == 2


def test_who_wants_to_edit_asks_for_refusals_though_others_have_read_it(
    wiki: RecordedWiki, site: api.Site
):
    wiki.will_answer("pages", "pages")
    with site.sharing_reads():
        site.read(["Plan", "Gone"])
        site.read_to_edit(["Plan", "Gone"])
    assert ["intestactions" in each for each in wiki.sent] == [False, True]


def test_after_a_write_pages_are_read_anew(wiki: RecordedWiki, site: api.Site):
    wiki.will_answer("pages", "saved", "pages")
    with site.sharing_reads():
        site.read(["Plan", "Gone"])
        site.save(EDIT)
        site.read(["Plan", "Gone"])
    assert wiki.actions == ["query", "edit", "query"]

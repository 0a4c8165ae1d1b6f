"""What only a real MediaWiki does: refusals, filters, limits, lost answers, and what it costs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support import mediawiki as lab
from tests.support import proxy as faults
from tests.support.mediawiki import MediaWiki
from tests.support.proxy import Proxy
from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.value import replace
from wikiplan.wiki import api
from wikiplan.wiki.interface import Edit

pytestmark = pytest.mark.wiki

TEXT = "People's text.\n\nOld section.\n\nMore people's text."
NEW = TEXT.replace("Old", "New")
# What MediaWiki 1.42 and older do, and what newer ones do.
HELD_TO_SPAM_LIST = "$wgGroupPermissions['bot']['sboverride'] = false;"
PASSES_SPAM_LIST = "$wgGroupPermissions['bot']['sboverride'] = true;"
SIGNS_EVERYTHING = """$wgHooks['ParserPreSaveTransformComplete'][] =
static function ( $parser, &$text ) { $text .= ' X'; };"""
WITHOUT_ACTION = """$wgExtensionFunctions[] = static function () {
unset( $GLOBALS['wgAPIModules']['spamblacklist'] ); };"""


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Waiting takes no time in these tests; the list holds why they would have waited."""
    from wikiplan.wiki import site

    waited: list[str] = []

    def wait(self: Any, seconds: float, why: str) -> None:
        waited.append(why)
        self._site.throttle.retry_after = 0

    monkeypatch.setattr(site._Connection, "wait", wait)
    return waited


def person_makes(mediawiki: MediaWiki, site: Any, title: str, text: str = TEXT) -> Edit:
    """Let a person make a page; returns the edit that would put a new section on it."""
    mediawiki.edit(title, text)
    now = site.read([title])[title]
    return Edit(title, now.page_id, now.number, NEW, "test")


def users(mediawiki: MediaWiki, title: str) -> list[str]:
    return [entry["user"] for entry in mediawiki.history(title)]


# Saving


def test_an_edit_is_flagged_as_a_bots(mediawiki: MediaWiki, site: Any, title: str):
    saved = site.save(person_makes(mediawiki, site, title))
    change = mediawiki.changes("PlanBot")[0]
    assert (change["title"], change["revid"], change["bot"]) == (title, saved.number, True)


def test_a_merge_on_the_server_shows_in_the_parent(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    between = mediawiki.edit(title, TEXT + " And more.")
    saved = site.save(edit)
    assert saved.parent == between != edit.base
    assert mediawiki.text(title) == NEW + " And more."


def test_a_page_turned_into_a_redirect_is_not_overwritten(
    mediawiki: MediaWiki, site: Any, title: str
):
    edit = person_makes(mediawiki, site, title)
    mediawiki.edit(title, "#REDIRECT [[Main Page]]")
    with pytest.raises(Conflict):
        site.save(edit)
    assert mediawiki.text(title) == "#REDIRECT [[Main Page]]"


def test_another_page_moved_to_the_title_is_not_overwritten(
    mediawiki: MediaWiki, site: Any, title: str
):
    edit = person_makes(mediawiki, site, title)
    mediawiki.move(title, f"{title} away", redirect=False)
    mediawiki.edit(f"{title} other", "Another page.")
    mediawiki.move(f"{title} other", title, redirect=False)
    with pytest.raises(Conflict):
        site.save(edit)
    assert mediawiki.text(title) == "Another page."
    assert mediawiki.text(f"{title} away") == TEXT


def test_text_that_the_wiki_would_normalise_is_refused(mediawiki: MediaWiki, site: Any, title: str):
    edit = replace(person_makes(mediawiki, site, title), text="e\u0301")
    with pytest.raises(Refusal) as refused:
        site.save(edit)
    assert refused.value.code == "badmd5"
    assert mediawiki.text(title) == TEXT


def test_nothing_is_sent_with_simulate(
    mediawiki: MediaWiki, site: Any, title: str, monkeypatch: pytest.MonkeyPatch
):
    from pywikibot import config

    edit = person_makes(mediawiki, site, title)
    monkeypatch.setattr(config, "simulate", True)
    with mediawiki.log() as log, pytest.raises(Refusal, match="nothing was sent"):
        site.save(edit)
    assert log.actions == []


# What the wiki refuses


def test_a_protected_page_is_foretold_and_refused(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    mediawiki.protect(title)
    assert [code for code, _ in site.refusals([title])[title]] == ["protectedpage"]
    with pytest.raises(
        Refusal, match=f"^{title}: the page is protected: the wiki says "
    ) as refused:
        site.save(edit)
    assert refused.value.code == "protectedpage"
    assert not isinstance(refused.value, Stop)
    assert users(mediawiki, title) == ["Admin", "Trans"]


def test_a_page_used_on_a_cascading_one_is_refused(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    mediawiki.edit(f"{title} over", f"{{{{:{title}}}}}")
    mediawiki.protect(f"{title} over", cascade=True)
    assert [code for code, _ in site.refusals([title])[title]] == ["cascadeprotected"]
    with pytest.raises(Refusal, match="protected with the pages it is used on"):
        site.save(edit)


def test_a_title_protected_against_creation_is_refused(mediawiki: MediaWiki, site: Any, title: str):
    mediawiki.protect(title)
    assert site.refusals([title])[title]
    with pytest.raises(Refusal):
        site.save(Edit(title, 0, 0, TEXT, "test"))
    assert mediawiki.history(title) == []


def test_a_blocked_account_stops_the_run(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.blocked("PlanBot", "runs wild"):
        assert site.account().blocked == "by Admin, until further notice: runs wild"
        assert [code for code, _ in site.refusals([title])[title]] == ["blocked"]
        with pytest.raises(Stop, match=f"^{title}: the account is blocked: the wiki says "):
            site.save(edit)
    assert site.account().blocked == ""
    assert mediawiki.text(title) == TEXT


def test_a_block_for_single_pages_is_no_block_of_the_account(
    mediawiki: MediaWiki, site: Any, title: str
):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.blocked("PlanBot", partial=1, pagerestrictions=title, allowusertalk=1):
        assert site.account().blocked == ""
        assert [code for code, _ in site.refusals([title])[title]] == ["blocked"]
        with pytest.raises(Refusal):
            site.save(edit)


@pytest.mark.parametrize("action", ["warn", "disallow"])
def test_an_edit_filter_is_told_and_never_confirmed(
    mediawiki: MediaWiki, site: Any, title: str, action: str
):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.filter(f'page_title == "{title}"', action), mediawiki.log() as log:
        with pytest.raises(Refusal, match="an edit filter of the wiki was hit") as refused:
            site.save(edit)
        assert log.actions.count("edit") == 1
    code = {"warn": "abusefilter-warning", "disallow": "abusefilter-disallowed"}[action]
    assert refused.value.code == code
    assert "lab filter" in str(refused.value)
    assert mediawiki.text(title) == TEXT


def test_a_blacklisted_link_is_refused_and_named(mediawiki: MediaWiki, site: Any, title: str):
    edit = replace(person_makes(mediawiki, site, title), text="See https://spam.example/x here.")
    with (
        mediawiki.settings(HELD_TO_SPAM_LIST),
        mediawiki.page("MediaWiki:Spam-blacklist", r"\bspam\.example\b"),
        pytest.raises(Refusal, match=r"spam list: .*spam\.example") as refused,
    ):
        site.save(edit)
    assert refused.value.code == "spamblacklist"
    assert mediawiki.text(title) == TEXT


def test_where_a_bot_passes_the_spam_list_the_list_is_asked(mediawiki: MediaWiki, site_of: Any):
    urls = {"https://fine.example/", "https://listed.example/a", "//listed.example/b?x=1|2"}
    with (
        mediawiki.settings(PASSES_SPAM_LIST),
        mediawiki.page("MediaWiki:Spam-blacklist", r"\blisted\.example\b"),
        pytest.raises(Refusal) as refused,
    ):
        site_of().check_links(urls)
    assert refused.value.code == "spamblacklist"
    assert str(refused.value) == (
        "a link in the text is on the wiki's spam list: listed.example; "
        "take it out of the plan's data"
    )


def test_the_spam_list_is_asked_once_about_an_address(mediawiki: MediaWiki, site_of: Any):
    with mediawiki.settings(PASSES_SPAM_LIST):
        site = site_of()
        site.account()
        with mediawiki.log() as log:
            site.check_links(["https://fine.example/1", "https://fine.example/2"])
            site.check_links(["https://fine.example/2"])
            site.check_links([])
    assert log.actions == ["spamblacklist"]


def test_a_wiki_that_holds_the_account_to_its_spam_list_is_not_asked(
    mediawiki: MediaWiki, site_of: Any
):
    with mediawiki.settings(HELD_TO_SPAM_LIST):
        site = site_of()
        site.account()
        with mediawiki.log() as log:
            site.check_links(["https://fine.example/"])
    assert log.actions == []


def test_the_right_to_pass_a_spam_list_is_no_fault_where_there_is_no_list(
    mediawiki: MediaWiki, site_of: Any
):
    with mediawiki.settings(PASSES_SPAM_LIST + WITHOUT_ACTION), mediawiki.log() as log:
        site_of().check_links(["https://fine.example/"])
    assert log.actions.count("spamblacklist") == 1


def test_a_blacklisted_title_is_refused(mediawiki: MediaWiki, site: Any, title: str):
    with (
        mediawiki.page("MediaWiki:Titleblacklist", f"{title}.*"),
        pytest.raises(Refusal, match="title blacklist") as refused,
    ):
        site.save(Edit(title, 0, 0, TEXT, "test"))
    assert refused.value.code.startswith("titleblacklist-")
    assert mediawiki.history(title) == []


def test_a_page_that_is_not_wikitext_is_told_and_never_turned_into_it(
    mediawiki: MediaWiki, site: Any, title: str
):
    mediawiki.edit(title, '{"a": 1}', "Admin", contentmodel="json")
    now = site.read([title])[title]
    assert now.content_model == "json"
    with pytest.raises(Refusal):
        site.save(Edit(title, now.page_id, now.number, TEXT, "test"))
    assert site.read([title])[title].number == now.number


def test_a_read_only_wiki_stops_the_run(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    with (
        mediawiki.settings("$wgReadOnly = 'moving house';"),
        pytest.raises(Stop, match=r"^.*: the wiki is read-only: .* run again later$"),
    ):
        site.save(edit)
    assert mediawiki.text(title) == TEXT


def test_titles_of_other_wikis_are_refused(site: Any):
    read = site.read(["Wikipedia:Village pump"])["Wikipedia:Village pump"]
    words = "the title leads to another wiki (wikipedia)"
    assert read.refusals == (("invalid-title", words),)


def test_titles_are_written_as_the_folder_writes_them(mediawiki: MediaWiki, site: Any):
    path = Path(__file__).parents[1] / "cases/pagefile/normal.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    # Without Translate there is no such namespace; Wikimedia's wikis leave “ß” alone, others not.
    others = ("#", "translations:", "ß")
    if mediawiki.version.startswith("MediaWiki 1.39"):  # it has capital letters there
        others += ("ǆ", "კ")
    cases = [line.split("\t") for line in lines if not line.startswith(others)]
    read = site.read([typed for typed, _ in cases])
    assert {typed: read[typed].title for typed, _ in cases} == dict(cases)


def test_the_content_language_of_a_page_is_told(mediawiki: MediaWiki, site: Any, title: str):
    mediawiki.edit(title, TEXT)
    mediawiki.page_language(title, "ar")
    assert site.read([title])[title].language == "ar"
    assert site.read([f"{title}/ar"])[f"{title}/ar"].language == "en"


# Limits, logins and tokens: the server has done nothing, and the same save may be sent again

RATE_LIMIT = "$wgRateLimits['edit'] = [ '&can-bypass' => false, 'user' => [ 0, 60 ] ];"


def test_a_save_over_the_rate_limit_is_sent_again_after_a_while(
    mediawiki: MediaWiki, site: Any, title: str, monkeypatch: pytest.MonkeyPatch
):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.settings(RATE_LIMIT):
        limit = mediawiki.directory / "settings" / "test.php"
        waited: list[str] = []

        def wait(seconds: float, why: str) -> None:
            waited.append(why)
            limit.write_text("<?php\n", encoding="utf-8")

        monkeypatch.setattr(site._connection, "wait", wait)
        saved = site.save(edit)
    assert len(waited) == 1 and "ratelimited" in waited[0]
    assert saved.parent == edit.base
    assert users(mediawiki, title) == ["PlanBot", "Trans"]


def test_a_rate_limit_that_does_not_end_stops_the_run(
    mediawiki: MediaWiki, site: Any, title: str, waits: list[str]
):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.settings(RATE_LIMIT), pytest.raises(Stop, match="faster than the wiki allows"):
        site.save(edit)
    assert len(waits) == len(api.WRITE_PAUSES_SECONDS)
    assert mediawiki.text(title) == TEXT


def test_a_save_refused_for_lag_is_sent_again(
    mediawiki: MediaWiki,
    site: Any,
    title: str,
    waits: list[str],
    monkeypatch: pytest.MonkeyPatch,
):
    from pywikibot import config

    edit = person_makes(mediawiki, site, title)
    monkeypatch.setattr(config, "write_maxlag", -2)  # a single database lags by -1
    with mediawiki.log() as log, pytest.raises(Stop, match="the wiki's databases lag behind"):
        site.save(edit)
    assert log.actions == ["edit"] * 5
    assert len(waits) == len(api.WRITE_PAUSES_SECONDS)
    monkeypatch.setattr(config, "write_maxlag", 5)
    site._connection._site.throttle.retry_after = 0
    assert site.save(edit).number
    assert users(mediawiki, title) == ["PlanBot", "Trans"]


def test_an_old_token_is_renewed(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    site._token = "0123456789abcdef+\\"
    assert site.save(edit).number
    assert users(mediawiki, title) == ["PlanBot", "Trans"]


def test_a_lost_login_is_renewed_and_never_edits_as_somebody_else(
    mediawiki: MediaWiki, site: Any, title: str
):
    from pywikibot.comms import http

    edit = person_makes(mediawiki, site, title)
    http.session.cookies.clear()
    assert site.save(edit).number
    assert users(mediawiki, title) == ["PlanBot", "Trans"]


def test_a_bot_right_lost_on_the_way_stops_the_run(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    assert "bot" in site.account().rights
    with mediawiki.without_group("PlanBot", "bot"):
        assert "bot" not in site.account().rights
        with pytest.raises(Stop, match="the account has no bot right"):
            site.save(edit)
    assert mediawiki.text(title) == TEXT


def test_a_wrong_password_stops_with_what_to_do(site_of: Callable[..., Any]):
    from pywikibot import config

    site = site_of("Nobody")
    assert config.password_file
    with pytest.raises(Stop, match=r"no password for Nobody, and nobody is there") as error:
        site.account()
    assert error.value.code == "not-logged-in"


WAYS_OUT = {
    "no file": "there is no file {path}; write it, or correct password_file in user-config.py",
    "('Somebody', 'a password')": (
        "no password for PlanBot, and nobody is there to be asked; "
        'write ("PlanBot", BotPassword("NAME", "PASSWORD")) into {path}'
    ),
    "('PlanBot', 'a password": (
        '{path}: a line cannot be read; write it like ("PlanBot", BotPassword("NAME", "PASSWORD"))'
    ),
}


@pytest.mark.parametrize("line", WAYS_OUT)
def test_a_login_that_fails_is_told_in_one_sentence(
    line: str, site_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    from pywikibot import config

    path = tmp_path / "passwords"
    if line != "no file":
        path.write_text(line, encoding="utf-8")
        path.chmod(0o600)
    monkeypatch.setattr(config, "password_file", str(path))
    with pytest.raises(Stop) as stopped:
        site_of()._connection.log_in()
    told = WAYS_OUT[line].format(path=path)
    assert str(stopped.value) == f"lab:lab: the login failed: {told}"


def test_a_secret_that_nobody_may_write_to_stays_as_it_is(
    site_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    from pywikibot import config

    path = tmp_path / "passwords"
    path.write_text(f"('PlanBot', '{lab.PASSWORDS['PlanBot']}')", encoding="utf-8")
    path.chmod(0o400)
    monkeypatch.setattr(config, "password_file", str(path))
    monkeypatch.setattr(config, "private_files_permission", 0o600)
    site_of()._connection.log_in()
    assert path.stat().st_mode & 0o777 == 0o400


def test_a_first_request_that_fails_is_told_in_a_line(
    proxy: Proxy, site_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):  # fmt: skip
    from pywikibot import config

    monkeypatch.setattr(config, "retry_wait", 0)
    proxy.fail("query", faults.DROP, faults.ERROR_500)
    with caplog.at_level("INFO"):
        assert site_of().account().name == "PlanBot"
    told = [record.getMessage() for record in caplog.records if record.name == "pywiki"]
    assert [line for line in told if "no answer" in line] == [
        "no answer: requests.exceptions.ConnectionError: ('Connection aborted.', "
        "RemoteDisconnected('Remote end closed connection without response'))",
        "no answer: pywikibot.exceptions.ServerError: 500 Server Error: Internal Server Error",
    ]
    assert "Traceback" not in "".join(told)


def test_the_plans_site_and_pywikibots_must_agree(site: Any, site_of: Callable[..., Any]):
    from wikiplan.wiki.site import check_site

    check_site("lab:lab", site)
    check_site("meta:meta", site_of(name="meta"))
    with pytest.raises(Stop) as stopped:
        check_site("meta:meta", site)
    assert str(stopped.value) == (
        "pages.yaml is for meta:meta, but Pywikibot is set up for lab:lab "
        f"(its directory is {os.environ['PYWIKIBOT_DIR']}); nothing was done; "
        "run with -site:meta:meta, or correct user-config.py, PYWIKIBOT_DIR or pages.yaml"
    )


def test_addresses_of_known_sites_are_told_without_a_wiki(mediawiki: MediaWiki):
    from wikiplan.wiki import site

    assert site.script_of("lab:lab") == f"http://{mediawiki.address}/index.php"
    assert site.script_of("commons:commons") == "https://commons.wikimedia.org/w/index.php"
    assert (site.script_of("commons:xx"), site.script_of("nowhere:en")) == ("", "")


def test_an_unknown_site_is_told(mediawiki: MediaWiki):
    from wikiplan.wiki.site import open_site

    with pytest.raises(Stop, match="Pywikibot knows no such site"):
        open_site("labb", "labb")


# Lost answers


@pytest.mark.parametrize(
    ("fault", "edits"),
    [
        (faults.LOSE, 1),
        (faults.HTML, 1),
        (faults.ERROR_500, 1),
        (faults.CUT, 1),
        (faults.EMPTY, 1),
        (faults.DROP, 0),
    ],
)
def test_a_save_whose_answer_is_lost_is_unclear_and_never_sent_again(
    mediawiki: MediaWiki,
    proxy: Proxy,
    site_of: Callable[..., Any],
    title: str,
    fault: str,
    edits: int,
):
    site = site_of()
    edit = person_makes(mediawiki, site, title)
    proxy.fail("edit", *[fault] * 9)
    with pytest.raises(Unclear, match=f"^{title}: "):
        site.save(replace(edit, summary="run 123"))
    assert proxy.seen.count("edit") == 1
    found = [e for e in site.history(edit.page_id, title, edit.base) if "run 123" in e.summary]
    assert len(found) == edits
    assert users(mediawiki, title) == ["PlanBot"] * edits + ["Trans"]


@pytest.mark.parametrize("fault", [faults.LOSE, faults.HTML, faults.ERROR_500, faults.CUT])
def test_a_question_whose_answer_is_lost_is_asked_again(
    mediawiki: MediaWiki, proxy: Proxy, site_of: Callable[..., Any], title: str, fault: str
):
    mediawiki.edit(title, TEXT)
    site = site_of()
    site.account()
    proxy.fail("query", fault, fault)
    assert site.read([title])[title].text == TEXT


def test_a_wiki_that_never_answers_stops_the_run(proxy: Proxy, site_of: Callable[..., Any]):
    site = site_of()
    site.account()
    proxy.fail("query", *[faults.LOSE] * 9)
    with pytest.raises(Stop, match=r"^no answer from lab:lab: .* then run again$") as stopped:
        site.read(["Main Page"])
    assert stopped.value.code == "unreachable"


def test_a_wiki_that_is_down_is_told_at_once(
    mediawiki: MediaWiki, site_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    from pywikibot import config

    monkeypatch.setattr(config, "retry_wait", 0)
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", f"127.0.0.1:{lab.free_port()}")
    with pytest.raises(Stop, match=r"^lab:lab: no answer: ") as stopped:
        site_of()
    assert stopped.value.code == "unreachable"


# What it costs


def titles_of(title: str, count: int) -> list[str]:
    return [f"{title}/{number}" for number in range(count)]


@pytest.mark.parametrize(("user", "batch"), [("PlanBot", 500), ("Trans", 50)])
def test_pages_are_read_in_batches(
    mediawiki: MediaWiki, site_of: Callable[..., Any], title: str, user: str, batch: int
):
    titles = titles_of(title, 120)
    mediawiki.fill({name: f"{name} text" for name in titles[:30]})
    site = site_of(user)
    site.account()
    before = site.requests
    with mediawiki.log() as log:
        read = site.read(titles)
    assert len(log.actions) == site.requests - before == -(-120 // batch)
    assert [page.text for page in read.values()] == [f"{name} text" for name in titles[:30]] + [
        ""
    ] * 90
    with mediawiki.log() as log:
        heads = site.heads(titles)
    assert len(log.actions) == -(-120 // batch)
    assert {name: head.number for name, head in heads.items()} == {
        name: page.number for name, page in read.items()
    }


def test_an_answer_cut_at_the_wikis_size_limit_is_continued(
    mediawiki: MediaWiki, site: Any, title: str
):
    titles = titles_of(title, 6)
    mediawiki.fill({name: f"{name} {'x' * 9000}" for name in titles})
    with mediawiki.settings("$wgAPIMaxResultSize = 20000;"), mediawiki.log() as log:
        read = site.read(titles)
    assert [page.text[: len(name)] for name, page in read.items()] == titles
    assert log.actions.count("query") > 2


def test_all_redirects_cost_one_request_more(mediawiki: MediaWiki, site: Any, title: str):
    titles = titles_of(title, 5)
    mediawiki.fill({name: f"#REDIRECT [[{name} target#Part]]" for name in titles})
    site.account()
    with mediawiki.log() as log:
        read = site.read(titles)
    assert log.actions == ["query", "query"]
    assert {name: page.redirect_to for name, page in read.items()} == {
        name: f"{name} target#Part" for name in titles
    }


@pytest.mark.parametrize("target", ["Special:Version", "wikipedia:X", "{{PAGENAME}}", "A{b"])
def test_an_odd_redirect_is_never_taken_for_a_page(
    mediawiki: MediaWiki, site: Any, title: str, target: str
):
    mediawiki.edit(title, f"#REDIRECT [[{target}]]")
    read, head = site.read([title])[title], site.heads([title])[title]
    assert bool(read.redirect_to) == head.redirect
    assert read.text == f"#REDIRECT [[{target}]]"
    if read.redirect_to:
        followed = site.read([read.redirect_to])[read.redirect_to]
        assert [code for code, _ in followed.refusals] == ["invalid-title"]


PROCESS = """
import sys
from wikiplan.wiki import site
rest = site.handle_arguments(["-site:lab:lab", "-page:X"])
wiki = site.open_site()
site.check_site("lab:lab", wiki)
account = wiki.account()
pages = wiki.read([f"{sys.argv[1]}/{n}" for n in range(60)])
print(rest, account.name, len(wiki.extension_tags) > 3, len(pages), wiki.requests)
"""


def test_a_whole_process_with_a_warm_login_costs_two_requests_besides_the_pages(
    mediawiki: MediaWiki, site: Any, title: str
):
    site.account()  # leaves the login's cookies behind
    with mediawiki.log() as log:
        done = subprocess.run(
            [sys.executable, "-c", PROCESS, title],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
    assert done.stdout.splitlines()[-1] == "['-page:X'] PlanBot True 60 3"
    assert log.actions == ["query"] * 3
    assert log.writes == 0


def test_a_changed_page_costs_two_requests(mediawiki: MediaWiki, site: Any, title: str):
    edit = person_makes(mediawiki, site, title)
    with mediawiki.log() as log:
        assert site.stored(title, NEW) == NEW
        site.save(edit)
    assert log.actions == ["parse", "edit"]
    assert log.writes == 1


def test_only_one_text_that_stays_as_it_is_is_asked_about(mediawiki: MediaWiki, site: Any):
    site.account()
    with mediawiki.log() as log:
        texts = ["One.", "[[Two]]", "{{three}}", "{{{four}}}", "five~~~"]
        assert [site.stored("Page", text) for text in texts[:4]] == texts[:4]
        assert "five[[User:PlanBot|" in site.stored("Page", texts[4])
    assert log.actions == ["parse", "query", "parse"]  # the query is for the words for “subst:”


def test_a_wiki_that_changes_every_text_is_asked_about_each(mediawiki: MediaWiki, site: Any):
    site.account()
    with mediawiki.settings(SIGNS_EVERYTHING), mediawiki.log() as log:
        assert [site.stored("Page", text) for text in ("One.", "Two.")] == ["One. X", "Two. X"]
    assert log.actions == ["parse", "parse"]


def test_what_would_be_refused_is_asked_only_where_it_is_wanted(
    mediawiki: MediaWiki, site: Any, title: str
):
    mediawiki.edit(title, TEXT)
    mediawiki.protect(title)
    assert site.read([title])[title].refusals == ()
    refusals = site.refusals([title, f"{title} 2"])
    assert [code for code, _ in refusals[title]] == ["protectedpage"]
    assert refusals[f"{title} 2"] == ()
    assert site.read_to_edit([title])[title].refusals == refusals[title]

"""The languages that a wiki has for its pages: what the API does, and what people chose."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.mediawiki import ApiError, MediaWiki
from tests.support.translatelab import TranslateWiki
from wikiplan.errors import Conflict, Refusal, Unclear
from wikiplan.value import replace
from wikiplan.wiki import pagelanguages
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Revision
from wikiplan.wiki.pagelanguages import (
    RENDERED_ANEW_AFTER_SECONDS,
    LanguageEntry,
    PageLanguage,
    PageLanguages,
    taken_back,
)

RIGHT = "$wgGroupPermissions['bot']['pagelang'] = true;"
RUN = "20210701T000000Z-abc123"
ARABIC = PageLanguage("en", "ar", summary=f"Arabic [run {RUN}]")


@pytest.fixture
def allowed(mediawiki: MediaWiki) -> Iterator[None]:
    """Give bots the right to set page languages."""
    with mediawiki.settings(RIGHT):
        yield


def languages_of(site: Any) -> PageLanguages:
    return PageLanguages(site, site.account())


def test_a_folder_has_none_to_set(folder: Folder):
    assert languages_of(folder).why_not == (
        "a folder's pages get theirs in .wikiplan/site.json (page-languages)"
    )
    assert pagelanguages.language_log(folder, "Plan/ar") == ()
    assert pagelanguages.languages_given(folder, RUN, datetime.now(UTC)) == ()


@pytest.mark.wiki
def test_without_the_right_nothing_more_is_asked(mediawiki: MediaWiki, site: Any):
    found = languages_of(site)
    with mediawiki.log() as log:
        assert found.why_not == "PlanBot lacks the right “pagelang”"
    assert log.actions == []


@pytest.mark.wiki
def test_a_wiki_that_has_no_page_languages_is_told_by_its_special_pages(
    mediawiki: MediaWiki, site: Any, title: str
):
    with mediawiki.settings(f"{RIGHT} $wgPageLanguageUseDB = false;"):
        assert languages_of(site).why_not == (
            "this wiki's pages have all its own language ($wgPageLanguageUseDB is off)"
        )
        mediawiki.edit(title, "text")
        with pytest.raises(Refusal, match="take page-language out") as refused:
            languages_of(site).set(title, 0, ARABIC)
    assert refused.value.code == "pagelang-disabled"


@pytest.mark.wiki
def test_a_language_makes_a_line_in_the_log_and_no_revision(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    mediawiki.edit(title, "{{formatnum:12345}}")
    before, found = site.read([title])[title], languages_of(site)
    assert (found.why_not, found.log(title)) == ("", ())
    time.sleep(RENDERED_ANEW_AFTER_SECONDS)
    assert found.set(title, before.page_id, ARABIC) == ""
    after = site.read([title])[title]
    assert (after.number, after.language) == (before.number, "ar")
    (entry,) = found.log(title)
    assert (entry.title, entry.page_id, entry.user) == (title, before.page_id, "PlanBot")
    assert (entry.before, entry.after, entry.summary) == ("en", "ar", ARABIC.summary)
    assert (entry.from_usual, entry.to_usual) == (True, False)
    since = datetime.now(UTC) - timedelta(minutes=10)
    assert pagelanguages.languages_given(site, RUN, since) == (entry,)
    assert pagelanguages.languages_given(site, "20210701T000000Z-other1", since) == ()
    asked = {"list": "recentchanges", "rctype": "log", "rcprop": "title|flags|loginfo"}
    (listed,) = (
        each
        for each in mediawiki.api(action="query", **asked)["query"]["recentchanges"]
        if each["title"] == title
    )
    assert (listed["logtype"], listed["bot"]) == ("pagelang", True)
    shown = mediawiki.api(action="parse", page=title)["parse"]["text"]
    assert "١٢٬٣٤٥" in shown

    back = taken_back([entry], entry, after)
    assert back == PageLanguage("ar", "en", usual=True)
    assert back and found.set(title, before.page_id, back) == ""
    newest = found.log(title)[0]
    assert (newest.after, newest.to_usual) == ("en", True)


@pytest.mark.wiki
def test_what_people_did_a_moment_before_is_a_conflict(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    mediawiki.edit(title, "text")
    page_id = site.heads([title])[title].page_id
    mediawiki.page_language(title, "fr")
    with pytest.raises(Conflict, match="its language is fr now, and was en when it was read"):
        languages_of(site).set(title, page_id, ARABIC)
    with pytest.raises(Conflict, match="run again"):
        languages_of(site).set(title, page_id + 1, PageLanguage("fr", "ar"))
    assert site.read([title])[title].language == "fr"


@pytest.mark.wiki
def test_what_the_wiki_refuses_is_told_in_its_words(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    mediawiki.edit(title, "text")
    with pytest.raises(Refusal, match="xx-none"):
        languages_of(site).set(title, 0, PageLanguage("en", "xx-none"))
    with pytest.raises(Conflict, match="the page was deleted or moved after it was read"):
        languages_of(site).set(f"{title} none", 0, ARABIC)
    mediawiki.protect(title)
    with pytest.raises(Refusal, match="the page is protected") as refused:
        languages_of(site).set(title, 0, ARABIC)
    assert refused.value.code == "protectedpage"
    with mediawiki.without_group("PlanBot", "bot"), pytest.raises(Refusal, match="bot right"):
        languages_of(site).set(title, 0, ARABIC)


@pytest.mark.wiki
def test_the_language_stays_where_people_chose_it(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    mediawiki.edit(title, "text")
    found = languages_of(site)

    def wanted(language: str = "ar", *, again: bool = False) -> PageLanguage | None:
        return found.wanted(site.read([title])[title], language, again=again)

    def left(language: str = "ar", *, again: bool = False) -> str:
        said = wanted(language, again=again)
        assert said and said.left
        return said.left

    assert wanted("en") is None
    assert wanted() == PageLanguage("en", "ar")
    page_id = site.heads([title])[title].page_id
    found.set(title, page_id, ARABIC)
    assert wanted() is None
    assert wanted("arz") == PageLanguage("ar", "arz")  # ours, and the plan has another one now

    back = PageLanguage("ar", "en", usual=True, summary="Took back [run other]")
    found.set(title, page_id, back)
    assert left() == (
        "the language ar that a run gave the page was taken back, left alone; write it after all "
        "with -drift:reclaim"
    )
    assert wanted(again=True) == PageLanguage("en", "ar")

    mediawiki.page_language(title, "fr")
    for again in (False, True):
        told, _, way_out = left(again=again).partition("; ")
        assert told.startswith("Admin gave the page the language fr at 20")
        assert way_out == pagelanguages.BY_HAND


@pytest.mark.wiki
def test_a_language_that_nobody_knows_the_origin_of_stays(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    """The log stays at the title that a page had when its language was chosen."""
    mediawiki.edit(f"{title} old", "text")
    mediawiki.page_language(f"{title} old", "fr")
    mediawiki.move(f"{title} old", title, redirect=False)
    said = languages_of(site).wanted(site.read([title])[title], "ar")
    assert said and said.left.startswith(
        "the page's language is fr, and its log does not say who chose it, left alone; set it on"
    )


@pytest.mark.wiki
def test_nothing_is_asked_about_a_page_that_has_its_language(
    mediawiki: MediaWiki, site: Any, allowed: None, title: str
):
    mediawiki.edit(title, "text")
    found, page = languages_of(site), site.read([title])[title]
    with mediawiki.log() as log:
        assert found.wanted(page, "en") is None
        assert found.wanted(Revision(f"{title}/ar"), "ar") == PageLanguage("en", "ar")
    assert log.actions == []


ENTRY = LanguageEntry(
    "Plan/ar", 7, "en", "ar", "PlanBot", datetime(2021, 7, 1, tzinfo=UTC), "", from_usual=True
)


@pytest.mark.parametrize(
    ("newest", "now", "expected"),
    [
        (ENTRY, "ar", PageLanguage("ar", "en", usual=True)),
        (ENTRY, "en", None),
        (None, "fr", "by somebody"),
        (replace(ENTRY, user="Olga", before="ar", after="fr"), "fr", "by Olga"),
    ],
)
def test_a_language_is_taken_back_where_it_is_still_ours(newest, now, expected):
    page = Revision("Plan/ar", page_id=7, number=3, language=now)
    back = taken_back([ENTRY], newest, page)
    if isinstance(expected, str):
        assert back and expected in back.left
    else:
        assert back == expected


def answer(**reply: str) -> dict[str, Any]:
    return {"setpagelanguage": {"title": "Plan/ar", "logid": 1, **reply}}


def test_an_answer_of_another_page_is_unclear():
    for odd in ({}, {"setpagelanguage": "x"}, {"setpagelanguage": {"title": "Other"}}):
        with pytest.raises(Unclear, match="says nothing of the page's language"):
            pagelanguages._set(odd, "Plan/ar", ARABIC)


def test_a_language_that_came_in_the_moment_before_is_told():
    told = pagelanguages._set(answer(oldlanguage="fr", newlanguage="ar"), "Plan/ar", ARABIC)
    assert told == (
        "somebody gave the page the language fr in the moment before, and now it is ar; set it on "
        "Special:PageLanguage if it should be otherwise"
    )
    assert pagelanguages._set(answer(oldlanguage="en[def]"), "Plan/ar", ARABIC) == ""


@pytest.mark.wiki
@pytest.mark.translate
def test_translate_refuses_to_let_its_translation_pages_have_another(
    translate_wiki: TranslateWiki, translate_site: Any, title: str
):
    translate_wiki.edit(title, "<translate><!--T:1--> Text.</translate>", "Admin")
    translate_wiki.mark(title)
    translate_wiki.edit(f"Translations:{title}/1/de", "Text!", "Admin")
    translate_wiki.run_jobs()
    with translate_wiki.settings(RIGHT):
        site = translate_site()
        page = site.read([f"{title}/de"])[f"{title}/de"]
        assert page.language == "de"
        with pytest.raises(Refusal) as refused:
            languages_of(site).set(page.title, page.page_id, PageLanguage("de", "ar"))
    assert refused.value.code == "tpt-target-page"
    with pytest.raises(ApiError):
        translate_wiki.page_language(page.title, "ar")

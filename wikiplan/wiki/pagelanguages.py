"""The languages that a wiki has for its pages: whether they may be set, who set them, setting one.

Measured with MediaWiki 1.43. ``action=setpagelanguage`` makes a line in the log ``pagelang`` and no
revision; it takes no base, follows the page's protection, and an account with the bot right makes
it as a bot. Where ``$wgPageLanguageUseDB`` is off, which is the default, there is no
Special:PageLanguage, and the API says so only when it is asked to set one. A page's rendering that
is of the same second stays as it was (:data:`RENDERED_ANEW_AFTER_SECONDS`).

Nothing is asked about a page that has the language that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from wikiplan import utc
from wikiplan.errors import MOVED_ON, Conflict, Unclear
from wikiplan.value import Value, replace
from wikiplan.wiki import answers
from wikiplan.wiki.answers import Answer, understood
from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Account, Revision, Wiki, made_by

LANGUAGE_RIGHT = "pagelang"
SPECIAL_PAGE = "PageLanguage"
"""The special page that a wiki has where its pages may have languages."""
USUAL = "default"
"""What the API calls the wiki's own language, that of pages for which none was set."""
_MARK_OF_USUAL = "[def]"
"""Stands in the log behind the wiki's own language."""
RENDERED_ANEW_AFTER_SECONDS = 1.0
"""So long after a page was saved the wiki has to render it anew for its new language."""

BY_HAND = (
    "set it on Special:PageLanguage if it should be otherwise, or say `page-language: false` for "
    "the page in pages.yaml"
)


class PageLanguage(Value):
    """A page's language that is to be set: MediaWiki's codes as it is, and as it is to be.

    ``usual`` says that the new one is the wiki's own, with none set for this page. ``left`` says
    why it stays as it is, ``undone`` that this is because ``plan_undo`` took it back: then texts
    made for it may be back as well. ``summary`` is what the log gets, with the run's id.
    """

    before: str
    after: str
    usual: bool = False
    left: str = ""
    undone: bool = False
    summary: str = ""

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class LanguageEntry(Value):
    """One line of the log: who gave a page which language instead of which, and when (UTC).

    ``from_usual`` and ``to_usual`` say that it was, or is, the wiki's own. What is hidden is empty.
    """

    title: str
    page_id: int
    before: str
    after: str
    user: str
    timestamp: datetime
    summary: str
    from_usual: bool = False
    to_usual: bool = False


class PageLanguages:
    """What one account may do about the languages of a wiki's pages; a folder has none to set."""

    def __init__(self, wiki: Wiki, account: Account) -> None:
        self._site = wiki if isinstance(wiki, Site) else None
        self._account = account
        self._name = wiki.name

    # Whether, and of which pages

    @cached_property
    def why_not(self) -> str:
        """Why no language can be set, empty where it can; one request where that is not certain."""
        if self._site is None:
            return "a folder's pages get theirs in .wikiplan/site.json (page-languages)"
        if LANGUAGE_RIGHT not in self._account.rights:
            return f"{self._account.name} lacks the right “{LANGUAGE_RIGHT}”"
        if not self._siteinfo[0]:
            return "this wiki's pages have all its own language ($wgPageLanguageUseDB is off)"
        return ""

    @cached_property
    def _siteinfo(self) -> tuple[bool, str]:
        """Whether pages may have languages, and the wiki's own."""
        assert self._site
        asked = {"meta": "siteinfo", "siprop": "general|specialpagealiases"}
        return _siteinfo(self._site.ask("query", **asked))

    def wanted(self, page: Revision, language: str, *, again: bool = False) -> PageLanguage | None:
        """Return what becomes of a page's language where it is not ``language``, None elsewhere.

        It stays where people chose it; also where ``plan_undo`` took ours back, unless it is wanted
        ``again``. Ask only where :attr:`why_not` is empty. One request about a page that exists.
        """
        if page.language == language:
            return None
        wanted = PageLanguage(page.language, language)
        if not page.exists:
            return wanted
        # Of an older page under this title nothing counts.
        entries = [each for each in self.log(page.title) if each.page_id == page.page_id]
        if left := self._why_left(entries, page, language):
            return replace(wanted, left=left)
        if again or not any(self._gave(entry, language) for entry in entries):
            return wanted
        told = f"the language {language} that a run gave the page was taken back, left alone"
        way_out = "write it after all with -drift:reclaim"
        return replace(wanted, left=f"{told}; {way_out}", undone=True)

    def _why_left(self, entries: Sequence[LanguageEntry], page: Revision, language: str) -> str:
        """Say why a page's language is not ours to change, whatever is wanted, if it is not."""
        usual = page.language == self._siteinfo[1]
        if not entries:
            told = f"the page's language is {page.language}, and its log does not say who chose it"
            return "" if usual else f"{told}, left alone; {BY_HAND}"
        newest = entries[0]
        if newest.user != self._account.name:
            who, when = newest.user or "somebody", utc.stamp(newest.timestamp)
            told = f"{who} gave the page the language {page.language} at {when}, left alone"
            return f"{told}; {BY_HAND}"
        if newest.after == language:
            return (
                f"a run gave the page the language {language}, and the wiki shows it as "
                f"{page.language}: an extension decides it, or has another code for the language; "
                "say `page-language: false` for the page in pages.yaml"
            )
        return ""

    def _gave(self, entry: LanguageEntry, language: str) -> bool:
        return (entry.user, entry.after) == (self._account.name, language)

    def log(self, title: str) -> tuple[LanguageEntry, ...]:
        return language_log(self._site, title) if self._site else ()

    # Setting one

    def set(self, title: str, page_id: int, language: PageLanguage) -> str:
        """Give a page its language, once; returns what came between, if anything did.

        A wiki takes no base for it, so that is looked at a moment before. Raises as
        ``wiki.interface.Wiki.save`` does.
        """
        assert self._site
        now = self._site.heads([title])[title]
        if now.page_id != (page_id or now.page_id) or now.language != language.before:
            raise Conflict(
                MOVED_ON,
                f"{title}: its language is {now.language} now, and was {language.before} when it "
                "was read; run again",
            )
        parameters = {
            "action": "setpagelanguage",
            "lang": USUAL if language.usual else language.after,
            "reason": language.summary,
        }
        return _set(self._site.post(title, parameters), title, language)


def language_log(wiki: Wiki, title: str) -> tuple[LanguageEntry, ...]:
    """Return who gave the page of a title its languages, the newest first; one request.

    A folder knows nothing of that.
    """
    if not isinstance(wiki, Site):
        return ()
    return tuple(_log(wiki, {"letitle": title, "lelimit": "max"}))


def languages_given(wiki: Wiki, run: str, since: datetime) -> tuple[LanguageEntry, ...]:
    """Return the languages that a run of the account gave to pages since then, the newest first."""
    if not isinstance(wiki, Site) or not wiki.may(LANGUAGE_RIGHT):
        return ()
    asked = {"leuser": wiki.user, "leend": utc.stamp(since), "lelimit": "max"}
    return tuple(each for each in _log(wiki, asked) if made_by(run, each.summary))


def _log(site: Site, asked: Mapping[str, str]) -> Iterator[LanguageEntry]:
    properties = {"letype": "pagelang", "leprop": "title|ids|user|timestamp|comment|details"}
    for answer in site.query(list="logevents", **properties, **asked):
        yield from _entries(answer)


def taken_back(
    given: Sequence[LanguageEntry], newest: LanguageEntry | None, page: Revision
) -> PageLanguage | None:
    """Return what takes back the languages that a run gave a page; None where that is done.

    They are ``given`` with the newest first; ``newest`` is the newest line of the page's log.
    """
    first = given[-1]
    back = PageLanguage(page.language, first.before, usual=first.from_usual)
    if page.language == first.before:
        return None
    if newest == given[0] and page.language == newest.after:
        return back
    by = newest.user if newest and newest.user else "somebody"
    told = f"the page's language was changed since, by {by}, left as it is"
    return replace(back, left=f"{told}; set it on Special:PageLanguage")


@understood
def _siteinfo(answer: Answer) -> tuple[bool, str]:
    found = answer["query"]
    names = {each["realname"] for each in found["specialpagealiases"]}
    return SPECIAL_PAGE in names, str(found["general"]["lang"])


@understood
def _entries(answer: Answer) -> list[LanguageEntry]:
    return [_entry(each) for each in answer["query"]["logevents"]]


def _entry(each: Mapping[str, Any]) -> LanguageEntry:
    parameters = each.get("params", {})
    before, after = (str(parameters.get(key, "")) for key in ("oldlanguage", "newlanguage"))
    return LanguageEntry(
        title=str(each.get("title", "")),
        page_id=int(each.get("logpage", 0)),
        before=before.removesuffix(_MARK_OF_USUAL),
        after=after.removesuffix(_MARK_OF_USUAL),
        user=str(each.get("user", "")),
        timestamp=answers.instant(each["timestamp"]),
        summary=str(each.get("comment", "")),
        from_usual=before.endswith(_MARK_OF_USUAL),
        to_usual=after.endswith(_MARK_OF_USUAL),
    )


def _set(answer: Answer, title: str, language: PageLanguage) -> str:
    if failure := answers.error(answer, title):
        raise failure
    reply = answer.get("setpagelanguage")
    if not isinstance(reply, Mapping) or reply.get("title") != title:
        raise Unclear(f"{title}: the wiki's answer says nothing of the page's language")
    before = str(reply.get("oldlanguage", "")).removesuffix(_MARK_OF_USUAL)
    if before == language.before:
        return ""
    return (
        f"somebody gave the page the language {before} in the moment before, and now it is "
        f"{language.after}; set it on Special:PageLanguage if it should be otherwise"
    )

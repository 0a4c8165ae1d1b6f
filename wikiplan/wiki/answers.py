"""What the answers of MediaWiki's API mean: revisions, heads, saves and errors in wikiplan's words.

An answer is the JSON object that the API returned with ``formatversion=2`` and
``errorformat=plaintext``. Nothing here knows a network; ``wiki.site`` asks the questions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from wikiplan.errors import (
    HIDDEN_TEXT,
    INVALID_TITLE,
    ODD_ANSWER,
    CodesOfWiki,
    Conflict,
    Message,
    Refusal,
    Stop,
    Unclear,
    WikiplanError,
)
from wikiplan.wiki.interface import (
    Account,
    Contribution,
    Departure,
    Edit,
    Head,
    HistoryEntry,
    PastRevision,
    Refusals,
    Revision,
    Saved,
)

INCOMPLETE = "incomplete-answer"
OTHER_ANSWER = "other-answer"

Answer = Mapping[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def understood(meaning: Callable[P, T]) -> Callable[P, T]:
    """Let an answer that lacks something, or has another shape, end in words and no traceback."""

    @wraps(meaning)
    def told(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return meaning(*arguments, **named)
        except ODD as fault:
            message = f"the wiki's answer cannot be understood ({type(fault).__name__}: {fault})"
            raise Stop(ODD_ANSWER, f"{message}; look what the wiki is, then run again") from fault

    return told


# "#" would silently name another page (fact 8); U+001F separates titles in a request.
UNFIT = re.compile(r"[\x00-\x1f\x7f#<>\[\]|{}\ufffd]")

# Types and actions of log entries that tell how a page left its title.
DEPARTURES = {"delete": ("delete", "delete_redir"), "move": ("move", "move_redir")}

SUBSTITUTING = ("safesubst", "subst")

CONFLICTS: CodesOfWiki[str] = {
    "articleexists": "somebody created the page after it was read",
    "editconflict": "somebody changed, moved or replaced the page after it was read",
    "missingtitle": "the page was deleted or moved after it was read",
    "nosuchrevid": "the revision that the text was made from is gone",
    "pagelang-db-failed": "somebody changed the page's language at the same moment",
    "pagelang-unchanged-language": "somebody gave the page this language already",
}
CONFLICT_ADVICE = "run again: the next run works from the page as it is then"

PASS = "do not go on before an administrator of the wiki has looked at it"
STOPS: CodesOfWiki[tuple[str, str]] = {
    "assertbotfailed": ("the account has no bot right", "ask for it, or log in as the bot account"),
    "assertnameduserfailed": ("the login was lost or is another account's", "log in again"),
    "assertuserfailed": ("the login was lost", "log in again: pwb login"),
    "autoblocked": ("the address of this machine is blocked", PASS),
    "badtoken": ("the wiki does not accept the login's token", "log in again: pwb login"),
    "blocked": ("the account is blocked", PASS),
    "globalblocking-": ("the address of this machine is blocked on all wikis", PASS),
    "maxlag": ("the wiki's databases lag behind", "run again later"),
    "mwoauth-": ("the wiki does not accept the OAuth credentials", "renew them"),
    "noedit": ("the account may not edit", "give it the right, or its password the grant"),
    "notloggedin": ("nobody is logged in", "log in: pwb login"),
    "permissiondenied": (
        "the account lacks a right",
        "give it the right, or its password the grant",
    ),
    "ratelimited": (
        "the account edits faster than the wiki allows",
        "raise put_throttle, run again",
    ),
    "readapidenied": ("the account may not read", "log in: pwb login"),
    "readonly": ("the wiki is read-only", "run again later"),
    "writeapidenied": ("the account may not use the writing API", "ask an administrator"),
}
REFUSALS: CodesOfWiki[tuple[str, str]] = {
    # A second hit ends the run (wikiplan.changes.apply): filters may block accounts (fact 25).
    "abusefilter-": ("an edit filter of the wiki was hit; its warnings are never confirmed", PASS),
    "badmd5": (
        "the text was damaged on its way, or the wiki normalises it",
        "look at its characters",
    ),
    "captcha": ("the wiki asks for a captcha", "give the account the right skipcaptcha"),
    "cascadeprotected": (
        "the page is protected with the pages it is used on",
        "ask an administrator",
    ),
    "contenttoobig": ("the page would be longer than the wiki allows", "split it"),
    "pagedeleted": (
        "people deleted this page, so it is not created again",
        "restore it on the wiki, or take it out of pages.yaml",
    ),
    "hookaborted": ("an extension of the wiki refuses the edit", "read what it says"),
    "invalid-content-data": ("the text does not fit the page's content model", "check pages.yaml"),
    "invalidtitle": ("the title is not allowed", "correct it in pages.yaml"),
    "no-direct-editing": (
        "pages of this content model cannot be edited as text",
        "check pages.yaml",
    ),
    "pagelang-disabled": (
        "this wiki's pages have all its own language",
        "take page-language out of pages.yaml",
    ),
    "protectedpage": (
        "the page is protected",
        "ask an administrator, or leave it out of pages.yaml",
    ),
    "protectednamespace": ("the account may not edit this namespace", "check pages.yaml"),
    "protectedtitle": ("the title is protected against creation", "ask an administrator"),
    "session-page-restricted": ("the page is not on the list of the account's password", "add it"),
    "spamblacklist": (
        "a link in the text is on the wiki's spam list",
        "take it out of the plan's data",
    ),
    "translate-invalidlanguage": (
        "the wiki knows no such language",
        "check the languages in pages.yaml",
    ),
    "translate-language-disabled": (
        "the wiki takes no translations into this language",
        "take it out of the languages in pages.yaml",
    ),
    "titleblacklist-": ("the title is on the wiki's title blacklist", "ask an administrator"),
}
# The server died on the way: it may have saved before that.
UNCLEAR = ("internal_api_error", "unknownerror")


def error(answer: Answer, subject: str) -> WikiplanError | None:
    """Return the gravest error of an answer as an exception whose text begins with ``subject``."""
    errors = answer.get("errors", ())
    if not isinstance(errors, Sequence) or not all(isinstance(each, Mapping) for each in errors):
        return Unclear(f"{subject}: the wiki's answer says nothing: {answer!r:.200}")
    return min((_error(each, subject) for each in errors), key=_gravity, default=None)


def _gravity(found: WikiplanError) -> int:
    kinds = (Unclear, Stop, Conflict, Refusal)
    return next(rank for rank, kind in enumerate(kinds) if isinstance(found, kind))


def _error(each: Mapping[str, Any], subject: str) -> WikiplanError:
    code, said = str(each.get("code", "")), " ".join(str(each.get("text", "")).split())
    quoted = f"the wiki says “{said}” ({code})"
    if code.startswith(UNCLEAR):
        return Unclear(f"{subject}: the server failed while it saved: {quoted}")
    if code in CONFLICTS:
        return Conflict(code, f"{subject}: {CONFLICTS[code]}; {CONFLICT_ADVICE}")
    if words := words_for(STOPS, code):
        return Stop(code, f"{subject}: {words[0]}: {quoted}; {words[1]}")
    what, advice = words_for(REFUSALS, code) or ("the wiki refuses the edit", "read what it says")
    return Refusal(code, f"{subject}: {what}: {quoted}; {advice}")


def words_for(table: Mapping[str, tuple[str, str]], code: str) -> tuple[str, str] | None:
    """Look a code up: a key that ends in ``-`` stands for all codes that begin so."""
    begins = (words for key, words in table.items() if key[-1] == "-" and code.startswith(key))
    return table.get(code) or next(begins, None)


def saved(answer: Answer, edit: Edit) -> Saved:
    """Return what a save did; raises what ``wiki.interface.Wiki.save`` raises."""
    if failure := error(answer, edit.title):
        raise failure
    reply = answer.get("edit")
    reply = reply if isinstance(reply, Mapping) else {}
    if reply.get("result") == "Failure":
        code = str(reply.get("code", "captcha" if "captcha" in reply else "failure"))
        raise _error({"code": code, "text": reply.get("info", "")}, edit.title)
    if reply.get("result") != "Success":
        raise Unclear(f"{edit.title}: the wiki's answer to the save says nothing: {answer!r:.200}")
    try:
        found = _saved(reply, edit)
    except ODD as fault:
        raise Unclear(f"{edit.title}: the wiki's answer to the save lacks {fault}") from fault
    if found is None:
        raise Unclear(f"{edit.title}: the wiki's answer is of another edit: {answer!r:.200}")
    return found


def _saved(reply: Answer, edit: Edit) -> Saved | None:
    """Return what was saved; nothing when the answer is of another page, or of an older edit."""
    if reply.get("title", edit.title) != edit.title:
        return None
    if edit.page_id and reply.get("pageid", edit.page_id) != edit.page_id:
        return None
    if reply.get("nochange"):
        return Saved(number=0, parent=edit.base, title=edit.title)
    number, parent = int(reply["newrevid"]), int(reply["oldrevid"])
    return Saved(number, parent, edit.title) if edit.base <= parent < number else None


def deleted(answer: Answer, title: str) -> None:
    """Raise what ``wiki.interface.Wiki.delete`` raises, unless the page was deleted."""
    if failure := error(answer, title):
        raise failure
    reply = answer.get("delete")
    if not isinstance(reply, Mapping) or reply.get("title") != title:
        raise Unclear(f"{title}: the wiki's answer to the deletion says nothing of it")


@understood
def check_links(answer: Answer) -> None:
    """Raise :class:`Refusal` when the spam list names an address that was asked about."""
    if named := answer["spamblacklist"].get("matches"):
        what, advice = REFUSALS["spamblacklist"]
        listed = ", ".join(dict.fromkeys(map(str, named)))
        raise Refusal("spamblacklist", f"{what}: {listed}; {advice}")


@understood
def account(answer: Answer) -> Account:
    """Return who is logged in; a block of single pages is left to those pages' refusals."""
    info = answer["query"]["userinfo"]
    blocked = ""
    if "blockid" in info and not info.get("blockpartial"):
        reason = info.get("blockreason") or "no reason given"
        blocked = f"by {info.get('blockedby') or 'the wiki'}, until {_until(info)}: {reason}"
    return Account(str(info["name"]), frozenset(map(str, info.get("rights", ()))), blocked)


@understood
def csrf_token(answer: Answer) -> str:
    return str(answer["query"]["tokens"]["csrftoken"])


@understood
def extension_tags(answer: Answer) -> frozenset[str]:
    return frozenset(tag.strip("<>").lower() for tag in answer["query"]["extensiontags"])


@understood
def substitutions(answer: Answer) -> frozenset[str]:
    """Return the wiki's words for ``subst:`` and ``safesubst:`` (siteinfo ``magicwords``)."""
    words = (each for each in answer["query"]["magicwords"] if each["name"] in SUBSTITUTING)
    return frozenset(str(alias) for word in words for alias in word["aliases"])


@understood
def parsed(answer: Answer) -> str:
    """Return the text or the HTML of ``action=parse``."""
    return str(answer["parse"]["text"])


@understood
def style_modules(answer: Answer) -> tuple[str, ...]:
    return tuple(map(str, answer["parse"]["modulestyles"]))


def _until(info: Mapping[str, Any]) -> str:
    expiry = str(info.get("blockexpiry", "infinite"))
    return "further notice" if expiry.startswith("infin") else expiry


@understood
def revision(page: Mapping[str, Any]) -> Revision:
    """Return a page of ``prop=revisions|info`` with content. Half a page raises :class:`Stop`."""
    title = str(page["title"])
    if problem := _impossible(page):
        return Revision(title, refusals=(problem,))
    foretold = refusals(page)
    language = str(page.get("pagelanguage", "en"))
    model = str(page.get("contentmodel", "wikitext"))
    namespace = int(page["ns"])
    if page.get("missing"):
        return Revision(
            title,
            content_model=model,
            language=language,
            refusals=foretold,
            namespace=namespace,
        )
    newest = _newest(page)
    slot = newest.get("slots", {}).get("main", {})
    text = str(slot.get("content", ""))
    return Revision(
        title=title,
        page_id=int(page["pageid"]),
        number=int(newest["revid"]),
        text=text,
        user=str(newest.get("user", "")),
        timestamp=instant(newest["timestamp"]),
        content_model=str(slot.get("contentmodel", model)),
        language=language,
        redirect_to=str(page.get("target", "")),
        refusals=_unreadable(slot, text) + foretold,
        namespace=namespace,
        parent=int(newest.get("parentid", 0)),
        summary=str(newest.get("comment", "")),
    )


@understood
def head(page: Mapping[str, Any]) -> Head:
    """Return a page of ``prop=revisions|info`` without content."""
    title = str(page["title"])
    if _impossible(page):
        return Head(title)
    namespace = int(page["ns"])
    if page.get("missing"):
        return Head(title, namespace=namespace)
    newest = _newest(page)
    return Head(
        title=title,
        page_id=int(page["pageid"]),
        number=int(newest["revid"]),
        sha1=str(newest.get("slots", {}).get("main", {}).get("sha1", "")),
        user=str(newest.get("user", "")),
        redirect=bool(page.get("redirect")),
        namespace=namespace,
        language=str(page.get("pagelanguage", "en")),
    )


def _impossible(page: Mapping[str, Any]) -> tuple[str, str] | None:
    if page.get("invalid"):
        return INVALID_TITLE, str(page.get("invalidreason", "the title is not allowed"))
    if "special" in page or page.get("ns", 0) < 0:
        return INVALID_TITLE, "special pages have no text"
    return None


def _newest(page: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the one revision in a page's answer; without it the page must not be touched."""
    revisions = page.get("revisions", ())
    if len(revisions) != 1 or "pageid" not in page:
        raise Stop(INCOMPLETE, f"{page['title']}: the wiki left the page's revision out")
    return dict(revisions[0])


@understood
def refusals(page: Mapping[str, Any]) -> Refusals:
    """Return why an edit would be refused, as far as that was asked (``intestactions=edit``)."""
    errors = page.get("actions", {}).get("edit", ())
    return tuple((str(each["code"]), " ".join(str(each["text"]).split())) for each in errors)


def _unreadable(slot: Mapping[str, Any], text: str) -> Refusals:
    """Return why a text cannot be trusted: an empty text must never be taken for an empty page."""
    if slot.get("texthidden") or "content" not in slot:
        return (_HIDDEN.pair,)
    if slot.get("sha1", sha1(text)) != sha1(text):
        return (_DAMAGED.pair,)
    return ()


_HIDDEN = Message(HIDDEN_TEXT, "the newest revision's text is hidden or cannot be loaded")
_DAMAGED = Message("text-damaged", "the text is not the one whose digest the wiki gives")


def sha1(text: str) -> str:
    """Return the digest of a text as the wiki stores it: hexadecimal SHA-1 of its UTF-8 bytes."""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def instant(timestamp: str) -> datetime:
    """Return the API's ISO 8601 time as an aware UTC time."""
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00"))


@understood
def history(answer: Answer, page_id: int, title: str, since: int) -> tuple[HistoryEntry, ...]:
    """Return a page's revisions after number ``since``; by its title when its id is 0."""
    query = answer["query"]
    (page,) = query["pages"]
    told = page.get("pageid", page_id) if page_id else page["title"]
    if told != (page_id or _normal(query)(title)):
        message = f"{title}: the wiki's answer is of another page ({page.get('title', told)})"
        raise Stop(OTHER_ANSWER, f"{message}; run again")
    entries = map(_history_entry, page.get("revisions", ()))
    return tuple(entry for entry in entries if entry.number > since)


def _history_entry(entry: Mapping[str, Any]) -> HistoryEntry:
    """Return one line of a page's history; what is hidden is empty."""
    return HistoryEntry(
        number=int(entry["revid"]),
        parent=int(entry.get("parentid", 0)),
        user=str(entry.get("user", "")),
        timestamp=instant(entry["timestamp"]),
        summary=str(entry.get("comment", "")),
        sha1=str(entry.get("slots", {}).get("main", {}).get("sha1", "")),
    )


@understood
def contributions(answer: Answer) -> list[Contribution]:
    """Return an account's list of edits, as far as one answer has it."""
    return [_contribution(each) for each in answer["query"]["usercontribs"]]


def _contribution(entry: Mapping[str, Any]) -> Contribution:
    """Return one line of an account's list of edits; a hidden summary is empty."""
    return Contribution(
        title=str(entry["title"]),
        page_id=int(entry["pageid"]),
        number=int(entry["revid"]),
        parent=int(entry["parentid"]),
        timestamp=instant(entry["timestamp"]),
        summary=str(entry.get("comment", "")),
    )


@understood
def text(answer: Answer, number: int) -> str:
    """Return the text of the one revision that was asked for."""
    found = answer["query"].get("pages", ())
    revision = found[0]["revisions"][0] if found else {}
    if revision.get("revid", number) != number:
        message = f"the wiki's answer is of revision {revision['revid']}, not of {number}"
        raise Stop(OTHER_ANSWER, f"{message}; run again")
    slot = revision.get("slots", {}).get("main", {})
    content = str(slot.get("content", ""))
    if problems := _unreadable(slot, content):
        code, words = problems[0]
        raise Refusal(code, f"revision {number}: {words}")
    return content


@understood
def revisions(answer: Answer) -> dict[int, PastRevision]:
    """Return revisions by their numbers, without those whose text is hidden or damaged."""
    found: dict[int, PastRevision] = {}
    for page in answer["query"].get("pages", ()):
        for revision in page.get("revisions", ()):
            slot = revision.get("slots", {}).get("main", {})
            content = str(slot.get("content", ""))
            if not _unreadable(slot, content):
                found[int(revision["revid"])] = PastRevision(_history_entry(revision), content)
    return found


@understood
def departure(answer: Answer) -> Departure | None:
    """Return the newest deletion or move in a list of log entries about one title."""
    for entry in answer["query"]["logevents"]:
        if entry.get("action") in DEPARTURES.get(entry.get("type", ""), ()):
            to = str(entry.get("params", {}).get("target_title", ""))
            user, when = str(entry.get("user", "")), instant(entry["timestamp"])
            return Departure(to, user, when, str(entry.get("comment", "")))
    return None


def unfit(title: str) -> dict[str, Any] | None:
    """Return an invalid page for a title that the API would read as another one or as several."""
    if not title.strip():
        return _invalid(title, "the title is empty")
    if found := UNFIT.search(title):
        return _invalid(title, f"the title holds {found[0]!r}, which no title may hold")
    return None


def check_fit(title: str) -> None:
    """Raise :class:`Refusal` for a title under which the API would save another page."""
    if page := unfit(title):
        message = f"{title}: {page['invalidreason']}; correct it in pages.yaml"
        raise Refusal(INVALID_TITLE, message)


def _invalid(title: str, reason: str) -> dict[str, Any]:
    return {"title": title, "invalid": True, "invalidreason": reason}


@understood
def pages(answers: Sequence[Answer], asked: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Merge a query's continued answers into one page for each title as asked (NFC)."""
    merged: dict[str, dict[str, Any]] = {}
    elsewhere: dict[str, str] = {}
    for answer in answers:
        query = answer.get("query", {})
        elsewhere |= {each["title"]: each["iw"] for each in query.get("interwiki", ())}
        for page in query.get("pages", ()):
            merged.setdefault(str(page["title"]), {}).update(page)
    normal = _normal(answers[0].get("query", {}))
    return {title: _page(normal(title), merged, elsewhere) for title in asked}


def _normal(query: Mapping[str, Any]) -> Callable[[str], str]:
    """Return the function from a title as asked to the wiki's own form of it."""
    first, then = (
        {each["from"]: each["to"] for each in query.get(step, ())}
        for step in ("normalized", "converted")
    )
    return lambda title: str(then.get(first.get(title, title), first.get(title, title)))


def _page(
    title: str, merged: Mapping[str, dict[str, Any]], elsewhere: Mapping[str, str]
) -> dict[str, Any]:
    if title in elsewhere:
        return _invalid(title, f"the title leads to another wiki ({elsewhere[title]})")
    if title not in merged:
        raise Stop(INCOMPLETE, f"{title}: the wiki left the page out of its answer")
    return merged[title]


@understood
def targets(answer: Answer) -> dict[str, str]:
    """Map redirects to their targets, one step each, with the target's section if any."""
    found = {}
    for each in answer["query"].get("redirects", ()):
        fragment = f"#{each['tofragment']}" if each.get("tofragment") else ""
        prefix = f"{each['tointerwiki']}:" if each.get("tointerwiki") else ""
        found[str(each["from"])] = f"{prefix}{each['to']}{fragment}"
    return found

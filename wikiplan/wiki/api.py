"""A MediaWiki site over its API: questions, retries and the save protocol.

A write is sent once, and again only after an answer that says that nothing was done (facts 1, 4,
10, 12); a question may be asked again. What carries the requests is a :class:`Connection`
(``wiki.site`` has the one of Pywikibot).

Requests of a run that finds nothing to do: one for account, token and parser tags, one a batch of
pages, and one more for the targets of redirects if there are any.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Protocol
from urllib.parse import urlencode

from wikiplan import utc
from wikiplan.errors import MOVED_ON, NOT_LOGGED_IN, Conflict, Refusal, Stop, Unclear, WikiplanError
from wikiplan.wiki import answers, recentchanges
from wikiplan.wiki.interface import (
    HISTORY_ENTRIES,
    UNREACHABLE,
    Account,
    Contribution,
    Cursor,
    Departure,
    Edit,
    Head,
    HistoryEntry,
    PastRevision,
    Reads,
    Recent,
    Refusals,
    Rendered,
    Revision,
    Saved,
    made_by,
    no_check,
)
from wikiplan.wikitext import presave

BATCH = 50  # titles a request
BATCH_HIGH = 500  # the same with the right apihighlimits
LOG_ENTRIES = 20  # protections and the like may stand before what took a page away
READ_PAUSES_SECONDS = (1, 5, 15)
WRITE_PAUSES_SECONDS = (5, 10, 20, 40)  # in sum longer than the minute that rate limits count
LONG_AGO = "2001-01-15T00:00:00Z"
"""When we began to edit a page that is new: a deletion since then makes the wiki refuse."""
NO_TARGET = "<unknown>"  # of a redirect that the wiki cannot follow; no page has this title
UP_ADVICE = "look whether the wiki and the network are up, then run again"
SEPARATOR = "\x1f"  # between values that may hold "|"
SKIN = "vector"  # the plain one of MediaWiki's skins, whose styles leave a text its whole width
PASSES_SPAM_LIST = "sboverride"
"""The right to save links that the spam list names: since MediaWiki 1.43 every bot has it."""
NO_SUCH_ACTION = "badvalue"
INTRODUCTION = {
    "action": "query",
    "meta": "userinfo|tokens|siteinfo",
    "uiprop": "rights|blockinfo",
    "type": "csrf",
    "siprop": "extensiontags",
}
REVISION = {"prop": "revisions|info", "rvslots": "main"}
PERMISSION = {"intestactions": "edit", "intestactionsdetail": "full"}
PERSONAL_STYLES = frozenset({"noscript", "user.styles"})
# After these answers the server has done nothing: the same write may be sent again.
LAGGING = frozenset({"maxlag", "ratelimited"})
LOGIN_LOST = frozenset({"badtoken", "assertbotfailed", "assertuserfailed", "assertnameduserfailed"})


class Connection(Protocol):
    """What carries requests to one wiki for one account."""

    @property
    def name(self) -> str: ...

    @property
    def script(self) -> str:
        """The address of the wiki's ``index.php``."""

    @property
    def user(self) -> str:
        """The account that should be logged in."""

    @property
    def requests(self) -> int: ...

    @property
    def simulated(self) -> bool:
        """Whether nothing may be written (Pywikibot's ``-simulate``)."""

    @property
    def maxlag(self) -> int:
        """Seconds that the wiki's databases may lag behind for a write."""

    def send(self, parameters: Mapping[str, str], *, write: bool) -> answers.Answer:
        """Send one HTTP request. Raises :class:`Unclear` when no answer of the API came."""

    def log_in(self) -> None: ...

    def styles(self, modules: str, skin: str) -> str:
        """Return the wiki's CSS of these modules, separated by ``|``; empty if it gives none."""

    def wait(self, seconds: float, why: str) -> None:
        """Wait, at least as long as the last answer's Retry-After said."""


class Site:
    """Implements ``wiki.interface.Wiki`` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.before_write: Callable[[], None] = no_check
        self._account: Account | None = None
        self._token = ""
        self._tags: frozenset[str] = frozenset()
        self._styles: dict[str, str] = {}
        self._unlisted: set[str] = set()  # addresses that the spam list does not name
        self._substitutions: frozenset[str] | None = None
        self._stores_as_sent: bool | None = None  # what the proof covers; None until it is tried
        self._silent = False  # no answer came, however often a question was asked
        self._siteinfo: answers.Answer = {}
        self._shared: Reads | None = None
        self._bot = False  # once a bot, always asserted: a lost right stops the run (fact 10)

    @property
    def name(self) -> str:
        return self._connection.name

    @property
    def requests(self) -> int:
        """HTTP requests of this process since it was prepared, logins and lost ones included."""
        return self._connection.requests

    def address(self, title: str) -> str:
        return address_of(self._connection.script, title)

    @property
    def extension_tags(self) -> frozenset[str]:
        self._opened()
        return self._tags

    # Who writes

    @property
    def user(self) -> str:
        return self._connection.user

    def account(self) -> Account:
        """Return who writes, with one request; logs in when nobody is."""
        return self._introduced({})[0]

    def _introduced(self, also: Mapping[str, str]) -> tuple[Account, answers.Answer]:
        """Return who writes, and the whole answer: other questions go along in one request."""
        account, answer = self._meta(also)
        if account.name != self._connection.user:
            self._connection.log_in()
            account, answer = self._meta(also)
        if account.name != self._connection.user:
            raise Stop(
                NOT_LOGGED_IN,
                f"{self.name}: logged in as {account.name} instead of {self._connection.user}; "
                "run “pwb login”, and check usernames and password_file in user-config.py",
            )
        self._account = account
        self._bot = self._bot or "bot" in account.rights
        return account, answer

    def may(self, right: str) -> bool:
        """Say whether the account had a right when it was last asked."""
        return right in self._opened().rights

    def _opened(self) -> Account:
        return self._account or self.account()

    def _meta(self, also: Mapping[str, str]) -> tuple[Account, answers.Answer]:
        """Ask for account, token and parser tags at once."""
        self._account = None
        answer = self.ask(**INTRODUCTION, **also)
        self._token = answers.csrf_token(answer)
        self._tags = answers.extension_tags(answer)
        return answers.account(answer), answer

    # What happened

    def changes_since(self, cursor: Cursor | None, pages: Mapping[str, int]) -> Recent:
        question = recentchanges.question(cursor, set(pages.values()))
        account, first = self._introduced(question)
        following = self._following({**INTRODUCTION, **question}, first)
        more = recentchanges.MOST_ANSWERS - 1 if cursor else 0
        return recentchanges.recent([first, *islice(following, more)], cursor, account)

    # Reading

    @contextmanager
    def sharing_reads(self, known: Reads | None = None) -> Iterator[None]:
        self._shared = {} if known is None else known
        try:
            yield
        finally:
            self._shared = None

    def siteinfo(self) -> answers.Answer:
        """Return what the wiki is and which extensions it has; asked once."""
        if not self._siteinfo:
            asked = {"meta": "siteinfo", "siprop": "general|extensions"}
            self._siteinfo = self.ask("query", **asked)
        return self._siteinfo

    def read(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        """Return the current revision of each title; ``redirect_to`` costs one more request."""
        return self._read_once(titles, to_edit=False)

    def read_to_edit(self, titles: Sequence[str]) -> Mapping[str, Revision]:
        return self._read_once(titles, to_edit=True)

    def _read_once(self, titles: Sequence[str], *, to_edit: bool) -> Mapping[str, Revision]:
        """Read what is not shared yet; what was read to be edited serves those who only look."""
        known = self._shared if self._shared is not None else {}
        places = {
            title: (title, True) if (title, True) in known else (title, to_edit) for title in titles
        }
        new = [title for title, place in places.items() if place not in known]
        found = self._read(new, **PERMISSION if to_edit else {}) if new else {}
        known |= {(title, to_edit): revision for title, revision in found.items()}
        return {title: known[place] for title, place in places.items()}

    def refusals(self, titles: Sequence[str]) -> Mapping[str, Refusals]:
        pages = self._pages(titles, prop="info", **PERMISSION)
        return {title: answers.refusals(page) for title, page in pages.items()}

    def _read(self, titles: Sequence[str], **more: str) -> Mapping[str, Revision]:
        properties = "ids|content|timestamp|user|comment|slotsha1|contentmodel"
        pages = self._pages(titles, rvprop=properties, **REVISION, **more)
        self._name_targets([page for page in pages.values() if page.get("redirect")])
        return {title: answers.revision(page) for title, page in pages.items()}

    def heads(self, titles: Sequence[str]) -> Mapping[str, Head]:
        pages = self._pages(titles, rvprop="ids|user|slotsha1", **REVISION)
        return {title: answers.head(page) for title, page in pages.items()}

    def _pages(self, titles: Sequence[str], **asked_for: str) -> dict[str, dict[str, Any]]:
        """Return the API's page of each title as asked, in batches."""
        asked = {title: unicodedata.normalize("NFC", title) for title in titles}
        unfit = {title: page for title in titles if (page := answers.unfit(title))}
        found: dict[str, dict[str, Any]] = {}
        for batch in self._batches([asked[title] for title in titles if title not in unfit]):
            found |= answers.pages(list(self.query(titles=joined(batch), **asked_for)), batch)
        return {title: unfit.get(title) or found[asked[title]] for title in titles}

    def _name_targets(self, redirects: Sequence[dict[str, Any]]) -> None:
        targets: dict[str, str] = {}
        for batch in self._batches([page["title"] for page in redirects]):
            for answer in self.query(titles=joined(batch), redirects="1"):
                targets |= answers.targets(answer)
        for page in redirects:
            page["target"] = targets.get(page["title"], NO_TARGET)

    def _batches(self, titles: Sequence[str]) -> Iterator[list[str]]:
        different = list(dict.fromkeys(titles))
        size = BATCH_HIGH if "apihighlimits" in self._opened().rights else BATCH
        return (different[i : i + size] for i in range(0, len(different), size))

    def query(self, **parameters: str) -> Iterator[answers.Answer]:
        """Ask until the wiki has said everything: one answer holds at most 8 MB."""
        parameters["action"] = "query"
        first = self.ask(**parameters)
        yield first
        yield from self._following(parameters, first)

    def _following(
        self, parameters: Mapping[str, str], answer: answers.Answer
    ) -> Iterator[answers.Answer]:
        """Ask for what did not go into the first answer of a query."""
        before: Mapping[str, str] = {}
        while following := answer.get("continue"):
            if following == before:
                raise Stop("no-progress", f"{self.name}: the wiki's answer comes to no end")
            answer, before = self.ask(**{**parameters, **following}), following
            yield answer

    def stored(self, title: str, text: str) -> str:
        """Ask only about texts that a wiki may change, and once about one that it should not.

        If it does, an extension transforms texts: from then on it is asked about each.
        """
        as_sent = self._stores_as_sent is not False and not self._why_changed(text)
        if as_sent and self._stores_as_sent:
            return text
        parameters = {"onlypst": "1", "contentmodel": "wikitext"}
        answer = self.ask(action="parse", title=title, text=text, **parameters)
        stored = answers.parsed(answer)
        if as_sent:
            self._stores_as_sent = stored == text
        return stored

    def _why_changed(self, text: str) -> str:
        if presave.depends_on_words(text) and self._substitutions is None:
            answer = self.ask(action="query", meta="siteinfo", siprop="magicwords")
            self._substitutions = answers.substitutions(answer)
        return presave.why_changed(text, self._substitutions or frozenset(), self.extension_tags)

    def check_links(self, urls: Collection[str]) -> None:
        new = sorted(set(urls) - self._unlisted)
        if PASSES_SPAM_LIST not in self._opened().rights:
            return
        for batch in self._batches(new):
            try:
                answers.check_links(self.ask("spamblacklist", url=joined(batch)))
            except Refusal as refusal:
                if refusal.code != NO_SUCH_ACTION:  # a right that is given everywhere, and no list
                    raise
            self._unlisted.update(batch)

    def rendered(self, title: str, text: str) -> Rendered:
        """Render a text by itself, with no more than the page's title and language around it."""
        answer = self.ask(
            action="parse",
            title=title,
            text=text,
            contentmodel="wikitext",
            prop="text|modules",
            useskin=SKIN,
            disableeditsection="1",
            disablelimitreport="1",
            disabletoc="1",
        )
        names = answers.style_modules(answer)
        modules = "|".join(name for name in names if name not in PERSONAL_STYLES)
        if modules not in self._styles:
            self._styles[modules] = self._connection.styles(modules, SKIN)
        return Rendered(answers.parsed(answer), self._styles[modules])

    def history(
        self, page_id: int, title: str, since: int, user: str = ""
    ) -> Sequence[HistoryEntry]:
        page = {"pageids": str(page_id)} if page_id else {"titles": title}
        page |= {"rvuser": user} if user else {}
        answer = self.ask(
            action="query",
            prop="revisions",
            rvprop="ids|timestamp|user|comment|slotsha1",
            rvslots="main",
            rvlimit=str(HISTORY_ENTRIES),
            **page,
        )
        return answers.history(answer, page_id, title, since)

    def text_of(self, number: int) -> str:
        properties = {"rvprop": "ids|content|slotsha1", "rvslots": "main"}
        answer = self.ask(action="query", prop="revisions", revids=str(number), **properties)
        return answers.text(answer, number)

    def revisions(self, numbers: Sequence[int]) -> Mapping[int, PastRevision]:
        asked_for = "ids|content|timestamp|user|comment|slotsha1"
        properties = {"prop": "revisions", "rvprop": asked_for, "rvslots": "main"}
        found: dict[int, PastRevision] = {}
        for batch in self._batches([str(number) for number in numbers]):
            for answer in self.query(revids="|".join(batch), **properties):
                found |= answers.revisions(answer)
        return found

    def departure(self, title: str) -> Departure | None:
        answer = self.ask(
            action="query",
            list="logevents",
            letitle=title,
            leprop="type|user|timestamp|comment|details",
            lelimit=str(LOG_ENTRIES),
        )
        return answers.departure(answer)

    def contributions(self, run: str, since: datetime) -> Sequence[Contribution]:
        found = self.query(
            list="usercontribs",
            ucuser=self._opened().name,
            ucend=utc.stamp(since),
            ucprop="ids|title|timestamp|comment",
            uclimit="max",
        )
        every = (each for answer in found for each in answers.contributions(answer))
        return tuple(each for each in every if made_by(run, each.summary))

    # Writing

    def save(self, edit: Edit) -> Saved:
        """Save once, by title: an edit by page id would follow a move to another title.

        ``nocreate`` or ``createonly``, ``baserevid`` without ``basetimestamp`` and ``assertuser``
        keep it from making, overwriting or creating anything else (facts 1–4).
        """
        answers.check_fit(edit.title)
        bot = {"bot": "1"} if "bot" in self._opened().rights else {}
        return answers.saved(self.post(edit.title, _edit(edit) | bot), edit)

    def delete(self, page: Head, reason: str) -> None:
        now = self.heads([page.title])[page.title]
        if (now.page_id, now.number) != (page.page_id, page.number):
            message = f"{page.title}: somebody changed it after it was read; run again"
            raise Conflict(MOVED_ON, message)
        answer = self.post(page.title, {"action": "delete", "reason": reason})
        answers.deleted(answer, page.title)

    def post(self, title: str, parameters: Mapping[str, str]) -> answers.Answer:
        """Send a write of the page ``title``, and again only when nothing was done.

        Adds account, token and lag. The answer may be an error; raises :class:`Unclear` when none
        came, and :class:`Refusal` when nothing may be written at all.
        """
        if self._connection.simulated:
            raise Refusal("simulated", f"{title}: nothing was sent, because of -simulate")
        self.before_write()
        if self._shared is not None:
            self._shared.clear()
        if self._silent:
            message = f"{title}: not sent: {self.name} does not answer; {UP_ADVICE}"
            raise Stop(UNREACHABLE, message)
        for pause in (*WRITE_PAUSES_SECONDS, None):
            sent = {**parameters, "title": title, **self._writing()}
            answer = self._send(sent, title, write=True)
            failure = answers.error(answer, title)
            if failure is None or pause is None or not self._nothing_done(failure, pause):
                break
        return answer

    def _writing(self) -> dict[str, str]:
        """Return as whom to write: a lost login or right is an error and not an odd edit."""
        account = self._opened()
        return {
            "assert": "bot" if self._bot else "user",
            "assertuser": account.name,
            "maxlag": str(self._connection.maxlag),
            "token": self._token,
        }

    # Asking

    def ask(self, action: str, gives: str = "", **parameters: str) -> answers.Answer:
        """Ask a question, again when the answer is lost. Raises :class:`Stop` in the end.

        A wiki that did not answer is then asked once, until it does: the waits would add up with
        every page. ``gives`` names what the answer must hold, where that is not the action's name.
        """
        if self._account:
            parameters["assertuser"] = self._account.name
        for pause in (*(() if self._silent else READ_PAUSES_SECONDS), None):
            answer = self._try({"action": action} | parameters, gives or action)
            if not isinstance(answer, WikiplanError):
                self._silent = False
                return answer
            if pause is None or not self._worth_asking_again(answer, pause):
                self._silent = isinstance(answer, Unclear)
                raise _unreachable(answer) if isinstance(answer, Unclear) else answer
        raise AssertionError("the last pause is None")

    def _try(self, parameters: dict[str, str], gives: str) -> answers.Answer | WikiplanError:
        try:
            answer = self._send(parameters, self.name, write=False)
        except Unclear as lost:
            return lost
        if failure := answers.error(answer, self.name):
            return failure
        if gives not in answer:
            return Unclear(f"{self.name}: the answer lacks what was asked for: {answer!r:.200}")
        return answer

    def _send(self, parameters: Mapping[str, str], subject: str, *, write: bool) -> answers.Answer:
        """Send a request with a mark of its own, which the wiki repeats: what a cache, a gateway or
        a mixed-up connection gives as the answer may be that of another request (fact 30).
        """
        mark = secrets.token_hex(8)
        answer = self._connection.send({**parameters, "requestid": mark}, write=write)
        if answer.get("requestid", mark) != mark:
            raise Unclear(f"{subject}: the answer that came is another request's")
        return answer

    def _worth_asking_again(self, failure: WikiplanError, pause: float) -> bool:
        if isinstance(failure, Unclear):
            self._connection.wait(pause, str(failure))
            return True
        return self._nothing_done(failure, pause)

    def _nothing_done(self, failure: WikiplanError, pause: float) -> bool:
        """Say whether the server surely did nothing, and mend what was wrong before a new try."""
        code = failure.code if isinstance(failure, Refusal) else ""
        if code in LAGGING:
            self._connection.wait(pause, str(failure))
            return True
        if code in LOGIN_LOST:
            account = self.account()
            return code != "assertbotfailed" or "bot" in account.rights
        return False


def _edit(edit: Edit) -> dict[str, str]:
    if edit.base:
        base = {"nocreate": "1", "baserevid": str(edit.base)}
    else:
        base = {"createonly": "1", "starttimestamp": LONG_AGO}
    return {
        **base,
        "action": "edit",
        "text": edit.text,
        "summary": edit.summary,
        "md5": hashlib.md5(edit.text.encode(), usedforsecurity=False).hexdigest(),
        "watchlist": "nochange",
        **({"contentmodel": edit.content_model} if edit.content_model else {}),
    }


def _unreachable(lost: Unclear) -> Stop:
    return Stop(UNREACHABLE, f"{lost}; {UP_ADVICE}")


def address_of(script: str, title: str) -> str:
    """Return where people read a page, on the wiki whose pages ``script`` shows."""
    return f"{script}?{urlencode({'title': title.replace(' ', '_')})}"


def joined(values: Iterable[str]) -> str:
    """Return several values for one parameter; they may hold ``|``."""
    return SEPARATOR + SEPARATOR.join(values)

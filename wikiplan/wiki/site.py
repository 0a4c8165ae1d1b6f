"""The door to Pywikibot: no other module imports it.

Pywikibot gives options, configuration, login, cookies, OAuth, the User-Agent, the put throttle and
the HTTP session. The requests are our own (``wiki.api``): its ``save`` confirms warnings of
AbuseFilter, asks captchas and sends a write again whose answer was lost (facts 1, 4, 10, 12).

With a warm login Pywikibot itself sends one request, when it makes its site (nine for a cold one).
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pywikibot
import requests
from pywikibot import bot, config
from pywikibot.bot import handle_args
from pywikibot.comms import http
from pywikibot.data.api import encode_url
from pywikibot.exceptions import (
    ApiTimeoutError,
    Error,
    ServerError,
    UnknownFamilyError,
    UnknownSiteError,
)
from pywikibot.family import Family
from pywikibot.login import LoginManager
from pywikibot.throttle import Throttle

from wikiplan import redaction
from wikiplan.errors import NOT_LOGGED_IN, ODD_ANSWER, WRONG_SITE, Stop, Unclear, WikiplanError
from wikiplan.wiki import waits
from wikiplan.wiki.answers import Answer
from wikiplan.wiki.api import UP_ADVICE, Site
from wikiplan.wiki.interface import Wiki

WRONG_OPTION = "wrong-pywikibot-option"
"""Pywikibot does not take this option, or not with this value."""

NO_ACCOUNT = "no-account"
_WRITABLE_BY_OTHERS = 0o002
"""Pywikibot skips such a configuration."""
UNKNOWN_SITE = "unknown-site"

MOST_WORDS = 300  # characters of an error that somebody else wrote
PYWIKIBOT_RETRIES = 2  # of its own requests, at login: a dead wiki is told within two minutes
FORMAT = {
    "format": "json",
    "formatversion": "2",
    "errorformat": "plaintext",
    "errorlang": "en",
    "errorsuselocal": "1",
}
SITE_OPTIONS = ("-site:", "-family:", "-code:", "-lang:")


class _Counter(requests.adapters.HTTPAdapter):
    """Counts every HTTP request of Pywikibot's session, answered or not."""

    total = 0

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        type(self).total += 1
        return super().send(*args, **kwargs)


def _prepare() -> None:
    """Count requests, keep Pywikibot from trying for half an hour, and secrets out of its log."""
    redaction.keep(_secrets())
    redaction.redact_logs()
    logging.getLogger("pywiki").addFilter(_in_one_line)
    Throttle.wait = _throttled
    bot.writelogheader = _write_log_header
    if not isinstance(http.session.get_adapter("https://"), _Counter):
        http.session.mount("http://", _Counter())
        http.session.mount("https://", _Counter())
    config.solve_captcha = False
    config.max_retries = min(config.max_retries, PYWIKIBOT_RETRIES)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Shorten the traceback that Pywikibot logs before it asks once more: nothing went wrong yet.

    With its ``-verbose`` it stays whole.
    """
    text = record.getMessage().strip()
    if text.startswith("Traceback") and not config.verbose_output:
        record.msg, record.args = f"no answer: {text.splitlines()[-1]}", ()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return not text.startswith("An error occurred for uri")


def _write_log_header(write: Callable[[], None] = bot.writelogheader) -> None:
    """Let Pywikibot log all modules and versions, which takes long, where somebody reads it."""
    if config.log or config.verbose_output:
        write()


def _throttled(throttle: Throttle, seconds: float) -> None:
    """Wait between requests, and as long as the last answer asked for, but not for hours."""
    waits.check_allowed(throttle.retry_after, str(throttle.mysite))
    if seconds > config.noisysleep:
        pywikibot.info(f"Waiting {seconds:.0f} seconds before the next request")
    if seconds > 0:
        waits.wait(seconds)


def _secrets() -> Iterator[str]:
    """Yield the passwords and OAuth credentials of Pywikibot's configuration, if they are there."""
    for credentials in config.authenticate.values():
        yield from map(str, credentials)
    accounts = {name for sites in config.usernames.values() for name in sites.values()}
    with suppress(OSError, ValueError):  # told when somebody logs in
        found = redaction.passwords_in(_password_path().read_text(encoding="utf-8"))
        yield from (each for each in found if each not in accounts)


def _leave_a_private_mode() -> None:
    """Keep Pywikibot from changing the mode of a secret that only its owner may read.

    It would make it writable, and fail where a secret is mounted read-only.
    """
    with suppress(OSError):
        mode = _password_path().stat().st_mode & 0o7777
        if not mode & 0o077:
            config.private_files_permission = mode


def _password_path() -> Path:
    """Return the file of passwords, where Pywikibot looks for it."""
    name = config.password_file or ""
    path = Path(config.base_dir, name)
    return path if path.is_file() else Path(name)


def _login_trouble(error: Exception, user: str) -> str:
    """Return why nobody could log in, and what to do."""
    path = Path(config.base_dir, config.password_file or "user-password.py")
    line = f'("{user}", BotPassword("NAME", "PASSWORD"))'
    if isinstance(error, FileNotFoundError):
        return f"there is no file {path}; write it, or correct password_file in user-config.py"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}; give yourself access, and nobody else"
    if isinstance(error, EOFError):
        return f"no password for {user}, and nobody is there to be asked; write {line} into {path}"
    if isinstance(error, ValueError | TypeError):
        return f"{path}: a line cannot be read; write it like {line}"
    return f"{_told(error)}; check usernames and password_file in user-config.py"


def handle_arguments(arguments: Sequence[str]) -> list[str]:
    """Let Pywikibot take its own options; returns the others, ``-help`` among them.

    Pywikibot asks the wiki who is logged in (fact 11): scripts answer ``-help`` before. The count
    of requests begins here: one run may open several sites, one after the other.
    """
    _prepare()
    _Counter.total = 0
    pywikibot._sites.clear()  # else Pywikibot warns that there are sites already
    try:
        with _opening():
            # Given nothing, handle_args() reads sys.argv; it leaves -config to the config module.
            return list(handle_args(list(arguments) or ["-config"], do_help=False))
    except SystemExit as error:  # it has told on standard error which family or code it lacks
        message = "Pywikibot knows no such site; check -site, -family, -code and user-config.py"
        raise Stop(UNKNOWN_SITE, message) from error
    except ValueError as error:
        raise WikiplanError(WRONG_OPTION, f"{' '.join(arguments)}: {error}; see -help") from error


@contextmanager
def _reaching_the_wiki() -> Iterator[None]:
    """Pywikibot asks who is logged in as soon as it makes its site."""
    try:
        yield
    except (ServerError, ApiTimeoutError, ConnectionError, requests.RequestException) as error:
        name = f"{config.family}:{config.mylang}"
        raise Stop("unreachable", f"{name}: no answer: {_told(error)}; {UP_ADVICE}") from error


@contextmanager
def _opening() -> Iterator[None]:
    """The same, where an answer may be any other one: Pywikibot passes on what it makes of it."""
    try:
        with _reaching_the_wiki():
            yield
    except (UnknownFamilyError, UnknownSiteError):
        raise
    except (AttributeError, LookupError, TypeError, Error) as error:
        name = f"{config.family}:{config.mylang}"
        message = f"{name}: Pywikibot does not understand the wiki's answer: {_told(error)}"
        raise Stop(ODD_ANSWER, f"{message}; {UP_ADVICE}") from error


def _told(error: Exception) -> str:
    """Return what an error says in one line, without secrets."""
    words = redaction.redacted(" ".join(str(error).split())).removesuffix(".")
    return words[:MOST_WORDS] or type(error).__name__


def open_site(family: str = "", code: str = "", user: str = "", shards: int = 1) -> Site:
    """Open the site that Pywikibot's options and ``user-config.py`` name, or a given one.

    So many ``shards`` write as one account, and have its rate of edits together.
    """
    _prepare()
    try:
        with _opening():
            site = pywikibot.Site(code or None, family or None, user=user or None)
    except (UnknownFamilyError, UnknownSiteError) as error:
        advice = "check -site, -family, -code and user-config.py"
        raise Stop(UNKNOWN_SITE, f"Pywikibot knows no such site: {error}; {advice}") from error
    if not site.username():
        advice = "set usernames in user-config.py"
        raise Stop(NO_ACCOUNT, f"{site}: no account is configured; {advice}")
    if shards > 1:
        _share_the_rate(site.throttle, shards)
    return Site(_Connection(site))


def _share_the_rate(throttle: Throttle, shards: int) -> None:
    """Wait so many times longer between two edits.

    Pywikibot counts the processes of one machine and would divide once more, and waits no longer
    than ``maxthrottle``.
    """
    throttle.process_multiplicity, throttle.checkdelay = 1, math.inf
    seconds = shards * config.put_throttle
    throttle.maxdelay = max(throttle.maxdelay, seconds)
    throttle.set_delays(writedelay=seconds)


def script_of(name: str) -> str:
    """Return the address of ``index.php`` on a site, empty where Pywikibot does not know the site.

    It stands in Pywikibot's family files; nobody is asked.
    """
    family, _, code = name.partition(":")
    try:
        return _script(Family.load(family), code)
    except (UnknownFamilyError, KeyError):
        return ""


def _script(family: Family, code: str) -> str:
    return str(family.base_url(code, family.path(code)))


def check_site(expected: str, site: Wiki, source: str = "pages.yaml") -> None:
    """Refuse to work when the plan's site is not the one that Pywikibot resolved (fact 13).

    ``source`` is the file that says which site is expected.
    """
    _check_name(expected, site.name, source)


def check_configured(expected: str, arguments: Sequence[str], source: str = "pages.yaml") -> None:
    """Do the same before anything is sent: without its configuration Pywikibot asks another wiki.

    Options that name a site are left to :func:`check_site`, but there must be an account for it.
    """
    if not any(each.startswith(SITE_OPTIONS) for each in arguments):
        _check_name(expected, f"{config.family}:{config.mylang}", source)
    elif f"-site:{expected}" in arguments:
        _check_account(expected, arguments)


def _check_account(site: str, arguments: Sequence[str]) -> None:
    family, _, code = site.partition(":")
    known = {**config.usernames.get("*", {}), **config.usernames.get(family, {})}
    if {code, "*"}.isdisjoint(known) and not any(each.startswith("-user:") for each in arguments):
        raise Stop(
            NO_ACCOUNT,
            f"{site}: no account is configured; nothing was sent; write "
            f'usernames["{family}"]["{code}"] = "ACCOUNT" into user-config.py',
        )


def _check_name(expected: str, name: str, source: str) -> None:
    if name == expected:
        return
    file = Path(config.base_dir) / config.user_config_file
    without = "" if file.exists() else f", and it has no {config.user_config_file}"
    if file.exists() and file.stat().st_mode & _WRITABLE_BY_OTHERS:
        without = f", where {config.user_config_file} counts for nothing, as others may write it: "
        without += f"chmod 600 {file}"
    mended = "user-config.py, PYWIKIBOT_DIR or pages.yaml"
    if source != "pages.yaml":  # a change set: nobody mends that
        mended = "user-config.py or PYWIKIBOT_DIR"
    raise Stop(
        WRONG_SITE,
        f"{source} is for {expected}, but Pywikibot is set up for {name} "
        f"(its directory is {config.base_dir}{without}); nothing was done; "
        f"run with -site:{expected}, or correct {mended}",
    )


class _Connection:
    """Pywikibot's login, throttle and HTTP session for ``wiki.api.Site``."""

    def __init__(self, site: pywikibot.site.APISite) -> None:
        self._site = site

    @property
    def name(self) -> str:
        return f"{self._site.family.name}:{self._site.code}"

    @property
    def script(self) -> str:
        return _script(self._site.family, self._site.code)

    @property
    def user(self) -> str:
        return str(self._site.username())

    @property
    def requests(self) -> int:
        """HTTP requests of this process since it was prepared, logins and lost ones included."""
        return _Counter.total

    @property
    def simulated(self) -> bool:
        return bool(config.simulate)

    @property
    def maxlag(self) -> int:
        return int(config.write_maxlag)

    def log_in(self) -> None:
        del self._site.userinfo  # else Pywikibot believes what it knew
        _leave_a_private_mode()
        try:
            with _reaching_the_wiki():
                self._check_password()
                self._site.login()
        except Stop:
            raise
        except Exception as error:  # Pywikibot passes on whatever an odd answer makes of it
            message = f"{self.name}: the login failed: {_login_trouble(error, self.user)}"
            raise Stop(NOT_LOGGED_IN, message) from error

    def _check_password(self) -> None:
        """Raise :class:`EOFError` where Pywikibot would ask for a password, and nobody is there."""
        may_ask = sys.stdin is not None and sys.stdin.isatty()
        if may_ask or self._site.is_oauth_token_available():
            return
        if not LoginManager(site=self._site, user=self.user).password:
            raise EOFError

    def wait(self, seconds: float, why: str) -> None:
        seconds = max(seconds, self._site.throttle.retry_after)
        waits.check_allowed(seconds, f"{why}; {self.name}")
        pywikibot.warning(f"{why}; waiting {seconds:.0f} seconds")
        waits.wait(seconds)

    def styles(self, modules: str, skin: str) -> str:
        """Ask ``load.php``, which stands beside ``api.php``; a wiki may lack it."""
        uri = self._site.apipath().replace("api.php", "load.php")
        asked = {"modules": modules, "only": "styles", "skin": skin}
        self._site.throttle()
        try:
            response = http.request(self._site, uri=uri, method="GET", params=asked)
        except (Error, OSError):
            return ""
        is_css = response.headers.get("content-type", "").startswith("text/css")
        return str(response.text) if response.ok and is_css else ""

    def send(self, parameters: Mapping[str, str], *, write: bool) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if not write:
            headers["Promise-Non-Write-API-Action"] = "true"
        body: str = encode_url(FORMAT | dict(parameters))
        self._site.throttle(write=write)
        uri = self._site.apipath()
        try:
            response = http.request(self._site, uri=uri, method="POST", data=body, headers=headers)
            return _answer(response)
        # Whatever went wrong in there: the request may have reached the wiki.
        except Exception as error:
            subject = f"{parameters['title']}: " if write else ""
            raise Unclear(f"{subject}no answer from {self.name}: {_told(error)}") from error


def _answer(response: requests.Response) -> Answer:
    if not response.ok:  # also of 429: what was asked for may have been done (fact 30)
        raise ConnectionError(f"HTTP status {response.status_code} {response.reason}")
    answer = response.json()
    if not isinstance(answer, dict):
        raise TypeError(f"the answer is {answer!r:.80}")
    return dict(answer)

"""The door to Pywikibot: no other module imports it.

Pywikibot gives options, configuration, login, cookies, OAuth, the User-Agent, the put throttle and
the HTTP session. The requests are our own (``wiki.api``): its ``save`` confirms warnings of
AbuseFilter, asks captchas and sends a write again whose answer was lost (facts 1, 4, 10, 12).

With a warm login Pywikibot itself sends one request, when it makes its site (nine for a cold one).
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pywikibot
import requests
from pywikibot import config, i18n
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

from wikiplan.errors import Stop, Unclear, WikiplanError
from wikiplan.wiki.answers import Answer
from wikiplan.wiki.api import Site
from wikiplan.wiki.interface import Wiki

PYWIKIBOT_RETRIES = 2  # of its own requests, at login: a dead wiki is told within two minutes
FORMAT = {
    "format": "json",
    "formatversion": "2",
    "errorformat": "plaintext",
    "errorlang": "en",
    "errorsuselocal": "1",
}
SITE_OPTIONS = ("-site:", "-family:", "-code:", "-lang:")
MESSAGES_PACKAGES = ("wikiplan_scripts.i18n", "scripts.i18n")


class _Counter(requests.adapters.HTTPAdapter):
    """Counts every HTTP request of Pywikibot's session, answered or not."""

    total = 0

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        type(self).total += 1
        return super().send(*args, **kwargs)


def _prepare() -> None:
    """Count requests, and keep Pywikibot from asking people or trying for half an hour."""
    if not isinstance(http.session.get_adapter("https://"), _Counter):
        http.session.mount("http://", _Counter())
        http.session.mount("https://", _Counter())
    config.solve_captcha = False
    config.max_retries = min(config.max_retries, PYWIKIBOT_RETRIES)


def handle_arguments(arguments: Sequence[str]) -> list[str]:
    """Let Pywikibot take its own options; returns the others, ``-help`` among them.

    Pywikibot asks the wiki who is logged in (fact 11): scripts answer ``-help`` before.
    """
    _prepare()
    try:
        with _reaching_the_wiki():
            # Given nothing, handle_args() reads sys.argv; it leaves -config to the config module.
            return list(handle_args(list(arguments) or ["-config"], do_help=False))
    except SystemExit as error:  # it has told on standard error which family or code it lacks
        message = "Pywikibot knows no such site; check -site, -family, -code and user-config.py"
        raise Stop("unknown-site", message) from error
    except ValueError as error:
        raise WikiplanError(f"{' '.join(arguments)}: {error}; see -help") from error


@contextmanager
def _reaching_the_wiki() -> Iterator[None]:
    """Pywikibot asks who is logged in as soon as it makes its site."""
    try:
        yield
    except (ServerError, ApiTimeoutError, ConnectionError, requests.RequestException) as error:
        name = f"{config.family}:{config.mylang}"
        advice = "look whether the wiki and the network are up, then run again"
        raise Stop("unreachable", f"{name}: no answer: {error}; {advice}") from error


def message(language: str, key: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return a message of ``scripts/i18n/`` in a language or the next one that has it."""
    _use_messages()
    return str(i18n.twtranslate(language, key, parameters))


def _use_messages() -> None:
    for name in MESSAGES_PACKAGES:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
            i18n.set_messages_package(name)
            return


def open_site(family: str = "", code: str = "", user: str = "") -> Site:
    """Open the site that Pywikibot's options and ``user-config.py`` name, or a given one."""
    _prepare()
    try:
        with _reaching_the_wiki():
            site = pywikibot.Site(code or None, family or None, user=user or None)
    except (UnknownFamilyError, UnknownSiteError) as error:
        advice = "check -site, -family, -code and user-config.py"
        raise Stop("unknown-site", f"Pywikibot knows no such site: {error}; {advice}") from error
    if not site.username():
        advice = "set usernames in user-config.py"
        raise Stop("no-account", f"{site}: no account is configured; {advice}")
    return Site(_Connection(site))


def check_site(expected: str, site: Wiki, source: str = "pages.yaml") -> None:
    """Refuse to work when the plan's site is not the one that Pywikibot resolved (fact 13).

    ``source`` is the file that says which site is expected.
    """
    _check_name(expected, site.name, source)


def check_configured(expected: str, arguments: Sequence[str], source: str = "pages.yaml") -> None:
    """Do the same before anything is sent: without its configuration Pywikibot asks another wiki.

    Options that name a site are left to :func:`check_site`.
    """
    if not any(each.startswith(SITE_OPTIONS) for each in arguments):
        _check_name(expected, f"{config.family}:{config.mylang}", source)


def _check_name(expected: str, name: str, source: str) -> None:
    if name == expected:
        return
    found = (Path(config.base_dir) / config.user_config_file).exists()
    without = "" if found else f", and it has no {config.user_config_file}"
    mended = "user-config.py, PYWIKIBOT_DIR or pages.yaml"
    if source != "pages.yaml":  # a change set: nobody mends that
        mended = "user-config.py or PYWIKIBOT_DIR"
    raise Stop(
        "wrong-site",
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
        """The address of ``index.php``, from Pywikibot's family file; asks nobody."""
        return str(self._site.base_url(self._site.family.path(self._site.code)))

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
        try:
            self._site.login()
        except (Error, OSError, ValueError, EOFError) as error:
            advice = "check usernames and password_file in user-config.py"
            message = f"{self.name}: the login failed: {error}; {advice}"
            raise Stop("not-logged-in", message) from error

    def wait(self, seconds: float, why: str) -> None:
        seconds = max(seconds, self._site.throttle.retry_after)
        pywikibot.warning(f"{why}; waiting {seconds:.0f} seconds")
        time.sleep(seconds)

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
            reason = " ".join(str(error).split()) or type(error).__name__
            subject = f"{parameters['title']}: " if write else ""
            raise Unclear(f"{subject}no answer from {self.name}: {reason:.300}") from error


def _answer(response: requests.Response) -> Answer:
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return {"errors": [{"code": "ratelimited", "text": "HTTP status 429"}]}
    answer = response.json()
    if not isinstance(answer, dict):
        raise TypeError(f"the answer is {answer!r:.80}")
    return dict(answer)

"""The door to the web beside the wiki's API: one file, from an address that the plan names.

Who writes the plan does not run it: an address, or what it leads on to, must be open to everybody,
so that nothing of the operator's machine or network gets onto a public page. A password of
``~/.netrc`` is sent nowhere. Messages name the host only: what stands behind it may be a secret.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
import urllib3

import wikiplan
from wikiplan import files, redaction
from wikiplan.plan import values
from wikiplan.sources.tables import SourceError
from wikiplan.value import Value

SECONDS = 30
"""For everything: finding the host, redirects, and the whole file."""
SECONDS_OF_SILENCE = 10
MOST_BYTES = files.MEGABYTE
MOST_REDIRECTS = 5
CHUNK_BYTES = 16 * 1024
PUBLISH = "publish the sheet as CSV, and write the address that you are given"
_ADVICE = {
    401: f"it asks who you are; {PUBLISH}",
    403: f"it is not open to everybody; {PUBLISH}",
    404: f"there is nothing; {PUBLISH}",
    410: f"it is gone; {PUBLISH}",
    429: "it was asked too often; try again later",
}


class Limits(Value):
    """What a file may cost. With ``local`` also addresses of this machine and its network do."""

    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    local: bool = False


class Answer(Value):
    """A file with the version that its server gives it; ``None`` where it has that one yet."""

    body: bytes | None
    version: str = ""


def fetch(address: str, version: str, limits: Limits) -> Answer:
    """Return a file of the web; ``version`` is what was given with the last one.

    Raises :class:`SourceError` for whatever is no whole file.
    """
    address = _known(address)
    host = _host(address)
    answered: SimpleQueue[Answer | Exception] = SimpleQueue()

    def work() -> None:
        try:
            answered.put(_fetched(address, version, limits))
        except Exception as error:
            answered.put(error)

    Thread(target=work, daemon=True).start()  # a host that says a byte a second has no end
    try:
        found = answered.get(timeout=limits.seconds)
    except Empty:
        told = f"gave no whole answer in {limits.seconds:g} seconds; try again later"
        raise SourceError("slow-source", f"{host} {told}") from None
    if isinstance(found, requests.RequestException):
        raise SourceError("no-answer-of-source", f"{host}: {_told(found)}") from None
    if isinstance(found, Exception):
        raise found
    return found


def _known(address: str) -> str:
    """Return the address itself, of a secret one what the environment has, hidden from now on."""
    named = values.SECRET_SHEET.fullmatch(address)
    if not named:
        return address
    found = os.environ.get(named[1], "")
    if not found:
        told = f"the environment variable {named[1]} is not set; set it to the address"
        raise SourceError("no-secret-address", told)
    parts = urlsplit(found)
    said = (value for _, value in parse_qsl(parts.query))
    redaction.keep([found, parts.path, parts.query, *said])
    try:
        values.check_sheet(found)
    except ValueError:
        told = f"the environment variable {named[1]} has no address that begins with https://"
        raise SourceError("odd-secret-address", f"{told}, without a password; correct it") from None
    return found


def _fetched(address: str, version: str, limits: Limits) -> Answer:
    end = monotonic() + limits.seconds
    with requests.Session() as session:
        session.auth = _nobody
        for scheme in () if limits.local else ("http://", "https://"):
            session.mount(scheme, _Open())
        for _ in range(MOST_REDIRECTS + 1):
            if not limits.local:
                _check_name(_host(address))
            with _asked(session, address, version) as response:
                if not response.is_redirect:
                    return _answer(response, limits, end)
                address = _next(address, response.headers["location"])
    raise SourceError("endless-redirects", f"{_host(address)} leads on and on; {PUBLISH}")


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no password: without this requests would look for one in ``~/.netrc``."""
    return request


def _asked(session: requests.Session, address: str, version: str) -> requests.Response:
    """Ask for a file as it is: what is packed could be a thousand times as large."""
    headers = {
        "User-Agent": f"wikiplan/{wikiplan.__version__}",
        "Accept": "text/csv, text/plain;q=0.5",
        "Accept-Encoding": "identity",
    } | ({"If-None-Match": version} if version else {})
    request = session.prepare_request(requests.Request("GET", address, headers))
    settings = session.merge_environment_settings(address, {}, True, None, None)
    # The session itself would read all of what stands beside a redirect, however much it is.
    return session.get_adapter(address).send(request, timeout=SECONDS_OF_SILENCE, **settings)


def _next(address: str, location: str) -> str:
    """Return where a redirect leads: maybe to another host, but to no other scheme."""
    try:
        after = urljoin(address, location)
        values.check_sheet(after)
    except ValueError:
        told = f"{_host(address)} leads to no address of the web; {PUBLISH}"
        raise SourceError("odd-redirect", told) from None
    return after


def _answer(response: requests.Response, limits: Limits, end: float) -> Answer:
    host, status = _host(response.url), response.status_code
    if status == requests.codes.not_modified:
        return Answer(None)
    if status != requests.codes.ok:
        later = "it has a problem of its own; try again later"
        advice = _ADVICE.get(status, later if status >= 500 else PUBLISH)
        told = f"{host} answers with the HTTP status {status}: {advice}"
        raise SourceError("http-status-of-source", told)
    if response.headers.get("content-type", "").partition(";")[0].strip() == "text/html":
        raise SourceError("html-source", f"{host} gives a web page and no sheet; {PUBLISH}")
    if response.headers.get("content-encoding", "identity") != "identity":
        told = f"{host} gives a packed file, which nobody asked for; {PUBLISH}"
        raise SourceError("packed-source", told)
    body = b""
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > limits.most_bytes:
            told = f"{host} gives more than {limits.most_bytes // 1024} KiB"
            raise SourceError("huge-source", f"{told}; make several sheets of it")
        if monotonic() > end:  # nobody waits for it any more
            break
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) != len(body):
        told = f"{host} gave {len(body)} of {length} bytes; try again later"
        raise SourceError("cut-source", told)
    return Answer(body, response.headers.get("etag", ""))


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the host"


def _told(error: requests.RequestException) -> str:
    """Return what went wrong without the address, which requests writes into all its messages."""
    kinds: Mapping[type[Exception], str] = {
        requests.exceptions.SSLError: "its certificate is not good",
        requests.exceptions.ProxyError: "the proxy gives no connection",
        requests.Timeout: f"nothing came for {SECONDS_OF_SILENCE} seconds",
        requests.exceptions.ChunkedEncodingError: "the answer was cut off",
        requests.ConnectionError: "there is no connection",
    }
    wrong = next(
        (told for kind, told in kinds.items() if isinstance(error, kind)), "no good answer"
    )
    return f"{wrong}; try again later"


# Which addresses are open to everybody.


class _Open(requests.adapters.HTTPAdapter):
    """Looks at who answers before anything is asked: a name may lead elsewhere any moment."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Connection(urllib3.connection.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check_number(str(self.sock.getpeername()[0]), self.host)


class _SecureConnection(urllib3.connection.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check_number(str(self.sock.getpeername()[0]), self.host)


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _check_name(host: str) -> None:
    """Refuse what names this machine, or says its number: a proxy would look there itself."""
    with suppress(ValueError):
        _check_number("127.0.0.1" if host in values.LOOPBACK else host, host)


def _check_number(number: str, host: str) -> None:
    address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    if not inner.is_global or inner.is_multicast:
        raise SourceError(
            "local-source",
            f"{host} is on this machine or in its network, which not everybody may see; "
            "if its data may stand on a public page, say -allow:local",
        )

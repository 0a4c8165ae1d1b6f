"""The desk's server: pages for a browser on the same machine, and for nobody else.

It listens on the loopback address. The address that is printed has a token that nobody can guess;
without it, or under another name of the host (DNS rebinding), nothing is answered. It has no
scripts, and changes nothing. The door of Starlette and uvicorn.
"""

from __future__ import annotations

import html
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from wikiplan.desk.views import Choice, Desk, Rendering, day_of
from wikiplan.errors import Faults, WikiplanError
from wikiplan.l10n import languages
from wikiplan.report import webpage

HOST = "127.0.0.1"
TOKEN_BYTES = 24
WRONG = 400
"""The status of a page that says what is wrong with the plan, or with what was asked."""

_FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
BESIDE = {
    "": "nothing",
    "wiki": "the page as it stands on the wiki",
    "source": "the source language",
}
ASKED = dict.fromkeys(("title", "language", "beside", "day", "marks"), "")
"""What an address may say, where it says nothing."""
MARKED = (
    "[lang]:not(html):not([lang='{tag}']) {{ background: #fef6e7; outline: 1px dashed #7d5200; }}"
)
"""The style of what stands there in another language."""


def app(desk: Desk, token: str) -> Starlette:
    """Return the application; every address begins with the token."""
    routes = [Route(f"/{name}", _answering(desk, answer)) for name, answer in _ANSWERS.items()]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"], www_redirect=False)
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[hosts])


class Server:
    """A server that is bound to its port already, so its address is known before it answers."""

    def __init__(self, desk: Desk, port: int = 0) -> None:
        try:
            self._socket = socket.create_server((HOST, port))
        except OSError as error:
            raise WikiplanError(
                "desk-port",
                f"-port:{port}: {os.strerror(error.errno or 0)}; name another one, or none",
            ) from error
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.address = f"http://{HOST}:{self._socket.getsockname()[1]}/{token}/"
        config = uvicorn.Config(
            app(desk, token), log_level="warning", access_log=False, server_header=False
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Answer until somebody presses Ctrl+C."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        self._server.should_exit = True


Answer = Callable[[Desk, Request], Response]


def _answering(desk: Desk, answer: Answer) -> Callable[[Request], Response]:
    """Return an endpoint that tells what is wrong as a page, and sends the headers of all."""

    def endpoint(request: Request) -> Response:
        try:
            response = answer(desk, request)
        except Faults as error:
            response = _html(desk, {"lines": [str(each) for each in error.faults]}, WRONG)
        except WikiplanError as error:
            response = _html(desk, {"lines": [str(error)]}, WRONG)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    return endpoint


def _html(desk: Desk, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    usual = {"site": desk.site, "besides": BESIDE, "named": languages.get, "asked": ASKED}
    nothing: dict[str, Any] = {"entries": (), "languages": (), "frames": (), "lines": ()}
    return HTMLResponse(webpage.page("desk", usual | nothing | dict(values), served=True), status)


def _list(desk: Desk, request: Request) -> HTMLResponse:
    return _html(desk, {"entries": desk.entries()})


def _page(desk: Desk, request: Request) -> HTMLResponse:
    asked, entries = dict(request.query_params), desk.entries()
    choice = _choice(request)
    own = next((each.languages for each in entries if each.title == choice.title), ())
    frames = _frames(desk, asked)
    return _html(
        desk, {"entries": entries, "languages": own, "frames": frames, "asked": {**ASKED, **asked}}
    )


def _frames(desk: Desk, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the caption and the address of each frame."""
    beside = asked.get("beside", "")
    frames = [("As the plan has it", _address({**asked, "state": "planned"}))]
    if beside == "wiki":
        frames.append(("As it stands on the wiki", _address({**asked, "state": "standing"})))
    elif beside == "source":
        source = desk.source_language
        frames.append(("In the source language", _address({**asked, "language": source})))
    return frames


def _address(values: Mapping[str, str]) -> str:
    return f"frame?{urlencode(values)}"


def _frame(desk: Desk, request: Request) -> HTMLResponse:
    choice, asked = _choice(request), request.query_params
    found = desk.standing(choice) if asked.get("state") == "standing" else desk.planned(choice)
    response = HTMLResponse(_document(found, marked=bool(asked.get("marks"))))
    response.headers["Content-Security-Policy"] = _FRAME_POLICY
    return response


def _document(found: Rendering | None, *, marked: bool) -> str:
    if found is None:
        return "<!DOCTYPE html><title>Nothing</title><p>The page does not exist there yet.</p>"
    language = found.language
    side = language.direction
    styles = [*found.styles, MARKED.format(tag=language.bcp47) if marked else ""]
    css = "".join(f"<style>{each}</style>" for each in styles if each)
    told = APPROXIMATE if found.approximate else ""
    if found.told:
        told += NOT_SAVED.format(html.escape(found.told))
    return DOCUMENT.format(
        tag=language.bcp47,
        side=side,
        css=css + f"<style>{_OWN}</style>",
        told=told,
        html=found.html,
    )


APPROXIMATE = '<p class="wikiplan-told">An approximation: without a wiki, templates are boxes.</p>'
NOT_SAVED = '<p class="wikiplan-told" dir="auto">An update would not save all of it: {}</p>'
DOCUMENT = (
    '<!DOCTYPE html><html lang="{tag}" dir="{side}"><head><meta charset="utf-8">'
    "<title>A page</title>{css}</head>"
    '<body class="mediawiki {side} skin-vector skin-vector-legacy">{told}'
    '<div class="vector-body"><div class="mw-body-content mw-content-{side} mw-parser-output">'
    "{html}</div></div></body></html>"
)
"""The classes are those by which a wiki's own styles know their places."""
_OWN = (
    ".wikiplan-call { padding: 0 0.4em; border: 1px dashed #72777d; background: #f8f9fa; }"
    ".wikiplan-told { color: #54595d; font-size: 0.8125rem; }"
    "table { border-collapse: collapse } td, th { padding: 0.2em 0.5em; border: 1px solid #a2a9b1 }"
)


def _choice(request: Request) -> Choice:
    asked = request.query_params
    day: datetime | None = day_of(asked.get("day", ""))
    return Choice(asked.get("title", ""), asked.get("language", ""), day)


_ANSWERS: Mapping[str, Answer] = {
    "": _list, "page": _page, "frame": _frame,
}  # fmt: skip

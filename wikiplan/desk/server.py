"""The desk's server: pages for a browser on the same machine, and for nobody else.

It listens on the loopback address. The address that is printed has a token that nobody can guess;
without it, or under another name of the host (DNS rebinding), nothing is answered. The door of
uvicorn.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount, Route

from wikiplan.desk import days, drift, pages, reviewing, runs, undoing
from wikiplan.desk.answering import Answering, Place
from wikiplan.desk.desk import Desk
from wikiplan.desk.planfiles import editing, newlanguage, planlists
from wikiplan.desk.translators import translations
from wikiplan.errors import WikiplanError

HOST = "127.0.0.1"
TOKEN_BYTES = 24
END_SECONDS = 0.4
"""What the desk waits for answers that are under way when it ends."""
TOPICS = (
    pages,
    days,
    planlists,
    newlanguage,
    editing,
    translations,
    reviewing,
    drift,
    runs,
    undoing,
)
"""What the desk is about; each answers at addresses of its own."""
CHANGING = "change/"
"""How the addresses begin to which forms are sent; at others nothing can be changed."""


def app(desk: Desk, address: str) -> Starlette:
    """Return the application; every address begins with that of the desk, which has the token."""
    topics = [(topic, topic.answers(desk)) for topic in TOPICS]
    places: dict[str, Place] = {}
    for topic, answers in topics:
        if label := getattr(topic, "LABEL", ""):
            places.setdefault(label, Place(next(iter(answers)), label))
    answering = Answering(desk, address, tuple(places.values()))
    routes = [
        Route(
            f"/{name}",
            answering.endpoint(answer, places.get(getattr(topic, "LABEL", ""))),
            methods=["POST"] if name.startswith(CHANGING) else ["GET"],
        )
        for topic, answers in topics
        for name, answer in answers.items()
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"], www_redirect=False)
    token = address.rstrip("/").rpartition("/")[2]
    return Starlette(routes=[Mount(f"/{token}", routes=routes)], middleware=[hosts])


class _Uvicorn(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; who waits for an answer yet is no fault to be told of."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        super().handle_exit(sig, frame)


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
        # asyncio knows no TCP in such a socket: an answer's end would wait 40 ms for its beginning.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.address = f"http://{HOST}:{self._socket.getsockname()[1]}/{token}/"
        config = uvicorn.Config(
            app(desk, self.address), log_level="warning", access_log=False, server_header=False
        )
        # A fraction of a second does, though only whole ones are declared.
        config.timeout_graceful_shutdown = END_SECONDS  # type: ignore[assignment]
        self._server = _Uvicorn(config)

    def run(self) -> None:
        """Answer until somebody presses Ctrl+C; what takes long then is left without an answer."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        self._server.should_exit = True

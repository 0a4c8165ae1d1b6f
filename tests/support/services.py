"""Small real servers that messages and pings are sent to: they note all that arrives."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support import recordedwiki


@dataclass
class Request:
    """What came in by HTTP."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Hooks:
    """An HTTP server. ``status`` is what it answers; with ``hangs_up`` it takes a request in and
    breaks the connection off.
    """

    requests: list[Request] = field(default_factory=list)
    status: int = 200
    hangs_up: bool = False
    address: str = ""

    @property
    def paths(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.requests]


class _HookHandler(BaseHTTPRequestHandler):
    known: Hooks

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body, headers = self.rfile.read(length), dict(self.headers)
        self.known.requests.append(Request(self.command, self.path, headers, body))
        if not self.known.hangs_up:
            self.send_response(self.known.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_PUT(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hooks() -> Iterator[Hooks]:
    known = Hooks()
    handler = type("Handler", (_HookHandler,), {"known": known})
    with _served(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        known.address = f"http://127.0.0.1:{port}"
        yield known


@dataclass
class MailServer:
    """An SMTP server, as far as a sender needs one. ``says`` has answers other than the usual."""

    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    hangs_up_at: str = ""
    port: int = 0


class _MailHandler(socketserver.StreamRequestHandler):
    known: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                self._read_mail()
            if verb == "AUTH":
                self.known.logins.append(line)
            if verb == self.known.hangs_up_at:
                return
            self._say(self.known.says.get(verb, _USUAL.get(verb, "250 ok")))
            if verb == "QUIT":
                return

    def _read_mail(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".").replace(b"\r\n", b"\n"))
        if "DATA" not in self.known.says:
            mail = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.known.mails.append(mail)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _MailTcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    known = MailServer()
    handler = type("Handler", (_MailHandler,), {"known": known})
    with _served(_MailTcpServer(("127.0.0.1", 0), handler)) as port:
        known.port = port
        yield known


_USUAL = {"AUTH": "235 welcome", "EHLO": "250-here\r\n250 AUTH PLAIN", "QUIT": "221 bye"}


@contextmanager
def _served(server: Any) -> Iterator[int]:
    place = server.server_address
    recordedwiki.SERVED.add(place)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield place[1]
    finally:
        server.shutdown()
        server.server_close()
        recordedwiki.SERVED.discard(place)


def closed_port() -> int:
    """Return a port at which nobody listens, and that tests may try."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port = int(server.server_address[1])
    recordedwiki.SERVED.add(("127.0.0.1", port))
    return port

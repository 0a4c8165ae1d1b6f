"""A wiki that gives recorded answers: a real HTTP server on loopback, for quick tests.

The answers are those of a real MediaWiki (tests/cases/api/), or what networks make of them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

ANSWERS = Path(__file__).parents[1] / "cases" / "api"
SERVED: set[tuple[str, int]] = set()
"""Addresses of the recorded wikis that run: what quick tests may connect to."""

USER = "PlanBot"
CSS = ".reference { white-space: nowrap }"
GATEWAY = b"<!DOCTYPE html><title>Gateway</title><p>Please try again."
# What comes instead of a recorded answer: status, further headers, body.
FAULTS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "(a page of a gateway)": (200, {"Content-Type": "text/html"}, GATEWAY),
    "(status 500)": (500, {"Content-Type": "text/html"}, GATEWAY),
    "(status 429, retry after 30 seconds)": (429, {"Retry-After": "30"}, b"slow down"),
    "(half an answer)": (200, {}, b'{"query": {"pages": ['),
    "(an empty object)": (200, {}, b"{}"),
    "(a list)": (200, {}, b"[]"),
}
CLOSED = "(nothing: the connection is closed)"
STALE = " (of an earlier request)"


class RecordedWiki:
    """``answers`` are what the next requests get, by name; ``sent`` is what they asked for,
    without the mark of each request, which the answer repeats as MediaWiki does.

    ``logged_in`` is whom the wiki takes Pywikibot for when that asks on its own account.
    """

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.sent: list[dict[str, str]] = []
        self.marks: list[str] = []
        self.logged_in = USER
        self.styles_asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.wiki = self  # type: ignore[attr-defined]
        self._bound = ("127.0.0.1", int(self._server.server_address[1]))
        self.address = "{}:{}".format(*self._bound)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    def start(self) -> RecordedWiki:
        SERVED.add(self._bound)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        SERVED.discard(self._bound)

    def will_answer(self, *names: str) -> None:
        self.answers = list(names)
        self.sent.clear()

    @property
    def actions(self) -> list[str]:
        return [each["action"] for each in self.sent]

    def whoami(self) -> bytes:
        """Return what Pywikibot gets, which asks this whenever it opens a site."""
        info = {"id": 4, "name": self.logged_in, "groups": ["bot"], "rights": ["bot", "edit"]}
        return json.dumps({"query": {"userinfo": info}}).encode()


def marked(answer: bytes, mark: str) -> bytes:
    """Return an answer with the mark of the request that it belongs to."""
    return json.dumps({"requestid": mark} | json.loads(answer)).encode()


def recorded(name: str) -> bytes:
    return (ANSWERS / f"{name}.json").read_bytes()


def names_of(lines: str) -> Sequence[str]:
    """Return the answers of a case: one a line, ``4 × maxlag`` for several."""
    found: list[str] = []
    for line in lines.splitlines():
        count, times, name = line.partition(" × ")
        found += [name] * int(count) if times else [line]
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # an answer in one piece: the second of two would wait for an ACK

    def do_POST(self) -> None:
        wiki: RecordedWiki = self.server.wiki  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {name: values[0] for name, values in parse_qs(body, True).items()}
        if asked.get("meta") == "userinfo":
            self._answer(200, {}, wiki.whoami())
            return
        wiki.marks.append(asked.pop("requestid"))
        wiki.sent.append(asked)
        name = wiki.answers.pop(0) if wiki.answers else "(an empty object)"
        name, stale, _ = name.partition(STALE)
        if name == CLOSED:
            self.close_connection = True
        else:
            mark = wiki.marks[0] if stale else wiki.marks[-1]
            self._answer(*(FAULTS.get(name) or (200, {}, marked(recorded(name), mark))))

    def do_GET(self) -> None:
        wiki: RecordedWiki = self.server.wiki  # type: ignore[attr-defined]
        wiki.styles_asked.append(parse_qs(self.path.partition("?")[2])["modules"][0])
        self._answer(200, {"Content-Type": "text/css"}, CSS.encode())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        usual = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in (usual | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass

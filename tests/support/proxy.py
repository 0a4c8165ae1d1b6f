"""A loopback proxy that does to answers what networks do: loses, cuts, delays and replaces them."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Reply:
    """What is sent back: ``missing`` bytes fewer than were announced, after ``delay`` seconds."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    missing: int = 0
    delay: float = 0


@dataclass(frozen=True)
class Exchange:
    """One request with the wiki's reply; ``earlier`` are the replies to the requests before it."""

    asked: Mapping[str, str]
    reply: Reply
    earlier: Mapping[str, bytes]


@dataclass(frozen=True)
class Fault:
    """What happens to one request.

    ``reaches`` says whether the wiki gets it; where it does not, the exchange's reply is empty.
    ``spoil`` gives what comes back; nothing where the connection is closed, or ``reset``.
    """

    name: str
    spoil: Callable[[Exchange], Reply | None]
    reaches: bool = True
    reset: bool = False

    def __str__(self) -> str:
        return self.name

    def before_it_is_done(self) -> Fault:
        """Return the same fault, of a request that the wiki never gets."""
        return replace(self, name=f"{self.name}, not done", reaches=False)


PAGE = b"<!DOCTYPE html><title>Gateway</title><p>Please try again."


def nothing(exchange: Exchange) -> Reply | None:
    return None


def gateway(status: int, **headers: str) -> Callable[[Exchange], Reply]:
    """Return what a gateway says in the wiki's place; ``_`` in a header's name is a hyphen."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = Reply(status, {"Content-Type": "text/html"} | given, PAGE)
    return lambda exchange: reply


def body(change: Callable[[bytes], bytes]) -> Callable[[Exchange], Reply]:
    """Return what changes a reply's bytes."""
    return lambda exchange: replace(exchange.reply, body=change(exchange.reply.body))


LOSE = Fault("the answer is lost", nothing)
DROP = Fault("the request is lost", nothing, reaches=False)
HTML = Fault("a page of a gateway", gateway(200))
ERROR_500 = Fault("status 500", gateway(500))
CUT = Fault("half an answer", body(lambda answer: answer[: len(answer) // 2]))
EMPTY = Fault("an empty object", body(lambda answer: b"{}"))


class Proxy:
    """Stands before a wiki at ``upstream`` (host:port); ``address`` is its own."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.faults: dict[str, list[Fault]] = {}
        self.at: dict[int, Fault] = {}
        """Faults by the number of the request, from 0."""
        self.seen: list[str] = []
        self.earlier: dict[str, bytes] = {}
        self.watch: Callable[[int, str], bool] = lambda number, when: False
        """Called before and after each request reaches the wiki, with its number from 0; says
        whether the one who asked is gone."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.proxy = self  # type: ignore[attr-defined]
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> Proxy:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def kill(self, start: Callable[[], int], number: int, when: str) -> None:
        """Start a process, and kill it before or after its request of this number."""
        self.seen.clear()
        child: list[int] = []

        def watch(seen: int, now: str) -> bool:
            if (seen, now) != (number, when):
                return False
            os.kill(child[0], signal.SIGKILL)
            os.waitid(os.P_PID, child[0], os.WEXITED | os.WNOWAIT)
            return True

        self.watch = watch
        child.append(start())
        assert os.waitpid(child[0], 0)[1] == signal.SIGKILL
        self.watch = lambda number, when: False

    def fail(self, action: str, *faults: Fault) -> None:
        """Let the next requests of an API action suffer these faults, one each, in this order."""
        self.faults[action] = list(faults)

    def begin(self, faults: Mapping[int, Fault]) -> None:
        """Count requests anew; those of these numbers suffer faults."""
        self.seen.clear()
        self.earlier.clear()
        self.at = dict(faults)

    def next_fault(self, action: str) -> Fault | None:
        number = len(self.seen)
        self.seen.append(action)
        waiting = self.faults.get(action, [])
        return self.at.get(number) or (waiting.pop(0) if waiting else None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # an answer in one piece: the second of two would wait for an ACK

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._pass_on(body, parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True))

    def do_GET(self) -> None:
        self._pass_on(b"", parse_qs(self.path.partition("?")[2]))

    def _pass_on(self, body: bytes, parameters: dict[str, list[str]]) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        asked = {name: values[0] for name, values in parameters.items()}
        number, action = len(proxy.seen), asked.get("action", "")
        fault = proxy.next_fault(action)
        if proxy.watch(number, "before"):
            self.close_connection = True
            return
        reply = Reply()
        if fault is None or fault.reaches:
            reply = self._upstream(proxy.upstream, body)
        if proxy.watch(number, "after"):
            self.close_connection = True
            return
        spoilt = fault.spoil(Exchange(asked, reply, proxy.earlier)) if fault else reply
        proxy.earlier[action] = reply.body
        if spoilt:
            self._answer(spoilt)
        else:
            self._close(reset=bool(fault and fault.reset))

    def _upstream(self, upstream: str, body: bytes) -> Reply:
        connection = http.client.HTTPConnection(upstream, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        answer = response.read()
        self.cookies = [value for name, value in response.getheaders() if name == "Set-Cookie"]
        kept = {"content-type", "retry-after"}
        headers = {n: v for n, v in response.getheaders() if n.lower() in kept}
        connection.close()
        return Reply(response.status, headers, answer)

    def _close(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _answer(self, reply: Reply) -> None:
        time.sleep(reply.delay)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        for cookie in getattr(self, "cookies", ()):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(reply.body) + reply.missing))
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = self.close_connection or bool(reply.missing)

    def log_message(self, format: str, *args: object) -> None:
        pass

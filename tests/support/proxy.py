"""A loopback proxy that does to answers what networks do: loses, cuts, delays and replaces them."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

# What can happen to a request, by name:
LOSE = "lose"  # the wiki gets it and answers; the answer never comes: the connection is closed
DROP = "drop"  # the wiki never gets it
HTML = "html"  # the wiki gets it; a gateway answers 200 with an HTML page
ERROR_500 = "500"  # the wiki gets it; a gateway answers 500
CUT = "cut"  # the wiki gets it; the answer's JSON ends in the middle
EMPTY = "empty"  # the wiki gets it; the answer is {}


class Proxy:
    """Stands before a wiki at ``upstream`` (host:port); ``address`` is its own."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.faults: dict[str, list[str]] = {}
        self.seen: list[str] = []
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

    def fail(self, action: str, *faults: str) -> None:
        """Let the next requests of an API action suffer these faults, one each, in this order."""
        self.faults[action] = list(faults)

    def next_fault(self, action: str) -> str:
        self.seen.append(action)
        waiting = self.faults.get(action, [])
        return waiting.pop(0) if waiting else ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._pass_on(body, parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True))

    def do_GET(self) -> None:
        self._pass_on(b"", parse_qs(self.path.partition("?")[2]))

    def _pass_on(self, body: bytes, parameters: dict[str, list[str]]) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        number = len(proxy.seen)
        fault = proxy.next_fault(parameters.get("action", [""])[0])
        if proxy.watch(number, "before") or fault == DROP:
            self.close_connection = True
            return
        status, headers, answer = self._upstream(proxy.upstream, body)
        if proxy.watch(number, "after") or fault == LOSE:
            self.close_connection = True
            return
        self._answer(*_spoilt(fault, status, headers, answer))

    def _upstream(self, upstream: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(upstream, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        answer = response.read()
        kept = {"content-type", "set-cookie", "retry-after"}
        self.cookies = [value for name, value in response.getheaders() if name == "Set-Cookie"]
        headers = {n: v for n, v in response.getheaders() if n.lower() in kept - {"set-cookie"}}
        connection.close()
        return response.status, headers, answer

    def _answer(self, status: int, headers: dict[str, str], answer: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        for cookie in self.cookies:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _spoilt(
    fault: str, status: int, headers: dict[str, str], answer: bytes
) -> tuple[int, dict[str, str], bytes]:
    page = b"<!DOCTYPE html><title>Gateway</title><p>Please try again."
    if fault == HTML:
        return 200, {"Content-Type": "text/html"}, page
    if fault == ERROR_500:
        return 500, {"Content-Type": "text/html"}, page
    if fault == CUT:
        return status, headers, answer[: len(answer) // 2]
    if fault == EMPTY:
        return status, headers, b"{}"
    return status, headers, answer

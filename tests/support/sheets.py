"""A server on this machine that gives sheets, whole or as bad servers do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.recordedwiki import SERVED

CSV = {"Content-Type": "text/csv; charset=utf-8"}


@dataclass
class Sheet:
    """What the server gives for every path, and the headers of each request that it got.

    ``missing`` bytes fewer come than are announced. ``trickle`` holds the answer up after each
    byte until the server stops.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: CSV)
    missing: int = 0
    trickle: bool = False
    address: str = ""
    asked: list[Mapping[str, str]] = field(default_factory=list)
    answer: Callable[[str], tuple[int, Mapping[str, str], bytes]] | None = None
    """Gives status, headers and body by the path instead."""

    def of(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        return self.answer(path) if self.answer else (self.status, self.headers, self.body)


@contextmanager
def serving(sheet: Sheet) -> Iterator[Sheet]:
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sheet.asked.append(dict(self.headers))
            status, headers, body = sheet.of(self.path)
            etag = headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body) + sheet.missing))
            self.end_headers()
            if not sheet.trickle:
                self.wfile.write(body)
                return
            self.wfile.write(body[:1])
            self.wfile.flush()
            over.wait()

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    own = {(host, server.server_port, *rest) for host, *rest in (("127.0.0.1",), ("::1", 0, 0))}
    SERVED.update(own)
    sheet.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield sheet
    finally:
        over.set()
        SERVED.difference_update(own)
        server.shutdown()
        server.server_close()

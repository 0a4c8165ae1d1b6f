"""A desk that answers meanwhile, and a browser at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.support import recordedwiki
from tests.support.browser import Browser
from wikiplan.desk.desk import Desk
from wikiplan.desk.server import Server


@contextmanager
def answering(desk: Desk) -> Iterator[str]:
    """Let a server answer meanwhile; yields its address."""
    server = Server(desk)
    parts = urlsplit(server.address)
    recordedwiki.SERVED.add((parts.hostname, parts.port))
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()
        recordedwiki.SERVED.remove((parts.hostname, parts.port))


@contextmanager
def opened(
    browser: Browser, address: str, width: int = 1280, dark: bool = False, locale: str = "en-GB"
) -> Iterator[Page]:
    """Open an address; nothing may be asked elsewhere, and nothing may go wrong in the browser."""
    errors: list[str] = []
    asked: list[str] = []
    with browser.wiki_page(address, width=width, dark=dark, locale=locale) as page:
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        yield page
        assert errors == []
        assert [url for url in asked if not url.startswith((address, "data:"))] == []

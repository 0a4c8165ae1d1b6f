"""A desk that answers meanwhile, here or as a process of its own, and a browser at it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import requests
from playwright.sync_api import Page

from tests.support import recordedwiki, scripthost
from tests.support.browser import Browser
from tests.support.running import LONGEST_SECONDS, ROOT
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


class Serving:
    """``plan_serve`` as people start it; what it says stands in a file beside the plan."""

    def __init__(self, directory: Path, name: str = "desk", **environment: str) -> None:
        self._said, self.report = directory / f"{name}.txt", directory / f"{name}.json"
        script, asked = ROOT / "scripts/plan_serve.py", ["-wiki:wiki", f"-report:{self.report}"]
        with self._said.open("w") as out:
            self.process = scripthost.start(
                script, asked, directory, out, out, {**os.environ, **environment}
            )

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        """Where it answers, as soon as it says so."""
        while not (found := re.search(r"http://\S+/", self.said)):
            assert self.process.poll() is None, self.said
            time.sleep(0.02)
        return found[0]

    @property
    def place(self) -> tuple[str | None, int | None]:
        parts = urlsplit(self.address)
        return parts.hostname, parts.port

    def get(self, path: str, **asked: str) -> str:
        answer = requests.get(f"{self.address}{path}", params=asked, timeout=LONGEST_SECONDS)
        return answer.text

    def post(self, path: str, form: dict[str, str]) -> str:
        origin = self.address.rpartition("/")[0].rpartition("/")[0]
        answer = requests.post(
            f"{self.address}change/{path}",
            data=form,
            headers={"Origin": origin},
            timeout=LONGEST_SECONDS,
        )
        return answer.text

    def ended(self) -> int:
        """Wait until it has ended; returns its exit status."""
        return self.process.wait(LONGEST_SECONDS)


@contextmanager
def serving(directory: Path, name: str = "desk", **environment: str) -> Iterator[Serving]:
    """Let a desk answer meanwhile, as a process of its own."""
    found = Serving(directory, name, **environment)
    try:
        recordedwiki.SERVED.add(found.place)
        yield found
    finally:
        found.process.kill()
        found.process.wait()
        recordedwiki.SERVED.discard(found.place)


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
        assert errors == [], errors
        assert [url for url in asked if not url.startswith((address, "data:"))] == []

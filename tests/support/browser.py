"""Chromium and Firefox without a screen, for the pages that the program writes for people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
SERIOUS = ("serious", "critical")
TAGS = (
    "wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    "experimental",
)  # fmt: skip
ALL_RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"color-contrast-enhanced": {"enabled": False}},
}


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Browser:
    """Opens files as people do, and remembers what a page should never do."""

    def __init__(self, chrome: Any) -> None:
        self._chrome = chrome

    @contextmanager
    def page(
        self,
        path: Path,
        *,
        dark: bool = False,
        width: int = 1280,
        touch: bool = False,
        locale: str = "en-GB",
    ) -> Iterator[Page]:
        """Yield the page of a file. At the end it must have sent no request, and had no error."""
        scheme = "dark" if dark else "light"
        context = self._chrome.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": 800},
            has_touch=touch,
            is_mobile=touch,
            locale=locale,
        )
        page = context.new_page()
        errors: list[str] = []
        requests: list[str] = []
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        address = path.resolve().as_uri()
        page.goto(address)
        try:
            yield page
            outside = [url for url in requests if not url.startswith((address, "blob:", "data:"))]
            found = (errors, [url for url in outside if url != "about:srcdoc"])
            assert found == ([], []), found
        finally:
            context.close()

    @contextmanager
    def wiki_page(
        self,
        address: str,
        *,
        dark: bool = False,
        width: int = 1280,
        files: Path | None = None,
        locale: str = "en-GB",
    ) -> Iterator[Page]:
        """Yield a page of a wiki, which has its uploaded files in a folder."""
        scheme = "dark" if dark else "light"
        context = self._chrome.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 800}, locale=locale
        )
        page = context.new_page()
        if files:
            page.route("**/images/**", lambda route: _serve(route, files))
        page.goto(address)
        try:
            yield page
        finally:
            context.close()


def _serve(route: Any, folder: Path) -> None:
    path = folder / unquote(route.request.url.partition("/images/")[2])
    if path.exists():
        route.fulfill(body=path.read_bytes(), content_type="image/png")
    else:
        route.abort()


def findings(page: Page) -> list[str]:
    """Return all that axe finds wrong in the accessibility of a page of our own.

    All of its rules count, also those on good practice, but for the contrast of WCAG's third
    level: Codex's own links do not have it.
    """
    found = Axe().run(page, options=ALL_RULES).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


def serious_findings(page: Page, within: str | None = None) -> list[str]:
    """Return what axe finds wrong in a page's accessibility, but for what is only moderate."""
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@contextmanager
def started(playwright: Playwright) -> Iterator[Browser]:
    chrome = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
    try:
        yield Browser(chrome)
    finally:
        chrome.close()


@contextmanager
def firefox_started(playwright: Playwright) -> Iterator[Browser]:
    """Start the Firefox of the system, which Playwright drives by WebDriver BiDi.

    Raises :class:`playwright.sync_api.Error` where one cannot talk to the other: Playwright 1.65
    asks for commands that no Firefox ESR has yet. It shows light pages alone.
    """
    fox = playwright.firefox.launch(channel="moz-firefox", executable_path=firefox())
    try:
        fox.new_context().close()
        yield Browser(fox)
    finally:
        fox.close()

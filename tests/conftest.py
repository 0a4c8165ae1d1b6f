"""Fixtures for all tests: a folder wiki, a real MediaWiki, people who edit them, a lossy proxy.

Without the marker ``wiki`` a test has no network. Each process of pytest-xdist has its own wiki.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Error, Playwright, sync_playwright

from tests.support import browser as chromium
from tests.support import mediawiki as lab
from tests.support import once, recordedwiki, scripthost, translatelab
from tests.support.people import FolderPeople, Place, forget_sites, open_site
from tests.support.proxy import Proxy
from tests.support.samples import WHOLE, examples, left_out
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import syntax

# How long an example may take says more about the machine than about the program.
settings.register_profile(
    "any machine", settings(), deadline=None, max_examples=examples(100), derandomize=not WHOLE
)
settings.load_profile("any machine")
once.parse_once()


def pytest_configure(config: pytest.Config) -> None:
    """Point Pywikibot, here and in the scripts that tests start, at a directory of our own."""
    directory = Path(tempfile.mkdtemp(prefix="wikiplan-pywikibot-"))
    lab.pywikibot_directory(directory)
    os.environ["PYWIKIBOT_DIR"] = str(directory)
    os.environ["XDG_STATE_HOME"] = str(directory / "state")  # where runs keep their locks
    os.environ["WIKIPLAN_TEST_ADDRESS"] = "127.0.0.1:9"  # nobody listens there
    os.environ.pop("PYWIKIBOT_NO_USER_CONFIG", None)
    scripthost.remember_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["PYWIKIBOT_DIR"], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Modules that run the scripts as processes take a second or more a test: they are heavy.

    Who names tests, or words of their names, gets all of them; else samples are taken.
    """
    for item in items:
        if hasattr(item.getparent(pytest.Module).module, "script"):  # type: ignore[union-attr]
            item.add_marker("heavy")
    named = config.getoption("keyword") or any("::" in word for word in config.args)
    if not (WHOLE or named):
        without = left_out(items)
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=[*without])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Iterator[None]:
    """Tell the tests that skip for want of one thing in one line: that of the fixture's skip."""
    report = yield
    if report.skipped and call.when == "setup" and call.excinfo:
        place = call.excinfo.traceback.filter(call.excinfo)[-1]
        if place.path == Path(__file__):
            report.longrepr = (str(place.path), place.lineno + 1, str(call.excinfo.value))
    return report


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit tests have no network by construction, but for a wiki of recorded answers."""
    if any(map(request.node.get_closest_marker, ("wiki", "browser"))):
        return
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_UNIX or address in recordedwiki.SERVED:
            return connect(self, address)
        raise AssertionError(f"a test without the marker wiki connects to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def mediawiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab.MediaWiki]:
    """A real MediaWiki for the whole session; tests use pages of their own (fixture ``title``)."""
    if reason := lab.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    wiki = lab.MediaWiki(tmp_path_factory.mktemp("mediawiki") / "lab")
    try:
        wiki.start()
        os.environ["WIKIPLAN_TEST_ADDRESS"] = wiki.address
        yield wiki
    finally:
        wiki.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; there can be one only."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[chromium.Browser]:
    """Chromium, for the pages that the program writes for people."""
    if not chromium.chromium():
        reason = "Chromium is not installed (Debian's package chromium)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with chromium.started(playwright) as opened:
        yield opened


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[chromium.Browser]:
    """Firefox, for the pages that people use all day."""
    if not chromium.firefox():
        reason = "Firefox is not installed (Debian's package firefox-esr)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    try:
        with chromium.firefox_started(playwright) as opened:
            yield opened
    except Error as error:
        reason = f"this Playwright cannot drive this Firefox: {error.message.splitlines()[0]}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="session")
def translate_wiki(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[translatelab.TranslateWiki]:
    """A real MediaWiki with the real Translate extension, for the whole session.

    Without ``TRANSLATE_EXTENSIONS`` its tests skip, also where the others would fail: the
    extension is not in Debian.
    """
    if reason := translatelab.missing():
        pytest.skip(reason)
    if reason := lab.missing():
        pytest.fail(reason)
    wiki = translatelab.TranslateWiki(tmp_path_factory.mktemp("translate") / "lab")
    try:
        wiki.start()
        yield wiki
    finally:
        wiki.stop()


@pytest.fixture
def translate_site(
    translate_wiki: translatelab.TranslateWiki,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the wiki with the extension, as PlanBot or another account."""
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", translate_wiki.address)
    yield open_site
    forget_sites()


@pytest.fixture
def title(request: pytest.FixtureRequest) -> str:
    """A page title that no other test uses."""
    name = re.sub(r"[^\w]+", " ", request.node.name.removeprefix("test_").replace("_", " "))
    return syntax.normal_title(f"{name.strip()[:80]} {zlib.crc32(request.node.nodeid.encode())}")


@pytest.fixture
def site_of(mediawiki: lab.MediaWiki) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the real wiki as a fresh process with a warm login would."""
    yield open_site
    forget_sites()


@pytest.fixture
def site(site_of: Callable[..., Any]) -> Any:
    """The real wiki through Pywikibot, as PlanBot."""
    return site_of()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "folder")


@pytest.fixture
def proxy(mediawiki: lab.MediaWiki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy before the real wiki: sites opened afterwards go through it."""
    proxy = Proxy(mediawiki.address).start()
    monkeypatch.setenv("WIKIPLAN_TEST_ADDRESS", proxy.address)
    yield proxy
    proxy.stop()


@pytest.fixture(params=["folder", pytest.param("site", marks=pytest.mark.wiki)])
def place(request: pytest.FixtureRequest) -> Place:
    """Both implementations of the wiki in turn, each with its people."""
    if request.param == "folder":
        folder = request.getfixturevalue("folder")
        return Place(folder, FolderPeople(folder.directory))
    return Place(request.getfixturevalue("site"), request.getfixturevalue("mediawiki"))

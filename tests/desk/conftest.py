"""The sample plan in a folder of its own, its pages on a wiki, and a desk that shows them."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.browser import Browser
from tests.support.desk import answering
from tests.support.pictures import DRAWING
from tests.support.running import ROOT
from tests.support.samples import WHOLE
from wikiplan import files
from wikiplan.changes.apply import Application
from wikiplan.desk.desk import Desk
from wikiplan.report.report import Report, new_run_id
from wikiplan.report.terminal import Terminal
from wikiplan.session import loading
from wikiplan.session.options import Options
from wikiplan.session.session import Session
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Wiki

NOW = datetime(2021, 7, 1, tzinfo=UTC)


def session(directory: Path, wiki: Wiki) -> Session:
    """Return a session of the plan in a directory, on a wiki; templates may be its own."""
    own = directory / "templates"
    options = Options(
        data=directory / "data",
        templates=own if own.exists() else ROOT / "templates",
        now=NOW,
        given=frozenset({"now"}),
        full=True,
        wiki=wiki.directory if isinstance(wiki, Folder) else None,
    )
    known = (options, Terminal, Report(new_run_id(NOW), site=wiki.name, started=NOW), wiki)
    loaded = loading.load(options)
    return Session(*known, loaded=loaded.on(loaded.plan.site), site=loaded.plan.site)


SHARE = 5
"""Of the long matrices one test in so many is run; ``make desk`` runs all of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most of the tests in a browser, and of hostile values, to ``make desk``."""
    here = Path(__file__).parent
    for item in items:
        if "open_desk" in getattr(item, "fixturenames", ()):
            item.add_marker("desk")
        is_hostile = item.name.startswith("test_whatever_is_typed")
        is_long = is_hostile or item.get_closest_marker("browser")
        if (
            is_long
            and here in item.path.parents
            and not WHOLE
            and not DRAWING
            and not item.get_closest_marker("always")
            and zlib.crc32(item.name.encode()) % SHARE
        ):
            item.add_marker(pytest.mark.skip(reason="one in five is run; make desk runs all"))


BROWSERS = ["Chromium", "Firefox"] if WHOLE else ["Chromium"]


@pytest.fixture(scope="session", params=BROWSERS)
def browser(request: pytest.FixtureRequest, browser: Browser) -> Browser:
    """Each of the browsers: people work at the desk in their own."""
    if request.param == "Chromium":
        return browser
    found: Browser = request.getfixturevalue("firefox")
    return found


@pytest.fixture(scope="session")
def sample_texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the sample plan, by title."""
    folder = Folder(tmp_path_factory.mktemp("texts") / "wiki")
    return {page.title: page.after for page in session(ROOT, folder).compare().pages}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the sample plan, which a test may change."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("schema"))
    return tmp_path


def update(directory: Path) -> Folder:
    """Put the pages of the plan in a directory into the folder wiki beside it."""
    wiki = Folder(directory / "wiki")
    Application(session(directory, wiki).compare(), wiki).run()
    return wiki


@pytest.fixture(scope="session")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample plan and its pages, for who copies them."""
    place = tmp_path_factory.mktemp("updated")
    shutil.copytree(ROOT / "data", place / "data", ignore=shutil.ignore_patterns("schema"))
    update(place)
    return place


@pytest.fixture
def open_desk(directory: Path, updated: Path) -> Callable[..., Desk]:
    """Open a desk of the copy, on a folder where its pages stand, or on another wiki."""

    def opened(wiki: Wiki | None = None) -> Desk:
        if wiki is None:
            wiki = Folder(directory / "wiki")
            if is_untouched(directory, updated):
                shutil.copytree(updated / "wiki", wiki.directory)
            else:
                update(directory)
        return Desk(session(directory, wiki))

    return opened


def is_untouched(directory: Path, updated: Path) -> bool:
    """Tell whether the pages of a copy would be those of the sample."""
    own = any((directory / name).exists() for name in ("templates", "wiki"))
    same = files.digest_of(directory / "data") == files.digest_of(updated / "data")
    return same and not own


@pytest.fixture
def address(open_desk: Callable[..., Desk]) -> Iterator[str]:
    with answering(open_desk()) as found:
        yield found

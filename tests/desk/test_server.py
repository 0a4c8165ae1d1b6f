"""The desk in a browser, and whoever else may ask its server."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.support import recordedwiki
from tests.support.browser import Browser, findings
from tests.support.running import ROOT
from wikiplan.desk.server import Server
from wikiplan.desk.views import Desk
from wikiplan.errors import WikiplanError
from wikiplan.wiki.interface import Wiki

DEPARTMENT = "Community Resilience and Sustainability"
PICTURES = ROOT / "docs" / "pictures"
NASTY = "</title></iframe><script>alert(1)</script>\"'<img src=x onerror=alert(1)>{{7*7}}"


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


@pytest.fixture
def address(open_desk: Callable[..., Desk]) -> Iterator[str]:
    with answering(open_desk()) as found:
        yield found


# --- whoever asks ---


def test_without_the_token_nothing_is_answered(address: str):
    root = address.rpartition("/")[0].rpartition("/")[0]
    for path in ("/", "/page?title=a", "/frame", "/wrong/", "/wrong/page", "/favicon.ico", "//"):
        answer = requests.get(root + path, allow_redirects=False)
        assert (answer.status_code, DEPARTMENT in answer.text) == (404, False), path


def test_two_desks_have_two_tokens(open_desk: Callable[..., Desk]):
    desk = open_desk()
    with answering(desk) as one, answering(desk) as other:
        tokens = {urlsplit(each).path.strip("/") for each in (one, other)}
    assert len(tokens) == 2 and {len(each) for each in tokens} == {32}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""])
def test_under_another_name_of_the_host_nothing_is_answered(host: str, address: str):
    assert requests.get(address, headers={"Host": host}).status_code == 400


def test_only_this_machine_is_answered(open_desk: Callable[..., Desk]):
    with closing(Server(open_desk())._socket) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(method: str, address: str):
    for path in ("", "page", "frame"):
        answer = requests.request(method, address + path, headers={"Origin": "http://e.example"})
        assert answer.status_code == 405
        assert "access-control-allow-origin" not in answer.headers


def test_every_answer_forbids_what_it_does_not_need(address: str):
    for path in ("", f"page?title={DEPARTMENT}&language=ar", "page?title=no", "frame?day=x"):
        answer = requests.get(address + path)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', answer.text)
        assert policy and policy[1].startswith("default-src &#39;none&#39;;")
        assert "script" not in answer.text.partition("<body")[2]
    framed = requests.get(f"{address}frame?title={DEPARTMENT}&language=ar")
    assert framed.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    )


@pytest.mark.parametrize("name", ["title", "language", "beside", "day", "marks", "state"])
def test_no_value_of_an_address_becomes_markup(name: str, address: str):
    usual = {"title": DEPARTMENT, "language": "de"}
    for path in ("page", "frame"):
        answer = requests.get(address + path, params={**usual, name: NASTY})
        assert "<script" not in answer.text and "onerror=alert(1)>" not in answer.text
        assert answer.status_code < 500


@pytest.mark.parametrize("path", ["../data/pages.yaml", "%2e%2e/%2e%2e/etc/passwd", "page/../../x"])
def test_no_file_is_given(path: str, address: str):
    answer = requests.get(address + path, allow_redirects=False)
    assert answer.status_code in (400, 404)


def test_a_port_that_is_taken_is_told(open_desk: Callable[..., Desk]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(WikiplanError, match=f"-port:{port}: Address already in use; name"):
            Server(open_desk(), port)


# --- in a browser ---


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, dark: bool = False) -> Iterator[Page]:
    """Open an address; nothing may be asked elsewhere, and nothing may go wrong in the browser."""
    errors: list[str] = []
    asked: list[str] = []
    with browser.wiki_page(address, width=width, dark=dark) as page:
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        yield page
        assert errors == []
        assert [url for url in asked if not url.startswith((address, "data:"))] == []


@pytest.mark.browser
def test_a_page_is_chosen_and_seen_beside_its_source_and_on_a_day(address: str, browser: Browser):
    with opened(browser, address) as page:
        page.get_by_role("link", name="Deutsch").first.click()
        shown = page.frame_locator("iframe >> nth=0")
        expect(shown.locator("body")).to_contain_text("Nächste Sprechstunde")
        expect(shown.locator("body")).to_contain_text("15. Juli 2021")
        page.get_by_label("Beside it").select_option("source")
        page.get_by_label("On the day").fill("2021-08-01")
        page.get_by_role("button", name="Show").click()
        expect(shown.locator("body")).to_contain_text("14. Oktober 2021")
        beside = page.frame_locator("iframe >> nth=1")
        expect(beside.locator("body")).to_contain_text("Next office hour")
        page.get_by_role("link", name="The pages on").click()
        expect(page.locator("tbody tr")).to_have_count(2)


@pytest.mark.browser
def test_what_is_in_another_language_is_marked_where_that_is_wanted(
    directory: Path, address: str, browser: Browser
):
    file = directory / "data/locale/de.po"
    text = file.read_text(encoding="utf-8")
    before, key, rest = text.partition('msgctxt "department.mission"\n')
    message, blank, behind = rest.partition("\n\n")
    english = message.partition("\nmsgstr ")[0]
    file.write_text(f'{before}{key}{english}\nmsgstr ""{blank}{behind}', encoding="utf-8")
    with opened(browser, address) as page:
        page.goto(f"{address}page?title={DEPARTMENT}&language=de")
        english = page.frame_locator("iframe").locator("[lang=en]").first
        expect(english).to_contain_text("A community with a common purpose")
        expect(english).to_have_css("outline-style", "none")
        page.get_by_label("mark what is in another language").check()
        page.get_by_role("button", name="Show").click()
        expect(english).to_have_css("outline-style", "dashed")


def test_mistakes_of_the_plan_stand_where_the_page_would(directory: Path, address: str):
    (directory / "data/links.yaml").write_text("legal: [\n")
    answer = requests.get(address)
    assert answer.status_code == 400
    assert re.search(r"<li>\S*data/links.yaml:2:1: ", answer.text)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everybody_can_use_it(dark: bool, width: int, address: str, browser: Browser):
    for path in ("", f"page?title={DEPARTMENT}&language=ar&beside=source", "page?day=x"):
        with browser.wiki_page(address + path, width=width, dark=dark) as page:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.wiki
@pytest.mark.browser
def test_on_a_wiki_pages_are_rendered_by_it_and_a_picture_can_be_drawn(
    open_desk: Callable[..., Desk],
    site_of: Callable[[], Wiki],
    browser: Browser,
):
    """``make pictures`` puts it into the documentation."""
    with answering(open_desk(site_of())) as address:
        where = f"{address}page?title={DEPARTMENT}/Priorities 2021–2022&language=ar&beside=source"
        with opened(browser, address) as page:
            page.goto(where)
            body = page.frame_locator("iframe >> nth=0").locator("body")
            expect(body.locator("h2").first).to_be_visible()
            assert "approximation" not in body.inner_text()
            page.wait_for_timeout(300)  # both frames are there
            picture = page.screenshot()
    if os.environ.get("WIKIPLAN_PICTURES"):
        (PICTURES / "desk.png").write_bytes(picture)
    assert (PICTURES / "desk.png").exists()

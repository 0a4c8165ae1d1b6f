"""Nothing that is sent to the desk, and no value of the plan, acts, breaks or leads out of it.

The cases are ``tests/cases/desk/hostile.yaml``; each is tried at every address that the topics
answer, with every set of fields that the desk's own pages offer, so new ones are tried, too.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from ruamel.yaml import YAML

from tests.support.browser import Browser
from tests.support.desk import answering
from tests.support.deskcrawl import Ask, Read, crawled
from tests.support.running import ROOT
from tests.support.samples import WHOLE
from wikiplan.desk.desk import Desk
from wikiplan.value import replace

CASES = YAML(typ="safe").load(ROOT / "tests/cases/desk/hostile.yaml")
VALUES: dict[str, str] = {**CASES["values"], "a very long word": "x" * CASES["long"]}
MARK = "wikiplanMark"
SECRET = "what stands in a file outside of the plan"
PASSWORDS = "root:x:0:0"
HOSTILE = "hostilewords"
COMPUTED = str(7 * 191)
MOST_IN_ADDRESS = 2000
"""Letters; a server need not read an address of any length."""
PATIENCE = 60
"""Seconds for one answer; no case waits for them."""


def test_there_are_sixty_cases():
    assert len(VALUES) + len(CASES["requests"]) + len(CASES["addresses"]) >= 60


ADDRESSES: list[Ask] = []


class Place:
    """A desk, the files around its plan, and what can be asked of it."""

    def __init__(self, directory: Path, desk: Desk, address: str) -> None:
        self.directory, self.address = directory, address
        self.desk = desk
        self.kept = directory.parent / f"{directory.name}-kept"
        shutil.copytree(directory, self.kept, symlinks=True)

    def addresses(self) -> list[Ask]:
        """Return how each address is asked for: those of all desks of the sample plan."""
        if not ADDRESSES:
            ADDRESSES.extend(fullest(crawled(self.desk, self.address)))
        return ADDRESSES

    def changed(self) -> list[str]:
        """Return the files that are other ones than at the beginning."""
        before, now = files(self.kept), files(self.directory)
        return sorted(name for name in before | now if before.get(name) != now.get(name))

    def restore(self) -> None:
        for name in ("data", "wiki"):
            shutil.rmtree(self.directory / name)
            shutil.copytree(self.kept / name, self.directory / name, symlinks=True)


def files(directory: Path) -> dict[str, tuple[int, int]]:
    """Return what tells of each file whether somebody wrote it, be it the same."""
    return {
        str(path.relative_to(directory)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in directory.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def place(directory: Path, open_desk: Callable[..., Desk]) -> Iterator[Place]:
    outside = directory / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET, encoding="utf-8")
    desk = open_desk()
    with answering(desk) as address:
        yield Place(directory, desk, address)


def harm(answer: requests.Response, place: Place) -> list[str]:
    """Return what an answer did, or shows, that none should."""
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    found += [word for word in (SECRET, PASSWORDS) if word in answer.text]
    if "set-cookie" in answer.headers:
        found.append("a cookie")
    if not answer.headers.get("location", place.address).startswith(place.address):
        found.append(f"leads to {answer.headers['location']}")
    if "text/html" in answer.headers.get("content-type", ""):
        read = Read(answer.text)
        found += read.acting + [f"{read.scripts} scripts"] * (read.scripts > 1)
        if COMPUTED in answer.text:
            found.append("a computed value")
    changed = place.changed()
    found += [f"wrote {name}" for name in changed if not name.startswith(("data/", "wiki/"))]
    if answer.status_code >= 400 and changed:
        found.append(f"refused, and wrote {', '.join(changed)}")
    if changed:
        place.restore()
    return found


@pytest.mark.heavy
def test_no_value_acts_or_breaks_anything_at_any_address(place: Place):
    """Each value in all fields of an address at once, and in turn in each of them alone."""
    some = list(VALUES.items())[:: 1 if WHOLE else 24]
    turn = cycle(some)
    found = []
    for ask in fullest(crawled(place.desk, place.address)):
        alone = [({field}, *next(turn)) for field, _ in ask.fields]
        together = [({field for field, _ in ask.fields}, *case) for case in some]
        for names, case, value in [*alone, *together]:
            text = value.replace("MARK", MARK)
            text = text[:MOST_IN_ADDRESS] if ask.method == "GET" else text
            fields = tuple((name, text if name in names else old) for name, old in ask.fields)
            answer = _sent(replace(ask, fields=fields), place, text)
            wrong = harm(answer, place)
            found += [f"{case} in {ask.shape}: {each}" for each in wrong]
    assert found == []


def fullest(asks: list[Ask]) -> list[Ask]:
    """Return for each address the ask with the most fields."""
    found = {(ask.method, ask.path): ask for ask in sorted(asks, key=lambda ask: len(ask.fields))}
    return list(found.values())


def _sent(ask: Ask, place: Place, text: str) -> requests.Response:
    more: dict[str, Any] = {"timeout": PATIENCE}
    if ask.upload:
        name = text.replace("\n", " ").replace("\r", " ").replace("\0", " ")[:200]
        data = text.encode("utf-8", "surrogatepass")
        more["files"] = {ask.upload: (name.encode("utf-8", "replace").decode(), data)}
    return ask.sent(place.address, **more)


@pytest.mark.parametrize("case", CASES["requests"], ids=lambda case: case["name"])
def test_what_no_page_of_the_desk_asks_is_refused_at_every_address(
    case: dict[str, Any], place: Place
):
    parts = urlsplit(place.address)
    headers = {name: value.replace("HOST", parts.netloc) for name, value in case["headers"].items()}
    own = {"Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"}
    for ask in place.addresses():
        path = f"{parts.path}{ask.path}"
        status, body = raw(place, case["method"], path, {**own, **headers})
        assert status in case["status"], (ask.path, status, body)
        assert SECRET not in body and place.changed() == []


def raw(place: Place, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """Send a request as it is, with no more than its head and a few letters; return the answer."""
    parts = urlsplit(place.address)
    length = (
        {} if headers.keys() & {"Content-Length", "Transfer-Encoding"} else {"Content-Length": 1}
    )
    head = {**headers, **(length if method == "POST" else {}), "Connection": "close"}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    body = "1\r\na\r\n0\r\n\r\n" if "Transfer-Encoding" in headers else "a" * (method == "POST")
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as opened:
        opened.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1"))
        answer = b""
        while more := opened.recv(65536):
            answer += more
    head, _, text = answer.decode("utf-8", "replace").partition("\r\n\r\n")
    return int(head.split()[1]), text


@pytest.mark.parametrize("path", CASES["addresses"])
def test_no_address_leads_to_a_file_or_past_the_token(path: str, place: Place):
    parts = urlsplit(place.address)
    wanted = path.replace("TOKEN", parts.path.strip("/"))
    status, body = raw(place, "GET", wanted, {"Host": parts.netloc})
    assert status in (307, 400, 404), (status, body)
    assert SECRET not in body and PASSWORDS not in body


def test_a_form_that_never_ends_hinders_nobody_and_changes_nothing(place: Place):
    parts = urlsplit(place.address)
    head = (
        f"POST {parts.path}change/undo HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Origin: http://{parts.netloc}\r\nContent-Length: 1000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nstep="
    )
    slow = [socket.create_connection((parts.hostname, parts.port)) for _ in range(100)]
    for each in slow:
        each.sendall(head.encode())
    assert requests.get(place.address, timeout=PATIENCE).status_code == 200
    for each in slow:
        each.close()
    assert requests.get(place.address, timeout=PATIENCE).status_code == 200
    assert place.changed() == []


def test_a_link_out_of_the_plan_is_neither_followed_nor_written(
    directory: Path, open_desk: Callable[..., Desk]
):
    outside = directory / "outside.yaml"
    inside = directory / "data/links.yaml"
    outside.write_text(f"# {SECRET}\n{{{{7*191}}: [", encoding="utf-8")
    desk = open_desk()
    with answering(desk) as address:
        inside.unlink()
        inside.symlink_to(outside)
        before = outside.read_bytes()
        for ask in (Ask("GET", ""), Ask("GET", "page")):
            assert SECRET not in ask.sent(address, timeout=PATIENCE).text
        assert outside.read_bytes() == before and inside.is_symlink()


REFUSED = ("a comment that does not end", "wikitext that calls", "lines of a header")
"""What the plan's checks let stand in no text at all."""


@pytest.mark.browser
@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "refused"])
def test_no_value_of_the_plan_acts_on_any_page(
    accepted: bool, directory: Path, open_desk: Callable[..., Desk], browser: Browser
):
    """All values that would act stand in texts, translations and links at once.

    Where the plan is refused, what is wrong with it is shown instead.
    """
    acting = [text for name, text in VALUES.items() if "MARK" in text and name not in REFUSED]
    desk = open_desk()
    titles = [each.title for each in desk.entries()]
    with answering(desk) as address:
        words = [" ".join(text.replace("MARK", MARK).split()) for text in acting]
        poison(directory / "data", [f"{HOSTILE} {each}" for each in words], accepted=accepted)
        asks = [each for ask in crawled(desk, address) for each in of_pages(ask, titles)]
        answers = [ask.sent(address, timeout=PATIENCE) for ask in asks]
        pages = [each for each in answers if "text/html" in each.headers.get("content-type", "")]
        assert (pages[0].status_code == 200) == accepted
        shown = max(each.text.count(HOSTILE) for each in pages)
        assert shown > len(acting) / 2 if accepted else "holds “&lt;”" in pages[0].text
        assert acted(browser, address, [each.url for each in pages]) == []


def of_pages(ask: Ask, titles: list[str]) -> list[Ask]:
    """Return the ask for each page, in the source language and in another one."""
    if ask.method != "GET" or not {"title", "language"} <= dict(ask.fields).keys():
        return [ask] * (ask.method == "GET")
    return [
        replace(ask, fields=tuple({**dict(ask.fields), "title": title, "language": code}.items()))
        for title in titles
        for code in ("en", "de")
    ]


def acted(browser: Browser, address: str, urls: list[str]) -> list[str]:
    """Return what ran, was asked elsewhere or went wrong on pages in a browser."""
    found: list[str] = []
    with browser.wiki_page(address) as page:
        page.on("dialog", lambda dialog: found.append(dialog.message))
        page.on("pageerror", lambda error: found.append(str(error)))
        page.on("console", lambda told: found.append(told.text) if told.type == "error" else None)
        page.on("request", lambda asked: found.append(asked.url))
        for url in urls:
            page.goto(url)
            found += [
                f"{MARK} on {frame.url}"
                for frame in page.frames
                if frame.evaluate(f"typeof window.{MARK}") != "undefined"
            ]
    own = (address, "data:", "Failed to load resource: the server responded with a status of 400")
    return [each for each in found if not each.startswith(own) and "/favicon.ico" not in each]


def poison(data: Path, nasty: list[str], *, accepted: bool) -> None:
    """Put each text behind one of a plan, the first behind others, too.

    ``accepted`` leaves out where the plan's checks refuse markup.
    """
    yaml = YAML()
    yaml.width = 1_000_000
    left = cycle(nasty)
    for file in ("department.yaml", "office-hours.yaml", "links.yaml", "priorities/2021-2022.yaml"):
        found = yaml.load(data / file)
        if file == "links.yaml" and not accepted:
            found["cd"]["title"] += f" {nasty[0]}"
        elif file != "links.yaml":
            _behind(found, left)
        yaml.dump(found, data / file)
    catalog = data / "locale/de.po"
    text = catalog.read_text(encoding="utf-8")
    assert text.count('msgstr "Was wir tun"') == 1
    quoted = nasty[0].replace("\\", "\\\\").replace('"', '\\"')
    catalog.write_text(
        text.replace('msgstr "Was wir tun"', f'msgstr "Was wir tun {quoted}"'), encoding="utf-8"
    )


def _behind(found: Any, left: Iterator[str]) -> None:
    """Put a text behind every text in a file that is no name of something."""
    for key, value in list(found.items() if isinstance(found, dict) else enumerate(found)):
        if key == "text" and isinstance(value, str):
            found[key] = f"{value} {next(left)}"
        elif isinstance(value, (dict, list)) and key not in ("name", "title", "label"):
            _behind(value, left)

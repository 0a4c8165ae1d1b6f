"""What can be asked of a desk: its addresses and forms, found by following its own pages."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from wikiplan.desk import server
from wikiplan.desk.desk import Desk
from wikiplan.value import Value

USUAL = ("title", "language", "name", "path", "file", "value", "step", "here", "day")
"""What is sent to an address that no page leads to."""
MOST_PAGES = 150
"""Fewer than this many shapes of addresses, or the crawl does not end."""
ADDRESSES = frozenset({"href", "src", "action", "formaction"})
PLAIN = ("data:,", "#", "https://", "http://", "mailto:")


class Ask(Value):
    """One way to ask: where, and with which values."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    upload: str = ""

    @property
    def is_offered(self) -> bool:
        """Tell whether a page of the desk offers it."""
        return not {name for name, _ in self.fields} >= set(USUAL)

    @property
    def shape(self) -> tuple[object, ...]:
        return self.method, self.path, tuple(sorted({name for name, _ in self.fields})), self.upload

    def sent(self, address: str, **more: object) -> requests.Response:
        """Send it as a browser would, from a page of the desk."""
        parts = urlsplit(address)
        headers = {"Origin": f"{parts.scheme}://{parts.netloc}"}
        fields = [(_sendable(name), _sendable(value)) for name, value in self.fields]
        values = {"params": fields} if self.method == "GET" else {"data": fields}
        return requests.request(
            self.method,
            address + self.path,
            headers=headers,
            allow_redirects=False,
            **values,
            **more,
        )  # type: ignore[arg-type]


def _sendable(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


class Read(HTMLParser):
    """What a page leads to, and what in it would act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, object]] = []
        self.acting: list[str] = []
        self.scripts = 0
        self._chosen: list[str] = []
        self._words = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._watched(tag, values)
        if "href" in values and tag == "a":
            self.links.append(values["href"])
        if tag == "iframe" and "src" in values:
            self.links.append(values["src"])
        if tag == "form":
            self.forms.append({**values, "fields": [], "upload": ""})
        if self.forms and values.get("name"):
            self._field(tag, values)
        if tag == "option" and self._chosen and self.forms:
            self._option(values)

    def _watched(self, tag: str, values: dict[str, str]) -> None:
        self.scripts += tag == "script" and values.get("type") != "application/json"
        if tag in ("base", "object", "embed", "svg", "img") or (
            tag == "meta" and values.get("http-equiv", "").lower() == "refresh"
        ):
            self.acting.append(f"<{tag}>")
        self.acting += [f"{tag} {name}" for name in values if name.startswith("on")]
        for name in ADDRESSES & values.keys():
            found = values[name].strip().lower()
            if ":" in found.partition("/")[0].partition("?")[0] and not found.startswith(PLAIN):
                self.acting.append(f"{tag} {name}={found[:40]}")

    def _field(self, tag: str, values: dict[str, str]) -> None:
        form = self.forms[-1]
        if values.get("type") == "file":
            form["upload"] = values["name"]
        elif tag == "select":
            self._chosen = [values["name"]]
        elif tag in ("input", "textarea", "button"):
            form["fields"].append((values["name"], values.get("value", "")))  # type: ignore[attr-defined]

    def _option(self, values: dict[str, str]) -> None:
        """Take the chosen option, or the first; one without a value has its words as such."""
        fields: list[tuple[str, str]] = self.forms[-1]["fields"]  # type: ignore[assignment]
        name = self._chosen[0]
        if "selected" in values or name not in dict(fields):
            fields[:] = [each for each in fields if each[0] != name]
            fields.append((name, values.get("value", "")))
            self._words = "value" not in values

    def handle_data(self, data: str) -> None:
        if self._words and self.forms:
            fields: list[tuple[str, str]] = self.forms[-1]["fields"]  # type: ignore[assignment]
            fields[-1] = (fields[-1][0], data.strip())
            self._words = False


def crawled(desk: Desk, address: str) -> list[Ask]:
    """Return every address of the desk, with each set of fields that its pages offer for it."""
    found = {}
    waiting = [Ask("GET", ""), *_named(desk)]
    while waiting:
        ask = waiting.pop(0)
        if ask.shape in found:
            continue
        found[ask.shape] = ask
        assert len(found) <= MOST_PAGES, sorted(map(str, found))
        if ask.method == "GET":
            waiting += _led_to(ask, address)
    return list(found.values())


def _named(desk: Desk) -> Iterator[Ask]:
    for topic in server.TOPICS:
        for name in topic.answers(desk):
            method = "POST" if name.startswith(server.CHANGING) else "GET"
            yield Ask(method, name)
            yield Ask(method, name, tuple((each, "") for each in USUAL))


def _led_to(ask: Ask, address: str) -> Iterator[Ask]:
    answer = ask.sent(address)
    here = answer.url
    if (target := answer.headers.get("location", "")).startswith(address):
        yield _ask("GET", target, address, ())
    if "text/html" not in answer.headers.get("content-type", ""):
        return
    read = Read(answer.text)
    for link in read.links:
        if (target := urljoin(here, link)).startswith(address):
            yield _ask("GET", target, address, ())
    for form in read.forms:
        target = urljoin(here, str(form.get("action", "")))
        if target.startswith(address):
            method = str(form.get("method", "get")).upper()
            fields: list[tuple[str, str]] = form["fields"]  # type: ignore[assignment]
            yield _ask(method, target, address, tuple(fields), str(form["upload"]))


def _ask(
    method: str, target: str, address: str, fields: tuple[tuple[str, str], ...], upload: str = ""
) -> Ask:
    parts = urlsplit(target)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    path = target.removeprefix(address).partition("?")[0].partition("#")[0]
    return Ask(method, path, (*query, *fields) if method == "GET" else fields, upload)

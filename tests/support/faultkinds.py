"""What can become of a request to a wiki: the kinds of faults that a run must survive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.proxy import (
    CUT,
    DROP,
    EMPTY,
    ERROR_500,
    HTML,
    LOSE,
    Exchange,
    Fault,
    Reply,
    body,
    gateway,
    nothing,
)

SLOW_SECONDS = 1.5
"""Longer than who asks waits for an answer; see ``TIMEOUT``."""
TIMEOUT = 1.0
DATE = "Wed, 21 Oct 2099 07:28:00 GMT"
JSON = {"Content-Type": "application/json"}


def _json(change: Callable[[Any], Any]) -> Callable[[Exchange], Reply]:
    """Return what changes an answer's value; a page of the wiki that is no answer stays."""

    def spoil(exchange: Exchange) -> Reply:
        try:
            answer = json.loads(exchange.reply.body)
        except ValueError:
            return exchange.reply
        return Reply(200, JSON, json.dumps(change(answer)).encode())

    return spoil


def _says(code: str, **headers: str) -> Callable[[Exchange], Reply]:
    """Return an error of the API, with the mark of the request as the wiki repeats it."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}

    def spoil(exchange: Exchange) -> Reply:
        error = {"code": code, "text": f"Words of {code}.", "module": "main"}
        mark = {"requestid": exchange.asked["requestid"]} if "requestid" in exchange.asked else {}
        answer = {"errors": [error], **mark}
        if "errorformat" not in exchange.asked:  # Pywikibot's own requests
            answer = {"error": {"code": code, "info": f"Words of {code}."}}
        return Reply(200, JSON | given, json.dumps(answer).encode())

    return spoil


def _earlier(same_action: bool) -> Callable[[Exchange], Reply]:
    """Return the answer to an earlier request, as a mixed-up cache gives it."""

    def spoil(exchange: Exchange) -> Reply:
        action = exchange.asked.get("action", "")
        others = [name for name in exchange.earlier if (name == action) is same_action]
        found = exchange.earlier[others[-1]] if others else b""
        return Reply(200, JSON, found)

    return spoil


def _walk(value: Any, change: Callable[[dict[str, Any]], None]) -> Any:
    """Let something happen to every object of an answer, but for the mark at its top."""
    if isinstance(value, dict):
        for each in value.values():
            _walk(each, change)
        change(value)
    elif isinstance(value, list):
        for each in value:
            _walk(each, change)
    return value


def _each(change: Callable[[dict[str, Any]], None]) -> Callable[[Exchange], Reply]:
    return _json(lambda answer: _walk(answer, change))


def _without(*keys: str) -> Callable[[Exchange], Reply]:
    def drop(found: dict[str, Any]) -> None:
        for key in keys:
            found.pop(key, None)

    return _each(drop)


def _with(key: str, new: Callable[[Any], Any]) -> Callable[[Exchange], Reply]:
    def put(found: dict[str, Any]) -> None:
        if key in found:
            found[key] = new(found[key])

    return _each(put)


def _more(found: dict[str, Any]) -> None:
    found["xhitherto-unknown"] = {"a": [1, None]}


def _results(change: Callable[[Any], Any]) -> Callable[[Exchange], Reply]:
    """Return what changes all of an answer but the mark."""
    return _json(
        lambda answer: {k: v if k == "requestid" else change(v) for k, v in answer.items()}
    )


def _kinds() -> Iterator[Fault]:
    # Connections
    yield from (LOSE, DROP)
    yield Fault("the connection is reset", nothing, reset=True)
    yield Fault("the connection is reset, not done", nothing, reaches=False, reset=True)
    yield Fault(
        "slower than anybody waits", lambda e: Reply(200, JSON, e.reply.body, delay=SLOW_SECONDS)
    )
    yield Fault("slow", lambda e: Reply(200, JSON, e.reply.body, delay=TIMEOUT / 3))
    yield Fault("ends too early", lambda e: Reply(200, JSON, e.reply.body, missing=9))
    # Gateways
    gateways = [
        HTML,
        ERROR_500,
        Fault("status 502", gateway(502)),
        Fault("status 503", gateway(503)),
        Fault("status 503, retry after 1", gateway(503, Retry_After="1")),
        Fault("status 504", gateway(504)),
        Fault("status 429", gateway(429)),
        Fault("status 429, retry after 1", gateway(429, Retry_After="1")),
        Fault("status 429, retry after a date", gateway(429, Retry_After=DATE)),
        Fault("status 403", gateway(403)),
        Fault("status 204", lambda e: Reply(204)),
        Fault("status 302", gateway(302, Location="/elsewhere")),
    ]
    for each in gateways:
        yield each
        yield each.before_it_is_done()
    yield Fault("status 413, not done", gateway(413), reaches=False)
    # Answers that are none
    yield from (CUT, EMPTY, EMPTY.before_it_is_done())
    yield Fault("an empty answer", body(lambda answer: b""))
    yield Fault("one byte", body(lambda answer: answer[:1]))
    yield Fault("all but one byte", body(lambda answer: answer[:-1]))
    yield Fault("no UTF-8", body(lambda answer: b"\xff" + answer))
    yield Fault("words before the answer", body(lambda answer: b"<b>Warning</b>: x\n" + answer))
    yield Fault("words behind the answer", body(lambda answer: answer + b"\n<!-- x -->"))
    yield Fault(
        "falsely compressed",
        lambda e: Reply(200, {**JSON, "Content-Encoding": "gzip"}, e.reply.body),
    )
    for name, value in {
        "a list": b"[]",
        "null": b"null",
        "a number": b"7",
        "a text": b'"x"',
    }.items():
        yield Fault(name, body(lambda answer, value=value: value))  # type: ignore[misc]
    # Refusals of the API
    done_all_the_same = ("maxlag", "ratelimited", "badtoken", "assertuserfailed", "editconflict")
    for code in (*done_all_the_same, "assertbotfailed"):
        refused = Fault(code, _says(code, Retry_After="1"))
        yield refused
        yield refused.before_it_is_done()
    for code in ("readonly", "assertnameduserfailed", "blocked", "protectedpage"):
        yield Fault(f"{code}, not done", _says(code), reaches=False)
    for code in ("internal_api_error_DBQueryError", "unknownerror"):
        yield Fault(code, _says(code))
        yield Fault(f"{code}, not done", _says(code), reaches=False)
    # Answers to another question
    yield Fault("an earlier answer", _earlier(same_action=True))
    yield Fault("an earlier answer, not done", _earlier(same_action=True), reaches=False)
    yield Fault("an earlier answer of another kind", _earlier(same_action=False))
    yield Fault("another title", _with("title", lambda title: f"Not {title}"))
    yield Fault("another page id", _with("pageid", lambda number: number + 1_000_000))
    yield Fault("another revision", _with("newrevid", lambda number: number + 1_000_000))
    yield Fault("an older revision", _with("newrevid", lambda number: 1))
    yield Fault("another base", _with("oldrevid", lambda number: 1))
    yield Fault("another mark", _with("requestid", lambda mark: "0123456789abcdef"))
    # Answers of another shape
    yield Fault("no result", _without("result"))
    yield Fault("no title", _without("title"))
    yield Fault("no page id", _without("pageid"))
    yield Fault("no new revision", _without("newrevid", "revid"))
    yield Fault("no pages", _without("pages"))
    yield Fault("no contents", _without("slots", "revisions", "tokens"))
    yield Fault("nothing but nulls", _results(lambda value: None))
    yield Fault("lists in place of objects", _results(lambda value: [value]))
    yield Fault("texts in place of objects", _results(str))
    yield Fault(
        "a warning and nothing else", _json(lambda answer: {"warnings": [], "batchcomplete": True})
    )
    yield Fault("more than is known", _each(_more))


KINDS = tuple(_kinds())

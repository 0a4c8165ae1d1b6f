"""How the desk answers a browser: what is asked as plain values, and answers that cannot act.

A topic of the desk is a module with a function ``answers(desk)`` that returns what it answers, by
the part of the address behind the token; :data:`wikiplan.desk.server.TOPICS` lists them. One with
a ``LABEL`` stands in the navigation of every page, and leads to the first that it answers; of those
with the same one, the first topic does. The door of Starlette.
"""

from __future__ import annotations

import re
import secrets
from asyncio import Future, get_running_loop
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from wikiplan.desk.desk import Desk
from wikiplan.desk.writing import ChangedMeanwhileError
from wikiplan.errors import Faults, WikiplanError
from wikiplan.l10n import languages, written
from wikiplan.report import webpage
from wikiplan.value import Value, replace

WRONG = 400
"""The status of a page that says what is wrong with the plan, or with what was asked."""
ENGLISH = "en"
"""What pages speak that speak no other language."""
WORDS = {"desk": "The desk", "skip": "Skip to the content", "undo": "Undo", "redo": "Redo"}
"""What stands around every page, where it is in English."""
PLACES = {
    "": "pages",
    **{each: each for each in "calendar plan translations review drift runs".split()},
}
"""The words for the topics in the navigation, by their first addresses."""
SEE_OTHER = 303
FOREIGN = 403
TOO_LARGE = 413
MOST_BYTES = 16 * 1024 * 1024
"""Of a form; the largest thing that somebody sends is a catalog."""
MOST_FIELDS = 1000
MOST_FILES = 10
TOLD = "told"
"""The value of an address that asks for a sentence which is said once."""
MOST_TOLD = 100
"""Sentences that no browser has asked for yet."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none, browsers hide the origin of a form
    "X-Content-Type-Options": "nosniff",
}
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "sandbox allow-top-navigation-by-user-activation; frame-ancestors 'self'"
)
"""A page within a page runs no script; its links may lead the page around it elsewhere."""


class Sent(Value):
    """A file that somebody sent."""

    name: str
    data: bytes


class Asked(Value):
    """What a browser asks: the values of the address, and of a form those that were typed.

    ``here`` is the address behind the token, empty where a form was sent.
    ``form`` is None unless something is to be changed. Of a name that is there several times
    ``form`` has the last value, ``all`` has each. ``speaks`` is the ``Accept-Language`` of who
    asks.
    """

    query: Mapping[str, str]
    form: Mapping[str, str] | None = None
    all: tuple[tuple[str, str], ...] = ()
    sent: Mapping[str, Sent] = {}
    here: str = ""
    speaks: str = ""


class Shown(Value):
    """A page of the desk: a template below ``templates/pages/desk/``, and what it shows."""

    template: str
    values: Mapping[str, Any]
    status: int = 200

    def with_error(self, error: WikiplanError) -> Shown:
        """Return a form once more, with what is wrong with what was typed."""
        told = {"errors": str(error).split("\n"), "meetings": getattr(error, "meetings", ())}
        return Shown(self.template, {**self.values, **told}, WRONG)


class Framed(Value):
    """A page of a wiki, to be looked at in a frame."""

    html: str


class Whole(Value):
    """A page that is made elsewhere, with a policy of its own in it."""

    html: str


class Elsewhere(Value):
    """Another address of the desk, which is asked for instead; ``told`` is said there, once."""

    path: str
    query: Mapping[str, str] = {}
    told: str = ""


class Attached(Value):
    """A file that the browser keeps."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


class Data(Value):
    """Values for a script of the desk."""

    values: Any


Answer = Callable[[Asked], Shown | Framed | Whole | Elsewhere | Attached | Data]
Answers = Mapping[str, Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


class Place(Value):
    """A topic in the navigation: its first address, and what the link to it says."""

    path: str
    label: str


class Answering:
    """Makes endpoints of answers: it tells what is wrong, and sends what every answer has."""

    def __init__(self, desk: Desk, address: str, places: tuple[Place, ...] = ()) -> None:
        """``address`` is that of the desk, with the token."""
        self._desk = desk
        self._address = address
        self._root = urlsplit(address).path
        self._places = places
        self._told: dict[str, str] = {}

    def endpoint(self, answer: Answer, topic: Place | None = None) -> Endpoint:
        """Return what answers at an address; its pages belong to ``topic``."""
        return partial(self._answered, answer, topic)

    async def _answered(self, answer: Answer, topic: Place | None, request: Request) -> Response:
        speaks = request.headers.get("accept-language", "")
        query = dict(request.query_params)
        asked = Asked(query=query, here=self._here(request), speaks=speaks)
        if request.method == "POST":
            if not self._is_own(request):
                return Response("This was not asked for at the desk.", FOREIGN)
            if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
                return Response("This is too much for a form.", TOO_LARGE)
            try:
                asked = await _with_form(asked, request)
            except WikiplanError as error:
                answer = partial(_raised, error)
        response = await _in_a_thread(partial(self._response, answer, asked, topic))
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response

    def _here(self, request: Request) -> str:
        if request.method == "POST":
            return ""
        query = urlencode([each for each in request.query_params.items() if each[0] != TOLD])
        return f"{request.url.path.removeprefix(self._root)}?{query}".removesuffix("?")

    def _is_own(self, request: Request) -> bool:
        """Tell whether a page of the desk asks: browsers say so with every form they send."""
        own = urlsplit(self._address)
        return request.headers.get("origin") == f"http://{request.headers.get('host')}" and (
            request.url.port == own.port
        )

    def _response(self, answer: Answer, asked: Asked, topic: Place | None) -> Response:
        try:
            given = answer(asked)
        except ChangedMeanwhileError as error:
            given = Shown("wrong", {"lines": [str(error)], "meetings": error.meetings}, WRONG)
        except Faults as error:
            given = Shown("wrong", {"lines": [str(each) for each in error.faults]}, WRONG)
        except WikiplanError as error:
            given = Shown("wrong", {"lines": [str(error)]}, WRONG)
        match given:
            case Shown():
                return self._shown(given, asked, topic)
            case Framed(html):
                headers = {"Content-Security-Policy": FRAME_POLICY}
                return HTMLResponse(html, headers=headers)
            case Whole(html):
                return HTMLResponse(html)
            case Elsewhere():
                return RedirectResponse(self._elsewhere(given), SEE_OTHER)
            case Attached():
                kept = {"Content-Disposition": f'attachment; filename="{given.name}"'}
                return Response(given.data, media_type=given.type, headers=kept)
            case Data():
                return JSONResponse(given.values)

    def _shown(self, given: Shown, asked: Asked, topic: Place | None) -> HTMLResponse:
        usual = {
            "site": self._desk.site,
            "root": self._root,
            "here": asked.here,
            "places": self._places,
            "topic": topic,
            "spoken": languages.get(ENGLISH),
            "around": WORDS,
            "labels": {},
            "named": languages.get,
            "told": self._told.pop(asked.query.get(TOLD, ""), ""),
            "undoable": self._desk.writing.undoable,
            "redoable": self._desk.writing.redoable,
            "meetings": (),
        }
        html = webpage.page(f"desk/{given.template}", {**usual, **given.values}, served=True)
        return HTMLResponse(html, given.status)

    def _elsewhere(self, given: Elsewhere) -> str:
        query = dict(given.query)
        if given.told:
            if len(self._told) >= MOST_TOLD:
                self._told.clear()
            query[TOLD] = secrets.token_urlsafe(8)
            self._told[query[TOLD]] = given.told
        return f"{self._address}{given.path}?{urlencode(query)}"


async def _in_a_thread(work: Callable[[], Response]) -> Response:
    """Do work that takes its time; it keeps nobody from ending the desk."""
    loop = get_running_loop()
    done: Future[Response] = loop.create_future()

    def finish(result: Response | None, error: Exception | None) -> None:
        if done.done():  # the browser, or the desk, has gone
            return
        if error:
            done.set_exception(error)
        elif result:
            done.set_result(result)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:
            error = raised
        with suppress(RuntimeError):  # the desk has ended
            loop.call_soon_threadsafe(finish, result, error)

    Thread(target=run, name="answering", daemon=True).start()
    return await done


def _raised(error: WikiplanError, asked: Asked) -> Shown:
    raise error


async def _with_form(asked: Asked, request: Request) -> Asked:
    limits = {"max_fields": MOST_FIELDS, "max_files": MOST_FILES, "max_part_size": MOST_BYTES}
    try:
        async with request.form(**limits) as form:
            texts = tuple((name, str(v)) for name, v in form.multi_items() if isinstance(v, str))
            sent = await _sent(form)
    except HTTPException as error:
        raise WikiplanError("broken-form", f"the form cannot be read: {error.detail}") from error
    return replace(asked, form=dict(texts), all=texts, sent=sent)


async def _sent(form: FormData) -> dict[str, Sent]:
    files = {name: each for name, each in form.items() if isinstance(each, UploadFile)}
    return {
        name: Sent(each.filename or "", await each.read())
        for name, each in files.items()
        if each.filename
    }


# In which language a page speaks to its reader: the one that was chosen, or the browser's.
#
# Its words are messages of ``scripts/i18n``; what a language lacks is said in the next one.


PREFIX = "wikiplan-desk-"
CHOSEN = "words"
"""The value of an address, and of a form, that chooses."""
MOST_CHARACTERS = 1000
"""Of what a browser says of its languages."""

_WISH = re.compile(
    r"\s*([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*"
)


@cache
def spoken() -> tuple[str, ...]:
    """Return the languages that the desk has words in."""
    return tuple(code for code, texts in written(PREFIX).items() if texts)


def language_of(asked: Asked) -> str:
    """Return the language to speak: what was chosen, else the browser's first that there is."""
    chosen = (asked.form or {}).get(CHOSEN) or asked.query.get(CHOSEN, "")
    for code in (chosen, *wished(asked.speaks)):
        for each in (code, code.partition("-")[0]):
            if each in spoken():
                return each
    return ENGLISH


def wished(header: str) -> tuple[str, ...]:
    """Return the languages of an ``Accept-Language`` in small letters, the dearest first."""
    found = sorted(_wishes(header[:MOST_CHARACTERS]), key=lambda wish: -wish[1])
    return tuple(code for code, weight in found if weight)


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    for each in header.split(","):
        if match := _WISH.fullmatch(each):
            yield match[1].lower(), float(match[2] or 1)


def values_for(asked: Asked) -> dict[str, Any]:
    """Return what every page needs that speaks the reader's language.

    ``to`` makes an address of the desk, in which a language that was chosen stays.
    """
    code = language_of(asked)
    chosen = {CHOSEN: code} if CHOSEN in (asked.form or asked.query) else {}

    def to(path: str, **values: object) -> str:
        said = {name: str(each) for name, each in {**values, **chosen}.items() if each}
        return f"{path}?{urlencode(said)}" if said else path

    say = webpage.Speaker(code, PREFIX).words
    return {
        "to": to,
        "say": say,
        "around": {each: say(each) for each in WORDS},
        "labels": {path: say(each) for path, each in PLACES.items()},
        "spoken": languages.get(code),
        "spoken_ones": [languages.get(each) for each in spoken()],
        "chosen": chosen,
    }

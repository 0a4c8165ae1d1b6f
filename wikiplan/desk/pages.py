"""The pages of the plan at the desk: their list, and one of them as its readers see it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode

from wikiplan.desk.answering import Answers, Asked, Framed, Shown
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Rendering, Views, day_of

LABEL = "Pages"
BESIDE = {
    "": "nothing",
    "wiki": "the page as it stands on the wiki",
    "source": "the source language",
}
ASKED = dict.fromkeys(("title", "language", "beside", "day", "marks"), "")
"""What an address may say, where it says nothing."""
MARKED = (
    "[lang]:not(html):not([lang='{tag}']) {{ background: #fef6e7; outline: 1px dashed #7d5200; }}"
)
"""The style of what stands there in another language."""


def answers(desk: Desk) -> Answers:
    pages = _Pages(desk)
    return {"": pages.every, "page": pages.page, "frame": pages.frame}


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = Views(desk)

    def every(self, asked: Asked) -> Shown:
        return Shown("list", {"entries": self._desk.entries()})

    def page(self, asked: Asked) -> Shown:
        entries, choice = self._desk.entries(), _choice(asked)
        own = next((each.languages for each in entries if each.title == choice.title), ())
        said = {**ASKED, **asked.query}
        values = {"entries": entries, "languages": own, "asked": said, "besides": BESIDE}
        return Shown("page", values | {"frames": self._frames(said)})

    def _frames(self, asked: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the caption and the address of each frame."""
        frames = [("As the plan has it", _address({**asked, "state": "planned"}))]
        if asked["beside"] == "wiki":
            frames.append(("As it stands on the wiki", _address({**asked, "state": "standing"})))
        elif asked["beside"] == "source":
            source = self._desk.source_language
            frames.append(("In the source language", _address({**asked, "language": source})))
        return frames

    def frame(self, asked: Asked) -> Framed:
        choice, query = _choice(asked), asked.query
        standing = query.get("state") == "standing"
        found = self._views.standing(choice) if standing else self._views.planned(choice)
        return Framed(_document(found, marked=bool(query.get("marks"))))


def _address(values: Mapping[str, str]) -> str:
    return f"frame?{urlencode(values)}"


def _choice(asked: Asked) -> Choice:
    query = asked.query
    day = day_of(query.get("day", ""))
    return Choice(query.get("title", ""), query.get("language", ""), day)


def _document(found: Rendering | None, *, marked: bool) -> str:
    if found is None:
        return "<!DOCTYPE html><title>Nothing</title><p>The page does not exist there yet.</p>"
    language = found.language
    side = language.direction
    styles = [*found.styles, MARKED.format(tag=language.bcp47) if marked else ""]
    css = "".join(f"<style>{each}</style>" for each in styles if each)
    told = APPROXIMATE if found.approximate else ""
    if found.told:
        told += NOT_SAVED.format(html.escape(found.told))
    return DOCUMENT.format(
        tag=language.bcp47,
        side=side,
        css=css + f"<style>{_OWN}</style>",
        told=told,
        html=found.html,
    )


APPROXIMATE = '<p class="wikiplan-told">An approximation: without a wiki, templates are boxes.</p>'
NOT_SAVED = '<p class="wikiplan-told" dir="auto">An update would not save all of it: {}</p>'
DOCUMENT = (
    '<!DOCTYPE html><html lang="{tag}" dir="{side}"><head><meta charset="utf-8">'
    "<title>A page</title>{css}</head>"
    '<body class="mediawiki {side} skin-vector skin-vector-legacy">{told}'
    '<div class="vector-body"><div class="mw-body-content mw-content-{side} mw-parser-output">'
    "{html}</div></div></body></html>"
)
"""The classes are those by which a wiki's own styles know their places."""
_OWN = (
    ".wikiplan-call { padding: 0 0.4em; border: 1px dashed #72777d; background: #f8f9fa; }"
    ".wikiplan-told { color: #54595d; font-size: 0.8125rem; }"
    "table { border-collapse: collapse } td, th { padding: 0.2em 0.5em; border: 1px solid #a2a9b1 }"
)

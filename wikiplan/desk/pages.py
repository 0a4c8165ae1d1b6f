"""The pages of the plan at the desk: their list, and one of them as its readers see it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from wikiplan.desk import framed
from wikiplan.desk.answering import Answers, Asked, Framed, Shown
from wikiplan.desk.days import PageDays
from wikiplan.desk.desk import Desk
from wikiplan.desk.views import Choice, Rendering, Views, day_of, not_planned

LABEL = "Pages"
BESIDE = {
    "": "nothing",
    "wiki": "the page as it stands on the wiki",
    "source": "the source language",
}
CHANGES = {
    "": "nothing",
    "wiki": "what an update would change",
    "today": "what is other than today",
}
"""What may be marked as changed."""
ASKED = dict.fromkeys(("title", "language", "beside", "day", "marks", "changes"), "")
"""What an address may say, where it says nothing."""


def answers(desk: Desk) -> Answers:
    pages = _Pages(desk)
    return {"": pages.every, "page": pages.page, "frame": pages.frame}


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views = Views(desk)
        self._days = PageDays(desk)

    def every(self, asked: Asked) -> Shown:
        """List the pages; those whose titles lack a word that is looked for are hidden."""
        entries, find = self._desk.entries(), asked.query.get("find", "")
        found = {each.title for each in entries if _has_words(each.title, find)}
        values = {"entries": entries, "find": find, "found": found}
        return Shown("list", {**values, "source": self._desk.source_language})

    def page(self, asked: Asked) -> Shown:
        entries, choice = self._desk.entries(), _choice(asked)
        own = next((each.languages for each in entries if each.title == choice.title), ())
        if not own:
            raise not_planned(choice)
        said = {**ASKED, **asked.query}
        values = {"entries": entries, "languages": own, "asked": said, "frames": self._frames(said)}
        return Shown("page", {**values, "besides": BESIDE, "changes": CHANGES, **self._clock(said)})

    def _clock(self, said: Mapping[str, str]) -> dict[str, object]:
        """Return the days on which the page changes, today first, and how many are over."""
        days = ("", *map(str, self._days.of(said["title"])))
        reached = sum(day <= said["day"] for day in days) - 1
        return {"days": days, "reached": reached}

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
        return Framed(framed.document(self._shown(_choice(asked), asked.query)))

    def _shown(self, choice: Choice, query: Mapping[str, str]) -> Rendering | None:
        if query.get("state") == "standing":
            return self._views.standing(choice)
        if query.get("links"):
            return self._views.editable(choice)
        match query.get("changes"):
            case "wiki":
                return self._views.changed(choice)
            case "today":
                return self._views.changed_by_day(choice)
        return self._views.planned(choice)


def _has_words(title: str, words: str) -> bool:
    return all(word in title.lower() for word in words.lower().split())


def _address(values: Mapping[str, str]) -> str:
    return f"frame?{urlencode(values)}"


def _choice(asked: Asked) -> Choice:
    query = asked.query
    day = day_of(query.get("day", ""))
    marks = bool(query.get("marks"))
    return Choice(query.get("title", ""), query.get("language", ""), day, marks)

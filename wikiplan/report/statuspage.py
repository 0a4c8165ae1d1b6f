"""The status page: what is left to translate, as one HTML file in each translator's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from wikiplan import files
from wikiplan.catalogs import State
from wikiplan.errors import Fault, Faults, Message
from wikiplan.l10n import languages, written
from wikiplan.report import webpage
from wikiplan.sync import LanguageProgress, Overview, PageProgress, Tally, UnitProgress, tally

FILE = "index.html"
SEEN = "seen.json"
"""Beside the page: since when each English text is the one that it is."""
MOST_MISSING = 40
"""Untranslated texts shown of a section; how many more there are is told."""
PREFIX = "wikiplan-status-"
ENGLISH = "en"
STAGES = {
    "changes waiting for plan_update": "stage-changes",
    "waiting for marking": "stage-waiting",
    "marked, the wiki is at work": "stage-at-work",
    "marked": "stage-marked",
    "refused": "stage-refused",
}
"""Messages for how far a page is."""

_VARIABLE = re.compile(r"(\$[a-z][a-z0-9_]*|\$\$)")

Days = Mapping[str, str]
"""Since when a text is the one that it is, like ``2026-11-30``, by its page and key."""


def write(directory: Path, overview: Overview, language: str = ENGLISH) -> Path:
    """Write the page into a folder, which is made if it is not there; return the file.

    ``language`` is what the page is in for readers whose browser wants none that it has.
    Raises :class:`Faults` when the folder has a file of texts that cannot be read.
    """
    directory.mkdir(parents=True, exist_ok=True)
    seen = Seen.load(directory / SEEN)
    seen.see(overview)
    file = directory / FILE
    files.replace(file, page(overview, seen.days, language).encode())
    seen.save()
    return file


# Since when each text is there, counted from one writing of the page to the next.


class Seen:
    """The file of texts: a digest of each one's English, and since when it is that.

    What was there when the page was written first has no day: nobody knows.
    """

    def __init__(self, path: Path, texts: dict[str, list[str]] | None) -> None:
        self.path = path
        self._first = texts is None
        self._texts = texts or {}

    @classmethod
    def load(cls, path: Path) -> Seen:
        if not path.exists():
            return cls(path, None)
        try:
            texts = json.loads(path.read_text(encoding="utf-8"))
            found = {str(name): [str(digest), str(day)] for name, (digest, day) in texts.items()}
        except (ValueError, TypeError, AttributeError) as error:
            wrong = f"cannot be read ({error})"
            advice = "delete it; then the days since when texts are new begin anew"
            raise Faults(
                [Fault(str(path), 0, 0, "", Message("seen-file", wrong, advice))]
            ) from error
        return cls(path, found)

    @property
    def days(self) -> Days:
        return {name: day for name, (_, day) in self._texts.items() if day}

    def see(self, overview: Overview) -> None:
        today = "" if self._first else f"{overview.time:%Y-%m-%d}"
        for (_, title, key), unit in overview.texts().items():
            name, digest = _text_name(title, key), sha256(unit.english.encode()).hexdigest()[:16]
            if self._texts.get(name, [""])[0] != digest:
                self._texts[name] = [digest, today]

    def save(self) -> None:
        text = json.dumps(self._texts, ensure_ascii=False, indent=0, sort_keys=True)
        files.replace(self.path, f"{text}\n".encode())


def _text_name(title: str, key: str) -> str:
    return f"{title}#{key}" if title else key


# The page.


def page(overview: Overview, days: Days, language: str = ENGLISH) -> str:
    """Return the page's HTML; its script says everything in the language of who reads it."""
    spoken = written(PREFIX)
    chosen = language if spoken.get(language) else ENGLISH
    made, speaker = _Page(overview, days), webpage.Speaker(chosen, PREFIX)
    values = {
        "site": overview.site,
        "time": f"{overview.time:%Y-%m-%d %H:%M} UTC",
        "pages": [_page(place, each) for place, each in enumerate(overview.pages)],
        "languages": [made.language(code) for code in overview.languages],
        "sums": overview.tally(),
        "shown": _name(chosen),
        "parts": made.parts(),
        "choices": made.choices(),
        "messages": {code: texts for code, texts in spoken.items() if texts},
        "written": {code: _name(code) for code, texts in spoken.items() if texts},
        "counted": _counted,
        "say": speaker.say,
        "line": speaker.line,
        "attribute": speaker.attribute,
    }
    return webpage.page("status", values)


def _counted(found: Tally) -> tuple[webpage.Said, ...]:
    """Return what is said of a count."""
    counts = (
        ("outdated", found.outdated),
        ("conflicting", found.conflicting),
        ("reviewed", found.reviewed),
    )
    return (
        ("counted", {"translated": found.translated, "total": found.total}),
        *((f"counted-{key}", {"count": count}) for key, count in counts if count),
    )


def _page(place: int, page: PageProgress) -> dict[str, Any]:
    asked = page.priority.languages if page.priority else ()
    return {
        "place": place,
        "title": page.title,
        "sections": page.sections,
        "stage": STAGES[page.stage] if page.stage else "",
        "told": page.told,
        "waiting": page.waiting,
        "asked": [_name(code) for code in asked],
        "forced": page.priority is not None and page.priority.force,
        "asked_percent": page.of_those_asked_for.percent,
        "groups": page.groups,
    }


def _name(code: str) -> dict[str, str]:
    """Return how a language is called and written; the wiki may have one that we do not know."""
    if not languages.is_known(code):
        return {"code": code, "autonym": code, "lang": code, "dir": "auto"}
    found = languages.get(code)
    return {
        "code": code, "autonym": found.autonym, "lang": found.bcp47, "dir": found.direction,
    }  # fmt: skip


class _Page:
    """What the page says of texts, with the days since when these are what they are."""

    def __init__(self, overview: Overview, days: Days) -> None:
        self.overview = overview
        self.days = days
        pages = enumerate(overview.pages)
        self.columns = [(place, name) for place, each in pages for name in each.sections]

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Return what the lists can be narrowed to, each as it is known and as it is called."""
        names = [_name(code) for code in self.overview.languages]
        groups = {name for page in self.overview.pages for name in page.groups}
        states = {each.review for page in self.overview.pages for each in page.languages}
        return {
            "language": [(name["code"], f"{name['autonym']} ({name['code']})") for name in names],
            "group": [(name, name) for name in sorted(groups)],
            "state": [(name, name) for name in sorted(states) if name],
        }

    def parts(self) -> dict[str, Any]:
        """Return what the filters leave or take, and what the tiles count of it.

        A part is a translatable page in a language, or all plain pages in one: texts, and by day
        what is to be done.
        """
        found = {
            _part(page, each.language): {
                "language": each.language,
                "asked": each.asked,
                "state": each.review,
                "groups": page.groups,
                "total": 0,
                "translated": 0,
                "reviewed": 0,
                "days": {},
            }
            for page in self.overview.pages
            for each in page.languages
        }
        self._count(found)
        return found

    def _count(self, parts: Mapping[str, Any]) -> None:
        for (code, title, _), unit in self.overview.texts().items():
            own = parts[f"{code}.{title}"]
            own["total"] += 1
            own["translated"] += unit.state is State.TRANSLATED
            own["reviewed"] += unit.reviewed
            if unit.state is not State.TRANSLATED or unit.conflicts:
                day = own["days"].setdefault(self.since(title, unit), [0, 0, 0, 0])
                todo = unit.state is not State.TRANSLATED
                for place, count in enumerate((
                    unit.words if todo else 0,
                    unit.state is State.UNTRANSLATED,
                    unit.state is State.OUTDATED,
                    bool(unit.conflicts),
                )):  # fmt: skip
                    day[place] += int(count)

    def since(self, title: str, unit: UnitProgress) -> str:
        """Return since when a text is to be done, empty when nobody knows."""
        if unit.since:
            return f"{unit.since:%Y-%m-%d}"
        return self.days.get(_text_name(title, unit.key), "")

    def language(self, code: str) -> dict[str, Any]:
        by_title = {page.title: each for page, each in self.overview.of_language(code)}
        tagged = [
            {"page": page.title, "asked": each.asked, "state": each.review}
            for page, each in self.overview.of_language(code)
            if each.review or not each.asked
        ]
        pages, found = self.overview.pages, self.overview.tally(code)
        return {
            "code": code,
            "name": _name(code),
            "tally": found,
            "told": (*_counted(found), *self._to_do(code, found)),
            "tags": tagged,
            "groups": [
                self._group(code, place, by_title.get(pages[place].title), name)
                for place, name in self.columns
            ],
        }

    def _to_do(self, code: str, found: Tally) -> Iterator[webpage.Said]:
        """Yield what is said of a language's work besides; the page's script says it, too."""
        if found.words_to_do:
            yield "words-left", {"count": found.words_to_do}
        texts = self.overview.texts(code).items()
        late = (self.since(title, u) for (_, title, _), u in texts if u.state is State.OUTDATED)
        if oldest := min(filter(None, late), default=""):
            yield "oldest", {"day": oldest}

    def _group(
        self, code: str, place: int, each: LanguageProgress | None, section: str
    ) -> dict[str, Any]:
        """Return a section of a page in a language: a cell of the map, and a list of texts."""
        page = self.overview.pages[place]
        units = each.of_section(section) if each else ()
        found = tally(units)
        todo = [u for u in units if u.state is State.UNTRANSLATED and not u.conflicts]
        title = page.title if page.translatable else ""
        todo.sort(key=lambda unit: self.since(title, unit), reverse=True)
        return {
            "id": f"{code}.{place}.{section or 'other'}",
            "part": _part(page, code),
            "page": page.title,
            "section": section,
            "tally": found,
            "empty": not units,
            "level": min(found.percent // 25, 3) + (found.percent > 0)
            if found.percent < 100
            else 5,
            "units": [
                self._unit(title, u) for u in units if u.state is State.OUTDATED or u.conflicts
            ],
            "missing": [self._unit(title, unit) for unit in todo[:MOST_MISSING]],
            "more": max(0, len(todo) - MOST_MISSING),
        }

    def _unit(self, title: str, unit: UnitProgress) -> dict[str, Any]:
        rows = unit.difference
        return {
            "key": unit.key,
            "state": str(unit.state),
            "english": tuple(_marked(unit.english)),
            "before": [row.before.runs for row in rows if row.before],
            "after": [row.after.runs for row in rows if row.after],
            "text": tuple(_marked(unit.text)),
            "conflicts": [tuple(_marked(text)) for text in unit.conflicts],
            "since": self.since(title, unit),
            "translator": unit.translator,
            "address": unit.address,
            "place": unit.place,
        }


def _part(page: PageProgress, code: str) -> str:
    return f"{code}.{page.title if page.translatable else ''}"


def _marked(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts, with whether each is a variable: these read from left to right."""
    for number, part in enumerate(_VARIABLE.split(text)):
        if part:
            yield part, bool(number % 2)

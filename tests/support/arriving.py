"""Texts in places: reads tests/cases/arriving/, makes plans of it, and looks for texts in HTML.

What the case files are is told in the README.md there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import html

from tests.support import smallplan
from wikiplan.catalogs import Catalogs, catalog, checks
from wikiplan.errors import Fault
from wikiplan.plan import PageSpec, SectionSpec, plan
from wikiplan.render.renderer import PageSection, Renderer

CASES = Path(__file__).parents[1] / "cases" / "arriving"
TEXT = "TEXT"
ENGLISH, TRANSLATED, WAITING = "en", "de", "ar"
ORIGINAL = "Words in English"
"""Of which the texts are translations, where they are no English texts."""


class Text(NamedTuple):
    """What stands in the plan or a catalog, and what readers see of it."""

    written: str
    shown: str


class Place(NamedTuple):
    """Wikitext in which a text stands, and the words that ``element`` then has."""

    name: str
    wikitext: str
    element: str
    attribute: str
    words: str


@cache
def texts() -> tuple[Text, ...]:
    lines = (CASES / "texts.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_text(line) for line in lines if line and not line.startswith("# "))


def _text(line: str) -> Text:
    written, arrow, shown = (part.strip() for part in line.partition("⇒"))
    return Text(_characters(written), _characters(shown if arrow else written))


def _characters(text: str) -> str:
    text = text.replace("⏎", "\n").replace("␣", " ").replace("№", "#")
    return re.sub("⟦([0-9A-F]+)⟧", lambda found: chr(int(found[1], 16)), text)


def as_case(text: str) -> str:
    """Return a text as the case files write it."""
    text = re.sub(r"^ | $", "␣", text.replace("\n", "⏎"))
    return re.sub(r"[\x00-\x1f]", lambda found: f"⟦{ord(found[0]):02X}⟧", text)


@cache
def places() -> tuple[Place, ...]:
    return tuple(_place(head, body) for head, body in _parts("places.wiki"))


def boxes() -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the wiki's templates."""
    return _parts("boxes.txt")


def _parts(name: str) -> Iterator[tuple[str, str]]:
    _, *parts = re.split(r"^= ", (CASES / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in parts:
        head, _, body = part.partition("\n")
        yield head.strip(), body.strip("\n")


def _place(head: str, wikitext: str) -> Place:
    name, _, rest = (part.strip() for part in head.partition(" | "))
    element, _, words = (part.strip() for part in rest.partition(":"))
    tag, _, attribute = element.partition("@")
    return Place(name, wikitext, tag, attribute, words or TEXT)


# Plans with texts in places: a page for each place, with a section for each text.


Case = tuple[Place, int]
"""A place and a text's number."""


def cases(every: int = 1, of: Sequence[Place] = ()) -> list[Case]:
    """Return each text in each place, or one of so many."""
    return [
        (place, number)
        for at, place in enumerate(of or places())
        for number in range(len(texts()))
        if (at + number) % every == 0
    ]


@dataclass(frozen=True)
class Trial:
    """A plan with texts in places, ready to be rendered; a text's number is in its section's name.

    ``refused`` is what is said of texts that stand in no place, by number, ``faults`` of those that
    do not stand in one.
    """

    renderer: Renderer
    refused: Mapping[int, str]
    faults: Mapping[Case, str]
    pages: Mapping[Place, PageSpec]

    def section(self, case: Case, language: str = ENGLISH) -> str:
        """Return the text of a section. Raises ``errors.Faults``."""
        return self.renderer.section(PageSection(*self._where(case), language, language)).text

    def _where(self, case: Case) -> tuple[PageSpec, SectionSpec]:
        page = self.pages[case[0]]
        (section,) = (each for each in page.sections if each.name == name_of(case[1]))
        return page, section

    def sound(self, wanted: Sequence[Case]) -> list[Case]:
        """Return the cases of which the check says nothing."""
        return [case for case in wanted if case[1] not in self.refused and case not in self.faults]


def name_of(number: int) -> str:
    return f"t{number:03}"


def trial(directory: Path, wanted: Sequence[Case], kind: str = "plain") -> Trial:
    """Write a plan of pages of one kind, whose English are the texts."""
    every = {name_of(number): text.written for number, text in enumerate(texts())}
    write(directory, every, [], kind)
    _, faults = plan.check(directory / "data")
    refused: dict[int, str] = {}
    for fault in faults:
        if not fault.warning:
            refused.setdefault(int(Path(fault.file).stem[1:]), fault.message)
    sound = {name: text for name, text in every.items() if int(name[1:]) not in refused}
    for name in every.keys() - sound:
        (directory / "data" / f"{name}.yaml").unlink()
    write(directory, sound, [case for case in wanted if case[1] not in refused], kind)
    return _judged(directory, wanted, refused)


def translated_trial(directory: Path, wanted: Sequence[Case], kind: str = "plain") -> Trial:
    """Write a plan whose English is always the same, and whose German are the texts."""
    every = {name_of(number): ORIGINAL for number, _ in enumerate(texts())}
    write(directory, every, wanted, kind)
    loaded = plan.load(directory / "data")
    (directory / "data" / "locale").mkdir(exist_ok=True)
    made = catalog.Catalog.create(directory / "data" / "locale" / f"{TRANSLATED}.po")
    made.update(loaded.units.values())
    refused: dict[int, str] = {}
    for number, text in enumerate(texts()):
        unit = loaded.units[f"{name_of(number)}.body"]
        errors = [each for each in checks.findings(unit, text.written, "de") if not each.warning]
        if errors:
            refused[number] = errors[0].message
        else:
            made.set(unit, text.written)
    made.save()
    return _judged(directory, wanted, refused)


def write(directory: Path, every: Mapping[str, str], wanted: Sequence[Case], kind: str) -> None:
    where = list(dict.fromkeys(place for place, _ in wanted))
    pages = {place.name.capitalize(): f"kind: {kind}\n" for place in where} or {"Plan": ""}
    smallplan.write(directory, every, pages, f"languages: [en, {TRANSLATED}, {WAITING}]\n")
    for name, text in every.items():
        quoted = json.dumps(text, ensure_ascii=False)
        (directory / "data" / f"{name}.yaml").write_text(f"body: {{text: {quoted}}}\n")
    if not where:
        return
    entries = []
    for at, place in enumerate(where):
        template = "{% raw %}" + place.wikitext + "\n{% endraw %}"
        shown = "{% endraw %}{{ data.body.text }}{% raw %}"
        (directory / "templates" / f"place-{at}.wiki").write_text(template.replace(TEXT, shown))
        entries.append(f"  - title: {place.name.capitalize()!r}\n    kind: {kind}\n    sections:\n")
        names = [name_of(number) for each, number in wanted if each == place]
        entries += [f"      - {{name: {n}, template: place-{at}, data: {n}}}\n" for n in names]
    listed = directory / "data" / "pages.yaml"
    listed.write_text(listed.read_text().partition("pages:\n")[0] + "pages:\n" + "".join(entries))


def _judged(directory: Path, wanted: Sequence[Case], refused: Mapping[int, str]) -> Trial:
    loaded = plan.load(directory / "data")
    catalogs = Catalogs(directory / "data" / "locale", loaded.languages)
    renderer = Renderer(loaded, catalogs, directory / "templates", smallplan.NOW)
    by_title = {page.title: page for page in loaded.pages}
    where = [place for place in places() if place.name.capitalize() in by_title]
    pages = {place: by_title[place.name.capitalize()] for place in where}
    faults = {
        (place, number): said
        for place, page in pages.items()
        for fault in (*renderer.check([page]), *renderer.check_translations([page]))
        for number, said in [_said(fault)]
    }
    return Trial(renderer, refused, faults, pages)


def _said(fault: Fault) -> tuple[int, str]:
    """Return the number of the text that a fault is about, and what it says but for names."""
    named = re.search(r"\bt(\d{3})\b", f"{fault.key} {fault.message}")
    assert named, str(fault)
    message = re.sub(r" in section “\w+” of “[^”]*”(?: in \w+)?", "", fault.message.wrong)
    message = re.sub(r" \([^()]*:\d+\)$", "", message)
    return int(named[1]), f"{message}; {fault.message.advice}"


# What was said of texts, as the case files have it.


def refusals() -> dict[str, dict[str, str]]:
    """Return what is said of texts by the place's name, and under “everywhere” of any place."""
    return {
        name: dict(line.split(" | ", 1)[::-1] for line in body.splitlines() if line)
        for name, body in _parts("refused.txt")
    }


def write_refusals(found: Mapping[str, Mapping[str, str]]) -> None:
    lines = ["Written by tests/runs/test_arriving.py: what is said | of which text\n"]
    for name, told in found.items():
        lines += [f"\n= {name}\n", *(f"{said} | {text}\n" for text, said in told.items())]
    (CASES / "refused.txt").write_text("".join(lines), encoding="utf-8")


def told(found: Trial) -> dict[str, dict[str, str]]:
    """Return what a trial says of texts, as :func:`refusals` does."""
    written = [as_case(text.written) for text in texts()]
    by_place: dict[str, dict[str, str]] = {
        "everywhere": {written[number]: said for number, said in sorted(found.refused.items())}
    }
    for (place, number), said in found.faults.items():
        by_place.setdefault(place.name, {})[written[number]] = said
    return by_place


# What a wiki makes of it.


def case(number: int, wikitext: str) -> str:
    """Return wikitext between elements by which :func:`arrived` finds it."""
    return f'<div id="case-{number}">\n{wikitext}\n</div>\n'


def arrived(page: str, number: int, place: Place, shown: str) -> str:
    """Return what stands in the HTML instead of the text in its place, empty if it is there."""
    found = html.fromstring(page).xpath(f'//div[@id="case-{number}"]')
    if not found:
        return "nothing"
    wanted = _spaced(place.words.replace(TEXT, shown))
    held = [_spaced(words) for words in _held(found[0], place)]
    if wanted in held:
        return ""
    return " / ".join(filter(None, held)) or _spaced(found[0].text_content()) or "nothing"


def _held(case: html.HtmlElement, place: Place) -> Iterator[str]:
    for element in case.iter(place.element):
        if place.attribute:
            yield element.get(place.attribute, "")
        elif element is not case:
            yield _without(element)


def _without(element: html.HtmlElement) -> str:
    """Return an element's words without those of the lists in it."""
    inner = [words for each in element.xpath(".//ul|.//ol") for words in [each.text_content()]]
    text = element.text_content()
    for words in inner:
        text = text.replace(words, "", 1) if element.tag == "li" else text
    return text


def _spaced(text: str) -> str:
    return " ".join(text.replace("%7C", "|").split())

"""Sections of the kinds that a template lays out with tables, cards and boxes, read from a page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from wikiplan.adopt import layouts, links, tablereaders
from wikiplan.adopt.alignedblocks import AlignedSection
from wikiplan.adopt.drafts import IDS, Drafting
from wikiplan.adopt.kindsections import (
    LINKED,
    OUT_OF_LINE,
    OtherwiseError,
    Reading,
    Section,
    after_intro,
    call_of,
    given,
    head_of,
    is_text,
    label_of,
    told_of,
    value_of,
)
from wikiplan.adopt.layouts import Each, Either, Layout, Line, Maybe, Told
from wikiplan.adopt.values import Doubt, PlanData, SectionReading
from wikiplan.plan import Date

# Titles and language bars.


_LANGUAGES: Layout = (
    Either(
        (
            (Line("<languages/>"),),
            (
                Line('<div role="navigation"{_}>'),
                Line("<div{_}>{languages}</div>"),
                Line("<ul{_}>"),
                Each("versions", (Line("<li{_}>{version}</li>"),)),
                Line("</ul>"),
                Line("</div>"),
            ),
        )
    ),
)
_SHARE = re.compile(r"<span style=[^<>]*>((?:[^<>]|</?bdi[^<>]*>)+)</span>\Z")


def _languages(section: Section, told: Told) -> SectionReading:
    if "languages" in told:
        section.say("languages", told.texts("languages"))
    for version in told.each("versions"):
        shares = {
            c: f[1] for c, text in version.texts("version").items() if (f := _SHARE.search(text))
        }
        if section.source_language in shares:
            share = int(re.sub(r"\D", "", shares[section.source_language]))
            section.say("complete", shares, count=share)
    return SectionReading("department", {}, whole=True)


_TITLE: Layout = (Line("{{DISPLAYTITLE:{title}}}"),)


def _title(section: Section, told: Told) -> SectionReading:
    stem = section.stem(told, "title")
    return SectionReading(stem, {"title": section.text(told, "title")}, whole=True)


# Cards.


_CARDS: Layout = (
    Line("== {heading} =="),
    after_intro(Line("<ul{_}>")),
    Each(
        "cards",
        (
            Line("<li{_}>"),
            Maybe((Line("<div{_}>[[File:{file}|96px|alt={alt}]]</div>"),)),
            Line('<div style="font-weight:bold">{name}</div>'),
            Maybe((Line('<div style="color:var(--color-subtle,#54595d)">{role}</div>'),)),
            Maybe((Line('<div style="margin-top:.5em">{about}</div>'),)),
            Line("</li>"),
        ),
    ),
    Line("</ul>"),
)


def _cards(section: Section, told: Told) -> SectionReading:
    data = head_of(section, told)
    cards: list[PlanData] = []
    data["cards"] = cards
    for card in told.each("cards"):
        taken = [each["key"] for each in cards]
        telling = next((each for each in ("role", "about") if each in card), "")
        id = section.id_of(card, telling).removesuffix(f".{telling}") if telling else ""
        name, link = section.name(card.texts("name"))
        key = id.rpartition(".")[2] or links.whole_key_of(name["text"], taken, "card")
        cards.append(given(key=key, name=name, link=link, portrait=_portrait(section, card)))
        cards[-1] |= {each: section.text(card, each) for each in ("role", "about") if each in card}
    return SectionReading(section.stem(told), data, whole=True)


def _portrait(section: Section, card: Told) -> PlanData | None:
    if "file" not in card:
        return None
    return {"file": section.word(card.source("file")), "alt": section.text(card, "alt")}


# Notices.


_EDGES = {"progressive": "info", "success": "success", "warning": "warning", "error": "error"}
_NOTICE: Layout = (
    Line("<!-- {_}-->"),
    Either(
        (
            (
                Line("<div style={_}solid var(--border-color-{edge},{_}>"),
                Maybe((Line('<div style="font-weight:bold">{heading}</div>'),)),
                Line("<div>{text}</div>"),
                Line("</div>"),
            ),
            (Line("{{{box}}}"),),
        )
    ),
)
_DAYS = re.compile(r"<!-- (?:from (?P<starts>[0-9-]+) )?(?:to (?P<ends>[0-9-]+) )?-->")


def _notice(section: Section, told: Told) -> SectionReading | None:
    found = _DAYS.match(section.texts[section.source_language])
    days = {name: day for name, day in (found.groupdict() if found else {}).items() if day}
    section.implied = {name: Date(day) for name, day in days.items()}
    if "box" in told:
        texts, box = _boxed(section, told.texts("box"))
        return SectionReading(
            section.stem(told, "text", "notices"),
            {**section.block(texts), "box": box, **days},
            whole=True,
        )
    kind = _EDGES.get(told.source("edge"), "")
    heading = {"heading": section.text(told, "heading")} if "heading" in told else {}
    data = {**heading, **section.text(told, "text"), "kind": kind, **days}
    if kind == "info":
        del data["kind"]
    return SectionReading(section.stem(told, "text", "notices"), data, whole=True)


def _boxed(section: Section, calls: Mapping[str, str]) -> tuple[dict[str, str], PlanData]:
    """Return the text in a call, by language, and the call with its place."""
    template, parameters = call_of(calls[section.source_language])
    others = {code: call_of(call)[1] for code, call in calls.items()}
    for name, value in parameters.items():
        if is_text(section, name, value, others):
            texts = {code: each[name] for code, each in others.items() if name in each}
            box = {n: "$text" if n == name else value_of(v) for n, v in parameters.items()}
            return texts, {"template": template, "parameters": box}
    raise OtherwiseError


# Tabs.


_TABS: Layout = (
    Either(
        (
            (
                Line('<ul style="display:flex{_}>'),
                Each("tabs", (Line("<li{_}>{tab}</li>"),)),
                Line("</ul>"),
            ),
            (Line("{{{header}}}"),),
        )
    ),
)
_MY_LANGUAGE = "Special:MyLanguage/"
_NUMBER_IN_NAME = re.compile(r"[0-9]+")


def _tabs(section: Section, told: Told) -> SectionReading:
    if "header" in told:
        return _header(section, told.texts("header"))
    tabs: list[PlanData] = []
    for each in told.each("tabs"):
        texts = each.texts("tab")
        link = next(links.links_in(texts[section.source_language]), None)
        where: PlanData = {"page": section.section.page}
        if link and link.is_url:
            named = LINKED.fullmatch(section.drafting.names.worded(texts[section.source_language]))
            where = {"link": named[3] if named else ""}
        elif link:
            where = {"page": _page(link.target)}
        labels = {code: label_of(text) for code, text in texts.items()}
        tabs.append(_tab(section, labels, where, tabs))
    return SectionReading(_tabs_stem(section, tabs), {"tabs": tabs}, whole=True)


def _page(target: str) -> str:
    return html.unescape(target).removeprefix(_MY_LANGUAGE)


def _tab(
    section: Section, labels: Mapping[str, str], where: PlanData, others: list[PlanData]
) -> PlanData:
    told = told_of(section.source_language, labels)
    key = section.key(told, "text", [tab["key"] for tab in others], fallback="tab")
    return {"key": key, **where, **section.block(labels)}


def _header(section: Section, calls: Mapping[str, str]) -> SectionReading:
    """Return the tabs in a call of a template, whose parameters have their numbers."""
    source = section.source_language
    template, parameters = call_of(calls[source])
    others = {code: call_of(call)[1] for code, call in calls.items()}
    numbers = list(dict.fromkeys(n for name in parameters for n in _NUMBER_IN_NAME.findall(name)))
    named = {_NUMBER_IN_NAME.sub("$number", name): name for name in parameters}
    numbered = [each for each in named if "$number" in each]
    here = [name for name, value in parameters.items() if _page(value) == section.section.page]
    pages = list(dict.fromkeys(_NUMBER_IN_NAME.sub("$number", name) for name in here))
    texts = [each for each in numbered if each not in pages]
    if len(pages) != 1 or len(texts) != 1:
        raise OtherwiseError  # one of the tabs is the page that they stand on
    tabs: list[PlanData] = []
    for number in numbers:
        text, page = (each.replace("$number", number) for each in (texts[0], pages[0]))
        if text not in parameters or page not in parameters:
            raise OtherwiseError
        labels = {code: each[text] for code, each in others.items() if text in each}
        tabs.append(_tab(section, labels, {"page": _page(parameters[page])}, tabs))
    given = {texts[0]: "$text", pages[0]: "$page"}
    shown = {each: given.get(each, value_of(parameters[name])) for each, name in named.items()}
    header = {"template": template, "parameters": shown}
    return SectionReading(_tabs_stem(section, tabs), {"header": header, "tabs": tabs}, whole=True)


def _tabs_stem(section: Section, tabs: list[PlanData]) -> str:
    ids = [id for tab in tabs for id in tab[IDS].values() if id.startswith("tabs-")]
    name = ids[0].partition(".")[0] if ids else section.section.name
    return f"tabs/{name.removeprefix('tabs-')}"


# Templates of the wiki.


_WIKI_TEMPLATE: Layout = (
    Line("{{{template}"),
    Each("parameters", (Line("|{parameter}"),)),
    Line("}}"),
)


def _wiki_template(section: Section, told: Told) -> SectionReading:
    parameters: list[PlanData] = []
    stem = ""
    for each in told.each("parameters"):
        pairs = {code: text.partition("=") for code, text in each.texts("parameter").items()}
        values = {code: value for code, (_, _, value) in pairs.items()}
        name, _, value = pairs[section.source_language]
        taken = [one["key"] for one in parameters]
        if is_text(section, name, value, {c: {name: v} for c, v in values.items()}):
            item = told_of(section.source_language, values)
            key = section.key(item, "text", taken, fallback="text")
            stem = stem or section.stem(item, "text").removesuffix(f".{key}")
            parameters.append({"key": key, "name": name, **section.block(values)})
        else:
            key = links.key_of(name, taken, "value")
            parameters.append({"key": key, "name": name, "value": value_of(value)})
    template = section.word(told.source("template"))
    stem = stem or section.stem(told, "template")
    return SectionReading(stem, {"template": template, "parameters": parameters}, whole=True)


_LAYOUTS: Mapping[str, tuple[Layout, Reading]] = {
    "cards": (_CARDS, _cards),
    "languages": (_LANGUAGES, _languages),
    "notice": (_NOTICE, _notice),
    "tabs": (_TABS, _tabs),
    "title": (_TITLE, _title),
    "wiki-template": (_WIKI_TEMPLATE, _wiki_template),
    **tablereaders.LAYOUTS,
}


def _reader(kind: str) -> Callable[[AlignedSection, Drafting], SectionReading | None]:
    layout, reading = _LAYOUTS[kind]

    def read(aligned: AlignedSection, drafting: Drafting) -> SectionReading | None:
        section = Section(aligned, drafting, kind)
        found = layouts.read(layout, section.texts, aligned.source)
        if found is None:
            return None
        told, others = found
        try:
            made = reading(section, told)
        except OtherwiseError:
            return None
        drafting.doubts += [Doubt(*aligned.place, code, OUT_OF_LINE) for code in others]
        return made

    return read


READERS = {kind: _reader(kind) for kind in _LAYOUTS}
"""By section kind."""

"""Sections that are tables, read from a page: metrics, objectives, events."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal

from wikiplan.adopt import eventreader, layouts, links
from wikiplan.adopt.drafts import TRANSLATIONS
from wikiplan.adopt.kindsections import (
    LINKED,
    NOTHING,
    OtherwiseError,
    Reading,
    Section,
    after_intro,
    call_of,
    given,
    head_of,
    label_of,
    number_named,
    number_of,
    told_of,
    value_of,
)
from wikiplan.adopt.layouts import Each, Either, Layout, Line, Maybe, Told
from wikiplan.adopt.values import PlanData, SectionReading
from wikiplan.events import USUAL_MINUTES

# Metrics.


_FIGURES = ("baseline", "last_year", "now", "target")
_METRICS: Layout = (
    Line("== {heading} =="),
    after_intro(Line('{| class="wikitable"{_}')),
    Line("|+{_}| {figures}"),
    Line("|-"),
    Line('! scope="col" | {baseline}'),
    Line('! scope="col" | {last_year}'),
    Line('! scope="col" | {now}'),
    Line('! scope="col" | {target_value}'),
    Each(
        "metrics",
        (
            Line("|-"),
            Either(
                (
                    (Line('! scope="rowgroup"{_}| <span style="float{_}>{status}</span>{text}'),),
                    (Line('! scope="rowgroup"{_}| {text}'),),
                )
            ),
            Maybe((Line('<div style="font-weight:normal">{about}</div>'),)),
            Maybe((Either(((Line("<div aria-hidden{_}</div></div>"),), (Line("{{{bar}}}"),))),)),
            Line("|-"),
            *(Line(f"| {{{name}}}") for name in _FIGURES),
        ),
    ),
    Line("|}"),
)
_QUARTER = re.compile(r"[qQ]([1-4])\Z")


def _metrics(section: Section, told: Told) -> SectionReading:
    stem = section.stem(told)
    year = section.year(told, stem)
    quarter = _QUARTER.search(stem)
    data: PlanData = {
        **(year.raw if year else {}),
        **given(quarter=int(quarter[1]) if quarter else None),
    }
    section.numbers = {"quarter": int(quarter[1])} if quarter else {}
    heading = section.text(told, "heading")
    data["heading"] = _with_quarter(heading, int(quarter[1])) if quarter else heading
    data |= {"intro": section.text(told, "intro")} if "intro" in told else {}
    for label in ("figures", "baseline", "last_year", "now", "target_value"):
        section.say(label.replace("_", "-"), told.texts(label))
    metrics: list[PlanData] = []
    for metric in told.each("metrics"):
        metrics.append(_metric(section, metric, [each["key"] for each in metrics]))
        if "bar" in metric:
            data["bar"] = _bar(section.word(metric.source("bar")), metrics[-1])
    return SectionReading(
        stem, {**{k: v for k, v in data.items() if k != "metrics"}, "metrics": metrics}, whole=True
    )


def _with_quarter(heading: PlanData, quarter: int) -> PlanData:
    """Return a heading with ``$quarter`` for the number that stands in it once."""
    named = number_named(heading["text"], "quarter", quarter)
    others = {
        code: (number_named(text, "quarter", quarter), made_for)
        for code, (text, made_for) in heading[TRANSLATIONS].items()
    }
    return {**heading, "text": named, TRANSLATIONS: others}


def _metric(section: Section, metric: Told, taken: Collection[str]) -> PlanData:
    about = {"about": section.text(metric, "about")} if "about" in metric else {}
    figures = {name: section.number(metric.source(name)) for name in _FIGURES}
    status = section.status(metric.texts("status")) if "status" in metric else ""
    key = section.key(metric, "text", taken, fallback="metric")
    return {"key": key, **section.text(metric, "text"), **about, **given(**figures, status=status)}


def _bar(written: str, metric: PlanData) -> PlanData:
    """Return the call that draws a bar: numbers in it that a metric has are that metric's."""
    template, parameters = call_of(written)
    base, target = (Decimal(str(metric.get(name, 0))) for name in ("baseline", "target"))
    share = (Decimal(str(metric["now"])) - base) / (target - base) * 100 if target != base else 100
    known = {str(round(min(max(share, 0), 100))): "$percent"}
    known |= {str(metric[name]): f"${name}" for name in ("now", "target") if name in metric}
    return {
        "template": template,
        "parameters": {n: known.get(v, value_of(v)) for n, v in parameters.items()},
    }


# Objectives and key results.


_OKRS: Layout = (
    Line("== {heading} =="),
    after_intro(Line('{| class="wikitable"{_}')),
    Line("|+{_}| {key_results}"),
    Line("|-"),
    Line('! scope="col"{_}| {number}'),
    Line('! scope="col" | {key_result}'),
    Line('! scope="col"{_}| {owner}'),
    Each(
        "objectives",
        (
            Line("|-"),
            Line('! scope="rowgroup"{_}| {text}'),
            Maybe((Line('<div style="font-weight:normal">{context}</div>'),)),
            Each(
                "results",
                (
                    Line('|- style="vertical-align:top"'),
                    Line('! scope="row" | {number}'),
                    Line("| {text}"),
                    Each("hypotheses", (Line("* {text}"),)),
                    Line("| {owner}"),
                ),
            ),
        ),
    ),
    Line("|}"),
)
_NUMBERED = re.compile(  # what has a digit is looked at once: people's lines may be long
    r"(?:<bdi[^<>]*>)?(?P<number>(?=[^\s:<>\d]*\d)[^\s:<>]+)(?:</bdi>)?: (?P<text>.+)"
)
_HYPOTHESIS = re.compile(
    r"(?:'''(?:<bdi[^<>]*>)?(?P<number>[^'<>]+)(?:</bdi>)?''' )?"
    r"(?:\((?P<quarter>[^()]*)\) )?(?P<text>.+)"
)


def _okrs(section: Section, told: Told) -> SectionReading:
    stem = section.stem(told)
    year = section.year(told, stem)
    if year is None:
        raise OtherwiseError
    for label in ("key_results", "number", "key_result", "owner"):
        section.say(label.replace("_", "-"), told.texts(label))
    objectives: list[PlanData] = []
    for each in told.each("objectives"):
        taken = [one["key"] for one in objectives]
        head = _split(_NUMBERED, each.texts("text"))
        context = {"context": section.text(each, "context")} if "context" in each else {}
        results: list[PlanData] = []
        for result in each.each("results"):
            results.append(_result(section, result, [one["key"] for one in results]))
        objectives.append({**_numbered(section, head, taken), **context, "results": results})
    data = {**year.raw, **head_of(section, told), "objectives": objectives}
    return SectionReading(stem, data, whole=True)


def _result(section: Section, result: Told, taken: Collection[str]) -> PlanData:
    number, owner = (section.word(result.source(name)) for name in ("number", "owner"))
    tried: list[PlanData] = []
    for each in result.each("hypotheses"):
        parts = _split(_HYPOTHESIS, each.texts("text"))
        tried.append(_numbered(section, parts, [one["key"] for one in tried]))
        if quarters := parts.get("quarter"):
            quarter = number_of(section, quarters[section.source_language], "count")
            section.say("quarter", quarters, count=quarter)
            tried[-1]["quarter"] = quarter
    owners = [] if owner == NOTHING else section.people(result.texts("owner"))
    return {
        **given(key=section.key(result, "text", taken), number="" if number.isdigit() else number),
        **section.text(result, "text"),
        **given(owner=owners, hypotheses=tried),
    }


def _split(pattern: re.Pattern[str], texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the parts of a line by name, each by language."""
    found = {code: pattern.fullmatch(text) for code, text in texts.items()}
    parts: dict[str, dict[str, str]] = {}
    for code, match in found.items():
        for name, value in (match.groupdict() if match else {"text": texts[code]}).items():
            if value:
                parts.setdefault(name, {})[code] = value
    return parts


def _numbered(
    section: Section, parts: Mapping[str, Mapping[str, str]], taken: Collection[str]
) -> PlanData:
    texts, source = parts["text"], section.source_language
    number = section.word(parts.get("number", {}).get(source, ""))
    told = told_of(source, texts)
    return {**given(key=section.key(told, "text", taken), number=number), **section.block(texts)}


# Tables of events.


def _row(*last: Line) -> tuple[layouts.Part, ...]:
    return (
        Line('|- style="vertical-align:top"'),
        Either(
            (
                (Line('! scope="row"{_}| <s>{when}</s> <small>({state})</small>'),),
                (Line("! scope=\"row\"{_}| '''{when}''' <small>({state})</small>"),),
                (Line("! scope=\"row\"{_}| '''{when}'''"),),
            )
        ),
        Line("| {topic}"),
        Maybe((Line('<div style="color:{_}">{host}</div>'),)),
        Line("|"),
        Each("details", (Line("<div>{detail}</div>"),)),
    )


_EVENT_TABLE: Layout = (
    Line("== {heading} =="),
    Line("{goal}"),
    Line('{| class="wikitable"{_}'),
    Line("|+{_}| {events}"),
    Line("|-"),
    Line('! scope="col"{_}| {when}'),
    Line('! scope="col" | {topic}'),
    Line('! scope="col"{_}| {take_part}'),
    Each(
        "groups",
        (Line("|-"), Line('! scope="rowgroup"{_}| {group}'), Each("rows", _row())),
    ),
    Line("|}"),
)


def _event_table(section: Section, told: Told) -> SectionReading | None:
    for label in ("events", "when", "topic", "take_part"):
        section.say(label.replace("_", "-"), told.texts(label))
    head = {name: section.text(told, name) for name in ("heading", "goal")}
    events: list[PlanData] = []
    for group in told.each("groups"):
        found = [Event(section, row) for row in group.each("rows")]
        past = all(each.is_past for each in found)
        section.say("past-events" if past else "upcoming-events", group.texts("group"))
        events += [each.data(past=past) for each in found]
    return SectionReading(
        "office-hours", {**head, "events": eventreader.with_keys(events)}, whole=True
    )


class Event:
    """An event in a row of a table."""

    def __init__(self, section: Section, row: Told) -> None:
        self._section = section
        self._row = row
        self._start = self._read_start(row.texts("when"))

    def _read_start(self, whens: Mapping[str, str]) -> eventreader.Start:
        section = self._section
        start = _wiki_start(whens[section.source_language])
        if start is None:
            readers = {code: section.drafting.reader(code) for code in whens}
            start = eventreader.start_of(whens, section.source_language, readers)
        if start is None:
            raise OtherwiseError
        return start

    @property
    def is_past(self) -> bool:
        return self._start.instant + timedelta(minutes=USUAL_MINUTES) <= self._section.drafting.now

    def data(self, *, past: bool) -> PlanData:
        section, row = self._section, self._row
        key = section.id_of(row, "topic").removesuffix(".topic").rpartition(".")[2]
        event: PlanData = {**given(key=key), **self._start.data()}
        if row.source("topic") != NOTHING:
            event["topic"] = section.text(row, "topic")
        if "host" in row:
            self._host(row.texts("host"), event)
        for detail in row.each("details"):
            self._detail(detail.texts("detail"), event, past=past)
        status = section.status(row.texts("state")) if "state" in row else ""
        return {**event, "status": status or ("held" if past else "planned")}

    def _host(self, texts: Mapping[str, str], event: PlanData) -> None:
        section = self._section
        halves = {code: text.partition(": ") for code, text in texts.items()}
        section.say("host", {code: half[0] for code, half in halves.items()})
        event["host"] = section.people({code: half[2] for code, half in halves.items()})

    def _detail(self, texts: Mapping[str, str], event: PlanData, *, past: bool) -> None:
        section = self._section
        source = texts[section.source_language]
        link = next(links.links_in(source), None)
        if link is None:
            raise OtherwiseError
        labels = {code: label_of(text) for code, text in texts.items()}
        if link.target.startswith(eventreader.ZONESTAMP):
            section.say("local-time", labels)
            self._minutes(texts, event)
            return
        self._seed(link, labels[section.source_language])
        named = LINKED.fullmatch(section.drafting.names.worded(source))
        name = (named[1] or named[3]) if named else ""
        if past:
            kind = "recording" if "notes" in event or link.is_url else "notes"
        else:
            kind = "ways" if link.is_url else "questions"
        if kind == "ways":
            event.setdefault("ways", []).append(name)
            section.drafting.names.title(name, section.plain(labels[section.source_language]))
            section.say(f"link-{name.replace('_', '-')}", labels)
        else:
            event[kind] = name
            section.say(kind, labels)

    def _seed(self, link: links.PageLink, label: str) -> None:
        """Give a link the name that the id of its title has."""
        block = self._section.unit(label)
        named = _TITLE_OF_LINK.search(block.id) if block else None
        if block and named:
            name, title = named[1].replace("-", "_"), block.texts[self._section.source_language]
            self._section.drafting.names.seed(name, link.target, title)

    def _minutes(self, texts: Mapping[str, str], event: PlanData) -> None:
        section = self._section
        lengths = {code: f[1] for code, text in texts.items() if (f := _LENGTH.fullmatch(text))}
        source = lengths.get(section.source_language)
        if source is None:
            return
        number = number_of(section, source, "count")
        event["minutes"] = number
        section.say("minutes", lengths, count=number)
        if not section.unit(source):
            plain = section.drafting.labels["minutes"].texts
            plain[section.source_language] = "{{PLURAL:$count|$count minute|$count minutes}}"


_TITLE_OF_LINK = re.compile(r"\.labels\.link-([a-z0-9-]+)\Z")
_LENGTH = re.compile(r".*\] \(([^()]+)\)", re.DOTALL)
_WIKI_TIME = re.compile(r"\{\{#time:H:i\|(\S+) (\d\d:\d\d)\}\} UTC([+-]\d+(?::\d\d)?)?")


def _wiki_start(when: str) -> eventreader.Start | None:
    """Return the start that a translatable page lets the wiki write."""
    found = _WIKI_TIME.search(when)
    if not found:
        return None
    hours, _, minutes = (found[3] or "+0").partition(":")
    offset = f"{int(hours):+03d}:{minutes or '00'}" if found[3] else "Z"
    return eventreader.Start(f"{found[1]}T{found[2]}{offset}", "")


LAYOUTS: Mapping[str, tuple[Layout, Reading]] = {
    "event-table": (_EVENT_TABLE, _event_table),
    "metrics": (_METRICS, _metrics),
    "okrs": (_OKRS, _okrs),
}
"""By section kind: what its template writes, and what reads that."""

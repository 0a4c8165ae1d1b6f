"""Sections with office hours, read from their rows: what they are for, and the events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wikiplan.adopt import eventtimes
from wikiplan.adopt.blocks import Kind
from wikiplan.adopt.departmentreader import is_heading_and
from wikiplan.adopt.drafts import Draft, Drafting, draft_of
from wikiplan.adopt.eventtimes import Start
from wikiplan.adopt.rows import Row, Rows
from wikiplan.render.tools import USUAL_MINUTES
from wikiplan.wikitext import seen

Data = dict[str, Any]
Words = dict[str, str]
"""A text by language."""

ZONESTAMP = "https://zonestamp.toolforge.org/"
_KEYS = (
    "key", "start", "zone", "minutes", "host", "topic", "ways", "questions", "notes", "recording",
    "status",
)  # fmt: skip

_GROUP = re.compile(r"'''([^']+)'''")
_HELD = re.compile(r"'''(?P<when>[^']+)'''(?:: (?P<topic>.+))?")
_CANCELLED = re.compile(
    r"<s>(?P<when>.+?)</s> <small>\((?P<word>.+?)\)</small>(?:: (?P<topic>.+))?"
)
_LINK = re.compile(r"\[\[\$(\w+)\|([^\[\]|]+)\]\]|\[\$(\w+) ([^\[\]]+)\]")
_LOCAL_TIME = re.compile(r"\[\$(\w+) ([^\[\]]+)\](?: \((.+)\))?")
_LABELLED = re.compile(r"([^:\[\]]+): (.+)")
_NAMES = re.compile(r", and | and |, ")
_NUMBER = re.compile(r"(?:<bdi[^<>]*>)?([0-9]+)(?:</bdi>)?")


class _OtherwiseError(Exception):
    """The section is not written as the template for office hours does."""


def office_hours(rows: Rows, drafting: Drafting, now: datetime) -> Data | None:
    """Return office hours: a heading, a paragraph, and groups of events as the template has them.

    ``now`` says which of them are past.
    """
    if not is_heading_and(rows.rows[:2], Kind.PARAGRAPH):
        return None
    heading, goal = (drafting.block(draft_of(row, rows), rows.place) for row in rows.rows[:2])
    if not rows.facts and len(rows.rows) > 2:
        return None  # the template's units on a translatable page are other ones than the page's
    try:
        events = list(_Events(rows, drafting, now).events())
    except _OtherwiseError:
        return None
    return {"heading": heading, "goal": goal, "events": _with_keys(events)}


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event's row, and those below it."""

    row: Row
    below: Sequence[Row]


class _Events:
    def __init__(self, rows: Rows, drafting: Drafting, now: datetime) -> None:
        self.rows = rows
        self.drafting = drafting
        self.now = now
        self.source = rows.source

    def events(self) -> Iterator[Data]:
        coming = ["coming-events", "next-event"]
        for group, entries in _groups(self.rows.rows[2:]):
            found = [self.event(entry) for entry in entries]
            past = all(self.is_past(event, start) for event, start in found)
            if not past and not coming:
                raise _OtherwiseError
            self.drafting.say("past-events" if past else coming.pop(), _all(_GROUP, group.texts))
            for event, _ in found:
                event.setdefault("status", "held" if past else "planned")
                yield event

    def is_past(self, event: Data, start: Start) -> bool:
        length = timedelta(minutes=event.get("minutes", USUAL_MINUTES))
        return start.instant + length <= self.now

    def event(self, entry: _Entry) -> tuple[Data, Start]:
        pattern = _CANCELLED if entry.row.texts[self.source].startswith("<s>") else _HELD
        found = {code: pattern.fullmatch(text) for code, text in entry.row.texts.items()}
        lines = {code: match for code, match in found.items() if match}
        if self.source not in lines:
            raise _OtherwiseError
        start = self.start({code: line["when"] for code, line in lines.items()})
        event: Data = start.data()
        if pattern is _CANCELLED:
            event["status"] = "cancelled"
            words = {code: line["word"] for code, line in lines.items()}
            self.drafting.say("status-cancelled", words)
        topics = {code: line["topic"] for code, line in lines.items() if line["topic"]}
        if self.source in topics:
            draft = Draft(self.source, topics)
            event["topic"] = self.drafting.block(draft, self.rows.place)
        for row in entry.below:
            self.detail(row, event)
        return event, start

    def start(self, whens: Words) -> Start:
        readers = {code: self.drafting.reader(code) for code in whens}
        found = eventtimes.start_of(whens, self.source, readers)
        if found is None:
            raise _OtherwiseError
        return found

    def detail(self, row: Row, event: Data) -> None:
        """Add what a line below an event says of it."""
        text = row.texts[self.source]
        if _LINK.fullmatch(text) and not self.is_local_time(text):
            self.link(row, event)
        elif self.is_local_time(text):
            self.local_time(row, event)
        elif found := _LABELLED.fullmatch(text):
            self.list(row, event, "ways" if _LINK.search(found[2]) else "host")
        else:
            raise _OtherwiseError

    def is_local_time(self, text: str) -> bool:
        found = _LOCAL_TIME.fullmatch(text)
        entry = self.drafting.names.entries.get(found[1], {}) if found else {}
        return str(entry.get("url", "")).startswith(ZONESTAMP)

    def local_time(self, row: Row, event: Data) -> None:
        lines = {code: _LOCAL_TIME.fullmatch(text) for code, text in row.texts.items()}
        self.drafting.say("local-time", {code: line[2] for code, line in lines.items() if line})
        lengths = {code: line[3] for code, line in lines.items() if line and line[3]}
        if self.source not in lengths or not (found := _NUMBER.search(lengths[self.source])):
            return
        event["minutes"] = minutes = int(found[1])
        self.drafting.say("minutes", {c: _counted(text) for c, text in lengths.items()})
        plain = self.drafting.labels["minutes"].texts
        plain[self.source] = "{{PLURAL:$count|$count minute|$count minutes}}"
        variables: Data = {"count": minutes}
        self.drafting.label_variables.setdefault("minutes", variables)

    def link(self, row: Row, event: Data) -> None:
        lines = _matches(_LINK, row.texts)
        name, label = _named(lines[self.source])
        kind = "questions"
        if "questions" in event or ("minutes" not in event and "ways" not in event):
            kind = "recording" if "record" in label.lower() else "notes"
        event[kind] = name
        self.drafting.say(kind, {code: _named(line)[1] for code, line in lines.items()})

    def list(self, row: Row, event: Data, kind: str) -> None:
        lines = _matches(_LABELLED, row.texts)
        self.drafting.say(kind, {code: line[1] for code, line in lines.items()})
        if kind == "host":
            event["host"] = _NAMES.split(seen.words_of(lines[self.source][2]))
            return
        event["ways"] = [_named(found)[0] for found in _LINK.finditer(lines[self.source][2])]
        for code, line in lines.items():
            for found in _LINK.finditer(line[2]):
                self.title(*_named(found), code)

    def title(self, name: str, words: str, language: str) -> None:
        """Keep a link's title; the source's as the link's own, too."""
        if language == self.source and not self.drafting.names.title(name, words):
            raise _OtherwiseError
        self.drafting.say(f"link-{name.replace('_', '-')}", {language: words})


def _groups(rows: Sequence[Row]) -> Iterator[tuple[Row, list[_Entry]]]:
    """Yield the groups of events, each with the row that is its heading."""
    groups: list[tuple[Row, list[list[Row]]]] = []
    for row in rows:
        if row.kind is Kind.PARAGRAPH and all(map(_GROUP.fullmatch, row.texts.values())):
            groups.append((row, []))
        elif row.kind is not Kind.ITEM or not groups or len(row.marks) > 2:
            raise _OtherwiseError
        elif row.marks == "*":
            groups[-1][1].append([row])
        elif row.marks == "**" and groups[-1][1]:
            groups[-1][1][-1].append(row)
        else:
            raise _OtherwiseError
    for heading, entries in groups:
        yield heading, [_Entry(first, below) for first, *below in entries]


def _matches(pattern: re.Pattern[str], texts: Mapping[str, str]) -> dict[str, re.Match[str]]:
    found = {code: pattern.fullmatch(text) for code, text in texts.items()}
    return {code: match for code, match in found.items() if match}


def _all(pattern: re.Pattern[str], texts: Mapping[str, str]) -> Words:
    return {code: match[1] for code, match in _matches(pattern, texts).items()}


def _named(found: re.Match[str]) -> tuple[str, str]:
    return found[1] or found[3], found[2] or found[4]


def _counted(text: str) -> str:
    return _NUMBER.sub("$count", text, count=1)


def _with_keys(events: Sequence[Data]) -> list[Data]:
    """Return the events by their dates, with keys out of those."""
    events = sorted(events, key=lambda event: str(event["start"]))
    months = [str(event["start"])[:7] for event in events]
    days = [str(event["start"])[:10] for event in events]
    found = []
    for at, event in enumerate(events):
        key = months[at] if months.count(months[at]) == 1 else days[at]
        key = key if days.count(days[at]) == 1 else f"{key}-{days[: at + 1].count(days[at])}"
        whole = {"key": key, **event}
        found.append({name: whole[name] for name in _KEYS if name in whole})
    return found

"""Sections with office hours, read from a page: what they are for, and the events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from wikiplan.adopt.alignedblocks import AlignedBlock, AlignedSection
from wikiplan.adopt.blocks import BlockKind
from wikiplan.adopt.drafts import Draft, Drafting, FactReader
from wikiplan.adopt.values import PlanData
from wikiplan.events import USUAL_MINUTES
from wikiplan.l10n import parse_time, zone_names
from wikiplan.plan import Date
from wikiplan.render import LocalFacts, escaping
from wikiplan.value import Value
from wikiplan.wikitext import prose

# When an event starts, out of how pages write it, and in which zone.


USUAL_ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Chicago",
    "Asia/Kolkata", "Asia/Tokyo", "Africa/Lagos", "Africa/Nairobi", "Europe/Kyiv",
)  # fmt: skip
"""Of zones that read the same, the first of these is taken."""

_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?!\d)")


class Start(Value):
    """``start`` and ``zone`` as the plan writes them; the zone is empty where the start says it."""

    start: str
    zone: str

    @property
    def instant(self) -> datetime:
        return parse_time(self.start, self.zone)

    def data(self) -> dict[str, Any]:
        return {"start": self.start, **({"zone": self.zone} if self.zone else {})}


def start_of(
    whens: Mapping[str, str], source: str, readers: Mapping[str, FactReader]
) -> Start | None:
    """Return the start that reads like ``whens``, by language; None if none does in the source.

    Of several, the one that reads so in most languages.
    """
    instant = _instant(whens[source], readers[source])
    if instant is None:
        return None
    best, most = None, 0
    for start in _candidates(instant):
        fitting = [
            code
            for code, when in whens.items()
            if written_time(start.instant, readers[code]) == when
        ]
        if source in fitting and len(fitting) > most:
            best, most = start, len(fitting)
        if most == len(whens):
            break
    return best


def written_time(start: datetime, reader: FactReader) -> str:
    """Return an instant as the template for office hours writes it."""
    facts: LocalFacts = reader.facts
    utc = start.astimezone(UTC)
    here, there = facts.clock(start), facts.clock(utc)
    text = str(facts.time(start))
    if here == there:
        return text
    return f"{text} ({there if start.date() == utc.date() else facts.time(utc)})"


def _instant(when: str, reader: FactReader) -> datetime | None:
    """Return the instant of a day, a time of day and the time that it is in UTC."""
    facts = (found.fact for found in reader.facts_in(when))
    days = [fact.value for fact in facts if isinstance(fact, Date) and fact.is_day]
    clocks = [time(int(found[1]), int(found[2])) for found in _clocks(when)]
    if not days or not clocks:
        return None
    local = datetime.combine(date.fromisoformat(days[0]), clocks[0])
    there = datetime.combine(date.fromisoformat(days[-1]), clocks[-1])
    return local.replace(tzinfo=timezone(local - there)) if abs(local - there) < _DAY else None


_DAY = timedelta(days=1)


def _clocks(when: str) -> list[re.Match[str]]:
    return [found for found in _CLOCK.finditer(when) if int(found[1]) < 24 and int(found[2]) < 60]


def _candidates(instant: datetime) -> Iterator[Start]:
    """Yield ways to write an instant: in UTC, with its offset, and in zones that have that one."""
    wall = instant.replace(tzinfo=None).isoformat(timespec="minutes")
    if not instant.utcoffset():
        yield Start(f"{wall}Z", "")
    else:
        yield Start(instant.isoformat(timespec="minutes"), "")
    for zone in _zones():
        try:
            there = parse_time(wall, zone)
        except ValueError:
            continue
        if there.utcoffset() == instant.utcoffset():
            yield Start(wall, zone)


@cache
def _zones() -> tuple[str, ...]:
    return (*USUAL_ZONES, *sorted(zone_names() - set(USUAL_ZONES)))


# Sections with office hours, read from a page: what they are for, and the events.


TextByLanguage = dict[str, str]
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
LINK = re.compile(r"\[\[\$([a-z][a-z0-9_]*)\|([^\[\]|]+)\]\]|\[\$([a-z][a-z0-9_]*) ([^\[\]]+)\]")
"""A link whose target is a variable; see :func:`named`."""
_LOCAL_TIME = re.compile(r"\[\$(\w+) ([^\[\]]+)\](?: \((.+)\))?")
_LABELLED = re.compile(r"([^:\[\]]+): (.+)")
_NAMES = re.compile(r", and | and |, ")
_BETWEEN_NAMES = re.compile("[,;،、]")
_NUMBER = re.compile(r"(?:<bdi[^<>]*>)?([0-9]+)(?:</bdi>)?")


class _OtherwiseError(Exception):
    """The section is not written as the template for office hours does."""


def office_hours(section: AlignedSection, drafting: Drafting) -> PlanData | None:
    """Return office hours: a heading, a paragraph, and the template's groups of events."""
    if not section.begin_with_heading(BlockKind.PARAGRAPH):
        return None
    heading, goal = (drafting.text(block, section) for block in section.blocks[:2])
    if not section.facts and len(section.blocks) > 2:
        return None  # the template's units on a translatable page are other ones than the page's
    try:
        events = list(_Events(section, drafting).events())
    except _OtherwiseError:
        return None
    return {"heading": heading, "goal": goal, "events": with_keys(events)}


class _Entry(Value):
    """An event's list item, and those below it."""

    block: AlignedBlock
    below: Sequence[AlignedBlock]


class _Events:
    def __init__(self, section: AlignedSection, drafting: Drafting) -> None:
        self.section = section
        self.drafting = drafting
        self.source = section.source

    def events(self) -> Iterator[PlanData]:
        coming = ["coming-events", "next-event"]
        for group, entries in _groups(self.section.blocks[2:]):
            found = [self.event(entry) for entry in entries]
            past = all(self.is_past(event, start) for event, start in found)
            if not past and not coming:
                raise _OtherwiseError
            self.drafting.say("past-events" if past else coming.pop(), _all(_GROUP, group.texts))
            for event, _ in found:
                event.setdefault("status", "held" if past else "planned")
                yield event

    def is_past(self, event: PlanData, start: Start) -> bool:
        length = timedelta(minutes=event.get("minutes", USUAL_MINUTES))
        return start.instant + length <= self.drafting.now

    def event(self, entry: _Entry) -> tuple[PlanData, Start]:
        pattern = _CANCELLED if entry.block.texts[self.source].startswith("<s>") else _HELD
        found = {code: pattern.fullmatch(text) for code, text in entry.block.texts.items()}
        lines = {code: match for code, match in found.items() if match}
        if self.source not in lines:
            raise _OtherwiseError
        start = self.start({code: line["when"] for code, line in lines.items()})
        event: PlanData = start.data()
        if pattern is _CANCELLED:
            event["status"] = "cancelled"
            words = {code: line["word"] for code, line in lines.items()}
            self.drafting.say("status-cancelled", words)
        topics = {code: line["topic"] for code, line in lines.items() if line["topic"]}
        if self.source in topics:
            draft = Draft(self.source, topics)
            event["topic"] = self.drafting.block(draft, self.section.place)
        for block in entry.below:
            self.detail(block, event)
        return event, start

    def start(self, whens: TextByLanguage) -> Start:
        readers = {code: self.drafting.reader(code) for code in whens}
        found = start_of(whens, self.source, readers)
        if found is None:
            raise _OtherwiseError
        return found

    def detail(self, block: AlignedBlock, event: PlanData) -> None:
        """Add what a line below an event says of it."""
        text = block.texts[self.source]
        if LINK.fullmatch(text) and not self.is_local_time(text):
            self.link(block, event)
        elif self.is_local_time(text):
            self.local_time(block, event)
        elif found := _LABELLED.fullmatch(text):
            self.list(block, event, "ways" if LINK.search(found[2]) else "host")
        else:
            raise _OtherwiseError

    def is_local_time(self, text: str) -> bool:
        found = _LOCAL_TIME.fullmatch(text)
        entry = self.drafting.names.entries.get(found[1], {}) if found else {}
        return str(entry.get("url", "")).startswith(ZONESTAMP)

    def local_time(self, block: AlignedBlock, event: PlanData) -> None:
        lines = {code: _LOCAL_TIME.fullmatch(text) for code, text in block.texts.items()}
        self.drafting.say("local-time", {code: line[2] for code, line in lines.items() if line})
        lengths = {code: line[3] for code, line in lines.items() if line and line[3]}
        if self.source not in lengths or not (found := _NUMBER.search(lengths[self.source])):
            return
        event["minutes"] = minutes = int(found[1])
        self.drafting.say("minutes", {c: _counted(text) for c, text in lengths.items()})
        plain = self.drafting.labels["minutes"].texts
        plain[self.source] = "{{PLURAL:$count|$count minute|$count minutes}}"
        variables: PlanData = {"count": minutes}
        self.drafting.label_variables.setdefault("minutes", variables)

    def link(self, block: AlignedBlock, event: PlanData) -> None:
        lines = _matches(LINK, block.texts)
        name, label = named(lines[self.source])
        kind = "questions"
        if "questions" in event or ("minutes" not in event and "ways" not in event):
            kind = "recording" if "record" in label.lower() else "notes"
        event[kind] = name
        self.drafting.say(kind, {code: named(line)[1] for code, line in lines.items()})

    def list(self, block: AlignedBlock, event: PlanData, kind: str) -> None:
        lines = _matches(_LABELLED, block.texts)
        self.drafting.say(kind, {code: line[1] for code, line in lines.items()})
        if kind == "host":
            event["host"] = names = _NAMES.split(prose.words_of(lines[self.source][2]))
            self.forms(names, {code: prose.words_of(line[2]) for code, line in lines.items()})
            return
        event["ways"] = [named(found)[0] for found in LINK.finditer(lines[self.source][2])]
        for code, line in lines.items():
            for found in LINK.finditer(line[2]):
                self.title(*named(found), code)

    def forms(self, names: Sequence[str], lists: TextByLanguage) -> None:
        """Keep how each language writes the names in its list."""
        found = {code: self.in_list(code, text, len(names)) for code, text in lists.items()}
        for at, name in enumerate(names):
            forms = {code: every[at] for code, every in found.items() if every}
            self.drafting.person(name, forms, self.section.place)

    def in_list(self, language: str, text: str, count: int) -> tuple[str, ...]:
        """Return the names in a list as the language writes lists; none where it is another one."""
        sign = escaping.Wikitext("\ufdd0")
        joined = str(self.drafting.reader(language).facts.join([sign] * count))
        found = re.fullmatch(re.escape(joined).replace(sign, "(.+?)"), text)
        names = found.groups() if found else ()
        return () if any(map(_BETWEEN_NAMES.search, names)) else names

    def title(self, name: str, words: str, language: str) -> None:
        """Keep a link's title; the source's as the link's own, too."""
        if language == self.source and not self.drafting.names.title(name, words):
            raise _OtherwiseError
        self.drafting.say(f"link-{name.replace('_', '-')}", {language: words})


def _groups(blocks: Sequence[AlignedBlock]) -> Iterator[tuple[AlignedBlock, list[_Entry]]]:
    """Yield the groups of events, each with the paragraph that is its heading."""
    groups: list[tuple[AlignedBlock, list[list[AlignedBlock]]]] = []
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH and all(map(_GROUP.fullmatch, block.texts.values())):
            groups.append((block, []))
        elif block.kind is not BlockKind.ITEM or not groups or len(block.marks) > 2:
            raise _OtherwiseError
        elif block.marks == "*":
            groups[-1][1].append([block])
        elif block.marks == "**" and groups[-1][1]:
            groups[-1][1][-1].append(block)
        else:
            raise _OtherwiseError
    for heading, entries in groups:
        yield heading, [_Entry(first, below) for first, *below in entries]


def _matches(pattern: re.Pattern[str], texts: Mapping[str, str]) -> dict[str, re.Match[str]]:
    found = {code: pattern.fullmatch(text) for code, text in texts.items()}
    return {code: match for code, match in found.items() if match}


def _all(pattern: re.Pattern[str], texts: Mapping[str, str]) -> TextByLanguage:
    return {code: match[1] for code, match in _matches(pattern, texts).items()}


def named(found: re.Match[str]) -> tuple[str, str]:
    """Return the variable of a link, and its words."""
    return found[1] or found[3], found[2] or found[4]


def _counted(text: str) -> str:
    return _NUMBER.sub("$count", text, count=1)


def with_keys(events: Sequence[PlanData]) -> list[PlanData]:
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
